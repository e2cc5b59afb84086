"""How each mutant fares: refuted with a witness, or a survivor that somebody has to explain.

In: an export and mutants of it.  Out: for each mutant a fate, and for a run of many what is unexplained or out of date.  A
changed statement is checked itself; a changed definition has to be refuted by one of the theorems that call it.  A mutant is
tried on small batches, and the first that refutes it ends the trial.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import TypeAlias

from typing_extensions import assert_never

from pybridge import ir
from pybridge.batches.generate import Batch, family_names
from pybridge.batches.plan import Plan
from pybridge.batches.shared import in_order
from pybridge.checking.run import run
from pybridge.checking.verdict import Refuted, TheoremReport, Undecided, Witness
from pybridge.checking.workers import Workers
from pybridge.errors import brief
from pybridge.export.loading import Export
from pybridge.ir.traverse import subterms, terms
from pybridge.mutation import shared
from pybridge.mutation.mutants import ConclusionMutant, DefinitionMutant, HypothesisMutant, Mutant, mutants
from pybridge.mutation.needed import DRAWN, LARGEST
from pybridge.mutation.shared import Round, tried_together
from pybridge.proving.prove import Proved, prove

ROUNDS = (
    Round(DRAWN, 0, LARGEST),
    *(Round(DRAWN, seed, LARGEST) for seed in (1, 2, 3, 14)),
    Round(family_names(), 0, 2 * LARGEST),
)
"""The first refutes nearly all that can be; the others, the last of which takes in recorded batches, are for what is left."""


@dataclass(frozen=True, slots=True, repr=False)
class Killed:
    """Refuted: ``theorem``, the mutant itself or one that calls the changed definition, is false on ``witness``."""

    theorem: str
    witness: Witness

    def __repr__(self) -> str:
        return brief(self, f"{self.theorem} on {self.witness.batch.name}")


@dataclass(frozen=True, slots=True)
class Survived:
    """Not refuted on ``tried`` batches.

    Parameters
    ----------
    verdict
        ``agrees`` on every batch that counted, ``undecided`` on some, or ``vacuous``: none counted.
    tried
        How many batches counted.
    proved
        The sizes m, of those asked for, for which the symbolic algebra proves what the mutant states.
    """

    verdict: str
    tried: int
    proved: tuple[int, ...] = ()


Fate: TypeAlias = Killed | Survived


@dataclass(frozen=True, slots=True, repr=False)
class Trial:
    """A mutant of the declaration ``owner``, and its fate."""

    owner: str
    id: str
    change: str
    fate: Fate

    def __repr__(self) -> str:
        return brief(self, f"{self.id}: {self.fate!r}")


def declarations(export: Export) -> dict[str, ir.Theorem | ir.Definition]:
    """What is mutated: theorems, then definitions, by full name."""
    return {**export.theorems, **export.definitions}


def attempt(
    mutant: Mutant,
    owner: str,
    export: Export,
    *,
    shrink: bool = False,
    prove_for: Sequence[int] = (),
    rounds: Sequence[Round] = ROUNDS,
) -> Trial:
    """Try to refute one mutant.

    Parameters
    ----------
    mutant
        One of ``mutants(...)`` of the declaration ``owner``.
    export
        The unchanged export.
    shrink
        Whether to look for a smaller witness.
    prove_for
        Sizes m for which to try and prove a mutant that survives.
    rounds
        Which batches to try; a later round is for what is left of those before.
    """
    reports: list[TheoremReport] = []
    plans: list[tuple[Plan, Callable[[Round], Iterable[Iterable[Batch]]]]]
    if isinstance(mutant, ConclusionMutant):  # drawn as for the theorem: what its conclusion tells apart a mutant's may not
        unchanged, batches_of = shared.unchanged(export.theorems[mutant.theorem.name], export)
        plans = [(unchanged.concluding(mutant.theorem), batches_of)]
    elif isinstance(mutant, HypothesisMutant):
        plans = [shared.violated(mutant, export)]
    else:
        plans = [
            (plan := Plan(theorem, changed.definitions), partial(shared.drawn, plan))
            for theorem, changed in claims(mutant, export)
        ]
    for batches in rounds:
        for plan, wanted in plans:
            report = run(plan, wanted(batches), shrink=shrink)
            if isinstance(report.verdict, Refuted):
                return Trial(owner, mutant.id, mutant.change, Killed(plan.theorem.name, report.verdict.witness))
            reports.append(report)
    tried = sum(sum(report.counted.values()) for report in reports)
    undecided = any(isinstance(report.verdict, Undecided) for report in reports)
    verdict = "undecided" if undecided else "agrees" if tried else "vacuous"
    proved = tuple(size for size in prove_for if proves(mutant, export, size))
    return Trial(owner, mutant.id, mutant.change, Survived(verdict, tried, proved))


def proves(mutant: Mutant, export: Export, size: int) -> bool:
    """Whether the symbolic algebra proves for batches of ``size`` entries all that the mutant states."""
    found = [prove(theorem, changed, size) for theorem, changed in claims(mutant, export)]
    return bool(found) and all(isinstance(finding, Proved) for finding in found)


def claims(mutant: Mutant, export: Export) -> Iterator[tuple[ir.Theorem, Export]]:
    """What a mutant states: a changed theorem, or the theorems that call a changed definition; and the export to read it by."""
    match mutant:
        case ConclusionMutant(theorem=theorem) | HypothesisMutant(theorem=theorem):
            yield theorem, export
        case DefinitionMutant(definition=definition):
            changed = replace(export, definitions={**export.definitions, definition.name: definition})
            for theorem in concerned(definition.name, export):
                yield theorem, changed
        case _:
            assert_never(mutant)


def concerned(definition: str, export: Export) -> list[ir.Theorem]:
    """The theorems that call a definition, directly or through others.

    First those that call it themselves and assume least, which refute most; last those that only restate it.
    """
    calling = {definition}
    for other in export.definitions.values():
        if _called(other.body) & calling:
            calling.add(other.name)
    found = [theorem for theorem in export.theorems.values() if _called(*_stated(theorem)) & calling]

    def rank(theorem: ir.Theorem) -> tuple[bool, bool, int]:
        direct = definition in _called(*_stated(theorem))
        return _restates(theorem, export.definitions[definition]), not direct, len(theorem.hypotheses)

    return sorted(found, key=rank)


def _stated(theorem: ir.Theorem) -> list[ir.Term]:
    propositions = (*(hypothesis.proposition for hypothesis in theorem.hypotheses), theorem.conclusion)
    return [term for proposition in propositions for term in terms(proposition)]


def _called(*roots: ir.Term) -> set[str]:
    return {term.name for root in roots for term in subterms(root) if isinstance(term, ir.Call | ir.VCall)}


def _restates(theorem: ir.Theorem, definition: ir.Definition) -> bool:
    """Whether the conclusion is no more than the definition: a component of a call, and what the body says it is."""
    match theorem.conclusion:
        case ir.Eq(ir.Component(ir.VCall(name, _, _), _), _) | ir.Eq(ir.Call(name, _, _), _):
            return name == definition.name
        case _:
            return False


def trials(
    chosen: Mapping[str, Sequence[Mutant]],
    export: Export,
    *,
    jobs: int = 1,
    shrink: bool = False,
    prove_for: Mapping[str, Sequence[int]] = MappingProxyType({}),
) -> Iterator[Trial]:
    """Try mutants, by the full name of their declaration; yield the trials in order.

    Those that are tried on the same batches are tried one after the other, whatever stands between them.

    Parameters
    ----------
    chosen
        Mutants of the declarations of ``export``.
    jobs
        How many processes. With one, nothing is started.
    shrink
        Whether to look for smaller witnesses.
    prove_for
        By the mutant's id, the sizes m for which to try and prove it, should it survive.
    """
    every = [(owner, mutant) for owner, found in chosen.items() for mutant in found]
    tasks = tried_together(every, export)
    places = [place for task in tasks for place in task]
    if jobs <= 1:
        here = (
            attempt(mutant, owner, export, shrink=shrink, prove_for=prove_for.get(mutant.id, ()))
            for owner, mutant in (every[place] for place in places)
        )
        yield from in_order(places, here)
        return
    sent = [
        [(owner, mutant.id, tuple(prove_for.get(mutant.id, ()))) for owner, mutant in (every[place] for place in task)]
        for task in tasks
    ]
    with Workers(min(jobs, len(tasks)), _prepare, export, shrink) as workers:
        yield from in_order(places, (trial for done in workers.map(_attempt_by_ids, sent) for trial in done))


_here: dict[str, tuple[Export, bool, dict[str, dict[str, Mutant]]]] = {}


def _prepare(export: Export, shrink: bool) -> None:
    """Keep in a new process what all its trials have in common, and room for the mutants, which are the same everywhere."""
    _here["export"] = (export, shrink, {})


def _mutants_here(owner: str) -> dict[str, Mutant]:
    """The mutants of a declaration by their ids, made once in this process."""
    export, _, made = _here["export"]
    if owner not in made:
        made[owner] = {mutant.id: mutant for mutant in mutants(declarations(export)[owner], export.definitions)}
    return made[owner]


def _attempt_by_ids(tasks: Sequence[tuple[str, str, tuple[int, ...]]]) -> list[Trial]:
    export, shrink, _ = _here["export"]
    return [attempt(_mutants_here(owner)[name], owner, export, shrink=shrink, prove_for=sizes) for owner, name, sizes in tasks]
