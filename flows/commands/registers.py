"""The registers: who our customers are, and whose letters count."""

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from complaints.clock import system_clock
from complaints.customers import CustomerRegister
from complaints.errors import BadRegister, BadSetting
from complaints.model import Customer
from config.bootstrap import open_desk, policy_of
from config.customers import RegisterDiff, check_customers, diff_customers, effective_from, read_customers
from config.keys import KeyCheck
from config.registers import AUTHORITY, check_bodies, load_bodies
from config.settings import Settings
from flows import show
from flows.commands import absences, lessons
from flows.commands.at_desk import at_desk
from flows.commands.common import AsJson, note, plain, put_all_json, put_json, ready, run

app = typer.Typer(rich_markup_mode="rich")
customers = typer.Typer(
    help="Import, check and list the customers; say who is away and what to learn.",
    rich_markup_mode="rich",
)
authorities = typer.Typer(
    help="Check the registers of authorities and public-interest bodies.", rich_markup_mode="rich"
)
app.add_typer(customers, name="customers")
app.add_typer(authorities, name="authorities")


@customers.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The register, CSV or YAML.", metavar="FILE")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
    effective: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="The first day on which this register counts; until then the present one does.  \\[default: at once]",
            metavar="DAY",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Put this register in force: whole, or not at all.

    Customers that the file lacks are retired. Complaints keep the manager they were given and the terms that
    were in force when they came.

    A contract that begins or ends on a day says so in the file (columns valid_from and valid_until; a customer
    may have a row for each time), or the whole file is imported ahead with --effective.

    Example: forthwith customers import customers.csv --dry-run
    Example: forthwith customers import january.csv --effective 2027-01-01
    """
    settings = ready()
    policy = policy_of(settings)
    new = read_customers(file, calendars=policy.calendars)
    today = policy.day(system_clock())
    own = settings.customers_file
    day = effective.date() if effective else None
    if day is not None:
        _may_wait(day, today, own)
    diff = run(_import(settings, new, _digest(file), day, dry_run=dry_run))
    warnings = check_customers(new, today, keys=KeyCheck(settings, system_clock()).lines)
    if own is not None and own.resolve() != file.resolve():
        note(
            f"customers_file is {own}: when it changes, or differs, the next `forthwith up` puts it in force again"
        )
    if as_json:
        put_json(_diff_json(diff, warnings, imported=bool(diff) and not dry_run))
        return
    for line in str(diff).splitlines():
        show.line(line)
    _warn(warnings)
    what = "would be in force" if dry_run else "are in force" if day is None else "will be in force"
    show.line(
        f"{len(new)} rows {what}{f' from {day} on' if day else ''}: {len(diff.added)} added, {len(diff.changed)} changed,"
        f" {len(diff.retired)} retired."
    )


def _may_wait(day: date, today: date, own: Path | None) -> None:
    if day <= today:
        raise BadSetting(
            f"--effective {day} is not ahead; leave it out, or give the rows their days (valid_from, valid_until)"
        )
    if own is not None:
        raise BadSetting(
            f"customers_file ({own}) is put in force whenever it changes, which would undo --effective;"
            " give its rows their days (valid_from, valid_until) instead"
        )


def _digest(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise BadRegister(f"{file} cannot be read: {error.strerror}") from None


async def _import(
    settings: Settings, new: tuple[Customer, ...], digest: str, day: date | None, *, dry_run: bool
) -> RegisterDiff:
    async with open_desk(settings) as desk:
        register = CustomerRegister(desk.database, system_clock)
        old = await register.all()
        if day is not None:
            new = effective_from(old, new, day)
        diff = diff_customers(old, new)
        if not dry_run:
            await register.replace(new, source_sha256=digest)
    return diff


def _diff_json(diff: RegisterDiff, warnings: tuple[str, ...], *, imported: bool) -> dict[str, object]:
    return {
        "imported": imported,
        "added": [one.id for one in diff.added],
        "changed": [after.id for _, after in diff.changed],
        "retired": [one.id for one in diff.retired],
        "warnings": list(warnings),
    }


@customers.command()
def check(
    file: Annotated[
        Path | None,
        typer.Argument(help="The register; else customers_file of the settings.", metavar="[FILE]"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a register file without importing it.

    Ends with 1 at the first mistake, naming file, line and field; warnings are no mistakes.

    Example: forthwith customers check customers.csv
    """
    path = file or ready().customers_file
    if path is None:
        raise BadSetting("name a file, or set customers_file")
    settings = ready()
    policy = policy_of(settings)
    found = read_customers(path, calendars=policy.calendars)
    now = system_clock()
    warnings = check_customers(found, policy.day(now), keys=KeyCheck(settings, now).lines)
    if as_json:
        put_json({"customers": len(found), "warnings": list(warnings)})
        return
    _warn(warnings)
    show.line(f"{path}: {len(found)} customers, no mistake, {len(warnings)} warnings.")


@customers.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the customers on file, with the days of their contracts and the names that were learned."""
    found = at_desk(ready(), lambda desk: CustomerRegister(desk.database, desk.clock).taught())
    if as_json:
        put_all_json(plain(one) for one in found)
        return
    show.customers(found)
    show.line(f"{len({one.id for one in found})} customers.")


@authorities.callback()
def bodies() -> None:
    """Check the registers of authorities and public-interest bodies."""


@authorities.command("check")
def check_authorities(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="Your own additions to check (YAML with 'authorities' or 'bodies'); else those of the settings.",
            metavar="[FILE]",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check the registers as delivered, with your own additions merged in.

    Example: forthwith authorities check our-authorities.yaml
    """
    settings = ready()
    own, other = settings.authorities_file, settings.bodies_file
    if file is not None:
        own, other = (file, other) if _holds_authorities(file) else (own, file)
    found = load_bodies(own, other)
    warnings = check_bodies(found)
    count = sum(body.kind == AUTHORITY for body in found)
    if as_json:
        put_json({"authorities": count, "bodies": len(found) - count, "warnings": list(warnings)})
        return
    _warn(warnings)
    show.line(
        f"{count} authorities, {len(found) - count} public-interest bodies, no mistake, {len(warnings)} warnings."
    )


def _holds_authorities(file: Path) -> bool:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadRegister(f"{file} cannot be read: {error}") from None
    return not any(line.startswith("bodies:") for line in text.splitlines())


def _warn(warnings: tuple[str, ...]) -> None:
    for warning in warnings:
        show.line(f"warning: {warning}", style="yellow")


absences.add_to(customers)
lessons.add_to(customers)
