"""Whoever claims to be a listed body without proof is neither forwarded as that body nor filed unseen (I1, I2).

One table over every way to claim, every way to look like something that needs nothing, and every state of proof.
"""

from datetime import UTC, datetime
from itertools import product

import pytest

from complaints.assessor import Assessor
from complaints.matching import CustomerIndex
from complaints.model import Assessment, Customer, Decision, Kind
from complaints.recognition import House
from complaints.store.mails import StoredMail
from config.registers import load_bodies

MX = "mx.msp.example"
INBOX = "privacy@msp.example"
BODIES = load_bodies()
CUSTOMERS = CustomerIndex.build(
    [
        Customer(id="ACME", name="Acme Retail Ltd", domains=("acme-retail.example",)),
        Customer(id="OTHER", name="Bystander Holdings plc", domains=("bystander.example",)),
    ]
)
RECEIVED = datetime(2026, 12, 1, 10, tzinfo=UTC)


def house(*authserv_ids: str) -> House:
    return House(organisation="MSP", own_addresses=frozenset({INBOX}), authserv_ids=frozenset(authserv_ids))


PROVING, BLIND = Assessor(BODIES, house(MX)), Assessor(BODIES, house())


def stored() -> StoredMail:
    return StoredMail(
        id=1,
        sha256="0" * 64,
        size=1,
        oversized=False,
        problem="",
        mailbox="m",
        received_at=RECEIVED,
        server_at=RECEIVED,
        header_at=None,
        stored_at=RECEIVED,
        state="received",
        kind="",
        sender="",
        subject="",
        message_id="",
        why="",
        evidence={},
        attempts=1,
    )


def raw(sender: str, subject: str, body: str, results: str = "", headers: tuple[str, ...] = ()) -> bytes:
    lines = [
        f"Received: from a by {MX}; Tue, 01 Dec 2026 10:00:00 +0000",
        *([f"Authentication-Results: {results}"] if results else []),
        f"From: {sender}",
        f"To: {INBOX}",
        f"Subject: {subject}",
        "Date: Tue, 01 Dec 2026 09:58:00 +0000",
        "Message-ID: <a@b.example>",
        "Content-Type: text/plain; charset=utf-8",
        *headers,
    ]
    return ("\r\n".join(lines) + f"\r\n\r\n{body}\r\n").encode()


def assessed(letter: bytes, assessor: Assessor = PROVING) -> Assessment:
    return assessor.judge(assessor.read(letter, stored()), CUSTOMERS, None)


ACME = "This concerns Acme Retail Ltd (acme-retail.example)."
CLAIMANTS = {
    "address": "Casework <icocasework@ico.org.uk>",
    "sub-domain address": "Casework <x@mail.ico.org.uk>",
    "name": "Information Commissioner's Office <office@random.example>",
    "name in other letters": "\u0406\u0421\u041e Casework <office@random.example>",
    "address as a name": '"icocasework@ico.org.uk" <office@random.example>',
    "look-alike": "ICO <casework@ico-casework.example>",
    "two addresses": "office@random.example, icocasework@ico.org.uk",
    "NGO's address": "noyb <legal@noyb.eu>",
    "NGO's name": "noyb <legal@random.example>",
}
# Looks of mail that needs nothing, and of a letter: subject, text, further headers.
LOOKS = {
    "complaint": (
        "IC-372500-S1A1",
        f"We have received a complaint. {ACME} Please reply by 18 December 2026.\n\nYours faithfully",
        (),
    ),
    "follow-up": ("Reminder IC-372500-S1A1", f"We refer to our letter of 3 November. {ACME}", ()),
    "small body": (
        "Acme Retail Ltd",
        f"We are a not-for-profit acting for a data subject. {ACME} Please explain. Case HDJ/9.",
        (),
    ),
    "newsletter": (
        "Newsletter December",
        "New guidance has been published. Webinar: register now. Unsubscribe here.",
        ("List-Unsubscribe: <mailto:x@y.example>",),
    ),
    "fee": (
        "Your data protection fee is due",
        "Renew your registration and pay the data protection fee.",
        (),
    ),
    "auto-reply": (
        "Automatic reply: IC-372500-S1A1",
        "This is an automated acknowledgement.",
        ("Auto-Submitted: auto-replied",),
    ),
    "absence": ("Out of office", "I am out of the office until Monday.", ("X-Autoreply: yes",)),
    "receipt": (
        "Re: complaint",
        "Received, thank you. We will deal with it.",
        ("In-Reply-To: <n@msp.example>",),
    ),
    "advert": ("20 % off this week", "Special offer on paper. Discount code inside. Free trial.", ()),
    "small talk": ("Hello", "See you then.", ()),
    "secure mail": ("Secure message", "A secure message is waiting for you. Read the message.", ()),
    "nothing": ("", "", ()),
}
UNPROVEN = {
    "no result": "",
    "none": f"{MX}; none",
    "neither": f"{MX}; spf=softfail smtp.mailfrom=ico.org.uk; dkim=none; dmarc=none",
    "failed": f"{MX}; spf=fail; dkim=none; dmarc=fail header.from=ico.org.uk",
    "of another server": "mx.elsewhere.example; dmarc=pass header.from=ico.org.uk",
    "for another domain": f"{MX}; spf=pass smtp.mailfrom=random.example; dmarc=pass header.from=random.example",
}
TABLE = list(product(CLAIMANTS, LOOKS, UNPROVEN))


