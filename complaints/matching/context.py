"""What a letter says around a name: excluded, the respondent, mentioned in passing, in doubt."""

import re
from collections.abc import Collection
from enum import StrEnum

_SHORTEST_NAME = 5  # letters of our name that nobody else's word is
REACH = 160  # characters on each side of a name that are looked at

_SENTENCE = re.compile(r"(?<=[.;!?])\s")
_BOUNDARY = re.compile(r"[.!?](?=\s+[A-ZÀ-Þ„\"«(¿¡]|\s*$)|;|\n[ \t]*\n")
_HARD = re.IGNORECASE | re.DOTALL


class Stance(StrEnum):
    """How a letter mentions a name."""

    RESPONDENT = "respondent"  # in the place where letters name whom the complaint is against
    PLAIN = "plain"
    PASSING = "in passing"  # "seen on", "paid with"
    DOUBTFUL = "doubtful"  # a negation is near, but what it negates is not clear
    EXCLUDED = "excluded"  # expressly not meant


def sentence_before(text: str, at: int) -> str:
    """The sentence up to a position."""
    window = text[max(0, at - REACH) : at]
    ends = [
        match.end()
        for match in _BOUNDARY.finditer(window)
        if match.end() < len(window) or match.group() == ";"
    ]
    return _on_one_line(window[ends[-1] :] if ends else window)


def sentence_after(text: str, at: int) -> str:
    """The sentence from a position on; a full stop right behind a legal form does not end it."""
    window = text[at : at + REACH]
    skip = 1 if window.startswith(".") and re.match(r"\.[\s,)]+[^\W\dA-ZÀ-Þ]", window) else 0
    found = _BOUNDARY.search(window, skip)
    return _on_one_line(window[: found.start()] if found else window)


def _on_one_line(sentence: str) -> str:
    """The same characters without line breaks: the phrases that are looked for are written with blanks."""
    return sentence.replace("\n", " ")


_NEGATORS = (
    r"not|nor|neither|never|nobody|no one|none|isn't|aren't|wasn't|doesn't|don't|without|excluding|except(?: for)?|rather than|other than|"
    r"instead of|as opposed to|unlike|unrelated to|independent of|nothing to do with|no(?!\.)(?= (?:complaint|allegation|part|suggestion))|"
    r"nicht|weder|noch|kein\w*|statt|anstelle|außer|ausgenommen|ausdrücklich nicht|"
    r"contrairement|anders als|a diferencia|a differenza|in tegenstelling|till skillnad|i modsætning|i motsetning|w odróżnieniu|varken|hverken|ani|"
    r"pas|ni|non|aucun\w*|sauf|hormis|excepté|autre que|plutôt que|"
    r"no|tampoco|salvo|excepto|né|eccetto|tranne|anziché|"
    r"inte|ej|icke|ikke|ei|eikä|niet|geen|evenmin|nie|ani|oprócz|não|nem"
)
_LINKS = (
    r"against|about|concerning|concerns?|regarding|towards?|involv\w+|directed|target\w*|addressed|at|of|in|to|by|for|with|"
    r"the|an?|any|its|their|our|your|either|even|other|another|same|be|confus\w+|mistaken|complaints?|allegations?|part|"
    r"is|are|was|were|do|does|did|I|we|they|he|she|it|make|makes|made|making|any|complain|complains|complaining|complained|dealings?|dealt|American|British|German|French|Irish|Dutch|Swedish|Danish|Norwegian|Polish|Italian|Spanish|Austrian|Swiss|Belgian|other|"
    r"Gegenstand|sind|ist|war|waren|wird|werden|\w{4,}dienste|\w{4,}dienst|Dienste|Geschäft|Angebot\w*|"
    r"suggest\w*|has|have|had|raised?|raises|said|says|anything|something|company|firm|entity|group|parent|sister|subsidiary|brand|site|website|branch\w*|business|bank|shops?|"
    r"stores?|seller|retailer|social|network|app|service|platform|operator|publisher|holding|named|called|known|as|well-known|"
    r"gegen|über|um|von|vom|bei|mit|die|der|das|dem|den|des|eine?[rmns]?|Beschwerden?|Firma|Gesellschaft|Schwester\w*|Mutter\w*|"
    r"Tochter\w*|Marke|Konzern\w*|Unternehmen|Anbieter|gleichnamige\w*|bekannte\w*|etwa|auch|"
    r"contre|sur|à|au|aux|de|du|des|la|le|les|l'|un|une|son|sa|ses|vise\w*|concerne\w*|société|filiale\w*|groupe|maison|plainte|"
    r"el|los|las|contra|a|sus?|se|refiere|dirige|empresa|filial\w*|matriz|"
    r"il|lo|gli|i|della?|dell'|dei|delle|contro|riguarda|concerne|società|capogruppo|controllata|"
    r"plus|que|tocca|toccano|touche|touchent|toca|berührt|raakt|rör|berör|rører|dotyka|obejmuje|covers?|includes?|extends?|"
    r"mot|mod|om|avser|gäller|gælder|gjelder|omfattar|filialerna|filialen|bolaget|selskabet|selskapet|moder\w*|søster\w*|syster\w*|banken|"
    r"tegen|over|op|het|een|zuster\w*|moeder\w*|dochter\w*|bedrijf|vennootschap|"
    r"przeciwko|dotyczy|na|wobec|gericht\w*|richt\w*|dirigé\w*|dirigid[ao]|rivolt[ao]|riktat|rettet|skierowana|spółk\w+|firmy|koske|from"
)
_NEG_NEAR = re.compile(
    rf"(?<![\w'])(?:{_NEGATORS})(?P<gap>(?:[\s,(\"„“«'/-]+[\w'’-]+){{0,6}}?)[\s,(\"„“«'/-]*$", _HARD
)
_LINK_WORDS = re.compile(rf"(?:[\s,(\"„“«'/-]+(?:{_LINKS}))*", _HARD)
# "has not received a reply from X" denies the reply, not X.
_DENIES_A_DEED = re.compile(
    r"\b(?:receiv|repl|answer|respon|heard|obtain|got|been|delet|satisf|happy|able|consent|agree|inform|told|remov|stop|compl[iy]|"
    r"provid|given|want|erhalten|bekommen|antwort|auskunft|gelösch|zufrieden|einwillig|eingewillig|reçu|obtenu|répon|accept|satisfai|"
    r"recib|obten|respuesta|respond|consinti|ricev|otten|rispo|fått|svar|ontvangen|gekregen|antwoord|otrzyma|odpowied|saanut|vastaus)",
    _HARD,
)
_NOT_ONLY = re.compile(
    r"\b(?:not only|nicht nur|pas seulement|non seulement|no s[oó]lo|non solo|inte bara|ikke (?:kun|bare)|niet alleen)\b",
    _HARD,
)

