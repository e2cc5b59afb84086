"""Arrays of a layer as the arguments of the definition that one of its outputs is compared with.

In: a reading, arrays, what was computed.  Out: a ``Table``, with a row for each batch.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np

from pybridge import ir
from pybridge.kernels.arguments import ALIASES
from pybridge.kernels.forms import normalized
from pybridge.kernels.frameworks import Doubles
from pybridge.kernels.guesses import Definitions
from pybridge.kernels.layout import Layout
from pybridge.kernels.probes import CHANNEL
from pybridge.kernels.table import Table
from pybridge.layers.known import Cut
from pybridge.layers.reading import Reading

GAMMA, BETA, EPS = ALIASES["gamma"], ALIASES["beta"], ALIASES["eps"]
MEAN, VARIANCE, MOMENTUM = "μ", "v", "q"
"""What is given to a layer beside these: mean and variance for each channel, and how much of a new one goes into them."""


@dataclass(frozen=True, slots=True)
class Arrays:
    """What a layer is given: x and the upstream gradient g of one shape, γ and β of the parameters' shape, the number ε.

    Of BatchNorm, running mean and variance before the pass, of the parameters' shape, and the momentum.
    """

    x: Doubles
    g: Doubles
    gamma: Doubles
    beta: Doubles
    eps: float
    mean: Doubles = field(default_factory=lambda: np.zeros(0))
    variance: Doubles = field(default_factory=lambda: np.zeros(0))
    momentum: float = 0.1

    @property
    def of_channels(self) -> dict[str, Doubles]:
        """What has one number for each entry of the parameters, by its Lean name."""
        return {GAMMA: self.gamma, BETA: self.beta, MEAN: self.mean, VARIANCE: self.variance}

    def changed(self, **arrays: Doubles) -> Arrays:
        """The same with other arrays."""
        return replace(self, **arrays)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class _Apart:
    """Arrays with the channels taken apart into groups, where there are any, and the axes by what they are."""

    x: Doubles
    g: Doubles
    gamma: Doubles
    beta: Doubles
    normalized: tuple[int, ...]
    parameter: tuple[int, ...]

    @property
    def rest(self) -> tuple[int, ...]:
        return tuple(k for k in range(self.x.ndim) if k not in self.normalized)

    def spread(self, parameter: Doubles) -> Doubles:
        """γ or β along the axes of x."""
        shape = tuple(self.x.shape[k] if k in self.parameter else 1 for k in range(self.x.ndim))
        return parameter.reshape(shape)


def _apart(reading: Reading, arrays: Arrays) -> _Apart:
    place = {letter: k for k, letter in enumerate(reading.layout)}
    axes = tuple(place[letter] for letter in reading.normalized)
    parameter = tuple(place[letter] for letter in reading.parameter)
    if not reading.groups:
        return _Apart(arrays.x, arrays.g, arrays.gamma, arrays.beta, axes, parameter)
    (channel,) = parameter
    shape = arrays.x.shape
    split = (*shape[:channel], reading.groups, shape[channel] // reading.groups, *shape[channel + 1 :])
    moved = tuple(k + (k >= channel) for k in axes)  # the groups stand before what is left of the channels
    return _Apart(arrays.x.reshape(split), arrays.g.reshape(split), arrays.gamma, arrays.beta, moved, (channel, channel + 1))


def table(
    definition: ir.Definition,
    definitions: Definitions,
    cut: Cut,
    reading: Reading,
    arrays: Arrays,
    got: Doubles,
    case: str,
    batch: tuple[int, ...] | None = None,
) -> Table:
    """The rows of an output.

    Parameters
    ----------
    got
        What was computed, of the shape that it has to have.
    batch
        The axes that statistics run over, where those of the reading are not meant.
    """
    apart = _apart(reading, arrays)
    if batch is not None:
        apart = replace(apart, normalized=batch)
    if cut is Cut.WHOLE:
        return _whole(definition, reading, arrays, apart, got, case)
    scalar = isinstance(definition.body, ir.SCALARS)
    order = apart.normalized if cut is Cut.ROWS else tuple(k for k in range(apart.x.ndim) if k not in apart.parameter)
    layout = Layout(apart.x.shape, order, tuple(k for k in range(apart.x.ndim) if k not in order))
    count = int(np.prod(layout.leading, dtype=np.int64))
    shaped = normalized(definition, definitions)
    values: dict[str, Doubles] = {}
    for parameter in definition.parameters:
        vector = isinstance(parameter.kind, ir.VectorKind)
        match parameter.name:
            case name if name == EPS:
                values[name] = np.full(count, arrays.eps)
            case name if name == MOMENTUM:
                values[name] = np.full(count, arrays.momentum)
            case name if name in arrays.of_channels:
                spread = apart.spread(arrays.of_channels[name])
                values[name] = layout.rows(spread).reshape(count, -1) if vector else _for_each(spread, layout, count)
            case name:
                values[name] = layout.rows(apart.x if name == shaped and name != "g" else apart.g).reshape(count, -1)
    brought = ((GAMMA, apart.gamma), (BETA, apart.beta)) if scalar else ()
    known = {name: _for_each(apart.spread(one), layout, count) for name, one in brought if name not in values}
    return Table(
        case=case,
        counts=counts(reading, arrays.x.shape),
        layout=layout,
        values=values,
        computed=got.reshape(count, 1) if scalar else layout.rows(got.reshape(apart.x.shape)).reshape(count, -1),
        scalar=scalar,
        shape=reading.of_parameter(reading.lengths(arrays.x.shape)) if scalar else arrays.x.shape,
        known=known,
    )


def _for_each(spread: Doubles, layout: Layout, count: int) -> Doubles:
    """A parameter that is one number for each row."""
    return np.array(layout.rows(spread).reshape(count, -1)[:, 0])


def _whole(
    definition: ir.Definition,
    reading: Reading,
    arrays: Arrays,
    apart: _Apart,
    got: Doubles,
    case: str,
) -> Table:
    """One row: every array with all its axes, in the order of the definition's index types."""
    groups = _index_axes(reading, apart)
    order = [k for axes in groups for k in axes]
    lengths = [int(np.prod([apart.x.shape[k] for k in axes], dtype=np.int64)) for axes in groups]
    values: dict[str, Doubles] = {}
    named: dict[str, int] = {}
    for parameter in definition.parameters:
        if parameter.name == EPS:
            values[EPS] = np.array([arrays.eps])
            continue
        if parameter.name in arrays.of_channels:
            values[parameter.name] = arrays.of_channels[parameter.name].reshape(1, -1)
            continue
        array = apart.g if parameter.name == "g" else apart.x
        values[parameter.name] = array.transpose(order).reshape(1, -1)
        if isinstance(parameter.kind, ir.VectorKind):
            named = dict(zip(_indices(parameter.kind.space), lengths, strict=True))
    full = got.shape == arrays.x.shape and got.shape != arrays.gamma.shape
    if full:
        got, layout = got.transpose(order), Layout(arrays.x.shape, tuple(order), ())
    else:
        layout = Layout(arrays.gamma.shape, tuple(range(arrays.gamma.ndim)), ())
    return Table(
        case=case,
        counts=counts(reading, arrays.x.shape),
        layout=layout,
        values=values,
        computed=got.reshape(1, -1),
        scalar=False,
        lengths=named,
        known={} if full or GAMMA in values else {GAMMA: arrays.gamma.reshape(1, -1), BETA: arrays.beta.reshape(1, -1)},
    )


def _index_axes(reading: Reading, apart: _Apart) -> list[tuple[int, ...]]:
    """The axes of each index type of a definition about the whole layer."""
    if reading.layer.name in ("LayerNorm", "RMSNorm"):
        return [apart.rest, apart.normalized]
    others = tuple(k for k in range(apart.x.ndim) if k not in apart.parameter and k != 0)
    return [(0,), *((k,) for k in apart.parameter), others]


def _indices(space: ir.Space) -> tuple[str, ...]:
    match space:
        case ir.ChannelSpace(family, inner):
            return (family, *_indices(inner))
        case ir.Euclidean(index):
            return (index,)
        case _:
            return (space.name,)


def counts(reading: Reading, shape: tuple[int, ...]) -> dict[str, int]:
    """How many entries there are along each choice of axes that is not what is normalized."""
    lengths = reading.lengths(shape)
    chosen = [part for number in range(1, len(reading.layout) + 1) for part in combinations(reading.layout, number)]
    found = {"·".join(part): int(np.prod([lengths[letter] for letter in part])) for part in chosen}
    if not reading.groups:
        found.pop("·".join(reading.normalized), None)
    else:
        found["C/groups"] = lengths[CHANNEL] // reading.groups
    return found