@pytest.mark.parametrize(("claimant", "look"), list(product(CLAIMANTS, LOOKS)))
def test_a_claim_that_nothing_proves_goes_to_a_person(claimant: str, look: str) -> None:
    subject, text, headers = LOOKS[look]
    for name, results in UNPROVEN.items():
        found = assessed(raw(CLAIMANTS[claimant], subject, text, results, headers))
        assert (found.decision, found.recognition.verified) == (Decision.TRIAGE, False), name


@pytest.mark.parametrize(("claimant", "look"), list(product(CLAIMANTS, LOOKS)))
def test_with_no_host_of_ours_set_nothing_is_proven(claimant: str, look: str) -> None:
    subject, text, headers = LOOKS[look]
    for results in (f"{MX}; dmarc=pass header.from=ico.org.uk", f"{MX}; dmarc=pass header.from=noyb.eu", ""):
        found = assessed(raw(CLAIMANTS[claimant], subject, text, results, headers), BLIND)
        assert (found.decision, found.recognition.verified) == (Decision.TRIAGE, False)


def test_the_same_letter_is_forwarded_once_it_is_proven() -> None:
    subject, text, headers = LOOKS["complaint"]
    proof = f"{MX}; dmarc=pass header.from=ico.org.uk"
    found = assessed(raw(CLAIMANTS["address"], subject, text, proof, headers))
    assert (found.decision, found.recognition.verified) == (Decision.ASSIGN, True)


@pytest.mark.parametrize("look", ["newsletter", "auto-reply"])
def test_what_needs_nothing_is_filed_once_its_sender_is_proven(look: str) -> None:
    subject, text, headers = LOOKS[look]
    proof = f"{MX}; dmarc=pass header.from=ico.org.uk"
    assert assessed(raw(CLAIMANTS["address"], subject, text, proof, headers)).decision is Decision.IGNORE


@pytest.mark.parametrize(
    "text",
    [
        f"Information Commissioner's Office\nWycliffe House\n\nWe are a not-for-profit acting for a data subject. {ACME} Case 9.",
        f"We are noyb, a not-for-profit acting for a data subject. {ACME} Please explain. Case HDJ/9.",
        f"A not-for-profit acting for a data subject asks. {ACME} Case HDJ/9.\n\nRegards\nAnna\nEuropean Center for Digital Rights",
    ],
)
def test_a_small_body_that_signs_as_a_listed_one_is_not_believed_for_its_own_domain_s_sake(text: str) -> None:
    own = f"{MX}; spf=pass smtp.mailfrom=hedgerow.example; dmarc=none"
    honest = f"We are a not-for-profit acting for a data subject. {ACME} Please explain. Case HDJ/9."
    sender = "Hedgerow <mail@hedgerow.example>"
    assert assessed(raw(sender, "Missguided", text, own)).decision is Decision.TRIAGE
    assert assessed(raw(sender, "Missguided", honest, own)).decision is Decision.ASSIGN


def test_a_newsletter_of_nobody_s_is_still_filed() -> None:
    subject, text, headers = LOOKS["newsletter"]
    found = assessed(raw("Events <news@events.example>", subject, text, "", headers))
    assert found.decision is Decision.IGNORE


def test_a_listed_address_that_wants_money_or_answers_elsewhere_is_suspicious_until_proven() -> None:
    money = "We have received a complaint. Send your bank details and IBAN within 48 hours."
    lure = f"We have received a complaint. {ACME} Sign in to read it."
    elsewhere = ("Reply-To: ICO <ico@reply-desk.example>",)
    sender, proof = CLAIMANTS["address"], f"{MX}; dmarc=pass header.from=ico.org.uk"
    assert assessed(raw(sender, "IC-372500-S1A1", money)).recognition.kind is Kind.SUSPICIOUS
    assert assessed(raw(sender, "IC-372500-S1A1", lure)).recognition.kind is Kind.COMPLAINT
    found = assessed(raw(sender, "IC-372500-S1A1", lure, "", elsewhere))
    assert found.recognition.kind is Kind.SUSPICIOUS
    assert "reply-desk.example" in {e.found for e in found.recognition.evidence}
    proven = assessed(raw(sender, "IC-372500-S1A1", lure, proof, elsewhere))
    assert proven.recognition.kind is Kind.COMPLAINT
    assert "reply-desk.example" in {e.found for e in proven.recognition.evidence}


def test_hidden_letters_in_a_name_another_sender_and_forged_results_are_told() -> None:
    letter = raw(
        "I\u202eCO Casework <icocasework@ico.org.uk>",
        "IC-372500-S1A1",
        ACME,
        "",
        ("Sender: bulk@mailer.example", f"Authentication-Results: {MX}; dmarc=pass header.from=ico.org.uk"),
    )
    told = {e.what for e in assessed(letter).recognition.evidence}
    assert {"hidden characters", "sent by another domain", "forged Authentication-Results"} <= told