_NEG_AFTER = re.compile(
    r"^[^;]{0,110}?(?:"
    r"\b(?:is|are|was|were|does|do|did|has|have|need|should)(?:,? [\w ,-]{1,40},)?(?: \w+)? ?(?:not|n't|in no way) (?:\w+ ){0,3}?"
    r"(?:meant|at issue|in issue|concern\w*|involved|subject|respondent|controller|target\w*|company|part|in question|complained|"
    r"complaint|affected|covered|party|parties|intended|in scope|under|included?|relevant|responsible|named|accused)"
    r"|\b(?:is|are) (?:\w+ )?(?:excluded|unrelated|out of scope|unaffected|merely mentioned|only mentioned)"
    r"|\b(?:is|are|being) (?:\w+ )?(?:an? )?(?:different|separate|distinct|other|another) (?:undertaking|company|firm|business|entity|people|concern|organi[sz]ation|matter)"
    r"|\b(?:often|easily|not to be|sometimes|is|be) (?:confused|mixed up|mistaken) |\bmit (?:dem|der|denen) (?:\w+ ){0,4}verwechsel|\bzu verwechseln|\bum (?:ihn|sie|es|diese\w*) geht es (?:\w+ ){0,2}nicht"
    r"|\b(?:souvent|à ne pas) confond|\bque (?:a menudo )?se confunde|\b(?:spesso|da non) conf[uo]|\b(?:vaak|niet te) verwar|\bförväxla|\bforveksl"
    r"|\b(?:is|are) (?:\w+ )?(?:no|not a) (?:party|target)\b|\b(?:is|are|was|were) (?:of )?no concern|\b(?:is|are) out of (?:it|this|the)\b|\bdo(?:es)?(?: not|n't)? come into (?:it|this)\b|\bneither (?:is|are|of (?:them|which) is) (?:our target|responsible|meant|concerned|at issue|a party)"
    r"|\bhaben wir (?:\w+ ){0,2}(?:keinen Streit|kein Problem|nicht (?:abgemahnt|angeschrieben|verklagt|beanstandet))|\bwurden? (?:\w+ ){0,2}nicht (?:abgemahnt|angeschrieben|verklagt|beanstandet)|\bnicht (?:\w+ ){0,2}(?:unser |Ihr )?Thema|\b(?:ist|sind) (?:aber |jedoch )?nicht (?:\w+ ){0,2}(?:Adressat\w*|Verfahrenspartei|Beteiligte\w*)"
    r"|\b(?:blijft|blijven) (?:hier)?(?:er)?buiten|\blos van\b|\bstaat hier buiten|\bhar (?:\w+ )?(?:ingenting|inget|intet|ikke noe|ikke noget) .{0,24}(?:gjøre|gøre|göra)|\b(?:er|är) (?:dermed |hermed |därmed )?(?:ute av|ude af|ute ur) saken|\bude af sagen"
    r"|\bnada tienen? que ver|\bnon sono (?:\w+ ){0,3}?parti\b|\bse queda\w* al margen|\bno (?:entra\w*|se ve\w* afectad\w+)"
    r"|\b(?:has|have|had) nothing to do|\bno (?:complaint|allegation)\w* (?:is|was|has|against|about)|\bneed not (?:answer|reply)"
    r"|\bnicht (?:\w+ ){0,3}?(?:gemeint|betroffen|berührt|tangiert|einbezogen|befasst|beschwert|Gegenstand|gegenständlich|beteiligt|verantwortlich|angesprochen|erfasst|Partei)"
    r"|\b(?:ist|sind|bleib\w+) (?:\w+ ){0,2}(?:ausgenommen|außen vor|unbeteiligt)|\bhat (?:\w+ ){0,2}nichts|\bkeine Beschwerde"
    r"|\bn(?:e |')(?:\w+ ){0,2}?(?:f(?:ait|ont) |est |sont |étai\w+ )(?:\w+ )?(?:l'objet|concern\w+|vis\w+|mis|partie|en cause|pas)"
    r"|\bhors de cause|\baucune plainte|\bn'a rien à voir|\bn'ont rien à voir"
    r"|\bno (?:es|son|est[áa]n?|forma\w*|ha sido) (?:\w+ ){0,3}?(?:objeto|parte|afectad\w+|reclamad\w+|implicad\w+|responsable\w*)"
    r"|\bqueda\w* (?:fuera|exclu\w+)|\bnada que ver|\bajen[ao]s?\b"
    r"|\bnon (?:è|sono|rientra\w*) (?:\w+ ){0,3}?(?:oggetto|coinvolt\w+|parte|interessat\w+|destinatari\w+|in discussione)"
    r"|\bnon (?:c'entra|riguarda)|\bestrane[aoi]"
    r"|\b(?:är|avses|omfattas|berörs|er|omfattes|berøres) (?:\w+ ){0,2}?(?:inte|ikke|ej)|\b(?:inte|ikke) (?:\w+ ){0,2}?"
    r"(?:berörd\w*|aktuell\w*|avsed\w*|omfatt\w*|berørt|ment|part)"
    r"|\b(?:niet|geen) (?:\w+ ){0,3}?(?:bedoeld|betrokken|onderwerp|partij|klacht|aan de orde)|\bbuiten beschouwing|\bheeft er niets"
    r"|\bnie (?:\w+ ){0,2}?(?:dotyczy|jest|są|objęt\w+|obejmuj\w+|chodzi)"
    r"|\b(?:has|have|had|takes?|took|plays?|played) no (?:part|role|involvement|hand|share)\b"
    r"|\bhat(?:te)? mit (?:\w+ ){1,4}(?:nichts|nie|niemals) (?:etwas )?zu (?:tun|schaffen)"
    r"|\bnão (?:é|são|está)|\bei (?:\w+ ){0,2}?(?:ole|koske|tarkoiteta)"
    r")",
    _HARD,
)
_BUT = re.compile(
    r"\b(?:but|however|whereas|while|sondern|aber|jedoch|mais|pero|sino|bensì|utan|men|maar|lecz|ale)\b",
    _HARD,
)

