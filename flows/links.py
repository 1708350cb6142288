"""Where the links of the Prefect pages lead."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from complaints.lifecycle import Status
from complaints.model import Complaint, Kind
from flows.form_customers import form_value
from flows.words import defused

BOARD_KEY, TABLE_KEY, YEAR_KEY = "complaints", "open-complaints", "complaints-of-the-year"
REPORT_KEY = "report"
_EVENTS_SECONDS = 30 * 86_400
"""Of the past, that the page of events shows: as many as the server keeps by default. Unasked it shows those of a day."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Links:
    """Addresses in the Prefect pages."""

    ui: str  # without a slash at its end
    artifacts: Mapping[str, str] = field(default_factory=dict)  # ids by key, once they are made
    pages: Mapping[str, str] = field(default_factory=dict)  # artifact ids by our reference
    runs: Mapping[str, str] = field(default_factory=dict)  # flow run ids by our reference
    triage: Mapping[str, str] = field(default_factory=dict)  # ids of suspended runs by our reference
    deployments: Mapping[str, str] = field(default_factory=dict)  # ids by the name of their flow

    def with_complaints(
        self, runs: Mapping[str, str], pages: Mapping[str, str], triage: Mapping[str, str]
    ) -> "Links":
        """The same with these runs and pages of complaints, and these runs that wait for a decision."""
        return replace(self, runs=dict(runs), pages=dict(pages), triage=dict(triage))

    def with_deployments(self, deployments: Mapping[str, str]) -> "Links":
        """The same with these deployments."""
        return replace(self, deployments=dict(deployments))

    def with_artifact(self, key: str, artifact_id: str) -> "Links":
        """The same with this artifact."""
        return replace(self, artifacts={**self.artifacts, key: artifact_id})

    def artifact(self, key: str) -> str:
        """An artifact's own page; before it is made, the page that will list it."""
        artifact_id = self.artifacts.get(key)
        return f"{self.ui}/v2/artifacts/" + (f"artifact/{artifact_id}" if artifact_id else f"key/{key}")

    def tagged(self, tag: str) -> str:
        """The runs that bear a tag."""
        return f"{self.ui}/v2/runs?tags={quote(tag)}"

    def complaint(self, ref: str) -> str:
        """Markdown: the reference, leading to the complaint's own page, or to its run while there is none."""
        page_id, run_id = self.pages.get(ref), self.runs.get(ref)
        if page_id:
            return f"[{ref}]({self.ui}/v2/artifacts/artifact/{page_id})"
        return f"[{ref}]({self.ui}/v2/runs/flow-run/{run_id})" if run_id else ref

    def decision(self, ref: str) -> str:
        """Markdown: to the suspended run that waits for somebody to decide; empty where there is none."""
        run_id = self.triage.get(ref)
        return f"[decide]({self.ui}/v2/runs/flow-run/{run_id})" if run_id else ""

    def around(self, ref: str) -> str:
        """Markdown: from a complaint's page to its run with the history, its events, and the board."""
        run_id = self.runs.get(ref)
        resource = quote(json.dumps([f"complaint.{ref}"]), safe="")
        ways = [
            *([f"[History]({self.ui}/v2/runs/flow-run/{run_id})"] if run_id else []),
            f"[Events]({self.ui}/v2/events?resource={resource}&rangeType=span&seconds=-{_EVENTS_SECONDS})",
            f"[Board]({self.artifact(BOARD_KEY)})",
        ]
        return " · ".join(ways)

    def form(self, verb: str, ref: str, text: str = "", **filled: str | list[str]) -> str:
        """Markdown: the verb, or a text, leading to its form with the reference and more filled in.

        Empty where the form is not served.
        """
        parameters = quote(json.dumps({"ref": ref, **filled}), safe="")
        return self.form_of(f"{verb}-complaint", text or verb, f"?parameters={parameters}")

    def form_of(self, flow: str, text: str, query: str = "") -> str:
        """Markdown: a text, leading to the form of a flow; empty where it is not served."""
        deployment = self.deployments.get(flow)
        return f"[{text}]({self.ui}/v2/deployments/deployment/{deployment}/run{query})" if deployment else ""

    def proposal(self, c: Complaint, customer_id: str, name: str) -> str:
        """Markdown: one of the likely customers, leading to the form that assigns to it.

        Empty where nothing is to be decided. What may be forged, or must not be told to the customer, is not
        proposed at a click.
        """
        if c.status is not Status.NEEDS_REVIEW or c.kind not in (Kind.COMPLAINT, Kind.FOLLOW_UP):
            return ""
        return self.form(
            "assign", c.ref, f"→ {defused(name, longest=40)}", customer_id=form_value(customer_id, name)
        )
