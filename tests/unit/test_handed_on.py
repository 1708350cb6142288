"""Letters that somebody else hands on: judged by what they wrap, and sent to nobody whom the carrier chose."""

import pytest

from complaints.inbox.signatures import SignatureCheck
from complaints.matching import CustomerIndex
from complaints.model import Assessment, Customer, Decision, DkimResult, Kind
from tests.judging import MX, PROVING, assessed, checking, raw, stored
from tests.signing import NAME, key, sign

ICO = "ICO Casework <icocasework@ico.org.uk>"


def ico_letter(about: str, sender: str = ICO) -> bytes:
    return (
        f"From: {sender}\r\nTo: dpo@somebody.example\r\nSubject: IC-372500-S1A1\r\n"
        "Date: Mon, 30 Nov 2026 09:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        f"We have received a complaint about {about}. Please reply by 18 December 2026.\r\n"
    ).encode()


ACME = ico_letter("Acme Retail Ltd")
BYSTANDER = ico_letter("Bystander Holdings plc")
NOBODY = ico_letter("the controller")


def wrapped(
    sender: str, inner: bytes, *, note: str = "See attached.", proven: bool = True, name: str = "x.eml"
) -> bytes:
    domain = sender.rpartition("@")[2].rstrip(">")
    head = [
        f"Received: from a by {MX}; Tue, 01 Dec 2026 10:00:00 +0000",
        *([f"Authentication-Results: {MX}; dmarc=pass header.from={domain}"] if proven else []),
        f"From: {sender}",
        "To: privacy@msp.example",
        "Subject: for you",
        "Date: Tue, 01 Dec 2026 09:58:00 +0000",
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="b"',
    ]
    parts = f"--b\r\nContent-Type: text/plain\r\n\r\n{note}\r\n--b\r\nContent-Type: message/rfc822; name={name}\r\n\r\n"
    return ("\r\n".join(head) + f"\r\n\r\n{parts}").encode() + inner + b"\r\n--b--\r\n"


def outcome(found: Assessment) -> tuple[Kind, Decision, bool]:
    return found.recognition.kind, found.decision, found.recognition.verified


# --- customers -----------------------------------------------------------------------------------

OWN, STRANGER = "Dana <dana@acme-retail.example>", "Kim <kim@firm.example>"
PERSON = (Kind.COMPLAINT, Decision.TRIAGE, False)


def test_a_customer_s_own_letter_goes_back_to_it() -> None:
    found = assessed(wrapped(OWN, ACME))
    assert outcome(found) == (Kind.COMPLAINT, Decision.ASSIGN, False)
    assert found.match.candidates[0].customer.id == "ACME"
    assert assessed(wrapped("Dana <d@mail.acme-retail.example>", ACME)).decision is Decision.ASSIGN


def test_a_letter_that_a_customer_hands_on_goes_to_no_other_customer() -> None:
    assert outcome(assessed(wrapped(OWN, BYSTANDER))) == PERSON
    assert outcome(assessed(wrapped(OWN, BYSTANDER, note="It concerns Acme Retail Ltd."))) == PERSON
    assert outcome(assessed(wrapped(OWN, NOBODY))) == PERSON


def test_a_customer_that_is_not_shown_to_be_one_hands_nothing_on() -> None:
    assert outcome(assessed(wrapped(OWN, ACME, proven=False))) == PERSON


def test_a_law_firm_s_letter_waits_for_a_person() -> None:
    assert outcome(assessed(wrapped(STRANGER, ACME))) == PERSON


def test_an_attached_original_is_never_filed_for_the_words_around_it() -> None:
    found = assessed(
        wrapped(STRANGER, ACME, note="Received, thank you. We confirm receipt.").replace(b"for you", b"Re: x")
    )
    assert found.decision is Decision.TRIAGE


@pytest.mark.parametrize(
    ("sender", "customers"),
    [
        ("Dana <dana@gmail.com>", [Customer(id="A", name="Acme Retail Ltd", domains=("gmail.com",))]),
        ("Dana <dana@co.uk>", [Customer(id="A", name="Acme Retail Ltd", domains=("co.uk",))]),
        (
            "Dana <dana@facebook.com>",
            [Customer(id="A", name="Acme Retail Ltd", domains=("facebook.com/acme",))],
        ),
        (
            "Dana <dana@group.example>",
            [
                Customer(id="A", name="Acme Retail Ltd", domains=("group.example",)),
                Customer(id="B", name="Bystander Holdings plc", domains=("group.example",)),
            ],
        ),
        (
            "Dana <dana@uk.group.example>",
            [
                Customer(id="A", name="Acme Retail Ltd", domains=("uk.group.example",)),
                Customer(id="B", name="Bystander Holdings plc", domains=("group.example/de",)),
            ],
        ),
    ],
    ids=["freemail", "suffix", "page", "shared", "shared site"],
)
def test_a_domain_that_others_write_from_too_is_nobody_s(sender: str, customers: list[Customer]) -> None:
    found = PROVING.judge(PROVING.read(wrapped(sender, ACME), stored()), CustomerIndex.build(customers), None)
    assert found.decision is Decision.TRIAGE


