"""Answers to what we sent: which notice a mail answers, and what follows. None of them opens a complaint."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from complaints import delivery_report
from complaints.answering import AnswerDesk
from complaints.answers import (
    absent_until,
    asks_for_proof,
    disposition,
    is_machine_s,
    says_absent,
    tells_of_failure,
)
from complaints.assessor import Assessor, Reading
from complaints.clock import Clock
from complaints.confirmation import Says, says
from complaints.delivery_report import Fate, read_report, refs_in
from complaints.model import InboundMail, Kind
from complaints.outbox import Notice
from complaints.return_path import is_token, tokens_in
from complaints.service import ComplaintDesk
from complaints.store.database import Database

_REPORTS_COME_WITHIN = timedelta(days=10)
"""Servers give a mail up after four or five days (RFC 5321 4.5.4.1)."""

KEPT_BACK = "kept back until somebody clicks or answers"
"""What became of a mail in which a machine says that it has not let ours through."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """What became of a mail that answers us."""

    outcome: str  # our own notice, bounce, acknowledgement ...
    refs: tuple[str, ...] = ()  # of the complaints concerned


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """Notices of ours that some mails name."""

    by_id: dict[str, Notice] = field(default_factory=dict)
    by_token: dict[str, Notice] = field(default_factory=dict)


class Correspondence:
    """Settles mails that answer notices."""

    def __init__(self, database: Database, desk: ComplaintDesk, assessor: Assessor, clock: Clock) -> None:
        self._database = database
        self._desk = desk
        self._assessor = assessor
        self._clock = clock
        self._house = assessor.house
        self._answers = AnswerDesk(database, desk.policy, clock, assessor.house.own_domains)

    async def settle(self, readings: Sequence[tuple[int, Reading]]) -> dict[int, Settled]:
        """What became of those of these mails that answer us, by mail id.

        Each step is safe to repeat: a crash between telling the desk and filing the mail does both again.
        """
        known = await self._notices(reading for _, reading in readings)
        found = {mail_id: await self._settle(reading, known) for mail_id, reading in readings}
        return {mail_id: settled for mail_id, settled in found.items() if settled is not None}

    async def _notices(self, readings: Iterable[Reading]) -> _Known:
        identifiers: set[str] = set()
        tokens: set[str] = set()
        for reading in readings:
            identifiers.update(_ids_named(reading.mail))
            tokens.update(self._tokens(reading))
        if not identifiers and not tokens:
            return _Known()
        async with self._database.reading() as repository:
            named = await repository.notices.by_message_id(sorted(identifiers))
            returned = await repository.notices.by_token(sorted(tokens))
        return _Known(
            by_id={notice.message_id: notice for notice in named},
            by_token={notice.bounce_token: notice for notice in returned},
        )

    def _tokens(self, reading: Reading) -> list[str]:
        """What shows by itself which notice a mail is about: the address it came to, or our own envelope's mark."""
        given_back = read_report(reading.mail).envelope_id if reading.recognition.kind is Kind.BOUNCE else ""
        came_to = tokens_in(reading.mail.recipients, self._house.own_addresses)
        return [*came_to, *([given_back] if is_token(given_back) else [])]

    async def _settle(self, reading: Reading, known: _Known) -> Settled | None:
        mail, kind = reading.mail, reading.recognition.kind
        if self._is_our_own(reading, known):
            return Settled(outcome="our own notice")
        returned = [known.by_token[token] for token in self._tokens(reading) if token in known.by_token]
        answered = [known.by_id[one] for one in _answered(mail) if one in known.by_id]
        given_back = [known.by_id[one] for one in mail.returned_message_ids if one in known.by_id]
        ours = returned or (given_back and not answered)
        if kind is Kind.BOUNCE or (ours and tells_of_failure(mail)):
            return await self._report(reading, known)
        # An absence is told to the return path (RFC 3834, 4); people write to the address in the header.
        if is_machine_s(mail, kind):
            notices = [*answered, *returned, *given_back] if _is_no_letter(reading) else []
            return await self._machine(reading, notices[0]) if notices else None
        if kind is Kind.SUSPICIOUS or reading.recognition.forged:
            return None
        return await self._of_a_person(reading, answered, [*returned, *given_back])

    async def _of_a_person(
        self, reading: Reading, answered: Sequence[Notice], about: Sequence[Notice]
    ) -> Settled | None:
        if answered:
            return await self._person(reading, answered[0], says(reading.mail))
        # Whatever came to a return path, or gives a notice back, and is no report acknowledges nothing.
        if about and _would_be_filed(reading):
            return await self._person(reading, about[0], Says.ASKS)
        return await self._unthreaded(reading)

    def _is_our_own(self, reading: Reading, known: _Known) -> bool:
        """One of our notices in an inbox of ours: no letter, and no loop.

        Whoever got a notice knows its Message-ID, so our address must stand beside it. Some servers give a
        mail a Message-ID of their own on the way; then our mark tells it.
        """
        mail = reading.mail
        if reading.recognition.forged or mail.sender.email not in self._house.own_addresses:
            return False
        named = any(one in known.by_id for one in (mail.message_id, *_answered(mail)))
        return named or bool(mail.header("X-Forthwith-Notice"))

    async def _machine(self, reading: Reading, notice: Notice) -> Settled:
        mail = reading.mail
        if seen := disposition(mail):
            ref = await self._answers.read(notice, mail.sender.email, seen)
            return Settled(outcome="read receipt", refs=(ref,))
        if asks_for_proof(mail) and not says_absent(mail):
            ref = await self._answers.challenged(notice, mail.sender.email)
            return Settled(outcome=KEPT_BACK, refs=(ref,))
        until = absent_until(mail, self._clock().date())
        ref = await self._answers.replied_by_machine(notice, mail.sender.email, until)
        if says_absent(mail) and not reading.recognition.forged:
            await self._desk.outbox.away(notice.message_id, until)
        return Settled(outcome="automatic reply", refs=(ref,))

    async def _person(self, reading: Reading, notice: Notice, said: Says) -> Settled | None:
        sender, files = reading.mail.sender.email, _would_be_filed(reading)
        ref, counted = await self._answers.replied(notice, sender, said, outsiders=files)
        if not ref:
            return None
        has_it = counted and said.confirms
        return Settled(outcome="acknowledgement" if has_it else "reply", refs=(ref,))

    async def _unthreaded(self, reading: Reading) -> Settled | None:
        """A mail that names our reference and answers nothing: a number acknowledges nothing, a person reads it."""
        refs = refs_in(reading.mail.subject)
        if len(refs) != 1 or not _would_be_filed(reading):
            return None
        ref = await self._answers.named(refs[0], reading.mail.sender.email)
        return Settled(outcome="reply", refs=(ref,)) if ref else None

    # --- delivery reports ----------------------------------------------------------------------

    async def _report(self, reading: Reading, known: _Known) -> Settled | None:
        mail = reading.mail
        named = [known.by_token[token] for token in self._tokens(reading) if token in known.by_token]
        named += [known.by_id[one] for one in _ids_named(mail) if one in known.by_id]
        notices = list({notice.id: notice for notice in named}.values())
        refs = [ref for notice in notices for ref in await self._tell(reading, notice)]
        if refs:
            return Settled(outcome="bounce", refs=tuple(dict.fromkeys(refs)))
        if self._assessor.lists(mail.sender.domain):
            return None  # what an authority's server writes is looked at like its letters
        return await self._unproved(reading, delivery_report.words(mail))

    async def _tell(self, reading: Reading, notice: Notice) -> list[str]:
        report = read_report(reading.mail, reading.failures, recipient=notice.recipient.lower())
        if report.fate is Fate.FAILED:
            return await self._desk.outbox.bounced([notice.message_id], report.words, status=report.status)
        return await self._desk.outbox.reported([notice.message_id], report)

    async def _unproved(self, reading: Reading, said: str) -> Settled:
        """A report without our Message-ID or return path: whoever can guess could have written it."""
        mail = reading.mail
        if read_report(mail, reading.failures).fate is not Fate.FAILED:
            return Settled(outcome="delivery report that fits nothing we sent")
        failed = delivery_report.failed_recipients(mail, reading.failures)
        named = sorted({*failed, *delivery_report.addresses_named(mail)} - self._house.own_addresses)
        async with self._database.reading() as repository:
            sent = await repository.notices.sent_to(named, self._clock() - _REPORTS_COME_WITHIN)
        refs = delivery_report.refs_named(mail)
        meant = [notice for notice in sent if notice.ref in refs] if refs else sent
        if meant and len({notice.complaint_id for notice in meant}) == 1 and meant[0].ref:
            return Settled(outcome="bounce, unproved", refs=tuple(await self._answers.doubted(meant, said)))
        await self._answers.stray(sent[0].recipient if sent else "")
        return Settled(outcome="bounce that fits nothing we sent")


_FILED = frozenset({Kind.ACKNOWLEDGEMENT, Kind.ADMINISTRATIVE, Kind.OTHER})


def _would_be_filed(reading: Reading) -> bool:
    """Whether nobody would see it otherwise; a letter is judged as one, whatever thread it is written into."""
    return reading.recognition.kind in _FILED and reading.recognition.body is None


def _is_no_letter(reading: Reading) -> bool:
    """An authority's own machines send its letters, too, and those are never filed away."""
    return reading.recognition.kind is Kind.AUTO_REPLY or reading.recognition.body is None


def _ids_named(mail: InboundMail) -> tuple[str, ...]:
    return (mail.message_id, *_answered(mail), *mail.returned_message_ids)


def _answered(mail: InboundMail) -> tuple[str, ...]:
    """The mails that this one answers, the nearest first."""
    return tuple(dict.fromkeys((*mail.in_reply_to, *reversed(mail.references))))
