"""The command ``check --data``: theorems on somebody's own batch, and what was found."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from pybridge.cli import tables
from pybridge.cli.datajson import document
from pybridge.cli.given import no_equation, remarks, unmet
from pybridge.cli.left_out import left_out
from pybridge.cli.origin import origin
from pybridge.cli.tables import Rows, short_name
from pybridge.cli.terminal import bar, opened, say, write_json
from pybridge.errors import OptionError
from pybridge.evaluation import files, select
from pybridge.evaluation.enclosures import MOST_DIGITS
from pybridge.evaluation.evaluate import DIGITS, evaluated
from pybridge.evaluation.functions import NAMES
from pybridge.evaluation.results import STANDS, Evaluation
from pybridge.evaluation.select import Selection
from pybridge.evaluation.text import card, summary
from pybridge.export.loading import Export

_CARDS = 2
"""Of so many theorems those that stay undecided are shown in full, unasked."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The options, as they were given."""

    data: tuple[Path, ...]
    settings: tuple[str, ...]
    axis: str | None
    digits: int | None
    verbose: bool = False


def run(names: Sequence[str], asked: Asked, json_file: Path | None, path: Path | None) -> int:
    """Put the batch into the theorems of these names and equations, or into all whose variables it has; return the exit code.

    Raises
    ------
    PybridgeError
        A file cannot be read, an option has no meaning, a name is unknown, or nothing would be checked.
    """
    axis = None if asked.axis is None else _axis(asked.axis)
    digits = DIGITS if asked.digits is None else asked.digits
    if not 1 <= digits <= MOST_DIGITS:
        raise OptionError(f"--digits: {digits} is none", hint=f"give a number from 1 to {MOST_DIGITS}")
    export = opened(path)
    groups = [export.stated(name) for name in names]
    read = files.read(asked.data)
    given = _with_settings(read, asked.settings)
    typed = [name for name in given if name not in read]
    chosen = select.by_names(groups, given, export, typed) if names else select.by_arrays(export, given, axis)
    found = _run(chosen, axis, digits, export, tuple(given))
    code = 0 if found and all(one.passed for one in found) else 1
    if json_file is None or str(json_file) != "-":
        _print(found, chosen, export, named=bool(names), verbose=asked.verbose)
    if json_file is not None:
        said = {
            "theorems": [theorem.name for theorem, _ in chosen.chosen],
            "data": [str(one) for one in asked.data],
            "set": list(asked.settings),
            "axis": list(axis) if isinstance(axis, tuple) else axis,
            "digits": digits,
        }
        write_json(json_file, document(found, chosen, export, asked=said, code=code))
    return code


def _axis(text: str) -> int | tuple[int, ...]:
    """The axis, or axes, that run over one batch."""
    try:
        axes = tuple(int(part) for part in text.split(","))
    except ValueError:
        raise OptionError(f"--axis: {text!r} is no axis", hint="give a number, or several: --axis 0 or --axis 0,2,3") from None
    return axes[0] if len(axes) == 1 else axes


def _with_settings(data: dict[str, Any], settings: Sequence[str]) -> dict[str, Any]:
    """The arrays, and the numbers and losses that ``--set`` gives."""
    found = dict(data)
    for setting in settings:
        name, equals, value = setting.partition("=")
        name, value = name.strip(), value.strip()
        if not equals or not name or not value:
            raise OptionError(f"--set: {setting!r} gives nothing a value", hint="write NAME=VALUE, such as --set eps=1e-5")
        if name in found:
            raise OptionError(f"--set: {name} has a value already", hint="give it once")
        found[name] = _value(name, value)
    return found


