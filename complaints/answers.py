"""What a mail says that answers a notice of ours. Pure."""

import re
from datetime import date, timedelta

from complaints.model import InboundMail, Kind
from complaints.recognition.dates import days_in
from complaints.recognition.words import Cue, cues_in

_LONGEST_ABSENCE = timedelta(days=200)
_BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
_MACHINE_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "List-Id", "X-Auto-Response-From")
_TEXT_BOUND = 24_000


def own_words(mail: InboundMail) -> str:
    """What the writer says above the quotation, and in the subject where that was changed."""
    return "\n".join(p.text for p in mail.passages if p.where == "body")[:_TEXT_BOUND]


def is_machine_s(mail: InboundMail, kind: Kind) -> bool:
    """Whether a machine wrote it (RFC 3834): it confirms nothing, however much it says so."""
    if kind is Kind.AUTO_REPLY or mail.return_path == "":
        return True
    submitted = mail.header("Auto-Submitted").partition(";")[0].strip().lower()
    if submitted not in ("", "no") or mail.header("Precedence").strip().lower() in _BULK:
        return True
    return any(mail.header(name) for name in _MACHINE_HEADERS)


_DISPOSITION = re.compile(r"^disposition:[^;\n]*;\s*([a-z-]+)", re.IGNORECASE | re.MULTILINE)
_STATUS_CODE = re.compile(r"\b[45]\d\d[ -]|\b[45]\.\d{1,3}\.\d{1,3}\b")
_OF_ANY_MACHINE = re.compile(r"auto", re.IGNORECASE)


def says_absent(mail: InboundMail) -> bool:
    """Whether a machine says that its person is away or gone; most that answer merely confirm that mail came."""
    found = cues_in(f"{mail.subject}\n{own_words(mail)}"[:4_000]).get(Cue.ABSENT, ())
    return any(not _OF_ANY_MACHINE.match(phrase) for phrase in found)


_ASKS_FOR_PROOF = re.compile(
    r"(?:click|follow|visit|use) (?:on )?(?:the|this) (?:link|button|address)[^.]{0,80}(?:deliver|confirm|verify|release|approve|reach)|"
    r"(?:to|so that|before) (?:your|the) (?:message|e-?mail|mail)[^.]{0,60}(?:can be|is|be|will be|gets?) (?:delivered|released|read)|"
    r"(?:message|e-?mail|mail) (?:is|has been|was) (?:being )?(?:held|quarantined|blocked|kept back)|(?:not|un)(?: on (?:my|our))?[- ]?(?:white|allow|safe)list|"
    r"verify that you are (?:a )?human|confirm (?:that you are|your address|your message|you sent)|challenge[- /]response|approved senders?|"
    r"(?:klicken|bestätigen) sie[^.]{0,80}(?:zugestellt|zustell|freigegeben|freigabe)|zurückgehalten|"
    r"cliquez[^.]{0,80}(?:remis|délivr|livr|confirm|achemin)|message (?:est )?(?:retenu|bloqué)|"
    r"haga clic[^.]{0,80}(?:entreg|confirm)|mensaje (?:está )?retenido|clicca[^.]{0,80}(?:consegn|conferm)|messaggio (?:è )?(?:trattenuto|bloccato)|"
    r"klik[^.]{0,80}(?:afgeleverd|bezorgd|bevestig)|bericht (?:is|wordt) (?:vastgehouden|tegengehouden)",
    re.IGNORECASE,
)


def asks_for_proof(mail: InboundMail) -> bool:
    """Whether a machine keeps our mail back until somebody has clicked or answered: its person has nothing yet."""
    return _ASKS_FOR_PROOF.search(f"{mail.subject}\n{own_words(mail)}"[:4_000]) is not None


def tells_of_failure(mail: InboundMail) -> bool:
    """Whether what came to the return path of a notice speaks of its delivery, in whatever form."""
    text = f"{mail.subject}\n{own_words(mail)}"
    return not says_absent(mail) and (Cue.BOUNCE in cues_in(text) or _STATUS_CODE.search(text) is not None)


def disposition(mail: InboundMail) -> str:
    """What a read receipt says was done with our mail (RFC 8098 3.2.6.2): displayed, deleted; else empty."""
    parts = (p.text for p in mail.passages if p.where.endswith("disposition-notification"))
    return next((found[1].lower() for text in parts if (found := _DISPOSITION.search(text))), "")


_OURS = re.compile(r"\[FW-\d{1,9}\b.*", re.IGNORECASE | re.DOTALL)


def absent_until(mail: InboundMail, today: date) -> date | None:
    """The last day that a note of absence names, where it lies ahead and not too far.

    What it says itself goes before its subject. Of that, and wherever the note repeats it, the words from our
    reference on are ours: they name the day to answer by.
    """
    ours = found[0] if (found := _OURS.search(mail.subject)) else ""
    said, subject = own_words(mail), mail.subject
    if ours:
        said, subject = said.replace(ours, " "), subject.removesuffix(ours)
    return _last_day_ahead(said, today) or _last_day_ahead(subject, today)


def _last_day_ahead(text: str, today: date) -> date | None:
    days = (found.day for found in days_in(text[:4_000], today))
    return max((day for day in days if today <= day <= today + _LONGEST_ABSENCE), default=None)
