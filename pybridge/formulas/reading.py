"""A SymPy expression evaluated in an algebra: what is needed to hold it against a definition.

In: an expression, and a value for each symbol.  Out: a scalar of the algebra; or ``Undefined``, where SymPy's expression has no
real value there, and ``InputError`` where it has something in it that the algebras do not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic

import sympy as sp
from flint import fmpq

from pybridge.algebras.base import Algebra, Relation, S, Truth, V
from pybridge.algebras.symbolic import SymbolicAlgebra
from pybridge.errors import InputError, PybridgeError

KNOWN = "sums, products, quotients, whole powers, roots, absolute values and rational numbers"


class Undefined(PybridgeError):
    """The expression has no real value here, or it is not certain that it has one."""


class Reading(Generic[S, V]):
    """Evaluates expressions whose symbols have these values, by what ``key`` makes of a symbol."""

    def __init__(self, algebra: Algebra[S, V], values: Mapping[Any, S]) -> None:
        self.algebra = algebra
        self.values = values
        self._known: dict[Any, S] = {}

    def scalar(self, expression: Any) -> S:
        """The value of an expression.

        Raises
        ------
        Undefined
            It divides by 0, or takes the root of a negative number, or may do so.
        InputError
            It has something in it that is not known here.
        """
        if expression not in self._known:
            self._known[expression] = self._scalar(expression)
        return self._known[expression]

    def _scalar(self, expression: Any) -> S:
        algebra = self.algebra
        if (value := self.values.get(key(expression))) is not None:
            return value
        if expression.is_Rational:
            return algebra.scalar(fmpq(int(expression.p), int(expression.q)))
        if expression.is_Float:
            return self._scalar(sp.Rational(expression))
        if expression.is_Add:
            return algebra.sum([self.scalar(part) for part in expression.args])
        if expression.is_Mul:
            product, *rest = (self.scalar(part) for part in expression.args)
            for factor in rest:
                product = algebra.multiply(product, factor)
            return product
        if expression.is_Pow:
            return self._power(*expression.args)
        if isinstance(expression, sp.Abs):
            return algebra.absolute(self.scalar(expression.args[0]))
        raise InputError(
            f"an expression with {expression.func.__name__} ({expression}) cannot be compared", hint=f"it may have {KNOWN}"
        )

    def _power(self, base: Any, exponent: Any) -> S:
        algebra, value = self.algebra, self.scalar(base)
        if not exponent.is_Rational or exponent.q > 2:
            raise InputError(f"a power to {exponent} cannot be compared", hint=f"an expression may have {KNOWN}")
        if exponent.q == 2:
            value = algebra.sqrt(self._not_negative(value))
        if exponent.p < 0:
            value = algebra.divide(algebra.scalar(1), self._not_zero(value))
        return algebra.power(value, abs(int(exponent.p)))

    def _not_negative(self, value: S) -> S:
        if isinstance(self.algebra, SymbolicAlgebra):
            fine = self.algebra.tower.sign(value) >= 0
        else:
            fine = self.algebra.compare(Relation.LE, self.algebra.scalar(0), value) is Truth.HOLDS
        if not fine:
            raise Undefined("the root of a number that may be negative")
        return value

    def _not_zero(self, value: S) -> S:
        if isinstance(self.algebra, SymbolicAlgebra):
            fine = self.algebra.tower.sign(value, only_zero=True) != 0
        else:
            fine = self.algebra.compare(Relation.NE, value, self.algebra.scalar(0)) is Truth.HOLDS
        if not fine:
            raise Undefined("a division by a number that may be 0")
        return value


def key(expression: Any) -> Any:
    """What stands for a symbol: its name, and for an entry of an ``IndexedBase`` the base's name and the positions."""
    if expression.is_Symbol:
        return expression.name
    if isinstance(expression, sp.Indexed):
        return (str(expression.base), *(int(index) if index.is_Integer else str(index) for index in expression.indices))
    return None


def symbols_in(expression: Any) -> set[Any]:
    """The keys of all symbols and entries in an expression."""
    entries = expression.atoms(sp.Indexed)
    inside = {symbol for entry in entries for symbol in entry.free_symbols}
    return {key(entry) for entry in entries} | {key(symbol) for symbol in expression.free_symbols - entries - inside}
