"""What a sweep goes over: each task once and by a number, what is left out with its reason, and digests of statements."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sweeps import THEOREM, small

from pybridge import ir
from pybridge.batches.families import FAMILIES
from pybridge.cli.options import SWEPT
from pybridge.errors import InputError
from pybridge.export.loading import Export
from pybridge.sweeping.grid import DRAWN, Task, grid_of, statement_digest


def test_every_task_has_a_number(export: Export) -> None:
    """And is found by it; each seed is done with everything before the next begins."""
    made = small(export, THEOREM, "norm_sq_backward", dtypes=("float64", "bfloat16"), seeds=range(5, 8))
    tasks = [made.task(number) for number in range(len(made))]
    assert len(set(tasks)) == len(made) == 2 * 2 * 2 * 2 * 3
    assert [made.number(task) for task in tasks] == list(range(len(made)))
    assert [task.seed for task in tasks] == sorted(task.seed for task in tasks)
    assert tasks[0] == Task(THEOREM, "float64", 2, "random", 5)
    assert tasks[0].batch == "random-m2-float64-s5"


@pytest.mark.parametrize(
    "other", [{"seed": 8}, {"seed": 4}, {"size": 4}, {"dtype": "float16"}, {"family": "zeros"}, {"theorem": "x"}], ids=str
)
def test_a_task_of_another_sweep_has_none(export: Export, other: dict[str, Any]) -> None:
    """Whatever it differs in."""
    made = small(export, seeds=range(5, 8))
    with pytest.raises(KeyError):
        made.number(made.task(0)._replace(**other))


def test_sizes_that_a_theorem_cannot_take_are_left_out(export: Export) -> None:
    """With the reason, and for that theorem only."""
    made = small(export, "backward_apply", "inner_fderiv_gradient_comp_forward", sizes=(0, 16, 17), seeds=range(1))
    left_out = {(one.theorem, one.size): one.why for one in made.skipped}
    assert left_out.keys() == {
        ("BatchNorm.backward_apply", 0),
        ("BatchNorm.inner_fderiv_gradient_comp_forward", 17),
    }
    assert "at most 16" in left_out["BatchNorm.inner_fderiv_gradient_comp_forward", 17]
    assert {(cell.theorem.rpartition(".")[2], cell.size) for cell in made.cells} == {
        ("backward_apply", 16),
        ("backward_apply", 17),
        ("inner_fderiv_gradient_comp_forward", 0),
        ("inner_fderiv_gradient_comp_forward", 16),
    }


def test_families_that_no_format_holds_are_left_out(export: Export) -> None:
    """So are recorded batches, which have no seed."""
    made = small(export, families=("random", "rational-spread", "recorded"))
    assert {one.family for one in made.skipped} == {"rational-spread", "recorded"}
    assert {cell.family for cell in made.cells} == {"random"}
    assert set(DRAWN) == {family.name for family in FAMILIES} - {"rational-spread"}
    assert tuple(DRAWN) == SWEPT


def test_it_is_made_again_from_what_is_written_down(export: Export) -> None:
    """Tasks and numbers are the same."""
    made = small(export, THEOREM, "inner_fderiv_gradient_comp_forward", sizes=(3, 40), families=("zeros", "recorded"))
    again = grid_of(made.options(), [one._asdict() for one in made.skipped])
    assert again == made
    assert again.cells == made.cells


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"families": ("randon",)}, "no family of batches is called 'randon'"),
        ({"families": ("recorded",)}, "nothing to sweep: its batches are what they are"),
        ({"families": ()}, "nothing to sweep"),
        ({"sizes": ()}, "nothing to sweep"),
        ({"sizes": (-1,)}, "a batch of size -1"),
        ({"sizes": (2**30,)}, f"a batch of size {2**30}"),
        ({"dtypes": ("int8",)}, "no format is called 'int8'"),
        ({"seeds": range(0)}, "nothing to sweep"),
        ({"seeds": range(-1, 3)}, "seeds -1:3"),
        ({"precisions": ()}, "precisions []"),
        ({"precisions": (256, 128)}, "precisions [256, 128]"),
        ({"precisions": (64,)}, "a precision of 64 bits"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_meant_is_refused(export: Export, options: dict[str, Any], said: str) -> None:
    """In one line, before anything is done."""
    with pytest.raises(InputError) as refused:
        small(export, **options)
    assert str(refused.value).startswith(said)


def test_nothing_left_is_refused(export: Export) -> None:
    """With the first reason."""
    with pytest.raises(InputError, match="nothing to sweep: it speaks of batches of at least 1"):
        small(export, "backward_apply", sizes=(0,))


def test_the_digest_of_a_statement(export: Export) -> None:
    """It depends on all that is said, definitions of definitions included, and on nothing that is written about it."""
    theorem = export.theorem("hasGradientAt_comp_forward")
    digest = statement_digest(theorem, export.definitions)
    assert digest == statement_digest(replace(theorem, docstring="", line=1, equation="9", name="x"), export.definitions)
    assert digest != statement_digest(replace(theorem, hypotheses=theorem.hypotheses[1:]), export.definitions)
    variance = export.definitions["BatchNorm.variance"]
    assert isinstance(variance.body, ir.Div | ir.Mul)
    wrong = {**export.definitions, variance.name: replace(variance, body=ir.Nat(1))}
    assert digest != statement_digest(theorem, wrong)
    assert len({statement_digest(one, export.definitions) for one in export.theorems.values()}) == len(export.theorems)
