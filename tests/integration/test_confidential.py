"""Confidential by contract: what stops for want of a key, who hears of it, and what starts it again. On both databases."""

import random
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from complaints.auditor.auditor import Auditor
from complaints.auditor.finding import What
from complaints.errors import NotAllowed
from complaints.inbox.sealed.ours import OurKeys
from complaints.lifecycle import Status
from complaints.model import Customer
from complaints.outbox import Notice, NoticeKind, Verdict
from complaints.proof import ladders_of
from complaints.store.database import Database
from notifiers.channels import Channels
from notifiers.compose import Voice
from notifiers.dispatcher import Dispatcher
from notifiers.receipt import NONE, Receipt, Wishes
from notifiers.sealing.keyring import Keyring
from notifiers.sealing.sealer import Sealer
from tests.conftest import SteppedClock
from tests.desks import ACME, MANAGER, TRIAGE, DeskAtWork, a_policy, matched
from tests.keys import pair

ADA, DAN = "ada@acme.example", "dan@acme.example"
REQUIRED = replace(ACME, encryption="required")
TOLD = [MANAGER, TRIAGE]


@dataclass
class RecordingRelay:
    """Takes every message, and keeps what it took."""

    taken: list[tuple[str, bytes]] = field(default_factory=list)
    out_of_order: bool = False

    async def send(self, message: bytes, sender: str, recipient: str, wishes: Wishes = NONE) -> Receipt:
        del sender, wishes
        if self.out_of_order:
            return Receipt(verdict=Verdict.TEMPORARY, reply="no answer in time")
        self.taken.append((recipient, message))
        return Receipt(verdict=Verdict.SENT, reply="250 2.0.0 Ok: queued as Q1", queue_id="Q1")

    def take_turn(self) -> bool:
        return True

    def troubles(self) -> dict[str, str]:
        return {}

    async def close(self) -> None:
        pass

    def forwards(self, recipient: str = "") -> list[bytes]:
        mails = (m for r, m in self.taken if not recipient or r == recipient)
        return [m for m in mails if b"X-Forthwith-Notice: forward" in m]


@dataclass
class Scene:
    """A desk, its dispatcher, and a folder of keys."""

    at_work: DeskAtWork
    relay: RecordingRelay
    dispatcher: Dispatcher
    folder: Path
    number: int = 0

    @property
    def clock(self) -> SteppedClock:
        return self.at_work.clock

    def hold(self, address: str, *, days: float = 365) -> None:
        certificate = pair(address, ends=self.clock() + timedelta(days=days)).certificate
        (self.folder / f"{address}.pem").write_bytes(certificate)

    async def letter(self, customer: Customer = REQUIRED) -> str:
        self.number += 1
        found = await self.at_work.letter(matched(customer), number=self.number)
        return found.ref

    async def tick(self) -> None:
        await self.at_work.desk.outbox.take_up_keys()
        await self.dispatcher.drain()
        await self.at_work.desk.escalate()
        await self.dispatcher.drain()

    async def is_in_order(self) -> bool:
        """Whether the audit finds no alarm missing and no record that its history contradicts."""
        return await self.found_amiss() == set()

    async def found_amiss(self) -> set[What]:
        desk = self.at_work
        audit = Auditor(desk.database, desk.policy, desk.clock, tolerance=timedelta(minutes=2), place="tests")
        return {one.what for one in (await audit.audit()).findings}

    async def shown(self, ref: str) -> Any:
        return (await self.at_work.records.show(ref)).complaint

    def told(self, kind: NoticeKind = NoticeKind.KEY_LACKING) -> list[str]:
        mark = b"X-Forthwith-Notice: " + kind.value.encode()
        return sorted(recipient for recipient, message in self.relay.taken if mark in message)


