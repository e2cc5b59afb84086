"""The premises of each proof in the recorded trace, against the constants of the proof as the exporter recorded them.

In: a trace, an export, the sources of both.  Out: how many agree, and where they do not.  The trace says what the identifiers
of a proof's text mean; the record says what the proof consists of. A theorem of the library that the text names has to be a
constant of the proof, unless it holds by definition.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pybridge.dojo.recorded import Trace
from pybridge.dojo.texts import names
from pybridge.export.loading import Export
from pybridge.surface.declarations import Declaration
from pybridge.surface.library import Library
from pybridge.surface.premises import is_by_definition, named_at


@dataclass(frozen=True, slots=True)
class Premises:
    """What comparing the trace with the records of the proofs comes to.

    Parameters
    ----------
    theorems
        How many theorems were compared: the exported ones, and the lemmas that they rest on.
    both
        How many pairs of a theorem and a declaration of the library that its proof names are in both.
    others
        How many pairs of a theorem and another library's constant are in both.
    differences
        Pairs of two theorems in the trace alone.
    by_definition
        Pairs in the trace alone, of a theorem and a definition of the library, or a theorem of it whose proof is ``rfl``: an
        unfolding leaves nothing in the proof.
    unused
        Pairs of a theorem and another library's constant in the trace alone: it holds by definition, or is part of a notation,
        or a tactic was given it and did not use it. Which of them, the trace does not say.
    absent
        The theorems of the library whose proofs the exporter recorded, and which are not in the trace.
    misplaced
        Where the trace has a declaration of the library at a place at which the source says another name, or has not the
        theorem that the source names there: each place in a line.
    """

    theorems: int
    both: int
    others: int
    differences: tuple[tuple[str, str], ...]
    by_definition: tuple[tuple[str, str], ...]
    unused: tuple[tuple[str, str], ...]
    absent: tuple[str, ...] = ()
    misplaced: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether the trace parts from the records and from the sources nowhere."""
        return not (self.differences or self.absent or self.misplaced)


def compare(trace: Trace, export: Export, library: Library) -> Premises:
    """Hold the premises of the trace to the constants that the exporter recorded of each proof."""
    both = others = count = 0
    differences, unfolded, unused = [], [], []
    for name, found in premises(trace, library).items():
        proof = export.proofs.get(name)
        if proof is None or not library.declarations[name].is_theorem:
            continue
        count += 1
        for premise in found:
            written = library.declarations.get(premise)
            if premise in proof.uses:
                both += 1
            elif premise in proof.outside:
                others += 1
            elif written is None:
                unused.append((name, premise))
            elif written.is_theorem and not is_by_definition(premise, library):
                differences.append((name, premise))
            else:
                unfolded.append((name, premise))
    return Premises(
        theorems=count,
        both=both,
        others=others,
        differences=tuple(differences),
        by_definition=tuple(unfolded),
        unused=tuple(unused),
        absent=absent(trace, export, library),
        misplaced=tuple(misplaced(trace, library)),
    )


def misplaced(trace: Trace, library: Library) -> Iterator[str]:
    """Hold the premises to the words of the sources, place by place: those of the library, that is."""
    for file, ast in trace.asts.items():
        text, starts = library.sources[file], _lines(library.sources[file])
        at: dict[int, set[str]] = {}
        for one in ast["premises"]:
            if one["pos"] is None:
                continue
            start, end = (starts[one[key]["line"] - 1] + one[key]["column"] for key in ("pos", "endPos"))
            name, word = _public(one["fullName"]), text[start:end]
            at.setdefault(start, set()).add(name)
            if name in library.declarations and name.rpartition(".")[2] != word.strip("@").rpartition(".")[2]:
                yield f"{file}:{one['pos']['line']}: the source says {' '.join(word.split())}, and the trace {name}"
        for declaration in library.declarations.values():
            if declaration.file == file:
                for start, name in named_at(declaration, library):
                    if name not in at.get(start, ()):
                        line = text.count("\n", 0, start) + 1
                        yield f"{file}:{line}: the source names {name}, and the trace does not"


def absent(trace: Trace, export: Export, library: Library) -> tuple[str, ...]:
    """The theorems of the library with a recorded proof whose names the trace has not where they stand."""
    traced = {(file, place) for file, ast in trace.asts.items() for place in names(ast)}
    found = []
    for name in export.proofs:
        one = library.declarations.get(name)
        if one is None or not one.is_theorem:
            continue
        if (one.file, len(library.sources[one.file][: one.signature].encode())) not in traced:
            found.append(name)
    return tuple(found)


def premises(trace: Trace, library: Library) -> dict[str, tuple[str, ...]]:
    """The constants that each declaration's body names, by full name, in their order, each once."""
    found: dict[str, dict[str, None]] = {}
    for name, one, premise in _placed(trace, library):
        if premise != one.name:
            found.setdefault(name, {})[premise] = None
    return {name: tuple(names) for name, names in found.items()}


def _placed(trace: Trace, library: Library) -> Iterator[tuple[str, Declaration, str]]:
    """Each premise with the declaration in whose body it stands."""
    bodies: dict[str, list[tuple[str, Declaration]]] = {}
    for name, one in library.declarations.items():
        bodies.setdefault(one.file, []).append((name, one))
    for file, ast in trace.asts.items():
        starts = _lines(library.sources[file])
        for premise in ast["premises"]:
            if premise["pos"] is None:
                continue
            at = starts[premise["pos"]["line"] - 1] + premise["pos"]["column"]
            for name, one in bodies.get(file, []):
                if one.proof <= at < one.end:
                    yield name, one, _public(premise["fullName"])


def _lines(text: str) -> list[int]:
    """Where each line begins."""
    starts = [0]
    starts += (place + 1 for place, character in enumerate(text) if character == "\n")
    return starts


def _public(name: str) -> str:
    """A name without what makes it private: ``_private.A.B.0.C.d`` is ``C.d``."""
    return name.partition(".0.")[2] or name if name.startswith("_private.") else name
