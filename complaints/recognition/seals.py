"""What S/MIME and OpenPGP signatures of a mail show people. They never help to verify an authority.

Anybody can have a certificate made, and a genuine one says who holds a key, not that a letter is one of an
authority's: what proves a sender is what our own server or our own DKIM check says.
"""

from collections.abc import Iterator

from complaints.inbox.sealed.opened import SMIME
from complaints.inbox.text import clean_line
from complaints.model import Evidence, InboundMail, SealedBy

_LONGEST = 270  # characters of a line of evidence, and some room
SIGNATURE = "signature"
OPENED = "came encrypted"


def seals(mail: InboundMail) -> Iterator[Evidence]:
    """One line for each signature, and one for what was encrypted."""
    for one in mail.sealed_by:
        yield Evidence(what=SIGNATURE, found=_words(one, mail.sender.email), where=one.standard)
    if mail.opened:
        yield Evidence(what=OPENED, found="opened with our key")


def _words(one: SealedBy, sender: str) -> str:
    known = f"{one.name} <{', '.join(one.emails)}>".strip() if one.emails else one.name
    why = f" ({one.why})" if one.why else ""
    said = f"{one.verdict.value}{why}; by {known or 'somebody unknown'}{_beside(one, sender)}{_issued(one)}"
    return f"{clean_line(said)[:_LONGEST]}; proves no authority"


def _issued(one: SealedBy) -> str:
    """Who says that the key is theirs."""
    if one.standard != SMIME or not one.name:
        return ""
    return f"; certificate by {one.issuer or 'the signer alone'}"


def _beside(one: SealedBy, sender: str) -> str:
    if not one.emails:
        return ""
    return ", who is the sender" if sender in one.emails else ", who is NOT THE SENDER"
