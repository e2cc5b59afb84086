"""The command ``mutate``: try to refute changed statements and definitions, and print how many are, and what is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pybridge.cli import mutants as accounts
from pybridge.cli import stryker, tables
from pybridge.cli.terminal import bar, opened, say, write_json
from pybridge.errors import InputError, UnknownNameError
from pybridge.export.loading import Export, remedy
from pybridge.mutation import survivors
from pybridge.mutation.mutants import Mutant, mutants
from pybridge.mutation.run import Trial, declarations, trials


def run(names: list[str], jobs: int, json_file: Path | None, path: Path | None, stryker_file: Path | None = None) -> int:
    """Try the mutants of these declarations, equations and ids, everything by default; return the exit code.

    Raises
    ------
    PybridgeError
        There is nothing to change, or a name is unknown.
    """
    export = opened(path)
    library = None if stryker_file is None else stryker.sources(export)
    every = {name: mutants(d, export.definitions) for name, d in declarations(export).items()}
    if not every:
        raise InputError("the export holds no declaration: nothing to change", hint=remedy(export.path))
    chosen = _chosen(export, every, names) if names else every
    known = {mutant.id for found in every.values() for mutant in found}
    tried = {mutant.id for found in chosen.values() for mutant in found}
    reasons = survivors.of(export)
    explanations = {name: why for name, why in reasons.items() if name in tried or name not in known}
    single = len(tried) == 1
    done = _run(chosen, export, 1 if single else jobs, explanations, shrink=single)
    account = survivors.account(done, explanations, known)
    code = 0 if account.passed else 1
    if json_file is None or str(json_file) != "-":
        tables.show(accounts.rows(account, export))
        say(accounts.lines(account, explanations, single=single))
    if json_file is not None:
        write_json(json_file, accounts.document(account, explanations, export, code=code))
    if stryker_file is not None and library is not None:
        write_json(stryker_file, stryker.report(account, explanations, library))
    return code


def _chosen(export: Export, every: Mapping[str, Sequence[Mutant]], names: list[str]) -> dict[str, list[Mutant]]:
    """The mutants asked for, by the full name of their declaration."""
    chosen: dict[str, list[Mutant]] = {}
    for name in names:
        short, colon, slip = name.partition(":")
        declared = [declaration.name for declaration in export.declared(short)]
        found = {one: [m for m in every[one] if not colon or m.id.partition(":")[2] == slip] for one in declared}
        if colon and not any(found.values()):
            raise UnknownNameError("mutant", name, [mutant.id for one in declared for mutant in every[one]])
        for one, some in found.items():
            if some or not colon:
                have = chosen.setdefault(one, [])
                have += [mutant for mutant in some if mutant not in have]
    return chosen


def _run(
    chosen: Mapping[str, Sequence[Mutant]],
    export: Export,
    jobs: int,
    explanations: dict[str, survivors.Explanation],
    *,
    shrink: bool,
) -> list[Trial]:
    """Try the mutants, with a bar on stderr where that is a terminal."""
    prove_for = {name: explanation.proved for name, explanation in explanations.items()}
    done = []
    with bar("mutants", sum(map(len, chosen.values()))) as tell:
        for trial in trials(chosen, export, jobs=jobs, shrink=shrink, prove_for=prove_for):
            tell(trial.owner.rpartition(".")[2], 1)
            done.append(trial)
    return done
