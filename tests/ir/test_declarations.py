"""Declarations as a person at a prompt sees them: one line each."""

from __future__ import annotations


def test_representations(export):
    """The name, what it is of, and its place in the Lean sources; of all, no more than a line."""
    theorem, definition = export.theorem("norm_sq_backward"), export.definition("mean")
    assert repr(theorem) == f"<Theorem BatchNorm.norm_sq_backward, equation (7ε), {theorem.file}:{theorem.line}>"
    assert repr(definition) == f"<Definition BatchNorm.mean, {definition.file}:{definition.line}>"
    assert repr(theorem.hypotheses) == "(<Hypothesis h : 0 < BatchNorm.variance y + ε>,)"
    declarations = [*export.theorems.values(), *export.definitions.values()]
    hypotheses = [hypothesis for theorem in export.theorems.values() for hypothesis in theorem.hypotheses]
    assert len(declarations) > 90
    assert all("\n" not in repr(one) for one in (*declarations, *hypotheses))
    assert max(map(len, map(repr, declarations))) < 160
