"""Hypothesis strategies: well-sorted terms over two definitions, and values for their variables."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from pybridge import ir

IOTA, K, E = "ι", "κ", "E"
REAL, ABSTRACT = ir.Euclidean(IOTA), ir.Abstract(E)
VARIABLES = (
    ir.Variable("a", ir.ScalarKind()),
    ir.Variable("b", ir.ScalarKind()),
    ir.Variable("x", ir.VectorKind(REAL)),
    ir.Variable("y", ir.VectorKind(REAL)),
    ir.Variable("e", ir.VectorKind(ABSTRACT)),
    ir.Variable("v", ir.FamilyKind(K, ABSTRACT)),
    ir.Variable("p", ir.PositionKind(IOTA)),
)
_PLACE = ("", "lean/Test.lean", 1, "")
_COORDINATE = ir.Component(ir.VVar("y"), "i")
DEFINITIONS = {
    "Test.total": ir.Definition(
        "Test.total",
        *_PLACE,
        (ir.Index("α", False),),
        (ir.Variable("y", ir.VectorKind(ir.Euclidean("α"))),),
        ir.Sum("i", "α", _COORDINATE),
    ),
    "Test.stretch": ir.Definition(
        "Test.stretch",
        *_PLACE,
        (ir.Index("α", False),),
        (ir.Variable("c", ir.ScalarKind()), ir.Variable("y", ir.VectorKind(ir.Euclidean("α")))),
        ir.Build("i", "α", ir.Mul(ir.Var("c"), ir.Add(_COORDINATE, ir.Call("Test.total", ("α",), (ir.VVar("y"),))))),
    ),
}


@st.composite
def scalars(
    draw: st.DrawFn,
    depth: int = 3,
    bound: tuple[str, ...] = (),
    *,
    division: bool = True,
    roots: bool = True,
    pointwise: bool = False,
):
    """A scalar term; ``bound`` are the position variables in scope, those of ι first named i, of κ named k.

    ``pointwise``: also what only an algebra can do that takes positions one by one: gradients, and channels.
    """
    leaves = ["nat", "var", "card"]
    if any(name[0] in "ip" for name in (*bound, "p")):
        leaves.append("component")
    inner = ["add", "sub", "mul", "neg", "abs", "pow", "inner", "sum", "call", "component"]
    inner += (["div", "inv"] if division else []) + (["sqrt", "norm"] if roots else [])
    choice = draw(st.sampled_from(inner if depth > 0 else leaves))
    options = {"division": division, "roots": roots, "pointwise": pointwise}

    def scalar(names: tuple[str, ...] = bound) -> ir.Scalar:
        return draw(scalars(depth - 1, names, **options))

    def vector(space: ir.Space) -> ir.Vector:
        return draw(vectors(depth - 1, bound, space, **options))

    position = draw(st.sampled_from([*(name for name in bound if name[0] == "i"), "p"]))
    some_space = draw(st.sampled_from([REAL, ABSTRACT]))
    binary = {"add": ir.Add, "sub": ir.Sub, "mul": ir.Mul, "div": ir.Div}
    unary = {"neg": ir.Neg, "inv": ir.Inv, "abs": ir.Abs, "sqrt": ir.Sqrt}
    match choice:
        case "nat":
            return ir.Nat(draw(st.integers(0, 3)))
        case "var":
            return ir.Var(draw(st.sampled_from("ab")))
        case "card":
            return ir.Card(draw(st.sampled_from([IOTA, K])))
        case "component":
            return ir.Component(ir.VVar(draw(st.sampled_from("xy"))) if depth <= 0 else vector(REAL), position)
        case "pow":
            return ir.Pow(scalar(), draw(st.integers(0, 2)))
        case "inner":
            return ir.Inner(vector(some_space), vector(some_space))
        case "norm":
            return ir.Norm(vector(some_space))
        case "sum":
            index = draw(st.sampled_from([IOTA, K]))
            variable = f"{'i' if index == IOTA else 'k'}{draw(st.sampled_from(['', str(len(bound))]))}"
            return ir.Sum(variable, index, scalar((*bound, variable)))
        case "call":
            return ir.Call("Test.total", (IOTA,), (vector(REAL),))
        case _ if choice in binary:
            return binary[choice](scalar(), scalar())
        case _:
            return unary[choice](scalar())


@st.composite
def vectors(
    draw: st.DrawFn,
    depth: int,
    bound: tuple[str, ...],
    space: ir.Space,
    *,
    division: bool,
    roots: bool,
    pointwise: bool = False,
):
    """A vector term of ``space``."""
    options = {"division": division, "roots": roots, "pointwise": pointwise}
    members = [name for name in bound if name[0] == "k"]
    leaves = ["var", "zero"] + (["member"] if members and space == ABSTRACT else [])
    inner = ["add", "sub", "neg", "smul", "sum"] + (["build", "call"] if space == REAL else [])
    inner += ["project"] if division else []
    inner += ["gradient", "fderiv"] if pointwise else []
    inner += ["channel"] if pointwise and members and space == REAL else []
    moving = ir.Variable("x" if space == REAL else "e", ir.VectorKind(space))  # hides the variable of that name
    choice = draw(st.sampled_from(inner if depth > 0 else leaves))

    def vector(names: tuple[str, ...] = bound) -> ir.Vector:
        return draw(vectors(depth - 1, names, space, **options))

    def scalar(names: tuple[str, ...] = bound) -> ir.Scalar:
        return draw(scalars(depth - 1, names, **options))

    match choice:
        case "var":
            return ir.VVar(draw(st.sampled_from("xy"))) if space == REAL else ir.VVar("e")
        case "zero":
            return ir.Zero(space)
        case "member":
            return ir.Member("v", draw(st.sampled_from(members)))
        case "add":
            return ir.VAdd(vector(), vector())
        case "sub":
            return ir.VSub(vector(), vector())
        case "neg":
            return ir.VNeg(vector())
        case "smul":
            return ir.Smul(scalar(), vector())
        case "sum":
            index = draw(st.sampled_from([IOTA, K]))
            variable = f"{'i' if index == IOTA else 'k'}{len(bound)}"
            return ir.VSum(variable, index, vector((*bound, variable)))
        case "project":
            return ir.Project(tuple(vector() for _ in range(draw(st.integers(1, 2)))), vector())
        case "gradient":
            return ir.Gradient(moving, scalar(), vector())
        case "fderiv":
            return ir.FDeriv(moving, vector(), vector(), vector())
        case "channel":
            inside = f"k{len(bound)}"
            channels = ir.Channels(inside, K, vector((*bound, inside)))
            return ir.Channel(channels, draw(st.sampled_from(members)), ir.Euclidean(IOTA))
        case "build":
            return ir.Build(f"i{len(bound)}", IOTA, scalar((*bound, f"i{len(bound)}")))
        case _:
            return ir.VCall("Test.stretch", (IOTA,), (scalar(), vector()))


@st.composite
def values(draw: st.DrawFn, numbers: st.SearchStrategy[int] | st.SearchStrategy[Fraction]):
    """Sizes, and a value for each of ``VARIABLES``."""
    sizes = {IOTA: draw(st.integers(1, 3)), K: draw(st.integers(0, 2)), E: draw(st.integers(0, 3))}

    def vector(size: int) -> list[int] | list[Fraction]:
        return draw(st.lists(numbers, min_size=size, max_size=size))

    return sizes, {
        "a": draw(numbers),
        "b": draw(numbers),
        "x": vector(sizes[IOTA]),
        "y": vector(sizes[IOTA]),
        "e": vector(sizes[E]),
        "v": [vector(sizes[E]) for _ in range(sizes[K])],
        "p": draw(st.integers(0, sizes[IOTA] - 1)),
    }
