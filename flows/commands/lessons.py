"""What people's decisions offer to the register."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated

import typer

from complaints.lessons import Lesson
from complaints.teaching import Teaching
from flows import show
from flows.commands.at_desk import at_desk
from flows.commands.common import Actor, AsJson, acting, put_all_json, ready

Number = Annotated[
    int, typer.Argument(help="The lesson's number, as `customers lessons` shows it.", metavar="NUMBER")
]


def add_to(customers: typer.Typer) -> None:
    """Give the ``customers`` command its words for lessons."""
    customers.command("lessons")(lessons)
    customers.command("take")(take)
    customers.command("decline")(decline)


def lessons(
    everything: Annotated[bool, typer.Option("--all", help="Those taken and declined too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the names and web sites that letters used for a customer and the register does not know.

    They come from what people decided with `forthwith assign`. None counts before it is taken.
    """
    found = _work(lambda book: book.lessons(everything=everything))
    if as_json:
        put_all_json(found)
        return
    if not found:
        show.line("There is nothing to learn.")
        return
    show.lessons(found)
    show.line("`forthwith customers take NUMBER` adds one to the register, `decline` drops it.")


def take(number: Number, actor: Actor = "", as_json: AsJson = False) -> None:
    """Add a name or web site to the customer, for good: it outlasts the next import.

    Example: forthwith customers take 3
    """
    who = acting(actor)

    async def learn(book: Teaching) -> Sequence[Lesson]:
        return [await book.take(number, actor=who)]

    [lesson] = _work(learn)
    if as_json:
        put_all_json([lesson])
        return
    show.line(f"“{lesson.value}” now counts as {lesson.what.value} of {lesson.customer_id}.")


def decline(number: Number, actor: Actor = "", as_json: AsJson = False) -> None:
    """Do not learn it, or no longer.

    Example: forthwith customers decline 3
    """
    who = acting(actor)

    async def drop(book: Teaching) -> Sequence[Lesson]:
        return [await book.decline(number, actor=who)]

    [lesson] = _work(drop)
    if as_json:
        put_all_json([lesson])
        return
    show.line(f"“{lesson.value}” is not learned for {lesson.customer_id}.")


def _work(work: Callable[[Teaching], Awaitable[Sequence[Lesson]]]) -> Sequence[Lesson]:
    return at_desk(ready(), lambda desk: work(Teaching(desk.database, desk.clock)))
