"""Mail that comes encrypted or signed, made by openssl and gpg as others make it."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from complaints.inbox.mime import opened_pieces, read_mail
from complaints.inbox.sealed.opener import KeyOpener
from complaints.inbox.sealed.ours import OurKeys
from complaints.model import InboundMail, SealVerdict
from tests.keys import Gpg, OpenSsl, gpg_at_home, needs_gpg, needs_openssl, pair

US, CASEWORK, STRANGER = "privacy@msp.example", "casework@dpa.example", "mallory@elsewhere.example"
ENTITY = (
    b"Content-Type: text/plain; charset=utf-8\r\n\r\nWe received a complaint about Acme.\r\nReference X-1\r\n"
)
HEADERS = (
    b"From: Casework <casework@dpa.example>\r\nTo: privacy@msp.example\r\nSubject: Letter\r\n"
    b"Date: Mon, 23 Nov 2026 09:00:00 +0000\r\nMessage-ID: <1@dpa.example>\r\n"
)


@pytest.fixture
def openssl(tmp_path: Path) -> OpenSsl:
    return OpenSsl(tmp_path)


@pytest.fixture(scope="module")
def gpg() -> Iterator[Gpg]:
    with gpg_at_home() as program:
        program.new_key(f"Us <{US}>")
        program.new_key(f"Casework <{CASEWORK}>")
        yield program


@pytest.fixture
def smime() -> KeyOpener:
    return KeyOpener(ours=OurKeys(smime=(pair("old@msp.example").both, pair(US).both)))


@pytest.fixture
def pgp(gpg: Gpg, tmp_path: Path) -> KeyOpener:
    keys = tmp_path / "keys"
    keys.mkdir()
    (keys / f"{CASEWORK}.asc").write_bytes(gpg.public(CASEWORK))
    return KeyOpener(ours=OurKeys(pgp=(gpg.secret(US),)), folder=keys)


def read(mail: bytes, opener: KeyOpener) -> InboundMail:
    return read_mail(HEADERS + mail, opener=opener)


def text(mail: InboundMail) -> str:
    return "\n".join(passage.text for passage in mail.passages)


def mime(subtype: str, parameters: str, *parts: bytes) -> bytes:
    joined = b"".join(b"--b0\r\n" + part + b"\r\n" for part in parts)
    head = f'MIME-Version: 1.0\r\nContent-Type: multipart/{subtype}; boundary="b0"; {parameters}\r\n\r\n'
    return head.encode() + joined + b"--b0--\r\n"


def pgp_mime(message: bytes) -> bytes:
    return mime(
        "encrypted",
        'protocol="application/pgp-encrypted"',
        b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n",
        b'Content-Type: application/octet-stream; name="encrypted.asc"\r\n\r\n' + message,
    )


# --- S/MIME --------------------------------------------------------------------------------------


OAEP = ("-keyopt", "rsa_padding_mode:oaep")


@needs_openssl
@pytest.mark.parametrize("cipher", ["-aes-256-cbc", "-aes-128-cbc", "-des3", "-aes-256-gcm", "-aes-128-gcm"])
@pytest.mark.parametrize(
    ("curve", "options"),
    [
        (False, ()),
        (False, ("-keyid",)),
        (False, OAEP),
        (False, (*OAEP, "-keyopt", "rsa_oaep_md:sha256", "-keyopt", "rsa_mgf1_md:sha256")),
        (True, ()),
        (True, ("-keyopt", "ecdh_kdf_md:sha256")),
    ],
    ids=["RSA", "by its key", "OAEP", "OAEP with SHA-256", "EC", "EC with SHA-256"],
)
def test_what_openssl_encrypts_to_us_is_read(
    openssl: OpenSsl, cipher: str, options: tuple[str, ...], *, curve: bool
) -> None:
    if curve and cipher == "-des3":
        pytest.skip("openssl wraps the key by DES then, which nobody opens any more")
    us = pair(US, curve=curve)
    mail = read(openssl.encrypt(ENTITY, us, cipher, *options), KeyOpener(ours=OurKeys(smime=(us.both,))))
    assert "complaint about Acme" in text(mail)
    assert not mail.encrypted
    assert mail.opened == ("smime.p7m (S/MIME)",)
    assert mail.sealed_by == ()


@needs_openssl
def test_a_mail_to_somebody_elses_certificate_is_kept_and_says_why_it_is_shut(
    openssl: OpenSsl, smime: KeyOpener
) -> None:
    mail = read(openssl.encrypt(ENTITY, pair(STRANGER)), smime)
    assert mail.encrypted
    assert mail.subject == "Letter"
    assert "smime.p7m could not be opened: it is encrypted to no key of ours" in mail.problems


@needs_openssl
@pytest.mark.parametrize("kind", ["cut", "altered"])
def test_whatever_cannot_be_opened_is_a_label_on_the_mail(
    openssl: OpenSsl, smime: KeyOpener, kind: str
) -> None:
    sealed = openssl.encrypt(ENTITY, pair(US), "-aes-256-gcm")
    head, _, body = sealed.partition(b"\n\n")
    der = bytearray(base64.b64decode(body))
    if kind == "altered":
        der[-10] ^= 1
    mail = read(
        head + b"\n\n" + base64.encodebytes(der if kind == "altered" else der[: len(der) // 2]), smime
    )
    assert mail.encrypted
    assert [problem for problem in mail.problems if "smime.p7m could not be opened" in problem]
    assert mail.sender.email == CASEWORK


def test_without_keys_of_ours_an_encrypted_mail_stays_what_it_was() -> None:
    sealed = b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\nxx"
    mail = read(sealed, KeyOpener(ours=OurKeys()))
    assert mail.encrypted
    assert [one for one in mail.problems if "no key of ours is set for S/MIME" in one]


@needs_openssl
@pytest.mark.parametrize("opaque", [False, True], ids=["detached", "opaque"])
@pytest.mark.parametrize("signer", [CASEWORK, STRANGER])
@pytest.mark.parametrize("curve", [False, True], ids=["RSA", "EC"])
def test_a_signed_mail_shows_its_content_and_who_signed(
    openssl: OpenSsl, smime: KeyOpener, *, opaque: bool, signer: str, curve: bool
) -> None:
    mail = read(openssl.sign(ENTITY, pair(signer, curve=curve), *(["-nodetach"] if opaque else [])), smime)
    assert "complaint about Acme" in text(mail)
    [by] = mail.sealed_by
    assert (by.standard, by.verdict, by.emails, by.issuer) == ("S/MIME", SealVerdict.INTACT, (signer,), "")


@needs_openssl
def test_a_signed_text_that_was_altered_is_shown_as_such(openssl: OpenSsl, smime: KeyOpener) -> None:
    signed = openssl.sign(ENTITY, pair(CASEWORK)).replace(b"about Acme", b"about Acne")
    mail = read(signed, smime)
    assert "about Acne" in text(mail)
    assert [by.verdict for by in mail.sealed_by] == [SealVerdict.ALTERED]


@needs_openssl
def test_a_signature_without_its_certificate_is_not_checked(openssl: OpenSsl, smime: KeyOpener) -> None:
    mail = read(openssl.sign(ENTITY, pair(CASEWORK), "-nocerts"), smime)
    [by] = mail.sealed_by
    assert (by.verdict, by.why) == (SealVerdict.UNKNOWN, "the signer's certificate did not come along")


@needs_openssl
@pytest.mark.parametrize("ends", [b"\r\n", b"\n"], ids=["CRLF", "LF"])
def test_a_signature_holds_however_the_mailbox_ends_its_lines(
    openssl: OpenSsl, smime: KeyOpener, ends: bytes
) -> None:
    signed = re.sub(rb"\r?\n", ends, HEADERS + openssl.sign(ENTITY, pair(CASEWORK)))
    assert [by.verdict for by in read_mail(signed, opener=smime).sealed_by] == [SealVerdict.INTACT]


@needs_openssl
def test_what_was_signed_and_then_encrypted_is_opened_and_checked(openssl: OpenSsl, smime: KeyOpener) -> None:
    for options in ((), ("-nodetach",)):
        signed = openssl.sign(ENTITY, pair(CASEWORK), *options)
        mail = read(openssl.encrypt(signed, pair(US)), smime)
        assert "complaint about Acme" in text(mail)
        assert [(by.verdict, by.emails) for by in mail.sealed_by] == [(SealVerdict.INTACT, (CASEWORK,))]


@needs_openssl
def test_layer_upon_layer_ends_somewhere(openssl: OpenSsl, smime: KeyOpener) -> None:
    sealed = ENTITY
    for _ in range(8):
        sealed = openssl.encrypt(sealed, pair(US))
    mail = read(sealed, smime)
    assert mail.encrypted
    assert [one for one in mail.problems if "it stands too deep in the mail" in one]


@needs_openssl
def test_the_hidden_subject_is_the_letters(openssl: OpenSsl, smime: KeyOpener) -> None:
    inner = b'Subject: Complaint X-1\r\nFrom: forged@dpa.example\r\nContent-Type: text/plain; hp="cipher"\r\n\r\nHello\r\n'
    mail = read(openssl.encrypt(inner, pair(US)), smime)
    assert mail.subject == "Complaint X-1"
    assert mail.sender.email == CASEWORK  # what stands within never says who sent it


@needs_openssl
def test_a_key_of_ours_with_a_password_opens_too(openssl: OpenSsl) -> None:
    ours = OurKeys(smime=(pair(US, password=b"secret").both,), smime_password="secret")
    assert "about Acme" in text(read(openssl.encrypt(ENTITY, pair(US)), KeyOpener(ours=ours)))


# --- OpenPGP -------------------------------------------------------------------------------------


@needs_gpg
@pytest.mark.parametrize("to", ["-r", "-R"], ids=["named", "hidden"])
def test_what_gpg_encrypts_to_us_is_read(gpg: Gpg, pgp: KeyOpener, to: str) -> None:
    mail = read(pgp_mime(gpg.run("-e", "--armor", to, US, given=ENTITY)), pgp)
    assert "complaint about Acme" in text(mail)
    assert not mail.encrypted
    assert mail.opened == ("encrypted.asc (OpenPGP)",)


@needs_gpg
def test_what_gpg_signs_and_encrypts_shows_who_signed(gpg: Gpg, pgp: KeyOpener) -> None:
    words = ("-se", "--armor", "-u", CASEWORK, "-r", US, "--compress-algo", "none")
    mail = read(pgp_mime(gpg.run(*words, given=ENTITY)), pgp)
    [by] = mail.sealed_by
    assert (by.verdict, by.emails, by.name) == (SealVerdict.INTACT, (CASEWORK,), "Casework")


@needs_gpg
def test_a_signature_within_compressed_data_is_said_to_be_unchecked(gpg: Gpg, pgp: KeyOpener) -> None:
    mail = read(pgp_mime(gpg.run("-se", "--armor", "-u", CASEWORK, "-r", US, given=ENTITY * 50)), pgp)
    assert "complaint about Acme" in text(mail)
    [by] = mail.sealed_by
    assert (by.verdict, by.emails) == (SealVerdict.UNKNOWN, (CASEWORK,))
    assert "compressed" in by.why


@needs_gpg
def test_a_signature_apart_within_what_is_encrypted_is_checked(gpg: Gpg, pgp: KeyOpener) -> None:
    signature = gpg.run("--detach-sign", "--armor", "-u", CASEWORK, given=ENTITY)
    signed = mime(
        "signed",
        'protocol="application/pgp-signature"; micalg=pgp-sha512',
        ENTITY,
        b"Content-Type: application/pgp-signature\r\n\r\n" + signature,
    )
    for mail in (read(signed, pgp), read(pgp_mime(gpg.run("-e", "--armor", "-r", US, given=signed)), pgp)):
        assert "complaint about Acme" in text(mail)
        assert [(by.verdict, by.emails) for by in mail.sealed_by] == [(SealVerdict.INTACT, (CASEWORK,))]
    [altered] = read(signed.replace(b"about Acme", b"about Acne"), pgp).sealed_by
    assert (altered.verdict, altered.emails) == (SealVerdict.UNKNOWN, (CASEWORK,))
    stranger = KeyOpener(ours=pgp.ours)
    [unheld] = read(signed, stranger).sealed_by
    assert (unheld.verdict, unheld.emails) == (SealVerdict.UNKNOWN, ())


@needs_gpg
def test_pgp_in_the_text_is_opened_where_it_stands(gpg: Gpg, pgp: KeyOpener) -> None:
    message = gpg.run("-e", "--armor", "-r", US, given="Über Acme\n".encode())
    mail = read(b"Content-Type: text/plain\r\n\r\nSee below.\r\n" + message + b"\r\nRegards\r\n", pgp)
    assert re.search(r"See below\.\s+Über Acme\s+Regards", text(mail))
    assert mail.opened == ("text.txt",)


@needs_gpg
def test_a_clear_signed_text_shows_who_signed(gpg: Gpg, pgp: KeyOpener) -> None:
    signed = gpg.run("--clearsign", "-u", CASEWORK, given=b"About Acme\n- with a dash\n")
    mail = read(b"Content-Type: text/plain\r\n\r\n" + signed, pgp)
    assert "About Acme" in text(mail)
    assert "BEGIN PGP" not in text(mail)
    assert [(by.verdict, by.emails) for by in mail.sealed_by] == [(SealVerdict.INTACT, (CASEWORK,))]


@needs_gpg
def test_a_file_that_is_encrypted_and_a_mail_that_a_server_took_apart_are_read(
    gpg: Gpg, pgp: KeyOpener
) -> None:
    file = gpg.run("-e", "--armor", "-r", US, given=b"The letter about Acme\n")
    attached = b'Content-Type: application/octet-stream; name="letter.txt.pgp"\r\nContent-Disposition: attachment\r\n\r\n'
    mail = read(mime("mixed", "x=y", b"Content-Type: text/plain\r\n\r\nSee it.", attached + file), pgp)
    assert "attachment:letter.txt" in [passage.where for passage in mail.passages]
    whole = gpg.run("-e", "--armor", "-r", US, given=ENTITY)
    apart = pgp_mime(whole).replace(b"multipart/encrypted", b"multipart/mixed")
    assert "complaint about Acme" in text(read(apart, pgp))


@needs_gpg
def test_pgp_for_somebody_else_stays_shut_and_says_why(gpg: Gpg, pgp: KeyOpener) -> None:
    for sealed in (
        pgp_mime(message := gpg.run("-e", "--armor", "-r", CASEWORK, given=ENTITY)),
        b"Content-Type: text/plain\r\n\r\n" + message,
    ):
        mail = read(sealed, pgp)
        assert mail.encrypted
        assert [
            one for one in mail.problems if "could not be opened: it is encrypted to no key of ours" in one
        ]


@needs_gpg
def test_a_message_that_unfolds_beyond_all_measure_is_refused(gpg: Gpg, pgp: KeyOpener) -> None:
    bomb = gpg.run("-e", "--armor", "-r", US, "--compress-algo", "zip", "-z", "9", given=bytes(400 << 20))
    assert len(bomb) < 2 << 20
    mail = read(pgp_mime(bomb), pgp)
    assert mail.encrypted
    assert [one for one in mail.problems if "more than a letter may" in one or "more memory" in one]


@needs_gpg
def test_a_pgp_key_with_a_password_opens_too(gpg: Gpg) -> None:
    gpg.new_key("Locked <locked@msp.example>", password="secret")
    ours = OurKeys(pgp=(gpg.secret("locked@msp.example", password="secret"),), pgp_password="secret")
    mail = read(
        pgp_mime(gpg.run("-e", "--armor", "-r", "locked@msp.example", given=ENTITY)), KeyOpener(ours=ours)
    )
    assert "complaint about Acme" in text(mail)


# --- what is handed on ---------------------------------------------------------------------------


@needs_openssl
def test_what_was_opened_can_be_handed_on_as_a_message(openssl: OpenSsl, smime: KeyOpener) -> None:
    sealed = HEADERS + openssl.encrypt(ENTITY, pair(US))
    [piece] = opened_pieces(sealed, smime)
    assert opened_pieces(sealed, smime) == (piece,)
    again = read_mail(piece.data)
    assert (again.subject, again.sender.email) == ("Letter", CASEWORK)
    assert "complaint about Acme" in text(again)


@needs_openssl
def test_what_stands_encrypted_in_a_mail_that_is_handed_on_is_opened_under_its_own_headers(
    openssl: OpenSsl, smime: KeyOpener
) -> None:
    sealed = HEADERS + openssl.encrypt(ENTITY, pair(US))
    carrier = b"From: Reception <desk@msp.example>\r\nSubject: Fwd: Letter\r\n"
    wrapping = carrier + mime("mixed", "x=y", b"Content-Type: message/rfc822\r\n\r\n" + sealed)
    mail = read_mail(wrapping, opener=smime)
    assert "complaint about Acme" in text(mail.wrapped[0])
    assert mail.opened == ("smime.p7m (S/MIME)",)
    [piece] = opened_pieces(wrapping, smime)
    assert read_mail(piece.data).sender.email == CASEWORK
    shut = read_mail(wrapping, opener=KeyOpener(ours=OurKeys()))
    assert "unnamed.rfc822 is encrypted and could not be opened" in shut.problems
    assert shut.unread == ("unnamed.rfc822",)


def test_keys_are_shown_nowhere() -> None:
    opener = KeyOpener(
        ours=OurKeys(smime=(pair(US).both,), smime_password="hunter2", pgp=(b"x",), pgp_password="y")
    )
    assert "PRIVATE" not in repr(opener)
    assert "hunter2" not in repr(opener)


# --- hostile -------------------------------------------------------------------------------------


@needs_openssl
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_i10_whatever_is_done_to_a_sealed_mail_it_stays_a_mail(
    openssl: OpenSsl, smime: KeyOpener, data: st.DataObject
) -> None:
    der = bytearray(data.draw(st.sampled_from(_made(openssl))))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(der) - 1))
        if data.draw(st.booleans()):
            der[at] = data.draw(st.integers(0, 255))
        else:
            der[at : at + data.draw(st.integers(1, 400))] = b"0"
    head = b"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    mail = read(head + base64.encodebytes(der), smime)
    assert (mail.subject, mail.sender.email) == ("Letter", CASEWORK)
    shown = "complaint about Acme" in text(mail)
    # What can still be read is read; a signature counts for the very bytes that are shown.
    if any(by.verdict is SealVerdict.INTACT for by in mail.sealed_by):
        assert shown


_MADE: list[bytes] = []


def _made(openssl: OpenSsl) -> list[bytes]:
    if not _MADE:
        signed = openssl.sign(ENTITY, pair(CASEWORK), "-nodetach")
        sealed = (
            signed,
            openssl.encrypt(signed, pair(US)),
            openssl.encrypt(ENTITY, pair(US), "-aes-256-gcm"),
        )
        _MADE.extend(base64.b64decode(one.partition(b"\n\n")[2]) for one in sealed)
    return _MADE


def element(tag: int, content: bytes) -> bytes:
    size = len(content).to_bytes(4, "big")
    return bytes([tag, 0x84]) + size + content


def test_i10_a_signature_of_a_million_certificates_is_not_taken_apart(smime: KeyOpener) -> None:
    signed, plain = bytes.fromhex("06092a864886f70d010702"), bytes.fromhex("06092a864886f70d010701")
    content = element(0x30, plain + element(0xA0, element(4, ENTITY)))
    whole = (
        b"\x02\x01\x01"
        + element(0x31, b"")
        + content
        + element(0xA0, b"\x30\x03\x02\x01\x01" * 10**6)
        + element(0x31, b"")
    )
    der = element(0x30, signed + element(0xA0, element(0x30, whole)))
    head = b"Content-Type: application/pkcs7-mime; smime-type=signed-data\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    mail = read(head + base64.encodebytes(der), smime)
    assert "complaint about Acme" in text(mail)
    assert [by.why for by in mail.sealed_by] == ["the signature is too large"]
