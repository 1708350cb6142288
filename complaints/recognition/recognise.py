"""From a parsed mail to what it is, who wrote it, its number and by when an answer is wanted. Pure."""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from complaints.model import (
    Address,
    Body,
    Evidence,
    InboundMail,
    Kind,
    Passage,
    Precedent,
    Recognition,
    Reference,
)
from complaints.recognition.answer_by import AnswerBy, Days, answer_by
from complaints.recognition.asked import asked
from complaints.recognition.counting import EUROPEAN_UNION, next_working_day
from complaints.recognition.forbidding import SMALL_PRINT, forbidding
from complaints.recognition.house import House
from complaints.recognition.kinds import Facts, Verdict, evidence_of, judge
from complaints.recognition.languages import language_of
from complaints.recognition.origin import Origin, find_origin
from complaints.recognition.reading import Letter, letters_of
from complaints.recognition.references import main_reference, normalised, references_in
from complaints.recognition.registry import Registry
from complaints.recognition.request import SURE
from complaints.recognition.words import cues_in

_HEAD_LINES = 8
_OPENING = 600  # characters in which a letter says what it follows upon
_HEADING = 48  # characters of a line that may be a heading; a sentence of the story is longer
# Our own references and Message-IDs, which authorities quote and which are never their numbers.
_OWN_NUMBERS = re.compile(r"FW-\d{1,9}\b", re.IGNORECASE)
# A Date header years away is a broken clock or a lure, and counting from it would lead out of the calendar.
_BELIEVABLE = timedelta(days=400)
_LETTERS = frozenset({Kind.COMPLAINT, Kind.FOLLOW_UP, Kind.NOTICE_TO_PROCESSOR})
MAY_BE_LATER = frozenset({Kind.ACKNOWLEDGEMENT, Kind.OTHER, Kind.DATA_SUBJECT})
"""What a later letter of a small body may look like, which does not say again what it is."""
_ANSWERED = _LETTERS | MAY_BE_LATER
_KEEPS_BODY = _LETTERS | {Kind.ADMINISTRATIVE, Kind.COLLECT, Kind.UNREADABLE, Kind.AUTO_REPLY, Kind.OTHER}
_HOME = {
    "en": "GB", "de": "DE", "fr": "FR", "es": "ES", "it": "IT", "nl": "NL", "pl": "PL", "sv": "SE", "da": "DK",
    "no": "NO", "pt": "PT", "fi": "FI", "cs": "CZ", "sk": "SK", "hu": "HU", "ro": "RO", "el": "GR", "bg": "BG",
    "hr": "HR", "sl": "SI", "et": "EE", "lv": "LV", "lt": "LT", "is": "IS", "ca": "ES",
}  # fmt: skip


def recognise(mail: InboundMail, registry: Registry, house: House, *, received_at: datetime) -> Recognition:
    """What ``mail`` is, as far as it shows by itself.

    Args:
        mail: as parsed.
        registry: of authorities and public-interest bodies.
        house: who we are, and whose authentication results count.
        received_at: the clock's start, aware; periods "from receipt" count from its day in the house's zone.
    """
    letters = letters_of(mail)
    origin = find_origin(mail, letters, registry, house)
    letter = origin.letter
    text = letter.text
    language = language_of(text) or (
        origin.body.languages[0] if origin.body and origin.body.languages else ""
    )
    references = references_in(letter.subject, letter.passages, registry, origin.body, _OWN_NUMBERS)
    if not main_reference(references):
        references = _quoted_number(mail, registry, origin) or references
    days = _days(mail, letter, house, received_at, _country(language, origin.body))
    wanted = answer_by(letter.passages, days, _first_word(house.organisation))
    facts = _facts(
        mail,
        letters[0],
        origin,
        registry=registry,
        house=house,
        references=references,
        asks=wanted is not None and wanted.weight >= SURE,
        extends=wanted is not None and wanted.extends,
    )
    verdict = judge(facts)
    found = _recognition(origin, verdict, references, wanted, language)
    wants = asked(letter.passages) if found.kind in _LETTERS else ()
    return with_silence(replace(found, asked=wants, said=_said(mail, letter)))


def with_silence(recognition: Recognition, names: Collection[str] = ()) -> Recognition:
    """A letter that forbids telling the customer, or may do so.

    Args:
        recognition: of the letter, with what it says.
        names: of the customers that it may be about: such a letter seldom says "the controller" where it has a name.
    """
    found = forbidding(recognition.said, names)
    return replace(
        recognition,
        forbids=recognition.forbids or found.certain,
        may_forbid=recognition.may_forbid or found.near,
    )


def with_precedent(
    recognition: Recognition, precedent: Precedent | None, sender: Address | None = None
) -> Recognition:
    """A letter whose number is known from an earlier letter of the same party is a follow-up.

    Args:
        recognition: of the mail by itself.
        precedent: the earlier letter.
        sender: of the mail; a small body that no register lists is known by its domain.
    """
    if precedent is None or recognition.kind not in (Kind.COMPLAINT, *MAY_BE_LATER):
        return recognition
    known = Evidence(what="earlier letter", found=precedent.ref, where="our records", weight=0.9)
    number = normalised(recognition.case_number)
    evidence = (*recognition.evidence, known)
    if recognition.kind in MAY_BE_LATER:
        if recognition.body is not None or sender is None:
            return recognition
        return replace(
            recognition, kind=Kind.FOLLOW_UP, body=Body.unlisted(sender), score=0.55, evidence=evidence
        )
    # A new number is a new case, whatever older one it grew out of.
    kind = Kind.FOLLOW_UP if not number or precedent.reference in ("", number) else recognition.kind
    return replace(recognition, kind=kind, evidence=evidence)


