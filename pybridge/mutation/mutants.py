"""Wrong statements: each exported theorem and definition with one small change.

In: an export.  Out: mutants, in a fixed order, each with a readable id that names the declaration, the place and the slip:
``norm_sq_backward:conclusion.right.left.left.base:to-0``.  How they fare is the matter of ``run.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from pybridge import ir
from pybridge.errors import brief
from pybridge.ir.linear import norms_are_linear, op_norms
from pybridge.ir.occurrences import Node, places, put
from pybridge.mutation.slips import Slip, slips, weaker
from pybridge.notation.render import text

N = TypeVar("N", bound=Node)


@dataclass(frozen=True, slots=True, repr=False)
class ConclusionMutant:
    """A theorem with another conclusion; ``change`` says in one line what is wrong, and what became what."""

    id: str
    change: str
    theorem: ir.Theorem

    def __repr__(self) -> str:
        return brief(self, f"{self.id}: {self.change}")


@dataclass(frozen=True, slots=True, repr=False)
class HypothesisMutant:
    """A theorem with ``hypothesis`` dropped or weakened."""

    id: str
    change: str
    theorem: ir.Theorem
    hypothesis: ir.Hypothesis

    def __repr__(self) -> str:
        return brief(self, f"{self.id}: {self.change}")


@dataclass(frozen=True, slots=True, repr=False)
class DefinitionMutant:
    """A definition with another body, by one slip."""

    id: str
    change: str
    definition: ir.Definition
    slip: Slip[Node]

    def __repr__(self) -> str:
        return brief(self, f"{self.id}: {self.change}")


Mutant: TypeAlias = ConclusionMutant | HypothesisMutant | DefinitionMutant


def mutants(declaration: ir.Theorem | ir.Definition, definitions: Mapping[str, ir.Definition]) -> tuple[Mutant, ...]:
    """Every mutant of one theorem or definition.

    Parameters
    ----------
    declaration
        A theorem, whose conclusion and hypotheses are changed, or a definition, whose body is.
    definitions
        ``Export.definitions``: what calls may be exchanged for.

    Examples
    --------
    >>> from pybridge.export.loading import load
    >>> export = load()
    >>> for mutant in mutants(export.definition("scale"), export.definitions)[:3]:
    ...     print(mutant.id, "|", mutant.change)
    scale:body:without | the root of `variance(y) + ε` is missing: √(variance(y) + ε) becomes variance(y) + ε
    scale:body:right-moved-out | `ε` stands outside the root: √(variance(y) + ε) becomes √(variance(y)) + ε
    scale:body.arg:without-right | `+ ε` is missing: variance(y) + ε becomes variance(y)
    """
    if isinstance(declaration, ir.Definition):
        return tuple(of_definition(declaration, definitions))
    return (*_of_hypotheses(declaration), *_of_conclusion(declaration, definitions))


def drop(theorem: ir.Theorem, hypothesis: ir.Hypothesis) -> HypothesisMutant:
    """The theorem without one of its hypotheses."""
    left = tuple(other for other in theorem.hypotheses if other is not hypothesis)
    name = f"{_short(theorem.name)}:{hypothesis.name}:dropped"
    return HypothesisMutant(name, f"without {hypothesis.statement}", replace(theorem, hypotheses=left), hypothesis)


def of_definition(definition: ir.Definition, definitions: Mapping[str, ir.Definition]) -> Iterator[DefinitionMutant]:
    """Yield every mutant of a definition; it calls none that was exported after it."""
    names = list(definitions)
    before = {name: definitions[name] for name in names[: names.index(definition.name)]}
    for where, slip, old, body in _changed(definition.body, "body", definition.parameters, before):
        yield DefinitionMutant(
            f"{_short(definition.name)}:{where}:{slip.label}", slip.change(old), replace(definition, body=body), slip
        )


def _of_hypotheses(theorem: ir.Theorem) -> Iterator[HypothesisMutant]:
    for number, hypothesis in enumerate(theorem.hypotheses):
        yield drop(theorem, hypothesis)
        for slip in weaker(hypothesis.proposition):
            changed = replace(hypothesis, proposition=slip.node, statement=text(slip.node))
            hypotheses = (*theorem.hypotheses[:number], changed, *theorem.hypotheses[number + 1 :])
            yield HypothesisMutant(
                f"{_short(theorem.name)}:{hypothesis.name}:{slip.label}",
                slip.change(hypothesis.proposition),
                replace(theorem, hypotheses=hypotheses),
                hypothesis,
            )


def _of_conclusion(theorem: ir.Theorem, definitions: Mapping[str, ir.Definition]) -> Iterator[ConclusionMutant]:
    for where, slip, old, conclusion in _changed(theorem.conclusion, "conclusion", theorem.variables, definitions):
        yield ConclusionMutant(
            f"{_short(theorem.name)}:{where}:{slip.label}", slip.change(old), replace(theorem, conclusion=conclusion)
        )


def _changed(
    root: N, name: str, variables: Sequence[ir.Variable], definitions: Mapping[str, ir.Definition]
) -> Iterator[tuple[str, Slip[Node], Node, N]]:
    """Yield what one slip makes of ``root``, each once: where it is made, the slip, what stood there, and the whole."""
    seen = {root}
    normed = any(op_norms(root))
    fields = frozenset(variable.name for variable in variables if isinstance(variable.kind, ir.FieldKind))
    for place in places(root, {variable.name: variable.kind for variable in variables}):
        where = ".".join((name, *place.path))
        for slip in slips(place, definitions):
            changed = put(root, place.path, slip.node)
            if changed not in seen and (not normed or norms_are_linear(changed, definitions, fields)):
                seen.add(changed)
                yield where, slip, place.node, changed


def _short(name: str) -> str:
    return name.removeprefix("BatchNorm.")
