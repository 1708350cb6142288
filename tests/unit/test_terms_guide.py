"""What the guide to terms says can be written, can be written."""

import re
from pathlib import Path

import pytest

from complaints.deadlines import Calendar, parse_agreement
from complaints.errors import BadTerms
from config.calendars import load_calendars

HERE = Path(__file__).parents[2]
ROWS = [
    row.split("|")[1]
    for row in (HERE / "docs" / "terms.md").read_text().splitlines()
    if row.startswith("| ") and "`" in row
]
EXAMPLES = [example for row in ROWS for example in re.findall(r"`([^`]+)`", row) if "…" not in example]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_of_the_guide_is_read(example: str) -> None:
    forms = (example, f"24h; {example}", f"24h {example}")
    assert any(_reads(form) for form in forms)


def _reads(line: str) -> bool:
    try:
        parse_agreement(line)
    except BadTerms:
        return False
    return True


def test_the_example_of_calendars_is_read() -> None:
    found = load_calendars(HERE / "config" / "calendars.yaml.example")
    assert list(found) == ["northern-desk", "always"]
    assert found["always"] == Calendar()
