"""Exports, theorems and definitions, as LaTeX and HTML."""

from __future__ import annotations

from pybridge import ir
from pybridge.display.markup import block, code, escaped, folded, formula, prose, table, whole
from pybridge.export.loading import Export, Fresh
from pybridge.export.versions import written_by
from pybridge.notation.legend import legend as words
from pybridge.notation.render import paper


def legend(latex: str) -> str:
    """What the signs in a formula stand for, as a paragraph."""
    said = words(latex)
    return f"<p><small>{escaped(said)}</small></p>" if said else ""


def declaration_latex(declaration: ir.Theorem | ir.Definition) -> str:
    """The statement, or what a definition says."""
    return f"$\\displaystyle {paper(declaration)}$"


def declaration_html(declaration: ir.Theorem | ir.Definition) -> str:
    """Name, docstring, formula; the Lean statement and where it stands, to be opened."""
    if isinstance(declaration, ir.Theorem):
        head = f"<b>({escaped(declaration.equation)})</b> {code(declaration.name)}"
        also = [f"{code(h.name)} : {code(' '.join(h.statement.split()))}" for h in declaration.hypotheses]
        assumed = f"<p>assumes {', '.join(also)}</p>" if also else "<p>assumes nothing</p>"
    else:
        head, assumed = f"{code(declaration.name)}, a definition", ""
    lean = folded(f"Lean, {declaration.file}:{declaration.line}", block(declaration.statement))
    written = paper(declaration)
    return whole(f"<p>{head}</p>", prose(declaration.docstring), formula(written), legend(written), assumed, lean)


def export_latex(export: Export) -> str | None:
    """The first theorem of each numbered equation, one below the other; None where there is none."""
    chain: dict[str, ir.Theorem] = {}
    for theorem in export.theorems.values():
        if theorem.equation[:1].isdigit():
            chain.setdefault(theorem.equation, theorem)
    if not chain:
        return None
    lines = " \\\\\n".join(rf"({_number(equation)}) \quad & {paper(theorem)}" for equation, theorem in chain.items())
    return f"$$\\begin{{aligned}}\n{lines}\n\\end{{aligned}}$$"


def export_html(export: Export) -> str:
    """Where it is from, and a table of its theorems."""
    fresh = "fresh" if isinstance(export.freshness, Fresh) else export.freshness.reason
    said = (
        f"{len(export.theorems)} theorems and {len(export.definitions)} definitions, proved by {written_by(export)} "
        f"with mathlib {export.mathlib.input_revision}; {fresh}"
    )
    rows = (
        (escaped(f"({one.equation})"), code(one.name), escaped(f"${paper(one)}$"), escaped(f"{one.file}:{one.line}"))
        for one in export.theorems.values()
    )
    return whole(f"<p>{escaped(said)}</p>", table(("eq.", "theorem", "statement", "where"), rows))


def _number(equation: str) -> str:
    """An equation's number in math mode."""
    return equation.replace("ε", r"\varepsilon")
