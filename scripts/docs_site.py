"""What the documentation site has besides docs/*.md: pages made of the export and the sources, formulas, a check of links.

MkDocs calls the ``on_...`` functions (``hooks`` in mkdocs.yml). Formulas become MathML here, by the same library as the
report's, so that a page needs no script for them: blocks fenced with ``math`` and inline ones between ``$` `` and `` `$`` are
LaTeX, which GitHub shows, too.
"""

from __future__ import annotations

import html
import logging
import os
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pybridge
from pybridge import ir
from pybridge.cli.tables import sentence
from pybridge.export.loading import Export, load
from pybridge.export.versions import written_by
from pybridge.reporting.formulas import cut, formula, mathml

ROOT = Path(__file__).resolve().parents[1]
LEAN = ROOT / "lean"
log = logging.getLogger("mkdocs.hooks.docs_site")
_FENCED = re.compile(r"^```(\S*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"\$`([^`]+)`\$")
_STATED = re.compile(r"^<!-- formula of \((\S+)\): .*?^<!-- end -->$", re.MULTILINE | re.DOTALL)
_MAP = re.compile(r"(?<=\n)<!-- map: .*?<!-- end -->", re.DOTALL)
_REPOSITORY = re.compile(r"\]\(docs/")
_LEAN = re.compile(r"\]\(\.\./(lean/[\w/]+)\.lean(?:#L(\d+))?\)")
_NAMED = re.compile(r"<code>((?:\w+\.)*\w+)</code>")
_HEADING = re.compile(r"(<h[1-6][^>]*>.*?</h[1-6]>|<a [^>]*>.*?</a>|<pre.*?</pre>)", re.DOTALL)
_PRE = re.compile(r"(<pre.*?</pre>)", re.DOTALL)
_CODE = re.compile(r"<code>([^<\s]{12,})</code>")
_JOINT = re.compile(r"(?<=_)(?=\w)|(?<=[a-z]\.)(?=[A-Za-z])")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_INSIDE = re.compile(r"(?<=<code>)[^<]+(?=</code>)")
_OPTION = re.compile(r"(?<![\w-])--?[a-z][\w-]*")
_ROW = re.compile(r"^\|.*$", re.MULTILINE)
_TICKED = re.compile(r"`[^`\n]+`")
_ISSUE = re.compile(r"(?<=<td>)([\w.-]+/)([\w.-]+)(?=#\d+</td>)")


@lru_cache(maxsize=1)
def export() -> Export:
    """The export, compared with the sources beside it."""
    return load()


# Before the pages are read.


def on_config(config: Any) -> Any:
    """Give the changelog its place where there is one."""
    if (ROOT / "CHANGELOG.md").exists():
        (project,) = (section["The project"] for section in config.nav if "The project" in section)
        project.insert(-1, {"Changelog": "changelog.md"})
    return config


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that are made."""
    from mkdocs.structure.files import File

    for name, text in made().items():
        files.append(File.generated(config, name, content=text))
    return files


def made() -> dict[str, str]:
    """The pages made of the export, of the package and of the Lean sources, by their names."""
    pages = {"theorems.md": theorems(), "api.md": api()}
    pages["contributing.md"] = _REPOSITORY.sub(r"](", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    pages |= {f"lean/{name}.md": source(name) for name in lean_files()}
    if (changes := ROOT / "CHANGELOG.md").exists():
        pages["changelog.md"] = changes.read_text(encoding="utf-8")
    return pages


def lean_files() -> list[str]:
    """The exported Lean files, by their path in ``lean`` without its ending."""
    return [one.file.removeprefix("lean/").removesuffix(".lean") for one in export().sources if one.file.endswith(".lean")]


def source(name: str) -> str:
    """A page with a Lean file and the numbers of its lines."""
    text = (LEAN / f"{name}.lean").read_text(encoding="utf-8")
    return f'---\nsearch:\n  exclude: true\n---\n# lean/{name}.lean\n\n```lean4 linenums="1"\n{text.rstrip()}\n```\n'


def place(declaration: ir.Theorem | ir.Definition) -> str:
    """A link to where a declaration stands."""
    page = declaration.file.removesuffix(".lean") + ".md"
    return f"[`{declaration.file}:{declaration.line}`]({page}#L-0-{declaration.line})"


def theorems() -> str:
    """All theorems and definitions: a table, then each with its formula, its words and its Lean statement."""
    found = export()
    rows = [
        f"| ({one.equation}) | [`{one.name}`](#{one.name}) | {sentence(one.docstring).replace('|', chr(92) + '|')} |"
        for one in found.theorems.values()
    ]
    parts = [
        "# Equations and theorems",
        (
            f"Exported by {written_by(found)}, with mathlib {found.mathlib.revision[:12]}: {len(found.theorems)} "
            f"theorems and {len(found.definitions)} definitions. The formulas are written by `pybridge` from the exported "
            "terms; `pybridge check NAME` tries to refute a statement, `pybridge show NAME` says which hypotheses it needs."
        ),
        "| equation | theorem | it says |\n|---|---|---|\n" + "\n".join(rows),
        "## Definitions",
        *(_entry(one, "") for one in found.definitions.values()),
    ]
    for equation in dict.fromkeys(one.equation for one in found.theorems.values()):
        parts.append(f"## ({equation})")
        parts += [_entry(one, one.comment) for one in found.theorems.values() if one.equation == equation]
    return "\n\n".join(parts) + "\n"


def _entry(one: ir.Theorem | ir.Definition, comment: str) -> str:
    said = f"*{comment}*\n\n" if comment else ""
    lean = "\n".join(f"    {line}" for line in f"```lean4\n{one.statement}\n```".splitlines())
    head = f"### `{one.name}` {{ #{one.name} }}"
    return "\n\n".join((head, f"{said}{one.docstring}", block(one), place(one), '??? note "In Lean"', lean))


def block(thing: ir.Theorem | ir.Definition) -> str:
    """A formula of the export, in parts between which a narrow page may break the line."""
    found = formula(thing)
    return _parts(found.parts, cut(found.latex))


def api() -> str:
    """The public names of the package, each with its docstring."""
    homes = {name: home for home, names in pybridge._HOMES.items() for name in names}
    modules = [name for name in pybridge.__all__ if name not in homes]
    parts = [
        "# API reference",
        "What `import pybridge` gives, and the modules that it gives; everything else may change.",
        "## pybridge",
    ]
    parts += [f"::: {homes[name]}.{name}" for name in pybridge.__all__ if name in homes]
    for name in modules:
        module = getattr(pybridge, name)
        parts += [f"## pybridge.{name}", (module.__doc__ or "").strip()]
        parts += [f"::: {_home(module, one)}.{one}" for one in module.__all__]
    return "\n\n".join(parts) + "\n"


def _home(module: Any, name: str) -> str:
    """Where a name that a module hands on is defined."""
    home = getattr(getattr(module, name), "__module__", None)
    return home if isinstance(home, str) and home.startswith("pybridge") else module.__name__


# A page on its way.


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Put MathML in place of formulas and of statements, and the site's pages in place of files of the repository."""
    if page.file.src_uri.startswith("lean/"):
        return markdown
    if page.file.src_uri == "equations.md":  # whose table is wide
        page.meta["hide"] = ["toc"]
    markdown = _MAP.sub("[Equations and theorems](theorems.md) has it, and each theorem with its formula.", markdown)
    markdown = _LEAN.sub(lambda found: f"]({found[1]}.md{f'#L-0-{found[2]}' if found[2] else ''})", markdown)
    markdown = markdown.replace("](../CONTRIBUTING.md)", "](contributing.md)")
    markdown = _STATED.sub(lambda found: block(_stated(found[1])), markdown)
    parts, begin = [], 0
    for found in _FENCED.finditer(markdown):
        parts += [_between(markdown[begin : found.start()]), _display(found[2]) if found[1] == "math" else found[0]]
        begin = found.end()
    return "".join([*parts, _between(markdown[begin:])])


def _between(markdown: str) -> str:
    """Running text: formulas within a line, and in tables the bars of code, which GitHub wants escaped and MkDocs shows so."""
    markdown = _ROW.sub(lambda row: _TICKED.sub(lambda code: code[0].replace("\\|", "|"), row[0]), markdown)
    return _INLINE.sub(lambda found: mathml(found[1]), markdown)


def _display(written: str) -> str:
    written_parts = cut(_joined(written))
    return _parts([mathml(part, block=True) for part in written_parts], written_parts)


def _parts(drawn: Sequence[str], written: Sequence[str]) -> str:
    """Parts of a formula in a row that may break between them: what follows a relation close by, and all else apart."""
    opened = ("<span>" if k == 0 or part.startswith("{}") else '<span class="apart">' for k, part in enumerate(written))
    spans = " ".join(f"{tag}{one}</span>" for tag, one in zip(opened, drawn, strict=True))
    return f'<div class="formula">{spans}</div>'


def _joined(written: str) -> str:
    return " ".join(written.split())


def _stated(equation: str) -> ir.Theorem:
    return export().stated(f"({equation})")[0]


def on_page_content(content: str, page: Any, **_: Any) -> str:
    """Make a link of every name of a theorem or definition in running text, and let long names break at their joints."""
    if page.file.src_uri.startswith("lean/"):
        return content
    if page.file.src_uri.startswith(("theorems", "api")):
        return breakable(content)
    found = export()
    known = {**found.theorems, **found.definitions}
    up = "../" * page.file.src_uri.count("/")

    def link(named: re.Match[str]) -> str:
        return f'<a href="{up}theorems.html#{named[1]}">{named[0]}</a>' if named[1] in known else named[0]

    parts = _HEADING.split(content)
    parts[::2] = [_NAMED.sub(link, part) for part in parts[::2]]
    return breakable("".join(parts))


def breakable(content: str) -> str:
    """A page on which the names in running text and in tables may break: at an underscore or a dot, else before a capital.

    The name of a repository may break too, in a table. An option of a command may not, since a hyphen is no joint of it.
    """

    def broken(code: re.Match[str]) -> str:
        joints = _JOINT if _JOINT.search(code[1]) else _HUMP
        return f"<code>{joints.sub('<wbr>', code[1])}</code>"

    def whole(code: re.Match[str]) -> str:
        return _OPTION.sub(r'<span class="whole">\g<0></span>', code[0])

    parts = _PRE.split(content)
    parts[::2] = [_CODE.sub(broken, _INSIDE.sub(whole, _ISSUE.sub(r"\1<wbr>\2<wbr>", part))) for part in parts[::2]]
    return "".join(parts)


# When all is written.


class _Links(HTMLParser):
    """The ids of a page, what it refers to, and what it loads."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.refers: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value}
        self.ids.update(given[name] for name in ("id", "name") if name in given and (name == "id" or tag == "a"))
        if "href" in given:
            (self.loads if tag == "link" and given.get("rel") not in ("canonical", "prev", "next") else self.refers).append(
                given["href"]
            )
        if "src" in given:
            self.loads.append(given["src"])


def on_post_build(config: Any) -> None:
    """Follow every link of the site, and warn of those that lead nowhere; a strict build fails of it."""
    for problem in problems(Path(config.site_dir)):
        log.warning(problem)


def problems(site: Path) -> Iterator[str]:
    """Yield a line for each link within a site that leads nowhere, and for each file that a page would load from elsewhere."""
    pages = {file: _links(file) for file in sorted(site.rglob("*.html"))}
    for file, found in pages.items():
        name = file.relative_to(site).as_posix()
        if name == "404.html":  # its links are absolute: it is shown anywhere
            continue
        for target in found.loads:
            if urlsplit(target).scheme not in ("", "data") or target.startswith("//"):
                yield f"{name} loads {target}, from a network"
            elif not urlsplit(target).scheme and not _there(file, target).exists():
                yield f"{name} loads {target}, which is not there"
        for target in found.refers:
            parts = urlsplit(target)
            if parts.scheme or target.startswith("//"):
                continue
            there = _there(file, target) if parts.path else file
            if not there.exists():
                yield f"{name} links to {target}, which is not there"
            elif parts.fragment and there in pages and unquote(parts.fragment) not in pages[there].ids:
                yield f"{name} links to {target}: there is no such place in that page"


def _links(file: Path) -> _Links:
    parser = _Links()
    parser.feed(file.read_text(encoding="utf-8"))
    return parser


def _there(file: Path, target: str) -> Path:
    path = Path(os.path.normpath(file.parent / unquote(html.unescape(urlsplit(target).path))))
    return path / "index.html" if path.is_dir() else path
