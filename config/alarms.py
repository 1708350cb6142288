"""What is needed to raise alarms and get them out, and no more: no inbox, no register, no reading of letters."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from complaints.auditor.auditor import Auditor
from complaints.clock import Clock, system_clock
from complaints.outbox import Notice, Outcome
from complaints.outbox_desk import OutboxDesk
from complaints.service import ComplaintDesk
from complaints.signs import LifeSign
from complaints.synthetic import SyntheticDesk
from config.bootstrap import auditor_of, instance_of, open_desk, relay_of, synthetic_of, voice_of
from config.settings import Settings
from notifiers.channels import Channels
from notifiers.dispatcher import Dispatcher

CLOCK = "clock"
"""The part whose sign of life this is."""


class AlarmsAlone:
    """The outbox as somebody sees it who leaves the letters to others."""

    def __init__(self, outbox: OutboxDesk) -> None:
        """Look at this one."""
        self._outbox = outbox

    async def claim(self, limit: int, *, alarms_alone: bool = True) -> list[Notice]:  # noqa: ARG002  it is always so
        """Take alarms that are due to be sent."""
        return await self._outbox.claim(limit, alarms_alone=True)

    async def put_off(self, letters: Sequence[Notice]) -> None:
        """Nothing: there are no letters here."""

    async def original(self, mail_id: int) -> bytes:
        """The stored letter verbatim."""
        return await self._outbox.original(mail_id)

    async def may_go(self, notice: Notice) -> bool:
        """Whether nothing has taken it back."""
        return await self._outbox.may_go(notice)

    async def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Write down what became of them."""
        await self._outbox.settle(outcomes)

    async def raise_alarm(self, key: str, problem: str) -> None:
        """Tell the managers that something of the house's own is amiss."""
        await self._outbox.raise_alarm(key, problem)

    async def relay_in_trouble(self, relay: str, words: str) -> None:
        """Tell the managers, once a day."""
        await self._outbox.relay_in_trouble(relay, words)


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarms:
    """A desk that raises alarms, and what carries them."""

    desk: ComplaintDesk
    synthetic: SyntheticDesk
    sign: LifeSign
    dispatcher: Dispatcher
    auditor: Auditor
    audit_after: timedelta  # without an audit elsewhere the next one is made here

    async def send(self) -> int:
        """Send the alarms that can go now; how many were tried."""
        async with self.desk.database.reading() as repository:
            waiting = await repository.notices.waiting_alarms(self.desk.clock())
        return await self.dispatcher.drain() if waiting else 0


@asynccontextmanager
async def open_alarms(settings: Settings, clock: Clock = system_clock) -> AsyncIterator[Alarms]:
    """Assemble it.

    Raises:
        StoreUnavailable: when the database does not answer, or its schema is another version's.
        BadSetting, BadRegister, BadTerms: what is wrong with settings, ladder or calendar.
    """
    relay, channels = relay_of(settings, clock), Channels()
    # A name of its own: a daemon that starts gives back what it had claimed, and must not give back this.
    name = f"{instance_of(settings)}:{CLOCK}"
    try:
        async with open_desk(settings, clock, name=name) as desk:
            await desk.outbox.release_claims()
            yield Alarms(
                desk=desk,
                synthetic=synthetic_of(settings, desk),
                sign=LifeSign(desk.database, f"{CLOCK} {instance_of(settings)}", clock),
                dispatcher=Dispatcher(
                    AlarmsAlone(desk.outbox),
                    relay,
                    channels,
                    voice_of(settings),
                    concurrency=settings.mails_at_once,
                ),
                auditor=auditor_of(settings, desk),
                audit_after=timedelta(minutes=2 * settings.audit_minutes),
            )
    finally:
        await channels.close()
        await relay.close()
