"""What comes of opening something sealed, and what mime asks of an opener."""

from dataclasses import dataclass
from typing import Protocol

from complaints.model import SealedBy

SMIME, OPENPGP = "S/MIME", "OpenPGP"
NO_KEY = "it is encrypted to no key of ours"
UNFIT = "it is damaged, or encrypted in a way that is not known here"


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """What stood in it and who signed it."""

    content: bytes | None = None  # None: it could not be opened
    signers: tuple[SealedBy, ...] = ()
    problem: str = ""  # why not, in words that go behind "could not be opened:"
    seconds: float = 0.0  # that it took
    timed_out: bool = False


class Opener(Protocol):
    """Opens what is encrypted to us and checks signatures. Never raises; bounded in time, size and memory."""

    def decrypt_smime(self, der: bytes) -> Opened:
        """Open enveloped data (RFC 5652, 6)."""
        ...

    def check_smime(self, der: bytes, content: bytes) -> tuple[SealedBy, ...]:
        """Who signed ``content``, which may stand in the signed data itself."""
        ...

    def decrypt_pgp(self, message: bytes, seconds: float) -> Opened:
        """Open an OpenPGP message, armoured or not, within ``seconds``."""
        ...

    def check_pgp(self, signed: bytes, signature: bytes | None, seconds: float) -> Opened:
        """Check a signature apart, or (None) what bears its signature in itself; the content that was signed."""
        ...
