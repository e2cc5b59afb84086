"""Recorded batches: what went through the layers of a real network, with where it came from.

Each ``data/batches/*.json`` describes the arrays of an ``.npz`` beside it, and declares which variable names it fills. The
arrays are float32; they are handed on as the exact dyadic rationals that they are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from flint import fmpq

from pybridge.errors import InputError

FOLDER = Path(__file__).resolve().parents[1] / "data" / "batches"


@dataclass(frozen=True, slots=True, repr=False)
class Record:
    """One recorded batch.

    Parameters
    ----------
    name
        Id, such as ``digits-bn1-s300-c3``: data set, layer, step, channel.
    size
        m, the number of entries of each vector.
    scalars, vectors
        The values by the variable name they fill.
    origin
        One line: which layer, step and channel of which network, on which data.
    layer, channel, step
        The same one by one: the layer's name in the network, and how often the weights had been changed before.
    """

    name: str
    size: int
    scalars: Mapping[str, fmpq]
    vectors: Mapping[str, tuple[fmpq, ...]]
    origin: str
    layer: str
    channel: int
    step: int

    def __repr__(self) -> str:
        return f"<Record {self.name}: m = {self.size}>"


def rational(value: float) -> fmpq:
    """Return the float as the dyadic rational it is."""
    return fmpq(*value.as_integer_ratio())


def descriptions() -> tuple[dict[str, Any], ...]:
    """What stands beside the arrays, one JSON document for each file of them: data, training, versions, digest, records."""
    return tuple(json.loads(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.json")))


def _read(description: Path) -> tuple[Record, ...]:
    document: dict[str, Any] = json.loads(description.read_text(encoding="utf-8"))
    arrays = description.parent / document["file"]
    if not arrays.is_file():
        raise InputError(f"recorded batches {arrays.name}: missing beside {description.name}", hint="reinstall pybridge")
    if hashlib.sha256(arrays.read_bytes()).hexdigest() != document["sha256"]:
        raise InputError(
            f"recorded batches {arrays.name}: sha256 differs from the one in {description.name}",
            hint=f"restore the file, or record anew: `{document['command']}`",
        )
    with np.load(arrays, allow_pickle=False) as stored:
        return tuple(_record(document, entry, stored) for entry in document["records"])


def _record(document: Mapping[str, Any], entry: Mapping[str, Any], stored: Mapping[str, Any]) -> Record:
    fills = [(name, entry[name]) for name in document["fills"]]
    vectors = {name: tuple(map(rational, stored[key].tolist())) for name, key in fills if isinstance(key, str)}
    scalars = {name: rational(value) for name, value in fills if not isinstance(value, str)}
    sizes = {len(vector) for vector in vectors.values()}
    if sizes != {entry["m"]}:
        raise InputError(f"recorded batch {entry['id']}: sizes {sorted(sizes)} instead of m = {entry['m']}")
    origin = (
        f"{entry['kind']} {entry['layer']}, channel {entry['channel']}, training step {entry['step']}, "
        f"{document['data']['name']}"
    )
    return Record(entry["id"], entry["m"], scalars, vectors, origin, entry["layer"], entry["channel"], entry["step"])


@lru_cache(maxsize=1)
def records() -> tuple[Record, ...]:
    """Return every recorded batch of the package, in the order of the files and of the records in them.

    Raises
    ------
    InputError
        Where an array file is missing, is not the one described, or does not fit its description, or there is none at all.
    """
    found = tuple(record for description in sorted(FOLDER.glob("*.json")) for record in _read(description))
    if not found:
        raise InputError(f"no recorded batches in {FOLDER}", hint="reinstall pybridge")
    return found
