"""The types of what a statement is about, and how those that no text gives are found.

In: types with unknowns.  Out: the same, with the unknowns found by unification, as Lean finds them; nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pybridge.surface.tokens import SurfaceError


class UnreadError(SurfaceError):
    """A text that cannot be made a term here: nothing is said about the term beside it."""


@dataclass(frozen=True, slots=True)
class Known:
    """A type by its head and what that is applied to: ``PiLp`` of an index type and a type, ``→L`` of two types."""

    head: str
    args: tuple[Type, ...] = ()


@dataclass(eq=False, slots=True)
class Unknown:
    """A type to be found."""

    found: Type | None = None


Type: TypeAlias = Known | Unknown
REAL, NATURAL, NONNEGATIVE, PROPOSITION = Known("ℝ"), Known("ℕ"), Known("ℝ≥0"), Known("Prop")
INDEX, SPACE = "index ", "space "
"""What the head of an index type, and of an abstract space, begins with."""


def resolved(type_: Type) -> Type:
    """What is known of a type at its head."""
    while isinstance(type_, Unknown) and type_.found is not None:
        type_ = type_.found
    return type_


def is_a(type_: Type, head: str) -> bool:
    """Whether the head of a type is known, and this one."""
    found = resolved(type_)
    return isinstance(found, Known) and found.head == head


def unify(left: Type, right: Type) -> None:
    """Make two types one.

    Raises
    ------
    UnreadError
        They are different ones.
    """
    left, right = resolved(left), resolved(right)
    if left is right:
        return
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        _find(left, right) if isinstance(left, Unknown) else _find(right, left)
        return
    if left.head != right.head or len(left.args) != len(right.args):
        raise UnreadError(f"{said(left)} where {said(right)} is expected")
    for one, other in zip(left.args, right.args, strict=True):
        unify(one, other)


def _find(unknown: Type, found: Type) -> None:
    if _occurs(unknown, found):
        raise UnreadError(f"a type that holds itself: {said(found)}")
    if isinstance(unknown, Unknown):
        unknown.found = found


def parts(type_: Type, head: str, count: int) -> tuple[Type, ...]:
    """The arguments of a type, which is made one with this head where it is unknown.

    Raises
    ------
    UnreadError
        It has another head.
    """
    wanted = Known(head, tuple(Unknown() for _ in range(count)))
    unify(type_, wanted)
    return wanted.args


def said(type_: Type) -> str:
    """A type as text."""
    found = resolved(type_)
    if isinstance(found, Unknown):
        return "?"
    head = found.head.removeprefix(INDEX).removeprefix(SPACE)
    return head if not found.args else f"({' '.join([head, *map(said, found.args)])})"


def _occurs(unknown: Type, type_: Type) -> bool:
    found = resolved(type_)
    return found is unknown or (isinstance(found, Known) and any(_occurs(unknown, one) for one in found.args))
