"""The plan of a theorem: what its statement in Lean says it is, made once for a check and asked by everybody else."""

from __future__ import annotations

import ast
import dataclasses
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import pybridge
from pybridge import ir
from pybridge.batches import plan as planning
from pybridge.batches.determined import needs
from pybridge.batches.generate import slots
from pybridge.batches.plan import Plan
from pybridge.checking.check import check, check_on
from pybridge.checking.verdict import Refuted
from pybridge.export.loading import Export
from pybridge.ir.traverse import mentioned, subterms, terms
from pybridge.mutation.needed import need
from pybridge.notation.render import text

SOURCES = Path(pybridge.__file__).parent
DETERMINING = {
    r"HasGradientAt \w+ ([\w']+) \(.*\)": "GradientAt",
    r"∀.*, HasGradientAt \w+ \((\w+) z\) z": "GradientField",
    r"HasFDerivAt \w+ (\w+) \(.*\)": "DerivativeAt",
    r"HasGradientAt \(fun .*\) ([\w']+) \w+": "Differentiated",
    r"HasDerivAt \(fun .*\) ([\w']+) \S+": "Differentiated",
    r"IsGreatest \{.*\} ([\w']+)": "Attained",
    r"IsMinOn \(fun \w+ => (\w+) .*\) Set\.univ \w+": "Minimized",
    r"IsLocalMin \(fun \w+ => (\w+) .*\) \w+": "Minimized",
}
"""How Lean prints a hypothesis that determines a variable, and the form it is recognized as."""
EMPTY = {
    "determined": [],
    "smallest": 0,
    "most": None,
    "largest": None,
    "labels": [],
    "narrow": [],
    "single": [],
    "unit": [],
    "orthonormal": [],
    "orthogonal": {},
    "compared": {},
    "gradients": [],
    "bounds": [],
    "along": {},
    "cones": [],
    "radicands": [],
}
PLANS = {
    "norm_sq_backward": {"drawn": ["γ", "ε", "y", "g"], "radicands": ["scale(ε, y)"]},
    "norm_backward_eq_iff": {
        "drawn": ["ε", "y", "g", "γ"],
        "compared": {"g": ["ones", "normalize(ε, y)"]},
        "radicands": ["scale(ε, y)"],
    },
    "hasGradientAt_comp_forward_channels": {
        "drawn": ["ε", "γ", "β", "L", "y"],
        "determined": ["g"],
        "labels": ["κ"],
        "gradients": ["L", "(c ↦ forward(γ[c], β[c], ε, y[c]))"],
    },
    "hasDerivAt_inner_backward_add_smul": {
        "drawn": ["γ", "β", "ε", "y", "d", "G"],
        "determined": ["H"],
        "orthogonal": {"d": ["ones", "normalize(ε, y)"]},
        "radicands": ["scale(ε, y)"],
    },
    "inner_fderiv_gradient_comp_forward_gradient_le": {
        "drawn": ["γ", "β", "y", "L"],
        "determined": ["G", "d", "H"],
        "largest": 16,
        "radicands": ["scale(0, y)"],
    },
    "norm_sq_adjoint_le": {
        "drawn": ["X", "lam", "v"],
        "narrow": ["E", "W"],
        "bounds": ["X", "lam"],
        "along": {"X": ["v"]},
    },
    "isGreatest_norm_sq_adjoint": {"drawn": ["lam", "v"], "smallest": 1, "narrow": ["E", "W"], "along": {"X": ["v"]}},
    "infDist_sq_le_of_forall_smul_mem": {"drawn": ["S", "w", "w₀"], "cones": ["S", "w"]},
    "isMinOn_comp_forward_smul": {
        "drawn": ["X", "γ", "β", "w", "k"],
        "determined": ["L"],
        "narrow": ["W"],
        "single": ["W"],
    },
    "backward_eps_zero_of_card_le_two": {"drawn": ["γ", "g", "y"], "most": 2},
    "norm_jacobian": {"drawn": ["ε", "y", "γ"], "smallest": 3, "largest": 16, "radicands": ["scale(ε, y)"]},
    "norm_sub_sum_inner_smul_sq_fintype": {"drawn": ["b", "v"], "labels": ["κ"], "orthonormal": ["b"]},
    "sub_inner_smul_eq_starProjection": {"drawn": ["u", "v"], "unit": ["u"]},
    "ones_apply": {"drawn": ["i"], "smallest": 1},
}


