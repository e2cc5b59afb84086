"""Declarations: definitions and theorems of the Lean library."""

from __future__ import annotations

from dataclasses import dataclass

from pybridge.ir.kinds import Variable
from pybridge.ir.propositions import Proposition
from pybridge.ir.shown import Shown
from pybridge.ir.terms import Term


@dataclass(frozen=True, slots=True)
class Index:
    """A finite index type, and whether the declaration assumes it nonempty."""

    name: str
    nonempty: bool


@dataclass(frozen=True, slots=True, repr=False)
class Definition(Shown):
    """A definition of the Lean library, with its body as a term; ``file`` and lines locate it there."""

    name: str
    docstring: str
    file: str
    line: int
    statement: str
    indices: tuple[Index, ...]
    parameters: tuple[Variable, ...]
    body: Term

    def __repr__(self) -> str:
        return f"<Definition {self.name}, {self.file}:{self.line}>"


@dataclass(frozen=True, slots=True, repr=False)
class Hypothesis:
    """A hypothesis by its Lean name, as Lean prints it and as a proposition."""

    name: str
    statement: str
    proposition: Proposition

    def __repr__(self) -> str:
        return f"<Hypothesis {self.name} : {' '.join(self.statement.split())}>"


@dataclass(frozen=True, slots=True, repr=False)
class Theorem(Shown):
    """A proved statement; ``axioms`` is None, never empty, where the exporting Lean could not see them."""

    name: str
    equation: str
    comment: str
    docstring: str
    file: str
    line: int
    statement: str
    indices: tuple[Index, ...]
    spaces: tuple[str, ...]
    variables: tuple[Variable, ...]
    hypotheses: tuple[Hypothesis, ...]
    conclusion: Proposition
    axioms: tuple[str, ...] | None
    nontrivial: tuple[str, ...] = ()
    """Those of ``spaces`` that are not the zero space."""

    def __repr__(self) -> str:
        return f"<Theorem {self.name}, equation ({self.equation}), {self.file}:{self.line}>"
