"""By what a letter is known to belong to an earlier one, and what that one was about.

A letter joins a case by a mark and its party together, never by one alone: who quotes a number or a
Message-ID is not thereby the body whose case it is.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from complaints.assessor import Reading
from complaints.matching.words import FREEMAIL
from complaints.model import (
    Assessment,
    Decision,
    InboundMail,
    Kind,
    Matched,
    Precedent,
    Recognition,
    Reference,
)
from complaints.recognition.decision import RELAY, SURE
from complaints.recognition.recognise import MAY_BE_LATER
from complaints.recognition.references import normalised

CaseKey = tuple[str, str]
"""A party, and a mark of a case: the party's own number, normalised, or a Message-ID in angle brackets."""

_IDS_MOST = 20
"""Message-IDs of one mail that are followed; of a longer thread the newest."""
_NO_LETTER = frozenset({Kind.BOUNCE, Kind.AUTO_REPLY, Kind.SUSPICIOUS})


def case_key(reading: Reading) -> CaseKey | None:
    """The letter's own number with its writer; None without either."""
    party = _party(reading.recognition)
    number = normalised(reading.recognition.case_number)
    return (party, number) if party and number else None


def own_keys(mail: InboundMail, recognition: Recognition) -> list[tuple[CaseKey, bool]]:
    """The marks that a letter gives its case, and whether each is the letter's own or merely named in it."""
    party = _party(recognition)
    if not party:
        return [(key, True) for key in sender_keys(mail)]
    own = [mark for mark in (normalised(recognition.case_number), mail.message_id) if mark]
    # A body that no register lists is known again by its domain alone; whose case it is then, a person says.
    unlisted = () if recognition.body is None or recognition.body.id else (party,)
    named = dict.fromkeys((*_numbers(recognition), *_named(mail), *unlisted))
    others = [mark for mark in named if mark not in own]
    return [((party, mark), True) for mark in own] + [((party, mark), False) for mark in others]


def sender_keys(mail: InboundMail) -> list[CaseKey]:
    """The mark by which a second copy of an individual's letter is found."""
    return [(mail.sender.email, mail.message_id)] if mail.sender.email and mail.message_id else []


def all_keys(reading: Reading) -> list[CaseKey]:
    """Every mark by which this mail and another may be of one case: those must not be settled at once."""
    return [key for key, _ in own_keys(reading.mail, reading.recognition)] + sender_keys(reading.mail)


class Precedents:
    """The store's precedents, and over them those of the mails judged since it was asked.

    Args:
        known: what the store knew, by case.
    """

    def __init__(self, known: Mapping[CaseKey, Precedent] | None = None) -> None:
        self._known = dict(known or {})

    def before(self, reading: Reading) -> Precedent | None:
        """The newest earlier letter on this case: by its number, by another number of the body's, by thread."""
        recognition = reading.recognition
        unlisted = _known_by_domain(reading)
        party = _party(recognition) or unlisted
        if not party or not _speaks_itself(recognition):
            return None
        own = self._known.get((party, normalised(recognition.case_number)))
        if own is not None:
            return _loose(own, firm=own.main)
        found = self._by_other_number(party, recognition) or self._by_thread(party, reading)
        if found is None and unlisted and (last := self._known.get((party, party))) is not None:
            return _loose(last, firm=False)
        return found

    def _by_other_number(self, party: str, recognition: Recognition) -> Precedent | None:
        """A case that goes on under a second number: the letter names both."""
        for reference in recognition.references:
            if _may_link(reference, recognition):
                known = self._known.get((party, normalised(reference.of_case)))
                if known is not None:
                    # A number that is merely mentioned may be a similar case of somebody else's (I2).
                    return _loose(known, firm=known.main and reference.former)
        return None

    def _by_thread(self, party: str, reading: Reading) -> Precedent | None:
        """A reply in the thread of an earlier letter; a number of its own that is another case's goes before."""
        recognition = reading.recognition
        number = normalised(recognition.case_number)
        for known in (self._known.get((party, identifier)) for identifier in _named(reading.mail)):
            if known is None:
                continue
            same = not number or not known.reference or number == known.reference
            if same or not _is_of_own_shape(recognition):
                return _loose(known, firm=same and known.main)
        return None

    def remember(self, reading: Reading, assessment: Assessment) -> None:
        """Let later letters know of this one; a mail that opens no complaint sets no precedent."""
        if assessment.decision is Decision.IGNORE or not _party(reading.recognition):
            return
        before = self.before(reading)
        ref = before.ref if before else ""
        number = normalised(reading.recognition.case_number)
        for key, main in own_keys(reading.mail, reading.recognition):
            if main or key not in self._known:
                self._known[key] = Precedent(
                    customer_id=_customer_of(assessment),
                    ref=ref,
                    reference=number,
                    main=main,
                    shown=reading.recognition.verified,
                    candidates=frozenset(one.customer.id for one in assessment.match.candidates),
                )


def asked(readings: Iterable[Reading]) -> list[CaseKey]:
    """Every key under which these mails may have a precedent."""
    return sorted(
        {key for one in readings for key in (*all_keys(one), *_formers(one.recognition), *_by_domain(one))}
    )


def _by_domain(reading: Reading) -> Iterator[CaseKey]:
    if party := _known_by_domain(reading):
        yield party, normalised(reading.recognition.case_number)
        yield party, party


def _known_by_domain(reading: Reading) -> str:
    """The sender's domain as a party: a small body says what it is once, and later only that it waits."""
    domain, recognition = reading.mail.sender.domain, reading.recognition
    may_be_later = recognition.body is None and recognition.kind in MAY_BE_LATER
    return domain if may_be_later and domain not in FREEMAIL else ""


def _formers(recognition: Recognition) -> Iterator[CaseKey]:
    party = _party(recognition)
    if party:
        yield from (
            (party, normalised(r.of_case)) for r in recognition.references if _may_link(r, recognition)
        )


def _party(recognition: Recognition) -> str:
    return recognition.body.party if recognition.body and recognition.kind not in _NO_LETTER else ""


def _speaks_itself(recognition: Recognition) -> bool:
    """Whether the body itself wrote, or somebody hands its letter on who is known to."""
    if recognition.verified or recognition.score >= SURE:
        return True
    return not any(evidence.what == RELAY for evidence in recognition.evidence)


def _numbers(recognition: Recognition) -> Iterator[str]:
    for reference in recognition.references:
        if _may_link(reference, recognition) and not reference.former:
            yield normalised(reference.of_case)


def _may_link(reference: Reference, recognition: Recognition) -> bool:
    owned = (
        recognition.body is not None and recognition.body.id != "" and reference.owner == recognition.body.id
    )
    return owned and (reference.former or reference.strength != "foreign")


def _is_of_own_shape(recognition: Recognition) -> bool:
    return any(_may_link(reference, recognition) for reference in recognition.references[:1])


def _named(mail: InboundMail) -> list[str]:
    """The mails that this one answers, the nearest first; a mail that we never saw is as good a root (JWZ)."""
    nearest = dict.fromkeys((*mail.in_reply_to, *reversed(mail.references)))
    nearest.pop(mail.message_id, None)
    return list(nearest)[:_IDS_MOST]


def _loose(known: Precedent, *, firm: bool) -> Precedent:
    return known if firm else replace(known, customer_id=None)


def _customer_of(assessment: Assessment) -> str | None:
    found = assessment.match
    if assessment.decision is Decision.ASSIGN and isinstance(found, Matched):
        return found.customer.id
    return None
