"""A SymPy expression as it is given, and the definition that it is held against: entry by entry, symbol by symbol.

In: an expression or several, and a definition.  Out: expressions in which m is a number, and the values of their symbols.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from pybridge import ir
from pybridge.errors import InputError
from pybridge.formulas.reading import symbols_in
from pybridge.formulas.statements import ANY
from pybridge.formulas.symbols import ascii_name
from pybridge.proving.symbols import symbols_of

ANY_ENTRY = f"{ANY}_m"
"""The position in what ``to_sympy`` gives for a vector of a symbolic m."""


def itself(definition: ir.Definition) -> ir.Theorem:
    """A statement about the definition's parameters, for whoever draws batches or symbols for one."""
    args = tuple(
        ir.Var(one.name) if isinstance(one.kind, ir.ScalarKind) else ir.VVar(one.name) for one in definition.parameters
    )
    indices = tuple(index.name for index in definition.indices)
    conclusion: ir.Proposition
    if isinstance(definition.body, ir.SCALARS):
        value = ir.Call(definition.name, indices, args)
        conclusion = ir.Eq(value, value)
    else:
        vector = ir.VCall(definition.name, indices, args)
        conclusion = ir.VectorEq(vector, vector)
    return ir.Theorem(
        name=definition.name,
        equation="definition",
        comment="",
        docstring=definition.docstring,
        file=definition.file,
        line=definition.line,
        statement=definition.statement,
        indices=definition.indices,
        spaces=(),
        variables=definition.parameters,
        hypotheses=(),
        conclusion=conclusion,
        axioms=ir.Axioms((), complete=False),  # nothing was proved
    )


def entries_of(definition: ir.Definition, expression: Any, m: int) -> list[Any]:
    """The expressions, one for each number that the definition gives, in which m is a number."""
    if isinstance(expression, str):
        raise InputError(f"{definition.name}: text is not read as an expression", hint="pass what SymPy makes of it")
    parts = list(expression) if isinstance(expression, sp.MatrixBase | Sequence) else [expression]
    try:
        given = [sp.sympify(part) for part in parts]
    except (sp.SympifyError, TypeError):
        raise InputError(
            f"{definition.name}: {expression!r} is no SymPy expression", hint="pass one, or one for each entry"
        ) from None
    if any(not isinstance(one, sp.Expr) for one in given):
        raise InputError(
            f"{definition.name}: an expression is to be compared, got a {type(given[0]).__name__}", hint="pass an expression"
        )
    count = 1 if isinstance(definition.body, ir.SCALARS) else m
    entries = [symbol for symbol in given[0].free_symbols if symbol.name == ANY_ENTRY] if len(given) == 1 else []
    if entries:
        given = [given[0].subs(entries[0], k) for k in range(count)]
    sized = [one.subs({symbol: m for symbol in one.free_symbols if symbol.name == "m"}).doit() for one in given]
    if len(sized) != count:
        raise InputError(
            f"{definition.name} gives {count} numbers for m = {m}, got {len(sized)} expressions", hint="pass one for each"
        )
    return sized


def _names(parameters: Sequence[ir.Variable], sizes: Mapping[str, int]) -> dict[str, list[Any]]:
    """By the name that ``symbols_of`` gives a coordinate, the keys by which an expression may call it."""
    found: dict[str, list[Any]] = {}
    for parameter in parameters:
        spelt = ascii_name(parameter.name)
        for number, name in enumerate(symbols_of(parameter, dict(sizes))):
            scalar = isinstance(parameter.kind, ir.ScalarKind)
            found[name] = [spelt, name] if scalar else [f"{spelt}_{number}", (spelt, number), name]
    return found


def refuse_unknown(parameters: Sequence[ir.Variable], owner: str, given: Sequence[Any], sizes: Mapping[str, int]) -> None:
    """Refuse an expression with symbols that are no number of the definition's.

    Raises
    ------
    InputError
        It has one; or a parameter is an array of several axes, or a map.
    """
    for parameter in parameters:
        if not isinstance(parameter.kind, ir.ScalarKind | ir.VectorKind) or isinstance(
            getattr(parameter.kind, "space", None), ir.ChannelSpace
        ):
            raise InputError(f"{owner}: {parameter.name} is neither a number nor a vector", hint="use another definition")
    known = {key for keys in _names(parameters, sizes).values() for key in keys}
    unknown = {key for one in given for key in symbols_in(one)} - known
    if unknown:
        spelt = sorted(str(keys[0]) for keys in _names(parameters, sizes).values())
        raise InputError(
            f"{owner}: the expression has the symbol {min(map(str, unknown))}",
            hint=f"its symbols are {', '.join(spelt)}",
        )


def values_of(parameters: Sequence[ir.Variable], sizes: Mapping[str, int], numbers: Mapping[str, Any]) -> dict[Any, Any]:
    """The value of each coordinate, by every key that an expression may call it by."""
    return {key: numbers[name] for name, keys in _names(parameters, sizes).items() for key in keys}
