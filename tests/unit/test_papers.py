"""Whatever kind of paper a letter comes as, its words are read; and nothing that is built to harm does."""

import base64
import random
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from io import BytesIO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from complaints.inbox.mime import read_mail
from complaints.inbox.papers import kinds
from complaints.inbox.papers.paper import Paper
from complaints.inbox.papers.reader import PaperReader
from complaints.model import InboundMail
from tests.papers import office_files
from tests.papers.office_files import archive, opendocument, paragraph, raw_word, word
from tests.papers.outlook_files import compound, message_streams, msg, old_word, png, tnef
from tests.papers.pdfs import locked, pdf_with, scanned

HEAD = "Bayerisches Landesamt für Datenschutzaufsicht"
FOOT = "Promenade 18, 91522 Ansbach"
PARAGRAPHS = (
    "Aktenzeichen: LDA-1085.1-3725/26-F",
    "Sehr geehrte Damen und Herren,",
    "bei uns ist eine Beschwerde über die Swift Logistics GmbH eingegangen, die „Kundendaten“ betrifft – bitte lesen.",
    "Wir bitten um Stellungnahme bis zum 3. März 2027 (vier Wochen).",
    "Mit freundlichen Grüßen",
)
CELLS = ("Verantwortlicher", "Swift Logistics GmbH")
TEXT = "\n".join((HEAD, *PARAGRAPHS, "\t".join(CELLS), FOOT))
WORDS = re.findall(r"\w+", TEXT)
HTML = "".join(f"<p>{line}</p>" for line in TEXT.split("\n"))


def rtf(text: str = TEXT) -> bytes:
    def sign(character: str) -> str:
        return character if character.isascii() else f"\\u{ord(character)}?"

    lines = ["".join(map(sign, line)).replace("\t", "\\tab ") for line in text.split("\n")]
    return (
        "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Arial;}}" + "\\par\n".join(lines) + "}"
    ).encode()


def eml(text: str = TEXT) -> bytes:
    inner = EmailMessage()
    inner["From"] = "ICO Casework <icocasework@ico.org.uk>"
    inner["Subject"] = "wrapped"
    inner.set_content(text)
    return bytes(inner)


OFFICE = {"head": HEAD, "foot": FOOT, "cells": CELLS}
GOLDEN: dict[str, Callable[[], bytes]] = {
    "letter.pdf": lambda: pdf_with(TEXT.replace("\t", "   ")),
    "letter.docx": lambda: word(PARAGRAPHS, **OFFICE),
    "letter.odt": lambda: opendocument(PARAGRAPHS, **OFFICE),
    "letter.rtf": rtf,
    "letter.doc": lambda: old_word(TEXT.replace("\n", "\r")),
    "wide.doc": lambda: old_word(TEXT.replace("\n", "\r"), wide=True),
    "rich.doc": rtf,
    "letter.msg": lambda: msg(sender=("A", "a@x.example"), subject="s", text=TEXT),
    "page.msg": lambda: msg(sender=("A", "a@x.example"), subject="s", html=HTML.encode()),
    "rich.msg": lambda: msg(sender=("A", "a@x.example"), subject="s", rtf=rtf()),
    "holds.msg": lambda: msg(sender=("A", "a@x.example"), subject="s", attachments=[("a.docx", word(PARAGRAPHS, **OFFICE))]),
    "saved.msg": eml,
    "letter.eml": eml,
    "letter.zip": lambda: archive({"folder/letter.docx": word(PARAGRAPHS, **OFFICE)}),
    "mails.zip": lambda: archive({"letter.eml": eml()}),
    "zipped.zip": lambda: archive({"inner.zip": archive({"letter.txt": TEXT.encode()})}),
    "winmail.dat": lambda: tnef(html=HTML.encode()),
    "rich.winmail.dat": lambda: tnef(rtf=rtf()),
    "plain.winmail.dat": lambda: tnef(text=TEXT.replace("–", "-")),
    "holds.winmail.dat": lambda: tnef(attachments=[("letter.pdf", pdf_with(TEXT))]),
    "letter.txt": TEXT.encode,
    "letter.html": HTML.encode,
    "letter.csv": TEXT.encode,
    "letter.pdf.p7m": lambda: signed(pdf_with(TEXT)),
    "armoured.pdf.p7m": lambda: base64.encodebytes(signed(pdf_with(TEXT))),
    "letter": lambda: word(PARAGRAPHS, **OFFICE),
}  # fmt: skip


