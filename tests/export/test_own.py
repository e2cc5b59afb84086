"""The package's own export: what ``load`` gives, without decoding it again, and stale where ``load`` finds it so."""

from __future__ import annotations

import pytest
from documents import document, write

from pybridge import errors
from pybridge.export import loading, own, sources
from pybridge.export.loading import Fresh, hash_sources, load


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout whose export is the package's own."""
    for folder in ("lean", "pybridge/data"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "lean" / "Test.lean").write_text("theorem a : True := trivial\n")
    for module in (loading, own):
        monkeypatch.setattr(module, "DEFAULT", tmp_path / "pybridge" / "data" / "export.json")
    yield tmp_path
    own._decoded.cache_clear()
    sources._hashed.clear()


def exported(root, **changed):
    """Write the export of a checkout."""
    recorded = [{"file": file, "sha256": sha} for file, sha in hash_sources(root).items()]
    write(root / "pybridge" / "data" / "export.json", {**document(), "sources": recorded, **changed})


def test_it_is_what_load_gives(checkout) -> None:
    """Decoded once, and equal."""
    exported(checkout)
    assert own.own() == load()
    assert own.own().definitions is own.own().definitions
    assert own.own().freshness == Fresh(checkout)


def test_a_change_is_noticed(checkout) -> None:
    """Of a source, of the export, and that it is gone: each call is as good as the first."""
    exported(checkout)
    before = own.own()
    (checkout / "lean" / "Test.lean").write_text("theorem b : True := trivial\n")
    with pytest.raises(errors.ExportStale, match=r"lean/Test\.lean has changed"):
        own.own()
    exported(checkout, lean={"version": "4.99.0", "githash": "0" * 40})
    assert own.own().lean.version == "4.99.0" != before.lean.version
    (checkout / "pybridge" / "data" / "export.json").write_text("{")
    with pytest.raises(errors.ExportError, match="ends after"):
        own.own()
    (checkout / "pybridge" / "data" / "export.json").unlink()
    with pytest.raises(errors.ExportMissing):
        own.own()


def test_an_edit_that_leaves_all_times_is_noticed(checkout, monkeypatch) -> None:
    """Of a source and of the export, by whoever gives a verdict: only an assertion that is made by the hundred keeps a hash."""
    exported(checkout)
    monkeypatch.setattr(sources, "_state", lambda _: (0, 0, 0, 0))
    before = own.own(kept=True)
    assert own.own().definitions is before.definitions
    exported(checkout, lean={"version": "4.99.0", "githash": "0" * 40})
    assert own.own(kept=True).lean == before.lean
    assert own.own().lean.version == own.own_or(None).lean.version == "4.99.0"
    (checkout / "lean" / "Test.lean").write_text("theorem b : True := trivial\n")
    with pytest.raises(errors.ExportStale, match=r"lean/Test\.lean has changed"):
        own.own()
