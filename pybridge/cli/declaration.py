"""One declaration for people: what ``show`` prints."""

from __future__ import annotations

from pybridge.cli.graph import resting
from pybridge.export.foundations import boundary
from pybridge.export.loading import Export, Fresh
from pybridge.export.versions import written_by
from pybridge.ir import Definition, Theorem
from pybridge.notation.legend import legend
from pybridge.notation.render import paper, text


def card(declaration: Theorem | Definition, document: Export) -> list[str]:
    """Return the lines: name and equation, docstring, Lean statement, formula, hypotheses, place, versions, axioms, the step.

    The LaTeX has the signs of the paper, and a line says what they stand for.  Of each hypothesis they say whether the theorem
    needs it, which is found out here and now.
    """
    elsewhere = "" if isinstance(document.freshness, Fresh) else ", in the Lean sources, which are not beside this export"
    place = f"{declaration.file}:{declaration.line}{elsewhere}"
    lean = f"{written_by(document)}, mathlib {document.mathlib.input_revision or document.mathlib.revision}"
    if isinstance(declaration, Definition):
        head, tail = [f"{declaration.name}  definition"], [f"where: {place}", f"defined in: {lean}"]
    else:
        axioms = _axioms(declaration, document)
        comment = f"  {declaration.comment}" if declaration.comment else ""
        head = [f"{declaration.name}  equation ({declaration.equation}){comment}"]
        tail = [*_hypotheses(declaration, document), f"where: {place}", f"proved by: {lean}", f"axioms: {axioms}"]
        tail += resting(declaration, document)
    formula = paper(declaration)
    signs = legend(formula)
    return [
        *head,
        "",
        declaration.docstring.strip(),
        "",
        "Lean:",
        *(f"  {line}" for line in declaration.statement.splitlines()),
        "",
        "as text:",
        f"  {text(declaration)}",
        "",
        "LaTeX:",
        f"  {formula}",
        *([f"  signs: {signs}"] if signs else []),
        "",
        *tail,
    ]


def _axioms(theorem: Theorem, document: Export) -> str:
    names = ", ".join(theorem.axioms.names) or "none"
    if theorem.axioms.complete:
        return names
    outside = len(boundary([theorem.name], document.proofs))
    return f"{names} in the project's own proofs; those of {outside} constants of mathlib and Lean were not seen"


def operations(declaration: Theorem | Definition, document: Export) -> list[str]:
    """Return the lines of the program that computes a definition, or the terms of a theorem's conclusion."""
    from pybridge.semantics.listing import listing, program_of  # which imports the algebras

    return [declaration.name, *listing(program_of(declaration, document.definitions))]


def code(name: str, target: str, document: Export) -> list[str]:
    """Return the lines of the code of a definition, for float32 arrays; what compiles it need not be there."""
    from pybridge.kernels.generated import source_of  # which imports NumPy

    return source_of(document.definition(name), target, document).splitlines()


def _hypotheses(theorem: Theorem, document: Export) -> list[str]:
    """Return one line for each hypothesis: what it says, and whether the theorem is false without it."""
    if not theorem.hypotheses:
        return ["hypotheses: none", ""]
    from pybridge.mutation.needed import need, remark  # which tries batches: NumPy, FLINT and all that comes with them

    lines = [f"  {h.name} : {h.statement}   {remark(need(theorem, h, document))}" for h in theorem.hypotheses]
    return ["hypotheses:", *lines, ""]