@pytest.fixture
async def scene(database: Database, clock: SteppedClock, tmp_path: Path) -> Scene:
    folder = tmp_path / "keys"
    folder.mkdir()
    ring = Keyring(folder)
    at_work = DeskAtWork(database, clock, a_policy(keys=ring))
    await at_work.take_customers(REQUIRED)
    relay = RecordingRelay()
    voice = Voice(organisation="Northgate", address="privacy@msp.example", timezone="Europe/London")
    sealer = Sealer(ring, OurKeys(), clock)
    dispatcher = Dispatcher(at_work.desk.outbox, relay, Channels(), voice, concurrency=2, sealer=sealer)
    return Scene(at_work, relay, dispatcher, folder)


async def test_with_a_key_it_goes_out_encrypted_and_the_proof_says_with_what(scene: Scene) -> None:
    scene.hold(ADA)
    ref = await scene.letter()
    await scene.tick()
    [forward] = scene.relay.forwards(ADA)
    assert b"pkcs7-mime" in forward
    dossier = await scene.at_work.records.show(ref)
    assert dossier.complaint.status is Status.FORWARDED
    [ladder] = ladders_of(dossier.complaint, dossier.history, dossier.notices)
    assert ladder.steps[-1].details["sealed"].startswith("S/MIME, certificate SHA-256 ")


@pytest.mark.parametrize(("days", "reason"), [(None, "missing"), (-1, "expired")])
async def test_without_a_usable_key_nothing_is_sent_people_are_told_at_once_and_the_key_releases_it(
    scene: Scene, days: float | None, reason: str
) -> None:
    if days is not None:
        scene.hold(ADA, days=days)
    ref = await scene.letter()
    await scene.tick()
    complaint = await scene.shown(ref)
    assert scene.relay.forwards() == []
    assert (complaint.status, complaint.review_reason) == (Status.NEEDS_REVIEW, f"encryption key {reason}")
    assert scene.told() == TOLD
    for _ in range(3):
        await scene.tick()
    assert scene.told() == TOLD  # once
    assert complaint.clock_runs
    assert await scene.is_in_order()
    scene.clock.step(hours=25)
    await scene.tick()
    assert (await scene.shown(ref)).breached_at is not None
    assert scene.told(NoticeKind.BREACH)
    scene.hold(ADA)
    await scene.tick()
    [forward] = scene.relay.forwards(ADA)
    assert b"pkcs7-mime" in forward
    assert (await scene.shown(ref)).status is Status.FORWARDED
    assert (await scene.at_work.events(ref)).count("key_found") == 1


async def test_a_key_that_expires_while_the_letter_waits_for_the_relay_stops_it_too(scene: Scene) -> None:
    scene.hold(ADA, days=1 / 24)
    ref = await scene.letter()
    scene.relay.out_of_order = True
    await scene.tick()
    assert (await scene.shown(ref)).status is Status.FORWARDING
    scene.clock.step(hours=2)
    scene.relay.out_of_order = False
    await scene.tick()
    complaint = await scene.shown(ref)
    assert scene.relay.forwards() == []
    assert (complaint.status, complaint.review_reason) == (Status.NEEDS_REVIEW, "encryption key expired")
    assert scene.told() == TOLD
    await scene.tick()
    assert scene.told() == TOLD
    assert await scene.is_in_order()


async def test_a_contract_that_came_to_ask_for_it_counts_for_what_was_written_before(scene: Scene) -> None:
    await scene.at_work.take_customers(ACME)
    ref = await scene.letter(ACME)
    scene.relay.out_of_order = True
    await scene.tick()
    await scene.at_work.take_customers(REQUIRED)
    scene.clock.step(minutes=30)
    scene.relay.out_of_order = False
    for _ in range(3):
        await scene.tick()
    assert scene.relay.forwards() == []
    assert (await scene.shown(ref)).review_reason == "encryption key missing"
    assert scene.told() == TOLD
    scene.hold(ADA)
    await scene.tick()
    [forward] = scene.relay.forwards(ADA)
    assert b"pkcs7-mime" in forward


