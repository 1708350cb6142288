"""A mail's bytes -> InboundMail: pure, bounded, and never failing.

Two bounds keep every mail cheap: what stands deeper, comes later or runs longer than the limits is
left unread and told in ``problems``; and what nobody reads is not decoded.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

from complaints.inbox.headers import (
    HIDDEN_TEXT,
    Headers,
    addresses,
    decode_value,
    first_address,
    hides_text,
    instant,
    message_id,
    message_ids,
    names_two_addresses,
    received_instant,
    split_headers,
    trace_value,
)
from complaints.inbox.papers import kinds
from complaints.inbox.papers.paper import Member, Paper, PaperOpener
from complaints.inbox.parts import Budget, Part, file_name, file_part, read_part
from complaints.inbox.passages import split_text
from complaints.inbox.sealed import unsealing
from complaints.inbox.sealed.opened import OPENPGP, SMIME, Opened, Opener
from complaints.inbox.smime import bare, is_enveloped, signed_content
from complaints.inbox.text import clean_text, decode_text, html_to_text
from complaints.inbox.uuencoding import uuencoded, without_uuencoded, yenc_names
from complaints.model import Address, Attachment, DkimResult, InboundMail, Passage, SealedBy

MAX_TEXT = 200_000
"""Characters kept of one text."""
MAX_WRAPPED_DEPTH = 4
OCR = "OCR"
"""Stands behind the name of a file whose text was recognised from images."""
DkimCheck = Callable[[bytes], tuple[DkimResult, ...]]
"""Checks the DKIM signatures of a whole mail; bounded in time, never fails."""
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
_LARGE_IMAGE = 40_000  # bytes; logos and signatures are smaller, scanned pages larger
_HARMLESS = (
    ".p7s",
    ".asc",
    ".sig",
    ".ics",
    ".vcf",
    ".xml",
    ".css",
    ".json",
    ".gif",
    ".png",
    ".jpg",
    ".jpeg",
    ".svg",
)
"""Endings of files that hold no letter, read or not; scanned pages have gone another way."""
_SHOWN = re.compile(r"cid:([^\s\"'<>)&]{1,200})", re.IGNORECASE)
_RETURNED_ID = re.compile(
    r"^[ \t>*]*(?:original-)?message-id:\s*<([^<>\s]{3,400})>", re.IGNORECASE | re.MULTILINE
)
_RETURNED_WITHIN = 128 << 10  # bytes
_CERTIFIED_ID = "x-riferimento-message-id"
"""By which receipts of Italian certified mail name the message they are about."""


def read_mail(
    raw: bytes,
    *,
    papers: PaperOpener | None = None,
    dkim: DkimCheck | None = None,
    opener: Opener | None = None,
) -> InboundMail:
    """Parse a mail, or the header section of one that was too large to fetch.

    Args:
        raw: the bytes as they lay in the mailbox.
        papers: opens what is no mail, page or plain text; without it such files are listed and noted as unread.
        dkim: checks signatures, of the mail and of those it wraps; without it none is checked.
        opener: opens what is encrypted to us and checks S/MIME and OpenPGP signatures; without it nothing of both.
    """
    try:
        return _read(raw, _Reading(Budget(), papers, dkim, opener))
    except Exception as error:  # noqa: BLE001 -- a mail that breaks the parser must still reach a person (I1)
        return _unreadable(raw, error)


def opened_pieces(raw: bytes, opener: Opener) -> tuple[Member, ...]:
    """What stands encrypted in a mail, opened, each piece as a message or as the file that it is; never fails."""
    reading = _Reading(Budget(), None, None, opener)
    with suppress(Exception):
        _read(raw, reading)
    return tuple(reading.opened)


def _unreadable(raw: bytes, error: Exception) -> InboundMail:
    nobody = Address(name="", email="")
    problem = f"could not be parsed ({type(error).__name__})"
    return InboundMail(sha256=hashlib.sha256(raw).hexdigest(), subject="", sender=nobody, problems=(problem,))


@dataclass(slots=True)
class _Reading:
    """What has been gathered of one mail."""

    budget: Budget
    papers: PaperOpener | None
    dkim: DkimCheck | None = None
    opener: Opener | None = None
    depth: int = 0
    bodies: list[str] = field(default_factory=list)
    files: list[Passage] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    wrapped: list[InboundMail] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)  # Content-IDs of what HTML shows amid the text
    encrypted: bool = False
    source: bytes = b""  # of the mail, without what programs put around it
    subject: str = ""  # that stood encrypted within
    opened: list[Member] = field(default_factory=list)
    sealed_by: list[SealedBy] = field(default_factory=list)


def _read(raw: bytes, reading: _Reading) -> InboundMail:
    source = _unwrapped(raw)
    reading.source = source
    root = read_part(source, 0, len(source), reading.budget)
    headers = root.headers.spelled(_charset_of(root))
    subject = decode_value(headers.first("subject") or "")[:2_000]
    # Before what it wraps, which could use up what may be spent.
    signatures = _signatures(raw, reading)
    _gather(root, reading, whole=True)
    subject = reading.subject or subject
    text = "\n\n".join(reading.bodies)
    _note_doubts(headers, reading.budget)
    mail = replace(_assembled(raw, headers, subject, text, reading), signatures=signatures)
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


def _charset_of(root: Part) -> str:
    """The charset of the first text that declares one."""
    return next((leaf.parameters["charset"] for leaf in _leaves(root) if "charset" in leaf.parameters), "")


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
        senders=addresses(headers.every("from")),
        sent_by=next(iter(addresses(headers.every("sender"))), None),
        recipients=_recipients(headers),
        reply_to=reply_to[0] if reply_to else None,
        return_path=None if return_path is None else first_address([return_path]).email,
        date=instant(first("date")),
        received_at=received_instant(first("received")),
        message_id=message_id(first("message-id")),
        in_reply_to=message_ids(first("in-reply-to")),
        references=message_ids(first("references")),
        headers=tuple((name, _value(name, value)) for name, value in headers.lines),
        passages=(*_passages(subject, said), *reading.files),
        attachments=tuple(reading.attachments),
        wrapped=tuple(reading.wrapped),
        encrypted=reading.encrypted,
        opened=tuple(dict.fromkeys(one.name for one in reading.opened)),
        sealed_by=tuple(dict.fromkeys(reading.sealed_by)),
        returned_message_ids=_returned(headers, raw, text, reading),
        unread=tuple(dict.fromkeys(reading.unread))[:20],
        problems=tuple(reading.budget.problems),
    )


_TRACE = frozenset({"received", "authentication-results"})


def _value(name: str, raw: str) -> str:
    return trace_value(raw) if name.lower() in _TRACE else decode_value(raw)


def _signatures(raw: bytes, reading: _Reading) -> tuple[DkimResult, ...]:
    # What is wrapped in a reply's reply is nobody's letter to us; and each check may ask a server.
    if reading.dkim is None or reading.depth > 1 or reading.budget.dkim_checks <= 0:
        return ()
    reading.budget.dkim_checks -= 1
    return reading.dkim(raw)


def _recipients(headers: Headers) -> tuple[Address, ...]:
    names = (
        "to",
        "cc",
        "delivered-to",
        "x-original-to",
        "envelope-to",
        "x-envelope-to",
        "x-rcpt-to",
        "x-forwarded-to",
    )
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
    if len(senders) > 1 or len(addresses(senders[:1])) > 1 or any(map(names_two_addresses, senders[:1])):
        budget.note("From names more than one sender")
    if len(headers.every("subject")) > 1:
        budget.note("there is more than one Subject header")
    if any(hides_text(sender) for sender in senders[:2]):
        budget.note(HIDDEN_TEXT)


# --- walking the parts -----------------------------------------------------------------------


def _gather(part: Part, reading: _Reading, *, whole: bool = False) -> None:
    """Take what this part holds; ``whole`` says that it is the mail's only part."""
    if reading.opened and (hidden := unsealing.protected_subject(part)):
        reading.subject = hidden
    if part.content_type == "multipart/encrypted" and _gather_encrypted(part, reading):
        return
    if part.content_type == "multipart/signed" and len(part.children) == 2 and reading.opener:
        reading.sealed_by += unsealing.checked(part, reading.opener, reading.budget)
    if part.content_type == "multipart/alternative" and part.children:
        _gather_alternative(part, reading)
    elif part.children:
        for child in part.children:
            _gather(child, reading)
    elif _is_body(part, reading, whole=whole):
        if part.name:
            _list(part.name, part, reading)
        _add_body(_text_of(part, reading), reading)
        _gather_written_in(part, reading)
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
    if not _says_more(html, plain):
        return plain
    budget.note("the plain and the HTML version differ; the HTML was read")
    return html


