"""The numbers a statement speaks of in one case: what their signs are is asked where it is needed, and then known.

``Extension`` says which polynomials are zero; here a root is 0 where its radicand is negative and an inverse is 0 where its
denominator is, as in Lean, and the sign of a polynomial is that of its irreducible factors.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from pybridge.algebras.cases import Cases
from pybridge.algebras.effort import Effort, Poly
from pybridge.algebras.extension import Extension
from pybridge.algebras.factoring import factor_list
from pybridge.errors import PybridgeError

_Key: TypeAlias = frozenset[tuple[tuple[int, ...], Any]]
Signs: TypeAlias = frozenset[int]
_WORDS = {-1: "< 0", 0: "= 0", 1: "> 0"}


class Contradiction(PybridgeError):
    """What was assumed in this case cannot all be true: there is no such case."""


class Tower(Extension):
    """A ring over the rationals in the variables of a statement, to which roots and inverses are added, case by case.

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
        super().__init__(names, room, effort or Effort())
        self.cases = cases
        self._roots: dict[_Key, Poly] = {}
        self._inverses: dict[_Key, Poly] = {}
        self._norms: dict[_Key, Poly] = {}
        self._signs: dict[_Key, Signs] = {}

    # Adding.

    def root(self, radicand: Poly, *, of_squares: bool = False) -> Poly:
        """The root of ``radicand``, 0 where it is negative; ``of_squares`` says that it is not."""
        if (found := self._roots.get(_key(radicand))) is not None:
            return found
        if of_squares and (constant := self.constant(radicand)) is not None:
            found = self.root(self.ring.ground_new(constant)) if constant else self.ring.zero
        elif of_squares:
            found = self.adjoin_root(radicand)
            self._norms[_key(found)] = radicand
        elif self.sign(radicand) <= 0:
            found = self.ring.zero
        else:
            square, rest = self._square_part(radicand)
            if _key(rest) not in self._roots:
                self._roots[_key(rest)] = self.adjoin_root(rest)
                self._signs[_key(self._roots[_key(rest)])] = frozenset({1})
            found = square * self._roots[_key(rest)]
        self._roots[_key(radicand)] = found
        return found

    def _square_part(self, radicand: Poly) -> tuple[Poly, Poly]:
        """A positive polynomial and what is left of a positive ``radicand`` without its square."""
        square, rest = self.ring.one, radicand
        for factor, power in self._factors(radicand)[1] if self.is_plain(radicand) else []:
            if power > 1:
                square *= (factor * self._factor_sign(factor, only_zero=False)) ** (power // 2)
                rest = rest.exquo(factor ** (power - power % 2))
        return square, rest

    def inverse(self, denominator: Poly) -> Poly:
        """One over ``denominator``; 0 where it is 0."""
        if denominator.is_ground:
            return self.ring.ground_new(1 / denominator.LC) if denominator else self.ring.zero
        if (found := self._inverses.get(_key(denominator))) is None:
            found = self.adjoin_inverse(denominator) if self.sign(denominator, only_zero=True) else self.ring.zero
            self._inverses[_key(denominator)] = found
        return found

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
            self.assume_zero(equations)
            self._refuse_contradictions()

    def _refuse_contradictions(self) -> None:
        """Look whether something that is known not to be 0 is 0 by the equations of this case."""
        for key, signs in self._signs.items():
            if 0 not in signs and self.is_zero(self.ring.from_dict(dict(key))):
                raise Contradiction("a case that contradicts itself")


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
