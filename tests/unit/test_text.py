"""Markup, charsets and PDFs become text, whatever they are made of."""

import sys
import threading
import time
import zlib
from collections.abc import Iterator

import pytest

from complaints.inbox.pdf import MAX_BYTES
from complaints.inbox.text import PdfReader, clean_line, decode_text, html_to_text, pdf_to_text


def pdf_with(*pages: str) -> bytes:
    """A PDF with one page a text; an empty text makes a page without a text layer."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    kids = []
    for page in pages:
        lines = page.split("\n") if page else []
        content = b" ".join(
            b"BT /F1 11 Tf 50 %d Td (%s) Tj ET" % (800 - 14 * n, t.encode()) for n, t in enumerate(lines)
        )
        stream = zlib.compress(content)
        objects.append(b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream))
        kids.append(len(objects) + 1)
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>"
            % len(objects)
        )
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (
        len(kids),
        b" ".join(b"%d 0 R" % kid for kid in kids),
    )
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


# A stand-in worker that answers at once, hangs or dies, as the file's first word says.
STAND_IN = """
import sys, time, json
while len(head := sys.stdin.buffer.read(8)) == 8:
    data = sys.stdin.buffer.read(int.from_bytes(head, "big"))
    if data.startswith(b"HANG"): time.sleep(600)
    if data.startswith(b"DIE"): sys.exit(3)
    if data.startswith(b"LIE"): sys.stdout.buffer.write(b"\\xff" * 64); sys.stdout.flush(); continue
    out = json.dumps({"text": data.decode(), "pages": 1, "problem": ""}).encode()
    sys.stdout.buffer.write(len(out).to_bytes(8, "big") + out); sys.stdout.flush()
