"""Decoding: it inverts encoding, and refuses what does not fit together, by one line that says where."""

from __future__ import annotations

import encoding
import pytest
from documents import DOCUMENT, IOTA, REAL, E, K, pair, stretch, total, var, with_conclusion, write
from hypothesis import given
from hypothesis import strategies as st
from random_terms import DEFINITIONS, VARIABLES, scalars, vectors
from random_terms import REAL as SPACE

from pybridge import ir
from pybridge.errors import ExportInvalid
from pybridge.export.decode_propositions import MAX_EXPONENT, MAX_LITERAL, Decoder
from pybridge.export.loading import load
from pybridge.export.nodes import MAX_DEPTH, At
from pybridge.export.scope import Scope, decode_kind
from pybridge.ir.traverse import height, subterms

SCOPE = Scope(frozenset({IOTA, K}), frozenset({E}), {variable.name: variable.kind for variable in VARIABLES})
HINT = "; the export was not written by this pybridge's exporter: write it again where it comes from, or use the package's own"


def decoder() -> Decoder:
    """One that knows the definitions of the random terms."""
    made = Decoder()
    made.define(DEFINITIONS["Test.total"], None)
    made.define(DEFINITIONS["Test.stretch"], ir.Euclidean("α"))
    return made


@given(scalars(pointwise=True))
def test_decoding_inverts_encoding(term):
    """decode(encode(t)) == t for scalars."""
    assert decoder().scalar(encoding.term(term), SCOPE, At("t")) == term


@given(vectors(3, (), SPACE, division=True, roots=True, pointwise=True))
def test_decoding_inverts_encoding_of_vectors(term):
    """The same for vectors, with the space they lie in."""
    assert decoder().vector(encoding.term(term), SCOPE, At("t")) == (term, SPACE)
    assert decoder().argument(encoding.argument(term), SCOPE, At("t")) == (term, SPACE)


@given(scalars(1), scalars(1), vectors(1, (), SPACE, division=True, roots=True))
def test_decoding_inverts_encoding_of_propositions(one, other, vector):
    """The same for every proposition there is."""
    for relation in (ir.Eq, ir.Ne, ir.Lt, ir.Le):
        for joined in (ir.And, ir.Iff, ir.Imp):
            said = joined(
                relation(one, other),
                joined(ir.VectorEq(vector, vector), joined(ir.VectorNe(vector, vector), ir.Orthonormal("v"))),
            )
            assert decoder().proposition(encoding.proposition(said), SCOPE, At("t")) == said


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda variable: variable.name)
def test_decoding_inverts_encoding_of_kinds(variable):
    """The same for kinds."""
    assert decode_kind(encoding.kind(variable.kind), SCOPE, At("k")) == variable.kind


def test_equal_subterms_are_one_object():
    """What the evaluator recognises by identity."""
    twice = decoder().scalar(pair("add", total(var("y")), total(var("y"))), SCOPE, At("t"))
    assert isinstance(twice, ir.Add)
    assert twice.left is twice.right


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_any_json_is_decoded_or_refused(node):
    """Whatever stands where a term should is a term or an ExportInvalid."""
    for decode in (decoder().scalar, decoder().vector, decoder().proposition, decoder().argument):
        try:
            decode(node, SCOPE, At("t"))
        except ExportInvalid:
            continue


ZERO = {"nat": {"value": 0}}
ABSTRACT_ZERO = {"zero": {"space": {"abstract": {"name": E}}}}
REAL_ZERO = {"zero": {"space": REAL}}


def equal(scalar):
    """A conclusion about one scalar."""
    return pair("eq", scalar, ZERO)


def nested(levels):
    """0 with so many signs."""
    node = ZERO
    for _ in range(levels):
        node = {"neg": {"arg": node}}
    return node


def call(name, indices, *args):
    """A call by hand."""
    return {"call": {"name": name, "indices": indices, "args": list(args)}}


