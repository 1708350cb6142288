"""What S/MIME and OpenPGP signatures of a mail show people. They never help to verify an authority.

Anybody can have a certificate made, and a genuine one says who holds a key, not that a letter is one of an
authority's: what proves a sender is what our own server or our own DKIM check says.
"""

from collections.abc import Iterator

from complaints.model import Evidence, InboundMail, SealedBy

SIGNATURE = "signature"
OPENED = "came encrypted"


def seals(mail: InboundMail) -> Iterator[Evidence]:
    """One line for each signature, and one for what was encrypted."""
    for one in mail.sealed_by:
        yield Evidence(what=SIGNATURE, found=_words(one, mail.sender.email), where=one.standard)
    if mail.opened:
        yield Evidence(what=OPENED, found="opened with our key")


def _words(one: SealedBy, sender: str) -> str:
    who = f"{one.name} <{', '.join(one.emails)}>".strip() if one.emails else one.name or "somebody unknown"
    why = f" ({one.why})" if one.why else ""
    issued = f"; certificate by {one.issuer}" if one.issuer else ""
    return f"{one.verdict.value}{why}; by {who}{_beside(one, sender)}{issued}; proves no authority"


def _beside(one: SealedBy, sender: str) -> str:
    if not one.emails:
        return ""
    return ", who is the sender" if sender in one.emails else ", who is NOT THE SENDER"
