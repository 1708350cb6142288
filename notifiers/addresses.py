"""Whether a mail address can be written into a header and an envelope."""

import re
import unicodedata

from complaints.errors import ForthwithError

# RFC 5321 4.1.2 allows more in a quoted local part; nobody's mailbox needs it, and every character
# left out here is one that cannot end a header or an SMTP command.
_LOCAL_PART = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
# RFC 6531 adds every character beyond ASCII; those that are no letters, digits or marks nobody needs either.
_BEYOND_ASCII = re.compile(r"[^\W_]|[\u0300-\u036f]")
_LONGEST_LOCAL_PART = 64  # octets, RFC 5321 4.5.3.1.1
_DOMAIN = re.compile(r"(?!-)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class UnsendableAddress(ForthwithError):
    """The recipient's mail address cannot be written to; correct it in the register or the settings."""


def sendable(address: str) -> str:
    """The address, an international domain in its IDNA form.

    Raises:
        UnsendableAddress: when it is no plain ``local@domain``.
    """
    local, at, domain = address.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise UnsendableAddress from None
    local = unicodedata.normalize("NFC", local)
    plain = "".join("x" if not one.isascii() and _BEYOND_ASCII.fullmatch(one) else one for one in local)
    fits = len(local.encode("utf-8", "replace")) <= _LONGEST_LOCAL_PART
    if not (at and fits and _LOCAL_PART.fullmatch(plain) and _DOMAIN.fullmatch(domain)):
        raise UnsendableAddress
    return f"{local}@{domain}"


def needs_utf8(address: str) -> bool:
    """Whether every server on the way must know SMTPUTF8 (RFC 6531) to carry it; for a sendable address."""
    return not address.isascii()