_RESPONDENT = re.compile(
    r"(?:\b(?:complain\w*|grievance|concerns?|objections?|enquir\w+|inquir\w+|case|allegations?|information|letter|request)\s+(?:[\w']+\s+){0,6}?)?"
    r"(?:\b(?:against|about|concerning|concerns?|regarding|in respect of|relat\w+ to|re|(?:file|case|enquiry|inquiry|investigation) (?:on|into)|respondent|controller|organisation|company|"
    r"customer|client|data controller|complaint|subject|named)"
    r"|\b(?:gegen(?:über)?|betreffend|betrifft|über|Betreff|Betr|Verantwortliche[rn]?|Beschwerdegegner(?:in)?|Kundin|Kunden|Besucherin|Firma|von)"
    r"|\b(?:contre|concern\w+|visant|vise|à l'encontre|à l'égard|responsable(?: du traitement)?|société|objet|mise? en cause)"
    r"|\b(?:contra|frente a|relativ[ao] a|reclamad[ao]|responsable|entidad|mercantil|empresa)"
    r"|\b(?:nei confronti|contro|avverso|titolare|relativo a|riguarda(?:nte)?|società|resistente)"
    r"|\b(?:mot|mod|avser|gäller|gælder|gjelder|vedrørende|angående|ansvarig|ansvarlig\w*|klagomål(?:et)?(?: (?:mot|på|om|över))?|klage(?:n)?(?: (?:på|over|mod))?)"
    r"|\b(?:tegen|betreffende|inzake|jegens|betreft|verwerkingsverantwoordelijke|verweerder|klacht)"
    r"|\b(?:przeciwko|dotyczy|na|administrator\w*|wobec|vastaan|rekisterinpitäjä\w*))"
    r"(?:\s+(?:is|are|was|ist|sind|est|es|è|är|er|jest))?\s*:?[\s(\"„“«'–-]{0,4}(?:(?:the|your|our|der|die|das|den|dem|la|le|les|l'|el|de|d'|di|della|dell'|du|des|het|een|customer|company|"
    r"client|Firma|Kundin|société|società|empresa|mercantil|bolaget|spółce|spółki|firmie|firmy|online|retailer|operator|provider|bank|"
    r"platform|app|marketplace)[\s(\"„“«'-]*){0,4}$",
    _HARD,
)
_ROLE_AFTER = re.compile(
    r"^[\s,]*\(?[\"„“«']?(?:the |als |en tant que |as )?(?:respondent|(?:data )?controller|verantwortliche\w*|beschwerdegegner\w*|responsable|"
    r"parte reclamada|titolare|personuppgiftsansvarig|dataansvarlig|verwerkingsverantwoordelijke|administrator)",
    _HARD,
)
_PASSING = re.compile(
    r"\b(?:on|via|through|using|paid (?:with|by|through)|per|über|auf|mittels|sur|su|tramite|på|genom|op|"
    r"hosted (?:by|on)|formerly (?:at|of|with)|works? (?:for|at)|employed (?:by|at)|like|such as|e\.g\.|similar to|wie|comme|como|come|såsom|zoals|"
    r"bank with|phones are by|banking? (?:at|with)|loopt bij|we use|formerly with|copy to|cc)\s+(?:the |her |his |a |an |der |die |das |la |le |l')?$",
    _HARD,
)
# "Other providers, such as X": named to compare.
_OTHERS = re.compile(
    r"\b(?:other (?:\w+ )?(?:companies|firms|providers|brands|operators|services|customers|suppliers|retailers|banks|insurers)|andere[nr]? (?:\w+ )?(?:anbieter|unternehmen|dienste|\w*dienste|gesellschaften|firmen|banken|marken|kunden)|übrigen (?:\w+ )?(?:gesellschaften|unternehmen|marken)"
    r"|(?:d['’])?autres (?:\w+ )?(?:sociétés|entreprises|opérateurs|services|marques|clients|banques)|otras (?:empresas|entidades|marcas|compañías)|otros (?:operadores|servicios|clientes)|altre (?:società|aziende|imprese|banche|insegne)|altri (?:operatori|servizi|clienti)"
    r"|andere (?:bedrijven|aanbieders|diensten|merken|klanten)|inne (?:firmy|spółki|banki|marki)|innych (?:firm|spółek|banków)|andra (?:bolag|företag|butiker|tjänster)|andre (?:selskaber|selskaper|virksomheder|virksomheter|tjenester)|outras empresas|outros operadores)\b[^.;!?]{0,60}\Z",
    _HARD,
)
_DOUBT = re.compile(
    r"\b(?:cannot|can't|could not|couldn't|unable to|do not|don't|does not|not)\s+(?:\w+ ){0,3}?(?:tell|know|say|sure|certain|clear|establish|determine|"
    r"identify|identified|confirm|distinguish)[^.;!?]{0,80}?\b(?:which|who|whether|from|company|compan|entity|firm|one|them)"
    r"|\bunclear[^.;!?]{0,40}\b(?:which|who|whether)|\b(?:it is|is) (?:not known|unknown) (?:which|who)|\bwhich of (?:the|these|your|them)\b"
    r"|\bone of (?:the|your) (?:\w+ ){0,3}(?:companies|customers|clients|entities|firms)|\bseveral (?:\w+ ){0,2}(?:companies|entities) (?:of|with|bear)"
    r"|\bwe (?:assume|guess|suspect|presume)[^.;]{0,60}\b(?:company|means?|meant|concerns?)"
    r"|\b(?:unklar|offen|nicht bekannt|nicht erkennbar|nicht ersichtlich|wissen (?:wir )?nicht|(?:können|konnte\w*) (?:wir )?nicht)[^.;!?]{0,60}\b"
    r"(?:welche\w*|wer|wem|ob|Gesellschaft)|\bwelche\w* (?:\w+ ){0,3}(?:Gesellschaft\w*|gemeint|Unternehmen)"
    r"|\b(?:ne sa(?:it|vons|chant)|ignor\w+|n'indique|pas (?:possible|clair|précisé|en mesure))[^.;!?]{0,60}\b(?:quell?e?s?|laquelle|lequel|qui|si|société)"
    r"|\bquelle (?:société|entité|entreprise)|\b(?:no (?:sab\w+|consta|se sabe|está claro|queda claro|precisa))[^.;!?]{0,60}\b(?:cuál|qué|quién|si)"
    r"|\bnon (?:sa\w*|è chiaro|è noto|è dato|risulta chiaro|specifica)[^.;!?]{0,60}\b(?:quale|chi|se)"
    r"|\b(?:against both|gegen beide|contre (?:les deux|toutes les deux|tous (?:les )?deux)|tous deux|toutes deux|contra ambas|contra ambos|contro entrambe?i?|tegen (?:allebei|beide)|przeciwko ob[ua]|mot båda|mot begge|mod begge|both of them are|each of the two)\b"
    r"|\bnothing to do with (?:that|this|those) (?:\w+ )?(?:business|company|firm|bank|organi[sz]ation|group|people|one|brand)|\bmit (?:diese[rmn]|jene[rmn]) (?:\w+ )?(?:unternehmen|gesellschaft|firma|bank|gruppe) (?:\w+ ){0,3}nichts zu tun|\brien à voir avec (?:cette|ce)\b|\bnada que ver con (?:esa|esta|dicha)\b|\bnulla a che (?:vedere|fare) con (?:questa|quella|tale)\b|\bniets te maken met (?:dat|die|deze) (?:bedrijf|onderneming)"
    r"|\bgeht (?:\w+ ){0,5}nicht hervor|\b(?:nicht zu entnehmen|lässt sich (?:\w+ ){0,3}nicht)\b|\bn['’]apparaît pas\b|\bne ressort pas\b|\bno se desprende\b|\bnon emerge\b|\bblijkt niet uit\b"
    r"|\b(?:oklart|vet inte|framgår inte|okänt|uklart|ved ikke|vet ikke|fremgår ikke|fremgår det ikke)[^.;!?]{0,60}\b(?:vilke\w*|hvilke\w*|vem|hvem|om)"
    r"|\b(?:onduidelijk|weten (?:wij )?niet|niet bekend|niet duidelijk|blijkt niet)[^.;!?]{0,60}\b(?:welke?|wie|of)"
    r"|\b(?:nie wiadomo|nie wiemy|niejasne|nie wynika)[^.;!?]{0,60}\b(?:któr\w+|kto|czy)",
    _HARD,
)


