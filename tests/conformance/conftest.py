"""Fixtures of tests about frameworks."""

from __future__ import annotations

import pytest
from whole_layers import whole

from pybridge.export.loading import Export


@pytest.fixture(scope="session")
def known(export: Export) -> Export:
    """The export with the gradients in γ of whole layers, where it lacks them."""
    return whole(export)
