"""From a term back to the JSON the exporter writes: what ``decode`` is the inverse of."""

from __future__ import annotations

from typing import Any

from typing_extensions import assert_never

from pybridge import ir

CONSTRUCTORS = {
    ir.Eq: "eq",
    ir.Ne: "ne",
    ir.Lt: "lt",
    ir.Le: "le",
    ir.VectorEq: "vectorEq",
    ir.VectorNe: "vectorNe",
    ir.And: "and",
    ir.Iff: "iff",
    ir.Imp: "imp",
    ir.Add: "add",
    ir.Sub: "sub",
    ir.Mul: "mul",
    ir.Div: "div",
    ir.VAdd: "add",
    ir.VSub: "sub",
    ir.Inner: "inner",
    ir.Neg: "neg",
    ir.Inv: "inv",
    ir.Sqrt: "sqrt",
    ir.Abs: "abs",
    ir.Norm: "norm",
    ir.VNeg: "neg",
}


def space(thing: ir.Space) -> Any:
    """A space."""
    match thing:
        case ir.Euclidean(index):
            return {"euclidean": {"index": index}}
        case ir.Abstract(name):
            return {"abstract": {"name": name}}
        case ir.ChannelSpace(family, ir.Euclidean(index)):
            return {"channels": {"family": family, "index": index}}
        case ir.ChannelSpace(family, inner):
            return {"nested": {"family": family, "inner": space(inner)}}
        case _:
            assert_never(thing)


def kind(thing: ir.Kind) -> Any:
    """A kind."""
    match thing:
        case ir.ScalarKind():
            return "scalar"
        case ir.VectorKind(inner):
            return {"vector": {"space": space(inner)}}
        case ir.PositionKind(index):
            return {"position": {"index": index}}
        case ir.FamilyKind(index, inner):
            return {"family": {"index": index, "space": space(inner)}}
        case ir.LossKind(inner):
            return {"loss": {"space": space(inner)}}
        case ir.FieldKind(inner):
            return {"field": {"space": space(inner)}}
        case ir.OperatorKind(domain, codomain):
            return {"operator": {"domain": space(domain), "codomain": space(codomain)}}
        case ir.SetKind(inner):
            return {"set": {"space": space(inner)}}
        case _:
            assert_never(thing)


def variable(thing: ir.Variable) -> Any:
    """A bound variable."""
    return {"name": thing.name, "kind": kind(thing.kind)}


def argument(thing: ir.Term) -> Any:
    """A term with its sort."""
    return {"scalar" if isinstance(thing, ir.SCALARS) else "vector": {"term": term(thing)}}


def term(thing: ir.Term) -> Any:
    """A term of either sort."""
    match thing:
        case ir.Nat(value):
            return {"nat": {"value": value}}
        case ir.Var(name) | ir.VVar(name):
            return {"var": {"name": name}}
        case ir.Card(index):
            return {"card": {"index": index}}
        case ir.Zero(inner):
            return {"zero": {"space": space(inner)}}
        case ir.Pow(base, exponent):
            return {"pow": {"base": term(base), "exponent": exponent}}
        case ir.Component(vector, position):
            return {"component": {"vector": term(vector), "position": position}}
        case ir.Member(family, position):
            return {"member": {"family": family, "position": position}}
        case ir.Smul(scalar, vector):
            return {"smul": {"scalar": term(scalar), "vector": term(vector)}}
        case ir.Sum(name, index, body) | ir.VSum(name, index, body):
            return {"sum": {"variable": name, "index": index, "body": term(body)}}
        case ir.Build(name, index, body):
            return {"build": {"variable": name, "index": index, "body": term(body)}}
        case ir.Call(name, indices, args) | ir.VCall(name, indices, args):
            return {"call": {"name": name, "indices": list(indices), "args": [argument(arg) for arg in args]}}
        case ir.Apply(function, arg) | ir.VApply(function, arg):
            return {"apply": {"function": function, "arg": term(arg)}}
        case ir.Adjoint(operator, arg):
            return {"adjoint": {"operator": operator, "arg": term(arg)}}
        case ir.OpNorm(bound, body):
            return {"opNorm": {"variable": variable(bound), "body": term(body)}}
        case ir.InfDist(point, region):
            return {"infDist": {"point": term(point), "set": region}}
        case ir.Channel(vector, position, _):
            return {"channel": {"vector": term(vector), "position": position}}
        case ir.Channels(name, index, body):
            return {"channels": {"variable": name, "index": index, "body": term(body)}}
        case ir.Project(generators, arg):
            return {"project": {"generators": [term(one) for one in generators], "arg": term(arg)}}
        case ir.Gradient(bound, body, point):
            return {"gradient": {"variable": variable(bound), "body": term(body), "point": term(point)}}
        case ir.FDeriv(bound, body, point, direction):
            parts = {"body": term(body), "point": term(point), "direction": term(direction)}
            return {"fderiv": {"variable": variable(bound), **parts}}
        case ir.Neg(arg) | ir.Inv(arg) | ir.Sqrt(arg) | ir.Abs(arg) | ir.Norm(arg) | ir.VNeg(arg):
            return {CONSTRUCTORS[type(thing)]: {"arg": term(arg)}}
        case (
            ir.Add(left, right)
            | ir.Sub(left, right)
            | ir.Mul(left, right)
            | ir.Div(left, right)
            | ir.Inner(left, right)
            | ir.VAdd(left, right)
            | ir.VSub(left, right)
        ):
            return {CONSTRUCTORS[type(thing)]: {"left": term(left), "right": term(right)}}
        case _:
            assert_never(thing)


def proposition(thing: ir.Proposition) -> Any:
    """A proposition."""
    match thing:
        case ir.Orthonormal(family):
            return {"orthonormal": {"family": family}}
        case ir.And(left, right) | ir.Iff(left, right) | ir.Imp(left, right):
            return {CONSTRUCTORS[type(thing)]: {"left": proposition(left), "right": proposition(right)}}
        case ir.HasGradientAt(bound, body, gradient, point):
            parts = {"body": term(body), "gradient": term(gradient), "point": term(point)}
            return {"hasGradientAt": {"variable": variable(bound), **parts}}
        case ir.HasDerivAt(bound, body, derivative, point):
            parts = {"body": term(body), "derivative": term(derivative), "point": term(point)}
            return {"hasDerivAt": {"variable": bound, **parts}}
        case ir.HasFDerivAt(bound, body, directions, derivative, points):
            return {
                "hasFDerivAt": {
                    "variables": [variable(one) for one in bound],
                    "body": argument(body),
                    "directions": list(directions),
                    "derivative": argument(derivative),
                    "points": [argument(point) for point in points],
                }
            }
        case ir.ForAll(bound, body):
            return {"forall": {"variable": variable(bound), "body": proposition(body)}}
        case ir.Eventually(bound, point, body):
            return {"eventually": {"variable": variable(bound), "point": term(point), "body": proposition(body)}}
        case ir.Mem(vector, region):
            return {"mem": {"vector": term(vector), "set": region}}
        case ir.OpNormLe(operator, bound):
            return {"opNormLe": {"operator": operator, "bound": term(bound)}}
        case ir.IsGreatest(bound, constraint, body, value):
            parts = {"constraint": proposition(constraint), "body": term(body), "value": term(value)}
            return {"isGreatest": {"variable": variable(bound), **parts}}
        case _:
            return {CONSTRUCTORS[type(thing)]: {"left": term(thing.left), "right": term(thing.right)}}
