"""The header section of a mail: bytes -> decoded lines, addresses, ids, dates."""

import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from complaints.inbox.text import clean_line, decode_text
from complaints.model import Address

MAX_SECTION = 256 << 10
"""Bytes of a header section that are read."""
MAX_HEADERS = 500
MAX_VALUE = 16_000
"""Characters of one header's value that are kept."""
HIDDEN_TEXT = "From holds characters that hide or reorder its text"
"""The problem of a mail whose sender's name is not what it seems."""
_MAX_ADDRESSES = 200
_MAX_IDS = 100

_HEADER = re.compile(rb"[!-9;-~]{1,100}[ \t]*:")
# What shows that a line without a colon is damage amid headers and not the beginning of the text.
_SURELY_HEADER = re.compile(
    rb"^(?:content-type|from|to|subject|date|message-id|mime-version|received):", re.IGNORECASE | re.MULTILINE
)
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Headers:
    """The headers of a mail or a part, in order, values unfolded but not yet decoded."""

    lines: tuple[tuple[str, str], ...]
    problems: tuple[str, ...] = ()

    def first(self, name: str) -> str | None:
        """The raw value of the first header of this name (lower case), or None."""
        return next((value for key, value in self.lines if key.lower() == name), None)

    def every(self, name: str) -> list[str]:
        """The raw values of all headers of this name (lower case)."""
        return [value for key, value in self.lines if key.lower() == name]

    def spelled(self, charset: str) -> "Headers":
        """These headers, bytes that are no UTF-8 read as ``charset``: who writes them raw uses that of the text."""
        if not charset or all(value.isascii() for _, value in self.lines):
            return self
        return replace(self, lines=tuple((name, _respelled(value, charset)) for name, value in self.lines))


def _respelled(value: str, charset: str) -> str:
    raw = value.encode("utf-8", "surrogateescape")
    if value.isascii() or not _SURROGATE.search(value):
        return value
    text, problem = decode_text(raw, charset)
    return value if problem else text


def split_headers(raw: bytes, start: int, end: int) -> tuple[Headers, int]:
    """Read the header section at ``start``.

    Returns:
        the headers, and where the body begins.
    """
    ends, body = _section_end(raw, start, end)
    cut = min(ends, start + MAX_SECTION)
    problems = ["the header section was cut"] if cut < ends else []
    lines: list[list[bytes]] = []
    place = start
    for whole in raw[start:cut].split(b"\n"):
        # Nothing stands before the first header that a blank could continue.
        line = whole if lines else whole.lstrip(b" \t")
        if lines and line[:1] in {b" ", b"\t"}:
            lines[-1].append(line)
        elif _HEADER.match(line) is not None and len(lines) < MAX_HEADERS:
            lines.append([line])
        elif len(lines) == MAX_HEADERS:
            problems.append(f"headers after the first {MAX_HEADERS} were not read")
            break
        elif not _is_stray(line, seen=bool(lines), rest=raw[place:cut]):
            # As RFC 5322 knows no such line, the text has begun without the empty line before it.
            problems.append("no empty line parts headers and text")
            body = place
            break
        place += len(whole) + 1
    return Headers(tuple(_parted(header, problems) for header in lines), tuple(problems)), body


def _parted(lines: list[bytes], problems: list[str]) -> tuple[str, str]:
    # Surrogates carry raw bytes to where the value is read and its charset guessed.
    whole = b"".join(line.removesuffix(b"\r") for line in lines)
    name, _, value = whole[: MAX_VALUE + 100].decode("utf-8", "surrogateescape").partition(":")
    if len(whole) > MAX_VALUE:
        problems.append("an overlong header was cut")
    return name.rstrip(" \t"), value.strip()


def _section_end(raw: bytes, start: int, end: int) -> tuple[int, int]:
    if raw.startswith((b"\n", b"\r\n"), start, end):
        return start, raw.index(b"\n", start) + 1
    plain = raw.find(b"\n\n", start, end)
    network = raw.find(b"\n\r\n", start, end if plain < 0 else plain)
    if network >= 0:
        return network, network + 3
    return (plain, plain + 2) if plain >= 0 else (end, end)


