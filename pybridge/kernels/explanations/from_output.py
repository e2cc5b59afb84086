"""A gradient of a parameter that is computed of the layer's output, where it should be of the normalized batch.

In: rows with γ and β beside them.  Out: the sentence that explains all of them, if it does: in the definition, γ ŷ + β stands
for ŷ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pybridge import ir
from pybridge.ir.rewrite import everywhere
from pybridge.kernels.arithmetic import Arithmetic
from pybridge.kernels.explanations.factors import BETA, GAMMA
from pybridge.kernels.explanations.rows import chosen, holds, rewritten, run, told
from pybridge.kernels.looks import Look

NORMALIZE = "normalize"
"""The short name of the definition of ŷ."""


def from_output(looks: Sequence[Look], arithmetic: Arithmetic) -> Iterator[str]:
    """Yield the sentence."""
    comparison = looks[0].comparison
    own, definitions = comparison.definition, comparison.export.definitions
    if not all({GAMMA, BETA} <= look.table.known.keys() for look in looks):
        return
    body = everywhere(own.body, _of_output)
    if body == own.body:
        return
    more = (ir.Variable(GAMMA, ir.ScalarKind()), ir.Variable(BETA, ir.ScalarKind()))
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


def _of_output(term: ir.Term) -> ir.Term:
    match term:
        case ir.Component(ir.VCall(name), _) if name.rpartition(".")[2] == NORMALIZE:
            return ir.Add(ir.Mul(ir.Var(GAMMA), term), ir.Var(BETA))
        case _:
            return term
