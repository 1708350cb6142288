"""The words, in eleven languages, that make a day the last day for an answer, and those that forbid it."""

import re


def _words(*languages: str) -> str:
    return "|".join(part.strip() for language in languages for part in language.split("|"))


ANSWER = re.compile(
    r"\b(?:"
    + _words(
        r"repl(?:y|ies)|respond|responses?|answers?|observations|comment\w*|representations|submissions?|your views|let us (?:know|have)"
        r"|tell us|inform us|hear from you|need to know|provide|send|supply|furnish|submit|explain|confirm|write (?:back )?to us|come back to us"
        r"|get back to us|revert|reach(?:es)? us|return|be (?:with|received by) us|your (?:position|account|side|explanation)|forward (?:us|to us)|let me (?:know|have)|tell me|deadline|requested|disclose|produce|comply",
        r"antwort\w*|stellung|entgegen\w*|stellungnahme\w*|äußer\w*|mitteil\w*|mitzuteilen|teilen sie|übersend\w*|zu übermitteln|übermitteln|vorzulegen|vorlage|auskunft|rückmeldung|rückäußerung|erklär\w*|frist|beantwort\w*|einzureichen|hören|nehmen sie|bitte(?:n)?",
        r"répon\w*|réponse\w*|observations|éléments?|demand\w*|explications|faire parvenir|transmettre|communiquer|indiquer|préciser|adresser|fournir|nous faire|prendre position|prononcer|vos précisions|justificatifs|retour|remercie|prie|conclusions|attendue?s?|échéance",
        r"respon\w*|contest\w*|respuesta|alegaciones|informe|remit\w*|inform\w*|comuni\w*|facilit\w*|aport\w*|observaciones|explicaciones|plazo|indiqu\w*|envi\w*|requiere",
        r"riscontro|rispo\w*|osservazioni|far pervenire|fornire|comunicare|trasmettere|inviare|chiarimenti|informazioni|memorie|deduzioni|termine|voglia|si chiede|si invita|pregasi|elementi",
        r"antwoord\w*|reactie|reageren|reageer|zienswijze|toelichting|laten weten|laat ons|verzoek\w*|ontvangen wij|vernemen|toe te sturen|te verstrekken|verstrekken|stuur\w*|inlichtingen|zenden|graag",
        r"odpowied\w*|wyjaśnie\w*|ustosunkow\w*|udziel\w*|przesła\w*|przekaza\w*|nadesła\w*|stanowisk\w*|informacj\w*|złożeni\w*|termin\w*|prosi\w*|proszę|wskaza\w*",
        r"svar\w*|yttr\w*|inkom\w*|redogör\w*|synpunkter|lämna|skicka|besvar\w*|tillhanda|återkom\w*|upplys\w*|förklar\w*",
        r"svar\w*|besvar\w*|bemærkninger|udtalelse|redegørelse|oplys\w*|sende|fremsende|høringssvar|modtage|hører|frist\w*|vende tilbage|bedes|redegør\w*",
        r"svar\w*|besvar\w*|uttalelse|redegjørelse|merknader|tilbakemelding|opplys\w*|oversend\w*|innsend\w*|redegjør\w*|kommentarer",
        r"respond\w*|resposta|pronunci\w*|esclarec\w*|prest\w*|observações|inform\w*|enviar|envio|remeter|comunicar|prazo|queira\w*|solicit\w*|apresent\w*",
    )
    + r")\b",
    re.IGNORECASE,
)

