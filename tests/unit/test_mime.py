"""Mail becomes an InboundMail whatever its bytes are, within bounds that hold."""

import base64
import binascii
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from complaints.inbox import mime
from complaints.inbox.mime import read_mail
from complaints.inbox.papers.paper import Paper
from complaints.model import InboundMail
from complaints.recognition.machines import is_bounce

LETTERS = Path(__file__).parents[1] / "corpus" / "letters"
RAW = {path.name: path.read_bytes() for path in sorted(LETTERS.glob("*.eml"))}
TRUTH = [json.loads(line) for line in (LETTERS / "truth.jsonl").read_text().splitlines()]

HEAD = b"""Return-Path: <icocasework@ico.org.uk>
Received: from out3.ico.org.uk by mx.example with ESMTPS; Wed, 07 Oct 2026 09:10:52 +0100
Received: from inside.ico.org.uk by out3.ico.org.uk; Wed, 07 Oct 2026 01:00:00 +0100
From: ICO Casework <icocasework@ico.org.uk>
To: privacy@northgate-ms.example
Subject: IC-1
Message-ID: <one@ico.org.uk>
MIME-Version: 1.0
"""


def mail(content_type: str, body: bytes | str, *, head: bytes = HEAD, more: str = "") -> bytes:
    data = body.encode() if isinstance(body, str) else body
    return head + f"Content-Type: {content_type}\n{more}\n".encode() + data


def part(content_type: str, body: bytes | str, more: str = "") -> bytes:
    return mail(content_type, body, head=b"", more=more)


def multi(*parts: bytes, subtype: str = "mixed", head: bytes = HEAD, boundary: str = "B0") -> bytes:
    mark = f"--{boundary}".encode()
    body = b"".join(mark + b"\n" + each + b"\n" for each in parts) + mark + b"--\n"
    return mail(f'multipart/{subtype}; boundary="{boundary}"', body, head=head)


def encoded(data: bytes, content_type: str, name: str) -> bytes:
    more = f'Content-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="{name}"\n'
    return part(content_type, base64.encodebytes(data), more)


def said(found: InboundMail) -> dict[str, str]:
    return {passage.where: passage.text for passage in found.passages}


def with_header(line: bytes) -> InboundMail:
    return read_mail(line + b"\nContent-Type: text/plain\n\nbody")


# --- real letters ----------------------------------------------------------------------------


@pytest.mark.parametrize("truth", TRUTH, ids=lambda truth: truth["file"])
def test_a_letter_was_received_when_our_own_server_stamped_it(truth: dict[str, str]) -> None:
    found = read_mail(RAW[truth["file"]])
    assert found.received_at == datetime.fromisoformat(truth["received_at"]).astimezone(UTC)


@pytest.mark.parametrize("name", RAW)
def test_real_letters_have_a_sender_a_subject_an_id_and_a_body(name: str) -> None:
    found = read_mail(RAW[name])
    assert "@" in found.sender.email
    assert found.subject
    assert found.message_id.startswith("<")
    assert said(found)["body"]
    assert found.problems in {(), ("letter.pdf was not read",)}


@pytest.mark.parametrize("name", RAW)
def test_line_ends_of_the_network_read_the_same(name: str) -> None:
    plain = RAW[name].replace(b"\r\n", b"\n")
    unix, network = read_mail(plain), read_mail(plain.replace(b"\n", b"\r\n"))
    assert (network.headers, network.passages) == (unix.headers, unix.passages)


def test_a_letter_in_latin_1_keeps_its_umlauts() -> None:
    found = read_mail(RAW["017.eml"])
    assert found.subject == "Fristverlängerung 5.3-2100-40/26"
    assert "antragsgemäß" in said(found)["body"]


def test_a_bounce_has_the_null_sender_and_a_missing_return_path_has_none() -> None:
    assert read_mail(RAW["011.eml"]).return_path == ""
    assert with_header(b"From: a@b.example").return_path is None
    assert read_mail(RAW["001.eml"]).return_path == "icocasework@ico.org.uk"


@pytest.mark.parametrize("name", RAW)
def test_headers_alone_are_a_mail_without_a_body(name: str) -> None:
    whole = read_mail(RAW[name])
    alone = read_mail(RAW[name].replace(b"\r\n", b"\n").split(b"\n\n")[0] + b"\n\n")
    assert (alone.sender, alone.subject, alone.received_at) == (
        whole.sender,
        whole.subject,
        whole.received_at,
    )
    assert "body" not in said(alone)