def _says_more(text: str, than: str) -> bool:
    missing = set(_WORD.findall(text)).difference(_WORD.findall(than))
    return len(missing) > 20 + len(than) // 50


_WORD = re.compile(r"\w{3,}")


def _text_of(part: Part, reading: _Reading) -> str:
    """Decode a text part to clean text within what the budget leaves."""
    name, budget = part.name or "the text", reading.budget
    data = without_uuencoded(part.decoded(_MAX_ENCODED_TEXT))
    text, problem = decode_text(data, part.parameters.get("charset", ""))
    if problem:
        budget.note(f"{name} {problem}")
    is_html = part.content_type == "text/html" or part.name.lower().endswith((".htm", ".html"))
    if is_html:
        reading.shown.update(_SHOWN.findall(text))
    read = _opened_within(html_to_text(text) if is_html else clean_text(text), name, reading)
    return _kept(read, name, budget, cut=_is_cut(part))


def _opened_within(text: str, name: str, reading: _Reading) -> str:
    """The text, OpenPGP messages that stand in it opened."""
    if "-----BEGIN PGP " not in text:
        return text
    if reading.opener is None:
        reading.encrypted |= unsealing.INLINE in text
        return text
    text, opened, signers, problems = unsealing.inline_pieces(text, reading.opener, reading.budget)
    reading.opened += opened
    reading.sealed_by += signers
    for problem in problems:
        _note_shut(name, problem, reading)
    return text


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
    _list(name, part, reading)
    _read_file(name, part, reading)


