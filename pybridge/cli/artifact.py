"""The commands about the artifact, from ``audit`` to ``dojo``: their names, options and help, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pybridge.cli.options import ExportOption, JsonOption, TheoremsArgument
from pybridge.errors import OptionError

_GRAPHS, _CITATIONS = "dot|svg|json", "bibtex|cff|apa"
dojo = typer.Typer(
    name="dojo",
    help="LeanDojo as a second reader of the Lean sources (the extra `dojo`).",
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command(short_help="Hold the export against its texts and sources, without Lean.")(audit)
    app.command(short_help="Draw which theorem rests on which.")(graph)
    app.command(short_help="List what is known of each theorem, and of what it rests on.")(ledger)
    app.command(short_help="Cite the artifact, or a theorem in it, and the paper.")(cite)
    app.command(short_help="Print the JSON Schema of the export, or of a command's --json.")(schema)
    app.command(short_help="Make an export of what another Lean project wrote.")(seal)
    app.add_typer(dojo, short_help="LeanDojo as a second reader of the Lean sources.")


def audit(json_file: JsonOption = None, export: ExportOption = None) -> None:
    """Hold the export against its text, the sources and the pins, without Lean; exit 0 only if nothing differs.

    Every statement is read again from the text that Lean printed, and has to be the term that is run.
    """
    from pybridge.cli.audit import run

    raise typer.Exit(run(json_file, export))


def graph(
    names: TheoremsArgument = None,
    form: Annotated[str, typer.Option("--format", metavar=_GRAPHS, help="What to write.")] = "dot",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to.", show_default="stdout")
    ] = None,
    lemmas: Annotated[bool, typer.Option("--lemmas", help="Show the lemmas that are not exported too.")] = False,
    definitions: Annotated[bool, typer.Option("--definitions", help="Show the definitions too.")] = False,
    used_by: Annotated[bool, typer.Option("--used-by", help="Show what rests on NAME, not what it rests on.")] = False,
    reader: Annotated[
        str, typer.Option("--from", metavar="lean|sources", help="Take what Lean recorded, or read the proofs' text.")
    ] = "lean",
    compare: Annotated[
        bool, typer.Option("--compare", help="Compare the two, and draw nothing; exit 0 only if they agree.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="With --compare, list what is no difference too.")] = False,
    json_file: JsonOption = None,
    export: ExportOption = None,
) -> None:
    """Draw which theorem rests on which, and say where this is from: recorded by Lean, or read in the sources."""
    if compare:
        if names or output is not None or form != "dot" or lemmas or definitions or used_by or reader != "lean":
            raise OptionError("--compare is about both graphs, whole", hint="leave out all but --verbose, --json and --export")
        from pybridge.cli import graph_compare

        raise typer.Exit(graph_compare.run(json_file, export, verbose=verbose))
    if verbose:
        raise OptionError("--verbose is for --compare", hint="the graph itself is written whole")
    if json_file is not None:
        raise OptionError("--json is for --compare", hint="the graph as JSON is `--format json`")
    from pybridge.cli.graph import run

    run(names or [], form, output, export, reader=reader, lemmas=lemmas, definitions=definitions, upwards=used_by)


def ledger(
    names: TheoremsArgument = None,
    check: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What `check --json` wrote: the verdicts.", show_default=False)
    ] = None,
    mutants: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What `mutate --json` wrote.", show_default=False)
    ] = None,
    proofs: Annotated[Path | None, typer.Option(metavar="FILE", help="What `prove --json` wrote.", show_default=False)] = None,
    json_file: JsonOption = None,
    export: ExportOption = None,
) -> None:
    """List what is known of each theorem, and of the weakest that it rests on; exit 0 only if nothing is known against one.

    With --check a theorem that was not tried, or rests on one that was not, counts as well.
    """
    from pybridge.cli.ledger import run

    raise typer.Exit(run(names or [], check, mutants, proofs, json_file, export))


def cite(
    name: Annotated[
        str | None, typer.Argument(help="A theorem, definition or equation in it.", show_default="the artifact")
    ] = None,
    form: Annotated[str, typer.Option("--format", metavar=_CITATIONS, help="What to write.")] = "bibtex",
    export: ExportOption = None,
) -> None:
    """Cite the artifact, or a theorem in it by name, file, line and the digest of the export; and the paper it formalizes.

    Of an equation its main theorem is cited, and the others are named on stderr.
    """
    from pybridge.cli.cite import run

    run(name, form, export)


def schema(
    name: Annotated[str | None, typer.Argument(help="Which one.", show_default="their names")] = None,
) -> None:
    """Print the JSON Schema of the export, or of what a command writes with --json."""
    from pybridge.cli.schemas import show

    show(name)


def seal(
    written: Annotated[Path, typer.Argument(metavar="FILE", help="What `#bridge_export` wrote.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where the export goes.")],
    root: Annotated[Path, typer.Option(metavar="FOLDER", help="The project: its lakefile, its sources in `lean`.")] = Path(),
) -> None:
    """Make an export of what another project's `#bridge_export` wrote: add its sources, mathlib's revision, a digest."""
    from pybridge.cli.extract import seal as run

    run(written, root, output)


@dojo.command("compare", short_help="Compare the export with the sources as LeanDojo reads them.")
def compare(
    trace: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Read the files that `dojo trace` wrote.", show_default="outlines of the sources"),
    ] = None,
    json_file: JsonOption = None,
    export: ExportOption = None,
) -> None:
    """Compare the export with the sources as LeanDojo reads them, offline and without Lean; exit 0 only if all is the same."""
    from pybridge.cli.dojo import compare as run

    raise typer.Exit(run(trace, json_file, export))


@dojo.command("trace", short_help="Trace a flat copy of the sources (needs `lake`).")
def trace(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="A new folder for the traced files.")],
    recorded: Annotated[
        bool, typer.Option("--recorded", help="Unpack the recorded trace; nothing is run, neither Lean nor LeanDojo.")
    ] = False,
) -> None:
    """Trace a flat copy of the sources with LeanDojo (needs `lake`, the network, and a Lean that it knows)."""
    from pybridge.cli import dojo_trace

    raise typer.Exit(dojo_trace.unpack(output) if recorded else dojo_trace.trace(output))


@dojo.command("record", short_help="Record the trace anew, with Lean alone (needs `lake`).")
def record() -> None:
    """Record the trace anew, in LeanDojo's format, with a Lean program of ours (needs `lake`; minutes)."""
    from pybridge.cli import dojo_trace

    raise typer.Exit(dojo_trace.record())
