"""LeanDojo's tracing of the library: with tactics and premises, where its extractor elaborates on the Lean that is there.

In: a checkout.  Out: a folder with ``X.ast.json`` and ``X.dep_paths`` of each source, or a refusal of one line.  LeanDojo
4.20.0 was written for Lean up to 4.20; whether its extractor elaborates on the Lean at hand is tried before anything is built.
It does not on 4.28.0-pre (it uses ``String.Pos`` and ``Substring`` as they were), and the pinned v4.27.0 has these changes
too. What is recorded (``recorded.py``) was traced by ``Trace.lean``, which writes LeanDojo's format.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from pybridge.dojo.flat import BUILT, bridge_sources, copied, flat
from pybridge.dojo.reading import lean_dojo
from pybridge.errors import InputError, MissingToolError
from pybridge.export.extract import find_lake
from pybridge.surface.library import read_library


class TraceRefused(MissingToolError):
    """LeanDojo's extractor does not elaborate on the Lean at hand, so that it cannot trace."""


def run(root: Path, output: Path) -> int:
    """Trace the library of the checkout ``root`` into the new folder ``output``; return how many files were traced.

    LeanDojo asks the network for the commits of Lean and of the dependencies, and builds the copy anew.

    Raises
    ------
    MissingToolError
        No lake, git or lean-dojo; or LeanDojo cannot trace with the Lean at hand.
    InputError
        The folder exists, or a file was not traced.
    """
    find_lake()
    dojo = lean_dojo()
    if output.exists():
        raise InputError(f"{output} exists", hint="name a new folder")
    library = read_library(root)
    with tempfile.TemporaryDirectory(prefix="pybridge-flat-") as name:
        target = Path(name) / "flat"
        target.mkdir()
        copied(root, {**bridge_sources(root), **library.sources}, target)
        _try_extractor(Path(dojo.__file__).parent / "data_extraction" / "ExtractData.lean", target)
        traced = Path(name) / "traced"
        try:
            dojo.trace(dojo.LeanGitRepo.from_path(target), traced, build_deps=False)
        except (AssertionError, OSError, RuntimeError, ValueError, subprocess.SubprocessError) as error:
            raise InputError(f"LeanDojo failed: {error}", hint="its messages are above; it needs the network") from None
        home = traced / target.name
        return _kept(home, library.sources, output)


def _kept(home: Path, files: Iterable[str], output: Path) -> int:
    count = 0
    for file in files:
        for suffix in (".ast.json", ".dep_paths"):
            made = (home / BUILT / flat(file)).with_suffix(suffix)
            if not made.is_file():
                raise InputError(f"LeanDojo wrote no {flat(file).with_suffix(suffix)}", hint="its messages are above")
            place = (output / flat(file)).with_suffix(suffix)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(made, place)
        count += 1
    return count


def _try_extractor(extractor: Path, folder: Path) -> None:
    """Elaborate LeanDojo's extractor with the Lean of ``folder``, and refuse where that fails."""
    lean = shutil.which("lean")
    if lean is None:
        raise MissingToolError("no `lean` on PATH", hint="install elan (https://github.com/leanprover/elan)")
    version = subprocess.run([lean, "--version"], cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    found = re.search(r"version ([^\s,]+)", version.stdout)
    done = subprocess.run([lean, str(extractor)], cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        first = next((line for line in (done.stdout + done.stderr).splitlines() if "error" in line), "no message")
        raise TraceRefused(
            f"LeanDojo cannot trace with Lean {found[1] if found else 'of unknown version'}: its extractor does not elaborate: "
            f"{first.rpartition('error:')[2].strip() or first}",
            hint="trace with Lean 4.20 or older, or take the recorded trace, `--recorded`, of a program of ours",
        )
