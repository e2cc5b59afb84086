"""``assert_layer`` and ``check_layer``, which ``pybridge.testing`` offers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from pybridge.algebras.formats import needed_format
from pybridge.errors import InputError
from pybridge.export.loading import Export
from pybridge.export.own import own_or
from pybridge.kernels.failure import KernelError
from pybridge.kernels.frameworks import doubles_of
from pybridge.layers.findings import LayerFinding
from pybridge.layers.report import lines
from pybridge.layers.run import run_layer
from pybridge.layers.signatures import BETA, GAMMA, MEAN, NAMES, VAR, G, X
from pybridge.layers.subject import subject_of

passed: list[LayerFinding] = []
"""What was right, for the pytest plugin, which shows it under ``-v`` and empties this."""
_MOST_PASSED = 256


def check_layer(
    layer: object,
    *,
    forward: Any = None,
    backward: Callable[..., Any] | None = None,
    layout: str | None = None,
    normalized: str | None = None,
    groups: int | None = None,
    eps: float | None = None,
    dtype: object = None,
    affine: bool | None = None,
    library: str | None = None,
    training: bool | None = None,
    compute: object = None,
    outputs: Sequence[str] | None = None,
    sizes: Mapping[str, Sequence[int]] | None = None,
    arrays: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    only: Sequence[str] | None = None,
    seed: int = 0,
    export: Export | None = None,
) -> LayerFinding:
    """Run a whole layer on batches that tell layers apart, and say what its outputs are.

    ``assert_layer`` raises where one is wrong.

    Parameters
    ----------
    layer : str or object
        ``"BatchNorm"``, ``"LayerNorm"``, ``"RMSNorm"``, ``"GroupNorm"`` or ``"InstanceNorm"``; or a normalization module of
        torch or Flax, which says itself what it is.
    forward : callable, torch module, autograd.Function or Flax module, optional
        Takes x and, under one of their usual names, gamma, beta and eps.  Returns the output, or (output, cache).  Of a
        function of torch or JAX without ``backward``, the gradients are those that autograd and ``jax.vjp`` give.
    backward : callable, optional
        Takes the upstream gradient, and the cache, or x, gamma and eps.  Returns ∂x, or (∂x, ∂γ, ∂β), or these by name.
    layout : str, optional
        A letter for each axis: C is the channel, and the last axis is what LayerNorm and RMSNorm normalize.  "NC", of these
        "ND", of GroupNorm and InstanceNorm "NCHW" where nobody says.
    normalized : str, optional
        For LayerNorm and RMSNorm, the letters of what is normalized, where that is not the last axis alone: ``"CHW"``.
    groups : int, optional
        Of GroupNorm.
    eps : float, optional
        The ε of the comparison, which is handed to passes that take one.  Where they take none, it is found out from the
        numbers.
    dtype : str or dtype, optional
        Of all arrays; by default that of a module's parameters, float64 for NumPy, float32 for torch and JAX.
    affine : bool, optional
        Whether there are γ and β.
    library : str, optional
        Whose arrays functions take: numpy, torch or jax.
    training : bool, optional
        In which mode BatchNorm is tested; a module of torch as it is, and all else in training mode, where nobody says.  In
        evaluation mode the passes take running_mean and running_var.
    compute : str or dtype, optional
        The format it computes in, as for ``assert_computes``: ``"bfloat16"`` of a module that is in it throughout, such as
        ``torch.nn.BatchNorm2d(5).bfloat16()``, which else loses digits by the measure of float32.
    outputs : sequence of str, optional
        Which to compare, of "forward", "dx", "dgamma", "dbeta", and of a module that keeps statistics "running_mean",
        "running_var".
    sizes : mapping, optional
        The lengths that a kernel takes, by letter, where it does not take all: ``{"D": (64, 128)}``.
    arrays : mapping or sequence of mappings, optional
        The caller's own in place of drawn ones: x, g (or dout, dy), gamma, beta, running_mean, running_var.  With several the
        layer is called in their order.
    only : sequence of str, optional
        The names of batches, to repeat these alone.
    seed : int
        Of the batches.
    export : Export, optional
        Where the definitions are looked up; the package's own by default.

    Returns
    -------
    LayerFinding
        For each output what is known of its numbers, and what else is wrong: a shape, an argument that is overwritten.

    Raises
    ------
    InputError
        The call is wrong: an argument that is not understood, a layout that may be meant in two ways, or an output that this
        export has no definition for.
    MissingToolError
        The library is not installed.
    """
    __tracebackhide__ = True
    document = own_or(export)
    _check(eps, seed)
    subject = subject_of(
        layer,
        forward,
        backward,
        layout=layout,
        normalized=normalized,
        groups=groups,
        eps=eps,
        dtype=dtype,
        affine=affine,
        library=library,
        training=training,
    )
    return run_layer(
        subject,
        compute=None if compute is None else needed_format(compute),
        outputs=outputs,
        sizes=sizes,
        arrays=None if arrays is None else _several(arrays),
        only=only,
        seed=int(seed),
        export=document,
        repeat=_repeat(
            layer, forward, backward, layout=layout, normalized=normalized, groups=groups, eps=eps, dtype=dtype, seed=seed
        ),
    )


def assert_layer(
    layer: object,
    *,
    forward: Any = None,
    backward: Callable[..., Any] | None = None,
    layout: str | None = None,
    normalized: str | None = None,
    groups: int | None = None,
    eps: float | None = None,
    dtype: object = None,
    affine: bool | None = None,
    library: str | None = None,
    training: bool | None = None,
    compute: object = None,
    outputs: Sequence[str] | None = None,
    sizes: Mapping[str, Sequence[int]] | None = None,
    arrays: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    only: Sequence[str] | None = None,
    seed: int = 0,
    export: Export | None = None,
) -> LayerFinding:
    """Assert that a whole layer, forward and backward, computes what it is called; the parameters are those of ``check_layer``.

    Returns
    -------
    LayerFinding
        What was tried, and the smallest factor that would have been seen; ``pytest -v`` prints it.

    Raises
    ------
    KernelError
        An output is wrong, or a shape, or an argument is overwritten; the first line of the message says what it is.

    Examples
    --------
    >>> import numpy as np
    >>> def forward(x, gamma, beta, eps):
    ...     return gamma * (x - x.mean(0)) / np.sqrt(x.var(0) + eps) + beta
    >>> assert_layer("BatchNorm", forward=forward).right
    True
    """
    __tracebackhide__ = True
    found = check_layer(
        layer,
        forward=forward,
        backward=backward,
        layout=layout,
        normalized=normalized,
        groups=groups,
        eps=eps,
        dtype=dtype,
        affine=affine,
        library=library,
        training=training,
        compute=compute,
        outputs=outputs,
        sizes=sizes,
        arrays=arrays,
        only=only,
        seed=seed,
        export=export,
    )
    if not found.right:
        raise KernelError(lines(found), None if found.outcome is None or _is_right(found) else found.outcome)
    if len(passed) < _MOST_PASSED:
        passed.append(found)
    return found


def _is_right(found: LayerFinding) -> bool:
    """Whether no number is wrong."""
    return all(one.right for one in found.outputs if one.finding is not None)


def _check(eps: object, seed: object) -> None:
    number = isinstance(eps, int | float | np.floating) and not isinstance(eps, bool)
    if eps is not None and (not number or not 0 <= eps <= sys.float_info.max):  # type: ignore[operator]
        raise InputError(f"eps is {eps!r}", hint="give the number that is added to the variance: finite, and at least 0")
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise InputError(f"seed is {seed!r}", hint="give a number, at least 0")


def _several(arrays: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], ...]:
    several = (arrays,) if isinstance(arrays, Mapping) else tuple(arrays)
    if not several or not all(isinstance(one, Mapping) for one in several):
        raise InputError("arrays holds no arrays by name", hint='give arrays={"x": x, "g": g, …}, or a list of these')
    return tuple(map(_own, several))


def _own(arrays: Mapping[str, Any]) -> dict[str, Any]:
    """The caller's arrays under the names x, g, gamma, beta."""
    found = {}
    for name, value in arrays.items():
        role = next((role for role in (X, G, GAMMA, BETA, MEAN, VAR) if str(name).lower() in NAMES[role]), None)
        if role is None:
            raise InputError(f"arrays has {name!r}, and what that is is not known", hint="give x, g, gamma, beta")
        found[role] = doubles_of(str(name), value)[0]
    if X not in found:
        raise InputError("arrays has no x", hint='give arrays={"x": x, "g": g, …}')
    return found


def _repeat(layer: object, forward: object, backward: object, **options: object) -> str:
    """The call as it was written, but for what has no text."""
    first = repr(layer) if isinstance(layer, str) else "…"
    passes = [f"{name}=…" for name, one in (("forward", forward), ("backward", backward)) if one is not None]
    given = [f"{name}={value!r}" for name, value in options.items() if value is not None]
    return f"assert_layer({', '.join([first, *passes, *given])})"