@pytest.mark.parametrize(
    "saved",
    [
        lambda raw: b"\xef\xbb\xbf" + raw,
        lambda raw: b"\r\n\n" + raw,
        lambda raw: raw.replace(b"\n", b"\r"),
        lambda raw: b"From a@b.example Wed Oct  7 09:10:52 2026\n" + raw,
    ],
    ids=["byte order mark", "empty lines", "bare CR", "mbox line"],
)
def test_what_saving_as_a_file_adds_does_not_hide_the_letter(saved: Callable[[bytes], bytes]) -> None:
    plain = RAW["003.eml"].replace(b"\r\n", b"\n")
    found, letter = read_mail(saved(plain)), read_mail(plain)
    assert (found.headers, found.passages) == (letter.headers, letter.passages)


# --- headers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "name", "email"),
    [
        (b"From: ICO <a@ico.org.uk>", "ICO", "a@ico.org.uk"),
        (b"From: A@ICO.org.uk", "", "a@ico.org.uk"),
        (b"From: a@ico.org.uk (The ICO)", "The ICO", "a@ico.org.uk"),
        (b'From: "Casework, ICO" <a@ico.org.uk>', "Casework, ICO", "a@ico.org.uk"),
        (b'From: "real@ico.org.uk" <x@evil.example>', "real@ico.org.uk", "x@evil.example"),
        (b"From: =?utf-8?Q?Daten=2C_Amt_=3Ca=40b=3E?= <x@amt.example>", "Daten, Amt <a@b>", "x@amt.example"),
        (b"From: =?utf-8?B?TGFuZGVz?=\n =?utf-8?B?YW10?= <x@amt.example>", "Landesamt", "x@amt.example"),
        ("From: Behörde <x@amt.example>".encode("latin-1"), "Behörde", "x@amt.example"),
        ("From: Behörde <x@amt.example>".encode(), "Behörde", "x@amt.example"),
        (b"From: x@amt.example, y@amt.example", "", "x@amt.example"),
        (b"From: nobody at all", "nobody at all", ""),
        (b"From: =?utf-8?Q?a=0D=0ABcc=3A_x?= <x@amt.example>", "a Bcc: x", "x@amt.example"),
        (b"From: \xe2\x80\xaelive <x@amt.example>", "live", "x@amt.example"),
        (b"From:", "", ""),
        (b"From: Mail Delivery System <>", "Mail Delivery System", ""),
        (b"From: <>", "", ""),
        (b'From: "system administrator"@example.com', "", '"system administrator"@example.com'),
        (b'From: X <"sys adm"@example.com>', "X", '"sys adm"@example.com'),
        (b"From: <@a.example,@b.example:u@c.example>", "", "u@c.example"),
        (b'From: "not closed <x@amt.example>', '"not closed', "x@amt.example"),
        (b"From: Amt: x@amt.example, y@amt.example;", "", "x@amt.example"),
    ],
)
def test_the_sender_is_read_as_people_write_it(line: bytes, name: str, email: str) -> None:
    sender = with_header(line).sender
    assert (sender.name, sender.email) == (name, email)


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"=?iso-8859-1?Q?Beschwerde_=FCber?=", "Beschwerde über"),
        (b"=?us-ascii?Q?Beschwerde_=C3=BCber?=", "Beschwerde über"),
        (b"=?nonsense?Q?Beschwerde_=C3=BCber?=", "Beschwerde über"),
        (b"=?utf-8?B?4pqg?= =?utf-8?B?77iP?= x", "⚠️ x"),
        (b"=?utf-8*en?Q?ok?=", "ok"),
        (b"=?utf-8?B?!!!?= broken", "broken"),
        (b"=?utf-8?Q?Is this ok??=", "Is this ok?"),
        (b"=?utf-8?B?SGVsbG8gd29ybGQ", "Hello world"),
        (b"=?utf-8?Q?with blanks?=", "with blanks"),
        (b"x=?utf-8?q?a?=y=?utf-8?q?b?=z", "xaybz"),
        (b"=?utf-8?b?5Lit5?= =?utf-8?b?paH?=", "中文"),
        (b"=?UTF8?B?w7w?=", "ü"),
        (b"=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"),
        (b"[x =?iso-8859-2?Q?odpowied=BC?=] y", "[x odpowiedź] y"),
        (b"a\n\tfolded\n line", "a folded line"),
        (b"nul\x00led", "nulled"),
        ("Plainte \N{EN DASH} société".encode(), "Plainte \N{EN DASH} société"),
    ],
)
def test_subjects_are_decoded_leniently(raw: bytes, subject: str) -> None:
    assert with_header(b"Subject: " + raw).subject == subject


def test_a_character_split_between_two_words_is_whole_again() -> None:
    assert with_header(b"Subject: =?utf-8?Q?f=C3?= =?utf-8?Q?=BCr?=").subject == "für"


def test_raw_headers_are_in_the_charset_of_the_text() -> None:
    found = read_mail("Subject: 邮件\nContent-Type: text/plain; charset=gb2312\n\n传输".encode("gb18030"))
    assert (found.subject, said(found)["body"]) == ("邮件", "传输")


