"""A notice becomes a mail. Pure: the same notice is the same bytes however often it is sent (I6)."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from email.utils import format_datetime
from typing import Any

from complaints.errors import ForthwithError
from complaints.inbox.papers.paper import Member
from complaints.outbox import Notice, NoticeKind
from complaints.return_path import return_path
from notifiers.appointment import appointment
from notifiers.customer_note import customer_note, is_for_customer, language_of, telling
from notifiers.headers import mailbox_header, one_line, plain_header, text_header
from notifiers.instants import instant
from notifiers.letter_text import letter_text
from notifiers.own_templates import NO_OWN_TEMPLATES, OwnTemplates
from notifiers.parts import Original, Pieces, attach, file_part, multipart, original_part, text_part
from notifiers.wording import render, shaped, span

URGENT = frozenset(
    {
        NoticeKind.BREACH,
        NoticeKind.REMINDER,
        NoticeKind.DELIVERY_FAILED,
        NoticeKind.LAST_RESORT,
        NoticeKind.KEY_LACKING,
        NoticeKind.RELAY_TROUBLE,
        NoticeKind.INBOX_BLIND,
        NoticeKind.SYNTHETIC_LOST,
        NoticeKind.AUDIT,
    }
)
"""What a mail program should show as important."""

_ALERTS_ALONE = {"rung", "candidates"}
"""Facts that no forward has: where a failed delivery carries one, it was an alert that failed."""

_MESSAGE_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")
_NOT_FOR_FILENAMES = re.compile(r"[^A-Za-z0-9-]+")


class MissingOriginal(ForthwithError):
    """The letter to forward is not in the store; restore it from the mailbox and resend."""


class OriginalChanged(ForthwithError):
    """The stored letter is not the one that was received: its SHA-256 differs. Nothing was sent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Voice:
    """Who is speaking."""

    organisation: str  # the processor's name
    address: str  # mail address that replies lead back to
    timezone: str  # IANA name; the zone in which people are shown times
    own_return_paths: bool = False  # each notice has one of its own, as sub-addresses of ours allow
    templates: OwnTemplates = NO_OWN_TEMPLATES  # the operator's, in place of ours


@dataclass(frozen=True, kw_only=True, slots=True)
class Brief:
    """A notice for a chat or a telephone: no letter text, no complainant."""

    title: str
    body: str


def compose(notice: Notice, voice: Voice, original: bytes | None, opened: Sequence[Member] = ()) -> bytes:
    """The mail for this notice: CRLF line ends, seven bits but for an address beyond ASCII, ready for DATA.

    Args:
        notice: its facts may lack any key.
        voice: who writes.
        original: of a forward, the letter verbatim as stored; of a note that it is too big, whose words go with
            it; of any other kind, not looked at.
        opened: of a letter that came encrypted, what stood in it, for a reader who cannot open it.

    Raises:
        MissingOriginal: a forward without its letter.
        OriginalChanged: the letter's SHA-256 is not the one in the facts (I5).
        UnsendableAddress: the recipient cannot be written to.
        OwnTemplateFailed: one of the operator's templates is broken; a voice without them is not.
    """
    letter = _letter(notice, original) if notice.kind is NoticeKind.FORWARD else None
    copies = [_copy(notice, number, one) for number, one in enumerate(opened, 1)]
    values = values_of(notice, voice, letter, [one.filename for one in copies])
    body = _alternatives(notice, voice, values)
    if letter is not None:
        entry = [*map(original_part, copies), *_calendar_entry(notice, values)]
        body = multipart("mixed", _boundary(notice, "mixed"), [body, original_part(letter), *entry])
    elif text := _words_of_withheld(notice, original):
        words = file_part("text/plain; charset=utf-8", text, f"{_in_a_filename(notice.ref)}-text.txt")
        body = multipart("mixed", _boundary(notice, "mixed"), [body, words])
    return b"".join([*_headers(notice, voice, values), *body])


def envelope_sender(notice: Notice, voice: Voice) -> str:
    """Where reports about this notice are sent to."""
    return return_path(voice.address, notice.bounce_token) if voice.own_return_paths else voice.address


def brief(notice: Notice, voice: Voice) -> Brief:
    """The same notice in a few lines of plain text."""
    values = values_of(notice, voice, None)
    title = one_line(_rendered("subject.txt", notice, voice, values))
    return Brief(title=title, body=render("brief.txt", values).strip())


