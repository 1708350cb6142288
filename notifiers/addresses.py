"""Whether a mail address can be written into a header and an envelope."""

import re

from complaints.errors import ForthwithError

# RFC 5321 4.1.2 allows more in a quoted local part; nobody's mailbox needs it, and every character
# left out here is one that cannot end a header or an SMTP command.
_LOCAL_PART = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_DOMAIN = re.compile(r"(?!-)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class UnsendableAddress(ForthwithError):
    """The recipient's mail address cannot be written to; correct it in the register or the settings."""


def sendable(address: str) -> str:
    """The address in ASCII, an international domain in its IDNA form.

    Raises:
        UnsendableAddress: when it is no plain ``local@domain`` (a local part beyond ASCII would need
            SMTPUTF8, RFC 6531, from every host on the way).
    """
    local, at, domain = address.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise UnsendableAddress from None
    if not (at and _LOCAL_PART.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise UnsendableAddress
    return f"{local}@{domain}"