def test_a_mailbox_with_two_addresses_is_noted() -> None:
    found = with_header(b"From: ICO <a@ico.org.uk> <x@evil.example>")
    assert found.sender.email == "x@evil.example"
    assert "From names more than one sender" in found.problems


def test_a_blank_before_the_first_header_does_not_hide_it() -> None:
    assert read_mail(b" From: a@x.example\nSubject: s\n\nbody").sender.email == "a@x.example"


def test_recipients_come_from_every_header_that_names_them_once() -> None:
    found = read_mail(b"To: a@x.example, B <b@x.example>\nCc: a@x.example\nDelivered-To: c@x.example\n\n")
    assert [address.email for address in found.recipients] == ["a@x.example", "b@x.example", "c@x.example"]


def test_two_senders_are_noted() -> None:
    assert "From names more than one sender" in with_header(b"From: a@x.example\nFrom: b@x.example").problems
    assert with_header(b"From: a@x.example\nFrom: b@x.example").sender.email == "a@x.example"


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"yesterday",
        b"Wed, 99 Oct 2026 09:10:52 +0100",
        b"Wed, 07 Oct 99999999999999999 09:10:52 +9999999",
        b"()" * 999,
    ],
)
def test_an_impossible_date_is_no_date(value: bytes) -> None:
    found = with_header(b"Date: " + value + b"\nReceived: x; " + value)
    assert (found.date, found.received_at) == (None, None)


def test_ids_are_kept_with_their_brackets_and_without_folding() -> None:
    found = with_header(
        b"Message-ID: <a@x>\nIn-Reply-To: <b\n @x> (yesterday)\nReferences: <c@x>\n\t<d@x> <c@x>"
    )
    assert (found.message_id, found.in_reply_to, found.references) == (
        "<a@x>",
        ("<b@x>",),
        ("<c@x>", "<d@x>"),
    )
    assert with_header(b"Message-ID: bare@x").message_id == "<bare@x>"


def test_a_stray_line_amid_headers_does_not_hide_those_below_it() -> None:
    found = read_mail(b"From: a@x.example\nthis is damage\nSubject: still here\n\nbody")
    assert (found.subject, said(found)["body"]) == ("still here", "body")


def test_text_that_follows_the_headers_without_an_empty_line_is_not_lost() -> None:
    found = read_mail(b"From: a@x.example\nSubject: s\nDear Sirs\nyou must\n\nanswer")
    assert said(found)["body"] == "Dear Sirs\nyou must\n\nanswer"


# --- bodies ----------------------------------------------------------------------------------

PLAIN = part("text/plain; charset=utf-8", "The plain words.")


def test_the_plain_version_is_preferred() -> None:
    html = part("text/html", "<p>The plain words.</p>")
    assert said(read_mail(multi(PLAIN, html, subtype="alternative")))["body"] == "The plain words."


@pytest.mark.parametrize("plain", ["", "Your client cannot show HTML."])
def test_a_page_is_read_where_the_plain_version_withholds_it(plain: str) -> None:
    words = " ".join(f"letter word{n}" for n in range(60))
    found = read_mail(
        multi(part("text/plain", plain), part("text/html", f"<p>{words}</p>"), subtype="alternative")
    )
    assert said(found)["body"] == words


def test_several_text_parts_are_all_read() -> None:
    found = read_mail(
        multi(PLAIN, encoded(b"\x89PNG", "image/png", "logo.png"), part("text/plain", "And more."))
    )
    assert said(found)["body"] == "The plain words.\n\nAnd more."


def test_attached_texts_are_passages_of_their_own() -> None:
    found = read_mail(
        multi(PLAIN, encoded("Größe;1".encode(), "text/csv", "list.csv"), encoded(b"hi", "x/y", "a.txt"))
    )
    assert said(found) | {"subject": ""} == {
        "subject": "",
        "body": "The plain words.",
        "attachment:list.csv": "Größe;1",
        "attachment:a.txt": "hi",
    }


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="a b.txt"', "a b.txt"),
        ("attachment; filename=plain.txt", "plain.txt"),
        ("attachment; filename*=utf-8''Beschwerde%20%C3%BCber.txt", "Beschwerde über.txt"),
        ("attachment; filename*0*=utf-8''Be%C3; filename*1*=%BCr; filename*2=.txt", "Beür.txt"),
        ("attachment; filename*1=two.txt; filename*0=one-", "one-two.txt"),
        ('attachment; filename="=?utf-8?Q?=C3=BCber.txt?="', "über.txt"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\x\\\\letter.txt"', "letter.txt"),
        ('attachment; filename="txt.\u202egnp.txt"', "txt.gnp.txt"),
        (f'attachment; filename="{"n" * 3000}.txt"', "n" * 140 + ".txt"),
        ("attachment; filename*=", "unnamed.plain"),
    ],
)
def test_file_names_are_decoded_and_made_harmless(disposition: str, name: str) -> None:
    attached = part("text/plain", "x", f"Content-Disposition: {disposition}\n")
    assert read_mail(multi(PLAIN, attached)).attachments[0].name == name


