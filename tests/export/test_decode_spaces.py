"""Decoding of projections, gradients, sets and channels: it inverts encoding, and refuses what does not fit together."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import encoding
import later_statements as made
import pytest
from decoding import assert_decoded, decoder, scope
from documents import VECTOR, document, write
from later_statements import STATEMENTS

from pybridge import ir
from pybridge.errors import ExportInvalid
from pybridge.export.decode_propositions import Decoder
from pybridge.export.loading import Export, load
from pybridge.export.nodes import At
from pybridge.export.scope import Scope, decode_kind, decode_space, space_name
from pybridge.ir.spaces import renamed


@pytest.mark.parametrize("theorem", STATEMENTS.values(), ids=STATEMENTS)
def test_decoding_inverts_encoding(theorem: ir.Theorem, export: Export) -> None:
    """Of every hypothesis, conclusion and kind."""
    assert_decoded(theorem, export)


def test_the_json_is_that_of_the_exporter() -> None:
    """One node of each kind, written out."""
    kind = {"vector": {"space": {"euclidean": {"index": "ι"}}}}
    z, y = {"var": {"name": "z"}}, {"var": {"name": "y"}}
    bound = {"name": "z", "kind": kind}
    known = Scope(
        frozenset({"ι", "κ"}),
        frozenset(),
        {
            "y": made.VECTOR,
            "S": ir.SetKind(made.SPACE),
            "x": ir.VectorKind(made.CHANNELS),
            "a": ir.ScalarKind(),
            "k": ir.PositionKind("κ"),
        },
    )
    norm = {"norm": {"arg": z}}
    of_sort = {
        "scalar": [
            ({"infDist": {"point": y, "set": "S"}}, ir.InfDist(made.Y, "S")),
            ({"opNorm": {"variable": bound, "body": {"neg": {"arg": z}}}}, ir.OpNorm(made.Z, ir.VNeg(made.V["z"]))),
        ],
        "vector": [
            (
                {"channel": {"vector": {"var": {"name": "x"}}, "position": "k"}},
                ir.Channel(ir.VVar("x"), "k", ir.Euclidean("ι")),
            ),
            ({"channels": {"variable": "c", "index": "κ", "body": y}}, ir.Channels("c", "κ", made.Y)),
            ({"project": {"generators": [y, y], "arg": y}}, ir.Project((made.Y, made.Y), made.Y)),
            (
                {"gradient": {"variable": bound, "body": norm, "point": y}},
                ir.Gradient(made.Z, ir.Norm(made.V["z"]), made.Y),
            ),
            (
                {"fderiv": {"variable": bound, "body": z, "point": y, "direction": y}},
                ir.FDeriv(made.Z, made.V["z"], made.Y, made.Y),
            ),
        ],
        "proposition": [
            ({"mem": {"vector": y, "set": "S"}}, ir.Mem(made.Y, "S")),
            (
                {"imp": {"left": {"mem": {"vector": y, "set": "S"}}, "right": {"mem": {"vector": y, "set": "S"}}}},
                ir.Imp(ir.Mem(made.Y, "S"), ir.Mem(made.Y, "S")),
            ),
            (
                {"eventually": {"variable": bound, "point": y, "body": {"mem": {"vector": z, "set": "S"}}}},
                ir.Eventually(made.Z, made.Y, ir.Mem(made.V["z"], "S")),
            ),
            (
                {
                    "forall": {
                        "variable": {"name": "k", "kind": "scalar"},
                        "body": {"lt": {"left": {"var": {"name": "k"}}, "right": {"var": {"name": "a"}}}},
                    }
                },
                ir.ForAll(ir.Variable("k", ir.ScalarKind()), ir.Lt(ir.Var("k"), ir.Var("a"))),
            ),
        ],
    }
    made_by = decode_all(known)
    for sort, pairs in of_sort.items():
        for node, expected in pairs:
            assert made_by[sort](node) == expected
    assert decode_kind({"set": {"space": {"euclidean": {"index": "ι"}}}}, known, At("k")) == ir.SetKind(made.SPACE)
    assert decode_space({"channels": {"family": "κ", "index": "ι"}}, known, At("s")) == made.CHANNELS


def decode_all(known: Scope) -> dict[str, Any]:
    """A function of a node for each sort."""
    empty = Decoder()
    return {
        "scalar": lambda node: empty.scalar(node, known, At("t")),
        "vector": lambda node: empty.vector(node, known, At("t"))[0],
        "proposition": lambda node: empty.proposition(node, known, At("t")),
    }


def put(*path: str, **changed: Any) -> Any:
    """A change that sets fields of a node below."""

    def change(node: Any) -> None:
        for step in path:
            node = node[step]
        node.update(changed)

    return change


VAR = {"var": {"name": "γ"}}
Y = {"var": {"name": "y"}}
PROJECT = ("vectorEq", "right", "smul", "vector", "sub", "right", "project")
FDERIV = ("eq", "left", "inner", "left", "fderiv")
BUILT = ("hasGradientAt", "body", "apply", "arg", "channels")
FORWARD = (*BUILT, "body", "call", "args")
SCALED = ("le", "left", "pow", "base", "infDist")
REFUSALS = {
    "no generators": ("projection", put(*PROJECT, generators=[]), "project.generators: expected one or more vectors"),
    "generator of another sort": ("projection", put(*PROJECT, generators=[VAR]), "'γ' is a scalar, where a vector is expected"),
    "generator of another space": (
        "projection",
        put(*PROJECT, generators=[{"zero": {"space": {"euclidean": {"index": "κ"}}}}]),
        "project.generators: a vector of EuclideanSpace ℝ κ, where one of EuclideanSpace ℝ ι is expected",
    ),
    "generators that are no list": ("projection", put(*PROJECT, generators=Y), "project.generators: expected a list"),
    "gradient in a scalar": (
        "Hessian",
        put(*FDERIV, "body", "gradient", variable={"name": "t", "kind": "scalar"}),
        "gradient.variable: 't' is a scalar, where a vector is expected",
    ),
    "gradient of a vector": (
        "Hessian",
        put(*FDERIV, "body", "gradient", body=Y),
        "gradient.body: 'y' is a vector, where a scalar is expected",
    ),
    "derivative of a scalar": ("Hessian", put(*FDERIV, body=VAR), "fderiv.body: 'γ' is a scalar, where a vector is expected"),
    "no direction": ("Hessian", lambda node: node["eq"]["left"]["inner"]["left"]["fderiv"].pop("direction"), "'fderiv' has"),
    "direction of another space": (
        "Hessian",
        put(*FDERIV, direction={"zero": {"space": {"euclidean": {"index": "κ"}}}}),
        "fderiv.direction: a vector of EuclideanSpace ℝ κ",
    ),
    "a bound variable at the point": (
        "Hessian",
        put(*FDERIV, point={"var": {"name": "y₁"}}),
        "fderiv.point: the unknown variable 'y₁'",
    ),
    "distance from a vector": ("distance", put(*SCALED, set="w"), "infDist.set: 'w' is a vector, where a set is expected"),
    "distance from an unknown set": ("distance", put(*SCALED, set="T"), "infDist.set: the unknown variable 'T'"),
    "a set is no vector": ("distance", put(*SCALED, point={"var": {"name": "S"}}), "'S' is a set, where a vector is expected"),
    "channel of another index": (
        "channels",
        lambda node: put("vector", "term", "channel", position="i")(_entry(node)),
        "channel.position: the unknown variable 'i'",
    ),
    "channel of a vector without channels": (
        "channels",
        lambda node: put("vector", "term", "channel", vector={"var": {"name": "γ"}})(_entry(node)),
        "the channel 'c' : κ of a vector of EuclideanSpace ℝ κ",
    ),
    "channels of another index": (
        "channels",
        put(*BUILT, index="ι"),
        "the position 'c' : ι of a vector of EuclideanSpace ℝ κ",
    ),
    "channels of scalars": (
        "channels",
        put(*BUILT, body={"var": {"name": "ε"}}),
        "'ε' is a scalar, where a vector is expected",
    ),
    "channels of channels": (
        "channels",
        put(*BUILT, body={"var": {"name": "y"}}),
        "a vector of PiLp 2 fun _ : κ ↦ PiLp 2 fun _ : κ ↦ EuclideanSpace ℝ ι, where one of PiLp 2 fun _ : κ ↦ Eucl",
    ),
    "forall over losses": (
        "minimizer",
        put("forall", variable={"name": "v", "kind": {"loss": {"space": {"abstract": {"name": "W"}}}}}),
        "'v' is a loss, and 'forall' is over vectors, scalars or positions",
    ),
}


def _entry(node: Any) -> Any:
    """The last argument of `forward` in the conclusion about channels."""
    for step in FORWARD:
        node = node[step]
    return node[-1]


@pytest.mark.parametrize(("name", "change", "message"), REFUSALS.values(), ids=REFUSALS)
def test_what_does_not_fit_together_is_refused(name: str, change: Any, message: str, export: Export) -> None:
    """By one line that says where and what."""
    node = copy.deepcopy(encoding.proposition(STATEMENTS[name].conclusion))
    change(node)
    with pytest.raises(ExportInvalid) as refused:
        decoder(export).proposition(node, scope(STATEMENTS[name], "κ"), At("conclusion"))
    assert message in str(refused.value)
    assert str(refused.value).startswith("conclusion")


HYPOTHESES = {
    "eventually over scalars": (
        "Hessian",
        put("eventually", variable={"name": "t", "kind": "scalar"}),
        "eventually.variable: 't' is a scalar, where a vector is expected",
    ),
    "near a point of another space": (
        "Hessian",
        put("eventually", point={"zero": {"space": {"euclidean": {"index": "κ"}}}}),
        "eventually.point: a vector of EuclideanSpace ℝ κ",
    ),
    "element of another space": (
        "distance",
        put("forall", "body", "imp", "right", "mem", vector={"zero": {"space": {"euclidean": {"index": "ι"}}}}),
        "mem.vector: a vector of EuclideanSpace ℝ ι, where one of E is expected",
    ),
    "element of a vector": ("distance", put("forall", "body", "imp", "right", "mem", set="w"), "where a set is expected"),
    "implication from a term": ("distance", put("forall", "body", "imp", left=VAR), "no proposition is made by 'var'"),
}


@pytest.mark.parametrize(("name", "change", "message"), HYPOTHESES.values(), ids=HYPOTHESES)
def test_hypotheses_that_do_not_fit_are_refused(name: str, change: Any, message: str, export: Export) -> None:
    """The same of the first hypothesis."""
    node = copy.deepcopy(encoding.proposition(STATEMENTS[name].hypotheses[0].proposition))
    change(node)
    with pytest.raises(ExportInvalid) as refused:
        decoder(export).proposition(node, scope(STATEMENTS[name], "κ"), At("h"))
    assert message in str(refused.value)


@pytest.mark.parametrize(
    "space",
    [
        {"channels": {"family": "κ"}},
        {"channels": {"family": "κ", "index": "E"}},
        {"channels": {"family": 1, "index": "ι"}},
        {"nested": {"family": "E", "inner": {"channels": {"family": "κ", "index": "ι"}}}},
        {"nested": {"family": "κ", "inner": {"euclidean": {"index": "ι"}}}},
        {"nested": {"family": "κ", "inner": {"abstract": {"name": "E"}}}},
        {"nested": {"family": "κ", "inner": {"channels": {"family": "κ", "index": "E"}}}},
    ],
    ids=str,
)
def test_spaces_with_channels_are_over_index_types(space: Any) -> None:
    """All are declared index types, and an abstract space is none; what is nested has channels."""
    with pytest.raises(ExportInvalid):
        decode_space(space, Scope(frozenset({"ι", "κ"}), frozenset({"E"}), {}), At("s"))


def test_names_of_spaces_and_other_names_for_their_indices() -> None:
    """As Lean writes them."""
    assert space_name(made.CHANNELS) == "PiLp 2 fun _ : κ ↦ EuclideanSpace ℝ ι"
    assert renamed(made.CHANNELS, {"κ": "a", "ι": "b"}) == ir.ChannelSpace("a", ir.Euclidean("b"))
    assert renamed(made.E, {}) == made.E


NOT_RUN = {
    "a gradient": lambda definition: definition.update(
        body={
            "vector": {
                "term": {
                    "gradient": {
                        "variable": {"name": "z", "kind": VECTOR},
                        "body": {"norm": {"arg": {"var": {"name": "z"}}}},
                        "point": Y,
                    }
                }
            }
        }
    ),
}


@pytest.mark.parametrize("change", NOT_RUN.values(), ids=NOT_RUN)
def test_definitions_that_no_kernel_computes_are_refused(change: Any, tmp_path: Path) -> None:
    """Derivatives are for theorems; the message names the definition."""
    content = document()
    content["definitions"] = content["definitions"][:1]
    content["theorems"] = []
    definition = content["definitions"][0]
    change(definition)
    with pytest.raises(ExportInvalid, match=r"definitions\[0\] Test.total: a definition with a derivative, a distance or an"):
        load(write(tmp_path / "export.json", content))
