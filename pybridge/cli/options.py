"""The options and arguments that commands share, and what a shell completes them to; light, since every start imports it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from pybridge.errors import OptionError, PybridgeError

FAMILIES = (
    "integers",
    "random",
    "scales",
    "offset",
    "near-constant",
    "outlier",
    "subnormal",
    "rational-spread",
    "two-values",
    "constant",
    "zeros",
    "recorded",
)
"""What ``batches.generate.family_names`` gives, which takes NumPy to import."""
SWEPT = tuple(name for name in FAMILIES if name not in ("rational-spread", "recorded"))
"""The names of ``sweeping.grid.DRAWN``."""
LARGEST_PROOF = 16
"""What ``proving.prove.MOST_ENTRIES`` is."""
JOBS = os.cpu_count() or 1
MUTATED = "7,7ε"
"""The theorems whose mutants a report tries, if it is not told others."""
MANY = 8
"""So many theorems are worth the start of other processes."""


TARGETS = ("numpy", "numba", "c")
"""What ``kernels.generated.TARGETS`` is."""


def items(text: str, option: str) -> list[str]:
    """The items of a list with commas, each once.

    Raises
    ------
    OptionError
        One of them is empty.
    """
    found = [part.strip() for part in text.split(",")]
    if not all(found):
        raise OptionError(f"{option}: {text!r} has an empty item", hint="write the items with one comma between two of them")
    return list(dict.fromkeys(found))


def no_place(target: Path, error: OSError, option: str = "--json") -> PybridgeError:
    """The error where results cannot be written to the file that an option names."""
    return PybridgeError(f"cannot write {target}: {error.strerror}", hint=f"choose another place for {option}")


def writable(target: Path | None, option: str = "--json") -> Path | None:
    """Try the place for the results before the run; what is there stays, and where nothing is, nothing is left."""
    if target is None or str(target) == "-":
        return target
    place = Path(os.path.realpath(target))
    try:
        if not place.exists():
            place.open("xb").close()
            place.unlink()
        elif place.is_dir() or place.is_file():  # a pipe is not opened twice
            place.open("ab").close()
    except OSError as error:
        raise no_place(target, error, option) from None
    return target


def _page(target: Path) -> Path:
    if target.suffix.lower() not in (".html", ".htm", ""):
        raise OptionError(f"-o: {target} is not named as a page", hint="the report is HTML: end the name in .html")
    writable(target, "-o")
    return target


def _results(target: Path | None) -> Path | None:
    return writable(target)


def _picture(target: Path | None) -> Path | None:
    return writable(target, "--picture")


def _stryker(target: Path | None) -> Path | None:
    return writable(target, "--stryker")


def _names(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Names and equations that begin so, each with a few words, for a shell; nothing is decoded or checked for it."""
    from pybridge.export.document import DEFAULT, parse, read

    path = context.params.get("export") or DEFAULT
    try:
        document = parse(read(path), path)
        theorems = [(one["name"], f"({one['equation']})") for one in document["theorems"]]
        definitions = [(one["name"], "definition") for one in document["definitions"]]
    except (PybridgeError, KeyError, TypeError):  # the command says what is wrong
        return []
    equations = {equation[1:-1].replace(" ", ""): "all theorems of the equation" for _, equation in theorems}
    every = [*equations.items(), *((name.removeprefix("BatchNorm."), what) for name, what in theorems + definitions)]
    return [(name, what) for name, what in every if name.startswith(incomplete)]


def _several(said: str) -> typer.models.ArgumentInfo:
    """The argument for any number of declarations."""
    found: typer.models.ArgumentInfo = typer.Argument(metavar="NAME", help=said, autocompletion=_names)
    return found


def _families(incomplete: str) -> list[str]:
    """The list with one family more, for a shell."""
    before, comma, begun = incomplete.rpartition(",")
    return [f"{before}{comma}{name}" for name in FAMILIES if name.startswith(begun)]


ExportOption = Annotated[
    Path | None,
    typer.Option("--export", metavar="FILE", help="Another export than the package's, `-` for stdin.", show_default=False),
]
JsonOption = Annotated[
    Path | None,
    typer.Option(
        "--json", metavar="FILE", callback=_results, help="Also write the results, `-` for stdout instead of the table."
    ),
]
StrykerOption = Annotated[
    Path | None,
    typer.Option(
        "--stryker",
        metavar="FILE",
        callback=_stryker,
        help="Also write a mutation testing report (Stryker's schema, version 2).",
        show_default=False,
    ),
]
PageOption = Annotated[
    Path,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        callback=_page,
        help="Where to write the page, named .html; `-` for stdout.",
    ),
]
PictureOption = Annotated[
    Path | None,
    typer.Option(
        "--picture",
        metavar="FILE",
        callback=_picture,
        help="Also draw the digits that are right against the mean over the spread (.svg, .png).",
        show_default=False,
    ),
]
NameArgument = Annotated[
    str,
    typer.Argument(
        help="A theorem or definition, with or without namespace, or an equation: 7, 7eps, Thm4.1.", autocompletion=_names
    ),
]
TheoremsArgument = Annotated[
    list[str] | None,
    _several("Theorems, with or without namespace, or equations: 7, 7eps, Thm4.1; all by default."),
]
ChainArgument = Annotated[
    list[str] | None,
    _several("Theorems, with or without namespace, or equations: 7, 7eps, Thm4.1; those of the chain (1) to (7ε) by default."),
]
MutantsArgument = Annotated[
    list[str] | None,
    _several("Theorems, definitions, or ids of mutants, with or without namespace, or equations; everything by default."),
]
FamiliesOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME,...",
        help=f"Families of batches, out of {', '.join(FAMILIES)}.",
        show_default="all",
        autocompletion=_families,
    ),
]
SweptFamiliesOption = Annotated[
    str | None,
    typer.Option(
        "--families",
        metavar="NAME,...",
        help=f"Families of batches, out of {', '.join(SWEPT)}.",
        show_default="all",
        autocompletion=_families,
    ),
]
DataOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--data",
        metavar="FILE",
        help="Check on this batch of yours: npz or csv with arrays by name, npy called by its array; may be repeated.",
        show_default=False,
    ),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="With --data: a number, such as eps=1e-5, or a loss, such as L=cross-entropy:0; may be repeated.",
        show_default=False,
    ),
]
AxisOption = Annotated[
    str | None,
    typer.Option(
        "--axis",
        metavar="K,...",
        help="With --data: the axes that run over one batch, where arrays have several.",
        show_default=False,
    ),
]
DigitsOption = Annotated[
    int | None, typer.Option("--digits", metavar="N", help="With --data: digits of each number.", show_default="30")
]
VerboseOption = Annotated[
    bool,
    typer.Option("--verbose", "-v", help="With --data: also show hypotheses, sides and terms, and name all that is left out."),
]
JobsOption = Annotated[int, typer.Option(min=1, help="Processes.")]
SourceOption = Annotated[
    str | None,
    typer.Option(
        "--source",
        metavar="|".join(TARGETS),
        help="Show the code of a definition for a target instead.",
        show_default=False,
        autocompletion=lambda: list(TARGETS),
    ),
]
