"""What a delivery report says of a message of ours (RFC 3464)."""

import re
from enum import StrEnum

from complaints.model import InboundMail

_ACTION = re.compile(r"^action:\s*(\w+)", re.IGNORECASE | re.MULTILINE)
_DIAGNOSTIC = re.compile(
    r"^diagnostic-code:\s*(?:[\w-]+\s*;)?\s*(.+(?:\n[ \t]+.+)*)", re.IGNORECASE | re.MULTILINE
)
_LONGEST_QUOTE = 500


class Fate(StrEnum):
    """What became of it, as far as the report tells."""

    FAILED = "failed"
    DELAYED = "delayed"  # still being tried; nothing is undone yet
    DELIVERED = "delivered"


def fate(report: InboundMail) -> Fate:
    """The fate that counts: one failed recipient is a failure, and so is a report in words of its own.

    RFC 3464 2.3.3 knows the actions failed, delayed, delivered, relayed and expanded.
    """
    actions = {found.lower() for found in _ACTION.findall(_status(report))}
    if not actions or "failed" in actions:
        return Fate.FAILED
    return Fate.DELAYED if "delayed" in actions else Fate.DELIVERED


def words(report: InboundMail) -> str:
    """What the refusing server said (RFC 3464 2.3.6), else what the report says, in one line, shortened."""
    diagnostics = " ".join(_DIAGNOSTIC.findall(_status(report)))
    body = next((passage.text for passage in report.passages if passage.where == "body"), "")
    return " ".join((diagnostics or body or report.subject).split())[:_LONGEST_QUOTE]


def _status(report: InboundMail) -> str:
    return "\n".join(p.text for p in report.passages if p.where.endswith("delivery-status"))
