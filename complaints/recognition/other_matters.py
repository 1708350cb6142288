"""Days of other matters: appeals, meetings, closed offices, and time that was set for somebody else."""

import re

from complaints.recognition.answer_words import ANSWER, CLAUSE

# Wherever in its clause such a word stands, the day is no day for an answer.
_ELSEWHERE = re.compile(
    r"\b(?:"
    # appeals
    r"tribunals?|(?:lodge|file|bring|make) an? (?:appeal|objection|claim)|widerspruch|klage (?:(?:erheb|erhob|einreich|kann)\w*|beim|vor dem)|einspruch|anfecht\w*|bezwaar\w*|in beroep|beroep (?:in|aan)\w*"
    r"|recours\b|tribunal administratif|recurso|reposición|ricorso|impugn\w*|odwołani\w*|skarg\w+ do|överklaga\w*|domstol\w*|indbringe\w*|påklag\w*|valit(?:taa|us)\w*|hallinto-oikeu\w*|odvolání|odvolanie|fellebbez\w*|contestați\w*"
    # meetings
    r"|webinar|\w*erörterungstermin\w*|ortstermin|angesetzt|anberaumt|stattfind\w*|zusammentritt|est prévue?|aura lieu|formation restreinte|se celebrar\w*|avrà luogo|udienza|hoorzitting|bijeenkomt|posiedzeni\w*|rozpraw\w*|finner sted|finder sted|äger rum|terá lugar|pencilled in|adunanza|termin zu[mr]|\w*møte\b|\w*möte\b|\w*møde\b|vergadering|ledermøde|reunião|riunione|reunión|réunion"
    # offices that are closed, subscriptions that end
    r"|(?:is|are|be|office) closed|geschlossen|fermée?s?\b|cerrad[ao]s?|chius[oaie]\b|gesloten|zamknięt\w*|encerrad[ao]s?|on leave|im urlaub|en congés?|de vacaciones|in ferie|prend fin|prennent fin|abonnement|abonament|abbonamento|will be archived|remains available|available until|verfügbar bis|bleibt .{0,30}verfügbar|beschikbaar|disponible (?:jusqu|hasta)\w*|disponibile fino|giltigt till|dostępn\w*|tilgængelig|tilgjengelig|tillgänglig\w*|mise à disposition|puesta a disposición"
    # time that was given to others
    r"|(?:aufgefordert|gebeten|angeschrieben) (?:wurde|wurden|worden)|wurde[n]? .{0,40}(?:aufgefordert|gebeten|angeschrieben)|mittente|elimínelo|distrugg\w*|notify the sender|détruire|(?:avons|ai) (?:\w+ ){0,3}(?:donné|accordé|fixé) (?:à|au|aux)|nous (?:déposerons|saisirons)|que nous déposerons|(?:presentaremos|presenteremo)|previst[ao] dal titolare|byl\w? vyzván\w*|jeho lhůta|(?:dessen|deren) frist|zobowiązano|wezwano|controller only|czas obsługi|bearbeitungszeit|processing time|délai de traitement|behandeltermijn|handläggningstid|sagsbehandlingstid|saksbehandlingstid|no desea recibir|unsubscribe|désabonner|contencioso|wyznaczono własny|lisäaikaa|also asked|we aim to|wij streven|hoort u|wir bemühen uns|nous nous efforçons|staramy się|vi strävar|vi bestræber|vi tilstreber|foi (?:também |igualmente )?(?:convidad|notificad)\w*|kan klage|klage på (?:vedtak|pålegg|avgjør)\w*|(?:pas|ne) .{0,40}avant|not .{0,30}before|nicht vor|no .{0,40}antes de|non .{0,30}prima d\w+|niet v[oó][oó]r|nie wcześniej|inte före|ikke før|não .{0,30}antes|ought to have (?:had|been)|preceptiv\w+|statutory (?:month|period|time)|(?<!antwort )(?<!stellungnahme )(?<!äußerung )(?<!erklärung )(?<!auskunft )(?:dem|der) verantwortlichen|(?:to|given) the controller|au responsable|al responsable|al titolare|aan de verwerkingsverantwoordelijke|administratorowi|zostanie \w+|zostaną \w+|му е даден|(?:complainant|klager(?:en)?|klaganden|beschwerdeführer(?:in)?|petent(?:in)?|réclamante?|plaignante?|reclamante|segnalante|klaagster|skarżąc[ay]|kantelija|participante|queixos[oa]|participant) (?:may|can|will|shall|is|has|skal|får|kan|kann|hat|peut|dispose|puede|dispone|può|ha|krijgt|heeft|może|ma|(?:zelf |selbst |själv |selv )?(?:kreeg|har fået|har fått|erhielt|bekam|recibió|ricevette))|planujemy|zamierzamy|(?:planen|beabsichtigen) wir|wir (?:planen|beabsichtigen)|nous (?:prévoyons|comptons|entendons)|tenemos (?:previsto|intención)|intendiamo|prevediamo|van plan|voornemens|vi (?:avser|planerar|agter|planlægger|planlegger)|(?:sought|asked|requested|vroeg\w*|gevraagd|bat(?:en)?|beantrag\w*|demandé|sollicit\w*|solicit(?:ó|aron|ado)|pidi\w*|pedid[oa]|chiest\w*|begärde|begärt|bad|anmodede|ba|wniosek|wnosi\w*|pediram|pediu)\b.{0,40}\b(?:extension|uitstel|verlängerung|fristverlängerung|prolongation|délai|prórroga|proroga|anstånd|udsættelse|fristforlængelse|utsettelse|få vente|przedłużeni\w*|prorrogação)|(?:questions|enquiries|inquiries|calls) (?:may|can|will)"
    r")\b",
    re.IGNORECASE,
)
_MUST = r"(?:must|has to|has until|have until|is to|will have to|needs to|shall|dovrà|deve|dovranno|devono|doit|devra|doivent|debe|deberá|deben|moet|heeft|dient|musi|ma czas|má|deverá|tem)"
_PARTY = re.compile(rf"(?P<who>[A-ZÀ-Þ][\w&.'’-]*(?: (?:[A-ZÀ-Þ&][\w&.'’-]*|of|de|and))*) {_MUST}\b")
_GERMAN_PARTY = re.compile(
    r"(?P<who>\b(?:[A-ZÄÖÜ][A-ZÄÖÜ0-9]{1,6}|GmbH|AG|SE|KG|eG|mbH|Verantwortliche|Gesellschaft|Bank|Versicherung)) (?:selbst )?(?:hat|muss|soll|wird|wurde)\b"
)
_WAS_GIVEN = re.compile(
    r"\b[A-ZÀ-Þ][\w&.'’-]+(?: [A-ZÀ-Þ&][\w&.'’-]*)*(?: \([^)]{1,20}\))? (?:har fått|has received|has been given|a reçu|ha ricevuto|ha recibido|heeft .{0,20}gekregen|hat .{0,30}erhalten|otrzymał\w*|(?:zelf |selbst |itself )?(?:kreeg|krijgt|bekam|erhielt|erhält|recibió|ricevette|reçoit|fick|fik|fikk|dostał\w*|recebeu|has until|had until))\b"
)
# "- ad ATM: ..., entro il 20 novembre"
_TO_PARTY = re.compile(
    r"(?:\A\W{0,4}|[-–•*;:]\s)(?i:to|for|an|für|à|pour|a|ad|al|alla|per|para|aan|voor|do|dla|till|til)\s(?i:the |die |den |das |la |le |de )?(?P<who>[A-ZÀ-Þ][\w&.'’ -]{1,40}?|voi|vous|you|ihnen|u|er|jer|dere|vós|państwa|ustedes|nosotros)\s?:\s"
)
_THAT_IS = re.compile(
    r"\s*(?:that is|i\.e\.|das heißt|d\.\s?h\.|also|c'est-à-dire|soit|es decir|cioè|ossia|dat wil zeggen|czyli|tj\.|dvs\.|det vil sige|det vil si|det vill säga|ou seja|dus|donc|quindi|więc|altså|alltså)\b",
    re.IGNORECASE,
)
_GIVEN_REACH = 110  # characters between a party and the day it was given
_US = re.compile(
    r"(?:you|your|yours|we|it|this|that|i|sie|ihre?|ihr|vous|votre|vos|usted|ustedes|su|lei|voi|la vostra|u|uw|ni|er|dere|de|i|vi|państwo)\b",
    re.IGNORECASE,
)
# "from 24 December to 3 January" is a stretch of time, and neither end a limit.
_FROM = re.compile(
    r"\b(?:from|between|vom|zwischen|von|du|entre le|del|desde el|dal|van|tussen|od|från|mellan|fra|mellem|mellom|de|do dia)\s(?:[^\W\d_]+,?\s|the |el |il |le |den |dem )?\Z",
    re.IGNORECASE,
)
_TO = re.compile(
    r"\s?(?:to|and|until|till|bis|und|au|et le|al|y el|e il|tot(?: en met)?|en|do|i|till|och|til|og|a[o]?|–|-)\s(?:zum |the |den |dem |el |il |le |[^\W\d_]+,?\s)?",
    re.IGNORECASE,
)
NO_LIMIT = re.compile(
    r"\b(?:(?:no|not a|neither is a|nor is (?:this|that|it) a) deadline|keine frist|aucun délai|no es un plazo|ningún plazo|nessun termine|geen termijn|ingen frist|nie jest to termin)\b",
    re.IGNORECASE,
)
"""The day is said to be no last day."""
NOTHING_WANTED = re.compile(
    r"\b(?:no (?:further |other )?(?:action|reply|response|answer|step)s? (?:is |are |from you is )?(?:needed|required|necessary|called for)|(?:need not|don['’]t need to|do not need to|do not have to|needn['’]t) (?:reply|answer|respond|do)"
    r"|nothing (?:more|further|else) (?:is )?(?:needed|required|for you to do|to do)|you need do nothing"
    r"|keine(?:r)? (?:weiteren? )?(?:antwort|rückmeldung|veranlassung|schritte|maßnahmen)|nichts (?:mehr|weiter) (?:zu )?(?:tun|veranlassen|unternehmen)|es eilt nicht|(?:müssen|brauchen) (?:sie )?nichts"
    r"|aucune (?:réponse|action|suite|démarche)|n['’]appelle (?:pas|aucune)|pas (?:besoin|nécessaire) de répondre|n['’]avez rien (?:à|d)"
    r"|no (?:es|será) (?:necesari|precis)\w+|no (?:se )?requiere|no tienen? que (?:hacer|responder|contestar)|no hace falta"
    r"|non (?:occorre|serve|è (?:necessari|richiest|dovut)\w+)|nessun[a]? (?:risposta|riscontro|adempimento)"
    r"|niets (?:meer|verder) te doen|hoeft (?:u )?niets?|geen (?:reactie|antwoord|actie)|nie (?:wymaga|muszą|trzeba|oczekuj)\w*"
    r"|behöver (?:ni )?inte|inget svar|kräver inget|behøver (?:i |dere )?ikke|intet svar|kræver ikke|trenger ikke|krever ikke|não (?:é|carece|necessita|precisa)\w* (?:de )?(?:respo|fazer|qualquer|necessári)\w*"
    r"|eikä teiltä|ei edellytä|nem szükséges|nu (?:este|mai este) necesar\w*|nevyžaduj\w*|(?:verlangen|vragen|verwachten) wij niets|erwarten wir nichts|n['’]attendons rien|foretager os ikke|foretar oss ikke|vidtar inga|(?:set|fix) no (?:deadline|date|time)|setze[n]? (?:ihnen |wir )?keine frist|sans (?:fixer|imposer) de délai|sin fijar plazo|senza fissare (?:un )?termin\w+|stellen geen termijn|nie wyznacza\w* terminu|sätter ingen frist|setter ingen frist|sætter ingen frist|não fixamos prazo)\b",
    re.IGNORECASE,
)
"""A letter that wants nothing more, such as a closure."""


