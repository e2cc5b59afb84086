"""Whole layers: arrays of several axes, parameters that rows share, hypotheses about all rows."""

from __future__ import annotations

import dataclasses

import layer_statements as layers
import pytest
from flint import fmpq
from statements import refutation, statement

from pybridge import ir
from pybridge.algebras.base import Truth
from pybridge.algebras.exact import ExactAlgebra
from pybridge.batches.generate import slots
from pybridge.batches.plan import Plan
from pybridge.checking.check import check
from pybridge.checking.verdict import Agrees
from pybridge.export.loading import Export
from pybridge.mutation.mutants import mutants
from pybridge.mutation.needed import Needed, need
from pybridge.mutation.slips.propositions import weaker
from pybridge.notation.render import text
from pybridge.proving.prove import NotDecided, Proved, prove
from pybridge.semantics.environment import bind, dimension_of
from pybridge.semantics.evaluate import evaluate, truth

EXACT = ExactAlgebra()
V_ = ir.VVar("v")
NORM = ir.Norm(V_)
FAMILIES = ("random", "outlier")
CUBE, NUMBERS = layers.kind("a", "b", "c"), tuple(map(fmpq, range(24)))
SIZES = {"a": 2, "b": 3, "c": 4}


def value(term: ir.Term, **positions: int) -> object:
    """The value of a term about an array x with three axes of 2, 3 and 4 positions: the numbers from 0 on."""
    variables = (ir.Variable("x", CUBE), *(ir.Variable(name, ir.PositionKind(name)) for name in positions))
    return evaluate(term, EXACT, bind(variables, SIZES, {"x": NUMBERS, **positions}, EXACT), {})


@pytest.mark.parametrize("name", layers.THEOREMS)
def test_gradients_of_layers_agree(name: str, export: Export) -> None:
    """On batches of each shape; none is left out because no hypothesis held."""
    report = check(layers.THEOREMS[name], layers.added_to(export), families=FAMILIES, largest=2, shrink=False)
    assert isinstance(report.verdict, Agrees)


def test_parts_of_arrays() -> None:
    """An entry, a row and a slab, at fixed positions and at each; transposed; and summed over an axis in between."""
    x, axes = layers.X, ("a", "b", "c")
    assert value(layers.entry(x, axes, "a", "b", "c"), a=1, b=2, c=3) == 23
    assert value(layers.at(x, axes, "a", "b"), a=1, b=0) == tuple(range(12, 16))
    assert value(layers.at(x, axes, "a"), a=1) == tuple(range(12, 24))
    assert value(layers.array(layers.entry(x, axes, "k", "l", "m"), k="a", l="b", m="c")) == NUMBERS
    turned = layers.stacked(layers.at(x, axes, "k", "l"), l="b", k="a")
    assert value(turned) == tuple(12 * k + 4 * m + n for m in range(3) for k in range(2) for n in range(4))
    summed = layers.array(layers.total(layers.entry(x, axes, "k", "l", "m"), l="b"), k="a", m="c")
    assert value(summed) == tuple(sum(12 * k + 4 * m + n for m in range(3)) for k in range(2) for n in range(4))
    assert dimension_of(CUBE.space, SIZES) == 24


def test_hypotheses_about_all_rows_are_decided(export: Export) -> None:
    """One row with variance 0 is enough, at ε = 0; nothing is left open."""
    theorem = layers.THEOREMS["Test.LayerNorm.x"]
    positive = theorem.hypotheses[1].proposition
    variables = [variable for variable in theorem.variables if variable.name in ("ε", "x")]
    for rows, expected in (((1, 2, 3, 5), Truth.HOLDS), ((1, 2, 3, 3), Truth.FAILS)):
        environment = bind(variables, {"ρ": 2, "φ": 2}, {"ε": 0, "x": rows}, EXACT)
        assert truth(positive, EXACT, environment, layers.added_to(export).definitions) is expected
    empty = bind(variables, {"ρ": 0, "φ": 2}, {"ε": 0, "x": ()}, EXACT)
    assert truth(positive, EXACT, empty, layers.added_to(export).definitions) is Truth.HOLDS
    assert text(positive) == "∀ r, 0 < variance(x[r]) + ε"


@pytest.mark.parametrize(("last", "expected"), [(1, Truth.HOLDS), (2, Truth.FAILS)])
def test_every_member_of_a_family_is_looked_at(last: int, expected: Truth) -> None:
    """Nothing is taken over from one position to the next: not a member, not a part of an array."""
    member, part = ir.Member("b", "k"), ir.Channel(V_, "k", layers.space("ι"))
    kinds = {"b": ir.FamilyKind("κ", layers.space("ι")), "v": layers.kind("κ", "ι")}
    variables = [ir.Variable(name, kind) for name, kind in kinds.items()]
    values = {"b": ((0, 1), (0, 0), (last, 0)), "v": (0, 1, 0, 0, last, 0)}
    environment = bind(variables, {"κ": 3, "ι": 2}, values, EXACT)
    for vector in (member, part):
        short = ir.ForAll(ir.Variable("k", ir.PositionKind("κ")), ir.Le(ir.Inner(vector, vector), ir.Nat(1)))
        assert truth(short, EXACT, environment, {}) is expected


