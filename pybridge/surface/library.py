"""The declarations of a whole checkout, and what a name means at some place in it.

In: a folder with a ``lean`` folder in it, or texts by file name.  Out: a ``Library``: declarations by full name, and
``resolve``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pybridge.surface.declarations import Declaration, Scope, declarations
from pybridge.surface.headers import header
from pybridge.surface.tokens import SurfaceError

FOLDER = "lean"


@dataclass(frozen=True, slots=True)
class Library:
    """The declarations of a project's sources, by full name, and the sources by file name."""

    sources: Mapping[str, str]
    declarations: Mapping[str, Declaration]

    def resolve(self, name: str, scope: Scope) -> str | None:
        """The declaration of the project that a name means in this scope; None where it is none of them.

        As in Lean, the innermost namespace comes first, and the open ones last.
        """
        for candidate in candidates(name, scope):
            if candidate in self.declarations:
                return candidate
        return None

    def tagged(self, attribute: str) -> Iterator[Declaration]:
        """The declarations that carry an attribute."""
        return (one for one in self.declarations.values() if one.attribute(attribute) is not None)


def candidates(name: str, scope: Scope) -> list[str]:
    """The full names that a name may have in a scope, the innermost first."""
    if name.startswith("_root_."):
        return [name.removeprefix("_root_.")]
    parts = scope.namespace.split(".") if scope.namespace else []
    around = [".".join(parts[:n]) for n in range(len(parts), 0, -1)]
    found = [f"{one}.{name}" for one in around] + [name]
    for opened in scope.opened:
        if opened.names is None or name in opened.names:
            found += [f"{opened.namespace}.{name}", *(f"{one}.{opened.namespace}.{name}" for one in around)]
    return found


def imports(text: str) -> list[str]:
    r"""The modules that a file imports on lines that are plain; ``headers.py`` tells the others.

    Examples
    --------
    >>> imports("module\npublic import A.B\nimport all C\npublic meta import D\n-- import E")
    ['A.B', 'C', 'D']
    """
    return list(header(text).modules)


def place(module: str) -> str:
    """The file of a module of the project."""
    return f"{FOLDER}/{module.replace('.', '/')}.lean"


def read_library(root: Path, *, library: str = "BatchNorm") -> Library:
    """Read the sources of the library ``library`` of the checkout ``root``: ``lean/BatchNorm.lean`` and all below it.

    Raises
    ------
    SurfaceError
        There are none, or one of them cannot be taken apart.
    """
    home = root / FOLDER
    files = [home / f"{library}.lean", *sorted((home / library).rglob("*.lean"))]
    texts = {
        file.relative_to(root).as_posix(): file.read_text(encoding="utf-8").replace("\r\n", "\n")
        for file in files
        if file.is_file()
    }
    if not texts:
        raise SurfaceError(f"{home}: no sources of {library}", hint="run it in a checkout of the repository")
    return library_of(texts)


def library_of(texts: Mapping[str, str]) -> Library:
    """The library of these texts, by file name.

    Raises
    ------
    SurfaceError
        Two declarations that are not private have one name, or a text cannot be taken apart.
    """
    found: dict[str, Declaration] = {}
    for file, text in texts.items():
        for one in declarations(text, file):
            other = found.get(one.name)
            if other is not None and not (one.private or other.private):
                raise SurfaceError(f"{file}:{one.line}: {one.name} stands at {other.file}:{other.line} too")
            if other is None or not one.private:
                found[one.name] = one
    return Library(dict(texts), found)