def signed(data: bytes) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Body")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    builder = pkcs7.PKCS7SignatureBuilder().set_data(data).add_signer(certificate, key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


@pytest.fixture(scope="module")
def papers() -> Iterator[PaperReader]:
    reader = PaperReader()
    yield reader
    reader.close()


def mail_with(
    *files: tuple[str, bytes], text: str = "See attached.", kind: str = "application/octet-stream"
) -> bytes:
    letter = EmailMessage()
    letter["From"] = "poststelle@lda.bayern.de"
    letter["Subject"] = "Post"
    letter.set_content(text)
    main, _, sub = kind.partition("/")
    for name, data in files:
        letter.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return bytes(letter)


def opened(papers: PaperReader, name: str, data: bytes) -> InboundMail:
    return read_mail(mail_with((name, data)), papers=papers)


def texts(mail: InboundMail) -> dict[str, str]:
    own = {p.where: p.text for p in mail.passages if p.where not in {"subject", "body"}}
    wrapped = [texts(inner) | {f"{inner.subject}/body": body(inner)} for inner in mail.wrapped]
    return own | {where: text for found in wrapped for where, text in found.items() if text}


def body(mail: InboundMail) -> str:
    return "\n".join(p.text for p in mail.passages if p.where in {"body", "forwarded"})


# --- goldens ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GOLDEN)
def test_a_letter_says_the_same_in_every_kind_of_paper(papers: PaperReader, name: str) -> None:
    found = opened(papers, name, GOLDEN[name]())
    [text] = texts(found).values()
    assert re.findall(r"\w+", text) == WORDS
    assert found.unread == ()
    assert found.problems == ()


def test_a_mail_whose_text_is_packed_for_outlook_has_that_text(papers: PaperReader) -> None:
    raw = mail_with(("winmail.dat", tnef(html=HTML.encode())), text="\n", kind="application/ms-tnef")
    assert re.findall(r"\w+", body(read_mail(raw, papers=papers))) == WORDS


def test_the_text_that_outlook_packs_is_not_read_twice(papers: PaperReader) -> None:
    raw = mail_with(("winmail.dat", tnef(html=HTML.encode())), text=TEXT)
    found = read_mail(raw, papers=papers)
    assert texts(found) == {}
    assert found.problems == ()


def test_a_letter_handed_on_in_an_outlook_file_is_a_wrapped_mail(papers: PaperReader) -> None:
    authority = message_streams(
        sender=("ICO Casework", "icocasework@ico.org.uk"),
        subject="Your case IC-372500-S1A1",
        text=TEXT,
        date=datetime(2026, 10, 7, 9, 30, tzinfo=UTC),
        embedded=True,
    )
    data = msg(sender=("Ada", "ada@acme.example"), subject="FW: case", text="For you.", wrapped=authority)
    [outer] = opened(papers, "case.msg", data).wrapped
    [inner] = outer.wrapped
    assert (outer.sender.email, outer.subject, body(outer)) == ("ada@acme.example", "FW: case", "For you.")
    assert (inner.sender.name, inner.sender.email) == ("ICO Casework", "icocasework@ico.org.uk")
    assert inner.subject == "Your case IC-372500-S1A1"
    assert inner.date == datetime(2026, 10, 7, 9, 30, tzinfo=UTC)
    assert re.findall(r"\w+", body(inner)) == WORDS


def test_a_message_within_a_winmail_dat_is_a_wrapped_mail(papers: PaperReader) -> None:
    found = opened(papers, "winmail.dat", tnef(text="For you.", wrapped=tnef(text=TEXT.replace("–", "-"))))
    [inner] = found.wrapped
    assert re.findall(r"\w+", body(inner)) == WORDS


