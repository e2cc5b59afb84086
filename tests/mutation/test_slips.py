"""Slips: each is said once, in words that the mutants and the guesses at a kernel share, and has a label that stays."""

from __future__ import annotations

import pytest

from pybridge import ir
from pybridge.export.loading import Export
from pybridge.ir.occurrences import places
from pybridge.ir.rewrite import reachable
from pybridge.kernels.guesses import guesses, rarer_guesses
from pybridge.mutation.mutants import of_definition
from pybridge.mutation.slips import Slip, slips, weaker
from pybridge.notation.render import text

A, B, C = ir.Var("a"), ir.Var("b"), ir.Var("c")
SCOPE: dict[str, ir.Kind] = {name: ir.ScalarKind() for name in "abc"}

# A term, the label of a slip, what is said of it and what the term becomes.
SAID = {
    "a summand": (ir.Add(A, B), "without-right", "`+ b` is missing", A),
    "the first summand": (ir.Add(A, B), "without-left", "`a +` is missing", B),
    "a minuend": (ir.Sub(A, B), "without-left", "`a` is missing before `- b`", ir.Neg(B)),
    "a sign": (ir.Sub(A, B), "to-plus", "the sign of `b` is +", ir.Add(A, B)),
    "both statistics": (
        ir.Sub(ir.Sub(A, B), C),
        "without-both",
        "`- b` and `- c` are missing: are the statistics taken for constants?",
        A,
    ),
    "a dividend": (ir.Div(A, B), "without-dividend", "the factor `a` is missing", ir.Div(ir.Nat(1), B)),
    "a divisor": (ir.Div(A, B), "without-divisor", "the division by `b` is missing", A),
    "an operator's norm": (
        (NORM := ir.OpNorm(ir.Variable("x", ir.VectorKind(ir.Euclidean("ι"))), ir.Smul(A, ir.VVar("x")))),
        "squared",
        "the norm `‖(x ↦ a • x)‖` is squared",
        ir.Pow(NORM, 2),
    ),
    "a root": (ir.Sqrt(A), "without", "the root of `a` is missing", A),
    "a square": (ir.Pow(A, 2), "one-less", "the power 2 of `a` is missing", A),
    "a cube": (ir.Pow(A, 3), "without", "the power 3 of `a` is missing", A),
    "a cube for a square": (ir.Pow(A, 3), "one-less", "the power 3 of `a` is 2", ir.Pow(A, 2)),
    "a variable twice": (A, "twice", "`a` is multiplied in twice", ir.Mul(A, A)),
    "a variable for 0": (A, "to-0", "`a` is taken for 0", ir.Nat(0)),
    "a variable for another": (A, "to-b", "`b` stands in place of `a`", B),
    "the unbiased size": (ir.Card("ι"), "one-less", "the size m of the batch is m - 1", ir.Sub(ir.Card("ι"), ir.Nat(1))),
    "a coefficient": (ir.Nat(2), "one-more", "the number 2 is 3", ir.Nat(3)),
    "a comparison": (ir.Le(A, B), "reversed", "the sides of `≤` are exchanged", ir.Le(B, A)),
}


def of(node: ir.Term | ir.Proposition) -> dict[str, Slip[ir.Term | ir.Proposition]]:
    """The slips at the root of a node, by their labels, of which no two are the same."""
    found = list(slips(next(places(node, SCOPE)), {}))
    assert len({slip.label for slip in found}) == len(found)
    return {slip.label: slip for slip in found}


@pytest.mark.parametrize(("node", "label", "sentence", "other"), SAID.values(), ids=SAID)
def test_what_is_said_of_a_slip(
    node: ir.Term | ir.Proposition, label: str, sentence: str, other: ir.Term | ir.Proposition
) -> None:
    """In words, and for a mutant with what became of what."""
    slip = of(node)[label]
    assert (slip.sentence, slip.node) == (sentence, other)
    assert slip.change(node) == f"{sentence}: {text(node)} becomes {text(other)}"


@pytest.mark.parametrize(
    ("node", "label"),
    [
        (ir.Div(ir.Nat(2), A), "without-dividend"),  # 1 for 2 is a slip at the 2
        (ir.Pow(A, 2), "without"),  # one less, under that label
        (ir.Pow(A, 1), "without"),  # the same term
        (ir.Pow(A, 0), "one-less"),
        (ir.Nat(0), "one-less"),
        (ir.Sub(A, B), "without-both"),
    ],
)
def test_slips_that_are_none(node: ir.Term, label: str) -> None:
    """What would be the same term, or another slip under a second name."""
    assert label not in of(node)


def test_an_argument_taken_for_0_is_said_of_the_call(export: Export) -> None:
    """And is likely there, where a forgotten ε is; its label is that of the variable, on record in the ids."""
    body = export.definition("normalize").body
    (place,) = (p for p in places(body, {"ε": ir.ScalarKind()}) if p.node == ir.Var("ε"))
    (slip,) = (slip for slip in slips(place, export.definitions) if slip.label == "to-0")
    assert (slip.sentence, slip.likely) == ("`scale(ε, y)` is taken at ε = 0", True)
    assert not of(A)["to-0"].likely


def test_hypotheses_are_weakened_in_words() -> None:
    """As the other slips are said."""
    assert [slip.change(ir.Lt(A, B)) for slip in weaker(ir.Lt(A, B))] == [
        "`<` is weakened to ≤: a < b becomes a ≤ b",
        "`<` is weakened to ≠: a < b becomes a ≠ b",
    ]


@pytest.mark.parametrize("name", ["BatchNorm.backward", "LayerNorm.backward", "RMSNorm.forward"])
def test_guesses_at_a_kernel_are_the_mutants_of_what_it_computes(name: str, export: Export) -> None:
    """All of them, each once, the likely ones first, and in the same words; besides, m - 1 in all places at once."""
    definition = export.definition(name)
    concerned = reachable(definition, export.definitions)
    mutants = [mutant for one in concerned for mutant in of_definition(one, export.definitions)]
    expected = [mutant for likely in (True, False) for mutant in mutants if mutant.slip.likely is likely]
    first = list(guesses(definition, export.definitions))
    everywhere = [guess for guess in first if guess.description.endswith("the size m of the batch is m - 1 in all places")]
    assert len(everywhere) == (name != "RMSNorm.forward")
    found = [guess for guess in (*first, *rarer_guesses(definition, export.definitions)) if guess not in everywhere]
    assert 0 < len(first) - len(everywhere) < len(found)
    assert [guess.apply({})[guess.changed] for guess in found] == [mutant.definition for mutant in expected]
    for guess, mutant in zip(found, expected, strict=True):
        said = mutant.slip.sentence if mutant.slip.likely else mutant.change
        assert mutant.change.startswith(f"{mutant.slip.sentence}: ")
        assert guess.description == f"in {mutant.definition.name}, {said}"


def test_no_guess_leaves_the_definitions_as_they_are(export: Export) -> None:
    """A change that changes nothing would explain whatever is off by rounding."""
    definition = export.definition("backward")
    for guess in (*guesses(definition, export.definitions), *rarer_guesses(definition, export.definitions)):
        assert guess.apply({}) != export.definitions
