"""Deadlines as the test suites of other systems publish them; facts alone, each with where it stands."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from complaints.deadlines import answer

VECTORS = sorted((Path(__file__).parent.parent / "corpus" / "deadlines").glob("*.jsonl"))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_deadlines_are_those_of_other_systems(path: Path) -> None:
    given = lines(path)
    assert given
    for one in given:
        found = answer({name: one[name] for name in ("received_at", "terms", "calendar")})
        assert datetime.fromisoformat(found["due_at"]) == datetime.fromisoformat(one["expected"]), one[
            "source"
        ]


def test_there_are_some_of_each_kind() -> None:
    assert sum(len(lines(path)) for path in VECTORS) >= 33
