"""A definition or theorem of the Lean library in SymPy.

In: its name, and the size of a batch as a number, a symbol, or none.  Out: a ``Formula``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from pybridge import ir
from pybridge.errors import InputError, brief
from pybridge.export.loading import Export
from pybridge.export.own import own_or
from pybridge.formulas.entries import Entries, Entry, Expr, is_number
from pybridge.formulas.statements import any_position, joined, relations
from pybridge.formulas.symbols import ascii_name, assumptions, frame_of
from pybridge.formulas.terms import Frame, Writer
from pybridge.kernels.arguments import ALIASES
from pybridge.proving.symbols import sizes_of

MOST = 64
"""The largest m of which every entry is written out."""
MAIN_INDEX = "ι"
"""The index type whose size is m."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Formula:
    """A definition or theorem in SymPy.

    Parameters
    ----------
    name
        Of the declaration.
    sizes
        What m and the other sizes are: numbers or symbols, by the name of the index type or space.
    symbols
        By Lean name, the symbol of a number; of a vector the tuple of its entries' symbols, or an ``IndexedBase``.
    expression
        Of a definition: an expression, or for a vector a column ``Matrix``; for a symbolic m its entry at the position
        ``any_m``.  None of a theorem.
    relations
        Of a theorem: what it concludes, as relations that all hold.  Empty of a definition.
    hypotheses
        By name, what a theorem assumes.
    """

    name: str
    sizes: Mapping[str, Expr]
    symbols: Mapping[str, Any]
    expression: Expr | None = None
    relations: tuple[Expr, ...] = ()
    hypotheses: Mapping[str, Expr]

    @property
    def statement(self) -> Expr:
        """What a theorem concludes, as one condition.

        Raises
        ------
        InputError
            It is a definition, which says nothing that could be false.
        """
        if not self.relations:
            raise InputError(f"{self.name} is a definition", hint="see its expression")
        return joined(self.relations)

    @property
    def arguments(self) -> tuple[Any, ...]:
        """The symbols in the order of the Lean declaration, as ``sympy.lambdify`` takes them; a vector's are a tuple."""
        return tuple(self.symbols.values())

    def lambdify(self, modules: Any = "numpy") -> Callable[..., Any]:
        """The expression of a definition as a function of numbers and sequences, by ``sympy.lambdify``; m has to be a number.

        Raises
        ------
        InputError
            It is a theorem, whose relations have two sides each, or m is a symbol.
        """
        if self.expression is None:
            raise InputError(
                f"{self.name} is a theorem", hint="lambdify the sides of its relations: relation.lhs, relation.rhs"
            )
        if not all(map(is_number, self.sizes.values())):
            raise InputError(f"{self.name}: m is a symbol", hint="pass m, such as m=3")
        made: Callable[..., Any] = sp.lambdify(self.arguments, self.expression, modules)
        return made

    def _sympy_(self) -> Expr:
        return self.statement if self.expression is None else self.expression

    def __repr__(self) -> str:
        return brief(self, f"{self.name}: {self._sympy_()}")

    def __str__(self) -> str:
        return str(self._sympy_())

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {sp.latex(self._sympy_())}$"


def to_sympy(
    name: str, m: int | sp.Symbol | None = None, *, export: Export | None = None, **functions: Callable[..., Any]
) -> Formula:
    """A definition or theorem as SymPy expressions and relations.

    Quotients and roots are SymPy's: where Lean divides by 0 and gets 0, SymPy's expression has no value; nor has a projection
    onto vectors that are not independent.

    Parameters
    ----------
    name : str
        A theorem or definition, with or without its namespace, or an equation that one theorem has; of several the first.
    m : int or Symbol, optional
        The size of a batch: a number, for which every entry is written out, or a symbol, for which sums stay sums; a symbol m
        where it is not given.  It is the dimension of an abstract space, too; of an index type that only numbers vectors it is
        at most 2.
    export : Export, optional
        Where the declaration is looked up; the package's own by default.
    **functions
        For a loss L, a Python function of a list of expressions; an unknown function of them where it is not given.

    Raises
    ------
    UnknownNameError
        There is no such declaration.
    InputError
        m is no size; or SymPy has no form for the statement (sets, operator norms, greatest values), or has one for a given m
        only (derivatives).

    Examples
    --------
    >>> variance = to_sympy("variance", m=2)
    >>> variance.expression.expand()
    y_0**2/4 - y_0*y_1/2 + y_1**2/4
    >>> to_sympy("mean").expression
    Sum(y[i], (i, 0, m - 1))/m
    >>> round(variance.lambdify()([1.0, 4.0]), 3)
    2.25
    >>> to_sympy("normalize_eps_zero_smul", m=3).hypotheses
    {'ha': 0 < a}
    """
    document = own_or(export)
    declaration = document.declared(name)[0]
    size = _size(m)
    writer = Writer(document.definitions)
    called = {_lean(declaration, word): _of_a_list(function) for word, function in functions.items()}
    if isinstance(declaration, ir.Theorem):
        return _theorem(declaration, size, writer, called)
    return _definition(declaration, size, writer, called)


