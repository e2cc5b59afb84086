"""Writes plain values as YAML: strings in double quotes, as in JSON, which every YAML reader takes for what they are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence


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
        yield json.dumps(value, ensure_ascii=False)


def _item(head: str, inner: object) -> Iterator[str]:
    nested = isinstance(inner, Mapping | Sequence) and not isinstance(inner, str) and len(inner) > 0
    if not nested:
        yield f"{head} {json.dumps(inner, ensure_ascii=False)}"
        return
    yield head
    yield from (f"  {line}" for line in _lines(inner))
