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


@dataclass(frozen=True, slots=True)
class Axioms:
    """The axioms a proof rests on.

    Where ``complete`` is False, the exporting Lean saw the proofs of the project only: ``names`` are the axioms that these
    use themselves, and what the constants of other libraries rest on is not among them.
    """

    names: tuple[str, ...]
    complete: bool


@dataclass(frozen=True, slots=True, repr=False)
class Proof:
    """A declaration of the Lean library that exported ones rest on, and the constants in its type and its value.

    ``kind`` is ``theorem``, ``definition``, ``opaque`` or ``inductive``, or ``private`` where the exporting Lean had not loaded
    it, since it is private to its file; ``uses`` are declarations of the library,
    ``outside`` constants of others.
    """

    name: str
    kind: str
    file: str
    uses: tuple[str, ...]
    outside: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<Proof of {self.kind} {self.name}, uses {len(self.uses)} of the library, {len(self.outside)} others>"


@dataclass(frozen=True, slots=True, repr=False)
class Theorem(Shown):
    """A proved statement, and the axioms its proof rests on."""

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
    axioms: Axioms
    nontrivial: tuple[str, ...] = ()
    """Those of ``spaces`` that are not the zero space."""

    def __repr__(self) -> str:
        return f"<Theorem {self.name}, equation ({self.equation}), {self.file}:{self.line}>"
