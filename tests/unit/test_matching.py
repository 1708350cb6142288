"""Which customer a letter is about: nothing is misrouted (I2), then as much as possible is assigned."""

import time
from dataclasses import replace

import pytest

from complaints.matching import CustomerIndex, match
from complaints.model import (
    Address,
    Ambiguous,
    Body,
    Customer,
    InboundMail,
    Match,
    Matched,
    Passage,
    Precedent,
    Unmatched,
)


def row(  # noqa: PLR0917 - the register below reads best in columns
    id_: str, name: str, aliases: str = "", domains: str = "", identifiers: str = "", country: str = ""
) -> Customer:
    def split(cell: str) -> tuple[str, ...]:
        return tuple(part for part in cell.split(";") if part)

    return Customer(
        id=id_,
        name=name,
        aliases=split(aliases),
        domains=split(domains),
        identifiers=split(identifiers),
        country=country,
    )


REGISTER = (
    row(
        "sky-uk",
        "Sky UK Limited",
        "Sky Subscribers Services Limited;Sky;Sky UK;NOW TV",
        "sky.com;sky.uk",
        "companies-house:02906991",
        "GB",
    ),
    row(
        "sky-ie",
        "Sky Ireland Limited",
        "Sky Subscribers Services Limited;Sky Ireland",
        "sky.ie",
        "cro:512758",
        "IE",
    ),
    row("ewe", "EWE AG", "EWE", "ewe.de", "hrb:Hamburg 205018", "DE"),
    row("ewe-tel", "EWE TEL GmbH", "osnatel", "ewe.de", "hrb:Oldenburg 210932", "DE"),
    row("ikea-de", "IKEA Deutschland GmbH & Co. KG", "", "ikea.com", "", "DE"),
    row("ikea-es", "IKEA Ibérica SAU", "IKEA Family", "ikea.com", "", "ES"),
    row("focus-shop", "Focus Multimedia Ltd.", "Fanatical.com", "fanatical.com", "", "GB"),
    row("focus-online", "FOCUS Online", "", "focus.de", "", "DE"),
    row("focus-mag", "FOCUS Magazin Verlag GmbH", "", "focus-magazin.de", "", "DE"),
    row("ikano-se", "Ikano Bank AB", "", "ikanobank.se", "orgnr:556194-4841", "SE"),
    row("ikano-de", "Ikano Bank AB (publ), Zweigniederlassung Deutschland", "", "ikanobank.de", "", "DE"),
    row("ikano-dk", "Ikano Bank DK", "", "ikanobank.dk", "", "DK"),
    row("globus", "GLOBUS Markthallen Holding GmbH & Co. KG", "", "globus.de", "", "DE"),
    row("globus-bau", "Globus Fachmärkte GmbH & Co. KG", "", "globus-baumarkt.de", "", "DE"),
    row("vinted-fr", "Vinted UAB", "Vinted.fr", "vinted.fr", "", "LT"),
    row("vinted-pl", "Vinted UAB", "", "vinted.pl", "krs:0000064287", "PL"),
    row("paypal-gb", "PayPal (Europe) S.à r.l. et Cie, S.C.A.", "", "paypal.com/uk", "", "GB"),
    row("paypal-fr", "PayPal (Europe) S.à r.l. et Cie, S.C.A.", "", "paypal.com/fr", "", "FR"),
    row("nextdoor", "Nextdoor EMEA Limited", "", "nextdoor.com", "", "IE"),
    row("trustpilot", "Trustpilot A/S", "", "trustpilot.com", "cvr:35208363", "DK"),
    row("monzo", "Monzo Bank Limited", "Monzo", "monzo.com", "", "GB"),
    row("signal", "Signal Messenger LLC.", "", "signal.org", "", "US"),
    row("orange", "Orange SA", "Orange", "orange.com", "siren:869475475", "FR"),
    row("gmx", "GMX", "GMX Mail", "gmx.net", "", "DE"),
    row("wolt", "Wolt Enterprise Oy", "Wolt", "wolt.com", "", "FI"),
    row("wolt-de", "Wolt Enterprises Oy", "Wolt Deutschland", "wolt.com", "", "DE"),
    row("ms", "Marks and Spencer plc", "M&S", "marksandspencer.com", "", "GB"),
    row("evans", "City Chic Collective UK Ltd.", "Evans", "evans.co.uk", "", "GB"),
    row("stroeer", "Ströer SE & Co. KGaA", "Ströer", "stroeer.de", "", "DE"),
    row("stroeer-x", "Ströer X GmbH", "", "stroeer-x.de", "", "DE"),
)
INDEX = CustomerIndex.build(REGISTER)
ICO = Body(id="ico", name="Information Commissioner's Office", aliases=("ICO",), domains=("ico.org.uk",))


