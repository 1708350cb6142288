"""What the words of a letter speak for: one pass over the text for all phrases of all languages."""

import re
from collections.abc import Mapping
from enum import StrEnum

from ahocorasick_rs import AhoCorasick

_BOUND = 24_000
_SPACE = re.compile(r"\s+")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "‑": "-", "–": "-", "\u00ad": "", "\u200b": "", "\xa0": " "})


class Cue(StrEnum):
    """What a phrase speaks for."""

    LATER = "later letter of a case"
    FIRST = "first letter of a case"
    CASE = "words of a case"
    ADMINISTRATIVE = "administrative words"
    SALES = "sales words"
    INDIVIDUAL = "an individual's own words"
    ADVOCATE = "acts for a client"
    NON_PROFIT = "says it is not for profit"
    NO_BODY = "says it is no organisation"
    ACTS_FOR = "acts for somebody"
    LURE = "pay, upload or sign in"
    CONFIRMS = "confirms receipt"
    DISAGREES = "sends it back"
    ABSENT = "absence"
    MACHINE = "written by a machine"
    SECURE = "a message waits elsewhere"
    NOTICE = "formal notice to us"
    BOUNCE = "delivery failure"
    PRESS = "asks for a comment"
    AUTHORITY_VOICE = "speaks as an authority"


