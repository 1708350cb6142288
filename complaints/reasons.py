"""Why a complaint waits for a person, in words for people; on record it is a mark of a word or two."""

SENT_BACK = "sent back"
"""Why a person is asked when a customer says that a complaint is not theirs."""

NO_MANAGER = "no manager on file"
"""Why a person is asked when it is clear whose it is, and the register names nobody there."""

ALL_AWAY = "everybody is away"
"""Why a person is asked when everybody of the customer's chain is."""

BOUNCED, REFUSED = "bounced", "refused"
"""Why a person is asked when the forward came back, or the relay would not have it, and nobody is left to write to."""

TOO_BIG = "too big to mail"
"""Why a person is asked when no relay takes a letter of this size."""

NOT_VERIFIED = "sender not verified"
"""Why a person is asked who is to make sure of the sender first."""

PAPERS_NOT_READ = "papers not read"
"""Why a person is asked when the letter itself may stand in papers that no program could read."""

MAY_STAND_IN = "the letter may stand in "
"""So begins what is told of such papers."""

_WORDS = {
    "unmatched": "no customer fits",
    "ambiguous": "several customers fit",
    "suspicious": "it may be forged",
    "notice to processor": "a formal demand addressed to us",
    "data subject": "an individual wrote",
    "collect": "the message itself waits elsewhere",
    "unreadable": "it cannot be read",
    "bounce": "a mail of ours seems to have come back",
    PAPERS_NOT_READ: "papers of it could not be read",
    BOUNCED: "the forward came back",
    REFUSED: "the relay refused the forward",
    SENT_BACK: "the customer says it is not theirs",
    "may forbid": "it may forbid telling the customer",
    "on hold": "a legal hold lies on it",
}
_WAITS = "waiting for a person: "


def in_words(mark: str) -> str:
    """What the mark means; a mark that is plain already, or that a person gave, as it is."""
    return _WORDS.get(mark, mark)


def cause_of_waiting(mark: str) -> str:
    """The cause on record of a delay whose complaint waits for a person."""
    return f"{_WAITS}{mark}"


def cause_in_words(cause: str) -> str:
    """A cause on record, for people: ``waiting for a person: no customer fits``."""
    mark = cause.removeprefix(_WAITS)
    return cause if mark == cause else f"{_WAITS}{in_words(mark)}"
