"""The commands ``dojo trace`` and ``dojo record``."""

from __future__ import annotations

from pathlib import Path

from pybridge.cli.terminal import say
from pybridge.errors import InputError
from pybridge.export.extract import find_checkout


def trace(output: Path) -> int:
    """Trace the library with LeanDojo into a new folder; return the exit code.

    Raises
    ------
    PybridgeError
        A tool is missing, or LeanDojo cannot trace with the Lean at hand.
    """
    from pybridge.dojo.tracing import run

    count = run(find_checkout(), output)
    say([f"{output}: {count} files traced"])
    return 0


def unpack(output: Path) -> int:
    """Write the recorded trace into a new folder; return the exit code.

    Raises
    ------
    InputError, ExportStale
        The folder exists; there is no trace, or none of these sources.
    """
    from pybridge.dojo import recorded

    if output.exists():
        raise InputError(f"{output} exists", hint="name a new folder")
    root = find_checkout()
    found = recorded.read(root)
    recorded.put(found, output)
    pinned = recorded.record(root)["lean"]["pinned"]
    say(
        [
            f"{output}: {len(found.asts)} files, {found.tactics} tactics, {found.premises} premises",
            f"traced with Lean {found.lean} by {recorded.TRACER.name}, not by LeanDojo; the sources pin {pinned}",
        ]
    )
    return 0


def record() -> int:
    """Record the trace of this checkout anew; return the exit code.

    Raises
    ------
    PybridgeError
        There is no Lean, a file does not elaborate, or a source changed meanwhile.
    """
    from pybridge.dojo import recorded
    from pybridge.dojo.recording import run

    root = find_checkout()
    found = run(root, lambda line: say([line]))
    say([f"{root / recorded.ARCHIVE}: {len(found.asts)} files, {found.tactics} tactics, {found.premises} premises"])
    return 0
