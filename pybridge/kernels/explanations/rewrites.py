"""Slips that are too rare to be tried first, and two slips at once.

In: a definition.  Out: ``Guess``es.  Two slips are two of the likely ones, made one after the other in the same definition or
in two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations
from typing import Any

from pybridge import ir
from pybridge.ir.occurrences import places, put
from pybridge.ir.rewrite import everywhere, reachable
from pybridge.ir.traverse import subterms
from pybridge.kernels.guesses import Definitions, Guess
from pybridge.mutation.mutants import DefinitionMutant, of_definition
from pybridge.notation.render import text

SCALE = "scale"
"""The short name of the definition of σ."""
SIZES = (1, -2, 2)
"""What somebody adds to the size of the batch, beside -1, which is a likely slip."""
_GAMMA = ir.Var("γ")


def rare(definition: ir.Definition, definitions: Definitions) -> Iterator[Guess]:
    """Yield what no mutant is: a term taken off twice, multiplied in place of divided, a power of σ, a root of a root."""
    for found in reachable(definition, definitions):
        yield from _all_sums(found, definitions)
        yield from _all_sizes(found, definitions)
        kinds = {parameter.name: parameter.kind for parameter in found.parameters}
        scale = _scale_of(found)
        for place in places(found.body, kinds):
            for sentence, node in _instead(place.node, scale):
                changed = {**definitions, found.name: replace(found, body=put(found.body, place.path, node))}
                yield Guess(f"in {found.name}, {sentence}", found.name, lambda _, changed=changed: changed)  # type: ignore[misc]


def _all_sums(found: ir.Definition, definitions: Definitions) -> Iterator[Guess]:
    """Yield all sums of a definition divided by m - 1."""
    if sum(isinstance(inner, ir.Sum) for inner in subterms(found.body)) < 2:
        return

    def one_less(term: ir.Term) -> ir.Term:
        if not isinstance(term, ir.Sum):
            return term
        return ir.Mul(term, ir.Div(ir.Card(term.index), ir.Sub(ir.Card(term.index), ir.Nat(1))))

    changed = {**definitions, found.name: replace(found, body=everywhere(found.body, one_less))}
    yield Guess(f"in {found.name}, all sums are divided by m - 1 in place of m", found.name, lambda _: changed)


def _all_sizes(found: ir.Definition, definitions: Definitions) -> Iterator[Guess]:
    """Yield another number for the size of the batch, in all places of a definition that has several."""
    if sum(isinstance(inner, ir.Card) for inner in subterms(found.body)) < 2:
        return
    for number in SIZES:

        def put(term: ir.Term, number: int = number) -> ir.Term:
            return _of_size(number, term) if isinstance(term, ir.Card) else term

        changed = {**definitions, found.name: replace(found, body=everywhere(found.body, put))}
        said = f"in {found.name}, {_sized(number)} in all places"
        yield Guess(said, found.name, lambda _, changed=changed: changed)  # type: ignore[misc]


def _of_size(number: int, size: ir.Scalar) -> ir.Scalar:
    return ir.Add(size, ir.Nat(number)) if number > 0 else ir.Sub(size, ir.Nat(-number))


def _sized(number: int) -> str:
    return f"the size m of the batch is m {'+' if number > 0 else '-'} {abs(number)}"


def _in_some_terms(node: ir.Mul) -> Iterator[tuple[str, ir.Scalar]]:
    """Yield a factor γ that is forgotten in one of the terms that it multiplies, or in several."""
    for head, inner in ((node.left, node.right), (node.right, node.left)):
        if not any(one == _GAMMA for one in subterms(head)):
            continue
        whole: Any = head
        without: Any = everywhere(head, lambda term: ir.Nat(1) if term == _GAMMA else term)
        terms = list(_terms(inner))
        for number in range(1, len(terms)):
            for chosen in combinations(terms, number):
                found: ir.Scalar = node
                for positive, term in chosen:
                    less = ir.Mul(ir.Sub(whole, without), term)
                    found = ir.Sub(found, less) if positive else ir.Add(found, less)
                named = " and ".join(f"`{text(term)}`" for _, term in chosen)
                yield f"the factor `γ` is missing in the term{'s' if number > 1 else ''} {named}", found


def _powers(node: ir.Call) -> Iterator[tuple[str, ir.Scalar]]:
    """Yield powers of what is divided by."""
    if node.name.rpartition(".")[2] == SCALE:
        for exponent in (2, 3):
            yield f"the power {exponent} of `{text(node)}` stands for it", ir.Pow(node, exponent)


def _scaled(node: ir.Add | ir.Sub, scale: ir.Call | None) -> Iterator[tuple[str, ir.Scalar]]:
    """Yield a term of a sum that is divided by σ, or multiplied, more often than the others."""
    if scale is None:
        return
    right, said = node.right, text(node.right)
    yield f"`{said}` is divided by `{text(scale)}` once more", replace(node, right=ir.Div(right, scale))
    yield f"`{said}` is divided by `{text(scale)}` twice more", replace(node, right=ir.Div(right, ir.Pow(scale, 2)))
    yield f"`{said}` is multiplied by `{text(scale)}`, or not divided by it", replace(node, right=ir.Mul(right, scale))


def _averaged(node: ir.Sub) -> Iterator[tuple[str, ir.Scalar]]:
    """Yield a sum that is taken off where a mean is meant, or a mean of means."""
    sums = {inner.index for inner in subterms(node.right) if isinstance(inner, ir.Sum)}
    if len(sums) == 1 and any(isinstance(inner, ir.Card) for inner in subterms(node.left)):
        size, said = ir.Card(sums.pop()), text(node.right)
        yield (
            f"`{said}` is multiplied by `{text(size)}`: does a sum stand for a mean?",
            replace(node, right=ir.Mul(size, node.right)),
        )
        yield f"`{said}` is divided by `{text(size)}` once more", replace(node, right=ir.Div(node.right, size))


def _scale_of(found: ir.Definition) -> ir.Call | None:
    """What a definition divides by, where it says so itself."""
    calls = (one for one in subterms(found.body) if isinstance(one, ir.Call) and one.name.rpartition(".")[2] == SCALE)
    return next(calls, None)


def _terms(node: ir.Scalar, *, positive: bool = True) -> Iterator[tuple[bool, ir.Scalar]]:
    """Yield the terms of a sum of several, and whether they are added."""
    match node:
        case ir.Add(left, right):
            yield from _parts(left, positive=positive)
            yield from _parts(right, positive=positive)
        case ir.Sub(left, right):
            yield from _parts(left, positive=positive)
            yield from _parts(right, positive=not positive)
        case _:
            return


def _parts(node: ir.Scalar, *, positive: bool) -> Iterator[tuple[bool, ir.Scalar]]:
    if isinstance(node, ir.Add | ir.Sub):
        yield from _terms(node, positive=positive)
    else:
        yield positive, node


def _instead(node: object, scale: ir.Call | None) -> Iterator[tuple[str, ir.Scalar]]:
    match node:
        case ir.Sub(_, right):
            yield f"`{text(right)}` is taken off twice", ir.Sub(node, right)
            yield from _averaged(node)
            yield from _scaled(node, scale)
        case ir.Add(_, right):
            yield f"`{text(right)}` is added twice", ir.Add(node, right)
            yield from _scaled(node, scale)
        case ir.Call():
            yield from _powers(node)
        case ir.Div(left, right):
            yield f"it is multiplied by `{text(right)}` in place of divided", ir.Mul(left, right)
        case ir.Card():
            yield from ((_sized(number), _of_size(number, node)) for number in SIZES)
        case ir.Mul(ir.Card(), ir.Card()):  # of a batch with channels
            yield from ((_sized(number), _of_size(number, node)) for number in (-1, *SIZES))
        case ir.Mul():
            yield from _in_some_terms(node)
        case ir.Sqrt():
            yield f"the root of `{text(node)}` is taken once more", ir.Sqrt(node)
        case ir.Sum(_, index, _):
            less = ir.Sub(ir.Card(index), ir.Nat(1))
            yield f"`{text(node)}` is divided by m - 1 in place of m", ir.Mul(node, ir.Div(ir.Card(index), less))
            yield f"`{text(node)}` is divided by m - 1", ir.Div(node, less)
        case _:
            return


def pairs(definition: ir.Definition, definitions: Definitions) -> Iterator[Guess]:
    """Yield two likely slips at once, each pair in one order."""
    concerned = reachable(definition, definitions)
    likely = {one.name: _likely(one, definitions) for one in concerned}
    for number, one in enumerate(concerned):
        for mutant in likely[one.name]:
            first = {**definitions, one.name: mutant.definition}
            for other in concerned[number:]:
                # which slips another definition allows depends on what this one takes and gives, and not on its body
                for second in _likely(mutant.definition, first) if other is one else likely[other.name]:
                    if second.definition.body != definitions[other.name].body:
                        both = {**first, other.name: second.definition}
                        yield Guess(partial(_said, one, mutant, second), other.name, lambda _, both=both: both)  # type: ignore[misc]


def _likely(definition: ir.Definition, definitions: Definitions) -> list[DefinitionMutant]:
    return [mutant for mutant in of_definition(definition, definitions) if mutant.slip.likely]


def _said(own: ir.Definition, first: DefinitionMutant, second: DefinitionMutant) -> str:
    """Two slips in words, of which the first is made in a definition of its own."""
    return _inside(own, first, second) or _both((own.name, first.slip.sentence), (second.definition.name, second.slip.sentence))


def _inside(own: ir.Definition, first: DefinitionMutant, second: DefinitionMutant) -> str:
    """What two slips make of one term, where the second is made in what the first has put there; else empty."""
    if first.definition.name != second.definition.name:
        return ""
    path, inner = ([step for step in one.id.split(":")[-2].split(".")[1:] if step] for one in (first, second))
    if inner[: len(path)] != path:
        return ""
    was, there = _at(own.body, path), _at(first.definition.body, inner)
    if inner == path or there in set(subterms(was)):
        return ""
    now = text(_at(second.definition.body, path))
    return f"in {own.name}, `{text(was)}` is `{now}`" if now != text(was) else ""


def _at(term: Any, path: Sequence[str]) -> Any:
    for step in path:
        term = term[int(step)] if step.isdigit() else getattr(term, step)
    return term


def _both(one: tuple[str, str], other: tuple[str, str]) -> str:
    """Two slips in words, none of which stand there twice."""
    (name, said), (other_name, other_said) = one, other
    if said != other_said:
        return f"in {name}, {said}, and in {other_name}, {other_said}"
    return f"in {name}, in two places: {said}" if name == other_name else f"in {name} and in {other_name}, {said}"
