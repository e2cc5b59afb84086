r"""The signs of the paper: μ, σ and ŷ for a batch's mean, scale and normalized form, m for its size, ∂L/∂z for g.

In: what is to be written, which says what a sign may leave out.  Out: a notation.  ε is left out where all of a statement has
the same one, and said behind it where that is 0.  g is ∂L/∂z where it is the only upstream gradient in it, and what `backward`
gives is ∂L/∂y.  The signs stand for definitions by their short names; a definition without one is written by its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pybridge import ir
from pybridge.ir.traverse import subterms, terms
from pybridge.notation.signs import LATEX, Level, Notation, Write, Written, latex_name

_FRACTION = r"\frac{{\partial L}}{{\partial {}}}"
_MAIN_INDEX = "ι"
_MEAN = "μ"
_BATCHES = ("y", "x")
"""What a batch is called whose mean is μ and not μ with its name below."""


@dataclass(frozen=True, slots=True)
class _Places:
    """Where among the arguments of a definition its ε, its batch and its upstream gradient stand; None where it has none."""

    count: int
    eps: int | None = None
    batch: int | None = None
    upstream: int | None = None


_KNOWN = {
    "mean": (_Places(1, batch=0),),
    "variance": (_Places(1, batch=0),),
    "ones": (_Places(0),),
    "scale": (_Places(2, eps=0, batch=1),),
    "normalize": (_Places(2, eps=0, batch=1),),
    "forward": (_Places(4, eps=2, batch=3), _Places(3, eps=1, batch=2)),
    "backward": (_Places(4, eps=1, batch=2, upstream=3),),
    "backwardGamma": (_Places(3, eps=0, batch=1, upstream=2),),
    "backwardBeta": (_Places(1, upstream=0),),
    "rescale": (_Places(2),),
    "Eval.forward": (_Places(6, eps=2, batch=5),),
    "Eval.backward": (),
    "Eval.backwardGamma": (_Places(5, eps=0, batch=3, upstream=4),),
}
"""By the last part of a definition's name, or by the last two, which go first."""


@dataclass(frozen=True, slots=True)
class _Context:
    """What is the same in all of a statement: its ε, if it is one, and its upstream gradient, if it is a variable.

    A sign is taken where a variable has it.
    """

    eps: ir.Term | None
    upstream: str | None
    z_is_taken: bool
    mean_is_taken: bool


def paper_notation(thing: ir.Term | ir.Proposition | ir.Theorem | ir.Definition) -> Notation:
    """The notation for one thing."""
    context = _context(thing)
    zero = r"\qquad (\varepsilon = 0)" if context.eps == ir.Nat(0) else ""

    def own(term: ir.Term, write: Write) -> Written | None:
        return _own(term, write, context)

    return replace(
        LATEX,
        name=_name,
        own=own,
        functions=True,
        index=_size,
        card="{}",
        implies=r"{1} \qquad \text{{if }} {0}" + zero,
        total=r"\sum_{{{0}=1}}^{{{1}}} {2}",
        build=r"\left({2}\right)_{{{0}=1}}^{{{1}}}",
        inner=r"\left\langle {}, {} \right\rangle",
        norm=r"\left\lVert {} \right\rVert",
        absolute=r"\left\lvert {} \right\rvert",
    )


def head(definition: ir.Definition) -> ir.VCall:
    """A definition applied to its own parameters."""
    scalar = (isinstance(parameter.kind, ir.ScalarKind) for parameter in definition.parameters)
    names = (parameter.name for parameter in definition.parameters)
    return ir.VCall(definition.name, (), tuple(ir.Var(n) if s else ir.VVar(n) for n, s in zip(names, scalar, strict=True)))


def _name(name: str) -> str:
    """A variable's name: λ, which Lean keeps for itself, and a direction in which something moves."""
    if name == "lam":
        return r"\lambda"
    return (
        rf"\mathrm{{d}}{name[1]}"
        if len(name) == 2 and name[0] == "d" and name[1].isalpha() and name.isascii()
        else latex_name(name)
    )


def _size(index: str) -> str:
    """The size of an index type."""
    return "m" if index == _MAIN_INDEX else rf"\lvert {latex_name(index)} \rvert"


def _context(thing: ir.Term | ir.Proposition | ir.Theorem | ir.Definition) -> _Context:
    calls = [term for root in _roots(thing) for term in subterms(root) if isinstance(term, ir.Call | ir.VCall)]
    eps: set[ir.Term] = set()
    upstream: set[ir.Term] = set()
    for call in calls:
        if (places := _places(call)) is not None:
            eps |= set() if places.eps is None else {call.args[places.eps]}
            upstream |= set() if places.upstream is None else {call.args[places.upstream]}
    stated = _stated(thing)
    upstream |= {one.gradient for one in stated if isinstance(one, ir.HasGradientAt) and _of_a_loss(one)}
    same = eps.pop() if len(eps) == 1 else None
    variables = [one.name for one in upstream if isinstance(one, ir.VVar)]
    return _Context(
        same if isinstance(same, ir.Var | ir.Nat) else None,
        variables[0] if len(variables) == 1 else None,
        any(isinstance(one, ir.ForAll | ir.Eventually) and one.variable.name == "z" for one in stated),
        any(ir.Var(_MEAN) in subterms(root) or ir.VVar(_MEAN) in subterms(root) for root in _roots(thing)),
    )


