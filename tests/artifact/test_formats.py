"""`codemeta.json` and `.zenodo.json` by the words of their formats.

CodeMeta 3.0's are those of its context, https://w3id.org/codemeta/3.0: a reader of JSON-LD drops a name that the context lacks,
and takes text for an address where the context asks for one, without a word. Zenodo's are those of its pages on the REST API,
https://developers.zenodo.org, and of the schema that zenodraft keeps of them (metadata-schema-zenodo 0.3.0).
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import pybridge
from pybridge.artifact import facts
from pybridge.errors import DISTRIBUTION

ROOT = Path(__file__).resolve().parents[2]


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


CLASSES = words(
    """
    Organization Person Review Role SoftwareApplication SoftwareSourceCode
    """
)
ADDRESSES = words(
    """
    applicationCategory applicationSubCategory buildInstructions codeRepository continuousIntegration
    developmentStatus downloadUrl fileFormat hasSourceCode identifier installUrl isSourceCodeOf issueTracker
    license memoryRequirements readme referencePublication relatedLink review sameAs softwareRequirements
    softwareSuggestions storageRequirements url
    """
)
"""What takes an address, or a node."""
DATES = words(
    """
    dateCreated dateModified datePublished embargoEndDate
    """
)
OTHERS = words(
    """
    address affiliation author citation contributor copyrightHolder copyrightYear description editor email
    encoding endDate familyName fileSize funder funding givenName hasPart isAccessibleForFree isPartOf
    keywords maintainer name operatingSystem permissions position processorRequirements producer
    programmingLanguage provider publisher releaseNotes reviewAspect reviewBody roleName runtimePlatform
    softwareHelp softwareVersion sponsor startDate supportingData targetProduct version
    """
)
PREFIXED = re.compile(r"schema:[A-Za-z]+")
ADDRESS = re.compile(r"https://\S+")
RELATIONS = words(
    """
    cites compiles continues describes documents hasMetadata hasPart isAlternateIdentifier isCitedBy
    isCompiledBy isContinuedBy isDerivedFrom isDescribedBy isDocumentedBy isIdenticalTo isMetadataFor
    isNewVersionOf isObsoletedBy isOriginalFormOf isPartOf isPreviousVersionOf isReferencedBy isRequiredBy
    isReviewedBy isSourceOf isSupplementTo isSupplementedBy isVariantFormOf obsoletes references requires
    reviews
    """
)
IDENTIFIERS = {"arxiv": re.compile(r"arXiv:\d{4}\.\d{4,5}"), "doi": re.compile(r"10\.\d{4,}/\S+")}


def loaded(name: str) -> dict[str, Any]:
    """A file at the root, as it is committed."""
    found: dict[str, Any] = json.loads((ROOT / name).read_text(encoding="utf-8"))
    return found


def lost(node: dict[str, Any], where: str = "") -> Iterator[str]:
    """What a reader of JSON-LD would drop or misread in a node, each with its place."""
    for key, value in node.items():
        place = f"{where}.{key}"
        values = value if isinstance(value, list) else [value]
        if key == "@type":
            yield from (place for one in values if one not in CLASSES and not PREFIXED.fullmatch(one))
        elif key in ADDRESSES or key == "@id":
            yield from (place for one in values if not isinstance(one, dict) and not ADDRESS.fullmatch(one))
        elif key in DATES:
            yield from (place for one in values if dt.date.fromisoformat(one).isoformat() != one)
        elif key != "@context" and key not in OTHERS and not PREFIXED.fullmatch(key):
            yield place
        for one in values:
            if isinstance(one, dict):
                yield from lost(one, place)


def test_codemeta() -> None:
    """Nothing is lost; name, version and licence are those of everything else; what is not known is not there."""
    codemeta = loaded("codemeta.json")
    assert list(lost(codemeta)) == []
    assert codemeta["@context"] == "https://w3id.org/codemeta/3.0"
    assert codemeta["@type"] == "SoftwareSourceCode"
    assert (codemeta["name"], codemeta["schema:alternateName"]) == (facts.TITLE, DISTRIBUTION)
    assert codemeta["version"] == pybridge.__version__
    assert codemeta["license"] == f"https://spdx.org/licenses/{facts.LICENSE}"
    assert codemeta["datePublished"] == facts.RELEASED
    assert [one["@type"] for one in codemeta["author"]] == ["Organization"] * len(facts.AUTHORS)
    assert [one["name"] for one in codemeta["softwareRequirements"]] == ["Python", "mathlib"]
    assert [one["name"] for one in codemeta["referencePublication"]] == [facts.SOURCES[0].title]


@pytest.mark.parametrize(
    ("key", "value", "place"),
    [
        ("alternateName", "x", ".alternateName"),
        ("softwareRequirements", ["Python 3.10 or newer"], ".softwareRequirements"),
        ("license", "Apache-2.0", ".license"),
        ("referencePublication", [{"@type": "ScholarlyArticle"}], ".referencePublication.@type"),
        ("referencePublication", [{"@id": "arXiv:1805.11604"}], ".referencePublication.@id"),
        ("author", [{"@type": "Person", "nickName": "x"}], ".author.nickName"),
    ],
)
def test_what_is_no_codemeta(key: str, value: object, place: str) -> None:
    """A word that the context lacks, text where an address is asked for, and both in an inner node."""
    assert list(lost({**loaded("codemeta.json"), key: value})) == [place]


def test_a_date_that_is_none() -> None:
    """It is said, too."""
    with pytest.raises(ValueError, match="isoformat"):
        list(lost({"datePublished": "soon"}))


def test_zenodo() -> None:
    """The fields that a deposit has to have, and the words that each takes."""
    zenodo = loaded(".zenodo.json")
    assert set(zenodo) == words(
        "title description creators version publication_date license keywords upload_type language access_right "
        "related_identifiers"
    )
    assert (zenodo["title"], zenodo["version"], zenodo["license"]) == (facts.TITLE, pybridge.__version__, facts.LICENSE)
    assert (zenodo["upload_type"], zenodo["access_right"]) == ("software", "open")
    assert zenodo["publication_date"] == dt.date.fromisoformat(facts.RELEASED).isoformat()
    assert re.fullmatch("[a-z]{3}", zenodo["language"])  # ISO 639
    assert [set(one) for one in zenodo["creators"]] == [{"name"}] * len(facts.AUTHORS)
    assert len(zenodo["related_identifiers"]) == len(facts.SOURCES)
    for related in zenodo["related_identifiers"]:
        assert set(related) == {"identifier", "relation", "resource_type", "scheme"}
        assert related["relation"] in RELATIONS
        assert related["resource_type"] in {"publication-article", "dataset"}
        assert IDENTIFIERS[related["scheme"]].fullmatch(related["identifier"])
    assert len({json.dumps(one) for one in zenodo["related_identifiers"]}) == len(facts.SOURCES)


def test_title_and_people_are_the_same_everywhere() -> None:
    """In each of the files that a citation can be made of."""
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    codemeta, zenodo = loaded("codemeta.json"), loaded(".zenodo.json")
    assert cff["title"] == codemeta["name"] == zenodo["title"]
    assert cff["abstract"] == codemeta["description"] == zenodo["description"]
    assert cff["keywords"] == codemeta["keywords"] == zenodo["keywords"]
    people = [[one["name"] for one in found] for found in (cff["authors"], codemeta["author"], zenodo["creators"])]
    assert people == [list(facts.AUTHORS)] * 3