# The complaint is against us, not against a customer of ours.
_AGAINST_YOU = re.compile(
    r"\b(?:does not|doesn't|not) (?:concern|writing about|about) any of your (?:clients|customers)|\bthis is about you\b|\bregard (?:you|northgate|your company) as (?:the |a )?controller\b"
    r"|\b(?:complaint|complains)\s+(?:is\s+)?(?:made\s+)?(?:about|against)\s+(?:you\b|yourselves|your own)"
    r"|\bbeschwerde\s+(?:richtet sich\s+)?gegen\s+sie\b|\bplainte\s+contre\s+vous\b|"
    r"\b(?:against (?:you(?:rselves| yourselves| as (?:a )?(?:controller|employer)| directly)?(?= and not| itself|[.,;:)]|$)|your own (?:company|organisation|organization|firm|house|business|staff))"
    r"|(?:you|northgate) (?:yourselves |itself )?(?:are|is|act|acts|acted) (?:here |itself |yourselves )?(?:the|as (?:the )?|as a )\s?(?:sole )?(?:data )?controller"
    r"|you(?:r company)? (?:are|is) (?:itself |yourselves )?the (?:respondent|subject of the complaint|organisation complained)"
    r"|in your (?:own )?(?:capacity|role) as (?:an? )?(?:controller|employer)|as (?:a )?controller in (?:your|its) own right"
    r"|gegen (?:ihr (?:eigenes )?(?:haus|unternehmen)|sie selbst|ihr eigenes)|sie selbst (?:als )?verantwortliche\w*|in (?:ihrer )?eigenschaft als (?:verantwortliche|arbeitgeber)\w*"
    r"|contre (?:votre (?:propre )?(?:société|entreprise|organisme)|vous-mêmes?)|en (?:votre )?qualité de (?:responsable du traitement|employeur)"
    r"|contra (?:su propia (?:empresa|entidad)|ustedes mismos|su entidad)|en (?:su )?calidad de (?:responsable|empleador)"
    r"|contro (?:la vostra stessa società|di voi|codesta società quale titolare)|in (?:vostra )?qualità di titolar[ei]"
    r"|tegen (?:uw eigen (?:bedrijf|organisatie)|u ?zelf)|in (?:uw )?hoedanigheid van (?:verwerkingsverantwoordelijke|werkgever)"
    r"|przeciwko (?:samej )?państwa (?:spółce|firmie)|mot (?:ert eget (?:företag|bolag)|er själva)|mod (?:jeres egen virksomhed|jer selv)|mot (?:deres egen virksomhet|dere selv)"
    r"|contra a vossa própria (?:empresa|organização))",
    _HARD,
)
# The words of which all of one row stand in every phrase of _AGAINST_YOU, in the spelling of _plainly.
_AGAINST_YOU_HINTS = (
    ("any of your ",),
    ("this is about you",),
    ("regard ", " as ", "controller"),
    ("complain", "about you"),
    ("beschwerde", "gegen sie"),
    ("plainte", "contre vous"),
    ("against you",),
    *(
        ("controller", who)
        for who in ("you are", "you is", "you act", "you yourselves", "you itself", "northgate ")
    ),
    *(
        (who, what)
        for who in ("you are ", "you is ", "your company are ", "your company is ")
        for what in ("the respondent", "the subject of the complaint", "the organisation complained")
    ),
    *(("in your ", f"{what} as ") for what in ("capacity", "role")),
    ("controller in ", "own right"),
    *((f"gegen {who}",) for who in ("ihr haus", "ihr unternehmen", "ihr eigenes", "sie selbst")),
    ("sie selbst ", "verantwortliche"),
    ("eigenschaft als ",),
    *((f"contre {who}",) for who in ("votre ", "vous-même")),
    ("qualité de ",),
    *((f"contra {who}",) for who in ("su propia ", "ustedes mismos", "su entidad", "a vossa ")),
    ("calidad de ",),
    *((f"contro {who}",) for who in ("la vostra stessa", "di voi", "codesta ")),
    ("qualità di ",),
    *((f"tegen {who}",) for who in ("uw eigen ", "uzelf", "u zelf")),
    ("hoedanigheid van ",),
    ("przeciwko ", "państwa "),
    *((f"mot {who}",) for who in ("ert eget ", "er själva", "deres egen ", "dere selv")),
    *((f"mod {who}",) for who in ("jeres egen ", "jer selv")),
)
# Spoken to as the controller, in every language of the registers; "not as controller" is the opposite.
_AS_CONTROLLER = re.compile(
    r"\bverantwortlich\w*[^.;!?]{0,60}\bsie selbst\b"
    r"|\b(?:beschwerden?|complaints?|plainte|reclamación|reclamo|klacht)\s+(?:über|about|concernant|relative à|sobre|relativ\w+ a|over)\s+(?:ihr|your|votre|su|vostr\w|uw)\s+(?:own\s+)?(?:bewerbungsverfahren|recruitment|hiring|personal\w*|recrutement|proceso de selección|selezione|sollicitatie\w*)"
    r"|\b(?:waarvoor u|for which you|für die sie|dont vous|de los que ustedes|di cui (?:codesta|la vostra))\b[^.;!?]{0,30}\b(?:verwerkingsverantwoordelijke|controller|verantwortlich\w*|responsables?|titolare)"
    r"|\beigen verwerking|\bown processing|\beigene verarbeitung|\btraitement propre|\btratamiento propio|\btrattamento proprio"
    r"|\b(?:sie|ihre?|you|your|vous|votre|ustedes|su|codesta|vostra|voi|u|uw|państwa|państwo|er|ert|jer|jeres|dere|deres|vossa|v\. exas?\.?|teitä|vás|vas|önö\w*|dumneavoastră|teid|jus|jūs|ви|вас|εσάς|σας|ykkur|yður)\b"
    r"(?:(?!\b(?:not|nicht|pas|no|non|niet|nie|ikke|inte|não|ne|ei|nem|nu)\b)[^.,;!?]){0,45}\b(?:as (?:the |a )?controller|als (?:die |der |den |die für die verarbeitung )?verantwortliche\w*|(?:comme|en tant que) responsable|como responsable|(?:quale|come) titolare|als verwerkingsverantwoordelijke|jako administrator\w*|som personuppgiftsansvarig|som dataansvarlig|som behandlingsansvarlig|como responsável|rekisterinpitäjänä|jako správc\w*|kao voditelj\w*|kot upravljavc\w*|adatkezelőként|mint adatkezelő\w*|(?:ca|în calitate de) operator|vastutava töötlejana|kaip duomenų valdytoj\w*|kā pārzin\w*|като администратор|ως υπεύθυν\w*|sem ábyrgðaraðil\w*)",
    _HARD,
)
_AS_CONTROLLER_HINTS = (
    *(
        "controller",
        "verantwort",
        "responsab",
        "titolare",
        "administrator",
        "ansvarig",
        "ansvarlig",
        "rekisterinpit",
    ),
    *(
        "správc",
        "voditelj",
        "upravljavc",
        "adatkezel",
        "operator",
        "töötleja",
        "valdytoj",
        "pārzin",
        "администратор",
    ),
    *(
        "υπεύθυν",
        "ábyrgðar",
        "bewerbungsverfahren",
        "recruit",
        "hiring",
        "selección",
        "selezione",
        "sollicitatie",
    ),
    *("personalabteil", "own processing", "eigene verarbeitung", "eigen verwerking", "traitement propre"),
    *("tratamiento propio", "trattamento proprio"),
)
AGAINST = r"zoper|protiv|proti|vastu|prieš|pret|împotriva|срещу|κατά|gegn|against|gegen|contre|contra|contro|nei confronti di|tegen|przeciwko|mot|mod|vastaan"

