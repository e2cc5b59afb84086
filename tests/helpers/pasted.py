"""Code that is printed for somebody to paste."""

from __future__ import annotations

import ast
from typing import Any


def pasted(code: str, **names: Any) -> Any:
    """Run it as an interpreter does that knows nothing but ``names``; the value of the last expression."""
    *before, last = ast.parse(code).body
    assert isinstance(last, ast.Expr)
    exec(compile(ast.Module(before, []), "<pasted>", "exec"), names)  # noqa: S102
    return eval(compile(ast.Expression(last.value), "<pasted>", "eval"), names)  # noqa: S307
