"""Claim, compose, send, tell: everything in the outbox that can go now, goes."""

import asyncio
import logging
import re
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Protocol, TypeVar

import structlog

from complaints.clock import system_clock
from complaints.errors import ForthwithError
from complaints.inbox.papers.paper import Member
from complaints.inbox.sealed.ours import OurKeys
from complaints.outbox import LETTERS, Notice, NoticeKind, Outcome, Verdict
from notifiers.channels import Channels
from notifiers.compose import Brief, Voice, brief, compose, envelope_sender
from notifiers.own_templates import NO_OWN_TEMPLATES, OwnTemplateFailed, alarm_key
from notifiers.receipt import Receipt, Relay, Wishes
from notifiers.sealing.keyring import Keyring
from notifiers.sealing.sealer import NotSealed, Sealed, Sealer

_SETTLE_AT = 25  # outcomes that are worth a commit of their own
_LINGER_SECONDS = 0.02  # how long a finished try waits for others to share its commit
_SETTLE_TRIES = 3
_SETTLE_PAUSE_SECONDS = 0.5
_LOOK_AGAIN_SECONDS = 1.0  # while busy: an alert that is written meanwhile must not wait for the rest
_STOPPING_SECONDS = 10.0  # what a try under way may take while we are stopping

ALARM_SLOTS = 2
"""Mails that may be under way beside ``concurrency`` letters when they are alarms: however many letters wait
and however slow the relay is, an alarm waits for none of them."""

_WORDS = {
    Verdict.SENT: "notice_sent",
    Verdict.TEMPORARY: "notice_delayed",
    Verdict.PERMANENT: "notice_refused",
}
_OF_A_LETTER = frozenset({NoticeKind.FORWARD, NoticeKind.WITHHELD})
_CODE = re.compile(r"[2-5][0-9]{2}\b")

log = structlog.get_logger()

_Written = TypeVar("_Written", bytes, Brief)


class Outbox(Protocol):
    """What the desk does for the dispatcher."""

    async def claim(self, limit: int, *, alarms_alone: bool = False) -> list[Notice]:
        """Take up to ``limit`` notices that are due to be tried now, alarms first; or alarms alone."""
        ...

    async def put_off(self, letters: Sequence[Notice]) -> None:
        """Take letters back that were claimed and not tried; for a moment none is due."""
        ...

    async def original(self, mail_id: int) -> bytes:
        """The stored letter verbatim."""
        ...

    async def may_go(self, notice: Notice) -> bool:
        """Whether nothing has taken it back since it was claimed."""
        ...

    async def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Write down what became of them, in one transaction."""
        ...

    async def raise_alarm(self, key: str, problem: str) -> None:
        """Tell the managers, once a day for each key, that something of the house's own is amiss."""
        ...

    async def relay_in_trouble(self, relay: str, words: str) -> None:
        """Let people know of it, where they have not heard today."""
        ...


