"""What the exported declarations rest on: the records of their proofs, and their axioms.

In: the document, with its fields checked.  Out: the proofs by name, closed under what they use; or an ``ExportInvalid``: a
declaration without a record, a name or a place that is not there, an axiom that is not allowed or that no proof uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pybridge import ir
from pybridge.errors import AGAIN, ExportInvalid
from pybridge.export.nodes import At
from pybridge.export.schema import Document

ALLOWED = ("Classical.choice", "Quot.sound", "propext")
"""The axioms a proof may rest on: those of Lean's logic."""


def foundations(document: Document) -> dict[str, ir.Proof]:
    """The proofs by name, in the order of the document."""
    found: dict[str, ir.Proof] = {}
    for n, model in enumerate(document.proofs):
        at = At(f"proofs[{n}] {model.name}")
        if model.name in found:
            at.refuse("a second record of this name")
        if far := [place for place in model.outside if place >= len(document.outside)]:
            at.refuse(f"outside: there is no constant {far[0]}, only {len(document.outside)} of them")
        names = tuple(document.outside[place] for place in model.outside)
        found[model.name] = ir.Proof(model.name, model.kind, model.file, tuple(model.uses), names)
    for proof in found.values():
        if unknown := [name for name in proof.uses if name not in found]:
            raise ExportInvalid(f"proofs: {proof.name} uses {unknown[0]}, of which there is no record", hint=AGAIN)
    for declaration in (*document.definitions, *document.theorems):
        if declaration.name not in found:
            raise ExportInvalid(f"proofs: no record of {declaration.name}", hint=AGAIN)
        if (proof := found[declaration.name]).file != declaration.file:
            raise ExportInvalid(
                f"proofs: {proof.name} is in {proof.file}, and was exported from {declaration.file}", hint=AGAIN
            )
    for theorem in document.theorems:
        _check_axioms(ir.Axioms(tuple(theorem.axioms.names), theorem.axioms.complete), theorem.name, found)
    return found


def rests_on(names: Iterable[str], proofs: Mapping[str, ir.Proof]) -> set[str]:
    """The declarations of the library that ``names`` rest on, themselves among them."""
    seen: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in seen:
            seen.add(name)
            left += proofs[name].uses
    return seen


def boundary(names: Iterable[str], proofs: Mapping[str, ir.Proof]) -> set[str]:
    """The constants of other libraries that ``names`` and what they rest on use."""
    return {constant for name in rests_on(names, proofs) for constant in proofs[name].outside}


def _check_axioms(axioms: ir.Axioms, theorem: str, proofs: Mapping[str, ir.Proof]) -> None:
    if other := [name for name in axioms.names if name not in ALLOWED]:
        raise ExportInvalid(f"{theorem}: rests on the axiom {other[0]}, and only {', '.join(ALLOWED)} are allowed", hint=AGAIN)
    if list(axioms.names) != sorted(set(axioms.names)):
        raise ExportInvalid(f"{theorem}: axioms: not sorted, or one twice", hint=AGAIN)
    used = boundary([theorem], proofs)
    if "sorryAx" in used:
        raise ExportInvalid(f"{theorem}: its proof contains `sorry`", hint=AGAIN)
    seen = {name for name in ALLOWED if name in used}
    if (axioms.complete and not seen <= set(axioms.names)) or (not axioms.complete and seen != set(axioms.names)):
        listed = ", ".join(axioms.names) or "none"
        raise ExportInvalid(f"{theorem}: axioms: {listed}, and its proof uses {', '.join(sorted(seen)) or 'none'}", hint=AGAIN)
