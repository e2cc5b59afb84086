"""A JSON node and its parts: the constructor, its fields, and the names, numbers and lists they hold.

In: plain JSON values (what ``json`` gives).  Out: the same, of the type their place asks for, or an ``ExportInvalid`` that
names the declaration and the path.  What a constructor means is for ``scope.py`` and ``decode_propositions.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from pybridge.errors import AGAIN, ExportInvalid

MAX_DEPTH = 100
"""Deepest nesting of one term; the library's own are below 20."""

_HINT = f"the export was not written by this pybridge's exporter: {AGAIN}"


@dataclass(frozen=True, slots=True)
class At:
    """Where in the export a node stands."""

    where: str
    depth: int = 0

    def step(self, field_name: str) -> At:
        """The node in field ``field_name`` of this one."""
        if self.depth >= MAX_DEPTH:
            self.refuse(f"a term nested deeper than {MAX_DEPTH} levels")
        return At(f"{self.where}.{field_name}", self.depth + 1)

    def refuse(self, problem: str) -> NoReturn:
        """Refuse the export because of what stands here."""
        where = self.where if len(self.where) <= 300 else f"{self.where[:140]} … {self.where[-140:]}"
        raise ExportInvalid(f"{where}: {problem}", hint=_HINT)


def open_node(node: object, at: At) -> tuple[str, Mapping[str, object]]:
    """The constructor of a node and its fields; a constructor without fields is a plain string."""
    if isinstance(node, str):
        return node, {}
    if not isinstance(node, dict) or len(node) != 1:
        at.refuse(f"expected an object with one key, the constructor, got {shown(node)}")
    ((name, fields),) = node.items()
    if not isinstance(name, str) or not isinstance(fields, dict):
        at.refuse(f"expected the fields of {name!r} in an object, got {shown(fields)}")
    return name, fields


def take_fields(name: str, fields: Mapping[str, object], expected: tuple[str, ...], at: At) -> tuple[object, ...]:
    """The fields of the constructor ``name``, which must be exactly those ``expected``, in that order."""
    if set(fields) != set(expected):
        at.refuse(f"{name!r} has the fields {listed(expected)}, got {listed(sorted(fields))}")
    return tuple(fields[key] for key in expected)


def text_of(value: object, at: At) -> str:
    """``value``, a name that is not empty."""
    if not isinstance(value, str) or not value:
        at.refuse(f"expected a name, got {shown(value)}")
    return value


def list_of(value: object, at: At) -> list[object]:
    """``value``, a list."""
    if not isinstance(value, list):
        at.refuse(f"expected a list, got {shown(value)}")
    return value


def natural_of(value: object, largest: int, at: At) -> int:
    """``value``, a natural number up to ``largest``."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= largest:
        at.refuse(f"expected a natural number up to {largest}, got {shown(value)}")
    return value


def listed(names: tuple[str, ...] | list[str]) -> str:
    """The first eight of ``names`` as a message has them."""
    return ", ".join(repr(name) for name in names[:8]) or "none"


def shown(value: object) -> str:
    """A JSON value as a message has it: short, whatever its size."""
    if isinstance(value, dict):
        return f"an object with the keys {listed([str(key) for key in list(value)[:8]])}"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    written = repr(value)
    return written if len(written) <= 60 else written[:59] + "…"
