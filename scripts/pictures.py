"""Draw the pictures that the documents show, to scale, of a recorded batch: docs/pictures/*.svg.

``python scripts/pictures.py`` writes them; they are those of ``pybridge report``, with the colours of a light or a dark page.
"""

from __future__ import annotations

from pathlib import Path

from pybridge.export.loading import load
from pybridge.reporting.measure import parts
from pybridge.reporting.pictures import projection, triangles
from pybridge.reporting.svg import require, standalone

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"


def pictures() -> dict[str, str]:
    """The text of each file, by its name."""
    require()
    found = parts(load())
    return {f"{plot.name}.svg": standalone(plot.svg) for plot in (projection(found), triangles(found))}


def main() -> None:
    """Write them."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in pictures().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(FOLDER / name)


if __name__ == "__main__":
    main()
