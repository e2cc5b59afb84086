"""What is wrong with a kernel beside its numbers: an argument or a result that is overwritten, a state from call to call.

In: what was handed to a kernel, and ways to call it again.  Out: ``Fault``s.  Kernels (``run.py``) and whole layers share this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from pybridge.errors import PybridgeError
from pybridge.kernels.frameworks import Doubles, doubles_of
from pybridge.kernels.probes import Probe

CALLS = 40
"""So often a kernel is called in all, at least: some are right until a count is reached."""
REUSED, STATE, KEPT, EPS_IGNORED, OVERWRITTEN = "reused", "state", "kept", "eps", "overwritten"
_NOT_WRITABLE = ("read-only", "more than one element of the written-to tensor")
"""In what NumPy and torch say of a view that repeats entries and is written to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong beside the numbers.

    Parameters
    ----------
    kind
        "shape", "dtype", "returned", "overwritten", "raised", "reused", "kept", "state" or "eps".
    output
        Which output it is about; empty where it is about the call.
    said
        In one line.
    probes
        On which it was seen.
    """

    kind: str
    output: str
    said: str
    probes: tuple[str, ...]


SHORT = {
    "shape": "a shape is wrong",
    "dtype": "a dtype is wrong",
    "returned": "an output is missing",
    OVERWRITTEN: "an argument is overwritten",
    "raised": "it raises on some batches",
    REUSED: "a result is overwritten later",
    KEPT: "what is kept for the backward pass is overwritten",
    STATE: "earlier calls change what it computes",
    EPS_IGNORED: "the eps handed over is not used",
}


def short(faults: Sequence[Fault], besides: Fault | None = None) -> list[str]:
    """What is wrong in a few words beside one that was said, each kind once; which argument is overwritten is said."""
    rest = [one for one in faults if one is not besides and not _explained(one, faults)]
    return list(dict.fromkeys(one.said if one.kind == OVERWRITTEN else SHORT[one.kind] for one in rest))


def leading(faults: Sequence[Fault]) -> Fault | None:
    """What comes before numbers that are off, since it may be why they are."""
    return of_state(faults) or next((one for one in faults if one.kind == OVERWRITTEN), None)


def _explained(fault: Fault, faults: Sequence[Fault]) -> bool:
    """Whether it is only that the argument which it overwrites could not be written to once."""
    return _writes(fault) and len(fault.probes) == 1 and any(one.kind == OVERWRITTEN for one in faults)


def _writes(fault: Fault) -> bool:
    """Whether it is raised since a view that repeats entries is written to."""
    return fault.kind == "raised" and any(one in fault.said for one in _NOT_WRITABLE)


def head(fault: Fault) -> str:
    """A fault in one line, with where it was seen."""
    several = f" and {len(fault.probes) - 1} others" if len(fault.probes) > 1 else ""
    hint = ""
    if fault.kind == "raised":
        hint = "; does it write into an argument?" if _writes(fault) else "; if it takes some sizes only, pass sizes="
    return f"{fault.said} (on {fault.probes[0]}{several}){hint}"


def together(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Each fault once, with all probes that show it; of wrong shapes, which differ, the first of each output."""
    found: dict[tuple[str, str, str], Fault] = {}
    for one in faults:
        key = (one.kind, one.output, "" if one.kind in ("shape", "raised") else one.said)
        known = found.get(key)
        found[key] = (
            one
            if known is None
            else Fault(kind=one.kind, output=one.output, said=known.said, probes=(*known.probes, *one.probes))
        )
    return tuple(found.values())


R = TypeVar("R")


def runs_of(
    tried: Iterable[tuple[Probe, Callable[[], R]]], *, ours: type[PybridgeError] = PybridgeError
) -> tuple[list[R], list[Fault]]:
    """Run every probe.  What the first raises, and ``ours``, comes through; of others it is a fault, and the rest is run."""
    __tracebackhide__ = True
    runs: list[R] = []
    raised: list[Fault] = []
    for probe, run in tried:
        try:
            runs.append(run())
        except ours:
            raise
        except Exception as error:
            if not runs:
                hinted(error, probe)
                raise
            raised.append(Fault(kind="raised", output="", said=f"it raises {raised_by(error)}", probes=(str(probe),)))
    return runs, raised


