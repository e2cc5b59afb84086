"""Terms as trees: precedence, application, binders, bars; what is in no table is refused."""

from __future__ import annotations

import pytest

from pybridge.surface.statements import printed, printed_term
from pybridge.surface.terms import difference, show
from pybridge.surface.tokens import SurfaceError, tokens

NAMES = ("a", "b", "c", "f", "u", "v", "x", "y")


def shown(text: str) -> str:
    """The tree of a term, with all its parentheses."""
    return show(printed_term(text, NAMES))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a + b * c", "(a + (b * c))"),
        ("a - b - c", "((a - b) - c)"),
        ("a ^ b ^ c", "(a ^ (b ^ c))"),
        ("a • b • c", "(a • (b • c))"),
        ("-a * b", "((- a) * b)"),
        ("-a ^ b", "(- (a ^ b))"),
        ("a / b * c", "((a / b) * c)"),
        ("f a b", "(f a b)"),
        ("(f a) b", "(f a b)"),
        ("f (a b)", "(f (a b))"),
        ("f a⁻¹ b", "(f (⁻¹ a) b)"),
        ("√(a + b) ^ 2", "((√ (a + b)) ^ 2)"),
        ("‖a‖ ^ 2 - ‖b‖ ^ 2", "(((‖‖ a) ^ 2) - ((‖‖ b) ^ 2))"),
        ("‖‖a‖⁻¹ • b‖", "(‖‖ ((⁻¹ (‖‖ a)) • b))"),
        ("|a| / b", "((|| a) / b)"),
        ("⟪u, v⟫ * a", "((⟪⟫ u v) * a)"),
        ("∑ i, f i * a - b", "((∑ #, ((f #0) * a)) - b)"),
        ("∑ i ∈ u, f i", "(∑ # over u, (f #0))"),
        ("fun x => f x y", "(fun #, (f #0 y))"),
        ("∀ x y : ℝ, x < y → a", "(∀ #, (∀ #, ((#0 < #1) → a)))"),
        ("a = b ∧ b ≠ c ↔ a < c", "(((a = b) ∧ (b ≠ c)) ↔ (a < c))"),
        ("{x | f x ≤ a}", "({|} #, ((f #0) ≤ a))"),
        ("{u, v}", "({} u v)"),
        ("(a, b, c)", "(a (,) (b (,) c))"),
        ("x.1.2", "(.2 (.1 x))"),
        ("y.ofLp a", "(y a)"),
        ("↑(f a)", "(f a)"),
        ("(a : ℝ) * b", "(a * b)"),
        ("E →L[ℝ] E → ℝ", "(→L[ ℝ E (E → ℝ))"),
        ("(ℝ ∙ u)ᗮ.proj v", "((.proj (ᗮ (ℝ ∙ u))) v)"),
    ],
)
def test_trees(text: str, tree: str) -> None:
    """Parentheses as Lean would put them."""
    assert shown(text) == tree


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a + b * c", "(a + b) * c"),
        ("a - (b - c)", "a - b - c"),
        ("f (a b)", "f a b"),
        ("∑ i, f i * a", "(∑ i, f i) * a"),
        ("fun x => f x y", "fun x => f y x"),
        ("∀ x, ∃ y, x < y", "∃ y, ∀ x, x < y"),
        ("‖a‖ ^ 2", "‖a ^ 2‖"),
        ("‖a - b‖", "‖a‖ - b"),
        ("-(a ^ 2)", "(-a) ^ 2"),
        ("a = b", "b = a"),
        ("x.1", "x.2"),
        ("∑ i ∈ u, f i", "∑ i, f i"),
    ],
)
def test_what_is_not_the_same(one: str, other: str) -> None:
    """Parentheses, order and binders count."""
    assert difference(printed_term(one, NAMES), printed_term(other, NAMES))
    assert not difference(printed_term(one, NAMES), printed_term(one, NAMES))


def test_bound_names_do_not_count() -> None:
    """But what they are bound by does."""
    assert not difference(printed_term("fun x => f x u", NAMES), printed_term("fun v => f v u", NAMES))
    assert difference(printed_term("fun x => f x u", NAMES), printed_term("fun u => f u u", NAMES))


@pytest.mark.parametrize(
    "text", ["a ⊕ b", "a +", "(a", "‖a", "{x : a}", "fun => a", "a b)", "", "∀ᶠ x, a", "⟪u, v", "a = b = c", "#a"]
)
def test_what_cannot_be_read(text: str) -> None:
    """It is refused with the text, and never equal to anything."""
    with pytest.raises(SurfaceError):
        printed_term(text, NAMES)


@pytest.mark.parametrize("text", ["", ": a", "name a", "name (a : b", "name.{u_1} (a b"])
def test_no_statement(text: str) -> None:
    """A statement has a name, binders and a colon."""
    with pytest.raises(SurfaceError):
        printed(text)


@pytest.mark.parametrize("text", ["/- a", "/- /- -/", '"a'])
def test_text_that_does_not_end(text: str) -> None:
    """Comments, which nest, and strings."""
    with pytest.raises(SurfaceError, match="does not end"):
        tokens(text)


def test_comments_are_left_out() -> None:
    """Line comments and nested block comments, but not docstrings."""
    found = tokens("a -- b\n/- c /- d -/ e -/ f /-- doc -/ /-! module -/")
    assert [token.text for token in found] == ["a", "f", "/-- doc -/", "/-! module -/"]
