"""The zoo: what the comparisons of others let through, what ``assert_layer`` says of it, and the page that has it."""

from __future__ import annotations

from pathlib import Path

import pytest
from zoo import ZOO

from pybridge.testing import KernelError, assert_layer

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "zoo.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("specimen", ZOO.values(), ids=ZOO)
def test_every_specimen_is_refused_where_its_host_lets_it_pass(specimen):
    """The host's comparison, run, finds nothing; the first line names the fault."""
    assert specimen.passes()
    with pytest.raises(KernelError) as failed:
        assert_layer(
            specimen.layer,
            backward=specimen.backward,
            outputs="dx",
            eps=1e-5,
            only=("plain", "small-spread"),
            **specimen.options,
        )
    first = str(failed.value).splitlines()[0]
    assert first.startswith(f"{specimen.layer}: ∂x: ")
    assert specimen.said in first, first


@pytest.mark.parametrize("specimen", ZOO.values(), ids=ZOO)
def test_the_page_has_every_specimen(specimen):
    """With its report, its fault, its comparison and what is said of it."""
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| {specimen.report} |"))
    assert f"| {specimen.fault} | {specimen.compared} |" in row
    assert specimen.said in row
