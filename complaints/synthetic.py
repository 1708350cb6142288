"""The made-up complaint on its way: sent, opened, forwarded, back; and the alarm when it does not come back.

It goes by the same doors as any letter, and is kept apart where it would be taken for one: it is of a kind
of its own, which figures, lists, precedents and the ladder leave out.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog

from complaints import drafting
from complaints.agreed import Deadline, Facts
from complaints.assessor import Reading
from complaints.case import Case, open_cases, write_cases
from complaints.lifecycle import Event, Status
from complaints.matching import CustomerIndex, match
from complaints.model import Complaint, InboundMail, Kind, Matched
from complaints.outbox import NewNotice, NoticeKind
from complaints.service import ComplaintDesk
from complaints.store.mails import StoredMail
from complaints.store.notices import Draft
from complaints.store.repository import Repository
from complaints.store.synthetic import Synthetic
from complaints.synthetic_letter import (
    CUSTOMER,
    letter,
    new_token,
    says_nothing_else,
    token_of,
    tokens_given_back,
)

log = structlog.get_logger()

_CHANGED = (
    "the letter was changed on the way, by a footer or a subject tag perhaps, and was treated like any other"
)


class MadeUp(NamedTuple):
    """A letter that waits to be sent."""

    token: str
    raw: bytes


class Passed(NamedTuple):
    """What became of a mail that is part of a made-up complaint's way."""

    ref: str
    outcome: str


