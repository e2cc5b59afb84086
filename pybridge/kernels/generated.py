"""A definition of the Lean library as generated code: a function with its source.

In: the name of a definition, a target, the axes of the batch.  Out: a ``Compiled``, a function of arrays.  The code is written
by ``codegen`` from the exported body; this module validates the arguments, and refuses what the code met on the way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from pybridge import ir
from pybridge.algebras.formats import needed_format
from pybridge.codegen.bound import bounds
from pybridge.codegen.lower import lowered
from pybridge.codegen.native_runner import STORED, CRunner, NumbaRunner
from pybridge.codegen.numpy_runner import NumPyRunner
from pybridge.codegen.schedule import scheduled
from pybridge.errors import InputError, UnknownNameError, brief
from pybridge.export.loading import Export
from pybridge.export.own import own_or
from pybridge.kernels.arguments import Given, dtype_of, given_to, refuse_infinite
from pybridge.kernels.by_nodes import by_nodes, overflow, refuse_any_infinite, refuse_constant
from pybridge.kernels.layout import axes_of

Array = npt.NDArray[np.floating[Any]]
Runners = NumPyRunner | NumbaRunner | CRunner
TARGETS = ("numpy", "numba", "c")
_MOST = 64
_lock = Lock()
_kept: dict[tuple[int, str, str, bool], tuple[Mapping[str, ir.Definition], Runners]] = {}
"""Code by the definitions (kept, so that no others get their id), the name, the target, and whether it checks."""


class Compiled:
    """Generated code as a function; made by ``pybridge.compile``, which says how it is called.

    The error of each number is at most ``bound``, which is derived from the operations that the code has.  All is computed and
    summed up in float64, also of float32 arrays, and the result is rounded once.
    """

    def __init__(
        self,
        definition: ir.Definition,
        target: str,
        axes: tuple[int, ...],
        dtype: np.dtype[Any] | None,
        export: Export,
        *,
        checked: bool,
    ) -> None:
        self.definition = definition
        self.target = target
        self.axes = axes
        self.dtype = dtype
        self.checked = checked
        self._export = export
        self._runner = runner_for(definition, target, export, checked=checked)
        self.__name__ = definition.name.rpartition(".")[2]
        self.__qualname__ = f"compile({definition.name!r}, target={target!r}, axis={axes[0] if len(axes) == 1 else axes})"
        self.__doc__ = definition.docstring

    def __repr__(self) -> str:
        return brief(self, self.__qualname__)

    @property
    def source(self) -> str:
        """The code; for numba and C that for float32, or the dtype asked for, from which another differs in types."""
        stored = "float32" if self.dtype is None else self.dtype.name
        return source_of(self.definition, self.target, self._export, stored, checked=self.checked)

    def require(self) -> None:
        """Refuse to go on without what the target needs.

        Raises
        ------
        MissingToolError
            numba is not installed, or there is no C compiler.
        """
        if not isinstance(self._runner, NumPyRunner):
            self._runner.require()

    @property
    def sweeps(self) -> int:
        """How often the entries of a batch are read: from memory each time where they do not fit into the cache, else once."""
        return len(self._runner.schedule.every)

    def __call__(self, *args: npt.ArrayLike, **keywords: npt.ArrayLike) -> Array:
        given = given_to(self.definition, args, keywords, self.axes, self.dtype)
        if given.common.name not in STORED:
            raise InputError(
                f"{self.definition.name}: there is no generated code for {given.common}", hint="pass dtype float32 or float64"
            )
        found = run(self._runner, self.definition, given, self._export.definitions, checked=self.checked)
        if found is None:
            by_nodes(self.definition, given, self._export.definitions)
            raise overflow(self.definition.name, given.computing, given.common)
        return found

    def bound(self, *args: npt.ArrayLike, **keywords: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """How far each number of the result is at most from the real one, for these arguments.

        The running error bound of the operations that the code has, in balls (``codegen/bound.py``): it takes microseconds for
        each number and operation, and infinity says that there is none.

        Parameters
        ----------
        *args, **keywords
            As for the function itself.

        Returns
        -------
        array
            Of the shape of the result.
        """
        given = given_to(self.definition, args, keywords, self.axes, self.dtype)
        refuse_any_infinite(self.definition, given)
        layout, owner = given.layout, self.definition.name
        lowered_ = self._runner.schedule.lowered
        rows = {name: layout.rows(given.arrays[name]) for name in lowered_.vectors}
        numbers = {name: layout.scalars(owner, name, given.arrays[name]) for name in lowered_.scalars}
        spread = lowered_.result.spread
        found = np.empty((*layout.leading, layout.size) if spread else layout.leading)
        stored = needed_format(given.common)
        for place in np.ndindex(layout.leading):
            known = bounds(
                lowered_,
                {name: float(array[place]) for name, array in numbers.items()},
                {name: array[place].astype(np.float64).tolist() for name, array in rows.items()},
                layout.size,
                stored,
            )
            found[place] = known if spread else known[0]
        return layout.back(found) if spread else found


def compile(  # noqa: A001
    name: str,
    *,
    target: str = "numpy",
    axis: int | Sequence[int] = -1,
    dtype: object = None,
    checked: bool = True,
    export: Export | None = None,
) -> Compiled:
    """A definition as generated code: a function with its ``source``.

    Parameters
    ----------
    name : str
        A definition of the export, with or without its namespace, such as ``"backward"``.
    target : str
        ``"numpy"``; ``"numba"`` (the extra ``pybridge-lean[numba]``); or ``"c"``, compiled by the system's ``cc``, or what CC
        names, into the folder ``pybridge`` of XDG_CACHE_HOME or ``~/.cache``.
    axis : int or sequence of int
        The axis, or axes, of a vector argument that run over one batch.
    dtype : dtype, optional
        Of the result, float32 or float64; by default the arguments' common one.
    checked : bool
        Whether a call refuses NaN, infinities, a division by 0 and an overflow.  Without, these give what floating point makes
        of them, and the call costs less; wrong names and shapes are refused in any case.
    export : Export, optional
        Where the definition is looked up; the package's own by default.

    Returns
    -------
    Compiled
        A function that takes what ``oracle``'s takes and returns an array of the same shape; with the properties ``source`` and
        ``sweeps``, and the method ``bound``.

    Raises
    ------
    UnknownNameError
        There is no such definition, or no such target.
    NotCompiled
        The definition has a part for which no code is written, such as a loss; the message names it.
    MissingToolError
        numba is not installed, or there is no C compiler.
    InputError
        The axis or the dtype is none; and from the function, what the function of ``oracle`` raises.

    Examples
    --------
    >>> import numpy as np
    >>> y, g = np.random.default_rng(0).normal(size=(2, 64, 16)).astype(np.float32)
    >>> backward = compile("BatchNorm.backward", axis=0)
    >>> backward(gamma=np.ones(16), eps=1e-5, y=y, g=g).shape
    (64, 16)
    >>> backward.sweeps
    3
    >>> print("".join(backward.source.splitlines(keepends=True)[5:8]), end="")
    def block(chunks, total, dot, m, gamma, eps):
        sum_y = sum_g = None
        for y, g in chunks("y", "g", work=0):
    """
    document = own_or(export)
    definition = document.definition(name)
    axes = axes_of(definition.name, axis)
    if len(set(axes)) != len(axes):
        raise InputError(f"{definition.name}: axis {axes} names one twice", hint="pass another axis")
    if target not in TARGETS:
        raise UnknownNameError("target", str(target), TARGETS, hint=f"there are {', '.join(TARGETS)}")
    asked = None if dtype is None else dtype_of(definition.name, dtype)
    if asked is not None and asked.name not in STORED:
        raise InputError(f"{definition.name}: there is no generated code for {asked}", hint="pass dtype float32 or float64")
    compiled = Compiled(definition, target, axes, asked, document, checked=checked)
    compiled.require()
    return compiled


def source_of(definition: ir.Definition, target: str, export: Export, stored: str = "float32", *, checked: bool = True) -> str:
    """The code of a definition, for arrays of a dtype; what would compile it need not be there.

    Raises
    ------
    NotCompiled
        The definition has a part for which no code is written.
    """
    runner = runner_for(definition, target, export, checked=checked)
    if isinstance(runner, NumPyRunner):
        return runner.source
    return runner.text(stored, [stored] * len(runner.schedule.lowered.vectors))


def run(
    runner: Runners, definition: ir.Definition, given: Given, definitions: Mapping[str, ir.Definition], *, checked: bool
) -> Array | None:
    """The value of a definition by its code; None where the code met what it has no right value for.

    Raises
    ------
    InputError
        A scalar, or a vector of which the code would not notice it, is not finite; or a batch in which a vector is constant
        makes a divisor 0.
    """
    layout, arrays = given.layout, given.arrays
    schedule = runner.schedule
    scalars = [layout.without_batch(arrays[name]) for name in schedule.lowered.scalars]
    vectors = [layout.spread(arrays[name]) for name in schedule.lowered.vectors]
    if checked:
        for name in schedule.lowered.scalars:
            refuse_infinite(definition.name, name, arrays[name])
        for name in schedule.unwatched:
            _refuse_unwatched(definition.name, name, arrays[name])
    found = runner.run(scalars, vectors, layout.order, given.common, given.computing)
    if not checked:
        return found
    if found is None or (schedule.last is None and not np.isfinite(found).all()):
        return None
    if schedule.divisors:
        refuse_constant(definition, given, definitions)
    return found


def _refuse_unwatched(owner: str, name: str, array: npt.NDArray[Any]) -> None:
    """Refuse an array that is not finite; a NaN is the largest number of an array that has one."""
    if not (np.isfinite(array.max()) and np.isfinite(array.min())):
        refuse_infinite(owner, name, array)


def runner_for(definition: ir.Definition, target: str, export: Export, *, checked: bool = True) -> Runners:
    """The code of a definition, written once.

    Raises
    ------
    NotCompiled
        The definition has a part for which no code is written.
    """
    key = (id(export.definitions), definition.name, target, checked)
    with _lock:
        if key not in _kept:
            schedule = scheduled(lowered(definition, export.definitions))
            if target == "numpy":
                made: Runners = NumPyRunner(schedule, checked=checked)
            else:
                made = (NumbaRunner if target == "numba" else CRunner)(schedule, checked=checked)
            while len(_kept) >= _MOST:
                del _kept[next(iter(_kept))]
            _kept[key] = export.definitions, made
        return _kept[key][1]
