"""What LeanDojo's classes read: a repository, its files, and each declaration with its name, span, docstring and statement.

In: a flat copy with its outlines, or with traced files.  Out: ``Read`` objects.  Neither Lean nor the network is needed:
LeanDojo is told to use no remote cache, and to keep its own in a folder that goes with the process.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pybridge.dojo.flat import BUILT, flat
from pybridge.dojo.skeleton import outline
from pybridge.errors import InputError, MissingToolError, install
from pybridge.surface.library import Library

INSTALL = f"`{install('dojo')}` (Python 3.10 to 3.12)"


@dataclass(frozen=True, slots=True)
class Read:
    """A declaration as LeanDojo reads it; places are its ``Pos``, from 1 on, in the file of the checkout."""

    name: str
    file: str
    start: tuple[int, int]
    end: tuple[int, int]
    docstring: str | None
    statement: str
    """From its word to its ``:=``, without comments; of a definition, all of it."""
    is_theorem: bool


@lru_cache(maxsize=1)
def lean_dojo() -> Any:
    """LeanDojo's module, set up to stay offline.

    Raises
    ------
    MissingToolError
        It is not installed, or it cannot be imported here.
    """
    cache = tempfile.mkdtemp(prefix="pybridge-dojo-")
    atexit.register(shutil.rmtree, cache, ignore_errors=True)
    os.environ["DISABLE_REMOTE_CACHE"] = "1"
    os.environ["CACHE_DIR"] = os.path.join(cache, "cache")  # noqa: PTH118
    os.environ["TMP_DIR"] = cache
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ["GITHUB_ACCESS_TOKEN"] = ""
    try:
        return importlib.import_module("lean_dojo")
    except ModuleNotFoundError as error:
        if error.name == "lean_dojo":
            raise MissingToolError("lean-dojo is not installed", hint=INSTALL) from None
        raise MissingToolError(f"lean-dojo cannot be imported: {error}", hint=INSTALL) from None
    except (ImportError, AssertionError, OSError) as error:  # an old git, no git
        raise MissingToolError(f"lean-dojo cannot be imported: {error}", hint="see its requirements") from None


def put_outlines(library: Library, target: Path) -> None:
    """Write the outline of each source where LeanDojo looks for traced files."""
    for file, text in library.sources.items():
        place = target / BUILT / flat(file)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.with_suffix(".ast.json").write_text(json.dumps(outline(text, file)), encoding="utf-8")
        place.with_suffix(".dep_paths").write_text("", encoding="utf-8")


def put_traces(folder: Path, files: Iterable[str], target: Path) -> None:
    """Copy traced files, which ``pybridge dojo trace`` wrote, to where LeanDojo looks for them.

    Raises
    ------
    InputError
        One is missing.
    """
    for file in files:
        place = flat(file)
        for suffix in (".ast.json", ".dep_paths"):
            traced = (folder / place).with_suffix(suffix)
            if not traced.is_file():
                raise InputError(f"{traced}: there is no trace of {file}", hint="`pybridge dojo trace` writes one")
            (target / BUILT / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(traced, (target / BUILT / place).with_suffix(suffix))


def lean_version(root: Path) -> str:
    """The Lean version that the repository asks for, as LeanDojo reads it."""
    dojo = lean_dojo()
    with _quiet():
        return str(dojo.LeanGitRepo.from_path(root).lean_version)


def read(root: Path, files: Iterable[str]) -> Iterator[Read]:
    """The named theorems and definitions of these files of the flat repository ``root``, as LeanDojo's classes give them."""
    dojo = lean_dojo()
    ast = importlib.import_module("lean_dojo.data_extraction.ast")
    root = root.resolve()
    with _quiet():
        repo = dojo.LeanGitRepo.from_path(root)
    for file in files:
        place = (root / BUILT / flat(file)).with_suffix(".ast.json")
        with _quiet():
            traced = dojo.TracedFile.from_traced_file(root, place, repo)
        found: list[Any] = []  # below `... in`, too
        traced.ast.traverse_preorder(lambda node, _, found=found: found.append(node), ast.CommandDeclarationNode)
        for node in found:
            if node.name is not None:
                yield _read(dojo, ast, traced, node, file)


@contextmanager
def _quiet() -> Iterator[None]:
    """LeanDojo leaves the files that it reads to be closed by the interpreter: no warning of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield


def _read(dojo: Any, ast: Any, traced: Any, node: Any, file: str) -> Read:
    inner = node.children[1]
    docs: list[str] = []
    node.traverse_preorder(
        lambda one, _: docs.append(one.comment) if isinstance(one, ast.CommandDoccommentNode) else None, None
    )
    if node.is_theorem:
        theorem = dojo.Theorem(traced.repo, traced.path, inner.full_name)
        whole = dojo.TracedTheorem(traced.root_dir, theorem, inner, traced.comments, traced)
        statement, name = whole.get_theorem_statement(), whole.theorem.full_name
    else:
        statement, name = traced.lean_file[inner.start : inner.end], node.full_name
    docstring = docs[0].removesuffix("-/").strip() if docs else None
    return Read(name, file, tuple(node.start), tuple(node.end), docstring, statement, node.is_theorem)
