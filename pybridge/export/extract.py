"""From Lean to ``export.json``: build, run the exporter, add what Lean does not know, validate, write.

Lean writes the document without the fields ``sources``, ``mathlib`` and ``digest``; this module adds them. The sources are
hashed before the build and after the exporter, so that what was exported is what lies on the disk.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from pybridge.errors import ExportInvalid, ExportStale, InputError, MissingToolError, PybridgeError
from pybridge.export import loading as exports

Document: TypeAlias = dict[str, Any]

EXPORTER = Path("lean") / "Export.lean"
WRITTEN = Path(".lake") / "build" / "bridge.json"
_STDERR = 2
COMMITTED = Path("pybridge") / "data" / "export.json"


class LeanFailedError(PybridgeError):
    """Lean is here and ran, and did not succeed; its own messages are on stderr."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How a fresh export compares with the committed one.

    Parameters
    ----------
    equal
        Whether everything that was compared is equal.
    byte_for_byte
        True where both come from the same Lean; else what another one may write otherwise was left out: its version, the text
        that it prints, what the proofs use, their axioms, and the digest over them.
    difference
        Where they part first, one line; empty where they do not.
    """

    equal: bool
    byte_for_byte: bool
    difference: str


def find_checkout() -> Path:
    """Return the root of the checkout: the folder with the Lake file that this package, or the shell, is in.

    Raises
    ------
    InputError
        Where there is none: an installed wheel carries no Lean sources.
    """
    here = Path(__file__).resolve().parents[2]
    for candidate in (here, Path.cwd(), *Path.cwd().parents):
        if (candidate / "lakefile.lean").is_file() and (candidate / EXPORTER).is_file():
            return candidate
    raise InputError(
        f"no Lean sources: neither {here} nor {Path.cwd()} holds lakefile.lean and {EXPORTER}",
        hint="run it in a checkout of the repository",
    )


def find_lake() -> str:
    """Return the path of ``lake``.

    Raises
    ------
    MissingToolError
        Where there is none on PATH.
    """
    lake = shutil.which("lake")
    if lake is None:
        raise MissingToolError(
            "no `lake` on PATH: the export is written by Lean",
            hint="install elan (https://github.com/leanprover/elan), then `lake exe cache get`",
        )
    return lake


def fresh_document(root: Path) -> Document:
    """Build the Lean side of the checkout ``root``, run its exporter, and return the sealed document.

    Raises
    ------
    MissingToolError, LeanFailedError, ExportStale, ExportInvalid
        No ``lake``; the build or the exporter failed; a source changed meanwhile; the exporter wrote no JSON object.
    """
    lake = find_lake()
    before = exports.hash_sources(root)
    written = root / WRITTEN
    written.unlink(missing_ok=True)
    _run(root, lake, "build", "BatchNorm", "Bridge")
    _run(root, lake, "env", "lean", str(EXPORTER))
    if not written.is_file():
        raise LeanFailedError(f"{EXPORTER} ran and wrote no {WRITTEN}", hint="run it by hand: `lake env lean lean/Export.lean`")
    if exports.hash_sources(root) != before:
        raise ExportStale("a Lean source changed while it was being exported", hint="run `pybridge extract` again")
    return completed(written, root, before)


def completed(written: Path, root: Path, hashes: Mapping[str, str]) -> Document:
    """What Lean wrote to the file ``written``, with these hashes of the sources and mathlib's revision in ``root``, sealed.

    Raises
    ------
    ExportInvalid, InputError
        It is no JSON object; there is no such file, no source, or no manifest with mathlib in it.
    """
    fault = "it has to be what `#bridge_export` wrote"
    try:
        document = json.loads(written.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{written}: {error.strerror}", hint=fault) from None
    except ValueError as error:
        raise ExportInvalid(f"{written}: not JSON: {error}", hint=fault) from None
    if not isinstance(document, dict):
        raise ExportInvalid(f"{written}: expected an object, got {type(document).__name__}", hint=fault)
    if not any(file.endswith(".lean") for file in hashes):
        raise InputError(f"{root}: no Lean sources in its folder `lean`", hint="name the folder of the lakefile")
    document["sources"] = [{"file": file, "sha256": digest} for file, digest in hashes.items()]
    document["mathlib"] = mathlib_revision(root)
    return exports.seal(document)


def mathlib_revision(root: Path) -> dict[str, str]:
    """Return mathlib's commit, and the tag it was asked for by, as ``lake-manifest.json`` pins them."""
    place = root / "lake-manifest.json"
    if not place.is_file():
        raise InputError(f"{place}: there is none", hint="`lake update` writes it")
    manifest = json.loads(place.read_text(encoding="utf-8"))
    for package in manifest["packages"]:
        if package["name"] == "mathlib":
            return {"revision": package["rev"], "inputRevision": package["inputRev"]}
    raise InputError("lake-manifest.json: no package mathlib", hint="`lake update mathlib`")


