"""When a term runs out: for programs line by line, for people with every step."""

import json
import sys
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from complaints.deadlines import answer
from complaints.errors import BadTerms

app = typer.Typer(rich_markup_mode="rich")

_LONGEST_LINE = 1_000_000


@app.command()
def deadline(
    *,
    received: Annotated[
        str, typer.Option(help="Receipt, ISO 8601 with offset, e.g. 2026-11-23T09:30:00Z.", metavar="INSTANT")
    ] = "",
    terms: Annotated[str, typer.Option(help="The contract's words, e.g. '4 business hours'.")] = "24h",
    timezone: Annotated[str, typer.Option(help="IANA time zone of hours and answer.")] = "Europe/London",
    hours: Annotated[str, typer.Option(help="Working hours on Monday to Friday, or 24x7.")] = "09:00-17:30",
    holidays: Annotated[str, typer.Option(help="Whose public holidays do not count.")] = "GB-ENG",
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Read one request a line from standard input, print one answer a line."),
    ] = False,
) -> None:
    """Say when a term runs out, and how that is counted.

    With --json, one request a line: {"received_at": "2026-11-23T09:30:00+00:00", "terms": "4 business hours",
    "calendar": {"timezone": "Europe/London", "hours": {"mon": ["09:00-17:30"]}, "holidays": "GB-ENG"}}; the answer
    is {"due_at": ..., "terms": ..., "explain": [...]} or {"error": ...}, and the next line is read.

    Example: forthwith deadline --received 2026-11-23T16:00:00Z --terms "4 business hours"
    """
    if as_json:
        _answer_lines(sys.stdin)
        return
    if not received:
        raise typer.BadParameter("say when it was received, or use --json", param_hint="--received")
    calendar = {"timezone": timezone, "hours": _week(hours), "holidays": holidays}
    _tell(answer({"received_at": received, "terms": terms, "calendar": calendar}), timezone)


def _answer_lines(lines: Iterable[str]) -> None:
    for line in lines:
        if line.strip():
            sys.stdout.write(json.dumps(_answered(line), ensure_ascii=False) + "\n")
            sys.stdout.flush()


def _answered(line: str) -> dict[str, Any]:
    if len(line) > _LONGEST_LINE:
        return {"error": f"the line has more than {_LONGEST_LINE} characters"}
    try:
        request = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {"error": f"the line is no JSON: {' '.join(str(error).split())}"}
    return answer(request)


def _week(hours: str) -> dict[str, list[str]] | str:
    if hours.strip() == "24x7":
        return "24x7"
    return {day: hours.replace(",", " ").split() for day in ("mon", "tue", "wed", "thu", "fri")}


def _tell(answered: dict[str, Any], timezone: str) -> None:
    if "error" in answered:
        raise BadTerms(str(answered["error"]))
    zone = ZoneInfo(timezone)
    sys.stdout.write(f"Due {_instant(answered['due_at'], zone)} {zone.key} ({answered['terms']})\n")
    for step in answered["explain"]:
        mark = "+" if step["counted"] else " "
        sys.stdout.write(
            f" {mark} {_instant(step['from'], zone)} - {_instant(step['until'], zone)}  {step['why']}\n"
        )


def _instant(written: str, zone: ZoneInfo) -> str:
    local = datetime.fromisoformat(written).astimezone(zone)
    return f"{local:%a} {local.day:2} {local:%b %Y %H:%M:%S}"
