"""Slips that are too rare to be tried first, and two slips at once.

In: a definition.  Out: ``Guess``es.  Two slips are two of the likely ones, made one after the other in the same definition or
in two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pybridge import ir
from pybridge.ir.occurrences import places, put
from pybridge.ir.rewrite import reachable
from pybridge.kernels.guesses import Definitions, Guess
from pybridge.mutation.mutants import of_definition
from pybridge.notation.render import text


def rare(definition: ir.Definition, definitions: Definitions) -> Iterator[Guess]:
    """Yield what no mutant is: a term taken off twice, multiplied in place of divided, a root of a root."""
    for found in reachable(definition, definitions):
        kinds = {parameter.name: parameter.kind for parameter in found.parameters}
        for place in places(found.body, kinds):
            for sentence, node in _instead(place.node):
                changed = {**definitions, found.name: replace(found, body=put(found.body, place.path, node))}
                yield Guess(f"in {found.name}, {sentence}", found.name, lambda _, changed=changed: changed)  # type: ignore[misc]


def _instead(node: object) -> Iterator[tuple[str, ir.Scalar]]:
    match node:
        case ir.Sub(_, right):
            yield f"`{text(right)}` is taken off twice", ir.Sub(node, right)
        case ir.Add(_, right):
            yield f"`{text(right)}` is added twice", ir.Add(node, right)
        case ir.Div(left, right):
            yield f"it is multiplied by `{text(right)}` in place of divided", ir.Mul(left, right)
        case ir.Sqrt():
            yield f"the root of `{text(node)}` is taken once more", ir.Sqrt(node)
        case ir.Sum(_, index, _):
            less = ir.Sub(ir.Card(index), ir.Nat(1))
            yield f"`{text(node)}` is divided by m - 1 in place of m", ir.Mul(node, ir.Div(ir.Card(index), less))
            yield f"`{text(node)}` is divided by m - 1", ir.Div(node, less)
        case _:
            return


def pairs(definition: ir.Definition, definitions: Definitions) -> Iterator[Guess]:
    """Yield two likely slips at once, each pair in one order."""
    concerned = reachable(definition, definitions)
    for number, one in enumerate(concerned):
        for mutant in of_definition(one, definitions):
            if not mutant.slip.likely:
                continue
            first = {**definitions, one.name: mutant.definition}
            for other in concerned[number:]:
                for second in of_definition(first[other.name], first):
                    if second.slip.likely and second.definition.body != definitions[other.name].body:
                        both = {**first, other.name: second.definition}
                        said = f"in {one.name}, {mutant.slip.sentence}, and in {other.name}, {second.slip.sentence}"
                        yield Guess(said, other.name, lambda _, both=both: both)  # type: ignore[misc]
