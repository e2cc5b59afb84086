"""Writes plain values as YAML: strings in double quotes, as in JSON, which every YAML reader takes for what they are.

Long strings are folded: a line break in double quotes, with the blanks around it, is read as one blank.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

WIDTH = 120


def yaml(value: Mapping[str, object]) -> str:
    """A mapping of strings, numbers, lists and mappings as YAML.

    Examples
    --------
    >>> print(yaml({"a": "b: c", "d": [1, {"e": "f", "g": []}]}), end="")
    a: "b: c"
    d:
      - 1
      - e: "f"
        g: []
    """
    return "\n".join(_lines(value)) + "\n"


def _lines(value: object) -> Iterator[str]:
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _item(f"{key}:", inner)
    elif isinstance(value, Sequence) and not isinstance(value, str) and value:
        for inner in value:
            first, *rest = _lines(inner)
            yield f"- {first}"
            yield from (f"  {line}" for line in rest)
    else:
        yield from _scalar("", value)


def _item(head: str, inner: object) -> Iterator[str]:
    nested = isinstance(inner, Mapping | Sequence) and not isinstance(inner, str) and len(inner) > 0
    if not nested:
        yield from _scalar(f"{head} ", inner)
        return
    yield head
    yield from (f"  {line}" for line in _lines(inner))


def _scalar(head: str, value: object) -> Iterator[str]:
    """A number, a string, or something empty; a string in several lines where it is long and has single blanks only."""
    written = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, str) or "  " in value or value != value.strip():
        yield f"{head}{written}"
        return
    first, *words = written.split(" ")
    line = f"{head}{first}"
    for word in words:
        if len(line) + 1 + len(word) > WIDTH:
            yield line
            line = f"  {word}"
        else:
            line = f"{line} {word}"
    yield line
