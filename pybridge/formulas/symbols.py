"""Symbols for the variables of a declaration: one for a number, one for each coordinate of a vector, or an ``IndexedBase``.

In: variables, sizes, and hypotheses that say something of the sign of a number.  Out: a frame that has them, and what to call a
function with.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import sympy as sp
from typing_extensions import assert_never

from pybridge import ir
from pybridge.formulas.entries import Entries, Entry, Expr, is_number, numbered
from pybridge.formulas.terms import Frame
from pybridge.ir.spaces import axes_of_space


def ascii_name(name: str) -> str:
    """A Lean name as SymPy and Python spell it: gamma, epsilon, w_0; Unicode's lamda is SymPy's, too.

    Examples
    --------
    >>> ascii_name("γ"), ascii_name("ε"), ascii_name("w₀"), ascii_name("μ_g"), ascii_name("g'")
    ('gamma', 'epsilon', 'w_0', 'mu_g', 'gp')
    """
    spelt = []
    for sign in name:
        known = unicodedata.name(sign, "")
        if known.startswith("GREEK SMALL LETTER "):
            spelt.append(known.rpartition(" ")[2].lower())
        elif known.startswith("GREEK CAPITAL LETTER "):
            spelt.append(known.rpartition(" ")[2].capitalize())
        elif known.startswith("SUBSCRIPT "):
            spelt.append(f"_{unicodedata.normalize('NFKC', sign)}")
        else:
            spelt.append("p" if sign == "'" else sign)
    return "".join(spelt)


def assumptions(propositions: Iterable[ir.Proposition]) -> dict[str, dict[str, bool]]:
    """What hypotheses say of the sign of a number, by its name, as SymPy assumes it of a symbol."""
    found: dict[str, dict[str, bool]] = {}
    for proposition in propositions:
        match proposition:
            case ir.Lt(ir.Nat(0), ir.Var(name)):
                found.setdefault(name, {})["positive"] = True
            case ir.Le(ir.Nat(0), ir.Var(name)):
                found.setdefault(name, {})["nonnegative"] = True
            case ir.Ne(ir.Var(name), ir.Nat(0)) | ir.Ne(ir.Nat(0), ir.Var(name)):
                found.setdefault(name, {})["nonzero"] = True
            case _:
                pass
    return found


def frame_of(
    variables: Sequence[ir.Variable],
    sizes: Mapping[str, Expr],
    assumed: Mapping[str, Mapping[str, bool]],
    functions: Mapping[str, Callable[..., Any]],
) -> tuple[Frame, dict[str, Any]]:
    """A frame in which every variable is symbols, and these by the variable's name.

    Parameters
    ----------
    variables
        Of a theorem, or the parameters of a definition.
    sizes
        A number or a symbol for each index type and space.
    assumed
        What is assumed of numbers.
    functions
        By variable, a Python function in place of an unknown one.

    Returns
    -------
    Frame, dict
        The dict holds a symbol for a number; for a vector a tuple of symbols, or an ``IndexedBase`` where its size is a symbol.
    """
    scalars: dict[str, Expr] = {}
    vectors: dict[str, Entries] = {}
    operators: dict[str, Entries] = {}
    positions: dict[str, Expr] = {}
    called: dict[str, Callable[..., Any]] = {}
    symbols: dict[str, Any] = {}
    for variable in variables:
        name, spelt = variable.name, ascii_name(variable.name)
        match variable.kind:
            case ir.ScalarKind():
                symbols[name] = scalars[name] = sp.Symbol(spelt, real=True, **assumed.get(name, {}))
            case ir.VectorKind(space):
                vectors[name], symbols[name] = _array(spelt, [sizes[axis] for axis in axes_of_space(space)])
            case ir.FamilyKind(index, space):
                vectors[name], symbols[name] = _array(spelt, [sizes[index], *(sizes[axis] for axis in axes_of_space(space))])
            case ir.OperatorKind(domain, codomain):
                axes = (*axes_of_space(codomain), *axes_of_space(domain))
                operators[name], symbols[name] = _array(spelt, [sizes[axis] for axis in axes])
            case ir.PositionKind():
                symbols[name] = positions[name] = sp.Symbol(spelt, integer=True, nonnegative=True)
            case ir.LossKind():
                symbols[name] = called[name] = functions.get(name, sp.Function(spelt, real=True))
            case ir.FieldKind(space):
                called[name], symbols[name] = _field(name, spelt, space, sizes, functions)
            case ir.SetKind():
                symbols[name] = sp.Symbol(spelt)
            case _:
                assert_never(variable.kind)
    return Frame(sizes, scalars, vectors, called, operators, positions), symbols


def _array(name: str, lengths: list[Expr]) -> tuple[Entries, Any]:
    """An array of symbols, of which the last axis runs fastest."""
    if all(map(is_number, lengths)):
        return _numbered(name, [int(length) for length in lengths])
    base = sp.IndexedBase(name, real=True)  # without a shape, which would change where a number is put for m

    def at(taken: tuple[Expr, ...], rest: list[Expr]) -> Entries:
        def entry(position: Expr) -> Entry:
            place = (*taken, position)
            return base[place] if len(rest) == 1 else at(place, rest[1:])

        return Entries(rest[0], entry)

    return at((), lengths), base


def _numbered(name: str, lengths: list[int]) -> tuple[Entries, tuple[Any, ...]]:
    first, *rest = lengths
    if rest:
        parts = [_numbered(f"{name}_{k}", rest) for k in range(first)]
        return numbered([part for part, _ in parts]), tuple(symbols for _, symbols in parts)
    symbols = tuple(sp.Symbol(f"{name}_{k}", real=True) for k in range(first))
    return numbered(symbols), symbols


def _field(
    name: str, spelt: str, space: ir.Space, sizes: Mapping[str, Expr], functions: Mapping[str, Callable[..., Any]]
) -> tuple[Callable[..., Any], Any]:
    """A function for each coordinate of what a field gives."""
    if name in functions:
        return functions[name], functions[name]
    size = sizes[axes_of_space(space)[0]]
    parts = tuple(sp.Function(f"{spelt}_{k}", real=True) for k in range(int(size))) if is_number(size) else ()

    def called(*arguments: Expr) -> list[Expr]:
        return [part(*arguments) for part in parts]

    return called, parts
