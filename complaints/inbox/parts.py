"""A mail's bytes -> the tree of its MIME parts, bounded in depth, number and time."""

import binascii
import re
from dataclasses import dataclass, field

from complaints.inbox.headers import Headers, decode_base64, decode_value, split_headers
from complaints.inbox.text import clean_line, decode_text
from complaints.inbox.uuencoding import uuencoded

MAX_DEPTH = 20
"""How deep multiparts may stand in each other."""
MAX_PARTS = 200
MAX_BOUNDARIES = 20_000
"""Lines that look like boundaries and are looked at, in one mail."""
_MAX_PARAMETERS = 4_000
_ENCODINGS = {
    "base64": "base64",
    "b64": "base64",
    "quotedprintable": "quoted-printable",
    "qp": "quoted-printable",
    "xuuencode": "uuencode",
    "uuencode": "uuencode",
    "xuue": "uuencode",
    "uue": "uuencode",
}
_AS_IT_IS = frozenset({"7bit", "8bit", "binary", "7bits", "8bits", "none", "7", "8", "plain", "text", "utf8"})
_SOFT_BREAK = re.compile(rb"=\r?\n|=[0-9A-F]{2}")


_NOTHING = memoryview(b"")


@dataclass(slots=True)
class Budget:
    """What may still be spent on one mail, wrapped mails included."""

    parts: int = MAX_PARTS
    boundaries: int = MAX_BOUNDARIES
    characters: int = 500_000  # each costs time in matching too, 4 s a million at worst
    papers: int = 20
    seconds: float = 40.0  # that papers may take in all
    unpacked: int = 60 << 20  # bytes that archives may hold in all
    openings: int = 10  # what is encrypted or signed, each costs a computation with a key
    dkim_checks: int = 3  # mails, the outermost included
    problems: list[str] = field(default_factory=list)

    def note(self, problem: str) -> None:
        """Remember a problem once; no more than fifty are kept."""
        if problem not in self.problems and len(self.problems) < 50:
            self.problems.append(problem)


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One part: a leaf with its encoded bytes, or a multipart with its children."""

    headers: Headers
    content_type: str  # lower case, e.g. text/plain
    parameters: dict[str, str]
    disposition: str  # inline, attachment, or empty
    name: str  # of the file, cleaned of folders; or empty
    encoding: str  # lower case
    payload: bytes  # still encoded; empty in a multipart
    verbatim: memoryview = _NOTHING  # headers and body as they came, for what is signed
    children: tuple["Part", ...] = ()

    @property
    def size(self) -> int:
        """Bytes after decoding. Base64 is reckoned from its length, not decoded: exact where it is well formed."""
        if self.encoding != "base64":
            return len(self.payload)
        ends = self.payload.count(b"\n") + self.payload.count(b"\r")
        return max(0, (len(self.payload) - ends) * 3 // 4 - self.payload[-8:].count(b"="))

    def decoded(self, limit: int | None = None) -> bytes:
        """The content, decoded as far as ``limit`` bytes of its encoded form."""
        data = self.payload if limit is None else self.payload[:limit]
        match self.encoding:
            case "base64":
                return decode_base64(data)
            case "quoted-printable":
                return binascii.a2b_qp(data)
            case "uuencode":
                return next((content for _, content in uuencoded(data)), data)
            case _:
                return data


def read_part(
    raw: bytes, start: int, end: int, budget: Budget, *, depth: int = 0, default: str = "text/plain"
) -> Part:
    """Read the part that stands in ``raw`` from ``start`` to ``end``."""
    headers, body = split_headers(raw, start, end)
    for problem in headers.problems:
        budget.note(problem)
    content_type, parameters = content_type_of(headers, default)
    disposition, more = _parameterised(headers.first("content-disposition") or "")
    children: tuple[Part, ...] = ()
    beginning = raw[body : min(end, body + _LOOKED_AT)]
    if content_type.startswith("multipart/"):
        children = _children(
            raw,
            body,
            end,
            budget,
            depth=depth,
            content_type=content_type,
            boundary=parameters.get("boundary", ""),
        )
    if content_type.startswith("multipart/") and not children:
        # What cannot be taken apart is at least read as the text it may hold.
        content_type = "text/plain"
    return Part(
        headers=headers,
        content_type=content_type,
        parameters=parameters,
        disposition=disposition,
        name=file_name(more.get("filename") or parameters.get("name") or ""),
        encoding=_encoding(headers, beginning, content_type, budget),
        payload=b"" if children else raw[body:end],
        verbatim=memoryview(raw)[start:end],
        children=children,
    )


_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]|[A-Za-z]{2} +[A-Za-z]{2}")
_LOOKED_AT = 4_000
_BLANKS_BESIDE = re.compile(rb"\S[ \t]+\S")


def _encoding(headers: Headers, beginning: bytes, content_type: str, budget: Budget) -> str:
    """The encoding as declared, however it is spelled, unless the content shows that it is another."""
    declared = headers.first("content-transfer-encoding") or ""
    bare = re.sub(r"[^a-z0-9]", "", clean_line(declared).partition("(")[0].partition(";")[0].lower()[:40])
    known = _ENCODINGS.get(bare, "")
    if known == "base64" and content_type.startswith("text/") and _is_plainly_no_base64(beginning):
        budget.note("a text is not base64 as declared")
        return "quoted-printable" if _SOFT_BREAK.search(beginning) else ""
    if bare and not known and bare not in _AS_IT_IS:
        budget.note(f"the encoding {clean_line(declared)[:40]} is unknown")
    return known


def _is_plainly_no_base64(beginning: bytes) -> bool:
    """Whether words stand there: marks and blanks that base64 has not, more than damage would leave."""
    head = beginning.strip()
    return len(_NOT_BASE64.findall(head)) * 50 > len(head) > 0 and _BLANKS_BESIDE.search(head) is not None


def content_type_of(headers: Headers, default: str) -> tuple[str, dict[str, str]]:
    """The media type and its parameters; what is malformed counts as ``default`` (RFC 2045, 5.2)."""
    content_type, parameters = _parameterised(headers.first("content-type") or default)
    return (content_type if content_type.count("/") == 1 else default), parameters


def _children(
    raw: bytes, body: int, end: int, budget: Budget, *, depth: int, content_type: str, boundary: str
) -> tuple[Part, ...]:
    if not boundary:
        budget.note("a multipart has no boundary")
    mark = boundary.encode("utf-8", "surrogateescape")
    if not boundary or raw.find(b"--" + mark, body, end) < 0:
        mark = _boundary_seen(raw, body, end)
    if not mark:
        return ()
    if depth >= MAX_DEPTH:
        budget.note(f"parts nested deeper than {MAX_DEPTH} were not read")
        return ()
    default = "message/rfc822" if content_type == "multipart/digest" else "text/plain"
    children: list[Part] = []
    for start, stop in _spans(raw, body, end, mark, budget):
        if budget.parts <= 0:
            budget.note(f"parts after the first {MAX_PARTS} were not read")
            break
        budget.parts -= 1
        children.append(read_part(raw, start, stop, budget, depth=depth + 1, default=default))
    return tuple(children)


_SEEN = re.compile(
    rb"^--([^\s-][^\r\n]{0,99}?|-[^\r\n]{0,98}?[^\s-])[ \t]*\r?\n(?=content-[a-z-]{2,30}:)",
    re.IGNORECASE | re.MULTILINE,
)
_SEEN_WITHIN = 64 << 10


def _boundary_seen(raw: bytes, body: int, end: int) -> bytes:
    """The boundary that the parts are in fact parted by, where the header names none or another."""
    found = _SEEN.search(raw, body, min(end, body + _SEEN_WITHIN))
    return found[1] if found else b""


def _spans(raw: bytes, body: int, end: int, boundary: bytes, budget: Budget) -> list[tuple[int, int]]:
    """Where the parts stand between the boundary's lines (RFC 2046, 5.1.1); a missing last line is forgiven."""
    spans: list[tuple[int, int]] = []
    opened: int | None = None
    mark = b"--" + boundary
    place = body - 1 if raw.startswith(mark, body) else raw.find(b"\n" + mark, body, end)
    while body - 1 <= place and budget.boundaries > 0:
        budget.boundaries -= 1
        after = place + 1 + len(mark)
        line_end = raw.find(b"\n", after, end)
        line_end = end if line_end < 0 else line_end
        rest = raw[after : min(line_end, after + 80)].strip()
        if rest in {b"", b"--"}:
            if opened is not None:
                spans.append((opened, _without_line_end(raw, opened, place)))
            opened = None if rest else min(line_end + 1, end)
            if rest:
                break
        place = raw.find(b"\n" + mark, max(after - 1, line_end), end)
        if place < 0:
            break
    if budget.boundaries <= 0:
        budget.note(f"boundary lines after the first {MAX_BOUNDARIES} were not read")
    if opened is not None:
        budget.note("the last boundary of a multipart is missing")
        spans.append((opened, end))
    return spans


