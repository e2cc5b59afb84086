"""Write the files that are made of others: the metadata at the root of the repository, and the published JSON Schemas.

The metadata (CITATION.cff, .zenodo.json, codemeta.json, formalization.yaml) and the hashes (artifact.json) are made of
``pybridge/artifact/facts.py``, the version, the export and the checkout, the schemas of the models. With ``--check`` nothing
is written, and the exit code is 1 where a file is behind.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from pybridge.artifact.metadata import files
from pybridge.cli import schemas
from pybridge.export.loading import load

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Write the files, or with ``--check`` compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare only")
    check = parser.parse_args().check
    behind = []
    published = {f"pybridge/schemas/{name}.json": schemas.text(schema) for name, schema in schemas.made().items()}
    for name, text in {**files(load(), ROOT), **published}.items():
        place = ROOT / name
        if not place.is_file() or place.read_text(encoding="utf-8") != text:
            behind.append(name)
            if not check:
                place.parent.mkdir(exist_ok=True)
                place.write_text(text, encoding="utf-8")
    said = "behind: python scripts/metadata.py" if check else "written"
    print(f"{', '.join(behind)}: {said}" if behind else "all files are up to date")
    raise SystemExit(1 if check and behind else 0)


if __name__ == "__main__":
    main()
