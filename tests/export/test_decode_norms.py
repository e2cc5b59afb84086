"""Decoding of the norm of an operator: it has to be of a map from vectors to vectors whose form says that it is linear."""

from __future__ import annotations

import json
from typing import Any

import encoding
import pytest

from pybridge import ir
from pybridge.errors import ExportInvalid
from pybridge.export.decode_propositions import Decoder
from pybridge.export.nodes import At
from pybridge.export.scope import Scope

SPACE = ir.Euclidean("ι")
VECTOR = ir.VectorKind(SPACE)
KNOWN = Scope(
    frozenset({"ι"}),
    frozenset(),
    {"y": VECTOR, "a": ir.ScalarKind(), "G": ir.FieldKind(SPACE), "A": ir.OperatorKind(SPACE, SPACE)},
)
X, Y, A = ir.VVar("x"), ir.VVar("y"), ir.Var("a")


MOVED = ir.Variable("x", VECTOR)


def norm(body: Any, variable: ir.Variable = MOVED) -> Any:
    """The node of the norm of the map from ``variable`` to ``body``."""
    return {"opNorm": {"variable": encoding.variable(variable), "body": body}}


@pytest.mark.parametrize("body", [X, ir.VApply("A", ir.Smul(A, X)), ir.Smul(ir.Inner(X, Y), Y)])
def test_decoding_inverts_encoding(body: ir.Vector) -> None:
    """Of a term with a bound variable, and the same once it is written and read as JSON."""
    term = ir.OpNorm(ir.Variable("x", VECTOR), body)
    node = json.loads(json.dumps(encoding.term(term)))
    assert Decoder().scalar(node, KNOWN, At("t")) == term


REFUSED = {
    "a map that is not linear": (norm(encoding.term(ir.VAdd(X, Y))), "whose form does not say that it is linear in 'x'"),
    "a constant": (norm(encoding.term(Y)), "linear in 'x'"),
    "a field": (norm(encoding.term(ir.VApply("G", X))), "linear in 'x'"),
    "of a number": (norm(encoding.term(Y), ir.Variable("t", ir.ScalarKind())), "opNorm.variable: 't' is a scalar"),
    "to a number": (norm(encoding.term(ir.Inner(X, Y))), "no vector is made by 'inner'"),
    "without a body": ({"opNorm": {"variable": encoding.variable(ir.Variable("x", VECTOR))}}, "'opNorm' has"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit_is_refused(name: str) -> None:
    """With the place, and what is wrong there."""
    node, said = REFUSED[name]
    with pytest.raises(ExportInvalid) as caught:
        Decoder().scalar(node, KNOWN, At("t"))
    assert said in str(caught.value)