def test_the_size_of_an_attachment_is_that_of_its_content() -> None:
    sizes = [0, 1, 2, 3, 56, 57, 58, 10_000]
    found = read_mail(multi(PLAIN, *(encoded(b"x" * size, "image/png", f"{size}.png") for size in sizes)))
    assert [attachment.size for attachment in found.attachments] == sizes


# --- what broken and old mailers write -----------------------------------------------------------


@pytest.mark.parametrize("declared", ["; boundary=wrong", "", '; boundary=""'])
def test_parts_are_told_apart_by_the_boundary_that_is_there(declared: str) -> None:
    body = "pre\n--=_right\nContent-Type: text/plain\n\nhello\n--=_right\nContent-Type: text/plain; name=a.txt\n\nfile\n--=_right--"
    found = read_mail(mail(f"multipart/mixed{declared}", body))
    assert (said(found)["body"], said(found)["attachment:a.txt"]) == ("hello", "file")


@pytest.mark.parametrize(
    ("encoding", "body", "text"),
    [
        ("base64", "Dear Sir,\nthis is plain text after all.", "Dear Sir,\nthis is plain text after all."),
        ("base64", "Dear =C3=BC,\nthis is=\n plain after all.", "Dear ü,\nthis is plain after all."),
        ("base64;", "w7w=", "ü"),
        ('"Base64"', "w7w=", "ü"),
        ("Quoted/Printable", "=C3=BC", "ü"),
        ("quoted-printable (really)", "=C3=BC", "ü"),
        ("7-bit", "x", "x"),
        ("base9000", "x", "x"),
    ],
)
def test_encodings_are_read_as_they_are_and_not_as_they_are_called(
    encoding: str, body: str, text: str
) -> None:
    found = read_mail(
        mail("text/plain; charset=utf-8", body, more=f"Content-Transfer-Encoding: {encoding}\n")
    )
    assert said(found)["body"] == text


UUENCODED = b"begin 644 ../letter.txt\n" + binascii.b2a_uu(b"The complaint concerns Acme") + b"`\nend\n"


def test_a_uuencoded_file_is_a_file_and_no_text() -> None:
    found = read_mail(mail("text/plain", b"Hello\n" + UUENCODED + b"bye"))
    assert said(found)["body"].split() == ["Hello", "bye"]
    assert said(found)["attachment:letter.txt"] == "The complaint concerns Acme"
    assert [(a.name, a.size) for a in found.attachments] == [("letter.txt", 27)]


def test_uuencode_as_an_encoding_is_decoded() -> None:
    raw = mail("x/y; name=a.txt", UUENCODED, more="Content-Transfer-Encoding: x-uuencode\n")
    assert said(read_mail(raw))["attachment:a.txt"] == "The complaint concerns Acme"


@pytest.mark.parametrize(
    "text", ["begin 644 x\n", "begin 644 x\nDear Sirs\nend\n", "we begin 644 now\nend\n"]
)
def test_a_letter_that_merely_begins_something_is_kept(text: str) -> None:
    assert said(read_mail(mail("text/plain", text)))["body"] == text.strip()


def test_what_nobody_can_open_is_named() -> None:
    found = read_mail(mail("text/plain", "Hello\n=ybegin line=128 size=3 name=a.bin\nxxx\n=yend size=3\n"))
    assert "a.bin was not read" in found.problems


def test_the_first_piece_of_a_mail_in_pieces_is_read_and_others_are_asked_for() -> None:
    first = read_mail(mail("message/partial; number=1; total=2; id=x", "Subject: inner\n\nbegin"))
    assert first.wrapped[0].subject == "inner"
    second = read_mail(mail("message/partial; number=2; total=2; id=x", "end"))
    assert second.problems == ("this is piece 2 of a mail that came in several; the others must be found",)


def test_a_text_with_a_name_is_listed_among_the_files() -> None:
    found = read_mail(multi(part("text/plain; name=letter.txt", "words")))
    assert [a.name for a in found.attachments] == ["letter.txt"]
    assert said(found)["body"] == "words"


# --- what is said, and what is only carried along ----------------------------------------------

ATTRIBUTIONS = [
    "On Wed, 7 Oct 2026 at 09:10, ICO <a@ico.org.uk> wrote:",
    "Am 07.10.2026 um 09:10 schrieb Amt <a@amt.example>:",
    "Le mer. 7 oct. 2026 à 09:10, CNIL <a@cnil.fr> a écrit :",
    "El mié, 7 oct 2026 a las 9:10, AEPD (<a@aepd.es>) escribió:",
    "Il giorno mer 7 ott 2026 alle ore 09:10 GPDP <a@gpdp.it> ha scritto:",
]


