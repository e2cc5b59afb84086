"""Running error bounds: what floating point computes is within them, and they are not idle."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st
from random_terms import DEFINITIONS, VARIABLES, scalars, values

from pybridge.algebras.ball import BallAlgebra
from pybridge.algebras.base import Relation, Truth
from pybridge.algebras.floats import FloatAlgebra
from pybridge.algebras.formats import BFLOAT16, FLOAT16, FLOAT32, FLOAT64, FORMATS
from pybridge.algebras.rounding import RoundingAlgebra
from pybridge.export.loading import load
from pybridge.kernels.forms import expanded, forms
from pybridge.semantics.evaluate import bind, evaluate

SMALL = st.integers(-64, 64).map(lambda n: Fraction(n, 8))


@given(scalars(), values(SMALL))
def test_float32_is_within_its_bound(term, given_values):
    """NumPy's float32 value of a random term is as near to the real one as the bound says, wherever there is one."""
    sizes, raw = given_values
    algebra, floats = RoundingAlgebra(256, FLOAT32), FloatAlgebra(np.float32)
    known = evaluate(term, algebra, bind(VARIABLES, sizes, raw, algebra), DEFINITIONS)
    got = float(evaluate(term, floats, bind(VARIABLES, sizes, raw, floats), DEFINITIONS))
    if known.error.is_finite():
        assert not abs(arb(got) - known.value) > known.error


@given(scalars(), values(SMALL))
def test_values_are_those_of_balls(term, given_values):
    """The real value is the ball algebra's, with rounding and without, and without rounding there is no error."""
    sizes, raw = given_values
    balls, plain = BallAlgebra(128), RoundingAlgebra(128, None)
    expected = evaluate(term, balls, bind(VARIABLES, sizes, raw, balls), DEFINITIONS).value
    found = evaluate(term, plain, bind(VARIABLES, sizes, raw, plain), DEFINITIONS)
    if found.error.is_finite() and expected.is_finite():
        assert found.value.overlaps(expected)
        assert found.error == 0


def test_formats_are_numpys():
    """Unit, smallest and largest numbers are those NumPy says; a number is held where a cast keeps it."""
    for known in (FLOAT64, FLOAT32, FLOAT16):
        info = np.finfo(known.name)
        assert float(known.unit.p) / float(known.unit.q) == float(info.eps) / 2
        assert known.smallest == fmpq(*float(info.smallest_subnormal).as_integer_ratio())
        assert known.largest == fmpq(*float(info.max).as_integer_ratio())
        for value in (0.0, 0.1, 1 / 3, 2049.0, 65504.0, 65536.0, 1e-7, 2.0**-24, 2.0**-149, 5e-324):
            with np.errstate(over="ignore"):
                kept = float(np.asarray(value).astype(known.name)) == value
            assert known.holds(fmpq(*value.as_integer_ratio())) == kept
        assert known.spacing(1.5) == float(info.eps)
    assert BFLOAT16.holds(fmpq(3 * 2**100))
    assert not BFLOAT16.holds(fmpq(257, 256))
    assert FORMATS["bfloat16"] is BFLOAT16


def test_division_by_what_may_round_to_zero_has_no_bound():
    """Neither has what may overflow; an exact 0 gives Lean's 0."""
    algebra = RoundingAlgebra(128, FLOAT16)
    with algebra.context():
        tiny = algebra.subtract(algebra.scalar(fmpq(1, 3)), algebra.scalar(fmpq(1, 3)))
        assert not algebra.divide(algebra.scalar(1), tiny).error.is_finite()
        assert not algebra.power(algebra.scalar(300), 2).error.is_finite()
        zero = algebra.divide(algebra.scalar(1), algebra.scalar(0))
        assert zero.value == 0
        assert zero.error == 0


def test_comparison_knows_the_bound():
    """Numbers that differ by less than rounding are neither equal nor different."""
    algebra = RoundingAlgebra(128, FLOAT16)
    with algebra.context():
        third, near, far = (algebra.scalar(fmpq(*pair)) for pair in ((1, 3), (1000001, 3000000), (1, 2)))
        assert algebra.compare(Relation.EQ, third, near) is Truth.UNKNOWN
        assert algebra.compare(Relation.EQ, third, far) is Truth.FAILS
        assert algebra.compare(Relation.LT, third, far) is Truth.HOLDS


def test_offset_separates_one_pass_from_two():
    """Far from 0 the bound of the variance stays a fraction of it, and with expanded squares it does not."""
    export = load(check_sources=False)
    rng = np.random.default_rng(0)
    y = (4096 + rng.normal(size=16)).astype(np.float32).tolist()
    definition, algebra = export.definition("variance"), RoundingAlgebra(128, FLOAT32)
    environment = bind(definition.parameters, {"ι": 16}, {"y": y}, algebra)
    two = evaluate(definition.body, algebra, environment, export.definitions)
    changed = expanded(export.definitions)
    one = evaluate(changed[definition.name].body, algebra, environment, changed)
    with algebra.context():
        assert two.value.overlaps(one.value)
        assert two.error < two.value / 10
        assert one.error > one.value


@pytest.mark.parametrize("name", ["BatchNorm.mean", "BatchNorm.backward"])
def test_forms_are_the_proved_ones(name):
    """The definition first, then the theorems that compute it in another way from the same variables, (2) and (3)."""
    export = load(check_sources=False)
    found = [form.source for form in forms(export.definition(name), export)]
    assert found[0] == name
    assert set(found[1:]) <= set(export.theorems)
    assert len(found) == (3 if name.endswith("backward") else 1)
