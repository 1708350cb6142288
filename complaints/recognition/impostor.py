"""Signs that a mail pretends to come from a listed body: borrowed names and addresses shown as names."""

import re

from complaints.matching.webnames import hosts_upward
from complaints.model import Address, Body
from complaints.recognition.confusables import latin
from complaints.recognition.listing import word_set
from complaints.recognition.lookalike import look_alike
from complaints.recognition.registry import Registry

__all__ = ["MONEY", "claimed_by_name", "is_secure_mail_host", "look_alike", "signs_as"]

_SECURE_HOSTS = word_set(
    "egress zivver mimecast cryptshare cjsm proofpoint ftapi smartlockr virtru sendsafely tutanota hornetsecurity "
    "securemail echoworx zixcorp zix sealpath galaxkey objectivelink"
)
# Where states keep letters for companies to fetch; written whole, since nobody else may speak for them.
_STATE_PORTALS = word_set(
    "correo.gob.es redsara.es notifica.gob.es altinn.no digdir.no digitalpost.dk e-boks.dk e-boks.com mit.dk epuap.gov.pl "
    "edoreczenia.gov.pl mojedatovaschranka.cz slovensko.sk tarhely.gov.hu suomi.fi kivra.com minameddelanden.se digg.se "
    "justitia.belgium.be ebox.be mijnoverheid.nl guichet.lu mein-justizpostfach.bund.de usp.gv.at brz.gv.at viacttc.pt"
)
# No authority asks for these by mail (the CNIL says so of itself); letters about payment data hold none of them.
MONEY = frozenset(
    [
        "bank details",
        "iban",
        "sort code",
        "bitcoin",
        "gift card",
        "settlement fee",
        "processing fee",
        "credentials",
        "kontodaten",
        "bankverbindung",
        "überweis",
        "coordonnées bancaires",
        "virement",
        "cuenta bancaria",
        "bonifico",
        "przelew",
    ]
)
_HOST = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}", re.IGNORECASE)
_NAME_BOUND = 200
_LETTERHEAD = 3
_SIGNATURE = 8
_OPENING = 3_000
_SELF = re.compile(
    r"\b(?:we are|this is|i write for|writ(?:e|ing) (?:from|for|on behalf of)|wir sind|im namen (?:von|der|des)|nous sommes"
    r"|au nom de|somos|en nombre de|siamo|per conto di|wij zijn|namens|jesteśmy|vi är|vi er)"
    r"\s+(?:the |die |der |das |dem |la |le |el |il |de |het )?$",
    re.IGNORECASE,
)


def is_secure_mail_host(domain: str) -> bool:
    """Whether ``domain`` belongs to a service that keeps messages and tells people to fetch them."""
    named = not _SECURE_HOSTS.isdisjoint(re.split(r"[.-]", domain))
    return named or not _STATE_PORTALS.isdisjoint(hosts_upward(domain))


def claimed_by_name(sender: Address, registry: Registry) -> tuple[Body, str] | None:
    """The listed body that the display name of ``sender`` claims, with the words that do.

    A name or an address of the body; letters that only look like its own count as its own.
    """
    shown = sender.name[:_NAME_BOUND]
    for name in dict.fromkeys((shown, latin(shown))):
        for host in _HOST.findall(name):
            listed = registry.at(host.lower())
            if listed is not None and not listed.shared:
                return listed.body, host
        if named := registry.named_in(name):
            return named[0]
    return None


def signs_as(text: str, registry: Registry) -> tuple[Body, str] | None:
    """The listed body that a letter says it is from: in its letterhead, under its name, or in so many words."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for line in (*lines[1 : 1 + _LETTERHEAD], *lines[1 + _LETTERHEAD :][-_SIGNATURE:]):
        for body, name in registry.named_in(line[:_NAME_BOUND]):
            if len(line) <= 2 * len(name) + 12 and not line.endswith((".", "?", ":")):
                return body, name
    opening = text[:_OPENING]
    for body, name in registry.named_in(opening):
        place = opening.find(name)
        if place > 0 and _SELF.search(opening[max(0, place - 40) : place]):
            return body, name
    return None
