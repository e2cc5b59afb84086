"""The named axes of arrays: the positions of a binder, or the coordinates of a vector."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

Length: TypeAlias = tuple[str, ...]
"""What an axis is as long as, the factors of a product: an index type or space by name, or ``of y``, as long as the vector y
is, ``out of A`` or ``into A``, as the operator A says."""


@dataclass(frozen=True, slots=True, order=True)
class Axis:
    """An axis of arrays; ``number`` tells apart those of one length."""

    length: Length
    number: int
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.length, self.number)))

    def __hash__(self) -> int:
        return self._hash

    def __str__(self) -> str:
        return f"{'×'.join(self.length)}{self.number or ''}"


def is_own(length: Length) -> bool:
    """Whether it is known by a value only, and by no index type or space."""
    return " " in length[0]


def unused(length: Length, taken: Iterable[Axis]) -> Axis:
    """The first axis of this length that is not taken."""
    numbers = {axis.number for axis in taken if axis.length == length}
    number = 0
    while number in numbers:
        number += 1
    return Axis(length, number)
