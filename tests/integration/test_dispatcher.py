import asyncio
import email
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from complaints.errors import StoreUnavailable
from complaints.outbox import LETTERS, Notice, NoticeKind, Outcome, Verdict
from notifiers import dispatcher
from notifiers.channels import Channels
from notifiers.compose import Brief, Voice, compose
from notifiers.dispatcher import Dispatcher
from notifiers.own_check import read_own_templates
from notifiers.own_templates import alarm_key
from notifiers.receipt import NONE, Receipt, Wishes
from notifiers.relays import Relays
from notifiers.smtp import SmtpRelay
from tests.integration.smtp_server import HANG_UP, ScriptedSmtp, smtp_server

VOICE = Voice(organisation="MSP", address="complaints@msp.example", timezone="UTC")
LETTER = b"From: a@authority.example\r\nSubject: x\r\n\r\nplease answer\r\n"
NOW = datetime(2026, 3, 3, tzinfo=UTC)


def notice(number: int, kind: NoticeKind = NoticeKind.FORWARD, **changed: Any) -> Notice:
    values: dict[str, Any] = {
        "id": number,
        "kind": kind,
        "complaint_id": number,
        "ref": f"FW-{number}",
        "recipient": f"manager{number}@customer.example",
        "message_id": f"<n{number}@msp.example>",
        "dedupe_key": str(number),
        "mail_id": number if kind is NoticeKind.FORWARD else None,
        "created_at": NOW,
        "next_attempt_at": NOW,
    }
    return Notice(**{**values, **changed})


class ListOutbox:
    """Hands out what it was given, in that order, and remembers what it was told."""

    def __init__(self, notices: Sequence[Notice]) -> None:
        self.waiting = deque(notices)
        self.groups: list[list[Outcome]] = []
        self.put_back: list[Notice] = []
        self.originals: dict[int, bytes] = {}
        self.claims = 0
        self.taken_back: set[int] = set()
        self.alarms: list[tuple[str, str]] = []
        self.failing_settles = 0
        self.told = asyncio.Event()

    async def claim(self, limit: int, *, alarms_alone: bool = False) -> list[Notice]:
        self.claims += 1
        await asyncio.sleep(0)
        taken = [one for one in self.waiting if not alarms_alone or one.kind not in LETTERS][:limit]
        for one in taken:
            self.waiting.remove(one)
        return taken

    async def original(self, mail_id: int) -> bytes:
        if mail_id < 0:
            raise StoreUnavailable
        return self.originals.get(mail_id, LETTER)

    async def may_go(self, notice: Notice) -> bool:
        return notice.id not in self.taken_back

    async def put_off(self, letters: Sequence[Notice]) -> None:
        self.put_back += letters

    async def relay_in_trouble(self, relay: str, words: str) -> None:
        raise AssertionError("nothing here lasts long enough to be told")

    async def settle(self, outcomes: Sequence[Outcome]) -> None:
        if self.failing_settles:
            self.failing_settles -= 1
            raise StoreUnavailable
        self.groups.append(list(outcomes))
        self.told.set()

    async def raise_alarm(self, key: str, problem: str) -> None:
        self.alarms.append((key, problem))

    @property
    def outcomes(self) -> dict[int, Outcome]:
        settled = [outcome for group in self.groups for outcome in group]
        assert len(settled) == len({outcome.notice.id for outcome in settled}), "settled twice"
        return {outcome.notice.id: outcome for outcome in settled}

    def verdicts(self) -> Counter[str]:
        return Counter(outcome.verdict.value for outcome in self.outcomes.values())


class RecordedChannels(Channels):
    """Keeps what it is given, and answers at once or never."""

    def __init__(self, *, silent: bool = False) -> None:
        super().__init__()
        self.sent: list[tuple[Brief, str]] = []
        self._silent = silent

    async def send(self, brief: Brief, url: str) -> Receipt:
        self.sent.append((brief, url))
        if self._silent:
            await asyncio.Event().wait()
        return Receipt(verdict=Verdict.SENT, reply="accepted by json")


@pytest.fixture
def server() -> Iterator[ScriptedSmtp]:
    with smtp_server() as running:
        yield running


