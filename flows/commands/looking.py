"""Looking at complaints, and proving that nobody has rewritten their history."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import typer

from complaints.auditor.auditor import Audit
from complaints.clock import system_clock
from complaints.errors import ForthwithError
from complaints.explaining import explanation
from complaints.records import Records
from complaints.reports import Report
from complaints.service import ComplaintDesk
from config.bootstrap import auditor_of, open_desk
from config.settings import Settings
from flows import report as reporting
from flows import show
from flows.commands.common import AsJson, Ref, plain, put, put_all_json, put_json, ready, run, zone_of
from flows.commands.shapes import complaint_json, dossier_json, explanation_json, mail_json
from flows.show_case import dossier
from flows.show_deadline import show_explanation

app = typer.Typer(rich_markup_mode="rich")
audit = typer.Typer(
    help="Check that nothing was changed, and that all was told that should have been.",
    rich_markup_mode="rich",
)
app.add_typer(audit, name="audit")


@asynccontextmanager
async def _records(settings: Settings) -> AsyncIterator[tuple[Records, ComplaintDesk]]:
    async with open_desk(settings) as desk:
        yield Records(desk.database), desk


@app.command("list")
def list_(
    everything: Annotated[bool, typer.Option("--all", help="Settled ones too, newest first.")] = False,
    filed: Annotated[
        bool, typer.Option("--filed", help="Instead, mail that needed no routing, newest first.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 1000,
    as_json: AsJson = False,
) -> None:
    """List the open complaints by deadline.

    Example: forthwith list --json
    """
    settings, now = ready(), system_clock()

    async def work() -> None:
        async with _records(settings) as (records, _):
            if filed:
                mails = await records.filed(limit)
                put_all_json(map(mail_json, mails)) if as_json else show.filed(mails, zone_of(settings))
                return
            found = await records.open_complaints(limit, everything=everything)
            if as_json:
                put_all_json(complaint_json(one, now) for one in found)
            else:
                show.complaints(found, now, zone_of(settings))

    run(work())


@app.command(name="show")
def show_(
    ref: Ref,
    original: Annotated[
        str,
        typer.Option(
            help="Write the mail, byte for byte, to this new file (- for standard output).", metavar="FILE"
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Show everything that is known of one complaint.

    The three times (server, header, stored), where it arrived, what was recognised and matched and why, the
    deadline, its history, every notice with the relay's reply, and whether the history is whole.

    Examples: forthwith show FW-1001   forthwith show FW-1001 --original letter.eml
    """
    settings, now = ready(), system_clock()

    async def work() -> None:
        async with _records(settings) as (records, desk):
            found = await records.show(ref)
            if original:
                _write(original, await desk.outbox.original(found.mail.id))
            elif as_json:
                put_json(dossier_json(found, now))
            else:
                dossier(found, now, zone_of(settings))

    run(work())


def _write(target: str, raw: bytes) -> None:
    if target == "-":
        sys.stdout.buffer.write(raw)
        return
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
    except FileExistsError:
        raise ForthwithError(f"{target} is there already; name another file") from None
    except OSError as error:
        raise ForthwithError(f"{target} cannot be written: {error.strerror}") from None
    show.line(f"{len(raw)} bytes written to {Path(target).resolve()}.")


@app.command()
def report(
    month: Annotated[
        str, typer.Option(help="The month, as 2026-11.  \\[default: the running one]", metavar="YYYY-MM")
    ] = "",
    customer: Annotated[
        str, typer.Option(help="One customer alone, by its id.  \\[default: all]", metavar="CUSTOMER")
    ] = "",
    as_csv: Annotated[
        bool, typer.Option("--csv", help="A line for each customer, for a spreadsheet.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Report how the promise was kept in a month.

    What counts is the month of receipt, in the house's time zone: how many were received and forwarded, how many
    in time, how long it took, what was late and why; in all, and for each customer. It is printed as markdown.

    Example: forthwith report --month 2026-11 --csv > november.csv
    """
    settings, now = ready(), system_clock()
    zone = zone_of(settings)
    named = month or f"{now.astimezone(zone):%Y-%m}"

    async def work() -> Report:
        async with _records(settings) as (records, _):
            return await records.report(named, zone, now, customer)

    found = run(work())
    if as_json:
        put_json(reporting.as_json(found))
    elif as_csv:
        put(reporting.as_csv(found).rstrip())
    else:
        put(reporting.markdown(found, zone).rstrip())


@app.command()
def explain(ref: Ref, as_json: AsJson = False) -> None:
    """Explain how a complaint's deadline came about.

    Every stretch between receipt and deadline, counted or not, by the terms, the calendar and the house number
    that were written down with it; and whether those of today would come to another instant, which changes
    nothing by itself.

    Example: forthwith explain FW-1001
    """
    settings = ready()

    async def work() -> None:
        async with _records(settings) as (records, desk):
            found = await explanation(desk, records, ref)
        if as_json:
            put_json(explanation_json(found))
        else:
            show_explanation(found, zone_of(settings))

    run(work())


@audit.callback()
def audits() -> None:
    """Check that nothing was changed, and that all was told that should have been."""


@audit.command()
def verify(as_json: AsJson = False) -> None:
    """Follow the chain of every complaint's history; ends with 1 when one is broken.

    Example: forthwith audit verify
    """
    settings = ready()

    async def work() -> tuple[int, dict[str, list[str]]]:
        async with _records(settings) as (records, _):
            return len(
                await records.open_complaints(10**9, everything=True)
            ), await records.broken_histories()

    count, broken = run(work())
    if as_json:
        put_json({"complaints": count, "broken": plain(broken)})
    else:
        for ref, faults in broken.items():
            show.line(f"{ref}: {'; '.join(faults)}", style="red")
        show.line(f"{count} histories, {len(broken)} broken." if broken else f"{count} histories, all whole.")
    if broken:
        raise typer.Exit(1)


@audit.command()
def check(
    refs: Annotated[
        list[str] | None,
        typer.Argument(help="Our references; none: all there ever were.", metavar="[REF]..."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Reckon anew what should have been told and done, and list every difference; ends with 1 where there is one.

    Nothing is changed and nobody is told; a running `forthwith up` does the same every few minutes and tells.

    Example: forthwith audit check FW-1001
    """
    settings = ready()

    async def work() -> Audit:
        async with open_desk(settings) as desk:
            return await auditor_of(settings, desk).check(refs or ())

    made = run(work())
    if as_json:
        found = [{"ref": one.ref, "what": one.what.value, "words": one.words} for one in made.findings]
        put_json({"complaints": made.looked_at, "findings": found})
    else:
        for one in made.findings:
            show.line(f"{one.ref or 'desk'}: {one.what.value}: {one.words}", style="red")
        show.line(f"{made.looked_at} complaints, {len(made.findings) or 'no'} differences.")
    if made.findings:
        raise typer.Exit(1)
