"""What a letter's text says itself, and what it only forwards, quotes or signs with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_RE = re.compile(r"\s*(?:re|aw|antw|sv|r|rif|ynt|odp|vá|ad|vast)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)

_FORWARD_WORDS = (
    "forwarded message|begin forwarded message|weitergeleitete nachricht|anfang der weitergeleiteten nachricht"
    "|message transféré|début du message transféré|message réexpédié|mensaje reenviado|inicio del mensaje reenviado"
    "|messaggio inoltrato|inizio messaggio inoltrato|doorgestuurd bericht|begin doorgestuurd bericht"
    "|vidarebefordrat meddelande|videresendt meddelelse|videresendt melding|välitetty viesti"
    "|mensagem encaminhada|mensagem reencaminhada|wiadomość przekazana|przekazana wiadomość|přeposlaná zpráva"
)
_ORIGINAL_WORDS = (
    "original message|original appointment|ursprüngliche nachricht|originalnachricht|message d['’]origine"
    "|message original|mensaje original|messaggio originale|oorspronkelijk bericht|ursprungligt meddelande"
    "|oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti|mensagem original|wiadomość oryginalna"
    "|původní zpráva"
)
_FORWARD = re.compile(rf"[-—_*\s]*(?:{_FORWARD_WORDS})\s*(?:[-—_*\s]{{2,}}|:)\s*", re.IGNORECASE)
_ORIGINAL = re.compile(rf"[-—_]{{2,}}\s*(?:{_ORIGINAL_WORDS})\s*[-—_]{{2,}}\s*", re.IGNORECASE)

_FROM = "from|von|de|da|van|från|fra|lähettäjä|od"
_OTHERS = (
    "sent|date|to|cc|subject|gesendet|datum|an|betreff|envoyé|à|objet|enviado|para|asunto|inviato|a|oggetto|data"
    "|verzonden|aan|onderwerp|skickat|till|ämne|sendt|til|emne|lähetetty|vastaanottaja|aihe|assunto"
    "|wysłano|do|temat|odesláno|komu|předmět|reply-to"
)
_FROM_LINE = re.compile(rf"\s*\*?(?:{_FROM})\s*:\*?\s+\S.*", re.IGNORECASE)
_OTHER_LINE = re.compile(rf"\s*\*?(?:{_OTHERS})\s*:\*?(?:\s.*|$)", re.IGNORECASE)
_SUBJECT_LINE = re.compile(
    r"\s*\*?(?:subject|betreff|objet|asunto|oggetto|onderwerp|ämne|emne|aihe|assunto|temat|předmět)\s*:\*?\s*(.*)",
    re.IGNORECASE,
)

# "On <date>, <somebody> wrote:". A date and an address or a time must stand in it, for letters too say
# "on 3 March you wrote:".
_WROTE = re.compile(
    r"(?=.*\d)(?=.*(?:@|\d{1,2}[:.]\d{2})).{8,300}?\b(?:wrote|schrieb.{0,100}|a écrit|escribió|ha scritto|schreef.{0,100}"
    r"|skrev.{0,100}|kirjoitti|escreveu|napisał\(?a?\)?|napsala?)\s*:\s*",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"\s*(?:(?:important notice|disclaimer|confidentiality notice)\b"
    r"|this (?:e-?mail|message|communication)(?:,? (?:and|including) (?:any|its|all) \w+)?.{0,40} (?:is|are|may be|may contain)"
    r" .{0,60}(?:confidential|privileged|intended)"
    r"|diese (?:e-?mail|nachricht) .{0,80}(?:vertraulich|rechtlich geschützt)"
    r"|ce (?:message|courriel|courrier électronique) .{0,100}confidentiel"
    r"|este (?:mensaje|correo) .{0,100}confidencial|questo messaggio .{0,100}(?:riservat|confidenzial)"
    r"|(?:dit|deze) (?:bericht|e-?mail) .{0,100}vertrouwelijk)",
    re.IGNORECASE,
)
# One look that spares most letters the line by line reading.
_WORTH_A_LOOK = re.compile(
    rf"^[ \t]*>|^--[ \t]*$|{_FORWARD_WORDS}|{_ORIGINAL_WORDS}|^\s*\*?(?:{_FROM})\s*:|"
    r"(?:wrote|schrieb|écrit|escribió|scritto|schreef|skrev|kirjoitti|escreveu|napisał|naps)|"
    r"confidential|disclaimer|vertraulich|confidentiel|confidencial|riservat|confidenzial|vertrouwelijk|important notice",
    re.IGNORECASE | re.MULTILINE,
)
_LINE_LOOKED_AT = 500

_ORDER = ("body", "forwarded", "quoted", "signature", "disclaimer")


@dataclass(slots=True)
class _State:
    where: str = "body"  # what the lines belong to until something else begins
    replies: bool = False  # whether the message being read is a reply, by its subject
    stripped: bool = False  # a forward whose every line carries a ">"
    spoken: bool = False  # whether there was any text of the sender's own yet


def split_text(text: str, subject: str) -> dict[str, str]:
    """Part a mail's text into body, forwarded, quoted, signature and disclaimer; empty ones are left out.

    Whether text under a block of headers was forwarded or is only quoted is told by the subject of
    the message that holds it: under "Re:" it is quoted, otherwise forwarded. A reply that says nothing
    of its own before the block forwards, whatever its subject.
    """
    if _WORTH_A_LOOK.search(text) is None:
        return {"body": text.strip()} if text.strip() else {}
    kept: dict[str, list[str]] = {where: [] for where in _ORDER}
    for where, line in _placed(text.split("\n"), _State(replies=_RE.match(subject) is not None)):
        kept[where].append(line)
    joined = ((where, "\n".join(lines).strip()) for where, lines in kept.items())
    return {where: passage for where, passage in joined if passage}


def _placed(lines: list[str], state: _State) -> Iterator[tuple[str, str]]:
    base, in_disclaimer = "body", False
    for number, whole in enumerate(lines):
        line = whole[:_LINE_LOOKED_AT]
        if state.stripped and line.startswith(">"):
            whole = whole[1:].removeprefix(" ")  # noqa: PLW2901 -- the mark belongs to the forwarding, not to the text
            line = whole[:_LINE_LOOKED_AT]
        if base != "quoted":
            begun = _begins(lines, number, line, state)
            if begun:
                base = state.where = begun
                state.stripped = begun == "forwarded" and _next_line(lines, number).startswith(">")
            elif base == "forwarded" and (subject := _SUBJECT_LINE.match(line)):
                state.replies = _RE.match(subject[1]) is not None
        if not line.strip():
            in_disclaimer = False
        elif not in_disclaimer:
            in_disclaimer = _DISCLAIMER.match(line) is not None
        if base != "quoted" and _is_signature(lines, number, line):
            state.where = "signature"
        where = _where(line, state, base=base, in_disclaimer=in_disclaimer)
        state.spoken |= where == "body" and bool(line.strip())
        yield where, whole


def _where(line: str, state: _State, *, base: str, in_disclaimer: bool) -> str:
    if base != "quoted" and line.lstrip(" ")[:1] == ">" and not line.startswith(">From "):
        return "quoted"
    if in_disclaimer and base != "quoted":
        return "disclaimer"
    return state.where


def _begins(lines: list[str], number: int, line: str, state: _State) -> str:
    """What begins with this line: forwarded or quoted text, or nothing (empty)."""
    if _FORWARD.fullmatch(line):
        state.replies = False
        return "forwarded"
    if _ORIGINAL.fullmatch(line) or _opens_header_block(lines, number, line):
        # The block right under a separator belongs to it.
        under_separator = state.where == "forwarded" and _is_under_separator(lines, number)
        return "" if under_separator else ("quoted" if state.replies and state.spoken else "forwarded")
    following = _next_line(lines, number)
    if _WROTE.fullmatch(line) and not following.startswith(">"):
        return "quoted"
    return ""


def _opens_header_block(lines: list[str], number: int, line: str) -> bool:
    if _FROM_LINE.fullmatch(line) is None:
        return False
    below = lines[number + 1 : number + 9]
    return sum(_OTHER_LINE.fullmatch(other[:_LINE_LOOKED_AT]) is not None for other in below) >= 2


def _is_under_separator(lines: list[str], number: int) -> bool:
    above = next((line for line in reversed(lines[max(0, number - 3) : number]) if line.strip(" >")), "")
    bare = above.lstrip("> ")[:_LINE_LOOKED_AT]
    return bool(_FORWARD.fullmatch(bare) or _ORIGINAL.fullmatch(bare))


def _next_line(lines: list[str], number: int) -> str:
    return next((line.lstrip(" ")[:2] for line in lines[number + 1 : number + 4] if line.strip()), "")


def _is_signature(lines: list[str], number: int, line: str) -> bool:
    # RFC 3676, 4.3 says "-- " with its blank; mailers that strip it are believed near the end alone.
    return line == "-- " or (line.rstrip() == "--" and len(lines) - number <= 20)
