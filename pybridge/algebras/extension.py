"""A ring of polynomials to which roots and inverses are added as symbols, and how a polynomial reduces there.

A root is a symbol s with s² = radicand, an inverse of d a symbol t with t d = 1.  Whether a polynomial is zero is decided by
clearing the t, replacing every s², and reducing modulo the equations assumed so far: nothing is simplified by rules of thumb.
A zero found is certain; a polynomial that does not reduce to 0 may still be zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod
from typing import Any

from pybridge.algebras.effort import Effort, Poly, TooHard

MOST_COMBINED = 6
"""Roots of rationals whose products are looked through for a new one."""


@dataclass(frozen=True, slots=True)
class Root:
    """``symbol``² = ``radicand``, ``symbol`` ≥ 0."""

    symbol: int
    radicand: Poly


@dataclass(frozen=True, slots=True)
class Inverse:
    """``symbol`` · ``denominator`` = 1."""

    symbol: int
    denominator: Poly


class Extension:
    """A ring over the rationals in some variables, the roots and inverses added to it, and the equations assumed.

    Parameters
    ----------
    names
        Of the variables.
    room
        How many roots and inverses there may be.
    effort
        What is counted there ends the attempt where it gets too much.
    """

    def __init__(self, names: Sequence[str], room: int, effort: Effort) -> None:
        from sympy.polys.domains import QQ  # not before a ring is made: SymPy takes half a second to import
        from sympy.polys.orderings import grevlex
        from sympy.polys.rings import PolyRing

        self.ring: Any = PolyRing([*names, *(f"_{number}" for number in range(room))], QQ, grevlex)
        self.variables: tuple[Poly, ...] = self.ring.gens[: len(names)]
        self.effort = effort
        self.steps: list[Root | Inverse] = []
        self._free = list(range(len(names), len(names) + room - 1))  # the last stands for itself in constant
        self._relations: list[Poly] = []

    # Reducing.

    def reduced(self, poly: Poly, *, even: bool = False) -> Poly:
        """``poly`` times something that is not zero, without inverses and with roots at most to the first power.

        Parameters
        ----------
        even
            Whether that something has to be positive, so that the sign stays.
        """
        for step in reversed(self.steps):
            poly = self._cleared(poly, step, even) if isinstance(step, Inverse) else self._unrooted(poly, step)
        return self.effort.remainder(poly, self._relations) if self._relations else poly

    def is_zero(self, poly: Poly) -> bool:
        """Whether ``poly`` certainly is zero in this case."""
        return bool(self.reduced(poly) == 0)

    def constant(self, poly: Poly) -> Any | None:
        """The rational that ``poly`` certainly is in this case, whatever the variables are; None where it is none."""
        fresh = len(self.ring.gens) - 1
        parts = self._by_power(self.reduced(poly - self.ring.gens[fresh]), fresh)
        numerator, denominator = parts.get(0, self.ring.zero), -parts.get(1, self.ring.zero)
        if not denominator:  # the case contradicts itself
            return None
        ratio = self.ring.domain(0) if not numerator else numerator.LC / denominator.LC
        return ratio if numerator == denominator * ratio else None

    def is_plain(self, poly: Poly) -> bool:
        """Whether no root or inverse occurs in ``poly``."""
        return not any(any(monomial[len(self.variables) :]) for monomial in poly.itermonoms())

    def _cleared(self, poly: Poly, step: Inverse, even: bool) -> Poly:
        parts = self._by_power(poly, step.symbol)
        highest = max(parts, default=0)
        highest += highest % 2 if even else 0
        return self._combined((part, step.denominator, highest - power) for power, part in parts.items())

    def _unrooted(self, poly: Poly, step: Root) -> Poly:
        symbol = self.ring.gens[step.symbol]
        parts = self._by_power(poly, step.symbol)
        return self._combined((part * symbol ** (power % 2), step.radicand, power // 2) for power, part in parts.items())

    def _by_power(self, poly: Poly, symbol: int) -> dict[int, Poly]:
        parts: dict[int, Poly] = {}
        for monomial, coefficient in poly.terms():
            power = monomial[symbol]
            rest = (*monomial[:symbol], 0, *monomial[symbol + 1 :])
            parts.setdefault(power, self.ring.zero)[rest] = coefficient
        return parts

    def _combined(self, products: Iterable[tuple[Poly, Poly, int]]) -> Poly:
        total = self.ring.zero
        for part, factor, power in products:
            total = self.effort.bounded(total + self.effort.product(part, self.effort.power(factor, power)))
        return total

    def _norm(self, poly: Poly, step: Root) -> Poly:
        parts = self._by_power(poly, step.symbol)
        rational, factor = parts.get(0, self.ring.zero), parts.get(1, self.ring.zero)
        if not factor:
            return self.ring.zero
        square = self.effort.product(self.effort.power(factor, 2), step.radicand)
        return self.reduced(self.effort.bounded(self.effort.power(rational, 2) - square))

    def assume_zero(self, equations: Sequence[Poly]) -> None:
        """Take these polynomials, and what follows of each without its roots, to be zero from now on."""
        from sympy.polys.groebnertools import groebner

        every = list(equations)
        for step in reversed(self.steps):
            if isinstance(step, Root):  # what a + b s = 0 says without s
                every += [self._norm(equation, step) for equation in every]
        self._relations = groebner([*self._relations, *(equation for equation in every if equation)], self.ring)

    # Adding.

    def adjoin_root(self, radicand: Poly) -> Poly:
        """A root of ``radicand``, which is nowhere negative: a new symbol, unless it is made of roots that are there."""
        if radicand.is_ground and (found := self._by_earlier_roots(radicand.LC)) is not None:
            return found
        symbol = self._new()
        self.steps.append(Root(symbol, radicand))
        return self.ring.gens[symbol]

    def _by_earlier_roots(self, radicand: Any) -> Poly | None:
        """The root of a rational by roots of rationals that are there: √8 = 2 √2; None where it is independent of them."""
        numbers = self.ring.domain
        rational = [step for step in self.steps if isinstance(step, Root) and step.radicand.is_ground][:MOST_COMBINED]
        for count in range(len(rational) + 1):
            for chosen in combinations(rational, count):
                product = prod((step.radicand.LC for step in chosen), start=numbers(1))
                if numbers.is_square(radicand * product):
                    roots = prod((self.ring.gens[step.symbol] for step in chosen), start=self.ring.one)
                    return roots * (numbers.exsqrt(radicand * product) / product)
        return None

    def adjoin_inverse(self, denominator: Poly) -> Poly:
        """One over ``denominator``, which is not zero: symbol by symbol of the monomial in it, and the rest."""
        content = tuple(map(min, zip(*denominator.itermonoms(), strict=True)))
        rest = denominator.quo_term((content, self.ring.domain(1)))
        found = self.ring.ground_new(1 / rest.LC)
        rest = rest.monic()
        if not rest.is_ground:
            found *= self._atom(rest)
        for symbol, power in enumerate(content):
            if power:
                found *= self._atom(self.ring.gens[symbol]) ** power
        return found

    def _atom(self, denominator: Poly) -> Poly:
        for step in self.steps:
            if isinstance(step, Inverse):
                if step.denominator == denominator:
                    return self.ring.gens[step.symbol]
                if self.ring.gens[step.symbol] == denominator:
                    return step.denominator
        symbol = self._new()
        self.steps.append(Inverse(symbol, denominator))
        return self.ring.gens[symbol]

    def _new(self) -> int:
        if not self._free:
            raise TooHard("too many roots and quotients")
        return self._free.pop(0)
