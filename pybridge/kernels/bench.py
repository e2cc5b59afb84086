"""One run of a kernel: arrays made for it, what it returns read, arguments looked after.

In: a probe and its arrays.  Out: a ``Ran``: a ``Table`` of what was computed, and the faults.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np

from pybridge import ir
from pybridge.errors import InputError
from pybridge.kernels.arguments import ALIASES
from pybridge.kernels.calls import Fault, numbers_of, overwritten
from pybridge.kernels.frameworks import Doubles, doubles_of
from pybridge.kernels.judge import Comparison, Judgement, judge, judged_where_bounded
from pybridge.kernels.memory import viewed
from pybridge.kernels.probes import CHANNEL, Drawn, Probe
from pybridge.kernels.rows import layout_and_values, numbers, table_of
from pybridge.kernels.table import Table, rows_without

GAMMA, BETA, EPS = ALIASES["gamma"], ALIASES["beta"], ALIASES["eps"]
ASCII = {"α": "alpha", "β": "beta", "γ": "gamma", "ε": "eps", "μ": "mu", "ρ": "rho", "σ": "sigma"}
Arrays = Mapping[str, Doubles]
"""By the Lean names of the parameters, without ε."""


@dataclass(frozen=True, slots=True)
class BatchAxes:
    """The axes of a kernel's arrays: C is the channel, all others make up the batch."""

    layout: str

    @property
    def normalized(self) -> str:
        """The letters of the batch."""
        return self.layout.replace(CHANNEL, "")

    @property
    def rest(self) -> str:
        """The channel, where there is one."""
        return CHANNEL if CHANNEL in self.layout else ""

    @property
    def parameter(self) -> str:
        """A parameter has a number for each channel."""
        return self.rest

    @property
    def groups(self) -> int:
        """None."""
        return 0


@dataclass(frozen=True, slots=True)
class SampleAxes(BatchAxes):
    """Those of one sample, with a parameter for each of its entries."""

    @property
    def parameter(self) -> str:
        """As the sample."""
        return self.layout


