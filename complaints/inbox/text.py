"""Bytes and markup -> readable text."""

import codecs
import re
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser

MAX_HTML = 1_000_000
"""Characters of markup that are read; what is behind them is not."""

# Controls, soft hyphens and zero-width marks split words unseen; overrides of direction show a text
# that is not there; half surrogates cannot be stored.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
# Joiners have their place in Persian and among emoji, none between Latin letters.
_JOINERS = re.compile("(?<=[A-Za-z])[\u200c\u200d]+(?=[A-Za-z])")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\u2028\u2029]")
_BLANKS = re.compile(r"\s+")

# Only these: other codecs of Python are slow on purpose-made input (punycode) or no charsets at all.
_KNOWN_CHARSET = re.compile(
    r"(?:us-?)?ascii|utf[-_]?(?:7|8|16|32)(?:-?[bl]e)?|iso[-_]?8859[-_]?\d{1,2}|latin-?\d{1,2}|tis-?620"
    r"|cp\d{3,5}|koi8-?[rut]|gb(?:2312|k|18030)|big5(?:-?hkscs)?|euc-?(?:jp|kr)"
    r"|iso-2022-(?:jp(?:-[123])?|kr)|shift[-_]?jis|ks_c_5601-1987|hz|mac-?(?:roman|cyrillic|greek|latin2)"
)
# What the web reads these as (WHATWG Encoding Standard): a superset that mailers in fact send.
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "tis-620": "cp874",
}
_SEVEN_BIT = ("utf-7", "iso2022", "hz", "utf-16", "utf-32")
# Names that no standard knows and mailers write.
_MISNAMED = {
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "unicode": "utf-8",
    "ansi_x3.4-1968": "us-ascii",
    "iso646-us": "us-ascii",
    "ansi": "cp1252",
    "8859-1": "iso-8859-1",
    "x-sjis": "cp932",
    "ms_kanji": "cp932",
    "ms932": "cp932",
    "windows-31j": "cp932",
    "cswindows31j": "cp932",
    "x-euc-jp": "euc-jp",
    "x-gbk": "gbk",
    "x-big5": "big5",
    "hz-gb-2312": "hz",
    "ks_c_5601": "cp949",
    "ksc5601": "cp949",
    "ks_c_5601-1987": "cp949",
    "x-windows-949": "cp949",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
}
_ONE_BYTE_LATIN = {"cp1252", "cp1254"}
_JAPANESE = (b"\x1b$B", b"\x1b$@")
_CODE_PAGE = re.compile(r"\A(?:x-)?(?:windows|win|cp|ibm)[-_]?(?=\d)")
_LONG = 200_000
"""Bytes from which on a text may be one that was cut, its last character with it."""


def clean_text(text: str) -> str:
    """Make line ends plain and take out what nobody can see."""
    return _seen(_LINE_ENDS.sub("\n", text))


def clean_line(text: str) -> str:
    """Make one line of it: no CR, LF, NUL, control or direction override survives."""
    return _seen(_BLANKS.sub(" ", text)).strip()


def _seen(text: str) -> str:
    bare = _UNSEEN.sub("", text)
    return _JOINERS.sub("", bare) if "\u200c" in bare or "\u200d" in bare else bare


def decode_text(data: bytes, charset: str) -> tuple[str, str]:
    """Decode as declared, else as UTF-8, else as cp1252; never fails.

    Returns:
        the text, and what was wrong with the declaration (empty when nothing was).
    """
    codec = _shown(data) or _codec(charset.strip().lower())
    seven_bit = (codec or "").startswith(_SEVEN_BIT)
    if data.isascii() and not (seven_bit and _may_be(codec, data)):
        return data.decode("ascii"), ""
    utf8 = _utf8(data)
    if codec is None or (codec == "utf-8" and utf8 is None) or not _may_be(codec, data):
        return _undeclared(data, utf8, charset)
    if utf8 is not None and not codec.startswith("utf") and not seven_bit:
        # Text of another charset is next to never valid UTF-8 by chance.
        return utf8, f"declared as {clean_line(charset)[:40]} but is utf-8"
    try:
        return data.decode(codec), ""
    except UnicodeError:
        return _mended(data, codec) or _undeclared(data, utf8, charset)


