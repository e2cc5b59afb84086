r"""The signs of the paper: μ, σ and ŷ for a batch's mean, scale and normalized form, m for its size, ∂L/∂z for g.

In: what is to be written, which says what a sign may leave out.  Out: a notation.  ε is left out where all of a statement has
the same one, and said behind it where that is 0.  g is ∂L/∂z where it is the only upstream gradient in it, and what `backward`
gives is ∂L/∂y.  The signs stand for definitions by their short names; a definition without one is written by its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pybridge import ir
from pybridge.ir.traverse import subterms, terms
from pybridge.notation.calls import FRACTION, Context, gradient, places_of, sign, size
from pybridge.notation.positions import ALL, entry, slice_of
from pybridge.notation.signs import LATEX, Level, Notation, Write, Written, latex_name

DOT = r"\cdot"
"""Stands for all positions."""


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
        index=size,
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
    indices = tuple(index.name for index in definition.indices)
    return ir.VCall(definition.name, indices, tuple(ir.Var(n) if s else ir.VVar(n) for n, s in zip(names, scalar, strict=True)))


def _name(name: str) -> str:
    """A variable's name: λ, which Lean keeps for itself, and a direction in which something moves."""
    if name == "lam":
        return r"\lambda"
    return (
        rf"\mathrm{{d}}{name[1]}"
        if len(name) == 2 and name[0] == "d" and name[1].isalpha() and name.isascii()
        else latex_name(name)
    )


def _context(thing: ir.Term | ir.Proposition | ir.Theorem | ir.Definition) -> Context:
    calls = [term for root in _roots(thing) for term in subterms(root) if isinstance(term, ir.Call | ir.VCall)]
    eps: set[ir.Term] = set()
    upstream: set[ir.Term] = set()
    for call in calls:
        if (places := places_of(call)) is not None:
            eps |= set() if places.eps is None else {call.args[places.eps]}
            upstream |= set() if places.upstream is None else {call.args[places.upstream]}
    stated = _stated(thing)
    upstream |= {one.gradient for one in stated if isinstance(one, ir.HasGradientAt) and _of_a_loss(one)}
    same = eps.pop() if len(eps) == 1 else None
    variables = [one.name for one in upstream if isinstance(one, ir.VVar)]
    return Context(
        same if isinstance(same, ir.Var | ir.Nat) else None,
        variables[0] if len(variables) == 1 else None,
        any(isinstance(one, ir.ForAll | ir.Eventually) and one.variable.name == "z" for one in stated),
        _is_taken("μ", thing),
        _is_taken("J", thing),
    )


def _is_taken(name: str, thing: ir.Term | ir.Proposition | ir.Theorem | ir.Definition) -> bool:
    """Whether a variable has this name."""
    if isinstance(thing, ir.Theorem) and name in (variable.name for variable in thing.variables):
        return True
    return any(term in (ir.Var(name), ir.VVar(name)) for root in _roots(thing) for term in subterms(root))


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


def _own(term: ir.Term, write: Write, context: Context) -> Written | None:
    match term:
        case ir.VVar(name) if name == context.upstream:
            return FRACTION.format("z"), LATEX.quotient_level
        case ir.Component() | ir.Channel() if (found := entry(term)) is not None:
            return _at(*found, write, context)
        case ir.Build() | ir.Channels() if (found := slice_of(term)) is not None:
            return _at(*found, write, context)
        case ir.Call() | ir.VCall():
            return sign(term, write, context)
        case _:
            return None


def _at(vector: ir.Vector, positions: tuple[str, ...], write: Write, context: Context) -> Written:
    """Entries of a vector: the positions stand below its name, and of a gradient below what it is the gradient in."""
    if isinstance(vector, ir.Member):
        return _below(_name(vector.family), (vector.position, *positions)), Level.ATOM
    if vector == ir.VVar(context.upstream or ""):
        return FRACTION.format(_below("z", positions)), LATEX.quotient_level
    if isinstance(vector, ir.VCall) and (found := gradient(vector, write, context)) is not None:
        return FRACTION.format(_below(found, positions)), LATEX.quotient_level
    written, level = write(vector)
    held = level is Level.ATOM and (not isinstance(vector, ir.Build | ir.Channels) or slice_of(vector) is not None)
    return _below(written if held else rf"\left({written}\right)", positions), Level.ATOM


def _below(name: str, positions: tuple[str, ...]) -> str:
    written = ", ".join(DOT if one == ALL else latex_name(one) for one in positions)
    return f"{name}_{{{written}}}"
