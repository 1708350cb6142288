"""What comes back from a try to get a message out, and who gives it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from complaints.outbox import OUTCOME_UNKNOWN, Notice, NoticeKind, Verdict

Report = Literal["SUCCESS", "DELAY", "FAILURE"]
"""What the servers on the way may be asked to tell us (RFC 3461 4.1)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wishes:
    """What the relay is asked for beyond carrying the message, where it says that it can be asked."""

    reports: tuple[Report, ...] = ()  # empty: its own habits
    mark: str = ""  # of the envelope; comes back in those reports (RFC 3461 4.4, ENVID)

    @classmethod
    def about(cls, notice: Notice) -> "Wishes":
        """Of a forward we want to hear all there is to hear; of anything else that it did not arrive."""
        arrival: tuple[Report, ...] = ("SUCCESS",) if notice.kind is NoticeKind.FORWARD else ()
        return cls(reports=(*arrival, "DELAY", "FAILURE"), mark=notice.bounce_token)


NONE = Wishes()


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """The evidence of one try.

    ``evidence`` holds, as far as it is known: ``relay`` (host:port), ``octets`` (size of the message), ``tls`` (see
    :mod:`notifiers.certificate`; missing: in the clear), ``dsn_asked`` (whether reports were asked for), and ``reply``
    (each line of one that has several).
    """

    verdict: Verdict
    reply: str  # the other side's words with their code, or why there were none
    queue_id: str = ""  # the relay's own name for the message, where it told one
    sealed: str = ""  # with what it was encrypted, as of Outcome
    withheld: str = ""  # why it was not handed over, as of Outcome
    reachable: bool = True  # False: the relay itself is in trouble, so further tries now are pointless
    elsewhere: bool = False  # nothing was taken, and that is the relay's doing: another one may do
    too_big: bool = False  # refused for its size alone
    evidence: Mapping[str, Any] = field(default_factory=dict)

    @property
    def relay_trouble(self) -> bool:
        """Whether it is the relay that kept the message from going out, and not the message."""
        unknown = self.reply.startswith(OUTCOME_UNKNOWN)
        return self.verdict is Verdict.TEMPORARY and (self.elsewhere or unknown or not self.reachable)


class Relay(Protocol):
    """Whoever carries mail for us."""

    async def send(self, message: bytes, sender: str, recipient: str, wishes: Wishes = NONE) -> Receipt:
        """Hand one message over for one recipient; never raises for what the other side does."""
        ...

    def take_turn(self) -> bool:
        """Whether one more letter may be given to it in this minute; if so, it is counted. Alarms do not ask."""
        ...

    def troubles(self) -> Mapping[str, str]:
        """Which relays have been out of order for a while, and their last words; empty when all is well."""
        ...

    async def close(self) -> None:
        """Let go of what is kept open."""
        ...
