"""The ``pybridge`` command: options, output and exit codes, and nothing else.

Exit codes: 0 all is well; 1 some verdict is not ``agrees``, a mutant is unexplained, a proof is missing, nothing ran, an input
is bad, or the output cannot be written; 2 the command is wrong (an unknown option, theorem or family, or a value that an option
does not take); 3 a tool is missing (no Lean); 4 the export is refused.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from pybridge.batches.generate import Batch, family_names
from pybridge.checking.check import check_each
from pybridge.checking.verdict import Refuted, TheoremReport, Undecided
from pybridge.cli import refutation, tables, tojson
from pybridge.cli.commands import mutate, prove
from pybridge.cli.declaration import card
from pybridge.cli.footer import not_done_here
from pybridge.cli.terminal import ExportOption, JsonOption, bar, items, say, stdout, write_json
from pybridge.errors import ExportError, OptionError, PybridgeError, UnknownNameError
from pybridge.export import extract as extraction
from pybridge.export.loading import Export, load
from pybridge.ir import Definition, Theorem

MANY = 8
"""So many theorems are worth the start of other processes."""

CANNOT_WRITE = (errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What a stream says that takes no more."""

app = typer.Typer(
    name="pybridge",
    help="Read the statements that Lean proved about BatchNorm's gradient, and try to refute them on batches.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

NamesArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[NAME]...", help="Theorems, with or without namespace; all by default.")
]


@app.command("list")
def list_(export: ExportOption = None) -> None:
    """List the proved theorems: equation, name, place in the sources, first line of the docstring."""
    theorems = tuple(load(export).theorems.values())
    if not theorems:
        raise PybridgeError("the export holds no theorem: nothing to list", hint="`pybridge extract` writes a fresh one")
    tables.show(tables.listing(theorems), stdout())


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A theorem or definition, with or without namespace.")],
    export: ExportOption = None,
) -> None:
    """Show one theorem or definition: docstring, Lean statement, LaTeX, which hypotheses it needs, where it stands."""
    document = load(export)
    declaration = _declaration(document, name)
    for line in card(declaration, document):
        print(line)  # noqa: T201


@app.command()
def extract(
    check: Annotated[
        bool, typer.Option("--check", help="Compare a fresh export with the committed one instead of writing it.")
    ] = False,
) -> None:
    """Build the Lean side, run its exporter and write the export (needs `lake`)."""
    extraction.find_lake()
    root = extraction.find_checkout()
    document = extraction.fresh_document(root)
    committed = root / extraction.COMMITTED
    if not check:
        extraction.write(document, committed)
        print(f"{committed}: {len(document['theorems'])} theorems, digest {document['digest']}")  # noqa: T201
        return
    comparison = extraction.compare(document, committed)
    compared = "byte for byte" if comparison.byte_for_byte else "all but `lean` and `axioms`, since another Lean wrote it"
    if not comparison.equal:
        raise ExportError(
            f"a fresh export differs from {committed} (compared {compared}): {comparison.difference}",
            hint="`pybridge extract` writes a fresh one",
        )
    print(f"{committed}: equal to a fresh export (compared {compared})")  # noqa: T201


