"""What a caller gives for a layer, as passes and what there is to know of them.

In: the first arguments of ``testing.check_layer``.  Out: a ``Subject``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pybridge.algebras.formats import FLOAT32, FLOAT64, Format, needed_format
from pybridge.errors import InputError
from pybridge.layers.jax_objects import Jax, described_flax, flax_passes, is_flax
from pybridge.layers.known import LAYERS, Layer, in_evaluation, layer_named
from pybridge.layers.objects import (
    Autograd,
    Description,
    Module,
    described,
    keeps_statistics,
    module_eps,
    momentum_of,
    parameters_of,
    torch_function,
    torch_module,
)
from pybridge.layers.passes import Functions, Passes
from pybridge.layers.reading import Reading, read
from pybridge.layers.signatures import GAMMA


@dataclass(frozen=True, slots=True)
class Subject:
    """A layer to be tested.

    Parameters
    ----------
    eps
        The one that was given, or that an object says it adds; None where nobody says.
    sizes
        The lengths that an object takes, by letter.
    momentum
        Of running statistics, where an object keeps some.
    notes
        What is to be said of the mode that it is tested in.
    """

    layer: Layer
    reading: Reading
    passes: Passes
    storage: Format
    eps: float | None
    affine: bool
    sizes: Mapping[str, int]
    momentum: float = 0.1
    notes: tuple[str, ...] = ()


def subject_of(
    layer: object,
    forward: Any,
    backward: Callable[..., Any] | None,
    *,
    layout: str | None,
    normalized: str | None,
    groups: int | None,
    eps: float | None,
    dtype: object,
    affine: bool | None,
    library: str | None,
    training: bool | None = None,
) -> Subject:
    """Read what is given; the parameters are those of ``testing.check_layer``.

    Raises
    ------
    InputError
        There is nothing to run, or it does not say which layer it is.
    """
    said = None
    if not isinstance(layer, str):
        if forward is not None or backward is not None:
            raise InputError(f"layer is of type {type(layer).__name__}, and passes are given beside it", hint=_NAMED)
        forward, said = layer, described(layer) or described_flax(layer)
        if said is None:
            raise InputError(f"which layer a {_called(layer)} is is not known", hint=_NAMED)
        layer = said.layer
    elif forward is not None:
        said = described(forward) or described_flax(forward)
    known = layer_named(layer)
    if said is not None and said.layer != known.name:
        said = None  # one layer passed off as another is what is to be found out
    said = said or Description(layer=known.name)
    known, notes = _mode(known, forward, training)
    reading = read(
        known, layout or said.layout, normalized or (said.normalized if layout is None else None), groups or said.groups
    )
    affine = said.affine if affine is None else affine
    settings = _settings(reading, groups or said.groups)
    passes, dtype_there, eps_there = _passes(known, forward, backward, library, settings, affine=affine)
    chosen = dtype if dtype is not None else said.dtype if said.dtype is not None else dtype_there
    storage = FLOAT32 if chosen is None else needed_format(chosen)
    sizes = dict(zip(reading.parameter, said.sizes.values(), strict=False)) if said.sizes else _own_sizes(forward, reading)
    eps = eps if eps is not None else said.eps or eps_there
    momentum = momentum_of(forward) if isinstance(forward, torch_module()) else 0.1
    return Subject(known, reading, passes, storage, eps, affine, sizes, momentum, notes)


def _mode(layer: Layer, forward: Any, training: bool | None) -> tuple[Layer, tuple[str, ...]]:
    """The layer in the mode that it is tested in, and what is to be said of it."""
    module = isinstance(forward, torch_module())
    evaluating = module and not forward.training and layer.name in ("BatchNorm", "InstanceNorm")
    if not module or not evaluating:
        return (in_evaluation(layer), (_GIVEN,)) if training is False else (layer, ())
    if training is True:
        return layer, ("the module is in evaluation mode, and is tested in training mode",)
    if not keeps_statistics(forward):
        if layer.name == "BatchNorm" and not hasattr(forward, "track_running_stats"):
            raise InputError(
                "the module is in evaluation mode, and has no running_mean and running_var", hint="pass training=True"
            )
        return layer, ("the module is in evaluation mode, and keeps no statistics: those of the batch are taken",)
    return in_evaluation(layer), (f"the module is in evaluation mode: {_GIVEN}; training=True tests the other mode",)


_GIVEN = "mean and variance are given, drawn anew for each set of arrays"


_NAMED = f"give the layer's name, one of {', '.join(LAYERS)}, and the object as forward="


def _own_sizes(forward: object, reading: Reading) -> dict[str, int]:
    """The lengths that a module of somebody's own takes, as its weight says; empty where it does not."""
    weight = parameters_of(forward).get(GAMMA) if isinstance(forward, torch_module()) else None
    shape = [] if weight is None else [length for length in weight.shape if length != 1] or [1]
    return dict(zip(reading.parameter, shape, strict=True)) if len(shape) == len(reading.parameter) else {}


def _called(thing: object) -> str:
    own = getattr(thing, "__name__", None)
    return own if isinstance(own, str) else type(thing).__name__


def _settings(reading: Reading, groups: int | None) -> dict[str, Any]:
    """Values for arguments that say what the layout says."""
    axes = tuple(reading.layout.index(letter) for letter in reading.normalized)
    found: dict[str, Any] = {"axis": axes, "axes": axes, "dims": axes}
    if groups is not None:
        found |= dict.fromkeys(("groups", "num_groups", "n_groups", "g"), groups)
    return found


def _passes(
    layer: Layer,
    forward: Any,
    backward: Callable[..., Any] | None,
    library: str | None,
    settings: Mapping[str, Any],
    *,
    affine: bool,
) -> tuple[Passes, object, float | None]:
    """The passes; and the format and ε of an object that has them."""
    if forward is None and backward is None:
        raise InputError(
            f"{layer.name}: there is neither a forward nor a backward pass", hint="pass forward=, backward= or both"
        )
    for what, one in (("forward", forward), ("backward", backward)):
        if one is not None and not callable(one) and not is_flax(one):
            raise InputError(f"the {what} pass is of type {type(one).__name__}, which cannot be called", hint="give a function")
    function = torch_function()
    if function is not None and isinstance(forward, type) and issubclass(forward, function):
        if backward is not None:
            raise InputError(
                f"{forward.__name__} has a backward pass of its own, and another is given", hint="give one of them"
            )
        made: Any = forward
        return Autograd(layer, made.apply, affine, settings, 1, made.forward), None, None
    if isinstance(forward, torch_module()):
        dtypes = {str(parameter.dtype): parameter.dtype for parameter in forward.parameters()}
        own = Module(layer, forward, affine and bool(parameters_of(forward)))
        return own, next(iter(dtypes.values()), None), module_eps(forward)
    if is_flax(forward):
        eps = getattr(forward, "epsilon", None)
        return flax_passes(layer, forward, affine=affine), None, None if eps is None else float(eps)
    library = library or "numpy"
    if backward is None and library == "torch":
        return Autograd(layer, forward, affine, settings), None, None
    if backward is None and library == "jax":
        return Jax(layer, forward, affine, settings), None, None
    return Functions(layer, forward, backward, library, affine, settings), _usual(library), None


def _usual(library: str) -> object:
    """The format of a library's arrays where nobody says."""
    return FLOAT64.name if library == "numpy" else FLOAT32.name