async def drain(
    outbox: ListOutbox,
    server: ScriptedSmtp,
    *,
    channels: Channels | None = None,
    concurrency: int = 4,
    batch: int = 50,
    patience: float = 5,
    voice: Voice = VOICE,
) -> int:
    relay = Relays(
        [SmtpRelay("127.0.0.1", server.port, tls="none", timeout=patience, connections=concurrency)]
    )
    channels = channels or RecordedChannels()
    try:
        return await Dispatcher(outbox, relay, channels, voice, concurrency=concurrency, batch=batch).drain()
    finally:
        await relay.close()
        await channels.close()


async def test_an_empty_outbox_is_looked_into_once(server: ScriptedSmtp) -> None:
    outbox = ListOutbox([])
    assert await drain(outbox, server) == 0
    assert (outbox.claims, outbox.groups, server.connections) == (1, [], 0)


async def test_everything_claimable_is_sent_once_and_its_evidence_kept(server: ScriptedSmtp) -> None:
    outbox = ListOutbox([notice(number) for number in range(1, 131)])
    assert await drain(outbox, server) == 130
    assert outbox.verdicts() == {"sent": 130}
    assert {taken.recipient for taken in server.taken} == {
        f"manager{n}@customer.example" for n in range(1, 131)
    }
    for taken in server.taken:
        sent_to = email.message_from_bytes(taken.message)["To"]
        assert sent_to == f"<{taken.recipient}>"
    queue_ids = {outcome.queue_id for outcome in outbox.outcomes.values()}
    assert len(queue_ids) == 130
    assert "" not in queue_ids


async def test_outcomes_share_commits(server: ScriptedSmtp) -> None:
    outbox = ListOutbox([notice(number) for number in range(1, 201)])
    await drain(outbox, server)
    assert len(outbox.groups) < 100
    assert sum(map(len, outbox.groups)) == 200


async def test_one_failure_never_holds_up_the_others(server: ScriptedSmtp) -> None:
    server.script["RCPT"] += ["550 5.1.1 no such user", "450 4.2.1 busy", HANG_UP]
    outbox = ListOutbox([notice(number) for number in range(1, 41)])
    await drain(outbox, server, concurrency=1)
    assert outbox.verdicts() == {"sent": 37, "permanent": 1, "temporary": 2}
    assert outbox.outcomes[1].reply == "550 5.1.1 no such user"
    assert outbox.outcomes[2].reply == "450 4.2.1 busy"


async def test_a_notice_that_cannot_be_composed_goes_to_a_person_and_the_rest_goes_on(
    server: ScriptedSmtp,
) -> None:
    outbox = ListOutbox(
        [
            notice(1, message_id="none"),
            notice(2, facts={"sha256": "0" * 64}),
            notice(3, mail_id=None),
            notice(4, recipient="Jane Roe"),
            notice(5),
        ]
    )
    await drain(outbox, server)
    assert outbox.verdicts() == {"permanent": 4, "sent": 1}
    replies = {number: outcome.reply for number, outcome in outbox.outcomes.items()}
    assert replies[1].startswith("ValueError")
    assert replies[2].startswith("OriginalChanged")
    assert replies[3].startswith("MissingOriginal")
    assert replies[4].startswith("UnsendableAddress")
    assert not any("Jane" in reply for reply in replies.values())


async def test_a_broken_template_of_the_operator_s_holds_no_letter_up_and_the_managers_hear_of_it(
    server: ScriptedSmtp, tmp_path: Path
) -> None:
    (tmp_path / "forward/de").mkdir(parents=True)
    (tmp_path / "forward/de/body.txt").write_text("eins\n{{ custmer }}\n")
    voice = replace(VOICE, templates=read_own_templates(tmp_path, VOICE))
    letter = notice(1, facts={"language": "de", "customer": "Acme GmbH"})
    outbox = ListOutbox([letter])
    assert await drain(outbox, server, voice=voice) == 1
    assert outbox.verdicts() == {"sent": 1}
    [taken] = server.taken
    assert taken.message == compose(letter, VOICE, LETTER)
    [(key, problem)] = outbox.alarms
    assert key == alarm_key(problem)
    assert "forward/de/body.txt, line 2: there is no 'custmer'" in problem


