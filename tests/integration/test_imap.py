"""The IMAP inbox against a real server."""

import asyncio
import base64
import re
import shlex
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import pytest

from complaints.clock import system_clock
from complaints.errors import BadSetting, InboxUnavailable
from complaints.inbox import imap_session
from complaints.inbox.imap import ImapAccount, ImapInbox
from complaints.model import Arrival
from flows.embedded import EmbeddedImap, Tls
from tests.fakes import MemoryLedger

NOW = datetime(2026, 5, 4, 12, 0, 0, 700_000, tzinfo=UTC)
BEFORE = NOW - timedelta(days=400)
MAX_BYTES = 50_000

MakeInbox = Callable[..., ImapInbox]


def letter(subject: str, size: int = 0) -> bytes:
    return f"From: a@ico.example\r\nSubject: {subject}\r\n\r\n".encode() + (b"x" * 70 + b"\r\n") * (
        size // 72
    )


def subjects(arrivals: list[Arrival]) -> list[str]:
    return [arrival.raw.split(b"Subject: ")[1].split(b"\r\n")[0].decode() for arrival in arrivals]


def account_of(server: EmbeddedImap, **changes: Any) -> ImapAccount:
    fields = {
        "host": server.host,
        "port": server.port,
        "tls": server.tls,
        "ca_file": server.ca_file,
        "user": server.user,
        "password": server.password,
        "timeout_seconds": 10,
    }
    return ImapAccount(**fields | changes)


async def round_of(inbox: ImapInbox, ledger: MemoryLedger) -> list[Arrival]:
    """Fetch as the desk does: commit each batch, then say so."""
    taken: list[Arrival] = []
    async for batch in inbox.fetch():
        ledger.commit(batch)
        await inbox.done(batch)
        taken += batch
    return taken


def flags(server: EmbeddedImap, folder: str = "INBOX") -> dict[int, set[bytes]]:
    with server.connect() as client:
        client.select_folder(folder, readonly=True)
        answers = client.fetch(client.search("ALL"), ["FLAGS"])
        return {uid: set(answer[b"FLAGS"]) - {b"\\Recent"} for uid, answer in answers.items()}


class Tampering:
    """Stands between client and server and spoils what it is told to spoil.

    ``refuse``: answers NO to any command that matches; ``cut``: hangs up instead; ``garble``: answers
    nonsense; ``idle``: what it says to IDLE, in one breath. It also speaks XOAUTH2 for the server, which
    does not.
    """

    def __init__(
        self, server: EmbeddedImap, *, refuse: str = "", cut: str = "", garble: str = "", idle: bytes = b""
    ) -> None:
        self._server = server
        self._idle = idle
        self._refuse, self._cut, self._garble = (re.compile(p or "(?!)") for p in (refuse, cut, garble))
        self.said: list[str] = []
        self.port = 0

    async def __aenter__(self) -> Self:
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._listener.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listener.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection(self._server.host, self._server.port)
        back = asyncio.create_task(self._copy(from_server, writer))
        try:
            while line := await reader.readline():
                await self._pass_on(line, reader, writer, to_server)
        except ConnectionError:
            pass
        finally:
            back.cancel()
            for end in (writer, to_server):
                end.close()

    async def _pass_on(
        self,
        line: bytes,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        to_server: asyncio.StreamWriter,
    ) -> None:
        tag, words = line.decode().split(" ", 1) if b" " in line else ("", line.decode())
        if self._cut.search(words):
            raise ConnectionResetError
        if self._refuse.search(words):
            writer.write(f"{tag} NO [SERVERBUG] cannot read this message\r\n".encode())
        elif self._garble.search(words):
            writer.write(f"* 1 FETCH (UID nonsense (\r\n{tag} OK done\r\n".encode())
        elif self._idle and words.startswith("IDLE"):
            writer.write(self._idle.replace(b"TAG", tag.encode()))
            if b"+" in self._idle:
                await reader.readline()
                writer.write(f"{tag} OK done\r\n".encode())
        elif words.startswith("AUTHENTICATE XOAUTH2"):
            writer.write(b"+ \r\n")
            self.said.append(base64.b64decode(await reader.readline()).decode())
            to_server.write(f'{tag} LOGIN "{self._server.user}" "{self._server.password}"\r\n'.encode())
        else:
            to_server.write(line)

    @staticmethod
    async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while chunk := await source.read(65536):
            target.write(chunk)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedImap]:
    with EmbeddedImap(tmp_path) as server:
        yield server


