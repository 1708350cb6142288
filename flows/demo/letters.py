"""The letters of the story: what lies in ``letters/`` as text, made into mail as our server would hand it over.

A file has a few headers (From, Subject, Language, where it has one the name of an attached PDF), an empty
line, and what the letter says. All people, companies and cases in them are made up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage, Message
from email.parser import Parser
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from enum import Enum
from hashlib import sha256
from importlib import resources
from string import Template
from zoneinfo import ZoneInfo

from flows.demo.paper import pdf

ORGANISATION = "Tidewater Managed Services"
DOMAIN = "tidewater-ms.example"
INBOX = f"privacy@{DOMAIN}"
TRIAGE = f"privacy-team@{DOMAIN}"
MANAGERS = f"compliance@{DOMAIN}"
AUTHSERV = f"mx.{DOMAIN}"
TERM = timedelta(hours=24)

_ASKED_BEFORE = timedelta(days=47)
_ON_ITS_WAY = timedelta(seconds=4)
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}


class Fate(Enum):
    """What the desk is to make of a letter."""

    FORWARDED = "forwarded to the supplier manager"
    WAITS = "waits for a person, sent to no customer"
    BREACHED = "waits for a person until its time is over"
    BOUNCED = "comes back, and waits for a person"
    FILED = "filed, nothing to forward"


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """One letter of the story."""

    name: str  # of its file in letters/
    title: str  # as the checklist calls it
    told: str  # what arrives, for the person who watches
    fate: Fate
    to: str = ""  # the supplier manager's address, where one is to get it
    reason: str = ""  # why a person is asked, as the desk names it
    lain: timedelta = field(default=timedelta(0))  # how long it lies in the mailbox already


SCENES: Sequence[Scene] = (
    Scene(
        name="plain",
        title="the British letter",
        told="The British authority writes about Larkfield Optical.",
        fate=Fate.FORWARDED,
        to="priya.raman@larkfield-optical.example",
    ),
    Scene(
        name="overdue",
        title="the letter of yesterday",
        told="The Irish authority's letter has lain in the mailbox for 23 h 59 min and names no customer of ours.",
        fate=Fate.BREACHED,
        reason="unmatched",
        lain=TERM - timedelta(minutes=1),
    ),
    Scene(
        name="german",
        title="the German letter",
        told="Hesse writes in German; only the attached PDF says whom it concerns.",
        fate=Fate.FORWARDED,
        to="jonas.petersen@brenner-vogt.example",
    ),
    Scene(
        name="french",
        title="the French letter",
        told="The CNIL writes in French, with a PDF.",
        fate=Fate.FORWARDED,
        to="claire.vasseur@maison-delorme.example",
    ),
    Scene(
        name="noyb",
        title="noyb's letter",
        told="A public-interest body, noyb, complains about Fjordlys Strøm.",
        fate=Fate.FORWARDED,
        to="ingrid.moen@fjordlys.example",
    ),
    Scene(
        name="newsletter",
        title="the newsletter",
        told="A newsletter of the British authority: genuine, and nothing to forward.",
        fate=Fate.FILED,
    ),
    Scene(
        name="forged",
        title="the forged letter",
        told="Somebody poses as the British authority and wants money.",
        fate=Fate.WAITS,
        reason="suspicious",
    ),
    Scene(
        name="two",
        title="the letter that names two customers",
        told="One letter, two customers: it names Larkfield Optical and Pennine Parcel Express.",
        fate=Fate.WAITS,
        reason="ambiguous",
    ),
    Scene(
        name="bounced",
        title="the letter that came back",
        told="A letter for Calder Valley Lettings, whose supplier manager has left.",
        fate=Fate.BOUNCED,
        to="ruth.akande@calder-lettings.example",
        reason="bounced",
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A scene's letter as it is put into the mailbox."""

    scene: Scene
    raw: bytes
    delivered_at: datetime  # aware; the mailbox's INTERNALDATE

    @property
    def sha256(self) -> str:
        """Of the letter, 64 hex digits."""
        return sha256(self.raw).hexdigest()


def write(scene: Scene, now: datetime, zone: ZoneInfo) -> Letter:
    """Write a scene's letter.

    Args:
        scene: which one.
        now: aware.
        zone: in which the letter is dated.
    """
    at = (now - scene.lain).replace(microsecond=0)
    source = Parser().parsestr(_text(f"{scene.name}.txt"))
    words = _words(source["Language"], at.astimezone(zone))
    letter = EmailMessage(policy=SMTP)
    _stamp(letter, source, at)
    letter.set_content(Template(str(source.get_payload())).substitute(words))
    if name := source["Attachment"]:
        paper = pdf(Template(_text(f"{scene.name}.pdf.txt")).substitute(words))
        letter.add_attachment(paper, maintype="application", subtype="pdf", filename=name)
    return Letter(scene=scene, raw=bytes(letter), delivered_at=at)


def sender_of(scene: Scene) -> str:
    """Who writes, as the letter shows it."""
    return str(Parser().parsestr(_text(f"{scene.name}.txt"), headersonly=True)["From"])


def _stamp(letter: EmailMessage, source: Message, at: datetime) -> None:
    """The headers, the first of them as our own mail server would put them on top."""
    domain = parseaddr(source["From"])[1].rpartition("@")[2]
    stamp = f"{at:%Y%m%d%H%M%S}.{sha256(source['Subject'].encode()).hexdigest()[:12]}"
    letter["Return-Path"] = f"<{parseaddr(source['From'])[1]}>"
    letter["Received"] = (
        f"from mail.{domain} by {AUTHSERV} with ESMTPS id {stamp[-12:]} for <{INBOX}>; {format_datetime(at)}"
    )
    letter["Authentication-Results"] = (
        f"{AUTHSERV}; spf=pass smtp.mailfrom={domain}; dkim=pass header.d={domain}; dmarc=pass header.from={domain}"
    )
    letter["Date"] = format_datetime(at - _ON_ITS_WAY)
    letter["From"], letter["To"] = source["From"], INBOX
    letter["Subject"], letter["Message-ID"] = source["Subject"], f"<{stamp}@{domain}>"
    if listed := source["List-Unsubscribe"]:
        letter["List-Unsubscribe"] = listed


def _words(language: str, today: datetime) -> dict[str, str]:
    return {
        "us": ORGANISATION,
        "address": INBOX,
        "today": _day(today, language),
        "asked": _day(today - _ASKED_BEFORE, language),
    }


def _day(at: datetime, language: str) -> str:
    month = _MONTHS[language].split()[at.month - 1]
    number = f"{at.day}." if language == "de" else str(at.day)
    return f"{number} {month} {at.year}"


def _text(name: str) -> str:
    return (resources.files(__package__) / "letters" / name).read_text(encoding="utf-8")
