"""Whether two mails are one letter that came twice. Pure; when in doubt they are two letters."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from complaints.model import InboundMail, Recognition
from complaints.recognition.references import normalised, seen

_SENT_AGAIN_WITHIN = timedelta(days=10)
"""How long after a first letter the same words are taken for that letter sent again."""
_REMINDED_WITHIN = timedelta(days=2)
"""The same for later letters: one reminder a week in the same words is a reminder each time."""
_COVER_MOST = 500
"""Characters of a covering note that says nothing itself beside what is attached to it."""
_TELLS_SOMETHING = 40
"""Shorter texts are alike by chance."""

_SPACE = re.compile(r"\s+")
_SAID = ("body", "forwarded", "attachment")
# Logos and signatures hang on every mail of a sender.
_NO_DOCUMENT = re.compile(r"image/|text/|message/|multipart/|application/(?:(?:x-)?pkcs7-signature|pgp-)")


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterPrint:
    """What a letter is known again by."""

    message_id: str
    domain: str  # of its sender
    party: str  # the body that wrote; empty: none
    verified: bool
    kind: str  # as it shows by itself, whatever came before
    reference: str  # normalised
    respond_by: str  # ISO 8601, or empty
    content: str  # SHA-256 of all but trace headers; empty: no body
    text: str  # SHA-256 of what it says, attachments that could be read included; empty: too little
    files: tuple[str, ...]  # SHA-256 of each attached document
    unread: tuple[str, ...]  # of each whose text could not be read
    cover: bool  # it says little beside its attachments, and asks nothing


def print_of(mail: InboundMail, recognition: Recognition) -> LetterPrint:
    """Take a letter's print."""
    documents = sorted({a.sha256 for a in mail.attachments if not _NO_DOCUMENT.match(a.content_type)})
    read = {p.where.removeprefix("attachment:") for p in mail.passages if p.where.startswith("attachment:")}
    return LetterPrint(
        message_id=mail.message_id,
        domain=mail.sender.domain,
        party=recognition.body.party if recognition.body else "",
        verified=recognition.verified,
        kind=next((e.what for e in recognition.evidence if e.what.startswith("kind ")), ""),
        reference=normalised(recognition.reference),
        respond_by=recognition.respond_by.isoformat() if recognition.respond_by else "",
        content=mail.content_sha256,
        text=_text_sha256(mail),
        files=tuple(documents),
        unread=tuple(sorted(a.sha256 for a in mail.attachments if a.name not in read)),
        cover=_is_cover(mail),
    )


def same_letter(now: LetterPrint, before: LetterPrint, apart: timedelta) -> str:
    """How the later mail shows to be the earlier one's letter once more; empty when it may be another.

    Args:
        now: of the mail that came later.
        before: of the one that is known.
        apart: time between their receipts, of any sign.
    """
    if (now.party, now.domain) != (before.party, before.domain):
        return ""
    same_words = bool(now.text) and (now.text, now.unread) == (before.text, before.unread)
    same_content = bool(now.content) and now.content == before.content
    if now.message_id and now.message_id == before.message_id and (same_content or same_words):
        # A copy that is less sure than what it copies takes nothing away; a surer one must be acted on.
        return "" if now.verified and not before.verified else "the same letter in another mailbox"
    if not _may_be_sent_again(now, before, abs(apart)):
        return ""
    if same_words:
        return "the same words sent again"
    same_files = bool(now.files) and now.files == before.files
    alike = (now.kind, now.respond_by) == (before.kind, before.respond_by)
    return "the same documents sent again" if same_files and alike and now.cover and before.cover else ""


def _may_be_sent_again(now: LetterPrint, before: LetterPrint, apart: timedelta) -> bool:
    if not now.party or not now.reference or now.reference != before.reference:
        return False
    if now.verified != before.verified:
        return False
    first = now.kind == before.kind == "kind complaint"
    return apart <= (_SENT_AGAIN_WITHIN if first else _REMINDED_WITHIN)


def stored_form(one: LetterPrint) -> dict[str, Any]:
    """A print as the store keeps it."""
    return asdict(one)


def from_stored(values: dict[str, Any]) -> LetterPrint:
    """The print that the store kept."""
    return LetterPrint(**values | {name: tuple(values[name]) for name in ("files", "unread")})


def _text_sha256(mail: InboundMail) -> str:
    text = _plain("\n".join(_said(mail)))
    return (
        hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() if len(text) >= _TELLS_SOMETHING else ""
    )


def _said(mail: InboundMail) -> Iterator[str]:
    for passage in mail.passages:
        if passage.where.partition(":")[0] in _SAID:
            yield passage.text
    for inner in mail.wrapped:
        yield from _said(inner)


def _plain(text: str) -> str:
    return _SPACE.sub(" ", seen(text)).strip().casefold()


def _is_cover(mail: InboundMail) -> bool:
    body = "\n".join(p.text for p in mail.passages if p.where in ("body", "forwarded"))
    return len(body) <= _COVER_MOST and "?" not in body