@pytest.fixture
def ledger() -> MemoryLedger:
    return MemoryLedger()


@pytest.fixture
async def open_inbox(server: EmbeddedImap, ledger: MemoryLedger) -> AsyncIterator[MakeInbox]:
    opened: list[ImapInbox] = []

    def make(
        folder: str = "INBOX", *, at: EmbeddedImap = server, clock: Any = lambda: NOW, **options: Any
    ) -> ImapInbox:
        account = options.pop("account", None) or account_of(at)
        inbox = ImapInbox(
            account,
            folder,
            ledger,
            **{"clock": clock, "max_bytes": MAX_BYTES, "start_from": BEFORE} | options,
        )
        opened.append(inbox)
        return inbox

    yield make
    for inbox in opened:
        await inbox.close()


class TestWhatIsTaken:
    async def test_every_mail_once_with_its_bytes_and_its_time_of_delivery(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        delivered = datetime(2026, 5, 4, 13, 30, 5, tzinfo=UTC)
        uid = server.deliver(letter("one"), at=delivered)
        inbox = open_inbox()
        (arrival,) = await round_of(inbox, ledger)
        assert arrival.raw == letter("one")
        assert arrival.server_at == delivered
        assert arrival.server_at.tzinfo is UTC
        assert (arrival.mailbox, arrival.uid, arrival.size) == (
            f"{server.user}/INBOX",
            uid,
            len(letter("one")),
        )
        assert arrival.problem == ""
        assert await round_of(inbox, ledger) == []
        server.deliver(letter("two"))
        assert subjects(await round_of(inbox, ledger)) == ["two"]

    async def test_mail_that_a_colleague_has_read_already(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        uid = server.deliver(letter("read"))
        with server.connect() as client:
            client.select_folder("INBOX")
            client.add_flags([uid], [b"\\Seen"])
        assert subjects(await round_of(open_inbox(), ledger)) == ["read"]

    async def test_nothing_is_marked_by_looking(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        uid = server.deliver(letter("one"))
        big = server.deliver(letter("big", 2 * MAX_BYTES))
        await round_of(open_inbox(), ledger)
        assert flags(server) == {uid: set(), big: set()}

    async def test_folders_are_read_side_by_side(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        server.deliver(letter("wanted"))
        server.deliver(letter("taken for junk"), "Junk")
        assert subjects(await round_of(open_inbox("INBOX"), ledger)) == ["wanted"]
        assert subjects(await round_of(open_inbox("Junk"), ledger)) == ["taken for junk"]

    async def test_a_mail_too_large_comes_with_its_header_alone(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        huge = letter("huge", 3 * MAX_BYTES)
        server.deliver(huge)
        server.deliver(letter("small"))
        large, small = await round_of(open_inbox(), ledger)
        assert large.oversized
        assert large.raw == letter("huge")
        assert large.size == len(huge)
        assert large.problem == ""
        assert not small.oversized

    async def test_batches_are_bounded_in_count_and_bytes(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        for number in range(7):
            server.deliver(letter(f"{number}", 10_000))
        by_count = [len(batch) async for batch in open_inbox(batch_count=3).fetch()]
        by_bytes = [len(batch) async for batch in open_inbox(batch_bytes=25_000).fetch()]
        assert by_count == [3, 3, 1]
        assert by_bytes == [2, 2, 2, 1]

    async def test_what_was_not_committed_is_handed_over_again(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        server.deliver(letter("one"))
        server.deliver(letter("two"))
        inbox = open_inbox(batch_count=1)
        async for batch in inbox.fetch():
            assert subjects(batch) == ["one"]
            break
        assert subjects(await round_of(inbox, ledger)) == ["one", "two"]

    async def test_mail_deleted_by_a_person_meanwhile_is_no_error(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        server.deliver(letter("one"))
        doomed = server.deliver(letter("two"))
        server.deliver(letter("three"))
        inbox = open_inbox(batch_count=1)
        taken: list[Arrival] = []
        async for batch in inbox.fetch():
            ledger.commit(batch)
            await inbox.done(batch)
            taken += batch
            if len(taken) == 1:
                with server.connect() as client:
                    client.select_folder("INBOX")
                    client.move([doomed], "Junk")
        assert subjects(taken) == ["one", "three"]


class TestTheWatermark:
    async def test_an_old_mailbox_is_noted_and_not_acted_on(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        old = server.deliver(letter("years ago"), at=NOW - timedelta(days=900))
        server.deliver(letter("this very second"), at=NOW)
        inbox = open_inbox(start_from=None)
        assert subjects(await round_of(inbox, ledger)) == ["this very second"]
        assert {uid for _, _, uid in ledger.skipped_uids} == {old}

    async def test_an_old_letter_moved_into_the_inbox_later_is_taken(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        inbox = open_inbox(start_from=None)
        assert await round_of(inbox, ledger) == []
        server.deliver(letter("found in an archive"), at=NOW - timedelta(days=900))
        assert subjects(await round_of(inbox, ledger)) == ["found in an archive"]

    async def test_a_crash_between_skipping_and_opening_neither_takes_the_old_nor_loses_the_new(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        server.deliver(letter("years ago"), at=NOW - timedelta(days=900))
        await round_of(open_inbox(start_from=None), ledger)
        ledger.folders.clear()
        server.deliver(letter("came while we were down"), at=NOW - timedelta(seconds=5))
        assert subjects(await round_of(open_inbox(start_from=None), ledger)) == ["came while we were down"]

    async def test_a_changed_uidvalidity_lists_anew_from_the_same_watermark(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        server.deliver(letter("years ago"), at=NOW - timedelta(days=900))
        server.deliver(letter("new"), at=NOW - timedelta(days=1))
        watermark = NOW - timedelta(days=2)
        before = await round_of(open_inbox(start_from=watermark), ledger)
        server.stop()
        server.renumber()
        server.start()
        after = await round_of(open_inbox(start_from=None), ledger)
        assert subjects(before) == subjects(after) == ["new"]
        assert before[0].uidvalidity != after[0].uidvalidity
        state = await ledger.folder(after[0].mailbox)
        assert state is not None
        assert (state.uidvalidity, state.start_from) == (after[0].uidvalidity, watermark)


class TestAfterTheCommit:
    async def test_the_keyword_is_set_and_the_mail_stays_unread(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        uid = server.deliver(letter("one"))
        await round_of(open_inbox(done_flag="Forthwith"), ledger)
        assert flags(server) == {uid: {b"Forthwith"}}

    async def test_nothing_is_marked_before_it(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        uid = server.deliver(letter("one"))
        assert [
            len(batch) async for batch in open_inbox(done_flag="Forthwith", done_folder="Done").fetch()
        ] == [1]
        assert flags(server) == {uid: set()}

    async def test_mail_moves_to_the_folder_named_which_is_made_when_missing(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        server.deliver(letter("one"))
        inbox = open_inbox(done_folder="Done", done_flag="Forthwith")
        await round_of(inbox, ledger)
        assert flags(server) == {}
        assert list(flags(server, "Done").values()) == [{b"Forthwith"}]
        assert await round_of(inbox, ledger) == []

    async def test_without_move_the_original_stays_and_a_copy_is_put_away(
        self, tmp_path: Path, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        with EmbeddedImap(tmp_path / "old", without=("MOVE",)) as server:
            uid = server.deliver(letter("one"))
            inbox = open_inbox(at=server, done_folder="Done")
            await round_of(inbox, ledger)
            await round_of(inbox, ledger)
            assert flags(server) == {uid: set()}
            assert len(flags(server, "Done")) == 1
            await inbox.close()

    def test_the_folder_read_cannot_be_the_one_to_move_to(self, open_inbox: MakeInbox) -> None:
        with pytest.raises(BadSetting, match="imap_done_folder"):
            open_inbox("INBOX", done_folder="inbox")


class TestTheConnection:
    async def test_a_restarted_server_is_one_error_and_then_all_goes_on(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        inbox = open_inbox()
        server.deliver(letter("one"))
        await round_of(inbox, ledger)
        server.kill()
        with pytest.raises(InboxUnavailable, match="connection was lost"):
            await round_of(inbox, ledger)
        with pytest.raises(InboxUnavailable, match="cannot connect"):
            await round_of(inbox, ledger)
        server.start()
        server.deliver(letter("two"))
        assert subjects(await round_of(inbox, ledger)) == ["two"]

    @pytest.mark.parametrize("tls", ["tls", "starttls"])
    async def test_a_certificate_of_an_unknown_authority_is_refused(
        self, tmp_path: Path, ledger: MemoryLedger, open_inbox: MakeInbox, tls: Tls
    ) -> None:
        with EmbeddedImap(tmp_path / "secure", tls=tls) as server:
            server.deliver(letter("one"))
            stranger = open_inbox(account=account_of(server, ca_file=None))
            with pytest.raises(InboxUnavailable, match="CERTIFICATE_VERIFY_FAILED"):
                await round_of(stranger, ledger)
            friend = open_inbox(at=server)
            assert subjects(await round_of(friend, ledger)) == ["one"]
            await friend.close()

    async def test_starttls_is_never_skipped(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        inbox = open_inbox(account=account_of(server, tls="starttls"))
        with pytest.raises(InboxUnavailable, match="STARTTLS"):
            await round_of(inbox, ledger)

    def test_mail_crosses_no_network_in_the_clear(self) -> None:
        with pytest.raises(BadSetting, match=r"imap_tls is 'none' for mail.example"):
            ImapAccount(host="mail.example", tls="none", user="u", password="p")
        assert ImapAccount(host="localhost", tls="none", user="u").tls == "none"

    async def test_a_wrong_password_or_folder_is_said_in_one_line(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        with pytest.raises(InboxUnavailable, match=r"^[^\n]*login failed[^\n]*$"):
            await round_of(open_inbox(account=account_of(server, password="wrong")), ledger)
        with pytest.raises(InboxUnavailable, match=r"^[^\n]*Nowhere[^\n]*cannot be opened[^\n]*$"):
            await round_of(open_inbox("Nowhere"), ledger)

    async def test_a_server_that_accepts_and_says_nothing_does_not_hold_us_for_ever(
        self, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as mute:
            account = ImapAccount(
                host="127.0.0.1", port=mute.getsockname()[1], tls="none", user="u", timeout_seconds=0.3
            )
            with pytest.raises(InboxUnavailable, match="cannot connect: no answer in time"):
                await round_of(open_inbox(account=account), ledger)

    async def test_xoauth2_logs_in_with_what_the_token_command_prints(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        server.deliver(letter("one"))
        command = shlex.join([sys.executable, "-c", "print('ya29.token')"])
        async with Tampering(server) as proxy:
            account = account_of(server, port=proxy.port, token_command=command)
            inbox = open_inbox(account=account)
            assert subjects(await round_of(inbox, ledger)) == ["one"]
            assert proxy.said == [f"user={server.user}\1auth=Bearer ya29.token\1\1"]
            assert "token" not in repr(account)
            await inbox.close()

    @pytest.mark.parametrize(
        ("command", "complaint"),
        [
            ("import sys; sys.exit(3)", "ended with code 3"),
            ("print()", "must print the access token"),
            ("print('two words')", "must print the access token"),
        ],
    )
    async def test_a_token_command_that_fails_is_named_without_what_it_printed(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox, command: str, complaint: str
    ) -> None:
        account = account_of(server, token_command=shlex.join([sys.executable, "-c", command]))
        with pytest.raises(InboxUnavailable, match=complaint) as caught:
            await round_of(open_inbox(account=account), ledger)
        assert "two words" not in str(caught.value)


class TestAMailThatCannotBeFetched:
    """It never stops the next, and comes with what can be had."""

    async def three_letters(self, server: EmbeddedImap) -> int:
        server.deliver(letter("one"))
        bad = server.deliver(letter("bad", 1000))
        server.deliver(letter("three"))
        return bad

    async def rounds(self, inbox: ImapInbox, ledger: MemoryLedger, count: int) -> list[Arrival]:
        """Try as the desk's loop does, which backs off and begins again."""
        for _ in range(count):
            try:
                await round_of(inbox, ledger)
            except InboxUnavailable:
                continue
        return sorted(ledger.taken, key=lambda arrival: arrival.uid or 0)

    @pytest.mark.parametrize("how", ["refuse", "garble"])
    async def test_refused_or_garbled_content_leaves_the_header(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox, how: str
    ) -> None:
        bad = await self.three_letters(server)
        pattern = rf"FETCH [\d,]*\b{bad}\b[\d,]* \(BODY.PEEK\[\]"
        async with Tampering(server, **{how: pattern}) as proxy:
            inbox = open_inbox(account=account_of(server, port=proxy.port))
            one, spoilt, three = await round_of(inbox, ledger)
            assert subjects([one, three]) == ["one", "three"]
            assert spoilt.raw == letter("bad")
            assert spoilt.problem.startswith("could not be fetched: ")
            assert spoilt.size == len(letter("bad", 1000))
            assert await round_of(inbox, ledger) == []
            await inbox.close()

    async def test_one_that_breaks_the_connection_each_time_is_given_up_after_three(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        bad = await self.three_letters(server)
        async with Tampering(server, cut=rf"FETCH [\d,]*\b{bad}\b[\d,]* \(BODY.PEEK\[\]") as proxy:
            inbox = open_inbox(account=account_of(server, port=proxy.port))
            one, spoilt, three = await self.rounds(inbox, ledger, 5)
            assert subjects([one, spoilt, three]) == ["one", "bad", "three"]
            assert spoilt.problem != ""
            assert one.problem == three.problem == ""
            await inbox.close()

    async def test_one_that_yields_nothing_at_all_still_becomes_a_visible_item(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        bad = await self.three_letters(server)
        async with Tampering(server, refuse=rf"FETCH [\d,]*\b{bad}\b[\d,]* \(BODY.PEEK") as proxy:
            inbox = open_inbox(account=account_of(server, port=proxy.port))
            one, spoilt, three = await round_of(inbox, ledger)
            assert subjects([one, three]) == ["one", "three"]
            assert spoilt.raw == b""
            assert spoilt.uid == bad
            assert "SERVERBUG" in spoilt.problem
            await inbox.close()

    async def test_without_its_internaldate_the_clock_starts_at_our_servers_received_stamp(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        server.deliver(b"Received: by mx.msp.example; Mon, 4 May 2026 09:00:00 +0100\r\n" + letter("one"))
        async with Tampering(server, refuse="INTERNALDATE") as proxy:
            inbox = open_inbox(account=account_of(server, port=proxy.port))
            (arrival,) = await round_of(inbox, ledger)
            assert arrival.server_at == datetime(2026, 5, 4, 8, tzinfo=UTC)
            await inbox.close()


class TestWaiting:
    async def test_mail_wakes_us_within_a_second(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        inbox = open_inbox()
        await round_of(inbox, ledger)
        waiting = asyncio.create_task(inbox.wait(30))
        await asyncio.sleep(0.3)
        started = time.monotonic()
        await asyncio.to_thread(server.deliver, letter("one"))
        assert await waiting
        assert time.monotonic() - started < 1
        assert subjects(await round_of(inbox, ledger)) == ["one"]

    async def test_mail_that_came_between_looking_and_waiting_is_not_slept_over(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        inbox = open_inbox()
        await round_of(inbox, ledger)
        server.deliver(letter("one"))
        started = time.monotonic()
        assert await inbox.wait(30)
        assert time.monotonic() - started < 1

    @pytest.mark.parametrize("answer", [b"+ idling\r\n* 9 EXISTS\r\n", b"* 9 EXISTS\r\n+ idling\r\n"])
    async def test_news_told_in_one_breath_with_the_answer_is_heard(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox, answer: bytes
    ) -> None:
        async with Tampering(server, idle=answer) as proxy:
            inbox = open_inbox(account=account_of(server, port=proxy.port))
            await round_of(inbox, ledger)
            assert await asyncio.wait_for(inbox.wait(30), 5)
            server.deliver(letter("one"))
            assert subjects(await round_of(inbox, ledger)) == ["one"]
            await inbox.close()

    async def test_a_server_that_refuses_to_idle_after_all_is_polled(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        async with Tampering(server, idle=b"TAG NO not today\r\n") as proxy:
            inbox = open_inbox(account=account_of(server, port=proxy.port))
            await round_of(inbox, ledger)
            assert await asyncio.wait_for(inbox.wait(30), 5)
            assert await round_of(inbox, ledger) == []
            assert not await inbox.wait(0.1)
            await inbox.close()

    async def test_it_ends_in_time_when_nothing_comes(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        inbox = open_inbox()
        await round_of(inbox, ledger)
        started = time.monotonic()
        assert not await inbox.wait(0.3)
        assert 0.2 < time.monotonic() - started < 2

    async def test_closing_ends_it_at_once(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        inbox = open_inbox()
        await round_of(inbox, ledger)
        waiting = asyncio.create_task(inbox.wait(30))
        await asyncio.sleep(0.3)
        started = time.monotonic()
        await inbox.close()
        assert not await waiting
        assert time.monotonic() - started < 1.5
        with pytest.raises(InboxUnavailable, match="closed"):
            await round_of(inbox, ledger)

    async def test_a_cancelled_wait_leaves_the_connection_usable(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        inbox = open_inbox()
        await round_of(inbox, ledger)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(inbox.wait(30), 0.3)
        server.deliver(letter("one"))
        assert subjects(await round_of(inbox, ledger)) == ["one"]

    async def test_a_lost_connection_ends_it(
        self, server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        inbox = open_inbox()
        await round_of(inbox, ledger)
        waiting = asyncio.create_task(inbox.wait(30))
        await asyncio.sleep(0.3)
        server.kill()
        with pytest.raises(InboxUnavailable, match="lost"):
            await asyncio.wait_for(waiting, 2)

    async def test_a_server_without_idle_is_slept_upon(
        self, tmp_path: Path, ledger: MemoryLedger, open_inbox: MakeInbox
    ) -> None:
        with EmbeddedImap(tmp_path / "plain", without=("IDLE",)) as server:
            inbox = open_inbox(at=server)
            await round_of(inbox, ledger)
            assert not await inbox.wait(0.1)
            await inbox.close()


async def test_the_whole_mailbox_is_listed_again_every_hour(
    server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
) -> None:
    now = NOW
    inbox = open_inbox(clock=lambda: now)
    server.deliver(letter("one"))
    await round_of(inbox, ledger)
    ledger.taken.clear()  # as a restored database has forgotten it
    assert await round_of(inbox, ledger) == []
    now += timedelta(hours=1)
    assert subjects(await round_of(inbox, ledger)) == ["one"]


async def test_a_mailbox_of_hundreds_of_letters_is_read_to_its_end(
    server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
) -> None:
    for number in range(300):
        server.deliver(letter(f"{number}"), at=system_clock())
    assert subjects(await round_of(open_inbox(), ledger)) == [f"{number}" for number in range(300)]


async def test_a_listing_too_long_for_one_answer_is_asked_for_in_parts(
    server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_session, "_UIDS_A_SEARCH", 2)
    monkeypatch.setattr(imap_session, "_AT_ONCE", 2)
    for number in range(5):
        server.deliver(letter(f"{number}"))
    inbox = open_inbox()
    assert subjects(await round_of(inbox, ledger)) == ["0", "1", "2", "3", "4"]


async def test_a_connection_lost_between_two_batches_loses_neither(
    server: EmbeddedImap, ledger: MemoryLedger, open_inbox: MakeInbox
) -> None:
    for number in range(6):
        server.deliver(letter(f"{number}"))
    inbox = open_inbox(batch_count=1)

    async def lose_the_server_midway() -> None:
        async for batch in inbox.fetch():
            ledger.commit(batch)
            server.kill()

    with pytest.raises(InboxUnavailable):
        await lose_the_server_midway()
    assert 0 < len(ledger.taken) < 6
    server.start()
    await round_of(inbox, ledger)
    assert sorted(subjects(ledger.taken)) == ["0", "1", "2", "3", "4", "5"]
