"""A mail's bytes -> InboundMail: pure, bounded, and never failing.

Two bounds keep every mail cheap: what stands deeper, comes later or runs longer than the limits is
left unread and told in ``problems``; and what nobody reads is not decoded.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from complaints.inbox.headers import (
    Headers,
    addresses,
    decode_value,
    first_address,
    instant,
    message_id,
    message_ids,
    received_instant,
    split_headers,
)
from complaints.inbox.parts import Budget, Part, read_part
from complaints.inbox.passages import split_text
from complaints.inbox.smime import is_enveloped, signed_content
from complaints.inbox.text import PdfExtractor, clean_text, decode_text, html_to_text
from complaints.model import Address, Attachment, InboundMail, Passage

MAX_TEXT = 200_000
"""Characters kept of one text."""
MAX_WRAPPED_DEPTH = 4
_MAX_ENCODED_TEXT = 4 * MAX_TEXT  # quoted-printable writes a byte as three

_FIRST_LINE = 64 << 10

_REPORTS = frozenset(
    {"message/delivery-status", "message/global-delivery-status", "message/disposition-notification"}
)
_HEADERS_ONLY = frozenset({"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"})
_WRAPPED = frozenset({"message/rfc822", "message/global", "message/news"})
_TEXT_ENDINGS = (".txt", ".csv", ".log", ".htm", ".html")
_NEEDS_NO_READING = re.compile(
    r"application/(?:(?:x-)?pkcs7-signature|pgp-(?:signature|keys|encrypted)|ics)|image/|text/calendar|text/x-amp-html"
)
_INLINE_PGP = "-----BEGIN PGP MESSAGE-----"
_RETURNED_ID = re.compile(
    r"^[ \t>*]*(?:original-)?message-id:\s*<([^<>\s]{3,400})>", re.IGNORECASE | re.MULTILINE
)
_DAEMON = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon)@?", re.IGNORECASE)


def read_mail(raw: bytes, *, pdf: PdfExtractor | None = None) -> InboundMail:
    """Parse a mail, or the header section of one that was too large to fetch.

    Args:
        raw: the bytes as they lay in the mailbox.
        pdf: reads a PDF; without it PDFs are listed and noted as unread.
    """
    try:
        return _read(raw, _Reading(Budget(), pdf))
    except Exception as error:  # noqa: BLE001 -- a mail that breaks the parser must still reach a person (I1)
        return _unreadable(raw, error)


def _unreadable(raw: bytes, error: Exception) -> InboundMail:
    nobody = Address(name="", email="")
    problem = f"could not be parsed ({type(error).__name__})"
    return InboundMail(sha256=hashlib.sha256(raw).hexdigest(), subject="", sender=nobody, problems=(problem,))


@dataclass(slots=True)
class _Reading:
    """What has been gathered of one mail."""

    budget: Budget
    pdf: PdfExtractor | None
    depth: int = 0
    bodies: list[str] = field(default_factory=list)
    files: list[Passage] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    wrapped: list[InboundMail] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    encrypted: bool = False
    report: bool = False


def _read(raw: bytes, reading: _Reading) -> InboundMail:
    source = _unwrapped(raw)
    root = read_part(source, 0, len(source), reading.budget)
    subject = decode_value(root.headers.first("subject") or "")[:2_000]
    _gather(root, reading, whole=True)
    text = "\n\n".join(reading.bodies)
    reading.encrypted |= _INLINE_PGP in text
    _note_doubts(root.headers, reading.budget)
    mail = _assembled(raw, root.headers, subject, text, reading)
    return mail if reading.depth else replace(mail, content_sha256=_content_sha256(source, mail))


def _content_sha256(source: bytes, mail: InboundMail) -> str:
    """A digest of what every copy of a mail has alike, whatever servers on its way wrote above it.

    Trace headers (RFC 5322, 3.6.7) and what filters add differ from mailbox to mailbox; sender, subject,
    date and body do not.
    """
    _, start = split_headers(source, 0, len(source))
    body = source[start:].replace(b"\r\n", b"\n").strip()
    if not body:
        return ""
    head = "\n".join((mail.sender.email, mail.subject, str(mail.date)))
    return hashlib.sha256(head.encode("utf-8", "replace") + b"\n\n" + body).hexdigest()


def _unwrapped(raw: bytes) -> bytes:
    """Take off what programs that save mail as files put around it: a mark of byte order, empty lines, bare CRs."""
    source = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    # A mail without one LF near its beginning comes from a system that ends lines with CR.
    return source if b"\n" in source[:_FIRST_LINE] else source.replace(b"\r", b"\n")


def _assembled(raw: bytes, headers: Headers, subject: str, text: str, reading: _Reading) -> InboundMail:
    first = headers.first
    said = split_text(text, subject)
    return_path = first("return-path")
    reply_to = addresses(headers.every("reply-to"))
    return InboundMail(
        sha256=hashlib.sha256(raw).hexdigest(),
        subject=subject,
        sender=first_address(headers.every("from")),
        recipients=_recipients(headers),
        reply_to=reply_to[0] if reply_to else None,
        return_path=None if return_path is None else first_address([return_path]).email,
        date=instant(first("date")),
        received_at=received_instant(first("received")),
        message_id=message_id(first("message-id")),
        in_reply_to=message_ids(first("in-reply-to")),
        references=message_ids(first("references")),
        headers=tuple((name, decode_value(value)) for name, value in headers.lines),
        passages=(*_passages(subject, said), *reading.files),
        attachments=tuple(reading.attachments),
        wrapped=tuple(reading.wrapped),
        encrypted=reading.encrypted,
        returned_message_ids=_returned(headers, text, reading),
        problems=tuple(reading.budget.problems),
    )


def _recipients(headers: Headers) -> tuple[Address, ...]:
    names = ("to", "cc", "delivered-to", "x-original-to")
    unique: dict[str, Address] = {}
    for address in addresses([value for name in names for value in headers.every(name)]):
        unique.setdefault(address.email, address)
    return tuple(unique.values())


def _passages(subject: str, said: dict[str, str]) -> Iterator[Passage]:
    if subject:
        yield Passage(where="subject", text=subject)
    for where, text in said.items():
        yield Passage(where=where, text=text)


def _note_doubts(headers: Headers, budget: Budget) -> None:
    senders = headers.every("from")
    if not senders:
        budget.note("there is no From header")
    if len(senders) > 1 or len(addresses(senders[:1])) > 1:
        budget.note("From names more than one sender")
    if len(headers.every("subject")) > 1:
        budget.note("there is more than one Subject header")


# --- walking the parts -----------------------------------------------------------------------


def _gather(part: Part, reading: _Reading, *, whole: bool = False) -> None:
    """Take what this part holds; ``whole`` says that it is the mail's only part."""
    if part.content_type == "multipart/encrypted":
        reading.encrypted = True
    if part.content_type == "multipart/alternative" and part.children:
        _gather_alternative(part, reading)
    elif part.children:
        for child in part.children:
            _gather(child, reading)
    elif _is_body(part, reading, whole=whole):
        _add_body(_text_of(part, reading), reading)
    else:
        _gather_file(part, reading)


