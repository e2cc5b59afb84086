"""What generated code refuses: arguments of which the statements say nothing, definitions without code, missing tools."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from code_targets import NUMPY, TARGETS, C
from documents import document, pair, recorded, var, write

import pybridge
from pybridge import ir
from pybridge.codegen import cc, native_runner
from pybridge.codegen.lower import lowered
from pybridge.codegen.values import NotCompiled
from pybridge.errors import InputError, MissingToolError, PybridgeError, UnknownNameError, install
from pybridge.export.loading import Export, load

Y = np.array([1.0, 2.0, 4.0])
GOOD = {"gamma": 2.0, "eps": 0.0, "y": Y, "g": Y[::-1].copy()}
BAD = {
    "nan": ({"y": np.array([1.0, np.nan, 2.0])}, "BatchNorm.backward: y[1] is nan; give finite numbers"),
    "inf": ({"g": np.array([1.0, np.inf, 2.0])}, "BatchNorm.backward: g[1] is inf; give finite numbers"),
    "nan eps": ({"eps": float("nan")}, "BatchNorm.backward: ε is nan; give finite numbers"),
    "inf gamma": ({"gamma": float("inf")}, "BatchNorm.backward: γ is inf; give finite numbers"),
    "shapes": ({"g": np.array([1.0, 2.0])}, "BatchNorm.backward: shapes do not fit together: y (3,), g (2,)"),
    "empty": ({"y": np.empty(0), "g": np.empty(0)}, "m = 0"),
    "constant": ({"y": np.full(3, 0.1)}, "BatchNorm.backward: a division by 0: a batch with variance + ε ≤ 0?"),
    "negative": ({"eps": -100.0}, "BatchNorm.backward: a division by 0: a batch with variance + ε ≤ 0?"),
    "overflow": ({"y": np.array([1e200, -1e200, 3e200])}, "BatchNorm.backward: an overflow, computed in float64"),
    "missing": ({"y": None}, "y is None"),
}


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("case", BAD)
def test_bad_batches(case: str, target: str) -> None:
    """One line each, the oracle's; the good batch passes."""
    wrong, said = BAD[case]
    function = pybridge.compile("backward", target=target)
    assert np.isfinite(function(**GOOD)).all()
    with pytest.raises(InputError) as refused:
        function(**{**GOOD, **wrong})
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    with pytest.raises(InputError) as same:
        pybridge.oracle("backward")(**{**GOOD, **wrong})
    assert str(same.value) == str(refused.value)


@pytest.mark.parametrize("target", TARGETS)
def test_the_place_of_what_is_wrong(target: str) -> None:
    """A constant channel among many, in both ways to walk arrays; a constant one is taken where ε is positive."""
    y = np.random.default_rng(0).normal(size=(6, 70)).astype(np.float32)
    y[:, 66] = 0.1
    for axis, array in ((0, y), (1, y.T.copy())):
        function = pybridge.compile("backward", target=target, axis=axis)
        with pytest.raises(InputError, match=r"a division by 0 at \(66,\)"):
            function(1, 0, array, array)
        with pytest.raises(InputError, match=r"a division by 0 at \(66,\)"):
            pybridge.oracle("backward", axis=axis)(1, 0, array, array)
        assert np.isfinite(function(1, 1e-5, array, array)).all()


@pytest.mark.parametrize("target", [NUMPY, C])
def test_vectors_that_no_sum_is_of(target: str) -> None:
    """RMSNorm's γ is summed up nowhere, and yet looked at; so is a result that only float32 cannot hold."""
    function = pybridge.compile("RMSNorm.forward", target=target, dtype="float32")
    for bad in (np.nan, np.inf, -np.inf):
        with pytest.raises(InputError, match=r"RMSNorm.forward: γ\[1\] is"):
            function(np.array([1.0, bad, 2.0]), 1e-5, Y)
    with pytest.raises(InputError, match=r"RMSNorm.forward: an overflow, computed in float64 for a result in float32"):
        function(np.array([1e30, 1e39, 1.0]), 1e-5, Y)
    with pytest.raises(InputError, match=r"BatchNorm.variance: an overflow, computed in float64 for a result in float32"):
        pybridge.compile("variance", target=target, dtype="float32")(1e25 * Y)


