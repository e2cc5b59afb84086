"""Decoding of definitions and theorems about arrays of several axes."""

from __future__ import annotations

import encoding
import layer_statements as layers
import pytest
from decoding import assert_decoded, decoder

from pybridge import ir
from pybridge.export.loading import Export
from pybridge.export.nodes import At
from pybridge.export.scope import Scope
from pybridge.ir.spaces import result_of


@pytest.mark.parametrize("name", layers.THEOREMS)
def test_layers_are_what_was_encoded(name: str, export: Export) -> None:
    """Arrays of several axes, and hypotheses about all rows."""
    assert_decoded(layers.THEOREMS[name], layers.added_to(export))


@pytest.mark.parametrize("name", layers.DEFINITIONS)
def test_the_space_of_a_definition_is_read_off_its_body(name: str, export: Export) -> None:
    """As the decoder finds it, which has looked at every part."""
    known = layers.added_to(export)
    definition = known.definitions[name]
    kinds = {parameter.name: parameter.kind for parameter in definition.parameters}
    declared = Scope(frozenset(index.name for index in definition.indices), frozenset(), kinds)
    body, space = decoder(known).argument(encoding.argument(definition.body), declared, At("d"))
    assert body == definition.body
    assert result_of(definition, known.definitions) == (ir.ScalarKind() if space is None else ir.VectorKind(space))