def _without_line_end(raw: bytes, opened: int, place: int) -> int:
    return max(opened, place - 1 if raw[place - 1 : place] == b"\r" else place)


def file_part(name: str, content: bytes, content_type: str = "application/octet-stream") -> Part:
    """A part for a file that came without headers: within a text, out of an archive."""
    return Part(
        headers=Headers(()),
        content_type=content_type,
        parameters={},
        disposition="attachment",
        name=file_name(name),
        encoding="",
        payload=content,
    )


# --- parameters ------------------------------------------------------------------------------

_PARAMETER = re.compile(r';\s*([^\s=;"]{1,80}+)\s*+=\s*+("[^"\\]*+(?:\\.[^"\\]*+)*"|[^;]*+)')
_CONTINUED = re.compile(r"(.+?)\*(\d{1,3})(\*?)")
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_UNSAFE_IN_NAME = re.compile(r'[<>:"|?*\x00-\x1f]')


def _parameterised(raw: str) -> tuple[str, dict[str, str]]:
    value = raw[:_MAX_PARAMETERS]
    main = clean_line(value.partition(";")[0]).lower()
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for found in _PARAMETER.finditer(value):
        key, text = found[1].lower(), _unquoted(found[2])
        if key.endswith("*") and not _CONTINUED.fullmatch(key):
            key += "0*"
        continued = _CONTINUED.fullmatch(key)
        if continued is None:
            plain.setdefault(key, text)
        else:
            pieces.setdefault(continued[1], {}).setdefault(int(continued[2]), (text, bool(continued[3])))
    for key, numbered in pieces.items():
        plain[key] = _joined(numbered)
    return main, plain


