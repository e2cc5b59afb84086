"""Recording the trace: each file of the library is elaborated by ``Trace.lean``, a Lean program of ours.

In: a checkout whose library can be built.  Out: the archive and its record, which ``recorded.py`` reads.  LeanDojo's own
extractor does not elaborate on the Lean of 2026; this program writes its format. A file is traced again only where it, or
something that it imports, has changed since.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from pybridge.dojo.adapt import adapted, dep_paths, module_of, places
from pybridge.dojo.recorded import ABOUT, ARCHIVE, PINS, SCHEMA, TRACER, Json, Trace, packed, tracer_hash
from pybridge.errors import ExportStale
from pybridge.export.extract import LeanFailedError, find_lake
from pybridge.export.sources import hash_sources
from pybridge.surface.library import read_library

RAW = Path(".lake") / "build" / "trace"
"""Where what Lean wrote is kept, so that an interrupted recording goes on."""
_IMPORT = re.compile(r"^(?:public )?(?:meta )?import (?:all )?(\S+)$", re.MULTILINE)
_STDERR = 2
_OPTION = re.compile(r"⟨`([\w.]+),\s*(?:\.ofNat\s+)?(true|false|\d+)⟩")


def run(root: Path, say: Callable[[str], None]) -> Trace:
    """Trace the library of the checkout ``root``, and write the archive and its record; say which file is done.

    Raises
    ------
    MissingToolError, LeanFailedError
        There is no ``lake``; the build, or the tracing of a file, failed.
    ExportStale
        A source changed meanwhile.
    """
    lake = find_lake()
    before = hash_sources(root)
    _run(root, lake, "build", "BatchNorm")
    texts = read_library(root).sources
    written = {}
    for count, file in enumerate(sorted(texts), start=1):
        place = root / RAW / f"{module_of(_below(file))}-{key(file, before, texts)[:16]}.json"
        if not place.is_file():
            place.parent.mkdir(parents=True, exist_ok=True)
            for old in place.parent.glob(f"{module_of(_below(file))}-*.json"):
                old.unlink()
            _trace(root, lake, file, place)
        written[file] = json.loads(place.read_text(encoding="utf-8"))
        say(f"{count} of {len(texts)}: {file}")
    if hash_sources(root) != before:
        raise ExportStale("a Lean source changed while it was being traced", hint="record the trace again")
    return write(root, written, before, version(root, lake))


def write(root: Path, written: Mapping[str, Json], hashes: Mapping[str, str], lean: str) -> Trace:
    """Pack what Lean wrote of the files with these hashes, and write it with its record."""
    known = places(root, written, written.values())
    asts = {file: adapted(one, known) for file, one in written.items()}
    trace = Trace(lean, asts, {file: dep_paths(one, known) for file, one in written.items()})
    data = packed(trace)
    about = {
        "schema": SCHEMA,
        "format": "X.ast.json and X.dep_paths, as LeanDojo 4.20.0 reads them",
        "command": "pybridge dojo record",
        "lean": {"version": lean, "pinned": (root / "lean-toolchain").read_text(encoding="utf-8").strip()},
        "options": options(root),
        "tracer": {"file": TRACER.name, "sha256": tracer_hash()},
        "archive": {"file": ARCHIVE.name, "sha256": hashlib.sha256(data).hexdigest()},
        "files": len(asts),
        "tactics": trace.tactics,
        "premises": trace.premises,
        "pins": [{"file": file, "sha256": hashes[file]} for file in PINS],
        "sources": [{"file": file, "sha256": hashes[file]} for file in sorted(asts)],
    }
    (root / ABOUT).parent.mkdir(parents=True, exist_ok=True)
    (root / ARCHIVE).write_bytes(data)
    (root / ABOUT).write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return trace


def key(file: str, hashes: Mapping[str, str], texts: Mapping[str, str]) -> str:
    """A hash of what a trace depends on: the file, all that it imports of the library, the pins, the program that traces."""
    known, left = dict.fromkeys(PINS), [file]
    while left:
        one = left.pop()
        if one not in known:
            known[one] = None
            left += (f"lean/{module.replace('.', '/')}.lean" for module in _IMPORT.findall(texts[one]))
            left = [other for other in left if other in texts]
    parts = [file, tracer_hash(), *((one, hashes[one]) for one in sorted(known))]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def options(root: Path) -> list[str]:
    """The options of Lean in the lakefile, each as ``NAME=VALUE``; linters are left out."""
    text = (root / "lakefile.lean").read_text(encoding="utf-8")
    return [f"{name}={value}" for name, value in _OPTION.findall(text) if not name.startswith("weak.")]


def version(root: Path, lake: str) -> str:
    """The version of the Lean that traces."""
    done = subprocess.run([lake, "env", "lean", "--version"], cwd=root, capture_output=True, text=True, check=False)  # noqa: S603
    found = re.search(r"version ([^\s,]+)", done.stdout)
    if found is None:
        raise LeanFailedError("`lean --version` says no version", hint=(done.stdout + done.stderr).strip() or "it says nothing")
    return found[1]


def _trace(root: Path, lake: str, file: str, place: Path) -> None:
    """Trace one file; what Lean says goes to stderr."""
    part = place.with_name(f"{place.name}.part")
    arguments = ["env", "lean", "--run", str(TRACER), *options(root), file, module_of(_below(file)), str(part)]
    _run(root, lake, *arguments)
    if not part.is_file():
        raise LeanFailedError(f"{TRACER.name} ran and wrote nothing of {file}", hint="its messages are above")
    part.replace(place)


def _below(file: str) -> str:
    return Path(file).relative_to("lean").as_posix()


def _run(root: Path, lake: str, *arguments: str) -> None:
    done = subprocess.run([lake, *arguments], cwd=root, stdout=_STDERR, check=False)  # noqa: S603
    if done.returncode != 0:
        raise LeanFailedError(f"`lake {' '.join(arguments)}` exited with {done.returncode}", hint="its messages are above")