def _is_body(part: Part, reading: _Reading, *, whole: bool) -> bool:
    if part.content_type not in {"text/plain", "text/html", "text/enriched"}:
        return False
    return whole or (part.disposition != "attachment" and (not part.name or not reading.bodies))


def _add_body(text: str, reading: _Reading) -> None:
    if text.strip():
        reading.bodies.append(text)


def _gather_alternative(part: Part, reading: _Reading) -> None:
    plain, html = list[str](), list[str]()
    for leaf in _leaves(part):
        if leaf.disposition != "attachment" and leaf.content_type == "text/plain":
            plain.append(_text_of(leaf, reading))
        elif leaf.disposition != "attachment" and leaf.content_type == "text/html":
            html.append(_text_of(leaf, reading))
        else:
            _gather_file(leaf, reading)
    _add_body(_fuller("\n\n".join(plain), "\n\n".join(html), reading.budget), reading)


def _leaves(part: Part) -> Iterator[Part]:
    if not part.children:
        yield part
    for child in part.children:
        yield from _leaves(child)


def _fuller(plain: str, html: str, budget: Budget) -> str:
    """The plain version, unless the page holds words that it withholds."""
    if not html.strip() or not plain.strip():
        return plain.strip() or html
    missing = set(_WORD.findall(html)).difference(_WORD.findall(plain))
    if len(missing) <= 20 + len(plain) // 50:
        return plain
    budget.note("the plain and the HTML version differ; the HTML was read")
    return html


_WORD = re.compile(r"\w{3,}")


def _text_of(part: Part, reading: _Reading) -> str:
    """Decode a text part to clean text within what the budget leaves."""
    name, budget = part.name or "the text", reading.budget
    text, problem = decode_text(part.decoded(_MAX_ENCODED_TEXT), part.parameters.get("charset", ""))
    if problem:
        budget.note(f"{name} {problem}")
    is_html = part.content_type == "text/html" or part.name.lower().endswith((".htm", ".html"))
    return _kept(html_to_text(text) if is_html else clean_text(text), name, budget, cut=_is_cut(part))


def _is_cut(part: Part) -> bool:
    return len(part.payload) > _MAX_ENCODED_TEXT


def _kept(text: str, name: str, budget: Budget, *, cut: bool = False) -> str:
    room = min(MAX_TEXT, budget.characters)
    if len(text) > room or cut:
        budget.note(f"{name} was cut after {min(room, len(text))} characters")
    budget.characters -= min(room, len(text))
    return text[:room]


# --- files -----------------------------------------------------------------------------------


