"""Write the map from equation to Lean theorem to file into README.md, from the export, between its two markers.

Run ``python scripts/readme_map.py`` after an export; with ``--check`` it writes nothing and exits 1 where the README is behind.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from pybridge.export import Export, load

README = Path(__file__).resolve().parent.parent / "README.md"
BEGIN = "<!-- map: written by scripts/readme_map.py from the export -->"
END = "<!-- end of map -->"


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


def rewritten(text: str, export: Export) -> str:
    """Return the README's text with the map between its markers brought up to date.

    Raises
    ------
    ValueError
        Where a marker is missing.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"README.md: the markers {BEGIN!r} and {END!r} are needed, in this order")
    return f"{before}{BEGIN}\n{table(export)}\n{END}{after}"


def main() -> None:
    """Rewrite README.md, or with ``--check`` compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare only")
    check = parser.parse_args().check
    old = README.read_text(encoding="utf-8")
    new = rewritten(old, load())
    if check:
        print(f"README.md: the map is {'up to date' if old == new else 'behind: python scripts/readme_map.py'}")
        raise SystemExit(0 if old == new else 1)
    README.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
