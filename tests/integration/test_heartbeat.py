"""The sign of life for a watch outside, on a real web server and a real desk."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from complaints.clock import system_clock
from config.bootstrap import App
from config.doctor import Finding, examine
from flows import heartbeat
from flows.embedded import EmbeddedImap, EmbeddedSmtp, free_port
from flows.heartbeat import Heartbeat
from tests.conftest import SteppedClock
from tests.street import Street, settings_for

SECRET = "/5a1b2c3d"


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def street(tmp_path: Path, database_url: str) -> Iterator[Street]:
    with EmbeddedImap(tmp_path / "imap") as imap, EmbeddedSmtp(tmp_path / "mail") as smtp:
        yield Street(tmp_path, imap, smtp, settings_for(tmp_path, imap, smtp, database_url))


@dataclass
class Watch:
    """Counts signs of life, and answers as it is told."""

    port: int = field(default_factory=free_port)
    answer: bytes = b"200 OK"
    hangs: bool = False
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{SECRET}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.asked.append(head.split(b"\r\n")[0].decode())
        if self.hangs:
            await reader.read()
        writer.write(b"HTTP/1.1 " + self.answer + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()


@pytest.fixture
async def watch() -> AsyncIterator[Watch]:
    one = Watch()
    async with await asyncio.start_server(one.serve, "127.0.0.1", one.port):
        yield one


@asynccontextmanager
async def at_work(street: Street, watch: Watch) -> AsyncIterator[tuple[App, SteppedClock, Heartbeat]]:
    clock = SteppedClock(system_clock())
    async with street.desk(clock, heartbeat_url=watch.url) as app:
        await app.tick()
        yield app, clock, Heartbeat(app, clock)


async def finding(street: Street, watch: Watch, clock: SteppedClock) -> Finding:
    settings = street.read_settings(heartbeat_url=watch.url)
    [found] = [one async for one in examine(settings, clock) if one.part == "heartbeat"]
    return found


async def test_a_desk_that_is_well_tells_it(street: Street, watch: Watch) -> None:
    async with at_work(street, watch) as (_, clock, heart):
        assert (await finding(street, watch, clock)).warns
        assert await heart.beat() == ""
        assert watch.asked == [f"GET {SECRET} HTTP/1.1"]
        assert (await finding(street, watch, clock)).ok
        clock.step(minutes=5)
        assert "no sign of life" in (await finding(street, watch, clock)).what


async def test_a_desk_that_reads_nothing_tells_nothing(street: Street, watch: Watch) -> None:
    async with at_work(street, watch) as (app, clock, heart):
        street.imap.stop()
        clock.step(minutes=4)
        await app.tick()
        assert "has not been read lately" in await heart.beat()
        street.imap.start()
        await app.tick()
        assert await heart.beat() == ""
    assert len(watch.asked) == 1


async def test_a_daemon_that_watches_no_deadlines_tells_nothing(street: Street, watch: Watch) -> None:
    async with at_work(street, watch) as (app, clock, _):
        stuck = Heartbeat(app, lambda: clock() - timedelta(minutes=2))
        assert await stuck.beat() == "the deadlines are not watched"
    assert watch.asked == []


async def test_mail_that_does_not_go_out_holds_it_back(street: Street, watch: Watch) -> None:
    async with at_work(street, watch) as (app, clock, heart):
        street.smtp.stop()
        clock.step(hours=-1)
        await app.mailroom.failed("elsewhere", "broken")
        app.mailroom.watching |= {"elsewhere"}
        clock.step(minutes=20)
        await app.mailroom.watch()
        clock.step(minutes=40)
        assert "mail does not go out" in await heart.beat()
        app.mailroom.watching -= {"elsewhere"}


async def test_a_watch_that_fails_or_hangs_is_logged_once_and_told_by_doctor(
    street: Street, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "_TIMEOUT_SECONDS", 0.3)
    async with at_work(street, watch) as (_, clock, heart):
        watch.answer = b"500 Broken"
        with capture_logs() as said:
            assert [await heart.beat() for _ in range(3)] == ["heartbeat_url answers 500"] * 3
        assert [line["event"] for line in said] == ["heartbeat_held_back"]
        found = await finding(street, watch, clock)
        assert (found.ok, SECRET in str(found)) == (False, False)
        watch.hangs = True
        assert "does not answer" in await heart.beat()
        watch.hangs, watch.answer = False, b"200 OK"
        with capture_logs() as said:
            assert await heart.beat() == ""
        assert [line["event"] for line in said] == ["heartbeat_again"]
        assert (await finding(street, watch, clock)).ok


async def test_the_address_is_shown_to_nobody(street: Street, watch: Watch) -> None:
    from config.settings import describe  # noqa: PLC0415

    shown = [
        one for one in describe(street.read_settings(heartbeat_url=watch.url)) if "heartbeat" in one.name
    ]
    assert SECRET not in str(shown)
