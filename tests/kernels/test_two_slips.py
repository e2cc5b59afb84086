"""The search of two slips: all pairs, each of them asked once, and put into words only where it explains the numbers."""

from __future__ import annotations

from types import SimpleNamespace

from pybridge.ir.rewrite import reachable
from pybridge.kernels.explanations import rewrites
from pybridge.kernels.explanations import sums as spoilt
from pybridge.kernels.explanations.find import two_slips
from pybridge.kernels.explanations.rewrites import pairs
from pybridge.kernels.looks import Look
from pybridge.kernels.outcomes import AnotherFunction
from pybridge.mutation.mutants import of_definition
from pybridge.testing import check_kernel

NAME = "BatchNorm.forward"


def changed(guess, definitions):
    """The definitions that a guess changes."""
    return tuple(one for name, one in guess.apply({}).items() if one is not definitions[name])


def looks_at(export):
    """Rows of which only the definition is asked."""
    comparison = SimpleNamespace(definition=export.definition(NAME), export=export)
    return [SimpleNamespace(comparison=comparison, counts={})]


def test_a_slip_elsewhere_leaves_the_slips_of_a_definition(export):
    """What ``pairs`` takes for granted: they are made once for each definition, not for each slip in another."""
    definitions = export.definitions
    concerned = reachable(export.definition(NAME), definitions)
    for number, one in enumerate(concerned):
        for mutant in list(of_definition(one, definitions))[::5]:
            first = {**definitions, one.name: mutant.definition}
            for other in concerned[number + 1 :]:
                here, there = list(of_definition(other, definitions)), list(of_definition(other, first))
                assert [(each.id, each.definition) for each in here] == [(each.id, each.definition) for each in there]


def test_each_pair_is_asked_once(export):
    """All of those that ``pairs`` yields, several of which come to the same definitions."""
    asked = []

    def explains(guess):
        asked.append(changed(guess, export.definitions))
        return False

    assert two_slips(looks_at(export), explains, 3) == ()
    every = [changed(guess, export.definitions) for guess in pairs(export.definition(NAME), export.definitions)]
    assert len(asked) == len(set(asked)) < len(every)
    assert set(asked) == set(every)


def test_what_explains_nothing_is_not_put_into_words(export, monkeypatch):
    """The first three that do are said, in the order of the pairs."""
    said = []
    whole = rewrites._said

    def watched(*rest):
        said.append(whole(*rest))
        return said[-1]

    monkeypatch.setattr(rewrites, "_said", watched)
    assert two_slips(looks_at(export), lambda _: False, 3) == ()
    assert not said
    found = two_slips(looks_at(export), lambda _: True, 3)
    assert [one.description for one in found] == list(dict.fromkeys(said))
    assert len(found) == 3


def test_nothing_is_compared_twice(monkeypatch):
    """Rows with one program, in one arithmetic, and with a sum over the same entries."""
    programs, sums = [], []
    fit, standing = Look._fit, spoilt._standing

    def fitted(look, definitions, arithmetic):
        programs.append((look, look.changes.program(definitions)[1], arithmetic))
        return fit(look, definitions, arithmetic)

    def stood(look, made, span, arithmetic, *, counted):
        sums.append((look, id(made), span.kept(look.table.size), span.padded(look.table.size), counted, made))
        return standing(look, made, span, arithmetic, counted=counted)

    monkeypatch.setattr(Look, "_fit", fitted)
    monkeypatch.setattr(spoilt, "_standing", stood)
    found = check_kernel(lambda y, eps: y**3 + eps, "BatchNorm.normalize", layout="N", sizes={"N": (5, 7)})
    assert found.outcome == AnotherFunction(guesses=(), tried=found.outcome.tried)
    assert len(programs) == len(set(programs)) > 50
    keys = [one[:-1] for one in sums]
    assert len(keys) == len(set(keys)) > 5
