"""What a command loads before it has anything to say."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["pybridge.cli.check", "pybridge.cli.data", "pybridge.cli.ledger", "pybridge.testing"])
def test_the_readers_of_lean_are_loaded_where_they_are_wanted(module: str) -> None:
    """Audit and surface are for the audit, and for a refutation; no other verdict waits for them."""
    program = (
        f"import sys, {module}; print(*[one for one in sys.modules if one.startswith(('pybridge.audit', 'pybridge.surface'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