def is_elsewhere(text: str, start: int, end: int) -> bool:
    """Whether the clause around ``start`` to ``end`` is about another matter, or about what somebody else must do."""
    headings = [found["who"] for found in _TO_PARTY.finditer(text, 0, start)]
    if headings and not _US.match(headings[-1]):
        return True
    clause_end = next((found.start() for found in CLAUSE.finditer(text, end)), len(text))
    clauses = CLAUSE.split(text[:start])
    before = " ".join(clauses[-2:]) if _THAT_IS.match(clauses[-1]) else clauses[-1]
    given = _WAS_GIVEN.search(text[max(0, start - _GIVEN_REACH) : start])
    if given is not None and not _US.match(given[0].strip()):
        return True
    if _ELSEWHERE.search(before) or _ELSEWHERE.search(text[end:clause_end]):
        return True
    return _is_of_others(before)


def is_stretch(text: str, day: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    """Whether ``day`` is one end of "from ... to ..."; both are given as start and end in ``text``."""
    for other in others:
        first, second = sorted((day, other))
        if first != second and _TO.fullmatch(text[first[1] : second[0]]) and _FROM.search(text[: first[0]]):
            return True
    return False


def _is_of_others(before: str) -> bool:
    """Whether the subject of the clause is a named company: "ATM dovrà depositare"."""
    for found in (*_PARTY.finditer(before), *_GERMAN_PARTY.finditer(before)):
        who = found["who"]
        opens = not before[: found.start()].strip()
        is_name = " " in who or who.isupper() or not opens
        if is_name and not _US.match(who) and not ANSWER.search(who):
            return True
    return False
