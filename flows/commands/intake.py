"""Mail that somebody hands over: taken in, or only judged."""

import asyncio
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from complaints.clock import require_aware, system_clock
from complaints.errors import ForthwithError
from complaints.inbox.files import STANDARD_INPUT, read_paths
from complaints.model import Arrival
from config.bootstrap import App, open_app
from config.settings import Settings
from flows import show
from flows.commands.assessing import House, assessed, customers_from, house_from
from flows.commands.common import AsJson, note, put_all_json, put_json, ready, run, zone_of
from flows.commands.shapes import assessment_json

app = typer.Typer(rich_markup_mode="rich")

_BATCH = 50
_ANY_DAY = datetime(9999, 1, 1, tzinfo=UTC)

Paths = Annotated[
    list[str],
    typer.Argument(
        help="Files (.eml, mbox), folders (Maildir, or with .eml files), or - for standard input.",
        metavar="PATH...",
    ),
]


def _instant(written: str) -> datetime:
    try:
        return require_aware(datetime.fromisoformat(written))
    except (ValueError, OverflowError):
        raise typer.BadParameter(f"{written!r} is no instant; write e.g. 2026-11-23T09:30:00+00:00") from None


@app.command()
def ingest(
    paths: Paths,
    *,
    received_at: Annotated[
        str,
        typer.Option(
            help="When it was delivered, ISO 8601 with offset; else the mail itself tells.", metavar="INSTANT"
        ),
    ] = "",
    deliver: Annotated[
        bool,
        typer.Option("--deliver", help="Send at once what is to be sent, without a running `forthwith up`."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Take in mail from files, folders or standard input, and route it.

    The mail is stored verbatim and its clock starts at its delivery: the topmost Received header, an mbox's
    From line, the file's time, or --received-at. What is to be forwarded is sent by a running `forthwith up`,
    or at once with --deliver. The same mail given twice is taken once.

    Examples: forthwith ingest letter.eml   forthwith ingest ~/Maildir   ssh mx cat letter | forthwith ingest -
    """
    settings = ready()
    at = _instant(received_at) if received_at else None
    arrivals = read_paths(
        paths,
        received_at=at,
        stdin=_standard_input(paths),
        now=system_clock(),
        max_bytes=_largest(settings),
    )
    unread: list[ForthwithError] = []
    fates = run(_take_in(settings, _until_fault(arrivals, unread), deliver=deliver))
    if as_json:
        put_all_json(fates)
    else:
        _tell_fates(fates, settings)
    if not deliver and any(fate["status"] == "forwarding" for fate in fates):
        note("a running `forthwith up` sends what waits to be forwarded; or give --deliver")
    for fault in unread:
        raise fault


def _largest(settings: Settings) -> int:
    """Bytes above which only a mail's header section is read."""
    return int(settings.max_mail_mb * 1_000_000)


def _until_fault(arrivals: Iterator[Arrival], faults: list[ForthwithError]) -> Iterator[Arrival]:
    """Hand over what can be read: a file that cannot be must not hide what became of those before it."""
    try:
        yield from arrivals
    except ForthwithError as fault:
        faults.append(fault)


def _standard_input(paths: Iterable[str]) -> bytes:
    return sys.stdin.buffer.read() if STANDARD_INPUT in paths else b""


async def _take_in(settings: Settings, arrivals: Iterator[Arrival], *, deliver: bool) -> list[dict[str, Any]]:
    taken: list[tuple[str, int, bool]] = []
    async with open_app(settings) as desk:
        if not await desk.customers.all():
            note(
                "the customers register is empty, so every complaint waits for a person; see `forthwith customers`"
            )
        while batch := await asyncio.to_thread(lambda: list(islice(arrivals, _BATCH))):
            receipts = await desk.mailroom.receive(batch)
            taken += [(_name(a), r.mail_id, r.new) for a, r in zip(batch, receipts, strict=True)]
        await desk.route_all()
        if deliver:
            while await desk.deliver():
                pass
        return [await _fate(desk, file, mail_id, new=new) for file, mail_id, new in taken]


def _name(arrival: Arrival) -> str:
    return arrival.place or STANDARD_INPUT


async def _fate(desk: App, file: str, mail_id: int, *, new: bool) -> dict[str, Any]:
    """What became of one mail, as the store has it: a daemon may have been quicker."""
    async with desk.database.reading() as repository:
        mail = await repository.mails.get(mail_id)
        complaint_id = await repository.threads.complaint_of(mail_id)
        opened = await repository.complaints.by_id([complaint_id]) if complaint_id is not None else []
    one = opened[0] if opened else None
    return {
        "file": file,
        "mail": mail_id,
        "new": new,
        "kind": mail.kind or None,
        "ref": one.ref if one else None,
        "status": one.status.value if one else {"received": "waiting"}.get(mail.state, mail.state),
        "customer": (one.customer_id or None) if one else None,
        "received_at": mail.received_at,
        "due_at": one.due_at if one else None,
        "why": one.why if one and mail.state != "copy" else mail.why,
    }


def _tell_fates(fates: list[dict[str, Any]], settings: Settings) -> None:
    zone = zone_of(settings)
    rows = (
        (
            fate["file"],
            fate["ref"] or "",
            fate["status"] + ("" if fate["new"] else " (known already)"),
            fate["kind"] or "",
            fate["customer"] or "",
            show.instant(fate["due_at"], zone).removesuffix(f" {zone.key}"),
            fate["why"],
        )
        for fate in fates
    )
    show.table(("file", "ref", "status", "kind", "customer", f"due ({zone.key})", "why"), rows)


@app.command()
def assess(
    paths: Paths,
    *,
    customers: Annotated[
        Path | None,
        typer.Option(
            help="Customers register, CSV or YAML; else customers_file, else the store's.", metavar="FILE"
        ),
    ] = None,
    organisation: Annotated[
        str, typer.Option(help="Our name, in place of the setting.", metavar="NAME")
    ] = "",
    inbox: Annotated[str, typer.Option(help="Our address, in place of the setting.", metavar="ADDRESS")] = "",
    authserv_id: Annotated[
        str,
        typer.Option(
            help="Host whose Authentication-Results count, in place of the setting.", metavar="HOST"
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Say what would be decided about mails, and why; keep and send nothing.

    The mails of one call are taken in the order given, each knowing the earlier ones: a later letter of the
    same body with the same reference goes to the customer of the first.

    Example: forthwith assess letters/*.eml --customers customers.csv --json
    """
    settings = ready()
    house: House = house_from(settings, organisation=organisation, inbox=inbox, authserv_id=authserv_id)
    found = run(customers_from(settings, customers))
    # No clock starts here, so a letter may bear any date: samples of next month are judged as of next month.
    arrivals = read_paths(
        paths, received_at=None, stdin=_standard_input(paths), now=_ANY_DAY, max_bytes=_largest(settings)
    )
    zone = zone_of(settings)
    for stored, assessment in assessed(settings, _dated(arrivals), found, house):
        file = stored.mailbox
        if as_json:
            put_json(assessment_json(file, stored.received_at, assessment))
        else:
            show.assessment(file, stored.received_at, assessment, zone)


def _dated(arrivals: Iterable[Arrival]) -> Iterator[Arrival]:
    """Mail that tells no receipt by itself came just now."""
    for arrival in arrivals:
        yield arrival if arrival.server_at < _ANY_DAY else replace(arrival, server_at=system_clock())
