"""Decoding of functions, derivatives and operators: it inverts encoding, and refuses what does not fit together."""

from __future__ import annotations

import copy
from typing import Any

import derivative_statements as made
import encoding
import pytest
from decoding import assert_decoded, decoder, scope

from pybridge import ir
from pybridge.errors import ExportInvalid
from pybridge.export.loading import Export
from pybridge.export.nodes import At
from pybridge.export.scope import decode_kind
from pybridge.ir.traverse import mentioned, names

STATEMENTS = {
    "gradient": made.gradient(),
    "Fréchet": made.frechet_normalize(),
    "derivative": made.in_gamma(),
    "joint": made.jointly(),
    "second": made.second(of_a_loss=True),
    "bounded": made.bounded(),
    "greatest": made.greatest(),
}


@pytest.mark.parametrize("theorem", STATEMENTS.values(), ids=STATEMENTS)
def test_decoding_inverts_encoding(theorem: ir.Theorem, export: Export) -> None:
    """Of every hypothesis, conclusion and kind."""
    assert_decoded(theorem, export)


GRADIENT, JOINT, SECOND, GREATEST = (STATEMENTS[name] for name in ("gradient", "joint", "second", "greatest"))
VAR = {"vector": {"term": {"var": {"name": "y"}}}}
EUCLIDEAN = {"euclidean": {"index": "ι"}}


def without_key(key: str) -> Any:
    """A change that drops a field."""
    return lambda fields: fields.pop(key)


def put(**changed: Any) -> Any:
    """A change that sets fields."""
    return lambda fields: fields.update(changed)


REFUSALS = {
    "no point": (GRADIENT, without_key("point"), "'hasGradientAt' has the fields"),
    "scalar variable": (
        GRADIENT,
        put(variable={"name": "s", "kind": "scalar"}),
        "hasGradientAt.variable: 's' is a scalar, where a vector is expected",
    ),
    "variable without kind": (GRADIENT, put(variable="y"), "expected a variable with its kind, got 'y'"),
    "gradient in another space": (
        GRADIENT,
        put(gradient={"zero": {"space": {"euclidean": {"index": "κ"}}}}),
        "hasGradientAt.gradient.zero.space: the undeclared index type 'κ'",
    ),
    "unbound variable": (
        GRADIENT,
        put(body={"apply": {"function": "L", "arg": {"var": {"name": "w"}}}}),
        "the unknown variable 'w'",
    ),
    "apply to a scalar": (
        GRADIENT,
        put(body={"apply": {"function": "L", "arg": {"var": {"name": "γ"}}}}),
        "'γ' is a scalar, where a vector is expected",
    ),
    "apply a vector": (
        GRADIENT,
        put(body={"apply": {"function": "y", "arg": {"var": {"name": "y"}}}}),
        "'y' is a vector, where a function is expected",
    ),
    "a loss is no vector": (
        GRADIENT,
        put(gradient={"apply": {"function": "L", "arg": {"var": {"name": "y"}}}}),
        "'L' is a loss, where a field or an operator is expected",
    ),
    "adjoint of a loss": (
        GRADIENT,
        put(gradient={"adjoint": {"operator": "L", "arg": {"var": {"name": "y"}}}}),
        "'L' is a loss, where an operator is expected",
    ),
    "no variables": (JOINT, put(variables=[], directions=[], points=[]), "expected one or more variables"),
    "one name twice": (
        JOINT,
        lambda fields: fields["variables"].__setitem__(1, fields["variables"][2]),
        "expected one or more variables, each by a name of its own",
    ),
    "too few directions": (JOINT, put(directions=["v", "s"]), "expected 3 names, one for each variable, got 2"),
    "one direction twice": (JOINT, put(directions=["v", "s", "s"]), "expected 3 names, one for each variable, got 2"),
    "points of other sorts": (
        JOINT,
        put(points=[VAR, VAR, VAR]),
        "expected a vector of EuclideanSpace ℝ ι, a scalar, a scalar, got a vector",
    ),
    "derivative of another sort": (JOINT, put(derivative=VAR), "the derivative of a scalar is no vector of"),
    "direction of a function": (
        JOINT,
        lambda fields: fields["variables"].__setitem__(0, {"name": "z", "kind": {"loss": {"space": EUCLIDEAN}}}),
        "a variable of kind loss, where a scalar or a vector is expected",
    ),
    "greatest over vectors": (
        GREATEST,
        put(variable={"name": "X", "kind": {"vector": {"space": EUCLIDEAN}}}),
        "'X' is a vector, and 'isGreatest' is over operators",
    ),
    "norm of no operator": (
        GREATEST,
        put(constraint={"opNormLe": {"operator": "y", "bound": {"nat": {"value": 1}}}}),
        "'y' is a vector, where an operator is expected",
    ),
    "adjoint at a vector of the domain": (
        GREATEST,
        put(body={"norm": {"arg": {"adjoint": {"operator": "X", "arg": {"zero": {"space": {"abstract": {"name": "W"}}}}}}}}),
        "a vector of W, where one of EuclideanSpace ℝ ι is expected",
    ),
}


@pytest.mark.parametrize(("theorem", "change", "message"), REFUSALS.values(), ids=REFUSALS)
def test_what_does_not_fit_together_is_refused(theorem: ir.Theorem, change: Any, message: str, export: Export) -> None:
    """By one line that says where and what."""
    node = copy.deepcopy(encoding.proposition(theorem.conclusion))
    change(next(iter(node.values())))
    with pytest.raises(ExportInvalid) as refused:
        decoder(export).proposition(node, scope(theorem), At("conclusion"))
    assert message in str(refused.value)
    assert str(refused.value).startswith("conclusion")


def test_a_bound_variable_ends_with_its_binder(export: Export) -> None:
    """The variable of a gradient is known in the body and neither in the gradient nor at the point."""
    node = encoding.proposition(ir.HasGradientAt(made.Z, ir.Norm(made.V["z"]), made.V["z"], made.Y))
    with pytest.raises(ExportInvalid, match="the unknown variable 'z'"):
        decoder(export).proposition(node, scope(GRADIENT), At("conclusion"))


@pytest.mark.parametrize("kind", [{"loss": {}}, {"operator": {"domain": EUCLIDEAN}}, {"field": {"space": "R"}}], ids=str)
def test_kinds_are_refused(kind: Any) -> None:
    """A function without its space, or over something that is none."""
    with pytest.raises(ExportInvalid):
        decode_kind(kind, scope(GRADIENT), At("k"))


def test_what_a_statement_mentions() -> None:
    """Functions, operators and families by name, through binders."""
    assert {"L", "γ", "β", "ε", "y", "g"} <= mentioned(GRADIENT.conclusion)
    assert {"X", "lam", "γ", "y", "g"} <= mentioned(GREATEST.conclusion)
    assert mentioned(ir.Orthonormal("b")) == {"b"}
    assert {"G", "H", "d"} <= mentioned(SECOND.conclusion)
    assert names(ir.Inner(ir.Member("b", "k"), ir.Adjoint("A", made.Y))) == {"b", "k", "A", "y"}
