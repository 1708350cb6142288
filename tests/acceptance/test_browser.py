"""The dashboard as the compliance team walks it: a real browser, a real desk, real servers."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Dialog, Locator, Page, Request, async_playwright, expect
from playwright.async_api import TimeoutError as PlaywrightTimeout

from flows.embedded import EmbeddedImap, EmbeddedSmtp, free_port
from tests.acceptance.commands import Process, forthwith
from tests.street import CUSTOMERS, Street, ico_letter, settings_for

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOSTILE = (
    "<img src=//evil.example/p.png onerror=alert(1)> [pay](javascript:alert(1)) https://evil.example/x Retail"
)
ADA = "ada@acme-retail.example"
PATIENCE = 30_000
LOOKS = 60
WIDE = 1280

expect.set_options(timeout=PATIENCE)

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
    pytest.mark.timeout(240),
    pytest.mark.asyncio(loop_scope="module"),
]


def shown(page: Page) -> Locator:
    """What an artifact shows; its raw text stands beside it, hidden."""
    return page.get_by_test_id("markdown-display")


async def appears(what: Locator) -> bool:
    """Whether it is shown within two seconds."""
    try:
        await what.wait_for(timeout=2_000)
    except PlaywrightTimeout:
        return False
    return True


@dataclass
class Team:
    """Somebody before the browser."""

    street: Street
    browser: Browser
    ui: str
    desk: Process
    asked_elsewhere: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    async def page(self) -> Page:
        page = await self.browser.new_page(viewport={"width": WIDE, "height": 900})
        page.set_default_timeout(PATIENCE)
        page.on("request", self._look)
        page.on("dialog", self._dialog)
        return page

    def _look(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme in ("http", "https") and f"{url.scheme}://{url.netloc}" != self.ui:
            self.asked_elsewhere.append(request.url)

    async def _dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        await dialog.dismiss()

    async def board(self, page: Page) -> None:
        """Found from the sidebar, as somebody who has just heard of it would."""
        await page.goto(f"{self.ui}/v2/")
        await page.get_by_role("link", name="Deployments").click()
        form = page.get_by_role("link", name="00 board").first
        async with asyncio.timeout(PATIENCE / 1000):
            # The forms come a moment after the board, and the page does not read the list again by itself.
            while not await appears(form):
                await page.reload()
        await form.click()
        await page.get_by_role("tab", name="Description").click()
        await page.get_by_role("link", name="Open the board").first.click()
        await expect(shown(page).get_by_text("Times are Europe/London")).to_be_visible()


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory, prepared: Callable[[Path], Path]) -> Iterator[Street]:
    folder = tmp_path_factory.mktemp("browser")
    prepared(folder / "var")
    with EmbeddedImap(folder / "imap") as imap, EmbeddedSmtp(folder / "mail") as smtp:
        settings = settings_for(folder, imap, smtp, f"sqlite:///{folder / 'store.db'}")
        row = f'hostile,"{HOSTILE}",Wickham Retail,wickham-retail.example,,Hal,hal@wickham-retail.example,,,GB\n'
        (folder / "customers.csv").write_text(CUSTOMERS + row, encoding="utf-8")
        yield Street(folder, imap, smtp, settings)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def team(street: Street) -> AsyncIterator[Team]:
    both = "The complaint concerns both Acme Retail Ltd and Wickham Retail."
    street.deliver(ico_letter(both, reference="IC-372501-S1A1"))
    street.deliver(ico_letter(both, reference="IC-372502-S1A1"))
    street.deliver(ico_letter(both, reference="IC-372503-S1A1"))
    port = free_port()
    async with (
        forthwith("up", street, "", prefect_port=port, second_clock=False, timezone="Europe/London") as desk,
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        async with asyncio.timeout(90):
            while "Board: " not in desk.words.read_text():  # noqa: ASYNC110  another process brings it about
                await asyncio.sleep(0.2)
        yield Team(street, browser, f"http://127.0.0.1:{port}", desk)
        await browser.close()


async def until_shown(team: Team, page: Page, section: str, ref: str, *, link: str = "") -> Locator:
    """Reload the board until it lists the complaint under a heading, with a link: it is made anew within seconds."""
    row = shown(page).locator("tr", has_text=ref)
    for _ in range(LOOKS):
        await expect(shown(page).get_by_text("Times are Europe/London")).to_be_visible()
        text = await shown(page).inner_text()
        listed = re.search(rf"{section} \(\d+\)(?:(?!\(\d+\)).)*{ref}", text, flags=re.DOTALL)
        if listed and (not link or await row.get_by_role("link", name=link).count()):
            return row
        # A browser that reloads without a rest keeps the desk and the server from their work.
        await asyncio.sleep(1)
        await page.reload()
    raise AssertionError(f"{ref} is not under {section!r}:\n{text}\n{team.desk.words.read_text()[-5000:]}")


async def test_a_complaint_is_decided_in_the_pages_and_reaches_the_manager(team: Team) -> None:
    page = await team.page()
    await team.board(page)
    waiting = await until_shown(team, page, "Waiting for a person", "FW-1001", link="decide")
    await expect(waiting.get_by_role("link", name=re.compile("→ Acme Retail Ltd"))).to_be_visible()

    await waiting.get_by_role("link", name="FW-1001").click()
    await expect(page.get_by_role("heading", name="FW-1001 · needs review")).to_be_visible()
    await expect(shown(page).get_by_text("several customers fit")).to_be_visible()

    await page.go_back()
    await waiting.get_by_role("link", name="decide").click()
    await expect(page.get_by_text("Suspended").first).to_be_visible()
    await page.locator("button[aria-haspopup=menu]").first.click()
    await page.get_by_role("menuitem", name="Resume").click()
    form = page.get_by_role("dialog")
    await form.get_by_role("button", name="Select Whose complaint is it?").click()
    await page.get_by_role("option", name=re.compile("Acme Retail Ltd")).click()
    await form.get_by_label("Your initials").fill("AB")
    await form.get_by_role("button", name="Resume").click()
    await expect(page.get_by_text("Assigned").first).to_be_visible()

    await team.board(page)
    await until_shown(team, page, "Forwarded, not closed", "FW-1001")
    [forward] = team.street.mailbox(ADA)
    assert forward["X-Forthwith-Notice"] == "forward"
    assert team.street.mailbox("hal@wickham-retail.example") == []


async def test_a_customer_is_chosen_in_a_form_that_asks_in_words(team: Team) -> None:
    page = await team.page()
    await team.board(page)
    waiting = await until_shown(team, page, "Waiting for a person", "FW-1003", link="assign")
    await waiting.get_by_role("link", name="assign").click()
    await expect(page.get_by_label("Our reference")).to_have_value("FW-1003")
    await page.get_by_role("button", name="Select").first.click()
    await page.keyboard.type("borealis")
    await page.get_by_role("option", name="borealis · Borealis Energy AB").click()
    await page.get_by_label("Your initials").fill("AB")
    async with page.expect_response(re.compile("create_flow_run")) as asked:
        await page.get_by_role("button", name="Submit").click()
    run = await (await asked.value).json()

    await page.goto(f"{team.ui}/v2/runs/flow-run/{run['id']}")
    await page.get_by_role("tab", name="Details").click()
    await expect(page.get_by_text("FW-1003 concerns Borealis Energy AB. It goes out at once")).to_be_visible()
    assert team.street.notices("bo@borealis.example") == ["forward"]


async def test_a_form_for_a_complaint_that_is_not_there_fails_and_says_so(team: Team) -> None:
    page = await team.page()
    await team.board(page)
    waiting = await until_shown(team, page, "Waiting for a person", "FW-1002", link="assign")
    address = await waiting.get_by_role("link", name="assign").get_attribute("href")
    assert address
    filled_in = quote(json.dumps({"ref": "FW-9999", "customer_id": "acme", "who": "AB"}), safe="")
    await page.goto(f"{address.partition('?')[0]}?parameters={filled_in}")
    async with page.expect_response(re.compile("create_flow_run")) as asked:
        await page.get_by_role("button", name="Submit").click()
    run = await (await asked.value).json()

    await page.goto(f"{team.ui}/v2/runs/flow-run/{run['id']}")
    await expect(page.get_by_text("Refused").first).to_be_visible()
    # A page that was opened before the run had ended does not read its log again.
    await page.reload()
    await expect(page.get_by_text("No complaint has this reference").first).to_be_visible()
    assert team.street.mailbox("hal@wickham-retail.example") == []


async def test_what_came_from_strangers_is_shown_harmlessly(team: Team) -> None:
    page = await team.page()
    await team.board(page)
    board = page.url
    waiting = await until_shown(team, page, "Waiting for a person", "FW-1002", link="decide")
    own = await waiting.get_by_role("link", name="FW-1002").get_attribute("href")
    suspended = await waiting.get_by_role("link", name="decide").get_attribute("href")
    assert own
    assert suspended
    for address in (board, own, suspended, board.replace("/v2/", "/"), own.replace("/v2/", "/")):
        await page.goto(address)
        await expect(page.get_by_text("FW-1002").first).to_be_visible()
        links = await page.locator("a").evaluate_all("found => found.map(one => one.href)")
        # What a link of ours fills into a form is data of that form, percent-encoded.
        ways = [link.partition("?parameters=")[0] for link in links]
        assert [way for way in ways if "evil" in way or way.startswith("javascript")] == []
        assert await page.locator("img[src*=evil]").count() == 0
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= WIDE, address
    assert team.dialogs == []
    assert [url for url in team.asked_elsewhere if "evil" in url] == []
