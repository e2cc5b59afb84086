"""Every case of a framework, run on the batches of ``assert_layer`` and on means that grow against the spread.

In: a framework's name, formats, a seed.  Out: a ``Conformance``.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pybridge.conformance.cases import Case, cases_of, versions
from pybridge.conformance.digits import Curve, curves
from pybridge.errors import InputError, PybridgeError
from pybridge.export.loading import Export
from pybridge.kernels.calls import raised_by
from pybridge.kernels.outcomes import AnotherFunction, LosesDigits, NotTold, Outcome, WithinBound
from pybridge.kernels.patterns import OFF_AT_OFFSETS
from pybridge.layers.check import check_layer
from pybridge.layers.findings import OutputFinding
from pybridge.layers.known import RUNNING, comparable, layer_named
from pybridge.layers.report import headline

RIGHT, LIMIT, NOT_TOLD, FAULT, NOT_TAKEN = "right", "limit", "not told", "fault", "not taken"
"""A limit: digits are lost, and nothing else is wrong.  Not told: digits that are lost may be all that is wrong, and may not.
Not taken: the framework refuses these arrays.
"""
ORDER = (RIGHT, LIMIT, NOT_TOLD, FAULT)
"""From the best to the worst."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What was found of an output.

    Parameters
    ----------
    verdict
        One of the words above.
    said
        What is wrong, in one line; empty where nothing is.
    numbers
        How many were compared.
    share, worst
        The largest share of its bound that an error took, and the set of arrays.
    factor
        A factor of all numbers that differs from 1 by this much would have been seen.
    """

    name: str
    verdict: str
    said: str
    numbers: int
    share: float
    worst: str
    factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What was found of a case; ``refused`` is what the framework said of arrays it does not take."""

    case: Case
    reading: str
    outputs: tuple[Output, ...] = ()
    faults: tuple[str, ...] = ()
    refused: str = ""
    repeat: str = ""

    @property
    def verdict(self) -> str:
        """That of the worst output."""
        if self.refused:
            return NOT_TAKEN
        found = {one.verdict for one in self.outputs} | ({FAULT} if self.faults else set())
        return max(found, key=ORDER.index)

    @property
    def worst(self) -> Output | None:
        """The output that took the largest share of its bound, those that are wrong first."""
        return max(self.outputs, key=lambda one: (ORDER.index(one.verdict), one.share), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conformance:
    """What was found of a framework."""

    target: str
    versions: dict[str, str]
    seed: int
    results: tuple[Result, ...]
    curves: tuple[Curve, ...] = ()
    not_compared: tuple[str, ...] = field(default=())

    @property
    def right(self) -> bool:
        """Whether all that the framework takes is right, and there is something."""
        verdicts = [one.verdict for one in self.results]
        return RIGHT in verdicts and set(verdicts) <= {RIGHT, NOT_TAKEN}


def chosen(target: str, dtypes: Sequence[str], layers: Sequence[str]) -> tuple[Case, ...]:
    """The cases of some layers in some formats.

    Raises
    ------
    PybridgeError
        There is no such target or layer, the target is not installed, or takes no such format.
    """
    names = {layer_named(one).name for one in layers}
    found = tuple(one for one in cases_of(target, dtypes) if not names or one.layer in names)
    if not found:
        raise InputError(f"{target} has no {', '.join(layers) or 'layer'} in {', '.join(dtypes)}", hint="name others")
    return found


def conform(
    target: str, cases: Sequence[Case], *, seed: int, export: Export, tell: Callable[[str, int], None] = lambda _, __: None
) -> Conformance:
    """Run the cases.

    Parameters
    ----------
    tell
        Is told what is at work, and how many cases are done.
    """
    results, drawn, done = [], [], set()
    for case in cases:
        tell(case.name, 0)
        results.append(_result(case, seed, export))
        line = (case.series, case.dtype, case.weights or case.dtype)
        if results[-1].verdict != NOT_TAKEN and line not in done:
            done.add(line)
            drawn += curves(case, seed, export)
        tell(case.name, 1)
    lacking = {name: layer_named(name).outputs for name in dict.fromkeys(one.layer for one in cases)}
    missing = [
        f"{output} of {name}"
        for name, outputs in lacking.items()
        for output in outputs
        if output not in RUNNING and output not in comparable(name, export)
    ]
    return Conformance(
        target=target,
        versions={"python": platform.python_version(), **versions(target), "machine": f"{sys.platform} {platform.machine()}"},
        seed=seed,
        results=tuple(results),
        curves=tuple(drawn),
        not_compared=tuple(missing),
    )


def _result(case: Case, seed: int, export: Export) -> Result:
    wanted = [one for one in comparable(case.layer, export) if case.weights or one in ("forward", "dx")]
    try:
        found = check_layer(**case.arguments(), outputs=wanted, seed=seed, export=export)
    except PybridgeError:
        raise
    except Exception as error:  # noqa: BLE001  what a framework says of arrays it does not take
        return Result(case=case, reading="", refused=raised_by(error), repeat=case.call(only="plain"))
    outputs = tuple(_output(one) for one in found.outputs)
    made = Result(case=case, reading=str(found.reading), outputs=outputs, faults=tuple(one.said for one in found.faults))
    only = {"only": made.worst.worst} if made.worst is not None and made.worst.worst else {}
    repeat = case.call(outputs=tuple(wanted), **only, **({"seed": seed} if seed else {}))
    return Result(case=case, reading=made.reading, outputs=outputs, faults=made.faults, repeat=repeat)


def _output(one: OutputFinding) -> Output:
    if one.finding is None:
        return Output(
            name=one.name, verdict=FAULT, said="nothing could be compared", numbers=0, share=0.0, worst="", factor=one.factor
        )
    verdict = verdict_of(one.finding.outcome, one.where)
    shares = {each.table.case: float(each.share[0].max()) for each in one.finding.judged.judgements}
    worst = max(shares, key=shares.__getitem__)
    return Output(
        name=one.name,
        verdict=verdict,
        said="" if verdict == RIGHT else headline(one),
        numbers=one.finding.judged.numbers,
        share=shares[worst],
        worst=worst,
        factor=one.factor,
    )


def verdict_of(outcome: Outcome, where: str = "") -> str:
    """The word for an outcome.

    What nothing explains is not told where it is off at offsets only: squares expanded in one pass leave no digit there.
    """
    match outcome:
        case WithinBound():
            return RIGHT
        case LosesDigits():
            return LIMIT
        case NotTold():
            return NOT_TOLD
        case AnotherFunction(guesses=()) if where == OFF_AT_OFFSETS:
            return NOT_TOLD
        case AnotherFunction():
            return FAULT