def _said(mail: InboundMail, letter: Letter) -> tuple[Passage, ...]:
    """The letter with its subject; of the small print only an order is believed that names the customer."""
    subject = Passage(where="subject", text=letter.subject)
    return (subject, *letter.passages, *(one for one in mail.passages if one.where == SMALL_PRINT))


def _facts(
    mail: InboundMail,
    outer: Letter,
    origin: Origin,
    *,
    registry: Registry,
    house: House,
    references: tuple[Reference, ...],
    asks: bool,
    extends: bool,
) -> Facts:
    text = origin.letter.text
    cues = cues_in(text)
    subject_cues = cues_in(mail.subject)
    return Facts(
        mail=mail,
        origin=origin,
        registry=registry,
        house=house,
        cues=cues,
        outer_cues=cues if outer is origin.letter else cues_in(outer.text),
        subject_cues=subject_cues,
        head_cues=cues_in(_head(text)),
        opening_cues=cues_in(text[:_OPENING]),
        references=references,
        asks=asks,
        extends=extends,
    )


def _head(text: str) -> str:
    """The subject and the short lines at the top, where a letter says that it is a reminder or a closure."""
    subject, *lines = text[:1_500].split("\n", _HEAD_LINES)
    return "\n".join((subject, *(line for line in lines[: _HEAD_LINES - 1] if len(line) <= _HEADING)))


def _recognition(
    origin: Origin,
    verdict: Verdict,
    references: tuple[Reference, ...],
    wanted: AnswerBy | None,
    language: str,
) -> Recognition:
    body = verdict.body or (origin.body if verdict.kind in _KEEPS_BODY else None)
    reference = main_reference(references)
    evidence = [*origin.evidence, evidence_of(verdict)]
    if reference:
        evidence.append(
            Evidence(what="case reference", found=reference, where=references[0].where, weight=0.3)
        )
    if wanted is not None:
        evidence.append(Evidence(what="answer by", found=wanted.quote, where=wanted.where, weight=0.1))
        evidence += _runs_on(wanted, body)
    return Recognition(
        kind=verdict.kind,
        body=body,
        verified=origin.verified and body is not None and verdict.body is None,
        reference=reference,
        references=references,
        respond_by=wanted.day if wanted and verdict.kind in _ANSWERED else None,
        respond_by_quote=wanted.quote if wanted and verdict.kind in _ANSWERED else "",
        language=language,
        score=verdict.score,
        evidence=tuple(evidence),
        letter=_outsider_s(origin),
        forged=origin.authentication.failed,
    )


def _runs_on(wanted: AnswerBy, body: Body | None) -> Iterator[Evidence]:
    """A period of a body of the Union runs to its next working day; the earlier day is the one watched."""
    if body is None or body.country != EUROPEAN_UNION or not wanted.counted:
        return
    if (day := next_working_day(wanted.day, EUROPEAN_UNION)) != wanted.day:
        yield Evidence(
            what="runs on", found=f"to {day}, Regulation 1182/71, article 3(4)", where=wanted.where
        )


def _first_word(organisation: str) -> str:
    """Our name as people shorten it."""
    return organisation.split(maxsplit=1)[0] if organisation.strip() else organisation


def _quoted_number(mail: InboundMail, registry: Registry, origin: Origin) -> tuple[Reference, ...]:
    """A body that answers us and gives no number means the one that it quotes."""
    if origin.body is None or origin.relayed:
        return ()
    quoted = [passage for passage in mail.passages if passage.where == "quoted"]
    found = references_in("", quoted, registry, origin.body, _OWN_NUMBERS)
    return found[:1] if len(found) == 1 else ()


def _outsider_s(origin: Origin) -> InboundMail | None:
    """The wrapped original where it is trusted and its carrier is not: the carrier's own words then name nobody."""
    return origin.letter.mail if origin.relayed and origin.verified else None


def _days(mail: InboundMail, letter: Letter, house: House, received_at: datetime, country: str) -> Days:
    zone = _zone(house.timezone)
    sent = next(
        (day for day in (letter.sent, mail.date) if day and abs(day - received_at) < _BELIEVABLE), received_at
    )
    return Days(
        mail=sent.astimezone(zone).date(),
        receipt=received_at.astimezone(zone).date(),
        country=country,
    )


def _country(language: str, body: Body | None) -> str:
    """Whose public holidays count: the Union's for its bodies, England and Wales for English, else the sender's."""
    if body is not None and body.country == EUROPEAN_UNION:
        return EUROPEAN_UNION
    if language == "en":
        return "GB"
    return body.country if body is not None and body.country else _HOME.get(language, "GB")


@lru_cache(maxsize=8)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
