"""Loading: a good export as it is, and everything else refused by one line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from documents import document, raw, write
from hypothesis import given
from hypothesis import strategies as st

from pybridge import errors
from pybridge.batches.generate import slots
from pybridge.batches.plan import Plan
from pybridge.export.foundations import ALLOWED
from pybridge.export.loading import Fresh, Unchecked, dumps, load, parse, seal
from pybridge.export.schema import SCHEMA
from pybridge.ir import Axioms, PositionKind, Variable

ELSEWHERE = "write it again where it comes from, or use the package's own"


def refusal(path, **options):
    """The error of loading ``path``: one line, exit code 4."""
    with pytest.raises(errors.ExportError) as caught:
        load(path, **options)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 4
    return caught.value


def test_a_good_export_is_loaded(tmp_path):
    """Every field arrives."""
    path = write(tmp_path / "export.json", document())
    export = load(path)
    theorem = export.theorem("total_stretch")
    assert theorem is export.theorems["Test.total_stretch"] is export.theorem("Test.total_stretch")
    assert export.definition("total").name == "Test.total"
    assert (theorem.equation, theorem.line, theorem.axioms) == ("1", 3, Axioms(("propext",), complete=False))
    assert export.proofs["Test.linear"].outside == ("Real", "propext")
    assert theorem.variables[3] == Variable("j", PositionKind("ι"))
    assert (export.lean.version, export.mathlib.input_revision) == ("4.27.0", "v4.27.0")
    assert export.freshness == Unchecked("no sources beside the export")
    assert export.path == path


def test_the_file_is_the_same_for_the_same_document():
    """Sealing twice changes nothing, and neither does the order of the keys."""
    sealed = seal(document())
    assert seal(sealed) == sealed
    assert dumps(sealed) == dumps(dict(reversed(sealed.items())))
    assert json.loads(dumps(sealed)) == sealed


def test_the_committed_export_is_fresh():
    """It was written from the Lean sources beside it, and holds theorems."""
    export = load(Path(__file__).resolve().parents[2] / "pybridge" / "data" / "export.json")
    assert export.theorems
    assert isinstance(export.freshness, Fresh)


def test_names_that_are_not_there(tmp_path):
    """Close matches are offered; an ambiguous end is no name."""
    content = document()
    content["theorems"].append({**content["theorems"][0], "name": "Other.total_stretch"})
    content["proofs"].append({**content["proofs"][-1], "name": "Other.total_stretch"})
    export = load(write(tmp_path / "export.json", content))
    with pytest.raises(errors.UnknownNameError) as unknown:
        export.theorem("total_strech")
    assert str(unknown.value).startswith("no theorem is called 'total_strech'; did you mean ")
    assert unknown.value.exit_code == 2
    with pytest.raises(errors.UnknownNameError) as ambiguous:
        export.theorem("total_stretch")
    assert set(ambiguous.value.matches) == {"Other.total_stretch", "Test.total_stretch"}
    with pytest.raises(errors.UnknownNameError, match=re.escape("no definition is called 'zzz'; `pybridge list` prints")):
        export.definition("zzz")


def test_a_missing_export(tmp_path):
    """No file, or no file that can be read."""
    assert str(refusal(tmp_path / "no.json")) == f"{tmp_path}/no.json: there is no export; check the path"
    assert str(refusal(tmp_path)).startswith(f"{tmp_path}: cannot be read: ")
    assert isinstance(refusal(tmp_path), errors.ExportMissing)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_export(tmp_path, share):
    """Wherever it ends."""
    text = raw(document())
    path = tmp_path / "export.json"
    path.write_text(text[: int(len(text) * share)], encoding="utf-8")
    error = refusal(path)
    assert isinstance(error, errors.ExportTruncated)
    assert str(error) == f"{path}: ends after {int(len(text) * share)} characters, within the JSON; {ELSEWHERE}"


TEXTS = {
    "not JSON": (b'{"schema": nul}', "line 1 column 12: not JSON: Expecting value"),
    "twice": (b'{"schema": 3, "schema": 3}', "the key 'schema' occurs twice in an object"),
    "NaN": (b'{"schema": NaN}', "NaN is not JSON"),
    "text after it": (b'{"schema": 3}\n{"schema": 3}', "text after the JSON, from line 2 column 1 on"),
    "rest after it": (b'{"schema": 3} rest', "text after the JSON, from line 1 column 15 on"),
    "list": (b"[1]", "ends after 3 characters, within the JSON"),
    "deep": (b'{"a":' * 100_000 + b"}" * 100_000, "JSON nested too deeply to be read"),
    "digits": (
        b'{"schema": ' + b"1" * 10_000 + b"}",
        "an integer of 10000 digits",
    ),
    "bytes": (b'{"\xff": 1}', "byte 2 is not UTF-8"),
    "empty object": (b"{}", "no field 'schema': this is no export"),
    "no digest": (b'{"schema": 3}', "digest: expected a string, got None"),
    "surrogate": (b'{"schema": 3, "digest": "", "a": "\\ud800"}', "text that is not Unicode, or nested too deeply"),
}


@pytest.mark.parametrize(("content", "message"), TEXTS.values(), ids=TEXTS)
def test_a_file_that_is_no_export(tmp_path, content, message):
    """Whatever the bytes are, one line."""
    path = tmp_path / "export.json"
    path.write_bytes(content)
    if content == b"[1]":
        message = "expected a JSON object, got list"
    assert str(refusal(path)) == f"{path}: {message}; {ELSEWHERE}"


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_are_refused(tmp_path_factory, content):
    """No traceback from any file."""
    path = tmp_path_factory.mktemp("bytes") / "export.json"
    path.write_bytes(content)
    refusal(path)


@pytest.mark.parametrize("schema", [1, True, float(SCHEMA), str(SCHEMA), None])
def test_another_schema(tmp_path, schema):
    """It says which, and who reads it; a number that is only equal to ours is another one."""
    error = refusal(write(tmp_path / "e.json", {**document(), "schema": schema}))
    reads = f"schema {schema!r}, and this pybridge reads {SCHEMA}; use the pybridge that wrote it, or {ELSEWHERE}"
    assert str(error).endswith(reads)


def test_an_edited_export(tmp_path):
    """Any changed value that is not sealed again."""
    text = raw(document()).replace("as Lean prints it", "as somebody else prints it", 1)
    path = tmp_path / "export.json"
    path.write_text(text, encoding="utf-8")
    error = refusal(path)
    assert isinstance(error, errors.ExportEdited)
    said = r"edited after it was written: its digest is sha256:\w{12}…, it records sha256:\w{12}…; restore the file, or "
    expected = re.escape(f"{path}: ") + said + re.escape(ELSEWHERE)
    assert re.fullmatch(expected, str(error))


def change(path, value):
    """A change of the document at a path."""

    def apply(content):
        *way, last = path
        for step in way:
            content = content[step]
        if value is KeyError:
            del content[last]
        else:
            content[last] = value

    return apply


THEOREM = ("theorems", 0)
CHANGES = {
    "unknown field": (change(("extra",), 1), "{path}: extra: Extra inputs are not permitted; "),
    "unknown field within": (change((*THEOREM, "time"), 1), "{path}: theorems.0.time: Extra inputs are not permitted; "),
    "missing field": (change((*THEOREM, "line"), KeyError), "{path}: theorems.0.line: Field required; "),
    "wrong type": (change((*THEOREM, "line"), "3"), "{path}: theorems.0.line: Input should be a valid integer; "),
    "wrong sha": (
        change(("sources",), [{"file": "a", "sha256": "x"}]),
        "{path}: sources.0.sha256: String should match pattern '^[0-9a-f]{{64}}$'; ",
    ),
    "sources twice": (
        change(("sources",), [{"file": "a", "sha256": "0" * 64}] * 2),
        "{path}: sources: not sorted, or a file twice; ",
    ),
    "null for axioms": (
        change((*THEOREM, "axioms"), None),
        "{path}: theorems.0.axioms: Input should be a valid dictionary or instance of _Axioms; ",
    ),
    "an axiom left out": (
        change((*THEOREM, "axioms", "names"), []),
        "Test.total_stretch: axioms: none, and its proof uses propext; ",
    ),
    "an axiom too many": (
        change((*THEOREM, "axioms", "names"), ["Quot.sound", "propext"]),
        "Test.total_stretch: axioms: Quot.sound, propext, and its proof uses propext; ",
    ),
    "an axiom that all proofs together do not name": (
        change((*THEOREM, "axioms"), {"names": [], "complete": True}),
        "Test.total_stretch: axioms: none, and its proof uses propext; ",
    ),
    "another axiom": (
        change((*THEOREM, "axioms"), {"names": ["Lean.ofReduceBool"], "complete": True}),
        f"Test.total_stretch: rests on the axiom Lean.ofReduceBool, and only {', '.join(ALLOWED)} are allowed; ",
    ),
    "sorry": (change(("outside", 0), "sorryAx"), "Test.total_stretch: its proof contains `sorry`; "),
    "no record of a theorem": (change(("proofs", 3), KeyError), "proofs: no record of Test.total_stretch; "),
    "no record of a lemma": (
        change(("proofs", 2), KeyError),
        "proofs: Test.total_stretch uses Test.linear, of which there is no record; ",
    ),
    "a record twice": (change(("proofs", 2, "name"), "Test.total"), "proofs[2] Test.total: a second record of this name; "),
    "another file": (
        change(("proofs", 3, "file"), "lean/Other.lean"),
        "proofs: Test.total_stretch is in lean/Other.lean, and was exported from lean/Test.lean; ",
    ),
    "a place that is not there": (
        change(("proofs", 2, "outside"), [1, 3]),
        "proofs[2] Test.linear: outside: there is no constant 3, only 3 of them; ",
    ),
    "variable twice": (
        change((*THEOREM, "variables"), [{"name": "c", "kind": "scalar"}] * 2),
        "theorems[0] Test.total_stretch: the variable 'c' is declared twice; ",
    ),
    "index twice": (
        change((*THEOREM, "spaces"), [{"name": "ι", "nontrivial": False}]),
        "theorems[0] Test.total_stretch: an index type or space is declared twice; ",
    ),
    "kind": (
        change((*THEOREM, "variables", 0, "kind"), "matrix"),
        "theorems[0] Test.total_stretch: c: no kind is made by 'matrix'; ",
    ),
    "parameter": (
        change(("definitions", 0, "parameters", 0, "kind"), {"position": {"index": "ι"}}),
        "definitions[0] Test.total: the parameter 'y' is neither a scalar nor a vector; ",
    ),
    "definition twice": (
        lambda content: content["definitions"].append(content["definitions"][0]),
        "definitions[2] Test.total: a second definition of this name; ",
    ),
    "theorem twice": (
        lambda content: content["theorems"].append(content["theorems"][0]),
        "a second theorem of the name Test.total_stretch; ",
    ),
    "both": (change((*THEOREM, "name"), "Test.total"), "{path}: Test.total is a definition and a theorem; "),
}


@pytest.mark.parametrize(("apply", "message"), CHANGES.values(), ids=CHANGES)
def test_a_document_that_is_not_of_the_schema(tmp_path, apply, message):
    """Sealed or not, each is refused where it is wrong."""
    content = document()
    apply(content)
    path = write(tmp_path / "export.json", content)
    assert str(refusal(path)).startswith(message.format(path=path))


def test_a_space_that_is_not_zero(tmp_path):
    """Whether a statement assumes it of a space comes through, and no batch without dimensions is drawn for it."""
    content = document()
    change((*THEOREM, "spaces"), [{"name": "E", "nontrivial": True}])(content)
    theorem = load(write(tmp_path / "export.json", content)).theorems["Test.total_stretch"]
    assert (theorem.spaces, theorem.nontrivial) == (("E",), ("E",))
    drawn = [next(candidates) for candidates in slots(Plan(theorem, {}), ("zeros",))]
    assert drawn
    assert all(batch.sizes["E"] > 0 for batch in drawn)


def test_parse_gives_the_object(tmp_path):
    """What ``extract`` reads Lean's own output with."""
    assert parse('{"a": [1]}', tmp_path) == {"a": [1]}
