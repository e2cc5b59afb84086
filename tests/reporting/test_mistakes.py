"""Mutants by the kind of mistake, and needed hypotheses."""

from __future__ import annotations

import pytest

from pybridge.export.loading import Export
from pybridge.mutation import survivors
from pybridge.mutation.mutants import mutants
from pybridge.mutation.needed import Needed, NotNeeded
from pybridge.mutation.run import declarations
from pybridge.reporting.mistakes import OTHERS, count, kind_of, mistakes, needs


def test_every_mutant_has_a_kind(export: Export) -> None:
    """No mutant of the export falls among the others."""
    for one in declarations(export).values():
        for mutant in mutants(one, export.definitions):
            assert kind_of(mutant, export) != OTHERS, mutant.id


def test_all_mutants_are_counted(export: Export) -> None:
    """Each mutant stands in one kind, with its fate; those on record are explained."""
    theorem = export.theorem("sum_normalize")
    done: list[str] = []
    found = mistakes([theorem], export, done=done.append)
    ids = [mutant.id for mutant in mutants(theorem, export.definitions)]
    assert done == ids
    assert found.total == len(ids) == count([theorem], export)
    assert found.count("explained") == len(survivors.read().keys() & set(ids)) > 0
    assert found.count("unexplained") == 0
    assert found.unexplained == found.stale == ()
    assert [kind.total for kind in found.kinds] == sorted((kind.total for kind in found.kinds), reverse=True)


def test_an_unexplained_mutant_is_named(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mutant that survives without a reason is in the list."""
    monkeypatch.setattr(survivors, "read", dict)
    found = mistakes([export.theorem("sum_normalize")], export)
    assert found.count("unexplained") == len(found.unexplained) > 0
    assert found.unexplained[0].startswith("sum_normalize:")


def test_needs_of_each_hypothesis(export: Export) -> None:
    """One theorem needs its hypothesis, another does not."""
    ((_, needed),) = needs(export.theorem("norm_sq_normalize_eps_zero"), export)
    assert isinstance(needed, Needed)
    ((_, superfluous),) = needs(export.theorem("7ε") if len(export.stated("7ε")) == 1 else export.stated("7ε")[0], export)
    assert isinstance(superfluous, NotNeeded)
