"""What can be done about a complaint as it stands: the forms to which its page and the board's row lead. Pure."""

from collections.abc import Mapping, Sequence

from complaints.lifecycle import Status
from complaints.model import Complaint
from flows.links import Links

_ON_PAGE: Mapping[Status, Sequence[str]] = {
    Status.NEEDS_REVIEW: ("assign", "split", "dismiss", "extend", "pause", "hold"),
    # What is on its way to one customer is given to another by a split: the first has it, or may have it.
    Status.FORWARDING: ("split", "extend", "pause", "hold"),
    Status.FORWARDED: ("acknowledge", "answered", "extend", "resend", "split", "pause", "hold", "close"),
    Status.ACKNOWLEDGED: ("answered", "extend", "resend", "split", "pause", "hold", "close"),
    Status.ANSWERED: ("close",),
    Status.DISMISSED: ("assign",),
}
_ON_BOARD: Mapping[Status, Sequence[str]] = {
    Status.NEEDS_REVIEW: ("assign", "dismiss", "pause"),
    Status.FORWARDED: ("acknowledge", "close", "resend"),
    Status.ACKNOWLEDGED: ("answered", "close", "resend"),
    Status.ANSWERED: ("close",),
}
_NOT_WHILE_HELD = frozenset({"hold", "resend"})


def on_page(one: Complaint, links: Links) -> str:
    """Markdown: the way to decide, and the forms; empty where there are none."""
    return _ways(one, _ON_PAGE, links)


def on_board(one: Complaint, links: Links) -> str:
    """The same for a row, which has room for the commonest."""
    return _ways(one, _ON_BOARD, links)


def has_any(one: Complaint) -> bool:
    """Whether its page leads to any form."""
    return bool(_verbs(one, _ON_PAGE))


def _ways(one: Complaint, offered: Mapping[Status, Sequence[str]], links: Links) -> str:
    decide = links.decision(one.ref) if one.status is Status.NEEDS_REVIEW else ""
    return " · ".join(filter(None, (decide, *(links.form(verb, one.ref) for verb in _verbs(one, offered)))))


def _verbs(one: Complaint, offered: Mapping[Status, Sequence[str]]) -> Sequence[str]:
    verbs = offered.get(one.status, ())
    if one.held_at is None:
        return verbs
    return ("release", *(verb for verb in verbs if verb not in _NOT_WHILE_HELD))
