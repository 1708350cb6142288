"""What a mail server's reply means for us: judged here and nowhere else."""

import re
from enum import StrEnum

from complaints.outbox import Verdict
from notifiers.headers import one_line

_LONGEST_REPLY = 500
_MOST_LINES = 20


class Stage(StrEnum):
    """How far the conversation had come when the reply was given."""

    CONNECT = "connecting"
    STARTTLS = "starting TLS"
    LOGIN = "logging in"
    MAIL = "giving our own address"
    RCPT = "giving the recipient"
    BEGIN = "asking to hand the message over"
    DATA = "handing the message over"


_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")

_BEFORE_ANY_LETTER = frozenset({Stage.CONNECT, Stage.STARTTLS, Stage.LOGIN})

# RFC 4954 section 6 and RFC 3207 section 4: authentication required (530), mechanism too weak (534),
# credentials invalid (535), encryption needed (538). They speak of us and never of the recipient.
_OUR_CREDENTIALS = frozenset({530, 534, 535, 538})


def is_relay_trouble(code: int, stage: Stage, text: str = "") -> bool:
    """Whether the reply is about the relay or our use of it, and not about this message.

    A refusal while connecting (RFC 5321 3.1: 554 instead of a greeting; RFC 7504: 521), saying hello,
    starting TLS or logging in is. So is one of our own address at MAIL, which no recipient can cure,
    unless it is the announced size (RFC 1870 section 6.1: 552, enhanced 5.3.4). 421 may answer any
    command and means that the service closes (RFC 5321 4.2.3).
    """
    if stage in _BEFORE_ANY_LETTER or code in _OUR_CREDENTIALS or code == 421:
        return True
    return stage is Stage.MAIL and code >= 500 and code != 552 and not text.startswith("5.3.4")


def is_system_trouble(code: int, text: str) -> bool:
    """Whether a temporary refusal blames the relay's own state (RFC 3463: x.3.z, x.4.z), which another need not share."""
    return 400 <= code < 500 and text.startswith(("4.3.", "4.4."))


def is_too_big(code: int, stage: Stage, text: str) -> bool:
    """Whether the message was refused for its size alone.

    RFC 3463: 5.3.4 (too big for the system), 5.2.3 (for the mailbox); 552 without such a code at MAIL or DATA (RFC
    1870 6). A 552 of RCPT, or with another code, speaks of a full mailbox.
    """
    if not 500 <= code < 600:
        return False
    if _ENHANCED.match(text):
        return text.startswith(("5.3.4", "5.2.3"))
    return code == 552 and stage is not Stage.RCPT


def is_about_options(code: int, stage: Stage, text: str) -> bool:
    """Whether an option of MAIL or RCPT is not known: 555 (RFC 5321 4.1.1.11), and what servers say in its place."""
    said = code in (504, 555) or (code == 501 and text.startswith("5.5.4"))
    return said and stage in (Stage.MAIL, Stage.RCPT)


def is_answer(code: int) -> bool:
    """Whether a reply to the message itself settles what became of it (RFC 5321 4.2.1)."""
    return 200 <= code < 300 or 400 <= code < 600


def judge(code: int, stage: Stage, text: str = "") -> Verdict:
    """Whether to try again (RFC 5321 4.2.1): 4yz says so, 5yz says not, of relay trouble we think so.

    Relay trouble is not held against the recipient, whatever its first digit: else one expired password
    would send every waiting letter to a person, for an address that is quite right.
    """
    if 200 <= code < 300:
        return Verdict.SENT
    if 500 <= code < 600 and not is_relay_trouble(code, stage, text):
        return Verdict.PERMANENT
    return Verdict.TEMPORARY


def quoted(code: int, text: str) -> str:
    """The reply as evidence: its code and full text on one line, bounded."""
    words = one_line(text, _LONGEST_REPLY)
    return f"{code} {words}".strip() if code > 0 else words


def lines_of(code: int, text: str) -> list[str]:
    """The whole reply, line by line, bounded."""
    lines = text.split("\n", _MOST_LINES)[:_MOST_LINES]
    return [quoted(code, line) for line in lines]


_QUEUE_IDS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bInternalId=(\d+)",  # Exchange: 2.6.0 <...> [InternalId=4711, Hostname=...] Queued mail
        r"\bqueued as ([\w.-]+)",  # Postfix: 2.0.0 Ok: queued as 4FJ9kL0v0Vz1
        r"\bid=([\w.-]+)",  # Exim: OK id=1tAbCd-0000000Q1aB-2cDe
        r"\bqueued \(([\w.-]+)\)",  # Haraka: Message Queued (A1B2-C3.1)
        r"\bOK\s+\d+ ([\w.-]+) - gsmtp",  # Gmail: 2.0.0 OK  1717171717 d2e1a72fcca58-70.12 - gsmtp
        r"([\w.-]+) Message accepted for delivery",  # Sendmail, OpenSMTPD
        r"\bqp (\d+)",  # qmail: ok 1717171717 qp 4711
        r"^(?:2\.\d\.\d+ )?OK:? ([\w-]{20,})$",  # Amazon SES: Ok 0102018f2a...-000000
    )
)


def queue_id(text: str) -> str:
    """The name the server gave the message, read from its reply to DATA; empty where it gave none."""
    line = one_line(text, _LONGEST_REPLY)
    return next((found[1] for pattern in _QUEUE_IDS if (found := pattern.search(line))), "")
