"""A kernel, run on probes: arrays made for it, what it returns compared, and a failure made small by running it again.

In: a callable, the definition it is meant to compute, the layout and format of its arrays.  Out: a ``Finding``.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from pybridge import ir
from pybridge.algebras.formats import Format
from pybridge.errors import InputError, NoBoundError, PybridgeError
from pybridge.export.loading import Export
from pybridge.kernels.arguments import ALIASES
from pybridge.kernels.arithmetic import Arithmetic
from pybridge.kernels.diagnosis import diagnose
from pybridge.kernels.forms import normalized
from pybridge.kernels.frameworks import Doubles, doubles_of, maker
from pybridge.kernels.judge import Comparison, Judgement, comparison, judge
from pybridge.kernels.judged import Judged, Rows
from pybridge.kernels.layout import check_one_batch
from pybridge.kernels.probes import CHANNEL, draw, parameters, probes
from pybridge.kernels.report import Finding
from pybridge.kernels.rows import layout_and_values, numbers, table_of

EFFORT = 200
"""How often a kernel may be run to make a failure small."""
_ASCII = {"α": "alpha", "β": "beta", "γ": "gamma", "ε": "eps", "μ": "mu", "ρ": "rho", "σ": "sigma"}


@dataclass(frozen=True, slots=True)
class _Bench:
    """Everything that runs have in common."""

    kernel: Callable[..., Any]
    against: Comparison
    layout: str
    eps: float
    make: Callable[[Doubles], Any]

    @property
    def definition(self) -> ir.Definition:
        """What the kernel is to compute."""
        return self.against.definition

    def judge(self, case: str, arrays: Mapping[str, Doubles], *, lenient: bool = False) -> tuple[Judgement, ...]:
        """Run the kernel on arrays of numbers that its format holds, and compare."""
        __tracebackhide__ = True
        given: dict[str, Any] = {}
        for parameter in self.definition.parameters:
            name = parameter.name
            given[_ASCII.get(name, name)] = self.eps if name == ALIASES["eps"] else self.make(arrays[name])
        returned = self.kernel(**given)
        got, known = numbers(self.definition.name, "what the kernel returned", returned, finite=False)
        storage = self.against.arithmetic.storage
        if known is not storage and not lenient:
            raise InputError(
                f"the kernel returned {known.name if known else getattr(returned, 'dtype', type(returned).__name__)}"
                f" for {storage.name} arrays",
                hint="cast the result, or pass the dtype it is meant for",
            )
        axes = tuple(k for k, letter in enumerate(self.layout) if letter != CHANNEL)
        values = {**arrays, ALIASES["eps"]: np.asarray(self.eps)}
        shape, arranged_values = layout_and_values(self.definition.name, self.definition.parameters, values, axes)
        counts = _counts({letter: shape.shape[k] for k, letter in enumerate(self.layout)})
        return judge([table_of(self.definition, shape, arranged_values, got, case, counts)], self.against)


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
) -> Finding:
    """Run a kernel; the parameters are those of ``testing.check_kernel``."""
    __tracebackhide__ = True
    _check(kernel, definition, layout, eps, seed)
    make = maker(library, storage)
    against = comparison(definition, Arithmetic(compute=compute, storage=storage), export)
    bench = _Bench(kernel, against, layout, eps, make)
    found: list[Judgement] = []
    failing: dict[str, Doubles] | None = None
    shaped = normalized(definition, export.definitions)
    for probe in probes(layout, storage, eps):
        arrays = dict(_rounded(draw(probe, layout, _vectors(definition), shaped, seed), make))
        scalars = dict(_rounded(parameters(probe, _scalars(definition), seed), make))
        arrays |= {name: values if CHANNEL in layout else values.reshape(()) for name, values in scalars.items()}
        try:
            found += bench.judge(probe.name, arrays)
        except NoBoundError as error:
            hint = "pass a larger eps, or a wider dtype or compute: the batches are made for these"
            where = f"with dtype {storage.name}, computed in {compute.name}, and eps = {eps!r}"
            raise NoBoundError(f"{error.message}, {where}", hint=hint) from None
        if failing is None and found[-1].off.any():
            failing = arrays
    judged = Rows(found)
    small = None if failing is None else _smaller(bench, failing)
    repeat = f"assert_kernel(…, {definition.name!r}, dtype={storage.name!r}, layout={layout!r}, eps={eps!r}, seed={seed})"
    return Finding(
        definition=definition,
        ways=against.ways,
        arithmetic=against.arithmetic,
        judged=judged,
        smallest=judged.smallest() if small is None else small[0],
        outcome=diagnose(judged, against),
        repeat=repeat,
        reproduce=() if small is None else _call(bench, small[1]),
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
    names = [_ASCII.get(parameter.name, parameter.name) for parameter in definition.parameters]
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
    if not isinstance(layout, str) or not re.fullmatch("[A-Z]{2,}", layout) or len(set(layout)) != len(layout):
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


def _rounded(drawn: Iterator[tuple[str, Doubles]], make: Callable[[Doubles], Any]) -> Iterator[tuple[str, Doubles]]:
    """Yield the arrays with the numbers that the kernel's format holds."""
    for name, values in drawn:
        yield name, doubles_of(name, make(values))[0]


