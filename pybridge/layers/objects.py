"""Objects of torch that are a layer: modules, functions with a backward pass of their own; and what any object says of itself.

In: an object.  Out: its ``Passes``, and what it says of itself: which layer it is, ε, the axes, the sizes.  A module is copied,
and its parameters are set to those of each probe.  ``jax_objects.py`` has those of JAX and Flax.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pybridge.errors import InputError
from pybridge.layers.known import DBETA, DGAMMA, DX, FORWARD, RUNNING, RUNNING_MEAN, RUNNING_VAR, Layer
from pybridge.layers.passes import forward_of, gradients_of
from pybridge.layers.signatures import BETA, EPS, GAMMA, MEAN, NAMES, VAR, G, X, signature_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What an object says of itself; None where it does not.

    Parameters
    ----------
    layer
        Its name.
    layout, normalized, groups
        As ``reading.read`` takes them.
    eps
        The ε that it adds.
    affine
        Whether it has parameters.
    sizes
        The lengths it takes, by letter.
    dtype
        Of its parameters.
    """

    layer: str
    layout: str | None = None
    normalized: str | None = None
    groups: int | None = None
    eps: float | None = None
    affine: bool = True
    sizes: Mapping[str, int] = field(default_factory=dict)
    dtype: object = None


_POSITIONS = {"1d": "NCL", "2d": "NCHW", "3d": "NCDHW"}
_NORMALIZED = "DEFGHIJ"
_LEAVES = (X, GAMMA, BETA)


def torch_module() -> Any:
    """The class of torch's modules, if torch has been imported."""
    torch = sys.modules.get("torch")
    return () if torch is None else torch.nn.Module


def torch_function() -> Any:
    """The class of torch's functions with a backward pass of their own, if torch has been imported."""
    torch = sys.modules.get("torch")
    return None if torch is None else torch.autograd.Function


def described(thing: Any) -> Description | None:
    """What one of torch's own normalization layers says of itself; None for anything else."""
    if isinstance(thing, torch_module()) and type(thing).__module__.startswith("torch.nn."):
        return _of_torch(thing, type(thing).__name__)
    return None


def _of_torch(module: Any, name: str) -> Description | None:
    weight = getattr(module, "weight", None)
    dtype = None if weight is None else weight.dtype
    eps, affine = module_eps(module), weight is not None
    if name.startswith(("BatchNorm", "InstanceNorm")):
        layer = "BatchNorm" if name.startswith("Batch") else "InstanceNorm"
        layout = _POSITIONS[name[-2:]]
        if name == "BatchNorm1d":
            layout = "NC"
        sizes = {"C": int(module.num_features)}
        return Description(layer=layer, layout=layout, eps=eps, affine=affine, sizes=sizes, dtype=dtype)
    if name == "GroupNorm":
        sizes = {"C": int(module.num_channels)}
        groups = int(module.num_groups)
        return Description(layer=name, layout="NCHW", groups=groups, eps=eps, affine=affine, sizes=sizes, dtype=dtype)
    if name in ("LayerNorm", "RMSNorm"):
        shape = tuple(map(int, module.normalized_shape))
        letters = _NORMALIZED[: len(shape)]
        sizes = dict(zip(letters, shape, strict=True))
        layout = f"N{letters}"
        return Description(layer=name, layout=layout, normalized=letters, eps=eps, affine=affine, sizes=sizes, dtype=dtype)
    return None


def module_eps(module: Any) -> float | None:
    """The ε of a module; torch's RMSNorm takes the unit of its dtype where none is given."""
    eps = getattr(module, "eps", None)
    if eps is not None:
        return float(eps)
    torch = sys.modules.get("torch")
    weight = getattr(module, "weight", None)
    if torch is None or type(module).__name__ != "RMSNorm":
        return None
    return float(torch.finfo(torch.float32 if weight is None else weight.dtype).eps)


