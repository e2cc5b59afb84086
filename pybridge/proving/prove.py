"""A second proof, independent of Lean: the two sides of an equation as polynomials, for batches of a given size.

For each m the statement is evaluated on symbols, the hypotheses decide which cases are left (``algebras/tower.py``), and in
each of them the conclusion is decided.  Three outcomes, never mixed up: proved; false, with a rational point; not decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from typing_extensions import assert_never

from pybridge import ir
from pybridge.algebras.base import NotInAlgebra, Relation, Truth
from pybridge.algebras.cases import Cases, all_cases
from pybridge.algebras.effort import Effort, Poly, TooHard
from pybridge.algebras.symbolic import SymbolicAlgebra
from pybridge.algebras.tower import Contradiction, Tower
from pybridge.checking.check import check
from pybridge.checking.verdict import Refuted, Witness
from pybridge.errors import InputError
from pybridge.export.loading import Export
from pybridge.proving.symbols import environment_on, equations, positions_of, sizes_of, symbols_of
from pybridge.semantics.evaluate import Side, sides, truth

MOST_CASES = 200
MOST_ENTRIES = 16
"""The largest m that is tried: beyond, even statements without a root take minutes."""


@dataclass(frozen=True, slots=True)
class Proved:
    """For all batches of these ``sizes`` the statement holds.

    Parameters
    ----------
    sizes
        Of the index types and spaces, by name.
    cases
        How many cases the hypotheses leave; in each of them it holds.
    symbols
        The equations of the roots and inverses that were introduced, over all cases.
    """

    sizes: dict[str, int]
    cases: int
    symbols: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disproved:
    """The statement is false: a rational point refutes it, of as many entries as were asked for or fewer."""

    witness: Witness


@dataclass(frozen=True, slots=True)
class NotDecided:
    """Neither was found; ``why`` says where the attempt ended."""

    why: str


@dataclass(frozen=True, slots=True)
class Excluded:
    """No batch of this size satisfies the hypotheses: there is nothing to prove."""


Finding: TypeAlias = Proved | Disproved | NotDecided | Excluded


class _Ends(Enum):
    EXCLUDED = "the hypotheses exclude the case"
    HOLDS = "the conclusion holds"


@dataclass(frozen=True, slots=True)
class _Open:
    why: str


def prove(theorem: ir.Theorem, export: Export, size: int) -> Finding:
    """Prove a statement for all batches of ``size`` entries.

    Parameters
    ----------
    theorem
        Any statement; one that is false can only be refuted or stay open.
    export
        Gives the definitions.
    size
        m, at most ``MOST_ENTRIES``: the size of every index type and the dimension of every abstract space; of an index type
        that only labels a family of vectors at most 2.

    Raises
    ------
    InputError
        The size is not from 1 to ``MOST_ENTRIES``.

    Examples
    --------
    >>> from pybridge.export.loading import load
    >>> export = load()
    >>> type(prove(export.theorem("norm_sq_backward"), export, 2)).__name__
    'Proved'
    """
    if not 1 <= size <= MOST_ENTRIES:
        raise InputError(f"no proof is tried for m = {size}", hint=f"give a size from 1 to {MOST_ENTRIES}")
    sizes = sizes_of(theorem, size)
    symbols: dict[str, None] = {}
    cases = 0
    effort = Effort()
    for positions in positions_of(theorem, sizes):

        def run(answers: Cases, positions: dict[str, int] = positions) -> _Ends | _Open:
            try:
                return _one_case(theorem, export, sizes, positions, answers, effort, symbols)
            except Contradiction:
                return _Ends.EXCLUDED

        try:
            for number, end in enumerate(all_cases(run)):
                if isinstance(end, _Open):
                    return _refuted(theorem, export, size) or NotDecided(end.why)
                if number > MOST_CASES:
                    return NotDecided(f"more than {MOST_CASES} cases")
                cases += end is _Ends.HOLDS
        except (TooHard, NotInAlgebra) as error:
            return _refuted(theorem, export, size) or NotDecided(error.message)
    if not cases:
        return Excluded()
    return Proved(sizes, cases, tuple(symbols))


def _one_case(
    theorem: ir.Theorem,
    export: Export,
    sizes: dict[str, int],
    positions: dict[str, int],
    answers: Cases,
    effort: Effort,
    symbols: dict[str, None],
) -> _Ends | _Open:
    names = [name for variable in theorem.variables for name in symbols_of(variable, sizes)]
    tower = Tower(names, answers, effort=effort)
    algebra = SymbolicAlgebra(tower)
    environment = environment_on(theorem, sizes, positions, tower)
    for hypothesis in theorem.hypotheses:
        if not _is_conjunction(hypothesis.proposition):
            raise NotInAlgebra("symbolic", f"the hypothesis {hypothesis.name}")
        for side in sides(hypothesis.proposition, algebra, environment, export.definitions):
            if not _assumed(side, tower):
                return _Ends.EXCLUDED
    held = truth(theorem.conclusion, algebra, environment, export.definitions)
    if held is Truth.HOLDS:
        symbols.update(dict.fromkeys(equations(tower)))
        return _Ends.HOLDS
    case = ", ".join(answers.said) or "the only case"
    return _Open(f"{_left_open(theorem.conclusion)} ({case})")


def _left_open(conclusion: ir.Proposition) -> str:
    """Where the attempt at a conclusion ended, in words."""
    match conclusion:
        case ir.Eq() | ir.VectorEq():
            return "the two sides do not reduce to one another"
        case ir.Ne() | ir.Lt() | ir.Le():
            return "the sign of the difference of the two sides stays open"
        case _:
            return "whether it holds stays open"


def _is_conjunction(proposition: ir.Proposition) -> bool:
    """Whether a proposition says no more and no less than all its sides together."""
    match proposition:
        case ir.And(left, right):
            return _is_conjunction(left) and _is_conjunction(right)
        case ir.Eq() | ir.Ne() | ir.Lt() | ir.Le() | ir.VectorEq() | ir.Orthonormal():
            return True
        case ir.ForAll(variable, body) if isinstance(variable.kind, ir.PositionKind):
            return _is_conjunction(body)
        case ir.Iff() | ir.Imp() | ir.Mem() | ir.VectorNe() | ir.ForAll() | ir.Eventually() | ir.OpNormLe() | ir.IsGreatest():
            return False
        case ir.HasGradientAt() | ir.HasDerivAt() | ir.HasFDerivAt():
            return False
        case _:
            assert_never(proposition)


def _assumed(side: Side[Poly], tower: Tower) -> bool:
    """Assume what a side of a hypothesis says; False where it cannot be."""
    difference = side.right - side.left
    match side.relation:
        case Relation.EQ:
            return tower.vanish(difference)
        case Relation.NE:
            return tower.sign(difference, only_zero=True) != 0
        case Relation.LT:
            return tower.sign(difference) > 0
        case Relation.LE:
            return tower.sign(difference) >= 0
        case _:
            assert_never(side.relation)


def _refuted(theorem: ir.Theorem, export: Export, size: int) -> Disproved | None:
    report = check(theorem, export, families=("integers", "two-values", "random"), largest=size, shrink=False)
    return Disproved(report.verdict.witness) if isinstance(report.verdict, Refuted) else None