@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_what_stands_under_an_attribution_is_quoted(line: str) -> None:
    found = said(read_mail(mail("text/plain; charset=utf-8", f"Thank you.\n\n{line}\n\nOld text\nof Acme")))
    assert found["body"] == "Thank you."
    assert found["quoted"].endswith("Old text\nof Acme")


def test_lines_with_a_mark_are_quoted_and_answers_between_them_are_not() -> None:
    found = said(read_mail(mail("text/plain", "On 7 Oct 2026 09:10 A wrote:\n> one\nanswer\n> two\nmore")))
    assert found["quoted"] == "On 7 Oct 2026 09:10 A wrote:\n> one\n> two"
    assert found["body"] == "answer\nmore"


@pytest.mark.parametrize("old", ["> old", "old"])
def test_an_attribution_that_a_mailer_wrapped_is_recognised(old: str) -> None:
    body = f"Thanks\n\nOn Wed, 7 Oct 2026 at 09:10, The Casework Team <a@ico.org.uk>\nwrote:\n\n{old}"
    found = said(read_mail(mail("text/plain", body)))
    assert found["body"] == "Thanks"
    assert found["quoted"].startswith("On Wed")
    assert found["quoted"].endswith(old)


def test_a_letter_that_recalls_what_you_wrote_is_not_cut_there() -> None:
    letter = "Dear Sirs\n\nOn 3 March you wrote:\n\nthat Acme had erased the data."
    assert said(read_mail(mail("text/plain", letter)))["body"] == letter


BLOCKS = [
    "---------- Forwarded message ---------\nFrom: ICO <a@ico.org.uk>\nDate: x\nSubject: IC-1\nTo: us\n\n",
    "Begin forwarded message:\n\nFrom: ICO <a@ico.org.uk>\nSubject: IC-1\nDate: x\n\n",
    "Von: Amt <a@amt.example>\nGesendet: Mittwoch, 7. Oktober 2026 09:10\nAn: uns\nBetreff: Az. 1\n\n",
    "De : CNIL <a@cnil.fr>\nEnvoyé : mercredi 7 octobre 2026 09:10\nÀ : nous\nObjet : Saisine\n\n",
    "-----Original Message-----\nFrom: ICO\nSent: 7 October 2026 09:10\nTo: us\nSubject: IC-1\n\n",
    "*From:* ICO <a@ico.org.uk>\n*Sent:* 7 October\n*To:* us\n*Subject:* IC-1\n\n",
]


@pytest.mark.parametrize("block", BLOCKS)
def test_a_forwarded_letter_is_kept_apart_from_the_note_above_it(block: str) -> None:
    raw = mail("text/plain; charset=utf-8", f"FYI\n\n{block}Complaint about Acme").replace(
        b"IC-1", b"FW: IC-1", 1
    )
    found = said(read_mail(raw))
    assert found["body"] == "FYI"
    assert found["forwarded"].endswith("Complaint about Acme")
    assert "quoted" not in found


@pytest.mark.parametrize("block", BLOCKS[2:])
def test_under_a_reply_the_same_block_is_quoted(block: str) -> None:
    raw = mail("text/plain; charset=utf-8", f"Thanks\n\n{block}Complaint about Acme").replace(
        b"IC-1", b"AW: IC-1", 1
    )
    found = said(read_mail(raw))
    assert (found["body"], "forwarded" in found) == ("Thanks", False)
    assert found["quoted"].endswith("Complaint about Acme")


def test_a_forward_with_marks_on_every_line_is_forwarded() -> None:
    body = "FYI\n\nBegin forwarded message:\n\n> From: ICO\n> Subject: IC-1\n>\n> about Acme\n> > older"
    found = said(read_mail(mail("text/plain", body)))
    assert found["forwarded"].endswith("about Acme")
    assert found["quoted"] == "> older"


def test_signature_and_disclaimer_stand_apart() -> None:
    body = "Dear Sirs\n\n-- \nActon Ltd\n\nThis email and any attachments are confidential.\nNever Acme."
    found = said(read_mail(mail("text/plain", body)))
    assert (found["body"], found["signature"]) == ("Dear Sirs", "-- \nActon Ltd")
    assert found["disclaimer"].endswith("Never Acme.")


# --- wrapped mail, returned mail, sealed mail ----------------------------------------------------

INNER = mail("text/plain; charset=utf-8", "The letter itself", head=HEAD.replace(b"IC-1", b"Inner"))


