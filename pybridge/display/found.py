"""What checks found: reports, verdicts, findings and evaluations, as LaTeX and HTML."""

from __future__ import annotations

from typing_extensions import assert_never

from pybridge.checking.refutation import sizes
from pybridge.checking.verdict import Agrees, Refuted, TheoremReport, Undecided, Vacuous, Verdict, word
from pybridge.checking.witness import paste
from pybridge.display.declarations import legend
from pybridge.display.markup import block, code, escaped, folded, formula, table, whole
from pybridge.evaluation.results import Evaluation, OnBatch
from pybridge.evaluation.text import SHOWN, conditions, remarks, sides_of, summary, terms_of
from pybridge.kernels.outcomes import WithinBound
from pybridge.kernels.report import Finding, lines
from pybridge.notation.render import paper

_COLOURS = {"agrees": "#1a7f37", "refuted": "#b3261e", "undecided": "#9a6700", "vacuous": "#9a6700"}


def coloured(verdict: str, said: str) -> str:
    """A verdict in its colour, and in bold."""
    return f'<b style="color:{_COLOURS[verdict]}">{escaped(said)}</b>'


def verdict_words(verdict: Verdict) -> str:
    """The verdict in a few words."""
    match verdict:
        case Agrees(digits=None):
            return "agrees, certainly"
        case Agrees(digits=float(digits), worst=worst):
            return f"agrees to {digits:.1f} digits, the worst on {worst}"
        case Agrees():
            return "agrees"
        case Refuted(witness=witness):
            return f"refuted on {witness.batch.name}"
        case Undecided(batches=batches, precision=precision):
            return f"undecided on {', '.join(batches)} at {precision} bits"
        case Vacuous(drawn=drawn, unmet=unmet):
            return f"vacuous: none of {drawn} batches satisfies {', '.join(unmet) or 'the hypotheses'}"
        case _:
            assert_never(verdict)


def verdict_html(verdict: Verdict) -> str:
    """The verdict; of a refutation the hypotheses, both sides and the batch."""
    parts = [f"<p>{coloured(word(verdict), verdict_words(verdict))}</p>"]
    match verdict:
        case Refuted(witness=witness):
            held = ((code(h.name), code(h.statement), escaped(f"certainly holds: {h.value}")) for h in witness.hypotheses)
            parts.append(table(("", "hypothesis", ""), held))
            parts.append(block(f"{witness.left}\n{witness.relation}\n{witness.right}"))
            parts.append(folded(f"smallest witness found ({sizes(witness)}; exact)", block(paste(witness.batch))))
        case Undecided(why=why):
            parts.append(f"<p>{escaped(why)}</p>")
        case Agrees() | Vacuous():
            pass
        case _:
            assert_never(verdict)
    return whole(*parts)


def report_latex(report: TheoremReport) -> str:
    """The statement and the verdict."""
    return f"$\\displaystyle {paper(report.theorem)} \\qquad \\text{{{word(report.verdict)}}}$"


def report_html(report: TheoremReport) -> str:
    """The theorem, the verdict, and how many batches of each family counted."""
    theorem = report.theorem
    head = f"<p><b>({escaped(theorem.equation)})</b> {code(theorem.name)}</p>"
    counted = folded(
        f"{sum(report.counted.values())} batches",
        table(("family", "batches"), ((escaped(family), str(count)) for family, count in report.counted.items())),
    )
    return whole(head, formula(paper(theorem)), verdict_html(report.verdict), counted, legend(paper(theorem)))


def finding_latex(finding: Finding) -> str:
    """What the kernel was compared with."""
    return f"$\\displaystyle {paper(finding.definition)}$"


def finding_html(finding: Finding) -> str:
    """The definition, and the report that a failing test prints."""
    first, *rest = lines(finding)
    verdict = "agrees" if isinstance(finding.outcome, WithinBound) else "refuted"
    return whole(
        f"<p>{code(finding.definition.name)}</p>",
        formula(paper(finding.definition)),
        f"<p>{coloured(verdict, first)}</p>",
        block("\n".join(rest)) if rest else "",
    )


def evaluation_latex(evaluation: Evaluation) -> str:
    """The statement and the verdict."""
    return f"$\\displaystyle {paper(evaluation.theorem)} \\qquad \\text{{{evaluation.verdict}}}$"


def evaluation_html(evaluation: Evaluation) -> str:
    """The theorem, the verdict, and the batch on which it stands worst: hypotheses, sides, terms."""
    theorem, worst = evaluation.theorem, evaluation.worst
    head = f"<p><b>({escaped(theorem.equation)})</b> {code(theorem.name)}</p>"
    return whole(
        head,
        formula(paper(theorem)),
        f"<p>{coloured(evaluation.verdict, summary(evaluation))}</p>",
        *_on_batch(worst, len(evaluation.batches)),
        legend(paper(theorem)),
    )


def _on_batch(one: OnBatch, count: int) -> list[str]:
    said = f"<p>the worst of {count} batches, {escaped(str(list(one.place)))}:</p>" if count > 1 else ""
    return [
        said,
        table(("hypothesis", ""), ((code(left), escaped(right)) for left, right in conditions(one))) if one.hypotheses else "",
        table(("", "left", "", "right"), (tuple(map(escaped, row)) for row in sides_of(one, SHOWN))),
        folded("terms", table(("term", "value"), ((code(left), escaped(right)) for left, right in terms_of(one)))),
        *(f"<p>{escaped(line)}</p>" for line in filter(None, (one.why, *remarks(one)))),
    ]
