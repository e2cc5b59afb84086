"""Exports that come from where none should, and callers that pass something else."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

import pybridge
from pybridge.errors import ExportError, InputError
from pybridge.export import document as reading
from pybridge.export.loading import DEFAULT, dumps, load, seal
from pybridge.export.own import own


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no device that never ends here")
def test_a_device_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its size is not known before; no more is read than an export may have."""
    monkeypatch.setattr(reading, "MAX_BYTES", 2**16)
    with pytest.raises(ExportError, match="larger than 65536 bytes"):
        load(Path("/dev/zero"))


def test_two_hypotheses_of_one_name_are_refused(tmp_path: Path) -> None:
    """A hypothesis is certified by its name."""
    changed = copy.deepcopy(json.loads(DEFAULT.read_text(encoding="utf-8")))
    theorem = next(one for one in changed["theorems"] if len(one["hypotheses"]) > 1)
    first, second, *_ = theorem["hypotheses"]
    second["name"] = first["name"]
    path = tmp_path / "export.json"
    path.write_text(dumps(seal(changed)), encoding="utf-8")
    with pytest.raises(ExportError, match=f"two hypotheses are called {first['name']}"):
        load(path)


@pytest.mark.parametrize("path", [3, True, [], b"x"])
def test_a_path_is_a_path(path: object) -> None:
    """Anything else is one line."""
    with pytest.raises(InputError, match="expected the path of an export"):
        load(path)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["\0", "\ud800"])
def test_a_name_that_no_file_has(name: str) -> None:
    """As one that is not there."""
    with pytest.raises(ExportError, match="cannot be read"):
        load(Path(name))


@pytest.mark.parametrize(
    "call",
    [
        lambda: pybridge.oracle("mean", export=3),
        lambda: pybridge.strategies.for_theorem("variance_nonneg", export=3),
        lambda: pybridge.check("variance_nonneg", export=3),
        lambda: pybridge.testing.assert_computes("mean", 1.0, y=[1.0], export=3),
    ],
    ids=["oracle", "for_theorem", "check", "assert_computes"],
)
def test_an_export_is_one(call) -> None:
    """Where one is taken, something else is refused by the same line."""
    with pytest.raises(InputError, match=r"export is of type int; pass what pybridge\.load returns"):
        call()


def test_the_own_export_is_read_again_where_its_times_are_put_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An edit of the same length, with the old times set on the file, is seen all the same."""
    import os

    from pybridge.export import own as module

    path = tmp_path / "export.json"
    path.write_bytes(DEFAULT.read_bytes())
    monkeypatch.setattr(module, "DEFAULT", path)
    monkeypatch.setattr(module, "load", lambda **options: load(path, **options))
    module._decoded.cache_clear()
    assert own().digest == load(check_sources=False).digest
    times = path.stat()
    content = path.read_bytes()
    path.write_bytes(content.replace(b"norm", b"nxrm", 1))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    with pytest.raises(ExportError, match="edited after it was written"):
        own()
    module._decoded.cache_clear()
