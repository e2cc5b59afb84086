"""What is built, of what and by which rules: the lakefile, the manifest of packages, and comparator's configuration.

In: a checkout.  Out: a section.  A lakefile is a program: here only what this one is made of is known, and anything else in it
is a difference.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pybridge.audit.checkout import packages, read_text
from pybridge.audit.sections import Difference, Section
from pybridge.errors import InputError
from pybridge.export.foundations import ALLOWED
from pybridge.surface.declarations import declarations
from pybridge.surface.tokens import Kind, tokens

MATHLIB = "https://github.com/leanprover-community/mathlib4"
MATHLIB_COMMITS = {"v4.27.0": "a3a10db0e9d66acbebf76c5e6a135066525ac900"}
"""The commits of mathlib's tags: whoever moves the tag adds its commit here."""
LIBRARIES = {"BatchNorm": "lean", "Bridge": "lean", "BridgeTest": "lean", "Challenge": ".", "Solution": "."}
"""The libraries and their folders: those that the audit reads."""
OPTIONS = {
    "pp.unicode.fun": "true",
    "autoImplicit": "false",
    "maxSynthPendingDepth": ".ofNat 3",
    "weak.linter.mathlibStandardSet": "true",
}
"""The options that sources may be built with."""
COMPARED = {"challenge_module": "Challenge", "solution_module": "Solution", "definition_names": [], "enable_nanoda": True}
_HOSTS = re.compile(r"https://github\.com/(?:leanprover|leanprover-community)/[A-Za-z0-9_-]+(?:\.git)?")
_REVISION = re.compile(r"[0-9a-f]{40}")
_STRING = r'"(?:[^"\\]|\\.)*"'
_COMMANDS = [
    re.compile(r"import Lake "),
    re.compile(r"open Lake DSL "),
    re.compile(r"abbrev projectOptions : Array LeanOption := #\[ (?P<options>[^\]]*)\] "),
    re.compile(r"abbrev testOptions : Array LeanOption := projectOptions ?\.pop "),
    re.compile(
        rf"package batchnorm where version := v! {_STRING} description := {_STRING} "
        rf"keywords := #\[ {_STRING} (?:, {_STRING} )*\] license := {_STRING} testDriver := {_STRING} ",
        re.DOTALL,
    ),
    re.compile(r'require mathlib from git "(?P<url>[^"]*)" @ "(?P<tag>[^"]*)" '),
    re.compile(
        r'(?:@\[ default_target \] )?lean_lib (?P<library>\w+) where (?:srcDir := "(?P<folder>[^"]*)" )?'
        r"leanOptions := (?:projectOptions|testOptions) "
    ),
]
_KNOWN = "import Lake, open Lake DSL, projectOptions, package, require mathlib, lean_lib with srcDir and projectOptions alone"
_OPTION = re.compile(r"⟨ ` (?P<name>[\w.]+) , (?P<value>[^⟩]*) ⟩ (?:, )?")


def build(root: Path) -> Section:
    """The lakefile, the manifest and ``comparator.json`` of a checkout, by what they say.

    Raises
    ------
    InputError
        One of them is missing, or cannot be read.
    SurfaceError
        A text cannot be taken apart.
    """
    found = packages(root)
    return Section(
        "build",
        f"{len(LIBRARIES)} libraries and {len(OPTIONS)} options in lakefile.lean, {len(found)} packages, comparator.json",
        (*_lakefile(read_text(root / "lakefile.lean")), *_manifest(found), *_comparator(root)),
        ("the commits of the packages that mathlib asks for, against mathlib's own manifest: `lake update`",),
        remedy="put the file back; what is meant and new has to be made known to the audit, in pybridge/audit/build.py",
    )


def _part(file: str, what: str, known: str, found: str, why: str = "") -> Difference:
    """What is known of a file, and what it says."""
    return Difference(file, what, known, found, why, ("known", "file"))