@dataclass(frozen=True, slots=True)
class Autograd:
    """A function of torch's tensors, or one with a backward pass of its own, and the gradients that autograd takes of it."""

    layer: Layer
    function: Callable[..., Any]
    affine: bool
    settings: Mapping[str, Any]
    skip: int = 0
    read: Callable[..., Any] | None = None
    library: str = "torch"

    @property
    def outputs(self) -> frozenset[str]:
        """All."""
        return frozenset((FORWARD, DX, *(gradients_of(self.layer) if self.affine else ())))

    @property
    def takes_eps(self) -> bool:
        """Whether it takes ε."""
        known = frozenset((X, GAMMA, BETA, EPS))
        return EPS in signature_of(self.read or self.function, "forward", known, self.settings, skip=self.skip).roles

    def run(self, given: Mapping[str, Any], between: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Forward, and backward from g."""
        __tracebackhide__ = True
        known = {name: value for name, value in given.items() if value is not None and name != G}
        for name in _LEAVES:
            if name in known:
                known[name] = known[name].detach().requires_grad_()
        read = signature_of(self.read or self.function, "forward", frozenset(known), self.settings, skip=self.skip)
        signature = type(read)(self.function, read.positional, read.keywords, read.settings)
        out, _ = forward_of(signature.call(known))
        if between is not None:
            signature.call(
                {name: value.detach().requires_grad_() if name in _LEAVES else value for name, value in between.items()}
            )
        return {FORWARD: out.detach(), **_backward(out, given[G], known, self.outputs)}


def _backward(out: Any, g: Any, leaves: Mapping[str, Any], wanted: frozenset[str]) -> dict[str, Any]:
    """The gradients of the leaves, from g at the output."""
    torch = sys.modules["torch"]
    names = [(DX, X), (DGAMMA, GAMMA), (DBETA, BETA)]
    concerned = [(output, leaves[role]) for output, role in names if output in wanted and role in leaves]
    found = torch.autograd.grad(out, [leaf for _, leaf in concerned], g, allow_unused=True)
    return {output: value for (output, _), value in zip(concerned, found, strict=True)}


@dataclass(frozen=True, slots=True)
class Module:
    """A torch module; it is copied, and stays as it was."""

    layer: Layer
    module: Any
    affine: bool
    library: str = "torch"

    @property
    def outputs(self) -> frozenset[str]:
        """All that it has parameters for."""
        own = parameters_of(self.module)
        parameters = [*([DGAMMA] if GAMMA in own else ()), *([DBETA] if BETA in own and self.layer.offset else ())]
        running = (
            RUNNING if keeps_statistics(self.module) and not self.layer.given and RUNNING_MEAN in self.layer.outputs else ()
        )
        return frozenset((FORWARD, DX, *(parameters if self.affine else ()), *running))

    @property
    def takes_eps(self) -> bool:
        """The module has its own."""
        return False

    def run(self, given: Mapping[str, Any], between: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Forward in training mode, or in evaluation mode where statistics are given, and backward from g."""
        __tracebackhide__ = True
        torch = sys.modules["torch"]
        module = copy.deepcopy(self.module).train(not self.layer.given)
        kept = keeps_statistics(module) and given.get(MEAN) is not None
        if kept:
            module.running_mean.copy_(given[MEAN].reshape(module.running_mean.shape))
            module.running_var.copy_(given[VAR].reshape(module.running_var.shape))
        own = parameters_of(module)
        leaves = {X: given[X].detach().requires_grad_()}
        for role, parameter in own.items():
            if given.get(role) is not None:
                _fits(self.module, role, parameter, given[role])
                with torch.no_grad():
                    parameter.copy_(given[role].reshape(parameter.shape))
                leaves[role] = parameter
        out, _ = forward_of(module(leaves[X]))
        if between is not None:
            module(between[X].detach().requires_grad_())
        found = {FORWARD: out.detach(), **_backward(out, given[G], leaves, self.outputs)}
        return found | (
            {RUNNING_MEAN: module.running_mean, RUNNING_VAR: module.running_var}
            if kept and RUNNING_MEAN in self.outputs
            else {}
        )


def _fits(module: Any, role: str, parameter: Any, value: Any) -> None:
    """Refuse numbers of another shape than a module's own parameter."""
    if parameter.numel() != value.numel():
        raise InputError(
            f"{type(module).__name__} has a {role} of shape {tuple(parameter.shape)}, and is given one of {tuple(value.shape)}",
            hint='say which lengths it takes, by the letters of the layout: sizes={"D": (64,)}',
        )


def keeps_statistics(module: Any) -> bool:
    """Whether a module of torch keeps a running mean and variance."""
    return getattr(module, "running_mean", None) is not None and getattr(module, "running_var", None) is not None


def momentum_of(module: Any) -> float:
    """How much of a new statistic goes into the running one: without a momentum all batches count alike."""
    momentum = getattr(module, "momentum", 0.1)
    if momentum is not None:
        return float(momentum)
    return 1.0 / (float(getattr(module, "num_batches_tracked", 0) or 0) + 1.0)


def parameters_of(module: Any) -> dict[str, Any]:
    """γ and β of a module, by their names.

    Raises
    ------
    InputError
        It has another parameter.
    """
    found: dict[str, Any] = {}
    for name, parameter in module.named_parameters():
        short = name.rpartition(".")[2].lower()
        role = next((role for role in (GAMMA, BETA) if short in NAMES[role]), None)
        if role is None or role in found:
            raise InputError(
                f"the module has a parameter {name!r}, and what that is is not known", hint="wrap it in a function"
            )
        found[role] = parameter
    return found
