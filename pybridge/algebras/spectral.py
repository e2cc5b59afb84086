"""The largest singular value of a matrix of balls, enclosed.

Of the matrix of midpoints, which is exact, an approximation is found first and trusted in nothing.  A number t is no less than
the largest eigenvalue of the Gram matrix G where t - G has a Cholesky factorization that succeeds in balls; a vector of which
t - G makes little gives a bound from below.  How often the largest singular value occurs, or how near the next one is, does not
matter.  The matrix of radii adds its Frobenius norm on both sides, by which the norm of a matrix in the balls may differ.
"""

from __future__ import annotations

from collections.abc import Sequence

from flint import acb_mat, arb, arb_mat, ctx

_ZERO, _ONE = arb(0), arb(1)
_SPARE = 64
"""Bits beyond twice the precision: t - G loses as many as t is near the eigenvalue, and some at every step."""
_TRIES = (4, 24, 64)
"""How many bits less than the precision t may lie from the approximation, in relation to it; tried in turn."""


def largest_singular_value(entries: Sequence[arb], columns: int) -> arb:
    """The largest singular value of every matrix in the balls, at the precision of the context.

    Parameters
    ----------
    entries
        Row by row; at least one.
    columns
        How many there are in a row.
    """
    if not all(entry.is_finite() for entry in entries):
        return arb("nan")
    precision = ctx.prec
    with ctx.workprec(2 * precision + _SPARE):
        middles = [entry.mid() for entry in entries]
        radii = sum((entry.rad() ** 2 for entry in entries), _ZERO).sqrt()
        if all(middle == 0 for middle in middles):
            return radii.upper().union(_ZERO) if radii > 0 else _ZERO
        matrix = arb_mat(len(entries) // columns, columns, middles)
        wide = matrix.nrows() < columns
        gram = matrix * matrix.transpose() if wide else matrix.transpose() * matrix
        low, high = _eigenvalue(gram, precision)
        least, most = (low.sqrt() - radii).lower(), (high.sqrt() + radii).upper()
        found = (least if least > 0 else _ZERO).union(most)
    return +found


def _eigenvalue(gram: arb_mat, precision: int) -> tuple[arb, arb]:
    """Bounds of the largest eigenvalue of a Gram matrix that is not 0."""
    size = gram.nrows()
    diagonal = [gram[k, k] for k in range(size)]
    low = max(entry.lower() for entry in diagonal)  # it is no less than any entry of the diagonal
    trace = sum(diagonal, _ZERO)
    if size == 1:
        return low, trace
    guess = max(value.real.mid() for value in acb_mat(gram.mid()).eig(algorithm="approx"))
    for spared in _TRIES:
        bound = (guess * (_ONE + arb(2) ** (spared - precision))).mid()
        if (factor := _cholesky(gram, bound)) is not None:
            return _from_below(gram, factor, low), bound
    return low, trace


def _cholesky(gram: arb_mat, bound: arb) -> list[list[arb]] | None:
    """The rows L of L Lᵀ = bound - G; None where that is not certainly positive definite."""
    rows: list[list[arb]] = []
    for j in range(gram.nrows()):
        row: list[arb] = []
        for k in range(j):
            taken = sum((one * other for one, other in zip(row, rows[k], strict=False)), _ZERO)
            row.append((-gram[j, k] - taken) / rows[k][k])
        pivot = bound - gram[j, j] - sum((entry * entry for entry in row), _ZERO)
        if not pivot > 0:
            return None
        rows.append([*row, pivot.sqrt()])
    return rows


def _from_below(gram: arb_mat, factor: list[list[arb]], low: arb) -> arb:
    """The quotient of Rayleigh of a vector that is large along the eigenvectors sought, unless ``low`` is more."""
    size = gram.nrows()
    vector: list[arb] = []
    for j, row in enumerate(factor):  # what is near a right side that is all over the place
        known = sum((entry * found for entry, found in zip(row, vector, strict=False)), _ZERO)
        vector.append(((arb(2 * j + 1).sin() - known) / row[j]).mid())
    for j in reversed(range(size)):
        known = sum((factor[k][j] * vector[k] for k in range(j + 1, size)), _ZERO)
        vector[j] = ((vector[j] - known) / factor[j][j]).mid()
    column = arb_mat(size, 1, vector)
    square = sum((entry * entry for entry in vector), _ZERO)
    if not square > 0:
        return low
    quotient = ((column.transpose() * gram * column)[0, 0] / square).lower()
    return quotient if quotient > low else low
