"""Draw the pictures that the documents show, to scale, of a recorded batch: docs/pictures.

``python scripts/pictures.py`` writes those of ``pybridge report`` as files of their own: in the colours of the reader's page,
and, for README.md, which says itself which it wants, in those of a light and of a dark one.  ``--report FILE`` writes nothing
but pictures of the head of that report, for README.md, too; it needs Chromium and Pillow.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
from pathlib import Path

from pybridge.export.loading import load
from pybridge.reporting.measure import parts
from pybridge.reporting.pictures import projection, triangles
from pybridge.reporting.svg import require, standalone

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
WIDTH, HEIGHT = 1000, 660
"""Of the head of the report, in pixels."""
COLOURS = 32
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pictures() -> dict[str, str]:
    """The text of each file, by its name."""
    require()
    found = parts(load())
    plots = (projection(found), triangles(found))
    shown = {f"{plot.name}.svg": standalone(plot.svg) for plot in plots}
    return shown | {
        f"{plots[0].name}-{name}.svg": standalone(plots[0].svg, dark=dark) for name, dark in (("light", False), ("dark", True))
    }


def screenshot(page: Path, target: Path, *, dark: bool) -> None:
    """Write the head of a report as Chromium shows it, in few colours."""
    from PIL import Image

    browser = next((path for name in BROWSERS if (path := shutil.which(name)) is not None), None)
    if browser is None:
        raise SystemExit("pictures.py: Chromium is not installed")
    with tempfile.TemporaryDirectory() as folder:
        shot = Path(folder) / "shot.png"
        options = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder}/profile")
        colours = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
        size = f"--window-size={WIDTH},{HEIGHT}"
        subprocess.run(  # noqa: S603
            [browser, *options, colours, size, f"--screenshot={shot}", page.resolve().as_uri()], check=True, capture_output=True
        )
        Image.open(shot).convert("RGB").quantize(COLOURS).save(target, optimize=True)


def main() -> None:
    """Write them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--report", type=Path, metavar="FILE", help="a report, whose head is wanted")
    asked = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    if asked.report is not None:
        for name, dark in (("light", False), ("dark", True)):
            screenshot(asked.report, FOLDER / f"report-{name}.png", dark=dark)
            print(FOLDER / f"report-{name}.png")
        return
    for name, text in pictures().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(FOLDER / name)


if __name__ == "__main__":
    main()
