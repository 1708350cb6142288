import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from complaints.outbox import Verdict
from notifiers.channels import Channels, scheme
from notifiers.compose import Brief

# apprise imports it where Python still has it.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

ALERT = Brief(title="[FW-1] SLA BREACHED", body="Due yesterday\nforthwith show FW-1")


class WebHook(ThreadingHTTPServer):
    """A web hook that keeps what is posted to it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Post)
        self.status = 200
        self.silent = threading.Event()
        self.silent.set()
        self.posted: list[dict[str, Any]] = []


class _Post(BaseHTTPRequestHandler):
    server: WebHook

    def do_POST(self) -> None:
        posted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.silent.wait(10)
        self.server.posted.append(posted)
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@pytest.fixture
def hook() -> Iterator[WebHook]:
    server = WebHook()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.silent.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
async def channels() -> AsyncIterator[Channels]:
    opened = Channels(timeout=10)
    yield opened
    await opened.close()


async def test_a_short_message_reaches_the_channel(hook: WebHook, channels: Channels) -> None:
    receipt = await channels.send(ALERT, f"json://127.0.0.1:{hook.server_port}/x")
    assert (receipt.verdict, receipt.reply) == (Verdict.SENT, "accepted by json")
    assert (hook.posted[0]["title"], hook.posted[0]["message"]) == (ALERT.title, ALERT.body)


async def test_a_channel_that_refuses_is_tried_again_and_its_secret_stays_secret(
    hook: WebHook, channels: Channels, caplog: pytest.LogCaptureFixture
) -> None:
    hook.status = 500
    receipt = await channels.send(ALERT, f"json://user:s3cret@127.0.0.1:{hook.server_port}/t0ken")
    assert (receipt.verdict, receipt.reply) == (Verdict.TEMPORARY, "not accepted by json")
    assert "s3cret" not in caplog.text
    assert "t0ken" not in caplog.text


async def test_a_channel_that_says_nothing_is_given_up_in_time(hook: WebHook) -> None:
    hook.silent.clear()
    hasty = Channels(timeout=0.2)
    receipt = await hasty.send(ALERT, f"json://127.0.0.1:{hook.server_port}/x")
    await hasty.close()
    assert (receipt.verdict, receipt.reachable) == (Verdict.TEMPORARY, True)


async def test_a_channel_that_hangs_takes_no_room_from_the_others(hook: WebHook) -> None:
    hook.silent.clear()
    channels = Channels(timeout=30, threads=3, threads_each=2)
    stuck = [channels.send(ALERT, f"json://127.0.0.1:{hook.server_port}/stuck") for _ in range(6)]
    waiting = asyncio.gather(*stuck)
    other = await channels.send(ALERT, "nonsense://x")
    assert other.verdict is Verdict.PERMANENT
    hook.silent.set()
    verdicts = [receipt.verdict for receipt in await waiting]
    assert verdicts == [Verdict.SENT] * 2 + [Verdict.TEMPORARY] * 4
    await channels.close()


@pytest.mark.parametrize("url", ["nosuchservice://s3cret/x", "slack://"])
async def test_an_address_that_apprise_does_not_know_goes_to_a_person(channels: Channels, url: str) -> None:
    receipt = await channels.send(ALERT, url)
    assert receipt.verdict is Verdict.PERMANENT
    assert "s3cret" not in receipt.reply


def test_of_an_address_only_its_scheme_is_shown() -> None:
    assert scheme("Slack://token@x/y") == "slack"
