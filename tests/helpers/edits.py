"""One edit of a declaration in an export, as somebody would make who leaves the text beside it alone and seals it again.

In: the JSON of a theorem or definition.  Out: edited ones, each with a word that says what was done.  Many are no terms at
all, which the decoder refuses; ``decoded`` tells.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import encoding

from pybridge import ir
from pybridge.errors import ExportError
from pybridge.export import schema
from pybridge.export.decode_propositions import Decoder
from pybridge.export.loading import Export
from pybridge.export.nodes import At
from pybridge.mutation.mutants import ConclusionMutant, DefinitionMutant, HypothesisMutant, mutants

Json = dict[str, Any]
FAMILIES = (
    ("eq", "ne", "lt", "le", "vectorEq", "vectorNe"),
    ("and", "iff", "imp"),
    ("add", "sub", "mul", "div", "inner"),
    ("neg", "inv", "sqrt", "abs", "norm"),
    ("sum", "build", "channels"),
)
"""Constructors with the same fields, or nearly."""


def edits(declaration: Json, definitions: list[str]) -> Iterator[tuple[str, Json]]:
    """Every edit of a declaration's term, hypotheses, variables and index types."""
    for path in roots(declaration):
        names = list(dict.fromkeys([*_names(declaration), *_bound(_at(declaration, path))]))
        for what, changed in _of_node(_at(declaration, path), names, definitions):
            yield f"{'.'.join(map(str, path))}: {what}", _with(declaration, path, changed)
    yield from _of_lists(declaration)


def roots(declaration: Json) -> list[tuple[Any, ...]]:
    """Where terms stand in a declaration."""
    if "body" in declaration:
        return [("body",)]
    return [("conclusion",), *(("hypotheses", n, "proposition") for n in range(len(declaration["hypotheses"])))]


def slipped(declaration: ir.Theorem | ir.Definition, written: Json, export: Export) -> Iterator[tuple[str, Json]]:
    """The project's own mutants, as edits of the term beside the text as it was."""
    for mutant in mutants(declaration, export.definitions):
        changed = copy.deepcopy(written)
        match mutant:
            case ConclusionMutant():
                changed["conclusion"] = encoding.proposition(mutant.theorem.conclusion)
            case HypothesisMutant():
                kept = {one.name: one.proposition for one in mutant.theorem.hypotheses}
                changed["hypotheses"] = [
                    {**one, "proposition": encoding.proposition(kept[one["name"]])}
                    for one in written["hypotheses"]
                    if one["name"] in kept
                ]
            case DefinitionMutant():
                changed["body"] = encoding.argument(mutant.definition.body)
        yield mutant.id, changed


def decoded(written: Json, decoder: Decoder) -> ir.Theorem | ir.Definition | None:
    """The declaration that a JSON is; None where it is none, which is refused as the export is read."""
    try:
        if "body" not in written:
            return schema._theorem(0, schema._Theorem.model_validate(written), decoder)
        model = schema._Definition.model_validate(written)
        scope, parameters = schema._scope(model.indices, [], model.parameters, At("d"))
        body, _ = decoder.body(model.body, scope, At("d"))
    except (ExportError, ValueError):
        return None
    place = (model.name, model.docstring, model.file, model.line, model.statement)
    return ir.Definition(*place, schema._indices(model.indices), parameters, body)


def _names(declaration: Json) -> list[str]:
    variables = declaration.get("variables", declaration.get("parameters", []))
    return [one["name"] for one in [*declaration["indices"], *declaration.get("spaces", []), *variables]]


def _bound(node: Any) -> Iterator[str]:
    """The names that binders bind."""
    if isinstance(node, dict):
        if isinstance(node.get("variable"), str):
            yield node["variable"]
        elif isinstance(node.get("variable"), dict):
            yield node["variable"]["name"]
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _bound(part)


