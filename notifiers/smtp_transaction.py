"""One mail transaction on a connection that is ready: what is asked for, what is answered, and what that means."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aiosmtplib

from complaints.outbox import OUTCOME_UNKNOWN, Verdict
from notifiers.addresses import needs_utf8
from notifiers.receipt import Receipt, Wishes
from notifiers.replies import (
    Stage,
    is_about_options,
    is_answer,
    is_relay_trouble,
    is_system_trouble,
    is_too_big,
    judge,
    lines_of,
    queue_id,
    quoted,
)
from notifiers.smtp_door import TROUBLE, Line, words_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """What one mail transaction carries."""

    message: bytes
    sender: str
    recipient: str
    wishes: Wishes
    seconds: float  # to wait for an answer to the message

    @property
    def utf8(self) -> bool:
        """Whether an address of it needs SMTPUTF8."""
        return needs_utf8(self.recipient) or needs_utf8(self.sender)


class BeginAgain(Exception):
    """The server has not taken in the letter at all: it is to be given on a new connection."""

    def __init__(self, *, options_refused: bool) -> None:
        self.options_refused = options_refused


async def hand_over(line: Line, letter: Letter, *, options: bool) -> Receipt:
    """Give a letter to the server.

    Args:
        line: is closed where nobody knows what would be answered next on it.
        letter: with sendable addresses.
        options: use what the server has announced; without it, nothing but what the letter cannot go without.

    Raises:
        BeginAgain: a kept connection was dead at its first command, or the server does not know what it announces.
    """
    client, stage, was_kept = line.client, Stage.MAIL, not line.fresh
    line.sent += 1
    about_mail, about_recipient = _options(line, letter, wanted=options)
    encoding = "utf-8" if letter.utf8 else "ascii"
    try:
        await client.mail(letter.sender, options=about_mail, encoding=encoding)
        stage = Stage.RCPT
        await client.rcpt(letter.recipient, options=about_recipient, encoding=encoding)
        stage = Stage.BEGIN
        await _begin_data(client)
        stage = Stage.DATA
        answer = await _give(client, letter)
    except aiosmtplib.SMTPResponseException as refusal:
        if was_kept and stage is Stage.MAIL and refusal.code == 421:
            client.close()
            raise BeginAgain(options_refused=False) from None
        if (
            (about_mail or about_recipient)
            and options
            and is_about_options(refusal.code, stage, refusal.message)
        ):
            client.close()
            raise BeginAgain(options_refused=True) from None
        return await _refused(line, stage, refusal)
    except TROUBLE as trouble:
        client.close()
        if was_kept and stage is Stage.MAIL:
            raise BeginAgain(options_refused=False) from None
        return _broken_off(line, stage, trouble)
    except BaseException:
        # Cancelled halfway: nobody knows what the server would answer next on this connection.
        client.close()
        raise
    return Receipt(
        verdict=Verdict.SENT,
        reply=quoted(answer.code, answer.message),
        queue_id=queue_id(answer.message),
        evidence=_evidence(line, answer.code, answer.message) | {"dsn_asked": bool(about_recipient)},
    )


def _options(line: Line, letter: Letter, *, wanted: bool) -> tuple[list[str], list[str]]:
    """Of MAIL and of RCPT: nothing that was not announced."""
    about_mail = ["BODY=8BITMIME", "SMTPUTF8"] if letter.utf8 else []
    if not wanted:
        return about_mail, []
    # RFC 1870: a message that is too large is refused before it is transferred.
    about_mail += [f"SIZE={len(letter.message)}"] if line.can("size") else []
    wishes = letter.wishes
    if not (wishes.reports and line.can("dsn")):
        return about_mail, []
    # RFC 3461: the headers are enough to know it by, and ENVID comes back where even they do not.
    about_mail += ["RET=HDRS", *([f"ENVID={_xtext(wishes.mark)}"] if wishes.mark else [])]
    about_recipient = [f"NOTIFY={','.join(wishes.reports)}"]
    if not letter.utf8:
        about_recipient.append(f"ORCPT=rfc822;{_xtext(letter.recipient)}")
    return about_mail, about_recipient


def _xtext(text: str) -> str:
    """RFC 3461, 4."""
    return "".join(one if "!" <= one <= "~" and one not in "+=" else f"+{ord(one):02X}" for one in text)


async def _begin_data(client: aiosmtplib.SMTP) -> None:
    """Ask to hand the message over.

    Raises:
        SMTPDataError: the server would not have it.
    """
    answer = await client.execute_command(b"DATA")
    if answer.code != aiosmtplib.SMTPStatus.start_input:
        raise aiosmtplib.SMTPDataError(answer.code, answer.message)


async def _give(client: aiosmtplib.SMTP, letter: Letter) -> aiosmtplib.SMTPResponse:
    """The message. The client's own method mends line ends first, which for ours takes as long as all the rest.

    Raises:
        SMTPDataError: the server would not have it.
    """
    protocol = client.protocol
    if protocol is None:
        raise aiosmtplib.SMTPServerDisconnected("Connection lost")
    # RFC 5321, 4.5.2: a line that begins with a full stop gets another.
    protocol.write(letter.message.replace(b"\n.", b"\n..") + b".\r\n")
    answer = await protocol.read_response(timeout=letter.seconds)
    if answer.code != aiosmtplib.SMTPStatus.completed:
        raise aiosmtplib.SMTPDataError(answer.code, answer.message)
    return answer


async def _refused(line: Line, stage: Stage, refusal: aiosmtplib.SMTPResponseException) -> Receipt:
    # A code of -1 is aiosmtplib's for an answer that is none.
    code, text = refusal.code, refusal.message
    if stage is Stage.DATA and not is_answer(code):
        line.client.close()
        return _broken_off(line, stage, refusal)
    await _reset(line.client, usable=400 <= code < 600 and code != 421)
    trouble = is_relay_trouble(code, stage, text)
    words = quoted(code, text)
    if trouble:
        words = f"{words} (the relay refused while {stage.value}; this is not about the recipient)"
    return Receipt(
        verdict=judge(code, stage, text),
        reply=words,
        reachable=not trouble,
        elsewhere=trouble or is_system_trouble(code, text),
        too_big=is_too_big(code, stage, text),
        evidence=_evidence(line, code, text),
    )


async def _reset(client: aiosmtplib.SMTP, *, usable: bool) -> None:
    """Clear the envelope, or drop a connection on which that cannot be done."""
    if usable and client.is_connected:
        with suppress(*TROUBLE):
            await client.rset()
            return
    client.close()


def _broken_off(line: Line, stage: Stage, trouble: BaseException) -> Receipt:
    # A server that let us wait in vain will do so with the next letter; one that hung up may not.
    reachable = not isinstance(trouble, TimeoutError)
    known = stage is not Stage.DATA
    words = f"the connection broke while {stage.value}"
    if known:
        words = f"{words}: {words_of(trouble)}"
    else:
        words = (
            f"{OUTCOME_UNKNOWN}: {words} ({words_of(trouble)}); the relay may have taken the message, "
            "which is sent again under the same Message-ID"
        )
    return Receipt(
        verdict=Verdict.TEMPORARY,
        reply=words,
        reachable=reachable,
        elsewhere=known,
        evidence=_evidence(line),
    )


def _evidence(line: Line, code: int = 0, text: str = "") -> dict[str, Any]:
    lines = lines_of(code, text)
    tls = {"tls": line.tls} if line.tls else {}
    return tls | ({"reply": lines} if len(lines) > 1 else {})