def mail(*passages: tuple[str, str], wrapped: tuple[InboundMail, ...] = ()) -> InboundMail:
    return InboundMail(
        sha256="",
        subject="",
        sender=Address(name="ICO", email="casework@ico.org.uk"),
        recipients=(Address(name="", email="privacy@processor.example"),),
        passages=tuple(Passage(where=where, text=text) for where, text in passages),
        wrapped=wrapped,
    )


def judged(
    letter: InboundMail | str, precedent: Precedent | None = None, index: CustomerIndex = INDEX
) -> Match:
    letter = mail(("body", letter)) if isinstance(letter, str) else letter
    return match(
        letter, index, precedent=precedent, house_names=("Processor", "Processor Services Ltd"), body=ICO
    )


def customer_of(result: Match) -> str | None:
    return result.customer.id if isinstance(result, Matched) else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Complaint against Sky UK Limited.", "sky-uk"),
        ("Complaint against Sky UK Ltd.", "sky-uk"),
        ("COMPLAINT ABOUT SKY UK LIMITED", "sky-uk"),
        ("Complaint about NOW TV.", "sky-uk"),
        ("The complaint concerns Sky Ireland.", "sky-ie"),
        ("Beschwerde gegen die EWE AG, Oldenburg.", "ewe"),
        ("Beschwerde über osnatel.", "ewe-tel"),
        ("Reclamación contra IKEA Ibérica, S.A.U.", "ikea-es"),
        ("Beschwerde gegen IKEA Deutschland GmbH und Co. KG", "ikea-de"),
        ("Complaint about Focus Multimedia Ltd, trading as Fanatical.", "focus-shop"),
        ("Beschwerde über FOCUS Online", "focus-online"),
        ("Beschwerde gegen Stroeer SE & Co. KGaA", "stroeer"),
        ("Beschwerde gegen STROER X GMBH", "stroeer-x"),
        ("Complaint about Trust-\npilot's moderation queue.", "trustpilot"),
        ("Complaint about Marks & Spencer plc", "ms"),
        ("Complaint about Nextdoor.", "nextdoor"),
        ("La plainte vise la société Orange.", "orange"),
        ("Further to our letter about Monzo, please note that Nextdoor is not part of this case.", "monzo"),
        ("Complaint about Signal Messenger LLC.\n\nFollow us: https://www.facebook.com/ico", "signal"),
        ("Complaint about Monzo. The complainant has not received a reply from Monzo.", "monzo"),
    ],
)
def test_a_name_that_only_one_customer_bears_is_assigned(text: str, expected: str) -> None:
    assert customer_of(judged(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Complaint about Sky.",
        "Complaint from Mr B. about Sky Subscribers Services Limited.",
        "Beschwerde gegen EWE.",
        "Beschwerde über ewe.de",
        "IKEA: reclamación de un cliente",
        "Beschwerde über FOCUS",
        "Klagomål mot Ikano Bank AB.",
        "Klagomål mot Ikano Bank.",
        "Globus: Videoüberwachung",
        "Complaint about Vinted UAB.",
        "Complaint about PayPal (Europe) S.à r.l. et Cie, S.C.A.",
        "Complaint about Wolt Enterprises Oy",
    ],
)
def test_a_name_that_fits_several_rows_goes_to_a_person_even_if_one_row_has_it_exactly(text: str) -> None:
    result = judged(text)
    assert isinstance(result, Ambiguous)
    assert len(result.candidates) >= 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Complaint about Sky Subscribers Services Limited (sky.ie).", "sky-ie"),
        ("Complaint about Sky in Ireland.", "sky-ie"),
        ("La plainte concerne Vinted UAB et son site vinted.fr.", "vinted-fr"),
        ("Skarga na Vinted UAB, KRS 0000064287.", "vinted-pl"),
        ("Plainte contre PayPal, https://www.paypal.com/fr/webapps", "paypal-fr"),
        ("Ikano Bank AB i Sverige, inte filialerna i Danmark eller Tyskland.", "ikano-se"),
        ("Klage over Ikano Bank i Danmark.", "ikano-dk"),
        ("Beschwerde gegen Ikano Bank AB (ikanobank.de)", "ikano-de"),
        ("Vinted UAB. Vinted.fr n'est pas concerné par la plainte.", "vinted-pl"),
    ],
)
def test_a_site_number_country_or_exclusion_picks_among_relatives(text: str, expected: str) -> None:
    assert customer_of(judged(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "We write about Sky Italia S.r.l., Milan.",
        "Complaint about Sky Italia. Sky did not answer.",
        "The respondent is Sky Deutschland GmbH.",
        "Verantwortliche: EWE NETZ GmbH",
        "Complaint about Focus School Ltd.",
        "Beschwerde gegen Globus Handelshof St. Wendel GmbH & Co. KG",
        "Complaint about Trustpilot GmbH.",
        "Complaint about Evans plc.",
        "Our complainant lives next door to the man behind nextdoor-watch.uk. Nextdoor hosts it?",
        "Complaint about Vinted, vinted.it.",
        "Complaint about Monzo Ventures Inc.",
        "Complaint about the Nextdoor-watch forum.",
        "Dear Ms Evans",
    ],
)
def test_a_name_inside_a_longer_one_is_somebody_elses(text: str) -> None:
    assert customer_of(judged(text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "It is not the social network Nextdoor.",
        "Nextdoor is not meant.",
        "Die GLOBUS Markthallen sind nicht gemeint.",
        "Le site vinted.fr ne fait l'objet d'aucune plainte.",
        "Klagomålet gäller inte Monzo.",
        "Monzo no es objeto de la reclamación.",
        "Il reclamo non riguarda Monzo.",
        "De klacht is niet gericht tegen Monzo.",
        "Skarga nie dotyczy Monzo.",
        "The complaint is about neither Monzo nor Nextdoor.",
        "Monzo and Nextdoor, though both were written to, are not at issue.",
    ],
)
def test_what_the_letter_excludes_in_words_is_not_the_customer(text: str) -> None:
    assert isinstance(judged(text), Unmatched)


