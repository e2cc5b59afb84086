"""The passes of a layer: how they are run on arrays, whatever they are written as.

In: what a caller gives for a layer.  Out: a ``Passes``, which gives the outputs by name for arrays of its library.  Plain
functions are here; ``objects.py`` has torch's modules and functions, JAX's and Flax's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pybridge.errors import InputError
from pybridge.layers.known import DBETA, DGAMMA, DX, FORWARD, Layer
from pybridge.layers.signatures import BETA, CACHE, EPS, GAMMA, OUT, G, Signature, X, own_name, signature_of

GRADIENTS = {
    DX: ("dx", "dinput", "grad_input", "dy", "gx"),
    DGAMMA: ("dgamma", "dweight", "dw", "grad_weight", "dscale", "ggamma"),
    DBETA: ("dbeta", "dbias", "db", "grad_bias", "dshift", "gbeta"),
}
"""The names that a backward pass gives its results, where it gives them names."""


class WrongReturn(Exception):
    """What a pass returned is not what it has to return: the kernel's fault, said in one line."""


class Passes(Protocol):
    """The passes of a layer.

    ``library`` is whose arrays they take; ``outputs`` which outputs they give; ``takes_eps`` whether ε is handed to them.
    """

    @property
    def library(self) -> str: ...

    @property
    def outputs(self) -> frozenset[str]: ...

    @property
    def takes_eps(self) -> bool: ...

    def run(self, given: Mapping[str, Any], between: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """The outputs, by name, for x, g, γ, β and ε; a forward pass on other arrays may come before the backward pass."""


@dataclass(frozen=True, slots=True)
class Functions:
    """A forward and a backward pass that are functions; one of them may be missing."""

    layer: Layer
    forward: Callable[..., Any] | None
    backward: Callable[..., Any] | None
    library: str
    affine: bool
    settings: Mapping[str, Any]

    @property
    def outputs(self) -> frozenset[str]:
        """What they give: of a backward pass all that the layer has."""
        forward = {FORWARD} if self.forward is not None else set()
        gradients = {DX, *(gradients_of(self.layer) if self.affine else ())} if self.backward is not None else set()
        return frozenset(forward | gradients)

    @property
    def takes_eps(self) -> bool:
        """Whether a pass takes ε."""
        known = frozenset((X, G, GAMMA, BETA, EPS, CACHE, OUT))
        passes = ((self.forward, "forward"), (self.backward, "backward"))
        return any(EPS in signature_of(one, what, known, self.settings).roles for one, what in passes if one is not None)

    def taken_back(self, given: Mapping[str, Any]) -> frozenset[str]:
        """The roles of what the backward pass takes, where there are both; the cache among them if forward returns one."""
        if self.forward is None or self.backward is None:
            return frozenset()
        known = {name: value for name, value in given.items() if value is not None}
        without = {name: value for name, value in known.items() if name != G}
        _, cache = forward_of(self._signature(self.forward, "forward", without).call(without))
        more = {OUT: None} if cache is None else {OUT: None, CACHE: cache}
        return self._signature(self.backward, "backward", {**known, **more}).roles

    def called(self, role: str) -> str:
        """What an argument is called by its author: the upstream gradient in the backward pass, others in the forward pass."""
        both = (self.backward, self.forward) if role == G else (self.forward, self.backward)
        roles = frozenset((X, G, GAMMA, BETA, EPS, CACHE, OUT))
        names = (own_name(one, role, roles if one is self.backward else roles - {G}) for one in both if one is not None)
        return next(filter(None, names), role)

    def run(self, given: Mapping[str, Any], between: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """One after the other, what the first returns beside its output handed on."""
        __tracebackhide__ = True
        found: dict[str, Any] = {}
        known: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        if self.forward is not None:
            without = {name: value for name, value in known.items() if name != G}
            returned = self._signature(self.forward, "forward", without).call(without)
            found[FORWARD], cache = forward_of(returned)
            known[OUT] = found[FORWARD]
            if cache is not None:
                known[CACHE] = cache
            if between is not None:
                self._signature(self.forward, "forward", without).call(between)
        if self.backward is not None:
            returned = self._signature(self.backward, "backward", known).call(known)
            found |= gradients(self.layer, returned, affine=self.affine)
        return found

    def _signature(self, function: Callable[..., Any], what: str, given: Mapping[str, Any]) -> Signature:
        return signature_of(function, what, frozenset(given), self.settings)


def gradients_of(layer: Layer) -> tuple[str, ...]:
    """The gradients of the parameters that a layer has."""
    return (DGAMMA, DBETA) if layer.offset else (DGAMMA,)


def forward_of(returned: Any) -> tuple[Any, Any]:
    """The output, and what is handed on; None where nothing is."""
    if isinstance(returned, tuple | list):
        if not returned:
            raise WrongReturn("the forward pass returned an empty tuple")
        rest = returned[1:]
        return returned[0], None if not rest else rest[0] if len(rest) == 1 else tuple(rest)
    if returned is None:
        raise WrongReturn("the forward pass returned None")
    return returned, None


def gradients(layer: Layer, returned: Any, *, affine: bool) -> dict[str, Any]:
    """What a backward pass returned, by name: alone it is ∂x, several are ∂x, ∂γ, ∂β in this order, or have names.

    Raises
    ------
    WrongReturn
        It returned None, or too few or too many.
    """
    if isinstance(returned, Mapping):
        found = {}
        for name, value in returned.items():
            known = next((output for output, names in GRADIENTS.items() if str(name).lower() in names), None)
            if known is None:
                raise InputError(
                    f"the backward pass returned {name!r}, and what that is is not known", hint="call it dx, dgamma, dbeta"
                )
            found[known] = value
        return found
    several = list(returned) if isinstance(returned, tuple | list) else [returned]
    while several and several[-1] is None:
        several.pop()
    if not several or several[0] is None:
        raise WrongReturn("the backward pass returned no ∂x")
    expected = (DX, *gradients_of(layer))
    if len(several) > len(expected):
        raise WrongReturn(f"the backward pass returned {len(several)} gradients, and {layer.name} has {len(expected)}")
    found = dict(zip(expected, several, strict=False))
    if missing := [name for name, value in found.items() if value is None]:
        raise WrongReturn(f"the backward pass returned None for {', '.join(missing)}")
    return found if affine else {DX: found[DX]}
