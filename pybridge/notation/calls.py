r"""The signs of the definitions' values: μ, σ, ŷ, z, ∂L/∂y, and what a backward pass makes of any vector.

In: a call, and what is the same in all of the statement that it stands in.  Out: its sign, or None where it has none.
``backward`` is ∂L/∂y where it is given the one upstream gradient of the statement; else it is written as what it is proved to
be, the transposed Jacobian of the layer times a vector: :math:`J_{\gamma}(y)^{\top} g`.
"""

from __future__ import annotations

from dataclasses import dataclass

from pybridge import ir
from pybridge.notation.signs import LATEX, Level, Write, Written, latex_name

FRACTION = r"\frac{{\partial L}}{{\partial {}}}"
_MAIN_INDEX = "ι"
_BATCHES = ("y", "x")
"""What a batch is called whose mean is μ and not μ with its name below."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where among the arguments of a definition its ε, its batch and its upstream gradient stand; None where it has none."""

    count: int
    eps: int | None = None
    batch: int | None = None
    upstream: int | None = None


_KNOWN = {
    "mean": (Places(1, batch=0),),
    "variance": (Places(1, batch=0),),
    "unbiasedVariance": (Places(1, batch=0),),
    "meanSquare": (Places(1, batch=0),),
    "ones": (Places(0),),
    "scale": (Places(2, eps=0, batch=1),),
    "normalize": (Places(2, eps=0, batch=1),),
    "forward": (Places(4, eps=2, batch=3), Places(3, eps=1, batch=2)),
    "backward": (Places(4, eps=1, batch=2, upstream=3),),
    "backwardGamma": (Places(3, eps=0, batch=1, upstream=2),),
    "backwardBeta": (Places(1, upstream=0),),
    "rescale": (Places(2),),
    "runningMean": (Places(3, batch=2),),
    "runningVariance": (Places(3, batch=2),),
    "mergedMean": (Places(4),),
    "mergedVariance": (Places(6),),
    "Eval.forward": (Places(6, eps=2, batch=5),),
    "Eval.backward": (Places(4, eps=1, upstream=3),),
    "Eval.backwardGamma": (Places(5, eps=0, batch=3, upstream=4),),
}
"""By the last part of a definition's name, or by the last two, which go first."""


@dataclass(frozen=True, slots=True)
class Context:
    """What is the same in all of a statement: its ε, if it is one, and its upstream gradient, if it is a variable.

    A sign is taken where a variable has it.
    """

    eps: ir.Term | None
    upstream: str | None
    z_is_taken: bool
    mean_is_taken: bool
    jacobian_is_taken: bool


def places_of(call: ir.Call | ir.VCall) -> Places | None:
    """Of a definition that has a sign, by its name and the number of its arguments."""
    *_, own, last = ("", *call.name.split("."))
    every = _KNOWN.get(f"{own}.{last}", _KNOWN.get(last, ()))
    return next((places for places in every if places.count == len(call.args)), None)


def size(index: str) -> str:
    """The size of an index type."""
    return "m" if index == _MAIN_INDEX else rf"\lvert {latex_name(index)} \rvert"


def gradient(call: ir.Call | ir.VCall, write: Write, context: Context) -> str | None:
    """In what the call is the gradient: the batch, γ or β; None where it is none, or not of the one upstream gradient."""
    places = places_of(call)
    if places is None or places.upstream is None or not _same_eps(call, places, context):
        return None
    if context.upstream is None or call.args[places.upstream] != ir.VVar(context.upstream):
        return None
    match call.name.rpartition(".")[2]:
        case "backwardGamma":
            return r"\gamma"
        case "backwardBeta":
            return r"\beta"
        case _:
            if places.batch is None:  # in evaluation mode, where the gradient is the same for all batches
                return "x"
            batch = call.args[places.batch]
            return write(batch)[0] if isinstance(batch, ir.VVar) else None