def unless_refused(call: Callable[[], R], *, alone: bool, through: tuple[type[Exception], ...] = ()) -> R | None:
    """What a call returns; None where it raises anything but our own errors on a batch of one entry, which some refuse."""
    __tracebackhide__ = True
    try:
        return call()
    except Exception as error:
        if alone and not isinstance(error, (PybridgeError, *through)):
            return None
        raise


def hinted(error: Exception, probe: Probe) -> None:
    """Add to what a kernel raises itself which lengths it was given, and how to say which ones it takes."""
    given = ", ".join(f"{letter} = {length}" for letter, length in probe.lengths.items())
    letter = list(probe.lengths)[-1]
    takes = f'sizes={{"{letter}": (64, 128)}}'
    note = f"pybridge called it with {given}. If it takes some lengths only, say which: {takes} where {letter} is 64 or 128."
    notes = getattr(error, "__notes__", [])
    if note not in notes:
        error.__notes__ = [*notes, note]  # type: ignore[attr-defined]


def raised_by(error: Exception) -> str:
    """What somebody else's code raised, in one line."""
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0][:160]}"


def numbers_of(arrays: Mapping[str, Any]) -> dict[str, Doubles]:
    """Copies of the numbers of arrays; what is none is left out."""
    found = {}
    for name, value in arrays.items():
        try:
            found[name] = doubles_of(name, value)[0].copy()
        except PybridgeError:
            continue
    return found


def same(one: Doubles | None, other: Doubles | None) -> bool:
    """Whether two arrays hold the same numbers."""
    return one is not None and other is not None and np.array_equal(one, other, equal_nan=True)


def overwritten(
    given: Mapping[str, Any], before: Mapping[str, Doubles], case: str, called: Callable[[str], str] = str
) -> Iterator[Fault]:
    """Yield a fault for each argument that does not hold the numbers that it held before, ``called`` by its author."""
    after = numbers_of(given)
    for name, value in before.items():
        if not same(after.get(name), value):
            yield Fault(kind=OVERWRITTEN, output="", said=f"its argument {called(name)} is overwritten", probes=(case,))


@dataclass(frozen=True, slots=True)
class Again:
    """A kernel that is to be called again.

    Parameters
    ----------
    first, other
        Call it on the arrays that it was called on first, and on others of the same shapes; the results by name.
    seen
        What it gave first.
    off
        Whether numbers under this name are further off than the bound allows.
    signs
        What the results are called.
    case
        The arrays.
    """

    first: Callable[[], Mapping[str, Any]]
    other: Callable[[], Mapping[str, Any]]
    seen: Mapping[str, Doubles]
    off: Callable[[str, Doubles], bool]
    signs: Mapping[str, str]
    case: str

    def faults(self, before: int, calls: int) -> tuple[Fault, ...]:
        """What comes to light when it is called again.

        Parameters
        ----------
        before
            How often it was called.
        calls
            How often it is to have been called in the end, at least.
        """
        try:
            kept = self.first()
            now = numbers_of(kept)
            self.other()
            later = numbers_of(kept)
            changed = [self.signs[name] for name in now if name in self.signs and not same(now[name], later.get(name))]
            found = [self._fault(REUSED, f"{one}, once returned, is overwritten by its next call") for one in changed]
            state = self._state(now, before + 1)
            for number in range(before + 3, max(calls, before + 3) + 1):
                state = state or self._state(numbers_of(self.first()), number)
        except Exception as error:  # noqa: BLE001  a kernel may raise anything
            said = f"called again with the same arrays, it raises {raised_by(error)}"
            return (self._fault(STATE, said),)
        return tuple(found + ([state] if state is not None else []))

    def _state(self, now: Mapping[str, Doubles], number: int) -> Fault | None:
        for name, value in now.items():
            before = self.seen.get(name)
            if before is None or same(before, value):
                continue
            if self.off(name, value) or self.off(name, before):
                again = f"is another one when it is called again with the same arrays (call {number})"
                said = f"{self.signs[name]} {again}: it keeps something between calls"
                return self._fault(STATE, said)
        return None

    def _fault(self, kind: str, said: str) -> Fault:
        return Fault(kind=kind, output="", said=said, probes=(self.case,))


def of_state(faults: Sequence[Fault]) -> Fault | None:
    """That what is computed depends on earlier calls, which explains any numbers."""
    return next((one for one in faults if one.kind == STATE), None)
