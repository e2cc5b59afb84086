"""The record of the trace and its archive say the same, and where there has to be one."""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import tarfile
from pathlib import Path

import pytest

from pybridge.dojo import recorded
from pybridge.errors import InputError


@pytest.mark.parametrize("what", ["files", "tactics", "premises"])
def test_a_record_that_counts_otherwise(recording: Path, what: str) -> None:
    """The record's own counts are those of the archive."""
    about = recorded.record(recording)
    about[what] += 1
    (recording / recorded.ABOUT).write_text(json.dumps(about), encoding="utf-8")
    with pytest.raises(InputError, match=rf"speaks of {about[what]} {what}, and trace\.tar\.xz has {about[what] - 1}"):
        recorded.read(recording)


def test_a_file_of_which_the_record_does_not_speak(recording: Path) -> None:
    """It is named, and nothing is read."""
    stream = io.BytesIO(lzma.decompress((recording / recorded.ARCHIVE).read_bytes()))
    with tarfile.open(fileobj=stream, mode="a") as archive:
        archive.addfile(tarfile.TarInfo("../evil.txt"))
    data = lzma.compress(stream.getvalue())
    about = recorded.record(recording)
    about["archive"]["sha256"] = hashlib.sha256(data).hexdigest()
    (recording / recorded.ARCHIVE).write_bytes(data)
    (recording / recorded.ABOUT).write_text(json.dumps(about), encoding="utf-8")
    with pytest.raises(InputError, match=r"it holds '\.\./evil\.txt', of which trace\.json does not speak"):
        recorded.read(recording)


@pytest.mark.parametrize("left", [(recorded.ABOUT,), (recorded.ARCHIVE,), (Path("artifact.json"),), ()])
def test_where_a_trace_is_expected(tmp_path: Path, left: tuple[Path, ...]) -> None:
    """In this project, and where a part of a record is; not in another library without one."""
    for one in left:
        (tmp_path / one).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / one).write_text("{}", encoding="utf-8")
    assert recorded.expected(tmp_path) is bool(left)