class SyntheticDesk:
    """Sends nothing itself; remembers what was sent and recognises what comes in.

    Args:
        desk: whose store, policy and clock are used.
        wait: how long one may take to come through.
        address: ours, that it is sent to.
        to: address that its forward goes to.
        returns: whether that forward comes back into an inbox of ours; else its acceptance is the end.
    """

    def __init__(
        self, desk: ComplaintDesk, *, wait: timedelta, address: str = "", to: str = "", returns: bool = True
    ) -> None:
        self._database, self._policy, self._clock = desk.database, desk.policy, desk.clock
        self._wait = wait
        self._address = address
        self._to = to
        self._returns = returns

    # --- sending -----------------------------------------------------------------------------

    async def begin(self, slot: str = "") -> MadeUp | None:
        """Write one down before it is sent.

        Args:
            slot: of the timetable; empty: by hand, as often as somebody likes.

        Returns:
            The letter to be sent; None when that of this slot was begun already.
        """
        now, token = self._clock(), new_token()
        async with self._database.writing() as repository:
            begun = await repository.synthetic.begin(slot or f"by hand {token}", token, now)
        return MadeUp(token, letter(token, self._address, now)) if begun else None

    async def sent(self, token: str) -> None:
        """Note that the relay has taken it, or that it lies in the inbox."""
        async with self._database.writing() as repository:
            await repository.synthetic.note(token, sent_at=self._clock(), problem="")

    async def stuck(self, token: str, problem: str) -> None:
        """Note why it does not get on."""
        async with self._database.writing() as repository:
            await repository.synthetic.note(token, problem=problem)

    # --- what comes in -----------------------------------------------------------------------

    async def settle(self, mails: Sequence[StoredMail], readings: Mapping[int, object]) -> dict[int, Passed]:
        """What became of those of these mails that belong to a made-up complaint, by mail id."""
        understood = [(m, one) for m in mails if isinstance(one := readings[m.id], Reading)]
        read = {stored.id: (stored, one.mail) for stored, one in understood}
        reports = [(stored.id, one.mail) for stored, one in understood if one.recognition.kind is Kind.BOUNCE]
        bounced = {i: token for i, mail in reports for token in tokens_given_back(mail)}
        tokens = {mail_id: token for mail_id, (_, mail) in read.items() if (token := token_of(mail))}
        ours = {i: mail.message_id for i, (_, mail) in read.items() if self._may_be_forward(mail)}
        if not tokens and not ours and not bounced:
            return {}
        done: dict[int, Passed] = {}
        async with self._database.writing() as repository:
            known = await repository.synthetic.by_token({*tokens.values(), *bounced.values()})
            for mail_id in (i for i, token in tokens.items() if token in known):
                passed = await self._arrived(repository, *read[mail_id], known[tokens[mail_id]])
                if passed is not None:
                    done[mail_id] = passed
            for mail_id, token in bounced.items():
                # Of one that has come in nothing can come back; whoever says so has copied it.
                if mail_id not in done and token in known and known[token].opened_at is None:
                    done[mail_id] = await self._bounced(repository, *read[mail_id], known[token])
            done |= await self._returned(repository, ours)
        return done

    async def _bounced(
        self, repository: Repository, stored: StoredMail, mail: InboundMail, one: Synthetic
    ) -> Passed:
        """The letter itself never came into the mailbox, and a server says so."""
        await repository.synthetic.note(one.token, problem="it came back undelivered")
        await repository.mails.conclude(stored.id, _filed(mail, "a made-up complaint came back undelivered"))
        return Passed("", "synthetic, undelivered")

    async def _arrived(
        self, repository: Repository, stored: StoredMail, mail: InboundMail, one: Synthetic
    ) -> Passed | None:
        # The row as it stands now: of two copies in one lot the second must find the token spent.
        one = (await repository.synthetic.by_token([one.token]))[one.token]
        if not says_nothing_else(mail):
            if one.opened_at is None:
                await repository.synthetic.note(one.token, problem=_CHANGED)
            log.warning("synthetic_not_genuine", synthetic=one.id, mail=stored.id)
            return None
        if one.opened_at is not None:
            await repository.mails.conclude(stored.id, _filed(mail, "a made-up complaint once more"))
            return Passed("", "synthetic, again")
        return await self._open(repository, stored, mail, one)

    async def _open(
        self, repository: Repository, stored: StoredMail, mail: InboundMail, one: Synthetic
    ) -> Passed | None:
        now = self._clock()
        came = {"received_at": stored.received_at, "opened_at": now}
        found = match(
            mail,
            CustomerIndex.build([CUSTOMER]),
            precedent=None,
            house_names=(self._policy.organisation,),
            body=None,
        )
        if not isinstance(found, Matched):
            log.error("synthetic_not_matched", synthetic=one.id, mail=stored.id)
            await repository.synthetic.note(one.token, problem=f"it was not matched: {found.why}", **came)
            await repository.mails.conclude(stored.id, _filed(mail, "a made-up complaint, not matched"))
            return Passed("", "synthetic, not matched")
        letter = Facts(received_at=stored.received_at, kind=Kind.SYNTHETIC, respond_by=None)
        deadline = self._policy.deadline(None, letter)
        case = Case(self._draft(stored, mail, found.why, deadline))
        case.calendars[deadline.calendar_version] = deadline.content
        case.happen(Event.RECEIVED, now)
        case.happen(Event.MATCHED, now, customer_id=CUSTOMER.id, customer_name=CUSTOMER.name)
        case.happen(Event.FORWARD_QUEUED, now, recipient_email=self._to)
        await open_cases(repository, [case])
        case.notices.append(drafting.forward(self._policy, case.complaint))
        await write_cases(repository, [case], now, self._policy.mail_domain)
        await repository.synthetic.note(one.token, complaint_id=case.complaint.id, problem="", **came)
        await repository.mails.conclude(
            stored.id, _filed(mail, "a made-up complaint") | {"state": "complaint"}
        )
        log.info("synthetic_opened", synthetic=one.id, ref=case.complaint.ref)
        return Passed(case.complaint.ref, "synthetic")

    @staticmethod
    def _draft(stored: StoredMail, mail: InboundMail, why: str, deadline: Deadline) -> Complaint:
        facts = {"sender": mail.sender.email, "sha256": stored.sha256, "mailbox": stored.mailbox}
        return Complaint(
            id=0,
            ref="",
            mail_id=stored.id,
            kind=Kind.SYNTHETIC,
            status=Status.RECEIVED,
            version=0,
            body_id="",
            party="",
            body_name="Forthwith",
            body_verified=True,
            reference="",
            subject=mail.subject,
            language="en",
            received_at=stored.received_at,
            server_at=stored.server_at,
            header_at=mail.date,
            stored_at=stored.stored_at,
            **deadline.given(),
            why=why,
            evidence={"mail": facts},
        )

    async def _returned(self, repository: Repository, ours: Mapping[int, str]) -> dict[int, Passed]:
        """The forwards that are back, each once; a further copy is a notice of ours like any other."""
        notices = await repository.notices.by_message_id(sorted(set(ours.values())))
        forwards = {
            n.message_id: n.complaint_id
            for n in notices
            if n.kind is NoticeKind.FORWARD and n.complaint_id is not None
        }
        made_up = await repository.synthetic.of_complaints(set(forwards.values()))
        done: dict[int, Passed] = {}
        for mail_id, message_id in ours.items():
            one = made_up.get(forwards.get(message_id, 0))
            if one is None or one.returned_at is not None:
                continue
            await repository.synthetic.note(one.token, returned_at=self._clock(), problem="")
            log.info("synthetic_back", synthetic=one.id)
            values = {"state": "filed", "kind": Kind.SYNTHETIC.value, "why": "a made-up complaint is back"}
            await repository.mails.conclude(mail_id, values | {"evidence": {}, "message_id": message_id})
            done[mail_id] = Passed("", "synthetic, back")
        return done

    def _may_be_forward(self, mail: InboundMail) -> bool:
        is_notice = mail.header("X-Forthwith-Notice") == NoticeKind.FORWARD.value
        return is_notice and bool(mail.message_id) and mail.sender.email == self._address.lower()

    # --- the alarm ---------------------------------------------------------------------------

    async def watch(self) -> list[int]:
        """Tell managers and triage team of each one that has not come through in time, once.

        Returns:
            The ids of those that they are told of now.
        """
        now = self._clock()
        async with self._database.reading() as repository:
            silent = await repository.synthetic.silent(now - self._wait, to=self._to, returns=self._returns)
        told: list[int] = []
        for one in silent:
            async with self._database.writing() as repository:
                if await repository.synthetic.alarm(one.id, now):
                    drafts = [Draft(notice=notice) for notice in self._alarms(one)]
                    await repository.notices.write(drafts, now, self._policy.mail_domain)
                    told.append(one.id)
                    log.error("synthetic_lost", synthetic=one.id)
        return told

    def _alarms(self, one: Synthetic) -> list[NewNotice]:
        reached = [name for name, at in one.stations.items() if at is not None]
        facts = {
            "since": one.begun_at.isoformat(),
            "cause": f"it was {reached[-1]}, and no further" if reached else "it could not be sent",
            "problem": one.problem,
            "organisation": self._policy.organisation,
            "timezone": self._policy.timezone,
            "dashboard_url": self._policy.dashboard_url,
        }
        return [
            NewNotice(
                kind=NoticeKind.SYNTHETIC_LOST,
                recipient=person,
                dedupe_key=f"synthetic-lost:{one.id}:{person}",
                facts=facts,
            )
            for person in dict.fromkeys((*self._policy.managers, *self._policy.triage))
        ]

    async def newest(self, limit: int = 1) -> Sequence[Synthetic]:
        """The last ones, newest first."""
        async with self._database.reading() as repository:
            return await repository.synthetic.newest(limit)

    def through(self, one: Synthetic) -> datetime | None:
        """When it was all the way through; None: not yet."""
        return one.returned_at if self._returns else one.forwarded_at


def _filed(mail: InboundMail, why: str) -> dict[str, object]:
    return {
        "state": "filed",
        "kind": Kind.SYNTHETIC.value,
        "sender": mail.sender.email,
        "subject": mail.subject,
        "message_id": mail.message_id,
        "header_at": mail.date,
        "why": why,
        "evidence": {},
    }
