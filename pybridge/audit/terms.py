"""The exported terms against the text beside them: each text is read again, and has to give the term in the export.

In: an export and its sources.  Out: a ``Readings``: how many declarations were compared, where text and term part, and what
could not be compared, with the reason.  What is the same is the same but for the names of bound variables; nothing is near
enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pybridge import ir
from pybridge.audit.annotate import annotated
from pybridge.audit.differ import difference
from pybridge.audit.known import Knowledge
from pybridge.audit.statement import Reading, read
from pybridge.export.loading import Export
from pybridge.notation.render import text
from pybridge.surface.compare import Difference, Exported
from pybridge.surface.library import Library
from pybridge.surface.statements import printed, printed_term, written
from pybridge.surface.terms import difference as parted
from pybridge.surface.tokens import SurfaceError


@dataclass(frozen=True, slots=True)
class Unread:
    """A declaration whose text could not be read, so that nothing is said about its term."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Readings:
    """What reading the texts again came to."""

    theorems: int
    definitions: int
    """How many were compared, whole."""
    differences: tuple[Difference, ...]
    unread: tuple[Unread, ...]


def compare(export: Export, library: Library) -> Readings:
    """Compare each exported term with the text beside it, and with the types that the sources give where the text has none."""
    knowledge = Knowledge(export.definitions, library)
    differences: list[Difference] = []
    unread: list[Unread] = []
    counts = [0, 0]
    exported: list[Exported] = [*export.theorems.values(), *export.definitions.values()]
    for declaration in exported:
        try:
            differences += differing(declaration, knowledge)
            counts[isinstance(declaration, ir.Definition)] += 1
        except SurfaceError as error:
            unread.append(Unread(declaration.name, error.message))
    return Readings(counts[0], counts[1], tuple(differences), tuple(unread))


def differing(declaration: Exported, knowledge: Knowledge) -> list[Difference]:
    """Where the text of one declaration and its term part.

    Raises
    ------
    SurfaceError
        The text cannot be read.
    """
    return list(_differing(declaration, knowledge))


def _differing(declaration: Exported, knowledge: Knowledge) -> Iterator[Difference]:
    name = declaration.name
    statement = printed(declaration.statement, exact=True)
    source = knowledge.library.declarations.get(name)
    if source is not None:
        statement = annotated(statement, written(source, knowledge.library, exact=True))
    found = read(statement, knowledge.elaborator())
    yield from _same(name, "index types", _indices(found.indices), _indices(declaration.indices))
    if isinstance(declaration, ir.Definition):
        yield from _same(name, "parameters", _variables(found.variables), _variables(declaration.parameters))
        if why := difference(found.body, declaration.body):
            yield Difference(name, "body", declaration.statement, text(declaration.body), why)
        return
    yield from _same(name, "spaces", _list(found.spaces), _list(declaration.spaces))
    yield from _same(name, "spaces that are not zero", _list(found.nontrivial), _list(declaration.nontrivial))
    yield from _same(name, "variables", _variables(found.variables), _variables(declaration.variables))
    yield from _hypotheses(declaration, found)
    if why := difference(found.conclusion, declaration.conclusion):
        yield Difference(name, "conclusion", declaration.statement, text(declaration.conclusion), why)


def _hypotheses(theorem: ir.Theorem, found: Reading) -> Iterator[Difference]:
    names = [one.name for one in theorem.hypotheses]
    yield from _same(theorem.name, "hypotheses", _list(list(found.hypotheses)), _list(names))
    plain = printed(theorem.statement)
    binders = {one.name: one for one in plain.binders}
    for hypothesis in theorem.hypotheses:
        what = f"hypothesis {hypothesis.name}"
        binder = binders.get(hypothesis.name)
        if binder is not None and (why := parted(binder.type, printed_term(hypothesis.statement, [n for n in binders if n]))):
            yield Difference(theorem.name, what, binder.said, hypothesis.statement, why)
        if hypothesis.name in found.hypotheses and (
            why := difference(found.hypotheses[hypothesis.name], hypothesis.proposition)
        ):
            yield Difference(theorem.name, what, hypothesis.statement, text(hypothesis.proposition), why)


def _same(name: str, what: str, said: str, exported: str) -> Iterator[Difference]:
    if said != exported:
        yield Difference(name, what, said, exported)


def _indices(indices: Sequence[ir.Index]) -> str:
    return _list([f"{one.name}{' (not empty)' if one.nonempty else ''}" for one in indices])


def _variables(variables: Sequence[ir.Variable]) -> str:
    return _list([f"{one.name} : {one.kind}" for one in variables])


def _list(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"