# --- certified mail -------------------------------------------------------------------------------

GARANTE = (
    b"From: Garante <protocollo@pec.gpdp.it>\r\nSubject: Fascicolo 321802\r\nDate: Tue, 01 Dec 2026 09:00:00 +0000\r\n\r\n"
    b"Reclamo contro Acme Retail Ltd. Si chiede riscontro entro 20 giorni.\r\n"
)
PROVIDER = '"Per conto di: protocollo@pec.gpdp.it" <posta-certificata@pec.aruba.it>'


def test_a_provider_of_certified_mail_vouches_for_what_it_wraps() -> None:
    found = assessed(wrapped(PROVIDER, GARANTE, note="Messaggio di posta certificata", name="postacert.eml"))
    assert outcome(found) == (Kind.COMPLAINT, Decision.ASSIGN, True)


def test_it_vouches_for_nothing_when_it_is_not_shown_to_be_it() -> None:
    assert outcome(assessed(wrapped(PROVIDER, GARANTE, proven=False))) == PERSON


def test_it_vouches_for_its_customer_and_not_for_whom_that_one_quotes() -> None:
    quoting = (
        b"From: Studio <studio@legalmail.it>\r\nSubject: Fwd: Fascicolo 321802\r\n\r\n---------- Forwarded message ---------\r\n"
        b"From: Garante <protocollo@pec.gpdp.it>\r\nDate: Tue, 01 Dec 2026\r\nSubject: Fascicolo 321802\r\n\r\n"
        b"Reclamo contro Acme Retail Ltd. Si chiede riscontro entro 20 giorni.\r\n"
    )
    studio = '"Per conto di: studio@legalmail.it" <posta-certificata@pec.aruba.it>'
    assert outcome(assessed(wrapped(studio, quoting))) == PERSON
    assert outcome(assessed(wrapped(studio, GARANTE))) == PERSON


# --- originals that prove themselves ---------------------------------------------------------------


CHECKING = checking(SignatureCheck(look_up={NAME: key(2048)[1]}.get))


def test_an_original_that_its_writer_signed_is_proven_whoever_carries_it() -> None:
    letter = wrapped(STRANGER, sign(ACME))
    assert outcome(assessed(letter)) == PERSON
    assert outcome(assessed(letter, CHECKING)) == (Kind.COMPLAINT, Decision.ASSIGN, True)
    unproven_carrier = wrapped(STRANGER, sign(ACME), proven=False)
    assert outcome(assessed(unproven_carrier, CHECKING)) == (Kind.COMPLAINT, Decision.ASSIGN, True)


def test_its_carrier_chooses_no_customer() -> None:
    note = "This concerns Bystander Holdings plc (bystander.example)."
    assert assessed(wrapped(STRANGER, sign(NOBODY), note=note), CHECKING).decision is Decision.TRIAGE
    assert assessed(wrapped(STRANGER, sign(ACME), note=note), CHECKING).decision is Decision.TRIAGE


@pytest.mark.parametrize(
    "inner",
    [
        sign(ACME).replace(b"Acme Retail", b"Bystander H"),
        sign(ACME, domain=b"firm.example"),
        sign(ACME, headers=(b"from", b"to")),
        sign(ico_letter("Acme Retail Ltd", f"{ICO}, x@firm.example")),
    ],
    ids=["changed", "signed by the carrier", "subject unsigned", "two senders"],
)
def test_an_original_that_was_changed_or_signed_by_another_proves_nothing(inner: bytes) -> None:
    checks = checking(SignatureCheck(look_up=lambda _: key(2048)[1]))
    assert outcome(assessed(wrapped(STRANGER, inner), checks)) == PERSON


# --- the check in the reading step -------------------------------------------------------------------


def test_a_listed_sender_is_proven_by_its_signature_where_no_server_says_anything() -> None:
    found = assessed(sign(ACME), CHECKING)
    assert outcome(found) == (Kind.COMPLAINT, Decision.ASSIGN, True)
    assert any("own DKIM check" in e.found for e in found.recognition.evidence)


def test_an_oversized_mail_of_which_only_the_headers_are_here_is_not_checked() -> None:
    def forbidden(raw: bytes) -> tuple[DkimResult, ...]:
        raise AssertionError("it was checked")

    from dataclasses import replace  # noqa: PLC0415

    reading = checking(forbidden).read(sign(ACME), replace(stored(), oversized=True))
    assert (reading.recognition.kind, reading.recognition.verified) == (Kind.UNREADABLE, False)


def test_what_came_by_mail_says_in_whose_hands_the_letter_was() -> None:
    found = assessed(raw(STRANGER, "Hello", "See you then."))
    assert found.recognition.letter is None