REFUSALS = {
    "proposition": ({"exists": {}}, "conclusion: no proposition is made by 'exists'"),
    "scalar": (equal({"exp": {"arg": ZERO}}), "conclusion.eq.left: no scalar is made by 'exp'"),
    "vector": (pair("vectorEq", {"cross": {}}, REAL_ZERO), "conclusion.vectorEq.left: no vector is made by 'cross'"),
    "space": (
        equal({"norm": {"arg": {"zero": {"space": "R"}}}}),
        "conclusion.eq.left.norm.arg.zero.space: no space is made by 'R'",
    ),
    "two keys": (
        equal({"nat": {"value": 1}, "var": {"name": "c"}}),
        "conclusion.eq.left: expected an object with one key, the constructor, got an object with the keys 'nat', 'var'",
    ),
    "no object": (equal([1]), "conclusion.eq.left: expected an object with one key, the constructor, got a list of 1"),
    "no fields": (equal({"nat": 1}), "conclusion.eq.left: expected the fields of 'nat' in an object, got 1"),
    "unknown field": (
        equal({"nat": {"value": 1, "extra": 2}}),
        "conclusion.eq.left: 'nat' has the fields 'value', got 'extra', 'value'",
    ),
    "missing field": (equal({"neg": {}}), "conclusion.eq.left: 'neg' has the fields 'arg', got none"),
    "negative": (equal({"nat": {"value": -1}}), f"conclusion.eq.left: expected a natural number up to {MAX_LITERAL}, got -1"),
    "boolean": (
        equal({"nat": {"value": True}}),
        f"conclusion.eq.left: expected a natural number up to {MAX_LITERAL}, got True",
    ),
    "exponent": (
        equal({"pow": {"base": var("c"), "exponent": 10**9}}),
        f"conclusion.eq.left.pow.exponent: expected a natural number up to {MAX_EXPONENT}, got 1000000000",
    ),
    "unknown variable": (equal(var("x")), "conclusion.eq.left: the unknown variable 'x'"),
    "no name": (equal({"var": {"name": 3}}), "conclusion.eq.left: expected a name, got 3"),
    "vector for scalar": (equal(var("y")), "conclusion.eq.left: 'y' is a vector, where a scalar is expected"),
    "scalar for vector": (
        equal({"norm": {"arg": var("c")}}),
        "conclusion.eq.left.norm.arg: 'c' is a scalar, where a vector is expected",
    ),
    "undeclared index": (equal({"card": {"index": "μ"}}), "conclusion.eq.left: the undeclared index type 'μ'"),
    "undeclared space": (
        equal({"norm": {"arg": {"zero": {"space": {"abstract": {"name": "F"}}}}}}),
        "conclusion.eq.left.norm.arg.zero.space: the undeclared space 'F'",
    ),
    "two spaces": (
        equal(pair("inner", REAL_ZERO, ABSTRACT_ZERO)),
        "conclusion.eq.left: 'inner' of a vector of EuclideanSpace ℝ ι and one of E",
    ),
    "position's index": (
        equal({"sum": {"variable": "k", "index": K, "body": {"component": {"vector": var("y"), "position": "k"}}}}),
        "conclusion.eq.left.sum.body: the position 'k' : κ of a vector of EuclideanSpace ℝ ι",
    ),
    "no position": (
        equal({"component": {"vector": var("y"), "position": "c"}}),
        "conclusion.eq.left.component.position: 'c' is a scalar, where a position is expected",
    ),
    "out of scope": (
        equal(
            pair(
                "add",
                {"sum": {"variable": "k", "index": IOTA, "body": ZERO}},
                {"component": {"vector": var("y"), "position": "k"}},
            )
        ),
        "conclusion.eq.left.add.right.component.position: the unknown variable 'k'",
    ),
    "family's index": (
        equal({"norm": {"arg": {"member": {"family": "v", "position": "j"}}}}),
        "conclusion.eq.left.norm.arg: the position 'j' : ι of a family over κ",
    ),
    "no family": (
        {"orthonormal": {"family": "y"}},
        "conclusion.orthonormal.family: 'y' is a vector, where a family is expected",
    ),
    "unknown constant": (
        equal(call("Real.exp", [])),
        "conclusion.eq.left: the unknown constant 'Real.exp' (a definition may call only those before it)",
    ),
    "arity": (equal(call("Test.total", [IOTA])), "conclusion.eq.left: Test.total takes 1 arguments, got 0"),
    "index arity": (equal(call("Test.total", [])), "conclusion.eq.left: Test.total takes 1 index types, got 0"),
    "no list": (
        equal({"call": {"name": "Test.total", "indices": IOTA, "args": []}}),
        "conclusion.eq.left.call.indices: expected a list, got 'ι'",
    ),
    "argument's sort": (
        equal(call("Test.total", [IOTA], {"scalar": {"term": ZERO}})),
        "conclusion.eq.left: Test.total: y is a vector of EuclideanSpace ℝ ι, got a scalar",
    ),
    "argument's space": (
        equal(call("Test.total", [K], {"vector": {"term": var("y")}})),
        "conclusion.eq.left: Test.total: y is a vector of EuclideanSpace ℝ κ, got a vector of EuclideanSpace ℝ ι",
    ),
    "argument": (
        equal(call("Test.total", [IOTA], ZERO)),
        "conclusion.eq.left.call[Test.total].y: expected a scalar or a vector, got 'nat'",
    ),
    "vector call": (
        equal(stretch(var("c"), var("y"))),
        "conclusion.eq.left: Test.stretch is a vector, where a scalar is expected",
    ),
    "scalar call": (
        pair("vectorEq", total(var("y")), REAL_ZERO),
        "conclusion.vectorEq.left: Test.total is a scalar, where a vector is expected",
    ),
}


