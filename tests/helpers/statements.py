"""Theorems made by hand, for tests that need one about chosen variables."""

from __future__ import annotations

from pybridge import ir

NOTHING: ir.Proposition = ir.Eq(ir.Nat(0), ir.Nat(0))


def statement(
    *variables: ir.Variable,
    hypotheses: tuple[ir.Hypothesis, ...] = (),
    conclusion: ir.Proposition = NOTHING,
    nonempty: bool = True,
    spaces: tuple[str, ...] = (),
) -> ir.Theorem:
    """A theorem about these variables; its conclusion says nothing unless one is given."""
    return ir.Theorem(
        name="Test.theorem",
        equation="0",
        comment="",
        docstring="",
        file="lean/Test.lean",
        line=1,
        statement="s",
        indices=(ir.Index("ι", nonempty),),
        spaces=spaces,
        variables=variables,
        hypotheses=hypotheses,
        conclusion=conclusion,
        axioms=None,
    )