@dataclass(frozen=True, slots=True)
class Ran:
    """One run: the rows, None where there is nothing to compare; what was returned; what is wrong beside the numbers."""

    probe: Probe
    arrays: Arrays
    table: Table | None = None
    got: Mapping[str, Doubles] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything that runs of a kernel have in common."""

    kernel: Callable[..., Any]
    against: Comparison
    axes: BatchAxes
    eps: float
    library: str
    make: Callable[[Doubles], Any]
    shaped: str

    @property
    def definition(self) -> ir.Definition:
        """What the kernel is to compute."""
        return self.against.definition

    @property
    def vectors(self) -> tuple[str, ...]:
        """The parameters that are arrays of the layout."""
        return tuple(p.name for p in self.definition.parameters if isinstance(p.kind, ir.VectorKind))

    def arrays(self, found: Drawn) -> dict[str, Doubles]:
        """The numbers of a probe that the format holds, by the names of the parameters."""
        drawn: dict[str, Doubles] = {GAMMA: found.gamma, BETA: found.beta, self.shaped: found.x}
        upstream = found.g
        for parameter in self.definition.parameters:
            if parameter.name in drawn or parameter.name == EPS:
                continue
            if isinstance(parameter.kind, ir.VectorKind):
                drawn[parameter.name], upstream = upstream, 0.5 + found.rng.standard_normal(found.x.shape)
            else:
                shape = found.gamma.shape if self.axes.parameter == self.axes.rest else ()
                sign, size = found.rng.choice([-1.0, 1.0], shape), found.rng.uniform(1.25, 2.5, shape)
                drawn[parameter.name] = np.asarray(sign * size)
        wanted = [p.name for p in self.definition.parameters if p.name != EPS]
        return {name: self.rounded(drawn[name]) for name in wanted}

    def rounded(self, values: Doubles) -> Doubles:
        """The numbers that the format holds."""
        return doubles_of("an array", self.make(values))[0]

    def call(self, arrays: Arrays, view: str = "") -> dict[str, Any]:
        """What it returns, under the name of the definition."""
        __tracebackhide__ = True
        return {self.definition.name: self._returned(self.given(arrays, view))}

    def _returned(self, given: Mapping[str, Any]) -> Any:
        __tracebackhide__ = True
        with np.errstate(all="ignore"):
            return self.kernel(**given)

    def misread(self, ran: Ran) -> list[str]:
        """The arguments of which one alone, seen through the view of a run, makes numbers be off; all where none does."""
        seen = [name for name in self.vectors if name not in (GAMMA, BETA)]
        alone = [
            name
            for name in seen
            if self.off(self._read(self._returned(self.given(ran.arrays, ran.probe.view, name)), lenient=True), ran)
        ]
        return [ASCII.get(name, name) for name in alone or seen]

    def given(self, arrays: Arrays, view: str, only: str = "") -> dict[str, Any]:
        """The arguments by their ASCII names; those of the layout are seen through a view, or one of them only."""
        found: dict[str, Any] = {}
        for parameter in self.definition.parameters:
            name = parameter.name
            along = name in self.vectors and name not in (GAMMA, BETA) and only in ("", name)
            if name == EPS:
                found[ASCII[name]] = self.eps
            else:
                value = viewed(arrays[name], self.make, self.library, view) if along else self.make(arrays[name])
                found[ASCII.get(name, name)] = value
        return found

    def run(self, probe: Probe, arrays: Arrays, *, lenient: bool = False) -> Ran:
        """Run the kernel on arrays of numbers that its format holds."""
        __tracebackhide__ = True
        given = self.given(arrays, probe.view)
        before = numbers_of({name: value for name, value in given.items() if name != ASCII[EPS]})
        returned = self._returned(given)
        read = self._read(returned, lenient=lenient)
        faults = tuple(overwritten(given, before, str(probe)))
        return Ran(probe, arrays, self.table(probe.name, arrays, read), {self.definition.name: read}, faults)

    def _read(self, returned: Any, *, lenient: bool) -> Doubles:
        got, known = numbers(self.definition.name, "what the kernel returned", returned, finite=False)
        storage = self.against.arithmetic.storage
        if known is not storage and not lenient:
            raise InputError(
                f"the kernel returned {known.name if known else getattr(returned, 'dtype', type(returned).__name__)}"
                f" for {storage.name} arrays",
                hint="cast the result, or pass the dtype it is meant for",
            )
        found: Doubles = got.copy()
        return found

    def table(self, case: str, arrays: Arrays, got: Doubles) -> Table | None:
        """The rows, without those that NaN is let into."""
        layout = self.axes.layout
        along = tuple(k for k, letter in enumerate(layout) if letter != CHANNEL)
        poisoned = np.isnan(arrays[self.shaped])
        finite = {name: np.nan_to_num(value) for name, value in arrays.items()} if poisoned.any() else arrays
        values = {**finite, EPS: np.asarray(self.eps)}
        shape, arranged = layout_and_values(self.definition.name, self.definition.parameters, values, along)
        counted = counts({letter: shape.shape[k] for k, letter in enumerate(layout)})
        found = table_of(self.definition, shape, arranged, got, case, counted)
        if not poisoned.any():
            return found
        spoilt = [bool(row.any()) for row in shape.rows(poisoned).reshape(len(found), -1)]
        return None if all(spoilt) else rows_without(found, spoilt)

    def judged(self, found: Table | None, *, strict: bool = False) -> tuple[Judgement, ...]:
        """The rows compared; where it is not strict, those without a bound say nothing."""
        if found is None:
            return ()
        return judge([found], self.against) if strict else judged_where_bounded(found, self.against)

    def off(self, got: Doubles, ran: Ran) -> bool:
        """Whether numbers are further off than the bound allows, for the arrays of a run."""
        try:
            found = self.table(ran.probe.name, ran.arrays, got)
        except InputError:  # of another shape
            return True
        return any(bool(one.off.any()) for one in self.judged(found))


def counts(lengths: Mapping[str, int]) -> dict[str, int]:
    """How many entries a batch has along each choice of some of its axes, and with the channels counted in."""
    batch = [letter for letter in lengths if letter != CHANNEL]
    chosen = [part for number in range(1, len(batch)) for part in combinations(batch, number)]
    if CHANNEL in lengths:
        chosen.append(tuple(lengths))
    return {"·".join(part): int(np.prod([lengths[letter] for letter in part])) for part in chosen}
