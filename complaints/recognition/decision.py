"""Which recognised mail may be routed without a person, which needs one, and which needs nothing."""

from collections.abc import Container

from complaints.model import Decision, Kind, Recognition

LETTERS = frozenset({Kind.COMPLAINT, Kind.FOLLOW_UP})
_NOTHING_TO_ROUTE = frozenset({Kind.ACKNOWLEDGEMENT, Kind.AUTO_REPLY, Kind.ADMINISTRATIVE, Kind.OTHER})
RELAY = "relayed by"
CLAIM = "claims to be"
"""Evidence that a mail writes as a listed body, and that nothing shows it: such mail is never filed unseen."""
SURE = 0.7
"""From this score on a letter whose sender is no verified listed body may be routed, and ignored mail ignored."""
QUIET = 0.5
"""Below this score even a mail that seems to need nothing is shown to a person."""


def decide(recognition: Recognition, *, trusted_domains: Container[str] = ()) -> Decision | None:
    """What follows from the kind alone; None leaves it to the customer match.

    Args:
        recognition: of the mail.
        trusted_domains: domains (of customers, say) whose authenticated mail may hand on an authority's letter.
    """
    if recognition.forbids or is_perhaps_forbidden(recognition):
        return Decision.TRIAGE
    if recognition.kind in LETTERS:
        return None if _may_be_routed(recognition, trusted_domains) else Decision.TRIAGE
    if recognition.kind in _NOTHING_TO_ROUTE and recognition.score >= QUIET and not _claims(recognition):
        return Decision.IGNORE
    return Decision.TRIAGE


def is_perhaps_forbidden(recognition: Recognition) -> bool:
    """Whether a letter, which would go to the customer by itself, perhaps forbids telling it."""
    return bool(recognition.may_forbid) and recognition.kind in LETTERS


def _claims(recognition: Recognition) -> bool:
    """Whether it writes as a listed body without proof; a letter from there may hide behind any outward sign."""
    return any(e.what == CLAIM for e in recognition.evidence)


def _may_be_routed(recognition: Recognition, trusted_domains: Container[str]) -> bool:
    if recognition.verified or (recognition.score >= SURE and not _claims(recognition)):
        return True
    return any(e.what == RELAY and e.weight > 0 and e.found in trusted_domains for e in recognition.evidence)