@pytest.mark.parametrize(
    "text",
    [
        "Complaint against Monzo and Trustpilot A/S.",
        "Complaint about Sky UK Limited. She had left Monzo Bank Limited in May.",
        "Complaint against Acme Foods Ltd. She left a review on Trustpilot.",
        "Complaint against Acme Foods. She left a review on Trustpilot.",
        "Complaint about Processor Services Ltd itself. The complainant banks with Monzo.",
        "We cannot tell which of the companies is meant. Her letter says Monzo.",
        "The complainant (jane@monzo.com) complains about her landlord.",
        "Signal did not delete the account. Other signals were sent.",
        "Il a mangé une orange. Orange !",
        "Write to jane@gmx.net.",
    ],
)
def test_two_respondents_strangers_doubt_and_mere_mentions_go_to_a_person(text: str) -> None:
    assert customer_of(judged(text)) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Company no. 02906991", "sky-uk"),
        ("Company number 2906991.", "sky-uk"),
        ("CVR-nr. 35 20 83 63", "trustpilot"),
        ("Org.nr 556194-4841", "ikano-se"),
        ("SIREN 869 475 475", "orange"),
        ("SIRET 869 475 475 00012", "orange"),
        ("Amtsgericht Hamburg, HRB 205018", "ewe"),
        ("Amtsgericht Köln, HRB 205018", None),
        ("Our case number 35208363", None),
        ("Please call 02906991.", None),
    ],
)
def test_a_registration_number_counts_where_the_text_calls_it_one(text: str, expected: str | None) -> None:
    assert customer_of(judged(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "We have received a complaint against EWE TEL GmbH.\n\nYours faithfully\nA. Clerk\nWe bank with Sky UK Limited.",
        "A complaint against EWE TEL GmbH.\n\nMit freundlichen Grüßen\nFOCUS Online",
        "The controller is EWE TEL GmbH. Other providers, such as Sky UK Limited, erase such data at once.",
        "Nous avons une plainte contre EWE TEL GmbH. Contrairement à Sky Ireland Limited, elle ne répond pas.",
        "We have a complaint against EWE TEL GmbH. Nor is Sky UK Limited concerned.",
        "Wir haben eine Beschwerde über EWE TEL GmbH. Die FOCUS Online haben wir nicht abgemahnt.",
    ],
)
def test_bystanders_and_footers_do_not_stand_in_the_way(text: str) -> None:
    assert customer_of(judged(text)) == "ewe-tel"


