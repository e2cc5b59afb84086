"""examples/: each file runs by itself, where the library it shows is installed; the notebook is made of its script."""

from __future__ import annotations

import importlib.util
import json
import re
import runpy
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
GALLERY = {
    "numpy_gradient": (None, r"gradient: \(64, 16\), float32; 3 sweeps"),
    "torch_layer": ("torch", r"384 numbers within the bound, and \(7ε\) holds of each of the 3 channels"),
    "jax_layer": ("jax", r"(?s)128 numbers within the bound.*`\+ ε` is missing"),
    "hypothesis_properties": ("hypothesis", "computes the definition on each"),
    "sweep_seeds": (None, r"\d+ tasks; fewest digits: 3\d\.\d"),
}


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The script that makes the notebook."""
    spec = importlib.util.spec_from_file_location("notebook_script", ROOT / "scripts" / "notebook.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("numpy_gradient"),
        pytest.param("torch_layer", marks=pytest.mark.torch),
        pytest.param("jax_layer", marks=pytest.mark.jax),
        pytest.param("hypothesis_properties"),
        pytest.param("sweep_seeds", marks=pytest.mark.slow),
    ],
)
def test_it_runs(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends without an error, and prints what it is about."""
    needs, printed = GALLERY[name]
    if needs is not None:
        pytest.importorskip(needs, reason=f"{needs} is not installed")
    runpy.run_path(str(EXAMPLES / f"{name}.py"), run_name="__main__")
    assert re.search(printed, capsys.readouterr().out)


def test_all_are_listed() -> None:
    """The page of the examples names every file, and every file that it names is there and tested."""
    page = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\]\(([\w.]+)\)", page))
    there = {file.name for file in EXAMPLES.iterdir() if file.suffix in (".py", ".ipynb")}
    assert named == there - {"kernels.py"}
    assert {f"{name}.py" for name in GALLERY} == there - {"kernels.py", "test_kernels.py", "batchnorm.py", "batchnorm.ipynb"}


def test_the_notebook_is_made_of_the_script(script: ModuleType) -> None:
    """Ten cells, those of the script; every code cell was run, in order, and none failed; three pictures at least."""
    kept = json.loads((EXAMPLES / "batchnorm.ipynb").read_text(encoding="utf-8"))["cells"]
    made = script.cells((EXAMPLES / "batchnorm.py").read_text(encoding="utf-8"))
    assert [(cell["cell_type"], "".join(cell["source"])) for cell in kept] == made
    assert len(made) == 10
    code = [cell for cell in kept if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    outputs = [output for cell in code for output in cell["outputs"]]
    assert {output["output_type"] for output in outputs} <= {"stream", "display_data"}
    assert sum("image/png" in output.get("data", {}) for output in outputs) >= 2
    said = "".join("".join(output.get("text", ())) for output in outputs)
    assert "refuted" not in said
    assert "IT COMPUTES ANOTHER FUNCTION" in said


@pytest.mark.notebook
def test_the_notebook_runs(script: ModuleType) -> None:
    """Every cell, in a kernel of its own."""
    for module in ("nbformat", "nbclient", "ipykernel", "matplotlib"):
        pytest.importorskip(module, reason=f"{module} (the extra pybridge-lean[notebook]) is not installed")
    ran = script.executed(script.notebook((EXAMPLES / "batchnorm.py").read_text(encoding="utf-8")))
    said = "".join(output.get("text", "") for cell in ran.cells for output in cell.get("outputs", ()))
    assert said.count("agrees on") >= 10
    assert "IT COMPUTES ANOTHER FUNCTION" in said
