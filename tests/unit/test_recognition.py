"""What kind of mail it is, who wrote it and about which case: letters of many kinds and languages."""

from datetime import UTC, date, datetime
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.inbox.mime import read_mail
from complaints.model import Decision, Kind, Precedent, Recognition
from complaints.recognition import House, Registry, decide, recognise, with_precedent
from config.registers import load_bodies

RECEIVED = datetime(2026, 12, 1, 10, tzinfo=UTC)
OURS = "mx.northgate-ms.example"
HOUSE = House(
    organisation="Northgate Managed Services",
    own_addresses=frozenset({"privacy@northgate-ms.example"}),
    authserv_ids=frozenset({OURS}),
)
REGISTRY = Registry(load_bodies())
# Finer kinds count as the kind they belong to.
COARSE = {"collect": "administrative", "notice-to-processor": "complaint"}


class Case(NamedTuple):
    """A mail and what is to be made of it."""

    sender: str
    subject: str
    body: str
    auth: str  # pass, none, or null for the null return path of a bounce
    headers: str
    kind: str
    domain: str | None
    reference: str | None
    by: str | None


CASES = (
    Case(
        "ICO Casework <icocasework@ico.org.uk>",
        "IC-400100-A1B2 Trustpilot",
        "Dear Sirs\n\nWe have written to you before about Trustpilot (IC-372500-S1A1). This is a new complaint, linked to that one.\n\nPlease reply within 14 days of receipt of this letter.\n\nM",
        "pass",
        "",
        "complaint",
        "ico.org.uk",
        "IC-400100-A1B2",
        "2026-12-15",
    ),
    Case(
        "ICO Casework <icocasework@ico.org.uk>",
        "IC-400101-A1B2",
        "Further to our letter of 3 November we grant your request for an extension. Please now reply by 20 January 2027.",
        "pass",
        "",
        "follow-up",
        "ico.org.uk",
        "IC-400101-A1B2",
        "2027-01-20",
    ),
    Case(
        "ICO Casework <icocasework@ico.org.uk>",
        "Your data protection fee is due",
        "Your registration ZA123456 expires on 4 January 2027. Renew your registration and pay the data protection fee by direct debit.",
        "pass",
        "",
        "administrative",
        "ico.org.uk",
        None,
        None,
    ),
    Case(
        "ICO Newsletter <newsletter@ico.org.uk>",
        "ICO newsletter December",
        "This month: new guidance on complaints has been published. Unsubscribe here.",
        "pass",
        "List-Unsubscribe: <mailto:x@y.example>",
        "administrative",
        "ico.org.uk",
        None,
        None,
    ),
    Case(
        "ICO Casework <icocasework@ico.org.uk>",
        "Automatic reply: IC-400102-A1B2",
        "Thank you for your email. This is an automated acknowledgement. We aim to respond within 14 days.",
        "pass",
        "",
        "auto-reply",
        None,
        None,
        None,
    ),
    Case(
        "ICO Casework <icocasework@ico.org.uk>",
        "IC-400103-A1B2 informal enquiry",
        "Dear DPO\n\nWe are making an informal enquiry about Trustpilot. No complaint has been opened. It would help us to hear from you at your convenience.",
        "pass",
        "",
        "complaint",
        "ico.org.uk",
        "IC-400103-A1B2",
        None,
    ),
    Case(
        "ICO <casework@ico.org.uk.secure-case.example>",
        "IC-400104-A1B2 Trustpilot",
        "We have received a complaint. Sign in to read it: http://x.example",
        "pass",
        "",
        "suspicious",
        None,
        None,
        None,
    ),
    Case(
        "Information Commissioner's Office <ico.casework@freemail.example>",
        "Penalty notice",
        "You must pay the penalty of GBP 4,000 within 48 hours. Bank details attached.",
        "pass",
        "",
        "suspicious",
        None,
        None,
        None,
    ),
    Case(
        "ICO Casework <icocasework@ico.org.uk>",
        "IC-400105-A1B2",
        "Please send us the records by 14 December 2026.",
        "none",
        "",
        "complaint",
        "ico.org.uk",
        "IC-400105-A1B2",
        "2026-12-14",
    ),
    Case(
        "CNIL <contact@cnil-fr.example>",
        "Mise en conformité RGPD",
        "La CNIL vous demande de payer la somme de 1 500 euros. Cliquez ici pour le règlement.",
        "pass",
        "",
        "suspicious",
        None,
        None,
        None,
    ),
    Case(
        "CNIL <plaintes@cnil.fr>",
        "Plainte n° 26017022 - relance",
        "Madame, Monsieur,\n\nSauf erreur, notre courrier du 5 novembre est resté sans réponse. Je vous remercie de me faire parvenir vos observations sous huit jours.",
        "pass",
        "",
        "follow-up",
        "cnil.fr",
        "26017022",
        "2026-12-09",
    ),
    Case(
        "CNIL <plaintes@cnil.fr>",
        "Saisine n° 26017023",
        "Madame, Monsieur,\n\nJ'ai été saisie d'une plainte contre Fnac Darty. Vous voudrez bien m'adresser vos éléments de réponse au plus tard le 4 janvier 2027.\n\nVos réf. : NMS-889",
        "pass",
        "",
        "complaint",
        "cnil.fr",
        "26017023",
        "2027-01-04",
    ),
    Case(
        "Agencia Española de Protección de Datos <notificaciones@aepd.es>",
        "EXP202612345",
        "Traslado de la reclamación. Se le concede el plazo de un mes para que remita la información solicitada, contado desde la recepción de este escrito.",
        "pass",
        "",
        "complaint",
        "aepd.es",
        "EXP202612345",
        "2027-01-01",
    ),
    Case(
        "AEPD <avisos@aepd.es>",
        "Aviso de puesta a disposición",
        "Tiene una nueva notificación electrónica en su Dirección Electrónica Habilitada única (DEHú). Acceda en dehu.redsara.es.",
        "pass",
        "",
        "administrative",
        "aepd.es",
        None,
        None,
    ),
    Case(
        "Garante <protocollo@gpdp.it>",
        "Sollecito - fascicolo 321802",
        "Facendo seguito alla nostra nota del 2 novembre, si sollecita il riscontro entro 10 giorni dal ricevimento della presente.",
        "pass",
        "",
        "follow-up",
        "gpdp.it",
        "321802",
        "2026-12-11",
    ),
    Case(
        "Autoriteit Persoonsgegevens <klachten@autoriteitpersoonsgegevens.nl>",
        "z2026-04411 klacht",
        "Geachte heer, mevrouw,\n\nWij ontvingen een klacht over Ticketcounter. Wij verzoeken u uiterlijk 5 januari 2027 te reageren. Ons kenmerk z2026-04411, uw kenmerk NMS-4.",
        "pass",
        "",
        "complaint",
        "autoriteitpersoonsgegevens.nl",
        "z2026-04411",
        "2027-01-05",
    ),
    Case(
        "UODO <kancelaria@uodo.gov.pl>",
        "DS.523.4480.2026",
        "Szanowni Państwo,\n\nwpłynęła skarga na Allegro. Wzywam do złożenia wyjaśnień w terminie 7 dni od dnia doręczenia pisma.",
        "pass",
        "",
        "complaint",
        "uodo.gov.pl",
        "DS.523.4480.2026",
        "2026-12-08",
    ),
    Case(
        "UODO <kancelaria@uodo.gov.pl>",
        "Przypomnienie DS.523.4480.2026",
        "W nawiązaniu do naszego pisma z 2 listopada prosimy o odpowiedź do 15 grudnia 2026 r.",
        "pass",
        "",
        "follow-up",
        "uodo.gov.pl",
        "DS.523.4480.2026",
        "2026-12-15",
    ),
    Case(
        "IMY <imy@imy.se>",
        "IMY-2026-777 påminnelse",
        "Hej,\n\nVi har inte fått något svar på vårt brev. Svara senast den 18 december 2026.",
        "pass",
        "",
        "follow-up",
        "imy.se",
        "IMY-2026-777",
        "2026-12-18",
    ),
    Case(
        "Datatilsynet <dt@datatilsynet.dk>",
        "J.nr. 2026-31-2757",
        "Datatilsynet har modtaget en klage over Saxo. Vi beder om jeres udtalelse senest tre uger fra dags dato.",
        "pass",
        "",
        "complaint",
        "datatilsynet.dk",
        "2026-31-2757",
        "2026-12-22",
    ),
    Case(
        "Datatilsynet <postkasse@datatilsynet.no>",
        "26/02136-3 - klage",
        "Vi har mottatt en klage på Vipps. Vi ber om deres redegjørelse innen 10. januar 2027.",
        "pass",
        "",
        "complaint",
        "datatilsynet.no",
        "26/02136-3",
        "2027-01-10",
    ),
    Case(
        "CNPD <geral@cnpd.pt>",
        "AVG/2026/1205",
        "Foi apresentada uma queixa contra a Galp. Solicita-se que se pronuncie no prazo de 10 dias úteis a contar da receção.",
        "pass",
        "",
        "complaint",
        "cnpd.pt",
        "AVG/2026/1205",
        "2026-12-16",
    ),
    Case(
        "noyb <legal@noyb.eu>",
        "C-091-12: access request",
        "On behalf of our client, represented under Art. 80(1) GDPR. Please answer within one month of receipt.",
        "pass",
        "",
        "complaint",
        "noyb.eu",
        "C-091-12",
        "2027-01-01",
    ),
    Case(
        "noyb <newsletter@noyb.eu>",
        "noyb newsletter: our year",
        "Read our annual report and join us at our event. Unsubscribe.",
        "pass",
        "List-Unsubscribe: <x>",
        "administrative",
        "noyb.eu",
        None,
        None,
    ),
    Case(
        "BEUC <press@beuc.eu>",
        "Press release: consumers",
        "For immediate release. BEUC calls for enforcement.",
        "pass",
        "",
        "administrative",
        "beuc.eu",
        None,
        None,
    ),
    Case(
        "LDI NRW <poststelle@ldi.nrw.de>",
        "Aktenzeichen 205.2.1-3344/26",
        "Sehr geehrte Damen und Herren,\n\nhier ist eine Beschwerde gegen die Unzer Austria GmbH eingegangen. Ich bitte um Stellungnahme bis zum 21.12.2026. Ihr Zeichen: NMS-12.\n\nIm Auftrag\nMüller",
        "pass",
        "",
        "complaint",
        "ldi.nrw.de",
        "205.2.1-3344/26",
        "2026-12-21",
    ),
    Case(
        "BayLDA <poststelle@lda.bayern.de>",
        "LDA-1085.1-10821/26-F - Einstellung",
        "Das Verfahren ist abgeschlossen. Eine Antwort ist nicht erforderlich.",
        "pass",
        "",
        "follow-up",
        "lda.bayern.de",
        "LDA-1085.1-10821/26-F",
        None,
    ),
    Case(
        "DSB <dsb@dsb.gv.at>",
        "D124.0701/26",
        "Innerhalb von zwei Wochen ab Zustellung haben Sie Gelegenheit zur Stellungnahme. GZ: D124.0701/26 betreffend Unzer.",
        "pass",
        "",
        "complaint",
        "dsb.gv.at",
        "D124.0701/26",
        "2026-12-15",
    ),
    Case(
        "Anna Kowalska <anna.k@wp.example>",
        "Moje dane",
        "Dzień dobry, proszę o usunięcie moich danych z serwisu Allegro. Moje konto: ak22.",
        "pass",
        "",
        "data-subject",
        None,
        None,
        None,
    ),
    Case(
        "Peter Braun <pb@web.example>",
        "Auskunft nach Art. 15 DSGVO",
        "Ich bitte um Auskunft über meine Daten bei stern.de. Andernfalls werde ich mich an die Aufsichtsbehörde wenden.",
        "pass",
        "",
        "data-subject",
        None,
        None,
        None,
    ),
    Case(
        "John Doe <jd@homeisp.example>",
        "Data Protection Complaint",
        "I am concerned that you have not handled my personal information properly. I understand that before reporting my complaint to the Information Commissioner's Office (ICO) I should give you the chance to deal with it. Please send a full response within 30 days. If I do not hear I will complain to the ICO https://ico.org.uk",
        "pass",
        "",
        "data-subject",
        None,
        None,
        None,
    ),
    Case(
        "J. Wren <jw@wren-law.example>",
        "Our client: Mr Hale",
        "We act for Mr Hale, who has complained to the ICO (IC-123456-A1B2). Please preserve all records and reply by 18 December 2026.",
        "pass",
        "",
        "data-subject",
        None,
        None,
        None,
    ),
    Case(
        "Tap My Data <requests@tapmydata.example>",
        "Subject access request",
        "Request made on behalf of our user. Under article 15 please send the personal data of our users.",
        "pass",
        "",
        "data-subject",
        None,
        None,
        None,
    ),
    Case(
        "Sophie Martin <s.martin@trustpilot.example>",
        "Re: Forwarded complaint IC-400100-A1B2",
        "Merci, bien reçu. Nous nous en occupons.",
        "pass",
        "In-Reply-To: <abc@northgate-ms.example>",
        "acknowledgement",
        None,
        None,
        None,
    ),
    Case(
        "Ola <o@ikano.example>",
        "SV: IMY-2026-12301",
        "Tack, mottaget!",
        "pass",
        "",
        "acknowledgement",
        None,
        None,
        None,
    ),
    Case(
        "Kai <k@globus.example>",
        "AW: 5.3-2100-40/26",
        "Eingang bestätigt, wir kümmern uns.\n\nVon: Northgate <privacy@northgate-ms.example>\nGesendet: Mittwoch, 2. Dezember 2026\nAn: Kai\nBetreff: 5.3-2100-40/26\n\nDie Beschwerde ...",
        "pass",
        "",
        "acknowledgement",
        None,
        None,
        None,
    ),
    Case(
        "Kai <k@globus.example>",
        "Abwesenheitsnotiz: 5.3-2100-40/26",
        "Ich bin bis 3. Januar nicht im Büro.",
        "pass",
        "Auto-Submitted: auto-replied",
        "auto-reply",
        None,
        None,
        None,
    ),
    Case(
        "Service Desk <desk@acme.example>",
        "[#44321] Complaint",
        "Your request has been received and a ticket has been created.",
        "pass",
        "Auto-Submitted: auto-generated",
        "auto-reply",
        None,
        None,
        None,
    ),
    Case(
        "Lena <lena@northgate-ms.example>",
        "Fwd: IC-400200-Z9Y8 Trustpilot",
        "This came to my address.\n\n---------- Forwarded message ---------\nFrom: ICO Casework <icocasework@ico.org.uk>\nDate: Mon, 30 Nov 2026 at 10:12\nSubject: IC-400200-Z9Y8 Trustpilot\nTo: <lena@northgate-ms.example>\n\nDear Sirs\n\nWe have received a complaint about Trustpilot A/S. Please reply within 14 days.\n",
        "pass",
        "",
        "complaint",
        "ico.org.uk",
        "IC-400200-Z9Y8",
        "2026-12-14",
    ),
    Case(
        "Tom <tom@trustpilot.example>",
        "FW: C-26-11-40",
        "Please see below, I think you host this.\n\nFrom: Data Protection Commission <casework@dataprotection.ie>\nSent: 27 November 2026 09:00\nTo: Tom\nSubject: C-26-11-40\n\nWe have received a complaint. Please furnish your observations by 18 December 2026.",
        "pass",
        "",
        "complaint",
        "dataprotection.ie",
        "C-26-11-40",
        "2026-12-18",
    ),
    Case(
        "Marta <marta@datawatch-pt.example>",
        "Queixa em nome de três utentes",
        "Somos uma associação sem fins lucrativos que actua em nome de titulares de dados. Queixa contra a Galp. Processo DW-12/26. Agradecemos resposta até 8 de janeiro de 2027.",
        "pass",
        "",
        "complaint",
        "datawatch-pt.example",
        "DW-12/26",
        "2027-01-08",
    ),
    Case(
        "Verein Datenwacht <post@datenwacht.example>",
        "Beschwerde Unzer",
        "Wir sind ein gemeinnütziger Verein und vertreten drei Betroffene. Bitte antworten Sie binnen 14 Tagen. Unser Zeichen: DW 26/7-3",
        "pass",
        "",
        "complaint",
        "datenwacht.example",
        "DW 26/7-3",
        "2026-12-15",
    ),
    Case(
        "Event Co <hello@events.example>",
        "Privacy Conference 2027 - register now",
        "Join us at the conference. Register now. Unsubscribe",
        "pass",
        "List-Unsubscribe: <x>",
        "administrative",
        None,
        None,
        None,
    ),
    Case(
        "GDPR Pro <sales@gdprpro.example>",
        "DPO as a service",
        "Our platform answers the ICO for you. Book a demo. Pricing from 99.",
        "pass",
        "",
        "other",
        None,
        None,
        None,
    ),
    Case(
        "Mail Delivery System <MAILER-DAEMON@mx.northgate-ms.example>",
        "Delayed Mail (still being retried)",
        "This is a warning message only. Your message could not be delivered for 4 hours. It will be retried.",
        "null",
        "",
        "bounce",
        None,
        None,
        None,
    ),
    Case(
        "postmaster@globus.example",
        "Unzustellbar: 5.3-2100-40/26",
        "Ihre Nachricht konnte nicht zugestellt werden. 550 5.1.1",
        "null",
        "",
        "bounce",
        None,
        None,
        None,
    ),
    Case(
        "Datenschutz Berlin <mailbox@datenschutz-berlin.de>",
        "521.14900.3",
        "Sehr geehrte Damen und Herren,\n\nwir haben Sie mit Schreiben vom 2. November um Stellungnahme gebeten. Eine Antwort ist noch nicht eingegangen. Wir erinnern und erwarten sie bis spätestens 11. Dezember 2026.",
        "pass",
        "",
        "follow-up",
        "datenschutz-berlin.de",
        "521.14900.3",
        "2026-12-11",
    ),
    Case(
        "Which? <legal@which.co.uk>",
        "Complaint on behalf of members - WH-26-118",
        "We write on behalf of eleven members about Missguided. Please respond within 21 days of the date of this letter. Our reference WH-26-118; your reference NMS/77.",
        "pass",
        "",
        "complaint",
        "which.co.uk",
        "WH-26-118",
        "2026-12-22",
    ),
    Case(
        "ICO Casework <icocasework@ico.org.uk>",
        "IC-400300-Q1W2 breach of s.7",
        "Case reference IC-400300-Q1W2 (the controller's breach report is IC-399999-B1B2, do not quote it)\n\nThe controller, Trustpilot A/S, has until 10 December 2026 to answer us. From you we need the logs by 17 December 2026. A hearing is listed for 5 December 2026.",
        "pass",
        "",
        "complaint",
        "ico.org.uk",
        "IC-400300-Q1W2",
        "2026-12-17",
    ),
    Case(
        "DPC <casework@dataprotection.ie>",
        "C-26-12-1",
        "A chara,\n\nThe complainant's solicitor wrote on 3 March 2026. We would be obliged for your submissions before close of business on Friday, 18 December 2026.",
        "pass",
        "",
        "complaint",
        "dataprotection.ie",
        "C-26-12-1",
        "2026-12-18",
    ),
    Case(
        "Jersey OIC <enquiries@jerseyoic.org>",
        "Ref JOIC/CMP/2026/114",
        "We are investigating. You should respond within four weeks.",
        "pass",
        "",
        "complaint",
        "jerseyoic.org",
        "JOIC/CMP/2026/114",
        "2026-12-29",
    ),
    Case(
        "ico <mailer@donotreply.icasework.com>",
        "Case 12345",
        "An update on the case from a council. Please see attached.",
        "pass",
        "",
        "other",
        None,
        None,
        None,
    ),
    Case(
        "Tietosuojavaltuutettu <tietosuoja@om.fi>",
        "TSV/224/2026",
        "Pyydämme selvitystä viimeistään 18.12.2026.",
        "pass",
        "",
        "complaint",
        "om.fi",
        "TSV/224/2026",
        "2026-12-18",
    ),
    Case(
        "Bob <bob@om.fi>",
        "Lunch",
        "Shall we meet for lunch?",
        "pass",
        "",
        "other",
        None,
        None,
        None,
    ),
    Case(
        "ICO <icocasework@ico.org.uk>",
        "IC-401000-A1A1 Trustpilot",
        "Dear Sirs\n\nThe complainant received payment reminders after closing her account. Her contract was closed. We ask for your observations by 18 December 2026.",
        "pass",
        "",
        "complaint",
        "ico.org.uk",
        "IC-401000-A1A1",
        "2026-12-18",
    ),
    Case(
        "LfDI <poststelle@lfdi.bwl.de>",
        "Az.: LfDI-Abt3-4411/26",
        "Der Beschwerdeführer hat einen Vertrag abgeschlossen und erhielt eine Mahnung. Um Stellungnahme bis 18.12.2026 wird gebeten.",
        "pass",
        "",
        "complaint",
        "lfdi.bwl.de",
        "LfDI-Abt3-4411/26",
        "2026-12-18",
    ),
    Case(
        "ICO <casework@lco.org.uk>",
        "IC-401001-A1A1",
        "We have received a complaint about Trustpilot. Reply by 18 December 2026.",
        "pass",
        "",
        "suspicious",
        None,
        None,
        None,
    ),
    Case(
        "DPC Casework <dpc.casework@gmx.example>",
        "C-26-11-8",
        "Please upload the customer's data to the link.",
        "pass",
        "",
        "suspicious",
        None,
        None,
        None,
    ),
    Case(
        "Datenschutzbehörde <kontakt@datenschutzbehoerde.example>",
        "Registrierung",
        "Bitte überweisen Sie die Gebühr von 498 EUR.",
        "pass",
        "",
        "suspicious",
        None,
        None,
        None,
    ),
    Case(
        "Garante <info@garante-privacy.example>",
        "Sanzione",
        "Paghi la sanzione con bonifico entro 48 ore per evitare ulteriori provvedimenti. Fascicolo 321802.",
        "pass",
        "",
        "suspicious",
        None,
        None,
        None,
    ),
    Case(
        "noyb <support@noyb.eu.mail-gate.example>",
        "C-037-10365",
        "Log in to see the complaint.",
        "pass",
        "",
        "suspicious",
        None,
        None,
        None,
    ),
    Case(
        "AEPD <notificaciones@aepd.info.example>",
        "EXP202612346",
        "Acceda al enlace para ver la reclamación.",
        "pass",
        "",
        "suspicious",
        None,
        None,
        None,
    ),
    Case(
        "Claire <claire@fnac.example>",
        "Accusé de réception - Saisine n° 26016011",
        "Bonjour, nous accusons réception de votre transmission. Cordialement",
        "pass",
        "",
        "acknowledgement",
        None,
        None,
        None,
    ),
    Case(
        "Piotr <p@allegro.example>",
        "Odp: DS.523.4480.2026",
        "Dziękuję, potwierdzam otrzymanie.",
        "pass",
        "",
        "acknowledgement",
        None,
        None,
        None,
    ),
    Case(
        "Giulia <g@gtt.example>",
        "R: Fascicolo 321802",
        "Ricevuto, grazie. Ce ne occupiamo noi.",
        "pass",
        "",
        "acknowledgement",
        None,
        None,
        None,
    ),
    Case(
        "Giulia <g@gtt.example>",
        "Risposta automatica: Fascicolo 321802",
        "Sono fuori ufficio.",
        "pass",
        "Auto-Submitted: auto-replied",
        "auto-reply",
        None,
        None,
        None,
    ),
    Case(
        "Pedro <p@galp.example>",
        "Fora do escritório",
        "Estou ausente até 5 de janeiro.",
        "pass",
        "",
        "auto-reply",
        None,
        None,
        None,
    ),
    Case(
        "Jens <j@saxo.example>",
        "Autosvar: J.nr. 2026-31-2757",
        "Jeg er på ferie.",
        "pass",
        "",
        "auto-reply",
        None,
        None,
        None,
    ),
    Case(
        "IMY <imy@imy.se>",
        "Bekräftelse",
        "Detta är ett automatiskt meddelande. Vi har tagit emot ditt meddelande.",
        "pass",
        "Auto-Submitted: auto-generated",
        "auto-reply",
        None,
        None,
        None,
    ),
    Case(
        "CNIL <lettre@cnil.fr>",
        "La lettre d'information de la CNIL",
        "Inscrivez-vous au webinaire du 10 décembre. Se désabonner.",
        "pass",
        "",
        "administrative",
        None,
        None,
        None,
    ),
    Case(
        "Datatilsynet <presse@datatilsynet.dk>",
        "Pressemeddelelse",
        "Datatilsynet har afsluttet en sag.",
        "pass",
        "",
        "administrative",
        None,
        None,
        None,
    ),
    Case(
        "Garante <newsletter@gpdp.it>",
        "Newsletter n. 512",
        "Convegno a Roma, iscrizioni entro il 10 dicembre.",
        "pass",
        "",
        "administrative",
        None,
        None,
        None,
    ),
    Case(
        "UODO <szkolenia@uodo.gov.pl>",
        "Zaproszenie na konferencję",
        "Zapraszamy na konferencję. Zapisy do 10 grudnia 2026 r.",
        "pass",
        "",
        "administrative",
        None,
        None,
        None,
    ),
    Case(
        "AEPD <prensa@aepd.es>",
        "Nota de prensa: consulta pública",
        "La AEPD abre una consulta pública hasta el 10 de enero.",
        "pass",
        "",
        "administrative",
        None,
        None,
        None,
    ),
    Case(
        "BfDI <poststelle@bfdi.bund.de>",
        "24-191 II#4781",
        "Ihre Antwort vom 20. November liegt mir vor. Ich habe eine ergänzende Frage: Wer hat die Daten gelöscht? Bitte antworten Sie bis zum 15. Dezember 2026.",
        "pass",
        "",
        "follow-up",
        "bfdi.bund.de",
        "24-191 II#4781",
        "2026-12-15",
    ),
    Case(
        "Karl <karl@haushalt.example>",
        "Weiterleitung",
        "Ich habe mich beim BfDI beschwert und verlange Löschung meiner Daten.",
        "pass",
        "",
        "data-subject",
        None,
        None,
        None,
    ),
    Case(
        "RA Schmidt <kanzlei@ra-schmidt.example>",
        "Mandant Weber ./. stern.de",
        "Wir vertreten Herrn Weber. Wir fordern Sie auf, bis 15.12.2026 Auskunft zu erteilen. Rechtsanwälte Schmidt",
        "pass",
        "",
        "data-subject",
        None,
        None,
        None,
    ),
    Case(
        "Parents' Group <parents@school.example>",
        "Photos of our children",
        "We are eleven parents and we object to the photographs. Please take them down.",
        "pass",
        "",
        "data-subject",
        None,
        None,
        None,
    ),
    Case(
        "Stichting Datavrij <info@datavrij.example>",
        "Klacht Ticketcounter, kenmerk SD-26/4",
        "Stichting Datavrij is een stichting zonder winstoogmerk en komt op namens betrokkenen. Wij vragen om een reactie uiterlijk 22 december 2026.",
        "pass",
        "",
        "complaint",
        "datavrij.example",
        "SD-26/4",
        "2026-12-22",
    ),
    Case(
        "Föreningen Dataskydd <info@dataskyddsforum.example>",
        "Klagomål mot Ikano",
        "Vi är en ideell förening som företräder registrerade. Vårt diarienummer FD 2026:14. Svara senast 22 december.",
        "pass",
        "",
        "complaint",
        "dataskyddsforum.example",
        "FD 2026:14",
        "2026-12-22",
    ),
    Case(
        "Fundacja Dane <biuro@fundacjadane.example>",
        "Skarga FD/12/2026",
        "Fundacja Dane, organizacja pożytku publicznego, w imieniu trzech osób składa skargę na Allegro. Prosimy o odpowiedź do 22 grudnia 2026 r.",
        "pass",
        "",
        "complaint",
        "fundacjadane.example",
        "FD/12/2026",
        "2026-12-22",
    ),
    Case(
        "Bits of Freedom <nieuwsbrief@bitsoffreedom.nl>",
        "Nieuwsbrief december",
        "Lees onze nieuwsbrief. Uitschrijven kan hier.",
        "pass",
        "",
        "administrative",
        None,
        None,
        None,
    ),
    Case(
        "Privacy International <research@privacyinternational.org>",
        "Survey of processors",
        "Please take part in our survey by 18 December.",
        "pass",
        "",
        "administrative",
        None,
        None,
        None,
    ),
    Case(
        "Zivver <noreply@zivver.example>",
        "Beveiligd bericht",
        "U heeft een beveiligd bericht van klachten@autoriteitpersoonsgegevens.nl. Inloggen om te lezen.",
        "pass",
        "",
        "administrative",
        None,
        None,
        None,
    ),
    Case(
        "ICO Casework <icocasework@ico.org.uk>",
        "Information notice IC-401050-B2B2",
        "Under section 142 of the Data Protection Act 2018 this information notice is addressed to you as processor. Reply within 28 days of the date of this notice.",
        "pass",
        "",
        "complaint",
        "ico.org.uk",
        "IC-401050-B2B2",
        "2026-12-29",
    ),
    Case(
        "ICO Casework <icocasework@ico.org.uk>",
        "IC-401051-B2B2 and IC-401052-C3C3",
        "These are two cases. The first, IC-401051-B2B2, concerns Trustpilot. Please answer by 18 December 2026.",
        "pass",
        "",
        "complaint",
        "ico.org.uk",
        "IC-401051-B2B2",
        "2026-12-18",
    ),
    Case(
        "DPA <klacht@apd-gba.be>",
        "DOS-2026-01377",
        "Monsieur, la Chambre contentieuse a reçu une plainte (n° du plaignant C-037-10365). Conclusions attendues au plus tard le 15 janvier 2027.",
        "pass",
        "",
        "complaint",
        "apd-gba.be",
        "DOS-2026-01377",
        "2027-01-15",
    ),
    Case(
        "CTPDA <ctpda@ctpdandalucia.es>",
        "Expediente RCO-2026/114",
        "Se ha recibido reclamación contra el Ayuntamiento. Plazo: diez días hábiles desde la recepción para responder.",
        "pass",
        "",
        "complaint",
        "ctpdandalucia.es",
        "RCO-2026/114",
        "2026-12-16",
    ),
    Case(
        "HmbBfDI <mailbox@datenschutz.hamburg.de>",
        "D62 11.02-12/0113-26",
        "Sehr geehrte Damen und Herren, es liegt eine Beschwerde vor. Bitte nehmen Sie bis zum 18.12.2026 Stellung.",
        "pass",
        "",
        "complaint",
        "datenschutz.hamburg.de",
        "D62 11.02-12/0113-26",
        "2026-12-18",
    ),
    Case(
        "Tietosuoja <x@aki.ee>",
        "Re: your question 2.1.-1/26/2643",
        "Please answer by 18 December 2026.",
        "pass",
        "",
        "complaint",
        "aki.ee",
        "2.1.-1/26/2643",
        "2026-12-18",
    ),
    Case(
        "HDPA <complaints@dpa.gr>",
        "Case G/EIS/7983/09-11-2026",
        "Please provide your views within 15 days.",
        "pass",
        "",
        "complaint",
        "dpa.gr",
        "G/EIS/7983/09-11-2026",
        "2026-12-16",
    ),
    Case(
        "DSB <dsb@dsb.gv.at>",
        "GZ: 2026-0.585.764 (D124.5175)",
        "Aufforderung zur Stellungnahme binnen zwei Wochen.",
        "pass",
        "",
        "complaint",
        "dsb.gv.at",
        "D124.5175",  # the register: thread on the procedure number, the GZ numbers letters
        "2026-12-15",
    ),
    Case(
        "Recruiter <jobs@hire.example>",
        "DPO vacancy",
        "We have three candidates for your DPO vacancy. Quick call?",
        "pass",
        "",
        "other",
        None,
        None,
        None,
    ),
    Case(
        "ACME Procurement <buyer@acme.example>",
        "Invoice 4711",
        "Please find the invoice attached.",
        "pass",
        "",
        "other",
        None,
        None,
        None,
    ),
    Case(
        "ICO Casework <icocasework@ico.org.uk>",
        "RE: IC-402000-A1A1",
        "Thank you for your response of 20 November. We have one further question. Please reply by 18 December 2026.",
        "pass",
        "",
        "follow-up",
        "ico.org.uk",
        "IC-402000-A1A1",
        "2026-12-18",
    ),
    Case(
        "ICO Casework <icocasework@ico.org.uk>",
        "Complaint about Missguided",
        "Our reference: IC-402001-A1A1\nYour reference: NMS/2026/114\nComplainant's reference: MG-88211\n\nDear Northgate\n\nPlease tell us within ten working days of receipt what happened.",
        "pass",
        "",
        "complaint",
        "ico.org.uk",
        "IC-402001-A1A1",
        "2026-12-15",
    ),
    Case(
        "ICO Casework <icocasework@ico.org.uk>",
        "IC-402002-A1A1 withdrawn",
        "The complainant has withdrawn the complaint. There is no need to reply to our letter of 3 November.",
        "pass",
        "",
        "follow-up",
        "ico.org.uk",
        "IC-402002-A1A1",
        None,
    ),
    Case(
        "ICO Casework <icocasework@ico.org.uk>",
        "IC-402003-A1A1 correction",
        "We wrote to you on 25 November and gave 9 December as the date. That was wrong: please reply by 16 December 2026 instead.",
        "pass",
        "",
        "follow-up",
        "ico.org.uk",
        "IC-402003-A1A1",
        "2026-12-16",
    ),
    Case(
        "ICO Casework <icocasework@ico.org.uk>",
        "IC-402004-A1A1",
        "Dear DPO\n\nThank you for speaking to my colleague on 30 November 2026. As agreed, the time for your response now runs to 22 December 2026.",
        "pass",
        "",
        "follow-up",
        "ico.org.uk",
        "IC-402004-A1A1",
        "2026-12-22",
    ),
    Case(
        "Data Protection Commission <noreply@dataprotection.ie>",
        "Your correspondence has been received",
        "This is an automatic acknowledgement of your email of 1 December 2026. Please do not reply.",
        "pass",
        "Auto-Submitted: auto-generated",
        "auto-reply",
        None,
        None,
        None,
    ),
    Case(
        "Der Hessische Beauftragte <poststelle@datenschutz.hessen.de>",
        "90.20.77:0245 - Beschwerde Globus",
        "Mein Schreiben vom 12.11.2026 haben Sie nicht beantwortet. Ich setze Ihnen eine letzte Frist bis zum 14.12.2026.",
        "pass",
        "",
        "follow-up",
        "datenschutz.hessen.de",
        "90.20.77:0245",
        "2026-12-14",
    ),
    Case(
        "ULD <mail@datenschutzzentrum.de>",
        "Az: LD4-61.02/26.114",
        "Sehr geehrte Damen und Herren,\n\nBeschwerde gegen die Unzer Austria GmbH. Ich bitte Sie, mir bis spätestens Freitag, den 18. Dezember, die Protokolle zu übersenden.\n\nMit freundlichen Grüßen",
        "pass",
        "",
        "complaint",
        "datenschutzzentrum.de",
        "LD4-61.02/26.114",
        "2026-12-18",
    ),
    Case(
        "CNPD <info@cnpd.lu>",
        "Réclamation n° 12.449",
        "Nous avons été saisis d'une réclamation contre Fnac Darty. Prière de prendre position dans les trois semaines suivant la réception de ce courrier.",
        "pass",
        "",
        "complaint",
        "cnpd.lu",
        "12.449",
        "2026-12-22",
    ),
    Case(
        "APD <contact@apd-gba.be>",
        "Dossier DOS-2026-03344 - demande d'informations",
        "Nous vous invitons à répondre pour le 22 décembre 2026 au plus tard.",
        "pass",
        "",
        "complaint",
        "apd-gba.be",
        "DOS-2026-03344",
        "2026-12-22",
    ),
    Case(
        "AEPD <notif@aepd.es>",
        "Requerimiento E/04411/2026",
        "Se le requiere para que, en el plazo de diez días hábiles contados desde el siguiente a la recepción, aporte la documentación.",
        "pass",
        "",
        "complaint",
        "aepd.es",
        "E/04411/2026",
        "2026-12-16",
    ),
    Case(
        "AEPD <notif@aepd.es>",
        "Expediente EXP202611111: archivo",
        "Se acuerda el archivo de actuaciones. Contra esta resolución cabe recurso en el plazo de un mes.",
        "pass",
        "",
        "follow-up",
        "aepd.es",
        "EXP202611111",
        None,
    ),
    Case(
        "Garante Privacy <protocollo@gpdp.it>",
        "Protocollo 0141122/26",
        "Reclamo della sig.ra V. nei confronti di GTT S.p.A. Codesta società vorrà far pervenire le proprie osservazioni entro quindici giorni dal ricevimento.",
        "pass",
        "",
        "complaint",
        "gpdp.it",
        "0141122/26",
        "2026-12-16",
    ),
    Case(
        "AP <info@autoriteitpersoonsgegevens.nl>",
        "Herinnering z2026-04411",
        "Op 3 november hebben wij u gevraagd te reageren. Wij hebben nog geen antwoord ontvangen. U heeft nog tot 11 december 2026.",
        "pass",
        "",
        "follow-up",
        "autoriteitpersoonsgegevens.nl",
        "z2026-04411",
        "2026-12-11",
    ),
    Case(
        "UODO <kancelaria@uodo.gov.pl>",
        "Sygn. akt DKN.5131.8.2026 - przedłużenie",
        "Przedłużam termin na złożenie wyjaśnień do dnia 8 stycznia 2027 r.",
        "pass",
        "",
        "follow-up",
        "uodo.gov.pl",
        "DKN.5131.8.2026",
        "2027-01-08",
    ),
    Case(
        "UODO <kancelaria@uodo.gov.pl>",
        "DS.523.99.2026 – umorzenie",
        "Postępowanie zostało umorzone. Sprawa zakończona.",
        "pass",
        "",
        "follow-up",
        "uodo.gov.pl",
        "DS.523.99.2026",
        None,
    ),
    Case(
        "IMY <imy@imy.se>",
        "Dnr IMY-2026-9001",
        "IMY har tagit emot ett klagomål mot Ikano Bank AB. Ni ombeds svara inom fyra veckor från dagens datum.",
        "pass",
        "",
        "complaint",
        "imy.se",
        "IMY-2026-9001",
        "2026-12-29",
    ),
    Case(
        "IMY <imy@imy.se>",
        "IMY-2026-9002, ärendet avslutas",
        "Vi avslutar ärendet utan vidare åtgärd.",
        "pass",
        "",
        "follow-up",
        "imy.se",
        "IMY-2026-9002",
        None,
    ),
    Case(
        "Datatilsynet <dt@datatilsynet.dk>",
        "2026-431-0125: Rykker",
        "Vi har endnu ikke modtaget svar på vores brev af 2. november. Svar bedes sendt senest mandag den 14. december 2026.",
        "pass",
        "",
        "follow-up",
        "datatilsynet.dk",
        "2026-431-0125",
        "2026-12-14",
    ),
    Case(
        "Datatilsynet <dt@datatilsynet.dk>",
        "Sag 2026-31-9911",
        "Datatilsynet meddeler fristforlængelse til den 8. januar 2027.",
        "pass",
        "",
        "follow-up",
        "datatilsynet.dk",
        "2026-31-9911",
        "2027-01-08",
    ),
    Case(
        "Datatilsynet <postkasse@datatilsynet.no>",
        "Saksnummer 26/01177",
        "Vi viser til vårt brev av 3. november. Svarfristen forlenges til 15. januar 2027.",
        "pass",
        "",
        "follow-up",
        "datatilsynet.no",
        "26/01177",
        "2027-01-15",
    ),
    Case(
        "Forbrukerrådet <post@forbrukerradet.no>",
        "Klage på vegne av tre forbrukere, ref. FR-26/118",
        "Vi ber om svar innen 14 dager.",
        "pass",
        "",
        "complaint",
        "forbrukerradet.no",
        "FR-26/118",
        "2026-12-15",
    ),
    Case(
        "CNPD <geral@cnpd.pt>",
        "Processo AVG/2026/881 - insistência",
        "Não recebemos resposta ao nosso ofício de 2 de novembro. Insistimos na resposta no prazo de cinco dias.",
        "pass",
        "",
        "follow-up",
        "cnpd.pt",
        "AVG/2026/881",
        "2026-12-06",
    ),
    Case(
        "DECO <juridico@deco.pt>",
        "Queixa D-2026-55",
        "Em nome de dois associados, solicitamos resposta até 18/12/2026.",
        "pass",
        "",
        "complaint",
        "deco.pt",
        "D-2026-55",
        "2026-12-18",
    ),
    Case(
        "OCU <legal@ocu.org>",
        "Reclamación en nombre de socios. Ref. OCU-26-31",
        "Rogamos contesten antes del próximo 18 de diciembre.",
        "pass",
        "",
        "complaint",
        "ocu.org",
        "OCU-26-31",
        "2026-12-18",
    ),
    Case(
        "vzbv <recht@vzbv.de>",
        "Abmahnung / Beschwerde, unser Zeichen: R-26/118",
        "Wir nehmen die Interessen der Verbraucher wahr. Ihrer Stellungnahme sehen wir bis zum 18. Dezember 2026 entgegen.",
        "pass",
        "",
        "complaint",
        "vzbv.de",
        "R-26/118",
        "2026-12-18",
    ),
    Case(
        "Panoptykon <prawo@panoptykon.org>",
        "Skarga - nasz znak FP/26/12",
        "Działając w imieniu trzech osób, prosimy o ustosunkowanie się w ciągu miesiąca.",
        "pass",
        "",
        "complaint",
        "panoptykon.org",
        "FP/26/12",
        "2027-01-01",
    ),
    Case(
        "La Quadrature du Net <contact@laquadrature.net>",
        "Réclamation collective",
        "Au nom de 12 personnes. Nous souhaiterions une réponse sous trente jours. Réf. : LQDN-2026-7",
        "pass",
        "",
        "complaint",
        "laquadrature.net",
        "LQDN-2026-7",
        "2026-12-31",
    ),
    Case(
        "Altroconsumo <legale@altroconsumo.it>",
        "Reclamo per conto di soci - Rif. AC/118",
        "Vi chiediamo di rispondere entro 20 giorni.",
        "pass",
        "",
        "complaint",
        "altroconsumo.it",
        "AC/118",
        "2026-12-21",
    ),
    Case(
        "Emma <emma@missguided.example>",
        "IC-402010-A1A1",
        "Thanks, got it. We will deal with it.",
        "pass",
        "",
        "acknowledgement",
        None,
        None,
        None,
    ),
    Case(
        "Emma <emma@missguided.example>",
        "Re: IC-402010-A1A1",
        "Thanks. Who at the ICO should I write to? Do you hold the logs?",
        "pass",
        "",
        "acknowledgement",
        None,
        None,
        None,
    ),
    Case(
        "Read receipts <emma@missguided.example>",
        "Read: IC-402010-A1A1",
        "Your message was read on 1 December 2026.",
        "pass",
        "",
        "auto-reply",
        None,
        None,
        None,
    ),
    Case(
        "Sam <sam@missguided.example>",
        "IC-402010-A1A1 - not ours",
        "This one isn't ours, you want Missguided (UK) Ltd. Sent in error.",
        "pass",
        "",
        "other",
        None,
        None,
        None,
    ),
    Case(
        "Jane <jane@mail.example>",
        "Your client lost my parcel data",
        "The Information Commissioner has my complaint, case IC-402099-B1B1. I want compensation.",
        "pass",
        "",
        "data-subject",
        None,
        None,
        None,
    ),
    Case(
        "ICO <notice@ico.fee-office.example>",
        "Registration fee",
        "Pay GBP 60 now to avoid a fine.",
        "pass",
        "",
        "suspicious",
        None,
        None,
        None,
    ),
    Case(
        "Data Protection Registration Service <office@dprs.example>",
        "Final notice",
        "The Information Commissioner requires you to register. Pay the fee of GBP 95 by bank transfer, sort code below, or face a penalty.",
        "pass",
        "",
        "suspicious",
        None,
        None,
        None,
    ),
    Case(
        "EDPB <secretariat@edpb.europa.eu>",
        "Public consultation on guidelines",
        "The EDPB invites comments on guidelines 3/2026 by 20 January 2027.",
        "pass",
        "",
        "administrative",
        None,
        None,
        None,
    ),
    Case(
        "ICO Recruitment <jobs@ico.org.uk>",
        "We are hiring: case officers",
        "Apply by 20 December 2026.",
        "pass",
        "",
        "administrative",
        None,
        None,
        None,
    ),
    Case(
        "ICO Media <pressoffice@ico.org.uk>",
        "Statement on fine",
        "For immediate release: the ICO has fined a firm.",
        "pass",
        "",
        "administrative",
        None,
        None,
        None,
    ),
    Case(
        "ICO Fees <dpfee@ico.org.uk>",
        "Data protection fee reminder",
        "Your data protection fee is due on 31 December 2026. Pay online.",
        "pass",
        "",
        "administrative",
        None,
        None,
        None,
    ),
    Case(
        "CNIL <plaintes@cnil.fr>",
        "Absence de réponse - saisine n° 26017044",
        "Sauf erreur de ma part, je n'ai pas reçu votre réponse. Merci de me l'adresser par retour.",
        "pass",
        "",
        "follow-up",
        "cnil.fr",
        "26017044",
        None,
    ),
    Case(
        "Consumentenbond <juridisch@consumentenbond.nl>",
        "Klacht CB-26-9: nieuwsbrief",
        "Namens een lid: zij kan zich niet uitschrijven van de nieuwsbrief en kreeg toch een enquête. Graag uw reactie binnen veertien dagen.",
        "pass",
        "",
        "complaint",
        "consumentenbond.nl",
        "CB-26-9",
        "2026-12-15",
    ),
    Case(
        "Irish Council for Civil Liberties <enforce@iccl.ie>",
        "Complaint re adtech - ICCL/26/7",
        "We act for a data subject. We should be glad of your answer by 12 January 2027.",
        "pass",
        "",
        "complaint",
        "iccl.ie",
        "ICCL/26/7",
        "2027-01-12",
    ),
    Case(
        "Digitalcourage <recht@digitalcourage.de>",
        "Anfrage zu stern.de",
        "Guten Tag, namens einer Betroffenen (Vollmacht anbei). Wir bitten um Antwort bis Ende des Monats.\n\nUnser Zeichen: DC-2026-118",
        "pass",
        "",
        "complaint",
        "digitalcourage.de",
        "DC-2026-118",
        "2026-12-31",
    ),
    Case(
        "ICO <casework@ico.org.uk>",
        "Re: Re: IC-402000-A1A1",
        "Thank you. That is everything we need and the case is now closed.",
        "pass",
        "",
        "follow-up",
        "ico.org.uk",
        "IC-402000-A1A1",
        None,
    ),
    Case(
        "Lower Saxony <poststelle@lfd.niedersachsen.de>",
        "5.3-2100-77/26",
        "Sehr geehrte Damen und Herren,\n\neine neue Beschwerde (verbunden mit 5.3-2100-40/26) ist eingegangen. Frist: 8. Januar 2027.",
        "pass",
        "",
        "complaint",
        "lfd.niedersachsen.de",
        "5.3-2100-77/26",
        "2027-01-08",
    ),
    Case(
        "Data Protection Commission <casework@dataprotection.ie>",
        "C-26-12-33 / BN-26-11-4",
        "A chara,\n\nComplaint C-26-12-33. The breach notification of the controller is BN-26-11-4. We look forward to your reply within 3 weeks.",
        "pass",
        "",
        "complaint",
        "dataprotection.ie",
        "C-26-12-33",
        "2026-12-22",
    ),
    Case(
        "ICO Casework <icocasework@ico.org.uk>",
        "Trustpilot",
        "Our ref: IC-402222-A1A1          Your ref: NMS-118\nDate: 30 November 2026\n\nPlease reply within 21 days of the date of this letter.",
        "pass",
        "",
        "complaint",
        "ico.org.uk",
        "IC-402222-A1A1",
        "2026-12-21",
    ),
    Case(
        "ICO Casework <icocasework@ico.org.uk>",
        "Enquiry",
        "Dear Northgate\n\nDo you provide hosting for Missguided? There is no case number yet and no deadline.\n\nMorag",
        "pass",
        "",
        "complaint",
        "ico.org.uk",
        None,
        None,
    ),
    Case(
        "Garante <protocollo@gpdp.it>",
        "Richiesta di informazioni - fasc. 321999",
        "Ai sensi dell'art. 157 del Codice, si invita a comunicare, entro il termine di 20 giorni dalla ricezione della presente, quanto richiesto. Fascicolo: 321999. Prot. n. 0151515.",
        "pass",
        "",
        "complaint",
        "gpdp.it",
        "321999",
        "2026-12-21",
    ),
    Case(
        "AEPD <notif@aepd.es>",
        "Recordatorio: PS/00241/2026",
        "Reiteramos nuestro escrito de 2 de noviembre. Conteste en cinco días naturales.",
        "pass",
        "",
        "follow-up",
        "aepd.es",
        "PS/00241/2026",
        "2026-12-06",
    ),
    Case(
        "LDA Brandenburg <poststelle@lda.brandenburg.de>",
        "Unser Zeichen: Be/055/26/1188",
        "Bezug: Ihr Zeichen NMS/2026-4. Bitte äußern Sie sich innerhalb eines Monats nach Zugang.",
        "pass",
        "",
        "complaint",
        "lda.brandenburg.de",
        "Be/055/26/1188",
        "2027-01-01",
    ),
    Case(
        "Sam <sam@homeisp.example>",
        "IC-402050-A1A1",
        "The ICO gave me this number. What have you done with my data? I will complain again.",
        "pass",
        "",
        "data-subject",
        None,
        None,
        None,
    ),
    Case(
        "Kelly <k@northgate-ms.example>",
        "Lunch menu",
        "Pizza today.",
        "pass",
        "",
        "other",
        None,
        None,
        None,
    ),
    Case(
        "GDPR Weekly <hello@gdprweekly.example>",
        "This week: CNIL fines, ICO news",
        "Newsletter: the CNIL fined a firm. Webinar on complaints. Unsubscribe.",
        "pass",
        "List-Unsubscribe: <x>",
        "administrative",
        None,
        None,
        None,
    ),
    Case(
        "Ann <ann@advisors.example>",
        "Free webinar: handling ICO complaints",
        "Join us for a webinar. Register now, places are limited.",
        "pass",
        "",
        "administrative",
        None,
        None,
        None,
    ),
    Case(
        "ICO Casework <icocasework@ico.org.uk>",
        "Trustpilot / IC-403001-C1C1",
        "Good morning\n\nCould you let me have a copy of the moderation log? I should be grateful to have it by Tuesday 15 December.\n\nCallum",
        "pass",
        "",
        "complaint",
        "ico.org.uk",
        "IC-403001-C1C1",
        "2026-12-15",
    ),
    Case(
        "ICO Casework <icocasework@ico.org.uk>",
        "IC-403002-C1C1",
        "The complainant alleges that Missguided kept her data until 31 March 2027 though it promised to erase it within 30 days. Kindly comment within three weeks from the date above.\n\n30 November 2026",
        "pass",
        "",
        "complaint",
        "ico.org.uk",
        "IC-403002-C1C1",
        "2026-12-21",
    ),
    Case(
        "ICO Casework <icocasework@ico.org.uk>",
        "IC-403003-C1C1: chasing",
        "I do not appear to have had anything from you. I will have to consider an information notice if nothing arrives by 11 December 2026.",
        "pass",
        "",
        "follow-up",
        "ico.org.uk",
        "IC-403003-C1C1",
        "2026-12-11",
    ),
    Case(
        "Data Protection Commission <casework@dataprotection.ie>",
        "C-26-12-90",
        "A chara,\n\nThe DPC intends to conclude its examination by 26 February 2027. Your reply should reach this office not later than 6 January 2027.",
        "pass",
        "",
        "complaint",
        "dataprotection.ie",
        "C-26-12-90",
        "2027-01-06",
    ),
    Case(
        "LDI <poststelle@ldi.nrw.de>",
        "205.1.4-998/26 Ikano",
        "wir prüfen eine Eingabe. Bitte beantworten Sie die folgenden Fragen bis zum Ablauf des 7. Januar 2027: 1. Wer ist Verantwortlicher? 2. Wo liegen die Daten?",
        "pass",
        "",
        "complaint",
        "ldi.nrw.de",
        "205.1.4-998/26",
        "2027-01-07",
    ),
    Case(
        "LDI <poststelle@ldi.nrw.de>",
        "205.1.4-998/26",
        "Vielen Dank für Ihre Nachricht. Damit ist die Sache für uns erledigt.",
        "pass",
        "",
        "follow-up",
        "ldi.nrw.de",
        "205.1.4-998/26",
        None,
    ),
    Case(
        "BlnBDI <mailbox@datenschutz-berlin.de>",
        "Gesch.-Z. 521.15001.2",
        "Ihrer Antwort sehe ich innerhalb von zehn Arbeitstagen nach Eingang dieses Schreibens entgegen.",
        "pass",
        "",
        "complaint",
        "datenschutz-berlin.de",
        "521.15001.2",
        "2026-12-15",
    ),
    Case(
        "CNIL <plaintes@cnil.fr>",
        "Saisine 26018001 - Fnac",
        "Il m'appartient de vous demander, sous quinzaine, tout élément utile à l'instruction de cette plainte.",
        "pass",
        "",
        "complaint",
        "cnil.fr",
        "26018001",
        "2026-12-16",
    ),
    Case(
        "CNIL <plaintes@cnil.fr>",
        "Saisine n° 26018002 : clôture",
        "Je vous informe de la clôture de cette plainte. Aucune réponse n'est attendue.",
        "pass",
        "",
        "follow-up",
        "cnil.fr",
        "26018002",
        None,
    ),
    Case(
        "AEPD <x@aepd.es>",
        "EXP202699001",
        "Se ha presentado una reclamación contra Meetic. Dispone de un mes para contestar, a contar desde el día siguiente a esta notificación.",
        "pass",
        "",
        "complaint",
        "aepd.es",
        "EXP202699001",
        "2027-01-01",
    ),
    Case(
        "Garante <protocollo@gpdp.it>",
        "Fascicolo 330001",
        "Si trasmette copia del reclamo. Si resta in attesa di elementi di risposta, da inviare entro il 7 gennaio 2027, anche per il tramite del titolare.",
        "pass",
        "",
        "complaint",
        "gpdp.it",
        "330001",
        "2027-01-07",
    ),
    Case(
        "AP <x@autoriteitpersoonsgegevens.nl>",
        "Zaaknummer z2026-09001",
        "De AP heeft een klacht ontvangen. Wij geven u tot en met 8 januari 2027 de gelegenheid om te reageren.",
        "pass",
        "",
        "complaint",
        "autoriteitpersoonsgegevens.nl",
        "z2026-09001",
        "2027-01-08",
    ),
    Case(
        "UODO <x@uodo.gov.pl>",
        "DS.523.7001.2026",
        "W związku ze skargą proszę o wskazanie, w terminie do 8 stycznia 2027 r., podstawy prawnej przetwarzania.",
        "pass",
        "",
        "complaint",
        "uodo.gov.pl",
        "DS.523.7001.2026",
        "2027-01-08",
    ),
    Case(
        "IMY <imy@imy.se>",
        "IMY-2026-20001",
        "Med anledning av ett klagomål önskar vi era synpunkter. De ska vara oss tillhanda senast tisdagen den 12 januari 2027.",
        "pass",
        "",
        "complaint",
        "imy.se",
        "IMY-2026-20001",
        "2027-01-12",
    ),
    Case(
        "Datatilsynet <x@datatilsynet.dk>",
        "2026-31-5005",
        "Datatilsynet anmoder om at modtage bemærkninger inden for 4 uger.",
        "pass",
        "",
        "complaint",
        "datatilsynet.dk",
        "2026-31-5005",
        "2026-12-29",
    ),
    Case(
        "Datatilsynet <x@datatilsynet.no>",
        "26/05005",
        "Redegjørelsen må være hos oss innen utløpet av 8. januar 2027.",
        "pass",
        "",
        "complaint",
        "datatilsynet.no",
        "26/05005",
        "2027-01-08",
    ),
    Case(
        "CNPD <x@cnpd.pt>",
        "AVG/2026/2201",
        "Fica V. Exa. notificada para, querendo, responder no prazo de vinte dias.",
        "pass",
        "",
        "complaint",
        "cnpd.pt",
        "AVG/2026/2201",
        "2026-12-21",
    ),
    Case(
        "Privacy First <info@privacyfirst.nl>",
        "Verzoek om opheldering, PF-26-14",
        "Wij treden op voor vier reizigers. Zou u ons voor 1 januari 2027 willen antwoorden?",
        "pass",
        "",
        "complaint",
        "privacyfirst.nl",
        "PF-26-14",
        "2027-01-01",
    ),
    Case(
        "Rettferdig Data <post@rettferdigdata.example>",
        "Klage på Vipps, sak RD-7",
        "Vi er en ideell organisasjon uten økonomisk formål og representerer to kunder. Svar ønskes innen 20. desember.",
        "pass",
        "",
        "complaint",
        "rettferdigdata.example",
        "RD-7",
        "2026-12-20",
    ),
    Case(
        "Dataret <kontakt@dataret.example>",
        "Klage over Saxo (DR 2026-3)",
        "Foreningen Dataret er en almennyttig forening og skriver på vegne af et medlem med fuldmagt. Vi hører gerne fra jer senest 18/12-2026.",
        "pass",
        "",
        "complaint",
        "dataret.example",
        "DR 2026-3",
        "2026-12-18",
    ),
    Case(
        "Datos Libres <hola@datoslibres.example>",
        "Reclamación en nombre de una usuaria",
        "Somos una asociación sin ánimo de lucro; actuamos en nombre de una usuaria de Meetic. Ref. DL/2026/3. Esperamos respuesta en un plazo de 15 días.",
        "pass",
        "",
        "complaint",
        "datoslibres.example",
        "DL/2026/3",
        "2026-12-16",
    ),
    Case(
        "Données & Droits <contact@donnees-droits.example>",
        "Plainte pour le compte de Mme R.",
        "Association loi 1901, mandatée par Mme R. Dossier DD-44. Réponse souhaitée avant le 20 décembre 2026.",
        "pass",
        "",
        "complaint",
        "donnees-droits.example",
        "DD-44",
        "2026-12-20",
    ),
    Case(
        "IMY Tillsyn <tillsyn@imy-se.example>",
        "IMY-2026-12301",
        "Logga in med BankID för att läsa klagomålet.",
        "pass",
        "",
        "suspicious",
        None,
        None,
        None,
    ),
    Case(
        "UODO <kontrola@uodo-gov.example>",
        "Kontrola",
        "Prosimy o wpłatę opłaty 1200 zł na konto. Urząd Ochrony Danych Osobowych",
        "pass",
        "",
        "suspicious",
        None,
        None,
        None,
    ),
    Case(
        "Kundenservice <ks@shop.example>",
        "Ticket 8812 wurde eröffnet",
        "Ihre Anfrage wurde automatisch erfasst. Diese Nachricht wurde automatisch erstellt.",
        "pass",
        "",
        "auto-reply",
        None,
        None,
        None,
    ),
    Case(
        "Luc <luc@fnac.example>",
        "TR: Saisine n° 26016011",
        "Bien noté, merci, notre service juridique prend la suite.",
        "pass",
        "",
        "acknowledgement",
        None,
        None,
        None,
    ),
    Case(
        "Maja <maja@wp.example>",
        "Skarga na Allegro",
        "Jestem oburzona. Proszę usunąć moje konto i potwierdzić w ciągu 30 dni, inaczej zawiadomię UODO.",
        "pass",
        "",
        "data-subject",
        None,
        None,
        None,
    ),
    Case(
        "Nils <nils@mejl.example>",
        "Registerutdrag",
        "Jag vill ha ett registerutdrag enligt artikel 15.",
        "pass",
        "",
        "data-subject",
        None,
        None,
        None,
    ),
    Case(
        "Ana <ana@correio.example>",
        "Apagamento",
        "Quero que apaguem os meus dados da vossa plataforma. Já me queixei à CNPD.",
        "pass",
        "",
        "data-subject",
        None,
        None,
        None,
    ),
    Case(
        "Office Supplies <promo@paper.example>",
        "20 % off this week",
        "Special offer on paper. Discount code inside.",
        "pass",
        "",
        "other",
        None,
        None,
        None,
    ),
)


