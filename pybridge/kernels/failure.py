"""The assertion that fails where a kernel is wrong; ``pybridge.testing`` has it under its own name."""

from __future__ import annotations

from collections.abc import Sequence

from pybridge.errors import brief
from pybridge.kernels.outcomes import Outcome


class KernelError(AssertionError):
    """A kernel computes something else, or loses digits.

    Parameters
    ----------
    report
        The lines a person reads; the first says what is wrong.
    outcome
        Which of the outcomes it is; None from ``assert_satisfies`` where every computed value is right by itself, and from
        ``assert_layer`` where no number is wrong, but a shape, or an argument that is overwritten.
    """

    def __init__(self, report: Sequence[str], outcome: Outcome | None) -> None:
        self.report = tuple(report)
        self.outcome = outcome
        self.shown_elsewhere = False
        super().__init__("\n".join(report))

    def __repr__(self) -> str:
        return brief(self, self.report[0])

    def __str__(self) -> str:
        return self.report[0] if self.shown_elsewhere else "\n".join(self.report)
