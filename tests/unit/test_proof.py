"""The ladder of evidence of a forward."""

from datetime import UTC, datetime, timedelta
from typing import Any

from complaints.lifecycle import Event
from complaints.model import LoggedEvent
from complaints.outbox import Notice, NoticeKind, NoticeState
from complaints.proof import Step, ladders_of
from tests.desk_fake import a_complaint

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
COMPLAINT = a_complaint(manager_email="ada@acme.example", deputy_email="dan@acme.example")


RECEIPT = {
    "relay": "smtp.msp.example:587",
    "dsn_asked": True,
    "tls": {"version": "TLSv1.3", "certificate_name": "smtp.msp.example", "not_after": "2027-01-01"},
}


def forward(number: int = 1, recipient: str = "ada@acme.example") -> Notice:
    return Notice(
        id=number,
        kind=NoticeKind.FORWARD,
        complaint_id=1,
        ref="FW-1001",
        recipient=recipient,
        message_id=f"<{number}@msp.example>",
        dedupe_key=str(number),
        state=NoticeState.SENT,
        created_at=AT + timedelta(minutes=number),
        next_attempt_at=AT,
    )


def history(*events: tuple[Event, int, dict[str, Any]]) -> list[LoggedEvent]:
    return [
        LoggedEvent(
            complaint_id=1,
            seq=seq,
            at=AT + timedelta(minutes=at),
            name=name.value,
            actor="pat",
            data=data,
            previous_hash="",
            hash="",
        )
        for seq, (name, at, data) in enumerate(events, 1)
    ]


def test_the_relays_receipt_stands_beside_its_acceptance() -> None:
    said = {"message_id": "<1@msp.example>", "reply": "250 Ok", "queue_id": "Q1", "receipt": RECEIPT}
    [ladder] = ladders_of(COMPLAINT, history((Event.FORWARDED, 2, said)), [forward()])
    assert ladder.steps[-1].words == "250 Ok"
    assert ladder.steps[-1].details == {
        "queue_id": "Q1",
        "relay": "smtp.msp.example:587",
        "TLS": "TLSv1.3",
        "certificate": "smtp.msp.example",
        "valid until": "2027-01-01",
        "reports asked for": "yes",
    }


def test_of_a_refusal_it_is_told_which_relay_it_was_and_all_that_it_said() -> None:
    receipt = RECEIPT | {"reply": ["451-4.7.1 slow", "451 4.7.1 down"]}
    refused = {"message_id": "<1@msp.example>", "reply": "451 4.7.1 slow", "try": 1, "receipt": receipt}
    [ladder] = ladders_of(COMPLAINT, history((Event.DELIVERY_DELAYED, 2, refused)), [forward()])
    assert ladder.steps[-1].details == {
        "try": "1",
        "relay": "smtp.msp.example:587",
        "whole reply": "451-4.7.1 slow / 451 4.7.1 down",
    }


def test_that_no_reports_could_be_asked_for_is_told() -> None:
    said = {"message_id": "<1@msp.example>", "reply": "250 Ok", "receipt": {"dsn_asked": False}}
    [ladder] = ladders_of(COMPLAINT, history((Event.FORWARDED, 2, said)), [forward()])
    assert ladder.steps[-1].details == {"reports asked for": "no, the relay takes no such wish"}


def test_without_a_receipt_the_reply_alone_is_shown() -> None:
    accepted = (Event.FORWARDED, 2, {"message_id": "<1@msp.example>", "reply": "250 Ok", "queue_id": "Q1"})
    [ladder] = ladders_of(COMPLAINT, history(accepted), [forward()])
    assert ladder.steps[-1].details == {"queue_id": "Q1"}


def test_each_try_is_a_step_and_each_forward_has_its_own_ladder() -> None:
    first, second = "<1@msp.example>", "<2@msp.example>"
    events = history(
        (Event.DELIVERY_DELAYED, 1, {"message_id": first, "reply": "451 greylisted", "try": 1}),
        (Event.FORWARDED, 2, {"message_id": first, "reply": "250 Ok"}),
        (Event.BOUNCED, 3, {"message_id": first, "reply": "550 unknown", "status": "5.1.1"}),
        (Event.FORWARDED, 4, {"message_id": second, "reply": "250 Ok"}),
        (Event.READ, 5, {"message_id": second, "disposition": "displayed"}),
        (Event.ACKNOWLEDGED, 6, {}),
    )
    found = ladders_of(COMPLAINT, events, [forward(), forward(2, "dan@acme.example")])
    assert [(one.to, one.stands) for one in found] == [
        ("supplier manager", Step.BOUNCED),
        ("deputy", Step.ACKNOWLEDGED),
    ]
    assert [step.step for step in found[0].steps] == [Step.QUEUED, Step.TRIED, Step.ACCEPTED, Step.BOUNCED]
    assert found[1].steps[-1].details == {"by": "a person's note", "who": "pat"}


def test_a_read_receipt_says_nothing_of_how_a_forward_stands() -> None:
    named = {"message_id": "<1@msp.example>"}
    events = history((Event.FORWARDED, 2, named), (Event.READ, 3, named), (Event.AUTO_REPLIED, 4, named))
    [ladder] = ladders_of(COMPLAINT, events, [forward()])
    assert ladder.stands is Step.ACCEPTED
