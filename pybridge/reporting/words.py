"""The export's own words: docstrings, which are Markdown, as HTML; any HTML in them is shown, not obeyed."""

from __future__ import annotations

from functools import lru_cache

from markdown_it import MarkdownIt


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).disable(["image", "link", "autolink"])


def html(docstring: str) -> str:
    """A docstring as paragraphs.

    Examples
    --------
    >>> print(html("**Equation (5)**: the squared norm of `v` < 1.").strip())
    <p><strong>Equation (5)</strong>: the squared norm of <code>v</code> &lt; 1.</p>
    """
    rendered: str = _markdown().render(docstring)
    return rendered
