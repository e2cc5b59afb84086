"""How values are written: names for them, and expressions with as few parentheses as they need."""

from __future__ import annotations

import keyword
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pybridge.codegen.lower import Lowered
from pybridge.codegen.schedule import Schedule, Sweep, in_order
from pybridge.codegen.values import Value

ASCII = {"α": "alpha", "β": "beta", "γ": "gamma", "ε": "eps", "μ": "mu", "ρ": "rho", "σ": "sigma"}
_SIGNS = {"add": (" + ", 1), "subtract": (" - ", 1), "multiply": (" * ", 2), "divide": (" / ", 2)}
_ATOM, _UNARY = 4, 3
_TAKEN = frozenset(
    [
        *("m", "i", "j", "k", "l", "row", "rows", "block", "blocks", "runs", "batches", "within", "length", "width", "shape"),
        *("steps", "first", "last", "begin", "piece", "out", "wrong", "check", "value", "stored", "root", "usual"),
        *("along", "across", "out_at"),
        *("out_step", "out_run", "chunks", "total", "dot", "subtract", "add", "multiply", "negative", "absolute", "maximum"),
        *("sqrt", "isfinite", "fabs", "float", "double", "int", "long", "short", "char", "auto", "const", "void", "static"),
        *("inline", "signed", "unsigned", "struct", "union", "enum", "typedef", "sizeof", "switch", "case", "default", "do"),
        *(
            "goto",
            "extern",
            "restrict",
            "register",
            "volatile",
            "y0",
            "y1",
            "yn",
            "j0",
            "j1",
            "jn",
            "abs",
            "min",
            "max",
            "range",
        ),
        *("range", "empty", "zeros", "float64", "njit", "prange", "main"),
    ]
)
"""What the code, Python or C call something else already."""


@dataclass(frozen=True, slots=True)
class Style:
    """What differs between languages: how a number, a root and an absolute value are written."""

    number: Callable[[int], str]
    sqrt: Callable[[str], str]
    absolute: Callable[[str], str]


def arguments(lowered: Lowered) -> dict[str, str]:
    """A name for every parameter, by its Lean name."""
    taken = set(_TAKEN)
    return {name: _free(identifier(name), taken) for name in (*lowered.scalars, *lowered.vectors)}


def names_of(schedule: Schedule) -> dict[Value, str]:
    """A name for every value: an argument's own, a definition's, or what it is made of."""
    lowered = schedule.lowered
    own = arguments(lowered)
    taken = {*_TAKEN, *own.values()}
    order = list(in_order([lowered.result]))
    names = {value: own[str(value.data)] for value in order if value.op == "input"}
    for value in order:
        if value.leaf:
            continue
        if (known := lowered.called.get(value)) is not None:
            wanted = identifier(known)
        elif value is lowered.result:
            wanted = identifier(lowered.name.rpartition(".")[2])
        elif value.op == "sum":
            body = value.args[0]
            wanted = f"sum_{names[body]}" if body.leaf or body in lowered.called else "sum_1"
        elif value.op == "divide" and value.args[0].op == "number" and not value.args[1].leaf:
            wanted = f"inverse_{names[value.args[1]]}"
        elif value.op == "subtract" and all(arg.op == "input" or arg in lowered.called for arg in value.args):
            wanted = f"{names[value.args[0]]}_minus_{names[value.args[1]]}"
        else:
            wanted = "entry_1" if value.spread else "row_1"
        names[value] = _free(wanted, taken)
    return names


def identifier(name: str) -> str:
    """A name of ASCII letters, digits and underscores for a Lean name; never anything else, whatever the export holds."""
    spelt = "".join(ASCII.get(letter, letter) for letter in name)
    kept = "".join(letter if letter.isascii() and (letter.isalnum() or letter == "_") else "_" for letter in spelt)
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in kept).strip("_")
    return snake if snake and not snake[0].isdigit() else f"x_{snake}".rstrip("_")


def _free(wanted: str, taken: set[str]) -> str:
    stem, number = (wanted[:-2], 1) if wanted.endswith("_1") else (wanted, 1)
    name = wanted
    while name in taken or keyword.iskeyword(name):
        number += 1
        name = f"{stem}_{number}"
    taken.add(name)
    return name


def uses(wanted: Iterable[Value], *, entries: bool) -> Counter[Value]:
    """How often each value is an argument among what the wanted values are made of."""
    found: Counter[Value] = Counter()
    for value in in_order(wanted, entries=entries):
        found.update(value.args)
    return found


def expression(value: Value, names: Mapping[Value, str], style: Style, *, top: bool = True) -> str:
    """The operation on arguments that have a name, or are written out themselves; ``top`` where the value's own is not used."""
    return _written(value, names, style, top=top)[0]


def _written(value: Value, names: Mapping[Value, str], style: Style, *, top: bool) -> tuple[str, int]:
    if not top and value in names:
        return names[value], _ATOM
    args = [_written(arg, names, style, top=False) for arg in value.args]
    match value.op, args:
        case "number", _:
            return style.number(int(str(value.data))), _ATOM
        case "size", _:
            return "m", _ATOM
        case "negate", [(arg, strength)]:
            return f"-{_closed(arg, strength, _UNARY)}", _UNARY
        case "sqrt", [(arg, _)]:
            return style.sqrt(arg), _ATOM
        case "absolute", [(arg, _)]:
            return style.absolute(arg), _ATOM
        case op, [(left, one), (right, other)] if op in _SIGNS:
            sign, strength = _SIGNS[op]
            return f"{_closed(left, one, strength)}{sign}{_closed(right, other, strength + 1)}", strength
        case _:
            return names[value], _ATOM


def _closed(text: str, strength: int, needed: int) -> str:
    return text if strength >= needed else f"({text})"


def known_rows(schedule: Schedule, names: Mapping[Value, str]) -> dict[Value, str]:
    """The arguments, sums, and numbers of the batch that get a variable.

    Those are what the library has a name for, what is used more than once or by entries, and what something is divided by.
    """
    result = schedule.lowered.result
    counts = uses([result], entries=False)
    entries = {arg for value in in_order([result]) if value.spread for arg in value.args}
    kept = {*schedule.lowered.called, *schedule.divisors, *entries, result}
    return {
        value: name
        for value, name in names.items()
        if value.op in ("input", "sum") or (not value.spread and (counts[value] > 1 or value in kept))
    }


def known_entries(sweep: Sweep, schedule: Schedule, names: Mapping[Value, str]) -> dict[Value, str]:
    """The operations on entries that get a variable in a sweep: what the library has a name for, and what is used twice."""
    wanted = [value.args[0] for value in sweep.sums] or [schedule.lowered.result]
    counts = uses(wanted, entries=True)
    counts.update(value for value in wanted if sweep.sums)
    called = schedule.lowered.called
    return {value: names[value] for value in sweep.entries if counts[value] > 1 or (value in called and counts[value])}
