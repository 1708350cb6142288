"""Several relays in order: the next one carries what those before it cannot.

Handed on is only what no relay can have taken. A message whose outcome is unknown waits for its next try like any
other, under the same Message-ID; what is refused for its recipient's sake is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from complaints.clock import Clock, system_clock
from complaints.outbox import Verdict
from notifiers.receipt import NONE, Receipt, Wishes
from notifiers.smtp import SmtpRelay

log = structlog.get_logger()

REST = timedelta(minutes=1)
"""After trouble of its own a relay is left alone for so long, where another one can be had."""

TOLD_AFTER = timedelta(minutes=1)
"""A relay that has been out of order for so long is told of; a restart is no news."""


@dataclass(kw_only=True, slots=True)
class _Trouble:
    since: datetime
    last: datetime
    words: str


class Relays:
    """The relays of the house, the first of them the one that is used.

    Args:
        relays: in order, one at least.
        clock: tells the present instant.
    """

    def __init__(self, relays: Sequence[SmtpRelay], clock: Clock = system_clock) -> None:
        self._relays, self._clock = tuple(relays), clock
        self._troubled: dict[SmtpRelay, _Trouble] = {}

    async def send(self, message: bytes, sender: str, recipient: str, wishes: Wishes = NONE) -> Receipt:
        """Hand one message over for one recipient, to the first relay that can take it."""
        in_use = self._in_use()
        resting = [relay for relay in self._relays if relay not in in_use]
        refusals: list[Receipt] = []
        for relay in (*in_use, *resting):
            # What those in use can never carry, since it is too big for them say, one that rests might take.
            if relay in resting and not all(map(_is_final, refusals)):
                break
            receipt = await relay.send(message, sender, recipient, wishes)
            self._note(relay, receipt)
            if not (receipt.elsewhere or receipt.too_big):
                return self._of_all(receipt)
            refusals.append(receipt)
        # Nor is it refused while one that might take it is merely down.
        waiting = [one for one in refusals if not _is_final(one)]
        return self._of_all((waiting or refusals)[-1])

    def take_turn(self) -> bool:
        """Whether the relay in use may be given one more letter in this minute; if so, it is counted."""
        return self._in_use()[0].take_turn()

    def troubles(self) -> Mapping[str, str]:
        """Which relays have been out of order for a while, and still were when last asked; their last words."""
        return {
            relay.name: trouble.words
            for relay, trouble in self._troubled.items()
            if trouble.last - trouble.since >= TOLD_AFTER and self._rests(relay)
        }

    async def close(self) -> None:
        """Say goodbye everywhere."""
        for relay in self._relays:
            await relay.close()

    def _in_use(self) -> Sequence[SmtpRelay]:
        """Those that are not resting; all of them where every one is."""
        return [relay for relay in self._relays if not self._rests(relay)] or self._relays

    def _rests(self, relay: SmtpRelay) -> bool:
        trouble = self._troubled.get(relay)
        return trouble is not None and self._clock() < trouble.last + REST

    def _note(self, relay: SmtpRelay, receipt: Receipt) -> None:
        now = self._clock()
        if receipt.relay_trouble:
            if relay not in self._troubled:
                log.warning("relay_in_trouble", relay=relay.name)
                self._troubled[relay] = _Trouble(since=now, last=now, words=receipt.reply)
            trouble = self._troubled[relay]
            trouble.last, trouble.words = now, receipt.reply
        elif relay in self._troubled and not receipt.too_big:
            del self._troubled[relay]
            log.info("relay_back", relay=relay.name)

    def _of_all(self, receipt: Receipt) -> Receipt:
        """The receipt; all relays together are out of order only where each of them is."""
        if receipt.reachable or all(self._rests(relay) for relay in self._relays):
            return receipt
        return replace(receipt, reachable=True)


def _is_final(refusal: Receipt) -> bool:
    """Whether that relay will never take this message."""
    return refusal.too_big or refusal.verdict is Verdict.PERMANENT