_ITSELF = r"itself|selbst|zelf|elle-même|lui-même|mism[ao]|stess[ao]|själv|selv|sam[ao]?|própri[ao]"

# One of these stands in every phrase of doubt; to look for them is much cheaper than to look for the phrases.
_DOUBT_HINTS = (
    *(
        "cannot",
        "can't",
        "could not",
        "couldn't",
        "unable",
        "unclear",
        "not know",
        "n't know",
        "not sure",
        "certain",
    ),
    *(
        "not clear",
        "not say",
        "not tell",
        "not been",
        "not establish",
        "not identif",
        "unknown",
        "not known",
        "which of",
        "one of",
    ),
    *(
        "several",
        "assume",
        "guess",
        "suspect",
        "presume",
        "unklar",
        "offen",
        "nicht",
        "welche",
        "sait",
        "savons",
        "sachant",
    ),
    *(
        "ignor",
        "indique",
        "pas ",
        "quelle",
        "no sab",
        "consta",
        "sabe",
        "claro",
        "precisa",
        "non sa",
        "non è",
        "non risulta",
    ),
    *(
        "non specifica",
        "oklart",
        "vet inte",
        "framgår",
        "okänt",
        "uklart",
        "ved ikke",
        "vet ikke",
        "fremgår",
        "onduidelijk",
    ),
    *(
        "weten",
        "niet",
        "nie ",
        "hervor",
        "entnehmen",
        "apparaît",
        "ressort",
        "desprende",
        "emerge",
        "nothing to do",
        "both",
        "beide",
        "deux",
        "ambas",
        "ambos",
        "entramb",
        "allebei",
        "przeciwko ob",
        "båda",
        "begge",
        "each of the two",
        "nichts zu tun",
        "rien à voir",
        "nada que ver",
        "nulla a che",
        "niets te maken",
    ),
)


