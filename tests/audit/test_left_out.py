"""What the scan leaves out: said by name, and at one with what it lists as allowed."""

from __future__ import annotations

from pathlib import Path

from lean_library import the_library

from pybridge.audit.allowances import read_allowed
from pybridge.audit.scan import scan
from pybridge.surface.library import read_library

ROOT = Path(__file__).resolve().parents[2]
DEFS = Path("lean") / "BatchNorm" / "Defs.lean"


def test_what_is_not_scanned(checkout: Path) -> None:
    """No file that stands among those with a reason is said to be left out; one that is imported is no longer left out."""

    def left_out() -> tuple[int, str, str]:
        (said,) = scan(read_library(checkout), checkout).elsewhere
        folders, _, scanned = said.rpartition(": ")
        return int(said.split()[0]), folders, scanned

    scanned = {file for file in (one.file for one in read_allowed(ROOT)) if file.startswith("lean/Bridge/")}
    every = {file.relative_to(ROOT).as_posix() for file in (ROOT / "lean").rglob("*.lean")}
    number, said, theirs = left_out()
    assert scanned <= set(theirs.split(", "))
    assert number == len(every - set(the_library().sources) - set(theirs.split(", ")))
    assert "lean/Bridge/" in said
    place = checkout / DEFS
    place.write_text(
        place.read_text(encoding="utf-8").replace("module", "module\npublic import Bridge.IR", 1), encoding="utf-8"
    )
    fewer, _, more = left_out()
    assert fewer < number
    assert "lean/Bridge/IR.lean" in more
