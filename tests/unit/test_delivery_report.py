"""What delivery reports say of our forwards."""

import pytest

from complaints.delivery_report import Fate, Report, fate, read_report, words
from complaints.model import Address, InboundMail, Passage


def report(*passages: tuple[str, str]) -> InboundMail:
    return InboundMail(
        sha256="",
        subject="Delivery report",
        sender=Address(name="", email="mailer-daemon@mx.example"),
        passages=tuple(Passage(where=where, text=text) for where, text in passages),
    )


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1", Fate.FAILED),
        ("Action: delayed\nStatus: 4.4.1", Fate.DELAYED),
        ("action: Delivered\nStatus: 2.0.0", Fate.DELIVERED),
        ("Action: relayed", Fate.RELAYED),
        ("Action: expanded", Fate.RELAYED),
        ("Action: delayed\n\nAction: failed", Fate.FAILED),
        ("", Fate.FAILED),
    ],
)
def test_the_action_of_the_report_tells_the_fate(status: str, expected: Fate) -> None:
    assert fate(report(("attachment:unnamed.delivery-status", status))) is expected


def test_a_report_in_words_of_its_own_is_a_failure() -> None:
    assert fate(report(("body", "Your message could not be delivered."))) is Fate.FAILED


def test_the_words_are_those_of_the_server_that_refused() -> None:
    status = (
        "Reporting-MTA: dns; relay.example\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\n"
        "Diagnostic-Code: smtp; 550 5.1.1 mailbox\n moved away\nLast-Attempt-Date: Mon, 23 Nov 2026 09:00:00 +0000"
    )
    assert words(report(("attachment:unnamed.delivery-status", status))) == "550 5.1.1 mailbox moved away"


def test_the_words_are_one_short_line() -> None:
    said = words(report(("body", "host mx said:\n 550   no such user\n" + "x" * 1000)))
    assert said.startswith("host mx said: 550 no such user")
    assert len(said) == 500
    assert "\n" not in said


TWO_RECIPIENTS = (
    "Reporting-MTA: dns; mx.acme.example\nOriginal-Envelope-Id: 0123456789abcdef01234567\n\n"
    "Final-Recipient: rfc822; ada@acme.example\nAction: delivered\nStatus: 2.1.5\n"
    "Remote-MTA: dns; store.acme.example\nDiagnostic-Code: smtp; 250 2.1.5 delivered\n\n"
    "Final-Recipient: rfc822; bob@acme.example\nAction: failed\nStatus: 5.1.1\n"
)


def test_of_a_report_on_several_what_is_said_of_our_recipient_counts() -> None:
    mail = report(("attachment:unnamed.delivery-status", TWO_RECIPIENTS))
    found = read_report(mail, recipient="ada@acme.example")
    assert found == Report(
        fate=Fate.DELIVERED,
        words="250 2.1.5 delivered",
        status="2.1.5",
        reporting_mta="mx.acme.example",
        remote_mta="store.acme.example",
        envelope_id="0123456789abcdef01234567",
    )
    assert read_report(mail, recipient="eve@acme.example").fate is Fate.FAILED
