"""What a symbolic attempt may cost, and the operations on polynomials that are counted for it.

Everything that grows passes here, so that an attempt ends, undecided, before the memory does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Any, TypeAlias

from pybridge.errors import PybridgeError

Poly: TypeAlias = Any
"""An element of a SymPy ``PolyRing`` over the rationals, which SymPy does not type."""

LARGEST = 60_000
"""Terms a polynomial may have before the attempt is given up."""

AT_ONCE = 1_000_000
"""Products of terms that one multiplication may take, which is what its memory grows with."""

MOST_PRODUCTS = 10_000_000
"""Products of terms that an attempt may take in all."""


class TooHard(PybridgeError):
    """The decision takes too many symbols or terms; nothing is claimed."""


@dataclass(slots=True)
class Effort:
    """How many products of terms an attempt has taken so far; its methods raise ``TooHard`` where it gets too much."""

    products: int = 0

    def bounded(self, poly: Poly) -> Poly:
        """``poly``, where it is not too large."""
        if len(poly) > LARGEST:
            raise TooHard(f"a polynomial of more than {LARGEST} terms")
        return poly

    def product(self, left: Poly, right: Poly) -> Poly:
        """``left`` times ``right``."""
        self._spend(len(left) * len(right))
        return self.bounded(left * right)

    def power(self, base: Poly, exponent: int) -> Poly:
        """``base`` to a natural number; 1 where ``exponent`` is 0."""
        found = base.ring.one
        for digit in f"{exponent:b}":
            found = self.product(found, found)
            if digit == "1":
                found = self.product(found, base)
        return found

    def remainder(self, poly: Poly, relations: Sequence[Poly]) -> Poly:
        """What ``poly.rem(relations)`` is, in a ring ordered by ``grevlex``; the leading term is not searched for each time."""
        ring = poly.ring
        divisors = [(relation.LM, relation.LC, relation.terms()[1:]) for relation in relations]
        left, remainder = dict(poly), ring.zero
        waiting = [_descending(monomial) for monomial in left]
        heapify(waiting)
        while waiting:
            monomial = heappop(waiting)[1][::-1]
            if (coefficient := left.pop(monomial, None)) is None:  # cancelled since
                continue
            fitting = ((ring.monomial_div(monomial, leading), constant, rest) for leading, constant, rest in divisors)
            quotient, constant, rest = next((found for found in fitting if found[0] is not None), (None, 1, ()))
            if quotient is None:
                remainder[monomial] = coefficient
                continue
            self._spend(len(rest))
            for other, factor in rest:
                place = ring.monomial_mul(quotient, other)
                if place not in left:
                    heappush(waiting, _descending(place))
                value = left.pop(place, 0) - coefficient * factor / constant
                if value:
                    left[place] = value
            self.bounded(left)
        return remainder

    def _spend(self, products: int) -> None:
        self.products += products
        if products > AT_ONCE:
            raise TooHard(f"a multiplication of more than {AT_ONCE} products of terms")
        if self.products > MOST_PRODUCTS:
            raise TooHard(f"more than {MOST_PRODUCTS} products of terms")


def _descending(monomial: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    """What sorts monomials from the largest to the smallest in the order ``grevlex``."""
    return -sum(monomial), monomial[::-1]