def _raw(case: Case, results: str | None = None) -> bytes:
    domain = case.sender.rpartition("@")[2].rstrip(">")
    lines = [f"Return-Path: {'<>' if case.auth == 'null' else f'<x@{domain}>'}"]
    lines.append(f"Received: from out.{domain} by {OURS}; Tue, 01 Dec 2026 10:00:00 +0000")
    if results is None and case.auth == "pass":
        results = f"{OURS}; spf=pass smtp.mailfrom={domain}; dkim=pass header.d={domain}; dmarc=pass header.from={domain}"
    lines += [f"Authentication-Results: {results}"] if results else []
    lines += [
        "Date: Tue, 01 Dec 2026 09:58:00 +0000",
        f"From: {case.sender}",
        "To: privacy@northgate-ms.example",
    ]
    lines += [f"Subject: {case.subject}", f"Message-ID: <a@{domain}>", *filter(None, [case.headers])]
    lines += [
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    ]
    return ("\n".join(lines) + f"\n\n{case.body}\n").encode()


def _recognised(raw: bytes, house: House = HOUSE) -> Recognition:
    return recognise(read_mail(raw), REGISTRY, house, received_at=RECEIVED)


def _from(sender: str, subject: str, body: str, results: str | None = None, headers: str = "") -> Recognition:
    case = Case(sender, subject, body, "pass" if results is None else "none", headers, "", None, None, None)
    return _recognised(_raw(case, results))


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case.kind}: {case.sender[:24]} {case.subject[:40]}"
)
def test_a_mail_is_recognised_for_what_it_is(case: Case) -> None:
    found = _recognised(_raw(case))
    assert COARSE.get(found.kind.value, found.kind.value) == case.kind
    if case.kind in ("complaint", "follow-up"):
        assert (found.body.domain if found.body else None) == case.domain
        assert (found.reference or None) == case.reference
        assert found.respond_by == (date.fromisoformat(case.by) if case.by else None)
        assert bool(found.respond_by_quote) == (found.respond_by is not None)
    assert found.evidence
    assert 0 <= found.score <= 1


