"""A scan of the sources for what makes a text mean something else, or proves without a proof.

In: the sources of the library, ``Solution.lean`` and ``Challenge.lean``, whatever else of the project these import, and the
list of what is allowed, each with its reason.  Out: a section.  Comments, docstrings and strings are no code and are not looked
at; the exporter, which no theorem imports, is not scanned.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pybridge.audit.sections import Difference, Section
from pybridge.errors import InputError
from pybridge.surface.library import Library, imports, place
from pybridge.surface.tokens import Kind, Token, tokens

ALLOWED = "lean/allowed.json"
"""What is allowed: a list of ``file``, ``word``, ``text`` (of the whole line) and ``why``."""
OUTSIDE = ("Challenge.lean", "Solution.lean")
KNOWN = ("Mathlib", "Lean", "Init", "Std", "Batteries")
"""Libraries that may be imported."""
UNSOUND = {
    *("axiom", "sorry", "admit", "sorryAx", "native_decide", "ofReduceBool", "reduceBool", "trustCompiler", "ofReduceNat"),
    *("implemented_by", "extern", "csimp", "unsafe", "unsafeCast", "unsafeIO", "opaque", "partial", "skipKernelTC"),
    *("run_cmd", "run_elab", "run_meta", "initialize", "builtin_initialize", "addDecl", "by_elab"),
}
"""Words by which something is proved without a proof, or is run that is not what was proved."""
MEANING = {
    *("notation", "notation3", "infix", "infixl", "infixr", "prefix", "postfix", "macro", "macro_rules", "syntax", "elab"),
    *("elab_rules", "declare_syntax_cat", "binder_predicate", "simproc", "dsimproc", "unif_hint", "instance", "coe"),
    *("default_instance", "renaming", "hiding", "export", "delab", "app_delab", "app_unexpander", "set_option", "binop_elab"),
}
"""Words after which the same text means, or is printed as, something else."""
PLAIN_OPTIONS = ("maxHeartbeats", "maxRecDepth", "synthInstance.maxHeartbeats", "linter.")
"""Options, or their beginnings, that change neither meaning nor proof."""


@dataclass(frozen=True, slots=True)
class Found:
    """A word that asks for a reason: where it stands, and the whole line."""

    file: str
    line: int
    word: str
    text: str


@dataclass(frozen=True, slots=True)
class Allowed:
    """A line that is allowed, and why."""

    file: str
    word: str
    text: str
    why: str


def scan(library: Library, root: Path) -> Section:
    """Scan the sources of the checkout ``root``.

    Raises
    ------
    InputError
        A file, or the list of what is allowed, cannot be read.
    SurfaceError
        A file cannot be taken apart.
    """
    texts = _imported({**library.sources, **{name: _read(root / name) for name in OUTSIDE}}, root)
    allowed = read_allowed(root)
    found = [one for file, text in texts.items() for one in (*words(text, file), *_foreign(text, file, texts))]
    lines = {(one.file, one.word, one.text) for one in allowed}
    refused = [one for one in found if (one.file, one.word, one.text) not in lines]
    there = {(one.file, one.word, one.text) for one in found}
    unused = [one for one in allowed if (one.file, one.word, one.text) not in there]
    differences = [
        *(Difference(f"{one.file}:{one.line}", one.word, one.text, "", f"not allowed by {ALLOWED}") for one in refused),
        *(Difference(one.file, one.word, "no such line", one.text, f"allowed by {ALLOWED}") for one in unused),
    ]
    count = len(found) - len(refused)
    return Section(
        "sources",
        f"{len(texts)} files scanned for {len(UNSOUND | MEANING)} words and for characters that no editor shows: "
        f"{count} uses, each allowed with a reason",
        tuple(differences),
        ("the exporter, which no theorem imports, is a program and is not scanned: the terms are read again below",),
    )


def _imported(texts: Mapping[str, str], root: Path) -> dict[str, str]:
    """These files, and those of the project that they import."""
    found = dict(texts)
    left = list(texts.values())
    while left:
        for module in imports(left.pop()):
            file = place(module)
            if file not in found and (root / file).is_file():
                found[file] = _read(root / file)
                left.append(found[file])
    return found


def _foreign(text: str, file: str, texts: Mapping[str, str]) -> Iterator[Found]:
    """Imports of what is neither the project's nor a library that is known."""
    for module in imports(text):
        if place(module) not in texts and module.partition(".")[0] not in KNOWN:
            number = next(n for n, line in enumerate(text.split("\n"), 1) if module in line)
            yield Found(file, number, "import", f"import {module}")


def words(text: str, file: str) -> Iterator[Found]:
    """The words of a file that ask for a reason, and the characters that no editor shows."""
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        for character in line:
            if unicodedata.category(character) in ("Cf", "Cc", "Co", "Cn") and character != "\t":
                yield Found(file, number, f"U+{ord(character):04X}", " ".join(line.split()))
    items = [one for one in tokens(text) if one.kind not in (Kind.DOC, Kind.MODULE_DOC, Kind.STRING, Kind.NUMBER)]
    for n, token in enumerate(items):
        if (word := _asks(token, items[n + 1 : n + 2], items[max(n - 1, 0) : n])) is not None:
            number = text.count("\n", 0, token.start) + 1
            yield Found(file, number, word, " ".join(lines[number - 1].split()))


def _asks(token: Token, following: Sequence[Token], before: Sequence[Token]) -> str | None:
    """The word of a token, where it asks for a reason."""
    last = token.text.rpartition(".")[2]
    if last in UNSOUND:
        return last
    if token.text == "decide" and following and following[0].text == "+":
        return "native_decide"
    if token.text not in MEANING or token.kind is Kind.FIELD or (before and before[0].text == "."):
        return None
    if token.text == "set_option" and following and following[0].text.startswith(PLAIN_OPTIONS):
        return None
    return token.text


def read_allowed(root: Path) -> list[Allowed]:
    """The list of what is allowed.

    Raises
    ------
    InputError
        It cannot be read, or an entry has no reason.
    """
    listed = root / ALLOWED
    try:
        entries = json.loads(_read(listed))
        found = [Allowed(**_texts(entry)) for entry in entries]
    except (ValueError, TypeError):
        raise InputError(f"{listed}: not a list of file, word, text and why", hint="see docs/trust.md") from None
    if bare := [one for one in found if not one.why.strip()]:
        raise InputError(f"{listed}: {bare[0].file}: {bare[0].word}: no reason is given", hint="say why it is allowed")
    return found


def _texts(entry: Mapping[str, object]) -> dict[str, str]:
    if not all(isinstance(value, str) for value in entry.values()):
        raise TypeError
    return {key: str(value) for key, value in entry.items()}


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").replace("\r\n", "\n")
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}", hint="run it in a checkout of the repository") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: byte {error.start} is not UTF-8") from None
