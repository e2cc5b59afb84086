"""A bridge from Lean to Python: proved statements about batch normalization, evaluated and tried on concrete batches.

The names below are imported when they are first asked for, so that ``import pybridge`` costs next to nothing; so are the
modules ``pybridge.testing`` and ``pybridge.strategies``.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pybridge import strategies, testing
    from pybridge.errors import ExportError, InputError, MissingToolError, PybridgeError, UnknownNameError
    from pybridge.export.loading import Export, load
    from pybridge.kernels.oracle import oracle

__all__ = [
    "Export",
    "ExportError",
    "InputError",
    "MissingToolError",
    "PybridgeError",
    "UnknownNameError",
    "load",
    "oracle",
    "strategies",
    "testing",
]

_HOMES = {
    "Export": "pybridge.export.loading",
    "ExportError": "pybridge.errors",
    "InputError": "pybridge.errors",
    "MissingToolError": "pybridge.errors",
    "PybridgeError": "pybridge.errors",
    "UnknownNameError": "pybridge.errors",
    "load": "pybridge.export.loading",
    "oracle": "pybridge.kernels.oracle",
}
_MODULES = ("strategies", "testing")


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return importlib.import_module(f"pybridge.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
