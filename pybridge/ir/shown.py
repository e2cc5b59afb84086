"""What a notebook asks of an object that it shows: LaTeX, HTML, and both at once.

How things are drawn is for the package ``display``, which knows all that is shown and so stands far above.  It is found by its
name when a notebook asks: the one place where something here looks up, so that a declaration stays data and nothing else.
"""

from __future__ import annotations

import importlib
from collections.abc import Collection


class Shown:
    """Something that a notebook shows as ``display`` draws it."""

    __slots__ = ()

    def _repr_latex_(self) -> str | None:
        return self._drawn("latex")

    def _repr_html_(self) -> str | None:
        return self._drawn("html")

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, str]:
        drawn = {"text/plain": repr(self), "text/latex": self._repr_latex_(), "text/html": self._repr_html_()}
        return {
            kind: text
            for kind, text in drawn.items()
            if text is not None and (include is None or kind in include) and kind not in (exclude or ())
        }

    def _drawn(self, kind: str) -> str | None:
        found: str | None = getattr(importlib.import_module("pybridge.display.draw"), kind)(self)
        return found
