"""A page in Chromium: what it is like at some width, without any other tool.

The page is shown in a frame of that width, in a page that looks at it and writes down what it finds.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--allow-file-access-from-files",
    "--enable-logging=stderr",
)
_LOOK = """<!doctype html><meta charset="utf-8"><body style="margin:0">
<iframe id="frame" src="{page}" style="border:0;width:{width}px;height:900px"></iframe>
<pre id="found"></pre>
<script>
const frame = document.getElementById("frame");
frame.onload = () => setTimeout(() => {{
  const page = frame.contentDocument, view = frame.contentWindow;
  const named = (svg) => (svg.getAttribute("aria-labelledby") || "").split(" ")
    .map((id) => page.getElementById(id)?.textContent || "").join(" ").trim();
  const shown = (element) => element.getClientRects().length > 0;
  const found = {{
    width: page.documentElement.clientWidth,
    scrolls: page.documentElement.scrollWidth,
    resources: view.performance.getEntriesByType("resource").map((one) => one.name),
    images: [...page.querySelectorAll("img")].map((one) => [one.getAttribute("src"), one.getAttribute("alt") || ""]),
    pictures: [...page.querySelectorAll("svg[role=img]")].map(named),
    unnamed: page.querySelectorAll("svg:not([role=img]):not([aria-hidden=true])").length,
    formulas: [...page.querySelectorAll("math")].filter(shown).map((one) => one.getBoundingClientRect().height),
    smallest: Math.min(...[...page.querySelectorAll("svg[role=img] text")].filter(shown)
      .map((one) => parseFloat(view.getComputedStyle(one).fontSize) * Math.hypot(one.getScreenCTM().a, one.getScreenCTM().b))),
    colours: [view.getComputedStyle(page.body).color, view.getComputedStyle(page.documentElement).backgroundColor],
  }};
  document.getElementById("found").textContent = JSON.stringify(found);
}}, 300);
</script>
"""


@dataclass(frozen=True)
class Looked:
    """What a page is like: what the browser found, and what it said on its console."""

    found: dict[str, Any]
    console: list[str]


def chromium() -> str:
    """The browser; the test is skipped where there is none."""
    for name in _NAMES:
        if (path := shutil.which(name)) is not None:
            return path
    pytest.skip("Chromium is not installed")


def looked_at(page: Path, width: int, folder: Path, *, dark: bool = False) -> Looked:
    """Show a page at a width, and say what it is like."""
    wrapper = folder / f"look-{width}-{dark}.html"
    wrapper.write_text(_LOOK.format(page=page.resolve().as_uri(), width=width), encoding="utf-8")
    profile = folder / f"profile-{width}-{dark}"
    mode = ["--blink-settings=preferredColorScheme=0"] if dark else ["--blink-settings=preferredColorScheme=1"]
    command = [chromium(), *_QUIET, *mode, f"--user-data-dir={profile}", f"--window-size={max(width, 800)},1000"]
    shown = subprocess.run(
        [*command, "--virtual-time-budget=8000", "--dump-dom", wrapper.as_uri()],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    found = re.search(r'<pre id="found">(.+?)</pre>', shown.stdout, re.DOTALL)
    assert found is not None, shown.stderr[-2000:]
    said = [line for line in shown.stderr.splitlines() if ":CONSOLE" in line]
    return Looked(json.loads(unescape(found[1])), said)
