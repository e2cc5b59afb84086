"""Pieces of HTML: everything that comes from outside is escaped, and nothing is fetched."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

_STYLE = "text-align:left;vertical-align:top;padding:0 1em 0 0"


def escaped(text: str) -> str:
    """Text as HTML shows it."""
    return html.escape(text, quote=True)


def code(text: str) -> str:
    """Text as code."""
    return f"<code>{escaped(text)}</code>"


def prose(docstring: str) -> str:
    """A docstring: what stands in backticks as code, paragraphs as paragraphs."""
    paragraphs = [re.sub(r"`([^`]*)`", r"<code>\1</code>", escaped(one)) for one in docstring.strip().split("\n\n")]
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def formula(latex: str) -> str:
    """A formula on a line of its own, which the notebook typesets."""
    return f"<div>{escaped(f'$${latex}$$')}</div>"


def block(text: str) -> str:
    """Lines as they are."""
    return f"<pre>{escaped(text)}</pre>"


def folded(title: str, content: str) -> str:
    """Something to be opened."""
    return f"<details><summary>{escaped(title)}</summary>{content}</details>"


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; titles are text, cells HTML."""
    head = "".join(f'<th style="{_STYLE}">{escaped(title)}</th>' for title in titles)
    body = "".join(f"<tr>{''.join(f'<td style={chr(34)}{_STYLE}{chr(34)}>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def whole(*parts: str) -> str:
    """Pieces in one element."""
    return f'<div class="pybridge">{"".join(parts)}</div>'