def _lakefile(text: str) -> Iterator[Difference]:
    """All that stands in the lakefile, command by command; what is none of those known is named, and ends it."""
    if any(mark in text for mark in ("/--/", "/-!/", "«", "'")):
        yield _part("lakefile.lean", "text", "", "", "a quote or a comment that is read in more than one way")
    found = tokens(text)
    words = "".join(f"{one.text} " for one in found if one.kind not in (Kind.DOC, Kind.MODULE_DOC))
    at, libraries, urls, unread = 0, dict[str, str](), list[str](), ""
    while at < len(words):
        match = next((one for pattern in _COMMANDS if (one := pattern.match(words, at))), None)
        if match is None:
            yield _part(
                "lakefile.lean", "command", _KNOWN, words[at : at + 80], "not known, and what comes after it is not read"
            )
            unread = "not read: an unknown command comes before it, or is it"
            break
        at, said = match.end(), match.groupdict()
        if "options" in said:
            yield from _options(said["options"])
        if "url" in said:
            urls.append(said["url"])
        if "library" in said:
            libraries[said["library"]] = said["folder"] or "."
    if urls != [MATHLIB]:
        yield _part("lakefile.lean", "mathlib", MATHLIB, ", ".join(urls), "" if urls else unread)
    for name in sorted({*LIBRARIES, *libraries}):
        if LIBRARIES.get(name) != libraries.get(name):
            folder = libraries.get(name)
            why = "" if name in libraries else unread
            yield _part("lakefile.lean", f"library {name}", LIBRARIES.get(name, "not read"), folder or "not there", why)


def _options(text: str) -> Iterator[Difference]:
    at = 0
    while at < len(text):
        match = _OPTION.match(text, at)
        if match is None:
            yield _part("lakefile.lean", "options", "", text[at:], "cannot be read")
            return
        at, name, value = match.end(), match["name"], re.sub(r"\s+", "", match["value"])
        if value != re.sub(r"\s+", "", OPTIONS.get(name, "not allowed")):
            yield _part("lakefile.lean", f"option {name}", OPTIONS.get(name, "not allowed"), match["value"])


def _manifest(listed: list[dict[str, Any]]) -> Iterator[Difference]:
    for one in listed:
        name, url, revision = (str(one.get(key)) for key in ("name", "url", "rev"))
        if one.get("type") != "git":
            yield _part("lake-manifest.json", f"type of {name}", "git", str(one.get("type")))
        if not _HOSTS.fullmatch(url) or (name == "mathlib" and url != MATHLIB):
            known = MATHLIB if name == "mathlib" else "of leanprover or leanprover-community on GitHub"
            yield _part("lake-manifest.json", f"url of {name}", known, url)
        if not _REVISION.fullmatch(revision) or len(set(revision)) == 1:
            yield _part("lake-manifest.json", f"rev of {name}", "a commit of 40 hexadecimal digits", revision)
        if one.get("subDir") is not None:
            yield _part("lake-manifest.json", f"subDir of {name}", "null", str(one["subDir"]))
        if name == "mathlib":
            tag = str(one.get("inputRev"))
            if revision != MATHLIB_COMMITS.get(tag):
                known = MATHLIB_COMMITS.get(tag, "a tag whose commit is known")
                yield _part("lake-manifest.json", f"commit of mathlib {tag}", known, revision)
    for what in ("name", "rev"):
        all_of_them = [str(one.get(what)) for one in listed]
        if len(set(all_of_them)) != len(all_of_them):
            yield _part("lake-manifest.json", what, "another for each package", "one of more than one")


def _comparator(root: Path) -> Iterator[Difference]:
    place = root / "comparator.json"
    try:
        said = json.loads(read_text(place))
        names, axioms = [str(one) for one in said["theorem_names"]], {str(one) for one in said["permitted_axioms"]}
    except (ValueError, KeyError, TypeError):
        raise InputError(f"{place}: no configuration of comparator", hint="take the committed one") from None
    for key in sorted({*COMPARED, *said} - {"theorem_names", "permitted_axioms"}):
        if said.get(key, "none") != COMPARED.get(key, "none"):
            yield _part("comparator.json", key, json.dumps(COMPARED.get(key, "none")), json.dumps(said.get(key, "none")))
    claimed = [one.name for one in declarations(read_text(root / "Challenge.lean"), "Challenge.lean") if one.is_theorem]
    for name in sorted({*names} ^ {*claimed}):
        sides = ("a theorem of Challenge.lean", "not compared") if name in claimed else ("not in Challenge.lean", "compared")
        yield _part("comparator.json", name, *sides)
    if axioms - {*ALLOWED}:
        yield _part("comparator.json", "permitted_axioms", ", ".join(ALLOWED), ", ".join(sorted(axioms)))
