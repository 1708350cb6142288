"""Forwards that are encrypted, opened and checked by openssl and gpg as a manager's mail program would."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from complaints.confidential import KeyFault
from complaints.inbox.sealed.ours import OurKeys
from complaints.outbox import NoticeKind
from notifiers.compose import compose
from notifiers.sealing.keyring import Keyring
from notifiers.sealing.sealer import NotSealed, Sealer
from tests.conftest import SteppedClock
from tests.keys import Gpg, OpenSsl, Pair, gpg_at_home, needs_gpg, needs_openssl, pair
from tests.unit.test_compose import FACTS, LETTER, VOICE
from tests.unit.test_compose import notice as a_notice

ADA, US = "ada@acme.example", "complaints@msp.example"
FORWARD = replace(
    a_notice(NoticeKind.FORWARD),
    recipient=ADA,
    facts=FACTS | {"encryption": "required", "subject": "About Jane Roe"},
)
CLEAR = compose(FORWARD, VOICE, LETTER)


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    folder = tmp_path / "keys"
    folder.mkdir()
    return folder


@pytest.fixture
def openssl(tmp_path: Path) -> OpenSsl:
    return OpenSsl(tmp_path)


@pytest.fixture(scope="module")
def gpg() -> Iterator[Gpg]:
    with gpg_at_home() as program:
        program.new_key(f"Ada <{ADA}>")
        program.new_key(f"Us <{US}>")
        yield program


def sealer(keys: Path, clock: SteppedClock, **ours: tuple[bytes, ...]) -> Sealer:
    return Sealer(Keyring(keys), OurKeys(**ours), clock)


def shown(message: bytes) -> str:
    return message.partition(b"\r\n\r\n")[0].decode("ascii")


def holds_the_forward(payload: bytes) -> None:
    """Everything that was composed is there, the original byte for byte."""
    inner = email.message_from_bytes(payload, policy=email.policy.default)
    assert "C-26-3-417" in str(inner["Subject"])
    assert inner.get_content_type() == "multipart/mixed"
    assert inner["Content-Type"].params["hp"] == "cipher"
    assert inner["Message-ID"] == FORWARD.message_id
    assert LETTER in payload
    assert CLEAR.partition(b"\r\n\r\n")[2] in payload


# --- what is sent --------------------------------------------------------------------------------


@needs_openssl
@pytest.mark.parametrize("curve", [False, True], ids=["signed by RSA", "signed by EC"])
def test_openssl_decrypts_and_verifies_what_we_send(
    keys: Path, clock: SteppedClock, openssl: OpenSsl, *, curve: bool
) -> None:
    (keys / f"{ADA}.pem").write_bytes(pair(ADA).certificate)
    us = pair(US, curve=curve)
    sealed = sealer(keys, clock, smime=(us.both,)).seal(FORWARD, CLEAR)
    signed = openssl.decrypt(sealed.message, pair(ADA))
    holds_the_forward(openssl.verify(signed, us))
    assert sealed.how.startswith("S/MIME, certificate SHA-256 ")
    assert sealed.how.endswith(", signed")


@needs_openssl
def test_without_a_key_of_ours_it_is_encrypted_and_not_signed(
    keys: Path, clock: SteppedClock, openssl: OpenSsl
) -> None:
    (keys / f"{ADA}.crt").write_bytes(pair(ADA).certificate)
    sealed = sealer(keys, clock).seal(FORWARD, CLEAR)
    holds_the_forward(openssl.decrypt(sealed.message, pair(ADA)))
    assert sealed.how.endswith(", not signed")


@needs_gpg
def test_gpg_decrypts_and_verifies_what_we_send(keys: Path, clock: SteppedClock, gpg: Gpg) -> None:
    (keys / f"{ADA}.asc").write_bytes(gpg.public(ADA))
    sealed = sealer(keys, clock, pgp=(gpg.secret(US),)).seal(FORWARD, CLEAR)
    message = email.message_from_bytes(sealed.message, policy=email.policy.default)
    assert message.get_content_type() == "multipart/encrypted"
    version, content = message.iter_parts()
    assert version.get_content_type() == "application/pgp-encrypted"
    payload, said = gpg.told("--decrypt", given=content.get_content())
    holds_the_forward(payload)
    assert "GOODSIG" in said
    assert US in said


def test_the_outside_tells_the_reference_alone_and_stays_bound_to_its_message_id(
    keys: Path, clock: SteppedClock
) -> None:
    (keys / f"{ADA}.pem").write_bytes(pair(ADA).certificate)
    outside = shown(sealer(keys, clock).seal(FORWARD, CLEAR).message)
    assert f"Subject: [{FORWARD.ref}] encrypted message" in outside
    assert f"Message-ID: {FORWARD.message_id}" in outside
    assert "X-Forthwith-Ref" in outside
    for told in ("Jane", "Roe", "C-26-3-417", "Hibernia", "Data Protection"):
        assert told not in outside


def test_i6_a_retry_seals_the_same_content_anew_under_the_same_message_id(
    keys: Path, clock: SteppedClock
) -> None:
    (keys / f"{ADA}.pem").write_bytes(pair(ADA).certificate)
    first, second = (
        sealer(keys, clock).seal(FORWARD, compose(FORWARD, VOICE, LETTER)).message for _ in range(2)
    )
    assert first != second
    assert shown(first) == shown(second)


# --- what is not ---------------------------------------------------------------------------------


def test_nothing_is_sealed_that_nobody_asked_for(keys: Path, clock: SteppedClock) -> None:
    (keys / f"{ADA}.pem").write_bytes(pair(ADA).certificate)
    sealed = sealer(keys, clock).seal(replace(FORWARD, facts=FACTS), CLEAR)
    assert (sealed.message, sealed.how) == (CLEAR, "")


@pytest.mark.parametrize(
    ("held", "fault"),
    [
        (None, KeyFault.MISSING),
        (b"no certificate", KeyFault.UNREADABLE),
        ("expired", KeyFault.EXPIRED),
        ("to come", KeyFault.NOT_YET),
        (pair("eve@acme.example"), KeyFault.ANOTHERS),
        (pair(ADA, curve=True), KeyFault.UNFIT),
        (pair(ADA, enciphers=False), KeyFault.UNFIT),
    ],
    ids=[
        "missing",
        "unreadable",
        "expired",
        "to come",
        "of another address",
        "elliptic curve",
        "for signing only",
    ],
)
def test_under_required_a_key_that_cannot_be_used_stops_the_forward(
    keys: Path, clock: SteppedClock, held: Pair | bytes | str | None, fault: KeyFault
) -> None:
    if held == "expired":
        held = pair(ADA, ends=clock() - timedelta(seconds=1))
    if held == "to come":
        held = pair(ADA, begins=clock() + timedelta(seconds=1))
    if held is not None:
        (keys / f"{ADA}.pem").write_bytes(held.certificate if isinstance(held, Pair) else held)
    assert Keyring(keys).fault(ADA, clock()) is fault
    with pytest.raises(NotSealed) as stop:
        sealer(keys, clock).seal(FORWARD, CLEAR)
    assert stop.value.fault is fault
    relaxed = replace(FORWARD, facts=FORWARD.facts | {"encryption": "opportunistic"})
    sealed = sealer(keys, clock).seal(relaxed, CLEAR)
    assert (sealed.message, sealed.how) == (CLEAR, f"not encrypted: {fault.value}")


def test_an_alarm_to_the_customer_is_sealed_where_that_can_be_and_rings_anyway(
    keys: Path, clock: SteppedClock
) -> None:
    alarm = replace(a_notice(NoticeKind.WARNING), recipient=ADA, facts=FORWARD.facts | {"to_customer": "yes"})
    composed = compose(alarm, VOICE, None)
    assert sealer(keys, clock).seal(alarm, composed).message == composed
    (keys / f"{ADA}.pem").write_bytes(pair(ADA).certificate)
    assert b"pkcs7-mime" in sealer(keys, clock).seal(alarm, composed).message


# --- the keyring ---------------------------------------------------------------------------------


def test_a_key_that_is_put_in_its_place_counts_at_once(keys: Path, clock: SteppedClock) -> None:
    ring = Keyring(keys)
    (keys / f"{ADA}.pem").write_bytes(pair(ADA, ends=clock() - timedelta(days=1)).certificate)
    assert ring.fault(ADA, clock()) is KeyFault.EXPIRED
    (keys / f"{ADA}.pem").write_bytes(pair(ADA, ends=clock() + timedelta(days=365)).certificate)
    assert ring.fault(ADA, clock()) is None
    assert ring.fault("Ada@Acme.example", clock()) is None


def test_no_address_leads_out_of_the_folder(keys: Path, clock: SteppedClock) -> None:
    (keys.parent / "x@acme.example.pem").write_bytes(pair("../x@acme.example").certificate)
    assert Keyring(keys).fault("../x@acme.example", clock()) is KeyFault.MISSING


@needs_gpg
def test_pgp_keys_are_looked_at_as_closely(keys: Path, clock: SteppedClock, gpg: Gpg) -> None:
    ring = Keyring(keys)
    gpg.new_key("Dan <dan@acme.example>", until="2d")
    (keys / "dan@acme.example.asc").write_bytes(gpg.public("dan@acme.example"))
    (keys / f"{ADA}.gpg").write_bytes(gpg.public("dan@acme.example"))
    until = ring.until("dan@acme.example", clock())
    assert until is not None
    assert ring.fault("dan@acme.example", until - timedelta(seconds=1)) is None
    assert ring.fault("dan@acme.example", until) is KeyFault.EXPIRED
    assert ring.fault(ADA, clock()) is KeyFault.ANOTHERS
    (keys / f"{ADA}.gpg").write_bytes(b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nxx\n")
    assert ring.fault(ADA, clock()) is KeyFault.UNREADABLE


@needs_gpg
def test_of_two_keys_the_one_that_can_be_used_counts(keys: Path, clock: SteppedClock, gpg: Gpg) -> None:
    (keys / f"{ADA}.pem").write_bytes(pair(ADA, ends=clock() - timedelta(days=1)).certificate)
    (keys / f"{ADA}.asc").write_bytes(gpg.public(ADA))
    assert sealer(keys, clock).seal(FORWARD, CLEAR).how.startswith("OpenPGP")
