"""A layer, run on batches made for it, all its outputs compared, and a failure made small by running it again.

In: a ``Subject``.  Out: a ``LayerFinding``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain

import numpy as np

from pybridge.algebras.formats import Format
from pybridge.errors import InputError
from pybridge.export.loading import Export
from pybridge.kernels.arithmetic import default_compute
from pybridge.kernels.calls import CALLS, Fault, of_state, runs_of, together
from pybridge.kernels.explanations.elsewhere import elsewhere
from pybridge.kernels.explanations.order import in_order
from pybridge.kernels.forms import normalized
from pybridge.kernels.judge import Judgement
from pybridge.kernels.judged import Rows
from pybridge.kernels.outcomes import AnotherFunction, Fitting, called_in
from pybridge.kernels.patterns import pattern
from pybridge.kernels.probes import SQUARE, Probe, probes, sizes_of
from pybridge.kernels.report import Finding
from pybridge.kernels.rows import finding_about
from pybridge.layers.another_eps import with_another_eps
from pybridge.layers.axes import chosen, other_axes
from pybridge.layers.batches import draw
from pybridge.layers.bench import Bench, Ran
from pybridge.layers.cutting import Arrays
from pybridge.layers.earlier import earlier_calls
from pybridge.layers.findings import LayerFinding, OutputFinding
from pybridge.layers.kept import kept
from pybridge.layers.known import ALL, DBETA, DGAMMA, DX, FORWARD, RUNNING, SIGNS, Cut, definition_of
from pybridge.layers.own import own_probes
from pybridge.layers.signatures import X
from pybridge.layers.smaller import calls_of, smaller
from pybridge.layers.subject import Subject

DEFAULT_EPS = 1e-5
CANDIDATES = (1e-5, 1e-6, 1e-3, 1e-8, 1e-12, 1e-7, 1e-4, 1e-2, 1e-9, 1e-10, 1e-1, 0.0)
"""What is tried for an ε that nobody says, the usual ones first."""
_LONG = 2048
"""Rows of fewer entries have a worst case that is near enough: there are short ones beside them."""


def run_layer(
    subject: Subject,
    *,
    compute: Format | None,
    outputs: Sequence[str] | None,
    sizes: object,
    arrays: Sequence[Mapping[str, np.ndarray]] | None,
    only: Sequence[str] | None,
    seed: int,
    export: Export,
    repeat: str,
) -> LayerFinding:
    """Run a layer; the parameters are those of ``testing.check_layer``."""
    __tracebackhide__ = True
    bench = Bench(
        subject.reading,
        subject.passes,
        subject.storage,
        compute or default_compute(subject.storage),
        DEFAULT_EPS if subject.eps is None else subject.eps,
        subject.affine,
        _wanted(subject, outputs, export),
        outputs is not None,
        export,
        subject.momentum,
    )
    taken = {letter: (length,) for letter, length in subject.sizes.items()} | sizes_of(subject.reading, sizes)
    found_out = False
    to_find_eps: tuple[Probe, ...] = ()
    if arrays is not None:
        tried, given = own_probes(bench, arrays)
    else:
        if subject.eps is None and not subject.passes.takes_eps:
            to_find_eps = _of_small_spread(bench, taken)
            bench, found_out = _with_eps(bench, to_find_eps, seed)
        tried = _those(probes(bench.reading, bench.storage, bench.eps, taken), only)
        given = {}
    runs, raised = _runs(bench, tried, given, seed)
    own = arrays is not None
    again = earlier_calls(
        bench,
        runs,
        0 if own or only is not None else CALLS,
        before=to_find_eps,
        fixed=taken,
        seed=None if own else seed,
    )
    state = of_state(again.faults)
    lost, untried = ((), ()) if state else kept(bench, runs)
    faults = together([*(fault for one in runs for fault in one.faults), *raised, *again.faults, *lost])
    swapped = state is None and _exchanged(bench, runs)
    every = (_of_output(bench, output, runs, "" if state is None else state.said, swapped=swapped) for output in bench.outputs)
    findings = tuple(one for one in every if one.finding is not None or bench.asked)
    if arrays is None and only is None and not faults and all(one.right for one in findings):
        faults, besides = with_another_eps(bench, tried[0], seed)
        untried = (*untried, *besides)
    call = f"assert_layer(…, eps={bench.eps!r}, " if found_out else "assert_layer(…, "
    shown: Sequence[str] = ()
    wrong = next((one.name for one in findings if not one.right and one.finding is not None), None)
    if state is not None:
        shown = calls_of(bench, again.shown, call)
    elif wrong is not None:
        shown = smaller(bench, wrong, [one for one in runs if wrong in one.tables], taken, call)
    elif faults and (first := next((one for one in runs if one.faults), None)) is not None:
        shown = calls_of(bench, (first.arrays,), call)
    return LayerFinding(
        reading=bench.reading,
        eps=bench.eps,
        eps_found=found_out,
        outputs=findings,
        faults=faults,
        probes=tuple(one.probe for one in runs),
        refused=tuple(str(one.probe) for one in runs if one.refused),
        repeat=repeat,
        reproduce=tuple(shown),
        notes=(*subject.notes, *_left_out(subject, bench), *untried),
    )


def _left_out(subject: Subject, bench: Bench) -> list[str]:
    """Running statistics that are kept, and not compared."""
    left = [SIGNS[one] for one in RUNNING if one in subject.passes.outputs and one not in bench.outputs]
    return [f"not compared: {' and '.join(left)}"] if left and not bench.asked else []


def _wanted(subject: Subject, outputs: Sequence[str] | None, export: Export) -> tuple[str, ...]:
    """The outputs that are compared: all that there are, or those that were named."""
    there = [one for one in ALL if one in subject.passes.outputs]
    if outputs is None:
        own = subject.layer.outputs
        return tuple(one for one in there if one not in RUNNING or own[one].definition in export.definitions)
    named = (outputs,) if isinstance(outputs, str) else tuple(outputs)
    if not named or any(one not in ALL for one in named):
        raise InputError(f"outputs is {outputs!r}", hint=f"name some of {', '.join(ALL)}")
    if missing := [one for one in named if one not in there]:
        said = f"there is no {', '.join(missing)}: the passes give {', '.join(there)}"
        raise InputError(said, hint="pass a backward pass, or other outputs")
    for one in named:
        definition_of(subject.layer, one, export)
    return tuple(one for one in ALL if one in named)


def _those(every: tuple[Probe, ...], only: Sequence[str] | None) -> tuple[Probe, ...]:
    if only is None:
        return every
    named = (only,) if isinstance(only, str) else tuple(only)
    found = tuple(one for one in every if one.name in named)
    if len(found) != len(named):
        raise InputError(f"only is {only!r}", hint=f"there are {', '.join(one.name for one in every)}")
    return found


def _runs(bench: Bench, tried: Iterable[Probe], given: Mapping[str, Arrays], seed: int) -> tuple[list[Ran], list[Fault]]:
    """Run every probe, on the arrays that are given for it or on drawn ones."""
    __tracebackhide__ = True
    drawn = ((one, given.get(one.name) or draw(one, bench.reading, bench.eps, seed)) for one in tried)
    runs, raised = runs_of(
        ((probe, partial(bench.run, probe, bench.rounded(arrays))) for probe, arrays in drawn), ours=InputError
    )
    return _of_right_shape(runs), raised


def _of_right_shape(runs: Sequence[Ran]) -> list[Ran]:
    """The runs, without outputs that have a right shape where axes are equally long alone."""
    wrong = {fault.output for one in runs for fault in one.faults if fault.kind == "shape"}
    return [
        replace(one, tables={name: table for name, table in one.tables.items() if name not in wrong})
        if one.probe.name == SQUARE
        else one
        for one in runs
    ]


def _exchanged(bench: Bench, runs: Sequence[Ran]) -> bool:
    """Whether ∂γ and ∂β are right, each in the other's place."""
    both = [one for one in runs if DGAMMA in one.tables and DBETA in one.tables]
    other = {DGAMMA: DBETA, DBETA: DGAMMA}
    return (
        any(bench.off(DGAMMA, one.got[DGAMMA], one) for one in both[:1])
        and all(not bench.off(output, one.got[other[output]], one) for one in both for output in other)
        and not any(one.faults for one in both)
    )