LETTER = "We have received a complaint about Trustpilot A/S. Please reply by 18 December 2026."
ICO = "ICO Casework <icocasework@ico.org.uk>"


# --- who wrote ---------------------------------------------------------------------------------


def test_a_listed_domain_that_passes_dmarc_is_verified_and_may_be_routed() -> None:
    found = _from(ICO, "IC-401000-A1A1", LETTER)
    assert (found.verified, decide(found)) == (True, None)


def test_a_listed_domain_that_fails_dmarc_is_suspicious_whatever_it_says() -> None:
    found = _from(
        ICO,
        "IC-401000-A1A1",
        LETTER,
        f"{OURS}; spf=pass smtp.mailfrom=evil.example; dmarc=fail header.from=ico.org.uk",
    )
    assert (found.kind, found.body, decide(found)) == (Kind.SUSPICIOUS, None, Decision.TRIAGE)


def test_results_of_another_server_count_for_nothing() -> None:
    found = _from(ICO, "IC-401000-A1A1", LETTER, "mx.elsewhere.example; dmarc=pass header.from=ico.org.uk")
    assert (found.kind, found.verified, decide(found)) == (Kind.COMPLAINT, False, Decision.TRIAGE)


def test_our_server_s_topmost_result_counts_and_not_one_that_came_with_the_mail() -> None:
    forged = f"Authentication-Results: {OURS}; dmarc=pass header.from=ico.org.uk"
    found = _from(ICO, "IC-401000-A1A1", LETTER, f"{OURS}; dmarc=fail header.from=ico.org.uk", forged)
    assert found.kind is Kind.SUSPICIOUS


