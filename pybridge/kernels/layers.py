"""A definition about a whole layer, computed on arrays with an axis for each index type.

In: arrays under the names of the definition's parameters.  Out: the array, or number, that the definition gives for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from pybridge import ir
from pybridge.errors import InputError
from pybridge.export.loading import Export
from pybridge.ir.spaces import axes_of_space, result_of
from pybridge.kernels.arguments import refuse_infinite, result_dtype, wide
from pybridge.kernels.by_nodes import Strict, cast, overflow
from pybridge.semantics.environment import Environment
from pybridge.semantics.evaluate import evaluate

EPS = "ε"


def has_channels(definition: ir.Definition) -> bool:
    """Whether a parameter of the definition is an array of several axes."""
    return any(len(_axes(parameter.kind)) > 1 for parameter in definition.parameters)


def of_layer(
    definition: ir.Definition, given: Mapping[str, npt.NDArray[Any]], dtype: object, export: Export
) -> npt.NDArray[Any]:
    """What the definition gives for arrays.

    Parameters
    ----------
    definition
        One with channels.
    given
        Every parameter: an array with an axis for each index type of its kind, the outermost first; a number for a scalar.
    dtype
        As for ``oracle``.
    export
        What the definition is from.

    Raises
    ------
    InputError
        An array has another number of axes, lengths along one index type differ or are 0, or ε ≤ 0: in floats a variance of
        0 can look positive.
    """
    owner, common = definition.name, result_dtype(definition.name, dtype, given)
    for name, array in given.items():
        refuse_infinite(owner, name, array)
    arrays = {name: cast(owner, name, array, wide(common)) for name, array in given.items()}
    sizes: dict[str, int] = {}
    for parameter in definition.parameters:
        name, axes, shape = parameter.name, _axes(parameter.kind), arrays[parameter.name].shape
        if len(shape) != len(axes):
            said = f"has the axes {', '.join(axes)}" if axes else "is a number"
            raise InputError(f"{owner}: {name} {said}, got shape {shape}", hint="see `pybridge show`")
        for index, length in zip(axes, shape, strict=True):
            if sizes.setdefault(index, length) != length:
                raise InputError(f"{owner}: {name} has length {length} along {index}, and another array {sizes[index]}")
    if empty := [index for index, length in sizes.items() if not length]:
        raise InputError(f"{owner}: the axis {empty[0]} is empty", hint="give a batch")
    if EPS in arrays and arrays[EPS] <= 0:
        raise InputError(f"{owner}: ε is {arrays[EPS]}", hint="give an ε above 0: in floats a variance of 0 can look positive")
    scalars = {name: array for name, array in arrays.items() if not array.shape}
    vectors = {name: array.reshape(-1) for name, array in arrays.items() if array.shape}
    algebra = Strict(owner, wide(common), 0)
    try:
        found = evaluate(definition.body, algebra, Environment(sizes, scalars, vectors), export.definitions)
        with np.errstate(over="raise", under="ignore"):
            result = found.astype(common)
    except FloatingPointError:
        raise overflow(owner, wide(common), common) from None
    return result.reshape([sizes[index] for index in _axes(result_of(definition, export.definitions))])


def _axes(kind: ir.Kind) -> tuple[str, ...]:
    """The index types that an argument has axes for, the outermost first."""
    match kind:
        case ir.VectorKind(space):
            return axes_of_space(space)
        case _:
            return ()
