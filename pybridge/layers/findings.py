"""What was found out about a layer.

``run.py`` makes these, ``report.py`` puts them into words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pybridge.errors import brief
from pybridge.kernels.calls import Fault
from pybridge.kernels.outcomes import Outcome, WithinBound
from pybridge.kernels.probes import Probe
from pybridge.kernels.report import Finding
from pybridge.layers.known import SIGNS
from pybridge.layers.reading import Reading


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OutputFinding:
    """What was found out about one output.

    Parameters
    ----------
    name
        "forward", "dx", "dgamma" or "dbeta".
    finding
        About its numbers; None where none could be compared.
    """

    name: str
    finding: Finding | None

    def __repr__(self) -> str:
        return brief(self, f"{SIGNS[self.name]}: {'nothing compared' if self.finding is None else self.finding.outcome}")

    @property
    def factor(self) -> float:
        """A factor of all numbers that differs from 1 by this much would have been seen; infinite where none would."""
        return float("inf") if self.finding is None else self.finding.factor

    @property
    def where(self) -> str:
        """What the numbers that are off have in common, where no change explains these."""
        return "" if self.finding is None else self.finding.where

    @property
    def right(self) -> bool:
        """Whether every number that was compared is within its bound."""
        return self.finding is not None and isinstance(self.finding.outcome, WithinBound)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class LayerFinding:
    """What was found out about a layer.

    Parameters
    ----------
    reading
        How the layout was read.
    eps
        The ε of the comparison, and whether it was found out from the numbers.
    outputs
        Each that was compared.
    faults
        What is wrong beside the numbers.
    probes
        What was tried.
    refused
        Probes that the layer refused, with a batch of one entry, of which there is no spread.
    repeat
        What to call to see it again.
    reproduce
        Lines of a call with the smallest arrays that show it.
    """

    reading: Reading
    eps: float
    eps_found: bool
    outputs: tuple[OutputFinding, ...]
    faults: tuple[Fault, ...]
    probes: tuple[Probe, ...]
    refused: tuple[str, ...] = ()
    repeat: str = ""
    reproduce: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def __repr__(self) -> str:
        said = "right" if self.right else "; ".join([one.said for one in self.faults] + [repr(one) for one in self.outputs])
        return brief(self, f"{self.reading.layer.name}: {said}")

    @property
    def right(self) -> bool:
        """Whether all outputs are, and there is no fault."""
        return not self.faults and bool(self.outputs) and all(one.right for one in self.outputs)

    @property
    def outcome(self) -> Outcome | None:
        """That of the first output that is wrong, or else of the first; None where nothing was compared."""
        known = [one for one in self.outputs if one.finding is not None]
        wrong = [one.finding for one in known if not one.right]
        chosen = wrong or [one.finding for one in known]
        return chosen[0].outcome if chosen and chosen[0] is not None else None

    @property
    def by_name(self) -> Mapping[str, OutputFinding]:
        """The outputs by name."""
        return {one.name: one for one in self.outputs}
