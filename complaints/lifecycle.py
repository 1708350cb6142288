"""What may follow what in the life of a complaint: the only place that says so.

::

    received -> matched -> forwarding -> forwarded -> acknowledged -> answered -> closed
       |           ^           |             |
       | no one fit| assign    | permanent   | bounce
       v           |           v failure     v
     needs_review -+-----------+-------------+          dismissed (with a reason)

What was refused or came back goes from needs_review to the next of the customer's chain by itself, and what
waited for a key goes on once the key is there.

"Overdue" is no status: it is computed from the deadline. A breach is an event of its own.
"""

from enum import StrEnum

from complaints.errors import NotAllowed


class Status(StrEnum):
    """Where a complaint stands."""

    RECEIVED = "received"
    MATCHED = "matched"
    NEEDS_REVIEW = "needs_review"
    FORWARDING = "forwarding"
    FORWARDED = "forwarded"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    CLOSED = "closed"
    DISMISSED = "dismissed"


class Event(StrEnum):
    """What can happen to a complaint; the comment names the move it makes."""

    RECEIVED = "received"  # (nothing) -> received
    MATCHED = "matched"  # received -> matched
    NEEDS_REVIEW = "needs_review"  # received -> needs_review
    ASSIGNED = "assigned"  # needs_review or dismissed -> matched, by a person
    FORWARD_QUEUED = "forward_queued"  # matched -> forwarding
    FORWARDED = "forwarded"  # forwarding -> forwarded, the relay accepted it
    DELIVERY_FAILED = "delivery_failed"  # forwarding -> needs_review, refused for good
    BOUNCED = "bounced"  # forwarded -> needs_review, it came back
    PASSED_ON = "passed_on"  # needs_review -> matched, the next of the customer's chain is written to
    KEY_FOUND = "key_found"  # needs_review -> matched, there is now a key to encrypt it with
    KEY_LACKING = "key_lacking"  # it may go out encrypted alone, and cannot be to this reader; no move
    ALSO_FORWARDED = "also_forwarded"  # the relay accepted it for one more of the chain; no move
    UNDELIVERED = "undelivered"  # one came back or was refused, and that undoes nothing; no move
    SENT_BACK = (
        "sent_back"  # forwarded, acknowledged or answered -> needs_review, the customer says it is not theirs
    )
    RESENT = "resent"  # forwarded or acknowledged -> forwarding, by a person
    ACKNOWLEDGED = "acknowledged"  # forwarded -> acknowledged
    HANDED_OVER = "handed_over"  # needs_review or forwarding -> acknowledged, by hand, by a person
    ANSWERED = "answered"  # forwarded or acknowledged -> answered
    CLOSED = "closed"  # forwarded, acknowledged or answered -> closed
    DISMISSED = "dismissed"  # needs_review -> dismissed, with a reason
    ARRIVED_AGAIN = "arrived_again"  # the same letter came once more; no move
    REPLIED = "replied"  # somebody answered a notice and a person must read it; no move
    AUTO_REPLIED = "auto_replied"  # a machine answered a notice: an absence, mostly; no move
    DEPUTY_TURN = "deputy_turn"  # who was written to is away: the next of the chain is written to; no move
    DELIVERED = "delivered"  # a report: it lies in the recipient's mailbox; no move
    RELAYED = "relayed"  # a report: handed on to where no reports come from; no move
    READ = "read"  # a read receipt, which acknowledges nothing; no move
    BOUNCE_DOUBTED = "bounce_doubted"  # a report that may be about the forward, and may not; no move
    DELIVERY_DELAYED = (
        "delivery_delayed"  # a temporary refusal, or a report that it is still under way; no move
    )
    DEADLINE_CHANGED = "deadline_changed"  # an explicit recalculation; no move
    EXTENDED = "extended"  # the body wants its answer by a later day; no move
    SPLIT = "split"  # the letter concerns one more customer, who has a complaint of its own; no move
    HELD = "held"  # nothing of it may go to a customer; forwarding -> needs_review, else no move
    HOLD_RELEASED = "hold_released"  # a person lifted that, with a reason; no move
    RUNG_REACHED = "rung_reached"  # the ladder told somebody; no move
    PAUSED = "paused"  # somebody has taken it up: the ladder waits for a while; no move
    RESUMED = "resumed"  # the ladder goes on before that; no move
    BREACHED = "breached"  # the time to forward ran out; no move, never undone


_ON_ITS_WAY = (Status.FORWARDING,)
_SENT = (Status.FORWARDED, Status.ACKNOWLEDGED, Status.ANSWERED)