@pytest.mark.parametrize(
    "wrapped",
    [
        part("message/rfc822", INNER),
        encoded(INNER, "message/rfc822", "x.eml"),
        encoded(INNER, "application/octet-stream", "Letter.EML"),
        encoded(INNER, "application/octet-stream", "postacert.eml"),
    ],
)
def test_an_attached_mail_is_read_as_a_mail(wrapped: bytes) -> None:
    found = read_mail(multi(PLAIN, wrapped))
    assert [inner.subject for inner in found.wrapped] == ["Inner"]
    assert said(found.wrapped[0])["body"] == "The letter itself"
    assert "attachment" not in "".join(said(found))


def test_mails_in_mails_in_mails_end_somewhere() -> None:
    raw = INNER
    for _ in range(30):
        raw = multi(PLAIN, part("message/rfc822", raw), boundary=f"B{len(raw)}")
    found, depth = read_mail(raw), 0
    while found.wrapped:
        found, depth = found.wrapped[0], depth + 1
    assert depth == mime.MAX_WRAPPED_DEPTH
    assert any("mails deep" in problem for problem in found.problems)


def test_a_report_gives_back_the_message_id_of_what_failed() -> None:
    status = part("message/delivery-status", "Reporting-MTA: dns; mx\n\nAction: failed\nStatus: 5.1.1\n")
    for returned in (part("message/rfc822", INNER), part("text/rfc822-headers", HEAD)):
        found = read_mail(multi(PLAIN, status, returned, subtype="report"))
        assert found.returned_message_ids == ("<one@ico.org.uk>",)
        assert "Action: failed" in "".join(said(found).values())


def test_a_bounce_without_form_gives_back_the_ids_in_its_text() -> None:
    raw = RAW["011.eml"] + b"\n> Message-ID: <gone@forthwith.example>\n"
    assert read_mail(raw).returned_message_ids == ("<gone@forthwith.example>",)


def test_whatever_attaches_a_mail_gives_its_id_back_and_is_no_bounce_for_that() -> None:
    found = read_mail(multi(PLAIN, part("message/rfc822", INNER)))
    assert found.returned_message_ids == ("<one@ico.org.uk>",)
    assert is_bounce(found, {}, {}) == ""


def test_ids_are_found_in_broken_parts_too() -> None:
    broken = b"--B\r\nlistener: smtp3\r\nMessage-Id: <gone@forthwith.example>\r\n\r\nNyaan\r\n"
    assert "<gone@forthwith.example>" in read_mail(RAW["011.eml"] + broken).returned_message_ids


ENVELOPED = bytes.fromhex("308006092a864886f70d010703a080") + b"x" * 90
SIGNED = bytes.fromhex("308006092a864886f70d010702a080") + b"x" * 90


@pytest.mark.parametrize(
    ("raw", "sealed"),
    [
        (
            multi(
                part("application/pgp-encrypted", "Version: 1"),
                part("application/octet-stream", "x"),
                subtype="encrypted",
            ),
            True,
        ),
        (mail("text/plain", "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----"), True),
        (mail("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "MIAG"), True),
        (multi(encoded(ENVELOPED, "application/pkcs7-mime", "smime.p7m")), True),
        (multi(encoded(SIGNED, "application/pkcs7-mime", "smime.p7m")), False),
        (mail("text/plain", "-----BEGIN PGP SIGNED MESSAGE-----\n\nwords"), False),
    ],
)
def test_sealed_mail_is_told_from_signed_mail(raw: bytes, sealed: bool) -> None:
    assert read_mail(raw).encrypted is sealed


@pytest.fixture(scope="module")
def signer() -> pkcs7.PKCS7SignatureBuilder:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An authority")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    dated = builder.serial_number(1).not_valid_before(start).not_valid_after(start.replace(year=2027))
    certificate = dated.sign(key, hashes.SHA256())
    return pkcs7.PKCS7SignatureBuilder().set_data(PLAIN).add_signer(certificate, key, hashes.SHA256())


def test_a_letter_inside_its_signature_is_read(signer: pkcs7.PKCS7SignatureBuilder) -> None:
    opaque = signer.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])
    raw = mail(
        "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m",
        base64.encodebytes(opaque),
        more="Content-Transfer-Encoding: base64\n",
    )
    found = read_mail(raw)
    assert (said(found)["body"], found.encrypted) == ("The plain words.", False)


def test_signed_data_that_streams_in_pieces_is_joined() -> None:
    head = bytes.fromhex("308006092a864886f70d010702a080308002010131003080") + bytes.fromhex(
        "06092a864886f70d010701a0802480"
    )
    pieces = b"".join(bytes([4, len(piece)]) + piece for piece in (PLAIN[:20], PLAIN[20:]))
    found = read_mail(multi(encoded(head + pieces + bytes(8), "application/pkcs7-mime", "smime.p7m")))
    assert said(found)["body"] == "The plain words."


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_damaged_signed_data_is_noted(tail: bytes) -> None:
    head = bytes.fromhex("308006092a864886f70d010702a08006092a864886f70d010701")
    _assert_bounded(read_mail(multi(encoded(head + tail, "application/pkcs7-mime", "smime.p7m"))))