def write(document: Document, target: Path) -> None:
    """Validate the document by loading it, then replace ``target`` by it in one step."""
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=target.name, suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(exports.dumps(document))
        exports.load(temporary, check_sources=False)
        temporary.chmod(0o644)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def compare(fresh: Document, committed: Path) -> Comparison:
    """Compare a fresh export with the committed file: every byte, or, from another Lean, all but what that Lean may change.

    Raises
    ------
    ExportError
        Where the committed file is refused by the loader.
    """
    exports.load(committed, check_sources=False)
    text = committed.read_text(encoding="utf-8")
    recorded = json.loads(text)
    if recorded["lean"] == fresh["lean"]:
        if exports.dumps(fresh) == text:
            return Comparison(equal=True, byte_for_byte=True, difference="")
        where = _difference(recorded, fresh, "") or "the file's layout"
        return Comparison(equal=False, byte_for_byte=True, difference=where)
    where = _difference(_without_lean(recorded), _without_lean(fresh), "")
    return Comparison(equal=not where, byte_for_byte=False, difference=where)


def _without_lean(document: Document) -> Document:
    kept = {key: value for key, value in document.items() if key not in ("lean", "digest", "proofs", "outside")}
    kept["definitions"] = [_without(definition, "statement", "line") for definition in document["definitions"]]
    kept["theorems"] = [_without(theorem, "statement", "line", "axioms") for theorem in document["theorems"]]
    for theorem in kept["theorems"]:
        theorem["hypotheses"] = [_without(hypothesis, "statement") for hypothesis in theorem["hypotheses"]]
    return kept


def _without(fields: Document, *names: str) -> Document:
    return {key: value for key, value in fields.items() if key not in names}


def _difference(left: object, right: object, path: str) -> str:
    """Return the first place where two JSON values differ, with both values; empty where they do not."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in sorted(left.keys() | right.keys()):
            if key not in left or key not in right:
                return f"{path}.{key}: only in the {'committed' if key in left else 'fresh'} export".lstrip(".")
            if found := _difference(left[key], right[key], f"{path}.{key}"):
                return found
        return ""
    if isinstance(left, list) and isinstance(right, list):
        for place, (a, b) in enumerate(zip(left, right, strict=False)):
            name = a.get("name", a.get("file", place)) if isinstance(a, dict) else place
            if found := _difference(a, b, f"{path}[{name}]"):
                return found
        return "" if len(left) == len(right) else f"{path.lstrip('.')}: {len(left)} committed, {len(right)} fresh"
    if left == right and type(left) is type(right):
        return ""
    return f"{path.lstrip('.')}: {_short(left)} committed, {_short(right)} fresh"


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"


def _run(root: Path, lake: str, *arguments: str) -> None:
    """Run ``lake`` in the checkout; everything it says goes to stderr."""
    result = subprocess.run([lake, *arguments], cwd=root, stdout=_STDERR, check=False)  # noqa: S603
    if result.returncode != 0:
        raise LeanFailedError(f"`lake {' '.join(arguments)}` exited with {result.returncode}", hint="its messages are above")
