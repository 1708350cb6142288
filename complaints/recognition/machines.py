"""Mail that machines write: delivery failures and automatic replies."""

import re

from complaints.model import InboundMail
from complaints.recognition.words import Cue, Cues, cues_in

_DAEMONS = re.compile(
    r"(?:mailer-daemon|mail-daemon|post[._-]?master|mailerdaemon|mdaemon|ndr|bounces?|non-?delivery)(?:[@+._-]|\Z)",
    re.IGNORECASE,
)
# Nobody but a mail server calls itself so, and whatever it writes is about mail.
_MAILER = re.compile(r"(?:mailer-?daemon|mail-daemon)(?:@|\Z)", re.IGNORECASE)
_DAEMON_NAMES = re.compile(
    r"mail delivery (?:sub)?system|mailer.daemon|mail administrator|postmaster", re.IGNORECASE
)
_CERTIFIED = re.compile(r"posta-?certificata@", re.IGNORECASE)
# "ACCETTAZIONE" and "CONSEGNA" (DPR 68/2005): what a provider of certified mail says of a message of ours.
_CERTIFIED_RECEIPT = re.compile(
    r"\s*(?:avvenuta )?(?:accettazione|consegna|presa in carico)\s*:", re.IGNORECASE
)
_STATUS = re.compile(
    r"\b[45]\d\d[ -][45]\.\d{1,3}\.\d{1,3}\b|\b(?:Final-Recipient|Diagnostic-Code|Action: (?:failed|delayed))",
    re.IGNORECASE,
)
_REPLY_CODE = re.compile(r"\b(?:SMTP[^\n]{0,40}?|said: |<<< |Received >>> |: |\n)\s?[45]\d\d[ -]\S")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,190}")
_OPENING = 600  # characters
_OF_A_FAILURE = re.compile(r"\bfail|undeliver|return(?:ed|ing)\b", re.IGNORECASE)


def is_bounce(mail: InboundMail, cues: Cues, subject_cues: Cues) -> str:
    """What shows that ``mail`` reports a failed or late delivery (RFC 3464, or less formally), or empty."""
    kind = mail.header("Content-Type").lower()
    if "disposition-notification" in kind:
        return ""  # a read receipt (RFC 8098)
    if _CERTIFIED.match(mail.sender.email) and Cue.BOUNCE in subject_cues:
        return "a certified provider's notice of non-delivery"
    if "report-type=delivery-status" in kind.replace('"', "").replace(" ", ""):
        return "a delivery status report"
    by_nobody = mail.return_path == "" or is_from_daemon(mail)
    if mail.returned_message_ids and by_nobody and (mail.return_path == "" or Cue.BOUNCE in subject_cues):
        return "gives back a message of ours"
    return _by_a_server(mail, cues, subject_cues)


def _by_a_server(mail: InboundMail, cues: Cues, subject_cues: Cues) -> str:
    """What shows it where neither the form nor a returned message does."""
    if _MAILER.match(mail.sender.email) or _MAILER.match(mail.sender.name):
        return "written by a mailer daemon"
    daemon = is_from_daemon(mail)
    says = Cue.BOUNCE in cues or any(_STATUS.search(p.text[:4_000]) for p in mail.passages)
    if daemon and (says or mail.return_path == "" or _OF_A_FAILURE.search(mail.subject)):
        return "written by a mail server"
    # A person may answer and quote what a server said; what that undoes nobody may say but a server.
    coded = not _is_reply(mail) and any(_REPLY_CODE.search(p.text[:4_000]) for p in mail.passages)
    if Cue.BOUNCE in subject_cues and coded:
        return "a subject of a delivery failure and the reply of a mail server"
    answers = mail.header("Auto-Submitted").lower().startswith("auto-replied")
    if mail.return_path == "" and says and not answers:
        return "the null return path and words of a delivery failure"
    return _by_its_opening(mail, subject_cues)


def _by_its_opening(mail: InboundMail, subject_cues: Cues) -> str:
    """The form that every server gives such a notice: it heads it so, says so at once, and names an address.

    What answers a mail is somebody's who speaks of a failure.
    """
    if Cue.BOUNCE not in subject_cues or _is_reply(mail):
        return ""
    opening = next((p.text for p in mail.passages if p.where == "body"), "")[:_OPENING]
    names = mail.wrapped or mail.returned_message_ids or _ADDRESS.search(opening)
    return "headed and begun as a notice of non-delivery" if names and Cue.BOUNCE in cues_in(opening) else ""


def is_from_daemon(mail: InboundMail) -> bool:
    """Whether a mail server says that it wrote ``mail``."""
    named = _DAEMONS.match(mail.sender.email) or _DAEMON_NAMES.search(mail.sender.name)
    # "From: Mail System <>": nobody can be answered.
    return bool(named) or (not mail.sender.email and "<>" in mail.header("From"))


def is_automatic(mail: InboundMail, cues: Cues, subject_cues: Cues) -> str:
    """What shows that a machine wrote ``mail`` in answer to something (RFC 3834), or empty."""
    if _CERTIFIED.match(mail.sender.email) and _CERTIFIED_RECEIPT.match(mail.subject):
        return "a receipt of certified mail"
    submitted = mail.header("Auto-Submitted").partition(";")[0].strip().lower()
    if why := _automatic_by_header(mail, submitted):
        return why
    if Cue.ABSENT in subject_cues or _receipt_subject(mail.subject):
        return "the subject of an automatic reply"
    if Cue.MACHINE in cues and (
        submitted == "auto-generated" or _is_short(mail) or Cue.MACHINE in subject_cues
    ):
        return f"says so: {cues[Cue.MACHINE][0]}"
    if Cue.ABSENT in cues and _is_short(mail) and _is_reply(mail):
        return f"says so: {cues[Cue.ABSENT][0]}"
    return ""


def _automatic_by_header(mail: InboundMail, submitted: str) -> str:
    if submitted == "auto-replied":
        return "Auto-Submitted: auto-replied"
    if "disposition-notification" in mail.header("Content-Type").lower():
        return "a read receipt"
    if mail.header("Precedence").strip().lower() == "auto_reply":
        return "Precedence: auto_reply"
    machine = next(
        (name for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply") if mail.header(name)), ""
    )
    return f"the header {machine}" if machine else ""


def _receipt_subject(subject: str) -> bool:
    return bool(
        re.match(
            r"\s*(?:read|gelesen|lu|leído|letto|gelezen|przeczytane|läst|læst|lest|lido)\s*:",
            subject,
            re.IGNORECASE,
        )
    )


def _is_short(mail: InboundMail) -> bool:
    return sum(len(p.text) for p in mail.passages if p.where == "body") < 900


def _is_reply(mail: InboundMail) -> bool:
    return bool(mail.in_reply_to or mail.references) or bool(
        re.match(r"\s*(?:re|aw|antw|sv|vs|odp|rif|r|res|tr)\s*:", mail.subject, re.IGNORECASE)
    )
