"""A theorem on somebody's own batch.

In: the name of a theorem, or an equation, and arrays under the names of its variables.  Out: an ``Evaluation``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pybridge import ir
from pybridge.batches.plan import LARGEST, Plan
from pybridge.errors import InputError
from pybridge.evaluation.arrays import batches_of, missing
from pybridge.evaluation.enclosures import digits_asked
from pybridge.evaluation.naming import by_variable
from pybridge.evaluation.needs import for_all_positions, needs
from pybridge.evaluation.on_batch import on_batch
from pybridge.evaluation.results import Evaluation
from pybridge.export.loading import Export
from pybridge.export.own import own_or

DIGITS = 30
MOST_DIFFERENTIATED = 128
"""A gradient that a hypothesis determines is found coordinate by coordinate: of a batch of at most so many entries."""


def evaluate(
    name: str, *, axis: int | Sequence[int] | None = None, digits: int = DIGITS, export: Export | None = None, **given: Any
) -> Evaluation:
    """Put a batch into a theorem: both sides enclosed, the digits to which they agree, each hypothesis with its value.

    Parameters
    ----------
    name : str
        A theorem, with or without its namespace, or an equation such as ``"7ε"`` or ``"7eps"``.  Of several theorems of one
        equation the first is taken whose variables are given; the result names the others.
    axis : int or sequence of int, optional
        The axis, or axes, of the arrays that run over one batch; each place of the others is a batch of its own.  It has to be
        given where the arrays have more than one axis.  Of a theorem with matrices, families of vectors or channels it is left
        out: its arrays have an axis for each index type.
    digits : int
        How many digits of each number are to be certain; the precision rises until they are.
    export : Export, optional
        Where the theorem is looked up; the package's own by default.
    **given
        The theorem's variables, under their Lean names or in ASCII (gamma, beta, eps): NumPy, torch or JAX arrays, taken as the
        exact numbers that they hold; a number, or one for each batch, for a scalar: ``1e-5`` is the float64 nearest to it, and
        ``Fraction("1e-5")`` the decimal itself.  A loss is ``"quadratic"``,
        ``"cross-entropy:LABEL"``, ``"geman-mcclure"``, one of ``pybridge.semantics.losses``, or a Python function of an array;
        where its gradient g is given it is left out, and ``⟪g, ·⟫`` stands for it.  A variable that a hypothesis determines is
        left out, and so may be a position, for which all are taken.  A keyword that is no variable of the theorem is refused;
        a file given to ``pybridge check --data`` may hold more than that.

    Returns
    -------
    Evaluation
        For each batch a verdict, the hypotheses, the comparisons and the terms.  A hypothesis that does not certainly hold
        makes it ``vacuous``, which does not pass.

    Raises
    ------
    UnknownNameError
        There is no such theorem or equation.
    AxisNotNamedError
        The arrays have more than one axis, and ``axis`` is not given.
    InputError
        A variable is unknown, missing, or determined by a hypothesis; an array holds NaN, an infinity or no real numbers;
        shapes do not fit, or the batch is empty.

    Examples
    --------
    >>> import numpy as np
    >>> y, g = np.array([1.0, 2.0, 4.0, 8.0]), np.array([0.5, -1.0, 0.25, 2.0])
    >>> found = evaluate("7ε", y=y, g=g, gamma=2.0, eps=1e-5, digits=12)
    >>> found.verdict, found.left.middle, found.right.middle
    ('agrees', '0.984195228041', '0.984195228041')
    >>> print(found.hypotheses[0].statement)
    0 < BatchNorm.variance y + ε

    Of a batch that the theorem says nothing about:

    >>> constant = evaluate("7", y=np.ones(4), g=g, gamma=2.0)
    >>> constant.verdict, constant.worst.unmet
    ('vacuous', (<Condition h certainly fails: 0 < 0>,))
    """
    __tracebackhide__ = True
    document = own_or(export)
    wanted = digits_asked(digits)
    found = document.stated(name)
    theorem = found[0] if len(found) == 1 else _fitting(name, found, given, document)
    others = tuple(other.name for other in found if other is not theorem)
    variables = by_variable(theorem.name, [variable.name for variable in theorem.variables], given)
    return evaluated(theorem, variables, axis, wanted, document, also=others)


def evaluated(
    theorem: ir.Theorem,
    given: Mapping[str, Any],
    axis: int | Sequence[int] | None,
    digits: int,
    export: Export,
    *,
    also: tuple[str, ...] = (),
    unused: tuple[str, ...] = (),
) -> Evaluation:
    """The same of one theorem, with what is given by Lean name."""
    plan = plan_of(theorem, given, export)
    batches = batches_of(plan, given, axis)
    largest = max(max(placed.batch.sizes.values(), default=0) for placed in batches)
    if plan.largest == LARGEST and largest > MOST_DIFFERENTIATED:
        raise InputError(
            f"{theorem.name}: a batch of {largest} entries, and a gradient or a matrix is found entry by entry",
            hint=f"give at most {MOST_DIFFERENTIATED}",
        )
    return Evaluation(
        theorem=theorem, batches=tuple(on_batch(plan, placed, digits) for placed in batches), also=also, unused=unused
    )


def plan_of(theorem: ir.Theorem, given: Mapping[str, Any], export: Export) -> Plan:
    """The plan of the theorem, taken for all positions that are not given."""
    return Plan(for_all_positions(theorem, given), export.definitions)


def _fitting(name: str, theorems: Sequence[ir.Theorem], given: Mapping[str, Any], export: Export) -> ir.Theorem:
    """The first theorem of an equation whose variables are those that are given."""
    reasons = []
    for theorem in theorems:
        try:
            variables = by_variable(theorem.name, [variable.name for variable in theorem.variables], given)
        except InputError as error:
            reasons.append(error.message)
            continue
        plan = plan_of(theorem, variables, export)
        found = needs(plan, variables)
        if not found.missing and not found.determined:
            return theorem
        if found.missing:
            reasons.append(missing(plan, found.missing).message)
        reasons += [f"{theorem.name}: {hypothesis} determines {one}" for one, hypothesis in found.determined.items()]
    raise InputError(f"no theorem of {name!r} takes what is given: {'; '.join(reasons)}", hint="see `pybridge show`")
