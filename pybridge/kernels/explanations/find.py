"""Explanations of rows that no single change of a definition explains, the likeliest kind first.

In: the rows a diagnosis looks at, and a test of one guess.  Out: up to so many ``Fitting``s of the first kind that has any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from pybridge.kernels.arithmetic import Arithmetic
from pybridge.kernels.explanations.factors import factors
from pybridge.kernels.explanations.rewrites import pairs, rare
from pybridge.kernels.explanations.sums import spoilt_sums
from pybridge.kernels.explanations.values import other_values
from pybridge.kernels.guesses import Guess
from pybridge.kernels.looks import Look
from pybridge.kernels.outcomes import Fitting
from pybridge.notation.render import text
from pybridge.semantics.boundedarrays import NotVectorised


def explanations(
    looks: Sequence[Look], arithmetic: Arithmetic, explains: Callable[[Guess], bool], most: int, *, two_slips: bool
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
    two_slips
        Whether to try two slips at once, which takes longest.
    """
    definition, definitions = looks[0].comparison.definition, looks[0].comparison.export.definitions
    counts = looks[0].counts

    def guessed(guesses: Iterable[Guess]) -> Iterator[Fitting]:
        for guess in guesses:
            if explains(guess):
                yield Fitting(description=guess.description, formula=text(guess.apply(counts)[guess.changed]))

    def said(sentences: Iterable[str]) -> Iterator[Fitting]:
        for sentence in sentences:
            yield Fitting(description=sentence, formula="")

    kinds: tuple[Callable[[], Iterator[Fitting]], ...] = (
        lambda: said(other_values(looks, arithmetic)),
        lambda: said(one.sentence for one in factors(looks, arithmetic)),
        lambda: guessed(rare(definition, definitions)),
        lambda: said(spoilt_sums(looks, arithmetic)),
        lambda: guessed(pairs(definition, definitions) if two_slips else ()),
    )
    for kind in kinds:
        try:
            if found := tuple(islice(kind(), most)):
                return found
        except NotVectorised:
            continue
    return ()