@pytest.mark.parametrize("target", TARGETS)
def test_unchecked(target: str) -> None:
    """Without the checks floating point says what it says; wrong names and shapes are refused still."""
    function = pybridge.compile("backward", target=target, checked=False)
    np.testing.assert_allclose(function(**GOOD), pybridge.compile("backward", target=target)(**GOOD), rtol=1e-14)
    assert not np.isfinite(function(**{**GOOD, "y": np.array([1.0, np.nan, 2.0])})).any()
    assert not np.isfinite(function(**{**GOOD, "y": np.full(3, 0.5)})).any()
    with pytest.raises(InputError, match="has no argument 'x'"):
        function(x=Y)
    with pytest.raises(InputError, match="shapes do not fit together"):
        function(1, 0, Y, Y[:2])


def test_wrong_calls() -> None:
    """Names, targets, axes and types that there are not."""
    with pytest.raises(UnknownNameError, match=r"no definition is called 'bakward'; did you mean"):
        pybridge.compile("bakward")
    for target in ("fortran", None, 3):
        with pytest.raises(UnknownNameError, match=r"no target is called '.*'; there are numpy, numba, c"):
            pybridge.compile("backward", target=target)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="names one twice"):
        pybridge.compile("backward", axis=(0, 0))
    with pytest.raises(InputError, match="axis is None"):
        pybridge.compile("backward", axis=None)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="there is no generated code for float16; pass dtype float32 or float64"):
        pybridge.compile("backward", dtype=np.float16)
    with pytest.raises(InputError, match="there is no generated code for float16; pass dtype float32 or float64"):
        pybridge.compile("mean")(Y.astype(np.float16))
    with pytest.raises(InputError, match=r"BatchNorm.mean takes 1 arguments \(y\), got 2"):
        pybridge.compile("mean")(Y, Y)


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Export:
    """An export whose definitions have a sum within a sum, a quotient of entries, a constant."""
    content = document()
    first = content["definitions"][0]
    at = [{"component": {"vector": var("y"), "position": name}} for name in "ij"]
    inner = {"sum": {"variable": "j", "index": "ι", "body": pair("mul", at[0], {"abs": {"arg": pair("sub", *at)}})}}
    double = {"scalar": {"term": {"sum": {"variable": "i", "index": "ι", "body": inner}}}}
    quotient = {"sum": {"variable": "i", "index": "ι", "body": pair("div", {"nat": {"value": 1}}, at[0])}}
    constant = {"scalar": {"term": {"card": {"index": "ι"}}}}
    bodies = {"double": double, "quotient": {"scalar": {"term": quotient}}}
    for name, body in bodies.items():
        content["definitions"].append({**first, "name": f"Test.{name}", "body": body})
    content["definitions"].append({**first, "name": "Test.size", "parameters": [], "body": constant})
    content["theorems"] = []
    return load(write(tmp_path_factory.mktemp("odd") / "export.json", recorded(content)))


NO_CODE = {
    "double": "Test.double: numbers for each pair of entries (a sum within a sum) are not compiled",
    "quotient": "Test.quotient: a division by each entry of a vector is not compiled",
    "size": "Test.size: there is no vector argument, so the size is not known; see `pybridge show`",
}


@pytest.mark.parametrize("name", NO_CODE)
def test_definitions_without_code(odd: Export, name: str) -> None:
    """Refused by what they have that is not compiled."""
    with pytest.raises(NotCompiled) as refused:
        pybridge.compile(name, export=odd)
    assert str(refused.value).startswith(NO_CODE[name])


