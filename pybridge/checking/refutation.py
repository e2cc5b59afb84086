"""What a person sees when a statement is refuted: the statement, its hypotheses, both sides, the batch, what to do."""

from __future__ import annotations

from pybridge.checking.verdict import TheoremReport, Witness
from pybridge.checking.witness import paste
from pybridge.export.loading import Export

_PARTING = {
    "=": "disjoint: a proof that this statement is false for this batch",
    "≠": "equal: a proof that this statement is false for this batch",
    "<": "not smaller: a proof that this statement is false for this batch",
    "≤": "larger: a proof that this statement is false for this batch",
}


def explain(report: TheoremReport, witness: Witness, command: str, export: Export) -> list[str]:
    """Return the lines that explain a refutation.

    Parameters
    ----------
    report
        The report of the refuted theorem.
    witness
        Its witness.
    command
        What to type to see it again.
    export
        Where the theorem is from: its term is held to its Lean text.
    """
    from pybridge.audit.one_theorem import term_against_text  # the readers of Lean, which no other verdict needs

    theorem = report.theorem
    place = f", {witness.where}" if witness.where else ""
    return [
        f"REFUTED {theorem.name}  equation ({theorem.equation})  {theorem.file}:{theorem.line}",
        *(f"  {line}" for line in theorem.statement.splitlines()),
        "hypotheses on this batch:" if witness.hypotheses else "hypotheses: none",
        *(f"  {h.name} : {h.statement}   certainly holds ({h.decided_by}): {h.value}" for h in witness.hypotheses),
        f"the two sides of `{witness.relation}`{place}, at {witness.precision} bits:",
        f"  left   {witness.left}",
        f"  right  {witness.right}",
        f"  {_PARTING.get(witness.relation, 'a proof that this statement is false for this batch')}",
        f"smallest witness found ({sizes(witness)}; exact):",
        *(f"  {line}" for line in paste(witness.batch).splitlines()),
        *(f"  {name} is {what}" for name, what in witness.determined.items()),
        f"  first refuted on {witness.found_on}; {witness.steps} steps of shrinking from {witness.batch.name}",
        f"  {witness.batch.origin}",
        *term_against_text(theorem, export),
        "Lean proved this theorem: at fault is the bridge (the export, its translation or an algebra), not the theorem",
        f"repeat: {command}",
    ]


def sizes(witness: Witness) -> str:
    """Return the sizes of the witness's index types and spaces, as ``ι: 2, E: 3``."""
    return ", ".join(f"{name}: {size}" for name, size in witness.batch.sizes.items()) or "no sizes"
