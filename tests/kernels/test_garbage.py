"""The search for garbage is put off, and back as it was."""

from __future__ import annotations

import gc

import pytest

from pybridge.kernels import diagnosis
from pybridge.kernels.garbage import MADE, seldom_collected
from pybridge.testing import check_kernel


@pytest.fixture
def before():
    """Thresholds that nothing else sets."""
    found = gc.get_threshold()
    gc.set_threshold(701, 11, 12)
    yield gc.get_threshold()
    gc.set_threshold(*found)


def test_as_before_afterwards(before):
    """Also where two contexts end in the order in which they began, as those of two threads may, and after an error."""
    one, other = seldom_collected(), seldom_collected()
    one.__enter__()
    assert gc.get_threshold() == (MADE, *before[1:])
    other.__enter__()
    one.__exit__(None, None, None)
    assert gc.get_threshold()[0] == MADE
    other.__exit__(None, None, None)
    assert gc.get_threshold() == before
    with pytest.raises(ZeroDivisionError), seldom_collected():
        1 / 0  # noqa: B018
    assert gc.get_threshold() == before


@pytest.mark.parametrize("own", [0, MADE + 1])
def test_a_program_that_searches_less_is_obeyed(before, own):
    """Never, or after more objects."""
    gc.set_threshold(own, *before[1:])
    with seldom_collected():
        assert gc.get_threshold()[0] == own
    assert gc.get_threshold()[0] == own


def test_a_diagnosis_is_within(before, kernels, monkeypatch):
    """And what it comes after is not."""
    seen = []
    whole = diagnosis.looks

    def watched(*rest):
        seen.append(gc.get_threshold()[0])
        return whole(*rest)

    monkeypatch.setattr(diagnosis, "looks", watched)
    assert not check_kernel(kernels.gamma_twice, layout="NCHW", sizes={"N": (3,), "C": (2,), "H": (2,), "W": (2,)}).right
    assert set(seen) == {MADE}
    assert gc.get_threshold() == before
