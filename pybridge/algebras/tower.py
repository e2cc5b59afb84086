"""Polynomials with roots and quotients as new symbols, and what is known of their signs.

A root is a symbol s with s² = radicand, a quotient by d a symbol t with t d = 1.  Whether an expression is zero is decided by
clearing the t, replacing every s², and reducing modulo the equations that hold in the case at hand: nothing is simplified by
rules of thumb.  A zero found is certain; an expression that does not reduce to 0 may still be zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod
from typing import Any, TypeAlias

from pybridge.algebras.cases import Cases
from pybridge.algebras.effort import Effort, Poly, TooHard
from pybridge.algebras.factoring import factor_list
from pybridge.errors import PybridgeError

MOST_COMBINED = 6
"""Roots of rationals whose products are looked through for a new one."""

_Key: TypeAlias = frozenset[tuple[tuple[int, ...], Any]]
Signs: TypeAlias = frozenset[int]
_WORDS = {-1: "< 0", 0: "= 0", 1: "> 0"}


class Contradiction(PybridgeError):
    """What was assumed in this case cannot all be true: there is no such case."""


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


class Tower:
    """A ring over the rationals in the variables of a statement, to which roots and inverses are added.

    Parameters
    ----------
    names
        Of the variables.
    cases
        Where to ask about a sign that is not known.
    room
        How many roots and inverses there may be.
    effort
        What is counted there ends the attempt where it gets too much; cases may share it.
    """

    def __init__(self, names: Sequence[str], cases: Cases, room: int = 16, effort: Effort | None = None) -> None:
        from sympy.polys.domains import QQ  # not before a ring is made: SymPy takes half a second to import
        from sympy.polys.orderings import grevlex
        from sympy.polys.rings import PolyRing

        self.ring: Any = PolyRing([*names, *(f"_{number}" for number in range(room))], QQ, grevlex)
        self.variables: tuple[Poly, ...] = self.ring.gens[: len(names)]
        self.cases = cases
        self.effort = effort or Effort()
        self.steps: list[Root | Inverse] = []
        self._free = list(range(len(names), len(names) + room - 1))  # the last stands for itself in _constant
        self._roots: dict[_Key, Poly] = {}
        self._inverses: dict[_Key, Poly] = {}
        self._norms: dict[_Key, Poly] = {}
        self._signs: dict[_Key, Signs] = {}
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

    # Adding.

    def root(self, radicand: Poly, *, of_squares: bool = False) -> Poly:
        """The root of ``radicand``, 0 where it is negative; ``of_squares`` says that it is not."""
        if (found := self._roots.get(_key(radicand))) is not None:
            return found
        if of_squares and (constant := self._constant(radicand)) is not None:
            found = self.root(self.ring.ground_new(constant)) if constant else self.ring.zero
        elif of_squares:
            found = self._new_root(radicand)
            self._norms[_key(found)] = radicand
        elif self.sign(radicand) <= 0:
            found = self.ring.zero
        else:
            square, rest = self._square_part(radicand)
            if _key(rest) not in self._roots:
                self._roots[_key(rest)] = self._new_root(rest)
                self._signs[_key(self._roots[_key(rest)])] = frozenset({1})
            found = square * self._roots[_key(rest)]
        self._roots[_key(radicand)] = found
        return found

    def _constant(self, poly: Poly) -> Any | None:
        """The rational that ``poly`` certainly is in this case, whatever the variables are; None where it is none."""
        fresh = len(self.ring.gens) - 1
        parts = self._by_power(self.reduced(poly - self.ring.gens[fresh]), fresh)
        numerator, denominator = parts.get(0, self.ring.zero), -parts.get(1, self.ring.zero)
        if not denominator:  # the case contradicts itself
            return None
        ratio = self.ring.domain(0) if not numerator else numerator.LC / denominator.LC
        return ratio if numerator == denominator * ratio else None

    def _new_root(self, radicand: Poly) -> Poly:
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

    def _square_part(self, radicand: Poly) -> tuple[Poly, Poly]:
        """A positive polynomial and what is left of a positive ``radicand`` without its square."""
        square, rest = self.ring.one, radicand
        for factor, power in self._factors(radicand)[1] if self._is_plain(radicand) else []:
            if power > 1:
                square *= (factor * self._factor_sign(factor, only_zero=False)) ** (power // 2)
                rest = rest.exquo(factor ** (power - power % 2))
        return square, rest

    def _is_plain(self, poly: Poly) -> bool:
        """Whether no root or inverse occurs in ``poly``."""
        return not any(any(monomial[len(self.variables) :]) for monomial in poly.itermonoms())

    def inverse(self, denominator: Poly) -> Poly:
        """One over ``denominator``; 0 where it is 0."""
        if denominator.is_ground:
            return self.ring.ground_new(1 / denominator.LC) if denominator else self.ring.zero
        if (found := self._inverses.get(_key(denominator))) is None:
            found = self._inverse(denominator) if self.sign(denominator, only_zero=True) else self.ring.zero
            self._inverses[_key(denominator)] = found
        return found

    def _inverse(self, denominator: Poly) -> Poly:
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

    # Knowing.

    def sign(self, poly: Poly, *, only_zero: bool = False) -> int:
        """The sign of ``poly`` in this case; asks for those of its factors that are not known.

        Parameters
        ----------
        only_zero
            Whether it is enough to know if it is 0: then the answer is 0 or 1.
        """
        constant, factors = self._factors(self.reduced(poly, even=True))
        if constant == 0:
            return 0
        sign = 1 if constant > 0 else -1
        for factor, power in factors:
            sign *= self._factor_sign(factor, only_zero=only_zero or power % 2 == 0)
            if sign == 0:
                return 0
        return 1 if only_zero else sign

    def assume_positive(self, variable: Poly) -> None:
        """Take a variable, of which nothing is known so far, to be positive."""
        self._assume(variable, frozenset({1}))

    def possible(self, poly: Poly) -> Signs:
        """The signs ``poly`` can have as far as is known, without asking."""
        constant, factors = self._factors(self.reduced(poly, even=True))
        if constant == 0:
            return frozenset({0})
        found = frozenset({1 if constant > 0 else -1})
        for factor, power in factors:
            signs = self._known(factor)
            found = frozenset(one * other**power for one in found for other in signs)
        return found

    def vanish(self, poly: Poly) -> bool:
        """Assume that ``poly`` is zero; False where it cannot be."""
        constant, factors = self._factors(self.reduced(poly))
        if constant == 0:
            return True
        options = [(f"{factor} = 0", factor) for factor, _ in factors if 0 in self._known(factor)]
        if not options:
            return False
        self._assume(self.cases.ask(options), frozenset({0}))
        return True

    def _factors(self, poly: Poly) -> tuple[Any, list[tuple[Poly, int]]]:
        """A constant, and irreducible factors with positive leading coefficient; the constant of 0 is 0."""
        if poly.is_ground:
            return (poly.LC if poly else 0), []
        constant, found = factor_list(poly)
        factors = []
        for factor, power in found:
            if factor.LC < 0:
                factors.append((-factor.primitive()[1], power))
                constant = constant * (-1) ** power
            else:
                factors.append((factor.primitive()[1], power))
        return constant, factors

    def _known(self, factor: Poly) -> Signs:
        if (key := _key(factor)) not in self._signs:
            nonnegative = key in self._norms or _nonnegative_form(factor)
            self._signs[key] = frozenset({0, 1}) if nonnegative else frozenset({-1, 0, 1})
        return self._signs[key]

    def _factor_sign(self, factor: Poly, *, only_zero: bool) -> int:
        """The sign of an irreducible factor; 1 stands for not 0 where that is all one asks."""
        known = self._known(factor)
        if len(known) > 1 and _key(factor) in self._norms:
            self._assume(factor, known := frozenset({self.sign(self._norms[_key(factor)], only_zero=True)}))
        if only_zero:
            groups = [known - {0}, known & {0}]
            options = [(f"{factor} {'≠ 0' if 0 not in group else '= 0'}", group) for group in groups if group]
        else:
            options = [(f"{factor} {_WORDS[sign]}", frozenset({sign})) for sign in (1, 0, -1) if sign in known]
        chosen = self.cases.ask(options)
        self._assume(factor, chosen)
        return max(chosen) if len(chosen) == 1 and not only_zero else int(0 not in chosen)

    def _assume(self, factor: Poly, signs: Signs) -> None:
        zero_before = self._known(factor) == {0}
        self._signs[_key(factor)] = signs
        if signs == {0} and not zero_before:
            equations = [factor]
            if _nonnegative_form(factor):  # at its zeros it is smallest, so that its derivatives vanish there too
                equations += [derivative for x in self.variables if (derivative := factor.diff(x))]
            for step in reversed(self.steps):
                if isinstance(step, Root):  # what a + b s = 0 says without s
                    equations += [self._norm(equation, step) for equation in equations]
            from sympy.polys.groebnertools import groebner

            self._relations = groebner([*self._relations, *(e for e in equations if e)], self.ring)
            self._refuse_contradictions()

    def _refuse_contradictions(self) -> None:
        """Look whether something that is known not to be 0 is 0 by the equations of this case."""
        for key, signs in self._signs.items():
            if 0 not in signs and self.is_zero(self.ring.from_dict(dict(key))):
                raise Contradiction("a case that contradicts itself")

    def _norm(self, poly: Poly, step: Root) -> Poly:
        parts = self._by_power(poly, step.symbol)
        rational, factor = parts.get(0, self.ring.zero), parts.get(1, self.ring.zero)
        if not factor:
            return self.ring.zero
        square = self.effort.product(self.effort.power(factor, 2), step.radicand)
        return self.reduced(self.effort.bounded(self.effort.power(rational, 2) - square))


def _key(poly: Poly) -> _Key:
    """What tells polynomials apart: SymPy keeps the hash of an element that a division has changed since."""
    return frozenset(poly.items())


def _nonnegative_form(poly: Poly) -> bool:
    """Whether ``poly`` is a quadratic form that is nowhere negative."""
    from sympy import Matrix

    if any(sum(monomial) != 2 for monomial in poly.itermonoms()):
        return False
    used = [symbol for symbol in range(poly.ring.ngens) if any(monomial[symbol] for monomial in poly.itermonoms())]
    entries = [[_entry(poly, row, column) for column in used] for row in used]
    return bool(Matrix(entries).is_positive_semidefinite)


def _entry(poly: Poly, row: int, column: int) -> Any:
    monomial = [0] * poly.ring.ngens
    monomial[row] += 1
    monomial[column] += 1
    numbers = poly.ring.domain
    coefficient = numbers.to_sympy(poly.get(tuple(monomial), numbers(0)))
    return coefficient if row == column else coefficient / 2
