"""The house: what docs/architecture.md says stands where, the packages' docstrings, and the sizes that keep it livable."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PACKAGES = sorted(folder.parent.name for folder in (ROOT / "pybridge").glob("*/__init__.py"))
MOST_LINES, MOST_AT_THE_TOP = 300, 8


def layers() -> list[set[str]]:
    """The import contract of the top, the highest line first."""
    (contract,) = re.findall(
        r'containers = \["pybridge"\]\n.*?layers = \[(.*?)\n\]', (ROOT / "pyproject.toml").read_text(), re.DOTALL
    )
    return [set(line.split(" | ")) for line in re.findall(r'"([^"]+)"', contract)]


def test_every_place_named_is_there() -> None:
    """``name`` in ``folder/file``: the file is there, and what is said to be in it."""
    named = re.findall(r"`(\w+)` (?:in|of)\s`((?:\w+/)+\w+\.(?:py|lean))`", PAGE)
    assert len(named) > 15
    for name, file in named:
        if file.endswith(".lean"):
            assert name in (ROOT / file).read_text(encoding="utf-8"), (name, file)
        else:
            assert hasattr(importlib.import_module(f"pybridge.{file[:-3].replace('/', '.')}"), name), (name, file)


def test_every_file_named_is_there() -> None:
    """Files and folders of the page, with or without what is in them."""
    named = re.findall(r"`((?:\w+/)+(?:\w+\.\w+)?)`", PAGE)
    assert len(named) > 25
    assert [file for file in named if not (ROOT / file).exists() and not (ROOT / "pybridge" / file).exists()] == []


def test_the_picture_is_the_contract() -> None:
    """The packages stand in the page in the order of the import contract, each of them once."""
    picture = PAGE.partition("\n    errors ")[2].partition("\n\n")[0]
    order = re.findall(r"(?:^|\s{4,})(\w+)/ ", f"    errors {picture}", re.MULTILINE)
    assert sorted(order) == sorted(set(PACKAGES) - {"data"})
    place = {name: number for number, names in enumerate(reversed(layers())) for name in names}
    assert [place[name] for name in order] == sorted(place[name] for name in order)


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_say_where_to_begin(package: str) -> None:
    """What comes in, what goes out, and a file to open first, which is there."""
    said = importlib.import_module(f"pybridge.{package}").__doc__ or ""
    assert "In: " in said
    assert "Out: " in said
    (first,) = re.findall(r"Open\s``(\w+\.py)``\sfirst", said)
    assert (ROOT / "pybridge" / package / first).exists()


def test_files_are_short() -> None:
    """No file of the package or of the tests is longer than can be held in mind, and few stand at the top."""
    files = [file for folder in ("pybridge", "tests") for file in (ROOT / folder).rglob("*.py")]
    assert len(files) > 150
    lengths = {str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines()) for file in files}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}
    assert len(list((ROOT / "pybridge").glob("*.py"))) <= MOST_AT_THE_TOP