TRANSITIONS: dict[tuple[Status, Event], Status] = {
    # The first line of every history; a complaint is received before anything else is known of it.
    (Status.RECEIVED, Event.RECEIVED): Status.RECEIVED,
    (Status.RECEIVED, Event.MATCHED): Status.MATCHED,
    (Status.RECEIVED, Event.NEEDS_REVIEW): Status.NEEDS_REVIEW,
    (Status.NEEDS_REVIEW, Event.ASSIGNED): Status.MATCHED,
    (Status.NEEDS_REVIEW, Event.DISMISSED): Status.DISMISSED,
    # Dismissing by mistake must not lose a complaint: assigning puts it back on its way.
    (Status.DISMISSED, Event.ASSIGNED): Status.MATCHED,
    # A customer without a reachable manager is matched, yet only a person can carry on.
    (Status.MATCHED, Event.NEEDS_REVIEW): Status.NEEDS_REVIEW,
    (Status.MATCHED, Event.FORWARD_QUEUED): Status.FORWARDING,
    (Status.FORWARDING, Event.FORWARDED): Status.FORWARDED,
    (Status.FORWARDING, Event.DELIVERY_FAILED): Status.NEEDS_REVIEW,
    # Some relays accept first and report the bounce while we still wait for their reply.
    (Status.FORWARDING, Event.BOUNCED): Status.NEEDS_REVIEW,
    # What comes back after a person said that they have it is evidence and undoes nothing.
    (Status.FORWARDED, Event.BOUNCED): Status.NEEDS_REVIEW,
    (Status.NEEDS_REVIEW, Event.PASSED_ON): Status.MATCHED,
    (Status.NEEDS_REVIEW, Event.KEY_FOUND): Status.MATCHED,
    # The right customer may not have it: that is as if it had come back.
    **{(sent, Event.SENT_BACK): Status.NEEDS_REVIEW for sent in _SENT},
    **{(sent, Event.RESENT): Status.FORWARDING for sent in _SENT},
    **{(sent, Event.CLOSED): Status.CLOSED for sent in _SENT},
    # What waits in the outbox is taken back; a person carries on once the hold is lifted.
    (Status.FORWARDING, Event.HELD): Status.NEEDS_REVIEW,
    **{
        (status, Event.HELD): status
        for status in (Status.RECEIVED, Status.MATCHED, Status.NEEDS_REVIEW, *_SENT)
    },
    (Status.FORWARDED, Event.ACKNOWLEDGED): Status.ACKNOWLEDGED,
    # Who has it in their hand need not confirm that it is there.
    **{(waits, Event.HANDED_OVER): Status.ACKNOWLEDGED for waits in (Status.NEEDS_REVIEW, Status.FORWARDING)},
    (Status.FORWARDED, Event.ANSWERED): Status.ANSWERED,
    (Status.ACKNOWLEDGED, Event.ANSWERED): Status.ANSWERED,
}

NOTES = frozenset(
    {
        Event.ARRIVED_AGAIN,
        Event.REPLIED,
        Event.AUTO_REPLIED,
        Event.ALSO_FORWARDED,
        Event.UNDELIVERED,
        Event.KEY_LACKING,
        Event.DEPUTY_TURN,
        Event.DELIVERED,
        Event.RELAYED,
        Event.READ,
        Event.BOUNCE_DOUBTED,
        Event.DELIVERY_DELAYED,
        Event.DEADLINE_CHANGED,
        Event.EXTENDED,
        Event.SPLIT,
        Event.HOLD_RELEASED,
        Event.RUNG_REACHED,
        Event.PAUSED,
        Event.RESUMED,
        Event.BREACHED,
    }
)
"""Events that are written down and move nothing."""

CLOCK_RUNS = frozenset({Status.RECEIVED, Status.NEEDS_REVIEW, Status.MATCHED, Status.FORWARDING})
"""Not yet sent to the supplier manager, or being sent once more: the ladder climbs until the promise is met."""


def clock_runs(status: Status, until: str, *, held_up: bool, met: bool) -> bool:
    """Whether the contract's time still runs: until it was sent, or beyond that where the contract says so.

    Args:
        status: where the complaint stands.
        until: what ends the time: ``sent``, ``delivered`` or ``acknowledged``.
        held_up: the newest delivery report says that the forward is still under way.
        met: what the contract promises has happened once and was not undone: to send it again breaks no promise.
    """
    if status is Status.FORWARDED and until == "delivered":
        return held_up
    return not met and (status in CLOCK_RUNS or (status is Status.FORWARDED and until == "acknowledged"))


SETTLED = frozenset({Status.CLOSED, Status.DISMISSED})
"""Nothing more is expected of anybody."""

_STANDS = {
    Status.RECEIVED: "has only just come in",
    Status.NEEDS_REVIEW: "waits for a person",
    Status.MATCHED: "is about to be forwarded",
    Status.FORWARDING: "is being forwarded",
    Status.FORWARDED: "is forwarded",
    Status.ACKNOWLEDGED: "is acknowledged",
    Status.ANSWERED: "is answered",
    Status.CLOSED: "is closed",
    Status.DISMISSED: "is dismissed",
}
"""Each status in words, in the order in which they mostly come."""

_INSTEAD = {
    (Status.NEEDS_REVIEW, Event.RESENT): "assign it to a customer",
    **{
        (status, Event.ASSIGNED): "a split gives it to a further customer"
        for status in (Status.MATCHED, Status.FORWARDING, *_SENT)
    },
    **{
        (Status.DISMISSED, event): "assigning it brings it back"
        for event in (Event.ACKNOWLEDGED, Event.ANSWERED, Event.RESENT, Event.CLOSED)
    },
}
"""What a person can do in place of a step that is not allowed."""


def advance(status: Status, event: Event) -> Status:
    """The status after ``event``.

    Raises:
        NotAllowed: when this status does not know this event.
    """
    if event in NOTES:
        return status
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        raise NotAllowed(refusal(status, event)) from None


def refusal(status: Status, event: Event) -> str:
    """Why a step is not allowed, for people: its time is still to come, or over, or it was taken already."""
    order = list(_STANDS)
    allowed = (before for before, happens in TRANSITIONS if happens is event and before not in SETTLED)
    comes = any(order.index(before) > order.index(status) for before in allowed)
    when = "again" if event.value == status.value else "yet" if comes else "any more"
    instead = _INSTEAD.get((status, event), "")
    step = event.value.replace("_", " ")
    return f"a complaint that {_STANDS[status]} cannot be {step} {when}" + (f"; {instead}" if instead else "")