def _vectors(definition: ir.Definition) -> tuple[str, ...]:
    return tuple(p.name for p in definition.parameters if isinstance(p.kind, ir.VectorKind))


def _scalars(definition: ir.Definition) -> tuple[str, ...]:
    """The scalars that a kernel gets for each channel: all but ε."""
    kinds = {p.name: p.kind for p in definition.parameters}
    return tuple(name for name, kind in kinds.items() if isinstance(kind, ir.ScalarKind) and name != ALIASES["eps"])


def _counts(lengths: Mapping[str, int]) -> dict[str, int]:
    """How many entries a batch has along each choice of some of its axes, and with the channels counted in."""
    batch = [letter for letter in lengths if letter != CHANNEL]
    chosen = [part for number in range(1, len(batch)) for part in combinations(batch, number)]
    if CHANNEL in lengths:
        chosen.append(tuple(lengths))
    return {"·".join(part): int(np.prod([lengths[letter] for letter in part])) for part in chosen}


def _call(bench: _Bench, arrays: Mapping[str, Doubles]) -> list[str]:
    """How the kernel is called with these arrays."""
    storage = bench.against.arithmetic.storage.name
    given = []
    for parameter in bench.definition.parameters:
        name = parameter.name
        value = repr(bench.eps) if name == ALIASES["eps"] else f"array({arrays[name].tolist()!r}, {storage!r})"
        given.append(f"{_ASCII.get(name, name)}={value},")
    return ["kernel(", *(f"    {one}" for one in given), ")"]


def _smaller(bench: _Bench, arrays: dict[str, Doubles]) -> tuple[Judged, dict[str, Doubles]] | None:
    """The smallest failing row found by cutting the arrays and by replacing numbers with simpler ones, and these arrays.

    All of it is finite, and a batch has more than one entry where it had.
    """
    best, row = arrays, _first_off(bench, arrays)
    if row is None:
        return None
    effort = EFFORT
    improved = True
    while improved and effort > 0:
        improved = False
        for candidate in (*_cut(best, bench), *_simpler(best)):
            effort -= 1
            if (found := _first_off(bench, candidate)) is not None and (found.size > 1 or row.size == 1):
                best, row, improved = candidate, found, True
                break
            if effort <= 0:
                break
    return row.called("the smallest batch"), best


def _first_off(bench: _Bench, arrays: dict[str, Doubles]) -> Judged | None:
    try:
        with np.errstate(all="ignore"):
            judged = Rows(bench.judge("", arrays, lenient=True))
    except PybridgeError:  # the smaller batch allows no bound
        return None
    except Exception:  # noqa: BLE001  a kernel may refuse it
        return None
    return next((one for one in judged.wrong() if np.isfinite(one.table.computed[one.number]).all()), None)


def _cut(arrays: dict[str, Doubles], bench: _Bench) -> Iterator[dict[str, Doubles]]:
    """Yield the arrays without half, then without one, of the entries along each axis."""
    vectors = _vectors(bench.definition)
    for axis, letter in enumerate(bench.layout):
        length = arrays[vectors[0]].shape[axis]
        for kept in dict.fromkeys((1, length // 2, length - 1)):
            if 0 < kept < length:
                yield {
                    name: values.take(range(kept), axis=axis)
                    if name in vectors
                    else values[:kept]
                    if letter == CHANNEL
                    else values
                    for name, values in arrays.items()
                }


def _simpler(arrays: dict[str, Doubles]) -> Iterator[dict[str, Doubles]]:
    """Yield the arrays with one of them rounded to integers, to halves, or to one digit."""
    for name, values in arrays.items():
        for simple in (np.round(values), np.round(2 * values) / 2, np.trunc(values)):
            if not np.array_equal(simple, values) and np.isfinite(simple).all():
                yield {**arrays, name: simple + 0.0}  # no -0.0
