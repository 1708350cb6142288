"""What a form says when it is done: what has become of the complaint, and what follows. Nobody is named (I9)."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from complaints.errors import NotAllowed
from complaints.lifecycle import Status
from complaints.model import Complaint
from flows.words import defused, instant, plain_reason


def assigned(one: Complaint, zone: ZoneInfo) -> str:
    """It was given to a customer."""
    return _joined(f"{one.ref} concerns {_customer(one)}.", _way(one), _due(one, zone))


def split(before: Sequence[Complaint], after: Sequence[Complaint], zone: ZoneInfo) -> str:
    """A letter was split between customers.

    Args:
        before: the complaints by the letter as they were.
        after: the same now.
        zone: in which times are told.

    Raises:
        NotAllowed: nothing has changed by it.
    """
    had = {(one.id, one.customer_id) for one in before}
    new = [one for one in after if (one.id, one.customer_id) not in had]
    kept = [one for one in after if one not in new]
    if not new:
        theirs = ", ".join(f"{one.ref} ({_customer(one)})" for one in kept)
        raise NotAllowed(f"each of these customers has a complaint by this letter already: {theirs}")
    return _joined(
        *(_joined(f"{one.ref} concerns {_customer(one)}.", _way(one), _due(one, zone)) for one in new),
        *(f"{one.ref} concerns {_customer(one)} as before." for one in kept),
    )


def extended(one: Complaint, zone: ZoneInfo) -> str:
    """The body's day was moved."""
    wanted = f"by {_day(one.respond_by)} now" if one.respond_by else "later"
    return _joined(
        f"The body wants its answer to {one.ref} {wanted}; reminders go by that day.",
        "The time to forward it stays as it is.",
        _due(one, zone),
    )


def resent(one: Complaint, zone: ZoneInfo) -> str:
    """The forward goes out once more."""
    return _joined(f"{one.ref}, of {_customer(one)}:", _way(one), _due(one, zone))


def acknowledged(one: Complaint, _: ZoneInfo) -> str:
    """The supplier manager has it."""
    answer = f"The body wants its answer by {_day(one.respond_by)}." if one.respond_by else ""
    return _joined(
        f"It is noted that the supplier manager has {one.ref}.",
        answer,
        "It stays open until it is noted as answered, or closed.",
    )


def answered(one: Complaint, _: ZoneInfo) -> str:
    """The body has its answer."""
    return _joined(
        f"It is noted that the body has its answer to {one.ref}; no reminder of it comes any more.",
        "Close it when nothing more is expected.",
    )


def dismissed(one: Complaint, _: ZoneInfo) -> str:
    """It is nothing to forward."""
    return f"{one.ref} is not forwarded, and its clock has stopped. Assigning it brings it back."


def paused(one: Complaint, zone: ZoneInfo) -> str:
    """Somebody looks after it."""
    until = f"until {instant(one.paused_until, zone)}" if one.paused_until else "no longer"
    return _joined(f"The alarms of {one.ref} wait {until}; no deadline waits with them.", _due(one, zone))


def resumed(one: Complaint, zone: ZoneInfo) -> str:
    """Its alarms go on."""
    return _joined(
        f"The alarms of {one.ref} go on; what has come meanwhile is told at once.", _due(one, zone)
    )


def held(one: Complaint, zone: ZoneInfo) -> str:
    """A legal hold lies on it."""
    return _joined(
        f"Nothing of {one.ref}, nor of others by its letter, goes to a customer until it is released.",
        "What was sent before is not called back." if one.forwarded_at else "",
        "Its clock runs on." if one.clock_runs else "",
        _due(one, zone),
    )


def released(one: Complaint, zone: ZoneInfo) -> str:
    """The hold was lifted."""
    way = "assign it, or resend it" if one.status is Status.NEEDS_REVIEW else "resend it where it is wanted"
    return _joined(f"The hold on {one.ref} is lifted. Nothing has gone out by that: {way}.", _due(one, zone))


def closed(one: Complaint, _: ZoneInfo) -> str:
    """Nothing more is expected."""
    return f"Nothing more is expected about {one.ref}; no alarm and no reminder of it comes any more."


def _customer(one: Complaint) -> str:
    return defused(one.customer_name) if one.customer_id else "nobody"


def _way(one: Complaint) -> str:
    """Whether it goes out, and to whom, by the part that they have."""
    if one.status is Status.FORWARDING:
        return f"It goes out at once, to {_reader(one)}."
    if one.status is Status.NEEDS_REVIEW:
        return f"It is not sent and waits for a person: {plain_reason(one.review_reason)}."
    return ""


def _reader(one: Complaint) -> str:
    return f"who stands in, since {one.standing_in}" if one.standing_in else "the supplier manager"


def _due(one: Complaint, zone: ZoneInfo) -> str:
    """By when the contract wants it; empty where its time runs no more."""
    if not one.clock_runs:
        return ""
    what, when = (
        "The confirmation" if one.until == "acknowledged" else "The forward",
        instant(one.due_at, zone),
    )
    return f"{what} was due {when}: it is late." if one.breached_at else f"{what} is due {when}."


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