def _read_file(name: str, part: Part, reading: _Reading) -> None:
    lower = name.lower()
    if part.content_type in _HEADERS_ONLY:
        _gather_returned_headers(part, reading)
    elif part.content_type in _REPORTS:
        # Whatever file name the server gave it, it is known by what it is.
        _add_file(part.content_type.partition("/")[2], _text_of(part, reading), reading)
    elif part.content_type == "message/partial":
        _gather_piece(name, part, reading)
    elif _is_wrapped(part, lower):
        _gather_wrapped(name, part, reading)
    elif reading.opener is not None and unsealing.is_pgp(part, lower):
        _gather_pgp_file(name, part, reading)
    elif kind := _kind_of(part, lower, reading):
        _gather_paper(name, kind, part, reading)
    elif _is_text(part, lower):
        _add_file(name, _text_of(part, reading), reading)
    elif _is_smime(part, lower):
        _gather_smime(name, part, reading)
    elif not _NEEDS_NO_READING.match(part.content_type) or part.disposition == "attachment":
        _note_unread(name, part, reading)


def _list(name: str, part: Part, reading: _Reading) -> None:
    digest = hashlib.sha256(part.decoded()).hexdigest()
    reading.attachments.append(
        Attachment(name=name, content_type=part.content_type[:100], size=part.size, sha256=digest)
    )


def _gather_written_in(part: Part, reading: _Reading) -> None:
    """The files that stand in the text itself."""
    if part.encoding == "base64" or part.content_type != "text/plain":
        return
    data, budget = part.decoded(), reading.budget
    for name in yenc_names(data):
        budget.note(f"{file_name(name)} was not read")
    for name, content in uuencoded(data):
        if budget.parts <= 0:
            budget.note("a file within the text was not read")
            return
        budget.parts -= 1
        _gather_file(file_part(name, content), reading)


def _is_wrapped(part: Part, lower_name: str) -> bool:
    if part.content_type in _WRAPPED:
        return True
    # Mail is saved as .msg too, by others than Outlook.
    saved = lower_name.endswith(".eml") or (
        lower_name.endswith(".msg") and not kinds.kind_by_mark(part.decoded(2 * kinds.HEAD))
    )
    return saved and not part.content_type.startswith("image/")


def _kind_of(part: Part, lower_name: str, reading: _Reading) -> str:
    """Which reader of papers a part needs; empty: none."""
    if part.content_type.startswith("text/"):
        return kinds.kind_by_label(lower_name, part.content_type)
    kind = kinds.kind_of(lower_name, part.content_type, part.decoded(2 * kinds.HEAD))
    return "" if kind == kinds.IMAGE and not _may_be_letter(part, reading) else kind


def _may_be_letter(image: Part, reading: _Reading) -> bool:
    """Whether an image may be a scanned page: too large for a logo, and not shown amid the text."""
    identifier = (image.headers.first("content-id") or "").strip("<> ")
    return image.size >= _LARGE_IMAGE and identifier not in reading.shown


def _is_text(part: Part, lower_name: str) -> bool:
    readable = part.content_type.startswith("text/") and not _NEEDS_NO_READING.match(part.content_type)
    return readable or lower_name.endswith(_TEXT_ENDINGS)


def _unnamed(content_type: str) -> str:
    return "unnamed." + re.sub(r"[^a-z0-9]+", "-", content_type.rpartition("/")[2])[:20]


