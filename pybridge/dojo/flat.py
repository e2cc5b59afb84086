"""A flat copy of a checkout, for LeanDojo: the sources at the top, since its tracer does not know ``srcDir``, committed to git.

In: a checkout.  Out: a folder that is a git repository of one commit: the library, the toolchain, the manifest, a lakefile
without ``srcDir``.  Nothing outside the new folder is touched.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from pybridge.errors import InputError, MissingToolError
from pybridge.surface.library import FOLDER

BUILT = Path(".lake") / "build" / "ir"
"""Where LeanDojo looks for what was traced."""
_PINS = ("lean-toolchain", "lake-manifest.json")
_SRC_DIR = re.compile(r'^[ \t]*srcDir := "lean"\n', re.MULTILINE)


def copied(root: Path, sources: Mapping[str, str], target: Path) -> None:
    """Fill ``target`` with a flat copy of the checkout ``root`` whose library has these sources, and commit it.

    Raises
    ------
    InputError
        The checkout lacks a pin or its lakefile.
    MissingToolError
        There is no git.
    """
    for file, text in sources.items():
        _put(target / flat(file), text)
    for name in _PINS:
        if not (root / name).is_file():
            raise InputError(f"{root}: no {name}", hint="run it in a checkout of the repository")
        _put(target / name, (root / name).read_text(encoding="utf-8"))
    lakefile = root / "lakefile.lean"
    if not lakefile.is_file():
        raise InputError(f"{root}: no lakefile.lean", hint="run it in a checkout of the repository")
    _put(target / "lakefile.lean", _SRC_DIR.sub("", lakefile.read_text(encoding="utf-8")))
    _commit(target)


def bridge_sources(root: Path) -> dict[str, str]:
    """The sources of the attribute and the exporter, which the library imports, by file name."""
    home = root / FOLDER
    files = [home / "Bridge.lean", *sorted((home / "Bridge").rglob("*.lean"))]
    return {file.relative_to(root).as_posix(): file.read_text(encoding="utf-8") for file in files if file.is_file()}


def flat(file: str) -> Path:
    """The place of a source in the flat copy: ``lean/A/B.lean`` becomes ``A/B.lean``."""
    return Path(*Path(file).parts[1:])


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)


def _commit(target: Path) -> None:
    git = shutil.which("git")
    if git is None:
        raise MissingToolError("no `git` on PATH: LeanDojo reads git repositories", hint="install git")
    who = ("-c", "user.name=pybridge", "-c", "user.email=pybridge@localhost", "-c", "commit.gpgsign=false")
    quiet = ("-c", "core.autocrlf=false", "-c", "core.hooksPath=/dev/null", "-c", "init.defaultBranch=main")
    for arguments in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "A flat copy")):
        command = [git, *who, *quiet, *arguments]
        done = subprocess.run(command, cwd=target, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode != 0:
            raise InputError(f"git {arguments[0]} in {target}: {done.stderr.strip() or 'failed'}")