def _theorem(theorem: ir.Theorem, size: Expr, writer: Writer, functions: Mapping[str, Callable[..., Any]]) -> Formula:
    sizes = _sizes(theorem, size)
    stated = [hypothesis.proposition for hypothesis in theorem.hypotheses]
    frame, symbols = frame_of(theorem.variables, sizes, assumptions(stated), functions)
    conclusion: ir.Proposition = theorem.conclusion
    for variable in reversed(theorem.variables):
        if isinstance(variable.kind, ir.PositionKind):
            conclusion = ir.ForAll(variable, conclusion)
    return Formula(
        name=theorem.name,
        sizes=sizes,
        symbols={name: symbol for name, symbol in symbols.items() if name not in frame.positions},
        relations=relations(conclusion, frame, writer),
        hypotheses={
            hypothesis.name: joined(relations(hypothesis.proposition, frame, writer)) for hypothesis in theorem.hypotheses
        },
    )


def _definition(definition: ir.Definition, size: Expr, writer: Writer, functions: Mapping[str, Callable[..., Any]]) -> Formula:
    sizes = {index.name: size if index.name == MAIN_INDEX else _other(index.name, size) for index in definition.indices}
    frame, symbols = frame_of(definition.parameters, sizes, {}, functions)
    return Formula(
        name=definition.name,
        sizes=sizes,
        symbols=symbols,
        expression=_value(definition.body, frame, writer),
        hypotheses={},
    )


def _value(body: ir.Term, frame: Frame, writer: Writer) -> Expr:
    """A number; of a vector a column, or its entry at any position."""
    if isinstance(body, ir.SCALARS):
        return writer.scalar(body, frame)
    vector: Entry = writer.vector(body, frame)
    if isinstance(vector, Entries) and is_number(vector.size):
        nested = _nested(vector)
        return sp.Array(nested) if isinstance(nested[0], list) and isinstance(nested[0][0], list) else sp.Matrix(nested)
    while isinstance(vector, Entries):
        vector = vector.at(any_position(vector.size))
    return vector


def _nested(vector: Entries) -> list[Any]:
    """The numbers of a vector in lists, one within the other where it has channels."""
    return [_nested(entry) if isinstance(entry, Entries) else entry for entry in vector.every()]


def _sizes(theorem: ir.Theorem, size: Expr) -> dict[str, Expr]:
    if isinstance(size, int):
        return dict(sizes_of(theorem, size))
    names = (*(index.name for index in theorem.indices), *theorem.spaces)
    return {name: size if name == MAIN_INDEX else _other(name, size) for name in names}


def _other(name: str, size: Expr) -> Expr:
    """The size of another index type or space than that of a batch."""
    return size if isinstance(size, int) else sp.Symbol(f"{size}_{ascii_name(name)}", integer=True, positive=True)


def _size(m: object) -> Expr:
    if m is None:
        return sp.Symbol("m", integer=True, positive=True)
    if isinstance(m, sp.Symbol):
        return m
    if not isinstance(m, int) or isinstance(m, bool) or not 1 <= m <= MOST:
        raise InputError(f"m is {m!r}", hint=f"give a number from 1 to {MOST}, or a SymPy symbol")
    return m


def _lean(declaration: ir.Theorem | ir.Definition, word: str) -> str:
    """The variable that a function is given for."""
    variables = declaration.variables if isinstance(declaration, ir.Theorem) else declaration.parameters
    functions = [v.name for v in variables if isinstance(v.kind, ir.LossKind | ir.FieldKind)]
    if (name := ALIASES.get(word, word)) not in functions:
        raise InputError(
            f"{declaration.name} has no function {word!r}", hint=f"its functions are {', '.join(functions) or 'none'}"
        )
    return name


def _of_a_list(function: object) -> Callable[..., Any]:
    """A function of several expressions, which hands them on as one list."""
    if not callable(function):
        raise InputError(f"a {type(function).__name__} is no function", hint="give a Python function of a list of expressions")
    return lambda *arguments: function(list(arguments))