def _is_stray(line: bytes, *, seen: bool, rest: bytes) -> bool:
    if not line.strip() or line.startswith((b"From ", b">From ")):
        return True
    return seen and _SURELY_HEADER.search(rest) is not None


# --- values --------------------------------------------------------------------------------

# Leniently: with "?" left bare inside, and the end of the last word lost.
_ENCODED_WORD = re.compile(
    r"=\?([^?\s]{1,60})\?([bq])\?((?:[^?]|\?(?!=)){0,2000})(?:\?=|\?*\Z)", re.IGNORECASE
)
_BETWEEN_WORDS = re.compile(r"(?<=\?=)\s+(?==\?)")


def decode_value(raw: str) -> str:
    """Decode a header's value (RFC 2047, RFC 2231 charset suffixes, raw 8-bit), leniently, to one clean line."""
    text = _eight_bit(raw)
    if "=?" in text:
        text = "".join(_words(_BETWEEN_WORDS.sub("", text)))
    return clean_line(text)


_NOT_PLAIN = re.compile(r"[^\t\r\n -~]")


def trace_value(raw: str) -> str:
    """A trace field's value as it stands: RFC 2047 5 allows no encoded words there, so none may turn into a name."""
    return " ".join(_NOT_PLAIN.sub("?", raw).split())


def hides_text(raw: str) -> bool:
    """Whether a value holds characters that reorder its text or stand in it unseen, in the clear or encoded."""
    text = "".join(_words(_eight_bit(raw)))
    return bool(_REORDERS.search(text))


# Directional overrides, embeddings and isolates (UAX 9), and characters without width.
_REORDERS = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff]")


def _eight_bit(raw: str) -> str:
    if raw.isascii():
        return raw
    return decode_text(raw.encode("utf-8", "surrogateescape"), "")[0]


def _words(text: str) -> Iterator[str]:
    # Neighbours of one charset are joined before decoding: mailers split characters between words.
    place, pending, charset = 0, list[tuple[str, str]](), ""
    for word in _ENCODED_WORD.finditer(text):
        named = word[1].partition("*")[0].lower()
        if pending and (word.start() > place or named != charset):
            yield decode_text(_bytes_of(pending), charset)[0]
            pending = []
        yield text[place : word.start()]
        pending.append((word[2].lower(), word[3]))
        charset, place = named, word.end()
    if pending:
        yield decode_text(_bytes_of(pending), charset)[0]
    yield text[place:]


def _bytes_of(words: list[tuple[str, str]]) -> bytes:
    if all(encoding == "b" for encoding, _ in words) and any(_is_torn(text) for _, text in words[:-1]):
        return _word_bytes("b", "".join(text for _, text in words))
    return b"".join(_word_bytes(encoding, text) for encoding, text in words)


def _is_torn(base64: str) -> bool:
    """Whether one run of base64 was cut between words, though RFC 2047 wants each whole."""
    return len(base64) % 4 != 0 and not base64.endswith("=")


def _word_bytes(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "surrogateescape")
    return decode_base64(data) if encoding == "b" else binascii.a2b_qp(data.replace(b" ", b"_"), header=True)


