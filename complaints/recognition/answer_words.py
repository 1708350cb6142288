"""The words, in eleven languages, that make a day the last day for an answer, and those that forbid it."""

import re

from complaints.recognition.dates import MONTHS


def _words(*languages: str) -> str:
    return "|".join(language.strip("|") for language in languages)


ANSWER = re.compile(
    r"\b(?:"
    + _words(
        r"repl(?:y|ies)|ateb|ymateb|respond|responses?|answers?|observations|comment\w*|representations|submissions?|your views|let us (?:know|have)"
        r"|tell us|wait until|hold off until|before we (?:file|take|lodge|proceed|go)|inform us|hear from you|need to know|provide|send|supply|furnish|submit|explain|confirm|write (?:back )?to us|come back to us"
        r"|get back to us|revert|reach(?:es)? us|return|be (?:with|received by) us|your (?:position|account|side|explanation)|forward (?:us|to us)|let me (?:know|have)|tell me|deadline|requested|disclose|produce|comply|in our hands|with me|reach me|let us see|sight of|write again|hearing from you|hear back|want to hear|(?:could|can|may|might) (?:i|we) (?:have|see|get)|we need|i need|is needed|account for|explanation|would like from you|have these|have this|have it|have your|reach us|write back|be told|be answered|need from you|need your|want (?:to know|your)|set out|clarify|clarification|particulars|copies of|a copy of|give us|opportunity|in writing|what we need|confirmation|ask(?:s|ing)? for|we ask|require\w*|assurances?|undertakings?|preserv\w+ and|tell the|acknowledge\w*|account of|describe|show (?:me|us)|identify|explanations|clarifications|letting (?:me|us) (?:know|have)|(?:i|we)['’]d like to know|your note|say (?:whether|who|why|how|when|if)|(?:take|taken) into account|(?:get|have) (?:this|it|them|these|that|those) (?:to|back|with)",
        r"antwort\w*|stellung|entgegen\w*|stellungnahme\w*|äußer\w*|mitteil\w*|mitzuteilen|teilen sie|übersend\w*|zu übermitteln|übermitteln|vorzulegen|vorlage|auskunft|rückmeldung|rückäußerung|erklär\w*|frist|beantwort\w*|einzureichen|hören|nehmen sie|bitte(?:n)?|zuzuleiten|zuleiten|zuzusenden|vorzulegen|darzulegen|mitteilen|ersuch\w*|erbeten|erbitte\w*|entgegensehen|einlassung|nachzureichen|zu beantworten|zurück|melden|bestätig\w*|forder\w*|aufforder\w*|gelegenheit|klärung|schriftlich|gerne?|wissen|wüssten|interessiert|klären|klarstell\w*|sagen sie|uns sagen|schildern|darlegen|nachreichen|vorlegen|liefern|darzutun|angeben|anzugeben|benennen|erläuter\w*",
        r"répon\w*|réponse\w*|observations|éléments?|demand\w*|explications|faire parvenir|transmettre|communiquer|indiquer|préciser|adresser|fournir|nous faire|prendre position|prononcer|vos précisions|justificatifs|retour|remercie|prie|conclusions|attendue?s?|échéance|savoir|gré|invit\w*|pièces|connaître|produire|apporter|renseign\w*|nous écrire|éclair\w*|envoyer|envoi|occasion|clarifi\w*|par écrit|patient\w*|attend\w*|nous dire|détailler|expliquer|justifier|expos\w*|réaction",
        r"respon\w*|contest\w*|respuesta|alegaciones|informe|remit\w*|inform\w*|comuni\w*|facilit\w*|aport\w*|observaciones|explicaciones|plazo|indiqu\w*|envi\w*|requiere\w*|solicit\w*|ruega|rogamos|ruego|acredit\w*|manifest\w*|trasla\w*|aclar\w*|present\w*|explic\w*|por escrito|a la espera|decirnos|digan|diga|detall\w*|precis\w*|respondan|noticias",
        r"riscontro|rispo\w*|osservazioni|far pervenire|fornire|comunicare|trasmettere|inviare|chiarimenti|informazioni|memorie|deduzioni|termine|voglia|si chiede|si invita|pregasi|elementi|invitat[ao]|prega|precis\w*|replic\w*|produrre|document\w*|attend\w*|chied\w*|vogli\w*|per iscritto|vorrà|conoscere|dirci|indic\w*|spieg\w*|sapere|riferire|pervenire|illustr\w*|esporre|deposit\w*",
        r"antwoord\w*|reactie|reageren|reageer|zienswijze|toelichting|laten weten|laat ons|verzoek\w*|ontvangen wij|vernemen|toe te sturen|te verstrekken|verstrekken|stuur\w*|inlichtingen|zenden|graag|bericht|verneem|weten|verklar\w*|sturen|opsturen|aanleveren|toelicht\w*|verduidelijk\w*|tegemoet|horen|hoor|beantwoord\w*|schriftelijk|wachten|vertellen|aangeven|uitleg\w*|aan te geven|toe te lichten|te laten|gelieve|bevestig\w*|bezorg\w*|meedelen|mee te delen|uit te nodigen|nodig\w* .{0,30}uit|in huis",
        r"odpowied\w*|wyjaśnie\w*|ustosunkow\w*|udziel\w*|przesła\w*|przekaza\w*|nadesła\w*|stanowisk\w*|informacj\w*|złożeni\w*|termin\w*|prosi\w*|proszę|wskaza\w*|odpisa\w*|nadesłani\w*|przedstawi\w*|wezwan\w*|wzywa\w*|oczekuj\w*|podani\w*|poinformowa\w*|zwracam\w*|pisemn\w*|czeka\w*|uzupełni\w*|powiedzie\w*|dosła\w*|opisa\w*|odnie[śs]\w*",
        r"svar\w*|yttr\w*|inkom\w*|redogör\w*|synpunkter|lämna|skicka|besvar\w*|tillhanda|återkom\w*|upplys\w*|förklar\w*|besked|höra av|meddela\w*|begär\w*|ber er|redovis\w*|sänd\w*|bemöt\w*|kommentar\w*|skriftlig\w*|väntar|berätt\w*|tala om|beskriv\w*|ange|ber ni|kompletter\w*|inge\b",
        r"svar\w*|besvar\w*|bemærkninger|udtalelse|redegørelse|oplys\w*|sende|fremsende|høringssvar|modtage|hører|frist\w*|vende tilbage|bedes|redegør\w*|anmod\w*|beder|hørt|høre fra|tilbagemelding|forklar\w*|i hænde|kommentar\w*|besked|indsend\w*|meddel\w*|uddyb\w*|skriftlig\w*|venter|fortæl\w*|beskriv\w*|angiv\w*|suppler\w*|skal bede",
        r"svar\w*|besvar\w*|uttalelse|redegjørelse|merknader|tilbakemelding|opplys\w*|oversend\w*|innsend\w*|redegjør\w*|kommentarer|i hende|ber om|ber dere|forklar\w*|høre fra|bes\b|mottatt|anmod\w*|send\w*|skriftlig\w*|venter|fortell\w*|beskriv\w*|gi beskjed|beskjed|suppler\w*|oppgi\w*|utdyp\w*",
        r"respond\w*|resposta|pronunci\w*|esclarec\w*|prest\w*|observações|inform\w*|enviar|envio|remeter|comunicar|prazo|queira\w*|solicit\w*|apresent\w*|agrade\w*|aguard\w*|remet\w*|junt\w*|respost\w*|forne\w*|indic\w*|notific\w*|dizer\w*|explic\w*|explicaç\w*|pedimos|pede-se|solicita-se|façam|digam",
        r"vastau\w*|vastat\w*|selvity\w*|lausun\w*|pyydä\w*|toimit\w*|odpov\w*|vyjádř\w*|vyjadr\w*|žádá\w*|zašl\w*|sděl\w*|stanovisk\w*|válasz\w*|nyilatkoz\w*|kérj\w*|kérem|tájékoztat\w*|răspun\w*|transmit\w*|comunic\w*|rug[aă]m|al·legacions|resposta|respon\w*|informaci\w*|απάντη\w*|απαντ\w*|παρακαλ\w*|απόψεις|ζητ\w*|γνωρίσετε|γνωστοποι\w*|vasta\w*|atbild\w*|atsaky\w*|odgovor\w*|vastus\w*|ootame|palume|prašome|pateikti|просимо|надати|відповід\w*|пояснен\w*|vysvětl\w*|kan vi få|fint om|får vi|sig os|låt oss|očitov\w*|отговор\w*|становищ\w*",
        r"pojasnil\w*|posred\w*|poziva\w*|prosimo|prosim|sporoč\w*|predlož\w*|dostav\w*|izjav\w*|mnenj\w*|moli\w*|izvješ\w*|obavijest\w*|pojašn\w*|objasn\w*|izjasn\w*|traži\w*|zaht[ij]?eva\w*",
        r"предостав\w*|представ\w*|молим\w*|изискв\w*|разяснени\w*|обяснени\w*|изпрат\w*|уведом\w*|prašo\w*|pateik\w*|paaiškin\w*|informuo\w*|nurody\w*|laukiame|lūdz\w*|snieg\w*|sniedz\w*|paskaidro\w*|atsūt\w*|iesnie\w*",
        r"palu\w*|ootab|edasta\w*|selgitu\w*|esita\w*|teata\w*|solicit[aăm]\w*|preciza\w*|complet\w*|aștept\w*|furniza\w*|prezenta\w*|lămur\w*|διευκρινί\w*|ενημερώ\w*|προσκομί\w*|υποβάλ\w*|εξηγήσεις|στοιχεία|καλείσθε|καλείστε",
        r"felhív\w*|küld\w*|megküld\w*|közöl\w*|szíveskedj\w*|várj\w*|várom|iratok\w*|sdělte|zaslat|dolož\w*|předlož\w*|prosíme|očekáváme|uveďte|poskytn\w*|žiadam\w*|oznám\w*|antam\w*|esittäm\w*|kehota\w*|odota\w*|lähettä\w*|pyyd\w*|óska\w*|skýring\w*|upplýs\w*|afstað\w*|athugasemd\w*|greinargerð\w*|biðj\w*|berist|sendið|pytamy|pyta\w*",
    )
    + r")\b",
    re.IGNORECASE,
)

