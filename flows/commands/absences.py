"""Who is away at the customers."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Annotated, TypeVar

import typer

from complaints.absences import Absence
from complaints.attendance import Attendance
from complaints.clock import system_clock
from config.keys import KeyCheck
from flows import show
from flows.commands.at_desk import at_desk
from flows.commands.common import Actor, AsJson, acting, put_all_json, ready

T = TypeVar("T")

_DAY = ["%Y-%m-%d"]
Email = Annotated[str, typer.Argument(help="A mail address of the register.", metavar="ADDRESS")]


def add_to(customers: typer.Typer) -> None:
    """Give the ``customers`` command its words for absences."""
    customers.command("away")(away)
    customers.command("back")(back)
    customers.command("absences")(absences)


def away(
    email: Email,
    *,
    until: Annotated[
        datetime, typer.Option(formats=_DAY, help="The last day of the absence.", metavar="DAY")
    ],
    since: Annotated[
        datetime | None,
        typer.Option(
            "--from", formats=_DAY, help="The first day of the absence.  \\[default: today]", metavar="DAY"
        ),
    ] = None,
    stand_in: Annotated[
        str,
        typer.Option(
            help="Who reads their letters instead; must be the customer's own.  \\[default: the next deputy]",
            metavar="ADDRESS",
        ),
    ] = "",
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Say that a supplier manager or deputy is away; their letters go to whoever stands in.

    The order is: the stand-in named here, the deputies of the register, its fallback address. When nobody is
    left, a person is asked at once.

    Example: forthwith customers away ann@acme.example --until 2027-01-04
    """
    who = acting(actor)

    async def note(book: Attendance) -> Sequence[Absence]:
        first = since.date() if since else None
        return [await book.away(email, first_day=first, last_day=until.date(), stand_in=stand_in, actor=who)]

    _tell(note, as_json=as_json)
    if stand_in and not as_json:
        check = KeyCheck(ready(), system_clock())
        for pair in _work(lambda book: book.stand_ins(email.strip().lower())):
            if remark := check.of_person(*pair):
                show.line(f"warning: {remark.words}", style="yellow")


def back(email: Email, as_json: AsJson = False) -> None:
    """Say that somebody is back, or stays after all: their absences are forgotten.

    Example: forthwith customers back ann@acme.example
    """
    found = _work(lambda book: book.back(email))
    if as_json:
        put_all_json(found)
        return
    show.line(f"{email} is there again; {len(found)} absences forgotten.")


def absences(as_json: AsJson = False) -> None:
    """List who is away, today and in the days to come, and who reads their letters today."""
    _tell(lambda book: book.absences(), as_json=as_json)
    if as_json:
        return
    for row, reader in _work(lambda book: book.stood_in_for()):
        who = f"go to {reader.email}" if reader else "go to NOBODY: a person is asked for each"
        show.line(
            f"{row.id} {row.name}: letters {who}{f' ({reader.standing_in})' if reader else ''}.",
            style="" if reader else "bold red",
        )


def _tell(work: Callable[[Attendance], Awaitable[Sequence[Absence]]], *, as_json: bool) -> None:
    found = _work(work)
    if as_json:
        put_all_json(found)
        return
    if not found:
        show.line("Nobody is away.")
        return
    show.absences(found)


def _work(work: Callable[[Attendance], Awaitable[T]]) -> T:
    return at_desk(ready(), lambda desk: work(Attendance(desk.database, desk.policy, desk.clock)))
