"""Explanations of rows that no single change of a definition explains, the likeliest kind first.

In: the rows a diagnosis looks at, and a test of one guess.  Out: up to so many ``Fitting``s of the first kind that has any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice

from pybridge import ir
from pybridge.kernels.arithmetic import Arithmetic
from pybridge.kernels.explanations.clipped import clipped
from pybridge.kernels.explanations.factors import factors
from pybridge.kernels.explanations.from_output import from_output
from pybridge.kernels.explanations.rescaled import forgotten
from pybridge.kernels.explanations.rewrites import pairs, rare
from pybridge.kernels.explanations.sums import spoilt_sums
from pybridge.kernels.explanations.terms import multiples
from pybridge.kernels.explanations.values import other_values
from pybridge.kernels.guesses import Guess
from pybridge.kernels.looks import Look
from pybridge.kernels.outcomes import Fitting
from pybridge.notation.render import text
from pybridge.semantics.boundedarrays import NotVectorised


def explanations(
    looks: Sequence[Look], arithmetic: Arithmetic, explains: Callable[[Guess], bool], most: int
) -> tuple[Fitting, ...]:
    """Return what explains all numbers.

    Parameters
    ----------
    looks
        The rows, first those with numbers that are off.
    arithmetic
        Of the kernel.
    explains
        Whether a guess fits all numbers, and is told from the definition.
    most
        How many to look for.
    """
    definition, definitions = looks[0].comparison.definition, looks[0].comparison.export.definitions

    def said(sentences: Iterable[str]) -> Iterator[Fitting]:
        for sentence in sentences:
            yield Fitting(description=sentence, formula="")

    kinds: tuple[Callable[[], Iterator[Fitting]], ...] = (
        lambda: said(clipped(looks)),
        lambda: said(other_values(looks, arithmetic)),
        lambda: said(one.sentence for one in factors(looks, arithmetic)),
        lambda: said(from_output(looks, arithmetic)),
        lambda: _guessed(chain(rare(definition, definitions), forgotten(definition, definitions)), looks, explains),
        lambda: _guessed(multiples(looks, arithmetic, explains), looks, lambda _: True),
        lambda: said(spoilt_sums(looks, arithmetic)),
    )
    for kind in kinds:
        try:
            if found := tuple(islice(kind(), most)):
                return found
        except NotVectorised:
            continue
    return ()


def two_slips(looks: Sequence[Look], explains: Callable[[Guess], bool], most: int) -> tuple[Fitting, ...]:
    """Return two slips at once that explain all numbers; it takes longest, and comes last."""
    definition, definitions = looks[0].comparison.definition, looks[0].comparison.export.definitions
    known: dict[tuple[ir.Definition, ...], bool] = {}

    def once(guess: Guess) -> bool:
        """The same, once for the pairs that come to the same definitions."""
        changed = guess.apply(looks[0].counts)
        key = tuple(one for name, one in changed.items() if one is not definitions[name])
        if key not in known:
            known[key] = explains(guess)
        return known[key]

    return tuple(islice(_guessed(pairs(definition, definitions), looks, once), most))


def _guessed(guesses: Iterable[Guess], looks: Sequence[Look], explains: Callable[[Guess], bool]) -> Iterator[Fitting]:
    said: set[str] = set()
    for guess in guesses:
        if explains(guess) and guess.description not in said:
            said.add(guess.description)
            changed = guess.apply(looks[0].counts)
            yield Fitting(description=guess.description, formula=text(changed[guess.changed]), definitions=changed)
