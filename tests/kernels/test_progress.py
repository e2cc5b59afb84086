"""The bar of a long comparison: on a terminal only, and not before it takes long."""

from __future__ import annotations

import io
import sys

import pytest

from pybridge.kernels import progress as module
from pybridge.kernels.progress import progress


class Terminal(io.StringIO):
    """A stderr that says it is one."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch):
    """Seconds that pass when the test says so."""
    now = [0.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    return now


def test_it_is_shown_after_a_while(monkeypatch, clock):
    """With what was done before; a comparison that is quick shows nothing."""
    stderr = Terminal()
    monkeypatch.setattr(sys, "stderr", stderr)
    monkeypatch.setenv("TERM", "xterm")
    with progress("BatchNorm.backward", 100) as tell:
        tell(10)
        clock[0] = 1.9
        tell(10)
        assert stderr.getvalue() == ""
        clock[0] = 2.0
        tell(10)
        tell(70)
    shown = stderr.getvalue()
    assert "BatchNorm.backward" in shown
    assert "100/100" in shown


def test_nothing_but_a_terminal_sees_it(monkeypatch, clock):
    """Neither a pipe, nor where there is no stderr."""
    for stderr in (io.StringIO(), None):
        monkeypatch.setattr(sys, "stderr", stderr)
        with progress("mean", 10) as tell:
            clock[0] += 9
            tell(10)
        assert stderr is None or stderr.getvalue() == ""
