"""A mail as the letters it holds: what the sender wrote, and what is handed on in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from complaints.model import Address, InboundMail, Passage
from complaints.recognition.dates import days_in
from complaints.recognition.listing import word_set

LETTER_BOUND = 24_000  # characters of one letter that are read; what is longer is appendices
_NOT_SAID = frozenset({"subject", "quoted", "disclaimer"})  # the subject stands in a field of its own
_LETTERS_MOST = 6
_DEPTH_MOST = 3
_BLOCK_LINES = 12

_FROM = word_set("from von de da van od från fra expéditeur mittente remitente afzender lähettäjä")
_WHEN = word_set(
    "date sent datum gesendet envoyé enviado fecha inviato data verzonden wysłano skickat sendt dato"
)
_WHAT = word_set("subject betreff objet asunto oggetto onderwerp temat ämne emne assunto")
_HEADER_LINE = re.compile(
    r"^[>*|\s]{0,8}([^\W\d_]{1,12})(?:\s(?:el|le|il|am|den|em|a))?\s?\*?\s?:\s?\*?[ \t]{0,4}(\S.{0,300})$"
)
_EMAIL = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@((?:[a-z0-9-]{1,63}\.){1,8}[a-z][a-z0-9-]{1,62})", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """One letter: the mail itself, or one that it hands on."""

    sender: Address
    subject: str
    passages: tuple[Passage, ...]  # the writer's own words, attachments included
    sent: datetime | None = None  # as its own Date header or forwarded header block claims
    handed_on: str = ""  # "wrapped" or "forwarded" where somebody else sent it
    mail: InboundMail | None = None  # the wrapped mail that it is the text of

    @property
    def text(self) -> str:
        """Subject and passages, bounded."""
        return "\n".join((self.subject, *(passage.text for passage in self.passages)))[:LETTER_BOUND]


def letters_of(mail: InboundMail) -> tuple[Letter, ...]:
    """The mail's own letter first, then those it hands on, in order of place."""
    return tuple(letter for letter, _ in zip(_letters(mail, 0), range(_LETTERS_MOST), strict=False))


def _letters(mail: InboundMail, depth: int) -> Iterator[Letter]:
    own: list[Passage] = []
    forwarded: list[Letter] = []
    for passage in mail.passages:
        if passage.where in _NOT_SAID:
            continue
        before, blocks = _split(passage)
        forwarded += blocks
        own += [before] if before.text.strip() and before.where != "forwarded" else []
    if len(forwarded) == 1:
        # What is attached to a forward was attached to what it forwards.
        papers = tuple(passage for passage in own if passage.where.startswith("attachment"))
        forwarded = [replace(forwarded[0], passages=(*forwarded[0].passages, *papers))]
    handed_on = "wrapped" if depth else ""
    yield Letter(
        sender=mail.sender,
        subject=mail.subject,
        passages=tuple(own),
        sent=mail.date,
        handed_on=handed_on,
        mail=mail if depth else None,
    )
    yield from forwarded
    if depth < _DEPTH_MOST:
        for inner in mail.wrapped:
            yield from _letters(inner, depth + 1)


def _split(passage: Passage) -> tuple[Passage, list[Letter]]:
    """What stands before the first forwarded header block, and the letters that begin with one."""
    lines = passage.text[:LETTER_BOUND].splitlines()
    if passage.where.startswith("attachment"):
        return passage, []
    starts = [index for index in range(len(lines)) if _begins_block(lines, index)]
    if not starts:
        if passage.where == "forwarded":
            return Passage(where=passage.where, text=""), [_headless(passage)]
        return passage, []
    ends = [*starts[1:], len(lines)]
    letters = [_letter(lines[start:end]) for start, end in zip(starts, ends, strict=True)]
    return Passage(where=passage.where, text="\n".join(lines[: starts[0]])), letters


def _headless(passage: Passage) -> Letter:
    return Letter(sender=Address(name="", email=""), subject="", passages=(passage,), handed_on="forwarded")


def _begins_block(lines: list[str], index: int) -> bool:
    """A From line with an address or name, and a date or subject line close below it."""
    name, _ = _header(lines[index])
    if name not in _FROM:
        return False
    return any(_header(line)[0] in _WHEN | _WHAT for line in lines[index + 1 : index + 6])


def _header(line: str) -> tuple[str, str]:
    found = _HEADER_LINE.match(line) if ":" in line[:30] else None
    return (found[1].lower(), found[2].strip()) if found else ("", "")


def _letter(lines: list[str]) -> Letter:
    head = [_header(line) for line in lines[:_BLOCK_LINES]]
    size = next((index for index, line in enumerate(lines) if not line.strip(" >*|")), min(len(lines), 6))
    fields = {name: value for name, value in reversed(head[:size]) if name}
    sender = next((fields[name] for name in fields if name in _FROM), "")
    when = next((fields[name] for name in fields if name in _WHEN), "")
    return Letter(
        sender=_address(sender),
        subject=next((fields[name] for name in fields if name in _WHAT), ""),
        passages=(Passage(where="forwarded", text="\n".join(_unquoted(line) for line in lines[size:])),),
        sent=_instant(when),
        handed_on="forwarded",
    )


def _unquoted(line: str) -> str:
    return line.lstrip("> ") if line.startswith(">") else line


def _address(value: str) -> Address:
    found = _EMAIL.search(value)
    if found is None:
        return Address(name=value.strip(" \"'<>*"), email="")
    return Address(name=value[: found.start()].strip(" \"'<[(*"), email=found[0].lower())


def _instant(value: str) -> datetime | None:
    """The day in a forwarded Date line, at noon: such lines are written in every language and order."""
    try:
        parsed = parsedate_to_datetime(value)
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    # Without a year such a line says too little; the far day makes a guess recognisable.
    found = days_in(value[:120], datetime(2000, 7, 1, tzinfo=UTC).date())
    day = next((hit.day for hit in found if hit.day.year > 2001), None)
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC) if day else None
