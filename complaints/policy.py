"""What the house has decided: terms, ladders, people. A value, read once from the settings."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from complaints.deadlines import Calendar, due_at, parse_terms
from complaints.escalation import Ladders
from complaints.model import Complaint, Customer
from complaints.people import NOBODY_MORE, People


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """The house's rules."""

    organisation: str
    mail_domain: str  # right side of our Message-IDs
    timezone: str  # IANA; in which people are shown times
    calendar: Calendar
    ladder: Ladders
    default_terms: str
    vague_terms: str
    triage: tuple[str, ...]  # mail addresses or apprise URLs
    managers: tuple[str, ...]
    people: People = NOBODY_MORE
    pause_after_reply: timedelta = timedelta(hours=1)  # how long an answer to an alert holds the next ones up
    dashboard_url: str = ""

    def day(self, at: datetime) -> date:
        """The day of an instant in the house's time zone, by which contracts and absences go."""
        return at.astimezone(ZoneInfo(self.timezone)).date()

    def terms_of(self, customer: Customer | None) -> str:
        """The words of the customer's contract, or the house's where it has none."""
        return (customer.sla if customer else "") or self.default_terms

    def due(self, words: str, received_at: datetime) -> datetime:
        """When a complaint received at this instant must have been forwarded, in UTC.

        Raises:
            BadTerms: when the words cannot be read.
        """
        return due_at(parse_terms(words, vague=self.vague_terms), received_at, self.calendar)

    def shortest(self, customers: list[Customer], received_at: datetime) -> tuple[str, datetime]:
        """The tightest terms among these customers and the house's own, and when they run out.

        While nobody knows whose complaint it is, it may be that of the one who gives us least time.
        """
        words = {self.default_terms, *(self.terms_of(customer) for customer in customers)}
        due, terms = min((self.due(one, received_at), one) for one in words)
        return terms, due

    def groups(self, complaint: Complaint, now: datetime) -> dict[str, tuple[str, ...]]:
        """Who stands behind the ladders' names, for this complaint at this instant."""
        return self.people.book(now) | {
            "triage": self.triage,
            "managers": self.managers,
            "deputy": (complaint.deputy_email,) if complaint.deputy_email else (),
            "manager": (complaint.recipient_email,) if complaint.recipient_email else (),
        }
