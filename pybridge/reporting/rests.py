"""What a theorem rests on: the definitions in its statement, and the theorems of the library that its proof names.

The export holds statements and no proofs.  What a proof names is read from the Lean source, where the export is known to be of
the sources beside it; elsewhere it is not known, and None says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pybridge import ir
from pybridge.export.loading import Export, Fresh
from pybridge.ir.traverse import subterms, terms

_DECLARED = re.compile(
    r"^namespace (?P<opened>\S+)|^end (?P<closed>\S+)"
    r"|^(?:@\[[^\]]*\]\s*)?(?:(?:protected|private) )*(?:theorem|lemma) (?P<name>\S+)",
    re.MULTILINE,
)
_COMMENT = re.compile(r"/-.*?-/|--[^\n]*", re.DOTALL)
_WORD = re.compile(r"[^\W\d][\w.'!?₀-₉]*")


@dataclass(frozen=True, slots=True)
class Rests:
    """What a theorem rests on.

    Parameters
    ----------
    definitions
        Full names of those that its statement calls, in the order of the export.
    theorems
        Full names of the library's theorems that its proof names, in the order of the proof; None where the Lean sources are
        not beside the export.
    """

    definitions: tuple[str, ...]
    theorems: tuple[str, ...] | None


def rests(theorem: ir.Theorem, export: Export) -> Rests:
    """What the theorem rests on, as far as it is seen here."""
    stated = (*(hypothesis.proposition for hypothesis in theorem.hypotheses), theorem.conclusion)
    called = {
        part.name
        for proposition in stated
        for term in terms(proposition)
        for part in subterms(term)
        if isinstance(part, ir.Call | ir.VCall)
    }
    root = export.freshness.root if isinstance(export.freshness, Fresh) else None
    named = None if root is None else tuple(_named(theorem, root))
    return Rests(tuple(name for name in export.definitions if name in called), named)


def _named(theorem: ir.Theorem, root: Path) -> Iterator[str]:
    library = _library(root, str(Path(theorem.file).parent))
    space = theorem.name.rpartition(".")[0]
    seen = {theorem.name}
    for word in _WORD.findall(_COMMENT.sub(" ", _declaration(root / theorem.file, theorem.line))):
        for full in (f"{space}.{word}", word, f"BatchNorm.{word}"):
            if full in library and full not in seen:
                seen.add(full)
                yield full
                break


def _declaration(file: Path, line: int) -> str:
    """The text from a line to the next one that is blank."""
    lines = file.read_text(encoding="utf-8").splitlines()[line - 1 :]
    return "\n".join(lines[: next((n for n, one in enumerate(lines) if not one.strip()), len(lines))])


@lru_cache(maxsize=4)
def _library(root: Path, folder: str) -> frozenset[str]:
    """The full names of all theorems in the files of a folder."""
    names: set[str] = set()
    for file in sorted((root / folder).glob("*.lean")):
        spaces: list[str] = []
        for found in _DECLARED.finditer(_COMMENT.sub(" ", file.read_text(encoding="utf-8"))):
            if found["opened"]:
                spaces.append(found["opened"])
            elif found["closed"]:
                if spaces and spaces[-1] == found["closed"]:
                    spaces.pop()
            else:
                names.add(".".join([*spaces, found["name"]]))
    return frozenset(names)
