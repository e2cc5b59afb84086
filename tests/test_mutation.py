"""The check must be able to fail: every mutant is refuted, or it is true and somebody has said why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pybridge.errors import InputError
from pybridge.export import Export, load
from pybridge.hypotheses import Unmet, certify
from pybridge.judge import Standing
from pybridge.mutants import ConclusionMutant, DefinitionMutant, mutants
from pybridge.mutation import Killed, Survived, Trial, attempt, claims, concerned, declarations, trials
from pybridge.prove import Disproved, Excluded, NotDecided, prove
from pybridge.settle import settle
from pybridge.survivors import Explanation, account, dumps, read

EXPLANATIONS = read()
NAMES = list(declarations(load(check_sources=False)))
PENDING = {
    "BatchNorm.backward_eps_zero_eq_smul_sub_inner_unit_smul",
    "BatchNorm.backward_eq_smul_sub_mean_smul",
    "BatchNorm.forward_scale_mean",
    "BatchNorm.forward_smul",
    "BatchNorm.hasDerivAt_inner_backward_add_smul",
    "BatchNorm.hasDerivAt_inner_backward_add_smul_gradient",
    "BatchNorm.hasFDerivAt_comp_forward",
    "BatchNorm.hasFDerivAt_forward",
    "BatchNorm.hasFDerivAt_normalize",
    "BatchNorm.hasGradientAt_comp_forward",
    "BatchNorm.hasGradientAt_comp_forward_comp",
    "BatchNorm.inner_normalize_backward",
    "BatchNorm.inner_normalize_backward_eps_zero",
    "BatchNorm.inner_ones_backward",
    "BatchNorm.isGreatest_norm_sq_adjoint_backward",
    "BatchNorm.le_of_hasDerivAt_inner_backward_add_smul_gradient",
    "BatchNorm.norm_backward_eq_iff",
    "BatchNorm.norm_backward_le",
    "BatchNorm.norm_sq_backward_add",
    "BatchNorm.norm_sq_backward_eps_zero_eq_mul_norm_sq",
    "BatchNorm.norm_sq_backward_eps_zero_eq_mul_sub_inner_sq",
    "BatchNorm.norm_sq_backward_eps_zero_eq_mul_sub_sq",
    "BatchNorm.norm_sq_backward_eq_mul_sub_sq",
    "BatchNorm.norm_sq_backward_le",
    "BatchNorm.norm_sq_backward_lt_iff",
    "BatchNorm.norm_sq_eq_of_hasGradientAt",
    "BatchNorm.norm_sq_le_of_hasGradientAt",
    "BatchNorm.norm_sq_normalize_eps_zero",
    "BatchNorm.sum_norm_sq_backward",
    "BatchNorm.variance_nonneg",
    "LayerNorm.backward",
    "LayerNorm.hasGradientAt_comp_forward",
    "LayerNorm.hasGradientAt_comp_forward_gamma",
    "LayerNorm.norm_sq_backward",
    "RMSNorm.backward_eq_smul_sub_inner_smul",
    "RMSNorm.hasFDerivAt_normalize",
    "RMSNorm.hasGradientAt_comp_forward",
    "RMSNorm.norm_sq_backward",
    "RMSNorm.norm_sq_normalize",
    "isGreatest_norm_sq_adjoint",
    "norm_sq_adjoint_le",
    "norm_sub_inner_div_norm_sq_smul_le",
}
"""Declarations whose surviving mutants nobody has looked through yet: `pybridge mutate NAME` lists them."""
EQUATION_7 = "norm_sq_backward_eps_zero"


def of(export: Export, name: str) -> ConclusionMutant | DefinitionMutant:
    """A mutant by its id."""
    declaration = next(
        d for full, d in declarations(export).items() if full.removeprefix("BatchNorm.") == name.partition(":")[0]
    )
    (found,) = (mutant for mutant in mutants(declaration, export.definitions) if mutant.id == name)
    assert isinstance(found, ConclusionMutant | DefinitionMutant)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_mutant_is_refuted_or_explained(name: str, export: Export) -> None:
    """No mutant survives without a listed reason, and no listed one is refuted."""
    if name in PENDING:
        pytest.skip("its survivors are not explained yet")
    found = mutants(declarations(export)[name], export.definitions)
    tried = list(trials({name: found}, export))
    assert [trial.id for trial in tried] == [mutant.id for mutant in found]
    for trial in tried:
        survived = isinstance(trial.fate, Survived)
        assert survived == (trial.id in EXPLANATIONS), f"{trial.id}: {trial.change}: {trial.fate}"


def test_a_witness_satisfies_the_hypotheses_and_refutes(export: Export) -> None:
    """The batch shown is one on which the mutant is certainly false, computed anew."""
    mutant = of(export, f"{EQUATION_7}:conclusion.right.right:to-plus")
    fate = attempt(mutant, "", export).fate
    assert isinstance(fate, Killed)
    assert isinstance(mutant, ConclusionMutant)
    assert not isinstance(certify(mutant.theorem, fate.witness.batch, export.definitions), Unmet)
    assert settle(mutant.theorem, fate.witness.batch, export.definitions)[0].standing is Standing.FAILS
    assert settle(export.theorem(EQUATION_7), fate.witness.batch, export.definitions)[0].standing is not Standing.FAILS


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
    fate = attempt(ConclusionMutant("", "", theorem), theorem.name, export, prove_for=(2,)).fate
    assert isinstance(fate, Survived)
    assert (fate.verdict, fate.proved) == ("agrees", (2,))


def test_two_processes_find_what_one_does(export: Export) -> None:
    """In order, and the same fates."""
    chosen = {"BatchNorm.scale": mutants(export.definition("scale"), export.definitions)}
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


def explained(*names: str, proved: tuple[int, ...] = ()) -> dict[str, Explanation]:
    """The same reason for some mutants."""
    return dict.fromkeys(names, Explanation(reason="because", proved=list(proved), mutants=list(names)))


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
        ("{", "Invalid JSON"),
        ('{"survivors": [{"reason": "", "proved": [], "mutants": ["a"]}]}', "reason"),
        ('{"survivors": [{"reason": "r", "mutants": ["a"]}]}', "proved"),
        ('{"survivors": [{"reason": "r", "proved": [], "mutants": ["a", "a"]}]}', "a is explained twice"),
    ],
)
def test_a_bad_list_is_refused_in_one_line(text: str, message: str, tmp_path: Path) -> None:
    """Not JSON, a reason missing, a field missing, a mutant twice."""
    path = tmp_path / "survivors.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message) as refused:
        read(path)
    assert len(str(refused.value).splitlines()) == 1


def test_a_missing_list_is_refused(tmp_path: Path) -> None:
    """Without the list nothing is explained, which is not the same as an empty one."""
    with pytest.raises(InputError, match="No such file"):
        read(tmp_path / "survivors.json")