@app.command()
def check(
    names: NamesArgument = None,
    families: Annotated[
        str | None,
        typer.Option(metavar="NAME,...", help=f"Families of batches, out of {', '.join(family_names())}.", show_default="all"),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the random families.")] = 0,
    max_size: Annotated[
        int | None, typer.Option(min=0, help="Leave out batches of more entries.", show_default="no limit")
    ] = None,
    batch: Annotated[str | None, typer.Option(help="Only the batch of this name.", show_default=False)] = None,
    jobs: Annotated[int, typer.Option(min=1, help=f"Processes, where {MANY} theorems or more are checked.")] = os.cpu_count()
    or 1,
    json_file: JsonOption = None,
    export: ExportOption = None,
) -> None:
    """Try to refute theorems on batches that satisfy their hypotheses; exit 0 only if all agree."""
    document = load(export)
    theorems = _theorems(document, names or [])
    chosen = family_names() if families is None else tuple(items(families, "--families"))
    if unknown := next((name for name in chosen if name not in family_names()), None):
        raise OptionError(f"--families: no family is called {unknown!r}", hint=f"there are {', '.join(family_names())}")
    reports = _run(theorems, document, chosen, seed, max_size, batch, jobs if len(theorems) >= MANY else 1)
    not_done = not_done_here(document, theorems, chosen, max_size, batch)
    code = 0 if reports and all(report.passed for report in reports) else 1
    asked = {
        "theorems": [theorem.name for theorem in theorems],
        "families": list(chosen),
        "seed": seed,
        "maxSize": max_size,
        "batch": batch,
    }
    results = tojson.document(reports, document, asked=asked, not_done=not_done, code=code)
    if json_file is None or str(json_file) != "-":
        _print_results(reports, document, not_done, seed, export)
    if json_file is not None:
        write_json(json_file, results)
    raise typer.Exit(code)


def _run(
    theorems: tuple[Theorem, ...],
    document: Export,
    families: tuple[str, ...],
    seed: int,
    largest: int | None,
    only: str | None,
    jobs: int,
) -> list[TheoremReport]:
    """Check the theorems, with a bar on stderr where that is a terminal."""
    reports = []
    with bar() as progress:
        task = progress.add_task("theorems", total=len(theorems))

        def tell(name: str, batch: Batch) -> None:
            progress.update(task, description=f"{tables.short_name(document.theorems[name])} on {batch.name}")

        found = check_each(
            theorems, document, jobs=jobs, families=families, seed=seed, largest=largest, batch=only, progress=tell
        )
        for report in found:
            reports.append(report)
            progress.update(task, advance=1, description=tables.short_name(report.theorem))
    return reports


def _print_results(reports: list[TheoremReport], document: Export, not_done: list[str], seed: int, export: Path | None) -> None:
    console = stdout()
    tables.show(tables.results(reports, document), console)
    for report in reports:
        lines: list[str] = []
        match report.verdict:
            case Refuted(witness=witness):
                lines = ["", *refutation.explain(report, witness, _again(report, witness.found_on, seed, export))]
            case Undecided(batches=batches, precision=precision, why=why):
                again = _again(report, batches[0], seed, export)
                lines = [
                    "",
                    f"UNDECIDED {report.theorem.name} at {precision} bits on {', '.join(batches)}",
                    f"  {why}",
                    f"repeat: {again}",
                ]
            case _:
                pass
        say(console, lines)
    passed = sum(report.passed for report in reports)
    say(console, ["", f"{passed} of {len(reports)} theorems agree", "not done here:", *(f"  {line}" for line in not_done)])


def _again(report: TheoremReport, batch: str, seed: int, export: Path | None) -> str:
    other = f" --export {export}" if export is not None else ""
    return f"pybridge check {report.theorem.name} --batch {batch} --seed {seed}{other}"


def _theorems(document: Export, names: list[str]) -> tuple[Theorem, ...]:
    theorems = tuple(document.theorem(name) for name in names) if names else tuple(document.theorems.values())
    if not theorems:
        raise PybridgeError("the export holds no theorem: nothing was checked", hint="`pybridge extract` writes a fresh one")
    return tuple({theorem.name: theorem for theorem in theorems}.values())


def _declaration(document: Export, name: str) -> Theorem | Definition:
    for find in (document.definition, document.theorem):
        with suppress(UnknownNameError):
            return find(name)
    raise UnknownNameError("theorem or definition", name, [*document.theorems, *document.definitions])


app.command()(mutate)
app.command()(prove)


def main() -> NoReturn:
    """Run the command; every refusal is one line on stderr and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    try:
        try:
            app()
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except PybridgeError as error:
        print(f"pybridge: {error}", file=sys.stderr)  # noqa: T201
        raise SystemExit(error.exit_code) from None
    except OSError as error:
        if error.filename is not None or error.errno not in CANNOT_WRITE:  # not a stream
            raise
        _give_up_stdout()
        if error.errno != errno.EPIPE:
            print(f"pybridge: cannot write the output: {error.strerror}; choose another place for it", file=sys.stderr)  # noqa: T201
        raise SystemExit(1) from None
    raise SystemExit(0)


def _give_up_stdout() -> None:
    """Let what is still to be written to stdout, which the interpreter tries again as it ends, go nowhere."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
