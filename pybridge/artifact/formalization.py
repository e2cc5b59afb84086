"""``formalization.yaml``, v0.4: the fields that the format has, and this project's values for them.

In: facts, an export, the checkout.  Out: a mapping that the model below accepts.  The model is written from the published
description of v0.4 (mathlib-initiative/formalization.yaml at 147bb8ce); unlike it, it takes no field that it does not know.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from pybridge import ir
from pybridge.artifact import facts
from pybridge.errors import AGAIN, ExportStale
from pybridge.export.loading import Export
from pybridge.surface.declarations import Declaration
from pybridge.surface.library import Library, read_library
from pybridge.surface.tokens import tokens

Text = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=0)]
MAIN = {"Thm ": "Theorem ", "Obs ": "Observation ", "Lem ": "Lemma "}
"""How labels of the paper's claims begin, besides the numbers of equations, and the words for it."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Project(_Part):
    """The formalization itself."""

    name: Text
    authors: Annotated[list[Text], Field(min_length=1)]
    license: Text
    description: Annotated[str, Field(max_length=10_000)] | None = None
    responsible_maintainers: list[Text] | None = None


class Repository(_Part):
    """What the repository is."""

    role: Literal["substantive-development", "thin-wrapper"]


class FormalizedSource(_Part):
    """Something that was formalized, or is in the background."""

    title: Text
    authors: list[Text] | None = None
    id: str | None = None
    type: str | None = None
    location: str | None = None
    relationship: Literal["formalizes", "adapts", "independently-proves", "background", "other"] | None = None
    note: str | None = None
    license: str | None = None
    author_endorsement: (
        Literal["participated", "endorsed", "no-response", "not-contacted", "declined", "n/a", "other"] | None
    ) = None


class Related(_Part):
    """Another formalization."""

    id: Text
    relationship: Literal["builds-on", "adapts", "independent", "supersedes", "other"] | None = None
    note: str | None = None


class Classification(_Part):
    """Where it belongs."""

    arxiv: Annotated[list[Text], Field(min_length=1, max_length=8)]
    msc2020: Annotated[list[Text], Field(min_length=1, max_length=8)]


class Method(_Part):
    """One way in which it was made."""

    method: Literal["manual", "copilot", "agent", "autonomous", "other"]


class Automation(_Part):
    """How it was made."""

    methods: Annotated[list[Method], Field(min_length=1)]
    notes: str | None = None


class MainResult(_Part):
    """A theorem that it is about."""

    declaration: Text
    file: Text
    sorry_count: Count
    axioms: list[Text] | None = None
    comparator_config: Text | None = None


class Status(_Part):
    """How far it is."""

    scope: str
    sorry_count: Count
    sorry_in_definitions: Count
    axioms: list[Text] | None = None
    main_results: list[MainResult]


class Fidelity(_Part):
    """Where it parts from its sources."""

    divergences: str


class Review(_Part):
    """Who has looked at it."""

    status: Literal["unchecked", "agent-reviewed", "self-assessed", "peer-reviewed", "author-verified", "other"]
    notes: str | None = None


class Aligned(_Part):
    """A statement of the source and the declaration that proves it."""

    source: str
    lean: Text
    module: str
    status: str
    note: str | None = None


class Alignment(_Part):
    """The statements of the source, and what proves them."""

    namespace: str
    statements: list[Aligned]


class Formalization(_Part):
    """The whole file."""

    version: Literal["v0.4"]
    project: Project
    repository: Repository
    sources: Annotated[list[FormalizedSource], Field(min_length=1)]
    related_formalizations: list[Related]
    classification: Classification
    automation: Automation
    status: Status
    fidelity: Fidelity
    review: Review
    alignment: Alignment