def decode_base64(data: bytes) -> bytes:
    """Decode what there is; padding and foreign characters are forgiven."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        kept = re.sub(rb"[^A-Za-z0-9+/]+", b"", data)
        whole = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
        return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


# --- addresses -----------------------------------------------------------------------------

# Bounded, or quotes that never close would cost the square of the header's length. No possessive groups:
# Python before 3.11.5 matches them wrongly (cpython#106052).
_MAILBOXES = re.compile(r'(?:"(?:[^"\\]|\\.){0,250}"|<[^<>]*+>|\([^()]*+\)|[^,;])+')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.){0,250})"')
_ANGLE = re.compile(r"<([^<>]*)>")
_BARE = re.compile(r"[^\s<>,;:\"()\[\]]{1,250}@[^\s<>,;:\"()]{1,250}")
_COMMENT = re.compile(r"\(([^()]*)\)")
_QUOTED_MAILBOX = re.compile(r'"(?:[^"\\]|\\.){1,250}"@[^\s<>,;:"()]{1,250}')
_ESCAPED = re.compile(r"\\(.)")


def addresses(values: list[str]) -> tuple[Address, ...]:
    """The mailboxes of these raw values (RFC 5322 address lists, leniently); entries without one are left out."""
    found: list[Address] = []
    for value in values:
        for entry in _MAILBOXES.finditer(value):
            address = _mailbox(entry[0])
            if address.email:
                found.append(address)
            if len(found) >= _MAX_ADDRESSES:
                return tuple(found)
    return tuple(found)


def first_address(values: list[str]) -> Address:
    """The first mailbox; where there is none, the words that stand in its place as the name."""
    known = addresses(values[:1])
    if known or not values:
        return known[0] if known else Address(name="", email="")
    entry = _MAILBOXES.search(values[0])
    named = _mailbox(entry[0]).name if entry else ""
    return Address(name=named or decode_value(values[0]).strip("<> ")[:500], email="")


def names_two_addresses(value: str) -> bool:
    """Whether one mailbox has two addresses, of which programs show this or that."""
    return any(_without_quotes(entry[0]).count("<") > 1 for entry in _MAILBOXES.finditer(value))


def _mailbox(entry: str) -> Address:
    # The structure is read before words are decoded: an encoded word may hold "<" or ",".
    blanked = _without_quotes(entry)
    angles = list(_ANGLE.finditer(blanked))
    if angles:
        last = angles[-1]
        return Address(
            name=_name(entry[: last.start()]), email=_email(_inside(entry[last.start(1) : last.end(1)]))
        )
    if quoted := _QUOTED_MAILBOX.fullmatch(entry.strip()):
        return Address(name="", email=_email(quoted[0]))
    bare = _BARE.search(_COMMENT.sub(" ", blanked))
    comment = _COMMENT.search(entry)
    return Address(name=_name(comment[1] if comment else ""), email=_email(bare[0]) if bare else "")


def _without_quotes(entry: str) -> str:
    return _QUOTED.sub(lambda quoted: " " * len(quoted[0]), entry)


def _inside(angle: str) -> str:
    """An address without folding and without the route that RFC 822 let stand before it."""
    if _QUOTED_MAILBOX.fullmatch(angle.strip()):
        return angle.strip()
    return "".join(angle.split()).rpartition(":")[2]


def _name(raw: str) -> str:
    unquoted = _QUOTED.sub(lambda quoted: _ESCAPED.sub(r"\1", quoted[1]), raw)
    return decode_value(unquoted).strip("' ")[:500]


def _email(raw: str) -> str:
    email = clean_line(_eight_bit(raw)).lower()
    return email[:320] if "@" in email else ""


# --- ids and dates -------------------------------------------------------------------------

_ID = re.compile(r"<([^<>]{1,400})>")


def message_ids(value: str | None) -> tuple[str, ...]:
    """The Message-IDs of a raw value, each in angle brackets, white space of folding taken out."""
    found = (_identifier(match[1]) for match in _ID.finditer(value or ""))
    return tuple(dict.fromkeys(identifier for identifier in found if identifier != "<>"))[:_MAX_IDS]


def message_id(value: str | None) -> str:
    """The one Message-ID of a raw value, in angle brackets even where the sender forgot them; or empty."""
    known = message_ids(value)
    bare = (value or "").strip()
    if known or not bare or len(bare) > 400 or " " in bare:
        return known[0] if known else ""
    return _identifier(bare.strip("<>"))


def _identifier(inside: str) -> str:
    return f"<{''.join(clean_line(_eight_bit(inside)).split())}>"


def instant(value: str | None) -> datetime | None:
    """An RFC 5322 date, leniently, in UTC; without a zone it is taken for UTC. None when unreadable."""
    return _forgiving(_instant, (value or "")[:200])


def received_instant(value: str | None) -> datetime | None:
    """The date stamp of a Received header: what stands behind its last semicolon (RFC 5321, 4.4)."""
    return instant((value or "").rpartition(";")[2].strip())


def _instant(value: str) -> datetime | None:
    parsed = parsedate_tz(value)
    if parsed is None:
        return None
    year, month, day, hour, minute, second = parsed[:6]
    zone = timezone(timedelta(seconds=parsed[9] or 0))
    return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone).astimezone(UTC)


def _forgiving(read: Callable[[str], datetime | None], value: str) -> datetime | None:
    try:
        return read(value)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