def template_of(notice: Notice, part: str) -> str:
    """By what name an operator may have a template for a part of this notice: subject.txt, body.txt, body.html."""
    kind = notice.kind.value
    return f"{kind}/{language_of(notice)}/{part}" if is_for_customer(notice) else f"{kind}/{part}"


def _rendered(part: str, notice: Notice, voice: Voice, values: Mapping[str, Any]) -> str:
    name = template_of(notice, part)
    if name in voice.templates:
        return voice.templates.render(name, values)
    if not is_for_customer(notice):
        return render(name, values)
    if part == "subject.txt":
        return str(values["note"].subject)
    return render(f"customer/{part.replace('body', 'note')}", values)


def _letter(notice: Notice, original: bytes | None) -> Original:
    if original is None:
        raise MissingOriginal
    stored = notice.facts.get("sha256")
    if stored and hashlib.sha256(original).hexdigest() != stored:
        raise OriginalChanged
    return attach(original, _filename(notice.ref), _boundary(notice, "mixed"))


def _words_of_withheld(notice: Notice, original: bytes | None) -> bytes:
    """The letter's own words, with a note that the letter is too big; empty: they may not or cannot go with it."""
    if notice.kind is not NoticeKind.WITHHELD or not original or not notice.facts.get("words"):
        return b""
    return letter_text(original).replace("\n", "\r\n").encode("utf-8", "replace")


def _filename(ref: str) -> str:
    return f"{_in_a_filename(ref)}-original.eml"


def _copy(notice: Notice, number: int, opened: Member) -> Original:
    """An opened piece as an attachment of its own: a message, or the file that it is."""
    name = f"opened-{number}.eml" if opened.content_type == "message/rfc822" else opened.name
    stem, dot, ending = name.rpartition(".")
    tidy = f"{_in_a_filename(stem)}.{_in_a_filename(ending)}" if dot else _in_a_filename(name)
    name = f"{_in_a_filename(notice.ref)}-{tidy}"
    if opened.content_type == "message/rfc822":
        return attach(opened.data, name, _boundary(notice, "mixed"))
    return Original(raw=opened.data, filename=name, as_message=False)


def _in_a_filename(ref: str) -> str:
    return _NOT_FOR_FILENAMES.sub("-", ref).strip("-") or "letter"


def _boundary(notice: Notice, purpose: str) -> str:
    # "=_" stands in no quoted-printable or base64 text, and nobody knows our Message-ID beforehand.
    return f"=_{hashlib.sha256(f'{purpose} {notice.message_id}'.encode()).hexdigest()[:32]}"


def _headers(notice: Notice, voice: Voice, values: Mapping[str, Any]) -> list[bytes]:
    organisation = one_line(voice.organisation)
    reply_name = f"{organisation}, case {notice.ref}" if notice.ref else organisation
    if is_for_customer(notice):
        reply_name = values["say"]("note.reply_name", organisation=organisation, ref=notice.ref)
    subject = _rendered("subject.txt", notice, voice, values)
    headers = [
        mailbox_header("From", organisation, voice.address),
        mailbox_header("To", "", notice.recipient),
        mailbox_header("Reply-To", reply_name, voice.address),
        text_header("Subject", subject),
        plain_header("Date", format_datetime(notice.created_at.astimezone(UTC))),
        plain_header("Message-ID", _message_id(notice)),
        *_thread(notice),
        *_asks_machines(notice),
        *([text_header("X-Forthwith-Ref", notice.ref)] if notice.ref else []),
        plain_header("X-Forthwith-Notice", notice.kind.value),
        plain_header("MIME-Version", "1.0"),
    ]
    if notice.kind in URGENT:
        headers += [plain_header("Importance", "high"), plain_header("X-Priority", "1")]
    return headers


def _asks_machines(notice: Notice) -> list[bytes]:
    """No machine shall answer an alert (RFC 3834; MS-OXCMAIL 2.1.3.2.20 for Exchange), and every one may a customer's.

    That a manager is away is the deputy's turn, so nothing may keep their mailbox from saying so. Reports of
    delivery and of failure are wanted of every mail: Exchange would leave them out for ``All``.
    """
    if is_for_customer(notice):
        return []
    return [
        plain_header("Auto-Submitted", "auto-generated"),
        plain_header("X-Auto-Response-Suppress", "RN, NRN, OOF, AutoReply"),
    ]


