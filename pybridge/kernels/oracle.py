"""A definition of the Lean library as a NumPy function.

In: the name of a definition, the axes of the batch.  Out: a function of arrays.  What it computes is the exported body of the
definition, evaluated by ``FloatAlgebra``; this module validates the arguments and arranges their axes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from pybridge import ir
from pybridge.algebras.floats import Floats
from pybridge.errors import InputError
from pybridge.export.loading import Export
from pybridge.export.own import own_or
from pybridge.kernels.layers import has_channels, of_layer
from pybridge.kernels.layout import axes_of, layout_of
from pybridge.kernels.strict import Strict, overflows_refused, rounded, taken
from pybridge.semantics.environment import Environment
from pybridge.semantics.evaluate import evaluate

ALIASES = {"alpha": "α", "beta": "β", "gamma": "γ", "eps": "ε", "epsilon": "ε", "mu": "μ", "rho": "ρ", "sigma": "σ"}
"""ASCII spellings a keyword argument may have."""

Array = npt.NDArray[np.floating[Any]]
T = TypeVar("T")


def oracle(
    name: str, *, axis: int | Sequence[int] | None = None, dtype: object = None, export: Export | None = None
) -> Callable[..., Array]:
    """A definition as a NumPy function.

    Parameters
    ----------
    name : str
        A definition of the export, with or without its namespace, such as ``"normalize"``.
    axis : int or sequence of int, optional
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
        the definition is a vector, and that of the axes not in ``axis`` where it is a scalar.

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
    if layer and axis is not None:
        raise InputError(f"{definition.name} is about a whole layer, and axis is {axis!r}", hint="leave axis out")
    axes = axes_of(definition.name, -1 if axis is None else axis)
    if len(set(axes)) != len(axes):
        raise InputError(f"{definition.name}: axis {axes} names one twice", hint="pass another axis")

    def function(*args: npt.ArrayLike, **keywords: npt.ArrayLike) -> Array:
        given = _named(definition, args, keywords)
        return of_layer(definition, given, dtype, document) if layer else _compute(definition, given, axes, dtype, document)

    function.__name__ = definition.name.rpartition(".")[2]
    shown = "" if layer else f", axis={axes[0] if len(axes) == 1 else axes}"
    function.__qualname__ = f"oracle({definition.name!r}{shown})"  # what its repr shows
    function.__doc__ = definition.docstring
    return function


def _named(
    definition: ir.Definition, args: tuple[npt.ArrayLike, ...], keywords: dict[str, npt.ArrayLike]
) -> dict[str, npt.ArrayLike]:
    """The arguments by their Lean names, each exactly once."""
    names = [parameter.name for parameter in definition.parameters]
    if len(args) > len(names):
        raise InputError(f"{definition.name} takes {len(names)} arguments ({', '.join(names)}), got {len(args)}")
    return by_name(definition.name, names, keywords, dict(zip(names, args, strict=False)))


def by_name(owner: str, names: Sequence[str], keywords: Mapping[str, T], given: Mapping[str, T] | None = None) -> dict[str, T]:
    """The values of keyword arguments by their Lean names, which may be spelt in ASCII; each name exactly once.

    Raises
    ------
    InputError
        A name is unknown, missing or given twice.
    """
    listed = ", ".join(names)
    given = dict(given or {})
    for keyword, value in keywords.items():
        name = keyword if keyword in names else ALIASES.get(keyword, keyword)
        if name not in names:
            raise InputError(f"{owner} has no argument {keyword!r}", hint=f"it takes {listed}")
        if name in given:
            raise InputError(f"{owner} got two values for {name}")
        given[name] = value
    if missing := [name for name in names if name not in given]:
        raise InputError(f"{owner} needs a value for {', '.join(missing)}", hint=f"it takes {listed}")
    return given


def _compute(
    definition: ir.Definition,
    given: dict[str, npt.ArrayLike],
    axes: tuple[int, ...],
    dtype: object,
    export: Export,
) -> Array:
    vectors = [p.name for p in definition.parameters if isinstance(p.kind, ir.VectorKind)]
    if not vectors:
        raise InputError(f"{definition.name} has no vector argument, so its size is not known", hint="see `pybridge show`")
    got = taken(definition, given, dtype)
    layout = layout_of(definition.name, {name: got.arrays[name].shape for name in vectors}, axes)
    leading = layout.leading
    scalars: dict[str, Floats] = {}
    rows: dict[str, Floats] = {}
    for name, array in got.arrays.items():
        if name in vectors:
            rows[name] = layout.rows(array)
        else:
            scalars[name] = layout.scalars(definition.name, name, array)
    algebra = Strict(definition.name, got.computing, len(leading))
    sizes = {index.name: layout.size for index in definition.indices}
    with np.errstate(all="ignore"):
        level = {name: _levelled(values) for name, values in rows.items()}
    with overflows_refused(definition, got):
        evaluate(definition.body, algebra, Environment(sizes, scalars, level), export.definitions)
        result = rounded(evaluate(definition.body, algebra, Environment(sizes, scalars, rows), export.definitions), got)
    if isinstance(definition.body, ir.SCALARS):
        rows_result: Array = np.broadcast_to(result, leading).copy()
        return rows_result
    return layout.back(result)


def _levelled(rows: Floats) -> Floats:
    """The rows, with a constant row replaced by ones or zeros.

    Floating point makes the mean of a constant row inexact and its variance positive; of ones it is exact, so that a
    division by 0 is seen.
    """
    constant = (rows == rows[..., :1]).all(axis=-1, keepdims=True)
    return np.where(constant, (rows != 0).astype(rows.dtype), rows)
