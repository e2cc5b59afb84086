"""Make the notebook examples/batchnorm.ipynb of examples/batchnorm.py, and run it.

``python scripts/notebook.py`` writes it with what its cells print and draw; ``--check`` writes nothing, runs it, and exits 1
where its cells are not those of the script, or one fails. The same script makes the same cells, with the same ids.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "examples"
SOURCE, NOTEBOOK = FOLDER / "batchnorm.py", FOLDER / "batchnorm.ipynb"
_MARK = re.compile(r"^# %%( \[markdown\])?\n", re.MULTILINE)


def cells(script: str) -> list[tuple[str, str]]:
    r"""The cells of a script in percent format: ``markdown`` or ``code``, and the text.

    Examples
    --------
    >>> cells("# %% [markdown]\n# A *word*.\n\n# %%\nprint(1)\n")
    [('markdown', 'A *word*.'), ('code', 'print(1)')]
    """
    before, *parts = _MARK.split(script)
    if before.strip():
        raise ValueError("the script does not begin with a cell")
    found = []
    for words, text in zip(parts[::2], parts[1::2], strict=True):
        if words:
            found.append(("markdown", "\n".join(re.sub(r"^# ?", "", line) for line in text.strip().splitlines())))
        else:
            found.append(("code", text.strip()))
    return found


def notebook(script: str) -> Any:
    """The notebook, not run yet."""
    from nbformat import v4

    made = v4.new_notebook()
    made.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    for number, (kind, text) in enumerate(cells(script)):
        new = v4.new_markdown_cell if kind == "markdown" else v4.new_code_cell
        made.cells.append(new(text, id=f"cell-{number}"))
    return made


def executed(made: Any) -> Any:
    """The notebook with what its cells give; when they were run is not kept.

    Raises
    ------
    CellExecutionError
        A cell fails.
    """
    from nbclient import NotebookClient

    NotebookClient(
        made,
        timeout=300,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(FOLDER)}},
    ).execute()
    for cell in made.cells:
        cell.metadata = {}
    made.metadata["language_info"] = {"name": "python"}
    return made


def main() -> None:
    """Write or check."""
    import nbformat

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    arguments = parser.parse_args()
    made = notebook(SOURCE.read_text(encoding="utf-8"))
    wanted = [(cell.cell_type, cell.source) for cell in made.cells]
    executed(made)
    if arguments.check:
        kept = nbformat.read(NOTEBOOK, as_version=4)
        same = [(cell.cell_type, cell.source) for cell in kept.cells] == wanted
        print(f"{NOTEBOOK.name}: {'its cells are those of' if same else 'NOT the cells of'} {SOURCE.name}, and run")
        raise SystemExit(0 if same else 1)
    nbformat.write(made, NOTEBOOK)
    print(f"{NOTEBOOK}: {len(made.cells)} cells")


if __name__ == "__main__":
    main()