def is_excluded(before: str, after: str) -> bool:
    """Whether the sentence says that this name is not meant."""
    if found := _NEG_AFTER.search(after):
        return not _BUT.search(after[: found.end()])
    return bool((near := _negator(before)) and _LINK_WORDS.fullmatch(near.group("gap")))


def _negator(before: str) -> re.Match[str] | None:
    near = None if _NOT_ONLY.search(before) else _nearest(before[-90:])
    return None if near and _DENIES_A_DEED.search(near.group("gap")) else near


def _nearest(before: str) -> re.Match[str] | None:
    """The last negation before a name: of "neither headsets, nor X" the "nor"."""
    found = _NEG_NEAR.search(before)
    while found is not None and (closer := _NEG_NEAR.search(before, found.start("gap"))) is not None:
        found = closer
    return found


def stance_of(before: str, after: str, beyond: str = "") -> Stance:
    """How the sentence around a name mentions it.

    ``before`` and ``after`` reach from the name to the next name or the sentence's end; ``beyond`` is the
    rest of the sentence, in which an exclusion may mean this name or the next.
    """
    if is_excluded(before, after):
        return Stance.EXCLUDED
    near = _negator(before)
    if near and not _BUT.search(near.group("gap")):
        return Stance.DOUBTFUL
    if _RESPONDENT.search(before[-90:]) or _ROLE_AFTER.search(after[:60]):
        return Stance.RESPONDENT
    if beyond and is_excluded("", after + beyond):
        return Stance.DOUBTFUL
    passing = _PASSING.search(before[-40:]) or _OTHERS.search(before[-90:])
    return Stance.PASSING if passing else Stance.PLAIN


