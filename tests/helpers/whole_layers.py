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


def whole(export: Export) -> Export:
    """The export, with what it lacks."""
    more = {one.name: one for one in made.BLOCK}
    for name in ("LayerNorm", "InstanceNorm", "GroupNorm"):
        own = made.DEFINITIONS[f"Test.{name}.backwardGamma"]
        more[f"{name}.Layer.backwardGamma"] = replace(own, name=f"{name}.Layer.backwardGamma")
    more[_RMS.name] = _RMS
    missing = {name: one for name, one in more.items() if name not in export.definitions}
    return replace(export, definitions={**export.definitions, **missing})
