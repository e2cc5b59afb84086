"""A definition of the Lean library as a NumPy function.

In: the name of a definition, the axes of the batch.  Out: a function of arrays.  What it computes is the exported body of the
definition: by the code that ``codegen`` writes for NumPy (``generated.py``), and operation by operation (``by_nodes.py``) where
no code is written or it met a number that is none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from pybridge.codegen.values import NotCompiled
from pybridge.errors import InputError
from pybridge.export.loading import Export
from pybridge.export.own import own_or
from pybridge.kernels.arguments import arrays_of, given_to
from pybridge.kernels.by_nodes import by_nodes
from pybridge.kernels.generated import run, runner_for
from pybridge.kernels.layers import has_channels, of_layer
from pybridge.kernels.layout import axes_of

Array = npt.NDArray[np.floating[Any]]


def oracle(
    name: str, *, axis: int | Sequence[int] = -1, dtype: object = None, export: Export | None = None
) -> Callable[..., Array]:
    """A definition as a NumPy function.

    Parameters
    ----------
    name : str
        A definition of the export, with or without its namespace, such as ``"normalize"``.
    axis : int or sequence of int
        The axis, or axes, of a vector argument that run over one batch; by default the last one.  A definition about a whole
        layer has none: its arrays have an axis for each index type, in the order of their kinds, such as (rows, features).
    dtype : dtype, optional
        The floating type of the result: what NumPy makes a dtype of, or torch's and JAX's of the same name; by default the
        arguments' common one, float64 for integers.  It is computed in that type or in float64, whichever is wider, and
        rounded once.
    export : Export, optional
        Where the definition is looked up; the package's own by default.

    Returns
    -------
    function
        Takes the definition's parameters by position or keyword, under their Lean names or ASCII aliases (gamma, beta, eps);
        what NumPy makes an array of, and torch and JAX tensors, bfloat16 as float32.
        Vector arguments are arrays of one shape (broadcast); scalars are numbers, or arrays that broadcast with the axes
        that are not ``axis``, which may also stand there with length 1.  The result has the shape of the vector arguments where
        the definition is a vector, and that of the axes not in ``axis`` where it is a scalar; its axes lie in memory in
        the order in which those of the vector arguments do.

    Raises
    ------
    UnknownNameError
        There is no such definition.
    InputError
        The axis is none, or named twice, or given for a whole layer; and from the function: a missing or unknown argument,
        NaN or an infinity, shapes that do not fit, an empty batch (m = 0), a division by 0, as at a constant batch with ε = 0,
        or an overflow on the way or of the result; for a whole layer, ε ≤ 0.

    Examples
    --------
    >>> import numpy as np
    >>> y = np.random.default_rng(0).normal(size=(64, 16))  # 16 channels, a batch of 64 for each
    >>> oracle("mean", axis=0)(y).shape
    (16,)
    >>> oracle("normalize", axis=0)(eps=1e-5, y=y).shape
    (64, 16)
    """
    document = own_or(export)
    definition = document.definition(name)
    layer = has_channels(definition)
    if layer and axis != -1:
        raise InputError(f"{definition.name} is about a whole layer, and axis is {axis!r}", hint="leave axis out")
    axes = axes_of(definition.name, axis)
    if len(set(axes)) != len(axes):
        raise InputError(f"{definition.name}: axis {axes} names one twice", hint="pass another axis")

    try:
        code = runner_for(definition, "numpy", document)
    except NotCompiled:
        code = None

    def function(*args: npt.ArrayLike, **keywords: npt.ArrayLike) -> Array:
        if layer:
            return of_layer(definition, arrays_of(definition, args, keywords), dtype, document)
        given = given_to(definition, args, keywords, axes, dtype)
        found = None if code is None else run(code, definition, given, document.definitions, checked=True)
        return by_nodes(definition, given, document.definitions) if found is None else found

    function.__name__ = definition.name.rpartition(".")[2]
    shown = "" if layer else f", axis={axes[0] if len(axes) == 1 else axes}"
    function.__qualname__ = f"oracle({definition.name!r}{shown})"  # what its repr shows
    function.__doc__ = definition.docstring
    return function
