"""Citations: of the artifact, of a theorem in it, by name, file, line and digest, and of the paper that it formalizes.

In: an export, and a declaration of it or none.  Out: BibTeX, CFF or lines in APA's style, the paper's last.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from pybridge.artifact import facts
from pybridge.artifact.metadata import citation
from pybridge.artifact.yaml import yaml
from pybridge.export.document import quoted
from pybridge.export.loading import Export
from pybridge.ir import Definition, Theorem
from pybridge.notation.signs import latex_name

FORMATS = ("bibtex", "cff", "apa")
Cited = Theorem | Definition
_ACCENTS = dict(
    zip("\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327\u0328", "`'^~=u.\"rHvck", strict=True)
)
"""TeX's commands for combining marks."""


def cite(form: str, export: Export, cited: Cited | None = None) -> str:
    """The citation in one of ``FORMATS``, and that of the paper: in a CFF it is among the references."""
    if form == "cff":
        return _cff(export, cited)
    papers = [source for source in facts.SOURCES if source.relationship == "formalizes"]
    if form == "bibtex":
        return "\n\n".join([_bibtex(export, cited), *map(_bibtex_of, papers)])
    return "\n".join([_apa(export, cited), *map(_apa_of, papers)])


def main_of(declared: Sequence[Cited]) -> list[Cited]:
    """The declarations of an equation, the main one first: that whose tag says nothing more than the equation."""
    main = next((one for one in declared if isinstance(one, Theorem) and not one.comment), declared[0])
    return [main, *(one for one in declared if one is not main)]


def place(export: Export, cited: Cited) -> str:
    """Where a declaration stands, which export says so, and which Lean wrote it."""
    kind = f"theorem, equation ({cited.equation})" if isinstance(cited, Theorem) else "definition"
    digest = quoted(export.digest, whole=True)
    return (
        f"{kind}, {cited.file}:{cited.line}; export {digest}, written by Lean {export.lean.version}, "
        f"mathlib {export.mathlib.input_revision or export.mathlib.revision}"
    )


def _bibtex(export: Export, cited: Cited | None) -> str:
    title = f"{{{facts.TITLE}}}"
    fields = {
        "author": " and ".join(f"{{{name}}}" for name in facts.AUTHORS),
        "title": title if cited is None else f"{{{_tex(cited.name)}}}, in: {title}",
        "year": facts.RELEASED[:4],
        "version": facts.version(),
        "license": facts.LICENSE,
        "note": f"Export {quoted(export.digest, whole=True)}" if cited is None else _tex(place(export, cited)),
    }
    key = facts.KEY if cited is None else f"{facts.KEY}:{cited.name}"
    return _entry("software", key, fields)


def _entry(kind: str, key: str, fields: Mapping[str, str]) -> str:
    width = max(map(len, fields))
    lines = [f"  {name:<{width}} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@{kind}{{{key},", *lines, "}"])


def _bibtex_of(source: facts.Source) -> str:
    fields = {
        "author": " and ".join(f"{_tex(one.family)}, {_tex(one.given)}" for one in source.people),
        "title": f"{{{_tex(source.title)}}}",
        "booktitle": _tex(source.within),
        "year": str(source.year),
        "eprint": source.arxiv,
        "eprinttype": "arXiv",
        "url": source.address,
    }
    return _entry("inproceedings", f"{source.people[0].family.lower()}{source.year}", fields)


def _tex(text: str) -> str:
    """Text in ASCII, as every BibTeX reads it: commands of TeX escaped, Greek in math, accents as TeX's own."""
    return "".join(map(_letter, text))


def _letter(letter: str) -> str:
    """One letter; of which there is neither name nor accent, as it is, which takes biber."""
    if letter in "_#%&$":
        return f"\\{letter}"
    if letter.isascii():
        return letter
    if (named := latex_name(letter)) != letter:
        return f"{{\\ensuremath{{{named}}}}}"
    apart = unicodedata.normalize("NFD", letter)
    plain, mark = apart[:1], apart[1:]
    if plain.isascii() and mark in _ACCENTS:
        return f"{{\\{_ACCENTS[mark]}{{{plain}}}}}"
    return letter


def _apa(export: Export, cited: Cited | None) -> str:
    who, year = " & ".join(facts.AUTHORS), facts.RELEASED[:4]
    whole = f"{who} ({year}). {facts.TITLE} (Version {facts.version()}) [Computer software]."
    return whole if cited is None else f"{whole} {cited.name}: {place(export, cited)}."


def _apa_of(source: facts.Source) -> str:
    *others, last = [f"{one.family}, {one.given[0]}." for one in source.people]
    return f"{', '.join(others)}, & {last} ({source.year}). {source.title} {source.within}. {source.address}"


def _cff(export: Export, cited: Cited | None) -> str:
    document = citation()
    if cited is not None:
        document["preferred-citation"] |= {
            "title": f"{cited.name}, in: {facts.TITLE}",
            "section": cited.name,
            "filename": f"{cited.file}:{cited.line}",
            "notes": place(export, cited),
        }
    return yaml(document).rstrip("\n")