class Dispatcher:
    """Gets notices out.

    Args:
        outbox: where they come from and are settled.
        relay: carries mail.
        channels: carries everything else.
        voice: who writes.
        concurrency: mails under way at once; alarms have some room beside them.
        batch: notices claimed at once.
        sealer: encrypts what contracts want encrypted; without it nothing that must be is sent.
        opened: what stands encrypted in a letter.
    """

    def __init__(
        self,
        outbox: Outbox,
        relay: Relay,
        channels: Channels,
        voice: Voice,
        *,
        concurrency: int,
        batch: int = 50,
        sealer: Sealer | None = None,
        opened: Callable[[bytes], Sequence[Member]] | None = None,
    ) -> None:
        self._sealer = sealer or Sealer(Keyring(None), OurKeys(), system_clock)
        self._open = opened or (lambda _: ())
        self._outbox, self._relay, self._channels, self._voice = outbox, relay, channels, voice
        self._concurrency, self._batch = concurrency, batch

    async def drain(self) -> int:
        """Try everything that can be claimed now; how many notices were tried.

        Raises whatever claiming or settling raises; then the tries already made are still settled if
        that can be done, and the rest is claimed again once its claim has expired.
        """
        drain = _Drain(
            self._outbox, self._deliver, self._concurrency, self._batch, turn=self._relay.take_turn
        )
        tried = await drain.run()
        for relay, words in self._relay.troubles().items():
            await self._outbox.relay_in_trouble(relay, words)
        return tried

    async def _deliver(self, notice: Notice, *, relay_up: bool) -> tuple[Outcome, bool]:
        """One try, and whether the relay is to be tried further."""
        if notice.is_mail and not relay_up:
            receipt = Receipt(
                verdict=Verdict.TEMPORARY,
                reply="not tried: the relay was out of order a moment ago",
                reachable=False,
            )
        else:
            receipt = await self._receipt(notice)
        _tell(notice, receipt)
        outcome = Outcome(
            notice=notice,
            verdict=receipt.verdict,
            reply=receipt.reply,
            queue_id=receipt.queue_id,
            sealed=receipt.sealed,
            withheld=receipt.withheld,
            receipt=receipt.evidence,
            too_big=receipt.too_big,
            relay_down=not receipt.reachable,
        )
        return outcome, receipt.reachable

    async def _receipt(self, notice: Notice) -> Receipt:
        try:
            send, sealed = await self._prepared(notice)
        except _OriginalUnavailable as error:
            return Receipt(verdict=Verdict.TEMPORARY, reply=f"the letter could not be read: {error}")
        except NotSealed as stop:
            words = f"not sent: it may go out encrypted alone, and {stop.fault.value}"
            return Receipt(verdict=Verdict.PERMANENT, reply=words, withheld=stop.fault.value)
        except Exception as error:  # noqa: BLE001  whatever one notice holds, the others go on
            return Receipt(verdict=Verdict.PERMANENT, reply=_without_personal_data(error))
        if stopped := await self._stopped(notice):
            send.close()
            return Receipt(verdict=Verdict.TEMPORARY, reply=stopped)
        try:
            return replace(await send, sealed=sealed)
        except Exception as error:  # noqa: BLE001  see above; nobody knows how far the sending came
            return Receipt(
                verdict=Verdict.TEMPORARY, reply=f"outcome unknown: {type(error).__name__} while sending"
            )

    async def _stopped(self, notice: Notice) -> str:
        """Why it does not go after all: a hold may have come since it was claimed; empty: it goes."""
        if not notice.goes_to_a_customer:
            return ""
        try:
            return "" if await self._outbox.may_go(notice) else "not sent: it was taken back before"
        except Exception as error:  # noqa: BLE001  who cannot be asked has not allowed it
            return f"not sent: whether it may go could not be read: {type(error).__name__}"

    async def _prepared(self, notice: Notice) -> tuple[Coroutine[Any, Any, Receipt], str]:
        """What sends it, and how it is sealed."""
        if not notice.is_mail:
            words = await self._in_words(lambda voice: brief(notice, voice))
            return self._channels.send(words, notice.recipient), ""
        original = await self._original(notice)
        opened = await self._opened(notice, original)
        message = await self._in_words(lambda voice: compose(notice, voice, original, opened))
        sealed = Sealed(message=message)
        if notice.facts.get("encryption"):
            # In a thread: a large letter takes a while.
            sealed = await asyncio.to_thread(self._sealer.seal, notice, message)
        sender = envelope_sender(notice, self._voice)
        return self._relay.send(sealed.message, sender, notice.recipient, Wishes.about(notice)), sealed.how

    async def _opened(self, notice: Notice, original: bytes | None) -> Sequence[Member]:
        """What stood encrypted in a letter, opened; its reader has no key for the letter itself."""
        if original is None or not notice.facts.get("opened"):
            return ()
        pieces = await asyncio.to_thread(self._open, original)
        if not pieces:
            raise _OriginalUnavailable("it was opened at receipt, and cannot be now; see `forthwith doctor`")
        return pieces

    async def _in_words(self, write: Callable[[Voice], _Written]) -> _Written:
        """The notice by the operator's templates, or by ours where one of those is broken; then the managers hear of it."""
        try:
            return write(self._voice)
        except OwnTemplateFailed as failed:
            log.warning("template_failed", problem=str(failed))
            try:
                await self._outbox.raise_alarm(alarm_key(str(failed)), str(failed))
            except Exception:
                log.exception("template_untold")
            return write(replace(self._voice, templates=NO_OWN_TEMPLATES))

    async def _original(self, notice: Notice) -> bytes | None:
        if notice.kind not in _OF_A_LETTER or notice.mail_id is None:
            return None
        try:
            return await self._outbox.original(notice.mail_id)
        except Exception as error:
            raise _OriginalUnavailable(type(error).__name__) from error


