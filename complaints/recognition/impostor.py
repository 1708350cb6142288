"""Signs that a mail pretends to come from a listed body: look-alike domains and borrowed names."""

import re
import unicodedata

from complaints.model import Address, Body
from complaints.recognition.listing import word_set
from complaints.recognition.registry import Listed, Registry, own_label

# What imitators put around a body's own word: casework-ico.example, cnil-fr.example, ico-uk-org.example.
_FILLERS = word_set("""uk gb eu org gov co com net fr de es it ie nl pl se dk no pt at be europa europe casework case cases complaint complaints
    data protection privacy dataprotection gdpr rgpd dsgvo office official online portal secure mail email info service services
    pec support help enforcement compliance authority fine fines notice notices verify fee fees register registration plainte plaintes
    beschwerde datenschutz reclamo reclamos klacht team www web my notification notifications alert legal law""")
_LOOKS = str.maketrans(
    {
        "0": "o",
        "1": "l",
        "3": "e",
        "5": "s",
        "8": "b",
        "і": "i",
        "о": "o",
        "а": "a",
        "е": "e",
        "с": "c",
        "р": "p",
        "ı": "i",
    }
)
_SECURE_HOSTS = word_set(
    "egress zivver mimecast cryptshare cjsm proofpoint ftapi smartlockr virtru sendsafely tutanota hornetsecurity "
    "securemail echoworx zixcorp zix sealpath galaxkey objectivelink"
)
# Where states keep letters for companies to fetch; written whole, since nobody else may speak for them.
_STATE_PORTALS = word_set(
    "correo.gob.es redsara.es notifica.gob.es altinn.no digdir.no digitalpost.dk e-boks.dk e-boks.com mit.dk epuap.gov.pl "
    "edoreczenia.gov.pl mojedatovaschranka.cz slovensko.sk tarhely.gov.hu suomi.fi kivra.com minameddelanden.se digg.se "
    "justitia.belgium.be ebox.be mijnoverheid.nl guichet.lu mein-justizpostfach.bund.de usp.gv.at brz.gv.at "
    "viacttc.pt "
)


def look_alike(domain: str, registry: Registry) -> Listed | None:
    """The listed body whose domain ``domain`` imitates, or None. Ask only for domains that are not listed."""
    domain = _readable(domain)
    return (
        _contains_listed(domain, registry)
        or _dressed_up(domain, registry)
        or _one_letter_off(domain, registry)
    )


def is_secure_mail_host(domain: str) -> bool:
    """Whether ``domain`` belongs to a service that keeps messages and tells people to fetch them."""
    labels = domain.split(".")
    parents = (".".join(labels[start:]) for start in range(len(labels) - 1))
    return any(label in _SECURE_HOSTS for label in labels) or any(one in _STATE_PORTALS for one in parents)


def claimed_by_name(sender: Address, registry: Registry) -> tuple[Body, str] | None:
    """The listed body that the display name of ``sender`` claims, with the words that do."""
    named = registry.named_in(sender.name[:200])
    return named[0] if named else None


def _readable(domain: str) -> str:
    try:
        domain = domain.encode("ascii").decode("idna") if "xn--" in domain else domain
    except (UnicodeError, ValueError):
        return domain
    plain = unicodedata.normalize("NFKD", domain)
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()


def _contains_listed(domain: str, registry: Registry) -> Listed | None:
    """ico.org.uk.evil.example, and evil.example with ico.org.uk run together by hyphens."""
    labels = domain.split(".")
    for end in range(len(labels) - 1, 1, -1):
        for start in range(end - 1):
            if (listed := registry.at(".".join(labels[start:end]))) is not None and not listed.shared:
                return listed
    for label in labels[:-1]:
        listed = registry.at(label.replace("-", ".")) if "-" in label else None
        if listed is not None and not listed.shared:
            return listed
    return None


def _dressed_up(domain: str, registry: Registry) -> Listed | None:
    """The body's own word among fillers only, or under another top-level domain."""
    for label in domain.split(".")[:-1]:
        words = [word for word in re.split(r"[-_]", label) if word]
        for word in words:
            listed = next(iter(registry.domains_with_label(word)), None)
            rest = [other for other in words if other is not word]
            if listed is not None and word not in _FILLERS and all(other in _FILLERS for other in rest):
                return listed
    return None


def _one_letter_off(domain: str, registry: Registry) -> Listed | None:
    label = own_label(domain)
    drawn = label.translate(_LOOKS).replace("rn", "m").replace("vv", "w")
    for known in registry.labels:
        if known == label or (len(known) < 6 and known != drawn and known.translate(_LOOKS) != drawn):
            continue
        if known == drawn or known.translate(_LOOKS) == drawn or _near(known, label):
            return registry.domains_with_label(known)[0]
    return None


def _near(one: str, other: str) -> bool:
    """Whether one edit (a letter more, less, other, or two swapped) makes ``other`` of ``one``."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    rest, others = one[start:], other[start:]
    swapped = rest[:2] == others[:2][::-1] and rest[2:] == others[2:]
    return swapped or rest[1:] == others[1:] or rest[1:] == others or rest == others[1:]
