"""What a delivery report says of a message of ours (RFC 3464; where it has no such part, its words)."""

import re
from enum import StrEnum

from complaints.inbox.bounces import Failures
from complaints.model import InboundMail

_ACTION = re.compile(r"^action:\s*(\w+)", re.IGNORECASE | re.MULTILINE)
_DIAGNOSTIC = re.compile(
    r"^diagnostic-code:\s*(?:[\w-]+\s*;)?\s*(.+(?:\n[ \t]+.+)*)", re.IGNORECASE | re.MULTILINE
)
_RECIPIENT = re.compile(
    r"^(?:final|original)-recipient:\s*[\w-]+\s*;\s*<?([^\s<>]+@[^\s<>]+?)>?\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_OUR_REF = re.compile(r"\bFW-\d{1,9}\b", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_STILL_TRIED = re.compile(
    r"still being (?:re)?tried|(?:will|continue to) (?:keep )?(?:be )?(?:re)?tr(?:y|ied|ying)|has been delayed|delivery (?:is )?delayed|delayed mail"
    r"|could not send message for past|not yet been delivered|no action is required|do not need to resend"
    r"|zustellung verzögert|weiterhin versucht|n'a pas encore été|retardé|aún no se ha|con retraso|ritardo nella consegna|vertraagd|opóźnion|försenad|forsinket|atrasad",
    re.IGNORECASE,
)
_GIVEN_UP = re.compile(
    r"giving up|given up|permanent(?:ly)?|has failed|(?:could|can) ?not be delivered|couldn't be delivered|undeliverable|no such user|user unknown|does not exist",
    re.IGNORECASE,
)
_LONGEST_QUOTE = 500
_TEXT_BOUND = 16_000
_MOST = 20


class Fate(StrEnum):
    """What became of it, as far as the report tells."""

    FAILED = "failed"
    DELAYED = "delayed"  # still being tried; nothing is undone yet
    DELIVERED = "delivered"


def fate(report: InboundMail, failures: Failures | None = None) -> Fate:
    """The fate that counts: one failed recipient is a failure, and so is a report that says nothing clear.

    RFC 3464 2.3.3 knows the actions failed, delayed, delivered, relayed and expanded.

    Args:
        report: the mail.
        failures: what the words of a report without such a part were found to say.
    """
    actions = {found.lower() for found in _ACTION.findall(_status(report))}
    if not actions:
        return _fate_by_words(report, failures or Failures())
    if "failed" in actions:
        return Fate.FAILED
    return Fate.DELAYED if "delayed" in actions else Fate.DELIVERED


def _fate_by_words(report: InboundMail, failures: Failures) -> Fate:
    text = _text(report)
    waits = _STILL_TRIED.search(text) is not None and _GIVEN_UP.search(text) is None
    if failures.permanent:
        return Fate.DELAYED if waits else Fate.FAILED
    return Fate.DELAYED if waits or failures.temporary else Fate.FAILED


def failed_recipients(report: InboundMail, failures: Failures) -> tuple[str, ...]:
    """Who was not reached, lower case: by the report's part, else by its words."""
    named = (found.lower() for found in _RECIPIENT.findall(_status(report)))
    return tuple(dict.fromkeys((*named, *failures.permanent, *failures.temporary)))[:_MOST]


def addresses_named(report: InboundMail) -> frozenset[str]:
    """Every address that stands anywhere in the report, lower case."""
    return frozenset(found.lower() for found in _ADDRESS.findall(_text(report)))


def refs_named(report: InboundMail) -> tuple[str, ...]:
    """Our references that stand anywhere in the report or in what it gives back."""
    inner = "\n".join(f"{mail.subject}\n{mail.header('X-Forthwith-Ref')}" for mail in report.wrapped)
    found = _OUR_REF.findall(f"{_text(report)}\n{inner}")
    return tuple(dict.fromkeys(one.upper() for one in found))[:_MOST]


def _text(report: InboundMail) -> str:
    return "\n".join((report.subject, *(p.text for p in report.passages)))[:_TEXT_BOUND]


def words(report: InboundMail) -> str:
    """What the refusing server said (RFC 3464 2.3.6), else what the report says, in one line, shortened."""
    diagnostics = " ".join(_DIAGNOSTIC.findall(_status(report)))
    body = next((passage.text for passage in report.passages if passage.where == "body"), "")
    return " ".join((diagnostics or body or report.subject).split())[:_LONGEST_QUOTE]


def _status(report: InboundMail) -> str:
    return "\n".join(p.text for p in report.passages if p.where.endswith("delivery-status"))