def _stated(thing: ir.Term | ir.Proposition | ir.Theorem | ir.Definition) -> tuple[ir.Proposition, ...]:
    """The propositions that a theorem is made of; a proposition itself."""
    if isinstance(thing, ir.Theorem):
        return (*(hypothesis.proposition for hypothesis in thing.hypotheses), thing.conclusion)
    return (thing,) if isinstance(thing, ir.PROPOSITIONS) else ()


def _of_a_loss(stated: ir.HasGradientAt) -> bool:
    """Whether it is about the loss itself, and not about the loss of what something else makes of the variable."""
    return isinstance(stated.body, ir.Apply) and stated.body.arg == ir.VVar(stated.variable.name)


def _roots(thing: ir.Term | ir.Proposition | ir.Theorem | ir.Definition) -> Iterator[ir.Term]:
    if isinstance(thing, ir.Definition):
        yield from (head(thing), thing.body)
    elif isinstance(thing, ir.SCALARS + ir.VECTORS):
        yield thing
    else:
        for proposition in _stated(thing):
            yield from terms(proposition)


def _places(call: ir.Call | ir.VCall) -> _Places | None:
    *_, own, last = ("", *call.name.split("."))
    every = _KNOWN.get(f"{own}.{last}", _KNOWN.get(last, ()))
    return next((places for places in every if places.count == len(call.args)), None)


def _own(term: ir.Term, write: Write, context: _Context) -> Written | None:
    match term:
        case ir.VVar(name) if name == context.upstream:
            return _FRACTION.format("z"), LATEX.quotient_level
        case ir.Component(ir.VVar(name), position) if name == context.upstream:
            return _FRACTION.format(_below("z", position)), LATEX.quotient_level
        case ir.Component(ir.VCall() as call, position) if (found := _gradient(call, write, context)) is not None:
            return _FRACTION.format(_below(found, position)), LATEX.quotient_level
        case ir.Call() | ir.VCall():
            return _sign(term, write, context)
        case _:
            return None


def _below(name: str, position: str) -> str:
    return f"{name}_{{{latex_name(position)}}}"


def _gradient(call: ir.Call | ir.VCall, write: Write, context: _Context) -> str | None:
    """In what the call is the gradient: the batch, γ or β; None where it is none, or not of the one upstream gradient."""
    places = _places(call)
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
            batch = call.args[places.batch or 0]
            return write(batch)[0] if isinstance(batch, ir.VVar) else None


def _same_eps(call: ir.Call | ir.VCall, places: _Places, context: _Context) -> bool:
    return places.eps is None or call.args[places.eps] == context.eps


def _sign(call: ir.Call | ir.VCall, write: Write, context: _Context) -> Written | None:
    """A call as its sign."""
    places = _places(call)
    if places is None:
        return None
    if places.upstream is not None:
        found = _gradient(call, write, context)
        return None if found is None else (_FRACTION.format(found), LATEX.quotient_level)
    short = call.name.rpartition(".")[2]
    if short == "ones":
        return r"\mathbf{1}", Level.ATOM
    if short == "rescale":
        left, right = (_held(arg, write) for arg in call.args)
        return rf"{left} \odot {right}", Level.MULTIPLY
    if short == "variance":
        return rf"\operatorname{{Var}}\left({write(call.args[0])[0]}\right)", Level.ATOM
    batch = call.args[places.batch or 0]
    plain = isinstance(batch, ir.VVar) and batch.name in _BATCHES
    eps = "" if _same_eps(call, places, context) else write(call.args[places.eps or 0])[0]
    written = _named(batch, write)
    match short:
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


def _output(call: ir.Call | ir.VCall, places: _Places, write: Write, context: _Context) -> Written | None:
    """The layer's output: z, of the variables as they are called; else with what differs."""
    usual = {"γ", "β", *_BATCHES}
    others = [arg for place, arg in enumerate(call.args) if place != places.eps]
    named = all(isinstance(arg, ir.Var | ir.VVar) and arg.name in usual for arg in others)
    if named and _same_eps(call, places, context) and not context.z_is_taken:
        return "z", Level.ATOM
    shown = ", ".join(write(arg)[0] for arg in (others if _same_eps(call, places, context) else call.args))
    return rf"z\left({shown}\right)", Level.ATOM


def _named(batch: ir.Term, write: Write) -> str:
    """A vector below or under a sign: by its name, where it has one."""
    return latex_name(batch.name) if isinstance(batch, ir.VVar) else write(batch)[0]


def _held(term: ir.Term, write: Write) -> str:
    written, level = write(term)
    return written if level >= Level.POWER else rf"\left({written}\right)"
