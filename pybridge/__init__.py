"""A bridge from Lean to Python: proved statements about batch normalization, evaluated and tried on concrete batches.

The names below are imported when they are first asked for, so that ``import pybridge`` costs next to nothing; so are the
modules ``pybridge.testing`` and ``pybridge.strategies``.  (PYTEST_DONT_REWRITE: pytest imports this, for its plugin.)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pybridge import strategies, testing
    from pybridge.checking.check import check
    from pybridge.checking.verdict import Agrees, Refuted, TheoremReport, Undecided, Vacuous
    from pybridge.errors import ExportError, InputError, MissingToolError, PybridgeError, UnknownNameError
    from pybridge.evaluation.evaluate import evaluate
    from pybridge.evaluation.results import Evaluation
    from pybridge.export.loading import Export, load
    from pybridge.formulas.compare import Different, Equal, NotDecided, compare_sympy
    from pybridge.formulas.to_sympy import Formula, to_sympy
    from pybridge.kernels.generated import compile  # noqa: A004
    from pybridge.kernels.oracle import oracle

__version__ = "0.2.0"

__all__ = [
    "Agrees",
    "Different",
    "Equal",
    "Evaluation",
    "Export",
    "ExportError",
    "Formula",
    "InputError",
    "MissingToolError",
    "NotDecided",
    "PybridgeError",
    "Refuted",
    "TheoremReport",
    "Undecided",
    "UnknownNameError",
    "Vacuous",
    "check",
    "compare_sympy",
    "compile",
    "evaluate",
    "load",
    "oracle",
    "strategies",
    "testing",
    "to_sympy",
]

_HOMES = {
    "pybridge.checking.check": ("check",),
    "pybridge.checking.verdict": ("Agrees", "Refuted", "TheoremReport", "Undecided", "Vacuous"),
    "pybridge.errors": ("ExportError", "InputError", "MissingToolError", "PybridgeError", "UnknownNameError"),
    "pybridge.evaluation.evaluate": ("evaluate",),
    "pybridge.evaluation.results": ("Evaluation",),
    "pybridge.export.loading": ("Export", "load"),
    "pybridge.formulas.compare": ("Different", "Equal", "NotDecided", "compare_sympy"),
    "pybridge.formulas.to_sympy": ("Formula", "to_sympy"),
    "pybridge.kernels.generated": ("compile",),
    "pybridge.kernels.oracle": ("oracle",),
}
_MODULES = ("strategies", "testing")


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return importlib.import_module(f"pybridge.{name}")
    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
