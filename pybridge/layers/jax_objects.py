"""Functions of JAX, and modules of Flax, of linen and of nnx, that are a layer.

In: an object.  Out: its ``Passes``, and what it says of itself.  A module stays as it was: its parameters are those of each
probe in a copy alone, and statistics are those of the batch.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pybridge.errors import InputError
from pybridge.layers.known import DBETA, DGAMMA, DX, FORWARD, LAYERS, Layer
from pybridge.layers.objects import Description
from pybridge.layers.passes import forward_of, gradients_of
from pybridge.layers.signatures import BETA, EPS, GAMMA, G, X, signature_of


def is_linen(thing: object) -> bool:
    """Whether it is a module of Flax's linen."""
    linen = sys.modules.get("flax.linen")
    return linen is not None and isinstance(thing, linen.Module)


def is_nnx(thing: object) -> bool:
    """Whether it is a module of Flax's nnx."""
    nnx = sys.modules.get("flax.nnx")
    return nnx is not None and isinstance(thing, nnx.Module)


def is_flax(thing: object) -> bool:
    """Whether it is a module of Flax."""
    return is_linen(thing) or is_nnx(thing)


_LAST = (-1, (-1,))


def described_flax(thing: Any) -> Description | None:
    """What one of Flax's own normalization layers says of itself; None for anything else, or one of unusual axes."""
    name = type(thing).__name__
    if not is_flax(thing) or name not in LAYERS or not type(thing).__module__.startswith("flax."):
        return None
    if getattr(thing, "use_running_average", None) is True:
        raise InputError(
            f"the {name} of Flax is in evaluation mode, which is tested of functions and of torch's modules",
            hint="pass one with use_running_average=False",
        )
    axes = [getattr(thing, which, -1) for which in ("axis", "feature_axes")]
    axes += [getattr(thing, "reduction_axes", -1)] if name in ("LayerNorm", "RMSNorm") else []
    if any((tuple(one) if isinstance(one, list) else one) not in _LAST for one in axes):
        return None
    layout = {"BatchNorm": "NC", "GroupNorm": "NHWC", "InstanceNorm": "NHWC"}.get(name)
    own = [getattr(thing, name, None) for name in ("scale", "bias")] if is_nnx(thing) else []
    scale = next((one for one in own if one is not None), None)
    features = getattr(thing, "num_features", None if scale is None else scale.shape[0])
    return Description(
        layer=name,
        layout=layout,
        groups=_groups(thing, features) if name == "GroupNorm" else None,
        eps=float(thing.epsilon),
        affine=bool(getattr(thing, "use_scale", True)),
        sizes={} if features is None else {"C" if layout else "D": int(features)},
        dtype=None if scale is None else scale.dtype,
    )


def _groups(thing: Any, features: int | None) -> int | None:
    """How many groups the channels are put into; of linen's, which may say how large they are, where it says so."""
    size = getattr(thing, "group_size", None)
    if size and features:
        return int(features) // int(size)
    number = getattr(thing, "num_groups", None)
    return None if number is None else int(number)


@dataclass(frozen=True, slots=True)
class Jax:
    """A function of JAX's arrays, and the gradients that its vjp gives."""

    layer: Layer
    function: Callable[..., Any]
    affine: bool
    settings: Mapping[str, Any]
    library: str = "jax"

    @property
    def outputs(self) -> frozenset[str]:
        """All."""
        return frozenset((FORWARD, DX, *(gradients_of(self.layer) if self.affine else ())))

    @property
    def takes_eps(self) -> bool:
        """Whether it takes ε."""
        return EPS in signature_of(self.function, "forward", frozenset((X, GAMMA, BETA, EPS)), self.settings).roles

    def run(self, given: Mapping[str, Any], between: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Forward, and its vjp at g."""
        __tracebackhide__ = True
        jax = sys.modules["jax"]
        known = {name: value for name, value in given.items() if value is not None and name != G}
        leaves = {name: known[name] for name in (X, GAMMA, BETA) if name in known}
        signature = signature_of(self.function, "forward", frozenset(known), self.settings)
        out, pull = jax.vjp(lambda leaves: forward_of(signature.call({**known, **leaves}))[0], leaves)
        if between is not None:
            others = {name: between[name] for name in leaves}
            jax.vjp(lambda leaves: forward_of(signature.call({**known, **leaves}))[0], others)
        (pulled,) = pull(given[G])
        names = ((DX, X), (DGAMMA, GAMMA), (DBETA, BETA))
        return {FORWARD: out, **{output: pulled[role] for output, role in names if output in self.outputs and role in pulled}}


@dataclass(frozen=True, slots=True)
class Linen:
    """A module of linen, as a function of its parameters."""

    layer: Layer
    module: Any
    affine: bool

    def function(self, x: Any, gamma: Any = None, beta: Any = None) -> Any:
        """Apply it."""
        jax = sys.modules["jax"]
        unsaid = self.layer.name == "BatchNorm" and self.module.use_running_average is None
        more = {"use_running_average": False} if unsaid else {}
        variables = self.module.init(jax.random.PRNGKey(0), x, **more)
        own = dict(variables.get("params", {}))
        for name, value in (("scale", gamma), ("bias", beta)):
            if name in own and value is not None:
                own[name] = value.reshape(own[name].shape).astype(own[name].dtype)
        out, _ = self.module.apply({**variables, "params": own}, x, mutable=["batch_stats"], **more)
        return out


@dataclass(frozen=True, slots=True)
class Nnx:
    """A module of nnx, as a function of its parameters."""

    layer: Layer
    module: Any
    affine: bool

    def function(self, x: Any, gamma: Any = None, beta: Any = None) -> Any:
        """Apply a copy of it."""
        module = sys.modules["flax.nnx"].clone(self.module)
        for name, value in (("scale", gamma), ("bias", beta)):
            own = getattr(module, name, None)
            if own is not None and value is not None:
                own[...] = value.reshape(own.shape).astype(own.dtype)
        return module(x)


def flax_passes(layer: Layer, module: Any, *, affine: bool) -> Jax:
    """The passes of a module of Flax."""
    made = Linen(layer, module, affine) if is_linen(module) else Nnx(layer, module, affine)
    return Jax(layer, made.function, affine, {})