# A star stands for any ending; all phrases begin at the beginning of a word.
_PHRASES: dict[Cue, str] = {
    Cue.LATER: """
        as agreed on | chasing | have had anything from you | have had nothing from you | nothing further is needed | time for your response | time for your reply | reminder | outstanding | further to our | further to my | following our letter | we refer to our | i refer to our | i refer to my
        our previous letter | our earlier letter | our letter of | our letter dated | my letter of | my letter dated | our e-mail of | our email of | we wrote to you on | i wrote to you on | we last wrote
        still awaiting | still waiting for | have not had a reply | have not received a reply | not received your | no reply has | not yet replied | have not heard from you | your answer was due | your reply was due | your response was due | was due on | is overdue | overdue
        extension of time | extension granted | we have extended | time is extended | deadline is extended | deadline has been extended | deadline extended | is extended to | extended until | your request for an extension | we agree to the extension
        case is closed | case closed | closing this case | closed the case | close this case | we have closed | is now closed | closed this case | closed our file | no further action | closure | concluded our enquiries | outcome of our | matter is closed | completed our consideration | concluded our | completed our | our conclusion* | do not intend to take | further action | our decision on | our view on | - outcome | : outcome | outcome letter | outcome of | has been withdrawn | complaint is withdrawn
        thank you for your response | thank you for your reply | thank you for your letter | thank you for your answer | thank you for your submission | thank you for the information you | your response of | your reply of | your letter of | in your reply | in your response | correction to our | we made a mistake in our | second request | final request | chaser | clarification of our | supplement to our | supplementary question* | a further question | further questions | one more question
        für uns erledigt | ist erledigt | hat sich erledigt | nicht geantwortet | bislang nicht geantwortet | bislang nicht eingegangen | bislang keine antwort | erinnerung | mahnung | fristverlängerung | verlängert | unser schreiben vom | unserem schreiben vom | unseres schreibens vom | mein schreiben vom | meinem schreiben vom | mit schreiben vom | nachfrage | noch keine antwort | noch nicht eingegangen | steht noch aus | verfahren eingestellt | das verfahren ist abgeschlossen | verfahren abgeschlossen | verfahren ist eingestellt | vorgang abgeschlossen | ihre antwort vom | ihr schreiben vom | ihre stellungnahme vom | vielen dank für ihre stellungnahme | abschlussmitteilung | wird eingestellt | abgeschlossen | ergänzende frage* | ergänzend zu unserem
        absence de réponse | pas reçu votre | pas reçu de réponse | relance | rappel | notre courrier du | mon courrier du | notre lettre du | nos courriers | sans réponse de votre part | n'avons pas reçu | restée sans réponse | prolongation | délai supplémentaire | délai est prolongé | délai est prorogé | clôture | clôturé* | votre réponse du | votre courrier du | fait suite à notre | suite à votre réponse | suite à notre courrier | pour faire suite à
        recordatorio | reiteramos | segundo requerimiento | nuestro escrito de | nuestra carta de | ampliación del plazo | se amplía el plazo | ampliación de plazo | prórroga | archivo de actuaciones | archivo del expediente | se archiva | se acuerda el archivo | su respuesta de | su escrito de | no hemos recibido | no se ha recibido | sin respuesta
        sollecito | si sollecita | proroga | facendo seguito | fa seguito | nostra nota del | nostra lettera del | nostra comunicazione del | archiviazione | archiviato | chiusura del | vostra risposta del | vostra nota del | non è pervenut* | ad oggi non
        herinnering | rappelbrief | uitstel | onze brief van | ons schrijven van | mijn brief van | in vervolg op | naar aanleiding van uw antwoord | nog niet ontvangen | nog geen antwoord | zaak gesloten | gesloten | afgesloten | uw antwoord van | uw brief van | termijn is verlengd | verlengd
        przypomnienie | ponaglenie | ponownie | w nawiązaniu do | nawiązując do | nasze pismo z | nasze pismo | przedłużen* | przedłuża | przedłużam* | umorzen* | zamknięt* | sprawa zakończona | państwa odpowiedź z | do dnia dzisiejszego nie | nie otrzymaliśmy | wyznaczony termin upłynął
        påminnelse | vårt brev | vår skrivelse | anstånd | förlängd tid | förlängs | avslutat | avslutas | avslutar ärendet | ärendet är avslutat | ert svar den | tack för ert yttrande | inte fått ert yttrande | mottagit ert yttrande | ert yttrande den | i ert yttrande | inte fått svar | inte inkommit | har inte fått
        rykker | påmindelse | erindring | vores brev af | vores brev | vores henvendelse af | fristforlængelse | forlænges | forlænget | afsluttet | afslutter sagen | afsluttes | jeres svar af | ikke modtaget svar | endnu ikke modtaget | har ikke modtaget
        purring | påminning | vårt brev av | vårt brev | utsatt frist | fristutsettelse | forlenget | forlenges | avsluttet | avslutter saken | avsluttes | deres svar av | ikke mottatt svar | ikke mottatt | har ikke mottatt
        lembrete | insistência | insistimos | nosso ofício de | nossa carta de | prorrogação | prorrogado | prazo foi prorrogado | arquivamento | arquivado | processo encerrado | vossa resposta de | não recebemos | ainda não recebemos
    """,
    Cue.FIRST: """
        new complaint | new case | a second complaint | another complaint | a further complaint | a separate complaint | separate case | opened a case | opened a new | i have opened | we have opened | under the new number | separate enquiry | separate investigation | gesondertes verfahren | eigenes verfahren | linked to | we have received a complaint | has complained to us | have received the enclosed complaint | complaint has been made
        neue beschwerde | weitere beschwerde | ist eine beschwerde eingegangen | liegt eine beschwerde | neues verfahren | neues aktenzeichen
        nouvelle plainte | une plainte | a été saisie d'une | nueva reclamación | ha tenido entrada | nuovo reclamo | è pervenuto un reclamo | nieuwe klacht | afzonderlijk onderzoek | nieuw onderzoek | enquête distincte | procédure distincte | procedimiento separado | procedimento separato | een klacht ontvangen | nowa skarga | wpłynęła skarga | nytt klagomål | ett klagomål | ny klage | har modtaget en klage | har mottatt en klage | nova queixa | nova reclamação | foi apresentada uma
    """,
    Cue.CASE: """
        complain* | case reference | data subject* | your observations | enquiry | inquiry | infringement | personal data breach | data breach | art. 77 | article 77 | art. 80 | article 80 | art. 15 | art. 58 | article 58
        beschwerde* | aktenzeichen | stellungnahme | äußerung | datenschutzverletzung | rügt | plainte* | saisine | plaignant* | réclamation* | observations | reclamación | reclamante | expediente | requerimiento | alegaciones | reclamo | reclamante | fascicolo | riscontro | segnalazione
        klacht* | klager | zaaknummer | zienswijze | skarg* | skarżąc* | sygn. | sprawie | wyjaśnie* | klagomål* | klagande* | ärende* | tillsyn | yttrande | klage* | klager | sagsnr* | udtalelse | j.nr. | saksnummer | redegjørelse | uttalelse | queixa* | reclamação | processo | pronunci* | valitus
    """,
    Cue.ADMINISTRATIVE: """
        dear reader* | dear subscriber* | dear stakeholder* | newsletter | webinar* | conference | seminar | workshop | save the date | join us | register now | register for | register before | places are limited | book your place | survey | how did we do | found our service | answers are anonymous | help us to improve | recruiting | closing date | you get this because | you are receiving this | is subscribed | in this issue | in this number | questionnaire | consultation | call for evidence | press release | for immediate release | media release | notes to editors | today announced | announced today | announces | vacancy | vacancies | we are hiring | job opening | apply by | data protection fee | registration fee | renew your registration | direct debit | unsubscribe | annual report | guidance has been published | new guidance | published today | e-bulletin | bulletin | training day | open day | podcast | blog | annual conference | event | invitation | invite you
        veranstaltung | tagung | einladung | pressemitteilung | stellenausschreibung | stellenangebot | umfrage | konsultation | abmelden | abbestellen | tätigkeitsbericht | seminar | anmeldung | fragebogen | teilnahme | frühbucher* | liebe leser* | sehr geehrte leser* | jetzt anmelden | tagesseminar | gebührenbescheid | infobrief
        lettre d'information | infolettre | webinaire | colloque | inscription | inscrivez-vous | communiqué de presse | consultation publique | sondage | enquête de satisfaction | offre d'emploi | recrute | chers lecteurs | chère lectrice | cher lecteur | chers abonnés | se désabonner | désinscrire | événement | évènement
        boletín | jornada | inscripción | inscríbase | nota de prensa | consulta pública | encuesta | cuestionario | participación | estimado lector | estimados lectores | convocatoria | darse de baja | seminario | comunicato stampa | convegno | iscrizioni | consultazione pubblica | sondaggio | questionario | partecipazione | gentile lettore | cari lettori | bollettino | cancellati | evento
        nieuwsbrief | bijeenkomst | congres | aanmelden | persbericht | enquête | vragenlijst | deelname | beste lezer* | lezers | consultatie | vacature | uitschrijven | biuletyn | konferencj* | szkoleni* | zapisy | komunikat prasowy | ankiet* | kwestionariusz | udział | drodzy czytelnicy | szanowni czytelnicy | konsultacj* | wydarzeni* | zaproszenie | rezygnacj*
        nyhetsbrev | webbinarium | seminarium | konferens | anmäl dig | anmälan | pressmeddelande | enkät | frågeformulär | delta i | bästa läsare | kära läsare | remiss | lediga tjänster | avprenumerera | nyhedsbrev | konference | arrangement | tilmeld* | pressemeddelelse | spørgeskema | deltagelse | kære læser* | høring | stillingsopslag | afmeld* | nyhetsbrev | konferanse | påmelding | pressemelding | spørreundersøkelse | kjære leser* | ledig stilling | avmeld*
        boletim | inscreva-se | inscrições | comunicado de imprensa | consulta pública | questionário | participação | caro leitor | inquérito de satisfação | vaga | cancelar subscrição | seminário
    """,
    Cue.SALES: """
        demo | our platform | our software | our tool | our solution | pricing | we help you | we help companies | we help organisations | we help businesses | we help controllers | special offer | free trial | discount | book a call | book a demo | our services | gdpr as a service | % off | 15 minutes of your time | quick call | our clients include | case study | whitepaper | roi | quote for
        frühbucher* | zzgl. | inkl. mwst | erstberatung | kostenlose beratung | wir helfen ihnen | unser angebot | unsere software | unsere lösung | kostenlos testen | rabatt | première consultation | au forfait | offre de fin | prenons rendez-vous | répond pour vous | offre valable | consultation gratuite | consultation offerte | nous vous aidons | devis | notre solution | notre logiciel | essai gratuit | offre spéciale | primera consulta | consulta gratuita | le ayudamos | les ayudamos | presupuesto sin | nuestra solución | prueba gratuita | descuento | consulenza gratuita | la aiutiamo | vi aiutiamo | preventivo | la nostra soluzione | prova gratuita | sconto | gratis consult | wij helpen u | vrijblijvend* | onze oplossing | gratis proberen | korting | bezpłatna konsultacja | pomożemy | pomagamy | nasza oferta | pakiet | zł netto | oddzwonimy | nasi eksperci | odpisz tak | nasze rozwiązanie | wersja próbna | rabat | vi hjälper er | kostnadsfri* | erbjudande | vår lösning | vår tjänst | prova gratis | vi hjælper jer | uforpligtende | tilbud på | vores løsning | prøv gratis | vår løsning | a nossa solução | ajudamos | orçamento | free consultation | first consultation | no obligation | our experts | walkthrough | pick a slot | not affiliated with | sign up | free until | most processors | months free | customers such as | two months | worth 15 minutes | no thanks | special price | fixed fee | our team has | our webinar | we offer | book a slot | our review team | initial coin | token sale | festpreis | erstprüfung | antworten sie einfach | zum festpreis | prix fixe | precio cerrado | prezzo fisso | vaste prijs | stała cena | fast pris
    """,
    Cue.INDIVIDUAL: """
        j'ai été | je vous écris | exerço o meu direito | exercer o meu direito | adataim* | a bankkártyám* | mé údaje | mých údajů | moje osobní údaje | moje údaje | datele mele | tietoni | henkilötietoni | τα δεδομένα μου | моите данни | moje podatke | moji podatki | moje osobne podatke | minu andmed* | mani dati | manus datus | mano duomen* | gögnin mín | mínar upplýsingar
        my data | my personal data | my personal information | about me | my account | my name | my details | my address | my information | my request | my email address | my phone number | my photo* | my children | our children | our photographs | photographs of us | my son | my daughter | my rights | my complaint | my order | my email | my file | i demand | i want | i am a customer | i was a customer | i request | i would like | i am concerned that you have not handled | before reporting my complaint | subject access request | erasure request | right to erasure | request for erasure | access request | deletion request | opt-out request | delete me | erase | right to be forgotten | remove me | take it down | i told the ico | i have complained to | i complained | i will complain | i'll complain | i am making a | under article 15 | under article 17 | right of access | i object | me to the | contact me | sent me | told me | we have reported | i have reported | i reported | reported you | you leaked | leaked my | got on us | have on us | stop sending me | stop emailing | stop calling | sold my | get my number | get my details | get my email | i never gave | i have asked | i asked | you people | you lot | our children | our number plates | our faces | our homes | our kitchens | our names | our data | our personal data | our e-mail addresses | our email addresses
        hiermit verlange ich | der mich betreffenden | mich betreffende | schickt mir | hat mir | mir ein aktenzeichen | meine daten | meiner daten | meine personenbezogenen | über mich | mein konto | mein kundenkonto | ich verlange | ich fordere | ich möchte | ich bitte | ich habe mich | ich werde mich | löschantrag | löschersuchen | auskunftsersuchen | auskunft nach art | auskunft gemäß art | löschen sie | meine e-mail | unsere daten | unsere e-mail-adressen
        mes données | mon compte | me concernant | je demande | je vous demande | je souhaite | mon adresse | droit d'accès | je saisirai | demande d'effacement | droit à l'effacement | demande d'accès | mes coordonnées | je veux | nos données
        mis datos | nuestros datos | i nostri dati | onze gegevens | onze e-mailadressen | mi cuenta | solicito | mi nombre | quiero que | derecho de acceso | solicitud de supresión | derecho de supresión | solicitud de acceso | derecho al olvido | richiesta di cancellazione | diritto all'oblio | richiesta di accesso | verzoek tot verwijdering | verwijderverzoek | inzageverzoek | me gustaría | i miei dati | il mio account | chiedo | miei dati | vorrei | diritto di accesso | mijn gegevens | mijn account | mijn persoonsgegevens | ik verzoek | ik wil | over mij | recht op inzage | ik heb
        moje dane | nasze dane | våra uppgifter | vores oplysninger | våre opplysninger | os nossos dados | moich danych | moje konto | żądam | wnoszę o | chcę | proszę o usunięcie | wniosek o usunięcie | wniosek o dostęp | begäran om radering | begäran om registerutdrag | anmodning om sletning | indsigtsanmodning | innsynsbegjæring | krav om sletting | pedido de apagamento | direito de acesso | mina uppgifter | mina personuppgifter | mitt konto | jag begär | jag vill | om mig | mine oplysninger | mine persondata | min konto | jeg anmoder | jeg vil | jeg ønsker | om mig | mine personopplysninger | mine opplysninger | jeg krever | jeg ber | os meus dados | meus dados | minha conta | quero | solicito
    """,
    Cue.ADVOCATE: """
        our client | my client | we act for | i act for | we are instructed | instructed by | solicitors | letter before action | letter before claim | pre-action | law firm | llp | barrister | attorney*
        rechtsanwält* | rechtsanwalt | kanzlei | unsere mandantin | unser mandant | unseres mandanten | unserer mandantin | wir vertreten | cabinet d'avocats | avocat* | mon client | ma cliente | notre client* | abogad* | nuestro cliente | nuestra cliente | mi cliente | avvocat* | nostro assistito | nostra assistita | mio assistito | studio legale | advocaat | advocaten | onze cliënt* | mijn cliënt* | kancelari* | radca prawny | adwokat* | mój klient | naszego klienta | advokat* | vår klient | min klient | vores klient | advogad* | o nosso cliente | nosso cliente
        authorised agent | authorized agent | on behalf of our user | via our app | sent through | request service | our users | nuestra aplicación | la persona usuaria | notre application | nos utilisateurs | unsere app | unsere nutzer | la nostra app | onze app | via onze app | nasza aplikacja | vår app | vores app
    """,
    Cue.NON_PROFIT: """
        not-for-profit | not for profit | non-profit | nonprofit | non profit | registered charity | small charity | charitable incorporated organisation | cio | nobody is paid | unpaid volunteer* | limited by guarantee | community of benefit | tenants' union | citizens' advice | law centre | advice centre | members' group | association of | friendly society | watchdog | campaign | charity | unincorporated association | volunteer-run | run by volunteers | members' association | trade union | mutual aid | social enterprise | charity no* | charity number | a charity | charitable | public interest | public-interest | community interest company | ngo | non-governmental | voluntary organisation | volunteers | campaign group | advocacy group
        gemeinnützig* | ehrenamtlich* | e.v. | e. v. | bürgerinitiative | mildtätig* | als gemeinnützig anerkannt | eigene wirtschaftliche ziele | ggmbh | gug | verein für | selbsthilfe* | verbraucherschutzverein | öffentlichen interesse | nichtregierungsorganisation | eingetragener verein | sans but lucratif | association loi | bénévole* | collectif | déclaré* en préfecture | maison des associations | cotisation* | gratuitement | fondation | ligue | association à but | but non lucratif | loi 1901 | loi de 1901 | intérêt général | intérêt public | asbl | sin ánimo de lucro | voluntari* | asociación | registro de asociaciones | asociaciones | fundación | no vende nada | nuestros socios | plataforma ciudadana | associazione | fondazione | comitato | volontari* | sin fines de lucro | interés público | ong | senza scopo di lucro | senza fini di lucro | interesse pubblico | onlus | ets
        zonder winstoogmerk | non-profit | algemeen belang | ideële | stichting | anbi | vzw | organizacja pożytku publicznego | organizacją pożytku | organizacja pozarządowa | interes publiczny | vereniging | belangenvereniging | vrijwilliger* | onbezoldigd | fundacj* | stowarzyszeni* | społeczn* | organizacj* pozarządow* | organizacją społeczną | non profit | interesu publicznego | interesie publicznym | non-profit | fundacja | stowarzyszenie | ideell förening | ideella förening* | ideell organisation | utan vinstsyfte | förening* | forening* | stiftelse* | frivillig* | almen interesse | associação | associações | yhdistys* | rekisteröity yhdistys | vapaaehtois* | spolek | z. s. | z.s. | neziskov* | zapsaný spolek | egyesület | alapítvány | közhasznú | asociație* | mittetulundusühing* | biedrība | asociacija | σωματείο | громадськ* | allmännyttig* | almennyttig* | nonprofit | velgørende | ideel organisation | ideelle organisation* | uten økonomisk formål | allmennyttig* | ideell* | sem fins lucrativos | interesse público | associação sem
        statutory objectives | article 80 | art. 80 | artikel 80 | artículo 80 | articolo 80 | artykuł 80 | art 80 | artigo 80
    """,
    Cue.NO_BODY: """
        hausgemeinschaft | wir sind nachbarn | neun nachbarn | nachbarn aus | no committee | no constitution | nothing formal | just neighbours | we are neighbours | not an organisation | nor an organisation | whatsapp group | facebook group | group chat | kein verein | keine organisation | keine vereinsgründung | lose gruppe | simple groupe | pas une association | sans statut ni association | simplement des voisins | ni association ni statut | ningún colectivo | no somos una asociación | nessuna associazione | gruppo di vicini | geen organisatie | groepje | groepsapp | nieformaln* | ingen förening | ingen forening | ikke nogen forening | ikke noen forening | ei mikään yhdistys | bor her bare | naboer i | grannar i | bara grannar | bare naboer | grupo de vizinhos | grupo de vecinos
    """,
    Cue.ACTS_FOR: """
        on behalf of | mandate | mandated | acting for | act for | we represent | represent* | authorised by | authority of | for our member* | supports people | stands up for | helps people | help people | we help | helping | have asked us | asked us to | our members | signed our | form of authority | speak for | speaks for | defend* | champion* | campaign for | mandates | in whose name | data rights | whose data | whose personal | residents whose | data subject* | complain* | supporter*
        im auftrag | im namen | vertret* | beauftragt | mandat* | vollmacht* | beizustehen | für sie tätig | deren daten | menschen, deren | bevollmächtig* | helfen leuten | helfen menschen | helfen wir | setzen uns für | unsere mitglieder | wir unterstützen | stehen ihnen bei | beschwerde* | betroffene* | au nom de | représent* | mandaté* | mandat | mandats | défend* | assister | nous aidons | nous défendons | nos adhérent* | nous ont confié | nous a confié | accompagnons | plainte* | personnes concernées | pour le compte de | en nombre de | en representación | ayudamos a | otorgado representación | nuestra representada | nuestro representado | personas cuyos datos | defender a | defendemos | nuestros socios | nos ha autorizado | nos han autorizado | poder de representación | represent* | mandato | reclamación | afectad* | per conto di | a nome di | assistiamo | aiutiamo | tuteliamo | difendiamo | nostri soci | procura | rappresent* | reclamo | interessat* | su mandato | delega
        namens | wij helpen | opkomen voor | behartig* | belangen van | van wie | komen op voor | onze leden | volmacht* | machtiging* | gemachtigd* | vertegenwoordig* | klacht* | betrokkene* | in opdracht van | w imieniu | pomagamy | bronimy | w interesie | reprezentuj* | na rzecz | nasi członkowie | członków | reprezent* | pełnomocnictw* | skarg* | upoważni* | på uppdrag av | hjälper | för konsumenters | för folks | för våra medlemmars | har skrivit under | våra medlemmar | för våra | på vegne af vores | hjælper | fører sager | har skrevet under | for folk | vores medlemmer | hjelper | våre medlemmer | företräd* | fullmakt | klagomål | registrerade | på vegne af | repræsenter* | fuldmagt | klage* | på vegne av | representerer | fullmakt | em nome de | em representação | mandataram-nos | puolesta | jäsentämme | valtuut* | zastupujeme | plné moci | plnou moc | jménem | képvisel* | meghatalmaz* | reprezentăm | împuternic* | від імені | представля* | довіреніст* | εκπροσωπ* | εξουσιοδ* | ajudamos | defendemos | os nossos associados | procuração | queixa* | mandato | titular*
    """,
    Cue.LURE: """
        click | open the link | follow the link | follow this link | log in | login | sign in | sign-in | password | bank details | bank account | iban | sort code | pay | payment | invoice | settlement fee | bitcoin | upload | credentials | verify your account | verify your identity | qr code | gift card* | remit | .scr | .exe | avoid a fine | avoid the fine | penalty of | processing fee | download the
        überweis* | bezahl* | zahlung | anmelden | hochladen | klicken | kontodaten | bankverbindung | bußgeld | cliquez | cliquer | payer | paiement | règlement | coordonnées bancaires | téléverser | déposer | connectez-vous | se connecter | mot de passe | virement
        pagar | pago | haga clic | inicie sesión | contraseña | transferencia | cuenta bancaria | subir | clicca* | cliccando | pagamento | pagare | bonifico | accedi | acceda | carica* | clicca | klik* | betaal* | betalen | betaling | inloggen | wachtwoord | uploaden | overmaken
        kliknij | zapłać | opłat* | przelew* | zaloguj* | hasło | prześlij plik | klicka | betala | logga in | ladda upp | bankid | lösenord | klik her | betal* | log ind | upload | kodeord | klikk | betal* | logg inn | last opp | passord | clique | pagamento | iniciar sessão | palavra-passe | carregar | transferência
    """,
    Cue.CONFIRMS: """
        received | receipt | thank you | thanks | thx | many thanks | we confirm | i confirm | confirmed | confirming | got it | noted | acknowledge* | will deal with | we'll deal | on it | will take it from here | taking it from here | will handle | leave it with us | safely arrived | with thanks | we have it | we have this | i have it | understood | got this | she's got | he's got | has it in hand | in hand | landed with | landed safely | legal have it | passed it to | passed this to | passing it to | passing to
        erhalten | eingegangen | vielen dank | danke | besten dank | bestätig* | empfang | eingang | angekommen | kümmern uns | kümmere mich | bei mir angelangt | bei uns angelangt | zur kenntnis | bien reçu | bonne réception | merci | accusons réception | accuse réception | accusé de réception | accusé réception | nous confirmons | je confirme | pris note | reçu
        recibid* | gracias | acuso recibo | acusamos recibo | acuse de recibo | confirm* | enterad* | ricevut* | grazie | confermo | confermiamo | preso in carico | prendiamo in carico | in carico | ontvangen | bedankt | dank | bevestig* | wij pakken | in goede orde | otrzyma* | dziękuj* | potwierdz* | dotarł*
        mottag* | fått | tack | bekräft* | tagit emot | modtaget | modtagelse* | landet hos | tak | bekræft* | mottatt | takk | bekreft* | recebid* | recebemos | recebi | obrigad* | confirm* | kiitos | vastaanotettu | vahvistan* | kinnitan* | kätte saadud | tänan | aitäh | apstiprin* | patvirtin* | gauta | saņemt* | potvrzuj* | potvrdzuj* | děkuj* | ďakuj* | obdržel* | visszaigazol* | megkapt* | köszön* | primit* | mulțumi* | potrjuj* | prejel* | hvala | potvrđuj* | zaprimi* | ευχαριστ* | επιβεβαιών* | λάβαμε | благодар* | потвържда* | staðfest* | pismo mamy | mamy pismo | mamy je | przejmuję | przejmujemy | zajmę się | zajmiemy się
    """,
    Cue.DISAGREES: """
        not ours | not our customer | not us | not our company | wrong company | wrong customer | wrong recipient | wrong addressee | sent to us by mistake | sent in error | misdirected | sent us by mistake | doesn't concern us | does not concern us | nothing to do with us | meant for somebody | meant for someone else | belongs to another
        nicht für uns | falscher empfänger | nicht zuständig | irrläufer | nicht unser | ne nous concerne pas | erreur de destinataire | no nos concierne | por error | non ci riguarda | per errore | niet voor ons | verkeerd geadresseerd | nie dotyczy nas | pomyłk* | inte oss | fel mottagare | ikke os | fejlsendt | ikke oss | feilsendt | não nos diz respeito | por engano
    """,
    Cue.ABSENT: """
        out of office | out of the office | on leave | on annual leave | on vacation | on holiday | on parental leave | maternity leave | away from my desk | i am away | i'm away | limited access to email | no longer work* | has left | will be back | i return on | back in the office | automatic reply | auto-reply | auto reply | autoreply | auto response
        abwesend | abwesenheit* | nicht im büro | im urlaub | automatische antwort | außer haus | absent* | absence | en congé* | réponse automatique | fuera de la oficina | respuesta automática | ausente | de vacaciones | fuori sede | fuori ufficio | risposta automatica | assente | in ferie | afwezig* | automatisch antwoord | met verlof | niet aanwezig | buiten kantoor
        nieobecn* | autoodpowiedź | odpowiedź automatyczna | automatyczna odpowiedź | na urlopie | poza biurem | frånvar* | autosvar | automatiskt svar | på semester | fraværende | automatisk svar | autosvar | på ferie | ikke på kontoret | fravær* | ikke til stede | ausência | resposta automática | ausente | de férias | fora do escritório | automaattinen vastaus
    """,
    Cue.MACHINE: """
        automatic reply | auto-reply | autoreply | automatische antwort | réponse automatique | respuesta automática | risposta automatica | automatisch antwoord | automatyczna odpowiedź | odpowiedź automatyczna | autosvar | automatiskt svar | automatisk svar | resposta automática
        this is an automatic | this is an automated | automatically generated | automated message | automated acknowledgement | automated reply | automated response | auto-generated | automatic acknowledgement | automatic confirmation | automatic receipt | ticket has been | ticket number | your request has been received | has been created | reply above this line | generated automatically | is being reviewed by our team | we aim to get back | we've got your request | we have received your request | read receipt | your message was read | was read on | read: | delivery receipt | we aim to respond within | one of our team will | mailbox is not monitored | mailbox is unmonitored | thank you for contacting the | above this line | this e-mail was sent automatically | this email was sent automatically
        ihre anfrage ist eingegangen | oberhalb dieser zeile | ticketsystem | au-dessus de cette ligne | por encima de esta línea | sopra questa riga | boven deze regel | powyżej tej linii | ovanför denna rad | over denne linje | nicht überwacht | non surveillée | automatisch erstellt | automatisch generiert | automatische eingangsbestätigung | eingangsbestätigung | lesebestätigung | gelesen: | diese nachricht wurde automatisch | ceci est un message automatique | accusé de réception automatique | message automatique | accusé de lecture | généré automatiquement | mensaje automático | generado automáticamente | confirmación de lectura | acuse automático | messaggio automatico | generato automaticamente | conferma di lettura | ricevuta di ritorno
        automatisch gegenereerd | justificante automático | ha generado automáticamente | automatisch verzonden | automatisch bericht | automatisch versandt | envoyé automatiquement | enviado automáticamente | inviato automaticamente | wysłan* automatycznie | skickats automatiskt | sendt automatisk | enviada automaticamente | automatische ontvangstbevestiging | ontvangstbevestiging | leesbevestiging | wiadomość automatyczna | wygenerowano automatycznie | wygenerowana automatycznie | automatycznie wygenerowan* | automatyczne potwierdzenie | potwierdzenie przeczytania | automatiskt meddelande | autogenererat | läskvitto | automatisk kvittering | autogenereret | læsekvittering | automatisk bekræftelse | automatikus | automatikusan generált | automatická odpověď | automaticky generovan* | automaattinen | automaattisesti | mesaj automat | generat automat | αυτόματη απάντηση | αυτοματοποιημένο μήνυμα | automatisk bekreftelse | autogenerert | lesebekreftelse | mensagem automática | recibo de leitura | gerada automaticamente
    """,
    Cue.SECURE: """
        secure message | secure e-mail | secure email | secure mail | encrypted message | encrypted email | protected message | read the message | read this secure | view the message | message waiting | waiting for you | has sent you a secure | sent you a protected | secure file | secure portal | notification in the portal | new message in your | secure package
        sichere nachricht | ihnen dateien bereitgestellt | dateien bereitgestellt | verschlüsselte nachricht | gesicherte nachricht | nachricht abrufen | zur abholung | message sécurisé | message chiffré | courrier sécurisé | mensaje seguro | notificación electrónica | puesta a disposición | dehú | dehu | dirección electrónica habilitada | aviso de notificación | sede electrónica | messaggio sicuro | messaggio cifrato | messaggio protetto | beveiligd bericht | veilig bericht | versleuteld bericht | bezpieczna wiadomość | zaszyfrowana wiadomość | epuap | skrytk* | e-doręcze* | säkert meddelande | säkert e-postmeddelande | kryptert melding | sikker melding | altinn | digital post | sikker post | sikker mail | e-boks | mensagem segura | mensagem encriptada
    """,
    Cue.NOTICE: """
        information notice | assessment notice | interview notice | report notice | enforcement notice | notice of intent | third-party information notice | third party information notice | section 142 | section 146 | section 148a | section 148b | section 148c | addressed to you as processor | addressed to you as a processor | as processor in your own right | demand for access | urgent information notice | production order | penalty notice | section 155 | regulation 31
        auskunftsverlangen | heranziehungsbescheid | auskunftsheranziehung | anordnung nach art* | anordnung gemäß art* | zwangsgeld* | mise en demeure | injonction | contrôle sur pièces | contrôle sur place | requerimiento de información | apercibimiento | medida provisional | multa coercitiva | ordine di esibizione | richiesta di informazioni ai sensi | art. 157 | ingiunzione
        inlichtingenvordering | vordering | last onder dwangsom | wezwanie w trybie | decyzja nakazująca | föreläggande | vite | påbud | tvangsbøder | pålegg | tvangsmulkt | intimação | ordem de | coima
    """,
    Cue.BOUNCE: """
        undelivered mail | undeliverable | delivery status notification | delivery failure | delivery has failed | failed permanently | could not be delivered | couldn't be delivered | returned mail | returned to sender | mail delivery failed | mail delivery system | delivery delayed | delayed mail | delivery incomplete | message not delivered | no such user | user unknown | mailbox unavailable | mailbox full | address not found | recipient address rejected | host unknown | warning: could not send | has been delayed | still being retried
        unzustellbar | nicht zugestellt | konnte nicht zugestellt | zustellung fehlgeschlagen | zustellung verzögert | non remis | échec de la remise | échec de remise | n'a pas pu être remis | no se pudo entregar | no se ha podido entregar | devuelto | mancata consegna | impossibile recapitare | avviso di mancata consegna | onbestelbaar | kon niet worden bezorgd | niet bezorgd | nie można dostarczyć | niedostarczon* | nie dostarczono | olevererbar | kunde inte levereras | kan ikke leveres | ikke leveret | kunne ikke leveres | ikke levert | não foi possível entregar | não entregue
    """,
    Cue.PRESS: """
        press enquiry | press inquiry | media enquiry | media request | i report for | i'm a reporter | i am a reporter | i'm a journalist | i am a journalist | journalist | correspondent for | wish to comment | like to comment | care to comment | for comment | on the record | off the record | we are running a story | we plan to publish | freelance | press query | correspondent | go to press | goes to press
        presseanfrage | journalist* | redakteur* | redaktion | demande de presse | journaliste | rédaction | consulta de prensa | periodista | redacción | giornalista | redazione | persvraag | perscontact | dziennikar* | redakcj* | pressfråga | reporter | pressehenvendelse | presseforespørsel | jornalista | redação
    """,
    Cue.AUTHORITY_VOICE: """
        the commissioner | requires you to | legally required to | final notice | final warning | face a penalty | avoid a penalty | avoid prosecution | letzte mahnung | dernier avis | mise en demeure | mise en conformité | último aviso | ultimo avviso | laatste waarschuwing | ostateczne wezwanie | sista påminnelse | our investigation | we have received a complaint | received a complaint | case officer | casework | our office | regulatory action | under the data protection act | statutory powers | we are the | supervisory authority | monetary penalty | enforcement team | compliance team | data protection authority | your registration
        aufsichtsbehörde | bei uns ist eine beschwerde | bußgeldverfahren | l'autorité | notre service | la commission | services de contrôle | autoridad de control | la agencia | procedimiento sancionador | autorità | l'ufficio | toezichthouder | urząd | prezes urzędu | tillsynsmyndighet* | tilsynsmyndighed* | tilsynsmyndighet* | autoridade
    """,
}


