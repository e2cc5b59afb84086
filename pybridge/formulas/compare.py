"""A SymPy expression held against a definition: equal for all batches of m entries, or different on one, which is shown.

Equality is decided by symbols, as ``prove`` does it: in each case of the signs that matter in which the expression has a value.
A difference is shown by a batch on which enclosures of the two part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from pybridge import ir
from pybridge.algebras.ball import balls_of
from pybridge.algebras.base import NotInAlgebra, Relation, Truth
from pybridge.algebras.cases import Cases, all_cases
from pybridge.algebras.effort import Effort, TooHard
from pybridge.algebras.symbolic import SymbolicAlgebra
from pybridge.algebras.tower import Contradiction, Tower
from pybridge.batches.families import FAMILIES
from pybridge.batches.generate import Batch, drawn
from pybridge.batches.plan import Plan
from pybridge.checking.witness import decimals, paste
from pybridge.errors import InputError, brief
from pybridge.export.loading import Export
from pybridge.export.own import own_or
from pybridge.formulas.given import entries_of, itself, refuse_unknown, values_of
from pybridge.formulas.reading import Reading, Undefined
from pybridge.formulas.to_sympy import MAIN_INDEX
from pybridge.proving.prove import MOST_CASES, MOST_ENTRIES
from pybridge.proving.symbols import environment_on, symbols_of
from pybridge.semantics.evaluate import evaluate

PRECISIONS = (128, 512)
TRIED = ("integers", "two-values", "random", "offset")
EACH = 6
"""Batches of each of these families."""


@dataclass(frozen=True, kw_only=True)
class Equal:
    """The expression is the definition, for all batches of this size on which it has a value.

    Parameters
    ----------
    m
        The size.
    cases
        How many cases of signs there are in which it has a value; in each of them both are equal.
    """

    m: int
    cases: int


@dataclass(frozen=True, kw_only=True, repr=False)
class Different:
    """The expression is another function: on ``batch`` the two certainly differ.

    Parameters
    ----------
    batch
        Exact values for the definition's parameters.
    place
        The coordinate at which they differ; empty for a number.
    definition, expression
        What each of them gives there, to three digits past the one where they part.
    """

    batch: Batch
    place: str
    definition: str
    expression: str

    def __repr__(self) -> str:
        at = f", {self.place}" if self.place else ""
        return brief(self, f"{self.definition} and {self.expression}{at}, on {' '.join(paste(self.batch).split())}")


@dataclass(frozen=True, kw_only=True)
class NotDecided:
    """Neither was found; ``why`` says where the attempt ended, ``tried`` on how many batches the two are as good as equal."""

    why: str
    tried: int


Comparison: TypeAlias = Equal | Different | NotDecided


def compare_sympy(name: str, expression: Any, *, m: int = 3, export: Export | None = None) -> Comparison:
    """Hold a SymPy expression against a definition of the Lean library.

    Parameters
    ----------
    name : str
        A definition, with or without its namespace.
    expression : Expr, or sequence or Matrix of them
        In the symbols that ``to_sympy`` uses, known by their names: ``gamma``, ``epsilon``, ``y_0``, ``y_1``; or with entries
        ``y[0]`` of an ``IndexedBase`` and a symbol m, for which ``m`` is put.  For a vector one expression for each entry.
    m : int
        The size of the batches.
    export : Export, optional
        Where the definition is looked up; the package's own by default.

    Returns
    -------
    Equal, Different or NotDecided
        Equal where symbols prove it for all batches of m entries; different with a batch that shows it.

    Raises
    ------
    UnknownNameError
        There is no such definition.
    InputError
        m is none, the expression has other symbols, or something in it that is no algebra, or another number of entries.

    Examples
    --------
    >>> from pybridge.formulas.to_sympy import to_sympy
    >>> formula = to_sympy("variance", m=3)
    >>> compare_sympy("variance", formula.expression.expand(), m=3)
    Equal(m=3, cases=1)
    >>> unbiased = compare_sympy("variance", formula.expression * 3 / 2, m=3)
    >>> type(unbiased).__name__, unbiased.batch.sizes
    ('Different', {'ι': 3})
    """
    document = own_or(export)
    definition = document.definition(name)
    if not isinstance(m, int) or isinstance(m, bool) or not 1 <= m <= MOST_ENTRIES:
        raise InputError(f"m is {m!r}", hint=f"give a number from 1 to {MOST_ENTRIES}")
    theorem = itself(definition)
    sizes = {index.name: m for index in definition.indices}
    given = entries_of(definition, expression, m)
    refuse_unknown(definition.parameters, definition.name, given, sizes)
    different, tried = _apart(theorem, given, sizes, document)
    if different is not None:
        return different
    try:
        cases = _proved(theorem, given, sizes, document)
    except (TooHard, NotInAlgebra) as error:
        return NotDecided(why=error.message, tried=tried)
    if cases is None:
        return NotDecided(why="the two do not reduce to one another", tried=tried)
    if not cases:
        return NotDecided(why="the expression has no value for any batch of this size", tried=tried)
    return Equal(m=m, cases=cases)


def _term(theorem: ir.Theorem) -> ir.Term:
    conclusion: Any = theorem.conclusion
    term: ir.Term = conclusion.left
    return term


def _apart(theorem: ir.Theorem, given: Sequence[Any], sizes: dict[str, int], export: Export) -> tuple[Different | None, int]:
    """The first batch on which they certainly differ; and on how many they are as good as equal."""
    tried = 0
    plan = Plan(theorem, export.definitions)
    for batch in _batches(plan, sizes):
        for bits in PRECISIONS:
            found = _on(plan, batch, given, bits)
            if isinstance(found, Different):
                return found, tried
            if found:
                tried += 1
                break
    return None, tried


def _batches(plan: Plan, sizes: Mapping[str, int]) -> Iterator[Batch]:
    size = sizes.get(MAIN_INDEX, next(iter(sizes.values()), 1))
    for family in FAMILIES:
        for number in range(EACH if family.name in TRIED else 0):
            yield next(drawn(plan, family, size, number, 0))


def _on(plan: Plan, batch: Batch, given: Sequence[Any], bits: int) -> Different | bool:
    """What is seen on one batch: a difference, or whether both have a value and nothing parts them."""
    algebra = balls_of(bits)
    term = _term(plan.theorem)
    try:
        environment = batch.environment(plan, algebra)
        with algebra.context():
            numbers: dict[str, Any] = {}
            for variable in plan.theorem.variables:
                own = symbols_of(variable, dict(batch.sizes))
                scalar = isinstance(variable.kind, ir.ScalarKind)
                values = [environment.scalars[variable.name]] if scalar else list(environment.vectors[variable.name])
                numbers |= dict(zip(own, values, strict=True))
            reading = Reading(algebra, values_of(plan.theorem.variables, batch.sizes, numbers))
            others = [reading.scalar(one) for one in given]
            value: Any = evaluate(term, algebra, environment, plan.definitions)
            mine = [value] if isinstance(term, ir.SCALARS) else list(algebra.components(value))
            for place, (one, other) in enumerate(zip(mine, others, strict=True)):
                if algebra.compare(Relation.EQ, one, other) is Truth.FAILS:
                    left, right = decimals(one, other)
                    where = "" if isinstance(term, ir.SCALARS) else f"entry {place}"
                    return Different(batch=batch, place=where, definition=left, expression=right)
    except (NotInAlgebra, Undefined):
        return False
    return True


def _proved(theorem: ir.Theorem, given: Sequence[Any], sizes: dict[str, int], export: Export) -> int | None:
    """In how many cases the expression has a value, if in all of these both are equal; None where they are not."""
    names = [name for variable in theorem.variables for name in symbols_of(variable, sizes)]
    effort = Effort()
    term = _term(theorem)

    def run(answers: Cases) -> bool | None:
        tower = Tower(names, answers, effort=effort)
        algebra = SymbolicAlgebra(tower)
        try:
            reading = Reading(algebra, values_of(theorem.variables, sizes, dict(zip(names, tower.variables, strict=True))))
            others = [reading.scalar(one) for one in given]
            value: Any = evaluate(term, algebra, environment_on(theorem, sizes, {}, tower), export.definitions)
        except (Undefined, Contradiction):
            return None
        mine = [value] if isinstance(term, ir.SCALARS) else list(value)
        pairs = zip(mine, others, strict=True)
        return all(algebra.compare(Relation.EQ, one, other) is Truth.HOLDS for one, other in pairs)

    cases = 0
    for number, end in enumerate(all_cases(run)):
        if end is False or number > MOST_CASES:
            return None
        cases += bool(end)
    return cases
