# On a machine with Python 3.10 or newer and nothing else:
#   make check   sets up .venv and tries to refute every exported theorem
#   make test    sets up .venv with the test tools and runs the tests, on all cores
#   make test-slow   the tests left out there, of which it runs a sample: minutes
#   make bench   sets up .venv and runs the benchmarks, which write docs/performance.md: a quarter of an hour
#   make docs    sets up .venv and builds the documentation site into site/; fails on a link that leads nowhere
#   make proof   fetches mathlib's cache and re-checks the proofs (needs Lean, by elan)
PYTHON ?= python3
VENV ?= .venv
PIP = $(VENV)/bin/python -m pip --disable-pip-version-check
PYTEST = $(VENV)/bin/python -m pytest --numprocesses auto --dist worksteal

.PHONY: check test test-slow bench docs lint proof clean

check: $(VENV)/installed
	$(VENV)/bin/pybridge check

test: $(VENV)/installed-test
	$(PYTEST)

test-slow: $(VENV)/installed-test
	$(PYTEST) -m slow

bench: $(VENV)/installed-bench
	$(VENV)/bin/python benchmarks/performance.py

docs: $(VENV)/installed-docs
	NO_MKDOCS_2_WARNING=1 $(VENV)/bin/python -m mkdocs build --strict --clean

lint: $(VENV)/installed-test
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

proof:
	@command -v lake > /dev/null || { \
	  echo "make proof: no lake on PATH; install elan (https://github.com/leanprover/elan), which brings the pinned Lean" >&2; \
	  exit 3; }
	lake exe cache get
	lake build
	lake build Solution

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { \
	  echo "make: $(PYTHON) is older than Python 3.10; give another one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; \
	  exit 3; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	$(PIP) install --quiet --editable .
	@touch $@

$(VENV)/installed-test: pyproject.toml | $(VENV)/bin/python
	$(PIP) install --quiet --editable '.[test]'
	@touch $@ $(VENV)/installed

$(VENV)/installed-bench: pyproject.toml | $(VENV)/bin/python
	$(PIP) install --quiet --editable '.[bench]'
	@touch $@ $(VENV)/installed

$(VENV)/installed-docs: pyproject.toml | $(VENV)/bin/python
	$(PIP) install --quiet --editable '.[docs]'
	@touch $@ $(VENV)/installed

clean:
	rm -rf site $(VENV) build dist *.egg-info
