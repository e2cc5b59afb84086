"""Wrong statements: each exported theorem and definition with one small change.

In: an export.  Out: mutants, in a fixed order, each with a readable id that names the declaration, the place and the slip:
``norm_sq_backward:conclusion.right.left.left.base:to-0``.  How they fare is the matter of ``run.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from pybridge import ir
from pybridge.ir.occurrences import places, put
from pybridge.mutation.rewrites import slips, weaker
from pybridge.notation.render import text


@dataclass(frozen=True, slots=True)
class ConclusionMutant:
    """A theorem with another conclusion; ``change`` says in one line what became what."""

    id: str
    change: str
    theorem: ir.Theorem


@dataclass(frozen=True, slots=True)
class HypothesisMutant:
    """A theorem with ``hypothesis`` dropped or weakened."""

    id: str
    change: str
    theorem: ir.Theorem
    hypothesis: ir.Hypothesis


@dataclass(frozen=True, slots=True)
class DefinitionMutant:
    """A definition with another body."""

    id: str
    change: str
    definition: ir.Definition


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
    scale:body:without | √(variance(y) + ε) becomes variance(y) + ε
    scale:body:right-moved-out | √(variance(y) + ε) becomes √(variance(y)) + ε
    scale:body.arg:to-minus | variance(y) + ε becomes variance(y) - ε
    """
    if isinstance(declaration, ir.Definition):
        return tuple(_of_body(declaration, definitions))
    return (*_of_hypotheses(declaration), *_of_conclusion(declaration, definitions))


def drop(theorem: ir.Theorem, hypothesis: ir.Hypothesis) -> HypothesisMutant:
    """The theorem without one of its hypotheses."""
    left = tuple(other for other in theorem.hypotheses if other is not hypothesis)
    name = f"{_short(theorem.name)}:{hypothesis.name}:dropped"
    return HypothesisMutant(name, f"without {hypothesis.statement}", replace(theorem, hypotheses=left), hypothesis)


def _of_hypotheses(theorem: ir.Theorem) -> Iterator[HypothesisMutant]:
    for number, hypothesis in enumerate(theorem.hypotheses):
        yield drop(theorem, hypothesis)
        for label, proposition in weaker(hypothesis.proposition):
            changed = replace(hypothesis, proposition=proposition, statement=text(proposition))
            hypotheses = (*theorem.hypotheses[:number], changed, *theorem.hypotheses[number + 1 :])
            yield HypothesisMutant(
                f"{_short(theorem.name)}:{hypothesis.name}:{label}",
                f"{text(hypothesis.proposition)} becomes {text(proposition)}",
                replace(theorem, hypotheses=hypotheses),
                hypothesis,
            )


def _of_conclusion(theorem: ir.Theorem, definitions: Mapping[str, ir.Definition]) -> Iterator[ConclusionMutant]:
    scope = {variable.name: variable.kind for variable in theorem.variables}
    seen = {theorem.conclusion}
    for place in places(theorem.conclusion, scope):
        for label, node in slips(place.node, place.scope, definitions):
            conclusion = put(theorem.conclusion, place.path, node)
            if conclusion not in seen:
                seen.add(conclusion)
                where = ".".join(("conclusion", *place.path))
                change = f"{text(place.node)} becomes {text(node)}"
                yield ConclusionMutant(
                    f"{_short(theorem.name)}:{where}:{label}", change, replace(theorem, conclusion=conclusion)
                )


def _of_body(definition: ir.Definition, definitions: Mapping[str, ir.Definition]) -> Iterator[DefinitionMutant]:
    scope = {parameter.name: parameter.kind for parameter in definition.parameters}
    seen = {definition.body}
    for place in places(definition.body, scope):
        for label, node in slips(place.node, place.scope, _before(definition, definitions)):
            body = put(definition.body, place.path, node)
            if body not in seen:
                seen.add(body)
                where = ".".join(("body", *place.path))
                change = f"{text(place.node)} becomes {text(node)}"
                yield DefinitionMutant(f"{_short(definition.name)}:{where}:{label}", change, replace(definition, body=body))


def _before(definition: ir.Definition, definitions: Mapping[str, ir.Definition]) -> dict[str, ir.Definition]:
    """The definitions that a body may call: those exported before it."""
    names = list(definitions)
    return {name: definitions[name] for name in names[: names.index(definition.name)]}


def _short(name: str) -> str:
    return name.removeprefix("BatchNorm.")
