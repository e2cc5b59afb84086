"""Sums over a part of the batch, or over more than it: a first block alone, an incomplete one lost, zeros that were padded.

In: rows.  Out: the sentence that explains them all, if one does.  The sums of the exported definitions get a factor of 0 or 1
for each entry, or the summand of an entry 0 so many times more; which, and what is counted, are parameters that rows give.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pybridge import ir
from pybridge.algebras.doubledouble import Doubles
from pybridge.ir.rewrite import everywhere, reachable
from pybridge.ir.traverse import subterms
from pybridge.kernels.arithmetic import Arithmetic
from pybridge.kernels.explanations.rows import Rewritten, holds, rewritten, run, told
from pybridge.kernels.guesses import Definitions
from pybridge.kernels.looks import Look

KEPT, PADDED, COUNT = "entries kept", "entries padded", "entries counted"
"""Names that no parameter has."""
BLOCKS = (8, 16, 32, 64, 128, 256, 512, 1024)


@dataclass(frozen=True, slots=True)
class Span:
    """Which entries of m a sum goes over: so many of the first, the last left out, or padded to so many."""

    sentence: str
    kept: Callable[[int], int]
    padded: Callable[[int], int] = lambda m: m


def _spans() -> Iterator[Span]:
    for least in (0, 1):
        yield Span("the last entry of the batch is left out", lambda m, least=least: max(m - 1, least))  # type: ignore[misc]
    for more in (0, 1):
        yield Span("only the first half of the batch is summed", lambda m, more=more: (m + more) // 2)  # type: ignore[misc]
    for size in BLOCKS:
        yield Span(f"only the first block of {size} entries is summed", lambda m, size=size: min(m, size))  # type: ignore[misc]
        lost = f"an incomplete block (of {size} entries) is lost"
        yield Span(lost, lambda m, size=size: m - m % size if m >= size else m)  # type: ignore[misc]
        all_lost = f"an incomplete block (of {size} entries) is lost, also the first one"
        yield Span(all_lost, lambda m, size=size: m - m % size)  # type: ignore[misc]


def _paddings() -> Iterator[Span]:
    yield Span(
        "zeros that fill up to the next power of two are let into a sum", _all, lambda m: 1 << max(m - 1, 0).bit_length()
    )
    for size in BLOCKS:
        said = f"zeros that fill up to a multiple of {size} are let into a sum"
        yield Span(said, _all, lambda m, size=size: -(-m // size) * size)  # type: ignore[misc]


def _all(m: int) -> int:
    return m


def spoilt_sums(looks: Sequence[Look], arithmetic: Arithmetic) -> Iterator[str]:
    """Yield the sentences of all that explain every number."""
    comparison = looks[0].comparison
    if looks[0].table.lengths is not None:
        return
    definition, definitions = comparison.definition, comparison.export.definitions
    concerned = [one.name for one in reachable(definition, definitions) if _sums(one)]
    scopes = _scopes(definition.name, concerned)
    for spans, change in ((_spans, _short), (_paddings, _long)):
        for where, names in scopes:
            counts = any(isinstance(inner, ir.Card) for name in names for inner in subterms(definitions[name].body))
            for counted in (False, True) if counts else (False,):
                made = _made(definition, definitions, names, change, counted=counted)
                if made is None:
                    continue
                known: dict[tuple[int, int, int], tuple[bool, bool]] = {}
                count = ", and m is counted in full" if counts and not counted and change is _short else ""
                said = (
                    f"{span.sentence}{where}{count}"
                    for span in spans()
                    if _explains(looks, made, span, arithmetic, known, counted=counted)
                )
                yield from dict.fromkeys(said)


def _scopes(own: str, concerned: Sequence[str]) -> list[tuple[str, frozenset[str]]]:
    """In which definitions the sums may be spoilt: one, the statistics, all."""
    scopes = {frozenset({name}): f" in {name}" for name in concerned}
    scopes.setdefault(frozenset(concerned) - {own}, " in mean and variance")
    scopes.setdefault(frozenset(concerned), " in all sums")
    return [(where, names) for names, where in scopes.items() if names]


def _sums(definition: ir.Definition) -> bool:
    return any(isinstance(inner, ir.Sum) for inner in subterms(definition.body))


def _made(
    definition: ir.Definition,
    definitions: Definitions,
    names: Collection[str],
    change: Callable[[ir.Sum, ir.Definition], ir.Scalar | None],
    *,
    counted: bool,
) -> Rewritten | None:
    """The definitions with their sums changed, the new parameters handed on from call to call; None where one is not told."""
    concerned = {one.name: one for one in reachable(definition, definitions) if len(one.indices) == 1}
    changed: dict[str, ir.Definition] = {}
    for name, one in concerned.items():
        space = ir.VectorKind(ir.Euclidean(one.indices[0].name))
        more = (ir.Variable(KEPT, space), ir.Variable(PADDED, ir.ScalarKind()), ir.Variable(COUNT, ir.ScalarKind()))
        impossible = False

        def put(term: ir.Term, one: ir.Definition = one) -> ir.Term:
            nonlocal impossible
            match term:
                case ir.Sum() if one.name in names:
                    if (found := change(term, one)) is None:
                        impossible = True
                        return term
                    return found
                case ir.Card() if counted and one.name in names:
                    return ir.Var(COUNT)
                case ir.Call(called, _, args) | ir.VCall(called, _, args) if called in concerned:
                    handed: Any = (*args, ir.VVar(KEPT), ir.Var(PADDED), ir.Var(COUNT))
                    return replace(term, args=handed)
                case _:
                    return term

        body = everywhere(one.body, put)
        if impossible:
            return None
        changed[name] = replace(one, body=body, parameters=(*one.parameters, *more))
    return rewritten(definition, {**definitions, **changed})


def _short(term: ir.Sum, _: ir.Definition) -> ir.Scalar:
    return replace(term, body=ir.Mul(ir.Component(ir.VVar(KEPT), term.variable), term.body))


def _long(term: ir.Sum, definition: ir.Definition) -> ir.Scalar | None:
    """With the summand of a zero so many times more; None where that is not a term of the sum's own vectors."""
    own = {p.name for p in definition.parameters if isinstance(p.kind, ir.VectorKind)}

    def nothing(inner: ir.Term) -> ir.Term:
        match inner:
            case ir.Component(ir.VVar(name), position) if name in own and position == term.variable:
                return ir.Nat(0)
            case _:
                return inner

    at_zero: Any = everywhere(term.body, nothing)
    if any(isinstance(inner, ir.Component) for inner in subterms(at_zero)):
        return None
    return ir.Add(term, ir.Mul(ir.Var(PADDED), at_zero))