def test_what_no_export_holds(export: Export) -> None:
    """A loss, a family, a vector with channels are refused by the parameter; a projection by the operation."""
    mean = export.definition("mean")
    space = ir.Euclidean("ι")
    kinds = {
        "f is a loss, which is not compiled": ir.LossKind(space),
        "f is a family of vectors, which is not compiled": ir.FamilyKind("ι", space),
        "f is an operator, which is not compiled": ir.OperatorKind(space, space),
        "f has channels, which is not compiled": ir.VectorKind(ir.ChannelSpace("ι", "ι")),
        "vectors over several index types are not compiled": ir.VectorKind(ir.Euclidean("κ")),
    }
    for said, kind in kinds.items():
        with pytest.raises(NotCompiled, match=said):
            lowered(replace(mean, parameters=(*mean.parameters, ir.Variable("f", kind))), export.definitions)
    y = ir.VVar("y")
    with pytest.raises(NotCompiled, match=r"BatchNorm\.mean: the operation 'project' is not compiled"):
        lowered(replace(mean, body=ir.Norm(ir.Project((y,), y))), export.definitions)
    with pytest.raises(NotCompiled, match=r"BatchNorm\.mean: one entry of a vector is not compiled"):
        lowered(replace(mean, body=ir.Component(y, "i")), export.definitions)


def test_the_oracle_evaluates_what_no_code_is_written_for(odd: Export) -> None:
    """Operation by operation, with the same refusals."""
    assert pybridge.oracle("double", export=odd)(Y) == sum(a * abs(a - b) for a in Y for b in Y)
    assert pybridge.oracle("quotient", export=odd)(Y) == 1.75
    with pytest.raises(InputError, match="a division by 0"):
        pybridge.oracle("quotient", export=odd)([1.0, 0.0])
    with pytest.raises(InputError, match=r"Test.quotient: y\[1\] is nan"):
        pybridge.oracle("quotient", export=odd)([1.0, np.nan])


def test_without_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line that says what to install; the source is there all the same, by another target's function."""
    monkeypatch.setattr(native_runner, "find_spec", lambda name: None if name == "numba" else object())
    with pytest.raises(MissingToolError) as refused:
        pybridge.compile("mean", target="numba")
    assert str(refused.value) == f"numba is not installed; `{install('numba')}`"


def test_without_a_c_compiler(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """None on the PATH, or none of the name that CC says."""
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingToolError, match="there is no C compiler 'cc' on the PATH; install a C compiler"):
        pybridge.compile("mean", target="c")
    monkeypatch.setenv("CC", "no-such-compiler -O1")
    with pytest.raises(MissingToolError, match="there is no C compiler 'no-such-compiler'"):
        pybridge.compile("mean", target="c")


def test_a_compiler_that_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What it says is in the line, and nothing is left in the folder."""
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho 'code.c:1: error: it is Monday' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("CC", str(broken))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(PybridgeError, match=r"does not compile the code: code\.c:1: error: it is Monday"):
        cc.load("int x;")
    assert list((tmp_path / "pybridge").iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="the permissions of POSIX")
def test_the_cache_folder_is_safe(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Made for its owner only; one that others may write to, or a link, is refused."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert stat.S_IMODE(cc.cache_folder().stat().st_mode) == 0o700
    cc.cache_folder().chmod(0o777)
    with pytest.raises(PybridgeError, match="is not safe for compiled code"):
        cc.cache_folder()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "pybridge").symlink_to(tmp_path / "cache")
    with pytest.raises(PybridgeError, match="is not safe for compiled code"):
        cc.cache_folder()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    (tmp_path / "file").write_text("")
    with pytest.raises(PybridgeError, match="cannot be used for compiled code"):
        cc.cache_folder()


@pytest.mark.parametrize("target", [C])
def test_a_library_is_compiled_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, target: str) -> None:
    """And loaded the next time, by whoever has the same compiler and processor."""
    assert target == "c"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cc.load("int pybridge_test(void) { return 7; }")
    (made,) = (tmp_path / "pybridge").iterdir()
    monkeypatch.setattr(cc.subprocess, "run", None)
    assert cc.load("int pybridge_test(void) { return 7; }").pybridge_test() == 7
    assert made.suffix == ".so"