def _sums_elsewhere(bench: Bench, output: str, runs: Sequence[Ran]) -> Iterator[str]:
    """Yield sums of ∂x over other axes than those of the layer that explain it."""
    if output == DX and not bench.reading.groups:
        tables = [(one.tables[output], bench.against(output, one.tables[output].stored)) for one in runs]
        yield from elsewhere(tables, bench.reading.layout, bench.reading.normalized)


def _of_output(bench: Bench, output: str, runs: Sequence[Ran], state: str, *, swapped: bool) -> OutputFinding:
    judgements: list[Judgement] = []
    off: dict[str, bool] = {}
    stored = next((one.tables[output].stored for one in runs if output in one.tables and one.tables[output].stored), None)
    for one in runs:
        if output in one.tables:
            found = bench.judged(output, one.tables[output], stored)
            judgements += found
            if found:
                off[one.probe.name] = any(bool(each.off.any()) for each in found)
    if not judgements:
        return OutputFinding(name=output, finding=None)
    against, judged = bench.against(output, stored), Rows(judgements)
    said = state or ("∂γ and ∂β are exchanged" if swapped and output in (DGAMMA, DBETA) else "")
    if judged.off and not said:
        few = chosen(output, runs, [name for name, wrong in off.items() if wrong])
        if not bench.reading.layer.given and any(off.get(one.probe.name) for one in few):
            said = next(chain(other_axes(bench, output, few), _sums_elsewhere(bench, output, few)), "")
    if judged.off and said:
        outcome = AnotherFunction(guesses=() if state else (Fitting(description=said, formula=""),))
        finding = Finding(
            definition=against.definition,
            ways=against.ways,
            arithmetic=against.arithmetic,
            judged=judged,
            smallest=None,
            outcome=outcome,
            where=state,
        )
    else:
        by_name = {one.probe.name: one for one in runs}
        where = pattern(
            off, [one.probe for one in runs], bench.reading, judgements, lambda view: bench.misread(output, by_name[view])
        )
        finding = finding_about(judged, against, where=where, shortest=_LONG)
        finding = in_order(finding, bench.reading, {normalized(against.definition, bench.export.definitions): X})
    summed = bench.reading.layer.outputs[output].cut is Cut.SUMMED
    called = called_in(finding.outcome, bench.reading.layer.name, batch=summed)
    return OutputFinding(name=output, finding=replace(finding, smallest=None, outcome=called))


