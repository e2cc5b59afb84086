"""Irreducible factors by FLINT: SymPy's own way, through dense polynomials, takes minutes and gigabytes in thirty variables."""

from __future__ import annotations

from typing import Any

from flint import fmpq, fmpq_mpoly_ctx

from pybridge.algebras.effort import Poly


def factor_list(poly: Poly) -> tuple[Any, list[tuple[Poly, int]]]:
    """What ``poly.factor_list()`` is, up to constant factors: a constant, and irreducible polynomials with their powers.

    Examples
    --------
    >>> from sympy import QQ, ring
    >>> _, x, y = ring("x, y", QQ)
    >>> factor_list(4 * x**2 * y - 4 * y)
    (4, [(y, 1), (x - 1, 1), (x + 1, 1)])
    """
    ring = poly.ring
    used = [place for place, powers in enumerate(zip(*poly.itermonoms(), strict=True)) if any(powers)]
    context = fmpq_mpoly_ctx.get([f"x{place}" for place in used], "degrevlex")
    terms = {tuple(monomial[place] for place in used): _fmpq(value) for monomial, value in poly.terms()}
    constant, found = context.from_dict(terms).factor()

    def back(factor: Any) -> Poly:
        whole = ring.zero
        for powers, value in factor.to_dict().items():
            monomial = [0] * ring.ngens
            for place, power in zip(used, powers, strict=True):
                monomial[place] = int(power)
            whole[tuple(monomial)] = _rational(value, ring)
        return whole

    factors = sorted(((back(factor), int(power)) for factor, power in found), key=_order)
    return _rational(constant, ring), factors


def _order(found: tuple[Poly, int]) -> tuple[Any, ...]:
    factor, power = found
    return len(factor), power, factor.terms()


def _fmpq(value: Any) -> Any:
    return fmpq(int(value.numerator), int(value.denominator))


def _rational(value: Any, ring: Any) -> Any:
    exact = fmpq(value)
    return ring.domain(int(exact.p), int(exact.q))
