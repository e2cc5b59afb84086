"""A definition of the Lean library as a NumPy function.

In: the name of a definition, the axes of the batch.  Out: a function of arrays.  What it computes is the exported body of the
definition, evaluated by ``FloatAlgebra``; this module validates the arguments and arranges their axes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from pybridge import ir
from pybridge.algebras.floats import FloatAlgebra, Floats
from pybridge.algebras.formats import format_of
from pybridge.errors import InputError
from pybridge.export.loading import Export
from pybridge.export.own import own_or
from pybridge.kernels.frameworks import reals_of
from pybridge.kernels.layout import axes_of, check_one_batch, layout_of
from pybridge.semantics.environment import Environment
from pybridge.semantics.evaluate import evaluate

ALIASES = {"alpha": "α", "beta": "β", "gamma": "γ", "eps": "ε", "epsilon": "ε", "mu": "μ", "rho": "ρ", "sigma": "σ"}
"""ASCII spellings a keyword argument may have."""

Array = npt.NDArray[np.floating[Any]]
T = TypeVar("T")


def oracle(
    name: str, *, axis: int | Sequence[int] = -1, dtype: object = None, export: Export | None = None
) -> Callable[..., Array]:
    """A definition as a NumPy function.

    Parameters
    ----------
    name : str
        A definition of the export, with or without its namespace, such as ``"normalize"``.
    axis : int or sequence of int
        The axis, or axes, of a vector argument that run over one batch.
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
        The axis is none, or named twice; and from the function: a missing or unknown argument, NaN or an infinity, shapes that
        do not fit, an empty batch (m = 0), a division by 0, as at a constant batch with ε = 0, or an overflow on the way or of
        the result.

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
    check_one_batch(definition.name, definition.parameters)
    axes = axes_of(definition.name, axis)
    if len(set(axes)) != len(axes):
        raise InputError(f"{definition.name}: axis {axes} names one twice", hint="pass another axis")

    def function(*args: npt.ArrayLike, **keywords: npt.ArrayLike) -> Array:
        given = _named(definition, args, keywords)
        return _compute(definition, given, axes, dtype, document)

    function.__name__ = definition.name.rpartition(".")[2]
    function.__qualname__ = f"oracle({definition.name!r}, axis={axes[0] if len(axes) == 1 else axes})"  # what its repr shows
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
    arrays = {name: _finite(definition, name, value) for name, value in given.items()}
    vectors = [p.name for p in definition.parameters if isinstance(p.kind, ir.VectorKind)]
    if not vectors:
        raise InputError(f"{definition.name} has no vector argument, so its size is not known", hint="see `pybridge show`")
    common = _dtype(definition, dtype) if dtype is not None else _common(list(arrays.values()))
    if not np.issubdtype(common, np.floating):
        raise InputError(f"{definition.name}: dtype {common} is not a floating type", hint="use float32 or float64")
    computing: np.dtype[Any] = np.result_type(common, np.float64)
    layout = layout_of(definition.name, {name: arrays[name].shape for name in vectors}, axes)
    leading = layout.leading
    scalars: dict[str, Floats] = {}
    rows: dict[str, Floats] = {}
    for name, array in arrays.items():
        if name in vectors:
            rows[name] = layout.rows(_cast(definition, name, array, computing))
        else:
            scalars[name] = _cast(definition, name, layout.scalars(definition.name, name, array), computing)
    algebra = _Strict(definition.name, computing, len(leading))
    sizes = {index.name: layout.size for index in definition.indices}
    with np.errstate(all="ignore"):
        level = {name: _levelled(values) for name, values in rows.items()}
    try:
        evaluate(definition.body, algebra, Environment(sizes, scalars, level), export.definitions)
        found = evaluate(definition.body, algebra, Environment(sizes, scalars, rows), export.definitions)
        with np.errstate(over="raise", under="ignore"):
            result = found.astype(common)
    except FloatingPointError:
        raise InputError(
            f"{definition.name}: an overflow, computed in {computing} for a result in {common}",
            hint="scale the arguments down, or pass a wider dtype",
        ) from None
    if isinstance(definition.body, ir.SCALARS):
        rows_result: Array = np.broadcast_to(result, leading).copy()
        return rows_result
    return layout.back(result)


class _Strict(FloatAlgebra):
    """Floats in which a division by 0 or an overflow is an error: what a kernel is compared with should not hide it."""

    def __init__(self, name: str, dtype: npt.DTypeLike, leading: int) -> None:
        super().__init__(dtype, leading=leading)
        self._name = name

    def context(self) -> AbstractContextManager[object]:
        """An overflow, or an infinity less another, is a ``FloatingPointError``."""
        return np.errstate(over="raise", invalid="raise", under="ignore")

    def divide(self, left: Floats, right: Floats) -> Floats:
        if (zero := right == 0).any():
            where = tuple(int(k) for k in np.argwhere(zero)[0])
            raise InputError(
                f"{self._name}: a division by 0{f' at {where}' if where else ''}: a batch with variance + ε ≤ 0?",
                hint="the statements assume 0 < variance + ε",
            )
        return super().divide(left, right)


def _finite(definition: ir.Definition, name: str, value: npt.ArrayLike) -> npt.NDArray[Any]:
    array = reals_of(f"{definition.name}: {name}", value)
    _refuse_infinite(definition, name, array)
    return array


def _cast(definition: ir.Definition, name: str, array: npt.NDArray[Any], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    with np.errstate(all="ignore"):
        cast = array.astype(dtype)
    _refuse_infinite(definition, name, cast, f" in {dtype}")
    return cast


def _refuse_infinite(definition: ir.Definition, name: str, array: npt.NDArray[Any], where: str = "") -> None:
    if not (finite := np.isfinite(array)).all():
        place = tuple(int(k) for k in np.argwhere(~finite)[0])
        raise InputError(
            f"{definition.name}: {name}{list(place) if place else ''} is {array[place]}{where}", hint="give finite numbers"
        )


def _dtype(definition: ir.Definition, dtype: object) -> np.dtype[Any]:
    """What NumPy makes of a dtype, or of its name where that is a format's."""
    known = format_of(dtype)
    given: Any = dtype if known is None or isinstance(dtype, str | type | np.dtype) else known.name
    try:
        found: np.dtype[Any] = np.dtype(given)
    except (TypeError, ValueError):
        raise InputError(f"{definition.name}: NumPy has no dtype {dtype!r}", hint="use float32 or float64") from None
    return found


def _common(arrays: list[npt.NDArray[Any]]) -> np.dtype[Any]:
    """The widest floating type among the arrays; a Python number (shape ()) has no say where an array has one."""
    floats = [array.dtype for array in arrays if array.dtype.kind == "f" and array.ndim > 0]
    common: np.dtype[Any] = np.result_type(*floats) if floats else np.dtype(np.float64)
    return common


def _levelled(rows: Floats) -> Floats:
    """The rows, with a constant row replaced by ones or zeros.

    Floating point makes the mean of a constant row inexact and its variance positive; of ones it is exact, so that a
    division by 0 is seen.
    """
    constant = (rows == rows[..., :1]).all(axis=-1, keepdims=True)
    return np.where(constant, (rows != 0).astype(rows.dtype), rows)