def _values(look: Look, span: Span, *, counted: bool) -> Mapping[str, Doubles] | None:
    """None where nothing is left, or nothing is otherwise than it should be."""
    rows, m = len(look.numbers), look.table.size
    kept, padded = span.kept(m), span.padded(m)
    if kept == 0 and counted:
        return None
    mask = np.broadcast_to((np.arange(m) < kept).astype(float), (rows, m))
    number = float(padded if padded != m else kept) if counted else float(m)
    return {KEPT: np.array(mask), PADDED: np.full(rows, float(padded - m)), COUNT: np.full(rows, number)}


def _explains(
    looks: Sequence[Look],
    made: Rewritten,
    span: Span,
    arithmetic: Arithmetic,
    known: dict[tuple[int, int, int], tuple[bool, bool]],
    *,
    counted: bool,
) -> bool:
    """Whether a span explains every number; ``known`` keeps what is found out for spans that are the same in some rows."""
    if any(span.kept(look.table.size) == span.padded(look.table.size) for look in looks if look.off.any()):
        return False  # nothing is spoilt where something is off
    apart = False
    for number, look in enumerate(looks):
        key = number, span.kept(look.table.size), span.padded(look.table.size)
        if key not in known:
            known[key] = _standing(look, made, span, arithmetic, counted=counted)
        holding, parted = known[key]
        if not holding:
            return False
        apart = apart or parted
    return apart


def _standing(look: Look, made: Rewritten, span: Span, arithmetic: Arithmetic, *, counted: bool) -> tuple[bool, bool]:
    """Whether a span explains the numbers of some rows, and whether one that is off is told from the definition."""
    values = _values(look, span, counted=counted)
    if values is None:
        return False, False
    found = run(look, values, arithmetic, made.programs, made.parameters)
    holding = holds(look, found)
    return holding, holding and told(look, found)
