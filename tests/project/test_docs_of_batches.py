"""The Python examples of docs/batch.md and docs/sympy.md run in their order, and do what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize(("page", "count"), [("batch.md", 6), ("sympy.md", 4)])
def test_examples_run(page: str, count: int) -> None:
    """Block by block, in one namespace."""
    blocks = re.findall(r"^```python\n(.*?)^```", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len(blocks) == count
    names: dict[str, object] = {}
    for block in blocks:
        assert "assert" in block
        exec(compile(block, f"<docs/{page}>", "exec"), names)  # noqa: S102
