"""Encrypted in, encrypted out, on real servers: what the authority sealed for us reaches the manager sealed for them."""

import hashlib
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from complaints.attendance import Attendance
from complaints.lifecycle import Status
from complaints.records import Dossier
from tests.conftest import SteppedClock
from tests.keys import OpenSsl, gpg_at_home, needs_gpg, needs_openssl, pair
from tests.street import CUSTOMERS, INBOX, MANAGER, TRIAGE, Street, ico_letter, original_in, read

ADA, DAN, CASEWORK = "ada@acme-retail.example", "dan@acme-retail.example", "icocasework@ico.org.uk"
ABOUT_ACME = "The controller is Acme Retail Ltd, whose systems you operate."


@pytest.fixture
def clock() -> SteppedClock:
    # The local mailbox stamps real time, so the street's clock starts there and is only stepped on.
    return SteppedClock(datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2))


@pytest.fixture
def keys(street: Street) -> Path:
    """The folder of keys; every customer's contract asks for encryption."""
    header, *rows = CUSTOMERS.strip().splitlines()
    register = "\n".join([f"{header},encryption", *(f"{row},required" for row in rows)])
    Path(street.settings["customers_file"]).write_text(register, encoding="utf-8")
    folder = street.folder / "keys"
    folder.mkdir()
    street.settings["keys_dir"] = folder
    return folder


def sealed_letter(entity: bytes) -> bytes:
    """The letter's headers around what stands encrypted, as mail programs write them."""
    head = ico_letter(ABOUT_ACME).partition(b"\r\n\r\n")[0]
    kept = [
        line for line in head.split(b"\r\n") if not line.lower().startswith((b"content-", b"mime-version"))
    ]
    return b"\r\n".join(kept) + b"\r\n" + entity.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def entity() -> bytes:
    letter = ico_letter(ABOUT_ACME)
    body = letter.partition(b"\r\n\r\n")[2]
    return b'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: 7bit\r\n\r\n' + body


async def passed_on(street: Street, clock: SteppedClock, letter: bytes, **settings: Any) -> Dossier:
    street.deliver(letter)
    async with street.desk(clock, **settings) as app:
        await app.tick()
        [complaint] = await app.records.open_complaints()
        return await app.records.show(complaint.ref)


def check_the_forward(dossier: Dossier, letter: bytes, inner: bytes) -> None:
    """I5: the original within is the stored one, and an opened copy is beside it."""
    assert dossier.complaint.status is Status.FORWARDED
    assert (dossier.complaint.customer_id, dossier.complaint.body_verified) == ("acme", True)
    original = hashlib.sha256(original_in(inner)).hexdigest()
    assert original == dossier.mail.sha256 == hashlib.sha256(letter).hexdigest()
    message = read(inner)
    assert "IC-372500-S1A1" in str(message["Subject"])
    opened = [part for part in message.walk() if str(part.get_filename()).endswith("-opened-1.eml")]
    assert ABOUT_ACME in str(opened[0])


@needs_openssl
async def test_smime_in_and_smime_out(street: Street, clock: SteppedClock, keys: Path) -> None:
    openssl, us, ada = OpenSsl(street.folder), pair(INBOX), pair(ADA)
    (keys / f"{ADA}.pem").write_bytes(ada.certificate)
    own = street.folder / "own.pem"
    own.write_bytes(us.both)
    letter = sealed_letter(openssl.encrypt(openssl.sign(entity(), pair(CASEWORK)), us))
    dossier = await passed_on(street, clock, letter, smime_key_files=(str(own),))
    [raw] = street.smtp.mailbox(ADA)
    outside = raw.partition(b"\r\n\r\n")[0]
    assert b"IC-372500-S1A1" not in outside
    signatures = [e["found"] for e in dossier.complaint.evidence["recognition"] if e["what"] == "signature"]
    said = f"unaltered since it was signed; by Icocasework <{CASEWORK}>, who is the sender"
    assert signatures == [f"{said}; certificate by the signer alone; proves no authority"]
    check_the_forward(dossier, letter, openssl.verify(openssl.decrypt(raw, ada), us))
    [forward] = [one for one in dossier.notices if one.kind == "forward"]
    assert forward.message_id.encode() in outside


@needs_gpg
async def test_openpgp_in_and_openpgp_out(street: Street, clock: SteppedClock, keys: Path) -> None:
    with gpg_at_home() as gpg:
        for person in (INBOX, ADA, CASEWORK):
            gpg.new_key(f"{person.partition('@')[0].title()} <{person}>")
        (keys / f"{ADA}.asc").write_bytes(gpg.public(ADA))
        (keys / f"{CASEWORK}.asc").write_bytes(gpg.public(CASEWORK))
        own = street.folder / "own.gpg"
        own.write_bytes(gpg.secret(INBOX))
        message = gpg.run(
            "-se", "--armor", "-u", CASEWORK, "-r", INBOX, "--compress-algo", "none", given=entity()
        )
        letter = sealed_letter(
            b'MIME-Version: 1.0\r\nContent-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"\r\n'
            b"\r\n--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n"
            b"--b\r\nContent-Type: application/octet-stream\r\n\r\n" + message + b"--b--\r\n"
        )
        dossier = await passed_on(street, clock, letter, pgp_key_files=(str(own),))
        [raw] = street.smtp.mailbox(ADA)
        content = [part for part in read(raw).iter_parts() if isinstance(part, EmailMessage)][1].get_content()
        inner, said = gpg.told("--decrypt", given=content)
    assert "GOODSIG" in said
    check_the_forward(dossier, letter, inner)