def test_the_headers_that_came_by_mail_are_kept_in_an_outlook_file(papers: PaperReader) -> None:
    headers = (
        "Received: from a by b; Wed, 07 Oct 2026 09:10:52 +0100\r\n\r\nFrom: =?utf-8?q?B=C3=B6rd?= <post@lda.bayern.de>\r\n"
        "Content-Type: multipart/mixed;\r\n boundary=gone\r\nMIME-Version: 1.0\r\nMessage-ID: <1@lda.bayern.de>\r\n"
    )
    data = msg(sender=("X", "x@x.example"), subject="s\r\nBcc: evil", text="hello", headers=headers)
    [inner] = opened(papers, "a.msg", data).wrapped
    assert (inner.sender.name, inner.sender.email) == ("Börd", "post@lda.bayern.de")
    assert inner.message_id == "<1@lda.bayern.de>"
    assert (inner.subject, body(inner)) == ("s Bcc: evil", "hello")
    assert inner.header("Bcc") == ""


# --- what a page shows -----------------------------------------------------------------------

BOX = f"<w:pict><v:textbox><w:txbxContent>{paragraph('In a box')}</w:txbxContent></v:textbox></w:pict>"


@pytest.mark.parametrize(
    ("xml", "shown"),
    [
        (paragraph("Seen") + paragraph("hidden", "<w:rPr><w:vanish/></w:rPr>"), "Seen"),
        (paragraph("Seen", '<w:rPr><w:vanish w:val="0"/></w:rPr>'), "Seen"),
        ("<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r></w:p>", "a\tb\nc"),
        ("<w:p><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:r><w:t>new</w:t></w:r></w:p>", "new"),
        ("<w:p><w:r><w:instrText>PAGE</w:instrText><w:t>1</w:t></w:r></w:p>", "1"),
        (f"<w:p><w:r><w:t>Before</w:t></w:r><w:r>{BOX}</w:r><w:r><w:t> after</w:t></w:r></w:p>", "In a box\nBefore after"),
        (
            f"<w:p><w:r><mc:AlternateContent><mc:Choice>{BOX}</mc:Choice><mc:Fallback>{BOX}</mc:Fallback></mc:AlternateContent></w:r></w:p>",
            "In a box",
        ),
        (
            "<w:tbl><w:tr><w:tc>" + paragraph("An die") + paragraph("Acme GmbH") + "</w:tc><w:tc>"
            + paragraph("Zeichen: 1") + "</w:tc></w:tr></w:tbl>",
            "An die\nAcme GmbH\n\nZeichen: 1",
        ),
    ],
)  # fmt: skip
def test_word_shows_what_is_seen(papers: PaperReader, xml: str, shown: str) -> None:
    assert papers(kinds.ZIPPED, raw_word(xml)).text.strip() == shown


def test_notes_at_the_foot_and_heads_of_first_pages_are_read_once(papers: PaperReader) -> None:
    note = f'<w:footnotes xmlns:w="{office_files.WORD_XML}">{paragraph("A note.")}</w:footnotes>'.encode()
    head = f'<w:hdr xmlns:w="{office_files.WORD_XML}">{paragraph("Head")}</w:hdr>'.encode()
    data = raw_word(paragraph("Letter"), footnotes=note, header1=head, header2=head)
    assert papers(kinds.ZIPPED, data).text == "Head\n\nLetter\n\nA note."


def test_paragraphs_stand_apart_and_lines_of_an_address_do_not(papers: PaperReader) -> None:
    data = word(["Acme Retail Ltd", "1 High Street", "Dear Sir or Madam", "A complaint reached us.", "Yours"])
    assert papers(kinds.ZIPPED, data).text == (
        "Acme Retail Ltd\n1 High Street\nDear Sir or Madam\n\nA complaint reached us.\n\nYours"
    )


