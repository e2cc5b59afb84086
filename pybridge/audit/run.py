"""The whole audit, section by section.

In: an export and the checkout that it is of.  Out: sections.  No Lean, no LeanDojo and no network are needed.
"""

from __future__ import annotations

from pathlib import Path

from pybridge.artifact import pins
from pybridge.audit.build import build
from pybridge.audit.claims import claims
from pybridge.audit.provenance import provenance
from pybridge.audit.records import records
from pybridge.audit.scan import scan
from pybridge.audit.sections import EXTRACT, Difference, Section
from pybridge.audit.terms import Readings, compare
from pybridge.export.document import quoted
from pybridge.export.loading import Export
from pybridge.surface import compare as texts
from pybridge.surface.library import Library, read_library

_SIDES = ("here", "hashes")


def audit(export: Export, root: Path) -> tuple[Section, ...]:
    """Audit an export against the checkout ``root``.

    Raises
    ------
    InputError, SurfaceError
        A file of the checkout is missing or cannot be read.
    """
    library = read_library(root)
    return (
        provenance(export, root),
        files(export, root),
        build(root),
        claims(root),
        scan(library, root),
        _texts(export, library),
        of_readings(compare(export, library)),
        records(export, library),
    )


def of_readings(found: Readings) -> Section:
    """Text against term, as a section: what cannot be read fails as a difference does."""
    unread = tuple(Difference(one.name, "not compared", "", "", one.why) for one in found.unread)
    return Section(
        "terms",
        f"{found.theorems} theorems and {found.definitions} definitions read again from their text: the terms that are run; "
        f"{len(found.unread)} not compared",
        (*found.differences, *unread),
        remedy=EXTRACT,
    )


def _texts(export: Export, library: Library) -> Section:
    exported: dict[str, texts.Exported] = {**export.theorems, **export.definitions}
    return Section(
        "texts",
        f"{len(exported)} texts that Lean printed, with names, places and docstrings, against the sources",
        tuple(texts.compare(library, exported)),
        ("LeanDojo reads the sources a second time: `pybridge dojo compare`",),
        remedy=EXTRACT,
    )


def files(export: Export, root: Path) -> Section:
    """The files beside the export, and its digest, as the manifest records them.

    Raises
    ------
    InputError
        There is no manifest.
    """
    digest, hashes, own = pins.recorded(root)
    differences = [
        Difference(name, "sha256", actual, hashes.get(name, "not recorded"), f"by {pins.MANIFEST}", _SIDES)
        for name in sorted({*pins.FILES, *hashes})
        if (actual := pins.sha256(root / name)) != hashes.get(name)
    ]
    if digest != export.digest:
        differences.append(Difference("the export", "digest", export.digest, digest, f"by {pins.MANIFEST}", _SIDES))
    return Section(
        "files",
        f"{len(pins.FILES)} files and the export's digest, by the hashes beside them",
        tuple(differences),
        (f"the manifest ({quoted(own)}) itself: compare it with a published one",),
        agreed=f"consistent with {pins.MANIFEST}",
        remedy=f"put the file back; where the change is meant, `python scripts/metadata.py` writes {pins.MANIFEST}",
    )
