"""The named axes of arrays: the positions of a binder, or the coordinates of a vector."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn, TypeAlias, final

Length: TypeAlias = tuple[str, ...]
"""What an axis is as long as, the factors of a product: an index type or space by name, or ``of y``, as long as the vector y
is, ``out of A`` or ``into A``, as the operator A says."""


@final
class Axis:
    """An axis of arrays; ``number`` tells apart those of one length.  Equal ones are one object."""

    __slots__ = ("length", "number")

    length: Length
    number: int

    def __new__(cls, length: Length, number: int) -> Axis:
        """The axis of this length and number, the same for every caller."""
        if (found := _known.get((length, number))) is None:
            made = super().__new__(cls)
            object.__setattr__(made, "length", length)
            object.__setattr__(made, "number", number)
            found = _known.setdefault((length, number), made)
        return found

    def __setattr__(self, name: str, _: object) -> NoReturn:
        raise AttributeError(f"an axis has its {name} for good")

    def __reduce__(self) -> tuple[object, ...]:
        return Axis, (self.length, self.number)

    def __lt__(self, other: Axis) -> bool:
        return (self.length, self.number) < (other.length, other.number)

    def __str__(self) -> str:
        return f"{'×'.join(self.length)}{self.number or ''}"

    def __repr__(self) -> str:
        return f"Axis({self.length!r}, {self.number})"


_known: dict[tuple[Length, int], Axis] = {}


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
