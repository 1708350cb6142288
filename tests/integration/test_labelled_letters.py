"""Letters with their truth, through the command's own path: never misrouted, never filed unseen."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from complaints.recognition.references import normalised
from flows.cli import app

CORPUS = Path(__file__).parent.parent / "corpus"
REGISTER = CORPUS / "letters/customers.csv"
SETS = [CORPUS / "letters", *sorted(path.parent for path in CORPUS.glob("labelled/*/truth.jsonl"))]
LETTERS = {"complaint", "follow-up"}
COARSE = {"collect": "administrative", "notice-to-processor": "complaint", "unreadable": "complaint"}
# Shares that must not be lost again, in percent; all sets together.
FLOORS = {"kind": 97, "authority": 99, "reference": 97, "respond_by": 95, "routed": 79}

pytestmark = pytest.mark.xdist_group("labelled letters")  # judged once for all tests

Pair = tuple[dict[str, Any], dict[str, Any]]


def _judged(folder: Path) -> list[Pair]:
    files = sorted(
        str(path) for path in (folder if folder.name == "letters" else folder / "letters").glob("*.eml")
    )
    options = ["--customers", str(REGISTER), "--organisation", "Northgate Managed Services"]
    options += [
        "--inbox",
        "privacy@northgate-ms.example",
        "--authserv-id",
        "mx.northgate-ms.example",
        "--json",
    ]
    answer = CliRunner().invoke(app, ["assess", *files, *options])
    assert answer.exit_code == 0, answer.output
    said = {Path(row["file"]).name: row for row in map(json.loads, answer.stdout.splitlines())}
    truths = map(json.loads, (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines())
    return [(truth, said[truth["file"]]) for truth in truths]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[Pair]]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("nowhere"))
        yield {folder.name: _judged(folder) for folder in SETS}


def _accepted(truth: dict[str, Any]) -> set[str]:
    return {truth["decision"], *truth.get("also_ok", [])}


def _is_misrouted(truth: dict[str, Any], said: dict[str, Any]) -> bool:
    right = "assign" in _accepted(truth) and said["customer"] == truth["customer"]
    return said["decision"] == "assign" and not right


def test_i2_no_letter_is_assigned_that_its_label_gives_to_a_person_or_to_somebody_else(
    judged: dict[str, list[Pair]],
) -> None:
    wrong = [(name, t["file"]) for name, pairs in judged.items() for t, s in pairs if _is_misrouted(t, s)]
    assert wrong == []


def test_i1_no_letter_of_a_body_is_filed_unseen(judged: dict[str, list[Pair]]) -> None:
    lost = [
        (name, t["file"])
        for name, pairs in judged.items()
        for t, s in pairs
        if t["kind"] in LETTERS and s["decision"] == "ignore"
    ]
    assert lost == []


def test_nothing_suspicious_is_taken_for_a_letter(judged: dict[str, list[Pair]]) -> None:
    believed = [
        (name, t["file"])
        for name, pairs in judged.items()
        for t, s in pairs
        if t["kind"] == "suspicious" and s["kind"] in LETTERS
    ]
    assert believed == []


def _verdicts(truth: dict[str, Any], said: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    yield "kind", COARSE.get(said["kind"], said["kind"]) == truth["kind"]
    if truth["decision"] == "assign":
        yield "routed", said["decision"] == "assign"
    if truth["kind"] in LETTERS:
        domain = said["authority"]["domain"] or ""
        wanted = truth["authority_domain"] or ""
        yield "authority", domain == wanted or bool(wanted and domain.endswith(f".{wanted}"))
        numbers = {normalised(one or "") for one in (truth["reference"], *truth.get("also_ref", []))}
        yield "reference", _bare(said["reference"] or "") in {one.replace("-", "") for one in numbers}
        yield "respond_by", said["respond_by"] in (truth["respond_by"], *truth.get("also_by", []))


def _bare(reference: str) -> str:
    return normalised(reference).replace("-", "")


def test_what_was_reached_on_these_letters_is_not_lost(judged: dict[str, list[Pair]]) -> None:
    right, all_of_them = Counter[str](), Counter[str]()
    for pairs in judged.values():
        for truth, said in pairs:
            for name, good in _verdicts(truth, said):
                right[name] += good
                all_of_them[name] += 1
    reached = {name: 100 * right[name] / count for name, count in all_of_them.items()}
    assert {name: round(share, 1) for name, share in reached.items() if share < FLOORS[name]} == {}
