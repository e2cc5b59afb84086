"""A gradient of a parameter that is computed of the layer's output, where it should be of the normalized batch.

In: rows with γ and β beside them.  Out: the sentence that explains all of them, if it does: in the definition, γ ŷ + β stands
for ŷ, in a whole layer at the places of its parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from pybridge import ir
from pybridge.ir.rewrite import everywhere
from pybridge.ir.spaces import result_of
from pybridge.kernels.arithmetic import Arithmetic
from pybridge.kernels.explanations.factors import BETA, GAMMA
from pybridge.kernels.explanations.rows import chosen, holds, rewritten, run, told
from pybridge.kernels.looks import Look
from pybridge.semantics.boundedarrays import NotVectorised

UPSTREAM = "g"


def from_output(looks: Sequence[Look], arithmetic: Arithmetic) -> Iterator[str]:
    """Yield the sentence."""
    comparison = looks[0].comparison
    own, definitions = comparison.definition, comparison.export.definitions
    if not all({GAMMA, BETA} <= look.table.known.keys() for look in looks):
        return
    result = result_of(own, definitions)
    body = _of_output(own.body, ir.Var if isinstance(result, ir.ScalarKind) else ir.VVar)
    if body == own.body:
        return
    more = (ir.Variable(GAMMA, result), ir.Variable(BETA, result))
    made = rewritten(own, {**definitions, own.name: replace(own, body=body, parameters=(*own.parameters, *more))})
    apart = False
    for look in looks:
        known = chosen(look).known
        found = run(look, {name: known[name] for name in (GAMMA, BETA)}, arithmetic, made.programs, made.parameters)
        if not holds(look, found):
            return
        apart = apart or told(look, found)
    if apart:
        yield f"in {own.name}, the output `γ ŷ + β` stands for the normalized batch `ŷ`"


def _of_output(body: ir.Term, parameter: Callable[[str], Any]) -> ir.Term:
    """The body with γ ŷ + β for what g is multiplied by; γ and β are taken at the places that the body is built for."""
    match body:
        case ir.Build(variable, _, inner):
            changed: Any = _of_output(inner, lambda name: ir.Component(parameter(name), variable))
            return replace(body, body=changed)
        case ir.Channels(variable, _, inner):
            space = _space(inner)
            changed = _of_output(inner, lambda name: ir.Channel(parameter(name), variable, space))
            return replace(body, body=changed)

    def put(term: ir.Term) -> ir.Term:
        match term:
            case ir.Mul(ir.Component(vector, _) as upstream, hat) if _of_upstream(vector):
                return ir.Mul(upstream, ir.Add(ir.Mul(parameter(GAMMA), hat), parameter(BETA)))
            case _:
                return term

    return everywhere(body, put)


def _space(body: ir.Term) -> ir.Space:
    """That of what is built."""
    match body:
        case ir.Channels(_, index, inner):
            return ir.ChannelSpace(index, _space(inner))
        case ir.Build(_, index, _):
            return ir.Euclidean(index)
        case _:
            raise NotVectorised("what is built is no array of numbers")


def _of_upstream(vector: ir.Term) -> bool:
    while isinstance(vector, ir.Channel):
        vector = vector.vector
    return vector == ir.VVar(UPSTREAM)
