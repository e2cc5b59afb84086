"""The formats a kernel computes and stores in."""

from __future__ import annotations

from dataclasses import dataclass

from pybridge.algebras.formats import BFLOAT16, FLOAT16, FLOAT32, Format
from pybridge.errors import brief


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Arithmetic:
    """The format a kernel computes in, and the one it stores its result in."""

    compute: Format
    storage: Format

    def __str__(self) -> str:
        stored = "" if self.compute is self.storage else f", stored as {self.storage.name}"
        return f"{self.compute.name}{stored}"

    def __repr__(self) -> str:
        return brief(self, str(self))


def default_compute(storage: Format) -> Format:
    """The format a kernel computes in where nobody says: its own, and float32 for float16 and bfloat16."""
    return FLOAT32 if storage in (FLOAT16, BFLOAT16) else storage
