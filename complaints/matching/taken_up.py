"""Sentences that take up the company named before them and say that it is not meant.

"Swift Ltd passed the letter on. It has no part in the matter." A pronoun alone never tells who is meant: the
caller sees to it that one company alone stands before it, and the clause begins the sentence, or goes on in
the name's own.
"""

import re

REACH = 320  # characters behind a name; a letter comes back to it soon or not at all

_BEGINS = r"(?:[.;!?)]\s+|\A[^.;!?]*[,–—]\s+)(?:(?:and|but|however|aber|doch|und|mais|et|pero|y|ma|e|maar|en|men|och|og|ale|i|mas)\s+)?"
_ENGLISH = (
    r"(?:it|they|this|that|these|those|the latter|(?:this|that|the said) (?:company|firm|bank|body|business|organisation)|the (?P<noun>[a-z]+))\s+"
    r"(?:is|are|was|were|has|have|had|plays?|played|takes?|took|falls?|lies|stands?)\b[^.;]{0,40}?"
    r"\b(?:not (?:\w+ ){0,3}?(?:meant|concerned|involved|party|respondent|controller|subject|target|complained|accused|in question|at issue|part of|under)"
    r"|no (?:part|role|involvement|party|concern|hand)\b|out of (?:it|this|the (?:picture|case|matter|scope))|nothing to do with|outside (?:this|the|our))"
    r"|(?:the|this|our|his|her|their) (?:complaint|case|enquiry|inquiry|letter|matter) (?:is|does) not (?:\w+ ){0,3}?(?:about|against|concern|extend to|cover|at) (?:it|them|him|her)\b"
    r"|no complaint (?:is |was |has been )?(?:made |raised )?(?:about|against|of) (?:it|them)\b"
    r"|(?:we|he|she|they|i) (?:make|makes|have|has|raise|raises) no complaint (?:about|against|of) (?:it|them)\b"
    r"|(?:we|he|she|they|i) (?:am|are|is) not (?:complaining|writing) (?:about|of|against) (?:it|them)\b"
)
_GERMAN = (
    r"(?:gegen|um|über|auf|mit) (?:ihn|sie|es|ihr|ihm|ihnen|diese[nmrs]?|jene[nmrs]?|letztere[nmrs]?) (?:richtet|wird|geht|besteht|liegt|bezieht|haben|hat)\b[^.;]{0,50}?\b(?:nicht|kein\w*|nichts)\b"
    r"|(?:sie|er|es|diese[rs]?|jene[rs]?|letztere[rs]?|(?:die|der|das) (?P<nomen>[\w-]+)) (?:ist|sind|war|waren|hat|haben|bleibt|bleiben)\b[^.;]{0,40}?"
    r"(?:nicht (?:\w+ ){0,2}?(?:beteiligt|betroffen|gemeint|gegenstand|partei|verantwortlich|adressat\w*|angesprochen|beschwerdegegner\w*)|unbeteiligt|außen vor|damit nichts|nichts damit)"
)
_FRENCH = (
    r"(?:elle|il|elles|ils|celle-ci|celui-ci|cette (?:société|dernière|entité)|ce dernier) (?:n['’]|ne )\s?(?:est|sont|a|ont|fait|joue)\b[^.;]{0,30}?"
    r"(?:visée?s?|concernée?s?|en cause|partie|rôle|responsables?|l['’]objet)"
    r"|(?:elle|il|celle-ci|celui-ci|cette (?:société|dernière)) (?:est|reste|demeure) (?:hors de cause|étrangère?)"
    r"|(?:la|cette|notre) (?:plainte|réclamation|demande) ne (?:la|le|les|l['’]) ?(?:vise|concerne) pas"
)
_SPANISH = (
    r"(?:esta|ésta|ella|ellas|aquella|(?:dicha|esa|esta) \w+|la misma) no (?:es|está|forma|resulta|figura)\b[^.;]{0,30}?(?:parte|objeto|afectada|reclamada|implicada|responsable)"
    r"|(?:esta|ésta|ella|(?:dicha|esa) \w+) queda (?:fuera|al margen|excluida)|contra ella no se (?:dirige|sigue)"
)
_ITALIAN = r"(?:essa|questa|tale \w+|quest['’]ultima|la stessa) (?:non (?:è|risulta|viene)\b[^.;]{0,30}?(?:parte|coinvolta|interessata|oggetto|destinataria|chiamata)|(?:è|resta|rimane) (?:estranea|fuori)|non c['’]entra)"
_DUTCH = (
    r"(?:dat|die|deze|dit|zij|ze|hij|het) (?:(?:valt|vallen|blijft|blijven|staat|staan)\b[^.;]{0,20}?buiten"
    r"|(?:is|zijn)\b[^.;]{0,20}?(?:geen partij|niet (?:betrokken|bedoeld|aan de orde|het onderwerp))|heeft er niets)"
)
_NORTHERN = (
    r"(?:det|den|denne|detta|dette|de|bolaget|företaget|selskabet|selskapet) (?:är|er|har|omfattas|omfattes|berörs|berøres|står)\b[^.;]{0,25}?"
    r"(?:(?:inte|ikke|ej) (?:\w+ )?(?:part|berör\w*|berørt|avsed\w*|föremål|omfatt\w*|aktuell\w*|indklaget|innklaget|ment|genstand|gjenstand)"
    r"|(?:inget|ingenting|intet|ikke noe|ikke noget) med|utanför|uden for sagen|utenfor saken)"
)
_POLISH = (
    r"(?:ona|on|ta (?:spółka|firma)|spółka ta|ten podmiot) nie (?:jest|są) (?:\w+ )?(?:stron\w+|objęt\w+|adresat\w+)"
    r"|skarga (?:jej|go|ich|tej \w+) nie (?:dotyczy|obejmuje)"
)
_PORTUGUESE = r"(?:esta|ela|a mesma|(?:essa|esta) \w+) não (?:é|está|foi)\b[^.;]{0,30}?(?:parte|visada|envolvida|em causa|objeto)"
_LANGUAGES = (_ENGLISH, _GERMAN, _FRENCH, _SPANISH, _ITALIAN, _DUTCH, _NORTHERN, _POLISH, _PORTUGUESE)
_NOT_MEANT = re.compile(f"{_BEGINS}(?:{'|'.join(_LANGUAGES)})", re.IGNORECASE)


def says_not_meant(behind: str, name: str) -> bool:
    """Whether what follows a name comes back to its bearer to say that the letter is not about it.

    Args:
        behind: the text from the name to the next name, at most ``REACH`` characters.
        name: as the letter writes it; "the council" means the one that calls itself so.
    """
    found = _NOT_MEANT.search(" ".join(behind.split()))
    noun = found and (found["noun"] or found["nomen"])
    return found is not None and (not noun or noun.casefold() in name.casefold())