def test_a_scan_pasted_into_word_is_said_to_be_one(papers: PaperReader) -> None:
    with zipfile.ZipFile(BytesIO(raw_word(paragraph("")))) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    found = papers(kinds.ZIPPED, archive(files | {"word/media/image1.png": png(50, 50)}))
    assert (found.problem, found.unread) == ("holds next to no text; it shows images", True)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (rb"{\rtf1\ansi Stra\'dfe \'80 5\par}", "Straße € 5"),
        (rb"{\rtf1\ansi{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset238 B;}}\f1 \'b3\'f3d\'9f \f0 \'e9}", "łódź é"),
        (rb"{\rtf1\uc1 \u8364?\uc2 \u8364\'20\'20x\u-10179?\u-8704?}", "€€x\U0001f600"),
        (rb"{\rtf1{\header Head\par}{\footer Foot\par}Body}", "Head\n\nFoot\n\nBody"),
        (rb"{\rtf1{\*\generator x}{\info{\title t}}{\pict 00ff}seen{\v hidden}{\deleted gone}}", "seen"),
        (rb"{\rtf1{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}\cell b\row}", "link\tb"),
        (rb"{\rtf1{\shp{\*\shpinst{\sp{\sn a}{\sv 1}}{\shptxt Box\par}}{\shprslt Box}}}", "Box"),
        (rb"{\rtf1\bin5 {{{{{after}", "after"),
        (rb"{\rtf1\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 one{\*\htmltag72 </p>}\htmlrtf\par}\htmlrtf0 two}", "onetwo"),
        (rb"{\rtf1 end} behind", "end"),
    ],
)  # fmt: skip
def test_rich_text_shows_what_is_seen(papers: PaperReader, source: bytes, shown: str) -> None:
    assert papers(kinds.RTF, source).text == shown


