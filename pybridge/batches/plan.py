"""What a theorem asks of a batch, found out once: which variables are drawn and which determined, and what must be met.

In: a theorem.  Out: a ``Plan``, made once for it and handed on.  Whoever draws a batch, certifies its hypotheses, judges or
shrinks it asks the plan; nobody else looks for forms of hypotheses in the statement.  None of the answers is trusted: every
hypothesis is certified on every batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from typing_extensions import assert_never

from pybridge import ir
from pybridge.batches.assumed import inner_products, least, most
from pybridge.batches.determined import Determined, Differentiated, GradientAt, Minimized, determined, needs
from pybridge.errors import InputError
from pybridge.ir.traverse import mentioned, names, subterms, terms
from pybridge.semantics.quantified import cone

LARGEST = 16
"""A gradient found by differentiating, or the domain of a map whose norm is asked for, has at most so many coordinates: each is
a run of its own."""
LARGEST_MATRIX = 64
LARGEST_ARRAY = 64
"""An array of three axes or more has at most so many entries along the last one."""


@dataclass(frozen=True)
class Plan:
    """A theorem, the definitions it is read by, and what it asks of a batch: each answer is worked out when first asked for.

    Parameters
    ----------
    theorem
        The statement.
    definitions
        ``Export.definitions``.
    """

    theorem: ir.Theorem
    definitions: Mapping[str, ir.Definition] = field(repr=False)
    origin: Plan | None = field(default=None, repr=False, compare=False)
    """That of a theorem with the same variables and hypotheses, whose answers about them are taken over."""
    alike: Plan | None = field(default=None, repr=False, compare=False)
    """That of a theorem which asks the same of the values of a batch (``asked``), so that their environments serve both."""
    _mentioned: dict[int, tuple[ir.Proposition | ir.Term, tuple[Determined, ...]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        names = [hypothesis.name for hypothesis in self.theorem.hypotheses]
        if twice := [name for name in names if names.count(name) > 1]:
            raise InputError(f"{self.theorem.name}: two hypotheses are called {twice[0]}", hint="give each a name of its own")

    @property
    def root(self) -> Plan:
        """What has the answers about variables and hypotheses: the same for all theorems that differ in the conclusion only."""
        return self if self.origin is None else self.origin.root

    @property
    def valued(self) -> Plan:
        """What has the values of a batch: the same for all theorems for which these are drawn and determined alike."""
        return self.root if self.alike is None else self.alike.valued

    def concluding(self, theorem: ir.Theorem) -> Plan:
        """The plan of a theorem with the same variables and hypotheses."""
        same = (theorem.variables, theorem.hypotheses) == (self.theorem.variables, self.theorem.hypotheses)
        return replace(self, theorem=theorem, origin=self if same else None, alike=self.alike if same else None)

    # Which variables have which values.

    @cached_property
    def determined(self) -> tuple[Determined, ...]:
        """The variables that hypotheses determine, each once, in an order in which their values can be worked out."""
        return self.root.determined if self.origin else determined(self.theorem)

    @cached_property
    def determining(self) -> dict[str, Determined]:
        """By the name of a hypothesis, what it determines."""
        return self.root.determining if self.origin else {one.hypothesis: one for one in self.determined}

    @cached_property
    def drawn(self) -> tuple[ir.Variable, ...]:
        """The variables that no hypothesis determines, in the theorem's order."""
        if self.origin:
            return self.root.drawn
        settled = {one.name for one in self.determined}
        return tuple(variable for variable in self.theorem.variables if variable.name not in settled)

    def determined_for(self, about: ir.Proposition | ir.Term) -> tuple[Determined, ...]:
        """Those determined variables, in their order, that the values mentioned are or are made of."""
        if not self.determined:
            return ()
        kept = self._mentioned.get(id(about))
        if kept is None:
            wanted = set(mentioned(about) if isinstance(about, ir.PROPOSITIONS) else names(about))
            for one in reversed(self.determined):
                wanted |= needs(one) if one.name in wanted else set()
            kept = self._mentioned[id(about)] = about, tuple(one for one in self.determined if one.name in wanted)
        return kept[1]

    @cached_property
    def certified(self) -> tuple[ir.Hypothesis, ...]:
        """The hypotheses in the order in which they are certified: the quick ones first, then whether derivatives exist.

        Those that the plan whose environments serve this one has, too, are the objects that they are there.
        """
        if self.origin:
            return self.root.certified

        def cost(hypothesis: ir.Hypothesis) -> int:
            one = self.determining.get(hypothesis.name)
            return 0 if one is None else 1 if isinstance(one, Differentiated) else 2

        like = self.alike.certified if self.alike is not None and self.alike.definitions is self.definitions else ()
        known = {hypothesis: hypothesis for hypothesis in like}
        return tuple(known.get(hypothesis, hypothesis) for hypothesis in sorted(self.theorem.hypotheses, key=cost))

    # How large a batch is.

    @cached_property
    def smallest(self) -> int:
        """The least size of a batch: 1 where something is assumed to have an element, and what a hypothesis says of one."""
        positions = any(isinstance(variable.kind, ir.PositionKind) for variable in self.theorem.variables)
        nonempty = positions or self.theorem.nontrivial or any(index.nonempty for index in self.theorem.indices)
        return max((1 if nonempty else 0), *map(least, self._assumed), 0)

    @cached_property
    def most(self) -> int | None:
        """What a hypothesis says that a batch has at most: a theorem about small batches alone, of which as many are drawn."""
        return min((bound for bound in map(most, self._assumed) if bound is not None), default=None)

    @cached_property
    def largest(self) -> int | None:
        """The greatest size, where a matrix would be huge or a gradient is found one coordinate after the other."""
        differentiated = any(isinstance(one, Differentiated) for one in self.determined)
        slow = ir.Gradient | ir.FDeriv | ir.OpNorm
        if differentiated or any(isinstance(term, slow) for term in _subterms(self._stated)):
            return LARGEST
        operators = (variable.kind for variable in self.drawn if isinstance(variable.kind, ir.OperatorKind))
        if any(isinstance(kind.domain, ir.Euclidean) for kind in operators):
            return LARGEST_MATRIX
        return LARGEST_ARRAY if any(len(ir.families(_space(variable.kind))) > 1 for variable in self.drawn) else None

    @cached_property
    def labels(self) -> frozenset[str]:
        """The index types that number vectors or channels and no coordinates, of which there are few."""
        kinds = [variable.kind for variable in self.theorem.variables]
        families = [kind for kind in kinds if isinstance(kind, ir.FamilyKind)]
        coordinates = {kind.space.index for kind in families if isinstance(kind.space, ir.Euclidean)}
        channels = {family for kind in kinds for family in ir.families(_space(kind))}
        return frozenset({kind.index for kind in families} - coordinates | channels)

    @cached_property
    def narrow(self) -> frozenset[str]:
        """The abstract spaces that an operator maps from or to, bound ones among them; their dimensions are small."""
        kinds = [variable.kind for variable in self.theorem.variables]
        bound = [part.variable.kind for part in _parts(*self._stated) if isinstance(part, ir.IsGreatest)]
        operators = (kind for kind in (*kinds, *bound) if isinstance(kind, ir.OperatorKind))
        ends = (space for kind in operators for space in (kind.domain, kind.codomain))
        return frozenset(space.name for space in ends if isinstance(space, ir.Abstract))

    @cached_property
    def single(self) -> frozenset[str]:
        """The abstract spaces, of any dimension, over which a loss is least: where it is 0 the loss may be lower elsewhere."""
        least = (one.over for one in self.determined if isinstance(one, Minimized))
        return frozenset(over.name for over in least if isinstance(over, ir.Abstract)) - set(self.theorem.nontrivial)

    # What a drawn value has to be.

    @cached_property
    def kinds(self) -> dict[str, ir.Kind]:
        """The kind of every variable."""
        return {variable.name: variable.kind for variable in self.theorem.variables}

    @cached_property
    def scalars(self) -> tuple[str, ...]:
        """The variables that are numbers."""
        return tuple(name for name, kind in self.kinds.items() if isinstance(kind, ir.ScalarKind))

    @cached_property
    def vectors(self) -> tuple[str, ...]:
        """The variables that are vectors, or families of them."""
        return tuple(name for name, kind in self.kinds.items() if isinstance(kind, ir.VectorKind | ir.FamilyKind))

    @cached_property
    def unit(self) -> frozenset[str]:
        """The vectors that a hypothesis ``‖u‖ = 1`` constrains."""
        found = set()
        for hypothesis in self.theorem.hypotheses:
            match hypothesis.proposition:
                case ir.Eq(ir.Norm(ir.VVar(name)), ir.Nat(1)) | ir.Eq(ir.Nat(1), ir.Norm(ir.VVar(name))):
                    found.add(name)
                case _:
                    pass
        return frozenset(found)

    @cached_property
    def orthonormal(self) -> frozenset[str]:
        """The families that a hypothesis says to be orthonormal."""
        stated = (hypothesis.proposition for hypothesis in self.theorem.hypotheses)
        return frozenset(proposition.family for proposition in stated if isinstance(proposition, ir.Orthonormal))

    @cached_property
    def orthogonal(self) -> dict[str, tuple[ir.Vector, ...]]:
        """By vector, those that a hypothesis says it to be orthogonal to."""
        return inner_products(part for part in self._assumed if not isinstance(part, ir.Ne))

    @cached_property
    def compared(self) -> dict[str, tuple[ir.Vector, ...]]:
        """By vector, those that it is orthogonal to where a side of a concluded equivalence holds."""
        conclusion = self.theorem.conclusion
        return inner_products(_parts(conclusion)) if isinstance(conclusion, ir.Iff) else {}

    @cached_property
    def gradients(self) -> tuple[tuple[str, ir.Vector], ...]:
        """The losses of which a gradient is taken, each with the point where it is."""
        return tuple((one.loss, one.point) for one in self.determined if isinstance(one, GradientAt))

    @cached_property
    def bounds(self) -> tuple[tuple[str, ir.Scalar], ...]:
        """The operators whose norm a hypothesis bounds, each with its bound."""
        return tuple((part.operator, part.bound) for part in self._assumed if isinstance(part, ir.OpNormLe))

    @cached_property
    def along(self) -> dict[str, ir.Vector]:
        """By bounded operator, the vector to which the conclusion applies its adjoint first, where that is not made of it."""
        found: dict[str, ir.Vector] = {}
        for term in _subterms((self.theorem.conclusion,)):
            if isinstance(term, ir.Adjoint):
                found.setdefault(term.operator, term.arg)
        return {name: arg for name, arg in found.items() if name not in names(arg)}

    @cached_property
    def cones(self) -> tuple[tuple[str, ir.Vector], ...]:
        """The sets that a hypothesis says to contain a ray, each with the vector it goes through."""
        return tuple(found for part in self._assumed if (found := cone(part)) is not None)

    @cached_property
    def radicands(self) -> tuple[tuple[ir.Call, dict[str, ir.Definition]], ...]:
        """The calls of definitions that are roots, each with definitions by which the call is what stands under its root."""
        found = []
        calls = (term for term in _subterms(self._stated) if isinstance(term, ir.Call))
        for call in dict.fromkeys(calls):
            definition = self.definitions.get(call.name)
            if definition is not None and isinstance(definition.body, ir.Sqrt) and names(call) <= self.kinds.keys():
                found.append((call, {**self.definitions, call.name: replace(definition, body=definition.body.arg)}))
        return tuple(found)

    @property
    def asked(self) -> tuple[object, ...]:
        """All of this that says which values a batch has; where it is the same for two theorems, so are their batches."""
        theorem = self.theorem
        sizes = theorem.indices, theorem.spaces, self.smallest, self.most, self.largest, self.labels, self.narrow, self.single
        values = theorem.variables, self.determined, self.unit, self.orthonormal, self.orthogonal, self.compared
        adjusted = self.gradients, self.bounds, self.along, self.cones, [call for call, _ in self.radicands]
        return *sizes, *values, *adjusted

    @property
    def _stated(self) -> tuple[ir.Proposition, ...]:
        """All that the theorem says."""
        return (*(hypothesis.proposition for hypothesis in self.theorem.hypotheses), self.theorem.conclusion)

    @property
    def _assumed(self) -> Iterator[ir.Proposition]:
        return _parts(*(hypothesis.proposition for hypothesis in self.theorem.hypotheses))


def _parts(*propositions: ir.Proposition) -> Iterator[ir.Proposition]:
    """The propositions, and in place of a conjunction or an equivalence its parts."""
    for proposition in propositions:
        if isinstance(proposition, ir.And | ir.Iff):
            yield from _parts(proposition.left, proposition.right)
        else:
            yield proposition


def _subterms(propositions: Iterable[ir.Proposition]) -> Iterator[ir.Term]:
    return (part for proposition in propositions for term in terms(proposition) for part in subterms(term))


def _space(kind: ir.Kind) -> ir.Space | None:
    """The space that a variable of this kind is about; None of a number, a position or an operator."""
    match kind:
        case ir.VectorKind(space) | ir.FamilyKind(_, space) | ir.LossKind(space) | ir.FieldKind(space) | ir.SetKind(space):
            return space
        case ir.ScalarKind() | ir.PositionKind() | ir.OperatorKind():
            return None
        case _:
            assert_never(kind)