def test_a_pass_hidden_in_a_comment_is_no_pass() -> None:
    found = _from(ICO, "IC-401000-A1A1", LETTER, f"{OURS} (; dmarc=pass header.from=ico.org.uk); spf=none")
    assert found.verified is False


def test_a_pass_for_another_from_domain_is_no_pass() -> None:
    found = _from(ICO, "IC-401000-A1A1", LETTER, f"{OURS}; dmarc=pass header.from=evil.example")
    assert found.verified is False


def test_two_from_headers_are_never_believed() -> None:
    found = _from(ICO, "IC-401000-A1A1", LETTER, headers="From: Evil <x@evil.example>")
    assert found.kind is Kind.SUSPICIOUS


def test_without_an_authserv_id_nothing_is_verified_and_nothing_suspicious_on_that_ground() -> None:
    house = House(organisation="N", own_addresses=HOUSE.own_addresses, authserv_ids=frozenset())
    found = _recognised(_raw(CASES[0]), house)
    assert (found.kind, found.verified) == (Kind.COMPLAINT, False)


def test_a_body_without_dmarc_policy_is_verified_by_an_aligned_signature() -> None:
    sender = "Which? <legal@which.co.uk>"
    aligned = _from(
        sender, "Complaint WH-26-1", LETTER, f"{OURS}; dkim=pass header.d=which.co.uk; dmarc=none"
    )
    foreign = _from(
        sender, "Complaint WH-26-1", LETTER, f"{OURS}; dkim=pass header.d=mailer.example; dmarc=none"
    )
    assert (aligned.verified, foreign.verified) == (True, False)


