"""Slips: each small mistake that somebody makes in writing a formula down, said once.

In: a place in a statement or in the body of a definition.  Out: ``Slip``s, each with a label, a sentence and what stands there
instead.  The mutants make every one of them in every statement; the diagnosis of a kernel looks for the one its author made.
Open ``scalars.py`` first, where most of them are.
"""

from __future__ import annotations

from collections.abc import Iterator

from pybridge import ir
from pybridge.ir.occurrences import Node, Place
from pybridge.mutation.slips.propositions import of_proposition, weaker
from pybridge.mutation.slips.scalars import of_scalar
from pybridge.mutation.slips.slip import Definitions, Slip
from pybridge.mutation.slips.vectors import of_vector

__all__ = ["Definitions", "Slip", "slips", "weaker"]


def slips(place: Place, definitions: Definitions) -> Iterator[Slip[Node]]:
    """Yield what may stand at a place by mistake, each with a label that is unique among them.

    Parameters
    ----------
    place
        Of a statement or of the body of a definition.
    definitions
        What calls may be exchanged for.
    """
    if isinstance(place.node, ir.SCALARS):
        yield from of_scalar(place.node, place, definitions)
    elif isinstance(place.node, ir.VECTORS):
        yield from of_vector(place.node, place, definitions)
    else:
        yield from of_proposition(place.node)
