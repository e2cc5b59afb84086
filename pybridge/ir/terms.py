"""The two sorts of terms: scalars and vectors, each a closed union of its nodes."""

from __future__ import annotations

from typing import TypeAlias

from pybridge.ir.scalars import (
    Abs,
    Add,
    Apply,
    Call,
    Card,
    Component,
    Div,
    InfDist,
    Inner,
    Inv,
    Mul,
    Nat,
    Neg,
    Norm,
    Pow,
    Sqrt,
    Sub,
    Sum,
    Var,
)
from pybridge.ir.vectors import (
    Adjoint,
    Build,
    Channel,
    Channels,
    FDeriv,
    Gradient,
    Member,
    Project,
    Smul,
    VAdd,
    VApply,
    VCall,
    VNeg,
    VSub,
    VSum,
    VVar,
    Zero,
)

Scalar: TypeAlias = (
    Nat
    | Var
    | Card
    | Add
    | Sub
    | Mul
    | Div
    | Neg
    | Inv
    | Sqrt
    | Abs
    | Pow
    | Inner
    | Norm
    | Component
    | Sum
    | Call
    | Apply
    | InfDist
)
Vector: TypeAlias = (
    VVar
    | Zero
    | VAdd
    | VSub
    | VNeg
    | Smul
    | Build
    | VSum
    | Member
    | VCall
    | VApply
    | Adjoint
    | Channel
    | Channels
    | Project
    | Gradient
    | FDeriv
)
Term: TypeAlias = Scalar | Vector
SCALARS = (Nat, Var, Card, Add, Sub, Mul, Div, Neg, Inv, Sqrt, Abs, Pow, Inner, Norm, Component, Sum, Call, Apply, InfDist)
VECTORS = (
    VVar,
    Zero,
    VAdd,
    VSub,
    VNeg,
    Smul,
    Build,
    VSum,
    Member,
    VCall,
    VApply,
    Adjoint,
    Channel,
    Channels,
    Project,
    Gradient,
    FDeriv,
)
