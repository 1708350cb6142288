"""PGP/MIME (RFC 3156): signed with our key and encrypted to the reader's, in one OpenPGP message."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from pysequoia import Cert, PySigner, encrypt

from complaints.confidential import KeyFault
from notifiers.parts import multipart

_VERSION = (
    b"Content-Type: application/pgp-encrypted\r\nContent-Description: PGP/MIME version identification\r\n\r\n"
    b"Version: 1\r\n"
)
_HEAD = (
    b'Content-Type: application/octet-stream; name="encrypted.asc"\r\n'
    b'Content-Disposition: inline; filename="encrypted.asc"\r\n'
    b"Content-Description: OpenPGP encrypted message\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The OpenPGP key of somebody we write to. That it is theirs was checked by whoever put it into the folder."""

    cert: Cert

    @property
    def until(self) -> datetime | None:
        """When it expires; None: never."""
        return self.cert.expiration

    @property
    def label(self) -> str:
        """What it is known by, without personal data."""
        return f"OpenPGP, key {self.cert.fingerprint.upper()[-16:]}"

    def fault(self, address: str, now: datetime) -> KeyFault | None:
        """Why nothing can be encrypted to this address with it at this instant; None: it can."""
        try:
            until = self.until
            if until is not None and now >= until:
                return KeyFault.EXPIRED
            if address.lower() not in {parseaddr(str(one))[1].lower() for one in self.cert.user_ids}:
                return KeyFault.ANOTHERS
            encrypt(recipients=[self.cert], bytes=b"")
        except Exception:  # noqa: BLE001  how the library says that the key cannot be encrypted to
            return KeyFault.UNFIT
        return KeyFault.UNFIT if self.cert.is_revoked else None

    def seal(self, payload: bytes, signer: PySigner | None) -> bytes:
        """The body of a message, its Content-Type first, that only the key's owner can read."""
        sealed = encrypt(recipients=[self.cert], signer=signer, bytes=payload)
        armoured = b"\r\n".join(sealed.splitlines()) + b"\r\n"
        boundary = f"=_sealed{hashlib.sha256(sealed).hexdigest()[:32]}"
        about = 'protocol="application/pgp-encrypted"'
        return b"".join(multipart("encrypted", boundary, [[_VERSION], [_HEAD, armoured]], about=about))


def public_key(data: bytes) -> PublicKey:
    """Read one, armoured or not.

    Raises:
        ValueError: it is none.
    """
    try:
        return PublicKey(Cert.from_bytes(data))
    except Exception as error:  # noqa: BLE001  the library raises what its parser does
        raise ValueError(type(error).__name__) from None