def _unquoted(text: str) -> str:
    if text.startswith('"'):
        return re.sub(r"\\(.)", r"\1", text.removeprefix('"').removesuffix('"'))
    return text.strip()


def _joined(numbered: dict[int, tuple[str, bool]]) -> str:
    """RFC 2231: pieces in the order of their numbers; charset'language' stands before the first."""
    ordered = [numbered[number] for number in sorted(numbered)]
    charset = ""
    if ordered[0][1] and ordered[0][0].count("'") >= 2:
        charset, _, text = ordered[0][0].split("'", 2)
        ordered[0] = (text, True)
    data = b"".join(
        _PERCENT.sub(lambda found: bytes([int(found[1], 16)]), encoded) if is_encoded else encoded
        for encoded, is_encoded in ((text.encode("utf-8", "surrogateescape"), flag) for text, flag in ordered)
    )
    return decode_text(data, charset)[0]


def file_name(raw: str) -> str:
    """A name fit to be shown and stored: no folders, no controls, bounded, its ending kept."""
    last = decode_value(raw).replace("\\", "/").rpartition("/")[2]
    name = _UNSAFE_IN_NAME.sub("_", last).strip(". ")
    stem, dot, ending = name.rpartition(".")
    return name if len(name) <= 150 else f"{(stem or name)[:140]}{dot}{ending[:9]}"
