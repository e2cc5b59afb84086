"""The pytest plugin: options, a line in the header, a section for what a kernel computes instead, theorems as tests.

Loaded in every session of an environment in which pybridge is installed, so that only pytest is imported here; the rest
waits until it is needed.  PYTEST_DONT_REWRITE: there is no assert in pybridge.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Generator, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pybridge.checking.verdict import TheoremReport
    from pybridge.export.loading import Export
    from pybridge.ir import Theorem

_PACKAGE = Path(__file__).resolve().parent
_EXPORT = _PACKAGE / "data" / "export.json"
_SECTION = "pybridge: what the kernel computes"
_PASSED = "pybridge: a layer that is right"
_DIGEST = re.compile(rb'^ "digest": "([0-9a-f]{12})', re.MULTILINE)
_LEAN = re.compile(rb'^ "lean": {\n  "githash": "\w*",\n  "version": "([\w.+-]+)"', re.MULTILINE)


class _AsTheyAre:
    """Finds the modules of pybridge before pytest does, which reads the source of each anew to rewrite its asserts.

    It does so for all modules of whoever installs a plugin; where no bytecode can be written, in every run.
    """

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        return PathFinder.find_spec(name, path, target) if name.startswith("pybridge.") else None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("pybridge", "kernels tested against statements proved in Lean")
    group.addoption("--pybridge-export", metavar="FILE", type=Path, help="the export that the fixture pybridge_export reads")
    group.addoption(
        "--pybridge-fresh", action="store_true", help="refuse to run unless the export is that of the Lean sources beside it"
    )
    group.addoption(
        "--pybridge-check",
        action="store_true",
        help="run a test for each proved theorem, NAME[EQUATION], that tries to refute it on batches",
    )
    group.addoption("--pybridge-max-size", metavar="M", type=int, help="with --pybridge-check: leave out larger batches")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Before anything of a user's is imported, see to it that our modules are imported as they are."""
    if _AsTheyAre not in sys.meta_path:
        sys.meta_path.insert(0, _AsTheyAre)


def pytest_unconfigure() -> None:
    """Leave the interpreter as it was."""
    if _AsTheyAre in sys.meta_path:
        sys.meta_path.remove(_AsTheyAre)


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to run where an export was asked for and is not there, or is not fresh; the header is not made under ``-q``."""
    asked, fresh = config.getoption("--pybridge-export"), config.getoption("--pybridge-fresh")
    if fresh or asked is not None:
        _described(asked, fresh=fresh)
    largest = config.getoption("--pybridge-max-size")
    if largest is not None and (largest < 0 or not config.getoption("--pybridge-check")):
        raise pytest.UsageError("--pybridge-max-size takes a number, at least 0, and goes with --pybridge-check")


def pytest_report_header(config: pytest.Config) -> str:
    """Say which export the tests use; of the package's own no more than what it says itself, since most sessions use none."""
    asked, fresh = config.getoption("--pybridge-export"), config.getoption("--pybridge-fresh")
    said = _described(asked, fresh=fresh) if fresh or asked is not None else _recorded() or _described(None, fresh=False)
    return f"pybridge: {said}"


def _recorded() -> str | None:
    """What the package's own export says of itself, found without reading all of it as JSON; None where it is not found."""
    try:
        content = _EXPORT.read_bytes()
    except OSError:
        return None
    digest, lean = _DIGEST.search(content), _LEAN.search(content)
    if digest is None or lean is None:
        return None
    said = f"sha256:{digest[1].decode()}…"  # as `quoted` in export/document.py has it, which is not imported for a header
    return f"export {said}, written by Lean {lean[1].decode()}, checked when a test loads it"


def _described(asked: Path | None, *, fresh: bool) -> str:
    from pybridge.errors import PybridgeError
    from pybridge.export.document import quoted
    from pybridge.export.loading import load
    from pybridge.export.sources import Fresh
    from pybridge.export.versions import written_by

    try:
        export = load(_EXPORT if asked is None else asked)
    except PybridgeError as error:
        if fresh or asked is not None:
            raise pytest.UsageError(str(error)) from None
        return f"export refused: {error}"
    found = export.freshness
    if fresh and not isinstance(found, Fresh):
        raise pytest.UsageError(
            f"{export.path}: not fresh: {found.reason}; run in a checkout of pybridge, or without --pybridge-fresh"
        )
    said = "fresh" if isinstance(found, Fresh) else f"not compared with Lean sources: {found.reason}"
    lean = written_by(export)
    return f"export {quoted(export.digest)}, written by {lean if lean.isprintable() else repr(lean)}, {said}"


@pytest.fixture(scope="session")
def pybridge_export(request: pytest.FixtureRequest) -> Export:
    """The export that ``--pybridge-export`` names, the package's own by default; one that is refused is one line."""
    from pybridge.errors import PybridgeError
    from pybridge.export.loading import load

    try:
        return load(request.config.getoption("--pybridge-export"))
    except PybridgeError as error:
        refused = str(error)
    pytest.fail(f"pybridge: {refused}", pytrace=False)


