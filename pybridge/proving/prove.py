"""A second proof, independent of Lean: the two sides of an equation as polynomials, for batches of a given size.

For each m the statement is evaluated on symbols, the hypotheses decide which cases are left (``algebras/tower.py``), and in
each of them the conclusion is decided.  Three outcomes, never mixed up: proved; false, with a rational point; not decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import product
from typing import TypeAlias

from typing_extensions import assert_never

from pybridge import ir
from pybridge.algebras.base import NotInAlgebra, Relation, Truth
from pybridge.algebras.cases import Cases, all_cases
from pybridge.algebras.effort import Effort, Poly, TooHard
from pybridge.algebras.extension import Inverse, Root
from pybridge.algebras.symbolic import SymbolicAlgebra
from pybridge.algebras.tower import Contradiction, Tower
from pybridge.checking.check import check
from pybridge.checking.verdict import Refuted, Witness
from pybridge.errors import InputError
from pybridge.export.loading import Export
from pybridge.semantics.environment import Environment, Family, dimension_of
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
    sizes = _sizes(theorem, size)
    symbols: dict[str, None] = {}
    cases = 0
    effort = Effort()
    for positions in _positions(theorem, sizes):

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
    names = [name for variable in theorem.variables for name in _symbols(variable, sizes)]
    tower = Tower(names, answers, effort=effort)
    algebra = SymbolicAlgebra(tower)
    environment = _environment(theorem, sizes, positions, tower)
    for hypothesis in theorem.hypotheses:
        if not _is_conjunction(hypothesis.proposition):
            raise NotInAlgebra("symbolic", f"the hypothesis {hypothesis.name}")
        for side in sides(hypothesis.proposition, algebra, environment, export.definitions):
            if not _assumed(side, tower):
                return _Ends.EXCLUDED
    held = truth(theorem.conclusion, algebra, environment, export.definitions)
    if held is Truth.HOLDS:
        symbols.update(dict.fromkeys(_described(tower)))
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


def _sizes(theorem: ir.Theorem, size: int) -> dict[str, int]:
    kinds = [variable.kind for variable in theorem.variables]
    spaces = [kind.space for kind in kinds if isinstance(kind, ir.VectorKind | ir.FamilyKind)]
    coordinates = {space.index for space in spaces if isinstance(space, ir.Euclidean)}
    labels = {kind.index for kind in kinds if isinstance(kind, ir.FamilyKind)} - coordinates
    labels |= {space.family for space in spaces if isinstance(space, ir.ChannelSpace)}
    names = (*(index.name for index in theorem.indices), *theorem.spaces)
    return {name: min(size, 2) if name in labels else size for name in names}


def _positions(theorem: ir.Theorem, sizes: dict[str, int]) -> Iterator[dict[str, int]]:
    """Every choice of the positions that the statement speaks about."""
    kinds = {v.name: v.kind for v in theorem.variables}
    ranges = {name: range(sizes[kind.index]) for name, kind in kinds.items() if isinstance(kind, ir.PositionKind)}
    for chosen in product(*ranges.values()):
        yield dict(zip(ranges, chosen, strict=True))


def _symbols(variable: ir.Variable, sizes: dict[str, int]) -> list[str]:
    name = variable.name
    match variable.kind:
        case ir.ScalarKind():
            return [name]
        case ir.VectorKind(space):
            return [f"{name}_{k}" for k in range(dimension_of(space, sizes))]
        case ir.PositionKind():
            return []
        case ir.FamilyKind(index, space):
            return [f"{name}_{j}_{k}" for j in range(sizes[index]) for k in range(dimension_of(space, sizes))]
        case ir.LossKind() | ir.FieldKind() | ir.OperatorKind() | ir.SetKind():
            raise NotInAlgebra("symbolic", f"the map or set {name}")
        case _:
            assert_never(variable.kind)


def _environment(
    theorem: ir.Theorem, sizes: dict[str, int], positions: dict[str, int], tower: Tower
) -> Environment[Poly, tuple[Poly, ...]]:
    symbols = iter(tower.variables)
    scalars: dict[str, Poly] = {}
    vectors: dict[str, tuple[Poly, ...]] = {}
    families: dict[str, Family[tuple[Poly, ...]]] = {}
    for variable in theorem.variables:
        own = tuple(next(symbols) for _ in _symbols(variable, sizes))
        match variable.kind:
            case ir.ScalarKind():
                scalars[variable.name] = own[0]
            case ir.VectorKind():
                vectors[variable.name] = own
            case ir.PositionKind():
                pass
            case ir.FamilyKind(index, space):
                dimension = dimension_of(space, sizes)
                members = [own[k * dimension : (k + 1) * dimension] for k in range(sizes[index])]
                families[variable.name] = Family(dimension, members)
            case ir.LossKind() | ir.FieldKind() | ir.OperatorKind() | ir.SetKind():
                raise NotInAlgebra("symbolic", f"the map or set {variable.name}")
            case _:
                assert_never(variable.kind)
    return Environment(sizes, scalars, vectors, positions, families)


def _described(tower: Tower) -> Iterator[str]:
    """The equations of the roots and inverses."""
    for step in tower.steps:
        match step:
            case Root(symbol, radicand):
                yield f"{tower.ring.gens[symbol]}^2 = {radicand}"
            case Inverse(symbol, denominator):
                yield f"{tower.ring.gens[symbol]} * ({denominator}) = 1"
            case _:
                assert_never(step)
