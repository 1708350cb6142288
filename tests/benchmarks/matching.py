"""Who is meant, measured: misroutes, what goes on without a person, the price of each, and size.

``python -m tests.benchmarks.matching`` writes docs/matching.md and docs/matching.svg.
"""

import argparse
import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from rapidfuzz import fuzz, process, utils

from complaints.clock import system_clock
from complaints.matching import CustomerIndex, match
from complaints.matching.tokens import name_words
from complaints.model import Customer, InboundMail, Matched
from tests.benchmarks.matching_letters import Labelled, letters, mail_of, names_in_register, world
from tests.benchmarks.matching_report import Result, Scale, Tally, page, picture

_HOUSE = ("Northgate Managed Services",)
_SWEEP = tuple(number / 20 for number in range(4, 21))
_FUZZY_BAR = 90  # of RapidFuzz's hundred
_DOCS = Path("docs")
_MEGABYTE = 1024 * 1024


def forthwith(index: CustomerIndex) -> Callable[[InboundMail], str]:
    """The desk's own matcher."""

    def choose(mail: InboundMail) -> str:
        found = match(mail, index, precedent=None, house_names=_HOUSE, body=None)
        return found.customer.id if isinstance(found, Matched) else ""

    return choose


def exact_search(customers: Sequence[Customer]) -> Callable[[InboundMail], str]:
    """A plain search for the register's names: the first that stands in the text."""
    names = {
        f" {' '.join(words)} ": one.id
        for one in customers
        for n in (one.name, *one.aliases)
        for words in name_words(n)
    }

    def choose(mail: InboundMail) -> str:
        text = f" {' '.join(next(iter(name_words(_text(mail)))))} "
        return next((customer for name, customer in names.items() if name in text), "")

    return choose


def best_fuzzy(customers: Sequence[Customer]) -> Callable[[InboundMail], str]:
    """RapidFuzz ``extractOne`` over all names, the best taken above a bar: what a quick script would do."""
    names = [(name, one.id) for one in customers for name in (one.name, *one.aliases)]
    choices = [utils.default_process(name) for name, _ in names]

    def choose(mail: InboundMail) -> str:
        found = process.extractOne(
            utils.default_process(_text(mail)), choices, scorer=fuzz.partial_ratio, score_cutoff=_FUZZY_BAR
        )
        return names[found[2]][1] if found else ""

    return choose


def _text(mail: InboundMail) -> str:
    return "\n".join(passage.text for passage in mail.passages)


def judge(name: str, choose: Callable[[InboundMail], str], sample: Iterable[Labelled]) -> Result:
    """Let ``choose`` decide every letter."""
    result, spent = Result(name), 0.0
    for one in sample:
        began = time.perf_counter()
        chosen = choose(one.mail)
        spent += time.perf_counter() - began
        result.add(one, chosen)
    result.milliseconds = 1000 * spent / result.total.letters
    return result


def curve(index: CustomerIndex, sample: Sequence[Labelled]) -> list[tuple[float, float, float]]:
    """For each bar: the share routed and the share misrouted if the best candidate's score alone decided."""
    scored = []
    for one in sample:
        found = match(one.mail, index, precedent=None, house_names=_HOUSE, body=None)
        best = found.candidates[:2]
        margin = best[0].score - (best[1].score if len(best) > 1 else 0.0) if best else 0.0
        scored.append((one, best[0].customer.id if best else "", margin))
    points = []
    for bar in _SWEEP:
        tally = Tally()
        for one, customer, margin in scored:
            tally.add(one, customer if margin >= bar else "")
        points.append((bar, tally.routed / tally.letters, tally.misrouted / tally.letters))
    return points


