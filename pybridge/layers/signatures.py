"""The arguments of a pass by the names that people give them.

In: a callable, and what there is to hand over.  Out: how it is called.  A name that is not understood is asked back.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pybridge.errors import InputError

X, G, GAMMA, BETA, EPS, CACHE, OUT = "x", "g", "gamma", "beta", "eps", "cache", "out"
MEAN, VAR = "mean", "var"
"""Running statistics, which are given in evaluation mode."""
NAMES = {
    X: ("x", "input", "inputs", "inp", "x_in", "data", "hidden_states", "hidden", "features", "xs", "a", "h", "y", "ξ"),
    G: (
        "g",
        "dy",
        "dout",
        "grad_output",
        "grad_out",
        "grad_outputs",
        "gy",
        "dz",
        "grad",
        "upstream",
        "doutput",
        "dl_dout",
        "dl_dy",
        "dldy",
        "ct",
        "cotangent",
        "d",
        "dl",
        "delta",
        "gout",
        "g_out",
        "go",
        "grad_y",
        "grad_z",
        "grads",
        "dvalues",
        "upstream_grad",
        "upstream_gradient",
    ),
    GAMMA: ("gamma", "weight", "weights", "w", "scale", "γ"),
    BETA: ("beta", "bias", "b", "shift", "β"),
    EPS: ("eps", "epsilon", "variance_epsilon", "ε"),
    CACHE: (
        *("cache", "c", "ctx", "saved", "saved_tensors", "state", "residuals", "residual", "res", "context", "tape"),
        *("memo", "memory", "mem", "aux", "stash", "stored", "intermediates", "kept", "fwd"),
    ),
    OUT: ("out", "output", "z"),
    MEAN: ("running_mean", "moving_mean", "mean", "mu", "μ"),
    VAR: ("running_var", "running_variance", "moving_var", "moving_variance", "var", "variance"),
}
"""What an argument may be called; ``y`` is the input where there is no other, as in the statements, and else the output."""
_SETTINGS = {"training": True, "train": True, "is_training": True, "mode": "train"}
FORWARD_ORDER = (X, GAMMA, BETA, EPS)


@dataclass(frozen=True, slots=True)
class Signature:
    """How a callable is called.

    Parameters
    ----------
    function
        It.
    positional
        The roles of its arguments in order.
    keywords
        The role of each keyword.
    settings
        Keywords with a fixed value, such as training=True.
    """

    function: Callable[..., Any]
    positional: tuple[str, ...]
    keywords: Mapping[str, str]
    settings: Mapping[str, Any]

    @property
    def roles(self) -> frozenset[str]:
        """What it takes."""
        return frozenset((*self.positional, *self.keywords.values()))

    def call(self, given: Mapping[str, Any]) -> Any:
        """Call it."""
        __tracebackhide__ = True
        return self.function(
            *(given[role] for role in self.positional),
            **{name: given[role] for name, role in self.keywords.items()},
            **self.settings,
        )


def signature_of(
    function: Callable[..., Any], what: str, roles: frozenset[str], settings: Mapping[str, Any], *, skip: int = 0
) -> Signature:
    """Read how a callable takes its arguments.

    Parameters
    ----------
    what
        Which pass it is, for a message.
    roles
        What there is to hand over.
    settings
        Values for arguments of other names, such as the number of groups.
    skip
        So many of the first arguments are none of the caller's.

    Raises
    ------
    InputError
        An argument without a default has a name that is not understood, or stands for what there is not.
    """
    try:
        parameters = list(inspect.signature(function).parameters.values())[skip:]
    except (ValueError, TypeError):  # compiled code need not say
        return Signature(function, tuple(role for role in FORWARD_ORDER if role in roles), {}, {})
    names = [parameter.name.lower() for parameter in parameters]
    positional: list[str] = []
    keywords: dict[str, str] = {}
    fixed: dict[str, Any] = {}
    for parameter in parameters:
        match parameter.kind:
            case inspect.Parameter.VAR_POSITIONAL:
                if not positional and not keywords:
                    positional += [role for role in FORWARD_ORDER if role in roles]
                continue
            case inspect.Parameter.VAR_KEYWORD:
                if len(parameters) == 1:
                    keywords |= {role: role for role in FORWARD_ORDER if role in roles}
                continue
            case _:
                pass
        role = _role(parameter.name, names, roles)
        if not role and parameter.default is inspect.Parameter.empty and _alone(parameter.name, names, roles, settings):
            role = CACHE
        name = parameter.name.lower()
        if role in roles:
            if parameter.kind is inspect.Parameter.KEYWORD_ONLY or fixed or len(positional) < names.index(name):
                keywords[parameter.name] = role
            else:
                positional.append(role)
        elif name in settings or name in _SETTINGS:
            fixed[parameter.name] = settings.get(name, _SETTINGS.get(name))
        elif parameter.default is inspect.Parameter.empty:
            raise InputError(_unknown(what, parameter.name, role), hint=_hint(what, roles))
    return Signature(function, tuple(positional), keywords, fixed)


def own_name(function: Callable[..., Any], role: str, roles: frozenset[str]) -> str:
    """The name of the argument that has a role, as its author wrote it; "" where none has."""
    try:
        written = list(inspect.signature(function).parameters)
    except (ValueError, TypeError):  # compiled code need not say
        return ""
    lower = [name.lower() for name in written]
    return next((name for name in written if _role(name, lower, roles) == role), "")


def _alone(name: str, names: list[str], roles: frozenset[str], settings: Mapping[str, Any]) -> bool:
    """Whether it is the one argument that is not understood, where the forward pass has something to hand on."""
    known = {one: _role(one, names, roles) for one in names}
    unknown = [one for one, role in known.items() if not role and one not in settings and one not in _SETTINGS]
    return CACHE in roles and CACHE not in known.values() and unknown == [name.lower()]


def _role(name: str, names: list[str], roles: frozenset[str]) -> str:
    """What an argument of this name is, "" where that is not known."""
    plain = name.lower()
    if plain == "g" and G not in roles and GAMMA in roles:  # of a forward pass, which has no upstream gradient
        return "" if any(other in names for other in NAMES[GAMMA]) else GAMMA
    if plain == "y" and any(other in names for other in NAMES[X] if other != "y"):
        return OUT
    return next((role for role, known in NAMES.items() if plain in known), "")


def _unknown(what: str, name: str, role: str) -> str:
    if role == CACHE:
        return f"the {what} takes {name!r}, and the forward pass returned nothing to hand on"
    if role:
        return f"the {what} takes {name!r}, which there is not here"
    return f"the {what} takes {name!r}, and what that is is not known"


def _hint(what: str, roles: frozenset[str]) -> str:
    order = (G, CACHE) if CACHE in roles else (G, *FORWARD_ORDER)
    listed = ", ".join(role for role in order if role in roles)
    return f"wrap it: {what}=lambda {listed}: …"