def sign(call: ir.Call | ir.VCall, write: Write, context: Context) -> Written | None:
    """A call as its sign."""
    places = places_of(call)
    if places is None:
        return None
    if places.upstream is not None:
        found = gradient(call, write, context)
        return _pulled_back(call, places, write, context) if found is None else (FRACTION.format(found), LATEX.quotient_level)
    args = [write(arg)[0] for arg in call.args]
    match call.name.rpartition(".")[2]:
        case "ones":
            return r"\mathbf{1}", Level.ATOM
        case "rescale":
            left, right = (_held(arg, write) for arg in call.args)
            return rf"{left} \odot {right}", Level.MULTIPLY
        case "variance":
            return rf"\operatorname{{Var}}\left({args[0]}\right)", Level.ATOM
        case "unbiasedVariance":
            return rf"\operatorname{{Var}}_{{{size(call.indices[0])} - 1}}\left({args[0]}\right)", Level.ATOM
        case "meanSquare":
            return rf"\operatorname{{RMS}}\left({args[0]}\right)^{{2}}", Level.POWER
        case "runningMean" | "runningVariance" as name:
            of = name.removeprefix("running").replace("V", "unbiasedV").replace("M", "m")
            now = write(ir.Call(f"BatchNorm.{of}", call.indices, (call.args[-1],)))[0]
            return rf"\operatorname{{EMA}}_{{{args[0]}}}\left({args[1]}, {now}\right)", Level.ATOM
        case "mergedMean":
            return rf"\mu_{{\mathrm{{merged}}}}\left({', '.join(args)}\right)", Level.ATOM
        case "mergedVariance":
            return rf"\operatorname{{Var}}_{{\mathrm{{merged}}}}\left({', '.join(args)}\right)", Level.ATOM
        case _:
            return _of_batch(call, places, write, context)


def _of_batch(call: ir.Call | ir.VCall, places: Places, write: Write, context: Context) -> Written | None:
    """What depends on one batch: its mean, its scale, it normalized, the output for it."""
    batch = call.args[places.batch or 0]
    plain = isinstance(batch, ir.VVar) and batch.name in _BATCHES
    eps = "" if _same_eps(call, places, context) else write(call.args[places.eps or 0])[0]
    written = _named(batch, write)
    match call.name.rpartition(".")[2]:
        case "mean":
            return (r"\mu" if plain and not context.mean_is_taken else rf"\mu_{{{written}}}"), Level.ATOM
        case "scale":
            below = ", ".join(filter(None, ("" if plain else written, eps)))
            return (rf"\sigma_{{{below}}}" if below else r"\sigma"), Level.ATOM
        case "normalize":
            hat = rf"\hat{{{written}}}" if isinstance(batch, ir.VVar) else rf"\widehat{{{written}}}"
            return (rf"{hat}^{{({eps})}}" if eps else hat), Level.POWER if eps else Level.ATOM
        case _:
            return _output(call, places, write, context)


def _output(call: ir.Call | ir.VCall, places: Places, write: Write, context: Context) -> Written | None:
    """The layer's output: z, of the variables as they are called; else with what differs."""
    usual = {"γ", "β", *_BATCHES}
    others = [arg for place, arg in enumerate(call.args) if place != places.eps]
    named = all(isinstance(arg, ir.Var | ir.VVar) and arg.name in usual for arg in others)
    if named and _same_eps(call, places, context) and not context.z_is_taken:
        return "z", Level.ATOM
    shown = ", ".join(write(arg)[0] for arg in (others if _same_eps(call, places, context) else call.args))
    return rf"z\left({shown}\right)", Level.ATOM


def _pulled_back(call: ir.Call | ir.VCall, places: Places, write: Write, context: Context) -> Written | None:
    """A backward pass of any vector: the transposed Jacobian of the output, in the batch, in γ or in β, times the vector."""
    if context.jacobian_is_taken:
        return None
    aside = (places.batch, places.upstream, *((places.eps,) if _same_eps(call, places, context) else ()))
    below = ", ".join(write(arg)[0] for place, arg in enumerate(call.args) if place not in aside)
    above = {"backwardGamma": r"\gamma", "backwardBeta": r"\beta"}.get(call.name.rpartition(".")[2], "")
    jacobian = "J" + (f"^{{{above}}}" if above else "") + (f"_{{{below}}}" if below else "")
    batch = "" if places.batch is None else rf"\left({write(call.args[places.batch])[0]}\right)"
    transposed = rf"{jacobian}{batch}^{{\top}}" if batch else rf"{{{jacobian}}}^{{\top}}"
    return rf"{transposed} \, {_held(call.args[places.upstream or 0], write)}", Level.MULTIPLY


def _same_eps(call: ir.Call | ir.VCall, places: Places, context: Context) -> bool:
    return places.eps is None or call.args[places.eps] == context.eps


def _named(batch: ir.Term, write: Write) -> str:
    """A vector below or under a sign: by its name, where it has one."""
    return latex_name(batch.name) if isinstance(batch, ir.VVar) else write(batch)[0]


def _held(term: ir.Term, write: Write) -> str:
    written, level = write(term)
    return written if level >= Level.POWER else rf"\left({written}\right)"