def plans(export: Export) -> Iterator[Plan]:
    """Of every theorem."""
    return (Plan(theorem, export.definitions) for theorem in export.theorems.values())


def printed(theorem: ir.Theorem, pattern: str) -> list[tuple[str, ...]]:
    """What a pattern finds in the hypotheses as Lean prints them, each on one line."""
    found = (re.fullmatch(pattern, " ".join(hypothesis.statement.split())) for hypothesis in theorem.hypotheses)
    return [match.groups() for match in found if match is not None]


def test_what_is_determined_is_what_lean_prints(export: Export) -> None:
    """Every form occurs; what is not determined is drawn; a value is worked out after those it is made of."""
    forms = set()
    for plan in plans(export):
        expected = {(name, form) for pattern, form in DETERMINING.items() for (name,) in printed(plan.theorem, pattern)}
        assert {(one.name, type(one).__name__) for one in plan.determined} == expected
        forms |= {form for _, form in expected}
        names = [one.name for one in plan.determined]
        assert [v for v in plan.theorem.variables if v.name not in names] == list(plan.drawn)
        for number, one in enumerate(plan.determined):
            assert needs(one) & set(names) <= set(names[:number])
        assert {one.hypothesis for one in plan.determined} == set(plan.determining)
        assert [h.name in plan.determining for h in plan.certified] == sorted(
            h.name in plan.determining for h in plan.certified
        )
        assert sorted(h.name for h in plan.certified) == sorted(h.name for h in plan.theorem.hypotheses)
    assert forms == set(DETERMINING.values())


def test_what_has_to_be_met_is_what_lean_prints(export: Export) -> None:
    """Unit vectors, orthonormal families, orthogonal vectors, bounded operators and cones."""
    for plan in plans(export):
        assert sorted(plan.unit) == [name for (name,) in printed(plan.theorem, r"‖(\w+)‖ = 1")]
        assert sorted(plan.orthonormal) == [name for (name,) in printed(plan.theorem, r"Orthonormal ℝ (\w+)")]
        orthogonal = [name for (name,) in printed(plan.theorem, r"⟪.*, (\w+)⟫ = 0")]
        assert [name for name, wanted in plan.orthogonal.items() for _ in wanted] == orthogonal
        assert [(name, text(bound)) for name, bound in plan.bounds] == printed(plan.theorem, r"‖(\w+)‖ ≤ (\w+)")
        cones = printed(plan.theorem, r"∀ \(k : ℝ\), 0 < k → k • (\w+) ∈ (\w+)")
        assert [(text(vector), name) for name, vector in plan.cones] == cones


def said(value: object) -> object:
    """An answer of a plan as the table above has it: terms as text, calls without how their roots are read, sets sorted."""
    match value:
        case frozenset():
            return sorted(value)
        case dict():
            return {name: said(part if isinstance(part, tuple) else (part,)) for name, part in value.items()}
        case ((_, dict()), *_):
            return [text(call) for call, _ in value]
        case tuple():
            return [said(part) for whole in value for part in (whole if isinstance(whole, tuple) else (whole,))]
        case ir.Variable(name):
            return name
        case int() | str() | None:
            return value
        case _:
            return value.name if hasattr(value, "hypothesis") else text(value)


@pytest.mark.parametrize("name", PLANS)
def test_plans(name: str, export: Export) -> None:
    """The whole plan of some theorems, at least one for each question."""
    full = next(full for full in export.theorems if full.endswith(f".{name}") or full == name)
    plan = Plan(export.theorems[full], export.definitions)
    assert {question: said(getattr(plan, question)) for question in ("drawn", *EMPTY)} == {**EMPTY, **PLANS[name]}


def test_every_question_has_an_example() -> None:
    """Else an answer that is always empty would pass."""
    assert {question for expected in PLANS.values() for question in expected} == {*EMPTY, "drawn"}
    asked = {name for name, value in vars(Plan).items() if hasattr(value, "func")}
    assert asked == {*EMPTY, "drawn", "determining", "certified", "kinds", "scalars", "vectors"}


