"""Everything about one complaint, or about the letters that have none, checked. Pure."""

from collections.abc import Iterator

from complaints.audit import broken_links
from complaints.auditor.finding import Finding, What
from complaints.auditor.proof import (
    File,
    deadline_findings,
    forward_findings,
    notice_findings,
    record_findings,
)
from complaints.auditor.replay import BrokenHistory, replay
from complaints.auditor.rungs import Rules, rung_findings
from complaints.model import Complaint, Kind


def findings_of(file: File, rules: Rules) -> Iterator[Finding]:
    """Every difference between what is on record about a complaint and what should be.

    Args:
        file: all that is on record.
        rules: ladders, tolerance and the present instant.
    """
    complaint = file.complaint
    for fault in broken_links(file.history):
        yield _finding(complaint, fault)
    yield from deadline_findings(file)
    yield from forward_findings(file)
    try:
        stands = replay(file.history, file.complaint.respond_by)
    except BrokenHistory as error:
        yield _finding(complaint, str(error))
        return
    yield from record_findings(file, stands[-1])
    # A made-up complaint climbs no ladder and has an alarm of its own.
    if complaint.kind is not Kind.SYNTHETIC:
        yield from rung_findings(complaint, file.history, stands, rules)
        yield from notice_findings(file, rules.tolerance, rules.now)


def _finding(complaint: Complaint, fault: str) -> Finding:
    return Finding(complaint_id=complaint.id, ref=complaint.ref, what=What.CHAIN, mark=fault, words=fault)