async def test_where_encryption_is_only_wished_for_it_goes_out_and_the_history_says_how(scene: Scene) -> None:
    wishes = replace(ACME, encryption="opportunistic")
    await scene.at_work.take_customers(wishes)
    first = await scene.letter(wishes)
    await scene.tick()
    scene.hold(ADA)
    await scene.letter(wishes)
    await scene.tick()
    clear, sealed = scene.relay.forwards(ADA)
    assert b"letter 1" in clear
    assert b"pkcs7-mime" in sealed
    history = (await scene.at_work.records.show(first)).history
    assert [e.data["sealed"] for e in history if e.name == "forwarded"] == [
        "not encrypted: encryption key missing"
    ]


async def test_the_deputys_turn_obeys_it_too_when_the_managers_mail_comes_back(scene: Scene) -> None:
    scene.hold(ADA)
    ref = await scene.letter()
    await scene.tick()
    forward = await the_forward(scene, ref)
    await scene.at_work.desk.outbox.bounced([forward.message_id], "550 5.1.1 no such mailbox")
    await scene.tick()
    assert scene.relay.forwards(DAN) == []
    assert (await scene.shown(ref)).review_reason == "encryption key missing"
    assert scene.told() == TOLD
    # Nobody is told that it goes on to the deputy by itself.
    failed = [m for _, m in scene.relay.taken if b"X-Forthwith-Notice: delivery_failed" in m]
    assert len(failed) == 2
    assert not any(DAN.encode() in one for one in failed)
    scene.hold(DAN)
    await scene.tick()
    [forward_to_dan] = scene.relay.forwards(DAN)
    assert b"pkcs7-mime" in forward_to_dan
    assert await scene.is_in_order()


async def test_the_deputys_turn_obeys_it_too_when_the_manager_is_away(scene: Scene) -> None:
    scene.hold(ADA)
    ref = await scene.letter()
    await scene.tick()
    forward = await the_forward(scene, ref)
    await scene.at_work.desk.outbox.away(forward.message_id, date(2026, 12, 24))
    await scene.tick()
    assert scene.relay.forwards(DAN) == []
    assert (await scene.shown(ref)).status is Status.FORWARDED
    assert "key_lacking" in await scene.at_work.events(ref)
    assert scene.told() == TOLD
    await the_forward(scene, ref)  # there is still the one
    await scene.at_work.desk.outbox.bounced([forward.message_id], "550 5.1.1 no such mailbox")
    scene.hold(DAN)
    await scene.tick()
    assert len(scene.relay.forwards(DAN)) == 1
    assert await scene.is_in_order()


async def test_no_verb_of_people_gets_it_out_in_the_clear(scene: Scene) -> None:
    ref = await scene.letter()
    await scene.at_work.desk.assign(ref, "acme", actor="pat")
    await scene.at_work.desk.resend(ref, actor="pat")
    await scene.tick()
    assert scene.relay.forwards() == []
    scene.hold(ADA)
    await scene.tick()
    (scene.folder / f"{ADA}.pem").unlink()
    with pytest.raises(NotAllowed, match="encryption key missing"):
        await scene.at_work.desk.resend(ref, actor="pat")
    assert (await scene.shown(ref)).status is Status.FORWARDED


async def test_a_letter_sent_again_whose_key_is_gone_counts_as_not_forwarded(scene: Scene) -> None:
    scene.hold(ADA)
    ref = await scene.letter()
    await scene.tick()
    await scene.at_work.desk.resend(ref, actor="pat")
    (scene.folder / f"{ADA}.pem").unlink()
    await scene.tick()
    complaint = await scene.shown(ref)
    assert (complaint.status, complaint.forwarded_at) == (Status.NEEDS_REVIEW, None)
    assert len(scene.relay.forwards()) == 1
    assert await scene.is_in_order()


async def test_a_hold_stops_what_waits_for_a_key(scene: Scene) -> None:
    ref = await scene.letter()
    await scene.at_work.desk.hold(ref, "the prosecutor asks", actor="pat")
    scene.hold(ADA)
    await scene.tick()
    await scene.at_work.desk.release(ref, "the prosecutor agrees", actor="pat")
    await scene.tick()
    assert scene.relay.forwards() == []


