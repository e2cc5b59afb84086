"""Write into docs/bridge.md what the translation takes and what it refuses: tables made of the tests in lean/BridgeTest.

``python scripts/bridge_tables.py`` writes them; with ``--check`` it writes nothing and exits 1 where they are behind.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "bridge.md"
TESTS = ROOT / "lean" / "BridgeTest"
MARKS = {
    "taken": ("<!-- taken: written by scripts/bridge_tables.py from lean/BridgeTest -->", "<!-- end of taken -->"),
    "refused": ("<!-- refused: written by scripts/bridge_tables.py from lean/BridgeTest -->", "<!-- end of refused -->"),
}
_TEST = re.compile(
    r"^/-! ### (?P<heading>.*?) -/$"
    r"|^/--\s*(?P<kind>info|error): (?P<said>.*?)-/\n#guard_msgs in\n#translate (?P<statement>.*?)(?=\n\n)",
    re.MULTILINE | re.DOTALL,
)
_PLAIN = {
    *(
        "abstract",
        "arg",
        "base",
        "body",
        "bound",
        "codomain",
        "constraint",
        "derivative",
        "domain",
        "euclidean",
        "index",
        "kind",
        "left",
    ),
    *("name", "nat", "operator", "point", "right", "scalar", "space", "term", "value", "var", "variable", "vector"),
}
"""Fields, and what names say by themselves."""


def table(kind: str) -> str:
    """Return the table of the statements that are taken, or of those that are refused."""
    said = "what it becomes" if kind == "info" else "why it is refused"
    rows = [f"| about | statement | {said} |", "|---|---|---|"]
    for file in sorted(TESTS.glob("*.lean")):
        heading = ""
        for test in _TEST.finditer(file.read_text(encoding="utf-8")):
            if test["heading"]:
                heading = test["heading"]
            elif test["kind"] == kind:
                rows.append(f"| {heading} | `{_code(test['statement'])}` | {_said(kind, test['said'])} |")
    return "\n".join(rows)


def _code(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _said(kind: str, said: str) -> str:
    if kind == "info":
        names = dict.fromkeys(re.findall(r'"(\w+)":\{', said))
        return ", ".join(f"`{name}`" for name in names if name not in _PLAIN)
    lines = [line for line in said.strip().splitlines() if not line.startswith("cannot export the term")]
    shown = [f"`{_code(line)}`" if line.startswith("  ") else _code(line) for line in lines]
    return ": ".join([" ".join(shown[:1]), " ".join(shown[1:])]) if len(shown) > 1 else " ".join(shown)


def written(page: str) -> str:
    """Return the page with both tables as the tests have them.

    Raises
    ------
    ValueError
        A marker is missing.
    """
    for name, kind in (("taken", "info"), ("refused", "error")):
        begin, end = MARKS[name]
        before, found, rest = page.partition(begin)
        _, closed, after = rest.partition(end)
        if not found or not closed:
            raise ValueError(f"docs/bridge.md: the markers {begin!r} and {end!r} are needed, in this order")
        page = f"{before}{begin}\n{table(kind)}\n{end}{after}"
    return page


def main() -> None:
    """Rewrite the page, or with ``--check`` compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare only")
    old = PAGE.read_text(encoding="utf-8")
    new = written(old)
    if parser.parse_args().check:
        print(f"docs/bridge.md: {'up to date' if old == new else 'behind: python scripts/bridge_tables.py'}")
        raise SystemExit(0 if old == new else 1)
    PAGE.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
