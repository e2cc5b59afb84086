"""Where an export says that it comes from: an edit is refused, or it is said which command would see it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pybridge.audit.provenance import _COMMITS, provenance
from pybridge.errors import InputError
from pybridge.export.loading import Export

ROOT = Path(__file__).resolve().parents[2]
Json = dict[str, Any]
Resealed = Callable[..., Export]


def found(export: Export, root: Path = ROOT) -> list[tuple[str, str]]:
    """What differs."""
    return [(one.name, one.what) for one in provenance(export, root).differences]


def test_as_it_is(export: Export) -> None:
    """Nothing differs; that another Lean wrote the export than the pinned one is said, and is no difference."""
    section = provenance(export, ROOT)
    pinned = (ROOT / "lean-toolchain").read_text(encoding="utf-8").strip()
    assert section.differences == ()
    assert f"Lean {export.lean.version}" in section.elsewhere[0]
    assert (f"{pinned} is pinned" in section.elsewhere[0]) is (export.lean.version != pinned.rpartition(":v")[2])
    assert all("`pybridge extract --check`" in line or "`lake build BridgeTest`" in line for line in section.elsewhere)


def test_the_pinned_version_is_not_believed(resealed: Resealed) -> None:
    """A release has its own commit. With that no file tells which Lean wrote it: the command that does is named."""
    pinned = (ROOT / "lean-toolchain").read_text(encoding="utf-8").strip().rpartition(":v")[2]

    def claimed(githash: str, version: str = pinned) -> Export:
        return resealed(lambda document: document["lean"].update(version=version, githash=githash))

    assert found(claimed("38f3c0c45b8df6da2652faff6dcaa15afb5a6981")) == [("lean", "githash")]
    assert found(claimed(_COMMITS[pinned], "4.26.0")) == [("lean", "githash")]
    section = provenance(claimed(_COMMITS[pinned]), ROOT)
    assert section.differences == ()
    assert "which Lean wrote it is not checked here: `pybridge extract --check`" in section.elsewhere[0]


def test_theorems_about_reals_rest_on_choice(resealed: Resealed) -> None:
    """Said to be all, without Classical.choice, the axioms are not all."""

    def sealed(*names: str) -> Export:
        def every(document: Json) -> None:
            document["lean"].update(version="4.27.0", githash=_COMMITS["4.27.0"])
            for theorem in document["theorems"]:
                theorem["axioms"] = {"complete": True, "names": list(names)}

        return resealed(every)

    assert {what for _, what in found(sealed("propext"))} == {"axioms"}
    assert len(found(sealed("propext"))) > 100
    assert found(sealed("Classical.choice", "Quot.sound", "propext")) == []


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("lean", {"version": "latest", "githash": "0" * 40}, [("lean", "version")]),
        ("lean", {"version": "4.27.0", "githash": "unknown"}, [("lean", "githash")]),
        ("mathlib", {"inputRevision": "v4.26.0"}, [("mathlib", "inputRev in lake-manifest.json")]),
        ("mathlib", {"revision": "0" * 40}, [("mathlib", "rev in lake-manifest.json")]),
    ],
)
def test_an_edit_of_the_versions(field: str, value: Json, expected: list[tuple[str, str]], resealed: Resealed) -> None:
    """Lean's version and commit have to be such; mathlib's tag and commit those of the manifest."""
    assert found(resealed(lambda document: document[field].update(value))) == expected


def test_a_hash_of_a_source(resealed: Resealed) -> None:
    """Of an export outside of the checkout as well."""
    changed = resealed(lambda document: document["sources"][0].update(sha256="0" * 64))
    assert found(changed) == [(changed.sources[0].file, "sha256")]


def test_axioms_that_are_said_to_be_complete(resealed: Resealed) -> None:
    """Of one theorem alone; or of all, from a Lean that is not the pinned one."""

    def one(document: Json) -> None:
        document["theorems"][3]["axioms"]["complete"] = not document["theorems"][0]["axioms"]["complete"]

    def every(document: Json) -> None:
        document["lean"]["version"] = "4.28.0-pre"
        for theorem in document["theorems"]:
            theorem["axioms"]["complete"] = True

    assert "axioms.complete" in {what for _, what in found(resealed(one))}
    assert ("axioms", "axioms.complete") in found(resealed(every))


def test_pins_that_part(checkout: Path, resealed: Resealed) -> None:
    """The lakefile's tag, and the toolchain's, against the manifest's."""
    lakefile = checkout / "lakefile.lean"
    lakefile.write_text(lakefile.read_text(encoding="utf-8").replace('@ "v4.', '@ "v5.'), encoding="utf-8")
    assert found(resealed(lambda _: None, checkout), checkout) == [("mathlib", "tag")]
    lakefile.write_text((ROOT / "lakefile.lean").read_text(encoding="utf-8"), encoding="utf-8")
    (checkout / "lean-toolchain").write_text("leanprover/lean4:v4.1.0\n", encoding="utf-8")
    assert found(resealed(lambda _: None, checkout), checkout) == [("mathlib", "its tag and lean-toolchain")]
    (checkout / "lean-toolchain").unlink()
    with pytest.raises(InputError, match=r"lean-toolchain: No such file"):
        provenance(resealed(lambda _: None, checkout), checkout)
