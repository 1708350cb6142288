"""Whether a letter forbids telling the customer of it: an order of secrecy, not the usual words on confidence.

A duty not to tell binds whatever a contract says; see also the exception of the GDPR, article 28(3)(a), for a
processor whom the law forbids to inform its controller on important grounds of public interest.
"""

import re
from collections.abc import Iterable

from complaints.model import Passage

_REACH = r"[^.!?\n]{0,110}?"
_ORDERS = (
    # English
    (
        r"you (?:must|may|shall|should|can(?:no|')?t?|are) not (?:to )?|(?:^|[,;:] |please |and )do not |you are (?:prohibited|forbidden) (?:from|to) |not permitted to |(?:must|shall) refrain from |without ",
        r"(?:inform|notif|tell|disclos|alert|tip(?:ping)? off|reveal|advis)\w*",
        r"(?:the |your |any )?(?:data )?(?:controller|customers?|clients?|principals?|company (?:under investigation|concerned))",
    ),
    # German
    (
        r"(?:dürfen|darf|sollen|haben)\b[^.!?\n]{0,90}?\bnicht|(?:ist|wird) (?:ihnen )?(?:untersagt|verboten)|bitten sie,?[^.!?\n]{0,60}\bnicht|ohne",
        r"(?:informier|unterricht|benachrichtig|verständig|mitteil|mitzuteil|weitergeb|weiterzugeb|offenleg|offenzuleg|kenntnis)\w*",
        r"(?:verantwortlichen?|auftraggeber\w*|kund(?:en|in)\w*|mandant\w*)",
    ),
    # French
    (
        r"(?:vous )?ne (?:devez|pouvez|doit|peut|sauriez) (?:pas|en aucun cas)|interdi\w+ (?:de|d')|(?:vous )?abstenir (?:de|d')|veuillez ne pas|sans",
        r"(?:inform|avert|préven|communiqu|divulgu|révél|avis)\w*",
        r"(?:responsables? d[ue] traitement|votre client\w*|vos clients)",
    ),
    # Spanish
    (
        r"no (?:debe|podrá|puede|deberá)n?|prohibid[oa]|prohíbe|absten\w+ de|sin",
        r"(?:inform|comuni|notifi|revel|advert|avis)\w*",
        r"(?:responsables? del tratamiento|su cliente|sus clientes)",
    ),
    # Italian
    (
        r"non (?:deve|può|dovrà|potrà|dovete|potete)|vietato|divieto di|asten\w+ da\w*|senza",
        r"(?:inform|comunic|avvis|rivel|notific)\w*",
        r"(?:titolare del trattamento|vostro cliente|suo cliente|vostri clienti)",
    ),
    # Dutch
    (
        r"(?:mag|mogen|moet|dient)\b[^.!?\n]{0,90}?\bniet|verboden|zonder",
        r"(?:informer|inlicht|in te lichten|op de hoogte|meedel|mee te delen|waarschuw|bekend)\w*",
        r"(?:verwerkingsverantwoordelijke\w*|uw klant\w*|uw opdrachtgever\w*|de klant|opdrachtgever)",
    ),
)
# German and Dutch put whom one may not tell between "may" and "not".
_BETWEEN = (
    rf"(?:dürfen|darf|sollen){_REACH}\b{_ORDERS[1][2]}{_REACH}\bnicht{_REACH}\b{_ORDERS[1][1]}\b",
    rf"(?:mag|mogen|moet|dient){_REACH}\b{_ORDERS[5][2]}{_REACH}\bniet{_REACH}\b{_ORDERS[5][1]}\b",
)
_ORDER = re.compile(
    "|".join(
        (
            *(
                rf"(?:{no})\b{_REACH}\b(?:{tell}{_REACH}\b{party}|{party}{_REACH}\b{tell})\b"
                for no, tell, party in _ORDERS
            ),
            *_BETWEEN,
        )
    ),
    re.IGNORECASE | re.MULTILINE,
)
# Whose name is not to be told is another matter, and so is what we may not tell others than the customer.
_OTHER = re.compile(
    r"\b(?:identit\w+|name of|namen? (?:der|des)|nom du|nombre del|nome del|naam van|complainant['’]s|unless|until|without (?:delay|first)|except|es sei denn|sauf|salvo|tenzij)\b",
    re.IGNORECASE,
)
_QUOTE_BOUND = 240
_TEXT_BOUND = 24_000


def forbidding(passages: Iterable[Passage]) -> str:
    """The words by which a letter forbids telling the customer; empty where it does not.

    Args:
        passages: what the letter says itself.
    """
    for passage in passages:
        text = " ".join(passage.text[:_TEXT_BOUND].split())
        for found in _ORDER.finditer(text):
            if not _OTHER.search(found[0]):
                return found[0].strip(" ,;:")[:_QUOTE_BOUND]
    return ""
