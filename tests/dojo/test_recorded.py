"""The recorded trace: of these sources, read by LeanDojo where it is installed, and at one with what the exporter recorded."""

from __future__ import annotations

import json
import lzma
import re
from pathlib import Path
from typing import Any

import pytest
from lean_library import the_library

from pybridge.artifact.graph import graph_of
from pybridge.dojo import recorded
from pybridge.dojo.adapt import Places, adapted, dep_paths, imports
from pybridge.dojo.compare import run
from pybridge.dojo.flat import BUILT, copied, flat
from pybridge.dojo.premises import absent, compare, premises
from pybridge.dojo.reading import lean_dojo
from pybridge.dojo.recording import options
from pybridge.errors import ExportStale, InputError
from pybridge.export.loading import Export, hash_sources

ROOT = Path(__file__).resolve().parents[2]
CHAIN = (*"1234567", "projection")


@pytest.fixture(scope="module")
def trace() -> recorded.Trace:
    return recorded.read(ROOT)


def test_it_is_of_these_sources(trace: recorded.Trace) -> None:
    """Every file of the library, as it is; and the record says how much there is."""
    about = recorded.record(ROOT)
    assert recorded.changed(ROOT, about) == []
    assert set(trace.asts) == set(the_library().sources)
    assert (about["files"], about["tactics"], about["premises"]) == (len(trace.asts), trace.tactics, trace.premises)
    assert about["options"] == options(ROOT)
    assert about["lean"]["pinned"] == (ROOT / "lean-toolchain").read_text(encoding="utf-8").strip()


def test_the_chain_was_traced(trace: recorded.Trace, export: Export) -> None:
    """The files of the equations and of the projection lemma hold tactics and premises."""
    for equation in CHAIN:
        for theorem in export.stated(equation):
            assert trace.asts[theorem.file]["premises"], theorem.file
    assert trace.asts["lean/BatchNorm/Projection.lean"]["tactics"]


def test_positions_are_of_the_sources(trace: recorded.Trace) -> None:
    """Each identifier of the syntax is the text at its place, in bytes of UTF-8."""
    for file, ast in trace.asts.items():
        data = the_library().sources[file].encode()
        for ident in _idents(ast["commandASTs"]):
            place = ident["info"]["original"]
            assert data[place["pos"] : place["endPos"]].decode() == ident["rawVal"]


@pytest.mark.parametrize(
    ("file", "what"),
    [
        ("lean/BatchNorm/Projection.lean", "has changed"),
        ("lean-toolchain", "has changed"),
        ("lean/BatchNorm/New.lean", "is new"),
    ],
)
def test_stale(recording: Path, file: str, what: str) -> None:
    """A source or a pin that is another one now, or one that is new, is refused, by name."""
    with (recording / file).open("a", encoding="utf-8") as stream:
        stream.write("-- more\n")
    with pytest.raises(ExportStale, match=rf"stale: {file} {what} since the trace was recorded; `pybridge dojo record`"):
        recorded.read(recording)


def test_a_source_that_is_gone(recording: Path) -> None:
    (recording / "lean" / "BatchNorm" / "Bound.lean").unlink()
    with pytest.raises(ExportStale, match=r"lean/BatchNorm/Bound\.lean is missing"):
        recorded.read(recording)


def test_another_tracer(recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "Trace.lean"
    other.write_text("-- another program\n", encoding="utf-8")
    monkeypatch.setattr(recorded, "TRACER", other)
    with pytest.raises(ExportStale, match=r"stale: Trace\.lean has changed"):
        recorded.read(recording)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("theorem sub_inner_smul_eq", "theorem sub_inner_smul_ne"),
        ("Authors: The pybridge contributors\n-/\n", "Authors: The pybridge contributors\n-/\naxiom evil : False\n"),
        ("end", "-- another remark\nend"),
    ],
)
def test_an_old_archive_with_a_new_record(recording: Path, old: str, new: str) -> None:
    """Hashes of the sources that are written anew beside the archive: what was traced is another text, and it is said where."""
    file = "lean/BatchNorm/Projection.lean"
    text = (recording / file).read_text(encoding="utf-8")
    assert old in text
    (recording / file).write_text(new.join(text.rsplit(old, 1)), encoding="utf-8")
    about, hashes = recorded.record(recording), hash_sources(recording)
    for one in about["sources"]:
        one["sha256"] = hashes[one["file"]]
    (recording / recorded.ABOUT).write_text(json.dumps(about), encoding="utf-8")
    with pytest.raises(ExportStale, match=rf"{file}: another text was traced, from line \d+ on"):
        recorded.read(recording)


