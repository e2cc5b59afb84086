"""The pytest plugin: options, a line in the header, and a section of its own for what a kernel computes instead.

Loaded in every session of an environment in which pybridge is installed, so that only pytest is imported here; the rest
waits until it is needed.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pybridge.export.loading import Export

_PACKAGE = Path(__file__).resolve().parent
_SECTION = "pybridge: what the kernel computes"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("pybridge", "kernels tested against statements proved in Lean")
    group.addoption("--pybridge-export", metavar="FILE", type=Path, help="the export that the fixture pybridge_export reads")
    group.addoption(
        "--pybridge-fresh", action="store_true", help="refuse to run unless the export is that of the Lean sources beside it"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to run where an export was asked for and is not there, or is not fresh; the header is not made under ``-q``."""
    asked, fresh = config.getoption("--pybridge-export"), config.getoption("--pybridge-fresh")
    if fresh or asked is not None:
        _described(asked, fresh=fresh)


def pytest_report_header(config: pytest.Config) -> str:
    """Say which export the tests use, and whether it is fresh."""
    return f"pybridge: {_described(config.getoption('--pybridge-export'), fresh=config.getoption('--pybridge-fresh'))}"


def _described(asked: Path | None, *, fresh: bool) -> str:
    from pybridge.errors import PybridgeError
    from pybridge.export.document import check_digest, parse, read
    from pybridge.export.sources import Fresh, freshness

    path = Path(__file__).parent / "data" / "export.json" if asked is None else asked
    try:
        document = parse(read(path), path)
        check_digest(document, path)
        recorded = {source["file"]: source["sha256"] for source in document["sources"]}
        found = freshness(path, recorded)
    except PybridgeError as error:
        if fresh or asked is not None:
            raise pytest.UsageError(str(error)) from None
        return f"export refused: {error}"
    except (KeyError, TypeError):
        raise pytest.UsageError(f"{path}: its sources are not readable") from None
    if fresh and not isinstance(found, Fresh):
        raise pytest.UsageError(
            f"{path}: not fresh: {found.reason}; run in a checkout of pybridge, or without --pybridge-fresh"
        )
    said = "fresh" if isinstance(found, Fresh) else f"not compared with Lean sources: {found.reason}"
    return f"export {document['digest'][:12]} of Lean {document['lean']['version']}, {said}"


@pytest.fixture(scope="session")
def pybridge_export(request: pytest.FixtureRequest) -> Export:
    """The export that ``--pybridge-export`` names, the package's own by default."""
    from pybridge.export.loading import load

    return load(request.config.getoption("--pybridge-export"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put the report of a failed kernel into a section, and leave its first line in the traceback."""
    error: Any = call.excinfo.value if call.excinfo is not None else None
    if (errors := sys.modules.get("pybridge.errors")) is not None and isinstance(error, errors.PybridgeError):
        _outside(item, call)
    testing = sys.modules.get("pybridge.testing")
    if testing is None or not isinstance(error, testing.KernelError):
        return (yield)
    error.shown_elsewhere = True
    report = yield
    report.sections.append((_SECTION, "\n".join(error.report)))
    return report


def _outside(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Take the frames of pybridge out of the traceback of a wrong call; ``--full-trace`` shows them."""
    at = call.excinfo.tb if call.excinfo is not None and not item.config.getoption("--full-trace") else None
    while at is not None:
        below = at.tb_next
        if below is not None and _PACKAGE in Path(below.tb_frame.f_code.co_filename).parents:
            at.tb_next = below.tb_next
        else:
            at = below