def _shown(data: bytes) -> str | None:
    """The charset that the bytes show by themselves, whatever is declared."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) and len(data) % 2 == 0 and b"\0" in data:
        return "utf-16"  # as Windows saves "Unicode" text
    return "iso2022_jp" if any(mark in data[:_LONG] for mark in _JAPANESE) else None


def _may_be(codec: str | None, data: bytes) -> bool:
    """Whether it is possible at all: letters and spaces of UTF-16 have NULs beside them."""
    return codec is None or not codec.startswith(("utf-16", "utf-32")) or b"\0" in data


def _mended(data: bytes, codec: str) -> tuple[str, str] | None:
    """As declared but for a few damaged characters, or None where they are many."""
    mended = data.decode(codec, "replace")
    lost = mended.count("\ufffd")
    if codec in _ONE_BYTE_LATIN or lost * 20 > sum(map(_beyond_ascii, mended)):
        return None
    return mended, f"holds {lost} broken {codec} characters"


def _undeclared(data: bytes, utf8: str | None, charset: str) -> tuple[str, str]:
    declared = clean_line(charset)[:40]
    complaint = f"is not {declared} as declared" if declared else "has no charset"
    if utf8 is not None:
        return utf8, complaint if declared else ""
    patched = data.decode("utf-8", "replace")
    lost = patched.count("\ufffd")
    if lost * 4 < sum(map(str.isalpha, filter(_beyond_ascii, patched))):
        return patched, f"holds {lost} broken utf-8 characters"
    return data.decode("cp1252", "replace"), f"{complaint}; read as cp1252"


def _beyond_ascii(character: str) -> bool:
    return character > "\x7f"


def _utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # The last character may be cut in two where a long text was; a short text that ends so is of another charset.
        is_cut = error.reason == "unexpected end of data" and len(data) >= _LONG
        return data[: error.start].decode("utf-8") if is_cut else None


@lru_cache(maxsize=256)
def _codec(charset: str) -> str | None:
    bare = charset.strip("\"' ;").removesuffix("-i").removesuffix("-e")
    known = _MISNAMED.get(bare, _CODE_PAGE.sub("cp", bare))
    if not _KNOWN_CHARSET.fullmatch(known):
        return None
    try:
        name = codecs.lookup(known).name
    except LookupError:
        return None
    return _MEANT.get(name, name)


# --- HTML ----------------------------------------------------------------------------------

_NEVER_SHOWN = [
    "script",
    "style",
    "head",
    "title",
    "template",
    "noscript",
    "noembed",
    "noframes",
    "iframe",
    "xmp",
]
_MAX_DEPTH = 5_000
_OPENING = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_NEVER_DEEP = frozenset(
    {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "p", "source", "wbr"}
)
_MAX_ATTRIBUTES = 3_000
_EMBEDDED = re.compile(r"""(?:"data:[^"<>]*+"|'data:[^'<>]*+')""", re.IGNORECASE)
# A look-ahead never gives back what it took, which possessive groups do not do before Python 3.11.5.
_WHOLE_TAG = re.compile(
    r"""[a-z/](?=(?P<run>(?:[^>=]|=\s*+"[^"]*+"|=\s*+'[^']*+'|=(?!\s*["']))*))(?P=run)>|[^a-z/]""",
    re.IGNORECASE,
)
_BETWEEN_ATTRIBUTES = re.compile(r"[\s/][^\s/]")
_CITED = 'blockquote[type="cite"], blockquote[cite], blockquote.gmail_quote'
_HIDING_WORDS = ("none", "hidden", "mso-hide", "opacity", "transparent", "max-height", ":-", ": -", "scale(")
_NO_SIZE = re.compile(r"font-size\s*:\s*0")
_HIDES = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:[;!]|$)"
    r"|opacity\s*:\s*0?\.?0+\s*(?:[;!]|$)|color\s*:\s*transparent|max-height\s*:\s*0(?:px)?\s*(?:[;!]|$)"
    r"|(?:left|right|top|text-indent|margin-left)\s*:\s*-\d{3,6}(?:px|em|pt|%)|scale\(\s*0\s*\)",
    re.IGNORECASE,
)
_NOT_TEXT = re.compile(r"<!--.*?-->|<!doctype[^>]*>", re.DOTALL | re.IGNORECASE)
_PREFORMATTED = re.compile(r"<pre\b.*?</pre>", re.DOTALL)
_LINE = re.compile(
    r"</?(?:address|article|aside|blockquote|body|br|center|dd|div|dl|dt|fieldset|figure|footer|form|h[1-6]"
    r'|header|hr|li|main|nav|ol|p|pre|section|table|tr|ul)\b(?=(?P<run>(?:"[^"]*+"|[^"<>])*))(?P=run)>'
)
_CELL = re.compile(r"</t[dh]>")
_TAG = re.compile(r'</?[a-z](?=(?P<run>(?:"[^"]*+"|[^"<>])*))(?P=run)>', re.IGNORECASE)
_SPACED_LINE_END = re.compile(r" *\n *")
_MANY_LINES = re.compile(r"\n{3,}")
_ENTITIES = (("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&"))
# Private-use characters stand for the ends of a quotation while tags are taken out.
_OPEN, _CLOSE = "\ue0f0", "\ue0f1"


