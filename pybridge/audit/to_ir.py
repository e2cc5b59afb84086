"""From a value whose types are found to a term of the export's kind.

In: nodes.  Out: terms and propositions of ``ir``, or an ``UnreadError`` where a type is still unknown or no term is of this
form.  Bound variables have the names that ``arithmetic.variable`` gave them.
"""

from __future__ import annotations

from collections.abc import Callable

from pybridge import ir
from pybridge.audit.types import INDEX, REAL, SPACE, Known, Type, Unknown, UnreadError, is_a, resolved, said
from pybridge.audit.values import Node

_TWO: dict[str, Callable[[ir.Scalar, ir.Scalar], ir.Scalar]] = {"add": ir.Add, "sub": ir.Sub, "mul": ir.Mul, "div": ir.Div}
_ONE: dict[str, Callable[[ir.Scalar], ir.Scalar]] = {"neg": ir.Neg, "inv": ir.Inv, "sqrt": ir.Sqrt, "abs": ir.Abs}
_RELATIONS: dict[str, Callable[[ir.Scalar, ir.Scalar], ir.Proposition]] = {"eq": ir.Eq, "ne": ir.Ne, "lt": ir.Lt, "le": ir.Le}
_VECTOR_RELATIONS: dict[str, Callable[[ir.Vector, ir.Vector], ir.Proposition]] = {"eq": ir.VectorEq, "ne": ir.VectorNe}
_JOINED: dict[str, Callable[[ir.Proposition, ir.Proposition], ir.Proposition]] = {"and": ir.And, "iff": ir.Iff, "imp": ir.Imp}


def known(type_: Type) -> Known:
    """A type that has been found."""
    found = resolved(type_)
    if not isinstance(found, Known):
        raise UnreadError("its text does not say of which type a bound variable is")
    return found


def index(type_: Type) -> str:
    """The name of an index type."""
    found = known(type_)
    if not found.head.startswith(INDEX):
        raise UnreadError(f"{said(found)} where an index type is expected")
    return found.head.removeprefix(INDEX)


def space(type_: Type) -> ir.Space:
    """A space of vectors."""
    found = known(type_)
    if found.head.startswith(SPACE):
        return ir.Abstract(found.head.removeprefix(SPACE))
    if found.head != "PiLp":
        raise UnreadError(f"{said(found)} where a space is expected")
    if is_a(found.args[1], "ℝ"):
        return ir.Euclidean(index(found.args[0]))
    return ir.ChannelSpace(index(found.args[0]), space(found.args[1]))


def is_space(type_: Type) -> bool:
    """Whether the elements of a type are vectors."""
    found = known(type_)
    return found.head == "PiLp" or found.head.startswith(SPACE)


def kind(type_: Type) -> ir.Kind:
    """What a variable of this type is."""
    found = known(type_)
    if found == REAL:
        return ir.ScalarKind()
    if is_space(found):
        return ir.VectorKind(space(found))
    if found.head.startswith(INDEX):
        return ir.PositionKind(index(found))
    if found.head == "→L":
        return ir.OperatorKind(space(found.args[0]), space(found.args[1]))
    if found.head == "Set":
        return ir.SetKind(space(found.args[0]))
    if found.head == "→":
        return _function_kind(*found.args)
    raise UnreadError(f"no variable is of type {said(found)}")


def _function_kind(domain: Type, codomain: Type) -> ir.Kind:
    if not is_space(domain):
        return ir.FamilyKind(index(domain), space(codomain))
    if is_a(codomain, "ℝ"):
        return ir.LossKind(space(domain))
    if space(domain) != space(codomain):
        raise UnreadError("a function from one space to another")
    return ir.FieldKind(space(domain))


def term(one: Node) -> ir.Term:
    """A scalar or a vector."""
    return scalar(one) if is_a(one.type, "ℝ") else vector(one)


def scalar(one: Node) -> ir.Scalar:
    """A real number."""
    if not is_a(one.type, "ℝ"):
        raise UnreadError(f"{said(one.type)} where a real number is expected")
    inner = one.inner
    match one.op:
        case "nat":
            return ir.Nat(one.number)
        case "var":
            return ir.Var(one.name)
        case "card":
            return ir.Card(index(one.types[0]))
        case "add" | "sub" | "mul" | "div":
            return _TWO[one.op](scalar(inner[0]), scalar(inner[1]))
        case "smul":  # smul_eq_mul
            return ir.Mul(scalar(inner[0]), scalar(inner[1]))
        case "neg" | "inv" | "sqrt" | "abs":
            return _ONE[one.op](scalar(inner[0]))
        case "pow":
            return ir.Pow(scalar(inner[0]), one.number)
        case "inner":
            return ir.Inner(vector(inner[0]), vector(inner[1]))
        case "norm":
            return _norm(inner[0])
        case "component":
            return ir.Component(vector(inner[0]), position(inner[1]))
        case "sum":
            return ir.Sum(one.binds[0].name, index(one.binds[0].type), scalar(inner[0]))
        case "call":
            return ir.Call(one.name, tuple(map(index, one.types)), tuple(map(term, inner)))
        case "apply":
            return ir.Apply(name(inner[0]), vector(inner[1]))
        case "infDist":
            return ir.InfDist(vector(inner[0]), name(inner[1]))
        case "opNorm":
            return ir.OpNorm(moving(one.binds[0]), vector(inner[0]))
        case _:
            raise UnreadError(f"a number that is made by {one.op}")


