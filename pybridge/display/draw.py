"""How a thing is shown, by what it is: LaTeX and HTML."""

from __future__ import annotations

from pybridge.checking.verdict import Agrees, Refuted, TheoremReport, Undecided, Vacuous
from pybridge.display import declarations, found
from pybridge.evaluation.results import Evaluation
from pybridge.export.loading import Export
from pybridge.ir import Definition, Theorem
from pybridge.ir.shown import Shown
from pybridge.kernels.report import Finding


def latex(thing: Shown) -> str | None:
    """LaTeX with its dollar signs; None where a thing is no formula.

    Raises
    ------
    TypeError
        It is nothing that is shown.
    """
    match thing:
        case Theorem() | Definition():
            return declarations.declaration_latex(thing)
        case Export():
            return declarations.export_latex(thing)
        case TheoremReport():
            return found.report_latex(thing)
        case Evaluation():
            return found.evaluation_latex(thing)
        case Finding():
            return found.finding_latex(thing)
        case Agrees() | Refuted() | Undecided() | Vacuous():
            return None
        case _:
            raise TypeError(f"a {type(thing).__name__} is not shown")


def html(thing: Shown) -> str:
    """A piece of HTML.

    Raises
    ------
    TypeError
        It is nothing that is shown.
    """
    match thing:
        case Theorem() | Definition():
            return declarations.declaration_html(thing)
        case Export():
            return declarations.export_html(thing)
        case TheoremReport():
            return found.report_html(thing)
        case Evaluation():
            return found.evaluation_html(thing)
        case Finding():
            return found.finding_html(thing)
        case Agrees() | Refuted() | Undecided() | Vacuous():
            return found.verdict_html(thing)
        case _:
            raise TypeError(f"a {type(thing).__name__} is not shown")
