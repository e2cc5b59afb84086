"""Batches on which kernels that differ can be told apart, in the layout and format a kernel takes.

In: the letters of a layout, a format, the kernel's ε.  Out: probes, each with the reason it is there. What a probe has to
show: a mean or a γ forgotten (all of them); an ε forgotten (spread near √ε and below); a count along some axes only
(lengths that all differ); digits lost (an offset from which a one-pass variance cannot recover).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from pybridge.algebras.formats import Format
from pybridge.errors import InputError
from pybridge.kernels.frameworks import Doubles

CHANNEL = "C"
_LENGTHS = (2, 3, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """How to draw one set of arrays.

    Parameters
    ----------
    name, why
        An id, and what it is there to show.
    lengths
        By the letter of the layout.
    offset, spread
        Of the vector that is normalized: mean and standard deviation.
    along
        Whether every other vector lies along that, so that a gradient nearly vanishes.
    """

    name: str
    why: str
    lengths: Mapping[str, int]
    offset: float
    spread: float
    along: bool = False


def probes(layout: str, dtype: Format, eps: float) -> tuple[Probe, ...]:
    """The probes for kernels of this layout, such as ``"NC"`` or ``"NCHW"``: C is the channel, the others make up the batch.

    Raises
    ------
    InputError
        A letter stands twice, or there is none but C.
    """
    hint = 'give distinct capital letters, C for the channel: "NC", "NCHW", "N"'
    if not isinstance(layout, str) or len(set(layout)) != len(layout) or not re.fullmatch("[A-Z]+", layout):
        raise InputError(f"the layout {layout!r} is none", hint=hint)
    letters = [letter for letter in layout if letter != CHANNEL]
    if not letters:
        raise InputError(f"the layout {layout!r} has no axis for the batch", hint=hint)
    batch, *others = letters
    small = {batch: 4 if others else 8, **dict(zip(others, _LENGTHS, strict=False))}
    small |= dict.fromkeys(others[len(_LENGTHS) :], 1)
    pair = {batch: 2, **dict.fromkeys(others, 1)}
    few = {batch: 4, **dict.fromkeys(others, 1)}
    if CHANNEL in layout:
        small[CHANNEL], pair[CHANNEL], few[CHANNEL] = 3, 2, 2
    root = math.sqrt(eps) if eps > 0 else 1.0
    half, third = 2.0 ** (dtype.bits // 2), 2.0 ** (dtype.bits // 3)
    drawn = (
        Probe(name="plain", why="spread 1 around 0", lengths=small, offset=0.0, spread=1.0),
        Probe(name="small-spread", why="a variance near ε", lengths=small, offset=0.0, spread=root),
        Probe(name="tiny-spread", why="a variance far below ε", lengths=small, offset=0.0, spread=root / 16),
        Probe(name="pair", why="m = 2, where the gradient nearly vanishes", lengths=pair, offset=0.0, spread=1.0),
        Probe(
            name="along", why="g along y, where the gradient nearly vanishes", lengths=small, offset=0.0, spread=1.0, along=True
        ),
        Probe(name="offset", why=f"a mean {third:g} times the spread", lengths=few, offset=third, spread=1.0),
        Probe(name="far-offset", why=f"a mean {half:g} times the spread", lengths=few, offset=half, spread=1.0),
    )
    return drawn if eps > 0 else tuple(probe for probe in drawn if "spread" not in probe.name)


def draw(probe: Probe, layout: str, vectors: tuple[str, ...], shaped: str, seed: int) -> Iterator[tuple[str, Doubles]]:
    """Yield an array for each vector argument; ``shaped`` has the probe's offset and spread, the others have mean 1/2.

    float64, still to be rounded to the kernel's format.
    """
    rng = np.random.default_rng([seed, sum(probe.lengths.values()), *map(ord, probe.name)])
    shape = tuple(probe.lengths[letter] for letter in layout)
    first = rng.standard_normal(shape)
    for name in sorted(vectors, key=lambda name: name != shaped):
        if name == shaped:
            yield name, probe.offset + probe.spread * first
        elif probe.along:
            yield name, 0.5 + first
        else:
            yield name, 0.5 + rng.standard_normal(shape)


def parameters(probe: Probe, scalars: tuple[str, ...], seed: int) -> Iterator[tuple[str, Doubles]]:
    """Yield an array with one number for each channel for every scalar argument: none is 0 or ±1."""
    rng = np.random.default_rng([seed, len(scalars), *map(ord, probe.name)])
    channels = probe.lengths.get(CHANNEL, 1)
    for name in scalars:
        yield name, rng.choice([-1.0, 1.0], channels) * rng.uniform(1.25, 2.5, channels)
