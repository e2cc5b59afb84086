"""What Lean wrote of a file, made such that LeanDojo 4.20.0 reads it.

In: the document of ``Trace.lean``, with the syntax as Lean parses it today.  Out: ``X.ast.json`` and ``X.dep_paths``.  Lean's
syntax of ``section`` and ``end`` has grown since LeanDojo was written, and its reader would refuse the first and lose count of
the namespaces at the second. Where a premise is defined, Lean does not say of an imported module under the module system: of
the project's own files the other traces tell; of other libraries the module alone is known, and the path follows from it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from pybridge.errors import InputError

Json: TypeAlias = dict[str, Any]
PACKAGES = ".lake/packages"
_CORE = frozenset({"Init", "Std", "Lean", "Lake"})
_COMMAND = "Lean.Parser.Command."
_HEADED = f"{_COMMAND}headed"
"""A ``section`` with words before it, such as ``public``: these, and the ``section`` as it was."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where modules are, in a flat copy of the checkout; and where the project's declarations are defined.

    Parameters
    ----------
    own
        The project's modules.
    packages
        The names of the packages that it requires.
    names
        The places of names, by declaration: of the beginning and of the end.
    """

    own: frozenset[str]
    packages: tuple[str, ...]
    names: Mapping[str, tuple[Json, Json]]

    def path(self, module: str) -> str | None:
        """The file of a module, from the flat copy's root; None where it is of no package that the project requires."""
        file = f"{module.replace('.', '/')}.lean"
        root = module.partition(".")[0]
        if module in self.own:
            return file
        if root in _CORE:
            return f"{PACKAGES}/lean4/src/lean/{'lake/' if root == 'Lake' else ''}{file}"
        for package in self.packages:
            if package.lower() == root.lower():
                return f"{PACKAGES}/{package}/{file}"
        return None


def places(root: Path, files: Iterable[str], written: Iterable[Json]) -> Places:
    """The places in the checkout ``root`` whose library has these files, of which Lean wrote these documents."""
    manifest = json.loads((root / "lake-manifest.json").read_text(encoding="utf-8"))
    own = [module_of(file.relative_to(root / "lean").as_posix()) for file in (root / "lean").rglob("*.lean")]
    return Places(
        frozenset({*own, *(module_of(Path(file).relative_to("lean").as_posix()) for file in files)}),
        tuple(package["name"] for package in manifest["packages"]),
        {one["fullName"]: (one["pos"], one["endPos"]) for document in written for one in document["declarations"]},
    )


def module_of(file: str) -> str:
    """The module of a file, by its path from the root of the sources."""
    return file.removesuffix(".lean").replace("/", ".")


def adapted(document: Json, known: Places) -> Json:
    """The ``.ast.json`` of what Lean wrote."""
    kept = {json.dumps(one, sort_keys=True): one for one in reversed(document["premises"])}  # of equal ones the last counts
    return {
        "commandASTs": [_command(node) for node in document["commandASTs"]],
        "tactics": document["tactics"],
        "premises": [_premise(one, known) for one in reversed(kept.values())],
    }


def imports(document: Json) -> list[str]:
    """The modules that a file imports by name, in its order."""
    (_, _, imported) = document["commandASTs"][0]["node"]["args"]
    return [part["ident"]["val"] for one in imported["node"]["args"] for part in one["node"]["args"] if "ident" in part]


def dep_paths(document: Json, known: Places) -> str:
    """The ``.dep_paths`` of what Lean wrote.

    Raises
    ------
    InputError
        It imports a module of no package that the project requires.
    """
    found = []
    for module in imports(document):
        path = known.path(module)
        if path is None:
            raise InputError(f"{module}: a module of no package in lake-manifest.json", hint="`lake update` writes it")
        found.append(path)
    return "\n".join(found)


def _premise(one: Json, known: Places) -> Json:
    """With the path of its module; a module of no package (of a mathlib that was compiled in other files) is not told."""
    start, end = one["defPos"], one["defEndPos"]
    path = known.path(one["modName"])
    if start is None and one["modName"] in known.own:
        start, end = known.names.get(one["fullName"], (None, None))
    return {**one, "modName": path and one["modName"], "defPath": path, "defPos": start, "defEndPos": end}


def _command(node: Json) -> Json:
    kind, args = node["node"]["kind"], node["node"]["args"]
    if kind == f"{_COMMAND}section" and len(args) == 3:
        (header, *rest) = args
        plain = _node(kind, rest)
        return _node(_HEADED, [header, plain]) if _says(header) else plain
    if kind == f"{_COMMAND}end":
        return _node(kind, [args[0], _node("null", [one for one in args[1]["node"]["args"] if _says(one)])])
    return node


def _says(node: Json) -> bool:
    """Whether there is a word in this syntax."""
    return any(_says(one) for one in node["node"]["args"]) if "node" in node else True


def _node(kind: str, args: list[Json]) -> Json:
    return {"node": {"kind": kind, "info": "none", "args": args}}
