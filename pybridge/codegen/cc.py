"""C compiled by the system's compiler, into a folder that nobody else can write to.

In: the text of a C file.  Out: the shared library, loaded.  A library is made once for a text, compiler and processor: it is
compiled under a name of its own and then renamed, so that no process loads half of one.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import shlex
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

from pybridge.errors import MissingToolError, PybridgeError, one_line

FLAGS = ("-std=c11", "-O3", "-march=native", "-fopenmp-simd", "-fno-math-errno", "-ffp-contract=fast", "-fPIC", "-shared")
_INSTALL = "install a C compiler that is called cc (or name one in CC), or use target numpy or numba"


def compiler() -> list[str]:
    """The command of the C compiler: what CC says, or cc.

    Raises
    ------
    MissingToolError
        There is none.
    """
    command = shlex.split(os.environ.get("CC", "")) or ["cc"]
    found = shutil.which(command[0])
    if found is None:
        raise MissingToolError(f"there is no C compiler {command[0]!r} on the PATH", hint=_INSTALL)
    return [found, *command[1:]]


def cache_folder() -> Path:
    """Where libraries are kept: ``pybridge`` in XDG_CACHE_HOME, or in ``~/.cache``.

    Raises
    ------
    PybridgeError
        The folder cannot be made, or somebody else owns it or may write to it.
    """
    home = os.environ.get("XDG_CACHE_HOME", "")
    folder = (Path(home) if os.path.isabs(home) else Path("~/.cache").expanduser()) / "pybridge"  # noqa: PTH117
    hint = "set XDG_CACHE_HOME to a folder of your own"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise PybridgeError(f"{folder} cannot be used for compiled code: {error.strerror}", hint=hint) from None
    if not stat.S_ISDIR(found.st_mode) or (hasattr(os, "getuid") and found.st_uid != os.getuid()) or found.st_mode & 0o022:
        raise PybridgeError(f"{folder} is not safe for compiled code: it is not a folder that only you can write to", hint=hint)
    return folder


def load(source: str) -> ctypes.CDLL:
    """The library of a C text.

    Raises
    ------
    MissingToolError
        There is no C compiler.
    PybridgeError
        It does not compile the text, or there is no folder to put the library into.
    """
    command = compiler()
    key = "\0".join([source, *command, *FLAGS, platform.machine(), _processor()])
    folder = cache_folder()
    library = folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.so"
    if not library.exists():
        with tempfile.TemporaryDirectory(dir=folder) as name:
            text, made = Path(name) / "code.c", Path(name) / "code.so"
            text.write_text(source, encoding="ascii")
            run = [*command, *FLAGS, "-o", str(made), str(text), "-lm"]
            try:
                done = subprocess.run(run, capture_output=True, text=True, check=False, timeout=300)  # noqa: S603
            except (OSError, subprocess.TimeoutExpired) as error:
                raise PybridgeError(f"{command[0]} does not run: {error}", hint=_INSTALL) from None
            if done.returncode:
                said = next((line for line in done.stderr.splitlines() if "error" in line), done.stderr)
                raise PybridgeError(f"{command[0]} does not compile the code: {one_line(said, 200)}", hint=_INSTALL)
            made.replace(library)
    try:
        return ctypes.CDLL(str(library))
    except OSError as error:
        raise PybridgeError(f"{library} cannot be loaded: {one_line(str(error), 200)}", hint="delete it") from None


def _processor() -> str:
    """What tells apart processors that run different code made for ``native``, where the system says so."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor()
    wanted = ("model name", "flags", "Features", "CPU part")
    return "\n".join(sorted({line for line in lines if line.startswith(wanted)}))