class _OriginalUnavailable(Exception):
    """The store did not hand out the letter."""


class _Deliver(Protocol):
    async def __call__(self, notice: Notice, *, relay_up: bool) -> tuple[Outcome, bool]: ...


class _Drain:
    """One emptying of the outbox: claims ahead while it sends, and settles in groups meanwhile."""

    def __init__(
        self,
        outbox: Outbox,
        deliver: _Deliver,
        concurrency: int,
        batch: int,
        *,
        turn: Callable[[], bool],
    ) -> None:
        self._outbox, self._deliver, self._turn = outbox, deliver, turn
        self._concurrency, self._batch = concurrency, batch
        self._pressing: deque[Notice] = deque()
        self._mails: deque[Notice] = deque()
        self._running: dict[asyncio.Task[tuple[Outcome, bool]], Notice] = {}
        self._letters_running = 0
        self._alarms_running = 0
        self._finished: list[Outcome] = []
        self._finished_since = 0.0
        self._claiming: asyncio.Task[list[Notice]] | None = None
        self._settling: asyncio.Task[None] | None = None
        self._empty = False
        self._only_alarms = False
        self._looked_at = 0.0
        self._relay_up = True
        self._takes_letters = True  # no: it is out of order, or has had its letters of this minute
        self._put_off = False  # letters were given back, since it takes none
        self._tried = 0

    async def run(self) -> int:
        try:
            while not self._done():
                self._start()
                await self._wait()
                self._collect()
        except BaseException:
            await self._wind_up()
            raise
        return self._tried

    def _done(self) -> bool:
        at_work = self._waiting or self._running or self._finished or self._claiming or self._settling
        return self._empty and not at_work

    @property
    def _waiting(self) -> int:
        return len(self._pressing) + len(self._mails)

    @property
    def _under_way(self) -> int:
        return self._letters_running + self._alarms_running

    def _start(self) -> None:
        while self._pressing and self._under_way < self._concurrency + ALARM_SLOTS:
            self._alarms_running += 1
            self._begin(self._pressing.popleft())
        while self._may_begin_a_letter():
            self._letters_running += 1
            self._begin(self._mails.popleft())
        if not self._takes_letters and self._settling is None and (self._mails or not self._put_off):
            self._put_off = True
            letters = [*self._mails]
            self._mails.clear()
            self._settling = asyncio.create_task(self._outbox.put_off(letters))
        if self._claiming is None and self._worth_a_look():
            self._looked_at = self._now()
            # A claim that waits here too long expires: while enough letters do, alarms alone are taken.
            self._only_alarms = len(self._mails) >= self._concurrency
            self._claiming = asyncio.create_task(
                self._outbox.claim(self._batch, alarms_alone=self._only_alarms)
            )
        if self._settling is None and self._worth_a_commit():
            group, self._finished = self._finished, []
            self._settling = asyncio.create_task(self._settle(group))

    def _may_begin_a_letter(self) -> bool:
        self._takes_letters = self._takes_letters and self._relay_up
        free = not self._pressing and self._under_way < self._concurrency
        if not (self._mails and free and self._takes_letters):
            return False
        self._takes_letters = self._turn()
        return self._takes_letters

    def _worth_a_look(self) -> bool:
        if not self._empty and self._waiting < self._concurrency:
            return True
        return len(self._pressing) < self._batch and self._now() - self._looked_at >= _LOOK_AGAIN_SECONDS

    def _begin(self, notice: Notice) -> None:
        self._running[asyncio.create_task(self._deliver(notice, relay_up=self._relay_up))] = notice

    def _worth_a_commit(self) -> bool:
        if not self._finished:
            return False
        waited = self._now() - self._finished_since
        return len(self._finished) >= _SETTLE_AT or waited >= _LINGER_SECONDS or not self._running

    async def _wait(self) -> None:
        others = (task for task in (self._claiming, self._settling) if task is not None)
        tasks: list[asyncio.Task[Any]] = [*self._running, *others]
        if tasks:
            lingers = self._finished and self._settling is None
            patience = _LINGER_SECONDS if lingers else _LOOK_AGAIN_SECONDS
            await asyncio.wait(tasks, timeout=patience, return_when=asyncio.FIRST_COMPLETED)

    def _collect(self) -> None:
        for task in [task for task in self._running if task.done()]:
            self._take_in(task)
        if self._settling is not None and self._settling.done():
            settled, self._settling = self._settling, None
            settled.result()
        if self._claiming is not None and self._claiming.done():
            claimed, self._claiming = self._claiming, None
            self._accept(claimed.result())

    def _take_in(self, task: asyncio.Task[tuple[Outcome, bool]]) -> None:
        notice = self._running.pop(task)
        if notice.is_mail:
            self._letters_running -= notice.kind in LETTERS
            self._alarms_running -= notice.kind not in LETTERS
        outcome, reachable = task.result()
        self._relay_up = self._relay_up and reachable
        if not self._finished:
            self._finished_since = self._now()
        self._finished.append(outcome)
        self._tried += 1

    def _accept(self, notices: list[Notice]) -> None:
        if not self._only_alarms:
            self._empty = len(notices) < self._batch
        for notice in notices:
            # A chat that hangs must not take a mail's place: channels bound themselves.
            if not notice.is_mail:
                self._begin(notice)
            else:
                (self._mails if notice.kind in LETTERS else self._pressing).append(notice)

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()

    async def _settle(self, group: list[Outcome]) -> None:
        # What the relay has taken must be known to the store, or it is sent again: so a database that
        # is just restarting is given a moment.
        for attempt in range(1, _SETTLE_TRIES + 1):
            try:
                return await self._outbox.settle(group)
            except ForthwithError as error:
                if attempt == _SETTLE_TRIES:
                    raise
                log.warning("settling_again", notices=len(group), error=type(error).__name__)
                await asyncio.sleep(_SETTLE_PAUSE_SECONDS * attempt)
        return None

    async def _wind_up(self) -> None:
        """On the way out: wait for what has begun and write down what is known of it.

        What has not begun keeps its claim, which whoever stops us gives back, or which ends by itself: no
        try was made, so none is counted and nothing is put off.
        """
        if self._claiming is not None:
            with suppress(Exception):
                await self._claiming
        if self._running:
            await asyncio.wait(self._running, timeout=_STOPPING_SECONDS)
        for task in list(self._running):
            if task.done():
                self._take_in(task)
            else:
                # Its claim expires, and it is sent again under the same Message-ID.
                task.cancel()
        if self._settling is not None:
            await asyncio.wait([self._settling])
        if self._finished:
            with suppress(Exception):
                await self._outbox.settle(self._finished)


def _without_personal_data(error: Exception) -> str:
    """Our own errors are written for people; of any other, only its kind is told."""
    words = str(error) if isinstance(error, ForthwithError) else "the message could not be put together"
    return f"{type(error).__name__}: {words}"


def _tell(notice: Notice, receipt: Receipt) -> None:
    code = _CODE.match(receipt.reply)
    ids = {"notice": notice.id, "ref": notice.ref, "kind": notice.kind.value, "code": code[0] if code else ""}
    level = logging.INFO if receipt.verdict is Verdict.SENT else logging.WARNING
    log.log(level, _WORDS[receipt.verdict], **ids)
