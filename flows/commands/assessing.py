"""Judging mail without keeping it: the desk's own assessor over mail that is in memory alone."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from complaints.assessor import Assessor, Reading, unread
from complaints.clock import system_clock
from complaints.contracts import Contracts, within_contract
from complaints.customers import CustomerRegister
from complaints.errors import BadSetting
from complaints.inbox.mime import read_mail
from complaints.inbox.papers.reader import PaperReader
from complaints.matching import CustomerIndex
from complaints.model import Arrival, Assessment, Customer
from complaints.precedents import Precedents
from complaints.recognition import House
from complaints.store.mails import StoredMail, digest_of
from config.bootstrap import dkim_of, house_of, ocr_of, open_desk, opener_of
from config.customers import read_customers
from config.registers import load_bodies
from config.settings import Settings, words_in

__all__ = ["House", "assessed", "customers_from", "house_from"]

log = structlog.get_logger()


def house_from(settings: Settings, *, organisation: str, inbox: str, authserv_id: str) -> House:
    """How the house is known in letters: by the settings, and by what was given in their place."""
    house = house_of(settings)
    return House(
        organisation=organisation or house.organisation,
        own_addresses=frozenset({inbox.lower()}) if inbox else house.own_addresses,
        authserv_ids=frozenset(words_in(authserv_id.lower())) or house.authserv_ids,
    )


async def customers_from(settings: Settings, given: Path | None) -> Sequence[Customer]:
    """The register to match against: the file given, that of the settings, or the store's.

    Raises:
        BadRegister: what is wrong with the file.
        BadSetting: there is none.
        StoreUnavailable: the store cannot be read.
    """
    path = given or settings.customers_file
    if path is not None:
        return read_customers(path)
    if _is_missing(settings.database):
        raise BadSetting("there is no customers register; give one with --customers FILE")
    async with open_desk(settings) as desk:
        return await CustomerRegister(desk.database, system_clock).taught()


def _is_missing(url: str) -> bool:
    # Connecting would make the file, and this command leaves nothing behind.
    return url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).is_file()


def assessed(
    settings: Settings, arrivals: Iterable[Arrival], customers: Sequence[Customer], house: House
) -> Iterator[tuple[StoredMail, Assessment]]:
    """Judge mails in their order, each knowing the earlier ones.

    Yields:
        The mail as the store would have it (``mailbox`` is its file), and what would be decided.
    """
    papers = PaperReader(ocr=ocr_of(settings))
    bodies = load_bodies(settings.authorities_file, settings.bodies_file)
    assessor = Assessor(bodies, house, papers=papers, dkim=dkim_of(settings), opener=opener_of(settings))
    contracts, zone = Contracts(customers), ZoneInfo(house.timezone)
    index = CustomerIndex.build(contracts.known(customers, system_clock().astimezone(zone).date()))
    precedents = Precedents()
    try:
        for number, arrival in enumerate(arrivals, 1):
            stored = _as_stored(number, arrival)
            reading = _read(assessor, arrival.raw, stored)
            if isinstance(reading, Assessment):
                yield stored, reading
                continue
            day = arrival.server_at.astimezone(zone).date()
            judged = assessor.judge(reading, index, precedents.before(reading))
            assessment = within_contract(judged, contracts, day)
            precedents.remember(reading, assessment)
            yield stored, assessment
    finally:
        papers.close()


def _read(assessor: Assessor, raw: bytes, stored: StoredMail) -> Reading | Assessment:
    try:
        return assessor.read(raw, stored)
    except Exception as error:
        log.exception("mail_unread", mail=stored.id)
        return unread(
            stored, read_mail(b""), f"reading it failed ({type(error).__name__}); look at it by hand"
        )


def _as_stored(number: int, arrival: Arrival) -> StoredMail:
    return StoredMail(
        id=number,
        sha256=digest_of(arrival),
        size=arrival.size,
        oversized=arrival.oversized,
        problem=arrival.problem,
        mailbox=arrival.place or "-",
        received_at=arrival.server_at,
        server_at=arrival.server_at,
        header_at=None,
        stored_at=arrival.server_at,
        state="received",
        kind="",
        sender="",
        subject="",
        message_id="",
        why="",
        evidence={},
        attempts=0,
    )
