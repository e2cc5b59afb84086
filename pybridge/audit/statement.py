"""A whole statement: binder by binder what is an index type, a space, a variable, a hypothesis; then conclusion or body.

In: a statement as ``surface`` reads it.  Out: the parts of a declaration as terms of ``ir``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pybridge import ir
from pybridge.audit.constants import is_proposition
from pybridge.audit.elaborate import Elaborator, Scope
from pybridge.audit.to_ir import kind, proposition, term
from pybridge.audit.types import INDEX, SPACE, Known, Type, UnreadError, unify
from pybridge.audit.values import Node, node, typed
from pybridge.surface.statements import Bind, Statement
from pybridge.surface.terms import Apply, Local, Name, Tree, show

_CLASSES = {"Fintype", "Nonempty", "DecidableEq", "NormedAddCommGroup", "CompleteSpace", "Nontrivial", "InnerProductSpace"}


@dataclass(slots=True)
class Reading:
    """What a statement says: the parts of a theorem or definition."""

    indices: list[ir.Index] = field(default_factory=list)
    spaces: list[str] = field(default_factory=list)
    nontrivial: list[str] = field(default_factory=list)
    variables: list[ir.Variable] = field(default_factory=list)
    hypotheses: dict[str, ir.Proposition] = field(default_factory=dict)
    conclusion: ir.Proposition | None = None
    body: ir.Term | None = None


def read(statement: Statement, elaborator: Elaborator, *, written: bool = False) -> Reading:
    """Read a statement as Lean prints it, or with ``written`` as a person does, who leaves the coercions to Lean.

    Raises
    ------
    UnreadError
        A part of it is in no table here, or its text does not say of which type something is.
    """
    found = Reading()
    values: dict[str, Node] = {}
    types: dict[str, Type] = {}
    scope = Scope(values, types, written=written)
    classes = instances(statement.binders)
    hypotheses: dict[str, Node] = {}
    for one in statement.binders:
        if one.bracket == "[":
            continue
        if one.name is None:
            raise UnreadError(f"a variable without a name: {one.said}")
        if is_sort(one.type):
            types[one.name] = _sort(one.name, classes, found)
        elif is_proposition(one.type):
            hypotheses[one.name] = elaborator.proposition(one.type, scope)
        else:
            values[one.name] = Node("var", elaborator.type(one.type, scope), name=one.name)
    if statement.value is None:
        conclusion = elaborator.proposition(statement.conclusion, scope)
        found.conclusion = proposition(conclusion)
    else:
        body = node(elaborator.value(statement.value, scope), "a term")
        unify(body.type, elaborator.type(statement.conclusion, scope))
        found.body = term(body)
    found.hypotheses = {name: proposition(one) for name, one in hypotheses.items()}
    found.variables = [ir.Variable(name, kind(typed(one))) for name, one in values.items()]
    return found


def is_sort(tree: Tree) -> bool:
    """Whether a binder of this type is a type itself."""
    return isinstance(tree, Name) and tree.text in ("Type", "Sort")


def instances(binders: Sequence[Bind]) -> Mapping[str, set[str]]:
    """The classes that a statement assumes, of which type.

    Raises
    ------
    UnreadError
        A class is none of those that are exported.
    """
    found: dict[str, set[str]] = {}
    for one in binders:
        if one.bracket != "[":
            continue
        match one.type:
            case Apply(function=Name(text=name), arguments=(Local(name=of),)) if name in _CLASSES - {"InnerProductSpace"}:
                found.setdefault(of, set()).add(name)
            case Apply(function=Name(text="InnerProductSpace" as name), arguments=(Name(text="ℝ"), Local(name=of))):
                found.setdefault(of, set()).add(name)
            case _:
                raise UnreadError(f"the class {show(one.type)}")
    return found


def _sort(name: str, classes: Mapping[str, set[str]], found: Reading) -> Known:
    assumed = classes.get(name, set())
    if "InnerProductSpace" in assumed:
        found.spaces.append(name)
        if "Nontrivial" in assumed:
            found.nontrivial.append(name)
        return Known(SPACE + name)
    if assumed & {"NormedAddCommGroup", "Nontrivial", "CompleteSpace"}:
        raise UnreadError(f"{name} is neither an index type nor a real inner product space")
    found.indices.append(ir.Index(name, "Nonempty" in assumed))
    return Known(INDEX + name)