async def test_a_letter_that_the_store_cannot_hand_out_just_now_is_tried_again(server: ScriptedSmtp) -> None:
    outbox = ListOutbox([notice(1, mail_id=-1), notice(2)])
    await drain(outbox, server)
    assert outbox.outcomes[1].verdict is Verdict.TEMPORARY
    assert outbox.outcomes[2].verdict is Verdict.SENT


async def test_what_a_hold_takes_back_between_claim_and_sending_does_not_go(server: ScriptedSmtp) -> None:
    outbox = ListOutbox([notice(number) for number in (1, 2, 3)])
    outbox.taken_back = {2}
    await drain(outbox, server)
    assert sorted(taken.recipient for taken in server.taken) == [
        "manager1@customer.example",
        "manager3@customer.example",
    ]
    assert outbox.outcomes[2].verdict is Verdict.TEMPORARY
    assert "taken back" in outbox.outcomes[2].reply


async def test_a_relay_that_is_down_costs_one_round_of_tries_while_chats_still_go(
    server: ScriptedSmtp,
) -> None:
    server.stop_listening()
    chats = [
        notice(number, NoticeKind.BREACH, recipient="json://chat.example/x") for number in range(200, 203)
    ]
    outbox = ListOutbox([*[notice(number) for number in range(1, 181)], *chats])
    channels = RecordedChannels()
    await drain(outbox, server, channels=channels)
    tried = [out for out in outbox.outcomes.values() if out.reply.startswith("the relay cannot be used")]
    assert 1 <= len(tried) <= 8
    assert all(out.relay_down for out in tried)
    assert outbox.verdicts() == {"temporary": len(tried), "sent": 3}
    assert len(tried) + len(outbox.put_back) == 180, "the others keep their number of tries"
    assert len(channels.sent) == 3


async def test_a_relay_that_hangs_is_given_up_after_one_timeout(server: ScriptedSmtp) -> None:
    server.always["MAIL"] = "(say nothing)"
    outbox = ListOutbox([notice(number) for number in range(1, 61)])
    started = asyncio.get_running_loop().time()
    await drain(outbox, server, patience=0.5)
    assert len(outbox.outcomes) + len(outbox.put_back) == 60
    assert asyncio.get_running_loop().time() - started < 5


async def test_the_next_drain_tries_the_relay_again(server: ScriptedSmtp) -> None:
    server.script["GREETING"].append("421 starting up")
    outbox = ListOutbox([notice(1)])
    await drain(outbox, server)
    assert outbox.outcomes[1].verdict is Verdict.TEMPORARY
    again = ListOutbox([notice(1)])
    await drain(again, server)
    assert again.outcomes[1].verdict is Verdict.SENT


async def test_an_alert_written_meanwhile_overtakes_the_forwards_that_wait(server: ScriptedSmtp) -> None:
    class Late(ListOutbox):
        async def claim(self, limit: int, *, alarms_alone: bool = False) -> list[Notice]:
            if self.claims == 1:
                self.waiting.appendleft(notice(999, NoticeKind.BREACH))
            return await super().claim(limit, alarms_alone=alarms_alone)

    outbox = Late([notice(number) for number in range(1, 301)])
    await drain(outbox, server, concurrency=2)
    order = [taken.recipient for taken in server.taken]
    assert order.index("manager999@customer.example") < 60
    assert len(order) == 301


