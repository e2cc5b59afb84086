"""The whole audit, and the hashes of the files beside the export."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pybridge.artifact.pins import FILES, MANIFEST
from pybridge.audit.run import audit, files
from pybridge.errors import InputError
from pybridge.export.loading import Export

ROOT = Path(__file__).resolve().parents[2]
NAMES = ["provenance", "files", "build", "claims", "sources", "texts", "terms", "proofs"]
Resealed = Callable[..., Export]


def found(export: Export, root: Path = ROOT) -> set[tuple[str, str, str]]:
    """What differs, with the section it is in."""
    return {(section.name, one.name, one.what) for section in audit(export, root) for one in section.differences}


def test_this_checkout(export: Export) -> None:
    """Nothing differs in any section; each says what it does not check, and which command does."""
    sections = audit(export, ROOT)
    assert [section.name for section in sections] == NAMES
    assert [one for section in sections for one in section.differences] == []


@pytest.mark.parametrize("file", FILES)
def test_an_edited_file(file: str, checkout: Path, export: Export) -> None:
    """Each of the files in the manifest, whatever else sees it; line ends are no edit."""
    place = checkout / file
    place.write_bytes(place.read_bytes().replace(b"\n", b"\r\n"))
    assert files(export, checkout).differences == ()
    place.write_bytes(place.read_bytes() + b"\n")
    (found,) = files(export, checkout).differences
    assert (found.name, found.what) == (file, "sha256")
    place.unlink()
    assert files(export, checkout).differences[0].source == "missing"


def test_an_edited_export(resealed: Resealed) -> None:
    """Sealed again, it has another digest than the manifest records."""
    changed = resealed(lambda document: document["theorems"][0].update(comment="another"))
    assert {
        ("files", "the export", "digest"),
        ("texts", changed.theorems[next(iter(changed.theorems))].name, "comment"),
    } == found(changed)


def test_a_theorem_left_out(resealed: Resealed) -> None:
    """What is marked in the sources is exported."""
    gone: list[str] = []
    changed = resealed(lambda document: gone.append(document["theorems"].pop()["name"]))
    assert ("texts", gone[0], "declaration") in found(changed)


def test_no_manifest(checkout: Path, export: Export) -> None:
    """One line that says what writes it."""
    (checkout / MANIFEST).unlink()
    with pytest.raises(InputError, match=r"artifact\.json: No such file") as refused:
        files(export, checkout)
    assert refused.value.hint == "`python scripts/metadata.py` writes it"
