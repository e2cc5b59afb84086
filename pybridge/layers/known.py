"""The layers, and the definition that each of their outputs is compared with.

In: the name of a layer.  Out: a ``Layer``.  ``OUTPUTS`` is the one place that says which definition of the export an output is,
and how the arrays are cut into its arguments.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from pybridge import ir
from pybridge.errors import InputError, UnknownNameError
from pybridge.export.loading import Export

FORWARD, DX, DGAMMA, DBETA = "forward", "dx", "dgamma", "dbeta"
RUNNING_MEAN, RUNNING_VAR = "running_mean", "running_var"
RUNNING = (RUNNING_MEAN, RUNNING_VAR)
"""The statistics that a module keeps for evaluation mode, after a forward pass in training mode."""
ALL = (FORWARD, DX, DGAMMA, DBETA, *RUNNING)
SIGNS = {
    FORWARD: "the output",
    DX: "∂x",
    DGAMMA: "∂γ",
    DBETA: "∂β",
    RUNNING_MEAN: "the running mean",
    RUNNING_VAR: "the running variance",
}


class Cut(Enum):
    """How arrays become the arguments of a definition.

    ROWS: what is normalized together is one vector, and there are as many batches as there are such rows.
    SUMMED: all that one parameter is shared by is one vector.
    WHOLE: the definition takes the arrays with all their axes.
    """

    ROWS = "rows"
    SUMMED = "summed"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Output:
    """What an output is compared with."""

    definition: str
    cut: Cut


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer.

    Parameters
    ----------
    name
        As the statements call it.
    offset
        Whether it has a β.
    outputs
        By name, with the definition of each.
    layout
        How its arrays are laid out where nobody says.
    evaluation
        The outputs in evaluation mode, where it has one: mean and variance are given.
    given
        Whether this is that mode.
    """

    name: str
    offset: bool
    outputs: Mapping[str, Output]
    layout: str
    evaluation: Mapping[str, Output] = field(default_factory=dict)
    given: bool = False


def _rows(namespace: str) -> dict[str, Output]:
    return {FORWARD: Output(f"{namespace}.forward", Cut.ROWS), DX: Output(f"{namespace}.backward", Cut.ROWS)}


_SUM = Output("BatchNorm.backwardBeta", Cut.SUMMED)
LAYERS = {
    "BatchNorm": Layer(
        "BatchNorm",
        True,
        {
            **_rows("BatchNorm"),
            DGAMMA: Output("BatchNorm.backwardGamma", Cut.ROWS),
            DBETA: _SUM,
            RUNNING_MEAN: Output("BatchNorm.runningMean", Cut.ROWS),
            RUNNING_VAR: Output("BatchNorm.runningVariance", Cut.ROWS),
        },
        "NC",
        {
            FORWARD: Output("BatchNorm.Eval.forward", Cut.WHOLE),
            DX: Output("BatchNorm.Eval.backward", Cut.WHOLE),
            DGAMMA: Output("BatchNorm.Eval.backwardGamma", Cut.WHOLE),
            DBETA: _SUM,
        },
    ),
    "LayerNorm": Layer(
        "LayerNorm",
        True,
        {**_rows("LayerNorm"), DGAMMA: Output("LayerNorm.Layer.backwardGamma", Cut.WHOLE), DBETA: _SUM},
        "ND",
    ),
    "RMSNorm": Layer("RMSNorm", False, {**_rows("RMSNorm"), DGAMMA: Output("RMSNorm.Layer.backwardGamma", Cut.WHOLE)}, "ND"),
    "GroupNorm": Layer(  # a group is normalized as a sample of layer normalization is, with a γ for each entry
        "GroupNorm",
        True,
        {**_rows("LayerNorm"), DGAMMA: Output("GroupNorm.Layer.backwardGamma", Cut.WHOLE), DBETA: _SUM},
        "NCHW",
    ),
    "InstanceNorm": Layer(
        "InstanceNorm",
        True,
        {**_rows("BatchNorm"), DGAMMA: Output("InstanceNorm.Layer.backwardGamma", Cut.WHOLE), DBETA: _SUM},
        "NCHW",
    ),
}


def layer_named(name: object) -> Layer:
    """The layer of this name, in capitals or not.

    Raises
    ------
    UnknownNameError
        There is none.
    """
    plain = str(name).replace("_", "").replace(" ", "").lower()
    for known in LAYERS.values():
        if plain == known.name.lower():
            return known
    raise UnknownNameError("layer", str(name), LAYERS, hint=f"there are {', '.join(LAYERS)}")


def in_evaluation(layer: Layer) -> Layer:
    """The layer in evaluation mode.

    Raises
    ------
    InputError
        It has none.
    """
    if not layer.evaluation:
        raise InputError(
            f"{layer.name} has no evaluation mode here", hint="leave out training=False, or put the module into training mode"
        )
    return replace(layer, outputs=layer.evaluation, given=True)


def definition_of(layer: Layer, output: str, export: Export) -> ir.Definition:
    """The definition that an output is compared with.

    Raises
    ------
    InputError
        The export has none.
    """
    wanted = layer.outputs[output].definition
    if (found := export.definitions.get(wanted)) is None:
        others = ", ".join(repr(one) for one in layer.outputs if layer.outputs[one].definition in export.definitions)
        mode = " in evaluation mode" if layer.given else ""
        raise InputError(
            f"{SIGNS[output]} of {layer.name}{mode} cannot be compared: this export has no definition {wanted}",
            hint="pass training=True to test it in training mode"
            if layer.given
            else f"pass outputs=({others}), or an export that has it",
        )
    return found


def comparable(name: str, export: Export) -> tuple[str, ...]:
    """The outputs of a layer that an export has a definition for, but for running statistics."""
    every = layer_named(name).outputs.items()
    return tuple(output for output, one in every if output not in RUNNING and one.definition in export.definitions)
