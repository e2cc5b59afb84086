"""An export that has the gradients in γ of whole layers, under the names that Lean gives them, where it has not yet."""

from __future__ import annotations

from dataclasses import replace

import layer_statements as made

from pybridge import ir
from pybridge.export.loading import Export

_HAT = ir.Component(ir.VCall("RMSNorm.normalize", ("φ",), (made.EPS, made.at(made.X, made.RJ, "r"))), "j")
_SUM = made.total(ir.Mul(made.entry(made.G, made.RJ, "r", "j"), _HAT), r="ρ")
_FULL = made.kind(*made.RJ)
_RMS = made.definition("RMSNorm.Layer.backwardGamma", "ρφ", made.array(_SUM, j="φ"), ε=made.REAL, x=_FULL, g=_FULL)

_NCS = {"n": "ν", "c": "κ", "s": "σ"}
_ARRAY, _CHANNELS = made.kind(*_NCS.values()), made.kind("κ")
_SIGMA = ir.Sqrt(ir.Add(ir.Component(made.V("v"), "c"), made.EPS))
_CENTRED = ir.Sub(made.entry(made.X, made.NCS, *_NCS), ir.Component(made.V("μ"), "c"))
_EVAL = ir.Div(_CENTRED, _SIGMA)
_FACTOR, _OFFSET = ir.Component(made.V("γ"), "c"), ir.Component(made.V("β"), "c")
_UPSTREAM = made.entry(made.G, made.NCS, *_NCS)
_OF_ALL = {"γ": _CHANNELS, "β": _CHANNELS, "ε": made.REAL, "μ": _CHANNELS, "v": _CHANNELS, "x": _ARRAY}
_Q, _Y = ir.Var("q"), ir.VVar("y")
_MEAN_OF = ir.Call("BatchNorm.mean", ("ι",), (_Y,))
_LESS = ir.Sub(ir.Card("ι"), ir.Nat(1))
_SQUARES = made.total(ir.Pow(ir.Sub(ir.Component(_Y, "i"), _MEAN_OF), 2), i="ι")


def _running(name: str, old: str, new: ir.Scalar) -> ir.Definition:
    """The old one and the new one, mixed."""
    body = ir.Add(ir.Mul(ir.Sub(ir.Nat(1), _Q), ir.Var(old)), ir.Mul(_Q, new))
    return made.definition(f"BatchNorm.{name}", "ι", body, **{"q": made.REAL, old: made.REAL, "y": made.kind("ι")})


EVALUATION = (
    made.definition("BatchNorm.Eval.forward", "νκσ", made.array(ir.Add(ir.Mul(_FACTOR, _EVAL), _OFFSET), **_NCS), **_OF_ALL),
    made.definition(
        "BatchNorm.Eval.backward",
        "νκσ",
        made.array(ir.Mul(ir.Div(_FACTOR, _SIGMA), _UPSTREAM), **_NCS),
        γ=_CHANNELS,
        ε=made.REAL,
        v=_CHANNELS,
        g=_ARRAY,
    ),
    made.definition(
        "BatchNorm.Eval.backwardGamma",
        "νκσ",
        made.array(made.total(ir.Mul(_UPSTREAM, _EVAL), n="ν", s="σ"), c="κ"),
        ε=made.REAL,
        μ=_CHANNELS,
        v=_CHANNELS,
        x=_ARRAY,
        g=_ARRAY,
    ),
    made.definition("BatchNorm.unbiasedVariance", "ι", ir.Div(_SQUARES, _LESS), y=made.kind("ι")),
    _running("runningMean", "μ", _MEAN_OF),
    _running("runningVariance", "v", ir.Call("BatchNorm.unbiasedVariance", ("ι",), (_Y,))),
)
"""As ``lean/BatchNorm/Layer/Evaluation.lean`` states them."""


def whole(export: Export) -> Export:
    """The export, with what it lacks."""
    more = {one.name: one for one in made.BLOCK}
    for name in ("LayerNorm", "InstanceNorm", "GroupNorm"):
        own = made.DEFINITIONS[f"Test.{name}.backwardGamma"]
        more[f"{name}.Layer.backwardGamma"] = replace(own, name=f"{name}.Layer.backwardGamma")
    more[_RMS.name] = _RMS
    more |= {one.name: one for one in EVALUATION}
    missing = {name: one for name, one in more.items() if name not in export.definitions}
    return replace(export, definitions={**export.definitions, **missing})
