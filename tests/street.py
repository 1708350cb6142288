"""The whole street on real parts: a local mailbox, a relay, a store, and the desk between them."""

import base64
import email
import email.policy
import email.utils
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from complaints.clock import Clock
from config.bootstrap import App, open_app
from config.settings import Settings
from flows.embedded import EmbeddedImap, EmbeddedSmtp

CUSTOMERS = """\
id,name,aliases,domains,identifiers,supplier_manager_name,supplier_manager_email,deputy_email,sla,country
acme,Acme Retail Ltd,Acme Retail,acme-retail.example,companies-house:11437420,Ada Acme,ada@acme-retail.example,dan@acme-retail.example,,GB
swift,Swift Logistics GmbH,Swift Logistics,swift-logistics.example,,Sue Swift,sue@swift-logistics.example,,4h,DE
borealis,Borealis Energy AB,Borealis Energy,borealis.example,,Bo Borealis,bo@borealis.example,,,SE
"""
INBOX = "privacy@msp.example"
TRIAGE, MANAGER = "triage@msp.example", "boss@msp.example"
AUTHSERV = "mx.msp.example"


def ico_letter(
    about: str, *, reference: str = "IC-372500-S1A1", at: datetime | None = None, **extra: Any
) -> bytes:
    """A complaint as the ICO writes it, verified by our own server."""
    at = at or datetime.now(UTC)
    letter = EmailMessage(policy=email.policy.SMTP)
    letter["Return-Path"] = "<icocasework@ico.org.uk>"
    letter["Received"] = f"from out.ico.org.uk by {AUTHSERV} for <{INBOX}>; {email.utils.format_datetime(at)}"
    letter["Authentication-Results"] = (
        f"{AUTHSERV}; spf=pass smtp.mailfrom=ico.org.uk; dkim=pass header.d=ico.org.uk; dmarc=pass header.from=ico.org.uk"
    )
    letter["Date"] = email.utils.format_datetime(extra.get("date", at))
    letter["From"] = extra.get("sender", "ICO Casework <icocasework@ico.org.uk>")
    letter["To"] = INBOX
    letter["Subject"] = f"Data protection complaint {reference}"
    letter["Message-ID"] = f"<{reference.lower()}.{abs(hash(about)) % 10**8}@ico.org.uk>"
    letter.set_content(
        f"Case reference: {reference}\n\nDear Sir or Madam\n\n{about}\n\nWe have received a complaint about how "
        "personal data was handled.\n\nPlease respond within 28 days of the date of this letter.\n\n"
        "Yours faithfully\nMorag Dalgleish\n"
    )
    if "pdf" in extra:
        letter.add_attachment(extra["pdf"], maintype="application", subtype="pdf", filename="letter.pdf")
    return bytes(letter)


@dataclass
class Street:
    """Two servers, a folder and the settings that join them."""

    folder: Path
    imap: EmbeddedImap
    smtp: EmbeddedSmtp
    settings: dict[str, Any] = field(default_factory=dict)

    @asynccontextmanager
    async def desk(self, clock: Clock, **changes: Any) -> AsyncIterator[App]:
        """A desk as after a start of the daemon's process, its register imported."""
        from flows.up import take_register  # noqa: PLC0415  after the environment is set

        async with open_app(self.read_settings(**changes), clock) as app:
            await take_register(app)
            yield app

    def read_settings(self, **changes: Any) -> Settings:
        return Settings(_env_file=None, **(self.settings | changes))

    def deliver(self, raw: bytes, *, at: datetime | None = None, folder: str = "INBOX") -> int:
        return self.imap.deliver(raw, folder, at)

    def mailbox(self, address: str) -> list[EmailMessage]:
        """What the relay delivered to an address, read."""
        return [read(raw) for raw in self.smtp.mailbox(address)]

    def notices(self, address: str) -> list[str]:
        """The kinds of notices an address got, in order."""
        return [str(message["X-Forthwith-Notice"]) for message in self.mailbox(address)]


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def settings_for(folder: Path, imap: EmbeddedImap, smtp: EmbeddedSmtp, database_url: str) -> dict[str, Any]:
    """What an operator would have to set for this street."""
    register = folder / "customers.csv"
    register.write_text(CUSTOMERS, encoding="utf-8")
    return {
        "organisation": "Northgate Managed Services",
        "address": INBOX,
        "authserv_id": AUTHSERV,
        "data_dir": folder / "var",
        "database_url": database_url,
        "imap_host": imap.host,
        "imap_port": imap.port,
        "imap_tls": "none",
        "imap_user": imap.user,
        "imap_password": imap.password,
        "imap_folders": ("INBOX", "Junk"),
        "imap_start_from": datetime(2000, 1, 1, tzinfo=UTC),
        "customers_file": register,
        "triage_team": (TRIAGE,),
        "managers": (MANAGER,),
        "smtp_host": smtp.host,
        "smtp_port": smtp.port,
        "smtp_tls": "none",
        "poll_seconds": 5,
        # A process more than most tests need.
        "second_clock": False,
    }


def original_in(raw: bytes) -> bytes:
    """The original that a forward carries, byte for byte, as a mail client would save it."""
    boundary = read(raw).get_boundary()
    assert boundary is not None
    for part in raw.split(f"\r\n--{boundary}".encode()):
        head, _, content = part.partition(b"\r\n\r\n")
        if b"message/rfc822" in head:
            return content
        if b".eml" in head:
            return base64.b64decode(content)
    raise AssertionError("the forward carries no original")
