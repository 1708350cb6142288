"""From bytes to a judgement: read, recognise, match. Pure, but for the worker that opens PDFs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from complaints.inbox.bounces import Failures, failures_in
from complaints.inbox.mime import read_mail
from complaints.inbox.text import PdfText
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
from complaints.recognition import House, Registry, decide, recognise, with_precedent
from complaints.recognition.authentication import authenticate
from complaints.recognition.machines import is_from_daemon
from complaints.store.mails import StoredMail

_NONE_FAILED = Failures()
_MAY_BE_A_REPORT = frozenset({Kind.AUTO_REPLY, Kind.OTHER, Kind.ADMINISTRATIVE, Kind.DATA_SUBJECT})


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A mail that was read and recognised, but not matched yet."""

    mail: InboundMail
    recognition: Recognition
    failures: Failures = _NONE_FAILED  # of a delivery report without a report part
    forged: bool = False  # our own server says that somebody else used the sender's domain


class Assessor:
    """Judges mail by the registers."""

    def __init__(
        self, bodies: Sequence[Body], house: House, *, pdf: Callable[[bytes], PdfText] | None = None
    ) -> None:
        """Build the indexes of the bodies' register once."""
        self.bodies = tuple(bodies)
        self.house = house
        self._registry = Registry(bodies)
        self._pdf = pdf
        self._house_names = (house.organisation,)

    def read(self, raw: bytes, stored: StoredMail) -> Reading:
        """Read and recognise one mail."""
        mail = replace(read_mail(raw, pdf=self._pdf), sha256=stored.sha256)
        recognition = recognise(mail, self._registry, self.house, received_at=stored.received_at)
        if stored.oversized or stored.problem:
            recognition = replace(recognition, kind=Kind.UNREADABLE)
        failures = self._failures(raw, mail, recognition)
        if failures.permanent and recognition.kind is not Kind.BOUNCE:
            recognition = Recognition(kind=Kind.BOUNCE, score=0.7, language=recognition.language)
        forged = authenticate(mail, self.house.authserv_id).failed
        return Reading(mail=mail, recognition=recognition, failures=failures, forged=forged)

    def lists(self, domain: str) -> bool:
        """Whether a body of the register writes from this domain."""
        return self._registry.at(domain) is not None

    def _failures(self, raw: bytes, mail: InboundMail, recognition: Recognition) -> Failures:
        """Ask the heuristics about what looks like a report and has no report part (RFC 3464)."""
        looks = recognition.kind is Kind.BOUNCE or (
            recognition.kind in _MAY_BE_A_REPORT
            and is_from_daemon(mail)
            and not self.lists(mail.sender.domain)
        )
        if not looks or any(p.where.endswith("delivery-status") for p in mail.passages):
            return _NONE_FAILED
        return failures_in(raw)

    def judge(self, reading: Reading, customers: CustomerIndex, precedent: Precedent | None) -> Assessment:
        """Match a reading against the customers register and decide."""
        recognition = with_precedent(reading.recognition, precedent)
        found = match(
            reading.mail, customers, precedent=precedent, house_names=self._house_names, body=recognition.body
        )
        decision = decide(recognition) or _by_match(found)
        return Assessment(
            mail=reading.mail,
            recognition=recognition,
            match=found,
            decision=decision,
            why=_why(recognition, found, decision),
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


def _why(recognition: Recognition, found: Match, decision: Decision) -> str:
    if decision is Decision.TRIAGE and recognition.kind in _ASKED:
        signs = "; ".join(e.found for e in recognition.evidence if e.what == f"kind {recognition.kind.value}")
        return f"{_ASKED[recognition.kind]}{f' ({signs})' if signs else ''}; {found.why}"
    if decision is Decision.IGNORE:
        return f"{recognition.kind.value}: nothing to route"
    if decision is Decision.TRIAGE and not recognition.verified:
        return f"the sender is not shown to be who it says; {found.why}"
    return found.why
