"""A mail's bytes -> the tree of its MIME parts, bounded in depth, number and time."""

import binascii
import re
from dataclasses import dataclass, field

from complaints.inbox.headers import Headers, decode_base64, decode_value, split_headers
from complaints.inbox.text import clean_line, decode_text

MAX_DEPTH = 20
"""How deep multiparts may stand in each other."""
MAX_PARTS = 200
MAX_BOUNDARIES = 20_000
"""Lines that look like boundaries and are looked at, in one mail."""
_MAX_PARAMETERS = 4_000


@dataclass(slots=True)
class Budget:
    """What may still be spent on one mail, wrapped mails included."""

    parts: int = MAX_PARTS
    boundaries: int = MAX_BOUNDARIES
    characters: int = 1_000_000
    pdfs: int = 10
    dkim_checks: int = 4  # mails, the outermost included
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
        if self.encoding == "base64":
            return decode_base64(data)
        return binascii.a2b_qp(data) if self.encoding == "quoted-printable" else data


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
        name=_file_name(more.get("filename") or parameters.get("name") or ""),
        encoding=clean_line(headers.first("content-transfer-encoding") or "").lower()[:40],
        payload=b"" if children else raw[body:end],
        children=children,
    )


def content_type_of(headers: Headers, default: str) -> tuple[str, dict[str, str]]:
    """The media type and its parameters; what is malformed counts as ``default`` (RFC 2045, 5.2)."""
    content_type, parameters = _parameterised(headers.first("content-type") or default)
    return (content_type if content_type.count("/") == 1 else default), parameters


def _children(
    raw: bytes, body: int, end: int, budget: Budget, *, depth: int, content_type: str, boundary: str
) -> tuple[Part, ...]:
    if not boundary:
        budget.note("a multipart has no boundary")
        return ()
    if depth >= MAX_DEPTH:
        budget.note(f"parts nested deeper than {MAX_DEPTH} were not read")
        return ()
    default = "message/rfc822" if content_type == "multipart/digest" else "text/plain"
    children: list[Part] = []
    for start, stop in _spans(raw, body, end, boundary.encode("utf-8", "surrogateescape"), budget):
        if budget.parts <= 0:
            budget.note(f"parts after the first {MAX_PARTS} were not read")
            break
        budget.parts -= 1
        children.append(read_part(raw, start, stop, budget, depth=depth + 1, default=default))
    return tuple(children)


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


# --- parameters ------------------------------------------------------------------------------

_PARAMETER = re.compile(r';\s*([^\s=;"]{1,80}+)\s*+=\s*+("(?:[^"\\]|\\.)*+"|[^;]*+)')
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


def _file_name(raw: str) -> str:
    """A name fit to be shown and stored: no folders, no controls, bounded, its ending kept."""
    last = decode_value(raw).replace("\\", "/").rpartition("/")[2]
    name = _UNSAFE_IN_NAME.sub("_", last).strip(". ")
    stem, dot, ending = name.rpartition(".")
    return name if len(name) <= 150 else f"{(stem or name)[:140]}{dot}{ending[:9]}"
