"""Freshness: an export is of the sources beside it, or it is refused."""

from __future__ import annotations

import mmap
import os

import pytest
from documents import document, write

from pybridge import errors
from pybridge.export import sources
from pybridge.export.loading import Fresh, Unchecked, hash_sources, load
from pybridge.export.sources import freshness, kept_hash

ELSEWHERE = "write it again where it comes from, or use the package's own"


@pytest.fixture
def checkout(tmp_path):
    """A checkout with Lean sources and a fresh export."""
    (tmp_path / "lean" / "Test").mkdir(parents=True)
    (tmp_path / "pybridge" / "data").mkdir(parents=True)
    for name in ("lean/Test.lean", "lean/Test/More.lean", "lean-toolchain", "lake-manifest.json", "lean/notes.txt"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    recorded = [{"file": file, "sha256": sha} for file, sha in hash_sources(tmp_path).items()]
    write(tmp_path / "pybridge" / "data" / "export.json", {**document(), "sources": recorded})
    return tmp_path


def test_a_fresh_export(checkout):
    """The recorded sources are those beside it; what is no source does not matter."""
    (checkout / "lean" / "notes.txt").write_text("changed", encoding="utf-8")
    export = load(checkout / "pybridge" / "data" / "export.json")
    assert export.freshness == Fresh(checkout)
    names = ["lake-manifest.json", "lean-toolchain", "lean/Test.lean", "lean/Test/More.lean"]
    assert [source.file for source in export.sources] == names


STALE = {
    "changed": (lambda root: (root / "lean/Test.lean").write_text("lean/Test.lean "), "lean/Test.lean has changed"),
    "missing": (lambda root: (root / "lean/Test/More.lean").unlink(), "lean/Test/More.lean is missing"),
    "new": (lambda root: (root / "lean/New.lean").write_text(""), "lean/New.lean is new"),
    "toolchain": (lambda root: (root / "lean-toolchain").write_text("other"), "lean-toolchain has changed"),
}


@pytest.mark.parametrize(("apply", "message"), STALE.values(), ids=STALE)
def test_a_stale_export(checkout, apply, message):
    """It says which file, and is loaded only by those who say that they do not mind."""
    apply(checkout)
    path = checkout / "pybridge" / "data" / "export.json"
    with pytest.raises(errors.ExportStale) as stale:
        load(path)
    assert str(stale.value) == f"{path}: stale: {message} since the export was written; {ELSEWHERE}"
    assert load(path, check_sources=False).freshness == Unchecked("not asked for")


def test_line_ends_are_no_change(checkout):
    """A clone that was given CRLF holds the same sources; a lone carriage return, or a line more, is a change."""
    source = checkout / "lean" / "Test.lean"
    source.write_bytes(b"theorem a :\n  True := trivial\n")
    recorded = hash_sources(checkout)
    source.write_bytes(b"theorem a :\r\n  True := trivial\r\n")
    assert hash_sources(checkout) == recorded
    for changed in (b"theorem a :\r  True := trivial\n", b"theorem a :\r\n  True := trivial\r\n\r\n"):
        source.write_bytes(changed)
        assert hash_sources(checkout) != recorded


@pytest.mark.skipif(os.name == "nt", reason="Windows does not say when a file was last changed, if its time is put back")
def test_an_edit_is_seen_in_the_same_process(checkout, monkeypatch):
    """Of the same length and with the time put back, too, whether or not the hash of the file is kept."""
    source = checkout / "lean" / "Test.lean"
    for settled in (sources._SETTLED, -(2**62)):
        monkeypatch.setattr(sources, "_SETTLED", settled)
        before, state = hash_sources(checkout, kept_hash), source.stat()
        assert (str(source) in sources._hashed) == (settled < 0)
        assert hash_sources(checkout, kept_hash) == before
        edited = source.read_text().swapcase()
        while source.read_text() != edited or source.stat().st_ctime_ns == state.st_ctime_ns:  # until the clock ticks
            source.write_text(edited)
            os.utime(source, ns=(state.st_atime_ns, state.st_mtime_ns))
        assert source.stat().st_size == state.st_size
        assert hash_sources(checkout, kept_hash)["lean/Test.lean"] != before["lean/Test.lean"]


def test_an_edit_that_leaves_all_times_is_seen(checkout, monkeypatch):
    """As one through a shared memory map may be: who reads an export has its sources hashed anew, whatever was kept."""
    source, path = checkout / "lean" / "Test.lean", checkout / "pybridge" / "data" / "export.json"
    recorded = {one.file: one.sha256 for one in load(path).sources}
    monkeypatch.setattr(sources, "_state", lambda _: (0, 0, 0, 0))
    assert freshness(path, recorded, kept_hash) == load(path).freshness == Fresh(checkout)
    with source.open("r+b") as stream, mmap.mmap(stream.fileno(), 0) as mapped:
        mapped[:1] = b"L"
    assert freshness(path, recorded, kept_hash) == Fresh(checkout)
    with pytest.raises(errors.ExportStale, match=r"lean/Test\.lean has changed"):
        load(path)
    with pytest.raises(errors.ExportStale, match=r"lean/Test\.lean has changed"):
        freshness(path, recorded)
