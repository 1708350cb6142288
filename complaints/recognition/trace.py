"""Which Authentication-Results fields our own mail server wrote, and which only say so.

Every server puts what it adds on top of what it got (RFC 5321 4.4, RFC 8601 4.1). So our own fields end
where the first trace of somebody else or the first field of the writer begins. Some servers put their
result above their own Received and some below it; both stand within. RFC 8601 5 has our server take out
fields that come in under its name; this is the second look, for when it did not.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from complaints.matching.webnames import is_public_suffix, is_within, registrable
from complaints.model import InboundMail
from complaints.recognition.authres import Field, parse_field
from complaints.recognition.listing import word_set

_BY = re.compile(r"(?:^|\s)by\s+([^\s;()]{1,255})", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")
_LOOPBACK = re.compile(r"\[?(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1)\]?|localhost(?:\.localdomain)?")
# Fields that the writer's side puts in; no server of ours stands below them.
_WRITERS = word_set("from sender reply-to to cc bcc subject date message-id")
_FIELDS_MOST = 60  # of one mail that are taken apart


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnResults:
    """What bears the name of a server of ours."""

    fields: tuple[Field, ...] = ()  # put there by us, as far as their place tells; topmost first
    forged: int = 0  # fields with our name that came with the mail


def own_results(mail: InboundMail, authserv_ids: Collection[str], own_domains: Collection[str]) -> OwnResults:
    """Find the fields of ``authserv_ids``, told apart by where they stand.

    Args:
        mail: its headers in order, topmost first.
        authserv_ids: lower case; what our servers call themselves. None: nothing is ours.
        own_domains: of our addresses; a server below them is ours too.
    """
    fields: list[Field] = []
    forged, received, within = 0, 0, True
    for name, value in mail.headers if authserv_ids else ():
        lower = name.lower()
        if lower == "received":
            # Whoever handed us the mail last is one of us, whatever it calls itself.
            within = within and (received == 0 or _is_ours(_by(value), authserv_ids, own_domains))
            received += 1
        elif lower in _WRITERS:
            within = False
        elif lower == "authentication-results" and len(fields) + forged < _FIELDS_MOST:
            found = parse_field(value)
            if found.host in authserv_ids and within:
                fields.append(found)
            forged += found.host in authserv_ids and not within
    return OwnResults(fields=tuple(fields), forged=forged)


def _by(received: str) -> str:
    for _ in range(3):  # comments may nest, and may hold a "by" of their own
        received = _COMMENT.sub(" ", received)
    found = _BY.search(received)
    return found[1].lower().rstrip(".") if found else ""


def _is_ours(host: str, authserv_ids: Collection[str], own_domains: Collection[str]) -> bool:
    if host in authserv_ids or _LOOPBACK.fullmatch(host):
        return True
    domains = {*own_domains, *(registrable(one) for one in authserv_ids)}
    return any(is_within(host, one) for one in domains if one and not is_public_suffix(one))