"""


@pytest.fixture(scope="module")
def reader() -> Iterator[PdfReader]:
    reader = PdfReader()
    yield reader
    reader.close()


@pytest.fixture
def stand_in() -> Iterator[PdfReader]:
    reader = PdfReader(seconds=2, worker=[sys.executable, "-S", "-c", STAND_IN])
    yield reader
    reader.close()


def test_a_pdf_gives_its_text_page_by_page(reader: PdfReader) -> None:
    result = reader(pdf_with("Trustpilot A/S\nIC-372500-S1A1", "second page"))
    assert [line.strip() for line in result.text.split("\n") if line.strip()] == [
        "Trustpilot A/S",
        "IC-372500-S1A1",
        "second page",
    ]
    assert (result.pages, result.problem) == (2, "")


def test_a_pdf_of_images_alone_is_said_to_hold_no_text(reader: PdfReader) -> None:
    assert reader(pdf_with("", "")).problem == "holds no text layer"


def test_pages_beyond_the_thirtieth_are_not_read_and_said_so(reader: PdfReader) -> None:
    result = reader(pdf_with(*(f"page {n}" for n in range(1, 41))))
    assert "page 30" in result.text
    assert "page 31" not in result.text
    assert result.problem == "was read up to page 30 of 40"


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"\0" * 10_000, pdf_with("x")[:300]])
def test_a_damaged_pdf_is_a_problem_and_the_next_one_is_read(reader: PdfReader, data: bytes) -> None:
    assert reader(data).problem in {"is damaged and could not be read", "holds no text layer"}
    assert "still here" in reader(pdf_with("still here")).text


def test_an_oversized_pdf_is_not_even_sent_to_the_worker(stand_in: PdfReader) -> None:
    assert stand_in(b"x" * (MAX_BYTES + 1)).problem == "is larger than 25 MB and was not read"


def test_a_worker_is_reused(stand_in: PdfReader) -> None:
    stand_in(b"one")
    first = stand_in._process
    stand_in(b"two")
    assert first is not None
    assert stand_in._process is first


def test_a_file_that_hangs_costs_its_worker_and_not_the_next_file(stand_in: PdfReader) -> None:
    stand_in(b"warm")
    hung = stand_in._process
    result = stand_in(b"HANG")
    assert (result.problem, result.timed_out) == ("could not be read within 2 s", True)
    assert hung is not None
    assert hung.returncode == -9
    assert stand_in(b"next").text == "next"


def test_a_pdf_built_to_keep_the_library_busy_is_given_up() -> None:
    reader = PdfReader(seconds=0.4)
    reader(pdf_with("warm"))
    result = reader(pdf_with("\n".join(["a" * 80] * 400_000)))
    assert (result.timed_out, result.problem) == (True, "could not be read within 0.4 s")
    assert "still here" in reader(pdf_with("still here")).text
    reader.close()


def test_a_file_larger_than_the_pipe_cannot_block_past_the_time() -> None:
    reader = PdfReader(seconds=0.5, worker=[sys.executable, "-S", "-c", "import time; time.sleep(600)"])
    assert reader(b"x" * 5_000_000).timed_out
    reader.close()


@pytest.mark.parametrize("data", [b"DIE", b"LIE"])
def test_a_worker_that_dies_or_lies_is_replaced(stand_in: PdfReader, data: bytes) -> None:
    assert stand_in(data).problem == "is damaged and could not be read"
    assert stand_in(b"next").text == "next"


def test_a_reader_that_cannot_start_says_so() -> None:
    assert "did not start" in PdfReader(worker=["/nonexistent/worker"])(b"x").problem


def test_several_threads_share_one_worker_without_mixing_answers(stand_in: PdfReader) -> None:
    answers: dict[int, str] = {}

    def read(number: int) -> None:
        answers[number] = stand_in(f"file {number}".encode()).text

    threads = [threading.Thread(target=read, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {n: f"file {n}" for n in range(20)}


def test_one_pdf_can_be_read_without_keeping_a_worker() -> None:
    assert "once" in pdf_to_text(pdf_with("once"))


# --- HTML ----------------------------------------------------------------------------------


def test_a_page_becomes_lines_and_cells() -> None:
    html = "<p>Dear\n Sirs</p>one<br>two<table><tr><td>Name</td><td>Globus &amp; Co</td></tr></table>"
    assert html_to_text(html) == "Dear Sirs\none\ntwo\n\nName\tGlobus & Co"


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>SECRET</script>",
        "<style>SECRET</style>",
        "<title>SECRET</title>",
        '<div style="color:red; DISPLAY : none">SECRET</div>',
        '<span style="font-size:0px">SECRET</span>',
        '<span style="visibility:hidden"><b>SECRET</b></span>',
        "<p hidden>SECRET</p>",
        "<!-- SECRET -->",
        '<a title="a > SECRET">',
    ],
)
def test_what_nobody_sees_is_left_out(hidden: str) -> None:
    assert html_to_text(f"<p>seen</p>{hidden}<p>too</p>").split() == ["seen", "too"]


def test_small_print_is_still_read() -> None:
    assert html_to_text('<span style="font-size:0.8em">small</span>') == "small"


def test_quotations_of_earlier_mails_are_marked() -> None:
    html = 'New<blockquote type="cite"><p>old</p></blockquote>after<blockquote>indented</blockquote>'
    lines = [line for line in html_to_text(html).split("\n") if line.strip(" >")]
    assert lines == ["New", "> old", "after", "indented"]


BOMBS = [
    "<div>" * 200_000,
    "</div>" * 60_000 + "<div>" * 60_000,
    "<a " * 100_000,
    '<a href="' * 60_000,
    "<" * 300_000,
    "<!--" * 80_000,
    "<b></i>" * 60_000,
    "<blockquote type=cite>" * 4_000 + "x",
    '<p style="display:none">' * 30_000,
    "&amp" * 100_000,
]


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: bomb[:12])
def test_markup_built_to_keep_a_parser_busy_does_not(bomb: str) -> None:
    began = time.process_time()
    html_to_text(bomb)
    assert time.process_time() - began < 5


# --- charsets ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "charset", "text", "problem"),
    [
        ("Äußerung".encode(), "utf-8", "Äußerung", ""),
        ("Äußerung".encode("latin-1"), "iso-8859-1", "Äußerung", ""),
        ("Äußerung".encode("cp1252"), "utf-8", "Äußerung", "is not utf-8 as declared; read as cp1252"),
        ("Äußerung".encode(), "iso-8859-1", "Äußerung", "declared as iso-8859-1 but is utf-8"),
        ("Äußerung".encode(), "x-klingon", "Äußerung", "is not x-klingon as declared"),
        ("Äußerung".encode(), "", "Äußerung", ""),
        ("“quoted”".encode("cp1252"), "us-ascii", "“quoted”", ""),
        ("Żółw".encode("iso-8859-2"), "ISO-8859-2", "Żółw", ""),
        ("жалоба".encode("koi8-r"), "koi8-r", "жалоба", ""),
        ("日本".encode("iso-2022-jp"), "iso-2022-jp", "日本", ""),
        ("text".encode("utf-16"), "utf-16", "text", ""),
        (b"abc" * 9, "punycode", "abc" * 9, ""),
        ("Ende: äöü".encode("latin-1"), "iso-8859-1", "Ende: äöü", ""),
        ("жалоба".encode("cp1251"), "x-cp-1251", "жалоба", ""),
        ("жалоба".encode("cp1251"), "win-1251", "жалоба", ""),
        ("日本①".encode("cp932"), "shift_jis", "日本①", ""),
        ("한글".encode("cp949"), "ks_c_5601-1987", "한글", ""),
        ("日本".encode("iso-2022-jp"), "", "日本", ""),
        (b"~{VPND~}", "hz-gb-2312", "中文", ""),
        ("Größe;1".encode("utf-16"), "", "Größe;1", ""),
        (b"Dear Sirs", "utf-16", "Dear Sirs", ""),
        ("Grüße".encode(), '"utf-8";', "Grüße", ""),
        (
            ("中" * 40).encode("gb18030") + b"\xff" + ("文" * 40).encode("gb18030"),
            "gb2312",
            "中" * 40 + "\ufffd" + "文" * 40,
            "holds 1 broken gb18030 characters",
        ),
        (("ü" * 50).encode() + b"\xff" + ("ü" * 50).encode(), "utf-8", "ü" * 50 + "\ufffd" + "ü" * 50, None),
    ],
)
def test_charsets_are_believed_only_where_they_hold(
    data: bytes, charset: str, text: str, problem: str | None
) -> None:
    decoded, noted = decode_text(data, charset)
    assert decoded == text
    assert problem is None or noted == problem


@pytest.mark.parametrize(
    "charset", ["idna", "punycode", "unicode_escape", "zlib", "\0", "x" * 5000, "../../etc", "utf-7"]
)
@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"xn--" * 50_000 + b"\xff", b"+2AA-"])
def test_no_declared_charset_breaks_or_slows_decoding(charset: str, data: bytes) -> None:
    began = time.process_time()
    text, _ = decode_text(data, charset)
    assert isinstance(text, str)
    assert time.process_time() - began < 2


def test_a_line_keeps_no_control_and_no_override() -> None:
    assert clean_line("a\r\nBcc: b\0\x1b\u202ecod.exe\u2066\t c\ud800 ") == "a Bcc: bcod.exe c"
