"""The check must be able to fail: every mutant is refuted, or it is true and somebody has said why."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from pybridge.batches.plan import Plan
from pybridge.checking.hypotheses import Unmet, certify
from pybridge.checking.judge import Standing
from pybridge.checking.settle import settle
from pybridge.errors import InputError
from pybridge.export.loading import Export, load
from pybridge.mutation.mutants import ConclusionMutant, DefinitionMutant, HypothesisMutant, Mutant, mutants
from pybridge.mutation.run import ROUNDS, Killed, Round, Survived, Trial, attempt, claims, concerned, declarations, trials
from pybridge.mutation.survivors import Explanation, account, dumps, read
from pybridge.proving.prove import Disproved, Excluded, NotDecided, prove

EXPLANATIONS = read()
NAMES = list(declarations(load(check_sources=False)))
FEW = (Round(("integers", "rational-spread", "constant"), 0, 4),)
EQUATION_7 = "norm_sq_backward_eps_zero"


def of(export: Export, name: str) -> ConclusionMutant | DefinitionMutant:
    """A mutant by its id."""
    declaration = next(
        d for full, d in declarations(export).items() if full.removeprefix("BatchNorm.") == name.partition(":")[0]
    )
    (found,) = (mutant for mutant in mutants(declaration, export.definitions) if mutant.id == name)
    assert isinstance(found, ConclusionMutant | DefinitionMutant)
    return found


def sampled(name: str, one_in: int) -> bool:
    """Whether the tests try a mutant: one in so many, the same in every run."""
    return zlib.crc32(name.encode()) % one_in == 0


@pytest.mark.parametrize("one_in", [16, pytest.param(4, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", NAMES)
def test_mutants_are_refuted_or_explained(
    name: str, one_in: int, by_declaration: Mapping[str, tuple[Mutant, ...]], export: Export
) -> None:
    """A share of those without an explanation is refuted; four times that share of the explained ones is not, on a few batches.

    All mutants are tried on all batches by ``pybridge mutate``, which takes minutes: not covered here are the others, and
    batches on which an explained mutant might yet be refuted.
    """
    for mutant in by_declaration[name]:
        if mutant.id in EXPLANATIONS and sampled(mutant.id, one_in // 4):
            assert isinstance(attempt(mutant, name, export, rounds=FEW).fate, Survived), mutant.id
        elif mutant.id not in EXPLANATIONS and sampled(mutant.id, one_in):
            fate = attempt(mutant, name, export).fate
            assert isinstance(fate, Killed), f"{mutant.id}: {mutant.change}: {fate}"


def test_some_of_every_kind_are_sampled(by_declaration: Mapping[str, tuple[Mutant, ...]]) -> None:
    """The sample has mutants of conclusions, hypotheses and definitions, and one of most declarations."""
    tried = {
        name: [one for one in found if one.id not in EXPLANATIONS and sampled(one.id, 16)]
        for name, found in by_declaration.items()
    }
    assert {type(one) for found in tried.values() for one in found} == {ConclusionMutant, DefinitionMutant, HypothesisMutant}
    assert sum(map(bool, tried.values())) > len(by_declaration) / 2


def test_every_explanation_is_of_a_mutant(by_declaration: Mapping[str, tuple[Mutant, ...]]) -> None:
    """No explanation outlives its mutant."""
    known = {mutant.id for found in by_declaration.values() for mutant in found}
    assert EXPLANATIONS.keys() <= known


def test_later_rounds_refute_what_the_first_leaves(export: Export) -> None:
    """ŷ at γ in place of ε is 0 where γ ≤ -variance, which the batches of the first round do not meet with all the rest."""
    mutant = of(export, "norm_sq_backward_lt_iff:conclusion.right.right.right.left.right.args.0:to-γ")
    assert isinstance(attempt(mutant, "BatchNorm.norm_sq_backward_lt_iff", export, rounds=ROUNDS[:1]).fate, Survived)
    assert isinstance(attempt(mutant, "BatchNorm.norm_sq_backward_lt_iff", export).fate, Killed)


def test_a_witness_satisfies_the_hypotheses_and_refutes(export: Export) -> None:
    """The batch shown is one on which the mutant is certainly false, computed anew."""
    mutant = of(export, f"{EQUATION_7}:conclusion.right.right:to-plus")
    fate = attempt(mutant, "", export).fate
    assert isinstance(fate, Killed)
    assert isinstance(mutant, ConclusionMutant)
    assert not isinstance(certify(Plan(mutant.theorem, export.definitions), fate.witness.batch), Unmet)
    assert settle(Plan(mutant.theorem, export.definitions), fate.witness.batch)[0].standing is Standing.FAILS
    assert settle(Plan(export.theorem(EQUATION_7), export.definitions), fate.witness.batch)[0].standing is not Standing.FAILS


def test_a_changed_definition_is_refuted_by_a_theorem_that_says_more(export: Export) -> None:
    """A restatement of the definition comes last, so that the refutation is by a theorem with something to say."""
    found = concerned("BatchNorm.backward", export)
    assert len(found) > 3
    assert found[-1].name == "BatchNorm.backward_apply"
    mutant = of(export, "backward:body.body.right:to-plus")
    fate = attempt(mutant, "BatchNorm.backward", export).fate
    assert isinstance(fate, Killed)
    assert fate.theorem != "BatchNorm.backward_apply"


def test_a_change_deep_down_concerns_all_above(export: Export) -> None:
    """The mean is called through variance, scale and normalize: (7) depends on it."""
    assert export.theorem(EQUATION_7) in concerned("BatchNorm.mean", export)


def test_a_definition_nobody_calls_survives(export: Export) -> None:
    """A definition that no theorem speaks about is a hole, and is not passed over."""
    alone = replace(export, theorems={})
    fate = attempt(of(export, "scale:body:without"), "BatchNorm.scale", alone).fate
    assert fate == Survived("vacuous", 0)


def test_the_unchanged_statement_survives(export: Export) -> None:
    """The trial refutes what is false and not everything."""
    theorem = export.theorem(EQUATION_7)
    fate = attempt(ConclusionMutant("", "", theorem), theorem.name, export, prove_for=(2,), rounds=FEW).fate
    assert isinstance(fate, Survived)
    assert (fate.verdict, fate.proved) == ("agrees", (2,))


def test_two_processes_find_what_one_does(export: Export) -> None:
    """In order, and the same fates."""
    definition, theorem = export.definition("scale"), export.theorem("inner_ones_backward")
    conclusions = [one for one in mutants(theorem, export.definitions) if isinstance(one, ConclusionMutant)]
    chosen = {definition.name: mutants(definition, export.definitions)[:1], theorem.name: conclusions[:6]}
    alone, together = list(trials(chosen, export)), list(trials(chosen, export, jobs=2))
    assert [(trial.id, type(trial.fate)) for trial in alone] == [(trial.id, type(trial.fate)) for trial in together]


@pytest.mark.parametrize("name", NAMES)
def test_explained_mutants_are_proved_where_it_is_said(name: str, export: Export) -> None:
    """The symbolic algebra proves, for m = 2, what an explanation says is proved."""
    for mutant in mutants(declarations(export)[name], export.definitions):
        if mutant.id in EXPLANATIONS and 2 in EXPLANATIONS[mutant.id].proved:
            for theorem, changed in claims(mutant, export):
                found = prove(theorem, changed, 2)
                assert not isinstance(found, Disproved | NotDecided | Excluded), (mutant.id, found)


def survivor(name: str) -> Trial:
    """A trial that ended without a refutation."""
    return Trial("T", name, "a becomes b", Survived("agrees", 3, (2,)))


def explained(*names: str, proved: tuple[int, ...] = (), vacuous: bool = False) -> dict[str, Explanation]:
    """The same reason for some mutants."""
    explanation = Explanation(reason="because", proved=list(proved), vacuous=vacuous, mutants=list(names))
    return dict.fromkeys(names, explanation)


def test_account_sorts_and_passes_only_what_is_explained() -> None:
    """Unexplained, explained but gone, explained but not proved: each fails; nothing tried fails as well."""
    assert account([survivor("T:a")], explained("T:a", proved=(2,)), ["T:a"]).passed
    assert account([survivor("T:a")], {}, ["T:a"]).unexplained == (survivor("T:a"),)
    assert not account([survivor("T:a")], {}, ["T:a"]).passed
    gone = account([survivor("T:a")], explained("T:a", "T:b"), ["T:a"])
    assert gone.stale == ("T:b: explained, but there is no such mutant",)
    assert not gone.passed
    unproved = account([survivor("T:a")], explained("T:a", proved=(2, 3)), ["T:a"])
    assert unproved.stale == ("T:a: explained as proved for m = 3, and is not",)
    assert not unproved.passed
    assert not account([], {}, []).passed


def test_account_takes_no_lazy_explanation() -> None:
    """What stayed undecided has to be proved; what no batch speaks of has to be explained as such, and nothing else may be."""
    undecided, vacuous = (Trial("T", "T:a", "", Survived(verdict, 3, (2,))) for verdict in ("undecided", "vacuous"))
    lazy = account([undecided], explained("T:a"), ["T:a"])
    assert lazy.stale == ("T:a: undecided on some batch, and not proved: whether it is true was not checked",)
    assert account([undecided], explained("T:a", proved=(2,)), ["T:a"]).passed
    reasoned = {"T:a": Explanation(reason="because", proved=[], vacuous=False, undecided=True, mutants=["T:a"])}
    assert account([undecided], reasoned, ["T:a"]).passed
    assert account([survivor("T:a")], reasoned, ["T:a"]).stale == ("T:a: explained as undecided on some batch, and is not",)
    assert account([vacuous], explained("T:a"), ["T:a"]).stale == ("T:a: explained as tried on batches, and is not",)
    assert account([vacuous], explained("T:a", vacuous=True), ["T:a"]).passed
    assert account([survivor("T:a")], explained("T:a", vacuous=True), ["T:a"]).stale == (
        "T:a: explained as vacuous, and is not",
    )


def test_account_notices_a_refuted_explanation(export: Export) -> None:
    """An explanation of a mutant that falls is out of date."""
    mutant = of(export, "scale:body:without")
    trial = attempt(mutant, "BatchNorm.scale", export)
    found = account([trial], explained(mutant.id), [mutant.id])
    assert found.stale == (f"{mutant.id}: explained, but refuted",)
    assert not found.passed


def test_the_list_is_written_as_it_is_read(tmp_path: Path) -> None:
    """The committed file is what dumps writes, so that a change shows as one."""
    unique = list({id(explanation): explanation for explanation in EXPLANATIONS.values()}.values())
    path = tmp_path / "survivors.json"
    path.write_text(dumps(unique), encoding="utf-8")
    assert read(path) == EXPLANATIONS


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "survivors.json: Invalid JSON.*restore it from git, or reinstall pybridge"),
        ("\udcff", "survivors.json: Invalid JSON"),
        ('{"survivors": [{"reason": "r", "proved": [10000], "vacuous": false, "mutants": ["a"]}]}', "less than or equal to 16"),
        ('{"survivors": [{"reason": "", "proved": [], "vacuous": false, "mutants": ["a"]}]}', "reason"),
        ('{"survivors": [{"reason": "r", "vacuous": false, "mutants": ["a"]}]}', "proved"),
        ('{"survivors": [{"reason": "r", "proved": [], "mutants": ["a"]}]}', "vacuous"),
        ('{"survivors": [{"reason": "r", "proved": [], "vacuous": false, "mutants": ["a", "a"]}]}', "a is explained twice"),
    ],
)
def test_a_bad_list_is_refused_in_one_line(text: str, message: str, tmp_path: Path) -> None:
    """Not JSON, not UTF-8, a size too large, a reason missing, a field missing, a mutant twice."""
    path = tmp_path / "survivors.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError, match=message) as refused:
        read(path)
    assert len(str(refused.value).splitlines()) == 1


def test_a_missing_list_is_refused(tmp_path: Path) -> None:
    """Without the list nothing is explained, which is not the same as an empty one."""
    with pytest.raises(InputError, match="No such file"):
        read(tmp_path / "survivors.json")
