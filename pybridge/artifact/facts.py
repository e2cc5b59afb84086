"""The facts about this project that its metadata files, its citation and its packages state: each stands here, once.

What is not known (a repository's address, a DOI of its own) is left out everywhere; a placeholder would be worse than none.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

TITLE = "The BatchNorm gradient identity in Lean, with a Python bridge"
SUMMARY = (
    "The BatchNorm gradient identity, proved in Lean, and a bridge that tries to refute the proved statements on real batches"
)
ABSTRACT = (
    "A Lean 4 / mathlib proof of the identity for the squared norm of the gradient through batch normalization, and "
    "pybridge, a Python package that reads the proved statements out of Lean and tries to refute them, in ball arithmetic, "
    "on random and on recorded batches."
)
AUTHORS = ("The pybridge contributors",)
LICENSE = "Apache-2.0"
RELEASED = "2026-11-26"
KEYWORDS = ("batch normalization", "formal verification", "Lean", "mathlib", "ball arithmetic")
KEY = "pybridge2026"
"""The key of the BibTeX entry."""
MESSAGE = "If you use the proof or the bridge, please cite this software and the paper whose identity it proves."
ARXIV = ("cs.LG", "cs.LO")
MSC = ("68V20", "68T07", "65G30")
"""MSC 2020: formalization of mathematics, networks and deep learning, interval arithmetic."""


def version() -> str:
    """The version, which stands in the package: it is imported, and knows it."""
    return str(sys.modules["pybridge"].__version__)


@dataclass(frozen=True, slots=True)
class Person:
    """A person of a source."""

    family: str
    given: str

    def whole(self) -> str:
        return f"{self.given} {self.family}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Something this project formalizes, refutes, builds on, or has data from."""

    kind: str
    """Its type in the Citation File Format."""
    title: str
    people: tuple[Person, ...] = ()
    group: str = ""
    year: int
    within: str = ""
    """The journal or proceedings."""
    publisher: str = ""
    pages: tuple[int, int] | None = None
    arxiv: str = ""
    doi: str = ""
    location: str = ""
    relationship: str = ""
    """As formalization.yaml has it; empty where it is no source of the mathematics."""
    note: str = ""

    @property
    def identifier(self) -> str:
        """Its DOI, or the number on arXiv."""
        return self.doi or f"arXiv:{self.arxiv}"

    @property
    def address(self) -> str:
        """Where either leads."""
        return f"https://doi.org/{self.doi}" if self.doi else f"https://arxiv.org/abs/{self.arxiv}"


SOURCES = (
    Source(
        kind="conference-paper",
        title="How Does Batch Normalization Help Optimization?",
        people=(
            Person("Santurkar", "Shibani"),
            Person("Tsipras", "Dimitris"),
            Person("Ilyas", "Andrew"),
            Person("Mądry", "Aleksander"),
        ),
        year=2018,
        within="Advances in Neural Information Processing Systems 31 (NeurIPS 2018)",
        arxiv="1805.11604",
        location="section 4 and appendix C",
        relationship="formalizes",
        note="docs/fidelity.md says of each claim what holds of it, and where a statement was mended.",
    ),
    Source(
        kind="article",
        title="Batch normalization does not improve initialization",
        people=(Person("Dannemann", "Joris"), Person("Junike", "Gero")),
        year=2025,
        arxiv="2502.17913",
        relationship="background",
        note="Refutes Lemma 4.5 of the paper as it is stated.",
    ),
    Source(
        kind="article",
        title="The Lean mathematical library",
        group="The mathlib community",
        year=2020,
        within="Proceedings of the 9th ACM SIGPLAN International Conference on Certified Programs and Proofs (CPP 2020)",
        pages=(367, 381),
        doi="10.1145/3372885.3373824",
        relationship="background",
        note="The library that all proofs are built on.",
    ),
    Source(
        kind="data",
        title="Optical Recognition of Handwritten Digits",
        people=(Person("Alpaydin", "Ethem"), Person("Kaynak", "Cenk")),
        publisher="UCI Machine Learning Repository",
        year=1998,
        doi="10.24432/C50P49",
    ),
)
SCOPE = (
    "The squared norm of the gradient through batch normalization: the equations (1) to (7) of the proof of Theorem 4.1, "
    "the form for every epsilon, Theorems 4.1, 4.2, 4.4, Observation 4.3, and that Lemma 4.5 is false as stated, with "
    "the condition under which it holds; BatchNorm in training and evaluation, LayerNorm, RMSNorm, GroupNorm and InstanceNorm "
    "of whole arrays, with their parameters; merged statistics."
)
NOTES = {
    "Lem 4.5": (
        "the lemma is false as the paper states it (BatchNorm.exists_norm_sub_sq_lt in "
        "lean/BatchNorm/InitializationCounterexample.lean); proved is a step of its proof"
    ),
}
"""What is to be known of a claim of the paper, by its label."""
DIVERGENCES = (
    "Every epsilon >= 0 is treated; the paper has none. Theorems 4.1 and 4.2 are equalities. Theorem 4.4 is mended: in "
    "the summary that was read its units do not agree. Lemma 4.5 is false as stated (Dannemann, Junike 2025); the part that "
    "holds is proved. docs/fidelity.md has a row for each claim."
)
NOT_ELIGIBLE = (
    "The pinned Lean is v4.27.0. Registries that ask for v4.28.0 or newer do not take the project yet, and kernels before "
    "4.34.0 have known soundness bugs: docs/trust.md says what settles each."
)
INDEPENDENT = (
    ("doi:10.5281/zenodo.20402133", "lean4-mlir: another formalization near machine learning; nothing is shared."),
    ("TorchLean", "Neural networks in Lean; nothing is shared."),
)
"""Formalizations that this one has nothing from: how they are called, and what they are."""