def _gather_file(part: Part, reading: _Reading) -> None:
    name = part.name or _unnamed(part.content_type)
    digest = hashlib.sha256(part.decoded()).hexdigest()
    reading.attachments.append(
        Attachment(name=name, content_type=part.content_type[:100], size=part.size, sha256=digest)
    )
    lower = name.lower()
    if part.content_type in _HEADERS_ONLY:
        _gather_returned_headers(part, reading)
    elif part.content_type in _REPORTS:
        reading.report = True
        _add_file(name, _text_of(part, reading), reading)
    elif part.content_type in _WRAPPED or (
        lower.endswith(".eml") and not part.content_type.startswith("image/")
    ):
        _gather_wrapped(name, part, reading)
    elif lower.endswith(".pdf") or part.content_type in {"application/pdf", "application/x-pdf"}:
        _gather_pdf(name, part, reading)
    elif _is_text(part, lower):
        _add_file(name, _text_of(part, reading), reading)
    elif _is_smime(part, lower):
        _gather_smime(name, part, reading)
    elif not _NEEDS_NO_READING.match(part.content_type) or part.disposition == "attachment":
        _note_unread(name, part, reading)


def _is_text(part: Part, lower_name: str) -> bool:
    readable = part.content_type.startswith("text/") and not _NEEDS_NO_READING.match(part.content_type)
    return readable or lower_name.endswith(_TEXT_ENDINGS)


def _unnamed(content_type: str) -> str:
    return "unnamed." + re.sub(r"[^a-z0-9]+", "-", content_type.rpartition("/")[2])[:20]


def _note_unread(name: str, part: Part, reading: _Reading) -> None:
    if not part.content_type.startswith("application/p"):  # signatures and keys say nothing themselves
        reading.budget.note(f"{name} was not read")


def _add_file(name: str, text: str, reading: _Reading) -> None:
    if text.strip():
        reading.files.append(Passage(where=f"attachment:{name}", text=text))


def _gather_returned_headers(part: Part, reading: _Reading) -> None:
    reading.report = True
    returned = read_part(data := part.decoded(_MAX_ENCODED_TEXT), 0, len(data), Budget())
    reading.returned.append(message_id(returned.headers.first("message-id")))


def _gather_wrapped(name: str, part: Part, reading: _Reading) -> None:
    if reading.depth >= MAX_WRAPPED_DEPTH:
        reading.budget.note(f"{name} stands more than {MAX_WRAPPED_DEPTH} mails deep and was not read")
        return
    outer = reading.budget
    # What was spent counts for the whole mail; what was found wrong belongs to the wrapped one.
    inner = Budget(outer.parts, outer.boundaries, outer.characters, outer.pdfs)
    reading.wrapped.append(_read(part.decoded(), _Reading(inner, reading.pdf, reading.depth + 1)))
    outer.parts, outer.boundaries = inner.parts, inner.boundaries
    outer.characters, outer.pdfs = inner.characters, inner.pdfs


def _gather_pdf(name: str, part: Part, reading: _Reading) -> None:
    budget = reading.budget
    if reading.pdf is None or budget.pdfs <= 0:
        budget.note(f"{name} was not read")
        return
    budget.pdfs -= 1
    result = reading.pdf(part.decoded())
    if result.problem:
        budget.note(f"{name} {result.problem}")
    if result.timed_out:
        budget.pdfs = 0  # one file that hangs is chance, several are a design to stop the desk
    _add_file(name, _kept(clean_text(result.text), name, budget), reading)


def _is_smime(part: Part, lower_name: str) -> bool:
    return part.content_type in {"application/pkcs7-mime", "application/x-pkcs7-mime"} or lower_name.endswith(
        ".p7m"
    )


def _gather_smime(name: str, part: Part, reading: _Reading) -> None:
    data = part.decoded()
    enveloped = part.parameters.get("smime-type", "").lower() in {"enveloped-data", "authenveloped-data"}
    # RFC 8551, 3.2: smime-type may be left out; the content names its own type.
    reading.encrypted |= enveloped or is_enveloped(data)
    content = None if enveloped else signed_content(data)
    if content is None or reading.budget.parts <= 0 or reading.depth >= MAX_WRAPPED_DEPTH:
        reading.budget.note(f"{name} was not read")
        return
    reading.budget.parts -= 1
    # It holds no mail of its own but this mail's body, so it is gathered like a part.
    reading.depth += 1
    _gather(read_part(content, 0, len(content), reading.budget), reading)
    reading.depth -= 1


# --- bounces ---------------------------------------------------------------------------------


def _returned(headers: Headers, text: str, reading: _Reading) -> tuple[str, ...]:
    """The Message-IDs that a bounce gives back: from its parts (RFC 3462), else from lines of its text."""
    if not (reading.report or _looks_returned(headers)):
        return ()
    listed = (f"<{found[1]}>" for found in _RETURNED_ID.finditer("\n".join([text, *_reports(reading)])))
    every = (*reading.returned, *(mail.message_id for mail in reading.wrapped), *listed)
    return tuple(dict.fromkeys(identifier for identifier in every if identifier))[:20]


def _reports(reading: _Reading) -> Iterator[str]:
    return (passage.text for passage in reading.files)


def _looks_returned(headers: Headers) -> bool:
    null_sender = (headers.first("return-path") or "").strip() == "<>"
    return null_sender or _DAEMON.match(first_address(headers.every("from")).email) is not None