def _value(name: str, text: str) -> int | float | Fraction | str:
    """A number, exact where it is written as a quotient of two whole ones, or a loss by its name.

    Raises
    ------
    OptionError
        It is neither; or no float64 is near to the number.
    """
    try:
        return int(text)
    except ValueError:
        pass
    if re.fullmatch(r"[+-]?[0-9]{1,400}/[0-9]{1,400}", text):
        try:
            return Fraction(text)
        except ZeroDivisionError:
            raise OptionError(
                f"--set: {name} is {text!r}, which divides by 0", hint="write a number, such as 1/100000"
            ) from None
    try:
        number = float(text)
    except ValueError:
        if text.partition(":")[0] in NAMES:
            return text
        losses = ", ".join(NAMES).replace("cross-entropy", "cross-entropy:LABEL")
        hint = f"write a decimal number, such as 0.5 or 1e-5, or a quotient, such as 1/3; losses are {losses}"
        raise OptionError(f"--set: {name} is {text!r}, which is no number", hint=hint) from None
    if not math.isfinite(number):
        raise OptionError(f"--set: {name} is {text!r}, which is not finite in float64", hint="give a finite number")
    if number == 0 and re.search("[1-9]", text.lower().partition("e")[0]):
        raise OptionError(f"--set: {name} is {text!r}, which float64 takes for 0", hint="write 0, or a larger number")
    return number


def _run(
    chosen: Selection, axis: int | tuple[int, ...] | None, digits: int, export: Export, names: tuple[str, ...]
) -> list[Evaluation]:
    """Evaluate, with a bar on stderr where that is a terminal."""
    found = []
    with bar("theorems", len(chosen.chosen)) as tell:
        for theorem, given in chosen.chosen:
            tell(short_name(theorem.name), 0)
            found.append(evaluated(theorem, given, axis, digits, export, unused=select.unused(theorem, names)))
            tell(short_name(theorem.name), 1)
    return found


def _print(found: Sequence[Evaluation], chosen: Selection, export: Export, *, named: bool, verbose: bool) -> None:
    tables.show(table(found, export))
    for one in found:
        whole = verbose or one.verdict == "refuted" or (one.verdict == "undecided" and len(found) <= _CARDS)
        if whole:
            say(["", *card(one)])
        elif one.verdict == "undecided":
            say(["", f"{one.theorem.name}: {summary(one)}"])
        if one.verdict == "refuted":
            from pybridge.audit.one_theorem import term_against_text  # the readers of Lean, which no other verdict needs

            blame = "Lean proved this theorem: at fault is the bridge, or the export, not the theorem"
            say([*term_against_text(one.theorem, export), blame])
    passed = sum(one.passed for one in found)
    more = "" if verbose else "; -v shows the hypotheses, both sides and the terms of each"
    if not verbose:  # else each card has them
        say(unmet(found))
    say(["", f"{passed} of {len(found)} theorems agree{more}", *([] if verbose else remarks(found, export))])
    say([] if named else no_equation(found, chosen, export))
    say(left_out(chosen, export, named=named, verbose=verbose))


def table(found: Sequence[Evaluation], export: Export) -> Rows:
    """A row for each theorem: on how many batches it was tried, how well it agrees, and where it stands worst.

    A column that says nothing of any theorem, such as how many batches there are where there is one, is left out.
    """
    above = f"{origin(export)}; batches: yours"
    rows = (
        (
            f"({one.theorem.equation})",
            short_name(one.theorem.name),
            str(len(one.batches)),
            _digits(one),
            str(list(one.worst.place)) if len(one.batches) > 1 else "-",
            ", ".join(one.unused) or "-",
            _verdict(one),
        )
        for one in found
    )
    titles = ("eq.", "theorem", "batches", "digits", "worst at", "not used", "verdict")
    nothing = set()
    if all(len(one.batches) == 1 for one in found):
        nothing |= {"batches", "worst at"}
    if not any(one.unused for one in found):
        nothing.add("not used")
    kept = [place for place, title in enumerate(titles) if title not in nothing]
    cells = tuple(tuple(row[place] for place in kept) for row in rows)
    return Rows(tuple(titles[place] for place in kept), cells, (above,), optional=("not used", "worst at", "batches"))


def _digits(one: Evaluation) -> str:
    if not one.passed:
        return "-"
    return "exact" if one.digits is None else f"{one.digits:.1f}"


def _verdict(one: Evaluation) -> str:
    """The verdict, in words: what stands in the way, and on how many of the batches."""
    bad = sum(batch.verdict == one.verdict for batch in one.batches)
    where = f" on {bad} of {len(one.batches)} batches" if len(one.batches) > 1 else ""
    if one.verdict == "vacuous":
        return f"vacuous: {', '.join(f'{h.name} {STANDS[h.truth]}' for h in one.worst.unmet)}{where}"
    return one.verdict + (where if not one.passed else "")
