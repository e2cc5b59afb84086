"""One run of a layer: arrays made for it, its outputs read, shapes and arguments looked after.

In: a probe and its arrays.  Out: a ``Ran``: a ``Table`` for each output, and the faults.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np

from pybridge import ir
from pybridge.algebras.formats import Format
from pybridge.errors import InputError
from pybridge.export.loading import Export
from pybridge.kernels.arithmetic import Arithmetic
from pybridge.kernels.calls import Fault, numbers_of, overwritten, unless_refused
from pybridge.kernels.frameworks import Doubles, doubles_of, maker
from pybridge.kernels.judge import Comparison, Judgement, comparison, judged_where_bounded
from pybridge.kernels.memory import viewed
from pybridge.kernels.probes import Probe
from pybridge.kernels.table import Table, rows_without
from pybridge.layers.cutting import Arrays, table
from pybridge.layers.known import FORWARD, RUNNING, SIGNS, Cut, definition_of
from pybridge.layers.passes import Functions, Passes, WrongReturn
from pybridge.layers.reading import Reading
from pybridge.layers.signatures import BETA, EPS, GAMMA, MEAN, VAR, G, X


@dataclass(frozen=True, slots=True)
class Ran:
    """One run: a table for each output that can be compared, what is wrong beside the numbers, what was refused.

    ``got`` are the numbers as they were returned.
    """

    probe: Probe
    arrays: Arrays
    tables: Mapping[str, Table] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    refused: bool = False
    got: Mapping[str, Doubles] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything that runs of a layer have in common."""

    reading: Reading
    passes: Passes
    storage: Format
    compute: Format
    eps: float
    affine: bool
    outputs: tuple[str, ...]
    asked: bool
    export: Export
    momentum: float = 0.1

    @property
    def arithmetic(self) -> Arithmetic:
        """The formats."""
        return Arithmetic(compute=self.compute, storage=self.storage)

    def arithmetic_of(self, stored: Format | None) -> Arithmetic:
        """The formats where a result is stored in another one than the arrays."""
        if stored is None:
            return self.arithmetic
        return Arithmetic(compute=self.compute, storage=stored, arrays=self.storage)

    @property
    def make(self) -> Callable[[Doubles], Any]:
        """What makes arrays of the library."""
        return maker(self.passes.library, self.storage)

    def definition(self, output: str) -> ir.Definition:
        """What an output is compared with."""
        return definition_of(self.reading.layer, output, self.export)

    def against(self, output: str, stored: Format | None = None) -> Comparison:
        """The same, with the ways to compute it, and the format that it is stored in."""
        return comparison(self.definition(output), self.arithmetic_of(stored), self.export)

    def rounded(self, arrays: Arrays) -> Arrays:
        """The numbers that the format holds; without parameters γ is 1 and β is 0."""
        make = self.make
        read = {name: doubles_of(name, make(getattr(arrays, name)))[0] for name in ("x", "g", "gamma", "beta")}
        if not self.affine:
            read["gamma"], read["beta"] = np.ones_like(read["gamma"]), np.zeros_like(read["beta"])
        if not self.reading.layer.offset:
            read["beta"] = np.zeros_like(read["beta"])
        if not self.statistics:
            return Arrays(read["x"], read["g"], read["gamma"], read["beta"], self.eps)
        held = replace(arrays, variance=np.minimum(arrays.variance, float(int(self.storage.largest.p))))
        mean, variance = (doubles_of(name, make(getattr(held, name)))[0] for name in ("mean", "variance"))
        return Arrays(read["x"], read["g"], read["gamma"], read["beta"], self.eps, mean, variance, self.momentum)

    @property
    def statistics(self) -> bool:
        """Whether running mean and variance are given."""
        return self.reading.layer.given or any(one in self.outputs for one in RUNNING)

    def run(self, probe: Probe, arrays: Arrays) -> Ran:
        """Run the passes once.

        What they raise comes through, but for a batch of one entry, which some refuse.
        """
        __tracebackhide__ = True
        given = self.given(probe, arrays)
        before = numbers_of({name: value for name, value in given.items() if name != EPS})
        try:
            returned = unless_refused(partial(self._returned, given), alone=self.of_one(probe), through=(WrongReturn,))
        except WrongReturn as error:
            return Ran(probe, arrays, faults=(Fault(kind="returned", output="", said=str(error), probes=(str(probe),)),))
        if returned is None:
            return Ran(probe, arrays, refused=True)
        called = self.passes.called if isinstance(self.passes, Functions) else str
        faults = list(overwritten(given, before, str(probe), called))
        tables = {}
        for output in self.outputs:
            if output not in returned and not self.asked:
                continue  # a backward pass that gives ∂x alone
            found = self._read(output, returned.get(output), probe, arrays)
            if isinstance(found, Fault):
                faults.append(found)
            elif found is not None:
                tables[output] = found
        return Ran(probe, arrays, tables, tuple(faults), got=numbers_of(returned))

    def call(self, probe: Probe, arrays: Arrays, between: Arrays | None = None) -> Mapping[str, Any]:
        """What the passes return, by name; a forward pass on other arrays may come before the backward pass."""
        return self._returned(self.given(probe, arrays), None if between is None else self.given(probe, between))

    def _returned(self, given: Mapping[str, Any], between: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        __tracebackhide__ = True
        with np.errstate(all="ignore"):
            return self.passes.run({**dict.fromkeys((GAMMA, BETA)), **given}, between)

    def off(self, output: str, got: Doubles, ran: Ran) -> bool:
        """Whether numbers are further off than the bound allows, for the arrays of a run."""
        if output not in self.outputs:
            return False
        found = self._read(output, got, ran.probe, ran.arrays)
        return not isinstance(found, Table) or any(bool(one.off.any()) for one in self.judged(output, found))

    def of_one(self, probe: Probe) -> bool:
        """Whether a batch has one entry."""
        lengths = probe.lengths
        size = int(np.prod([lengths[letter] for letter in self.reading.normalized]))
        return size // max(self.reading.groups, 1) <= 1

    def misread(self, output: str, ran: Ran) -> list[str]:
        """The arrays of which one alone, seen through the view of a run, makes numbers be off; both where none does."""
        off = []
        for name in (X, G):
            found = numbers_of(self._returned(self.given(ran.probe, ran.arrays, name)))
            if output in found and self.off(output, found[output], ran):
                off.append(name)
        return off or [X, G]

    def given(self, probe: Probe, arrays: Arrays, only: str = "") -> dict[str, Any]:
        """What the passes are handed; x and g are seen through the view of the probe, or one of them only."""
        make, library = self.make, self.passes.library
        given = {
            X: viewed(arrays.x, make, library, probe.view if only in ("", X) else ""),
            G: viewed(arrays.g, make, library, probe.view if only in ("", G) else ""),
            EPS: self.eps,
        }
        if self.affine:
            given[GAMMA] = make(arrays.gamma)
            if self.reading.layer.offset:
                given[BETA] = make(arrays.beta)
        if self.statistics:
            given |= {MEAN: make(arrays.mean), VAR: make(arrays.variance)}
        return given

    def _read(self, output: str, value: Any, probe: Probe, arrays: Arrays) -> Table | Fault | None:
        """The rows of an output, or what is wrong with it; None where there is nothing to compare."""
        sign = SIGNS[output]
        if value is None:
            return Fault(kind="returned", output=output, said=f"there is no {sign}", probes=(str(probe),))
        try:
            got, known = doubles_of(sign, value)
        except InputError as error:
            return Fault(kind="dtype", output=output, said=error.message, probes=(str(probe),))
        if known is not None and known.bits < self.storage.bits:
            said = f"{sign} is {known.name} of {self.storage.name} arrays"
            return Fault(kind="dtype", output=output, said=said, probes=(str(probe),))
        wanted = arrays.x.shape if output in (FORWARD, "dx") else arrays.gamma.shape
        fits = got.shape == wanted or (output not in (FORWARD, "dx") and _squeezed(got.shape) == _squeezed(wanted))
        if not fits:
            summed = self._summed(output, got.shape, arrays.x.shape)
            said = f"{sign} has shape {got.shape}, and should have {wanted}, x being {arrays.x.shape}{summed}"
            return Fault(kind="shape", output=output, said=said, probes=(str(probe),))
        cut = self.reading.layer.outputs[output].cut
        stored = known if known is not self.storage and not self._held(got) else None
        poisoned = bool(np.isnan(arrays.x).any())
        if poisoned and cut is Cut.WHOLE:
            return None
        found = table(
            self.definition(output),
            self.export.definitions,
            cut,
            self.reading,
            arrays,
            got.reshape(wanted),
            probe.name,
        )
        found = replace(found, stored=stored)
        if poisoned and cut is Cut.ROWS:
            spoilt = [
                any(value[row].size and np.isnan(value[row]).any() for value in found.values.values())
                for row in range(len(found))
            ]
            return None if all(spoilt) else rows_without(found, spoilt)
        return found

    def _summed(self, output: str, shape: tuple[int, ...], whole: tuple[int, ...]) -> str:
        """That a gradient of a parameter has a number for each index along other axes."""
        if output in (FORWARD, "dx"):
            return ""
        lengths = self.reading.lengths(whole)
        for number in range(1, len(lengths) + 1):
            for letters in combinations(lengths, number):
                if (
                    tuple(lengths[letter] for letter in letters) == _squeezed(shape)
                    and "".join(letters) != self.reading.parameter
                ):
                    return f": there is one for each {' and '.join(letters)}; is it summed over the wrong axes?"
        return ""

    def _held(self, got: Doubles) -> bool:
        """Whether the format of the arrays holds all numbers, whatever they were returned as."""
        return bool((self.storage.holds_each(got) | ~np.isfinite(got)).all())

    def judged(self, output: str, found: Table, stored: Format | None = None) -> tuple[Judgement, ...]:
        """Every row that has a bound; the others say nothing."""
        return judged_where_bounded(found, self.against(output, stored or found.stored))


def _squeezed(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(length for length in shape if length != 1)
