"""The made-up letter that Forthwith sends itself: how it reads, and how a genuine one is told. Pure.

It bears a token of 24 random bytes that nobody knows before it is sent, and that is spent once it has come
in. Beyond that a mail counts as made up only where it says nothing but what we wrote, so that whoever copies
the token into another letter has that letter treated like any other (I1).
"""

import email.policy
import re
import secrets
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

from complaints.model import Customer, InboundMail

HEADER = "X-Forthwith-Synthetic"
SUBJECT = "Synthetic complaint, made up by Forthwith"
CUSTOMER = Customer(id="synthetic", name="Synthetic Controller Ltd")
"""Whom it is about. It stands in no register, so that no real letter can be matched to it."""

_TEXT = """\
This letter is made up. Forthwith sends it to itself to see that letters come
in, are recognised, matched and forwarded in time. Nobody has complained, and
there is nothing to do.

The controller is Synthetic Controller Ltd.
"""
_TOKEN = re.compile(r"[0-9a-f]{48}")
_MESSAGE_ID = re.compile(r"<synthetic\.([0-9a-f]{48})@")


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_hex(24)


def letter(token: str, address: str, at: datetime) -> bytes:
    """The letter with this token, from our address to our address.

    Args:
        token: of ``new_token``.
        address: ours.
        at: aware.
    """
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = address
    message["To"] = address
    message["Date"] = format_datetime(at.astimezone(UTC))
    message["Subject"] = SUBJECT
    # Some servers take strange fields out, and some give mail another Message-ID; hardly one does both.
    message["Message-ID"] = f"<synthetic.{token}@{address.rpartition('@')[2]}>"
    message[HEADER] = token
    # No machine shall answer it (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_TEXT)
    return bytes(message)


def token_of(mail: InboundMail) -> str:
    """The token that a mail bears, genuine or not; empty where it bears none."""
    shown = _TOKEN.fullmatch(mail.header(HEADER).strip())
    if shown:
        return shown[0]
    named = _MESSAGE_ID.match(mail.message_id)
    return named[1] if named else ""


def tokens_given_back(mail: InboundMail) -> list[str]:
    """The tokens of letters that a delivery report gives back, genuine or not."""
    found = (_MESSAGE_ID.match(one) for one in mail.returned_message_ids)
    return [one[1] for one in found if one]


def says_nothing_else(mail: InboundMail) -> bool:
    """Whether the mail holds our made-up words and not a word or file besides."""
    said = {passage.where: " ".join(passage.text.split()) for passage in mail.passages}
    ours = {"subject": SUBJECT, "body": " ".join(_TEXT.split())}
    hidden = mail.attachments or mail.wrapped or mail.encrypted or mail.unread or mail.problems
    return said == ours and len(mail.passages) == len(ours) and not hidden
