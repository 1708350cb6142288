"""What became of a complaint that waited for a person, in one line for whoever finds its run closed. Pure."""

from collections.abc import Mapping

from complaints.case import DESK
from complaints.lifecycle import TRANSITIONS, Event, Status
from complaints.model import LoggedEvent
from complaints.records import Story
from flows.form_fields import WHY_DISMISSED
from flows.words import customer, one_line

_DECIDES = frozenset(
    event
    for (status, event), after in TRANSITIONS.items()
    if status is Status.NEEDS_REVIEW and after is not status
)
_WORDS: Mapping[str, str] = {
    Event.PASSED_ON: "Passed on to the next of the customer's people",
    Event.KEY_FOUND: "Sent on once there was a key to encrypt it with",
    Event.HANDED_OVER: "Brought to the supplier manager by hand",
}
"""By Event, whose members are their own names."""


def how_settled(story: Story) -> str:
    """What was decided last, and by which way; empty where nothing was."""
    last = next((event for event in reversed(story.history) if event.name in _DECIDES), None)
    return f"{_what(last, story)}, {_by(last.actor)}." if last else ""


def _what(event: LoggedEvent, story: Story) -> str:
    if event.name == Event.ASSIGNED:
        given = str(event.data.get("customer", ""))
        one = story.complaint
        return f"Assigned to {customer(one) if given == one.customer_id else one_line(given)}"
    if event.name == Event.DISMISSED:
        why = event.data.get("why")
        # A command takes any words, which may name somebody: only those that a form offers are told (I9).
        return f"Dismissed ({why})" if why in WHY_DISMISSED else "Dismissed"
    return _WORDS.get(event.name, event.name.replace("_", " ").capitalize())


def _by(actor: str) -> str:
    if actor == DESK:
        return "by the desk itself"
    # Who writes by mail is known by an address, which stays in our store (I9).
    return "by mail" if "@" in actor else f"by {one_line(actor)} with a form or a command"