def test_a_sub_domain_of_a_listed_domain_is_the_body_s_and_a_longer_word_is_not() -> None:
    assert REGISTRY.at("mail.ico.org.uk") is not None
    assert REGISTRY.at("ico.org.uk.evil.example") is None
    assert REGISTRY.at("notico.org.uk") is None


@pytest.mark.parametrize(
    "sender",
    [
        "ICO <x@ico.org.uk.evil.example>",
        "ICO <x@ico-org-uk.example>",
        "ICO <x@casework-ico.example>",
        "ICO <x@ico.gov.uk>",
        "Case officer <x@1co.org.uk>",
        "AEPD <x@aedp.es>",
        "Case officer <x@dataprotecton.ie>",
        "Case officer <x@xn--co-7ka.org.uk>",
        "Information Commissioner's Office <officer@freemail.example>",
    ],
)
def test_who_dresses_up_as_a_body_is_suspicious_even_with_a_genuine_number(sender: str) -> None:
    found = _from(sender, "IC-372500-S1A1 Trustpilot", f"Information Commissioner's Office\n\n{LETTER}")
    assert (found.kind, decide(found)) == (Kind.SUSPICIOUS, Decision.TRIAGE)


def test_a_shared_domain_needs_a_second_sign() -> None:
    with_number = _from("Reijo <reijo@om.fi>", "TSV/224/2026", LETTER)
    without = _from("Reijo <reijo@om.fi>", "Lunch", "Shall we meet?")
    assert with_number.body is not None
    assert without.body is None


