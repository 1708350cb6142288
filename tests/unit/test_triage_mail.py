"""What the triage team's mails ask of them: the true reason, and the commands that settle it."""

from datetime import timedelta
from typing import Any

import pytest

from complaints.facts import facts_of_complaint
from complaints.lifecycle import Status
from complaints.outbox import NoticeKind
from complaints.reasons import in_words
from notifiers.compose import brief, compose
from tests.desk_fake import a_complaint
from tests.unit.test_compose import TWO, VOICE, body, flat, notice, read

NOBODYS = {"customer": "", "customer_id": "", "manager_name": ""}
THREE = [*TWO, {"id": "third", "name": "Third", "score": 0.3, "evidence": []}]


def asked(mark: str, **facts: Any) -> tuple[str, str, str]:
    """A review's subject, text and HTML, each on one line."""
    said = {"candidates": TWO, "mark": mark, "reason": in_words(mark)} | facts
    message = compose(notice(NoticeKind.REVIEW, **said), VOICE, None)
    return str(read(message)["Subject"]), flat(body(message)), flat(body(message, "html"))


@pytest.mark.parametrize(
    ("mark", "matter", "command"),
    [
        (
            "no manager on file",
            "nobody at Hibernia Credit Union can be written to, for no supplier manager is on file",
            "forthwith customers import FILE",
        ),
        (
            "everybody is away",
            "everybody at Hibernia Credit Union who could read it is away",
            "forthwith customers back ADDRESS",
        ),
        (
            "encryption key expired",
            "it cannot be encrypted for Hibernia Credit Union (encryption key expired)",
            "forthwith doctor",
        ),
        ("bounced", "the forward to Hibernia Credit Union came back", "forthwith customers import FILE"),
        ("refused", "the forward to Hibernia Credit Union was refused", "forthwith customers import FILE"),
        (
            "too big to mail",
            "it is too big to be mailed to Hibernia Credit Union",
            "forthwith show FW-1001 --original letter.eml",
        ),
        ("on hold", "a legal hold lies on it", "forthwith release FW-1001"),
    ],
)
def test_where_it_is_clear_whose_it_is_the_mail_says_what_is_in_its_way(
    mark: str, matter: str, command: str
) -> None:
    subject, text, html = asked(mark, hold="an order" if mark == "on hold" else "")
    assert subject.endswith(f"00:40 IST: {matter}")
    for said in (text, html):
        assert f"It is clear whose this letter is, Hibernia Credit Union's; {matter}." in said.replace(
            "&#39;", "'"
        )
        assert command in said
        assert "may be meant" not in said.lower()
        assert "Other Customer" not in said
        assert "split" not in said
    assert "which customer" not in subject


@pytest.mark.parametrize(
    ("mark", "matter"),
    [
        ("ambiguous", "which customer is meant"),
        ("unmatched", "a letter that could not be assigned"),
        ("suspicious", "it may be forged"),
        ("sender not verified", "its sender is not verified"),
        ("papers not read", "papers of it could not be read"),
        ("no longer a customer", "it names somebody who is no customer any more"),
    ],
)
def test_where_it_is_not_the_mail_says_what_is_to_be_decided(mark: str, matter: str) -> None:
    subject, text, _ = asked(mark, **NOBODYS)
    assert subject == f"[FW-1001] Please decide by 5 July, 00:40 IST: {matter}"
    assert "WHO MAY BE MEANT 1. Hibernia Credit Union" in text
    assert (
        f"WHY YOU ARE ASKED {in_words(mark)[:1].upper()}{in_words(mark)[1:]}. One customer is named." in text
    )


@pytest.mark.parametrize("candidates", [TWO, THREE])
def test_a_letter_that_names_several_can_be_split_between_them(candidates: list[dict[str, Any]]) -> None:
    _, text, html = asked("ambiguous", candidates=candidates, **NOBODYS)
    command = "forthwith split FW-1001 hibernia 'other one'"
    assert command in text
    assert command in html.replace("&#39;", "'")
    assert "split" not in asked("ambiguous", candidates=TWO[:1], **NOBODYS)[1]


@pytest.mark.parametrize("kind", [NoticeKind.WARNING, NoticeKind.BREACH, NoticeKind.REMINDER])
def test_an_alarm_offers_the_split_and_the_way_round_too(kind: NoticeKind) -> None:
    several = compose(notice(kind, mark="ambiguous", **NOBODYS), VOICE, None)
    assert "forthwith split FW-1001 CUSTOMER CUSTOMER" in flat(body(several))
    assert "forthwith split FW-1001 CUSTOMER CUSTOMER" in flat(body(several, "html"))
    nobody = compose(notice(kind, mark="no manager on file"), VOICE, None)
    assert "forthwith customers import FILE" in body(nobody)
    assert "forthwith doctor" not in body(nobody)


def test_who_gave_it_back_is_not_proposed_again() -> None:
    subject, text, _ = asked("sent back")
    assert subject.endswith("Hibernia Credit Union says that it is not theirs")
    assert "forthwith assign FW-1001 hibernia" not in text
    assert "forthwith assign FW-1001 'other one'" in text
    assert "split" not in text


@pytest.mark.parametrize(
    ("hours", "words"), [(23, "1 h was left"), (22, "2 h were left"), (22.5, "1 h 30 min were left")]
)
@pytest.mark.parametrize(
    "kind", [NoticeKind.REVIEW, NoticeKind.WARNING, NoticeKind.KEY_LACKING, NoticeKind.DELIVERY_FAILED]
)
def test_one_hour_was_left_and_two_were(kind: NoticeKind, hours: float, words: str) -> None:
    message = compose(notice(kind, hours=hours), VOICE, None)
    assert words in flat(body(message))
    assert words in flat(body(message, "html"))


def test_a_held_letter_s_words_are_shown_as_words() -> None:
    nasty = "the letter forbids telling the customer: <script>alert(1)</script>"
    *_, html = asked("on hold", hold=nasty, reason=nasty, why=nasty, problem=nasty, customer="<b>x</b>")
    assert "<script" not in html
    assert "<b>" not in html
    assert html.count("&lt;script&gt;") == 4


def test_a_chat_hears_the_reason_too() -> None:
    told = brief(notice(NoticeKind.REVIEW, mark="no manager on file", reason="no manager on file"), VOICE)
    assert "no supplier manager is on file" in told.title


def test_the_mark_is_told_while_a_person_is_asked_and_no_longer() -> None:
    def waiting(status: Status) -> tuple[str, str]:
        complaint = a_complaint(status=status, review_reason="bounced")
        facts = facts_of_complaint(complaint, organisation="", timezone="UTC", dashboard_url="")
        return facts["mark"], facts["reason"]

    assert waiting(Status.NEEDS_REVIEW) == ("bounced", "the forward came back")
    assert waiting(Status.FORWARDED) == ("", "")


def test_a_length_of_time_in_one_unit_alone_is_one() -> None:
    message = compose(
        notice(NoticeKind.REVIEW, hours=24 - timedelta(seconds=1) / timedelta(hours=1)), VOICE, None
    )
    assert "1 s was left" in flat(body(message))


def test_a_command_and_its_colon_stay_together() -> None:
    *_, html = asked("ambiguous", **NOBODYS)
    assert "</code>: where it stands" in html
    assert "</code> :" not in html
