"""A kernel, run on probes: arrays made for it, what it returns compared, and a failure made small by running it again.

In: a callable, the definition it is meant to compute, the layout and format of its arrays.  Out: a ``Finding``.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from pybridge import ir
from pybridge.algebras.formats import Format
from pybridge.errors import InputError, NoBoundError
from pybridge.export.loading import Export
from pybridge.kernels.arguments import ALIASES
from pybridge.kernels.arithmetic import Arithmetic
from pybridge.kernels.bench import ASCII, Arrays, BatchAxes, Bench, Ran, SampleAxes
from pybridge.kernels.calls import CALLS, Again, numbers_of, of_state, runs_of, together, unless_refused
from pybridge.kernels.earlier import Calls, Earlier, earlier, in_halves
from pybridge.kernels.evidence import MOST_NUMBERS
from pybridge.kernels.explanations.elsewhere import elsewhere
from pybridge.kernels.explanations.order import in_order
from pybridge.kernels.forms import normalized
from pybridge.kernels.frameworks import Doubles, maker
from pybridge.kernels.judge import Comparison, Judgement, comparison
from pybridge.kernels.judged import Rows
from pybridge.kernels.layout import check_one_batch
from pybridge.kernels.outcomes import AnotherFunction, Fitting, called_in
from pybridge.kernels.patterns import pattern
from pybridge.kernels.probes import CHANNEL, SHORT_VALUES, Probe, drawn, probes, sizes_of
from pybridge.kernels.report import Finding
from pybridge.kernels.rows import finding_about
from pybridge.kernels.smaller import call_of, smaller

_LONG = 2048
"""Rows of fewer entries have a worst case that is near enough: there are short ones beside them."""


def run_kernel(
    kernel: Callable[..., Any],
    definition: ir.Definition,
    storage: Format,
    compute: Format,
    layout: str,
    eps: float,
    library: str,
    seed: int,
    export: Export,
    sizes: object = None,
) -> Finding:
    """Run a kernel; the parameters are those of ``testing.check_kernel``."""
    __tracebackhide__ = True
    _check(kernel, definition, layout, eps, seed)
    against = comparison(definition, Arithmetic(compute=compute, storage=storage), export)
    own = any(p.name == ALIASES["gamma"] and isinstance(p.kind, ir.VectorKind) for p in definition.parameters)
    axes = SampleAxes(layout) if own else BatchAxes(layout)
    shaped = normalized(definition, export.definitions)
    bench = Bench(kernel, against, axes, eps, library, maker(library, storage), shaped)
    tried = probes(axes, storage, eps, sizes_of(axes, sizes))
    runs, raised = runs_of((probe, partial(_run, bench, probe, seed)) for probe in tried)
    again = _earlier(bench, runs, tried, sizes_of(axes, sizes), seed)
    faults = together([*(fault for one in runs for fault in one.faults), *raised, *again.faults])
    judgements, off = _judged(bench, runs, tried[0])
    by_name = {one.probe.name: one for one in runs}
    misread = lambda view: bench.misread(by_name[view])  # noqa: E731
    judged, state = Rows(judgements), of_state(again.faults)
    if judged.off and state is not None:
        found = _found(against, judged, ())
    elif judged.off and (said := _over_other_axes(bench, runs, off)):
        found = _found(against, judged, (Fitting(description=said, formula=""),))
    else:
        found = finding_about(judged, against, where=pattern(off, tried, axes, judgements, misread), shortest=_LONG)
        found = in_order(found, axes, ASCII)
    failing = next((one for one in runs if off.get(one.probe.name) and not np.isnan(one.arrays[shaped]).any()), None)
    small = None if failing is None or state is not None else smaller(bench, failing.arrays, failing.probe.view)
    repeat = f"assert_kernel(…, {definition.name!r}, dtype={storage.name!r}, layout={layout!r}, eps={eps!r}, seed={seed})"
    return replace(
        found,
        outcome=called_in(found.outcome, definition.name.partition(".")[0]),
        smallest=None if state is not None else judged.smallest() if small is None else small[0],
        repeat=repeat,
        reproduce=_in_order(bench, again.shown) if small is None else call_of(bench, small[1]),
        faults=faults,
    )


def _run(bench: Bench, probe: Probe, seed: int) -> Ran:
    """Run a probe; a batch of one entry may be refused."""
    __tracebackhide__ = True
    arrays = bench.arrays(drawn(probe, bench.axes, seed))
    alone = all(probe.lengths[letter] == 1 for letter in bench.axes.normalized)
    return unless_refused(partial(bench.run, probe, arrays), alone=alone) or Ran(probe, arrays)


def _judged(bench: Bench, runs: Sequence[Ran], first: Probe) -> tuple[list[Judgement], dict[str, bool]]:
    """All that can be compared, and on which probes a number is off.

    Raises
    ------
    NoBoundError
        A batch of usual values allows no bound.
    """
    found: list[Judgement] = []
    off: dict[str, bool] = {}
    for one in runs:
        usual = one.probe.lengths == first.lengths and one.probe.values in SHORT_VALUES and not one.probe.view
        try:
            judgements = bench.judged(one.table, strict=usual)
        except NoBoundError as error:
            formats, hint = (
                bench.against.arithmetic,
                "pass a larger eps, or a wider dtype or compute: the batches are made for these",
            )
            where = f"with dtype {formats.storage.name}, computed in {formats.compute.name}, and eps = {bench.eps!r}"
            raise NoBoundError(f"{error.message}, {where}", hint=hint) from None
        found += judgements
        if judgements:
            off[one.probe.name] = any(bool(each.off.any()) for each in judgements)
    return found, off


def _earlier(bench: Bench, runs: Sequence[Ran], tried: Sequence[Probe], fixed: Collection[str], seed: int) -> Earlier[Arrays]:
    """What comes to light when the kernel is called again."""
    first = next(one for one in runs if one.got)
    again = Again(
        first=lambda: bench.call(first.arrays),
        other=lambda: bench.call(_other(bench, first.arrays)),
        seen=first.got,
        off=lambda _, got: bench.off(got, first),
        signs={bench.definition.name: "what it returns"},
        case=str(first.probe),
    )
    return earlier(
        Calls(
            off=lambda probe, arrays: bench.off(_got(bench, arrays), Ran(probe, arrays)),
            bounds=lambda probe, arrays: _bounds(bench, probe, arrays),
            times=lambda arrays, factor: {**arrays, bench.shaped: bench.rounded(factor * arrays[bench.shaped])},
            others=lambda arrays: {name: bench.rounded(value) for name, value in _other(bench, arrays).items()},
            simple=lambda arrays: {name: in_halves(value) for name, value in arrays.items()},
            drawn=lambda probe: bench.arrays(drawn(probe, bench.axes, seed)),
        ),
        again.faults(len(runs), CALLS),
        bench.axes,
        tried,
        [(first.probe, first.arrays)],
        fixed,
        bench.against.arithmetic.storage.bits,
    )


def _other(bench: Bench, arrays: Arrays) -> dict[str, Doubles]:
    """Other arrays of the same shapes."""
    return {name: (-2 if name == bench.shaped else 2) * value for name, value in arrays.items()}


def _got(bench: Bench, arrays: Arrays) -> Doubles:
    return numbers_of(bench.call(arrays))[bench.definition.name]


def _bounds(bench: Bench, probe: Probe, arrays: Arrays) -> float:
    """By how many bounds numbers are off at most."""
    found = bench.table(probe.name, arrays, _got(bench, arrays))
    return max((float(one.share[0].max()) for one in bench.judged(found)), default=0.0)


def _in_order(bench: Bench, several: Sequence[Arrays]) -> Sequence[str]:
    """Calls in this order."""
    return [line for arrays in several for line in call_of(bench, arrays)]


def _over_other_axes(bench: Bench, runs: Sequence[Ran], off: Mapping[str, bool]) -> str:
    """That sums of it are over other axes than the batch, where that explains a few runs, some of which are off."""
    whole = [one for one in runs if one.table is not None and one.table.chosen is None and not one.probe.view]
    whole.sort(key=lambda one: (not off.get(one.probe.name), one.arrays[bench.shaped].size))
    few: list[Ran] = []
    left = MOST_NUMBERS
    for one in whole:
        left -= one.arrays[bench.shaped].size
        if left < 0:
            break
        few.append(one)
    if not any(off.get(one.probe.name) for one in few):
        return ""
    tables = [(one.table, bench.against) for one in few if one.table is not None]
    return next(elsewhere(tables, bench.axes.layout, bench.axes.normalized), "")


def _found(against: Comparison, judged: Rows, guesses: tuple[Fitting, ...]) -> Finding:
    """What is not looked into: it depends on earlier calls, or on other batches."""
    return Finding(
        definition=against.definition,
        ways=against.ways,
        arithmetic=against.arithmetic,
        judged=judged,
        smallest=None,
        outcome=AnotherFunction(guesses=guesses),
    )


def _check(kernel: object, definition: ir.Definition, layout: object, eps: object, seed: object) -> None:
    """Refuse arguments of ``check_kernel`` with which there is nothing to run."""
    if isinstance(eps, bool) or not isinstance(eps, int | float | np.floating) or not 0 <= eps <= sys.float_info.max:
        raise InputError(f"eps is {eps!r}", hint="give the number that is added to the variance: finite, and at least 0")
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise InputError(f"seed is {seed!r}", hint="give a number, at least 0")
    if not callable(kernel):
        raise InputError(f"the kernel is of type {type(kernel).__name__}, which cannot be called", hint="give a function")
    check_one_batch(definition.name, definition.parameters)
    _read(definition, layout)
    names = [ASCII.get(parameter.name, parameter.name) for parameter in definition.parameters]
    try:
        signature = inspect.signature(kernel)
    except (ValueError, TypeError):  # compiled code need not say
        return
    try:
        signature.bind(**dict.fromkeys(names))
    except TypeError as error:
        listed = ", ".join(names)
        raise InputError(
            f"{definition.name}: the kernel does not take the keywords {listed}: {error}",
            hint=f"wrap it: lambda {listed}: my_kernel(…)",
        ) from None


def _read(definition: ir.Definition, layout: object) -> None:
    """Refuse a layout that may be meant otherwise than it would be read."""
    hint = 'give distinct capital letters, C for the channel: "NC", "NCHW", "N"'
    if not isinstance(layout, str) or not re.fullmatch("[A-Z]+", layout) or len(set(layout)) != len(layout):
        raise InputError(f"the layout {layout!r} is none", hint=hint)
    if layout == CHANNEL:
        raise InputError(f"the layout {layout!r} has no axis for the batch", hint=hint)
    if len(layout) == 1:
        return
    layer = definition.name.partition(".")[0]
    if any(p.name == ALIASES["gamma"] and isinstance(p.kind, ir.VectorKind) for p in definition.parameters):
        raise InputError(
            f"{definition.name} is of one sample, and the layout {layout!r} does not say which axes one has",
            hint=f'for several, use assert_layer("{layer}", …, layout={layout!r}); for one sample, layout="N"',
        )
    if CHANNEL not in layout:
        raise InputError(
            f"{definition.name}: the layout {layout!r} has no channel: are its axes one batch, or is {layout[-1]} the channel?",
            hint=f'call the channel C, as in {layout[:-1] + CHANNEL!r}; for one batch give one axis, layout="N"',
        )