# --- what cannot be read ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.pdf", locked(), "a.pdf is locked by a password"),
        ("a.zip", archive({"letter.txt": b"x"}, locked=True), "a.zip is locked by a password"),
        ("a.docx", compound({"EncryptedPackage": bytes(5_000), "EncryptionInfo": bytes(5_000)}), "a.docx is locked by a password"),
        ("a.doc", old_word("secret", locked=True), "a.doc is locked by a password"),
        ("a.zip", archive({}), "a.zip is an empty archive"),
        ("a.xlsx", archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<x/>"}), "a.xlsx was not read"),
        ("a.xls", compound({"Workbook": bytes(5_000)}), "a.xls was not read"),
        ("a.docx", word([""]), "a.docx holds no text"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", "a.7z was not read"),
        ("a.pdf", scanned(""), "a.pdf holds no text layer; it is an image of 1 page"),
        ("scan.png", png(), "scan.png is an image and was not read"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_cannot_be_read_is_told_and_known_to_be_unread(
    papers: PaperReader, name: str, data: bytes, told: str
) -> None:
    found = opened(papers, name, data)
    assert found.problems == (told,)
    assert found.unread == (name,)


def test_one_locked_file_in_an_archive_is_told_and_the_others_are_read(papers: PaperReader) -> None:
    mixed = bytearray(archive({"a.txt": b"readable", "b.txt": b"locked"}))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        mixed[mixed.rfind(mark) + flags] |= 1
    found = opened(papers, "a.zip", bytes(mixed))
    assert texts(found) == {"attachment:a.zip/a.txt": "readable"}
    assert found.problems == ("a.zip holds what was not read: b.txt is locked by a password",)
    assert found.unread == ("a.zip",)


@pytest.mark.parametrize(
    ("name", "kind", "size"),
    [("logo.png", "image/png", 60), ("smime.p7s", "application/octet-stream", 60), ("invite.ics", "text/calendar", 60)],
)  # fmt: skip
def test_what_holds_no_letter_is_not_missed(papers: PaperReader, name: str, kind: str, size: int) -> None:
    found = read_mail(mail_with((name, png(size, size)), kind=kind), papers=papers)
    assert found.unread == ()


def test_an_image_shown_amid_the_text_is_no_scanned_letter(papers: PaperReader) -> None:
    letter = EmailMessage()
    letter["From"] = "a@x.example"
    letter.set_content("<p>Thanks</p><img src=cid:logo>", subtype="html")
    letter.add_related(png(), "image", "png", cid="<logo>", filename="banner.png")
    letter.add_related(png(), "image", "png", cid="<f_1>", filename="scan.png")
    assert read_mail(bytes(letter), papers=papers).unread == ("scan.png",)


def test_what_was_recognised_is_marked() -> None:
    read = read_mail(
        mail_with(("scan.png", png())), papers=lambda *_: Paper(text="Dear Sir", by_ocr=True, problem="was read by OCR")
    )  # fmt: skip
    assert texts(read) == {"attachment:scan.png (OCR)": "Dear Sir"}
    assert (read.unread, read.problems) == ((), ("scan.png was read by OCR",))


# --- hostile files ---------------------------------------------------------------------------

MANY = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
LAUGHS = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "lol">{MANY}]>'


def outside(uri: str) -> str:
    return f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "{uri}">]>'


def nested(depth: int) -> bytes:
    data = b"at the bottom"
    for _ in range(depth):
        data = archive({"deeper.zip" if data.startswith(b"PK") else "letter.txt": data})
    return data


def lying(data: bytes) -> bytes:
    """An archive that says its file is small."""
    size = (64 << 20).to_bytes(4, "little")
    return data.replace(size, (100).to_bytes(4, "little"))


HOSTILE: dict[str, Callable[[], bytes]] = {
    "high ratio.zip": lambda: archive({"a.txt": bytes(64 << 20)}),
    "lying.zip": lambda: lying(archive({"a.txt": bytes(64 << 20)})),
    "many.zip": lambda: archive({f"{n}.txt": b"x" for n in range(20_000)}),
    "wide.zip": lambda: archive({f"{n}.txt": random.Random(n).randbytes(1 << 20) for n in range(20)} | {"b": bytes(30 << 20)}),
    "nested.zip": lambda: nested(30),
    "fan.zip": lambda: archive({f"{n}.zip": archive({f"{m}.zip": archive({"a.txt": b"x"}) for m in range(40)}) for n in range(40)}),
    "laughs.docx": lambda: raw_word(paragraph("&l9;"), prolog=LAUGHS),
    "file.docx": lambda: raw_word(paragraph("&x;"), prolog=outside("file:///etc/passwd")),
    "net.docx": lambda: raw_word(paragraph("&x;"), prolog=outside("http://127.0.0.1:9/x")),
    "bomb.docx": lambda: raw_word(paragraph("A" * (60 << 20))),
    "deep.docx": lambda: raw_word("<w:p>" * 100_000),
    "tables.docx": lambda: raw_word("<w:tbl><w:tr><w:tc>" * 150 + paragraph("x") + "</w:tc></w:tr></w:tbl>" * 150),
    "attributes.docx": lambda: raw_word("<w:p " + " ".join(f'a{n}="1"' for n in range(200_000)) + "/>"),
    "laughs.odt": lambda: archive({"mimetype": b"x", "content.xml": (LAUGHS + "<w>&l9;</w>").encode()}),
    "deep.rtf": lambda: b"{\\rtf1 " + b"{" * 2_000_000,
    "closed.rtf": lambda: b"{\\rtf1 " + b"}" * 2_000_000,
    "words.rtf": lambda: b"{\\rtf1 " + b"\\par" * 2_000_000,
    "bin.rtf": lambda: b"{\\rtf1 \\bin9999999999 x}",
    "numbers.rtf": lambda: b"{\\rtf1\\uc-9999999999\\u9999999999 x\\f-99999 y\\ansicpg-5\\ansicpg99999 z}",
    "backslashes.rtf": lambda: b"{\\rtf1 " + b"\\" * 3_000_001,
    "garbage.winmail.dat": lambda: b"\x78\x9f\x3e\x22" + random.Random(1).randbytes(200_000),
    "lengths.winmail.dat": lambda: b"\x78\x9f\x3e\x22\0\0" + b"\x01\x00\x00\x00\x00\x00\x00\x00\x00" * 50_000,
    "loop.msg": lambda: loop(msg(sender=("a", "a@x.example"), subject="s", text="x" * 9_000)),
    "garbage.msg": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(2).randbytes(100_000),
    "matryoshka.msg": lambda: matryoshka(12),
}  # fmt: skip


def loop(data: bytes) -> bytes:
    """Every sector that follows another is the first one."""
    out = bytearray(data)
    place = out.find((1).to_bytes(4, "little") + (2).to_bytes(4, "little") + (3).to_bytes(4, "little"))
    if place > 0:
        out[place : place + 40] = bytes(40)
    return bytes(out)


def matryoshka(depth: int) -> bytes:
    streams = message_streams(sender=("a", "a@x.example"), subject="s", text="bottom", embedded=True)
    for _ in range(depth):
        outer = message_streams(sender=("a", "a@x.example"), subject="s", embedded=True)
        outer["__attach_version1.0_#00000000/__properties_version1.0"] = bytes(8)
        place = "__attach_version1.0_#00000000/__substg1.0_3701000D"
        streams = outer | {f"{place}/{path}": data for path, data in streams.items()}
    return msg(sender=("a", "a@x.example"), subject="s", wrapped=streams)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_built_to_harm_does_none(papers: PaperReader, name: str) -> None:
    raw = mail_with((name, HOSTILE[name]()))
    began = time.monotonic()
    found = read_mail(raw, papers=papers)
    assert time.monotonic() - began < 15
    said = " ".join(texts(found).values())
    assert len(said) < 1_000_000
    assert "root:" not in said
    assert "lollol" not in said
    assert "still here" in opened(papers, "next.pdf", pdf_with("still here")).passages[-1].text


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("high ratio.zip", "high ratio.zip holds what was not read: a.txt unpacks to more than a letter holds and was not read"),
        ("many.zip", "many.zip holds 20000 files and was not read"),
        ("laughs.docx", "laughs.docx declares a document type, as no letter does, and was not read"),
        ("file.docx", "file.docx declares a document type, as no letter does, and was not read"),
        ("bomb.docx", "bomb.docx unpacks to more than a letter holds and was not read"),
        ("deep.docx", "deep.docx nests deeper than 500 elements and was not read"),
        ("deep.rtf", "deep.rtf nests deeper than any letter and was not read"),
        ("garbage.msg", "garbage.msg is damaged and could not be read"),
    ],
)  # fmt: skip
def test_what_a_bomb_is_refused_for_is_told(papers: PaperReader, name: str, told: str) -> None:
    found = opened(papers, name, HOSTILE[name]())
    assert found.problems == (told,)
    assert found.unread == (name,)


