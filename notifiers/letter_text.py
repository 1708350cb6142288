"""The words of a letter that is too big to be mailed, for whoever waits for the letter itself. Pure."""

from complaints.inbox.mime import read_mail
from complaints.model import InboundMail

_SAID = ("body", "forwarded", "quoted", "signature")
_LONGEST = 60_000
"""Characters: some twenty pages."""


def letter_text(original: bytes) -> str:
    """What stands in the mail itself, not in its files, under its headers; empty: it has no words of its own.

    It is for reading and proves nothing: the letter is the one that is kept.
    """
    mail = read_mail(original)
    said = "\n\n".join(p.text.strip() for where in _SAID for p in mail.passages if p.where == where)
    if not said:
        return ""
    cut = said if len(said) <= _LONGEST else f"{said[:_LONGEST].rstrip()}\n\n[…]"
    return f"{_head(mail)}\n\n{cut}\n"


def _head(mail: InboundMail) -> str:
    sender = f"{mail.sender.name} <{mail.sender.email}>" if mail.sender.name else mail.sender.email
    fields = {"From": sender, "Date": mail.header("Date"), "Subject": mail.subject}
    return "\n".join(f"{name}: {' '.join(value.split())}" for name, value in fields.items() if value)