@pytest.mark.parametrize(
    "text",
    [
        "Contra EWE TEL GmbH y Sky UK Limited se han presentado reclamaciones.",
        "We complain of EWE TEL GmbH, whose payments run via Sky UK Limited. Our complaint is against both of them.",
        "Tide & Swell is accused. A bank called FOCUS Online (focus.de) has nothing to do with that business.",
        "We regard you as the controller for these files; the complainant worked on projects for EWE TEL GmbH.",
        "Verantwortlich sind insoweit Sie selbst; auf eine Tätigkeit für die EWE TEL GmbH kommt es nicht an.",
        "V tej zadevi vas obravnavamo kot upravljavca; delal je za EWE TEL GmbH.",
    ],
)
def test_several_accused_our_own_case_and_a_namesake_go_to_a_person(text: str) -> None:
    assert customer_of(judged(text)) is None


def test_a_colleague_s_words_above_a_forwarded_letter_name_nobody() -> None:
    letter = mail(
        ("body", "Looks like yours? Not Sky UK Limited, I think."),
        ("forwarded", "The controller is EWE TEL GmbH."),
    )
    index = CustomerIndex.build(REGISTER)
    body = Body(id="gb-ico", name="Information Commissioner's Office", domains=("ico.org.uk",))
    outsider = replace(letter, sender=Address(name="", email="sam@msp.example"))
    found = match(outsider, index, precedent=None, house_names=("Northgate",), body=body)
    assert customer_of(found) == "ewe-tel"


def test_a_site_called_otherwise_than_its_owner_identifies_nobody_by_that_name() -> None:
    index = CustomerIndex.build([row("v", "VisualDNA", "", "nielsen.com", "", "GB")])
    found = match(
        mail(("body", "A complaint about Nielsen.")), index, precedent=None, house_names=(), body=None
    )
    assert customer_of(found) is None


def test_a_place_in_a_name_is_no_name() -> None:
    index = CustomerIndex.build([row("j", "Johannisgemeinde am Sandbach / Cremlingen", "", "", "", "DE")])
    text = "A complaint about Kirchengemeinde Weddel in Cremlingen."
    assert customer_of(match(mail(("body", text)), index, precedent=None, house_names=(), body=None)) is None


def test_only_what_the_sender_says_himself_names_the_customer() -> None:
    aside = (
        ("signature", "Sent via Trustpilot A/S"),
        ("quoted", "> Monzo Bank Limited"),
        ("disclaimer", "Orange SA"),
    )
    assert customer_of(judged(mail(("body", "Complaint about Signal Messenger LLC"), *aside))) == "signal"
    assert isinstance(judged(mail(("body", "Thank you."), *aside)), Unmatched)