def test_archives_in_archives_end_at_the_depth_of_mails(papers: PaperReader) -> None:
    found = opened(papers, "nested.zip", nested(30))
    [problem] = found.problems
    assert problem.endswith("stands more than 4 mails deep and was not read")
    assert found.unread


@pytest.mark.parametrize("name", [name for name in GOLDEN if "." in name and not name.endswith(("txt", "csv", "html", "eml", "p7m"))])  # fmt: skip
def test_a_file_that_was_cut_off_or_damaged_is_survived(papers: PaperReader, name: str) -> None:
    whole = GOLDEN[name]()
    chance = random.Random(name)
    for _ in range(12):
        cut = whole[: chance.randrange(8, len(whole))]
        damaged = bytearray(whole)
        for _ in range(20):
            damaged[chance.randrange(8, len(damaged))] = chance.randrange(256)
        for data in (cut, bytes(damaged)):
            opened(papers, name, data)
    assert opened(papers, name, whole).unread == ()


def test_all_papers_of_a_mail_share_one_time(papers: PaperReader) -> None:
    spent: list[float] = []

    def slow(kind: str, data: bytes, seconds: float) -> Paper:
        spent.append(seconds)
        return Paper(text="x", seconds=15.0)

    found = read_mail(mail_with(*((f"{n}.pdf", b"%PDF-") for n in range(5))), papers=slow)
    assert spent == [40.0, 25.0, 10.0]
    assert found.unread == ("3.pdf", "4.pdf")


def test_tests_write_what_others_can_read() -> None:
    import extract_msg  # noqa: PLC0415 -- warns when it is imported
    from tnefparse import TNEF  # noqa: PLC0415 -- needed here alone

    with extract_msg.openMsg(msg(sender=("Ada", "ada@x.example"), subject="s", text="hello")) as other:
        assert (other.subject, other.body) == ("s", "hello")
    packed = TNEF(tnef(html=b"<p>hello</p>", rtf=rtf("hello"), attachments=[("a.pdf", b"%PDF")]))
    assert (packed.htmlbody, packed.attachments[0].name, packed.attachments[0].data) == (
        b"<p>hello</p>",
        "a.pdf",
        b"%PDF",
    )
    assert packed.rtfbody == rtf("hello")