def formalization(export: Export, root: Path) -> dict[str, Any]:
    """The values of this project, as the model takes them."""
    library = read_library(root)
    main = [theorem for theorem in export.theorems.values() if is_main(theorem)]
    unfinished = {one.name: _sorries_of(library, one.name) for one in main}
    proofs, definitions = sorries(library)
    made = Formalization(
        version="v0.4",
        project=Project(name=facts.TITLE, authors=list(facts.AUTHORS), license=facts.LICENSE, description=facts.ABSTRACT),
        repository=Repository(role="substantive-development"),
        sources=[_source(one) for one in facts.SOURCES if one.relationship],
        related_formalizations=[Related(id=name, relationship="independent", note=note) for name, note in facts.INDEPENDENT],
        classification=Classification(arxiv=list(facts.ARXIV), msc2020=list(facts.MSC)),
        automation=Automation(methods=[Method(method="agent")]),
        status=Status(
            scope=f"{facts.SCOPE} {facts.NOT_ELIGIBLE}",
            sorry_count=proofs,
            sorry_in_definitions=definitions,
            axioms=_axioms(export.theorems.values()),
            main_results=[
                MainResult(
                    declaration=one.name,
                    file=one.file,
                    sorry_count=unfinished[one.name],
                    axioms=_axioms([one]),
                )
                for one in main
            ],
        ),
        fidelity=Fidelity(divergences=facts.DIVERGENCES),
        review=Review(status="agent-reviewed", notes="docs/trust.md says what each check settles, and what was not run."),
        alignment=Alignment(
            namespace="BatchNorm",
            statements=[
                Aligned(
                    source=_claim(one.equation),
                    lean=one.name,
                    module=module_of(one.file),
                    status="in-progress" if unfinished[one.name] else "proved",
                    note=". ".join(filter(None, (facts.NOTES.get(one.equation), one.comment))) or None,
                )
                for one in main
            ],
        ),
    )
    return made.model_dump(exclude_none=True)


def _axioms(theorems: Iterable[ir.Theorem]) -> list[str] | None:
    """The axioms that theorems rest on; None where the Lean that exported saw a part of the proofs only."""
    every = list(theorems)
    if not all(one.axioms.complete for one in every):
        return None
    return sorted({name for one in every for name in one.axioms.names})


def is_main(theorem: ir.Theorem) -> bool:
    """Whether a theorem stands for an equation or a claim of the paper."""
    return theorem.equation[:1].isdigit() or theorem.equation.startswith(tuple(MAIN))


def module_of(file: str) -> str:
    """The Lean module of a source: ``lean/A/B.lean`` is ``A.B``."""
    return file.removeprefix("lean/").removesuffix(".lean").replace("/", ".")


def sorries(library: Library) -> tuple[int, int]:
    """How often ``sorry`` stands in the library's proofs, and in its definitions; what is in comments does not count."""
    every = sum(token.text == "sorry" for text in library.sources.values() for token in tokens(text))
    definitions = sum(_unfinished(one) for one in library.declarations.values() if not one.is_theorem)
    return every - definitions, definitions


def _sorries_of(library: Library, name: str) -> int:
    """How often ``sorry`` stands in one declaration.

    Raises
    ------
    ExportStale
        The sources do not have it.
    """
    one = library.declarations.get(name)
    if one is None:
        raise ExportStale(f"{name} is exported and not in the sources", hint=AGAIN)
    return _unfinished(one)


def _unfinished(one: Declaration) -> int:
    return sum(token.text == "sorry" for token in (*one.type, *one.body))


def _claim(label: str) -> str:
    """An equation or a claim of the paper, by its label: ``equation (7)``, ``Theorem 4.1``."""
    if label[:1].isdigit():
        return f"equation ({label})"
    return next(label.replace(short, word, 1) for short, word in MAIN.items() if label.startswith(short))


def _source(one: facts.Source) -> FormalizedSource:
    return FormalizedSource(
        title=one.title,
        authors=[person.whole() for person in one.people] or [one.group],
        id=one.identifier,
        type=one.kind,
        location=one.location or None,
        relationship=one.relationship,  # type: ignore[arg-type]  # the model checks it
        note=one.note or None,
        author_endorsement="not-contacted" if one.relationship == "formalizes" else None,
    )
