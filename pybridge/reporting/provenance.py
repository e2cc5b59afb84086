"""Where everything in the report comes from: versions, digests, axioms, recorded batches."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version

from pybridge.batches.recorded import descriptions
from pybridge.export.document import quoted
from pybridge.export.loading import Export, Fresh
from pybridge.export.versions import written_by
from pybridge.reporting.chain import of_chain

PACKAGES = ("numpy", "python-flint", "sympy", "matplotlib", "jinja2", "math-core")


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the last part of the page lists: facts as pairs, the digests of the Lean sources, and how data were recorded."""

    facts: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str], ...]
    data: tuple[tuple[str, str], ...]


def provenance(export: Export, command: str) -> Provenance:
    """What is known of the export, of this machine's software and of the recorded batches; ``command`` wrote the report."""
    lean = f"{written_by(export)}, commit {export.lean.githash or 'not recorded'}"
    mathlib = f"{export.mathlib.revision} ({export.mathlib.input_revision or 'no tag'})"
    fresh = "yes, compared with the Lean sources beside it" if isinstance(export.freshness, Fresh) else export.freshness.reason
    counts = f"{len(export.theorems)} theorems, {len(export.definitions)} definitions"
    facts = (
        ("written by", command),
        ("on", today()),
        ("pybridge", sys.modules["pybridge"].__version__),
        ("Lean that exported", lean),
        ("mathlib", mathlib),
        ("export", f"{counts}, digest {quoted(export.digest, whole=True)}"),
        ("export fresh", fresh),
        ("axioms", axioms(export)),
        ("Python", platform.python_version()),
        *((name, _version(name)) for name in PACKAGES),
    )
    sources = tuple((source.file, source.sha256) for source in export.sources)
    return Provenance(facts, sources, tuple(_data()))


def axioms(export: Export) -> str:
    """The axioms that the chain's theorems rest on, and how far they were seen."""
    chain = of_chain(export)
    names = ", ".join(sorted({name for theorem in chain for name in theorem.axioms.names})) or "none"
    if all(theorem.axioms.complete for theorem in chain):
        return names
    also = ": lake build BridgeTest does" if isinstance(export.freshness, Fresh) else ""
    return f"{names} in the project's own proofs; the Lean that exported did not see those of mathlib{also}"


def today() -> str:
    """The date, or that of SOURCE_DATE_EPOCH, so that a report can be made again to the letter."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    moment = datetime.fromtimestamp(int(epoch), timezone.utc) if epoch else datetime.now(timezone.utc)
    return moment.date().isoformat()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _data() -> list[tuple[str, str]]:
    found = []
    for one in descriptions():
        training = ", ".join(f"{name} {value}" for name, value in one["training"].items())
        versions = ", ".join(f"{name} {value}" for name, value in one["versions"].items())
        found += [
            ("recorded batches", f"{len(one['records'])}, {one['file']}, {quoted(one['sha256'], whole=True)}"),
            ("of", f"{one['data']['name']}; {one['data']['citation']}"),
            ("training", training),
            ("recorded with", f"{versions}; {one['command']}"),
        ]
    return found
