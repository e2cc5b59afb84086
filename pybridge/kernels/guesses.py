"""What a kernel may compute instead of a definition: changed definitions, each with a description of the change.

In: the exported definitions. Out: guesses, the likeliest first. All are made by changing exported terms in one place, or
a count in all places of a definition: a summand, factor, divisor, power or root dropped, a sign flipped, a variable
squared or set to 0, and the size of the batch less 1 (the unbiased variance) or taken along some of its axes only.  Where none
of these fits, ``rarer`` are all that ``mutants.py`` makes of the definitions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pybridge import ir
from pybridge.ir.occurrences import Node, places, put
from pybridge.ir.rewrite import everywhere, reachable
from pybridge.mutation.mutants import DefinitionMutant, mutants
from pybridge.notation.render import text

Definitions = Mapping[str, ir.Definition]
Counts = Mapping[str, int]
"""How many entries the batch has along some of its axes, by the name of those axes."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A change of definitions.

    Parameters
    ----------
    description
        In words, with the subterm that is changed.
    changed
        The name of the definition whose body is changed.
    apply
        Gives all definitions with the change, for a batch with these counts.
    """

    description: str
    changed: str
    apply: Callable[[Counts], Definitions]


def guesses(definition: ir.Definition, definitions: Definitions, axes: tuple[str, ...] = ()) -> Iterator[Guess]:
    """Yield what a kernel for ``definition`` may compute instead.

    Parameters
    ----------
    definition, definitions
        One of the exported definitions, and all of them.
    axes
        The keys that counts have: each may stand in place of the size of the batch.
    """
    concerned = reachable(definition, definitions)
    for found in concerned:
        for place in places(found.body, {parameter.name: parameter.kind for parameter in found.parameters}):
            for description, other in _instead(place.node):
                yield _one(found, f"in {found.name}, {description}", put(found.body, place.path, other), definitions)
    for found in concerned:
        for name in axes:
            description = f"in {found.name}, the size of the batch is that of {name} alone"
            yield Guess(description, found.name, _counted((found,), definitions, name))
    for name in axes:
        description = f"everywhere, the size of the batch is that of {name} alone"
        yield Guess(description, definition.name, _counted(concerned, definitions, name))


def rarer(definition: ir.Definition, definitions: Definitions) -> Iterator[Guess]:
    """Yield every mutant of what a kernel for ``definition`` computes."""
    for found in reachable(definition, definitions):
        for mutant in mutants(found, definitions):
            if isinstance(mutant, DefinitionMutant):
                yield _one(found, f"in {found.name}, {mutant.change}", mutant.definition.body, definitions)


def _one(found: ir.Definition, description: str, body: ir.Term, definitions: Definitions) -> Guess:
    changed = {**definitions, found.name: replace(found, body=body)}
    return Guess(description, found.name, lambda _: changed)


def _instead(term: Node) -> Iterator[tuple[str, ir.Term]]:
    """What may stand in place of a subterm."""
    match term:
        case ir.Add(left, right):
            yield f"`+ {text(right)}` is missing", left
            yield f"`{text(left)} +` is missing", right
            yield f"the sign of `{text(right)}` is -", ir.Sub(left, right)
        case ir.Sub(left, right):
            yield f"`- {text(right)}` is missing", left
            yield f"`{text(left)}` is missing before `- {text(right)}`", ir.Neg(right)
            yield f"the sign of `{text(right)}` is +", ir.Add(left, right)
            if isinstance(left, ir.Sub):
                both = f"`- {text(left.right)}` and `- {text(right)}` are missing: are the statistics taken for constants?"
                yield both, left.left
        case ir.Mul(left, right):
            yield f"the factor `{text(right)}` is missing", left
            yield f"the factor `{text(left)}` is missing", right
        case ir.Div(left, right):
            yield f"the division by `{text(right)}` is missing", left
            if not isinstance(left, ir.Nat):
                yield f"the factor `{text(left)}` is missing", ir.Div(ir.Nat(1), right)
        case ir.Pow(base, exponent):
            yield f"the power {exponent} of `{text(base)}` is missing", base
        case ir.Sqrt(arg):
            yield f"the root of `{text(arg)}` is missing", arg
        case ir.Var(name):
            yield f"`{name}` is multiplied in twice", ir.Mul(term, term)
        case ir.Call(_, _, args) | ir.VCall(_, _, args):
            for number, given in enumerate(args):
                if isinstance(given, ir.Var):
                    yield (
                        f"`{text(term)}` is taken at {given.name} = 0",
                        replace(term, args=(*args[:number], ir.Nat(0), *args[number + 1 :])),
                    )
        case ir.Sum(_, index, _):
            yield f"`{text(term)}` is divided by the size of the batch", ir.Div(term, ir.Card(index))
        case ir.Card():
            yield "the size m of the batch is m - 1", ir.Sub(term, ir.Nat(1))
        case _:
            pass


def _counted(chosen: Iterable[ir.Definition], definitions: Definitions, axes: str) -> Callable[[Counts], Definitions]:
    """Put the length along some axes in place of the size of the batch, in the chosen definitions."""

    def apply(counts: Counts) -> Definitions:
        literal = ir.Nat(counts[axes])

        def put(term: ir.Term) -> ir.Term:
            return literal if isinstance(term, ir.Card) else term

        return {**definitions, **{found.name: replace(found, body=everywhere(found.body, put)) for found in chosen}}

    return apply
