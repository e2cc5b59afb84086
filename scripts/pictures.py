"""Draw the pictures that the documents show, to scale, of a recorded batch: docs/pictures.

``python scripts/pictures.py`` writes those of ``pybridge report`` as files of their own: in the colours of the reader's page,
and, for README.md, which says itself which it wants, in those of a light and of a dark one.  ``--report FILE`` writes nothing
but pictures of some plots in that report, for README.md, too; it needs Chromium and Pillow.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from pybridge.export.loading import load
from pybridge.reporting.measure import parts
from pybridge.reporting.pictures import projection, triangles
from pybridge.reporting.svg import require, standalone

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
PLOTS, WIDTH, HEIGHT = ("gap", "norms"), 1000, 592
"""Which plots of the report are shown, and the picture's pixels."""
COLOURS = 96
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


def chosen(page: str) -> str:
    """The chosen plots of a report in a page of their own, in its looks."""
    (style,) = re.findall(r"<style>\n:root.*?</style>", page, re.DOTALL)
    figures = "".join(re.search(rf'<figure id="plot-{name}">.*?</figure>', page, re.DOTALL)[0] for name in PLOTS)  # type: ignore[index]
    looks = f"{style}<style>body {{ padding: 1rem }} details {{ display: none }}</style>"
    return f'<!doctype html><meta charset="utf-8">{looks}<body><div class="plots">{figures}</div></body>'


def screenshot(page: Path, target: Path, *, dark: bool) -> None:
    """Write a part of a report as Chromium shows it, in few colours."""
    from PIL import Image

    browser = next((path for name in BROWSERS if (path := shutil.which(name)) is not None), None)
    if browser is None:
        raise SystemExit("pictures.py: Chromium is not installed")
    with tempfile.TemporaryDirectory() as folder:
        shot = Path(folder) / "shot.png"
        options = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
        colours = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
        size, profile = f"--window-size={WIDTH},{HEIGHT}", f"--user-data-dir={folder}/profile"
        part = Path(folder) / "part.html"
        part.write_text(chosen(page.read_text(encoding="utf-8")), encoding="utf-8")
        subprocess.run(  # noqa: S603
            [browser, *options, colours, size, profile, f"--screenshot={shot}", part.as_uri()],
            check=True,
            capture_output=True,
        )
        Image.open(shot).convert("RGB").quantize(COLOURS).save(target, optimize=True)


def main() -> None:
    """Write them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--report", type=Path, metavar="FILE", help="a report, of which a part is wanted")
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
