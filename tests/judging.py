"""An assessor, two customers and mails for it: what tests of whole judgements begin with."""

from datetime import UTC, datetime

from complaints.assessor import Assessor
from complaints.inbox.mime import DkimCheck
from complaints.matching import CustomerIndex
from complaints.model import Assessment, Customer
from complaints.recognition import House
from complaints.store.mails import StoredMail
from config.registers import load_bodies
from tests.stored import stored as mail_at

MX = "mx.msp.example"
INBOX = "privacy@msp.example"
BODIES = load_bodies()
CUSTOMERS = CustomerIndex.build(
    [
        Customer(id="ACME", name="Acme Retail Ltd", domains=("acme-retail.example",)),
        Customer(id="OTHER", name="Bystander Holdings plc", domains=("bystander.example",)),
    ]
)
RECEIVED = datetime(2026, 12, 1, 10, tzinfo=UTC)


def house(*authserv_ids: str) -> House:
    return House(organisation="MSP", own_addresses=frozenset({INBOX}), authserv_ids=frozenset(authserv_ids))


PROVING, BLIND = Assessor(BODIES, house(MX)), Assessor(BODIES, house())


def checking(dkim: DkimCheck) -> Assessor:
    return Assessor(BODIES, house(MX), dkim=dkim)


def stored() -> StoredMail:
    return mail_at(received_at=RECEIVED, server_at=RECEIVED, stored_at=RECEIVED)


def raw(sender: str, subject: str, body: str, results: str = "", headers: tuple[str, ...] = ()) -> bytes:
    lines = [
        f"Received: from a by {MX}; Tue, 01 Dec 2026 10:00:00 +0000",
        *([f"Authentication-Results: {results}"] if results else []),
        f"From: {sender}",
        f"To: {INBOX}",
        f"Subject: {subject}",
        "Date: Tue, 01 Dec 2026 09:58:00 +0000",
        "Message-ID: <a@b.example>",
        "Content-Type: text/plain; charset=utf-8",
        *headers,
    ]
    return ("\r\n".join(lines) + f"\r\n\r\n{body}\r\n").encode()


def assessed(letter: bytes, assessor: Assessor = PROVING) -> Assessment:
    return assessor.judge(assessor.read(letter, stored()), CUSTOMERS, None)