class _Refuted(AssertionError):
    """A theorem that Lean proved does not hold on a batch, or whether it does stays open: what to print."""


class _Theorem(pytest.Item):
    """A test that tries to refute one theorem: it passes only where all batches agree, and is skipped where none counts."""

    def __init__(self, *, theorem: Theorem, export: Export, **given: Any) -> None:
        super().__init__(**given)
        self.theorem, self.exported = theorem, export
        bare = theorem.equation.replace(" ", "")
        ascii_ = bare.replace("ε", "eps")
        self.extra_keyword_matches.update({theorem.equation, bare, ascii_, f"[{ascii_}]"})

    def runtest(self) -> None:
        from pybridge.checking.check import check
        from pybridge.checking.verdict import Vacuous

        report = check(self.theorem, self.exported, largest=self.config.getoption("--pybridge-max-size"))
        if isinstance(report.verdict, Vacuous):
            unmet = ", ".join(report.verdict.unmet) or "no batch was drawn"
            pytest.skip(f"vacuous: of {report.verdict.drawn} batches none satisfies the hypotheses ({unmet})")
        if not report.passed:
            raise _Refuted("\n".join(self._said(report)))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        return str(excinfo.value) if isinstance(excinfo.value, _Refuted) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return Path(self.theorem.file), self.theorem.line - 1, self.name

    def _said(self, report: TheoremReport) -> list[str]:
        from pybridge.checking.refutation import explain
        from pybridge.checking.verdict import Refuted, Undecided

        asked = self.config.getoption("--pybridge-export")
        other = f" --export {asked}" if asked is not None else ""
        match report.verdict:
            case Refuted(witness=witness):
                again = f"pybridge check {self.theorem.name} --batch {witness.found_on} --seed 0{other}"
                return explain(report, witness, again, self.exported)
            case Undecided(batches=batches, precision=precision, why=why):
                said = f"UNDECIDED {self.theorem.name} at {precision} bits on {', '.join(batches)}"
                return [said, f"  {why}", f"repeat: pybridge check {self.theorem.name} --batch {batches[0]} --seed 0{other}"]
            case _:
                return [repr(report)]


class _Theorems(pytest.Collector):
    """The theorems of an export, which stand in no file that pytest collects."""

    def collect(self) -> list[pytest.Item | pytest.Collector]:
        from pybridge.errors import PybridgeError
        from pybridge.export.loading import load

        try:
            export = load(self.config.getoption("--pybridge-export"))
        except PybridgeError as error:
            raise self.CollectError(str(error)) from None
        if not export.theorems:
            raise self.CollectError(f"{export.path}: the export holds no theorem: nothing would be checked")
        return [
            _Theorem.from_parent(self, name=f"{name}[{one.equation.replace(' ', '')}]", theorem=one, export=export)
            for name, one in export.theorems.items()
        ]

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        del style
        return str(excinfo.value) if isinstance(excinfo.value, self.CollectError) else super().repr_failure(excinfo)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add a test for each theorem, where they are asked for, before others choose among the tests."""
    if config.getoption("--pybridge-check"):
        items += session.genitems(_Theorems.from_parent(session, name="pybridge", nodeid="pybridge"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put the report of a failed kernel into a section, and leave its first line in the traceback."""
    error: Any = call.excinfo.value if call.excinfo is not None else None
    if (errors := sys.modules.get("pybridge.errors")) is not None and isinstance(error, errors.PybridgeError):
        _outside(item, call)
    right = _passed() if call.when == "call" else []
    testing = sys.modules.get("pybridge.testing")
    if testing is None or not isinstance(error, testing.KernelError):
        report = yield
        report.sections += [(_PASSED, text) for text in right]
        return report
    error.shown_elsewhere = True
    report = yield
    report.sections.append((_SECTION, "\n".join(error.report)))
    return report


def _passed() -> list[str]:
    """What was said of layers that were right since this was asked last."""
    layers, report = (sys.modules.get(f"pybridge.layers.{name}") for name in ("check", "report"))
    if layers is None or report is None:
        return []
    found = ["\n".join(report.lines(one)) for one in layers.passed]
    layers.passed.clear()
    return found


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Under ``-v``, say what was tried on layers that passed, and what would have been seen."""
    if config.get_verbosity() < 1:
        return
    tests = [
        (report.nodeid, text)
        for report in terminalreporter.stats.get("passed", [])
        for title, text in report.sections
        if title == _PASSED
    ]
    if tests:
        terminalreporter.section("pybridge: layers that are right")
        for name, text in tests:
            terminalreporter.write_line(name)
            terminalreporter.write_line(text)


def _outside(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Take the frames of pybridge out of the traceback of a wrong call; ``--full-trace`` shows them."""
    at = call.excinfo.tb if call.excinfo is not None and not item.config.getoption("--full-trace") else None
    while at is not None:
        below = at.tb_next
        if below is not None and _PACKAGE in Path(below.tb_frame.f_code.co_filename).parents:
            at.tb_next = below.tb_next
        else:
            at = below