async def test_an_alert_needs_no_place_that_letters_of_a_relay_as_slow_as_can_be_take_up() -> None:
    class Stuck:
        """A relay that never answers for a letter."""

        def __init__(self) -> None:
            self.alarms: list[str] = []
            self.letters = 0
            self.crowded = asyncio.Event()
            self.alarmed = asyncio.Event()

        async def send(self, message: bytes, sender: str, recipient: str, wishes: Wishes = NONE) -> Receipt:
            if b"X-Forthwith-Notice: forward" in message:
                self.letters += 1
                if self.letters == 4:
                    self.crowded.set()
                await asyncio.Event().wait()
            self.alarms.append(recipient)
            self.alarmed.set()
            return Receipt(verdict=Verdict.SENT, reply="250 ok")

        def take_turn(self) -> bool:
            return True

        def troubles(self) -> dict[str, str]:
            return {}

        async def close(self) -> None:
            pass

    outbox, relay = ListOutbox([notice(number) for number in range(1, 501)]), Stuck()
    dispatching = Dispatcher(outbox, relay, RecordedChannels(), VOICE, concurrency=4)
    draining = asyncio.create_task(dispatching.drain())
    async with asyncio.timeout(20):
        await relay.crowded.wait()
        outbox.waiting.append(notice(999, NoticeKind.BREACH))
        await relay.alarmed.wait()
    assert relay.alarms == ["manager999@customer.example"]
    draining.cancel()
    with pytest.raises(asyncio.CancelledError):
        await draining


async def test_a_chat_that_hangs_holds_up_no_mail(
    server: ScriptedSmtp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "_STOPPING_SECONDS", 0.1)
    outbox = ListOutbox(
        [notice(1, NoticeKind.BREACH, recipient="json://chat.example/x"), notice(2), notice(3)]
    )
    draining = asyncio.create_task(
        drain(outbox, server, channels=RecordedChannels(silent=True), concurrency=1)
    )
    async with asyncio.timeout(5):
        while len(outbox.outcomes) < 2:
            outbox.told.clear()
            await outbox.told.wait()
    assert not draining.done()
    draining.cancel()
    with pytest.raises(asyncio.CancelledError):
        await draining
    assert set(outbox.outcomes) == {2, 3}


async def test_a_database_that_blinks_loses_no_outcome(server: ScriptedSmtp) -> None:
    outbox = ListOutbox([notice(1)])
    outbox.failing_settles = 1
    await drain(outbox, server)
    assert outbox.outcomes[1].verdict is Verdict.SENT
    assert len(server.taken) == 1


async def test_a_database_that_is_gone_ends_the_drain_with_its_error(server: ScriptedSmtp) -> None:
    outbox = ListOutbox([notice(1)])
    outbox.failing_settles = 99
    with pytest.raises(StoreUnavailable):
        await drain(outbox, server)


async def test_stopping_waits_for_what_is_under_way_and_leaves_the_rest_untried(server: ScriptedSmtp) -> None:
    outbox = ListOutbox([notice(number) for number in range(1, 201)])
    draining = asyncio.create_task(drain(outbox, server, concurrency=2))
    async with asyncio.timeout(5):
        await outbox.told.wait()
    draining.cancel()
    with pytest.raises(asyncio.CancelledError):
        await draining
    sent = {out.notice.recipient for out in outbox.outcomes.values() if out.verdict is Verdict.SENT}
    assert sent == {taken.recipient for taken in server.taken}
    assert len(sent) < 200
    assert len(outbox.outcomes) == len(sent)


async def test_the_log_tells_ids_and_codes_and_no_person(server: ScriptedSmtp) -> None:
    server.script["RCPT"].append("550 5.1.1 manager1@customer.example unknown")
    outbox = ListOutbox([notice(1, facts={"subject": "Jane Roe", "sender": "x@y.example"}), notice(2)])
    with capture_logs() as lines:
        await drain(outbox, server, concurrency=1)
    assert lines == [
        {
            "event": "notice_refused",
            "log_level": "warning",
            "notice": 1,
            "ref": "FW-1",
            "kind": "forward",
            "code": "550",
        },
        {
            "event": "notice_sent",
            "log_level": "info",
            "notice": 2,
            "ref": "FW-2",
            "kind": "forward",
            "code": "250",
        },
    ]


async def test_a_letter_that_can_no_longer_be_opened_waits_and_is_not_sent_shut(server: ScriptedSmtp) -> None:
    outbox = ListOutbox([notice(1, facts={"opened": ["smime.p7m (S/MIME)"]}), notice(2)])
    await drain(outbox, server)
    assert outbox.outcomes[1].verdict is Verdict.TEMPORARY
    assert "opened at receipt, and cannot be now" in outbox.outcomes[1].reply
    assert outbox.outcomes[2].verdict is Verdict.SENT
