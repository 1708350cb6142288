"""The pictures of the dashboard in docs/: the demo's own pages, as Chromium shows them, light and dark.

Run: ``python -m tests.dashboard_pictures [FOLDER]`` (``make pictures``); it needs Debian's chromium.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
_STORY_SECONDS = 240
_WIDTH = 1280
_PATIENCE = 30_000
_TABLES = {"open": "every open complaint", "year": "every complaint of the year"}


@contextmanager
def demo() -> Iterator[str]:
    """The address of the board, once the demo has told its story."""
    program = Path(sys.executable).with_name("forthwith")
    with tempfile.TemporaryDirectory() as folder, Path(folder, "told").open("w+", encoding="utf-8") as told:
        playing = subprocess.Popen(
            [program, "up", "--demo"], cwd=folder, stdout=told, env=os.environ | {"COLUMNS": "400"}
        )
        try:
            yield _board(Path(folder, "told"), playing)
        finally:
            playing.send_signal(signal.SIGINT)
            playing.wait(60)


def _board(told: Path, playing: "subprocess.Popen[bytes]") -> str:
    patience = time.monotonic() + _STORY_SECONDS
    while time.monotonic() < patience and playing.poll() is None:
        words = told.read_text(encoding="utf-8")
        if "It keeps running" in words and (found := re.search(r"board: +(http\S+)", words)):
            return found[1]
        time.sleep(1)
    raise SystemExit(f"the demo has not told its story:\n{told.read_text(encoding='utf-8')}")


def _shown(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")


def _pictures(page: Page, board: str, folder: Path, ending: str) -> None:
    def keep(name: str, height: int = 0) -> None:
        box = None if height else page.get_by_test_id("markdown-display").bounding_box()
        page.set_viewport_size(
            {"width": _WIDTH, "height": int(box["height"] + box["y"]) + 80 if box else height}
        )
        page.wait_for_timeout(700)  # what slides in has slid in
        page.screenshot(path=folder / f"{name}{ending}.png")

    ui = board.partition("/v2/")[0]
    _shown(page, board)
    content = page.get_by_test_id("markdown-display")
    expect(content.get_by_text("Times are")).to_be_visible()
    keep("board")
    row = content.locator("tr", has_text="several customers fit").first
    own = row.get_by_role("link", name=re.compile("FW-")).get_attribute("href")
    suspended = row.get_by_role("link", name="decide").get_attribute("href")
    tables = {
        of: content.get_by_role("link", name=words).get_attribute("href") for of, words in _TABLES.items()
    }
    assert own
    assert suspended
    _shown(page, own)
    expect(page.get_by_role("heading", name=re.compile("needs review"))).to_be_visible()
    keep("complaint")
    _shown(page, suspended)
    page.locator("button[aria-haspopup=menu]").first.click()
    page.get_by_role("menuitem", name="Resume").click()
    form = page.get_by_role("dialog")
    form.get_by_role("button", name="Select Whose complaint is it?").click()
    expect(page.get_by_role("option").first).to_be_visible()
    keep("decide", 900)
    for of, address in tables.items():
        assert address
        _shown(page, address)
        keep(f"table-{of}", 800)
    _shown(page, f"{ui}/v2/runs")
    keep("runs", 800)


def main(folder: Path) -> None:
    """Write all of them."""
    with demo() as board, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for scheme, ending in (("light", ""), ("dark", "-dark")):
            page = browser.new_page(color_scheme=scheme, viewport={"width": _WIDTH, "height": 900})  # type: ignore[arg-type]
            page.set_default_timeout(_PATIENCE)
            _pictures(page, board, folder, ending)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