async def test_a_person_may_relax_the_contract_and_send_it(scene: Scene) -> None:
    ref = await scene.letter()
    await scene.at_work.take_customers(ACME)
    await scene.at_work.desk.resend(ref, actor="pat")
    await scene.tick()
    [forward] = scene.relay.forwards(ADA)
    assert b"letter 1" in forward


class Walk:
    """Something that may happen, again and again."""

    def __init__(self, scene: Scene, seed: int) -> None:
        self.scene, self.chance = scene, random.Random(seed)
        self.asked = "required"
        self.refs: list[str] = []

    async def step(self) -> None:
        happening = self.chance.choice(
            (
                self.key_comes,
                self.keys_go,
                self.contract,
                self.letter,
                self.relay,
                self.time,
                self.people,
                self.mail,
            )
        )
        await happening()

    async def key_comes(self) -> None:
        self.scene.hold(self.chance.choice([ADA, DAN]), days=self.chance.choice([-1, 0.1, 30]))

    async def keys_go(self) -> None:
        for path in self.scene.folder.iterdir():
            path.unlink()

    async def contract(self) -> None:
        self.asked = self.chance.choice(["none", "opportunistic", "required", "required"])
        await self.scene.at_work.take_customers(replace(ACME, encryption=self.asked))

    async def letter(self) -> None:
        self.refs.append(await self.scene.letter(replace(ACME, encryption=self.asked)))

    async def relay(self) -> None:
        self.scene.relay.out_of_order = not self.scene.relay.out_of_order

    async def time(self) -> None:
        self.scene.clock.step(hours=self.chance.choice([0.2, 3, 20]))

    async def people(self) -> None:
        with suppress(NotAllowed):
            await by_a_person(self.scene, self.chance.choice(self.refs), self.chance)

    async def mail(self) -> None:
        await by_the_customer(self.scene, self.chance.choice(self.refs), self.chance)


@pytest.mark.parametrize("seed", range(8))
async def test_under_required_no_forward_ever_leaves_in_the_clear(scene: Scene, seed: int) -> None:
    """Whatever happens in whatever order: keys come, go and expire, contracts change, mail fails, people act."""
    walk = Walk(scene, seed)
    await walk.letter()
    for _ in range(60):
        asked_before, seen = walk.asked, len(scene.relay.taken)
        await walk.step()
        await scene.tick()
        sent = [m for _, m in scene.relay.taken[seen:] if b"X-Forthwith-Notice: forward" in m]
        if asked_before == walk.asked == "required":
            assert all(b"pkcs7-mime" in one and b"Subject: letter" not in one for one in sent)
    for ref in walk.refs:
        await scene.at_work.events(ref)  # the history is whole
    # Time was stepped past rungs and while the relay was out of order; nothing else may be amiss.
    assert await scene.found_amiss() <= {What.TOLD_LATE, What.UNSENT}


async def by_a_person(scene: Scene, ref: str, chance: random.Random) -> None:
    if chance.random() < 0.5:
        await scene.at_work.desk.resend(ref, actor="pat")
    else:
        await scene.at_work.desk.assign(ref, "acme", actor="pat")


async def by_the_customer(scene: Scene, ref: str, chance: random.Random) -> None:
    forwards = [n for n in (await scene.at_work.records.show(ref)).notices if n.kind is NoticeKind.FORWARD]
    for one in forwards[-1:]:
        if chance.random() < 0.5:
            await scene.at_work.desk.outbox.bounced([one.message_id], "550 5.1.1 no such mailbox")
        else:
            await scene.at_work.desk.outbox.away(one.message_id, None)


async def the_forward(scene: Scene, ref: str) -> Notice:
    [forward] = [n for n in (await scene.at_work.records.show(ref)).notices if n.kind is NoticeKind.FORWARD]
    return forward
