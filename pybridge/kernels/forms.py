"""The ways to compute a definition that are proved to give the same, and one that gives the same but loses digits.

In: the export.  Out: ``Form``s, terms over a definition's parameters; the definitions with squares expanded; and which
parameter is normalized.  The proved ways are the right-hand sides of theorems that say ``definition = …`` of any arguments;
the one that loses digits is the definition with squares of differences expanded, which is what a one-pass variance does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pybridge import ir
from pybridge.errors import brief
from pybridge.export.loading import Export
from pybridge.ir.rewrite import everywhere
from pybridge.ir.traverse import names, subterms


@dataclass(frozen=True, slots=True, repr=False)
class Form:
    """A term equal to a definition.

    Parameters
    ----------
    source
        The definition or theorem that says so.
    names
        For each parameter of the definition, the variable of the term that stands for it.
    hypotheses
        Under which it is equal.
    body
        The term.
    """

    source: str
    names: tuple[str, ...]
    hypotheses: tuple[ir.Hypothesis, ...]
    body: ir.Term

    def __repr__(self) -> str:
        return brief(self, f"{self.source}({', '.join(self.names)})")


def forms(definition: ir.Definition, export: Export) -> tuple[Form, ...]:
    """The definition's own body first, then the right-hand side of every theorem that computes it otherwise."""
    own = Form(definition.name, tuple(parameter.name for parameter in definition.parameters), (), definition.body)
    return (own, *(form for theorem in export.theorems.values() if (form := _form(definition, theorem)) is not None))


def _form(definition: ir.Definition, theorem: ir.Theorem) -> Form | None:
    match theorem.conclusion:
        case ir.Eq(ir.Call(name, indices, args), right) | ir.VectorEq(ir.VCall(name, indices, args), right):
            pass
        case _:
            return None
    given = tuple(arg.name for arg in args if isinstance(arg, ir.Var | ir.VVar))
    same = name == definition.name and given == tuple(dict.fromkeys(given)) and len(given) == len(args)
    if not same or {variable.name for variable in theorem.variables} != set(given):
        return None
    if indices != tuple(index.name for index in definition.indices):
        return None
    if any(isinstance(inner, ir.Call | ir.VCall) and inner.name == name for inner in subterms(right)):
        return None
    return Form(theorem.name, given, theorem.hypotheses, right)


def normalized(definition: ir.Definition, definitions: Mapping[str, ir.Definition]) -> str:
    """The vector argument that is normalized: the first that a root is taken of, or the first there is; "" of none.

    In ``LayerNorm.backward γ ε x g`` that is x, though γ is a vector too.
    """
    vectors = [p.name for p in definition.parameters if isinstance(p.kind, ir.VectorKind)]
    rooted = _rooted(definition, definitions)
    return next(iter([name for name in vectors if name in rooted] or vectors), "")


def _rooted(definition: ir.Definition, definitions: Mapping[str, ir.Definition]) -> set[str]:
    """The parameters that stand under a root, in the body or in what it calls."""
    found: set[str] = set()
    for term in subterms(definition.body):
        if isinstance(term, ir.Sqrt | ir.Norm):
            found |= names(term)
        elif isinstance(term, ir.Call | ir.VCall):
            called = definitions[term.name]
            under = _rooted(called, definitions)
            found |= {
                name for p, arg in zip(called.parameters, term.args, strict=True) if p.name in under for name in names(arg)
            }
    return found


def expanded(definitions: Mapping[str, ir.Definition]) -> dict[str, ir.Definition]:
    """The definitions with (a - b)² written as a² - 2ab + b² throughout: equal, but with a bound that is much larger."""
    return {name: replace(found, body=everywhere(found.body, _expand)) for name, found in definitions.items()}


def _expand(term: ir.Term) -> ir.Term:
    match term:
        case ir.Pow(ir.Sub(left, right), 2):
            cross = ir.Mul(ir.Mul(ir.Nat(2), left), right)
            return ir.Add(ir.Sub(ir.Pow(left, 2), cross), ir.Pow(right, 2))
        case _:
            return term