def scale(count: int) -> Scale:
    """Build an index over ``count`` made-up companies, keep it, and read a letter of three pages with it."""
    customers = list(_made_up(count))
    began = time.perf_counter()
    index = CustomerIndex.build(customers)
    took = time.perf_counter() - began
    mail = _three_pages(customers[count // 2])
    choose = forthwith(index)
    assert choose(mail) == customers[count // 2].id
    spent = 1000 * median(_seconds(lambda: choose(mail)) for _ in range(50))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "index"
        index.save(file, key=str(count))
        size = file.stat().st_size / _MEGABYTE
        peak = _peak()
        loaded = json.loads(_in_a_process("--load", str(file), "--scale", str(count)))
    return Scale(
        customers=count,
        names=index.names,
        build_seconds=took,
        megabytes=peak,
        file_megabytes=size,
        load_seconds=loaded["seconds"],
        loaded_megabytes=loaded["megabytes"],
        milliseconds=spent,
    )


def load(file: Path, count: int) -> dict[str, float]:
    """Load the index of ``count`` companies, as a process does that has just begun."""
    began = time.perf_counter()
    index = CustomerIndex.load(file, key=str(count))
    took = time.perf_counter() - began
    assert index is not None
    assert len(index) == count
    return {"seconds": took, "megabytes": _peak()}


def _peak() -> float:
    """What this program has taken at most, in megabytes; ``getrusage`` counts in who started it."""
    return int(re.findall(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))[0]) / 1024


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
_TRADES = (
    "Logistics",
    "Energie",
    "Versicherung",
    "Retail",
    "Software",
    "Foods",
    "Bank",
    "Telecom",
    "Medical",
    "Travel",
)
_FORMS = ("GmbH", "Ltd", "AG", "plc", "S.A.", "B.V.", "AB", "S.r.l.")


def _made_up(count: int) -> Iterator[Customer]:
    chance = random.Random(7)
    for number in range(count):
        word = "".join(chance.choice(_SYLLABLES) for _ in range(4)).capitalize()
        yield Customer(
            id=str(number),
            name=f"{word} {chance.choice(_TRADES)} {chance.choice(_FORMS)}",
            domains=(f"{word.lower()}{number}.example",),
            supplier_manager_email="m@customers.example",
        )


def _three_pages(customer: Customer) -> InboundMail:
    page = (
        "The complainant wrote to the company on 3 August and asked for a copy of her data. On 2 September the help desk, "
        "which we understand you operate, told her that the record had been archived. She has since received letters "
        "meant for other people, among them an invoice and a reminder, and asks how that came about. "
    ) * 8
    return mail_of("\n\n".join((f"We have received a complaint against {customer.name}.", page, page, page)))


def main() -> None:
    """Measure, and write the page and its picture."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--letters", type=int, default=10_000, help="how many are reported on")
    options.add_argument(
        "--sizes", type=int, nargs="*", default=[5_000, 50_000, 500_000], help="of registers, in customers"
    )
    options.add_argument("--part", type=int, default=5, help="another number, other letters")
    options.add_argument("--scale", type=int, help=argparse.SUPPRESS)
    options.add_argument("--load", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.load:
        print(json.dumps(load(given.load, given.scale)))  # noqa: T201  read by the process that asked
        return
    if given.scale:
        print(json.dumps(asdict(scale(given.scale))))  # noqa: T201  read by the process that asked
        return
    companies = world()
    index = CustomerIndex.build(companies.customers)
    tuned = list(letters(companies, given.letters // 4, part=0))
    reported = list(letters(companies, given.letters, part=given.part))
    say(f"{len(reported)} letters, {len(companies.customers)} customers")
    results = [judge("Forthwith", forthwith(index), reported)]
    say(f"Forthwith: {results[0].total.misrouted} misrouted")
    few = reported[: given.letters // 10]
    results += [
        judge("Forthwith, the first tenth", forthwith(index), few),
        judge("exact search, the first tenth", exact_search(companies.customers), few),
        judge("RapidFuzz extractOne, the first tenth", best_fuzzy(companies.customers), few),
    ]
    sizes = [_apart(size) for size in given.sizes]
    for size in sizes:
        say(
            f"{size.names} names: {size.milliseconds:.1f} ms a letter, built in {size.build_seconds:.1f} s, "
            f"loaded in {size.load_seconds:.2f} s"
        )
    points = curve(index, tuned)
    (_DOCS / "matching.svg").write_text(picture(points), encoding="utf-8")
    (_DOCS / "matching.md").write_text(
        page(
            results,
            sizes,
            customers=len(companies.customers),
            names=names_in_register(companies),
            day=system_clock().date(),
        ),
        encoding="utf-8",
    )
    say("wrote docs/matching.md and docs/matching.svg")


def _apart(size: int) -> Scale:
    """Measured in a process of its own, for the memory's sake."""
    return Scale(**json.loads(_in_a_process("--scale", str(size))))


def _in_a_process(*options: str) -> str:
    command = [sys.executable, "-m", "tests.benchmarks.matching", *options]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def say(words: str) -> None:
    """A line of progress."""
    print(f"{time.strftime('%H:%M:%S')} {words}", flush=True)  # noqa: T201  for the person who waits


if __name__ == "__main__":
    main()
