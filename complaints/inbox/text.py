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
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\u2028\u2029]")
_BLANKS = re.compile(r"\s+")

# Only these: other codecs of Python are slow on purpose-made input (punycode) or no charsets at all.
_KNOWN_CHARSET = re.compile(
    r"(?:us-?)?ascii|utf-?(?:7|8|16|32)(?:-?[bl]e)?|iso[-_]?8859-?\d{1,2}|latin-?\d{1,2}|tis-?620"
    r"|(?:windows|cp|ibm)-?\d{3,5}|koi8-?[rut]|gb(?:2312|k|18030)|big5(?:-?hkscs)?|euc-?(?:jp|kr)"
    r"|iso-2022-(?:jp(?:-[123])?|kr)|shift[-_]?jis|ks_c_5601-1987|hz|mac-?(?:roman|cyrillic|greek|latin2)"
)
# What the web reads these as (WHATWG Encoding Standard): a superset that mailers in fact send.
_MEANT = {"ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030"}
_SEVEN_BIT = ("utf-7", "iso2022", "hz", "utf-16", "utf-32")


def clean_text(text: str) -> str:
    """Make line ends plain and take out what nobody can see."""
    return _UNSEEN.sub("", _LINE_ENDS.sub("\n", text))


def clean_line(text: str) -> str:
    """Make one line of it: no CR, LF, NUL, control or direction override survives."""
    return _UNSEEN.sub("", _BLANKS.sub(" ", text)).strip()


def decode_text(data: bytes, charset: str) -> tuple[str, str]:
    """Decode as declared, else as UTF-8, else as cp1252; never fails.

    Returns:
        the text, and what was wrong with the declaration (empty when nothing was).
    """
    codec = _codec(charset.strip().lower())
    if data.isascii() and not (codec or "").startswith(_SEVEN_BIT):
        return data.decode("ascii"), ""
    utf8 = _utf8(data)
    if codec is None or (codec == "utf-8" and utf8 is None):
        return _undeclared(data, utf8, charset)
    if utf8 is not None and not codec.startswith(("utf", *_SEVEN_BIT)):
        # Text of another charset is next to never valid UTF-8 by chance.
        return utf8, f"declared as {clean_line(charset)[:40]} but is utf-8"
    try:
        return data.decode(codec), ""
    except UnicodeError:
        return _undeclared(data, utf8, charset)


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
        # The last character may be cut in two where a long text was.
        return data[: error.start].decode("utf-8") if error.start > len(data) - 4 > 0 else None


@lru_cache(maxsize=256)
def _codec(charset: str) -> str | None:
    known = charset.removesuffix("-i").removesuffix("-e")
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
_CITED = 'blockquote[type="cite"], blockquote[cite], blockquote.gmail_quote'
_NO_SIZE = re.compile(r"font-size\s*:\s*0")
_HIDES = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:[;!]|$)",
    re.IGNORECASE,
)
_NOT_TEXT = re.compile(r"<!--.*?-->|<!doctype[^>]*>", re.DOTALL | re.IGNORECASE)
_PREFORMATTED = re.compile(r"<pre\b.*?</pre>", re.DOTALL)
_LINE = re.compile(
    r"</?(?:address|article|aside|blockquote|body|br|center|dd|div|dl|dt|fieldset|figure|footer|form|h[1-6]"
    r'|header|hr|li|main|nav|ol|p|pre|section|table|tr|ul)\b(?:"[^"]*+"|[^"<>])*+>'
)
_CELL = re.compile(r"</t[dh]>")
_TAG = re.compile(r'</?[a-z](?:"[^"]*+"|[^"<>])*+>', re.IGNORECASE)
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
    if _is_nested_beyond_reason(markup):
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


def _may_hide(lowered: str) -> bool:
    return (
        "none" in lowered
        or "hidden" in lowered
        or "mso-hide" in lowered
        or _NO_SIZE.search(lowered) is not None
    )


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