def _message_id(notice: Notice) -> str:
    if not _MESSAGE_ID.fullmatch(notice.message_id):
        raise ValueError("the notice has no Message-ID that could be written")
    return notice.message_id


def _domain(notice: Notice) -> str:
    """The right side of its Message-ID."""
    return _message_id(notice).rpartition("@")[2].rstrip(">")


def _thread(notice: Notice) -> list[bytes]:
    # All that we write about one complaint stands together in the reader's mail program, since it
    # answers one letter that was never sent: the case itself.
    if not notice.ref:
        return []
    case = _NOT_FOR_FILENAMES.sub("-", notice.ref).lower()
    return [plain_header("References", f"<case.{case}@{_domain(notice)}>")]


def _alternatives(notice: Notice, voice: Voice, values: Mapping[str, Any]) -> Pieces:
    plain = text_part("plain", _rendered("body.txt", notice, voice, values))
    html = text_part("html", _rendered("body.html", notice, voice, values))
    return multipart("alternative", _boundary(notice, "alternative"), [plain, html])


def _calendar_entry(notice: Notice, values: Mapping[str, Any]) -> list[Pieces]:
    """The day to answer by for the manager's calendar, where the letter names one that lies ahead."""
    try:
        day = date.fromisoformat(str(values["respond_by"]))
    except ValueError:
        return []
    if day < notice.created_at.date():
        return []  # a calendar shows nobody an entry of last week
    ref = _in_a_filename(notice.ref)
    say = values["say"]
    title = say("answer.entry_title", authority=values["authority"] or say("name.sender"), ref=notice.ref)
    words = say("answer.entry_words", organisation=values["organisation"], ref=notice.ref)
    written = appointment(
        uid=f"{ref.lower()}.answer@{_domain(notice)}",
        title=title,
        words=words,
        day=day,
        written_at=notice.created_at,
    )
    # RFC 5546: published, nobody is invited.
    return [file_part("text/calendar; method=PUBLISH; charset=utf-8", written, f"{ref}-answer-by.ics")]


def values_of(
    notice: Notice, voice: Voice, letter: Original | None, opened: Sequence[str] = ()
) -> dict[str, Any]:
    """What templates are given.

    Args:
        notice: its facts may lack any key.
        voice: who writes.
        letter: of a forward, how the original is attached; None: it is not known.
        opened: names of the files that hold what stood encrypted in it.
    """
    facts = shaped(notice.facts)
    facts["organisation"] = facts["organisation"] or one_line(voice.organisation)
    facts["timezone"] = facts["timezone"] or voice.timezone
    if "://" in facts["recipient_failed"]:
        # An apprise URL holds a secret, and this mail may go to many.
        facts["recipient_failed"] = f"the {facts['recipient_failed'].partition('://')[0]} channel"
    values = {
        **facts,
        **_times(notice, facts),
        "ref": one_line(notice.ref),
        "notice": notice.kind.value,
        "recipient": one_line(notice.recipient),
        "failed_forward": bool(notice.ref) and not _ALERTS_ALONE & notice.facts.keys(),
        "written_at": notice.created_at.astimezone(UTC).isoformat(),
        "original": letter,
        "opened": opened,
        "address": voice.address,
    }
    return values | _for_customer(notice, values) if is_for_customer(notice) else values


def _for_customer(notice: Notice, values: Mapping[str, Any]) -> dict[str, Any]:
    """The note in the reader's language, and by what a template of the operator's own speaks it."""
    tell = telling(values)
    return {"note": customer_note(notice.kind, tell), "tell": tell, "say": tell.say}


def _times(notice: Notice, facts: Mapping[str, Any]) -> dict[str, Any]:
    # Measured to the writing of the notice and not to now, so that a retry says the same.
    written, received, due = notice.created_at, instant(facts["received_at"]), instant(facts["due_at"])
    since = instant(facts["since"])
    return {
        "in_time": due is None or written <= due,
        "after_receipt": span(written - received) if received else "",
        "left": span(due - written) if due else "",
        "blind_for": span(written - since) if since else "",
    }
