"""γ that is forgotten in some of the terms of a gradient whose definition takes γ g for g.

In: a definition that calls another with γ g.  Out: ``Guess``es: the body of that one, with g for γ g in some of its terms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

from pybridge import ir
from pybridge.ir.rewrite import everywhere
from pybridge.kernels.guesses import Definitions, Guess
from pybridge.notation.render import text

RESCALE = "rescale"
"""The short name of the definition of γ g."""


def forgotten(definition: ir.Definition, definitions: Definitions) -> Iterator[Guess]:
    """Yield γ missing in each choice of some of the terms."""
    match definition.body:
        case ir.VCall(name, _, (*others, ir.VCall(rescale, _, (ir.VVar(gamma), ir.VVar(upstream))))) if (
            rescale.rpartition(".")[2] == RESCALE and name in definitions
        ):
            called = definitions[name]
        case _:
            return
    names = [parameter.name for parameter in called.parameters]
    match called.body:
        case ir.Build(_, _, ir.Mul(front, ir.Sub(ir.Sub(first, second), third))) as body if (
            called.indices == definition.indices
        ):
            terms = (first, second, third)
        case _:
            return
    given = dict(zip(names, others, strict=False))
    own = names[-1]

    def put(term: Any, *, scaled: bool) -> Any:
        def each(inner: ir.Term) -> Any:
            match inner:
                case ir.Component(ir.VVar(vector), position) if vector == own and scaled:
                    return ir.Mul(ir.Component(ir.VVar(gamma), position), ir.Component(ir.VVar(upstream), position))
                case ir.Var(scalar) if scalar in given:
                    return given[scalar]
                case ir.VVar(vector) if vector == own:
                    return ir.VVar(upstream)
                case ir.VVar(vector) if vector in given:
                    return given[vector]
                case _:
                    return inner

        return everywhere(term, each)

    for number in (1, 2):
        for without in combinations(range(3), number):
            one, two, three = (put(term, scaled=k not in without) for k, term in enumerate(terms))
            inner = ir.Sub(ir.Sub(one, two), three)
            changed = replace(definition, body=replace(body, body=ir.Mul(put(front, scaled=False), inner)))
            named = " and ".join(f"`{text(put(terms[k], scaled=False))}`" for k in without)
            said = f"in {definition.name}, the factor `γ` is missing in the term{'s' if number > 1 else ''} {named}"
            every = {**definitions, definition.name: changed}
            yield Guess(said, definition.name, lambda _, every=every: every)  # type: ignore[misc]