def html_to_text(html: str) -> str:
    """Return what a reader of the page sees, line by line; table cells are parted by tabs.

    Scripts, styles and hidden elements are left out (hidden by attribute or their own style; the
    rules of a style sheet are not followed). Quotations of earlier mails get ``> `` before their lines.
    """
    markup = html[:MAX_HTML].replace("\0", "").replace(_OPEN, "").replace(_CLOSE, "")
    if _is_nested_beyond_reason(markup) or _has_a_tag_beyond_reason(markup):
        return _strip_markup(markup)
    tree = LexborHTMLParser(markup)
    tree.strip_tags(_NEVER_SHOWN)
    if _may_hide(markup.lower()):
        _drop_hidden(tree)
    _mark_quotations(tree)
    return _quoted(_strip_markup(tree.html or ""))


def _is_nested_beyond_reason(markup: str) -> bool:
    """Whether the parser, whose time grows with the square of the depth, would be kept busy by design."""
    if markup.count("<") <= _MAX_DEPTH:
        return False
    depth, open_tags = 0, dict[str, int]()
    for closing, tag in _OPENING.findall(markup.lower()):
        here = open_tags.get(tag, 0)
        if tag in _NEVER_DEEP or (closing and not here):
            continue
        open_tags[tag] = here + (-1 if closing else 1)
        depth += -1 if closing else 1
        if depth > _MAX_DEPTH:
            return True
    return False


def _has_a_tag_beyond_reason(markup: str) -> bool:
    """Whether one tag has so many attributes that the parser, which compares each with all, is kept busy by design."""
    is_open = False
    for piece in _EMBEDDED.sub('""', markup).split("<")[1:]:
        tag = _WHOLE_TAG.match(piece)
        # Where a value holds "<", nobody can tell cheaply where its tag ends: all of the piece is suspected.
        suspect = piece if is_open or tag is None else tag[0]
        is_open = ">" not in piece if is_open else tag is None and piece[:1].isalpha()
        if len(suspect) > _MAX_ATTRIBUTES and _attributes(suspect) > _MAX_ATTRIBUTES:
            return True
    return False


def _attributes(tag: str) -> int:
    return len(_BETWEEN_ATTRIBUTES.findall(tag)) + tag.count('"') // 2 + tag.count("'") // 2


def _may_hide(lowered: str) -> bool:
    return any(word in lowered for word in _HIDING_WORDS) or _NO_SIZE.search(lowered) is not None


def _drop_hidden(tree: LexborHTMLParser) -> None:
    for node in tree.css("[style], [hidden]"):
        style = node.attributes.get("style") or ""
        if "hidden" in node.attributes or _HIDES.search(style):
            node.decompose()


def _mark_quotations(tree: LexborHTMLParser) -> None:
    for node in tree.css(_CITED):
        node.insert_before(_OPEN)
        node.insert_after(_CLOSE)


def _strip_markup(markup: str) -> str:
    # The tree was written out anew, so tags are closed and values quoted; no pattern looks past the next "<"
    # outside of quotes, or hostile markup would cost the square of its length.
    kept = _PREFORMATTED.sub(_keep_lines, _NOT_TEXT.sub("", markup))
    lines = _LINE.sub("\n", " ".join(kept.split()))
    text = _TAG.sub("", _CELL.sub("\t", lines))
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return _MANY_LINES.sub("\n\n", _SPACED_LINE_END.sub("\n", clean_text(text))).strip()


def _keep_lines(found: re.Match[str]) -> str:
    return found[0].replace("\n", "<br>")


def _quoted(text: str) -> str:
    if _OPEN not in text:
        return text
    depth, kept = 0, list[str]()
    for line in text.replace(_OPEN, f"\n{_OPEN}\n").replace(_CLOSE, f"\n{_CLOSE}\n").split("\n"):
        if line in {_OPEN, _CLOSE}:
            depth = max(0, depth + (1 if line == _OPEN else -1))
        else:
            kept.append("> " * min(depth, 5) + line)
    return _MANY_LINES.sub("\n\n", "\n".join(kept)).strip()
