"""Write into README.md what it shows of the export: the map from equation to theorem to file, and the output of a check.

``python scripts/readme_map.py`` writes the map; with ``--run`` it also runs ``pybridge check`` on everything and writes what
that prints. With ``--check`` it writes nothing and exits 1 where the map is behind. Each part stands between two markers.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from pybridge.export.loading import Export, load

README = Path(__file__).resolve().parent.parent / "README.md"
MAP = ("<!-- map: written by scripts/readme_map.py from the export -->", "<!-- end of map -->")
OUTPUT = ("<!-- output: written by scripts/readme_map.py from `pybridge check` -->", "<!-- end of output -->")


def summary(docstring: str) -> str:
    """Return the docstring's first sentence on one line, safe inside a Markdown table."""
    text = " ".join(docstring.split())
    end = text.find(". ")
    return (text if end < 0 else text[: end + 1]).replace("|", "\\|")


def table(export: Export) -> str:
    """Return the map as a Markdown table, one row per theorem in the export's order."""
    rows = [
        f"| ({theorem.equation}) | `{theorem.name}` | [`{theorem.file}:{theorem.line}`]({theorem.file}#L{theorem.line}) "
        f"| {summary(theorem.docstring)} |"
        for theorem in export.theorems.values()
    ]
    return "\n".join(["| equation | Lean theorem | file | it says |", "|---|---|---|---|", *rows])


def output() -> str:
    """Return what ``pybridge check`` prints into a pipe, as a Markdown code block.

    Raises
    ------
    CalledProcessError
        Where it does not exit with 0.
    """
    command = [sys.executable, "-c", "from pybridge.cli.app import main; main()", "check"]
    printed = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout  # noqa: S603
    return f"```\n{printed.strip()}\n```"


def between(text: str, markers: tuple[str, str], body: str) -> str:
    """Return the text with what stands between the markers replaced by the body.

    Raises
    ------
    ValueError
        Where a marker is missing.
    """
    begin, end = markers
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"README.md: the markers {begin!r} and {end!r} are needed, in this order")
    return f"{before}{begin}\n{body}\n{end}{after}"


def main() -> None:
    """Rewrite README.md, or with ``--check`` compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare the map only")
    parser.add_argument("--run", action="store_true", help="also run `pybridge check` and write its output")
    arguments = parser.parse_args()
    old = README.read_text(encoding="utf-8")
    new = between(old, MAP, table(load()))
    if arguments.check:
        print(f"README.md: the map is {'up to date' if old == new else 'behind: python scripts/readme_map.py'}")
        raise SystemExit(0 if old == new else 1)
    if arguments.run:
        new = between(new, OUTPUT, output())
    README.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
