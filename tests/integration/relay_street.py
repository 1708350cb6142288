"""The desk on a real store, and relays that misbehave; nothing in between is replaced."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from complaints.lifecycle import Status
from complaints.outbox import RELAY_LOOKED_AT, Notice, NoticeKind
from complaints.proof import ForwardProof, ladders_of
from notifiers.channels import Channels
from notifiers.compose import Voice
from notifiers.dispatcher import Dispatcher
from notifiers.relays import Relays
from notifiers.smtp import SmtpRelay
from tests.conftest import SteppedClock
from tests.desks import DeskAtWork
from tests.integration.hostile_smtp import HostileSmtp

VOICE = Voice(organisation="MSP", address="complaints@msp.example", timezone="UTC")


@dataclass
class Street:
    """The desk, and relays that misbehave."""

    work: DeskAtWork
    clock: SteppedClock
    relays: Relays
    dispatcher: Dispatcher

    async def tick(self) -> int:
        tried = await self.dispatcher.drain()
        while await self.work.desk.escalate():
            pass
        return tried + await self.dispatcher.drain()

    async def forward(self, ref: str) -> Notice:
        """The newest forward."""
        notices = (await self.work.records.show(ref)).notices
        return next(one for one in reversed(notices) if one.kind is NoticeKind.FORWARD)

    async def status(self, ref: str) -> Status:
        return (await self.work.records.show(ref)).complaint.status

    async def proof(self, ref: str) -> ForwardProof:
        """The ladder of evidence of the first forward, as `forthwith show` prints it."""
        found = await self.work.records.show(ref)
        return ladders_of(found.complaint, found.history, found.notices)[0]

    async def told(self, ref: str) -> set[tuple[NoticeKind, str]]:
        """Who was written to besides the forwards."""
        notices = (await self.work.records.show(ref)).notices
        return {(one.kind, one.recipient) for one in notices if one.kind is not NoticeKind.FORWARD}

    async def until_tried_again(self, ref: str) -> None:
        self.clock.now = max((await self.forward(ref)).next_attempt_at, self.clock.now + RELAY_LOOKED_AT)
        await self.tick()


@asynccontextmanager
async def street(
    work: DeskAtWork, *servers: HostileSmtp, patience: float = 5, **options: Any
) -> AsyncIterator[Street]:
    relays = Relays(
        [
            SmtpRelay(
                "127.0.0.1", one.port, **{"tls": "none", "timeout": patience, "clock": work.clock, **options}
            )
            for one in servers
        ],
        work.clock,
    )
    channels = Channels()
    dispatcher = Dispatcher(work.desk.outbox, relays, channels, VOICE, concurrency=1)
    try:
        yield Street(work, work.clock, relays, dispatcher)
    finally:
        await relays.close()
        await channels.close()
