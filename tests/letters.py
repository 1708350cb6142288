"""Mail as the parties of a case write it, for the street's tests."""

import email.policy
import email.utils
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from tests.street import AUTHSERV, INBOX

NUMBER = "IC-372500-S1A1"
ABOUT_ACME = (
    "The controller is Acme Retail Ltd, whose systems you operate. We have received a complaint about how "
    "personal data was handled."
)


def mail(
    words: str,
    *,
    sender: str = "ICO Casework <icocasework@ico.org.uk>",
    subject: str = "Data protection complaint",
    message_id: str = "",
    verdict: str = "pass",
    at: datetime | None = None,
    pdf: bytes = b"",
    **headers: str,
) -> bytes:
    """A mail that our own server has looked at with this verdict on its sender."""
    address = email.utils.parseaddr(sender)[1]
    domain = address.rpartition("@")[2]
    at = at or datetime.now(UTC)
    made = EmailMessage(policy=email.policy.SMTP)
    made["Return-Path"] = headers.pop("Return_Path", f"<{address}>")
    made["Received"] = f"from out.{domain} by {AUTHSERV} for <{INBOX}>; {email.utils.format_datetime(at)}"
    if verdict:
        made["Authentication-Results"] = (
            f"{AUTHSERV}; spf={verdict} smtp.mailfrom={domain}; dkim={verdict} header.d={domain}; "
            f"dmarc={verdict} header.from={domain}"
        )
    made["Date"] = email.utils.format_datetime(at)
    made["From"], made["To"], made["Subject"] = sender, headers.pop("To", INBOX), subject
    made["Message-ID"] = message_id or email.utils.make_msgid(domain=domain)
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(words)
    if pdf:
        made.add_attachment(pdf, maintype="application", subtype="pdf", filename="letter.pdf")
    return bytes(made)


def complaint(about: str = ABOUT_ACME, *, number: str = NUMBER, **values: Any) -> bytes:
    """The first letter of a case."""
    values.setdefault("subject", f"Data protection complaint {number}")
    ending = (
        "\n\nPlease respond within 28 days of the date of this letter.\n\nYours faithfully\nMorag Dalgleish\n"
    )
    return mail(f"Case reference: {number}\n\nDear Sir or Madam\n\n{about}{ending}", **values)


def answer(forward: EmailMessage, sender: str, words: str, **values: Any) -> bytes:
    """An answer to a notice of ours, as mail programs write it."""
    subject = values.pop("subject", f"Re: {forward['Subject']}")
    values.setdefault("In_Reply_To", str(forward["Message-ID"]))
    values.setdefault("References", str(forward["Message-ID"]))
    return mail(words, sender=sender, subject=subject, **values)
