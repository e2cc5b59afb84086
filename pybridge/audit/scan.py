"""A scan of the sources for what makes a text mean something else, or proves without a proof.

In: the sources of the library, ``Solution.lean`` and ``Challenge.lean``, whatever else of the project these import, and the
list of what is allowed, each with its reason.  Out: a section.  Comments, docstrings and strings are no code and are not looked
at. Of the exporter, which is a program, the files that the library imports are scanned; the others are named.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pybridge.audit.allowances import ALLOWED, Asking, read_allowed
from pybridge.audit.checkout import read_text
from pybridge.audit.sections import Difference, Section, Use
from pybridge.audit.shadows import shadows
from pybridge.audit.vocabulary import (
    ATTRIBUTES,
    BEGINNINGS,
    COMMANDS,
    MEANING,
    PLAIN_OPTIONS,
    UNSOUND,
    can_be_allowed,
    is_unsound,
)
from pybridge.surface.commands import attributes_of
from pybridge.surface.headers import WORD as IMPORT
from pybridge.surface.headers import header
from pybridge.surface.library import FOLDER, Library, imports, place
from pybridge.surface.tokens import CLOSING, OPENING, Kind, SurfaceError, Token, balanced, tokens

OUTSIDE = ("Challenge.lean", "Solution.lean")
KNOWN = ("Mathlib", "Lean", "Init", "Std", "Batteries")
"""Libraries that may be imported."""
EXPORTER = "lean/Bridge/"
_ALONE = {"open", "variable", "omit", "include", "set_option"}
"""Commands that may stand before another one with ``in``, which is the last word of its line."""
_NAMED = {"end", "namespace", "section"}
"""Commands with one name at most."""


@dataclass(frozen=True, slots=True)
class Found(Asking):
    """A word that asks for a reason, and where it stands."""

    line: int


def scan(library: Library, root: Path) -> Section:
    """Scan the sources of the checkout ``root``.

    Raises
    ------
    InputError
        A file, or the list of what is allowed, cannot be read.
    SurfaceError
        A file cannot be taken apart.
    """
    texts = _imported({**library.sources, **{name: read_text(root / name) for name in OUTSIDE}}, root)
    allowed = read_allowed(root)
    found = [one for file, text in texts.items() for one in _all(text, file, texts)]
    reasons = {one.about: one for one in allowed if can_be_allowed(one.file, one.word)}
    refused = [one for one in found if one.about not in reasons]
    places: dict[tuple[str, str, str], list[int]] = {}
    for one in found:
        places.setdefault(one.about, []).append(one.line)
    unused = [one for one in allowed if one.about not in places]
    differences = [
        *(Difference(f"{one.file}:{one.line}", one.word, one.text, "", _why(one)) for one in refused),
        *(
            Difference(one.file, one.word, "no such line", one.text, f"allowed by {ALLOWED}", ("here", "allowed"))
            for one in unused
        ),
        *shadows(texts, frozenset(library.sources)),
    ]
    count = len(found) - len(refused)
    return Section(
        "sources",
        f"{len(texts)} files scanned for {len(UNSOUND | MEANING)} words, for commands, attributes and imports that are not "
        f"plain, for names of mathlib and for characters that no editor shows: {count} uses, each allowed with a reason",
        tuple(differences),
        tuple(_left_out(texts, root)),
        tuple(
            Use(one.file, tuple(sorted(places[key])), one.word, one.text, one.why)
            for key, one in reasons.items()
            if key in places
        ),
        remedy=f"take the word out, or allow it, with its reason, in {ALLOWED}; take out of it what stands nowhere",
    )


def _left_out(texts: Mapping[str, str], root: Path) -> Iterator[str]:
    """Which sources are not scanned: the exporter's, but for those files that the library imports."""
    files = {file.relative_to(root).as_posix() for file in (root / FOLDER).rglob("*.lean")}
    if left := sorted(files - set(texts)):
        ours = sorted(file for file in set(texts) & files if file.startswith(EXPORTER))
        folders = sorted({file if file.count("/") < 2 else f"{file.rpartition('/')[0]}/" for file in left})
        yield (
            f"{len(left)} files that the library does not import, the exporter's and its tests', are not scanned "
            f"({', '.join(folders)}): the exporter is a program, and its terms are read again; what the library imports of it "
            f"is scanned like the rest: {', '.join(ours) or 'nothing'}"
        )


def _all(text: str, file: str, texts: Mapping[str, str]) -> Iterator[Found]:
    """What asks for a reason in a file."""
    yield from words(text, file)
    yield from irregular(text, file)
    yield from _foreign(text, file, texts)


def _why(one: Found) -> str:
    if not can_be_allowed(one.file, one.word):
        return "no reason allows it here"
    return f"not allowed by {ALLOWED}"


