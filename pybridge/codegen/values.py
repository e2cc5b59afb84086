"""What a function computes: numbers for each entry of a batch, or for each batch, made of one another.

``Values`` makes every value once, and decides the order of operations while it does.  A factor that is the same for all entries
of a batch is taken out of a sum; such factors of an entry are multiplied with one another first; and an entry is divided by
such a number as it is multiplied with the inverse.  All this is exact in real numbers; ``bound.py`` counts the rounding errors.
No sum is multiplied out: (y - μ) ρ stays that, since y ρ - μ ρ would lose digits.
"""

from __future__ import annotations

from dataclasses import dataclass

from pybridge.errors import PybridgeError


class NotCompiled(PybridgeError):
    """The definition has a part for which no code is written."""


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """An operation.

    Parameters
    ----------
    op
        input, number, size, add, subtract, multiply, divide, negate, sqrt, absolute or sum.
    args
        What it does it to.
    data
        The name of an input, or a number.
    spread
        Whether it is one number for each entry of a batch; else it is one for each batch.
    """

    op: str
    args: tuple[Value, ...]
    data: str | int | None
    spread: bool

    def __repr__(self) -> str:
        said = self.op if self.data is None else f"{self.op} {self.data}"
        return f"<Value {said}{' of each entry' if self.spread else ''}>"

    @property
    def leaf(self) -> bool:
        """Whether it is no operation."""
        return self.op in ("input", "number", "size")


class Values:
    """Makes values, each of them once."""

    def __init__(self) -> None:
        self._made: dict[tuple[object, ...], Value] = {}

    def input(self, name: str, *, spread: bool) -> Value:
        return self._make("input", data=name, spread=spread)

    def number(self, value: int) -> Value:
        return self._make("number", data=value, spread=False)

    def size(self) -> Value:
        """The number of entries of a batch, m."""
        return self._make("size", spread=False)

    def simple(self, op: str, *args: Value) -> Value:
        """An addition, subtraction, negation, root or absolute value."""
        return self._make(op, *args)

    def multiply(self, left: Value, right: Value) -> Value:
        """The product; numbers that all entries of the batch are multiplied with are multiplied with one another first."""
        for entry, common in ((left, right), (right, left)):
            if entry.op == "multiply" and entry.spread and not common.spread:
                first, second = entry.args
                if not second.spread:
                    return self._make("multiply", first, self.multiply(second, common))
                if not first.spread:
                    return self._make("multiply", self.multiply(first, common), second)
        return self._make("multiply", left, right)

    def divide(self, left: Value, right: Value) -> Value:
        """The quotient; of an entry, the product with the inverse of what all entries of the batch are divided by."""
        if right.spread:
            raise NotCompiled("a division by each entry of a vector is not compiled")
        one = self.number(1)
        return self.multiply(left, self._make("divide", one, right)) if left.spread else self._make("divide", left, right)

    def power(self, base: Value, exponent: int) -> Value:
        """The power, by products."""
        found = self.number(1) if exponent == 0 else base
        for _ in range(exponent - 1):
            found = self.multiply(found, base)
        return found

    def total(self, body: Value) -> Value:
        """The sum over the entries of a batch; factors that all entries have are multiplied with the sum."""
        if not body.spread:
            return self.multiply(self.size(), body)
        if body.op == "negate":
            return self.simple("negate", self.total(body.args[0]))
        if body.op == "multiply":
            factors = list(_factors(body))
            common = [factor for factor in factors if not factor.spread]
            if common:
                first, *others = (factor for factor in factors if factor.spread)
                for factor in others:
                    first = self.multiply(first, factor)
                found = self.total(first)
                for factor in common:
                    inverse = factor.op == "divide" and factor.args[0] is self.number(1)
                    found = self.divide(found, factor.args[1]) if inverse else self.multiply(found, factor)
                return found
        return self._make("sum", body, spread=False)

    def _make(self, op: str, *args: Value, data: str | int | None = None, spread: bool | None = None) -> Value:
        key = (op, data, spread, *map(id, args))
        if (found := self._made.get(key)) is None:
            over = any(arg.spread for arg in args) if spread is None else spread
            found = self._made[key] = Value(op, args, data, over)
        return found


def _factors(value: Value) -> list[Value]:
    if value.op == "multiply" and value.spread:
        return [factor for arg in value.args for factor in _factors(arg)]
    return [value]