# --- letters that others hand on ----------------------------------------------------------------

FORWARDED = """Please see below.

---------- Forwarded message ---------
From: ICO Casework <icocasework@ico.org.uk>
Date: Mon, 30 Nov 2026 at 10:12
Subject: IC-400200-Z9Y8 Trustpilot
To: <lena@northgate-ms.example>

We have received a complaint about Trustpilot A/S. Please reply within 14 days.
"""


def test_a_colleague_s_forward_may_be_routed_and_counts_from_the_original_s_date() -> None:
    found = _from("Lena <lena@northgate-ms.example>", "Fwd: IC-400200-Z9Y8", FORWARDED)
    assert (found.kind, found.respond_by, decide(found)) == (Kind.COMPLAINT, date(2026, 12, 14), None)


def test_a_stranger_s_forward_goes_to_a_person_unless_his_domain_is_trusted() -> None:
    found = _from("Tom <tom@trustpilot.example>", "Fwd: IC-400200-Z9Y8", FORWARDED)
    assert (found.kind, found.verified, decide(found)) == (Kind.COMPLAINT, False, Decision.TRIAGE)
    assert decide(found, trusted_domains={"trustpilot.example"}) is None


def _certified(provider: str) -> Recognition:
    inner = "From: Garante <protocollo@pec.gpdp.it>\nSubject: Fascicolo 321802\nDate: Tue, 01 Dec 2026 09:00:00 +0000\n\nReclamo. Si chiede riscontro entro 20 giorni.\n"
    raw = (
        f"Return-Path: <posta-certificata@{provider}>\nReceived: from p by {OURS}; Tue, 01 Dec 2026 10:00:00 +0000\n"
        f"Authentication-Results: {OURS}; dkim=pass header.d={provider}; dmarc=pass header.from={provider}\n"
        f'From: "Per conto di: protocollo@pec.gpdp.it" <posta-certificata@{provider}>\nTo: privacy@northgate-ms.example\n'
        "Subject: POSTA CERTIFICATA: Fascicolo 321802\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nMessaggio di posta certificata\n'
        f"--b\nContent-Type: message/rfc822; name=postacert.eml\n\n{inner}\n--b--\n"
    )
    return _recognised(raw.encode())


