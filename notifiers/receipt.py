"""What comes back from a try to get a message out, and who gives it."""

from dataclasses import dataclass
from typing import Protocol

from complaints.outbox import Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """The evidence of one try."""

    verdict: Verdict
    reply: str  # the other side's words with their code, or why there were none
    queue_id: str = ""  # the relay's own name for the message, where it told one
    sealed: str = ""  # with what it was encrypted, as of Outcome
    withheld: str = ""  # why it was not handed over, as of Outcome
    reachable: bool = True  # False: the relay itself is in trouble, so further tries now are pointless


class Relay(Protocol):
    """Whoever carries mail for us."""

    async def send(self, message: bytes, sender: str, recipient: str) -> Receipt:
        """Hand one message over for one recipient; never raises for what the other side does."""
        ...

    async def check(self) -> list[str]:
        """Try everything short of a message; one line for people per step that worked.

        Raises:
            RelayUnusable: at the first step that did not, with what to do about it.
        """
        ...

    async def close(self) -> None:
        """Let go of what is kept open."""
        ...