# What makes a day a last day: stands some words before it.
LIMIT = re.compile(
    r"\b(?:"
    + _words(
        r"by|before|until|till|no later than|not later than|at the latest|within|in the next|deadline\w*|due|period of|time limit|up to|extended to|ahead of|latest",
        r"bis|spätestens|innerhalb|binnen|\w*frist\w*|auf den|längstens",
        r"avant|au plus tard|d'ici|d’ici|dans|sous|délai|jusqu'au|jusqu’au|échéance|date limite",
        r"antes|hasta|plazo|dispone[n]? de|dispondrá de|disposez|avete|beschikt|dentro de|a más tardar|límite|entro|termine|non oltre|prima del|scadenza|fino al",
        r"uiterlijk|binnen|vóór|termijn|\w*termijn|op zijn laatst|w terminie|w ciągu|terminie|\w*termin|najpóźniej|nie później niż|przed",
        r"senast|inom|före|t\.o\.m|tidsfrist|frist\w*|senest|inden|innen|før|até|prazo|dentro|limite",
    )
    + r")\b",
    re.IGNORECASE,
)
# These little words do so only right before it.
LIMIT_AT_HAND = re.compile(
    r"\b(?:requested|expected|erwartet|attendue?s?|requerid[oa]|richiest[oa]|to|in|have|allow|allowed|allows|vor|termin|zum|von|pour le|au|le|en|para el|al|voor|tot|do|till|den|til|for|em|a)"
    r"(?: (?:the|den|le|el|il|dnia|o|um|einen|een|un|dem))?\W{1,3}(?:[^\W\d_]+\W{1,2})?\Z",
    re.IGNORECASE,
)
LIMIT_AFTER = re.compile(
    r"\W{0,3}(?:at the latest|the latest|or (?:before|earlier)|au plus tard|spätestens|al più tardi|a más tardar"
    r"|op zijn laatst|najpóźniej|is (?:extended|prorog))",
    re.IGNORECASE,
)
# These alone make a sentence ask by their very meaning, so no other word is needed.
DEADLINE = re.compile(
    r"\b(?:deadline|response date|reply date|due date|frist(?:ende)?|abgabefrist|äußerungsfrist|antwortfrist|échéance|date limite|délai de réponse|fecha límite|plazo de respuesta"
    r"|scadenza|reactietermijn|svarsfrist|svarfrist|svarstid|termin odpowiedzi|prazo de resposta)\b",
    re.IGNORECASE,
)
# The day belongs to something else than an answer to be given: stands before it in the same clause.
OTHER_MATTER = re.compile(
    r"\b(?:"
    + _words(
        r"was due|were due|fell due|should have|(?:had|(?<!you )has|(?<!you )have) (?:until|till)|expired|expires?|we (?:have )?(?:received|wrote|asked)|you (?:wrote|replied|asked|told)|lapsed|webinar|register before|hearing|meeting|appeal\w*|interview|inspection|visit"
        r"|delet\w+|eras\w+|retain\w*|kept|stor(?:e|ed)|preserve\w*|renew\w*|fee|pay|review (?:the|this|it|our)|valid until|since|the controller (?:must|has|was|is|should)"
        r"|(?:has|have|was|were|is|are) (?:also |been |separately |itself )*(?:asked|given|told|invited|ordered|directed|written to)|(?:they|it|he|she) (?:must|has|have|had|will) |must be (?:kept|retained|deleted)|we (?:aim|hope|expect|intend|will|shall)|our next|next update|survey|consultation",
        r"abgelaufen|lief|endete|wurde aufgefordert|wurde gebeten|hat der verantwortliche|der verantwortliche|anhörungstermin|anhörung am|löschung|gelöscht|aufbewahr\w*|widerspruch|klage kann|rechtsbehelf\w*|verhandlung|speicher\w*|hätten|waren|eingegangen am",
        r"expiré|expirait|deviez|aviez|recours|audience|suppression|conserv\w*|responsable du traitement (?:a|doit|dispose)|a été (?:invité\w*|prié\w*|saisi\w*)|devait|contrôle sur place|vencía",
        r"venció|vencía|finalizó|recurso|vista|suprim\w*|conserv\w*|debía|el responsable (?:debe|ha|dispone|tiene)|ha sido requerid\w*",
        r"scaduto|scadeva|ricorso|opposizione|udienza|audizione|cancell\w*|conserv\w*|avrebbe dovuto|doveva|il titolare (?:deve|ha|è)|è stat[oa] (?:invitat|richiest)\w*",
        r"verstreken|verliep|bezwaar|beroep|zitting|hoorzitting|verwijder\w*|bewaar\w*|bewaren|had(?:den)? moeten|de verwerkingsverantwoordelijke (?:heeft|moet|is|dient)|is verzocht",
        r"upłynął|upłynęło|odwołani\w*|skarg[ęai] do sądu|rozpraw\w*|usunię\w*|przechow\w*|administrator (?:ma|powinien|został|jest)|został\w* wezwan\w*",
        r"gick ut|skulle|överklag\w*|förhandling|radera\w*|gallra\w*|bevara\w*|sparas|den personuppgiftsansvarige (?:har|ska)|har ombetts",
        r"udløb|skulle|klagefrist|klage over|påklag\w*|slett\w*|opbevar\w*|høring den|møde|den dataansvarlige (?:har|skal)|er blevet bedt",
        r"utløp|gikk ut|klagefrist|påklag\w*|slett\w*|oppbevar\w*|møte|den behandlingsansvarlige (?:har|skal|er)|er bedt",
        r"expirou|terminou|terminava|recurso|impugn\w*|audiência|apag\w*|conserv\w*|devia|o responsável (?:deve|tem|foi)|foi notificad\w*",
    )
    + r")\b",
    re.IGNORECASE,
)
EXTENDED = re.compile(
    r"\b(?:extend\w*|extension|further time|verlänger\w*|fristverlängerung|prolong\w*|prorog\w*|ampli\w*|prórroga|verleng\w*|uitstel|przedłuż\w*|förläng\w*|anstånd\w*|forlæng\w*|forleng\w*|utsatt\w*|prorrog\w*)\b",
    re.IGNORECASE,
)
EXTENDED_BY = re.compile(
    r"\b(?:by|um|de|di|met|o|med|em|por|per|with)(?: (?:a|further|another|weitere|ytterligare|yderligere|nog))?\s\Z",
    re.IGNORECASE,
)
FROM_RECEIPT = re.compile(
    r"\b(?:receipt|receiving|received|receive|zugang|erhalt|eingang|zustellung|réception|recevoir|recepción|recibo|recibir|notificación|ricezione|ricevimento|notifica|ontvangst|otrzymania|doręczenia|mottagande\w*|mottagit|modtagelse\w*|mottak\w*|receção|recepção|recebimento|notificação)\b",
    re.IGNORECASE,
)
FROM_BEFORE = re.compile(r"\b(?:ab|nach|après|od|upon|on|from|of)\b.{0,20}\Z", re.IGNORECASE)
FROM_TODAY = re.compile(
    r"\b(?:today|heute|aujourd'hui|aujourd’hui|hoy|oggi|vandaag|dzisiaj|dziś|i ?dag|hoje)\b", re.IGNORECASE
)
ATTACHED = re.compile(
    r"\b(?:attached|enclosed|beigefügt\w*|anliegend\w*|ci-joint\w*|adjunt\w*|allegat\w*|bijgevoegd\w*|załączon\w*|bifogad\w*|vedhæft\w*|vedlagt\w*|anexo|em anexo)\b",
    re.IGNORECASE,
)
# A full stop ends a sentence after a word of three letters, a year, or before a capital; the German
# "3. Dezember" and "Art. 5" do not end there.
BREAK = re.compile(
    r"(?<=[^\W\d_][^\W\d_][^\W\d_])[.!?;]+[\s\"”»]+|(?<=[)\"”»’])[.!?;]+\s+|(?<=\d{4})[.!?;]+\s+"
    r"|(?<![\s(]\d)(?<![\s(]\d\d)\.\s+(?=[A-ZÀ-ÖØ-ÝĄĆĘŁŃÓŚŹŻ])|[!?]\s+|\n\s*\n"
)
CLAUSE = re.compile(
    r"[,;:()–—]\s|\s[–—-]\s|\b(?:and|but|und|aber|et|mais|pero|ma|maar|ale|men|mas)\b", re.IGNORECASE
)
LETTER_DATE_LINE = re.compile(
    r"(?:date|datum|fecha|data|dato|dated|le|den|d\.|el|il|dnia|lì|,|:|\.|\s|r)*", re.IGNORECASE
)