def _of_node(node: Any, names: list[str], definitions: list[str]) -> Iterator[tuple[str, Any]]:
    """Every edit at one place of a tree of JSON, or below it."""
    if isinstance(node, str):
        for name in [*names, *definitions]:
            if name != node and (node in definitions) == (name in definitions):
                yield f"{node} becomes {name}", name
    elif isinstance(node, int):
        yield f"{node} becomes {node + 1}", node + 1
        if node:
            yield f"{node} becomes {node - 1}", node - 1
    elif isinstance(node, list):
        for n in range(len(node) - 1):
            yield "exchanged", [*node[:n], node[n + 1], node[n], *node[n + 2 :]]
        for n, part in enumerate(node):
            yield "left out", [*node[:n], *node[n + 1 :]]
            yield from ((what, [*node[:n], new, *node[n + 1 :]]) for what, new in _of_node(part, names, definitions))
    elif isinstance(node, dict):
        yield from _of_object(node, names, definitions)


def _of_object(node: Json, names: list[str], definitions: list[str]) -> Iterator[tuple[str, Any]]:
    (key, *others) = node
    fields = node[key]
    if not others and isinstance(fields, dict):
        for family in FAMILIES:
            yield from ((f"{key} becomes {other}", {other: fields}) for other in family if key in family and other != key)
        yield from ((f"{key} is gone", inner) for inner in fields.values() if isinstance(inner, dict))
        pairs = [(a, b) for a in fields for b in fields if a < b and type(fields[a]) is type(fields[b])]
        for a, b in pairs:
            if fields[a] != fields[b]:
                yield f"{a} and {b} exchanged", {key: {**fields, a: fields[b], b: fields[a]}}
    for name, part in node.items():
        for what, new in _of_node(part, names, definitions):
            if name != "variable" or not _is_renaming(part, new, node):
                yield what, {**node, name: new}


def _is_renaming(old: Any, new: Any, node: Json) -> bool:
    """Whether a bound variable has got another name, and nothing mentions the one or the other."""
    rest = {key: value for key, value in node.items() if key != "variable"}
    return isinstance(old, str) and not {old, new} & set(_strings(rest))


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _strings(part)


def _of_lists(declaration: Json) -> Iterator[tuple[str, Json]]:
    """Edits of hypotheses, variables, index types and spaces."""
    for field in ("hypotheses", "variables", "parameters", "indices", "spaces"):
        parts = declaration.get(field, [])
        for n, part in enumerate(parts):
            yield f"{field}: {part['name']} left out", {**declaration, field: [*parts[:n], *parts[n + 1 :]]}
            yield f"{field}: {part['name']} renamed", _with(declaration, (field, n, "name"), part["name"] + "'")
            if n:
                yield f"{field}: exchanged", {**declaration, field: [*parts[: n - 1], part, parts[n - 1], *parts[n + 1 :]]}
            for flag in ("nonempty", "nontrivial"):
                if flag in part:
                    yield f"{field}: {flag} of {part['name']}", _with(declaration, (field, n, flag), not part[flag])
            if "kind" in part:
                for what, kind in _of_kind(part["kind"], declaration):
                    yield f"{field}: {part['name']} {what}", _with(declaration, (field, n, "kind"), kind)


def _of_kind(kind: Any, declaration: Json) -> Iterator[tuple[str, Any]]:
    indices = [one["name"] for one in declaration["indices"]]
    others: list[Any] = ["scalar", *({"vector": {"space": {"euclidean": {"index": index}}}} for index in indices)]
    others += [{"position": {"index": index}} for index in indices]
    yield from ((f"becomes {other}", other) for other in others if other != kind)
    if not isinstance(kind, str):
        yield from _of_node(kind, [*indices, *(one["name"] for one in declaration.get("spaces", []))], [])


def _at(node: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        node = node[step]
    return node


def _with(node: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    step, *rest = path
    changed = list(node) if isinstance(node, list) else dict(node)
    changed[step] = _with(node[step], tuple(rest), value)
    return changed
