"""What the house has decided: terms, ladders, people. A value, read once from the settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from complaints.agreed import Deadline, Facts, Urgency, deadline
from complaints.confidential import Keys, NoKeys
from complaints.customer_place import zone_of_country
from complaints.deadlines import Calendar
from complaints.errors import BadTerms
from complaints.escalation import Ladders
from complaints.model import Complaint, Customer
from complaints.people import NOBODY_MORE, People

log = structlog.get_logger()

HOUSE = "house"
"""Name of the calendar that counts where a contract names none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """The house's rules."""

    organisation: str
    mail_domain: str  # right side of our Message-IDs
    timezone: str  # IANA; in which people are shown times
    calendar: Calendar  # the house's
    calendars: Mapping[str, Calendar] = field(default_factory=dict)  # those that contracts can name
    holidays_of_customers: bool = False  # the house's hours, the public holidays of the customer's country
    urgency: Urgency = field(default_factory=Urgency)
    ladder: Ladders
    default_terms: str
    vague_terms: str
    triage: tuple[str, ...]  # mail addresses or apprise URLs
    managers: tuple[str, ...]
    people: People = NOBODY_MORE
    pause_after_reply: timedelta = timedelta(hours=1)  # how long an answer to an alert holds the next ones up
    dashboard_url: str = ""
    keys: Keys = field(default_factory=NoKeys, repr=False)  # of those who are written to

    def day(self, at: datetime) -> date:
        """The day of an instant in the house's time zone, by which contracts and absences go."""
        return at.astimezone(ZoneInfo(self.timezone)).date()

    def terms_of(self, customer: Customer | None) -> str:
        """The words of the customer's contract, or the house's where it has none."""
        return (customer.sla if customer else "") or self.default_terms

    def calendar_of(self, customer: Customer | None) -> str:
        """Name of the calendar that the customer's time is counted in."""
        if customer is None:
            return HOUSE
        if customer.calendar:
            return customer.calendar
        return f"{HOUSE}/{customer.country}" if self.holidays_of_customers and customer.country else HOUSE

    def timezone_of(self, customer: Customer) -> str:
        """The time zone (IANA) of a customer's people: their country's, else their calendar's, else the house's."""
        calendar = self.calendars.get(customer.calendar)
        return zone_of_country(customer.country) or (calendar.timezone if calendar else self.timezone)

    def calendar_named(self, name: str) -> tuple[str, Calendar]:
        """A calendar and its name; the house's where the settings do not know this one any more."""
        if found := self.calendars.get(name):
            return name, found
        house, _, country = name.partition("/")
        if house == HOUSE and country and (found := self.calendar.with_holidays_of(country)):
            return name, found
        if name not in {HOUSE, ""} and house != HOUSE:
            log.warning("calendar_unknown", calendar=name)
        return HOUSE, self.calendar

    def deadline(self, customer: Customer | None, letter: Facts) -> Deadline:
        """When a letter for this customer must have been passed on, and all that it came from.

        Terms that do not come to an instant (a calendar that never opens) must not hold the letter up: then
        the house's own count, and the log says so.

        Args:
            customer: the row whose terms count; None: nobody is known, the house's own.
            letter: what is known of the letter.
        """
        try:
            return self.by_terms(self.terms_of(customer), self.calendar_of(customer), letter)
        except BadTerms:
            log.exception("terms_unusable", customer=customer.id if customer else "")
            return self.by_terms(self.default_terms, HOUSE, letter)

    def by_terms(self, terms: str, calendar: str, letter: Facts, *, house_number: str = "") -> Deadline:
        """The same by a contract's line and the name of a calendar.

        Args:
            terms: the line.
            calendar: its name.
            letter: what is known of the letter.
            house_number: for vague words; empty: today's.

        Raises:
            BadTerms: the line cannot be read, or does not end by this calendar.
        """
        name, found = self.calendar_named(calendar)
        return deadline(
            terms,
            letter,
            house_number=house_number or self.vague_terms,
            name=name,
            calendar=found,
            urgency=self.urgency,
        )

    def shortest(self, customers: list[Customer], letter: Facts) -> Deadline:
        """The tightest deadline among these customers' and the house's own.

        While nobody knows whose complaint it is, it may be that of the one who gives us least time.
        """
        rows: dict[tuple[str, str], Customer | None] = {(self.default_terms, HOUSE): None}
        for customer in customers:
            rows.setdefault((self.terms_of(customer), self.calendar_of(customer)), customer)
        return min((self.deadline(row, letter) for row in rows.values()), key=lambda one: one.due_at)

    def groups(self, complaint: Complaint, now: datetime) -> dict[str, tuple[str, ...]]:
        """Who stands behind the ladders' names, for this complaint at this instant; under a hold none of the customer's."""
        deputy, manager = complaint.deputy_email, complaint.recipient_email
        told = complaint.held_at is None
        return self.people.book(now) | {
            "triage": self.triage,
            "managers": self.managers,
            "deputy": (deputy,) if told and deputy else (),
            "manager": (manager,) if told and manager else (),
        }