def names_against(before: str) -> bool:
    """Whether what follows is in the respondent's place."""
    return bool(_RESPONDENT.search(before[-90:]))


def says_against_us(text: str, house_names: Collection[str]) -> str:
    """The words in which the sender says that the complaint is against us, or empty.

    ``house_names`` are our own names; letters use their first word too.
    """
    plain, low = _plainly(text), text.lower()
    to_you = any(all(word in plain for word in words) for words in _AGAINST_YOU_HINTS)
    as_controller = any(hint in low for hint in _AS_CONTROLLER_HINTS)
    found = (_AGAINST_YOU.search(text) if to_you else None) or (
        _AS_CONTROLLER.search(text) if as_controller else None
    )
    if found:
        return " ".join(found.group().split())[:80]
    short = {
        word for name in house_names for word in (name, name.split(" ")[0]) if len(word) >= _SHORTEST_NAME
    }
    if not any(_plainly(name) in plain for name in short):
        return ""
    names = "|".join(re.escape(name) for name in sorted(short, key=len, reverse=True))
    # "against Northgate's customer" and "against Acme, hosted by Northgate" are not against us.
    against = re.search(
        rf"\b(?:{AGAINST})\s+(?:(?:the|die|der|la|el|podjetje|društvo|društva|firma|firmie|společnosti|spoločnosti|societatea|compania)\s+)?(?:{names})(?:\s+[A-Z]\w+){{0,3}}(?!['’\w])",
        text,
        re.IGNORECASE,
    )
    itself = re.search(
        rf"\b(?:by|durch|von|par|por|da|door|przez|av|af)\s+(?:the |die |der |la |el )?(?:{names})\s+(?:{_ITSELF})\b",
        text,
        re.IGNORECASE,
    )
    found = against or itself
    return " ".join(found.group().split())[:80] if found else ""


def _plainly(text: str) -> str:
    """Text in which a plain search for words finds whatever an expression finds that ignores case.

    Such expressions take the Turkish letters for an i, which ``casefold`` does not.
    """
    return " ".join(text.replace("İ", "i").replace("ı", "i").casefold().split())


def says_in_doubt(text: str) -> str:
    """The words in which the sender says that it does not know who is meant, or empty."""
    whole = text.lower()
    hints = [hint for hint in _DOUBT_HINTS if hint in whole]
    for sentence in _SENTENCE.split(text) if hints else ():
        low = sentence.lower()
        if any(hint in low for hint in hints) and (found := _DOUBT.search(sentence)):
            return " ".join(found.group().split())[:80]
    return ""
