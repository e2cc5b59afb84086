"""Lean source text without what is no code: a small scanner for comments, docstrings, strings and characters.

Where it cannot know, it takes text for code: what stands between braces in a string, which an interpolated one evaluates.
"""

from __future__ import annotations

import re

_START = re.compile(
    r"""
    (?P<block>/-)                      # a comment or docstring, ended by its own -/
  | (?P<line>--[^\n]*)
  | (?P<raw>(?<![\w!?'])r(?P<hashes>\#*)")   # a raw string, ended by " and as many #
  | (?P<string>")
  | (?P<char>(?<![\w!?'])'(?:\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)|[^\\'\n])')
  | (?P<quoted>«[^»\n]*»)              # a name such as «axiom»
    """,
    re.VERBOSE | re.DOTALL,
)
_IN_COMMENT = re.compile(r"/-|-/")
_BRACES = re.compile(r"\{([^}]*)")
_IN_STRING = re.compile(r"\\.|\"", re.DOTALL)


def code(text: str) -> str:
    """``text`` with a blank for each comment, string, character and quoted name.

    Raises
    ------
    ValueError
        A comment or a string is not ended: what follows could not be told from it.
    """
    parts: list[str] = []
    here = 0
    while found := _START.search(text, here):
        parts.append(text[here : found.start()])
        end = found.end()
        if found["block"]:
            end = _comment_end(text, end)
        elif found["string"]:
            end = _string_end(text, end)
            parts += (f" {inside} " for inside in _BRACES.findall(text[found.end() : end - 1]))
        elif found["raw"]:
            end = _after(text, '"' + found["hashes"], end)
        parts.append(" ")
        here = end
    return "".join([*parts, text[here:]])


def _comment_end(text: str, here: int) -> int:
    depth = 1
    while depth:
        if (found := _IN_COMMENT.search(text, here)) is None:
            raise ValueError("a comment without its end")
        depth += 1 if found[0] == "/-" else -1
        here = found.end()
    return here


def _string_end(text: str, here: int) -> int:
    while found := _IN_STRING.search(text, here):
        here = found.end()
        if found[0] == '"':
            return here
    raise ValueError("a string without its end")


def _after(text: str, end: str, here: int) -> int:
    if (found := text.find(end, here)) < 0:
        raise ValueError("a raw string without its end")
    return found + len(end)
