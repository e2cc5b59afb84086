"""A proved statement in which variables stand for the definitions it calls, so that a kernel's values can be put in.

In: a theorem, and what a kernel computed, by the names of definitions.  Out: the calls of these definitions in the
statement, with what was computed, and the statement with a variable in place of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pybridge import ir
from pybridge.algebras.formats import FLOAT64, Format
from pybridge.errors import InputError, brief
from pybridge.export.loading import Export
from pybridge.ir.rewrite import everywhere
from pybridge.ir.traverse import subterms, terms
from pybridge.kernels.arithmetic import Arithmetic, default_compute
from pybridge.kernels.frameworks import Doubles
from pybridge.kernels.rows import numbers
from pybridge.notation.render import text

_CALL = ir.Call | ir.VCall


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ComputedCall:
    """A call in a statement that the kernel's values stand for."""

    call: ir.Call | ir.VCall
    definition: ir.Definition
    got: Doubles
    arithmetic: Arithmetic

    def __repr__(self) -> str:
        return brief(self, f"{text(self.call)} of {self.definition.name}")

    @property
    def name(self) -> str:
        """A variable that no statement has."""
        return f"computed {self.definition.name}"


def _calls(theorem: ir.Theorem) -> tuple[ir.Call | ir.VCall, ...]:
    every = (inner for term in terms(theorem.conclusion) for inner in subterms(term))
    return tuple(dict.fromkeys(inner for inner in every if isinstance(inner, _CALL)))


def called_by(theorem: ir.Theorem) -> str:
    """The definitions that a theorem calls, for a message."""
    return ", ".join(dict.fromkeys(call.name for call in _calls(theorem))) or "no definition"


def computed_call(theorem: ir.Theorem, name: str, value: Any, compute: Format | None, export: Export) -> ComputedCall:
    """The call of the definition ``name`` in a theorem, and what was computed for it.

    Raises
    ------
    InputError
        The theorem does not call it, calls it more than once, or with other arguments than variables.
    """
    definition = export.definition(name)
    calls = [call for call in _calls(theorem) if call.name == definition.name]
    if len(calls) != 1:
        if calls:
            several = " and ".join(text(call) for call in calls)
            raise InputError(
                f"{theorem.name} calls {definition.name} more than once: {several}", hint="use a theorem that calls it once"
            )
        raise InputError(f"{theorem.name} does not call {definition.name}", hint=f"it calls {called_by(theorem)}")
    if not all(isinstance(arg, ir.Var | ir.VVar | ir.Nat) for arg in calls[0].args):
        raise InputError(f"{theorem.name} calls {text(calls[0])}, whose arguments are no variables", hint="use another theorem")
    got, known = numbers(theorem.name, f"computed {name}", value, finite=False)
    storage = known or FLOAT64
    return ComputedCall(
        call=calls[0],
        definition=definition,
        got=got,
        arithmetic=Arithmetic(compute=compute or default_compute(storage), storage=storage),
    )


def substituted(theorem: ir.Theorem, calls: Sequence[ComputedCall]) -> ir.Proposition:
    """The conclusion of a theorem with a variable for each call; an InputError where it is no equation nor inequality."""
    names: dict[ir.Term, ir.Term] = {
        one.call: ir.VVar(one.name) if isinstance(one.call, ir.VCall) else ir.Var(one.name) for one in calls
    }

    def other(term: ir.Term) -> ir.Term:
        return names.get(term, term)

    match proposition := theorem.conclusion:
        case ir.Eq() | ir.Ne() | ir.Lt() | ir.Le() | ir.VectorEq() | ir.VectorNe():
            changed: dict[str, Any] = {
                "left": everywhere(proposition.left, other),
                "right": everywhere(proposition.right, other),
            }
            return replace(proposition, **changed)
        case _:
            raise InputError(
                f"{theorem.name}: its conclusion is neither an equation nor an inequality", hint="use another theorem"
            )
