"""What a kernel may compute instead of a definition: changed definitions, each with a description of the change.

In: the exported definitions.  Out: ``Guess``es, the likeliest first.  All are mutants of what the kernel has to compute, those
by a likely slip first; or the definitions with the size of the batch taken along some of its axes only.  That last mistake is
made here and is no slip: it needs arrays with axes, which the batch of a theorem has not, and it may be made in all
definitions at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pybridge import ir
from pybridge.errors import brief
from pybridge.ir.rewrite import everywhere, reachable
from pybridge.ir.traverse import subterms
from pybridge.mutation.mutants import DefinitionMutant, of_definition

Definitions = Mapping[str, ir.Definition]
Counts = Mapping[str, int]
"""How many entries the batch has along some of its axes, by the name of those axes."""


@dataclass(frozen=True, slots=True, repr=False)
class Guess:
    """A change of definitions.

    Parameters
    ----------
    said
        The change in words, with the subterm that is changed; or what says it, where most guesses are never named.
    changed
        The name of the definition whose body is changed.
    apply
        Gives all definitions with the change, for a batch with these counts.
    """

    said: str | Callable[[], str]
    changed: str
    apply: Callable[[Counts], Definitions]

    @property
    def description(self) -> str:
        """The change in words."""
        return self.said if isinstance(self.said, str) else self.said()

    def __repr__(self) -> str:
        return brief(self, self.description)


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
        for mutant in of_definition(found, definitions):
            if mutant.slip.likely:
                yield _one(mutant, f"in {found.name}, {mutant.slip.sentence}", definitions)
    for found in concerned:
        if sum(isinstance(inner, ir.Card) for inner in subterms(found.body)) > 1:
            yield _one_less(found, definitions)
    for found in concerned:
        for name in axes:
            description = f"in {found.name}, the size of the batch is that of {name} alone"
            yield Guess(description, found.name, _counted((found,), definitions, name))
    for name in axes:
        description = f"everywhere, the size of the batch is that of {name} alone"
        yield Guess(description, definition.name, _counted(concerned, definitions, name))


def rarer_guesses(definition: ir.Definition, definitions: Definitions) -> Iterator[Guess]:
    """Yield the other mutants of what a kernel for ``definition`` computes."""
    for found in reachable(definition, definitions):
        for mutant in of_definition(found, definitions):
            if not mutant.slip.likely:
                yield _one(mutant, f"in {found.name}, {mutant.change}", definitions)


def _one(mutant: DefinitionMutant, description: str, definitions: Definitions) -> Guess:
    changed = {**definitions, mutant.definition.name: mutant.definition}
    return Guess(description, mutant.definition.name, lambda _: changed)


def _one_less(found: ir.Definition, definitions: Definitions) -> Guess:
    """M - 1 for m in all places of a definition."""

    def put(term: ir.Term) -> ir.Term:
        return ir.Sub(term, ir.Nat(1)) if isinstance(term, ir.Card) else term

    changed = {**definitions, found.name: replace(found, body=everywhere(found.body, put))}
    return Guess(f"in {found.name}, the size m of the batch is m - 1 in all places", found.name, lambda _: changed)


def _counted(chosen: Iterable[ir.Definition], definitions: Definitions, axes: str) -> Callable[[Counts], Definitions]:
    """Put the length along some axes in place of the size of the batch, in the chosen definitions."""

    def apply(counts: Counts) -> Definitions:
        literal = ir.Nat(counts[axes])

        def put(term: ir.Term) -> ir.Term:
            return literal if isinstance(term, ir.Card) else term

        return {**definitions, **{found.name: replace(found, body=everywhere(found.body, put)) for found in chosen}}

    return apply
