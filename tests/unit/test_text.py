"""Markup and charsets become text, whatever they are made of."""

import time

import pytest

from complaints.inbox.text import clean_line, decode_text, html_to_text

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