def test_attachments_forwarded_text_and_carried_mails_are_read() -> None:
    see = ("body", "Please see the attached.")
    letter = "Dear Sir\nTrustpilot A/S\nA customer complains."
    assert customer_of(judged(mail(see, ("attachment:letter.pdf", letter)))) == "trustpilot"
    assert customer_of(judged(mail(see, ("forwarded", letter)))) == "trustpilot"
    assert customer_of(judged(mail(see, wrapped=(mail(("body", letter)),)))) == "trustpilot"


def test_material_of_another_customers_case_in_an_attachment_goes_to_a_person() -> None:
    letter = mail(
        ("body", "Complaint about Monzo."), ("attachment:case.pdf", "Complaint about Trustpilot A/S")
    )
    assert isinstance(judged(letter), Ambiguous)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Your answer was due on 4 November.", "trustpilot"),
        ("A further letter concerning Trustpilot.", "trustpilot"),
        ("The complainant also complains about Monzo Bank Limited.", None),
        ("Trustpilot A/S is not concerned after all.", None),
        ("The complaint is against Acme Foods Ltd.", None),
    ],
)
def test_an_earlier_letter_of_the_case_decides_unless_the_text_disagrees(
    text: str, expected: str | None
) -> None:
    assert customer_of(judged(text, Precedent(customer_id="trustpilot", ref="FW-1001"))) == expected


def test_a_case_whose_customer_nobody_knows_yet_is_decided_by_the_text() -> None:
    open_case = Precedent(customer_id=None, ref="FW-1001")
    assert customer_of(judged("Complaint about Monzo.", open_case)) == "monzo"
    assert isinstance(judged("The case is closed.", open_case), Unmatched)


def test_a_precedent_of_a_customer_who_has_left_the_register_goes_to_a_person() -> None:
    assert isinstance(judged("Please reply.", Precedent(customer_id="gone", ref="FW-1001")), Unmatched)


def test_the_answer_says_in_one_line_why_and_shows_the_evidence() -> None:
    result = judged("Complaint against Trustpilot A/S (trustpilot.com).")
    assert isinstance(result, Matched)
    assert "Trustpilot A/S" in result.why
    assert "\n" not in result.why
    assert {item.where for item in result.candidates[0].evidence} == {"body"}
    assert any(item.what == "domain" for item in result.candidates[0].evidence)


def test_an_excluded_candidate_is_shown_with_negative_weight() -> None:
    result = judged("Complaint about Monzo. Trustpilot A/S is not meant.")
    assert isinstance(result, Matched)
    (excluded,) = (one for one in result.candidates if one.customer.id == "trustpilot")
    assert excluded.score == 0
    assert excluded.evidence[0].weight < 0


def test_every_customers_full_name_leads_to_it_or_to_a_person_and_never_to_another() -> None:
    for customer in REGISTER:
        found = customer_of(judged(f"Complaint against {customer.name}"))
        assert found in {customer.id, None}


def test_a_house_name_inside_the_register_is_never_evidence() -> None:
    register = CustomerIndex.build((*REGISTER, row("us", "Processor Services Ltd")))
    assert customer_of(judged("Please reply to Processor Services Ltd.", index=register)) is None


def test_an_empty_register_matches_nobody() -> None:
    assert isinstance(judged("Complaint about Monzo.", index=CustomerIndex.build(())), Unmatched)


@pytest.mark.parametrize(
    "text",
    [
        "Sky, " * 40_000,
        "a." * 100_000,
        "not " * 50_000,
        "A B Ltd " * 20_000,
        "@" * 200_000,
        "a@" * 100_000,
        "1-" * 100_000,
    ],
)
def test_a_hostile_letter_costs_seconds_at_most(text: str) -> None:
    started = time.monotonic()
    judged(text)
    assert time.monotonic() - started < 20