def _note_unread(name: str, part: Part, reading: _Reading) -> None:
    if part.content_type.startswith("application/p"):
        return  # signatures and keys say nothing themselves
    reading.budget.note(f"{name} was not read")
    if not name.lower().endswith(_HARMLESS) and not _NEEDS_NO_READING.match(part.content_type):
        reading.unread.append(name)


def _add_file(name: str, text: str, reading: _Reading) -> None:
    if text.strip():
        reading.files.append(Passage(where=f"attachment:{name}", text=text))


def _gather_returned_headers(part: Part, reading: _Reading) -> None:
    returned = read_part(data := part.decoded(_MAX_ENCODED_TEXT), 0, len(data), Budget())
    reading.returned.append(message_id(returned.headers.first("message-id")))


def _gather_wrapped(name: str, part: Part, reading: _Reading) -> None:
    if _is_too_deep(name, reading):
        return
    # What was spent counts for the whole mail; what was found wrong belongs to the wrapped one.
    inner = replace(
        _Reading(replace(reading.budget, problems=[]), reading.papers, reading.dkim, reading.opener),
        depth=reading.depth + 1,
    )
    reading.wrapped.append(_read(part.decoded(), inner))
    reading.opened += inner.opened
    reading.budget = replace(inner.budget, problems=reading.budget.problems)
    if inner.encrypted:
        reading.budget.note(f"{name} is encrypted and could not be opened")
        reading.unread.append(name)


def _gather_piece(name: str, part: Part, reading: _Reading) -> None:
    """One of the pieces of a mail that was too long for somebody (RFC 2046, 5.2.2); the first holds its beginning."""
    number = part.parameters.get("number", "")[:5]
    reading.budget.note(f"this is piece {number} of a mail that came in several; the others must be found")
    if number == "1":
        _gather_wrapped(name, part, reading)


def _is_too_deep(name: str, reading: _Reading) -> bool:
    if reading.depth < MAX_WRAPPED_DEPTH:
        return False
    reading.budget.note(f"{name} stands more than {MAX_WRAPPED_DEPTH} mails deep and was not read")
    reading.unread.append(name)
    return True


def _gather_paper(name: str, kind: str, part: Part, reading: _Reading) -> None:
    budget = reading.budget
    if reading.papers is None or budget.papers <= 0 or budget.seconds <= 0:
        budget.note(f"{name} was not read")
        reading.unread.append(name)
        return
    budget.papers -= 1
    paper = reading.papers(kind, part.decoded(), budget.seconds)
    # One file that hangs is chance, several are a design to stop the desk.
    budget.seconds = 0.0 if paper.timed_out else budget.seconds - paper.seconds
    if paper.problem:
        budget.note(f"{name} {paper.problem}")
    if paper.unread:
        reading.unread.append(name)
    shown = f"{name} ({OCR})" if paper.by_ocr else name
    _add_file(shown, _kept(clean_text(paper.text), name, budget), reading)
    _gather_members(name, paper, reading)


def _gather_members(name: str, paper: Paper, reading: _Reading) -> None:
    """Read what stands in a paper as if it were attached itself."""
    if not paper.members or _is_too_deep(name, reading):
        return
    reading.depth += 1
    for member in paper.members:
        if reading.budget.parts <= 0 or reading.budget.unpacked < len(member.data):
            reading.budget.note(f"{name} holds more than was read")
            reading.unread.append(name)
            break
        reading.budget.parts -= 1
        reading.budget.unpacked -= len(member.data)
        _gather_member(name, member, reading)
    reading.depth -= 1


def _gather_member(name: str, member: Member, reading: _Reading) -> None:
    part = file_part(member.name, member.data, member.content_type)
    if member.name:
        _read_file(f"{name}/{part.name}", part, reading)
        return
    # The mail's own text, in the form in which Outlook packs it beside a plainer one.
    text = _text_of(part, reading)
    if not reading.bodies:
        _add_body(text, reading)
    elif _says_more(text, "\n".join(reading.bodies)):
        _add_file(name, text, reading)


# --- what is encrypted -----------------------------------------------------------------------


def _gather_encrypted(part: Part, reading: _Reading) -> bool:
    """Take what PGP/MIME holds (RFC 3156, 4), or list it; False: nothing was tried."""
    if reading.opener is None or len(part.children) < 2:
        reading.encrypted = True
        return False
    sealed = part.children[1]
    name = sealed.name or "encrypted.asc"
    opened = unsealing.decrypted_pgp(sealed.decoded(), reading.opener, reading.budget)
    if not _gather_opened(name, OPENPGP, opened, reading):
        _list(name, sealed, reading)
        reading.unread.append(name)
    return True