def _imported(texts: Mapping[str, str], root: Path) -> dict[str, str]:
    """These files, and those of the project that they import."""
    found = dict(texts)
    left = list(texts.values())
    while left:
        for module in imports(left.pop()):
            file = place(module)
            if file not in found and (root / file).is_file():
                found[file] = read_text(root / file)
                left.append(found[file])
    return found


def _foreign(text: str, file: str, texts: Mapping[str, str]) -> Iterator[Found]:
    """Imports of what is neither the project's nor a library that is known."""
    lines = text.split("\n")
    for module in imports(text):
        if place(module) not in texts and module.partition(".")[0] not in KNOWN:
            number = next(n for n, line in enumerate(lines, 1) if module in line)
            yield Found(file, IMPORT, f"import {module}", number)


def irregular(text: str, file: str) -> Iterator[Found]:
    """Imports that are not plain, or in no header.

    Raises
    ------
    SurfaceError
        The file cannot be taken apart.
    """
    lines = text.split("\n")
    for number in header(text).refused:
        yield Found(file, IMPORT, " ".join(lines[number - 1].split()), number)


def words(text: str, file: str) -> Iterator[Found]:
    """The words of a file that ask for a reason, and the characters that no editor shows.

    Raises
    ------
    SurfaceError
        The file cannot be taken apart.
    """
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        for character in line:
            if unicodedata.category(character) in ("Cf", "Cc", "Co", "Cn") and character != "\t":
                yield Found(file, f"U+{ord(character):04X}", " ".join(line.split()), number)
    try:
        asking = list(_asking(tokens(text)))
    except SurfaceError as error:
        raise SurfaceError(f"{file}: {error.message}", hint=error.hint) from None
    for start, word in asking:
        number = text.count("\n", 0, start) + 1
        yield Found(file, word, " ".join(lines[number - 1].split()), number)


def _asking(every: list[Token]) -> Iterator[tuple[int, str]]:
    """Where a word stands that asks for a reason, and the word."""
    items = [one for one in every if one.kind not in (Kind.DOC, Kind.MODULE_DOC)]
    in_header = True
    for n, token in enumerate(items):
        named = n > 0 and items[n - 1].text in (IMPORT, "all")
        in_header = in_header and (named or token.text in ("module", "public", "meta", "all", IMPORT))
        if token.kind is Kind.STRING:
            yield from ((token.start, word) for word in _interpolated(token.text))
        elif token.kind is not Kind.NUMBER and not (in_header and token.text in ("meta", IMPORT)):
            word = _asks(token, items[n + 1 : n + 2], items[max(n - 2, 0) : n])
            if word is None and token.column == 0 and token.text not in COMMANDS:
                word = token.text
            if word is not None:
                yield token.start, word
            if token.column == 0:
                yield from _behind(items, n)
        if token.text == "@[":
            inner = items[n + 1 : balanced(items, n) - 1]
            yield from ((one.start, one.name) for one in attributes_of(inner) if one.name not in ATTRIBUTES)


def _behind(items: Sequence[Token], n: int) -> Iterator[tuple[int, str]]:
    """A second command on the line of a command that leaves room for one."""
    end = next((m for m in range(n + 1, len(items)) if items[m].column == 0), len(items))
    body = items[n + 1 : end]
    if items[n].text in _NAMED and len(body) > 1:
        yield body[1].start, body[1].text
    if items[n].text in _ALONE:
        depth = 0
        for one in body[:-1]:
            depth += (one.text in OPENING) - (one.text in CLOSING)
            if one.text == "in" and depth == 0:
                yield one.start, "in"


def _interpolated(string: str) -> Iterator[str]:
    """The words in a string that ask for a reason, where it may be one that terms stand in, between braces."""
    if "{" in string:
        yield from (word for word in re.findall(r"[\w.]+", string) if is_unsound(word))


def _asks(token: Token, following: Sequence[Token], before: Sequence[Token]) -> str | None:
    """The word of a token, where it asks for a reason."""
    last = token.text.rpartition(".")[2]
    if is_unsound(token.text):
        return last
    if token.text == "decide" and following and following[0].text == "+":
        return "native_decide"
    if token.text in ("#", "«", "»") or "«" in token.text:
        return "«»" if "«" in token.text or token.text == "»" else _hash(following)
    if not (token.text in MEANING or token.text.startswith(BEGINNINGS)) or token.kind is Kind.FIELD:
        return None
    behind_dot = bool(before) and before[-1].text == "." and not token.spaced
    if behind_dot and before[0].kind is not Kind.NUMBER:  # `1.` is a number
        return None
    if token.text == "set_option" and following and following[0].text.startswith(PLAIN_OPTIONS):
        return None
    return token.text


def _hash(following: Sequence[Token]) -> str:
    return f"#{following[0].text}" if following else "#"