def test_certified_mail_is_unwrapped_and_its_known_provider_vouches_for_the_sender() -> None:
    known, unknown = _certified("pec.aruba.it"), _certified("pec-fast.example")
    assert known.body is not None
    assert (known.kind, known.body.id, known.reference, decide(known)) == (
        Kind.COMPLAINT,
        "it-garante",
        "321802",
        None,
    )
    assert (known.respond_by, decide(unknown)) == (date(2026, 12, 21), Decision.TRIAGE)


# --- what follows --------------------------------------------------------------------------------


def test_a_complaint_with_a_known_number_is_a_follow_up_and_says_so() -> None:
    first = _from(ICO, "IC-401000-A1A1", LETTER)
    later = with_precedent(first, Precedent(customer_id="C1", ref="FW-1001"))
    assert (first.kind, later.kind) == (Kind.COMPLAINT, Kind.FOLLOW_UP)
    assert later.evidence[-1].found == "FW-1001"
    assert with_precedent(first, None) is first


def test_a_small_body_that_cannot_show_its_domain_goes_to_a_person() -> None:
    body = "We are a not-for-profit acting for a data subject. Please explain. Case HDJ/9."
    shown = _from(
        "Hedgerow <mail@hedgerow-dj.example>",
        "Missguided",
        body,
        f"{OURS}; spf=pass smtp.mailfrom=hedgerow-dj.example; dmarc=none",
    )
    hidden = _from("Hedgerow <mail@hedgerow-dj.example>", "Missguided", body, f"{OURS}; spf=none; dmarc=none")
    assert (shown.kind, decide(shown)) == (Kind.COMPLAINT, None)
    assert (hidden.kind, decide(hidden)) == (Kind.COMPLAINT, Decision.TRIAGE)