def test_there_are_refusals():
    """An empty list of cases would pass unseen."""
    assert len(REFUSALS) > 30


@pytest.mark.parametrize(("conclusion", "message"), REFUSALS.values(), ids=REFUSALS)
def test_a_term_that_does_not_fit_is_refused(conclusion, message, tmp_path):
    """The theorem, the path within it, what is wrong, and what to do."""
    with pytest.raises(ExportInvalid) as refusal:
        load(write(tmp_path / "export.json", with_conclusion(conclusion)))
    where = "theorems[0] Test.total_stretch: "
    assert str(refusal.value) == f"{where}{message}{HINT}"
    assert refusal.value.exit_code == 4


def test_deep_nesting_is_refused(tmp_path):
    """One term, and terms that are deep once definitions are unfolded."""
    path = tmp_path / "export.json"
    load(write(path, with_conclusion(equal(nested(MAX_DEPTH - 2)))))
    with pytest.raises(ExportInvalid, match="a term nested deeper than 100 levels; the export was not"):
        load(write(path, with_conclusion(equal(nested(MAX_DEPTH)))))
    document = with_conclusion(equal(var("c")))
    first = document["definitions"][1]
    for k in range(3):
        body = nested(60)
        if k:
            innermost = body
            while innermost["neg"]["arg"] != ZERO:
                innermost = innermost["neg"]["arg"]
            innermost["neg"]["arg"] = call(f"Test.deep{k - 1}", [IOTA])
        deep = {**first, "name": f"Test.deep{k}", "parameters": [], "body": {"scalar": {"term": body}}}
        document["definitions"].append(deep)
    with pytest.raises(ExportInvalid) as refusal:
        load(write(path, document))
    assert str(refusal.value).startswith(
        "definitions[4] Test.deep2: body: a term nested deeper than 160 levels once its definitions are unfolded; "
    )


def test_the_height_counts_unfolded_definitions():
    """And subterms come in reading order."""
    term = ir.Add(ir.Nat(1), ir.Call("d", (), (ir.Var("a"),)))
    assert height(term, {"d": 5}) == 8
    assert [type(below).__name__ for below in subterms(term)] == ["Add", "Nat", "Call", "Var"]


def test_the_test_document_has_no_formula_of_the_paper():
    """It is about sums."""
    assert [definition["name"] for definition in DOCUMENT["definitions"]] == ["Test.total", "Test.stretch"]
