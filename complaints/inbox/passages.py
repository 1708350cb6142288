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
    r"\s*(?:(?:disclaimer|confidentiality notice)\b"
    r"|this (?:e-?mail|message|communication)(?:,? (?:and|including) (?:any|its|all) \w+)?.{0,40} (?:is|are|may be|may contain)"
    r" .{0,60}(?:confidential|privileged|intended)"
    r"|diese (?:e-?mail|nachricht) .{0,80}(?:vertraulich|rechtlich geschützt)"
    r"|ce (?:message|courriel|courrier électronique) .{0,100}confidentiel"
    r"|este (?:mensaje|correo) .{0,100}confidencial|questo messaggio .{0,100}(?:riservat|confidenzial)"
    r"|(?:dit|deze) (?:bericht|e-?mail) .{0,100}vertrouwelijk"
    r"|if you (?:are not the (?:intended|named)|have received this (?:e-?mail|message|communication)|received this (?:e-?mail|message) in error)"
    r"|(?:sollten|wenn|falls) sie (?:nicht der (?:richtige|beabsichtigte|vorgesehene)|diese (?:e-?mail|nachricht) irrtümlich)"
    r"|si vous (?:n['’]êtes pas (?:le|la) destinataire|avez reçu ce (?:message|courriel) par erreur)"
    r"|si (?:ha recibido este (?:mensaje|correo) por error|no es (?:usted )?el destinatario)"
    r"|(?:se avete|se ha|qualora abbia|chi) ricev\w+ (?:questo|il presente|la presente) \w+ per errore"
    r"|(?:indien|als) u (?:niet de (?:geadresseerde|beoogde)|dit bericht (?:ten onrechte|abusievelijk))"
    r"|aan (?:de inhoud van )?dit bericht kunnen geen rechten"
    r"|jeśli (?:nie jest|otrzymał\w*) .{0,60}(?:adresatem|wiadomość)"
    r"|om du (?:inte är (?:rätt|avsedd)|har fått detta)|hvis du (?:ikke er (?:rette|den)|har modtaget denne|har mottatt denne)"
    r"|se não (?:é|for) o destinatário)",
    re.IGNORECASE,
)
# One look that spares most letters the line by line reading; plain words are found far faster than patterns.
_CLUES = (
    *_FORWARD_WORDS.split("|"),
    *_ORIGINAL_WORDS.replace("['’]", "'").split("|"),
    *(f"\n{mark}{word}{colon}" for word in _FROM.split("|") for mark in ("", "*") for colon in (":", " :")),
    *(
        "wrote",
        "schrieb",
        "écrit",
        "escribió",
        "scritto",
        "schreef",
        "skrev",
        "kirjoitti",
        "escreveu",
        "napisa",
    ),
    *(
        "confiden",
        "disclaimer",
        "privileged",
        "vertraulich",
        "geschützt",
        "vertrouwelijk",
        "if you are not",
        "if you have received",
        "if you received",
        "sollten sie",
        "wenn sie nicht",
        "falls sie",
        "si vous n",
        "si vous avez reçu",
        "por error",
        "si no es",
        "per errore",
        "geadresseerde",
        "ten onrechte",
        "geen rechten",
        "adresatem",
        "om du inte",
        "om du har fått",
        "hvis du",
        "se não",
    ),
    *("message d’origine", "riservat", "\n>", "\n >", "\n--"),
)
_LINE_LOOKED_AT = 500

_ORDER = ("body", "forwarded", "quoted", "signature", "disclaimer")


@dataclass(slots=True)
class _State:
    where: str = "body"  # what lines belong to until something else begins
    base: str = "body"  # body, forwarded or quoted: the message that is being read
    replies: bool = False  # whether that message is a reply, by its subject
    stripped: bool = False  # a forward whose every line carries a ">"
    spoken: bool = False  # whether there was any text of the sender's own yet
    disclaims: bool = False  # within a paragraph of legal small print
    attribution: int = 0  # lines of "On ... wrote:" that are still to come


