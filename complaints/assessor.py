"""From bytes to a judgement: read, recognise, match. Pure, but for the worker that opens papers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from complaints.inbox.mime import read_mail
from complaints.inbox.papers.paper import PaperOpener
from complaints.matching import CustomerIndex, match
from complaints.model import (
    Assessment,
    Body,
    Decision,
    InboundMail,
    Kind,
    Match,
    Matched,
    Precedent,
    Recognition,
    Unmatched,
)
from complaints.recognition import House, Registry, decide, papers_behind_cover, recognise, with_precedent
from complaints.store.mails import StoredMail


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A mail that was read and recognised, but not matched yet."""

    mail: InboundMail
    recognition: Recognition


class Assessor:
    """Judges mail by the registers."""

    def __init__(self, bodies: Sequence[Body], house: House, *, papers: PaperOpener | None = None) -> None:
        """Build the indexes of the bodies' register once."""
        self.bodies = tuple(bodies)
        self.house = house
        self._registry = Registry(bodies)
        self._papers = papers
        self._house_names = (house.organisation,)

    def read(self, raw: bytes, stored: StoredMail) -> Reading:
        """Read and recognise one mail."""
        mail = replace(read_mail(raw, papers=self._papers), sha256=stored.sha256)
        recognition = recognise(mail, self._registry, self.house, received_at=stored.received_at)
        if stored.oversized or stored.problem:
            recognition = replace(recognition, kind=Kind.UNREADABLE)
        return Reading(mail=mail, recognition=recognition)

    def judge(self, reading: Reading, customers: CustomerIndex, precedent: Precedent | None) -> Assessment:
        """Match a reading against the customers register and decide."""
        recognition = with_precedent(reading.recognition, precedent)
        found = match(
            reading.mail, customers, precedent=precedent, house_names=self._house_names, body=recognition.body
        )
        decision = decide(recognition) or _by_match(found)
        hidden = papers_behind_cover(reading.mail) if decision is not Decision.TRIAGE else ()
        if hidden:
            decision = Decision.TRIAGE
        return Assessment(
            mail=reading.mail,
            recognition=recognition,
            match=found,
            decision=decision,
            why=_unread_papers(hidden) + _why(recognition, found, decision),
        )


def unread(stored: StoredMail, mail: InboundMail, why: str) -> Assessment:
    """What is concluded of a mail that nothing could be made of: a person looks, the clock running."""
    return Assessment(
        mail=replace(mail, sha256=stored.sha256),
        recognition=Recognition(kind=Kind.UNREADABLE),
        match=Unmatched(why=why),
        decision=Decision.TRIAGE,
        why=why,
    )


def _by_match(found: Match) -> Decision:
    return Decision.ASSIGN if isinstance(found, Matched) else Decision.TRIAGE


_ASKED = {
    Kind.SUSPICIOUS: "claims to come from an authority and is not shown to",
    Kind.DATA_SUBJECT: "an individual writes directly",
    Kind.NOTICE_TO_PROCESSOR: "a formal demand addressed to us: legal hold",
    Kind.COLLECT: "the message itself waits in a portal and must be fetched",
    Kind.UNREADABLE: "cannot be read",
    Kind.BOUNCE: "a delivery report that fits no forward of ours",
}


def _unread_papers(hidden: Sequence[str]) -> str:
    if not hidden:
        return ""
    more = f" and {len(hidden) - 3} more" if len(hidden) > 3 else ""
    return f"the letter may stand in {', '.join(hidden[:3])}{more}, which could not be read; "


def _why(recognition: Recognition, found: Match, decision: Decision) -> str:
    if decision is Decision.TRIAGE and recognition.kind in _ASKED:
        signs = "; ".join(e.found for e in recognition.evidence if e.what == f"kind {recognition.kind.value}")
        return f"{_ASKED[recognition.kind]}{f' ({signs})' if signs else ''}; {found.why}"
    if decision is Decision.IGNORE:
        return f"{recognition.kind.value}: nothing to route"
    if decision is Decision.TRIAGE and not recognition.verified:
        return f"the sender is not shown to be who it says; {found.why}"
    return found.why