# What makes a day a last day: stands some words before it.
LIMIT = re.compile(
    r"\b(?:"
    + _words(
        r"by|before|erbyn|cyn pen|o fewn|until|till|no later than|not later than|at the latest|within|in the next|deadline\w*|due|period of|time limit|up to|extended to|ahead of|latest|not after|moved (?:from|to)|postponed to|now stands at|in less than|at most|allow\w*|on or before|inside|no more than|not more than|up to and including|runs? out|is up|ends|in my diary|our suggestion is|our proposal is|shall we say|let(?:'|’)?s say|lapses",
        r"bis|spätestens|innerhalb|binnen|\w*frist\w*|auf den|längstens|innert|im laufe|nicht später als|vor dem|vorgemerkt|zum|sagen wir|nicht nach dem|noch vor|höchstens|maximal",
        r"avant|au plus tard|d'ici|d’ici|dans|sous|délai|jusqu'au|jusqu’au|échéance|date limite|avant la|pas plus tard|passé le|à l'issue|endéans|courant|disons|non plus tard que|maximum",
        r"antes|hasta|plazo|dispone[n]? de|dispondrá de|disposez|avete|beschikt|dentro de|a más tardar|no más tarde|no mas tarde|límite|entro|termine|non oltre|prima del|scadenza|fino al|nel giro di|al più tardi|in el termini|abans de|termini|fins al?",
        r"uiterlijk|binnen|vóór|termijn|\w*termijn|op zijn laatst|w terminie|w ciągu|terminie|\w*termin|najpóźniej|nie później niż|przed|nie później|tot en met|op uiterlijk|ten laatste|vóór|voor het einde|niet later dan|nie później jak",
        r"senast|inom|före|t\.o\.m|tidsfrist|frist\w*|senest|inden|innen|før|até|prazo|dentro|limite|i løpet av|inden for|den sista|sista dag\w*|mennessä|viimeistään|kuluessa|ve lhůtě|v lehote|nejpozději|najneskôr|belül|legkésőbb|határidő\w*|în termen|până|cel târziu|εντός|έως|μέχρι|hiljemalt|jooksul|līdz|laikā|u roku|v roku|най-късно|не пізніше|протягом|helst före|helst inden|в срок|ikke senere enn|ikke senere end|inte senare än|ej senare än|ikkje seinare enn|innan|allra senast|aller senest",
        r"najkasneje|najpozneje|najkasnije|do vključno|v roku|cel mai târziu|până|până la|în cel mult|termen\w*|ne vēlāk|termiņ\w*|ne vėliau|termin\w*|tähtaeg\w*|tähtajaks|το αργότερο|προθεσμί\w*|μέσα σε|lhůt\w*|lehot\w*|määräaik\w*|eigi síðar en|ekki síðar en|í síðasta lagi|frest\w*|срок\w*|не по-късно|в рамките",
    )
    + r")\b",
    re.IGNORECASE,
)
# These little words do so only right before it.
LIMIT_AT_HAND = re.compile(
    r"\b(?:requested|expected|erwartet|attendue?s?|requerid[oa]|richiest[oa]|to|in|have|allow|allowed|allows|vor|termin|до|zum|von|pour le|au|le|en|para el|al|voor|tot|do|till|den|til|for|em|a|tegen|fyrir|iki|per il|per|ad|di|por)"
    r"(?: (?:the|den|le|el|il|dnia|o|um|einen|een|un|dem))?\W{1,3}(?:[^\W\d_]+\W{1,2})?\Z",
    re.IGNORECASE,
)
LIMIT_AFTER = re.compile(
    r"\W{0,3}(?:at the (?:very |absolute )?latest|the latest|or (?:before|earlier)|au plus tard|spätestens|al più tardi|a más tardar"
    r"|op zijn laatst|najpóźniej|is (?:extended|prorog)|or sooner|mennessä|belül|kuluessa|-?ig\b|срок|or thereabouts|time\b|(?:of (?:this|next) week )?is (?:the|our) (?:last|final|latest)|als (?:uiterste|laatste|letzter|spätester) \w+|comme dernier|como último|come ultimo|jako ostateczn\w*|will do\b|would (?:do|suit)\b|(?:is|are|seems?|nous para[iî]t|me parece|ci pare) (?:ample|raisonnable|razonable|congruo|reasonable|plenty)|laikā|jooksul|sees\b|tagasi|határidő\w*|-ig\b|napjáig|as a (?:final|last) date|is (?:fine|soon enough)|be (?:reasonable|convenient|all right|enough|manageable)|suit you|bastano|bastan|suffisent|reichen|genügen|räcker|er nok|volstaan|wystarcz\w*|tope\b|próximos?|p\.v|a\.s|from (?:today|now)|today at the latest|(?:still )?stands\b|does not change|is unchanged|takes its place|tritt an (?:dessen|ihre|seine) stelle|is the date (?:in my diary|i have)|remains? (?:the same|unchanged)|bleibt (?:es|bestehen|maßgeb\w*)|reste (?:fixé|valable)|sigue (?:en pie|vigente)|resta ferm\w|blijft (?:staan|gelden)|står fast|gäller fortfarande)",
    re.IGNORECASE,
)
# These alone make a sentence ask by their very meaning, so no other word is needed.
DEADLINE = re.compile(
    r"\b(?:deadline|return date|response date|reply date|due date|frist(?:ende)?|abgabefrist|äußerungsfrist|antwortfrist|échéance|date limite|délai de réponse|fecha límite|plazo de respuesta"
    r"|scadenza|reactietermijn|svarsfrist|svarfrist|svarstid|termin odpowiedzi|prazo de resposta|date for (?:your )?(?:reply|response|answers?)|time for (?:your |a |the )?(?:reply|response|answer\w*)|time limit|time allowed|to reply|to respond|rückmeldefrist|stellungnahmefrist|zur äußerung|zur stellungnahme|pour répondre|para responder|para contestar|per rispondere|om te (?:reageren|antwoorden)|för att (?:svara|yttra)|for at svare|for å svare|határidő\w*|lhůta|määräaika\w*|termen de răspuns)\b",
    re.IGNORECASE,
)
# The day belongs to something else than an answer to be given: stands before it in the same clause.
OTHER_MATTER = re.compile(
    r"\b(?:"
    + _words(
        r"(?:agent|controller|company|customer|bank|supplier|provider|publisher|retailer|operator)['’]s (?:own )?(?:reply|answer|response|deadline|time)|its own (?:view|reply|answer|response|account|position)|(?:complainant|data subject|controller|customer|client|she|he|they) (?:may|can|could|expects?|expected|wants?|wanted|awaits?|hopes?)|(?:ask for|seek|request|apply for) an? (?:internal )?review|(?<!you )replied|(?<!you )responded|(?<!be )(?<!been )answered|acknowledged|was due|were due|fell due|should have|(?:had|has|(?:they|both|controllers|companies|parties) have) (?:until|till)|expired|expires?|we (?:have )?(?:received|wrote|asked)|you (?:wrote|replied|asked|told)|lapsed|webinar|register before|(?<!forward to )hearing(?! from| back)|meeting|appeal\w*|interview|inspection|visit"
        r"|delete[ds]?|deleting|deletion (?:date|on|is)|eras(?:e|ed|ing)|retain\w*|kept|stor(?:e|ed)|preserve\w*|renew\w*|fee|pay|review (?:the|this|it|our)|valid until|keep (?:the|all|any|these|those)|since(?! when)|the controller (?:must|has|was|is|should)"
        r"|(?<!\byou )(?<!\bnorthgate )(?<!\bobservations )(?<!\bcomments )(?<!\bviews )(?<!\bsubmissions )(?:has|have|was|were|is|are) (?:also |been |separately |itself )*(?:asked|given|told|invited|ordered|directed|written to)|(?:they|it|he|she) (?:must|has|have|had|will|is to|are to) (?!be with|reach|arrive|be received|get to|come to|be here)|must be (?:kept|retained|deleted)|we (?:aim|hope|intend|plan|will|shall)(?! (?:be (?:glad|grateful|obliged|pleased)|expect|need|require|look|want|allow|give|be expecting))|our next|next update|survey|consultation|will be (?:closed|decided|determined|deleted|published|destroyed|issued)|decision (?:is|will)",
        r"entschieden|entscheidung|bescheid(?! geben| zu geben)\w*|erlass|zu rechnen|abgelaufen|lief|endete|wurde aufgefordert|wurde gebeten|hat der verantwortliche|der verantwortliche|anhörungstermin|gespräch|sitzung|termin mit|besprechung|anhörung am|löschung|gelöscht|aufbewahr\w*|widerspruch|klage kann|rechtsbehelf\w*|verhandlung|speicher\w*|hätten(?!.{0,16}gern)|waren|eingegangen am",
        r"sera (?:clos|tranch|rend|prise?)\w*|décision|expiré|expirait|deviez|aviez|recours|audience|réunion|rendez-vous|suppression|conserv\w*|responsable du traitement (?:a|doit|dispose)|a été (?:invité\w*|prié\w*|saisi\w*)|devait|contrôle sur place|vencía",
        r"se (?:resolverá|dictará|archivará)|resolver\w*|venció|vencía|finalizó|recurso|vista|reunión|suprim\w*|conserv\w*|debía|el responsable (?:debe|ha|dispone|tiene)|ha sido requerid\w*",
        r"sarà (?:decis|definit|adottat)\w*|decisione|scaduto|scadeva|ricorso|opposizione|udienza|riunione|incontro|audizione|cancell\w*|conserv\w*|avrebbe dovuto|doveva|il titolare (?:deve|ha|è)|è stat[oa] (?:invitat|richiest)\w*",
        r"besluit|beslissing|beslist|beslissen|verstreken|verliep|bezwaar|beroep|zitting|gesprek|overleg|hoorzitting|verwijder\w*|bewaar\w*|bewaren|had(?:den)? moeten|de verwerkingsverantwoordelijke (?:heeft|moet|is|dient)|is verzocht",
        r"rozstrzygni\w*|decyzj\w*|upłynął|przysługuje|upłynęło|odwołani\w*|skarg[ęai] do sądu|rozpraw\w*|spotkani\w*|usunię\w*|przechow\w*|administrator (?:ma|powinien|został|jest)|został\w* wezwan\w*",
        r"beslut(?! om anstånd)\w*|gick ut|skulle|överklag\w*|förhandling|radera\w*|gallra\w*|bevara\w*|sparas|den personuppgiftsansvarige (?:har|ska)|har ombetts",
        r"afgørelse\w*|afgøre\w*|udløb|skulle|klagefrist|klage over|påklag\w*|slett\w*|opbevar\w*|høring den|møde|den dataansvarlige (?:har|skal)|er blevet bedt",
        r"avgjør\w*|vedtak\w*|utløp|gikk ut|klagefrist|påklag\w*|slett\w*|oppbevar\w*|møte|den behandlingsansvarlige (?:har|skal|er)|er bedt",
        r"decisão|será (?:decidid|proferid)\w*|expirou|terminou|terminava|recurso|impugn\w*|audiência|reunião|apag\w*|conserv\w*|devia|o responsável (?:deve|tem|foi)|foi notificad\w*",
    )
    + r")\b",
    re.IGNORECASE,
)
# "Let us have the company's answer": what is another's, and wanted through us.
THROUGH_US = re.compile(
    r"\b(?:(?:let|send|forward|give|get|pass|hand|show|bring) (?:us|me)(?: have| see)?|provide(?: us with| me with)?|supply|obtain|(?:may|can|could) (?:we|i) (?:have|see))"
    r" (?:the |your )?\Z",
    re.IGNORECASE,
)
RAN_OUT = re.compile(
    r"expir|lapsed|lief|abgelaufen|endete|venc|scad|verliep|verstreken|upłyn|gick ut|udløb|utløp|gikk ut|terminou|terminava",
    re.IGNORECASE,
)
# What another was asked, in a clause of its own before "by 23 October".
OTHERS_ASKED = re.compile(
    r"\b(?:(?<!\byou )(?<!\bnorthgate )(?:has|have|was|were|is|are) (?:also |been |separately |itself )*(?:asked|given|told|invited|ordered|directed|written to)|(?:they|he|she) (?:must|has|have|will)"
    r"|wurde[n]? .{0,30}(?:aufgefordert|gebeten)|haben wir .{0,30}abgemahnt|abgabe (?:der|einer) unterlassungserklärung|a (?:également )?été (?:invité|prié|saisi)\w*|ha sido requerid\w*|è stat[oa] (?:invitat|richiest)\w*|is verzocht|został\w* wezwan\w*|har ombetts|er blevet bedt|er bedt|foi notificad\w*)\b",
    re.IGNORECASE,
)
# "five days before": counted back from something else.
BEFOREHAND = re.compile(
    r"\W{0,3}(?:before|beforehand|earlier|prior|vorher|zuvor|vor (?:dem|der|Ablauf)|avant|plus tôt|antes|prima|tevoren|daarvoor|wcześniej|przed|innan|tidigare|før|forinden|forut)\b",
    re.IGNORECASE,
)
# The same, where the word stands right behind the day: "am 11. Dezember angesetzt".
OTHER_BEHIND = re.compile(
    r"\W{0,3}(?:for (?:the|a) (?:hearing|meeting)|is scheduled|is ours|falls away|takes place|hearing\b|meeting\b|angesetzt|anberaumt|statt\b|stattfind\w*|geplant|vorgesehen|est prévue?|aura lieu|se celebrará|avrà luogo|plaatsvind\w*|gepland|odbędzie|äger rum|planlagt|finner sted|finder sted|terá lugar)",
    re.IGNORECASE,
)
EXTENDED = re.compile(
    r"\b(?:extend\w*|extension|porté\w* (?:au|à)|portat\w al|nouveau délai|neue frist|nuevo plazo|nuovo termine|nieuwe termijn|nowy termin|ny frist|new deadline|novo prazo|rather than|further time|more time|further (?:\w+ )?(?:days?|weeks?|months?)|(?:days?|weeks?|months?) (?:more|longer)|instead of|in place of|i ?stället för|i stedet for|statt (?:des|dem|am|\d)|(?:wochen|tage) mehr|au lieu d\w|en lugar del?|anziché|in plaats van|zamiast|em vez d\w|is moved|lisäaika\w*|pidenn\w*|time (?:you )?sought|moved to|moved from|stel(?:len)?\b.{0,30}\btermijn|postponed|additional time|put back|pushed back|more days|more weeks|délai supplémentaire|nachfrist|frist(?:forlæng|forleng|utsett)\w*|förlängd\w*|verschoben|hinausgeschoben|repouss\w*|reporté\w*|aplaz\w*|rinvia\w*|differi\w*|posticipa\w*|verschoven|uitgesteld|flyttas|flyttat|framflytt\w*|udsat|udskudt|rykket til|forskjøvet|flyttet|adiad\w*|przesuni\w*|przesuwa\w*|jatketa\w*|jatkoaika\w*|prodlou\w*|predĺž\w*|meghosszabb\w*|prelung\w*|verlänger\w*|fristverlängerung|prolong\w*|prorog\w*|ampli\w*|prórroga|verleng\w*|uitstel|przedłuż\w*|förläng\w*|anstånd\w*|forlæng\w*|forleng\w*|utsatt\w*|utsett\w*|prorrog\w*)\b",
    re.IGNORECASE,
)
# An extension that is refused, or only spoken of.
NOT_EXTENDED = re.compile(
    r"\b(?:jos asiaan|no (?:further )?extensions?|(?:lukt dat niet|uitstel mogelijk)|(?:not|cannot|can't|unable|won't)\b.{0,50}\b(?:exten\w+|accede|more time|longer|extra)|extensions?\b.{0,30}\bnot\b|should you need (?:longer|more time)|(?:se|si|falls|sollten?|wenn|indien|als|jeśli|jeżeli|om|hvis|dersom|caso)\b.{0,40}(?:proroga|prórroga|prolongation|ampliación|délai supplémentaire|verlängerung|uitstel|verlenging|przedłużeni\w*|anstånd|udsættelse|utsettelse|prorrogação)|if you need (?:longer|more time|an extension)"
    r"|kein\w* (?:weitere\w* )?(?:frist)?verlängerung\w*|nicht verlänger\w*|verlängerung\w*.{0,30}\bnicht\b|geen (?:verder )?uitstel|verlengen\b.{0,30}\bniet|uitstel\b.{0,40}\bniet\b|niet verlengd|aucun\w* (?:prolongation|prorogation|délai supplémentaire|report)|pas (?:de prolongation|prolongé|prorogé)"
    r"|no (?:se )?(?:conceder|prorrog|ampli)\w*|non (?:sar\w+ |è |si )?(?:concess|prorog|differ)\w*|nessuna proroga|nie .{0,24}przedłuż\w*|inget (?:ytterligare )?anstånd|ikke .{0,24}(?:forlæng|forleng|utsett)\w*|não .{0,24}prorrog\w*)\b",
    re.IGNORECASE,
)
# What is granted beyond an earlier period.
MORE = re.compile(
    r"\b(?:further|more|additional|another|longer|weitere\w*|zusätzliche\w*|supplémentaires?|adicionales|más|ulteriori|extra|dodatkow\w*|kolejn\w*|ytterligare|yderligere|ytterligere|adicionais)\b",
    re.IGNORECASE,
)
# Before the day to which something is extended, not the one from which.
RESULT = re.compile(
    r"\b(?:to|until|till|auf den|bis zum|bis|au|jusqu['’]au|al|hasta el|fino al|tot(?: en met)?|do dnia|do|till(?: den)?|til(?: den)?|até(?: a[o]?)?)\s(?:the |den |dem |\w+, )?\Z",
    re.IGNORECASE,
)
EXTENDED_BY = re.compile(
    r"\b(?:by|um|de|di|met|o|med|em|por|per|with)(?: (?:a|further|another|weitere|ytterligare|yderligere|nog))?\s\Z",
    re.IGNORECASE,
)
# Words that give time rather than tell of it.
GRANTED = re.compile(
    r"\b(?:"
    + _words(
        r"allow\w*|giv(?:e|es|en|ing) you|sufficient|suffice\w*|enough|expect\w*|await\w*|treat|look forward|wait|you (?:may|can|will|now)? ?have|we can give|at your disposal|ought to|should|will do|is ample|is what|seems? (?:fair|reasonable)|paraît raisonnable",
        r"haben sie|steh(?:t|en) ihnen|vorgemerkt|gesetzt|setzen|setze|genügen|erwarte\w*|eingeräumt|räumen?\b|gewähr\w*|sollten|zeit|bleib(?:t|en) ihnen",
        r"vous (?:disposez|avez|est accordé)|accord\w*|laiss\w*|souhait\w*|suffi\w*|imparti\w*",
        r"dispon\w*|tienen?|conced\w*|otorg\w*|esper\w*|avete|assegn\w*|disposeu|teniu",
        r"heeft u|hebt u|krijgt u|u (?:heeft|hebt|krijgt)|gunnen|czekamy|poczekamy|wachten wij|verwacht\w*|mają państwo|państwo mają|wyznacza\w*",
        r"vi ger er|vi gir dere|vi giver jer|geven wij u|dajemy państwu|har ni|ni har|på er|önskar|har i|i har|har dere|dere har|gives|ønsker|dispõe\w*|têm|tem|teillä on|teidän on|máte|disponuje\w*|aveți|van önnek",
    )
    + r")\b",
    re.IGNORECASE,
)
YOURS = re.compile(
    r"\b(?:you|your|yours|sie|ihre?[mnrs]?|ihnen|vous|votre|vos|usted(?:es)?|su|sus|vostr\w|codest\w|voi|vi|u|uw|państw\w|ni|er|ert|era|jer|jeres|dere|deres|vossas?|vossos?|teidän|teitä|vás|vám|vaše\w*|ön\w*|dvs|dumneavoastră|vostè)\b",
    re.IGNORECASE,
)
FROM_RECEIPT = re.compile(
    r"\b(?:receipt|receiving|received|receive|zugang|erhalt|eingang|zustellung|réception|recevoir|recepción|recibo|recibir|notificación|ricezione|ricevimento|notifica|ontvangst|otrzymania|doręczenia|mottagande\w*|mottagit|modtagelse\w*|mottak\w*|receção|recepção|recebimento|notificação|reaches you|you get|get this|(?:you |dere |ni |i )mottar|mottar|mottager|modtager|mottatt|vastaanottami\w*|doručení|doručenia|obdržení|kézhezvétel\w*|primire\w*|rebre|recepció|in hands?|zaprim\w*|primitk\w*|prejem\w*|prejet\w*|vročit\w*|получав\w*|връчв\w*|gavimo|gavus|įteik\w*|saņem\w*|(?:kätte)?saami\w*|primirii|λήψη\w*|παραλαβή\w*|κοινοποίηση\w*|doručen\w*|obdržen\w*|átvétel\w*|kézbesít\w*|tiedoksisaan\w*|saapumi\w*|vastaanott\w*|móttöku|viðtöku|otrzymani\w*|doręczeni\w*|fick (?:detta|det här)|ni fick|i fik|dere fikk|otrzymali państwo)\b",
    re.IGNORECASE,
)
FROM_BEFORE = re.compile(
    r"\bkézhezvétel\w*\b.{0,20}\Z|\b(?:ab|nach|après|od|upon|on|from|of)\b.{0,20}\Z", re.IGNORECASE
)
# Where a period is said to run from; stories tell how long things took, requests from when to count.
FROM_LETTER = re.compile(
    r"\W{0,3}(?:(?:ein|zeit|time|fra nå|frist)\W{1,3})?(?:(?:to be )?(?:gerechnet|beginnend|counted|counting|calculated|reckoned|starting|te rekenen|contados?|räknat|regnet|licząc|skaitot|calculés?)\s)?(?:of|from|after|following|starting|counted from|ab|nach|seit|à compter|à partir|suivant|après|de|desde|a contar|contad[oa]s?|dal(?:la|l')?|dalla data|a decorrere|na|vanaf|od|från|efter|fra|etter|a contar da|a partir|от|nuo|no|alates|arvates|de la|από|frá|dana|dne)\b"
    r".{0,24}\b(?:date|datum|letter|hereof|today|now|receipt|e-?mail|schreiben\w*|briefs?|datums?|zugang|erhalt|zustellung|verzending|dispatch|versand|heute|lettre|courrier|présente|réception|date|fecha|escrito|recepción|notificación|presente|data|ricevimento|ricezione|lettera|brief|dagtekening|ontvangst|pisma|doręczenia|otrzymania|brev\w*|dato|mottagande\w*|modtagelse\w*|carta|ofício|receção|получаван\w*|връчван\w*|писмо\w*|zaprim\w*|primitk\w*|prejem\w*|vročit\w*|dopis\w*|gavimo|rašto|saņemšan\w*|vēstul\w*|saami\w*|kirja|primiri\w*|primirea|adrese\w*|λήψη\w*|παραλαβή\w*|επιστολή\w*|παρόντος|παρούσας|doručen\w*|obdržen\w*|kézhezvétel\w*|levél\w*|móttöku|viðtöku|bréfs\w*)\b",
    re.IGNORECASE,
)
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
    # Said first, so that the places where no sentence can end cost little.
    r"(?=[.!?;\n])(?:(?<=[^\W\d_][^\W\d_][^\W\d_])(?<!\b(?i:jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec|abs|art|nos|str))[.!?;]+[\s\"”»]+|(?<=[)\"”»’])[.!?;]+\s+|(?<=\d{4})[.!?;]+\s+"
    r"|(?<![\s(]\d)(?<![\s(]\d\d)\.\s+(?=[A-ZÀ-ÖØ-ÝĄĆĘŁŃÓŚŹŻ])|[!?]\s+|\n\s*\n"
    # "dia 11. Insiste-se" ends there, "3. Dezember" and "4. a" do not.
    rf"|(?<=\s\d\d)\.\s+(?=[A-ZÀ-ÖØ-ÝĄĆĘŁŃÓŚŹŻ])(?!(?i:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b))"
)
CLAUSE = re.compile(
    r"[,;:()–—]\s|\s[–—-]\s|\b(?:and|but|und|aber|et|mais|pero|ma|maar|ale|men|mas)\b", re.IGNORECASE
)
# The head of a letter puts several fields on one line.
HEAD_FIELDS = re.compile(r"\t|\s{2,}|\s?[·|•;]\s?|\s[–—]\s|, (?=[^\W\d_]+:)")
LETTER_DATE_FIELD = re.compile(
    r"\A\W{0,3}(?:(?:letter )?dated?|date of (?:this |the )?letter|datum|fecha|data|dato|dagtekening|päiväys|päivämäärä|datum des schreibens|date du courrier)"
    r"\s{0,3}[:.]?\s{0,6}(?:(?:[^\W\d_]{3,14}|\w{2}\.),?\s)?(?:den |le |el |the |il )?\Z",
    re.IGNORECASE,
)
YEAR_IN_WORDS = re.compile(
    r"\b(?:del? )?(?:dos mil \w+|deux mille [\w-]+|duemila\w+|two thousand and [\w-]+|zweitausend\w+|dois mil e \w+ e \w+|tweeduizend\w+)",
    re.IGNORECASE,
)
PLACE_BEFORE_DATE = re.compile(
    r"\W{0,3}[A-ZÀ-ÞĄĆĘŁŃÓŚŹŻČŘŠŽ][^\W\d_]*(?:\W[^:]{0,40}?)?(?:,\s?(?:(?:den|le|am|a|el|lì|il|dnia|d\.|the|[^\W\d_]{3,12}(?:,|\b))\s?){0,2}|\b(?:den|le|dnia|lì|il|a)\s)|"
    r"[A-ZÀ-ÞĄĆĘŁŃÓŚŹŻČŘŠŽ][^\W\d_]{2,20},?\s(?:den |le |dnia |lì |il |a )?",
)
# Between a weekday and its date.
SAME_DAY = re.compile(r"[\s,.(]{0,3}(?:(?:the|den|dem|der|le|el|il|de|d\.)\s)?")
# Columns of a letter's head run together: "Our sign: LDA-1085/26 Ansbach, 06.10.2026", or a row below "Reference   Date".
PLACE_LAST = re.compile(r"\s[A-ZÀ-Þ][^\W\d_]{2,20}, (?:den |le |am |a |lì |il |dnia |den )?\Z")
DATE_COLUMN = re.compile(r"(?:\b|\s)(?:date|datum|dato|data|fecha|dagtekening)\s*:?\s*\Z", re.IGNORECASE)
LETTER_DATE_LINE = re.compile(
    r"(?:date|datum|fecha|data|dato|dated|le|den|d\.|el|il|dnia|lì|,|:|\.|\s|r)*", re.IGNORECASE
)
