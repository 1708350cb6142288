"""What a delivery report says of a message of ours (RFC 3464; where it has no such part, its words)."""

import re
from dataclasses import dataclass
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
    r"|could not send message for past|not yet been delivered|attempts? will continue|has been postponed|no action is required|do not need to resend"
    r"|zustellung verzögert|weiterhin versucht|n'a pas encore été|retardé|aún no se ha|con retraso|ritardo nella consegna|vertraagd|opóźnion|försenad|forsinket|atrasad",
    re.IGNORECASE,
)
_GIVEN_UP = re.compile(
    r"giving up|given up|permanent(?:ly)?|has failed|(?:could|can) ?not be delivered|couldn't be delivered|undeliverable|no such user|user unknown|does not exist",
    re.IGNORECASE,
)
_STATUS = re.compile(r"^status:\s*([245]\.\d{1,3}\.\d{1,3})", re.IGNORECASE | re.MULTILINE)
_REPORTING = re.compile(r"^reporting-mta:\s*(?:[\w-]+\s*;)?\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_REMOTE = re.compile(r"^remote-mta:\s*(?:[\w-]+\s*;)?\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_ENVELOPE = re.compile(r"^original-envelope-id:\s*<?([^\s<>]+)", re.IGNORECASE | re.MULTILINE)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_LONGEST_HOST = 255
_LONGEST_QUOTE = 500
_TEXT_BOUND = 16_000
_MOST = 20


class Fate(StrEnum):
    """What became of it, as far as the report tells."""

    FAILED = "failed"
    DELAYED = "delayed"  # still being tried; nothing is undone yet
    RELAYED = "relayed"  # handed on to where no reports come from: beyond that nothing can be known
    DELIVERED = "delivered"


_BY_ACTION = {
    "failed": Fate.FAILED,
    "delayed": Fate.DELAYED,
    "relayed": Fate.RELAYED,
    "expanded": Fate.RELAYED,
    "delivered": Fate.DELIVERED,
}
"""The actions of RFC 3464 2.3.3; of several recipients' the worst counts, which is the first here."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What a delivery report says of one message."""

    fate: Fate
    words: str  # the refusing server's (RFC 3464 2.3.6), else the report's own, in one line, shortened
    status: str = ""  # RFC 3463, e.g. 5.1.1
    reporting_mta: str = ""
    remote_mta: str = ""
    envelope_id: str = (
        ""  # what we gave the message in its envelope (RFC 3461 4.4), where the report gives it back
    )

    def data(self) -> dict[str, str]:
        """It as evidence in a history."""
        return {
            "reply": self.words,
            "status": self.status,
            "reporting_mta": self.reporting_mta,
            "remote_mta": self.remote_mta,
        }


def read_report(mail: InboundMail, failures: Failures | None = None, *, recipient: str = "") -> Report:
    """What a delivery report says.

    Args:
        mail: the report.
        failures: what the words of a report without a part for programs were found to say.
        recipient: whom our message went to, lower case: of a report on several the groups on them count alone.
    """
    status = _status(mail)
    about = _groups_about(status, recipient)
    return Report(
        fate=fate(mail, failures, about=about),
        words=words(mail, about=about),
        status=next(iter(_STATUS.findall(about)), ""),
        reporting_mta=_host(_REPORTING.search(status)),
        remote_mta=_host(_REMOTE.search(about)),
        envelope_id=_host(_ENVELOPE.search(status)),
    )


def _groups_about(status: str, recipient: str) -> str:
    """The groups of fields on this recipient (RFC 3464 2.1); all of them where none is on them."""
    groups = _BLANK_LINE.split(status)
    theirs = [group for group in groups if recipient in (r.lower() for r in _RECIPIENT.findall(group))]
    return "\n\n".join(theirs) if recipient and theirs else status


def _host(found: re.Match[str] | None) -> str:
    return found[1][:_LONGEST_HOST] if found else ""


def fate(report: InboundMail, failures: Failures | None = None, *, about: str | None = None) -> Fate:
    """The fate that counts: one failed recipient is a failure, and so is a report that says nothing clear.

    Args:
        report: the mail.
        failures: what the words of a report without such a part were found to say.
        about: the groups of its part that count; None: all.
    """
    actions = {found.lower() for found in _ACTION.findall(_status(report) if about is None else about)}
    named = [one for action, one in _BY_ACTION.items() if action in actions]
    return named[0] if named else _fate_by_words(report, failures or Failures())


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
    return refs_in(f"{_text(report)}\n{inner}")


def refs_in(text: str) -> tuple[str, ...]:
    """Our references in a text, each once."""
    return tuple(dict.fromkeys(one.upper() for one in _OUR_REF.findall(text)))[:_MOST]


def _text(report: InboundMail) -> str:
    return "\n".join((report.subject, *(p.text for p in report.passages)))[:_TEXT_BOUND]


def words(report: InboundMail, *, about: str | None = None) -> str:
    """What the refusing server said (RFC 3464 2.3.6), else what the report says, in one line, shortened."""
    diagnostics = " ".join(_DIAGNOSTIC.findall(_status(report) if about is None else about))
    body = next((passage.text for passage in report.passages if passage.where == "body"), "")
    return " ".join((diagnostics or body or report.subject).split())[:_LONGEST_QUOTE]


def _status(report: InboundMail) -> str:
    return "\n".join(p.text for p in report.passages if p.where.endswith("delivery-status"))
