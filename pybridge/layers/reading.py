"""A layout, read for the layer at hand: which axes are normalized together, and which a parameter has.

In: a layer, the letters of a layout.  Out: a ``Reading``, which says itself in words; or a question, where the letters may be
meant in two ways.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pybridge.errors import InputError
from pybridge.kernels.listing import listed
from pybridge.kernels.probes import CHANNEL
from pybridge.layers.known import Layer

_FEATURES = "DFEK"
"""Letters that are taken for features where a layout of two has no C."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the axes of the arrays are.

    Parameters
    ----------
    layer
        Whose.
    layout
        One letter for each axis.
    normalized
        The letters of the axes that statistics run over; of GroupNorm a part of C is among them.
    parameter
        The letters of the axes that γ and β have.
    groups
        Into how many the channels are put; 0 where the layer has no groups.
    """

    layer: Layer
    layout: str
    normalized: str
    parameter: str
    groups: int = 0

    def __str__(self) -> str:
        if self.layer.given:
            each = f"one of each for each {self.parameter}"
            return f"layout {self.layout}: mean and variance given, {each}; γ of ({', '.join(self.parameter)})"
        if self.groups:
            over = f"over each of {self.groups} groups of C, and {listed(self.normalized.replace(CHANNEL, ''))}"
        else:
            over = f"over {listed(self.normalized)}"
        return f"layout {self.layout}: normalized {over}; γ of ({', '.join(self.parameter)})"

    @property
    def rest(self) -> str:
        """The letters of the axes that statistics do not run over."""
        return "".join(letter for letter in self.layout if letter not in self.normalized)

    def lengths(self, shape: tuple[int, ...]) -> dict[str, int]:
        """The length of each axis."""
        return dict(zip(self.layout, shape, strict=True))

    def shape(self, lengths: Mapping[str, int]) -> tuple[int, ...]:
        """That of an array with axes of these lengths."""
        return tuple(lengths[letter] for letter in self.layout)

    def of_parameter(self, lengths: Mapping[str, int]) -> tuple[int, ...]:
        """The shape of γ and β."""
        return tuple(lengths[letter] for letter in self.parameter)


def read(layer: Layer, layout: str | None, normalized: str | None, groups: int | None) -> Reading:
    """The reading of a layout for a layer.

    Parameters
    ----------
    layout
        One capital letter for each axis; C is the channel.
    normalized
        For LayerNorm and RMSNorm, the letters of what is normalized; the last one where nobody says and it is clear.
    groups
        Of GroupNorm.

    Raises
    ------
    InputError
        The layout is none, or has no such axis, or may be meant in two ways.
    """
    layout = layer.layout if layout is None else layout
    hint = 'give distinct capital letters: "NC", "NCHW", "NHWC", "ND", "NTD"'
    if not isinstance(layout, str) or len(set(layout)) != len(layout) or not re.fullmatch("[A-Z]+", layout):
        raise InputError(f"the layout {layout!r} is none", hint=hint)
    if layer.name in ("LayerNorm", "RMSNorm"):
        return _of_samples(layer, layout, normalized)
    if normalized is not None:
        raise InputError(f"{layer.name} takes no normalized: the layout {layout!r} says what is", hint="leave it out")
    return _of_channels(layer, layout, groups)


def _of_samples(layer: Layer, layout: str, normalized: str | None) -> Reading:
    if normalized is None:
        if len(layout) > 2 and CHANNEL in layout and not layout.endswith(CHANNEL):
            raise InputError(
                f"{layer.name} with the layout {layout!r}: is it normalized over {CHANNEL} alone, or over "
                f"{layout[layout.index(CHANNEL) :]}?",
                hint=f"pass normalized={CHANNEL!r} or normalized={layout[layout.index(CHANNEL) :]!r}",
            )
        normalized = layout[-1]
    chosen = "".join(letter for letter in layout if letter in normalized)
    if not normalized or set(chosen) != set(normalized):
        raise InputError(f"normalized is {normalized!r}, and the layout {layout!r}", hint="give letters of the layout")
    return Reading(layer, layout, chosen, chosen)


def _of_channels(layer: Layer, layout: str, groups: int | None) -> Reading:
    channel = CHANNEL
    if CHANNEL not in layout:
        if len(layout) != 2 or layout[-1] not in _FEATURES:
            raise InputError(
                f"{layer.name} with the layout {layout!r}: which axis is the channel?",
                hint=f"call it C, as in {layout[:-1] + CHANNEL!r} if it is the last one",
            )
        channel = layout[-1]
    others = layout.replace(channel, "")
    if not others:
        raise InputError(f"the layout {layout!r} has no axis for the batch", hint='such as "NC"')
    if layer.name == "BatchNorm":
        return Reading(layer, layout, others, channel)
    if not layout.startswith("N") or (layer.name == "InstanceNorm" and len(others) < 2):
        raise InputError(
            f"{layer.name} with the layout {layout!r}: which axis are the samples, and which the positions?",
            hint='call the samples N and let them come first: "NCHW", "NHWC", "NCL"',
        )
    if layer.name == "InstanceNorm":
        return Reading(layer, layout, others.replace("N", ""), channel)
    if groups is None or isinstance(groups, bool) or not isinstance(groups, int) or groups < 1:
        raise InputError(f"{layer.name}: groups is {groups!r}", hint="give the number of groups, as in groups=2")
    return Reading(layer, layout, layout.replace("N", ""), channel, groups)
