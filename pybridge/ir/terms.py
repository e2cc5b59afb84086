"""The two sorts of terms together."""

from __future__ import annotations

from typing import TypeAlias

from pybridge.ir.scalars import Scalar
from pybridge.ir.vectors import Vector

__all__ = ["Scalar", "Term", "Vector"]

Term: TypeAlias = Scalar | Vector