def test_only_what_is_mentioned_is_worked_out(export: Export) -> None:
    """With all that it is made of, of hypotheses, conclusions and terms; nothing else."""
    fewer = 0
    for plan in plans(export):
        for about in (*(h.proposition for h in plan.theorem.hypotheses), plan.theorem.conclusion):
            wanted = set(mentioned(about))
            for _ in plan.determined:
                wanted |= {name for one in plan.determined if one.name in wanted for name in needs(one)}
            assert plan.determined_for(about) == tuple(one for one in plan.determined if one.name in wanted)
            assert plan.determined_for(about) is plan.determined_for(about)
            fewer += len(plan.determined_for(about)) < len(plan.determined)
            for term in (part for whole in terms(about) for part in subterms(whole)):
                assert set(plan.determined_for(term)) <= set(plan.determined_for(about))
    assert fewer > 20


def test_a_plan_is_sent_to_a_process(export: Export) -> None:
    """With what was asked of it so far."""
    plan = Plan(export.theorem("hasGradientAt_comp_forward"), export.definitions)
    assert plan.determined_for(plan.theorem.conclusion)
    sent = pickle.loads(pickle.dumps(plan))  # noqa: S301
    assert sent == plan
    assert vars(sent).keys() == vars(plan).keys() >= {"determined"}
    assert repr(plan) == f"Plan(theorem={plan.theorem!r})"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How many plans were made, and how often what hypotheses determine was looked for, since the test began."""
    counted = {"plans": 0, "determined": 0}
    init, determined = Plan.__init__, planning.determined

    def counting_init(self: Plan, *args: object) -> None:
        counted["plans"] += 1
        init(self, *args)

    def counting_determined(theorem: ir.Theorem) -> object:
        counted["determined"] += 1
        return determined(theorem)

    monkeypatch.setattr(Plan, "__init__", counting_init)
    monkeypatch.setattr(planning, "determined", counting_determined)
    return counted


@pytest.mark.parametrize("name", ["norm_sq_backward", "norm_sq_eq_of_hasGradientAt"])
def test_a_check_makes_one_plan(name: str, export: Export, made: dict[str, int]) -> None:
    """And looks at the hypotheses once, however many batches it draws, certifies, judges and, here, refutes and shrinks."""
    assert check(name, export, families=("integers", "recorded"), largest=32).passed
    assert made == {"plans": 1, "determined": 1}
    theorem = export.theorem(name)
    false = dataclasses.replace(theorem, conclusion=ir.Lt(ir.Norm(ir.VVar("g")), ir.Nat(0)))
    verdict = check(false, export, families="rational-spread").verdict
    assert isinstance(verdict, Refuted)
    assert verdict.witness.steps
    assert made == {"plans": 2, "determined": 2}


def test_batches_of_ones_own_need_one_plan_too(export: Export, made: dict[str, int]) -> None:
    """The two plans are the caller's, who draws, and the check's; and a hypothesis is tried with one."""
    theorem = export.theorem("norm_sq_backward")
    report = check_on(theorem, export, slots(Plan(theorem, export.definitions), ("integers",), largest=4))
    assert sum(report.counted.values()) == report.counted["integers"] > 4
    assert made == {"plans": 2, "determined": 2}
    need(theorem, theorem.hypotheses[0], export)
    assert made == {"plans": 3, "determined": 3}


def test_nobody_else_analyses_a_statement() -> None:
    """Forms of hypotheses are recognized for ``plan.py`` alone; a plan is made only where a theorem comes in."""
    asking, making, reading = set(), set(), set()
    for file in SOURCES.rglob("*.py"):
        place = file.relative_to(SOURCES).as_posix()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "pybridge.batches.determined":
                asking |= {(place, name.name) for name in node.names if name.name.islower()}
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Plan":
                making.add(place)
            if isinstance(node, ast.Attribute) and node.attr in ("hypotheses", "conclusion") and place.startswith("batches/"):
                reading.add(place)
    assert asking == {("batches/plan.py", "determined"), ("batches/plan.py", "needs"), ("checking/witness.py", "says")}
    asked = {f"checking/{name}.py" for name in ("asked", "check")} | {"kernels/satisfies.py"}
    asked |= {f"mutation/{name}.py" for name in ("needed", "run", "shared")}
    assert making == {
        *asked,
        "strategies.py",
        "sweeping/grid.py",
        "sweeping/work.py",
        "evaluation/evaluate.py",
        "formulas/compare.py",
        "reporting/measure.py",
    }
    assert reading == {"batches/plan.py", "batches/determined.py"}
