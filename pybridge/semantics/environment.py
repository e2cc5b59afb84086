"""Values for the names of a declaration, in some algebra; and ``bind``, which puts exact values there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Any, Generic, TypeAlias, cast

from flint import fmpq
from typing_extensions import assert_never

from pybridge import ir
from pybridge.algebras.base import Algebra, Exact, S, V
from pybridge.errors import InputError
from pybridge.semantics import losses
from pybridge.semantics.losses import Loss, Placed
from pybridge.semantics.operators import Operator, matrix
from pybridge.semantics.regions import Region

Raw: TypeAlias = Exact | Sequence[Exact] | Sequence[Sequence[Exact]] | Loss | Region
"""A variable's value before an algebra takes it: a number or position, a vector, a family or matrix, a loss or a set."""

_NUMBERS = frozenset((int, float, Fraction, fmpq))


@dataclass(frozen=True, slots=True)
class Family(Generic[V]):
    """Vectors of one ``dimension``; the dimension is known when there are none."""

    dimension: int
    members: Sequence[V]


@dataclass(frozen=True, slots=True)
class Environment(Generic[S, V]):
    """Values for the names of a declaration.

    Parameters
    ----------
    sizes : Mapping[str, int]
        The size of every index type and the dimension of every abstract space, by name.
    scalars, vectors, positions, families, operators : Mapping
        The variables' values, by name, one mapping for each kind; a position counts from 0.
    losses : Mapping[str, Loss or Placed]
        The losses by the name of the function.
    fields : Mapping[str, Loss or Placed]
        By the name of a field, the loss whose gradient it is.
    regions : Mapping[str, Region]
        The sets by name.
    """

    sizes: Mapping[str, int]
    scalars: Mapping[str, S] = field(default_factory=dict)
    vectors: Mapping[str, V] = field(default_factory=dict)
    positions: Mapping[str, int] = field(default_factory=dict)
    families: Mapping[str, Family[V]] = field(default_factory=dict)
    losses: Mapping[str, Loss | Placed[V]] = field(default_factory=dict)
    fields: Mapping[str, Loss | Placed[V]] = field(default_factory=dict)
    operators: Mapping[str, Operator[V]] = field(default_factory=dict)
    regions: Mapping[str, Region] = field(default_factory=dict)
    origin: tuple[Environment[S, V], frozenset[str]] | None = field(default=None, init=False, repr=False, compare=False)
    """The environment that this one is but for the values of these names, where it was made from one."""
    machines: dict[tuple[int, int], Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What has run terms on these values (``machine.py``), with all that it has found."""

    def changed(self, kind: str, values: Mapping[str, Any]) -> Environment[S, V]:
        """The environment with other or more values of one kind, ``vectors`` or another of the mappings above."""
        given = {name: getattr(self, name) for name in _MAPPINGS}
        found = Environment(**{**given, kind: {**given[kind], **values}})
        object.__setattr__(found, "origin", (self, frozenset(values)))
        return found


_MAPPINGS = tuple(one.name for one in fields(Environment) if one.init)


def bind(
    variables: Sequence[ir.Variable], sizes: Mapping[str, int], values: Mapping[str, Raw], algebra: Algebra[S, V]
) -> Environment[S, V]:
    """Put exact values into an algebra.

    Parameters
    ----------
    variables : sequence of Variable
        The variables of a theorem or the parameters of a definition: their kinds say how a value is read.
    sizes : mapping
        The size of every index type and the dimension of every abstract space.
    values : mapping
        For a scalar an int, Fraction, fmpq or float (the dyadic number it is); for a vector a sequence of those, as
        long as its space; for a position an int from 0; for a family a sequence of vectors; for an operator the rows of
        its matrix; for a loss, and for a field that is to be a gradient, one of ``semantics.losses``; for a set a
        ``semantics.regions.Region``.

    Raises
    ------
    InputError
        A value is missing, or its length or position does not fit the sizes.
    """
    scalars: dict[str, S] = {}
    vectors: dict[str, V] = {}
    positions: dict[str, int] = {}
    families: dict[str, Family[V]] = {}
    functions: dict[str, Loss | Placed[V]] = {}
    fields: dict[str, Loss | Placed[V]] = {}
    operators: dict[str, Operator[V]] = {}
    regions: dict[str, Region] = {}
    with algebra.context():
        for variable in variables:
            name = variable.name
            if name not in values:
                raise InputError(f"no value for {name}", hint=f"the variables are {', '.join(v.name for v in variables)}")
            raw = values[name]
            match variable.kind:
                case ir.ScalarKind():
                    if type(raw) not in _NUMBERS and isinstance(raw, (Sequence, *losses.LOSSES, Region)):
                        raise InputError(f"{name} is a scalar, got {_values(raw)}")
                    scalars[name] = algebra.scalar(cast("Exact", raw))
                case ir.VectorKind(space):
                    vectors[name] = algebra.vector(_vector(name, raw, dimension_of(space, sizes)))
                case ir.PositionKind(index):
                    if not isinstance(raw, int) or not 0 <= raw < sizes[index]:
                        raise InputError(f"{name} = {raw!r} is no position below {sizes[index]}")
                    positions[name] = raw
                case ir.FamilyKind(index, space):
                    dimension = dimension_of(space, sizes)
                    members = _rows(name, "family", raw, sizes[index], dimension)
                    families[name] = Family(dimension, [algebra.vector(member) for member in members])
                case ir.LossKind(space):
                    functions[name] = _loss(name, raw, dimension_of(space, sizes))
                case ir.FieldKind(space):
                    fields[name] = _loss(name, raw, dimension_of(space, sizes))
                case ir.OperatorKind(domain, codomain):
                    width = dimension_of(domain, sizes)
                    operators[name] = matrix(_rows(name, "matrix", raw, dimension_of(codomain, sizes), width), width, algebra)
                case ir.SetKind(space):
                    regions[name] = _region(name, raw, dimension_of(space, sizes))
                case _:
                    assert_never(variable.kind)
    return Environment(sizes, scalars, vectors, positions, families, functions, fields, operators, regions)


def _rows(name: str, noun: str, raw: Raw, count: int, dimension: int) -> list[Sequence[Exact]]:
    if not isinstance(raw, Sequence) or len(raw) != count:
        raise InputError(f"{name} is a {noun} of {count} vectors, got {_length(raw)}")
    return [_vector(f"{name}[{k}]", member, dimension) for k, member in enumerate(raw)]


def _loss(name: str, raw: Raw, dimension: int) -> Loss:
    if not isinstance(raw, losses.LOSSES):
        raise InputError(f"{name} is a function, got {_length(raw)}", hint="give one of pybridge.semantics.losses")
    if losses.dimension(raw) != dimension:
        raise InputError(f"{name} is a function of {dimension} values, got a loss of {losses.dimension(raw)}")
    return raw


def _region(name: str, raw: Raw, dimension: int) -> Region:
    if not isinstance(raw, Region):
        raise InputError(f"{name} is a set, got {_length(raw)}", hint="give a pybridge.semantics.regions.Region")
    parts = raw.points if raw.generator is None else (raw.generator, *raw.points)
    if raw.dimension != dimension or any(len(part) != dimension for part in parts):
        raise InputError(
            f"{name} is a set of vectors of {dimension} values, got one of {raw.dimension} values, or a part that is none"
        )
    return raw


def _vector(name: str, raw: Raw, dimension: int) -> Sequence[Exact]:
    if (type(raw) is not tuple and not isinstance(raw, Sequence)) or len(raw) != dimension:
        raise InputError(f"{name} is a vector of {dimension} values, got {_length(raw)}")
    if _NUMBERS.issuperset(map(type, raw)):
        return raw  # type: ignore[return-value]
    for value in raw:
        if isinstance(value, Sequence):
            raise InputError(f"{name} is a vector of numbers, got {_length(value)} within it")
    return raw  # type: ignore[return-value]


def _values(raw: Raw) -> str:
    return f"{len(raw)} values" if isinstance(raw, Sequence) else _length(raw)


def _length(raw: Raw) -> str:
    if isinstance(raw, losses.LOSSES):
        return "a loss"
    if isinstance(raw, Region):
        return "a set"
    return str(len(raw)) if isinstance(raw, Sequence) else "one number"


def dimension_of(space: ir.Space, sizes: Mapping[str, int]) -> int:
    """The dimension of ``space``, by the sizes of the index types and the dimensions of the abstract spaces."""
    match space:
        case ir.Euclidean(name) | ir.Abstract(name):
            return sizes[name]
        case ir.ChannelSpace(family, inner):
            return sizes[family] * dimension_of(inner, sizes)
        case _:
            assert_never(space)
