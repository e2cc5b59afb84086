"""What several tests of this folder go through: it takes seconds to make."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pybridge.export.loading import Export
from pybridge.mutation.mutants import Mutant, mutants
from pybridge.mutation.run import declarations


@pytest.fixture(scope="session")
def by_declaration(export: Export) -> Mapping[str, tuple[Mutant, ...]]:
    """The mutants of each declaration, made once."""
    return {name: mutants(declaration, export.definitions) for name, declaration in declarations(export).items()}