def test_what_shows_no_sign_of_any_kind_is_never_ignored() -> None:
    found = _from("X <x@x.example>", "Hello", "See you then.")
    assert (found.kind, decide(found)) == (Kind.OTHER, Decision.TRIAGE)


def test_encrypted_mail_of_an_authority_waits_for_a_person() -> None:
    found = _from(
        "BfDI <poststelle@bfdi.bund.de>",
        "24-191 II#4781",
        "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----",
    )
    assert (found.kind, decide(found)) == (Kind.UNREADABLE, Decision.TRIAGE)


def test_our_own_numbers_are_never_the_authority_s() -> None:
    found = _from(ICO, "FW-1001", f"Your reference FW-1001\nOur reference IC-401000-A1A1\n\n{LETTER}")
    assert found.reference == "IC-401000-A1A1"


def test_a_date_header_at_the_end_of_time_breaks_nothing() -> None:
    raw = _raw(CASES[0]).replace(b"Date: Tue, 01 Dec 2026 09:58:00", b"Date: Fri, 31 Dec 9999 23:58:00")
    assert _recognised(raw).kind is Kind.COMPLAINT


@given(st.text(max_size=300), st.text(max_size=600))
def test_no_text_makes_recognition_fail(subject: str, body: str) -> None:
    mail = read_mail(_raw(CASES[0]))
    hostile = type(mail)(
        sha256="",
        subject=subject,
        sender=mail.sender,
        headers=mail.headers,
        passages=(type(mail.passages[0])(where="body", text=body),),
    )
    found = recognise(hostile, REGISTRY, HOUSE, received_at=RECEIVED)
    assert decide(found) in (None, *Decision)
    assert found.reference in (*(one.value for one in found.references), "")


@pytest.mark.parametrize(
    "text",
    [
        "1" * 200_000,
        "A-1-" * 50_000,
        "3 Dec 2026 by " * 15_000,
        "by 28 days " * 20_000,
        "From: a\n" * 30_000,
        "(" * 100_000,
    ],
)
def test_hostile_text_costs_no_more_than_a_moment(text: str) -> None:
    import time  # noqa: PLC0415 - processor time of this one test

    mail = read_mail(_raw(CASES[0]))
    passage = type(mail.passages[0])(where="body", text=text)
    hostile = type(mail)(
        sha256="", subject=text[:2_000], sender=mail.sender, headers=mail.headers, passages=(passage,)
    )
    begun = time.process_time()
    recognise(hostile, REGISTRY, HOUSE, received_at=RECEIVED)
    assert time.process_time() - begun < 2


def test_a_letter_attached_by_a_colleague_counts_as_the_body_s_own() -> None:
    inner = f"From: {ICO}\nSubject: IC-400201-Z9Y8\nDate: Mon, 30 Nov 2026 09:00:00 +0000\n\n{LETTER}\n"
    raw = (
        f"Received: from p by {OURS}; Tue, 01 Dec 2026 10:00:00 +0000\n"
        f"Authentication-Results: {OURS}; dmarc=pass header.from=northgate-ms.example\n"
        "From: Lena <lena@northgate-ms.example>\nTo: privacy@northgate-ms.example\nSubject: for you\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nThis came to my address.\n'
        f"--b\nContent-Type: message/rfc822\n\n{inner}\n--b--\n"
    )
    found = _recognised(raw.encode())
    assert found.body is not None
    assert (found.kind, found.body.id, found.reference) == (Kind.COMPLAINT, "gb-ico", "IC-400201-Z9Y8")
    assert decide(found) is None
