"""Goes and looks what became of the letters: in the mailboxes, in the store, and in Prefect."""

import asyncio
import base64
import email
import email.policy
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import unquote

import httpx

from complaints.lifecycle import Event
from complaints.records import Dossier, Records
from flows.demo.checks import Found, Mail, Seen
from flows.demo.letters import Letter
from flows.demo.stage import Stage
from flows.links import BOARD_KEY
from flows.mirror import FLOW

_LOOKED_AT = 200


async def look(letters: Sequence[Letter], stage: Stage, records: Records) -> Seen:
    """Everything that can be found now."""
    dossiers = await _dossiers(records)
    filed = {mail.sha256 for mail in await records.filed(_LOOKED_AT)}
    runs, board, problem = await _window(stage)
    return Seen(
        letters={
            letter.scene.name: _found(dossiers.get(letter.sha256), filed=letter.sha256 in filed, runs=runs)
            for letter in letters
        },
        mails=await asyncio.to_thread(lambda: list(_mails(stage))),
        board=board,
        faults=[fault for dossier in dossiers.values() for fault in dossier.faults],
        prefect=problem,
    )


async def board_page(stage: Stage) -> str:
    """The address of the board's own page; empty while there is none."""
    ui = stage.settings.prefect_public_url
    try:
        async with _prefect(stage) as client:
            artifact = await _board(client)
    except (httpx.HTTPError, ValueError, KeyError):
        return ""
    return f"{ui}/v2/artifacts/artifact/{artifact['latest_id']}" if artifact else ""


async def _dossiers(records: Records) -> dict[str, Dossier]:
    found = [await records.show(c.ref) for c in await records.open_complaints(_LOOKED_AT, everything=True)]
    return {dossier.mail.sha256: dossier for dossier in found}


def _found(dossier: Dossier | None, *, filed: bool, runs: dict[str, str]) -> Found:
    if dossier is None:
        return Found(filed=filed)
    complaint = dossier.complaint
    return Found(
        ref=complaint.ref,
        status=complaint.status.value,
        reason=complaint.review_reason,
        breached=complaint.breached_at is not None,
        accepted=any(event.name == Event.FORWARDED for event in dossier.history),
        filed=filed,
        run=runs.get(complaint.ref, ""),
    )


def _mails(stage: Stage) -> Iterator[Mail]:
    for folder in sorted(stage.smtp.directory.iterdir()):
        to = unquote(folder.name)
        for raw in stage.smtp.mailbox(to):
            head = email.message_from_bytes(raw, policy=email.policy.default)
            yield Mail(
                to=to,
                notice=str(head["X-Forthwith-Notice"] or "mail"),
                ref=str(head["X-Forthwith-Ref"] or ""),
                original=original_in(raw),
            )


def original_in(raw: bytes) -> str:
    """SHA-256 of the letter that a mail carries, as a mail program would save it; empty without one."""
    # A parser would tidy line ends and headers; what counts are the bytes that came over the wire.
    boundary = email.message_from_bytes(raw).get_boundary()
    for part in raw.split(f"\r\n--{boundary}".encode()) if boundary else ():
        head, _, content = part.partition(b"\r\n\r\n")
        if b"message/rfc822" in head:
            return sha256(content).hexdigest()
        if b".eml" in head:
            return sha256(base64.b64decode(content)).hexdigest()
    return ""


def _prefect(stage: Stage) -> httpx.AsyncClient:
    url = f"http://127.0.0.1:{stage.settings.prefect_port}/api"
    return httpx.AsyncClient(base_url=url, timeout=5, trust_env=False)


async def _window(stage: Stage) -> tuple[dict[str, str], str, str]:
    """States of the complaints' runs by our reference, the board's text, and why there is neither."""
    try:
        async with _prefect(stage) as client:
            asked = {"flows": {"name": {"any_": [FLOW]}}, "limit": _LOOKED_AT}
            runs = await _post(client, "/flow_runs/filter", asked)
            artifact = await _board(client)
    except (httpx.HTTPError, ValueError, KeyError) as error:
        return {}, "", f"the Prefect API does not answer ({type(error).__name__})"
    states = {run["parameters"].get("ref", ""): str(run["state_name"]) for run in runs}
    return states, str(artifact["data"]) if artifact else "", ""


async def _board(client: httpx.AsyncClient) -> dict[str, Any] | None:
    asked = {"artifacts": {"key": {"any_": [BOARD_KEY]}}, "limit": 1}
    return next(iter(await _post(client, "/artifacts/latest/filter", asked)), None)


async def _post(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await client.post(path, json=body)
    answer.raise_for_status()
    rows: list[dict[str, Any]] = answer.json()
    return rows
