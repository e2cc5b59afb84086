"""What a mutant, a slip, a trial is, in one short line."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pybridge.export.loading import Export
from pybridge.kernels.guesses import guesses
from pybridge.mutation.mutants import Mutant, mutants
from pybridge.mutation.needed import need
from pybridge.mutation.run import Survived, Trial, attempt
from pybridge.mutation.survivors import account, read


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("scale:body.arg:without-right", "<DefinitionMutant {id}: `+ ε` is missing: variance(y) + ε becomes variance(y)>"),
        ("variance_nonneg:conclusion:reversed", "<ConclusionMutant {id}: the sides of `≤` are exchanged: "),
        ("norm_sq_backward:h:dropped", "<HypothesisMutant {id}: without 0 < BatchNorm.variance y + ε>"),
    ],
)
def test_mutants(name: str, shown: str, export: Export) -> None:
    """The id, and what is wrong."""
    owner = name.partition(":")[0]
    declaration = export.definition(owner) if owner == "scale" else export.theorem(owner)
    (mutant,) = (mutant for mutant in mutants(declaration, export.definitions) if mutant.id == name)
    assert repr(mutant).startswith(shown.format(id=name))


def test_no_mutant_is_shown_at_length(by_declaration: Mapping[str, tuple[Mutant, ...]], export: Export) -> None:
    """Whatever it is a mutant of; nor is a guess."""
    found = [mutant for name in export.theorems for mutant in by_declaration[name]]
    shown = [*map(repr, found), *map(repr, guesses(export.definition("backward"), export.definitions))]
    assert max(map(len, shown)) < 200
    assert all(line.isprintable() for line in shown)


def test_trials_and_what_they_come_to(export: Export) -> None:
    """The fate, without the batch it was met on; the counts, without the trials."""
    (mutant,) = (m for m in mutants(export.definition("scale"), export.definitions) if m.id == "scale:body:without")
    killed = attempt(mutant, "BatchNorm.scale", export)
    assert repr(killed).startswith("<Trial scale:body:without: <Killed BatchNorm.")
    survivor = Trial("T", "T:a", "a becomes b", Survived("agrees", 3))
    assert repr(account([killed, survivor], {}, [])) == "<Account 1 refuted, 0 explained, 1 unexplained, 0 stale>"
    explanation = read()["sum_normalize:conclusion.left:averaged"]
    assert repr(explanation) == str(explanation) == "<Explanation 0 divided by m is 0 (mutants: 1)>"


def test_needs(export: Export) -> None:
    """By which batch."""
    theorem = export.theorem("normalize_eps_zero_smul")
    (hypothesis,) = (h for h in theorem.hypotheses if h.name == "ha")
    assert repr(need(theorem, hypothesis, export, shrink=False)).startswith("<Needed by ")