def split_text(text: str, subject: str) -> dict[str, str]:
    """Part a mail's text into body, forwarded, quoted, signature and disclaimer; empty ones are left out.

    Whether text under a block of headers was forwarded or is only quoted is told by the subject of
    the message that holds it: under "Re:" it is quoted, otherwise forwarded. A reply that says nothing
    of its own before the block forwards, whatever its subject.
    """
    lowered = "\n" + text.lower()
    if not any(clue in lowered for clue in _CLUES):
        return {"body": text.strip()} if text.strip() else {}
    kept: dict[str, list[str]] = {where: [] for where in _ORDER}
    for where, line in _placed(text.split("\n"), _State(replies=_RE.match(subject) is not None)):
        kept[where].append(line)
    joined = ((where, "\n".join(lines).strip()) for where, lines in kept.items())
    return {where: passage for where, passage in joined if passage}


def _placed(lines: list[str], state: _State) -> Iterator[tuple[str, str]]:
    for number, whole in enumerate(lines):
        if state.base == "quoted":
            yield "quoted", whole
            continue
        # The mark belongs to the forwarding, not to the text.
        line = whole[1:].removeprefix(" ") if state.stripped and whole.startswith(">") else whole
        where = _place(lines, number, line[:_LINE_LOOKED_AT], state)
        state.spoken |= where == "body" and bool(line.strip())
        yield where, line


def _place(lines: list[str], number: int, line: str, state: _State) -> str:
    """Say what this line belongs to, and remember what it begins."""
    _follow_messages(lines, number, line, state)
    _follow_disclaimer(lines, number, line, state)
    if state.attribution:
        state.attribution -= 1
        return "quoted"
    if _is_signature(lines, number, line) and state.base != "quoted":
        state.where = "signature"
    if line.lstrip(" ").startswith(">") and not line.startswith(">From "):
        return "quoted"
    return "disclaimer" if state.disclaims and state.base != "quoted" else state.where


def _follow_messages(lines: list[str], number: int, line: str, state: _State) -> None:
    begun = _begins(lines, number, line, state)
    if begun:
        state.base = state.where = begun
        state.stripped = begun == "forwarded" and _next_line(lines, number).startswith(">")
    elif state.base == "forwarded" and (subject := _SUBJECT_LINE.match(line)):
        state.replies = _RE.match(subject[1]) is not None


def _follow_disclaimer(lines: list[str], number: int, line: str, state: _State) -> None:
    if not line.strip():
        state.disclaims = False
    elif number == 0 or not lines[number - 1].strip(" >"):
        state.disclaims = _DISCLAIMER.match(line) is not None


def _begins(lines: list[str], number: int, line: str, state: _State) -> str:
    """What begins with this line: forwarded or quoted text, or nothing (empty)."""
    # Some mailers mark the separator too, not only the lines below it.
    if _FORWARD.fullmatch(line.lstrip("> ") if state.base == "body" else line):
        state.replies = False
        return "forwarded"
    if _ORIGINAL.fullmatch(line) or _opens_header_block(lines, number, line):
        # The block right under a separator belongs to it.
        under_separator = state.base == "forwarded" and _is_under_separator(lines, number)
        return "" if under_separator else ("quoted" if state.replies and state.spoken else "forwarded")
    if length := _attribution(lines, number, line):
        if not _next_line(lines, number + length - 1).startswith(">"):
            return "quoted"
        state.attribution = length
    return ""


def _attribution(lines: list[str], number: int, line: str) -> int:
    """How many lines from here on say "On ... wrote:": none, one, or two where a mailer wrapped it."""
    if line.rstrip().endswith(":"):
        return 1 if _WROTE.fullmatch(line) else 0
    wrapped = lines[number + 1][:_LINE_LOOKED_AT].rstrip() if number + 1 < len(lines) else ""
    if not line.strip() or not wrapped.endswith(":"):
        return 0
    return 2 if _WROTE.fullmatch(f"{line.strip()} {wrapped.strip()}") else 0


def _opens_header_block(lines: list[str], number: int, line: str) -> bool:
    if ":" not in line[:20] or _FROM_LINE.fullmatch(line) is None:
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
