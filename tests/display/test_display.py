"""What a notebook shows: LaTeX that KaTeX typesets, HTML that is well formed and escapes what comes from outside."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pybridge.checking.check import check
from pybridge.checking.verdict import Agrees, Refuted, Undecided, Vacuous
from pybridge.display.draw import html, latex
from pybridge.evaluation.evaluate import evaluate
from pybridge.export.loading import Export
from pybridge.mutation.mutants import ConclusionMutant, mutants
from pybridge.testing import check_kernel

VOID = {"br", "hr", "img"}


class Tree(HTMLParser):
    """Checks that what is opened is closed, and keeps the tags and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.text = ""
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def tree(text: str) -> Tree:
    """The parsed HTML, of which nothing is left open, and which runs or fetches nothing."""
    parsed = Tree()
    parsed.feed(text)
    parsed.close()
    assert parsed.open == []
    assert not parsed.tags & {"script", "img", "link", "iframe", "style"}
    assert all(not name.startswith("on") and name not in ("src", "href") for name, _ in parsed.attributes)
    return parsed


@pytest.fixture(scope="module")
def refuted(export: Export) -> Any:
    """The report of a wrong statement."""
    theorem = export.theorem("norm_sq_backward")
    mutant = next(m for m in mutants(theorem, export.definitions) if m.id.endswith("right.right:to-plus"))
    assert isinstance(mutant, ConclusionMutant)
    return check(mutant.theorem, export, families="integers", largest=4)


def shown(export: Export, refuted: Any) -> dict[str, Any]:
    """One of each that is shown."""
    y, g = np.random.default_rng(0).normal(size=(2, 4))
    return {
        "export": export,
        "theorem": export.theorem("norm_sq_backward"),
        "definition": export.definition("backward"),
        "report": check("variance_nonneg", export, families="integers", largest=2),
        "refuted report": refuted,
        "agrees": Agrees(digits=35.0, worst="random-m4-s0.0"),
        "refuted": refuted.verdict,
        "undecided": Undecided(batches=("a<b",), precision=4096, why="x < y & z"),
        "vacuous": Vacuous(drawn=3, unmet=("h",)),
        "finding": check_kernel(lambda y, **_: y.mean(0), "mean", export=export),
        "wrong finding": check_kernel(lambda y, **_: y.mean(0) * 2, "mean", export=export),
        "evaluation": evaluate("norm_sq_backward", y=y, g=g, gamma=1.0, eps=0.5, export=export),
        "evaluations": evaluate("norm_sq_backward", y=[y, g], g=[g, y], gamma=1.0, eps=0.5, axis=1, export=export),
    }


def test_everything_shows_itself(export: Export, refuted: Any) -> None:
    """HTML of each, LaTeX of all but a bare verdict, both in one bundle with the plain text."""
    assert isinstance(refuted.verdict, Refuted)
    for name, thing in shown(export, refuted).items():
        tree(thing._repr_html_())
        bundle = thing._repr_mimebundle_()
        assert bundle["text/plain"] == repr(thing)
        assert bundle["text/html"] == thing._repr_html_() == html(thing)
        assert (thing._repr_latex_() is None) == (name in ("agrees", "refuted", "undecided", "vacuous"))
        assert bundle.get("text/latex") == thing._repr_latex_() == latex(thing)
        assert set(thing._repr_mimebundle_(include={"text/html"})) == {"text/html"}
        assert "text/html" not in thing._repr_mimebundle_(exclude={"text/html"})
    with pytest.raises(TypeError, match="a int is not shown"):
        html(3)  # type: ignore[arg-type]


def test_what_is_in_the_html(export: Export, refuted: Any) -> None:
    """Formula, name, equation, Lean's place; verdict, hypotheses, sides, terms; the batch of a refutation."""
    things = {name: tree(html(thing)).text for name, thing in shown(export, refuted).items()}
    theorem = export.theorem("norm_sq_backward")
    for part in (
        "(7ε)",
        theorem.name,
        f"{theorem.file}:{theorem.line}",
        r"\hat{y}",
        "m is the size of the batch",
        theorem.statement,
    ):
        assert part in things["theorem"]
    assert all(name in things["export"] for name in export.theorems)
    assert "certainly holds" in things["evaluation"]
    assert "agrees to " in things["evaluation"]
    assert "the worst of 2 batches" in things["evaluations"]
    assert "smallest witness found" in things["refuted"]
    assert "IT COMPUTES ANOTHER FUNCTION" in things["wrong finding"]
    assert "x < y & z" in things["undecided"]


def test_names_are_escaped(export: Export) -> None:
    """An export from elsewhere cannot put tags into a notebook."""
    evil = "<script>alert(1)</script>"
    theorem = dataclasses.replace(export.theorem("norm_sq_backward"), name=evil, docstring=f"`{evil}` {evil}", statement=evil)
    assert evil not in html(theorem)
    assert evil in tree(html(theorem)).text


def _katex() -> Path | None:
    """The folder of KaTeX, where node and it are here."""
    if shutil.which("node") is None:
        return None
    named = [Path(os.environ["KATEX"])] if "KATEX" in os.environ else []
    folders = [*named, Path.cwd() / "node_modules" / "katex"]
    return next((one for one in folders if (one / "dist" / "katex.js").is_file()), None)


TYPESET = """
const katex = require(process.argv[1]);
const formulas = JSON.parse(require("fs").readFileSync(0, "utf-8"));
const failed = {};
for (const [name, formula] of Object.entries(formulas)) {
  try {
    const html = katex.renderToString(formula, {throwOnError: true, strict: "error", displayMode: true});
    if (!html.includes("katex")) failed[name] = "nothing came out";
  } catch (error) { failed[name] = String(error); }
}
console.log(JSON.stringify(failed));
"""


@pytest.mark.katex
def test_katex_typesets_every_declaration(export: Export) -> None:
    """In the signs of the paper and written out, and the chain of an export; a wrong formula does not go through."""
    folder = _katex()
    if folder is None:
        pytest.skip("node or KaTeX is not here: `npm install katex`, and its folder in the variable KATEX")
    from pybridge.notation.render import latex as written
    from pybridge.notation.render import paper

    things = {one.name: one for one in (*export.definitions.values(), *export.theorems.values())}
    formulas = {
        f"{kind} {name}": write(one) for name, one in things.items() for kind, write in (("paper", paper), ("latex", written))
    }
    formulas["export"] = (latex(export) or "").strip("$")
    formulas["wrong"] = r"\frac{1}{"
    done = subprocess.run(
        ["node", "-e", TYPESET, str(folder / "dist" / "katex.js")],
        input=json.dumps(formulas),
        capture_output=True,
        text=True,
        check=True,
    )
    failed = json.loads(done.stdout)
    assert list(failed) == ["wrong"], failed
