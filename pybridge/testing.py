"""Assertions for the test-suite of somebody else's kernel.

``assert_layer`` runs a whole layer, forward and backward, on batches that tell kernels apart, and ``assert_kernel`` one kernel;
``assert_computes`` compares what was computed with a definition of the Lean library, and ``assert_satisfies`` puts it into a
proved theorem. No tolerance is given anywhere: the bound is the running error bound of the exported term in the kernel's
format.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pybridge.algebras.formats import Format, needed_format
from pybridge.errors import BlindWarning
from pybridge.export.loading import Export
from pybridge.export.own import own_or
from pybridge.kernels.arithmetic import default_compute
from pybridge.kernels.calls import Fault
from pybridge.kernels.failure import KernelError
from pybridge.kernels.outcomes import AnotherFunction, LosesDigits, NotTold, Outcome, WithinBound
from pybridge.kernels.report import Finding, lines
from pybridge.kernels.rows import compared
from pybridge.kernels.run import run_kernel
from pybridge.kernels.satisfies import unsatisfied
from pybridge.layers.check import assert_layer, check_layer
from pybridge.layers.findings import LayerFinding, OutputFinding

__all__ = [
    "AnotherFunction",
    "BlindWarning",
    "Fault",
    "Finding",
    "KernelError",
    "LayerFinding",
    "LosesDigits",
    "NotTold",
    "Outcome",
    "OutputFinding",
    "WithinBound",
    "assert_computes",
    "assert_kernel",
    "assert_layer",
    "assert_satisfies",
    "check_kernel",
    "check_layer",
]

BLIND = 0.01
"""A change of all numbers by less than this is to be seen."""


def assert_computes(
    definition: str,
    computed: Any,
    *,
    axis: int | Sequence[int] = -1,
    compute: object = None,
    export: Export | None = None,
    **arguments: Any,
) -> Finding:
    """Assert that a kernel computed a definition of the Lean library.

    Parameters
    ----------
    definition : str
        Such as ``"BatchNorm.backward"``.
    computed : array
        What the kernel computed: a NumPy array, torch or JAX tensor of float64, float32, float16 or bfloat16.
    axis : int or sequence of int
        The axis, or axes, that run over one batch; the others are batches of their own.
    compute : str or dtype, optional
        The format the kernel computes in: float64, float32, float16 or bfloat16, by its name or as a dtype of NumPy, torch or
        JAX; by default that of ``computed``, and float32 for the two narrower ones, in which kernels store but do not
        accumulate.
    export : Export, optional
        Where the definition is looked up; the package's own by default.
    **arguments
        The definition's parameters, as the kernel got them, under their Lean names or ASCII aliases (gamma, beta, eps): arrays,
        and for scalars numbers or arrays with one for each batch.

    Returns
    -------
    Finding
        With ``factor``: a factor of all numbers that differs from 1 by more than this would have been seen.

    Warns
    -----
    BlindWarning
        That is more than 1 %.

    Raises
    ------
    KernelError
        A number is further off than the error bound allows; the message says which function it is of.
    InputError
        The call is wrong: an argument is missing or not finite, shapes do not fit, or the batch allows no bound.

    Examples
    --------
    >>> import numpy as np
    >>> y = np.random.default_rng(0).normal(size=(64, 3)).astype(np.float32)
    >>> assert_computes("mean", y.mean(axis=0), y=y, axis=0).factor < 0.01
    True
    """
    __tracebackhide__ = True
    document = _export(export)
    found = compared(document.definition(definition), computed, arguments, axis, _format(compute), document)
    _raise_for(found)
    if BLIND < found.factor < math.inf:
        said = f"{found.definition.name}: on these arrays only a factor of 1 ± {found.factor:.1g} or more would have been seen"
        warnings.warn(f"{said}; give fewer or other entries, or a wider format", BlindWarning, stacklevel=2)
    return found


def assert_satisfies(
    theorem: str,
    *,
    computed: Mapping[str, Any],
    axis: int | Sequence[int] = -1,
    compute: object = None,
    export: Export | None = None,
    **variables: Any,
) -> None:
    """Assert that a proved theorem holds of what a kernel computed.

    Parameters
    ----------
    theorem : str
        Such as ``"BatchNorm.norm_sq_backward"``.
    computed : mapping
        What the kernel computed, by the definition it stands for: ``{"backward": dy}``.  The statement is taken with these
        values where it calls the definitions.
    axis, compute, export
        As for ``assert_computes``.
    **variables
        The theorem's variables, under their Lean names or ASCII aliases.

    Raises
    ------
    KernelError
        The two sides are further apart than the error bounds of the computed values allow; the message shows both, and what
        the kernel computes instead.
    InputError
        The call is wrong: a hypothesis of the theorem does not certainly hold, or nothing of the kernel's is in the statement.

    Examples
    --------
    >>> import numpy as np
    >>> y = np.random.default_rng(0).normal(size=(3, 8))
    >>> normalized = (y - y.mean(-1, keepdims=True)) / np.sqrt(y.var(-1, keepdims=True) + 1e-5)
    >>> assert_satisfies("norm_sq_normalize", y=y, eps=1e-5, computed={"normalize": normalized})
    """
    __tracebackhide__ = True
    document = _export(export)
    broken = unsatisfied(document.theorem(theorem), computed, variables, axis, _format(compute), document)
    if broken is not None:
        raise KernelError(broken.report, broken.outcome)


def check_kernel(
    kernel: Callable[..., Any],
    definition: str = "BatchNorm.backward",
    *,
    dtype: object = "float32",
    layout: str = "NC",
    eps: float = 1e-5,
    library: str = "numpy",
    compute: object = None,
    sizes: Mapping[str, Sequence[int]] | None = None,
    seed: int = 0,
    export: Export | None = None,
) -> Finding:
    """Run a kernel on batches that tell kernels apart, and say what it computes; ``assert_kernel`` raises where that is wrong.

    Parameters
    ----------
    kernel : callable
        Called with keywords, the ASCII names of the definition's parameters: for ``backward`` with arrays y and g of the
        layout, gamma (one number for each channel) and the number eps.  Returns an array of the layout, or for a scalar
        definition one number for each channel.
    definition : str
        What it is to compute.
    dtype : str or dtype
        Of all arrays: float64, float32, float16 or bfloat16, by its name or as a dtype of NumPy, torch or JAX (np.float32).
    layout : str
        One letter for each axis; C is the channel, and all others make up the batch: ``"NC"``, ``"NCHW"``, ``"NHWC"``, ``"N"``.
    eps : float
        The ε that the kernel is given.
    library : str
        Whose arrays it takes: numpy, torch or jax.
    compute : str or dtype, optional
        The format it computes in, as for ``assert_computes``.
    sizes : mapping, optional
        The lengths that it takes, by letter, where it does not take all: ``{"N": (64, 128)}``.
    seed : int
        Of the batches.
    export : Export, optional
        Where the definition is looked up; the package's own by default.

    Raises
    ------
    InputError
        The kernel returned another shape or format than it has to, or the call is wrong.
    MissingToolError
        The library is not installed.
    """
    __tracebackhide__ = True
    document = _export(export)
    stored = needed_format(dtype)
    arithmetic = _format(compute) or default_compute(stored)
    return run_kernel(kernel, document.definition(definition), stored, arithmetic, layout, eps, library, seed, document, sizes)


def assert_kernel(
    kernel: Callable[..., Any],
    definition: str = "BatchNorm.backward",
    *,
    dtype: object = "float32",
    layout: str = "NC",
    eps: float = 1e-5,
    library: str = "numpy",
    compute: object = None,
    sizes: Mapping[str, Sequence[int]] | None = None,
    seed: int = 0,
    export: Export | None = None,
) -> None:
    """Assert that a kernel computes a definition on all batches of ``check_kernel``, whose parameters it has.

    Raises
    ------
    KernelError
        It computes another function, or loses digits; the message says which.
    """
    __tracebackhide__ = True
    _raise_for(
        check_kernel(
            kernel,
            definition,
            dtype=dtype,
            layout=layout,
            eps=eps,
            library=library,
            compute=compute,
            sizes=sizes,
            seed=seed,
            export=export,
        )
    )


def _raise_for(found: Finding) -> None:
    __tracebackhide__ = True
    if not found.right:
        raise KernelError(lines(found), None if isinstance(found.outcome, WithinBound) else found.outcome)


def _export(export: Export | None) -> Export:
    __tracebackhide__ = True
    return own_or(export, kept=True)


def _format(dtype: object) -> Format | None:
    __tracebackhide__ = True
    return None if dtype is None else needed_format(dtype)
