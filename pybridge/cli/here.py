"""What is on this machine: the export, the recorded batches, Lean and mathlib, the extras; and what each of them is for.

In: nothing.  Out: ``Item``s.  Nothing is fetched or installed, and Lean is asked for its version only where that fetches
nothing.
"""

from __future__ import annotations

import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal, TypeAlias

from pybridge.cli.requirements import Requirement, at_least, required
from pybridge.errors import PybridgeError, install
from pybridge.export.document import quoted
from pybridge.export.loading import Fresh, load
from pybridge.export.versions import written_by

State: TypeAlias = Literal["here", "missing", "other", "broken"]
"""``other``: something is here that is not what is asked for, such as another version."""

ELAN = "https://github.com/leanprover/elan"
PURPOSES = {
    "torch": "kernels on torch tensors; the batches recorded anew",
    "jax": "kernels on JAX arrays",
    "numba": "definitions compiled by numba",
    "strategies": "Hypothesis strategies that satisfy a theorem's hypotheses",
    "bench": "the benchmarks",
    "dask": "sweeps on many machines",
    "report": "the report as one HTML file",
    "docs": "the documentation site",
    "notebook": "the notebook",
    "dojo": "LeanDojo as a second reader of the Lean sources",
    "graph": "the graph of what rests on what, drawn",
    "test": "the tests",
}
"""What the extras are for."""
OF_A_CHECKOUT = ("bench", "docs", "notebook", "test")
"""Those that are about files which an installed package does not have."""
_SECONDS = 20


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing that may be here.

    Parameters
    ----------
    name
        What it is.
    state
        Whether it is here.
    said
        Its version, its place, or what is wrong with it.
    purpose
        What it is for.
    command
        What brings it, where it is not here; empty where nothing has to be done, or no command does it.
    exit_code
        That of the command line, where it is broken.
    """

    name: str
    state: State
    said: str
    purpose: str
    command: str = ""
    exit_code: int = 1


def everything() -> Iterator[Item]:
    """What is here and what is not, in the order in which it is needed."""
    root = checkout()
    yield _package(root)
    yield Item(name="Python", state="here", said=f"{platform.python_version()} at {sys.executable}", purpose="to run it")
    yield _export(root)
    yield _recorded()
    yield _plugin()
    yield from _lean(root)
    yield _compiler()
    yield from _extras(root)


def checkout() -> Path | None:
    """The root of the checkout that this package lies in; None where it is an installed wheel."""
    root = Path(__file__).resolve().parents[2]
    return root if (root / "lakefile.lean").is_file() and (root / "lean" / "Export.lean").is_file() else None


def _package(root: Path | None) -> Item:
    version = sys.modules["pybridge"].__version__
    where = f"a checkout, {root}" if root is not None else f"an installed package, {Path(__file__).resolve().parents[1]}"
    return Item(name="pybridge", state="here", said=f"{version}, {where}", purpose="")


def _export(root: Path | None) -> Item:
    purpose = "the proved statements"
    try:
        export = load()
    except PybridgeError as error:
        remedy = error.hint if root is not None else "reinstall pybridge-lean"
        return Item(
            name="export", state="broken", said=error.message, purpose=purpose, command=remedy, exit_code=error.exit_code
        )
    of = f"{quoted(export.digest)}, written by {written_by(export)}, {len(export.theorems)} theorems"
    if isinstance(export.freshness, Fresh):
        return Item(
            name="export", state="here", said=f"{of}; fresh: the Lean sources beside it are those exported", purpose=purpose
        )
    return Item(name="export", state="here", said=f"{of}; not compared: {export.freshness.reason}", purpose=purpose)


def _recorded() -> Item:
    from pybridge.batches.recorded import records

    purpose = "batches of a real network, for `pybridge check`"
    try:
        return Item(name="recorded batches", state="here", said=f"{len(records())}", purpose=purpose)
    except (PybridgeError, OSError, ValueError) as error:
        return Item(
            name="recorded batches", state="broken", said=str(error), purpose=purpose, command="reinstall pybridge-lean"
        )


def _plugin() -> Item:
    purpose = "pytest finds the plugin by itself"
    if any(point.value == "pybridge.pytest_plugin" for point in metadata.entry_points(group="pytest11")):
        return Item(name="pytest plugin", state="here", said="installed", purpose=purpose)
    return Item(
        name="pytest plugin",
        state="missing",
        said="pybridge is not installed, it is found by its path",
        purpose=purpose,
        command="pytest -p pybridge.pytest_plugin",
    )


def _lean(root: Path | None) -> Iterator[Item]:
    purpose = "to check the proofs again, and to write the export"
    if root is None:
        said = "not looked for: an installed package holds no Lean sources; a checkout of the repository does"
        yield Item(name="Lean", state="missing", said=said, purpose=purpose)
        return
    pinned = (root / "lean-toolchain").read_text(encoding="utf-8").strip()
    yield _toolchain(pinned, purpose)
    mathlib = root / ".lake" / "packages" / "mathlib" / ".lake" / "build" / "lib" / "lean" / "Mathlib.olean"
    built = root / ".lake" / "build" / "lib" / "lean" / "BatchNorm.olean"
    proof = "make proof" if (root / "Makefile").is_file() else "lake exe cache get && lake build"
    yield _file("mathlib", mathlib, "what the proofs rest on, compiled", "not compiled here", proof)
    yield _file("proofs", built, "the theorems, checked by Lean's kernel here", "not checked here", proof)


def _toolchain(pinned: str, purpose: str) -> Item:
    command = f"install elan ({ELAN}), which brings {pinned}"
    if shutil.which("lake") is None:
        return Item(name="Lean", state="missing", said="no `lake` on PATH", purpose=purpose, command=command)
    wanted = pinned.rpartition(":v")[2]
    if shutil.which("elan") is not None:
        there = pinned in _output("elan", "toolchain", "list")
        said = f"elan, {pinned} {'installed' if there else 'not installed'}"
        fetched = "" if there else f"elan toolchain install {pinned}"
        return Item(name="Lean", state="here" if there else "missing", said=said, purpose=purpose, command=fetched)
    found = re.search(r"version ([\w.+-]+?),", _output("lean", "--version"))
    version = found[1] if found else "of unknown version"
    if version == wanted:
        return Item(name="Lean", state="here", said=version, purpose=purpose)
    return Item(name="Lean", state="other", said=f"{version}, and {wanted} is pinned", purpose=purpose, command=command)


def _output(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_SECONDS, cwd=Path.home())  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout


def _file(name: str, path: Path, purpose: str, without: str, command: str) -> Item:
    if path.is_file():
        return Item(name=name, state="here", said=str(path.parent), purpose=purpose)
    return Item(name=name, state="missing", said=without, purpose=purpose, command=command)


def _compiler() -> Item:
    purpose = "definitions compiled by a C compiler"
    words = shlex.split(os.environ.get("CC", "")) or ["cc"]
    if (found := shutil.which(words[0])) is not None:
        return Item(name="C compiler", state="here", said=found, purpose=purpose)
    command = "install one, or name it in the variable CC"
    return Item(name="C compiler", state="missing", said=f"no `{words[0]}` on PATH", purpose=purpose, command=command)


def _extras(root: Path | None) -> Iterator[Item]:
    for extra, wanted in extras(root).items():
        if extra in OF_A_CHECKOUT and root is None:
            continue
        have = {one.name: _version(one.name) for one in wanted}
        lacking = [one for one in wanted if (version := have[one.name]) is None or not one.met_by(version)]
        said = ", ".join(f"{name} {version or 'missing'}" for name, version in have.items())
        too_new = next((one for one in lacking if one.below and at_least(platform.python_version(), one.below)), None)
        yield Item(
            name=f"extra {extra}",
            state="missing" if lacking else "here",
            said=said,
            purpose=PURPOSES.get(extra, ""),
            command=(f"with a Python below {too_new.below}: " if too_new else "") + install(extra) if lacking else "",
        )


def extras(root: Path | None) -> dict[str, list[Requirement]]:
    """What each extra asks for.

    Read from the checkout's ``pyproject.toml``, or from what the installed package says of itself.
    """
    found: dict[str, list[Requirement]] = {}
    if root is not None:
        text = (root / "pyproject.toml").read_text(encoding="utf-8")
        block = text.partition("[project.optional-dependencies]\n")[2].partition("\n[")[0]
        for extra, listed in re.findall(r'^(\w+) = \[((?:"[^"]*"|[^"\]])*)\]', block, re.MULTILINE):
            found[extra] = [required(one)[0] for one in re.findall(r'"([^"]+)"', listed)]
        return found
    try:
        requirements = metadata.requires("pybridge-lean") or []
    except metadata.PackageNotFoundError:
        return {}
    for requirement, extra in map(required, requirements):
        if extra:
            found.setdefault(extra, []).append(requirement)
    return found


def _version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None
