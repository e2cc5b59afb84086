"""What it takes to decode a part of a statement made by hand: the exported definitions, and the statement's names."""

from __future__ import annotations

import encoding

from pybridge import ir
from pybridge.export.decode_propositions import Decoder
from pybridge.export.loading import Export
from pybridge.export.nodes import At
from pybridge.export.scope import Scope, decode_kind
from pybridge.ir.spaces import result_of


def decoder(export: Export) -> Decoder:
    """One that knows the exported definitions."""
    known = Decoder()
    for definition in export.definitions.values():
        given = result_of(definition, export.definitions)
        known.define(definition, given.space if isinstance(given, ir.VectorKind) else None)
    return known


def scope(theorem: ir.Theorem, *more: str) -> Scope:
    """The names of the theorem, and ``more`` index types."""
    kinds = {variable.name: variable.kind for variable in theorem.variables}
    return Scope(frozenset({*(index.name for index in theorem.indices), *more}), frozenset(theorem.spaces), kinds)


def assert_decoded(theorem: ir.Theorem, export: Export) -> None:
    """Assert that decoding inverts encoding, of every hypothesis, conclusion and kind."""
    for stated in (*(hypothesis.proposition for hypothesis in theorem.hypotheses), theorem.conclusion):
        assert decoder(export).proposition(encoding.proposition(stated), scope(theorem), At("t")) == stated
    for variable in theorem.variables:
        assert decode_kind(encoding.kind(variable.kind), scope(theorem), At("k")) == variable.kind
