"""Digests are quoted for people in one place, so that one that is printed here is found there."""

from __future__ import annotations

import re
from pathlib import Path

from pybridge.artifact.cite import FORMATS, cite
from pybridge.export.document import quoted
from pybridge.export.loading import load

PACKAGE = Path(__file__).resolve().parents[2] / "pybridge"
QUOTED = re.compile(r"(?<!hex)digest[\w\[\]\"'()]*\[:|[Ss]ha256 \{|digest \{(?!quoted)|[Ee]xport \{export\.digest")


def test_one_form() -> None:
    """``sha256:`` and the same number of digits, or all of them."""
    assert quoted("ab" * 32) == "sha256:abababababab…"
    assert quoted("ab" * 32, whole=True) == f"sha256:{'ab' * 32}"
    assert QUOTED.search('f"{export.digest[:12]}"')
    assert QUOTED.search('f"digest {export.digest}"')


def test_no_other_place_cuts_a_digest() -> None:
    """Nor writes one in another form."""
    found = {
        f"{file.relative_to(PACKAGE)}: {line.strip()}"
        for file in PACKAGE.rglob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if QUOTED.search(line)
    }
    assert found == set()


def test_a_citation_has_all_of_it() -> None:
    """Whoever cites has to be able to compare."""
    export = load(check_sources=False)
    theorem = export.theorem("norm_sq_backward")
    assert all(quoted(export.digest, whole=True) in cite(form, export, theorem) for form in FORMATS)
