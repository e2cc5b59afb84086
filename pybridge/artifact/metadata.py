"""The metadata files at the root of the repository, made of the facts, the version and the export.

In: ``facts.py``, an export, the checkout.  Out: the text of ``CITATION.cff`` (1.2.0), ``.zenodo.json``, ``codemeta.json``
(3.0), ``formalization.yaml`` (v0.4) and ``artifact.json`` (hashes: ``pins.py``), by file name.  ``scripts/metadata.py``
writes them, and a test holds them to it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeAlias

from pybridge.artifact import facts
from pybridge.artifact.formalization import formalization
from pybridge.artifact.pins import MANIFEST, pins
from pybridge.artifact.yaml import yaml
from pybridge.errors import DISTRIBUTION
from pybridge.export.loading import Export

Json: TypeAlias = dict[str, Any]


def files(export: Export, root: Path) -> dict[str, str]:
    """The metadata files by name."""
    return {
        "CITATION.cff": yaml(citation()),
        ".zenodo.json": _json(zenodo()),
        "codemeta.json": _json(codemeta(export)),
        "formalization.yaml": yaml(formalization(export, root)),
        MANIFEST: _json(pins(export.digest, root)),
    }


def citation() -> Json:
    """The Citation File Format, 1.2.0."""
    return {
        "cff-version": "1.2.0",
        "message": facts.MESSAGE,
        "type": "software",
        "title": facts.TITLE,
        "abstract": facts.ABSTRACT,
        "authors": [{"name": name} for name in facts.AUTHORS],
        "version": facts.version(),
        "date-released": facts.RELEASED,
        "license": facts.LICENSE,
        "keywords": list(facts.KEYWORDS),
        "preferred-citation": {
            "type": "software",
            "title": facts.TITLE,
            "authors": [{"name": name} for name in facts.AUTHORS],
            "version": facts.version(),
            "year": int(facts.RELEASED[:4]),
            "license": facts.LICENSE,
        },
        "references": [_reference(source) for source in facts.SOURCES],
    }


def _reference(source: facts.Source) -> Json:
    people = [{"family-names": one.family, "given-names": one.given} for one in source.people]
    found: Json = {
        "type": source.kind,
        "title": source.title,
        "authors": people or [{"name": source.group}],
        "year": source.year,
    }
    if source.within:
        found["journal" if source.kind == "article" else "collection-title"] = source.within
    if source.pages:
        found["start"], found["end"] = source.pages
    if source.publisher:
        found["publisher"] = {"name": source.publisher}
    if source.doi:
        found["doi"] = source.doi
    if source.arxiv:
        found["url"] = f"https://arxiv.org/abs/{source.arxiv}"
    return found


def zenodo() -> Json:
    """What Zenodo reads of a release."""
    relations = {"formalizes": "isDerivedFrom", "background": "references", "": "references"}
    return {
        "title": facts.TITLE,
        "description": facts.ABSTRACT,
        "creators": [{"name": name} for name in facts.AUTHORS],
        "version": facts.version(),
        "publication_date": facts.RELEASED,
        "license": facts.LICENSE,
        "keywords": list(facts.KEYWORDS),
        "upload_type": "software",
        "language": "eng",
        "access_right": "open",
        "related_identifiers": [
            {
                "identifier": source.identifier,
                "relation": relations[source.relationship],
                "resource_type": "dataset" if source.kind == "data" else "publication-article",
                "scheme": "doi" if source.doi else "arxiv",
            }
            for source in facts.SOURCES
        ],
    }


def codemeta(export: Export) -> Json:
    """CodeMeta 3.0; a word that its context lacks has schema.org's prefix, or readers of JSON-LD would drop it."""
    return {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "name": facts.TITLE,
        "schema:alternateName": DISTRIBUTION,
        "description": facts.ABSTRACT,
        "license": f"https://spdx.org/licenses/{facts.LICENSE}",
        "version": facts.version(),
        "datePublished": facts.RELEASED,
        "author": [{"@type": "Organization", "name": name} for name in facts.AUTHORS],
        "keywords": list(facts.KEYWORDS),
        "programmingLanguage": ["Lean 4", "Python"],
        "softwareRequirements": [
            {"@type": "SoftwareSourceCode", "name": "Python", "version": "3.10 or newer"},
            {
                "@type": "SoftwareSourceCode",
                "name": "mathlib",
                "version": export.mathlib.input_revision or export.mathlib.revision,
                "description": "to check the proofs",
            },
        ],
        "referencePublication": [
            {"@id": source.address, "name": source.title} for source in facts.SOURCES if source.relationship == "formalizes"
        ],
    }


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
