"""Names that the project declares, against those that the audit takes for mathlib's.

In: the texts that are scanned.  Out: differences: a declaration that a text may mean where this audit reads mathlib's, and one
outside of the library that does not stand in the exporter's namespace, where no text of the library looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pybridge.audit.constants import CONSTANTS
from pybridge.audit.sections import Difference
from pybridge.surface.declarations import Declaration, declarations

OURS = "Bridge"
"""The namespace of what the library imports of the project beside itself."""
TYPES = {
    *("EuclideanSpace", "PiLp", "Set", "nhds", "NNReal", "Real", "Nat", "Finset.univ", "Set.univ", "Fintype", "DecidableEq"),
    *("Nonempty", "Nontrivial", "NormedAddCommGroup", "InnerProductSpace", "CompleteSpace"),
}
"""Names that are read beside those of the table of constants."""
MATHLIB = TYPES | {name for name in CONSTANTS if not name.startswith(".")}
OUTSIDE = ("Challenge.lean", "Solution.lean")


def shadows(texts: Mapping[str, str], library: frozenset[str]) -> Iterator[Difference]:
    """The declarations of these texts that stand in the way of a name.

    Raises
    ------
    SurfaceError
        A text cannot be taken apart.
    """
    every = [one for file, text in texts.items() for one in declarations(text, file)]
    opened = {space.namespace for one in every for space in one.scope.opened} | {""}
    for one in every:
        place = f"{one.file}:{one.line}"
        if (name := shadowed(one.name, opened)) is not None:
            yield Difference(place, "name", one.name, "", f"may be meant where {name} of mathlib is read")
        if one.file not in library and one.file not in OUTSIDE:
            if not one.name.startswith(f"{OURS}."):
                yield Difference(place, "name", one.name, "", f"outside of the library, and not in the namespace {OURS}")
        elif _looks_there(one):
            yield Difference(place, "namespace", one.name, "", f"stands where {OURS} is open")


def shadowed(name: str, opened: set[str]) -> str | None:
    """The name of mathlib that ``name``, or an end of it, may be read for where these namespaces are open."""
    for one in sorted(MATHLIB):
        short = {one.removeprefix(f"{space}.") for space in opened}
        if any(name == said or name.endswith(f".{said}") for said in short):
            return one
    return None


def _looks_there(one: Declaration) -> bool:
    spaces = {one.scope.namespace, *(space.namespace for space in one.scope.opened)}
    return any(space == OURS or space.startswith(f"{OURS}.") for space in spaces)
