"""Whole layers, made by hand as Lean states them: arrays of two to four axes, parameters that rows share.

Definitions are added to those of the export; each theorem is right.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import reduce

from pybridge import ir
from pybridge.export.loading import Export

REAL = ir.ScalarKind()
V = ir.VVar


def space(*axes: str) -> ir.Space:
    """Arrays with these axes, the innermost last."""
    *outer, inner = axes
    return reduce(lambda found, axis: ir.ChannelSpace(axis, found), reversed(outer), ir.Euclidean(inner))


def kind(*axes: str) -> ir.VectorKind:
    """Of arrays with these axes."""
    return ir.VectorKind(space(*axes))


def at(vector: ir.Vector, axes: tuple[str, ...], *positions: str) -> ir.Vector:
    """What an array with these axes has at positions, fewer than it has axes."""
    for number, position in enumerate(positions, 1):
        vector = ir.Channel(vector, position, space(*axes[number:]))
    return vector


def entry(vector: ir.Vector, axes: tuple[str, ...], *positions: str) -> ir.Scalar:
    """An entry."""
    return ir.Component(at(vector, axes, *positions[:-1]), positions[-1])


def array(body: ir.Scalar, **axes: str) -> ir.Vector:
    """An array by its entries: the variable of each position, with its index type."""
    *outer, (name, index) = axes.items()
    return stacked(ir.Build(name, index, body), **dict(outer))


def stacked(body: ir.Vector, **axes: str) -> ir.Vector:
    """An array by its parts."""
    return reduce(lambda found, axis: ir.Channels(*axis, found), reversed(axes.items()), body)


def total(body: ir.Scalar, **axes: str) -> ir.Scalar:
    """A sum over positions."""
    return reduce(lambda found, axis: ir.Sum(*axis, found), reversed(axes.items()), body)


def definition(name: str, indices: str, body: ir.Term, **kinds: ir.Kind) -> ir.Definition:
    """A definition."""
    parameters = tuple(ir.Variable(parameter, of) for parameter, of in kinds.items())
    return ir.Definition(
        name, "", "lean/Test.lean", 1, "", tuple(ir.Index(i, nonempty=False) for i in indices), parameters, body
    )


def theorem(name: str, indices: str, conclusion: ir.Proposition, *assumed: ir.Proposition, **kinds: ir.Kind) -> ir.Theorem:
    """A theorem, with hypotheses h0, h1 and so on."""
    return ir.Theorem(
        name,
        "0",
        "",
        "",
        "lean/Test.lean",
        1,
        "",
        tuple(ir.Index(i, nonempty=False) for i in indices),
        (),
        tuple(ir.Variable(variable, of) for variable, of in kinds.items()),
        tuple(ir.Hypothesis(f"h{number}", "", one) for number, one in enumerate(assumed)),
        conclusion,
        None,
    )


ONE, EPS = ir.Nat(1), ir.Var("ε")
X, G = V("x"), V("g")

# Normalization of a block.

CS = ("κ", "σ")
_Y = entry(V("y"), CS, "c", "s")
_SIZE = ir.Mul(ir.Card("κ"), ir.Card("σ"))
_MEAN = ir.Call("BlockNorm.mean", CS, (V("y"),))
_SCALE = ir.Call("BlockNorm.scale", CS, (EPS, V("y")))
_HAT = entry(ir.VCall("BlockNorm.normalize", CS, (EPS, V("y"))), CS, "c", "s")
_G = entry(G, CS, "c", "s")
_FORMULA = ir.Mul(
    ir.Div(ir.Var("γ"), ir.Mul(_SIZE, _SCALE)),
    ir.Sub(
        ir.Sub(ir.Mul(_SIZE, _G), total(_G, c="κ", s="σ")),
        ir.Mul(_HAT, total(ir.Mul(_G, _HAT), c="κ", s="σ")),
    ),
)
BLOCK = (
    definition("BlockNorm.mean", "κσ", ir.Div(total(_Y, c="κ", s="σ"), _SIZE), y=kind(*CS)),
    definition("BlockNorm.variance", "κσ", ir.Div(total(ir.Pow(ir.Sub(_Y, _MEAN), 2), c="κ", s="σ"), _SIZE), y=kind(*CS)),
    definition(
        "BlockNorm.scale", "κσ", ir.Sqrt(ir.Add(ir.Call("BlockNorm.variance", CS, (V("y"),)), EPS)), ε=REAL, y=kind(*CS)
    ),
    definition("BlockNorm.normalize", "κσ", array(ir.Div(ir.Sub(_Y, _MEAN), _SCALE), c="κ", s="σ"), ε=REAL, y=kind(*CS)),
    definition("BlockNorm.backward", "κσ", array(_FORMULA, c="κ", s="σ"), γ=REAL, ε=REAL, y=kind(*CS), g=kind(*CS)),
)


def layer(
    name: str,
    axes: dict[str, str],
    parameters: tuple[str, ...],
    hat: ir.Scalar,
    backward: ir.Vector,
    variance: ir.Scalar,
    rows: tuple[str, ...],
) -> tuple[tuple[ir.Definition, ...], tuple[ir.Theorem, ...]]:
    """The definitions of a layer and the theorems about its three gradients.

    Parameters
    ----------
    name
        Of the layer.
    axes
        Of its arrays: positions and their index types.
    parameters
        The positions that factors and offsets depend on.
    hat
        An entry of the normalized array.
    backward
        The gradient in the array.
    variance
        Of a row.
    rows
        The positions that the row depends on.
    """
    types, indices = tuple(axes.values()), "".join(axes.values())
    full, shared = kind(*types), {name: axes[name] for name in parameters}
    of = tuple(shared.values())
    factor, offset = (entry(V(name), of, *parameters) for name in ("γ", "β"))
    summed = {name: index for name, index in axes.items() if name not in shared}
    upstream = entry(G, types, *axes)
    definitions = (
        definition(
            f"{name}.forward",
            indices,
            array(ir.Add(ir.Mul(factor, hat), offset), **axes),
            γ=kind(*of),
            β=kind(*of),
            ε=REAL,
            x=full,
        ),
        definition(f"{name}.backward", indices, backward, γ=kind(*of), ε=REAL, x=full, g=full),
        definition(
            f"{name}.backwardGamma", indices, array(total(ir.Mul(upstream, hat), **summed), **shared), ε=REAL, x=full, g=full
        ),
        definition(f"{name}.backwardBeta", indices, array(total(upstream, **summed), **shared), g=full),
    )
    call: Callable[..., ir.VCall] = lambda which, *args: ir.VCall(f"{name}.{which}", types, args)  # noqa: E731
    output = call("forward", V("γ"), V("β"), EPS, X)
    kinds = {"γ": kind(*of), "β": kind(*of), "ε": REAL, "x": full, "g": full, "L": ir.LossKind(full.space)}
    upstream_is = ir.HasGradientAt(ir.Variable("z", full), ir.Apply("L", V("z")), G, output)
    positive: ir.Proposition = ir.Lt(ir.Nat(0), ir.Add(variance, EPS))
    for row in reversed(rows):
        positive = ir.ForAll(ir.Variable(row, ir.PositionKind(axes[row])), positive)

    def gradient(variable: str, value: ir.Vector) -> ir.Proposition:
        return ir.HasGradientAt(ir.Variable(variable, kinds[variable]), ir.Apply("L", output), value, V(variable))

    theorems = (
        theorem(f"{name}.x", indices, gradient("x", call("backward", V("γ"), EPS, X, G)), upstream_is, positive, **kinds),
        theorem(f"{name}.γ", indices, gradient("γ", call("backwardGamma", EPS, X, G)), upstream_is, **kinds),
        theorem(f"{name}.β", indices, gradient("β", call("backwardBeta", G)), upstream_is, **kinds),
    )
    return definitions, theorems


def _batch(name: str, index: str, *args: ir.Term) -> ir.VCall:
    return ir.VCall(f"BatchNorm.{name}", (index,), args)


RJ, NCS, NACS = ("ρ", "φ"), ("ν", "κ", "σ"), ("ν", "α", "κ", "σ")
_ROW, _SAMPLE, _GROUP = at(X, RJ, "r"), at(X, NCS, "n", "c"), at(X, NACS, "n", "a")


def _of_channel(vector: ir.Vector) -> ir.Vector:
    return ir.Channels("n'", "ν", at(vector, NCS, "n'", "c"))


_BLOCK_OF = ("ν", "σ")
LAYERS = {
    "LayerNorm": layer(
        "Test.LayerNorm",
        {"r": "ρ", "j": "φ"},
        ("j",),
        ir.Component(_batch("normalize", "φ", EPS, _ROW), "j"),
        stacked(ir.VCall("LayerNorm.backward", ("φ",), (V("γ"), EPS, _ROW, at(G, RJ, "r"))), r="ρ"),
        ir.Call("BatchNorm.variance", ("φ",), (_ROW,)),
        ("r",),
    ),
    "InstanceNorm": layer(
        "Test.InstanceNorm",
        {"n": "ν", "c": "κ", "s": "σ"},
        ("c",),
        ir.Component(_batch("normalize", "σ", EPS, _SAMPLE), "s"),
        stacked(_batch("backward", "σ", ir.Component(V("γ"), "c"), EPS, _SAMPLE, at(G, NCS, "n", "c")), n="ν", c="κ"),
        ir.Call("BatchNorm.variance", ("σ",), (_SAMPLE,)),
        ("n", "c"),
    ),
    "BatchNorm": layer(
        "Test.BatchNorm",
        {"n": "ν", "c": "κ", "s": "σ"},
        ("c",),
        entry(ir.VCall("BlockNorm.normalize", _BLOCK_OF, (EPS, _of_channel(X))), _BLOCK_OF, "n", "s"),
        stacked(
            at(
                ir.VCall("BlockNorm.backward", _BLOCK_OF, (ir.Component(V("γ"), "c"), EPS, _of_channel(X), _of_channel(G))),
                _BLOCK_OF,
                "n",
            ),
            n="ν",
            c="κ",
        ),
        ir.Call("BlockNorm.variance", _BLOCK_OF, (_of_channel(X),)),
        ("c",),
    ),
    "GroupNorm": layer(
        "Test.GroupNorm",
        {"n": "ν", "a": "α", "c": "κ", "s": "σ"},
        ("a", "c"),
        entry(ir.VCall("BlockNorm.normalize", CS, (EPS, _GROUP)), CS, "c", "s"),
        stacked(
            ir.VCall(
                "BlockNorm.backward",
                CS,
                (
                    ONE,
                    EPS,
                    _GROUP,
                    array(ir.Mul(entry(V("γ"), ("α", "κ"), "a", "c"), entry(G, NACS, "n", "a", "c", "s")), c="κ", s="σ"),
                ),
            ),
            n="ν",
            a="α",
        ),
        ir.Call("BlockNorm.variance", CS, (_GROUP,)),
        ("n", "a"),
    ),
}
DEFINITIONS = {one.name: one for one in (*BLOCK, *(one for definitions, _ in LAYERS.values() for one in definitions))}
THEOREMS = {one.name: one for _, theorems in LAYERS.values() for one in theorems}


def added_to(export: Export) -> Export:
    """The export with the definitions of the layers."""
    return dataclasses.replace(export, definitions={**export.definitions, **DEFINITIONS})