def _gather_pgp_file(name: str, part: Part, reading: _Reading) -> None:
    assert reading.opener is not None
    opened = unsealing.decrypted_pgp(part.decoded(), reading.opener, reading.budget)
    shut = reading.encrypted
    if not _gather_opened(name, OPENPGP, opened, reading):
        reading.unread.append(name)
        # Beside a readable text it is an attachment that nobody could read, like any other.
        reading.encrypted = shut or not reading.bodies


def _gather_opened(name: str, standard: str, opened: Opened, reading: _Reading) -> bool:
    """Take what stood in something encrypted as if it had stood in the mail itself; False: it stays shut."""
    content = opened.content
    if content is not None and (reading.budget.parts <= 0 or reading.depth >= MAX_WRAPPED_DEPTH):
        content, opened = None, Opened(problem="it stands too deep in the mail")
    if content is None:
        _note_shut(name, opened.problem, reading)
        return False
    reading.sealed_by += opened.signers
    reading.opened.append(unsealing.with_headers(unsealing.piece(name, standard, content), reading.source))
    reading.budget.parts -= 1
    reading.depth += 1
    if unsealing.is_entity(content):
        _gather(read_part(content, 0, len(content), reading.budget), reading)
    else:
        inner = unsealing.without_ending(name)
        _gather_file(file_part(inner, content), reading)
    reading.depth -= 1
    return True


def _note_shut(name: str, problem: str, reading: _Reading) -> None:
    reading.encrypted = True
    reading.budget.note(f"{name} could not be opened: {problem}")


def _is_smime(part: Part, lower_name: str) -> bool:
    return part.content_type in {"application/pkcs7-mime", "application/x-pkcs7-mime"} or lower_name.endswith(
        ".p7m"
    )


def _gather_smime(name: str, part: Part, reading: _Reading) -> None:
    data = bare(part.decoded())
    enveloped = part.parameters.get("smime-type", "").lower() in {"enveloped-data", "authenveloped-data"}
    # RFC 8551, 3.2: smime-type may be left out; the content names its own type.
    enveloped = enveloped or is_enveloped(data)
    if enveloped and reading.opener is not None:
        opened = unsealing.decrypted_smime(data, reading.opener, reading.budget)
        if not _gather_opened(name, SMIME, opened, reading):
            reading.unread.append(name)
        return
    reading.encrypted |= enveloped
    content = None if enveloped else signed_content(data)
    if content is None or reading.budget.parts <= 0 or reading.depth >= MAX_WRAPPED_DEPTH:
        reading.budget.note(f"{name} was not read")
        reading.unread.append(name)
        return
    reading.budget.parts -= 1
    if reading.opener is not None:
        reading.sealed_by += unsealing.verified(data, content, reading.opener, reading.budget)
    reading.depth += 1
    _gather_signed(name, content, reading)
    reading.depth -= 1


def _gather_signed(name: str, content: bytes, reading: _Reading) -> None:
    inner = re.sub(r"\.p7m$", "", name, flags=re.IGNORECASE)
    if kinds.kind_by_mark(content) or kinds.kind_by_label(inner, ""):
        # A signed file (ETSI EN 319 122), as "letter.pdf.p7m".
        _read_file(name, file_part(inner, content), reading)
    else:
        # It holds no mail of its own but this mail's body, so it is gathered like a part.
        _gather(read_part(content, 0, len(content), reading.budget), reading)


# --- bounces ---------------------------------------------------------------------------------


def _returned(headers: Headers, raw: bytes, text: str, reading: _Reading) -> tuple[str, ...]:
    """The Message-IDs that a mail gives back: from its parts (RFC 3462), else from lines of its text.

    Servers give a message back in broken parts too, so the source is searched as well.
    """
    _, start = split_headers(raw, 0, len(raw))
    source = raw[start : start + _RETURNED_WITHIN].decode("ascii", "replace")
    listed = (
        f"<{found[1]}>" for found in _RETURNED_ID.finditer("\n".join([text, *_reports(reading), source]))
    )
    certified = message_ids(headers.first(_CERTIFIED_ID))
    every = (*reading.returned, *certified, *(mail.message_id for mail in reading.wrapped), *listed)
    return tuple(dict.fromkeys(identifier for identifier in every if identifier))[:20]


def _reports(reading: _Reading) -> Iterator[str]:
    return (passage.text for passage in reading.files)
