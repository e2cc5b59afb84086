"""Long vectors of balls: made where they are used, as number by number, and what is wanted later is kept."""

from __future__ import annotations

from operator import mul

from flint import arb, fmpq

from pybridge import ir
from pybridge.algebras import balls
from pybridge.algebras.ball import BallVector, balls_of
from pybridge.algebras.balls import LONG, Pending
from pybridge.export.loading import Export
from pybridge.semantics.environment import Environment, bind
from pybridge.semantics.evaluate import evaluate
from pybridge.semantics.machine import lowering_of, machine_of
from pybridge.semantics.scopes import TOP

BALLS = balls_of(128)


def drawn(size: int) -> tuple[fmpq, ...]:
    """Numbers of both signs, none of them 0."""
    return tuple(fmpq(1 + k % 7, 3) * (-1) ** k for k in range(size))


def bound(export: Export, size: int) -> tuple[ir.Definition, Environment]:
    """What ``backward`` is about, on so many entries."""
    definition = export.definition("backward")
    values = {"γ": fmpq(3, 2), "ε": fmpq(1, 8), "y": drawn(size), "g": drawn(size)[::-1]}
    return definition, bind(definition.parameters, {"ι": size}, values, BALLS)


def test_what_is_pending_is_what_the_list_would_be() -> None:
    """Gone through more than once, and as a list; a number taken out of a sum is multiplied in."""
    with BALLS.context():
        one = BALLS.vector(drawn(LONG))
        third = BALLS.scalar(fmpq(1, 3))
        made = BallVector([value * third.value for value in one.values], balls.multiplied(one.scales, third.scale))
        pending = Pending(lambda: (value * third.value for value in one.values), made.scales, (third, one))
        assert len(pending) == LONG
        assert BALLS.inner(pending, pending).value.overlaps(BALLS.inner(made, made).value)
        assert BALLS.total(pending).value.overlaps(BALLS.total(made).value)
        assert BALLS.inner(pending, pending).value.rel_accuracy_bits() > 100
        for _ in range(2):
            assert all(a == b or a.overlaps(b) for a, b in zip(pending.stream(), made.values, strict=True))
        assert pending.values is pending.values
        assert pending.taken_apart() is None, "a list that is there is not made again"


def test_a_product_with_itself_goes_through_it_once() -> None:
    """As a square's two sides are the same numbers."""
    calls = []

    def how() -> object:
        calls.append(1)
        return iter([arb(2)] * LONG)

    pending = Pending(how, balls.exactly([arb(2)] * LONG).scales)  # type: ignore[arg-type]
    assert sum(balls.mapped(mul, pending, pending), arb(0)) == 4 * LONG
    assert len(calls) == 1


def test_a_long_vector_is_the_same_whatever_ran_before(export: Export) -> None:
    """Its parts alone, then the whole, and the whole twice: what was let go of is made anew."""
    definition, environment = bound(export, LONG)
    body = definition.body
    assert isinstance(body, ir.VECTORS)
    first = evaluate(body, BALLS, environment, export.definitions)
    machine = machine_of(BALLS, environment, export.definitions)
    for node in tuple(machine._done):
        machine._done.pop(node)
    again = evaluate(body, BALLS, environment, export.definitions)
    assert all(one.overlaps(other) for one, other in zip(first.values, again.values, strict=True))
    _, short = bound(export, LONG)
    assert len(evaluate(body, BALLS, short, export.definitions)) == LONG


def test_nothing_is_kept_that_one_operation_needs(export: Export) -> None:
    """Of a long batch; of a short one all is there for whoever asks next."""
    kept = []
    for size in (LONG, 8):
        definition, environment = bound(export, size)
        evaluate(definition.body, BALLS, environment, export.definitions)  # type: ignore[call-overload]
        kept.append(sum(bool(node.order) for node in machine_of(BALLS, environment, export.definitions)._done))
    assert kept[0] < kept[1]
    assert lowering_of(export.definitions).vector(export.definition("backward").body, TOP).node.order  # type: ignore[arg-type]


def test_a_list_that_outlasts_its_program_was_made_at_its_precision(export: Export) -> None:
    """Outside of the algebra's context there are 53 bits only."""
    definition, environment = bound(export, LONG)
    found = evaluate(definition.body, BALLS, environment, export.definitions)  # type: ignore[call-overload]
    assert max(float(value.rad()) for value in found.values[:50]) < 1e-30
