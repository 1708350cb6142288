"""From bytes to a judgement: read, recognise, match. Pure, but for the worker that opens papers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from complaints.inbox.bounces import Failures, failures_in
from complaints.inbox.mime import DkimCheck, read_mail
from complaints.inbox.papers.paper import PaperOpener
from complaints.inbox.sealed.opened import Opener
from complaints.matching import CustomerIndex, match
from complaints.model import (
    Ambiguous,
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
from complaints.reasons import MAY_STAND_IN
from complaints.recognition import (
    House,
    Registry,
    decide,
    is_perhaps_forbidden,
    papers_behind_cover,
    recognise,
    with_precedent,
    with_silence,
)
from complaints.recognition.machines import is_from_daemon
from complaints.recognition.references import normalised
from complaints.store.mails import StoredMail

_NONE_FAILED = Failures()
_MAY_BE_A_REPORT = frozenset({Kind.AUTO_REPLY, Kind.OTHER, Kind.ADMINISTRATIVE, Kind.DATA_SUBJECT})


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A mail that was read and recognised, but not matched yet."""

    mail: InboundMail
    recognition: Recognition
    failures: Failures = _NONE_FAILED  # of a delivery report without a report part


class Assessor:
    """Judges mail by the registers."""

    def __init__(
        self,
        bodies: Sequence[Body],
        house: House,
        *,
        papers: PaperOpener | None = None,
        dkim: DkimCheck | None = None,
        opener: Opener | None = None,
    ) -> None:
        """Build the indexes of the bodies' register once."""
        self.bodies = tuple(bodies)
        self.house = house
        self.dkim = dkim
        self.opener = opener
        self._registry = Registry(bodies)
        self._papers = papers
        self._house_names = (house.organisation,)

    def read(self, raw: bytes, stored: StoredMail) -> Reading:
        """Read and recognise one mail."""
        # Of an oversized mail the body is not here, so no signature of it can be checked.
        dkim = None if stored.oversized else self.dkim
        mail = read_mail(raw, papers=self._papers, dkim=dkim, opener=self.opener)
        mail = replace(mail, sha256=stored.sha256)
        recognition = recognise(mail, self._registry, self.house, received_at=stored.received_at)
        if stored.oversized or stored.problem:
            recognition = replace(recognition, kind=Kind.UNREADABLE)
        failures = self._failures(raw, mail, recognition)
        if failures.permanent and recognition.kind is not Kind.BOUNCE:
            recognition = Recognition(
                kind=Kind.BOUNCE, score=0.7, language=recognition.language, forged=recognition.forged
            )
        return Reading(mail=mail, recognition=recognition, failures=failures)

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
        recognition = with_precedent(reading.recognition, precedent, reading.mail.sender)
        found = self._match(reading.mail, recognition, customers, precedent)
        recognition = with_silence(recognition, _names_in(found))
        undecided = _is_undecided(recognition, precedent, _customer_of(found))
        if isinstance(found, Matched) and undecided and not _is_numbered(found):
            # The number may be another customer's case, about whom nobody has decided yet (I2).
            found = Ambiguous(
                candidates=found.candidates, why="an earlier letter under this number waits for a person"
            )
        decision = decide(recognition) or _by_match(found)
        if decision is Decision.TRIAGE and _is_handed_back(reading.mail, recognition, customers, found):
            decision = Decision.ASSIGN
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

    def _match(
        self,
        mail: InboundMail,
        recognition: Recognition,
        customers: CustomerIndex,
        precedent: Precedent | None,
    ) -> Match:
        """Which customer is meant; of an original that an outsider hands on, by its own words too."""
        matches = [
            match(one, customers, precedent=precedent, house_names=self._house_names, body=recognition.body)
            for one in (mail, recognition.letter)
            if one is not None
        ]
        if len(matches) > 1 and _customer_of(matches[0]) != _customer_of(matches[1]):
            # The original proves itself and not who carried it: what he wrote around it must not choose (I2).
            return Ambiguous(
                candidates=matches[0].candidates, why="only its carrier's words name the customer"
            )
        return matches[0]


def _is_undecided(recognition: Recognition, precedent: Precedent | None, customer_id: str) -> bool:
    """Whether it is not known whose case the letter's own number is, though an earlier genuine letter bears it.

    Where it makes clear which of those is meant who came into question then, it is known.
    """
    return (
        precedent is not None
        and precedent.shown
        and precedent.customer_id is None
        and precedent.reference == normalised(recognition.case_number)
        and customer_id not in precedent.candidates
    )


def _is_numbered(found: Matched) -> bool:
    return any(one.what.startswith("number") for one in found.candidates[0].evidence)


def _customer_of(found: Match) -> str:
    return found.customer.id if isinstance(found, Matched) else ""


def _names_in(found: Match) -> frozenset[str]:
    """The names of those who may be meant, as the register and the letter write them."""
    return frozenset(
        name
        for one in found.candidates
        for name in (
            one.customer.name,
            *one.customer.aliases,
            *(e.found for e in one.evidence if e.weight > 0),
        )
    )


def _is_handed_back(
    mail: InboundMail, recognition: Recognition, customers: CustomerIndex, found: Match
) -> bool:
    """Whether a customer handed on a letter about itself: it may have it back, and nobody else may (I2)."""
    domain = mail.sender.domain
    owner = customers.owner_of(domain)
    if owner is None or recognition.forbids or decide(recognition, trusted_domains={domain}) is not None:
        return False
    return _customer_of(found) == owner.id


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
    return f"{MAY_STAND_IN}{', '.join(hidden[:3])}{more}, which could not be read; "


def _why(recognition: Recognition, found: Match, decision: Decision) -> str:
    if decision is Decision.TRIAGE and recognition.kind in _ASKED:
        signs = "; ".join(e.found for e in recognition.evidence if e.what == f"kind {recognition.kind.value}")
        return f"{_ASKED[recognition.kind]}{f' ({signs})' if signs else ''}; {found.why}"
    if recognition.forbids:
        return f"it forbids telling the customer (“{recognition.forbids}”): legal hold; {found.why}"
    if is_perhaps_forbidden(recognition):
        return f"it may forbid telling the customer (“{recognition.may_forbid}”): a person must read it; {found.why}"
    if decision is Decision.IGNORE:
        return f"{recognition.kind.value}: nothing to route"
    if decision is Decision.TRIAGE and not recognition.verified:
        return f"the sender is not shown to be who it says; {found.why}"
    return found.why
