"""The formats a kernel computes and stores in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pybridge.algebras.formats import BFLOAT16, FLOAT16, FLOAT32, Format
from pybridge.errors import brief


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Arithmetic:
    """The format a kernel computes in, the one it stores its result in, and that of its arrays where it is another."""

    compute: Format
    storage: Format
    arrays: Format | None = None

    @property
    def given(self) -> Format:
        """The format of the arrays."""
        return self.arrays or self.storage

    def __str__(self) -> str:
        stored = "" if self.compute is self.storage else f", stored as {self.storage.name}"
        arrays = "" if self.given is self.storage else f", of {self.given.name} arrays"
        return f"{self.compute.name}{stored}{arrays}"

    def computed_in(self, compute: Format) -> Arithmetic:
        """The same, computed in another format."""
        return replace(self, compute=compute)

    def __repr__(self) -> str:
        return brief(self, str(self))


def default_compute(storage: Format) -> Format:
    """The format a kernel computes in where nobody says: its own, and float32 for float16 and bfloat16."""
    return FLOAT32 if storage in (FLOAT16, BFLOAT16) else storage
