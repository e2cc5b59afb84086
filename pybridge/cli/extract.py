"""The command ``extract``: write the committed export anew, or compare a fresh one with it."""

from __future__ import annotations

from pathlib import Path

from pybridge.cli.options import no_place
from pybridge.cli.signals import unwinding
from pybridge.cli.terminal import say
from pybridge.errors import AGAIN, ExportError
from pybridge.export import extract
from pybridge.export.document import quoted
from pybridge.export.loading import hash_sources


def run(*, check: bool) -> None:
    """Write the export, or compare it.

    Raises
    ------
    PybridgeError
        No Lean, no checkout, a build that fails; or, where it is compared, a committed export that is another one.
    """
    with unwinding():
        extract.find_lake()
        root = extract.find_checkout()
        document = extract.fresh_document(root)
        committed = root / extract.COMMITTED
        if not check:
            extract.write(document, committed)
            say([f"{committed}: {len(document['theorems'])} theorems, digest {quoted(document['digest'], whole=True)}"])
            return
        comparison = extract.compare(document, committed)
    compared = (
        "byte for byte"
        if comparison.byte_for_byte
        else "all but the text and the proofs' constants, since another Lean wrote it"
    )
    if not comparison.equal:
        raise ExportError(f"a fresh export differs from {committed} (compared {compared}): {comparison.difference}", hint=AGAIN)
    say([f"{committed}: equal to a fresh export (compared {compared})"])


def seal(written: Path, root: Path, output: Path) -> None:
    """Make an export of what another project's exporter wrote.

    Raises
    ------
    PybridgeError
        What it wrote is refused, or the export cannot be written.
    """
    document = extract.completed(written, root, hash_sources(root))
    try:
        extract.write(document, output)
    except OSError as error:
        raise no_place(output, error, "-o") from None
    said = f"{len(document['theorems'])} theorems, {len(document['definitions'])} definitions"
    say([f"{output}: {said}, digest {quoted(document['digest'], whole=True)}"])