def _of_small_spread(bench: Bench, taken: Mapping[str, tuple[int, ...]]) -> tuple[Probe, ...]:
    """Probes on which ε counts."""
    small = probes(bench.reading, bench.storage, DEFAULT_EPS, taken)[0]
    return tuple(
        Probe(name=f"eps-{number}", why="to find ε", lengths=small.lengths, offset=0.0, spread=spread)
        for number, spread in enumerate((2.0**-8, 2.0**-12, 2.0**-18))
    )


def _with_eps(bench: Bench, of_small_spread: Sequence[Probe], seed: int) -> tuple[Bench, bool]:
    """The bench with the ε that explains batches of small spread; the usual one where none does."""
    output = next((one for one in (FORWARD, DX, DGAMMA) if one in bench.outputs), None)
    if output is None:
        return bench, False
    for eps in CANDIDATES:
        other = replace(bench, eps=eps)
        if all(_fits(other, output, probe, seed) for probe in of_small_spread):
            return other, True
    return bench, False


def _fits(bench: Bench, output: str, probe: Probe, seed: int) -> bool:
    __tracebackhide__ = True
    ((ran,), _) = _runs(bench, (probe,), {}, seed)
    if output not in ran.tables:
        return False
    return not any(bool(one.off.any()) for one in bench.judged(output, ran.tables[output]))
