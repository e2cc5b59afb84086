"""One term of a sum that is taken so many times: half of it, or a tenth, where it stands once.

In: rows, and a test of one guess.  Out: the guesses that fit all numbers. What a number is off by is then the same multiple of
that term everywhere; each number leaves an interval for it, as for a factor of the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from pybridge import ir
from pybridge.ir.occurrences import places, put
from pybridge.ir.rewrite import reachable
from pybridge.kernels.arithmetic import Arithmetic
from pybridge.kernels.enclosed import Enclosed
from pybridge.kernels.explanations.factors import simplest
from pybridge.kernels.guesses import Definitions, Guess
from pybridge.kernels.looks import Look
from pybridge.notation.render import text

_INFORMATIVE, _ACCURACY = 4, 2.0**-6
"""So many numbers have to determine the multiple to this accuracy."""
_SHORT = 1000
"""No number that somebody writes down has a larger denominator."""


def multiples(looks: Sequence[Look], arithmetic: Arithmetic, explains: Callable[[Guess], bool]) -> Iterator[Guess]:
    """Yield the multiples of one term that explain every number."""
    comparison = looks[0].comparison
    definitions = comparison.export.definitions
    own = [(look, look.enclosed(definitions, arithmetic)) for look in looks[:2]]
    for found in reachable(comparison.definition, definitions):
        kinds = {parameter.name: parameter.kind for parameter in found.parameters}
        for place in places(found.body, kinds):
            for term, times in _terms(place.node):

                def changed(scalar: ir.Scalar, found=found, place=place, times=times) -> Definitions:  # type: ignore[no-untyped-def]
                    body = put(found.body, place.path, times(scalar))
                    return {**definitions, found.name: replace(found, body=body)}

                number = _number(own, arithmetic, changed(ir.Nat(0)))
                if number is None or number.denominator > _SHORT or number in (0, 1):
                    continue
                made = changed(_literal(number))
                said = f"in {found.name}, `{text(term)}` is taken {_said(number)} times"
                guess = Guess(said, found.name, lambda _, made=made: made)  # type: ignore[misc]
                if explains(guess):
                    yield guess


def _terms(node: object) -> Iterator[tuple[ir.Scalar, Callable[[ir.Scalar], Any]]]:
    """Yield the terms of a sum of two, and the sum with a multiple of one."""
    if isinstance(node, ir.Add | ir.Sub):
        yield node.right, lambda number: replace(node, right=ir.Mul(number, node.right))
        if not isinstance(node.left, ir.Add | ir.Sub):
            yield node.left, lambda number: replace(node, left=ir.Mul(number, node.left))


def _number(own: Sequence[tuple[Look, Enclosed]], arithmetic: Arithmetic, without: Definitions) -> Fraction | None:
    """The simplest number that a few rows leave for the multiple, which is taken to be linear; None where there is none."""
    low, high, sharp = -np.inf, np.inf, 0
    for look, exact in own:
        rest = look.enclosed(without, arithmetic)
        term = exact.value.value[0] - rest.value.value[0]
        room = look.judged_by().allowed[1] + rest.own[1]
        with np.errstate(all="ignore"):
            middle, width = 1 + (look.got - exact.value.value[0]) / term, room / np.abs(term)
        good = np.isfinite(middle) & np.isfinite(width) & (width < 1)
        middle, width = middle[good], width[good]
        low = max(low, float((middle - width).max(initial=-np.inf)))
        high = min(high, float((middle + width).min(initial=np.inf)))
        sharp += int(np.count_nonzero(width < _ACCURACY))
    return simplest(low, high) if sharp >= _INFORMATIVE and low <= high else None


def _literal(number: Fraction) -> ir.Scalar:
    size: ir.Scalar = ir.Nat(abs(number.numerator))
    if number.denominator != 1:
        size = ir.Div(size, ir.Nat(number.denominator))
    return size if number > 0 else ir.Neg(size)


def _said(number: Fraction) -> str:
    """As a short decimal, or a fraction."""
    short = f"{float(number):.6g}"
    return short if Fraction(short) == number else str(number)
