"""What is claimed against what is proved: the declarations of ``Challenge.lean`` and of ``Solution.lean``, token by token.

In: a checkout.  Out: a section.  That the proofs prove the statements only Lean says.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pybridge.audit.checkout import read_text
from pybridge.audit.constants import CONSTANTS
from pybridge.audit.sections import Difference, Section
from pybridge.surface.commands import DECLARING, Command, commands
from pybridge.surface.declarations import Declaration, declarations
from pybridge.surface.tokens import Token

CHALLENGE, SOLUTION = "Challenge.lean", "Solution.lean"
_OF_PROOFS = ("import", "module")


def claims(root: Path) -> Section:
    """The statements of ``Challenge.lean``, and the definitions that they speak of, against those of ``Solution.lean``.

    Raises
    ------
    InputError
        One of the two is missing.
    SurfaceError
        One of them cannot be taken apart.
    """
    texts = {file: read_text(root / file) for file in (CHALLENGE, SOLUTION)}
    theirs, ours = ({one.name: one for one in declarations(text, file)} for file, text in texts.items())
    theorems = sum(one.is_theorem for one in theirs.values())
    return Section(
        "claims",
        f"{theorems} theorems and {len(theirs) - theorems} definitions of {CHALLENGE} have the same text in {SOLUTION}",
        (
            *_contexts(texts[CHALLENGE], texts[SOLUTION]),
            *_same(theirs, ours),
            *_clashes([*theirs.values(), *ours.values()]),
        ),
        (f"that {SOLUTION} proves what {CHALLENGE} claims: comparator, or `lake build Solution`",),
        remedy=f"let both files say the same: {CHALLENGE} is what is claimed, {SOLUTION} repeats it and proves it",
    )


def _contexts(challenge: str, solution: str) -> Iterator[Difference]:
    """What stands between the declarations: namespaces, sections, variables, what is open."""
    theirs, ours = (
        [f"{one.word} {_spelled(one.body)}" for one in commands(text) if _speaks(one)] for text in (challenge, solution)
    )
    for there, here in zip(theirs, ours, strict=False):
        if there != here:
            yield Difference(CHALLENGE, "command", there, here, f"another than in {SOLUTION}", _SIDES)
    if len(theirs) != len(ours):
        yield Difference(CHALLENGE, "commands", str(len(theirs)), str(len(ours)), f"more or fewer than in {SOLUTION}", _SIDES)


def _speaks(command: Command) -> bool:
    return command.word not in DECLARING and command.word not in _OF_PROOFS


def _same(theirs: dict[str, Declaration], ours: dict[str, Declaration]) -> Iterator[Difference]:
    for name in sorted({*theirs, *ours}):
        there, here = theirs.get(name), ours.get(name)
        if there is None or here is None:
            where = ("not there", "there") if there is None else ("there", "not there")
            yield Difference(name, "declaration", *where, f"in one of {CHALLENGE} and {SOLUTION} only", _SIDES)
            continue
        for what, one, other in zip(("kind", "scope", "binders", "type", "body"), _said(there), _said(here), strict=True):
            if one != other:
                yield Difference(name, what, one, other, f"{CHALLENGE} and {SOLUTION} part", _SIDES)


def _said(one: Declaration) -> tuple[str, ...]:
    """All that a declaration says; of a theorem not the proof."""
    scope = one.scope
    around = " ".join(
        [
            scope.namespace,
            *(f"open {opened.namespace} {sorted(opened.names or ())}" for opened in scope.opened),
            *(f"{binder.bracket} {binder.name} {_spelled(binder.type)}" for binder in scope.variables),
            *sorted(scope.included),
        ]
    )
    binders = " ".join(f"{binder.bracket} {binder.name} {_spelled(binder.type)}" for binder in one.binders)
    kind = f"{'private ' if one.private else ''}{one.word} {' '.join(attribute.name for attribute in one.attributes)}"
    return kind, around, binders, _spelled(one.type), "" if one.is_theorem else _spelled(one.body)


def _clashes(found: list[Declaration]) -> Iterator[Difference]:
    """No declaration has the name of one of mathlib's constants: within its namespace it would be taken for that one."""
    for one in found:
        short = one.name.removeprefix(f"{one.scope.namespace}.")
        if "." in short or short in CONSTANTS or short in _LAST:
            yield Difference(one.name, "name", f"{one.file}:{one.line}", "", f"{short} can be taken for mathlib's")


_SIDES = ("claim", "proof")
_LAST = {name.rpartition(".")[2] for name in CONSTANTS}


def _spelled(items: tuple[Token, ...]) -> str:
    return " ".join(token.text for token in items)
