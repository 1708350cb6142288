"""Each customer's people are written to in their language and zone, and of nobody but them. On both databases."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from complaints.answering import AnswerDesk
from complaints.confirmation import Says
from complaints.customer_place import LANGUAGES
from complaints.model import Attachment, Body, Candidate, Customer, Evidence, Matched
from complaints.outbox import Notice, NoticeKind
from complaints.store.database import Database
from config.bootstrap import open_app
from config.ladder import load_ladder
from config.settings import load_settings
from flows.up import _tell_of_templates
from notifiers.compose import compose
from notifiers.language import language
from tests.conftest import SteppedClock
from tests.desks import ACME, SWIFT, DeskAtWork, a_policy, ambiguous, matched
from tests.unit.test_compose import VOICE, body, flat, read

GERMAN = replace(SWIFT, country="DE", deputies=("dora@swift.example",))
LETTER = b"Subject: letter 1\r\n\r\nwords\r\n"
EARLY = "rungs: [{name: half, at: 50%, tell: [triage, deputy]}, {name: over, at: 100%, tell: [managers, deputy]}]\n"


@pytest.fixture
async def at_work(database: Database, clock: SteppedClock) -> DeskAtWork:
    desk = DeskAtWork(database, clock)
    await desk.take_customers(ACME, GERMAN)
    return desk


def forwards(notices: list[Notice]) -> list[Notice]:
    return [one for one in notices if one.kind is NoticeKind.FORWARD]


def named(customer: Customer, *others: Customer) -> Matched:
    """A letter that names a customer and, in vain, others."""
    candidates = [
        Candidate(
            customer=one,
            score=0.9,
            evidence=(
                Evidence(what="full name", found=one.name, where="body", weight=0.9),
                Evidence(what="name, excluded", found="not meant", where="body", weight=-0.6),
            ),
        )
        for one in (customer, *others)
    ]
    return replace(matched(customer), candidates=tuple(candidates))


async def test_a_german_customer_is_written_to_in_german_and_in_berlin_s_time(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(named(GERMAN), language="en")
    assert (complaint.customer_language, complaint.customer_timezone) == ("de", "Europe/Berlin")
    [forward] = forwards(await at_work.sent())
    message = compose(forward, VOICE, LETTER)
    text = flat(body(message))
    assert read(message)["Subject"].startswith("[FW-1001] Beschwerde zu Swift GmbH")
    assert "(Europe/Berlin; " in text
    assert "Europe/London" not in text
    assert "nennt einen unserer Kunden, nämlich Sie, und keinen anderen: - voller Name: Swift GmbH" in text
    assert "not meant" not in text
    assert "Sprache Englisch" in text


async def test_the_register_s_language_wins_and_a_new_one_counts_from_the_next_forward(
    at_work: DeskAtWork,
) -> None:
    complaint = await at_work.letter(matched(GERMAN))
    await at_work.sent()
    await at_work.take_customers(replace(GERMAN, language="fr"))
    at_work.clock.step(minutes=5)
    await at_work.desk.resend(complaint.ref, actor="ann")
    [forward] = forwards(await at_work.sent())
    assert 'lang="fr"' in body(compose(forward, VOICE, LETTER), "html")


async def test_alerts_speak_the_customer_s_language_to_theirs_and_english_to_ours(
    database: Database, clock: SteppedClock, tmp_path: Path
) -> None:
    (tmp_path / "ladder.yaml").write_text(EARLY)
    at_work = DeskAtWork(database, clock, a_policy(ladder=load_ladder(tmp_path / "ladder.yaml")))
    await at_work.take_customers(ACME, GERMAN)
    await at_work.letter(named(GERMAN))
    clock.step(hours=5)
    await at_work.desk.escalate()
    told = {
        one.recipient: one
        for one in await at_work.desk.outbox.claim(100)
        if one.kind is not NoticeKind.FORWARD
    }
    assert {one.split("@")[0] for one in told} == {"boss", "triage", "dora"}
    texts = {who.split("@")[0]: flat(body(compose(one, VOICE, None))) for who, one in told.items()}
    assert "Die vereinbarte Zeit endete:" in texts["dora"]
    assert "forthwith" not in texts["dora"]
    assert "forthwith show FW-1001" in texts["boss"]
    assert "(Europe/London; " in texts["boss"]


HESSE = Body(
    id="de-he",
    name="Der Hessische Beauftragte für Datenschutz",
    name_en="Hesse DPA; since 1970",
    domains=("datenschutz.hessen.de",),
)


@pytest.mark.parametrize("code", LANGUAGES)
async def test_an_authority_goes_by_its_own_name_but_for_who_reads_english(
    at_work: DeskAtWork, code: str
) -> None:
    await at_work.take_customers(replace(GERMAN, language=code))
    claims = Evidence(what="claims to be", found=f"{HESSE.title} (its name)", where="From")
    complaint = await at_work.letter(matched(GERMAN), body=HESSE, evidence=(claims,))
    assert complaint.body_name == "Der Hessische Beauftragte für Datenschutz (Hesse DPA)"
    [forward] = forwards(await at_work.sent())
    message = compose(forward, VOICE, LETTER)
    for text in (read(message)["Subject"], flat(body(message)), body(message, "html")):
        assert "Der Hessische Beauftragte für Datenschutz" in text
        assert ("Hesse DPA" in text) is (code == "en")


@pytest.mark.parametrize("code", LANGUAGES)
async def test_i2_what_a_customer_gets_names_no_other_candidate(
    at_work: DeskAtWork, code: str, tmp_path: Path
) -> None:
    await at_work.take_customers(replace(GERMAN, language=code))
    undecided = named(ACME, GERMAN)
    complaint = await at_work.letter(
        replace(ambiguous(ACME, GERMAN), candidates=undecided.candidates, why="Acme Ltd or Swift GmbH")
    )
    await at_work.sent()
    await at_work.desk.assign(complaint.ref, "swift", actor="ann")
    [forward] = forwards(await at_work.sent())
    _names_acme_nowhere(forward)
    assert flat(body(compose(forward, VOICE, LETTER))).count("Swift GmbH") >= 2


@pytest.mark.parametrize("code", LANGUAGES)
async def test_i2_who_gets_what_another_sent_back_does_not_learn_of_them(
    at_work: DeskAtWork, code: str
) -> None:
    await at_work.take_customers(replace(GERMAN, language=code))
    complaint = await at_work.letter(named(ACME, GERMAN))
    [first] = forwards(await at_work.sent())
    answers = AnswerDesk(at_work.database, at_work.policy, at_work.clock, frozenset())
    await answers.replied(first, "ada@acme.example", Says.NOT_THEIRS)
    assert "Acme Ltd sent it back" in (await at_work.records.show(complaint.ref)).complaint.why
    await at_work.desk.assign(complaint.ref, "swift", actor="ann")
    at_work.clock.step(hours=30)
    await at_work.desk.escalate()
    theirs = [one for one in await at_work.desk.outbox.claim(100) if "@swift.example" in one.recipient]
    assert {one.kind for one in theirs} > {NoticeKind.FORWARD}
    for notice in theirs:
        _names_acme_nowhere(notice)


TWO_NAMED = {
    "subject": "Complaints about ACME Limited and Swift GmbH",
    "attachments": (
        Attachment(name="Acme Ltd - payroll.txt", content_type="text/plain", size=1500),
        Attachment(name="Swift.pdf", content_type="application/pdf", size=1500),
    ),
}
ASKS = {
    "asked": ("What does Acme keep?", "Since when do you process them?"),
    "respond_by": date(2026, 12, 18),
    "respond_by_quote": "Acme Ltd and Swift GmbH answer by 18 December 2026",
}


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("octets", [0, 90_000_000])
async def test_i2_after_a_split_nobody_s_note_quotes_what_names_the_other(
    at_work: DeskAtWork, code: str, octets: int
) -> None:
    await at_work.take_customers(replace(GERMAN, language=code))
    letter = await at_work.letter(
        ambiguous(ACME, GERMAN), mail=TWO_NAMED, language="en", age=timedelta(hours=3), **ASKS
    )
    await at_work.desk.split(letter.ref, ["acme", "swift"], actor="ann")
    notices = await at_work.desk.outbox.claim(100)
    [forward] = [one for one in notices if one.recipient == "sue@swift.example"]
    notice = replace(forward, kind=NoticeKind.WITHHELD) if octets else forward
    _names_acme_nowhere(notice)
    text = flat(body(compose(notice, VOICE, LETTER)))
    assert "Swift.pdf" in text
    say = language(code).say
    assert text.count(say("letter.left_out")) == 2  # the subject, and the name of one file
    if not octets:
        assert "Since when do you process them?" in text
        assert say("asked.more") in text
        assert say("answer.in_letter") in text


async def test_i2_a_reminder_quotes_nothing_that_names_another(
    database: Database, clock: SteppedClock, tmp_path: Path
) -> None:
    (tmp_path / "ladder.yaml").write_text(
        "rungs: [{name: over, at: 100%, tell: [managers]}]\nanswer: [{name: soon, at: -17d, tell: [manager]}]\n"
    )
    at_work = DeskAtWork(database, clock, a_policy(ladder=load_ladder(tmp_path / "ladder.yaml")))
    await at_work.take_customers(ACME, GERMAN)
    letter = await at_work.letter(ambiguous(ACME, GERMAN), mail=TWO_NAMED, **ASKS)
    await at_work.desk.split(letter.ref, ["swift", "acme"], actor="ann")
    await at_work.sent()
    clock.step(days=11)
    await at_work.desk.escalate()
    [reminder] = [one for one in await at_work.sent() if one.recipient == "sue@swift.example"]
    assert reminder.kind is NoticeKind.ANSWER_DUE
    _names_acme_nowhere(reminder)
    text = flat(body(compose(reminder, VOICE, None)))
    assert language("de").say("answer.in_letter") in text
    assert "18. Dezember 2026" in text


async def test_i2_whom_a_person_alone_named_in_a_split_is_left_out_too(at_work: DeskAtWork) -> None:
    letter = await at_work.letter(matched(ACME), mail=TWO_NAMED)
    await at_work.sent()
    await at_work.desk.split(letter.ref, ["swift"], actor="ann")
    [theirs] = forwards(await at_work.sent())
    _names_acme_nowhere(theirs)
    await at_work.desk.resend(letter.ref, actor="ann")
    [ours] = forwards(await at_work.sent())
    assert ours.recipient == "ada@acme.example"
    assert "swift" not in json.dumps(ours.facts).casefold()


def _names_acme_nowhere(notice: Notice) -> None:
    message = compose(notice, VOICE, LETTER)
    for text in (json.dumps(notice.facts), body(message), body(message, "html"), read(message)["Subject"]):
        assert "acme" not in text.casefold()


async def test_a_complaint_of_before_says_neither_that_a_person_nor_that_the_engine_chose(
    at_work: DeskAtWork,
) -> None:
    await at_work.letter(named(GERMAN), age=timedelta(0))
    [forward] = forwards(await at_work.sent())
    before = replace(forward, facts={**forward.facts, "chosen_by": ""})
    assert "Es wurde Ihnen zugeordnet." in flat(body(compose(before, VOICE, LETTER)))


async def test_a_broken_template_is_told_at_start_to_who_starts_it_and_once_to_the_managers(
    tmp_path: Path, clock: SteppedClock
) -> None:
    broken = tmp_path / "own/forward/de/body.txt"
    broken.parent.mkdir(parents=True)
    broken.write_text("eins\n{{ custmer }}\n")
    settings = load_settings(
        data_dir=tmp_path / "var", templates_dir=tmp_path / "own", managers=("boss@msp.example",)
    )
    said: list[str] = []
    async with open_app(settings, clock) as app:
        for _ in range(2):
            await _tell_of_templates(app, said.append)
        [alarm] = await app.desk.outbox.claim(10)
    assert said[0].startswith("Template not used, ours stands in for it: ")
    assert f"{broken}, line 2: there is no 'custmer'; did you mean customer?" in said[0]
    assert (alarm.kind, alarm.recipient) == (NoticeKind.ARRANGEMENTS, "boss@msp.example")
    assert "line 2: there is no" in flat(body(compose(alarm, app.voice, None)))
