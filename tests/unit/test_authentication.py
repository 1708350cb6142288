"""Whether a sender was shown to be who it says: by our server's results, and only by them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.inbox.mime import read_mail
from complaints.model import DkimResult, DkimVerdict, InboundMail
from complaints.recognition import House
from complaints.recognition.authentication import FORGED, Authentication, aligned_domains, authenticate
from complaints.recognition.authres import parse_field
from complaints.recognition.trace import own_results

MX, SECOND = "mx.msp.example", "mx2.msp.example"
HOUSE = House(
    organisation="MSP",
    own_addresses=frozenset({"privacy@msp.example"}),
    authserv_ids=frozenset({MX, SECOND}),
)
PASS = "dmarc=pass header.from=ico.org.uk"
OWN = f"Authentication-Results: {MX}; {PASS}"
RECEIVED = f"Received: from out.ico.org.uk by {MX} with ESMTPS id 1; Tue, 01 Dec 2026 10:00:00 +0000"
ELSEWHERE = "Received: from desk by out.ico.org.uk; Tue, 01 Dec 2026 09:59:00 +0000"
WRITTEN = ("From: ICO <icocasework@ico.org.uk>", "Subject: IC-1", "To: privacy@msp.example")


def mail(*head: str, sender: str = "ICO <icocasework@ico.org.uk>") -> InboundMail:
    lines = [line if not line.startswith("From:") else f"From: {sender}" for line in head]
    return read_mail("\r\n".join((*lines, "", "Text.", "")).encode())


def judged(*head: str, house: House = HOUSE) -> Authentication:
    return authenticate(mail(*head, *WRITTEN), house)


def by(field: str) -> Authentication:
    return judged(RECEIVED, f"Authentication-Results: {field}")


def forged(found: Authentication) -> bool:
    return any(one.what == FORGED for one in found.doubts)


# --- where the field stands ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        (RECEIVED, OWN, ELSEWHERE),
        (OWN, RECEIVED, ELSEWHERE),
        ("Return-Path: <a@ico.org.uk>", RECEIVED, OWN),
        ("Received: from mx by imap.msp.example with LMTP; x", RECEIVED, OWN, ELSEWHERE),
        ("Received: from mx by 10.0.0.7 with SMTP; x", RECEIVED, OWN, ELSEWHERE),
        (f"Received: from mx by {MX}; x", "Received: from x by localhost (amavisd-new); x", RECEIVED, OWN),
        (f"Received: from a by {MX}; x", f"X-Spam-Status: No\r\nAuthentication-Results: {SECOND}; {PASS}"),
        (OWN,),
    ],
    ids=["below", "above", "return-path", "store", "nameless store", "filter", "second host", "no received"],
)
def test_a_result_counts_wherever_our_servers_put_it(head: tuple[str, ...]) -> None:
    found = judged(*head)
    assert found.passed
    assert not forged(found)


@pytest.mark.parametrize(
    "head",
    [
        (RECEIVED, ELSEWHERE, OWN),
        (RECEIVED, ELSEWHERE, f"Received: from a by {MX}; faked", OWN),
        (RECEIVED, "Received: from (by mx.msp.example) a by evil.example; x", OWN),
        (RECEIVED, "Received: from a by mx.msp.example.evil.example; x", OWN),
        (RECEIVED, "Received: from a by notmsp.example; x", OWN),
        (RECEIVED, "Subject: first", OWN),
    ],
    ids=["below", "below a faked one", "in a comment", "longer host", "like ours", "below the writer's"],
)
def test_a_result_that_came_with_the_mail_never_helps_and_is_told(head: tuple[str, ...]) -> None:
    found = judged(*head)
    assert (found.passed, found.failed) == (False, False)
    assert forged(found)


def test_a_forged_field_below_ours_changes_nothing_and_is_told() -> None:
    found = judged(RECEIVED, OWN, ELSEWHERE, OWN)
    assert found.passed
    assert forged(found)


def test_fields_of_ours_that_contradict_each_other_never_help() -> None:
    spf = f"Authentication-Results: {MX}; spf=pass smtp.mailfrom=evil.example; dmarc=fail header.from=ico.org.uk"
    upper, lower = judged(RECEIVED, OWN, spf), judged(RECEIVED, spf, OWN)
    assert (upper.passed, upper.failed, forged(upper)) == (False, False, True)
    assert (lower.passed, lower.failed, forged(lower)) == (False, True, True)


def test_filters_of_one_server_may_each_write_a_field_of_their_own() -> None:
    dkim = f"Authentication-Results: {MX}; dkim=pass header.d=ico.org.uk"
    spf = f"Authentication-Results: {SECOND}; spf=softfail smtp.mailfrom=ico.org.uk"
    found = judged(RECEIVED, OWN, dkim, spf)
    assert found.passed
    assert not forged(found)


def test_only_the_topmost_field_helps() -> None:
    spf = f"Authentication-Results: {MX}; spf=pass smtp.mailfrom=evil.example"
    assert not judged(RECEIVED, spf, OWN).passed


def test_without_a_host_of_ours_nothing_counts_and_nothing_is_forged() -> None:
    house = House(organisation="MSP", own_addresses=frozenset())
    found = judged(RECEIVED, ELSEWHERE, OWN, house=house)
    assert (found.passed, found.failed, found.doubts) == (False, False, ())


def test_sealed_results_of_others_are_no_results() -> None:
    assert not judged(RECEIVED, f"ARC-Authentication-Results: i=1; {MX}; {PASS}").passed
    assert not judged(RECEIVED, f"X-Authentication-Results: {MX}; {PASS}").passed


# --- what the field says -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "field",
    [
        f"{MX}; {PASS}",
        "MX.MSP.Example; DMARC=Pass Header.From=ICO.org.uk",
        f"{MX} 1; {PASS}",
        f'"{MX}" 1; {PASS}',
        f"(a comment) {MX} (another) 1;\r\n\tspf=pass\r\n\tsmtp.mailfrom=ico.org.uk;\r\n {PASS}",
        f"{MX}; dmarc (policy) = (so) pass (p=REJECT sp=REJECT dis=NONE) header.from = ico.org.uk",
        f"{MX}; dmarc/1=pass header.from=ico.org.uk",
        f"{MX}; dkim=pass header.b=AbC/d+e= header.d=ico.org.uk; spf=none",
        f'{MX}; dkim=pass reason="good; key" header.i=@ico.org.uk',
        f"{MX}; dkim=fail header.d=list.example; dkim=pass header.d=mail.ico.org.uk",
        f"{MX}; spf=pass smtp.mailfrom=bounce@ico.org.uk",
        f"{MX}; dmarc=pass d=ico.org.uk",
    ],
)
def test_a_pass_is_read_however_servers_write_it(field: str) -> None:
    assert by(field).passed


@pytest.mark.parametrize(
    "field",
    [
        f"{MX}; none",
        f"{MX} 1; none",
        MX,
        "",
        ";;;=;",
        f"{PASS}",
        f"x{MX}; {PASS}",
        f"{MX}.evil.example; {PASS}",
        f"{MX}, evil.example; spf=none",
        f"evil.example ({MX}); {PASS}",
        f"=?utf-8?q?{MX}?=; {PASS}",
        f"mx.m\u200bsp.example; {PASS}",
        f"mx.\uff4dsp.example; {PASS}",
        f"{MX} (; {PASS})",
        f"{MX} (\\); {PASS})",
        f"{MX} (never closed; {PASS}",
        f'{MX}; spf=pass smtp.mailfrom="a;{PASS};@evil.example"',
        f'{MX}; dkim=fail reason="\\"; {PASS}"',
        f'{MX}; dkim=none reason="never closed; {PASS}',
        f"{MX}; dmarc=pass header.from=evil.example",
        f"{MX}; dmarc=pass header.from=ico.org.uk.evil.example",
        f"{MX}; dmarc=pass header.from=uk",
        f"{MX}; dmarc=pass header.from=ico.org.uk header.from=evil.example",
        f"{MX}; {PASS}; dmarc=pass header.from=evil.example",
        f"{MX}; {PASS}; dmarc=none header.from=ico.org.uk",
        f"{MX}; dkim=pass header.d=org.uk",
        f"{MX}; dkim=pass header.d=notico.org.uk",
        f"{MX}; dkim=pass policy.d=ico.org.uk",
        f"{MX}; dkim=temperror header.d=ico.org.uk",
        f"{MX}; iprev=pass header.d=ico.org.uk",
        f"{MX}; {'x=y ' * 3_000}; {PASS}",
        f"{MX}; spf=none; {PASS} {'(' * 9_000}",
    ],
)
def test_nothing_else_is_a_pass(field: str) -> None:
    assert not by(field).passed


def test_one_failed_verdict_among_several_fails() -> None:
    assert by(f"{MX}; {PASS}; dmarc=fail header.from=ico.org.uk").failed


@pytest.mark.parametrize(
    ("one", "other", "aligned"),
    [
        ("ico.org.uk", "ico.org.uk", True),
        ("mail.ico.org.uk", "ico.org.uk", True),
        ("ico.org.uk", "mail.ico.org.uk", True),
        ("org.uk", "ico.org.uk", False),
        ("notico.org.uk", "ico.org.uk", False),
        ("a.ico.org.uk", "b.ico.org.uk", False),
        ("", "ico.org.uk", False),
        ("", "", False),
    ],
)
def test_domains_are_aligned_within_what_one_owner_holds(one: str, other: str, aligned: bool) -> None:
    assert aligned_domains(one, other) is aligned
    assert aligned_domains(other, one) is aligned


@pytest.mark.parametrize(
    "sender",
    ["a@ico.org.uk, b@evil.example", "b@evil.example, a@ico.org.uk", "A <a@ico.org.uk>, <b@evil.example>"],
)
def test_a_from_of_several_domains_is_never_believed(sender: str) -> None:
    found = authenticate(mail(RECEIVED, OWN, "From: x", sender=sender), HOUSE)
    assert (found.passed, found.failed) == (False, True)


def test_several_addresses_of_one_domain_are_one_sender() -> None:
    found = authenticate(mail(RECEIVED, OWN, "From: x", sender="a@ico.org.uk, b@ico.org.uk"), HOUSE)
    assert found.passed


# --- our own check -------------------------------------------------------------------------------


def signed(verdict: DkimVerdict, domain: str, *head: str) -> Authentication:
    from dataclasses import replace  # noqa: PLC0415

    result = DkimResult(domain=domain, verdict=verdict)
    return authenticate(replace(mail(*head, *WRITTEN), signatures=(result,)), HOUSE)


def test_an_aligned_valid_signature_shows_the_sender_without_any_server_s_result() -> None:
    assert signed(DkimVerdict.VALID, "ico.org.uk", RECEIVED).passed
    assert not signed(DkimVerdict.VALID, "evil.example", RECEIVED).passed


@pytest.mark.parametrize("verdict", [DkimVerdict.INVALID, DkimVerdict.NOT_COUNTED, DkimVerdict.UNKNOWN])
def test_no_other_outcome_helps_and_none_harms(verdict: DkimVerdict) -> None:
    alone, beside = signed(verdict, "ico.org.uk", RECEIVED), signed(verdict, "ico.org.uk", RECEIVED, OWN)
    assert (alone.passed, alone.failed) == (False, False)
    assert beside.passed


def test_where_our_server_and_our_check_disagree_a_person_looks() -> None:
    fail = f"Authentication-Results: {MX}; dmarc=fail header.from=ico.org.uk"
    found = signed(DkimVerdict.VALID, "ico.org.uk", RECEIVED, fail)
    assert (found.passed, found.failed) == (False, False)
    assert "dmarc=fail" in found.why


# --- hostile -------------------------------------------------------------------------------------


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_field_makes_it_fail(field: str, received: str) -> None:
    base = mail(RECEIVED, *WRITTEN)
    hostile = type(base)(
        sha256="",
        subject="",
        sender=base.sender,
        headers=(("Received", received), ("Authentication-Results", field)),
    )
    assert authenticate(hostile, HOUSE).why


@given(st.text(alphabet='mx.ps=;"\\() \tdkarc/', max_size=200))
def test_the_grammar_is_total(field: str) -> None:
    parse_field(field)


@pytest.mark.parametrize("piece", ["(", "((a)", '"', "=", ";", "a=b ", "\\", "by ", "dmarc=pass;"])
def test_huge_fields_cost_no_more_than_a_moment(piece: str) -> None:
    begun = time.process_time()
    own_results(
        mail(f"Authentication-Results: {MX}; {piece * 5_000}", f"Received: {piece * 5_000}"),
        {MX},
        {"msp.example"},
    )
    assert time.process_time() - begun < 1
