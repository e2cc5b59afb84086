"""Write into README.md and docs/equations.md what they show of the export: formulas, facts, the map, the output of checks.

``python scripts/readme_map.py`` writes the formulas and facts of README.md and the map from equation to theorem to file of
docs/equations.md; with ``--run`` it also runs ``pybridge check`` and writes what that prints.  With ``--check`` it writes
nothing and exits 1 where something is behind.  Each part stands between two markers.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from textwrap import fill

from pybridge.export.loading import Export, load
from pybridge.notation.render import paper, text

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PAGE = ROOT / "docs" / "equations.md"
START = ROOT / "docs" / "index.md"
STATED = ("7", "7ε")
"""The equations that README.md and docs/index.md state."""
SHOWN = ("6", "7")
"""What it shows a check of."""
END = "<!-- end -->"
FACTS = "<!-- facts: written by scripts/readme_map.py from the export -->"
MAP = "<!-- map: written by scripts/readme_map.py from the export -->"


def formula_marker(equation: str) -> str:
    """What stands before the formula of an equation."""
    return f"<!-- formula of ({equation}): written by scripts/readme_map.py from the export -->"


def output_marker(names: tuple[str, ...]) -> str:
    """What stands before the output of a check of these equations, or of all."""
    return f"<!-- output of `{' '.join(('pybridge check', *names))}`: written by scripts/readme_map.py -->"


def summary(docstring: str) -> str:
    """Return the docstring's first sentence on one line, safe inside a Markdown table."""
    text = " ".join(docstring.split())
    end = text.find(". ")
    return (text if end < 0 else text[: end + 1]).replace("|", "\\|")


def table(export: Export) -> str:
    """Return the map as a Markdown table, one row per theorem in the export's order; its links begin in docs/."""
    rows = [
        f"| ({theorem.equation}) | `{theorem.name}` | [`{theorem.file}:{theorem.line}`](../{theorem.file}#L{theorem.line}) "
        f"| {summary(theorem.docstring)} |"
        for theorem in export.theorems.values()
    ]
    return "\n".join(["| equation | Lean theorem | file | it says |", "|---|---|---|---|", *rows])


def formula(export: Export, equation: str) -> str:
    r"""Return the first theorem of an equation as GitHub shows it, which refuses \operatorname, and as text."""
    theorem = export.stated(f"({equation})")[0]
    written = paper(theorem).replace(r"\operatorname", r"\mathrm")
    return f"```math\n{written}\n```\n<!-- as text: {text(theorem)} -->"


def facts(export: Export) -> str:
    """Return what is proved by which Lean, and what that Lean did not show."""
    pinned = (ROOT / "lean-toolchain").read_text(encoding="utf-8").strip().rpartition(":v")[2]
    lean, mathlib = export.lean.version, export.mathlib.input_revision or export.mathlib.revision
    counted = f"{len(export.theorems)} theorems and {len(export.definitions)} definitions"
    said = [f"{counted}, exported by Lean {lean} with mathlib {mathlib}."]
    if lean == pinned:
        said.append("That is the pinned Lean.")
    else:
        said.append(
            f"**Not run: the pinned Lean {pinned}** (`make proof` does); `pybridge extract --check` compares the export."
        )
    used = sorted({axiom for theorem in export.theorems.values() for axiom in theorem.axioms.names})
    listed = ", ".join(f"`{axiom}`" for axiom in used) or "none"
    if all(theorem.axioms.complete for theorem in export.theorems.values()):
        said.append(f"Their axioms: {listed}.")
    else:
        said.append(
            f"Axioms, of Lean's three (`propext`, `Classical.choice`, `Quot.sound`): {listed} in our proofs; "
            "**not listed: mathlib's** (`lake build BridgeTest`)."
        )
    return fill(" ".join(said), 118, break_on_hyphens=False)


def output(names: tuple[str, ...] = ()) -> str:
    """Return what ``pybridge check`` prints into a pipe, as a Markdown code block; of some equations the rows alone.

    Raises
    ------
    CalledProcessError
        Where it does not exit with 0.
    """
    command = [sys.executable, "-c", "from pybridge.cli.app import main; main()", "check", *names]
    printed = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout.strip()  # noqa: S603
    return f"```\n{printed.split(chr(10) * 2)[1] if names else printed}\n```"


def between(text: str, marker: str, body: str) -> str:
    """Return the text with what stands between a marker and the end replaced by the body.

    Raises
    ------
    ValueError
        Where a marker is missing.
    """
    before, found, rest = text.partition(marker)
    _, closed, after = rest.partition(END)
    if not found or not closed:
        raise ValueError(f"the markers {marker!r} and {END!r} are needed, in this order")
    return f"{before}{marker}\n{body}\n{END}{after}"


def made(export: Export, readme: str, page: str, start: str) -> tuple[str, str, str]:
    """Return the texts with what is made of the export alone."""
    for equation in STATED:
        written = formula_marker(equation), formula(export, equation)
        readme, start = between(readme, *written), between(start, *written)
    return between(readme, FACTS, facts(export)), between(page, MAP, table(export)), start


def main() -> None:
    """Rewrite the files, or with ``--check`` compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare what is made of the export alone")
    parser.add_argument("--run", action="store_true", help="also run `pybridge check` and write its output")
    arguments = parser.parse_args()
    old = (README.read_text(encoding="utf-8"), PAGE.read_text(encoding="utf-8"), START.read_text(encoding="utf-8"))
    readme, page, start = made(load(), *old)
    if arguments.check:
        behind = old != (readme, page, start)
        print(
            f"README.md, docs/equations.md, docs/index.md: {'behind: python scripts/readme_map.py' if behind else 'up to date'}"
        )
        raise SystemExit(behind)
    if arguments.run:
        readme = between(readme, output_marker(SHOWN), output(SHOWN))
        page = between(page, output_marker(()), output())
    README.write_text(readme, encoding="utf-8")
    PAGE.write_text(page, encoding="utf-8")
    START.write_text(start, encoding="utf-8")


if __name__ == "__main__":
    main()
