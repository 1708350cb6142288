"""Whoever is written to is greeted and told what is true for them. On both databases."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from complaints import drafting
from complaints.absences import Absence
from complaints.answering import AnswerDesk
from complaints.confidential import KeyFault
from complaints.confirmation import Says
from complaints.customer_place import LANGUAGES
from complaints.outbox import Notice, NoticeKind, Verdict
from complaints.store.database import Database
from complaints.store.notices import Draft
from config.ladder import load_ladder
from notifiers.compose import compose
from notifiers.language import language
from notifiers.sample import sample
from tests.conftest import SteppedClock
from tests.desks import ACME, TRIAGE, DeskAtWork, a_policy, matched
from tests.unit.test_compose import VOICE, body, flat, read

ADA, DAN = "ada@acme.example", "dan@acme.example"
LADDER = """\
rungs:
  - {name: half, at: 50%, tell: [triage, deputy, ada@acme.example]}
  - {name: over, at: 100%, tell: [triage, deputy, ada@acme.example]}
acknowledgement: [{name: no word yet, at: +1d, tell: [triage, deputy, manager]}]
answer: [{name: soon, at: -2d, tell: [triage, deputy, manager]}]
"""


class KeysOf:
    """The keys of some people."""

    def __init__(self, *people: str) -> None:
        self.people = set(people)

    def fault(self, address: str, now: object) -> KeyFault | None:
        return None if address in self.people else KeyFault.MISSING


async def desk(database: Database, clock: SteppedClock, tmp_path: Path, **policy: Any) -> DeskAtWork:
    (tmp_path / "ladder.yaml").write_text(LADDER)
    return DeskAtWork(database, clock, a_policy(ladder=load_ladder(tmp_path / "ladder.yaml"), **policy))


@pytest.fixture
async def work(database: Database, clock: SteppedClock, tmp_path: Path) -> DeskAtWork:
    at_work = await desk(database, clock, tmp_path)
    await at_work.take_customers(ACME)
    return at_work


async def away(work: DeskAtWork, person: str) -> None:
    async with work.database.writing() as repository:
        await repository.absences.note(
            Absence(
                email=person,
                first_day=date(2026, 1, 1),
                last_day=date(2027, 1, 4),
                noted_at=work.clock(),
                noted_by="pat",
            )
        )


def addressed_to(person: str) -> Notice:
    """A forward to somebody."""
    return replace(sample(NoticeKind.FORWARD), recipient=person)


async def alerts(work: DeskAtWork, **by: float) -> dict[str, Notice]:
    """What a ladder tells next, by who is told; forwards stay where they are."""
    work.clock.step(**by)
    await work.desk.escalate()
    return {
        one.recipient: one
        for one in await work.desk.outbox.claim(100)
        if one.kind
        in (NoticeKind.WARNING, NoticeKind.BREACH, NoticeKind.UNACKNOWLEDGED, NoticeKind.ANSWER_DUE)
    }


def told(notice: Notice) -> str:
    message = compose(notice, VOICE, None)
    return f"{read(message)['Subject']} | {flat(body(message))}"


async def test_a_deputy_is_not_taken_for_the_manager_who_reads(work: DeskAtWork) -> None:
    await work.letter(matched(ACME))
    found = await alerts(work, hours=13)
    dan, ada = told(found[DAN]), told(found[ADA])
    assert "Dear colleague, You are told this as a deputy." in dan
    assert "has not gone out to Ada Acme yet" in dan
    assert "the letter goes to Ada Acme by mail of its own" in dan
    assert " to you" not in dan
    assert "Dear Ada Acme, Information Commissioner's Office has written" in ada
    assert "has not gone out to you yet" in ada


async def test_who_stands_in_is_told_that_it_comes_to_them(work: DeskAtWork) -> None:
    await away(work, ADA)
    await work.letter(matched(ACME))
    dan = told((await alerts(work, hours=13))[DAN])
    assert "Dear colleague, You receive this in place of Ada Acme: the supplier manager is away until" in dan
    assert "has not gone out to you yet" in dan


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("day", [None, date(2026, 12, 18)])
async def test_after_the_forward_each_is_told_of_their_own_part(
    work: DeskAtWork, code: str, day: date | None
) -> None:
    row = replace(ACME, language=code)
    await work.take_customers(row)
    await work.letter(matched(row), respond_by=day)
    await work.sent()
    days = 1 if day is None else (day - work.clock().date()).days - 1
    found = await alerts(work, days=days)

    def say(key: str, **values: object) -> str:
        return flat(language(code).say(key, **values))

    dan, ada = told(found[DAN]), told(found[ADA])
    assert say("note.greeting_anybody") in dan
    assert say("note.greeting", name="Ada Acme") in ada
    assert say("standing_in.informed") in dan
    assert "Ada Acme" in dan
    if day is None:
        assert say("unacknowledged.missing_other") in dan
        assert say("unacknowledged.missing") in ada
    else:
        assert say("answer_due.have_other", manager="Ada Acme", ref="FW-1001") in dan
        assert say("answer_due.have", ref="FW-1001") in ada


# --- what the customer's people can mend ------------------------------------------------------------


async def test_while_a_key_is_missing_they_are_asked_for_it(
    database: Database, clock: SteppedClock, tmp_path: Path
) -> None:
    work = await desk(database, clock, tmp_path, keys=KeysOf())
    row = replace(ACME, encryption="required")
    await work.take_customers(row)
    await work.letter(matched(row))
    for person, text in {p: told(n) for p, n in (await alerts(work, hours=13)).items()}.items():
        if person != TRIAGE:
            assert "need do nothing" not in text
            assert "we hold no key of ada@acme.example that can be used" in text


async def test_when_nobody_is_left_to_write_to_they_are_asked_whom(work: DeskAtWork) -> None:
    alone = replace(ACME, deputies=())
    await work.take_customers(alone)
    await work.letter(matched(alone))
    await work.sent(Verdict.PERMANENT, "550 5.1.1 no such user")
    text = told((await alerts(work, hours=13))[ADA])
    assert "need do nothing" not in text
    assert "Our mail to ada@acme.example did not get through." in text


async def test_of_what_they_gave_back_nothing_is_late_for_them(work: DeskAtWork) -> None:
    await work.letter(matched(ACME))
    [forward] = [one for one in await work.sent() if one.kind is NoticeKind.FORWARD]
    answers = AnswerDesk(work.database, work.policy, work.clock, frozenset())
    await answers.replied(forward, ADA, Says.NOT_THEIRS)
    text = told((await alerts(work, hours=25))[DAN])
    assert "Somebody of yours has given it back to us." in text
    assert "sorry" not in text


# --- what may go in the clear -----------------------------------------------------------------------


@pytest.mark.parametrize("since", ["before", "after"])
@pytest.mark.parametrize("code", LANGUAGES)
async def test_in_the_clear_an_alert_names_neither_the_authority_nor_its_number(
    database: Database, clock: SteppedClock, tmp_path: Path, code: str, since: str
) -> None:
    keys = KeysOf(ADA)
    work = await desk(database, clock, tmp_path, keys=keys)
    strict = replace(ACME, encryption="required", language=code)
    row = strict if since == "before" else replace(strict, encryption="none")
    await work.take_customers(row)
    mail = {"subject": "Payroll"}
    await work.letter(matched(row), mail=mail, respond_by=date(2026, 12, 18), respond_by_quote="by the 18th")
    await work.sent()
    await work.take_customers(strict)
    found = await alerts(work, days=1) | await alerts(work, days=(date(2026, 12, 17) - clock().date()).days)
    message = compose(found[DAN], VOICE, None)
    assert found[DAN].kind is NoticeKind.ANSWER_DUE
    for words in ("Information Commissioner", "IC-1-A1B2", "Payroll", "by the 18th", "ico.org.uk"):
        assert words not in f"{read(message)['Subject']} {body(message)} {body(message, 'html')}"
    text = told(found[DAN])
    assert "[FW-1001]" in text
    assert language(code).say("note.unnamed") in text
    assert language(code).say("letter.not_established") not in text
    # What is sealed tells it.
    assert "IC-1-A1B2" in told(found[ADA])


async def test_without_such_a_contract_an_alert_names_them(work: DeskAtWork) -> None:
    await work.letter(matched(ACME))
    dan = told((await alerts(work, hours=13))[DAN])
    assert "(Information Commissioner's Office)" in dan
    assert "IC-1-A1B2" in dan


# --- what our own people are told to do -------------------------------------------------------------


async def test_our_own_people_are_told_who_reads_today(work: DeskAtWork) -> None:
    await work.letter(matched(ACME), respond_by=date(2026, 12, 18))
    await work.sent()
    await away(work, ADA)
    text = told((await alerts(work, days=1))[TRIAGE])
    who = "dan@acme.example (who reads today; it went to the supplier manager (Ada Acme): the supplier manager is away until 2027-01-04)"
    assert f"Ask {who}, by telephone say." in text
    assert "Read by: dan@acme.example, since the supplier manager is away until 2027-01-04" in text
    days = (date(2026, 12, 17) - work.clock().date()).days
    assert f"Ask {who} how far the answer is." in told((await alerts(work, days=days))[TRIAGE])


async def test_whom_it_went_to_in_the_manager_s_place_is_named(work: DeskAtWork) -> None:
    await away(work, ADA)
    row = replace(ACME, sla="24h; until acknowledged")
    await work.take_customers(row)
    await work.letter(matched(row), age=timedelta(hours=1))
    await work.sent()
    text = told((await alerts(work, hours=23.5))[TRIAGE])
    who = "dan@acme.example (in place of the supplier manager (Ada Acme): the supplier manager is away until 2027-01-04)"
    assert f"it was sent, so ask {who} whether it is there" in text


@pytest.mark.parametrize("code", LANGUAGES)
async def test_a_letter_s_words_do_not_go_in_the_clear_once_the_contract_asks_for_encryption(
    database: Database, clock: SteppedClock, tmp_path: Path, code: str
) -> None:
    work = await desk(database, clock, tmp_path, keys=KeysOf())
    row = replace(ACME, language=code)
    await work.take_customers(row)
    complaint = await work.letter(matched(row))
    async with work.database.writing() as repository:
        drafts = drafting.withheld(work.policy, complaint, addressed_to(ADA), 90_000_000)
        await repository.notices.write(
            [Draft(notice=one, complaint=complaint) for one in drafts], clock(), "msp.example"
        )
    await work.take_customers(replace(row, encryption="required"))
    [note] = [one for one in await work.desk.outbox.claim(100) if one.kind is NoticeKind.WITHHELD]
    message = read(compose(note, VOICE, b"Subject: letter 1\r\n\r\nthe words themselves\r\n"))
    assert [*message.iter_attachments()] == []
    assert "the words themselves" not in message.as_string()
    assert language(code).say("withheld.words") not in flat(body(message.as_bytes()))
