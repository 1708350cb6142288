"""Why a step is not allowed, as people read it in a terminal and on the forms."""

from itertools import product

import pytest

from complaints.errors import NotAllowed
from complaints.lifecycle import NOTES, TRANSITIONS, Event, Status, advance


@pytest.mark.parametrize(
    ("status", "event", "words"),
    [
        (
            Status.NEEDS_REVIEW,
            Event.ACKNOWLEDGED,
            "a complaint that waits for a person cannot be acknowledged yet",
        ),
        (Status.RECEIVED, Event.DISMISSED, "a complaint that has only just come in cannot be dismissed yet"),
        (Status.FORWARDING, Event.CLOSED, "a complaint that is being forwarded cannot be closed yet"),
        (
            Status.FORWARDING,
            Event.DISMISSED,
            "a complaint that is being forwarded cannot be dismissed any more",
        ),
        (
            Status.ACKNOWLEDGED,
            Event.ACKNOWLEDGED,
            "a complaint that is acknowledged cannot be acknowledged again",
        ),
        (Status.CLOSED, Event.RESENT, "a complaint that is closed cannot be resent any more"),
        (
            Status.FORWARDED,
            Event.ASSIGNED,
            "a complaint that is forwarded cannot be assigned any more; a split gives it to a further customer",
        ),
        (
            Status.NEEDS_REVIEW,
            Event.RESENT,
            "a complaint that waits for a person cannot be resent yet; assign it to a customer",
        ),
        (
            Status.DISMISSED,
            Event.CLOSED,
            "a complaint that is dismissed cannot be closed any more; assigning it brings it back",
        ),
    ],
)
def test_a_step_that_is_not_allowed_is_refused_in_words(status: Status, event: Event, words: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        advance(status, event)
    assert str(refused.value) == words


def test_no_refusal_shows_a_mark_of_the_record() -> None:
    for status, event in product(Status, set(Event) - NOTES):
        if (status, event) not in TRANSITIONS:
            with pytest.raises(NotAllowed) as refused:
                advance(status, event)
            assert "_" not in str(refused.value)
