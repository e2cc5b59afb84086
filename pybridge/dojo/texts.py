"""Whether traced syntax is that of a text: every token of it at its place, with the blanks and comments behind it.

In: a file's traced commands and its text.  Out: where the two part, nothing where the syntax spells the whole text; and where
declarations are named.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from pybridge.surface.tokens import SurfaceError, tokens

Json: TypeAlias = dict[str, Any]
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
"""A numeral below the line is recorded as one on it."""


def parts(ast: Json, text: str) -> str | None:
    """The place, as ``line N``, at which the traced syntax is not the text's; None where it is all of it."""
    data = text.encode()
    covered = bytearray(len(data))
    first = len(data)
    for word, place in _words(ast["commandASTs"]):
        start, end = place["pos"], place["endPos"]
        before, behind = place["leading"].encode(), place["trailing"].encode()
        here = data[start:end].decode(errors="replace")
        around = data[start - len(before) : start] == before and data[end : end + len(behind)] == behind
        if not around or word not in (here, here.translate(_SUBSCRIPTS)):
            return _line(data, start)
        first = min(first, start - len(before))
        covered[start - len(before) : end + len(behind)] = b"\1" * (len(before) + end - start + len(behind))
    gap = covered.find(0, first)
    if gap >= 0:
        return _line(data, gap)
    return None if _is_blank(data[:first].decode(errors="replace")) else _line(data, 0)


def names(ast: Json) -> Iterator[int]:
    """Where the names of the declarations begin, in bytes."""
    left = list(ast["commandASTs"])
    while left:
        one = left.pop().get("node", {})
        if one.get("kind") == "Lean.Parser.Command.declId":
            yield from (place["pos"] for _, place in list(_words(one["args"]))[:1])
        left += one.get("args", [])


def _words(nodes: list[Json]) -> Iterator[tuple[str, Json]]:
    """The words of the syntax that stand in the text, with their places."""
    left = list(nodes)
    while left:
        one = left.pop()
        if "node" in one:
            left += one["node"]["args"]
        for kind, value in (("atom", "val"), ("ident", "rawVal")):
            place = one[kind]["info"] if kind in one else None
            if isinstance(place, dict) and "original" in place:
                yield one[kind][value], place["original"]


def _is_blank(text: str) -> bool:
    """Whether there are only blanks and comments: what stands before the first word is in no trace."""
    try:
        return not tokens(text)
    except SurfaceError:
        return False


def _line(data: bytes, at: int) -> str:
    return f"line {data.count(10, 0, at) + 1}"
