"""The recorded trace: what Lean saw in each file of the library, in LeanDojo's format, beside what it was made of.

In: a checkout.  Out: the traced files, or the reason why they are none of these sources'. It is written by ``recording.py``,
with Lean; to read it neither Lean nor LeanDojo is needed.
"""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from pybridge.artifact.pins import MANIFEST
from pybridge.dojo.flat import flat
from pybridge.dojo.texts import parts
from pybridge.errors import ExportStale, InputError
from pybridge.export.sources import hash_sources, hash_text

Json: TypeAlias = dict[str, Any]

ABOUT = Path("docs") / "recorded" / "trace.json"
"""What the trace was made of, and by what."""
ARCHIVE = ABOUT.with_suffix(".tar.xz")
"""The traced files."""
TRACER = Path(__file__).with_name("Trace.lean")
PINS = ("lean-toolchain", "lake-manifest.json")
SCHEMA = 1
_AGAIN = "`pybridge dojo record` writes it anew (needs Lean)"


@dataclass(frozen=True, slots=True)
class Trace:
    """The traced files, by the name of their source: what LeanDojo calls ``.ast.json`` and ``.dep_paths``."""

    lean: str
    """The version of the Lean that traced them."""
    asts: Mapping[str, Json]
    paths: Mapping[str, str]

    @property
    def tactics(self) -> int:
        """How many steps of proofs, with the goals before and after."""
        return sum(len(one["tactics"]) for one in self.asts.values())

    @property
    def premises(self) -> int:
        """How many places at which a constant is named."""
        return sum(len(one["premises"]) for one in self.asts.values())


def read(root: Path) -> Trace:
    """The recorded trace of the checkout ``root``.

    Raises
    ------
    InputError
        There is none, or it is not what its record says.
    ExportStale
        A source of it, a pin, or the program that traces has changed since; or the syntax in it is not the sources'.
    """
    about = record(root)
    _fresh(root, about)
    data = (root / ARCHIVE).read_bytes() if (root / ARCHIVE).is_file() else b""
    if hashlib.sha256(data).hexdigest() != about["archive"]["sha256"]:
        raise InputError(f"{root / ARCHIVE}: it is not the file that {ABOUT} speaks of", hint=_AGAIN)
    trace = unpacked(data, about)
    for what, count in (("files", len(trace.asts)), ("tactics", trace.tactics), ("premises", trace.premises)):
        if about.get(what) != count:
            raise InputError(
                f"{root / ABOUT}: it speaks of {about.get(what)} {what}, and {ARCHIVE.name} has {count}", hint=_AGAIN
            )
    _of_the_texts(root, trace)
    return trace


def unpacked(data: bytes, about: Json) -> Trace:
    """The trace in an archive with this record."""
    asts, paths = {}, {}
    with tarfile.open(fileobj=io.BytesIO(lzma.decompress(data))) as archive:
        wanted = {
            flat(one["file"]).with_suffix(kind).as_posix() for one in about["sources"] for kind in (".ast.json", ".dep_paths")
        }
        if unknown := sorted(set(archive.getnames()) - wanted):
            raise InputError(f"{ARCHIVE}: it holds {unknown[0]!r}, of which {ABOUT.name} does not speak", hint=_AGAIN)
        for one in about["sources"]:
            place = flat(one["file"])
            asts[one["file"]] = json.loads(_member(archive, place.with_suffix(".ast.json")))
            paths[one["file"]] = _member(archive, place.with_suffix(".dep_paths")).decode()
    return Trace(about["lean"]["version"], asts, paths)


def packed(trace: Trace) -> bytes:
    """The archive of a trace: the same bytes for the same files."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for file in sorted(trace.asts):
            place = flat(file)
            text = json.dumps(trace.asts[file], ensure_ascii=False, separators=(",", ":"), sort_keys=True)
            _add(archive, place.with_suffix(".ast.json"), text)
            _add(archive, place.with_suffix(".dep_paths"), trace.paths[file])
    return lzma.compress(stream.getvalue(), preset=9)


def put(trace: Trace, folder: Path) -> None:
    """Write the traced files into a folder, as LeanDojo's own tracing has them."""
    for file, ast in trace.asts.items():
        place = folder / flat(file)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.with_suffix(".ast.json").write_text(json.dumps(ast, ensure_ascii=False), encoding="utf-8")
        place.with_suffix(".dep_paths").write_text(trace.paths[file], encoding="utf-8")


def record(root: Path) -> Json:
    """What is recorded about the trace of the checkout ``root``, whether or not it is still of its sources.

    Raises
    ------
    InputError
        There is no record, or it cannot be read.
    """
    place = root / ABOUT
    try:
        about = json.loads(place.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{place}: {error.strerror}", hint=_AGAIN) from None
    except ValueError as error:
        raise InputError(f"{place}: not JSON: {error}", hint=_AGAIN) from None
    if not isinstance(about, dict) or about.get("schema") != SCHEMA:
        raise InputError(f"{place}: no record of a trace of schema {SCHEMA}", hint=_AGAIN)
    return about


def expected(root: Path) -> bool:
    """Whether the checkout ``root`` is one that has a recorded trace: this project's, or one where a part of a record is."""
    return any((root / one).exists() for one in (ABOUT, ARCHIVE, MANIFEST))


def tracer_hash() -> str:
    """The sha256 of the program that traces, with LF line ends."""
    return hash_text(TRACER)


def changed(root: Path, about: Json) -> list[str]:
    """What has changed in the checkout ``root`` since the trace was recorded: the files, each with a word."""
    actual = hash_sources(root)
    known = {one["file"]: one["sha256"] for one in [*about["sources"], *about["pins"]]}
    library = {file for file in actual if file in PINS or file == "lean/BatchNorm.lean" or file.startswith("lean/BatchNorm/")}
    found = []
    for file in sorted({*known, *library}):
        if known.get(file) != actual.get(file):
            change = "is new" if file not in known else "is missing" if file not in actual else "has changed"
            found.append(f"{file} {change}")
    if about["tracer"]["sha256"] != tracer_hash():
        found.append(f"{TRACER.name} has changed")
    return found


def _fresh(root: Path, about: Json) -> None:
    found = changed(root, about)
    if found:
        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        raise ExportStale(f"{root / ABOUT}: stale: {found[0]} since the trace was recorded{more}", hint=_AGAIN)


def _of_the_texts(root: Path, trace: Trace) -> None:
    """Hold the syntax to the sources: a record can be written anew beside an old archive."""
    for file, ast in trace.asts.items():
        text = (root / file).read_bytes().replace(b"\r\n", b"\n").decode()
        try:
            place = parts(ast, text)
        except (KeyError, TypeError, ValueError):
            raise InputError(f"{ARCHIVE}: {file}: no traced syntax", hint=_AGAIN) from None
        if place is not None:
            raise ExportStale(f"{root / ARCHIVE}: stale: {file}: another text was traced, from {place} on", hint=_AGAIN)


def _add(archive: tarfile.TarFile, place: Path, text: str) -> None:
    data = text.encode()
    info = tarfile.TarInfo(place.as_posix())
    info.size = len(data)
    archive.addfile(info, io.BytesIO(data))


def _member(archive: tarfile.TarFile, place: Path) -> bytes:
    try:
        stream = archive.extractfile(place.as_posix())
    except KeyError:
        stream = None
    if stream is None:
        raise InputError(f"{ARCHIVE}: no {place.as_posix()} in it", hint=_AGAIN)
    return stream.read()