def test_a_proof_that_is_not_traced(trace: recorded.Trace, export: Export) -> None:
    """All of the library's are; without a file's syntax those of the file are named."""
    assert absent(trace, export, the_library()) == ()
    file = "lean/BatchNorm/Projection.lean"
    cut = recorded.Trace(trace.lean, {**trace.asts, file: {**trace.asts[file], "commandASTs": []}}, trace.paths)
    gone = absent(cut, export, the_library())
    assert gone
    assert {the_library().declarations[one].file for one in gone} == {file}


def test_an_archive_of_something_else(recording: Path) -> None:
    (recording / recorded.ARCHIVE).write_bytes(lzma.compress(b""))
    with pytest.raises(InputError, match="it is not the file that"):
        recorded.read(recording)


def test_no_record(checkout: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        recorded.read(checkout)


def test_packing_is_repeatable(trace: recorded.Trace) -> None:
    """The same files give the same bytes, and come out as they went in."""
    some = sorted(trace.asts)[:2]
    part = recorded.Trace(trace.lean, {one: trace.asts[one] for one in some}, {one: trace.paths[one] for one in some})
    data = recorded.packed(part)
    assert recorded.packed(part) == data
    about = {"lean": {"version": trace.lean}, "sources": [{"file": one} for one in some]}
    assert recorded.unpacked(data, about) == part
    about["sources"].append({"file": "lean/A.lean"})
    with pytest.raises(InputError, match=r"no A\.ast\.json in it"):
        recorded.unpacked(data, about)


def test_premises_are_constants_of_the_proofs(trace: recorded.Trace, export: Export) -> None:
    """What a proof's text names, Lean recorded as used: two ways of Lean's, of which one sees the text and one the proof."""
    found = compare(trace, export, the_library())
    assert found.differences == ()
    assert found.theorems > len(export.theorems)
    assert found.both > len(export.theorems)
    assert found.others > len(found.unused)
    edges = set(graph_of(export, definitions=True).edges())
    written = the_library().declarations
    chained = [pair for pair in found.by_definition if written[pair[1]].is_theorem]
    assert not edges & set(chained)


def test_a_premise_that_lean_did_not_record(trace: recorded.Trace, export: Export) -> None:
    """A trace that names another theorem differs, by both names."""
    library = the_library()
    name, other = "sub_inner_smul_eq_starProjection", "norm_sub_mul_inner_smul_sq"
    file = library.declarations[name].file
    changed = json.loads(json.dumps(trace.asts[file]))
    for one in changed["premises"]:
        if one["fullName"] == "Submodule.starProjection_orthogonal_val":
            one["fullName"] = other
    found = compare(recorded.Trace(trace.lean, {**trace.asts, file: changed}, trace.paths), export, library)
    assert (name, other) in found.differences


def _node(kind: str, *args: Any) -> dict[str, Any]:
    return {"node": {"kind": kind, "info": "none", "args": list(args)}}


def _word(text: str) -> dict[str, Any]:
    return {"atom": {"val": text}}


def test_what_leandojo_would_not_read() -> None:
    """``section`` with words before it, and without; ``end`` with a place for a dot; equal premises; paths of modules."""
    empty, public = _node("null"), _node("null", _word("public"))
    section = "Lean.Parser.Command.section"
    header = "Lean.Parser.Command.sectionHeader"
    used = {"fullName": "f", "modName": "A.B", "defPos": None, "defEndPos": None, "pos": {}, "endPos": {}}
    document = {
        "commandASTs": [
            _node(section, _node(header, empty, public), _word("section"), empty),
            _node(section, _node(header, empty, empty), _word("section"), _node("null", _word("S"))),
            _node("Lean.Parser.Command.end", _word("end"), _node("null", _word("S"), empty)),
        ],
        "tactics": [],
        "premises": [used, {**used, "modName": "Mathlib.X"}, used, {**used, "modName": "Elsewhere"}],
    }
    known = Places(frozenset({"A.B"}), ("mathlib",), {"f": ({"line": 1, "column": 2}, {"line": 1, "column": 3})})
    found = adapted(document, known)
    first, second, third = found["commandASTs"]
    assert first["node"]["args"][1] == _node(section, _word("section"), empty)
    assert second == _node(section, _word("section"), _node("null", _word("S")))
    assert third == _node("Lean.Parser.Command.end", _word("end"), _node("null", _word("S")))
    theirs, ours, unknown = found["premises"]
    assert (theirs["defPath"], theirs["defPos"]) == (".lake/packages/mathlib/Mathlib/X.lean", None)
    assert (ours["defPath"], ours["defPos"]) == ("A/B.lean", {"line": 1, "column": 2})
    assert (unknown["modName"], unknown["defPath"]) == (None, None)


def test_paths_of_imports(trace: recorded.Trace) -> None:
    """Each import has its path, in order; one of no package is refused."""
    for file, ast in trace.asts.items():
        named = re.findall(r"^(?:public )?(?:meta )?import (\S+)$", the_library().sources[file], re.MULTILINE)
        assert imports(ast) == named
        assert [one.rpartition("/")[2] for one in trace.paths[file].splitlines()] == [
            f"{name.rpartition('.')[2]}.lean" for name in named
        ]
    with pytest.raises(InputError, match=r"a module of no package in lake-manifest\.json"):
        dep_paths(trace.asts["lean/BatchNorm/Projection.lean"], Places(frozenset({"Bridge.Attr"}), (), {}))
    assert Places(frozenset(), (), {}).path("Lake.DSL") == ".lake/packages/lean4/src/lean/lake/Lake/DSL.lean"


@pytest.mark.dojo
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")  # files left open
@pytest.mark.usefixtures("dojo")
def test_leandojo_reads_it(trace: recorded.Trace, export: Export, tmp_path: Path) -> None:
    """Its classes read each file: the statements of the export, tactics with their goals, premises by full name."""
    recorded.put(trace, tmp_path / "traced")
    assert run(ROOT, export, trace=tmp_path / "traced").differences == ()
    library, root = the_library(), tmp_path / "flat"
    root.mkdir()
    copied(ROOT, library.sources, root)
    recorded.put(trace, root / BUILT)
    dojo = lean_dojo()
    repo = dojo.LeanGitRepo.from_path(root)
    ours, tactics = premises(trace, library), 0
    for file in library.sources:
        traced = dojo.TracedFile.from_traced_file(root, (root / BUILT / flat(file)).with_suffix(".ast.json"), repo)
        traced.traced_repo = dojo.TracedRepo(repo, {}, root, [traced], None)
        traced.check_sanity()
        for theorem in traced.get_traced_theorems():
            name = theorem.theorem.full_name
            assert library.declarations[name].file == file
            tactics += theorem.get_num_tactics()
            theorems = {one for one, declared in library.declarations.items() if declared.is_theorem}
            assert theorems & {*theorem.get_premise_full_names()} - {name} <= {*ours.get(name, ())}
    assert tactics > len(export.theorems)


@pytest.mark.dojo
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")  # files left open
@pytest.mark.usefixtures("dojo")
def test_a_tactic_as_leandojo_has_it(trace: recorded.Trace, tmp_path: Path) -> None:
    """The text of a tactic with its premise marked, where that is defined, and the goal before."""
    file = "lean/BatchNorm/Projection.lean"
    copied(ROOT, the_library().sources, tmp_path)
    recorded.put(trace, tmp_path / BUILT)
    dojo = lean_dojo()
    repo = dojo.LeanGitRepo.from_path(tmp_path)
    traced = dojo.TracedFile.from_traced_file(tmp_path, (tmp_path / BUILT / flat(file)).with_suffix(".ast.json"), repo)
    traced.traced_repo = dojo.TracedRepo(repo, {}, tmp_path, [traced], None)
    (theorem,) = (
        one for one in traced.get_traced_theorems() if one.theorem.full_name == "norm_sub_inner_smul_sq_of_norm_eq_one"
    )
    (tactic,) = theorem.get_traced_tactics()
    marked, (premise,) = tactic.get_annotated_tactic()
    assert marked == "simpa using <a>InnerProductSpace.norm_sub_inner_smul_sq_of_norm_eq_one</a> (𝕜 := ℝ) hu v"
    line, column = premise["def_pos"]
    text = the_library().sources[file].splitlines()[line - 1]
    assert text[column - 1 :].startswith("InnerProductSpace.norm_sub_inner_smul_sq_of_norm_eq_one")
    assert premise["def_path"] == "BatchNorm/Projection.lean"
    assert tactic.state_before.endswith("⊢ ‖v - ⟪u, v⟫ • u‖ ^ 2 = ‖v‖ ^ 2 - ⟪u, v⟫ ^ 2")
    assert tactic.state_after == "no goals"


def _idents(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found, left = [], list(nodes)
    while left:
        one = left.pop()
        if "ident" in one:
            found.append(one["ident"])
        left += one["node"]["args"] if "node" in one else []
    return found