# --- PDFs --------------------------------------------------------------------------------------

WITH_PDF = multi(PLAIN, encoded(b"%PDF-1.7 x", "application/pdf", "letter.pdf"))


def test_without_a_reader_a_pdf_is_listed_and_said_to_be_unread() -> None:
    found = read_mail(WITH_PDF)
    assert found.problems == ("letter.pdf was not read",)
    assert [(a.name, a.size) for a in found.attachments] == [("letter.pdf", 10)]


def test_the_reader_gets_the_file_and_its_text_becomes_a_passage() -> None:
    found = read_mail(WITH_PDF, papers=lambda _, data, __: Paper(text=data.decode()))
    assert said(found)["attachment:letter.pdf"] == "%PDF-1.7 x"


def test_what_a_reader_could_not_do_is_told_with_the_file_s_name() -> None:
    found = read_mail(WITH_PDF, papers=lambda *_: Paper(problem="holds no text layer"))
    assert found.problems == ("letter.pdf holds no text layer",)


def test_after_one_pdf_that_hangs_the_others_are_left() -> None:
    asked: list[bytes] = []

    def slow(kind: str, data: bytes, seconds: float) -> Paper:
        asked.append(data)
        return Paper(problem="could not be read within 10 s", timed_out=True)

    raw = multi(*(encoded(b"%%PDF %d" % n, "application/pdf", f"{n}.pdf") for n in range(5)))
    assert len(read_mail(raw, papers=slow).problems) == 5
    assert len(asked) == 1


# --- hostile mail --------------------------------------------------------------------------------


def nested(depth: int) -> bytes:
    opening = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(depth)
    )
    return HEAD + opening + b"Content-Type: text/plain\n\nfound"


HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "one line end": lambda: b"\n",
    "no headers": lambda: b"Just text\nwithout any: header line\n",
    "only NULs": lambda: b"\0" * 100_000,
    "only colons": lambda: b":" * 100_000,
    "every byte": lambda: bytes(range(256)) * 100,
    "10,000 multiparts in each other": lambda: nested(10_000),
    "10,000 multiparts of one boundary": lambda: (
        HEAD + b'Content-Type: multipart/mixed; boundary="a"\n\n--a\n' * 10_000
    ),
    "100 MB header line": lambda: b"Subject: " + b"a" * 100_000_000 + b"\n\nbody",
    "100 MB of headers": lambda: b"X: y\n" * 20_000_000 + b"\nbody",
    "100 MB of continuations": lambda: b"X: y\n" + b" y\n" * 30_000_000 + b"\nbody",
    "100,000 parts": lambda: multi(*([part("text/plain", "x")] * 100_000)),
    "boundary bomb": lambda: mail('multipart/mixed; boundary="-"', b"\n---x" * 3_000_000),
    "boundary of line ends": lambda: mail('multipart/mixed; boundary="\n\n"', b"--\n\n" * 1000),
    "no boundary": lambda: mail("multipart/mixed", "--x\n\nhi\n--x--"),
    "empty boundary": lambda: mail('multipart/mixed; boundary=""', "--\n\nhi\n----"),
    "boundary never seen": lambda: mail("multipart/mixed; boundary=zzz", "lost text"),
    "unclosed quotes": lambda: mail('multipart/mixed; boundary="' + '\\"' * 8000, "x"),
    "parameter bomb": lambda: mail("text/plain" + ';a="' * 4000, "x"),
    "RFC 2231 bomb": lambda: mail("text/plain" + "".join(f"; name*{n}*=%ff" for n in range(999)), "x"),
    "address bomb": lambda: b"From: " + b"(" * 8000 + b"<" * 8000 + b'"' * 8000 + b"\n\n",
    "address list": lambda: b"To: " + b"a@b," * 4000 + b"\n\n",
    "encoded word bomb": lambda: b"Subject: " + b"=?a?q?" * 3000 + b"\n\n",
    "id bomb": lambda: b"References: " + b"<" * 16000 + b"\n\n",
    "base64 garbage": lambda: mail(
        "text/plain", b"\xff=A" * 300_000, more="Content-Transfer-Encoding: base64\n"
    ),
    "one base64 character": lambda: mail("text/plain", b"A", more="Content-Transfer-Encoding: base64\n"),
    "quoted-printable garbage": lambda: mail(
        "text/plain", b"=" * 300_000, more="Content-Transfer-Encoding: quoted-printable\n"
    ),
    "charset that is no charset": lambda: mail("text/plain; charset=zlib_codec", b"\xff\xfe"),
    "slow charset": lambda: mail("text/plain; charset=punycode", b"a-" + b"b" * 700_000),
    "10 MB of marks": lambda: mail("text/plain", b">" * 10_000_000),
    "marks on lines": lambda: mail("text/plain", b">\n" * 400_000),
    "lines that look like attributions": lambda: mail("text/plain", (b"1@ wrote" * 60 + b":\n") * 1000),
    "lines that look like headers": lambda: mail("text/plain", b"From: x\nTo: y\nDate: z\n" * 30_000),
    "disclaimers": lambda: mail("text/plain", (b"this email " * 40 + b"\n\n") * 1500),
    "html bomb": lambda: mail("text/html", b"<div>" * 200_000),
    "table bomb": lambda: mail("text/html", b"<table><td>" * 60_000),
    "mails in mails": lambda: HEAD + b"Content-Type: message/rfc822\n\n" * 100_000,
    "digest of nothing": lambda: mail("multipart/digest; boundary=d", b"--d\n" * 10_000),
    "surrogates": lambda: mail("text/plain; charset=utf-7", b"+2AA-+3AA- \xff"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_mail_is_read_within_bounds(case: str) -> None:
    raw = HOSTILE[case]()
    began = time.process_time()
    found = read_mail(raw, papers=lambda *_: Paper())
    assert time.process_time() - began < 10
    _assert_bounded(found)


def _assert_bounded(found: InboundMail) -> None:
    assert not any("could not be parsed" in problem for problem in found.problems)
    assert len(found.headers) <= 500
    assert all(len(value) <= 20_000 for _, value in found.headers)
    assert sum(len(passage.text) for passage in found.passages) <= 1_100_000
    assert len(found.problems) <= 60
    for line in (
        found.subject,
        found.sender.name,
        found.sender.email,
        *(value for _, value in found.headers),
    ):
        assert not set(line) & {"\r", "\n", "\0", "\u202e"}
    json.dumps(
        [passage.text for passage in found.passages], ensure_ascii=False
    ).encode()  # no half surrogates
    for inner in found.wrapped:
        _assert_bounded(inner)


def test_what_was_cut_is_told() -> None:
    assert "an overlong header was cut" in read_mail(b"Subject: " + b"a" * 50_000 + b"\n\n").problems
    assert "the header section was cut" in read_mail(HOSTILE["100 MB of headers"]()[-9_000_000:]).problems
    assert "a multipart has no boundary" in read_mail(HOSTILE["no boundary"]()).problems
    assert "parts nested deeper than 20 were not read" in read_mail(nested(50)).problems
    assert "parts after the first 200 were not read" in read_mail(multi(*([PLAIN] * 300))).problems
    assert any(
        "was cut after 200000" in problem for problem in read_mail(mail("text/plain", "a" * 300_000)).problems
    )


def test_text_of_a_multipart_that_cannot_be_taken_apart_is_read_all_the_same() -> None:
    assert "lost text" in said(read_mail(HOSTILE["boundary never seen"]()))["body"]


def test_a_parser_that_breaks_still_gives_a_mail_for_a_person() -> None:
    def broken(*_: object) -> Paper:
        raise RuntimeError

    found = read_mail(WITH_PDF, papers=broken)
    assert found.problems == ("could not be parsed (RuntimeError)",)
    assert found.sha256


SEEDS = [
    *RAW.values(),
    multi(
        PLAIN, part("message/rfc822", INNER), encoded(b"x", "text/csv", "a.csv"), part("text/html", "<p>x")
    ),
]
EDITS = st.lists(
    st.tuples(
        st.integers(min_value=0, max_value=100_000),
        st.sampled_from(["replace", "insert", "delete", "repeat"]),
        st.binary(min_size=1, max_size=12)
        | st.sampled_from([b"\n", b"\r", b"\n\n", b"--B0", b'"', b"=?", b"<", b"\0", b";", b":"]),
    ),
    min_size=1,
    max_size=30,
)


def mangled(raw: bytes, edits: list[tuple[int, str, bytes]]) -> bytes:
    data = bytearray(raw)
    for position, edit, piece in edits:
        place = position % (len(data) + 1)
        match edit:
            case "replace":
                data[place : place + len(piece)] = piece
            case "insert":
                data[place:place] = piece
            case "delete":
                del data[place : place + len(piece) * 4]
            case _:
                data[place:place] = data[max(0, place - 60) : place] * 3
    return bytes(data)


@settings(max_examples=800, deadline=2000, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.sampled_from(SEEDS), edits=EDITS)
@example(seed=SEEDS[-1], edits=[(0, "insert", b"\n")])
def test_a_mangled_letter_is_still_a_mail(seed: bytes, edits: list[tuple[int, str, bytes]]) -> None:
    _assert_bounded(read_mail(mangled(seed, edits)))


@settings(max_examples=300, deadline=2000)
@given(st.binary(max_size=3000))
def test_any_bytes_are_a_mail(raw: bytes) -> None:
    _assert_bounded(read_mail(raw))
