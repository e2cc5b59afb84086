"""The commands ``mutate`` and ``prove``: options, output and exit codes, and nothing else."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from pybridge.cli import mutants as accounts
from pybridge.cli import proofs, tables
from pybridge.cli.terminal import ExportOption, JsonOption, bar, items, say, stdout, write_json
from pybridge.errors import InputError, OptionError, PybridgeError, UnknownNameError
from pybridge.export.loading import Export, load
from pybridge.ir import Definition, Theorem
from pybridge.mutation import survivors
from pybridge.mutation.mutants import Mutant, mutants
from pybridge.mutation.run import Trial, declarations, trials
from pybridge.notation.render import latex
from pybridge.proving.prove import MOST_ENTRIES, Finding
from pybridge.proving.prove import prove as prove_theorem


def mutate(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME]...",
            help="Theorems, definitions, or ids of mutants, with or without namespace; everything by default.",
        ),
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes.")] = os.cpu_count() or 1,
    json_file: JsonOption = None,
    export: ExportOption = None,
) -> None:
    """Change each statement, hypothesis and definition a little, and refute it; exit 0 only if all others are explained."""
    document = load(export)
    every = {name: mutants(d, document.definitions) for name, d in declarations(document).items()}
    if not every:
        raise InputError("the export holds no declaration: nothing to change", hint="`pybridge extract` writes a fresh one")
    chosen = _chosen(document, every, names) if names else every
    known = {mutant.id for found in every.values() for mutant in found}
    tried = {mutant.id for found in chosen.values() for mutant in found}
    explanations = {name: why for name, why in survivors.read().items() if name in tried or name not in known}
    single = len(tried) == 1
    done = _run(chosen, document, 1 if single else jobs, explanations, shrink=single)
    account = survivors.account(done, explanations, known)
    code = 0 if account.passed else 1
    if json_file is None or str(json_file) != "-":
        console = stdout()
        tables.show(accounts.rows(account, document), console)
        say(console, accounts.lines(account, explanations, single=single))
    if json_file is not None:
        write_json(json_file, accounts.document(account, explanations, document, code=code))
    raise typer.Exit(code)


def prove(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Theorems, with or without namespace; all by default.")
    ] = None,
    sizes: Annotated[str, typer.Option(metavar="M,...", help=f"Batch sizes, each from 1 to {MOST_ENTRIES}.")] = "2,3",
    json_file: JsonOption = None,
    export: ExportOption = None,
) -> None:
    """Prove theorems again, without Lean, for all batches of a few entries; exit 0 only if all are proved.

    A size of which the hypotheses exclude every batch is said to be empty, and counts for nothing: a theorem that has no
    other size is not proved.
    """
    document = load(export)
    theorems = [document.theorem(name) for name in names] if names else list(document.theorems.values())
    if not theorems:
        raise PybridgeError("the export holds no theorem: nothing to prove", hint="`pybridge extract` writes a fresh one")
    wanted = _sizes(sizes)
    console = stdout()
    printed = json_file is None or str(json_file) != "-"
    found: dict[str, dict[int, Finding]] = {}
    for theorem in {theorem.name: theorem for theorem in theorems}.values():
        if printed:
            say(console, [f"{theorem.name}  equation ({theorem.equation})", f"  {latex(theorem)}"])
        findings = found[theorem.name] = {}
        for size in wanted:
            findings[size] = prove_theorem(theorem, document, size)
            if printed:
                say(console, proofs.lines(theorem, size, findings[size]))
    code = 0 if all(map(proofs.proved, found.values())) else 1
    if printed:
        say(console, proofs.summary(found))
    if json_file is not None:
        write_json(json_file, proofs.document(found, document, code=code))
    raise typer.Exit(code)


def _sizes(text: str) -> list[int]:
    parts = items(text, "--sizes")
    if not all(part.isdecimal() and part.strip("0") for part in parts):
        raise OptionError(f"--sizes: {text!r} is no list of positive numbers", hint="write, say, --sizes 2,3")
    if large := next((part for part in parts if len(part.lstrip("0")) > 9 or int(part) > MOST_ENTRIES), None):
        raise OptionError(f"--sizes: m = {large} is too large", hint=f"the largest that is tried is {MOST_ENTRIES}")
    return list(dict.fromkeys(map(int, parts)))


def _chosen(document: Export, every: Mapping[str, Sequence[Mutant]], names: list[str]) -> dict[str, list[Mutant]]:
    """The mutants asked for, by the full name of their declaration."""
    chosen: dict[str, list[Mutant]] = {}
    for name in names:
        short, colon, slip = name.partition(":")
        declaration = _declaration(document, short).name
        found = [mutant for mutant in every[declaration] if not colon or mutant.id.partition(":")[2] == slip]
        if not found and colon:
            raise UnknownNameError("mutant", name, [mutant.id for mutant in every[declaration]])
        have = chosen.setdefault(declaration, [])
        have += [mutant for mutant in found if mutant not in have]
    return chosen


def _declaration(document: Export, name: str) -> Theorem | Definition:
    try:
        return document.theorem(name)
    except UnknownNameError:
        if name in document.definitions or any(full.endswith(f".{name}") for full in document.definitions):
            return document.definition(name)
        raise UnknownNameError("theorem or definition", name, declarations(document)) from None


def _run(
    chosen: Mapping[str, Sequence[Mutant]],
    document: Export,
    jobs: int,
    explanations: dict[str, survivors.Explanation],
    *,
    shrink: bool,
) -> list[Trial]:
    """Try the mutants, with a bar on stderr where that is a terminal."""
    prove_for = {name: explanation.proved for name, explanation in explanations.items()}
    done = []
    with bar() as progress:
        task = progress.add_task("mutants", total=sum(map(len, chosen.values())))
        for trial in trials(chosen, document, jobs=jobs, shrink=shrink, prove_for=prove_for):
            progress.update(task, advance=1, description=trial.owner.rpartition(".")[2])
            done.append(trial)
    return done