def _norm(inside: Node) -> ir.Scalar:
    if is_a(inside.type, "ℝ"):
        return ir.Abs(scalar(inside))
    if is_a(inside.type, "→L"):
        fresh = ir.Variable(f"{inside.name}#", ir.VectorKind(space(known(inside.type).args[0])))
        return ir.OpNorm(fresh, ir.VApply(name(inside), ir.VVar(fresh.name)))
    return ir.Norm(vector(inside))


def vector(one: Node) -> ir.Vector:
    """A vector."""
    if not is_space(one.type):
        raise UnreadError(f"{said(one.type)} where a vector is expected")
    inner = one.inner
    match one.op:
        case "nat" if one.number == 0:
            return ir.Zero(space(one.type))
        case "var":
            return ir.VVar(one.name)
        case "add":
            return ir.VAdd(vector(inner[0]), vector(inner[1]))
        case "sub":
            return ir.VSub(vector(inner[0]), vector(inner[1]))
        case "neg":
            return ir.VNeg(vector(inner[0]))
        case "smul":
            return ir.Smul(scalar(inner[0]), vector(inner[1]))
        case "build":
            bound, over = one.binds[0].name, index(one.binds[0].type)
            return ir.Build(bound, over, scalar(inner[0])) if is_a(inner[0].type, "ℝ") else _channels(bound, over, inner[0])
        case "sum":
            return ir.VSum(one.binds[0].name, index(one.binds[0].type), vector(inner[0]))
        case "component":
            return ir.Channel(vector(inner[0]), position(inner[1]), space(one.type))
        case "call":
            return ir.VCall(one.name, tuple(map(index, one.types)), tuple(map(term, inner)))
        case "apply":
            if known(inner[1].type).head.startswith(INDEX):
                return ir.Member(name(inner[0]), position(inner[1]))
            return ir.VApply(name(inner[0]), vector(inner[1]))
        case "adjoint":
            return ir.Adjoint(name(inner[0]), vector(inner[1]))
        case "project":
            return ir.Project(tuple(map(vector, inner[:-1])), vector(inner[-1]))
        case "gradient":
            return ir.Gradient(moving(one.binds[0]), scalar(inner[0]), vector(inner[1]))
        case "fderiv":
            return ir.FDeriv(moving(one.binds[0]), vector(inner[0]), vector(inner[1]), vector(inner[2]))
        case _:
            raise UnreadError(f"a vector that is made by {one.op}")


def _channels(bound: str, over: str, body: Node) -> ir.Channels:
    return ir.Channels(bound, over, vector(body))


def name(one: Node) -> str:
    """The name of a variable."""
    if one.op != "var":
        raise UnreadError(f"a variable is expected, and not something that is made by {one.op}")
    return one.name


def position(one: Node) -> str:
    """A position: the name of a variable."""
    index(one.type)
    return name(one)


def moving(one: Node) -> ir.Variable:
    """A bound variable with its kind."""
    return ir.Variable(one.name, kind(one.type))


def proposition(one: Node) -> ir.Proposition:
    """A proposition."""
    inner = one.inner
    match one.op:
        case "le" if inner[0].op == "norm" and is_a(inner[0].inner[0].type, "→L"):
            return ir.OpNormLe(name(inner[0].inner[0]), scalar(inner[1]))
        case "lt" | "le" if is_a(one.type, "ℕ") or isinstance(resolved(one.type), Unknown):
            return _RELATIONS[one.op](_size(inner[0]), _size(inner[1]))
        case "eq" | "ne" if not is_a(one.type, "ℝ"):
            return _VECTOR_RELATIONS[one.op](vector(inner[0]), vector(inner[1]))
        case "eq" | "ne" | "lt" | "le":
            return _RELATIONS[one.op](scalar(inner[0]), scalar(inner[1]))
        case "and" | "iff" | "imp":
            return _JOINED[one.op](proposition(inner[0]), proposition(inner[1]))
        case "mem":
            return ir.Mem(vector(inner[0]), name(inner[1]))
        case "forall":
            return ir.ForAll(moving(one.binds[0]), proposition(inner[0]))
        case "eventually":
            return ir.Eventually(moving(one.binds[0]), vector(inner[0]), proposition(inner[1]))
        case "orthonormal":
            return ir.Orthonormal(name(inner[0]))
        case "hasGradientAt":
            return ir.HasGradientAt(moving(one.binds[0]), scalar(inner[0]), vector(inner[1]), vector(inner[2]))
        case "hasDerivAt":
            return ir.HasDerivAt(one.binds[0].name, scalar(inner[0]), scalar(inner[1]), scalar(inner[2]))
        case "hasFDerivAt":
            half = len(one.binds) // 2
            directions = tuple(bound.name for bound in one.binds[half:])
            body, derivative, *points = map(term, inner)
            return ir.HasFDerivAt(tuple(map(moving, one.binds[:half])), body, directions, derivative, tuple(points))
        case "isGreatest":
            return ir.IsGreatest(moving(one.binds[0]), proposition(inner[0]), scalar(inner[1]), scalar(inner[2]))
        case _:
            raise UnreadError(f"a proposition that is made by {one.op}")


def _size(one: Node) -> ir.Scalar:
    """A natural number as a real one: a numeral, or the size of an index type."""
    if one.op == "nat":
        return ir.Nat(one.number)
    if one.op == "card":
        return ir.Card(index(one.types[0]))
    raise UnreadError("of the natural numbers only numerals and the sizes of index types are compared")
