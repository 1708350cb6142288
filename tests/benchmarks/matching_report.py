"""What was measured of the matching, as a page and a picture."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from tests.benchmarks.matching_letters import Labelled


@dataclass(slots=True)
class Tally:
    """What became of letters."""

    letters: int = 0
    meant: int = 0  # that concern one customer
    routed: int = 0  # to that customer, without a person
    misrouted: int = 0
    clear: int = 0
    clear_routed: int = 0

    def add(self, one: Labelled, chosen: str) -> None:
        """Count one letter; ``chosen`` is a customer's id, or empty for a person."""
        right = bool(chosen) and chosen == one.truth
        self.letters += 1
        self.meant += bool(one.truth)
        self.clear += one.clear
        self.routed += right
        self.clear_routed += right and one.clear
        self.misrouted += bool(chosen) and not right


@dataclass(slots=True)
class Result:
    """One way of matching over one set of letters."""

    name: str
    total: Tally = field(default_factory=Tally)
    by_noise: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    milliseconds: float = 0.0

    def add(self, one: Labelled, chosen: str) -> None:
        """Count one letter."""
        self.total.add(one, chosen)
        self.by_noise[one.noise].add(one, chosen)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """What a register of one size costs."""

    customers: int
    names: int  # that the index knows, about two a customer
    build_seconds: float
    megabytes: float  # of the process at its largest, with the register's rows
    file_megabytes: float  # of the index on disk
    load_seconds: float  # from there, in a process that has just begun
    loaded_megabytes: float  # of that process at its largest
    milliseconds: float  # a letter of three pages, the median


def page(results: Sequence[Result], sizes: Sequence[Scale], *, customers: int, names: int, day: date) -> str:
    """The page for people."""
    ours = results[0]
    return f"""# Which customer is meant: what was measured

Written by `python -m tests.benchmarks.matching` on {day}. {ours.total.letters:,} letters in eleven languages, made from the names,
brands and web sites of real organisations (CC0) with controlled noise; {customers:,} of the organisations are customers ({names:,} names),
as many are not. The letters of this page are others than those that the rules were looked at with.

| | letters | misrouted | routed without a person, of the clear | of all that concern one customer | ms a letter |
|---|---|---|---|---|---|
{_rows(results)}

A letter is *clear* when it writes a registered name, brand or web site of one customer correctly and nobody else in the
collection goes by it. *Misrouted* is what went to a customer that is not meant, or to any customer where a person must decide.
The exact search takes the first registered name in the text; RapidFuzz takes `extractOne` with `partial_ratio` above 90.

## By how the company is named (Forthwith)

| | letters | routed | misrouted |
|---|---|---|---|
{_noise_rows(ours)}

What is not routed goes to a person with the candidates; a name with a typing error never decides by itself.

## The price of a lower bar

![share routed and misrouted, by the bar](matching.svg)

If the distance between the best and the second candidate's score alone decided, this is what each bar would route and misroute.
Forthwith asks for more than a score: one customer, no other company of the name, no doubt in the letter's words.

## Size of the register

| customers | names | built in | memory of the process | on disk | loaded in | memory then | a letter of three pages |
|---|---|---|---|---|---|---|---|
{_size_rows(sizes)}

Building holds the register's rows besides the index; loading needs none of them.
"""


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def _rows(results: Sequence[Result]) -> str:
    return "\n".join(
        f"| {one.name} | {one.total.letters:,} | **{one.total.misrouted}** | {_share(one.total.clear_routed, one.total.clear)} "
        f"| {_share(one.total.routed, one.total.meant)} | {one.milliseconds:.2f} |"
        for one in results
    )


def _noise_rows(result: Result) -> str:
    return "\n".join(
        f"| {noise} | {tally.letters:,} | {_share(tally.routed, tally.meant)} | {tally.misrouted} |"
        for noise, tally in result.by_noise.items()
    )


def _size_rows(sizes: Sequence[Scale]) -> str:
    return "\n".join(
        f"| {one.customers:,} | {one.names:,} | {one.build_seconds:.1f} s | {one.megabytes:,.0f} MB "
        f"| {one.file_megabytes:,.0f} MB | {one.load_seconds:.2f} s | {one.loaded_megabytes:,.0f} MB "
        f"| {one.milliseconds:.1f} ms |"
        for one in sizes
    )


_WIDE, _HIGH, _EDGE = 640, 300, 48


def picture(points: Sequence[tuple[float, float, float]]) -> str:
    """The trade-off as SVG: the share routed and, ten times enlarged, the share misrouted, by the bar."""
    routed = _line([(bar, share) for bar, share, _ in points], "#2f6fb0")
    wrong = _line([(bar, min(1.0, 10 * share)) for bar, _, share in points], "#c0392b")
    marks = "".join(
        f'<text x="{_x(bar):.0f}" y="{_HIGH - 18}" text-anchor="middle">{bar:.1f}</text>'
        for bar in (0.2, 0.4, 0.6, 0.8, 1.0)
    )
    shares = "".join(
        f'<text x="{_EDGE - 8}" y="{_y(share) + 4:.0f}" text-anchor="end">{share:.0%}</text>'
        f'<line x1="{_EDGE}" x2="{_WIDE - 12}" y1="{_y(share):.0f}" y2="{_y(share):.0f}" stroke="#8885"/>'
        for share in (0, 0.25, 0.5, 0.75, 1)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}" font-family="sans-serif" font-size="12" fill="#777">'
        f"{shares}{marks}{routed}{wrong}"
        f'<text x="{_WIDE - 14}" y="{_HIGH - 4}" text-anchor="end">the bar: best score less the next</text>'
        f'<text x="{_EDGE + 8}" y="{_y(0.97):.0f}" fill="#2f6fb0">routed to the right customer</text>'
        f'<text x="{_EDGE + 8}" y="{_y(0.06):.0f}" fill="#c0392b">misrouted, ten times enlarged</text></svg>\n'
    )


def _line(points: Sequence[tuple[float, float]], colour: str) -> str:
    path = " ".join(f"{_x(bar):.1f},{_y(share):.1f}" for bar, share in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'


def _x(bar: float) -> float:
    return _EDGE + (bar - 0.2) / 0.8 * (_WIDE - _EDGE - 24)


def _y(share: float) -> float:
    return 16 + (1 - share) * (_HIGH - 56)
