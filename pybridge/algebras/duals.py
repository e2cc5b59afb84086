"""Duals: a value and its derivative, and what is done with derivatives that may be missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pybridge.algebras.base import S

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Dual(Generic[T]):
    """A value and its derivative; ``tangent`` is None where the value certainly does not depend on the variable."""

    value: T
    tangent: T | None = None


def none_moves(parts: Sequence[Dual[T]]) -> bool:
    """Whether no part has a tangent."""
    return all(part.tangent is None for part in parts)


def moved(tangent: T | None, linear: Callable[[T], S]) -> S | None:
    """A linear map of a tangent that may be missing."""
    return None if tangent is None else linear(tangent)


def sum_of(add: Callable[[T, T], T], left: T | None, right: T | None) -> T | None:
    """The sum of two tangents that may be missing."""
    if left is None or right is None:
        return right if left is None else left
    return add(left, right)


def difference_of(subtract: Callable[[T, T], T], negate: Callable[[T], T], left: T | None, right: T | None) -> T | None:
    """The difference of two tangents that may be missing."""
    if left is None:
        return moved(right, negate)
    return left if right is None else subtract(left, right)
