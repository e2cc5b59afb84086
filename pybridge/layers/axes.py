"""Statistics over other axes than those of the layer: over the whole array, over rows for columns, over other groups.

In: runs of a layer, an output.  Out: the sentence that explains all its numbers, if one does.  The definition is that of a
sample with a γ for each entry, which fits any choice of axes; only how the arrays are cut differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from pybridge.algebras.doubledouble import Doubles
from pybridge.errors import NoBoundError
from pybridge.kernels.judge import Comparison, comparison, judge
from pybridge.kernels.listing import listed
from pybridge.kernels.probes import CHANNEL
from pybridge.layers.bench import Bench, Ran
from pybridge.layers.cutting import GAMMA, Arrays, table
from pybridge.layers.known import DX, FORWARD, Cut
from pybridge.layers.reading import Reading

_MOST_NUMBERS = 4096


def other_axes(bench: Bench, output: str, runs: Sequence[Ran]) -> Iterator[str]:
    """Yield what explains every number of a few runs, those with numbers that are off among them."""
    if output not in (FORWARD, DX):
        return
    namespace = "RMSNorm" if bench.reading.layer.name == "RMSNorm" else "LayerNorm"
    name = f"{namespace}.{'forward' if output == FORWARD else 'backward'}"
    definition = bench.export.definitions.get(name)
    if definition is None or GAMMA not in {parameter.name for parameter in definition.parameters}:
        return
    against = comparison(definition, bench.arithmetic, bench.export)
    own = bench.reading
    if own.groups > 1 and all(_fits(bench, output, one, own, against, interleaved=True) for one in runs):
        every = {2: "every second channel", 3: "every third channel"}.get(own.groups, f"one channel in {own.groups}")
        yield f"the groups are interleaved: {every} is in one group, not channels that follow each other"
    for sentence, reading in _readings(own, runs):
        if all(_fits(bench, output, one, reading, against) for one in runs):
            yield sentence


def _readings(own: Reading, runs: Sequence[Ran]) -> Iterator[tuple[str, Reading]]:
    """Yield the same arrays with other axes normalized."""
    if own.groups:
        channels = {one.probe.lengths[CHANNEL] for one in runs}
        for groups in range(1, max(channels) + 1):
            if groups != own.groups and all(one % groups == 0 for one in channels):
                several = "1 group" if groups == 1 else f"{groups} groups"
                yield f"the channels are put into {several}, not {own.groups}", replace(own, groups=groups)
    plain = replace(own, groups=0)
    for number in range(1, len(own.layout) + 1):
        for letters in combinations(own.layout, number):
            chosen = "".join(letters)
            if chosen != own.normalized or own.groups:
                said = "each group and its positions" if own.groups else listed(own.normalized)
                yield f"mean and variance are over {listed(chosen)}, not over {said}", replace(plain, normalized=chosen)


def _fits(bench: Bench, output: str, run: Ran, reading: Reading, against: Comparison, *, interleaved: bool = False) -> bool:
    found, arrays = run.tables[output], run.arrays
    got = found.layout.back(found.computed.reshape(*found.layout.leading, found.layout.size)).reshape(run.arrays.x.shape)
    if interleaved:
        arrays, got = _regrouped(arrays, reading), _taken(got, reading, reading.layout)
    cut = table(
        against.definition,
        bench.export.definitions,
        Cut.ROWS,
        reading,
        arrays,
        got,
        run.probe.name,
    )
    try:
        return not any(one.off.any() for one in judge([cut], against))
    except NoBoundError:
        return True  # it says nothing


def _regrouped(arrays: Arrays, reading: Reading) -> Arrays:
    """The arrays with the channels in another order, in which groups of every so many channels follow each other."""
    return arrays.changed(
        x=_taken(arrays.x, reading, reading.layout),
        g=_taken(arrays.g, reading, reading.layout),
        gamma=_taken(arrays.gamma, reading, reading.parameter),
        beta=_taken(arrays.beta, reading, reading.parameter),
    )


def _taken(array: Doubles, reading: Reading, letters: str) -> Doubles:
    axis = letters.index(CHANNEL)
    order = np.arange(array.shape[axis]).reshape(-1, reading.groups).T.reshape(-1)
    taken: Doubles = array.take(order, axis=axis)
    return taken


def chosen(output: str, runs: Sequence[Ran], wrong: Sequence[str]) -> list[Ran]:
    """A few runs of an output that are whole: first those with numbers that are off, the smallest first."""
    whole = [one for one in runs if output in one.tables and one.tables[output].chosen is None and not one.probe.view]
    whole.sort(key=lambda one: (one.probe.name not in wrong, one.arrays.x.size))
    found: list[Ran] = []
    left = _MOST_NUMBERS
    for one in whole:
        left -= one.arrays.x.size
        if left < 0:
            break
        found.append(one)
    return found