def wrong(name: str, old: ir.Term, new: ir.Term) -> ir.Theorem:
    """A theorem with another gradient."""
    theorem = layers.THEOREMS[name]
    conclusion = theorem.conclusion
    assert isinstance(conclusion, ir.HasGradientAt)
    assert conclusion.gradient == old
    return dataclasses.replace(theorem, conclusion=dataclasses.replace(conclusion, gradient=new))


@pytest.mark.parametrize("name", ["LayerNorm", "InstanceNorm", "BatchNorm", "GroupNorm"])
def test_a_wrong_gradient_of_a_layer_is_refuted(name: str, export: Export) -> None:
    """With the batch in place of the gradient; the witness is small, and its numbers fit its sizes."""
    theorem = layers.THEOREMS[f"Test.{name}.x"]
    conclusion = theorem.conclusion
    assert isinstance(conclusion, ir.HasGradientAt)
    call = conclusion.gradient
    assert isinstance(call, ir.VCall)
    changed = dataclasses.replace(call, args=(*call.args[:-1], layers.X))
    known = layers.added_to(export)
    witness = refutation(check(wrong(f"Test.{name}.x", call, changed), known, families=("random",), largest=3), known)
    kinds = {variable.name: variable.kind for variable in theorem.variables}
    space = kinds["x"].space
    assert len(witness.batch.values["x"]) == dimension_of(space, witness.batch.sizes) <= 8


def test_few_rows_of_different_numbers(export: Export) -> None:
    """Where axes have equal lengths, sums over the wrong one may go unseen: the batches differ in how many rows there are."""
    plan = Plan(layers.THEOREMS["Test.GroupNorm.x"], layers.added_to(export).definitions)
    shapes = {tuple(next(candidates).sizes.values()) for candidates in slots(plan, ("random",), largest=64)}
    assert all(max(shape[:3]) <= 3 for shape in shapes)
    assert sum(len(set(shape[:3])) == 3 for shape in shapes if shape[3] >= 3) >= 4


def test_a_hypothesis_about_all_rows_is_needed(export: Export) -> None:
    """Found where the variance of a row is just -ε, which no draw would hit; and it is weakened row by row."""
    theorem, known = layers.THEOREMS["Test.LayerNorm.x"], layers.added_to(export)
    positive = theorem.hypotheses[1]
    assert isinstance(need(theorem, positive, known), Needed)
    assert [(slip.label, text(slip.node)) for slip in weaker(positive.proposition)] == [
        ("or-equal", "∀ r, 0 ≤ variance(x[r]) + ε"),
        ("unequal", "∀ r, 0 ≠ variance(x[r]) + ε"),
    ]
    every = ir.ForAll(ir.Variable("v", layers.kind("φ")), ir.Lt(ir.Nat(0), ir.Norm(ir.VVar("v"))))
    assert list(weaker(every)) == []


def test_what_stands_in_place_of_an_argument_is_of_its_space(export: Export) -> None:
    """X and g are taken for one another, and the gradient for either, but γ for none; nor is another layer's sum called."""
    definitions = layers.added_to(export).definitions
    changed = {mutant.id for mutant in mutants(layers.THEOREMS["Test.LayerNorm.x"], definitions)}
    at = "Test.LayerNorm.x:conclusion.gradient:"
    found = {name.removeprefix(at) for name in changed if name.startswith(at)}
    assert {"swapped-2-3", "to-argument-x", "to-argument-g"} <= found
    assert not found & {"swapped-0-2", "swapped-0-3", "to-argument-γ"}
    for owner, name, other in (("InstanceNorm", "γ", "to-backwardGamma"), ("LayerNorm", "γ", "to-backward")):
        mutated = {mutant.id for mutant in mutants(layers.THEOREMS[f"Test.{owner}.{name}"], definitions)}
        assert (f"Test.{owner}.{name}:conclusion.gradient:{other}" in mutated) == (owner == "InstanceNorm")


@pytest.mark.parametrize(("zero", "found"), [("i", Proved), ("v", NotDecided)])
def test_a_hypothesis_about_all_positions_is_used_in_proofs(zero: str, found: type, export: Export) -> None:
    """Σ v = 0 where every entry is 0; a hypothesis about all vectors is none that symbols can have."""
    vector, index = layers.kind("ι"), ir.PositionKind("ι")
    entry = ir.Component(V_, "i")
    kind = index if zero == "i" else vector
    theorem = statement(
        ir.Variable("v", vector),
        hypotheses=(
            ir.Hypothesis("h", "", ir.ForAll(ir.Variable(zero, kind), ir.Eq(entry if zero == "i" else NORM, ir.Nat(0)))),
        ),
        conclusion=ir.Eq(ir.Sum("i", "ι", entry), ir.Nat(0)),
    )
    assert isinstance(prove(theorem, export, 3), found)