@needs_openssl
async def test_what_cannot_be_opened_goes_to_a_person_whole_and_with_the_reason(
    street: Street, clock: SteppedClock
) -> None:
    openssl = OpenSsl(street.folder)
    letter = sealed_letter(openssl.encrypt(entity(), pair("somebody@else.example")))
    own = street.folder / "own.pem"
    own.write_bytes(pair(INBOX).both)
    dossier = await passed_on(street, clock, letter, smime_key_files=(str(own),))
    assert (dossier.complaint.status, dossier.complaint.kind) == (Status.NEEDS_REVIEW, "unreadable")
    assert "it is encrypted to no key of ours" in dossier.complaint.why
    assert dossier.mail.sha256 == hashlib.sha256(letter).hexdigest()
    assert street.notices(TRIAGE) == ["review"]


async def test_without_the_managers_key_people_hear_at_once_and_the_key_lets_it_go(
    street: Street, clock: SteppedClock, keys: Path
) -> None:
    street.deliver(ico_letter(ABOUT_ACME))
    async with street.desk(clock) as app:
        await app.tick()
        [complaint] = await app.records.open_complaints()
        assert (complaint.status, complaint.review_reason) == (Status.NEEDS_REVIEW, "encryption key missing")
        assert street.mailbox(ADA) == []
        for person in (TRIAGE, MANAGER):
            [told] = street.mailbox(person)
            assert told["X-Forthwith-Notice"] == "key_lacking"
            assert "encryption key missing" in str(told["Subject"])
        (keys / f"{ADA}.pem").write_bytes(pair(ADA).certificate)
        await app.tick()
        [complaint] = await app.records.open_complaints()
        assert complaint.status is Status.FORWARDED
    [forward] = street.mailbox(ADA)
    assert forward.get_content_type() == "application/pkcs7-mime"


@needs_openssl
async def test_a_signer_who_is_not_the_sender_is_shown_and_verifies_nobody(
    street: Street, clock: SteppedClock
) -> None:
    openssl = OpenSsl(street.folder)
    signed = openssl.sign(entity(), pair(CASEWORK), "-nodetach")
    letter = sealed_letter(signed).replace(b"<icocasework@ico.org.uk>", b"<case@impostor.example>")
    letter = letter.replace(b"dkim=pass header.d=ico.org.uk; dmarc=pass", b"dkim=none; dmarc=none")
    dossier = await passed_on(street, clock, letter)
    assert not dossier.complaint.body_verified
    assert dossier.complaint.status is not Status.FORWARDED
    [shown] = [e["found"] for e in dossier.complaint.evidence["recognition"] if e["what"] == "signature"]
    assert "who is NOT THE SENDER" in shown
    assert street.mailbox(ADA) == []


async def test_i5_what_comes_back_undoes_a_sealed_forward_by_its_return_path(
    street: Street, clock: SteppedClock, keys: Path
) -> None:
    for person in (ADA, DAN):
        (keys / f"{person}.pem").write_bytes(pair(person).certificate)
    street.smtp.bounce(ADA, street.deliver)
    street.deliver(ico_letter(ABOUT_ACME))
    async with street.desk(clock, bounce_addresses="verp") as app:
        await app.tick()
        street.smtp.close()
        street.smtp.__init__(street.smtp.directory, port=street.smtp.port)  # type: ignore[misc]
        street.smtp.start()
        await app.tick()
        await app.tick()
        dossier = await app.records.show("FW-1001")
    names = [event.name for event in dossier.history]
    assert names[-4:] == ["bounced", "passed_on", "forward_queued", "forwarded"]
    [forward] = street.mailbox(DAN)
    assert forward.get_content_type() == "application/pkcs7-mime"


async def test_the_managers_hear_once_a_day_of_keys_that_end_soon(
    street: Street, clock: SteppedClock, keys: Path
) -> None:
    for person, days in (
        (ADA, 400),
        (DAN, 400),
        ("sue@swift-logistics.example", 10),
        ("bo@borealis.example", 400),
    ):
        certificate = pair(person, ends=clock() + timedelta(days=days)).certificate
        (keys / f"{person}.pem").write_bytes(certificate)
    async with street.desk(clock) as app:
        for _ in range(2):
            await app.watch_keys()
            await app.tick()
        [told] = street.mailbox(MANAGER)
        assert told["X-Forthwith-Notice"] == "arrangements"
        text = " ".join(told.get_body(("plain",)).get_content().split())
        assert "Swift Logistics GmbH: the key of sue@swift-logistics.example expires on" in text
        clock.step(days=1)
        await app.watch_keys()
        await app.tick()
    assert len(street.mailbox(MANAGER)) == 2


async def test_a_stand_in_without_the_key_that_the_contract_asks_for_is_told_before_a_letter_comes(
    street: Street, clock: SteppedClock, keys: Path
) -> None:
    for person in (ADA, DAN, "sue@swift-logistics.example", "bo@borealis.example"):
        (keys / f"{person}.pem").write_bytes(pair(person, ends=clock() + timedelta(days=400)).certificate)
    async with street.desk(clock) as app:
        book = Attendance(app.desk.database, app.desk.policy, clock)
        last = clock().date() + timedelta(days=9)
        await book.away(ADA, first_day=None, last_day=last, stand_in="eve@acme-retail.example", actor="pat")
        await app.watch_keys()
        await app.tick()
    [told] = street.mailbox(MANAGER)
    text = " ".join(told.get_body(("plain",)).get_content().split())
    assert "encryption key missing, for eve@acme-retail.example: nothing is sent there" in text