# "Geen stichting, geen vereniging": who says what it is not is none.
_NEGATED = re.compile(
    r"\b(?:not(?: an?)?|no|nor|neither|isn't an?|aren't an?|kein\w{0,2}|geen|pas (?:une?|d[e'])|ni|ningun\w?|no somos|non siamo|nessun\w?|nie jesteśmy|żadn\w+|ingen|inte(?: någon)?|ikke(?: nogen| noen)?|ei mikään|hverken|não somos|nenhum\w?)"
    r"(?: (?:a|an|any|registered|eine?n?|een|une?|una?|żadną))?\W{1,3}\Z"
)


def _table() -> tuple[list[str], list[tuple[Cue, bool]]]:
    phrases: list[str] = []
    meanings: list[tuple[Cue, bool]] = []
    for cue, text in _PHRASES.items():
        for phrase in dict.fromkeys(part.strip() for part in re.split(r"[|\n]", text)):
            if phrase:
                phrases.append(phrase.removesuffix("*"))
                meanings.append((cue, phrase.endswith("*")))
    return phrases, meanings


_TEXTS, _MEANINGS = _table()
_MACHINE = AhoCorasick(_TEXTS)

Cues = Mapping[Cue, tuple[str, ...]]


def plain(text: str) -> str:
    """Small letters, single spaces, straight quotes: the shape that phrases are written in."""
    return _SPACE.sub(" ", text[:_BOUND].translate(_QUOTES)).lower()


def cues_in(text: str) -> Cues:
    """The phrases found in ``text`` (any shape), by what they speak for."""
    shaped = plain(text)
    found: dict[Cue, list[str]] = {}
    for index, start, end in _MACHINE.find_matches_as_indexes(shaped, overlapping=True):
        cue, open_end = _MEANINGS[index]
        if (start == 0 or not shaped[start - 1].isalnum()) and (
            open_end or end == len(shaped) or not shaped[end].isalnum() or not _TEXTS[index][-1].isalnum()
        ):
            if cue is Cue.NON_PROFIT and _NEGATED.search(shaped[max(0, start - 28) : start]):
                cue = Cue.NO_BODY
            phrases = found.setdefault(cue, [])
            if _TEXTS[index] not in phrases:
                phrases.append(_TEXTS[index])
    return {cue: tuple(phrases) for cue, phrases in found.items()}
