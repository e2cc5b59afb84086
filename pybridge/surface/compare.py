"""What a person wrote against what Lean exported, declaration by declaration.

In: the library's sources and the exported declarations.  Out: the differences, each with both texts; none where all is the
same.  The rule is ``notations.py``: two terms are one where their trees are, and nothing is near enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pybridge import ir
from pybridge.surface.declarations import Declaration
from pybridge.surface.library import Library
from pybridge.surface.statements import Bind, Statement, printed, printed_term, written
from pybridge.surface.terms import Apply, Local, Name, Tree, difference
from pybridge.surface.tokens import SurfaceError

TAG = "bridge"
"""The attribute that marks what is exported."""
HARMLESS = {"Fintype", "DecidableEq", "Nonempty", "Nontrivial", "NormedAddCommGroup", "CompleteSpace"}
"""Classes whose instances a definition may have in its source and not in the export, where it does not need them."""
Exported: TypeAlias = ir.Theorem | ir.Definition


HERE_AND_EXPORT = ("here", "export")


@dataclass(frozen=True, slots=True)
class Difference:
    """Where source and export part: of which declaration, in what, and both texts.

    ``sides`` says what the two texts are, where they are not of the sources that are here and of the export.
    """

    name: str
    what: str
    source: str
    export: str
    why: str = ""
    sides: tuple[str, str] = HERE_AND_EXPORT


def compare(library: Library, exported: Mapping[str, Exported]) -> list[Difference]:
    """The differences between the sources and what was exported of them, in the order of the export.

    Raises
    ------
    SurfaceError
        A statement cannot be read: it is not taken for an equal one.
    """
    found = [one for declaration in exported.values() for one in differences(library, declaration)]
    for written_only in library.tagged(TAG):
        if written_only.name not in exported:
            place = f"{written_only.file}:{written_only.line}"
            found.append(
                Difference(written_only.name, "declaration", place, "nothing of this name", "marked, and not exported")
            )
    return found


def differences(library: Library, exported: Exported) -> list[Difference]:
    """The differences of one declaration.

    Raises
    ------
    SurfaceError
        Its statement cannot be read.
    """
    declaration = library.declarations.get(exported.name)
    if declaration is None:
        place = f"{exported.file}:{exported.line}"
        return [Difference(exported.name, "declaration", "nothing of this name", place, "exported, and not in the sources")]
    found = [
        Difference(exported.name, what, source, export)
        for what, source, export in _plain(library, declaration, exported)
        if source != export
    ]
    try:
        source, export = written(declaration, library), printed(exported.statement)
    except SurfaceError as error:
        raise SurfaceError(f"{exported.name}: {error.message}") from None
    return [*found, *_statements(source, export, exported), *_named(source, exported)]


def line_of(library: Library, declaration: Declaration) -> int:
    """The line that an export gives: that of the tag, or, where it was put on later, of the declaration."""
    tag = declaration.attribute(TAG)
    return declaration.line if tag is None else library.sources[declaration.file].count("\n", 0, tag.start) + 1


def _plain(library: Library, declaration: Declaration, exported: Exported) -> Iterator[tuple[str, str, str]]:
    """What is compared as text: (what, in the source, in the export)."""
    is_theorem = isinstance(exported, ir.Theorem)
    yield "kind", "theorem" if declaration.is_theorem else "definition", "theorem" if is_theorem else "definition"
    yield "file", declaration.file, exported.file
    yield "line", str(line_of(library, declaration)), str(exported.line)
    yield "docstring", (declaration.docstring or "").strip(), exported.docstring.strip()
    tag = declaration.attribute(TAG)
    if tag is not None and isinstance(exported, ir.Theorem):
        label, comment = (*tag.strings, "", "")[:2]
        yield "equation", label, exported.equation
        yield "comment", comment, exported.comment


def _statements(source: Statement, export: Statement, exported: Exported) -> Iterator[Difference]:
    name = exported.name
    if export.name != name:
        yield Difference(name, "name in the statement", name, export.name)
    binders = source.binders
    if isinstance(exported, ir.Definition):  # Lean leaves out the instances that a definition does not need
        kept = {one.said for one in export.binders if one.bracket == "["}
        binders = tuple(one for one in binders if one.bracket != "[" or one.said in kept or not is_harmless(one.type))
    heads, other = [_head(one) for one in binders], [_head(one) for one in export.binders]
    if heads != other:
        yield Difference(name, "binders", " ".join(one.said for one in binders), " ".join(one.said for one in export.binders))
        return
    for one, twin in zip(binders, export.binders, strict=True):
        if why := difference(one.type, twin.type):
            yield Difference(name, f"type of {one.name or 'an instance'}", one.said, twin.said, why)
    if why := difference(source.conclusion, export.conclusion):
        what = "statement" if isinstance(exported, ir.Theorem) else "type"
        yield Difference(name, what, source.said, export.said, why)
    if (source.value is None) != (export.value is None):
        yield Difference(name, "body", source.said, export.said, "one of them has none")
    elif source.value is not None and export.value is not None and (why := difference(source.value, export.value)):
        yield Difference(name, "body", source.said, export.said, why)


def is_harmless(instance: Tree) -> bool:
    """Whether an instance that Lean left out of a definition changes nothing: a known class, of a variable."""
    match instance:
        case Apply(function=Name(text=name), arguments=(Local(),)):
            return name in HARMLESS
        case Apply(function=Name(text="InnerProductSpace"), arguments=(Name(text="ℝ"), Local())):
            return True
        case _:
            return False


def _head(one: Bind) -> tuple[str, str | None]:
    return one.bracket, one.name


def _named(source: Statement, exported: Exported) -> Iterator[Difference]:
    """Hypotheses and variables by name: the export's, and the named binders of the source."""
    named = {one.name: one for one in source.binders if one.name is not None}
    if isinstance(exported, ir.Definition):
        known = [*(one.name for one in exported.indices), *(one.name for one in exported.parameters)]
    else:
        known = [*(one.name for one in exported.indices), *exported.spaces, *(one.name for one in exported.variables)]
        known += [one.name for one in exported.hypotheses]
        yield from _hypotheses(exported, named)
    if sorted(known) != sorted(named):
        yield Difference(exported.name, "names", _list(sorted(named)), _list(sorted(known)), "variables and hypotheses")
    for index in exported.indices:
        nonempty = any(one.said == f"[Nonempty {index.name}]" for one in source.binders)
        if nonempty != index.nonempty:
            yield Difference(exported.name, f"index {index.name}", _nonempty(nonempty), _nonempty(index.nonempty))


def _hypotheses(theorem: ir.Theorem, named: Mapping[str, Bind]) -> Iterator[Difference]:
    for hypothesis in theorem.hypotheses:
        binder = named.get(hypothesis.name)
        if binder is None:
            what = f"hypothesis {hypothesis.name}"
            yield Difference(theorem.name, what, "no binder of this name", hypothesis.statement)
        elif why := difference(binder.type, printed_term(hypothesis.statement, named)):
            yield Difference(theorem.name, f"hypothesis {hypothesis.name}", binder.said, hypothesis.statement, why)


def _list(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"


def _nonempty(yes: bool) -> str:
    return "not empty" if yes else "may be empty"
