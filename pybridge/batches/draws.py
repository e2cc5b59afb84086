"""Values for the variables of a theorem, drawn by their kinds: one candidate, from one generator.

Hypotheses that a random value would never satisfy, ‖u‖ = 1 and orthonormality, are met by how the value is made.
"""

from __future__ import annotations

import zlib
from typing import TypeAlias

import numpy as np
from flint import fmpq
from typing_extensions import assert_never

from pybridge import ir
from pybridge.algebras.formats import FLOAT64, Format
from pybridge.batches.families import SMALLEST, Family
from pybridge.batches.held import rounded
from pybridge.batches.parametrize import Vector, orthonormal_family, unit_vector
from pybridge.batches.plan import Plan
from pybridge.batches.recorded import rational
from pybridge.semantics.environment import dimension_of
from pybridge.semantics.losses import CrossEntropy, GemanMcClure, Loss, Quadratic
from pybridge.semantics.regions import Region

Value: TypeAlias = fmpq | Vector | int | tuple[Vector, ...] | Loss | Region

# For ε: 0, 1e-5 and 1e-3 as in the frameworks, large, tiny; for γ: both signs and 0. None stands for a normal draw. They are a
# prime number, so that every variable meets each, in changing company.
_SCALARS: tuple[float | None, ...] = (1e-5, 0.0, -1.0, 1e-3, None, 1.0, 1e6, None, -2.5, SMALLEST, 3.0)


class Draw:
    """One candidate: chooses sizes, then a value for each variable, in order, from one generator.

    Numbers drawn as floats are of the format ``held``; what is made of them, so that a hypothesis holds, is rational.
    """

    def __init__(
        self, plan: Plan, family: Family, size: int, number: int, seed: int, attempt: int, held: Format = FLOAT64
    ) -> None:
        self.plan = plan
        self.family = family
        self.held = held
        self.seed = seed
        code = zlib.crc32(family.name.encode())
        self.turn = code % len(_SCALARS) + number + attempt
        self.rng = np.random.default_rng([seed, code, size, number, attempt])
        # Which vectors take the family's shape: all of them, or one, in turn.
        choices = [plan.vectors, *([name] for name in plan.vectors if len(plan.vectors) > 1)]
        self.shaped = choices[self.turn % len(choices)]
        self.sizes = {index.name: size for index in plan.theorem.indices}
        for place, label in enumerate(name for name in self.sizes if name in plan.labels):
            self.sizes[label] = min(size, 1 + (self.turn + place) % 3)
        for place, other in enumerate([name for name in self.sizes if name not in plan.labels][1:], 1):
            self.sizes[other] = size + (self.turn + place) % 4  # a part of a batch is rarely as large as another
        self.sizes |= dict.fromkeys(plan.theorem.spaces, size)
        self.sizes |= dict.fromkeys(plan.narrow, max(1, min(size, 1 + self.turn % 4)))
        if self.turn % 4 == 3:  # a loss that is least on a single point may be lower everywhere else
            self.sizes |= dict.fromkeys(plan.single, 0)

    def value(self, variable: ir.Variable) -> Value:
        """Draw a value of the variable's kind."""
        match variable.kind:
            case ir.ScalarKind():
                return self._scalar(variable.name)
            case ir.VectorKind(space):
                return self._vector(variable.name, space)
            case ir.PositionKind(index):
                return int(self.rng.integers(0, self.sizes[index]))
            case ir.FamilyKind(index, space):
                return self._family(variable.name, self.sizes[index], space)
            case ir.LossKind(space) | ir.FieldKind(space):
                return self._loss(self._dimension(space))
            case ir.OperatorKind(domain, codomain):
                return tuple(self._vector(variable.name, domain) for _ in range(self._dimension(codomain)))
            case ir.SetKind(space):
                return self._region(variable.name, space)
            case _:
                assert_never(variable.kind)

    def _dimension(self, space: ir.Space) -> int:
        return dimension_of(space, self.sizes)

    def _loss(self, size: int) -> Loss:
        """Draw one of the three losses; in no dimensions there is no label."""
        kind = int(self.rng.integers(0, 3))
        if kind == 0 and size:
            return CrossEntropy(size, int(self.rng.integers(0, size)))
        signs = self.rng.integers(0, 2, size) * 2 - 1
        weights = tuple(fmpq(int(w), 2) for w in signs * self.rng.integers(1, 7, size))
        targets = tuple(fmpq(int(t), 2) for t in self.rng.integers(-6, 7, size))
        return Quadratic(weights, targets) if kind == 1 else GemanMcClure(weights, targets)

    def _scalar(self, name: str) -> fmpq:
        place = self.plan.scalars.index(name)
        chosen = _SCALARS[(self.turn * (place + 1) + (3 + self.seed) * place) % len(_SCALARS)]  # other pairs by another seed
        if chosen == SMALLEST:
            chosen = self.held.spacing(0.0)
        return rational(float(rounded(np.array(self.rng.standard_normal() if chosen is None else chosen), self.held)))

    def _region(self, name: str, space: ir.Space) -> Region:
        """Draw a set: a ray or none, and at most two points."""
        size = self._dimension(space)
        generator = self._vector(name, space) if self.turn % 3 else None
        return Region(size, generator, tuple(self._vector(name, space) for _ in range(int(self.rng.integers(0, 3)))))

    def _vector(self, name: str, space: ir.Space) -> Vector:
        """Draw a vector; one with channels channel by channel, so that each has the family's shape."""
        entries = self._channels(name, space)
        return unit_vector(entries) if name in self.plan.unit and entries else entries

    def _channels(self, name: str, space: ir.Space) -> Vector:
        if not isinstance(space, ir.ChannelSpace):
            return self._entries(name, self._dimension(space))
        channels = (self._channels(name, space.inner) for _ in range(self.sizes[space.family]))
        return tuple(entry for channel in channels for entry in channel)

    def _entries(self, name: str, size: int) -> Vector:
        shaped = name in self.shaped and size
        drawn = self.family.draw(self.rng, size, self.held) if shaped else self.rng.standard_normal(size)
        return drawn if isinstance(drawn, tuple) else tuple(map(rational, rounded(drawn, self.held).tolist()))

    def _family(self, name: str, count: int, space: ir.Space) -> tuple[Vector, ...]:
        size = self._dimension(space)
        if name in self.plan.orthonormal and count <= size:
            normals = self.rng.integers(-9, 10, (3, size)).tolist()
            return orthonormal_family([[fmpq(entry) for entry in normal] for normal in normals], count, size)
        return tuple(self._vector(name, space) for _ in range(count))
