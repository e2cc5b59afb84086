"""The commands: their names, options and help, and nothing else.

What a command runs is imported when it is run, so that ``pybridge --help`` and a shell that completes a name do not wait for
NumPy, FLINT, SymPy and pydantic.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pybridge.cli import artifact
from pybridge.cli.options import (
    JOBS,
    LARGEST_PROOF,
    MANY,
    MUTATED,
    AxisOption,
    ChainArgument,
    DataOption,
    DigitsOption,
    ExportOption,
    FamiliesOption,
    JobsOption,
    JsonOption,
    MutantsArgument,
    NameArgument,
    PageOption,
    PictureOption,
    SetOption,
    SourceOption,
    StrykerOption,
    SweptFamiliesOption,
    TheoremsArgument,
    VerboseOption,
)
from pybridge.errors import OptionError

app = typer.Typer(
    name="pybridge",
    help="Read the statements that Lean proved about BatchNorm's gradient, and try to refute them on batches.",
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"pybridge {sys.modules['pybridge'].__version__}")  # the package is imported, and knows it
        raise typer.Exit


@app.callback()
def _all(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    del version  # what it does it has done


@app.command("list", short_help="List the proved theorems.")
def list_(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of the table.")] = False,
    export: ExportOption = None,
) -> None:
    """List the proved theorems: equation, name, place in the sources, first sentence of the docstring."""
    from pybridge.cli.browse import list_theorems

    list_theorems(export, as_json=as_json)


@app.command(short_help="Show a theorem or definition, with all that is known of it.")
def show(
    name: NameArgument,
    program: Annotated[bool, typer.Option("--program", help="Show the operations that compute it instead.")] = False,
    source: SourceOption = None,
    export: ExportOption = None,
) -> None:
    """Show a theorem or definition: docstring, Lean statement, LaTeX, which hypotheses it needs, where it stands.

    Of an equation all theorems are shown.
    """
    from pybridge.cli.browse import show_declarations

    show_declarations(name, export, program=program, target=source)


@app.command(short_help="Say what is on this machine, and what brings what is missing.")
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of the table.")] = False,
) -> None:
    """Say what is on this machine (Lean, mathlib, extras, the export), what each is for, and what brings what is missing."""
    from pybridge.cli.doctor import run

    raise typer.Exit(run(as_json=as_json))


@app.command(short_help="Write the export anew from the Lean sources (needs `lake`).")
def extract(
    check: Annotated[
        bool, typer.Option("--check", help="Compare a fresh export with the committed one instead of writing it.")
    ] = False,
) -> None:
    """Build the Lean side, run its exporter and write the export (needs `lake`)."""
    from pybridge.cli.extract import run

    run(check=check)


@app.command(short_help="Try to refute theorems on batches, or on one of yours (--data).")
def check(
    names: TheoremsArgument = None,
    families: FamiliesOption = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the random families.")] = 0,
    max_size: Annotated[
        int | None, typer.Option(min=0, help="Leave out batches of more entries.", show_default="no limit")
    ] = None,
    batch: Annotated[str | None, typer.Option(help="Only the batch of this name.", show_default=False)] = None,
    jobs: Annotated[int, typer.Option(min=1, help=f"Processes, where {MANY} theorems or more are checked.")] = JOBS,
    data: DataOption = None,
    settings: SetOption = None,
    axis: AxisOption = None,
    digits: DigitsOption = None,
    verbose: VerboseOption = False,
    json_file: JsonOption = None,
    export: ExportOption = None,
) -> None:
    """Try to refute theorems on batches that satisfy their hypotheses; exit 0 only if all agree.

    With --data they are tried on a batch of yours: every theorem whose variables are in the file, or those that are named.
    """
    if data:
        if families is not None or batch is not None or max_size is not None or seed:
            raise OptionError("--data excludes --families, --seed, --max-size and --batch", hint="leave them out")
        from pybridge.cli import data as own

        asked = own.Asked(data=tuple(data), settings=tuple(settings or ()), axis=axis, digits=digits, verbose=verbose)
        raise typer.Exit(own.run(names or [], asked, json_file, export))
    if settings or axis is not None or digits is not None or verbose:
        raise OptionError("--set, --axis, --digits and -v are about a batch of yours", hint="give it with --data")
    from pybridge.cli.check import run

    raise typer.Exit(run(names or [], families, seed, max_size, batch, jobs, json_file, export))


@app.command(short_help="Check theorems on many batches, for hours; keep the results.")
def sweep(
    names: TheoremsArgument = None,
    families: SweptFamiliesOption = None,
    sizes: Annotated[str, typer.Option(metavar="M,...", help="Sizes of the batches.")] = "2,3,5,17,64,1024",
    dtypes: Annotated[
        str, typer.Option(metavar="DTYPE,...", help="Formats that hold the numbers drawn: float64, float32, float16, bfloat16.")
    ] = "float64",
    seeds: Annotated[str, typer.Option(metavar="A:B", help="The seeds from A to B - 1, or the only seed.")] = "0:11",
    precision: Annotated[
        str | None, typer.Option(metavar="BITS,...", help="Bits to try, rising.", show_default="128 to 4096, as `check`")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FOLDER", help="Keep the results there, or go on with them.", show_default=False
        ),
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes of this machine, where there is no --scheduler.")] = JOBS,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="The Dask scheduler whose workers do the tasks.", show_default=False)
    ] = None,
    tries: Annotated[int, typer.Option(min=1, help="How often a task is tried that raises, or whose process ends.")] = 3,
    limit_time: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Begin no task after this time: 90s, 30m, 8h, 2d.", show_default="no limit"),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Print what a sweep has come to, and run nothing.", show_default=False),
    ] = None,
    by: Annotated[
        str, typer.Option(metavar="WHAT,...", help="Rows of --report, out of theorem, family, size, dtype.")
    ] = "theorem",
    export: ExportOption = None,
) -> None:
    """Check theorems on many batches, for hours, and keep the results; exit 0 only if all are done and agree.

    Every theorem is tried with every format, size, family and seed. A run that was ended, however, goes on by the same command.
    """
    from pybridge.cli import sweep as command

    if report is not None:
        if names or output is not None:
            raise OptionError("--report runs nothing", hint="leave out the names and -o")
        raise typer.Exit(command.report(report, by, export))
    asked = command.Asked(
        families=families,
        sizes=sizes,
        dtypes=dtypes,
        seeds=seeds,
        precision=precision,
        output=output,
        jobs=jobs,
        scheduler=scheduler,
        tries=tries,
        limit_time=limit_time,
    )
    raise typer.Exit(command.run(names or [], asked, export))


@app.command(short_help="Change each statement a little, and refute what comes of it.")
def mutate(
    names: MutantsArgument = None,
    jobs: JobsOption = JOBS,
    json_file: JsonOption = None,
    stryker: StrykerOption = None,
    export: ExportOption = None,
) -> None:
    """Change each statement, hypothesis and definition a little, and refute it; exit 0 only if all others are explained."""
    from pybridge.cli.mutate import run

    raise typer.Exit(run(names or [], jobs, json_file, export, stryker))


@app.command(short_help="Prove theorems again, by symbols, for batches of a few entries.")
def prove(
    names: TheoremsArgument = None,
    sizes: Annotated[str, typer.Option(metavar="M,...", help=f"Batch sizes, each from 1 to {LARGEST_PROOF}.")] = "2,3",
    json_file: JsonOption = None,
    export: ExportOption = None,
) -> None:
    """Prove theorems again, without Lean, for all batches of a few entries; exit 0 only if all are proved.

    What is not decided is not proved. A size of which the hypotheses exclude every batch is said to be empty, and counts for
    nothing: a theorem that has no other size is not proved.
    """
    from pybridge.cli.prove import run

    raise typer.Exit(run(names or [], sizes, json_file, export))


@app.command(short_help="Write one HTML page: the chain, what was found, plots.")
def report(
    names: ChainArgument = None,
    output: PageOption = Path("report.html"),
    every: Annotated[bool, typer.Option("--all", help="Check all theorems, not only those of the chain (1) to (7ε).")] = False,
    families: FamiliesOption = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the random families and of what is drawn for the plots.")] = 0,
    max_size: Annotated[
        int | None, typer.Option(min=0, help="Check on no batches of more entries.", show_default="no limit")
    ] = None,
    mutants: Annotated[
        str, typer.Option(metavar="NAME,...", help="Try the mutants of these theorems, or of `checked`, or of `none`.")
    ] = MUTATED,
    jobs: JobsOption = JOBS,
    export: ExportOption = None,
) -> None:
    """Write one HTML page: the chain of equations with what was found out of each, plots, provenance; exit 0 if all agree.

    It takes about a minute, and needs the extra `report`: `pybridge doctor` says how to install it.
    """
    from pybridge.cli import report as command

    asked = command.Asked(output, every, families, seed, max_size, mutants, jobs)
    raise typer.Exit(command.run(names or [], asked, export))


@app.command(short_help="Compare the layers of a framework with the definitions.")
def conform(
    target: Annotated[str, typer.Argument(metavar="torch|jax|flax", help="The framework, as it is installed.")],
    layers: Annotated[
        str | None, typer.Option(metavar="NAME,...", help="Layers, such as BatchNorm,LayerNorm.", show_default="all")
    ] = None,
    dtypes: Annotated[
        str | None, typer.Option(metavar="DTYPE,...", help="Formats of the arrays.", show_default="all it takes")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the arrays.")] = 0,
    json_file: JsonOption = None,
    picture: PictureOption = None,
    export: ExportOption = None,
) -> None:
    """Compare the layers of a framework, forward and backward, with the definitions; exit 0 only if all are right.

    Layouts, formats, offsets and sizes are tried as `assert_layer` tries them. A layer that loses digits is at a limit;
    one that computes something else is at fault.
    """
    from pybridge.cli import conform as command

    raise typer.Exit(command.run(target, layers, dtypes, seed, json_file, picture, export))


artifact.register(app)
