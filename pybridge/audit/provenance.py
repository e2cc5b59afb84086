"""Where the export says that it comes from, against the checkout: Lean's version, mathlib's commit, the hashes of the sources.

In: an export, a checkout.  Out: a section.  Which Lean wrote a file no file can tell: that is said, with the command that
settles it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pybridge.audit.checkout import packages, read_text
from pybridge.audit.sections import EXTRACT, Difference, Section
from pybridge.export.loading import Export, hash_sources

_VERSION = re.compile(r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?")
_COMMITS = {"4.27.0": "db93fe1608548721853390a10cd40580fe7d22ae"}
"""The commits of Lean's releases, as ``lean --version`` prints them: whoever moves the pin adds one."""
_REVISION = re.compile(r"[0-9a-f]{40}")
_ASKED = ("asked", "export")
_REQUIRED = re.compile(r'^require mathlib from git\s+"[^"]*"\s*@\s*"([^"]*)"', re.MULTILINE)


def provenance(export: Export, root: Path) -> Section:
    """What the export says of itself, against the checkout ``root``.

    Raises
    ------
    InputError
        The checkout has no toolchain, or no manifest that can be read.
    """
    pinned = read_text(root / "lean-toolchain").strip()
    return Section(
        "provenance",
        f"Lean and mathlib as lean-toolchain, lakefile.lean and lake-manifest.json pin them; {len(export.sources)} hashes",
        tuple(_differences(export, root, pinned)),
        tuple(_elsewhere(export, pinned)),
        agreed="consistent with the checkout",
        remedy=EXTRACT,
    )


def _differences(export: Export, root: Path, pinned: str) -> Iterator[Difference]:
    lean = export.lean
    if not _VERSION.fullmatch(lean.version):
        yield Difference("lean", "version", "three numbers, and perhaps what kind of build", lean.version, "", _ASKED)
    if not _REVISION.fullmatch(lean.githash):
        yield Difference("lean", "githash", "a commit of 40 hexadecimal digits", lean.githash, "", _ASKED)
    elif re.fullmatch(r"[\d.]+", lean.version) and lean.githash != (known := _COMMITS.get(lean.version)):
        expected = f"the commit of release {lean.version}: {known or 'it is not known here'}"
        yield Difference("lean", "githash", expected, lean.githash, "", _ASKED)
    yield from _mathlib(export, root, pinned)
    actual, recorded = hash_sources(root), {source.file: source.sha256 for source in export.sources}
    for file in sorted({*actual, *recorded}):
        if actual.get(file) != recorded.get(file):
            yield Difference(file, "sha256", actual.get(file, "no such file"), recorded.get(file, "not recorded"))
    yield from _complete(export, pinned)


def _mathlib(export: Export, root: Path, pinned: str) -> Iterator[Difference]:
    manifest = next(one for one in packages(root) if one["name"] == "mathlib")
    pairs = (("rev", export.mathlib.revision), ("inputRev", export.mathlib.input_revision or ""))
    for key, said in pairs:
        if manifest.get(key) != said:
            yield Difference("mathlib", f"{key} in lake-manifest.json", str(manifest.get(key)), said)
    required = _REQUIRED.findall(read_text(root / "lakefile.lean"))
    if required != [manifest.get("inputRev")]:
        asked = ", ".join(required) or "not required"
        why = "lakefile.lean and lake-manifest.json part"
        yield Difference("mathlib", "tag", asked, str(manifest.get("inputRev")), why, ("lakefile", "manifest"))
    tag = str(manifest.get("inputRev"))
    if tag.startswith("v") and pinned.rpartition(":")[2] != tag:
        why = "mathlib's tags have the names of Lean's"
        yield Difference("mathlib", "its tag and lean-toolchain", pinned, tag, why, ("toolchain", "manifest"))


def _complete(export: Export, pinned: str) -> Iterator[Difference]:
    complete = {name for name, theorem in export.theorems.items() if theorem.axioms.complete}
    if not complete:
        return
    if complete != set(export.theorems):
        for name in sorted(complete):
            yield Difference(
                name, "axioms.complete", "false", "true", "one Lean sees all proofs, or none that is imported", _ASKED
            )
    elif export.lean.version != _pinned_version(pinned):
        why = "only the pinned release is known to see imported proofs"
        yield Difference(
            "axioms", "axioms.complete", f"Lean {_pinned_version(pinned)}", f"Lean {export.lean.version}", why, _ASKED
        )
    for name in sorted(complete):
        names = export.theorems[name].axioms.names
        if "ℝ" in export.theorems[name].statement and "Classical.choice" not in names:
            why = "mathlib's real numbers rest on Classical.choice"
            yield Difference(name, "axioms", "Classical.choice among them", ", ".join(names) or "none", why, _ASKED)


def _elsewhere(export: Export, pinned: str) -> Iterator[str]:
    said = f"the export says it was written by Lean {export.lean.version} ({export.lean.githash[:12]})"
    if export.lean.version != _pinned_version(pinned):
        said += f", and {pinned} is pinned: the pinned Lean has not written it"
    yield f"{said}; which Lean wrote it is not checked here: `pybridge extract --check`"
    if any(theorem.axioms.complete for theorem in export.theorems.values()):
        yield "that the axioms are all is not checked here: `lake build BridgeTest`"
    else:
        yield "the axioms of mathlib's own proofs are not recorded (axioms.complete is false): `lake build BridgeTest`"


def _pinned_version(pinned: str) -> str:
    return pinned.rpartition(":")[2].removeprefix("v")
