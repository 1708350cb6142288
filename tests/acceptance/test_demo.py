"""The demo tells the story and checks it; its checks find what did not happen."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from flows.demo.checks import Found, Mail, Seen, judge
from flows.demo.letters import MANAGERS, SCENES, TRIAGE, Fate, Letter, write
from flows.demo.place import NotOurs, fresh
from flows.demo.story import all_hold
from flows.demo.witness import original_in
from tests.conftest import NINE_ON_MONDAY

LETTERS = [write(scene, NINE_ON_MONDAY, ZoneInfo("Europe/London")) for scene in SCENES]
REFS = {letter.scene.name: f"FW-{1001 + number}" for number, letter in enumerate(LETTERS)}
SENT, TWO, LATE, BACK = REFS["plain"], REFS["two"], REFS["overdue"], REFS["bounced"]


@pytest.mark.prefect
@pytest.mark.timeout(300)
def test_the_demo_tells_its_story_and_every_claim_of_it_holds(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "flows.cli", "up", "--demo", "--once"],
        cwd=tmp_path,
        # What a desk of one's own is set to must not reach the demo.
        env=os.environ | {"FORTHWITH_SMTP_HOST": "mail.invalid", "FORTHWITH_ORGANISATION": "Somebody Else"},
        capture_output=True,
        text=True,
        timeout=290,
        check=False,
    )
    assert [line for line in told.stdout.splitlines() if "✗" in line] == []
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stderr == ""
    assert (tmp_path / "var/demo/mail" / MANAGERS / "new").is_dir()


@pytest.mark.prefect
def test_ctrl_c_ends_the_demo_cleanly_even_while_it_starts(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "up", "--demo"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as demo:
        assert demo.stdout is not None
        assert any("Starting the Prefect server" in line for line in demo.stdout)
        demo.send_signal(signal.SIGINT)
        told, complained = demo.communicate(timeout=60)
    assert demo.returncode == 0, complained
    assert complained == ""
    assert "FW-" not in told
    assert told.endswith("Stopping ...\n")


def happened() -> Seen:
    """What is found when all went as told."""
    managers = [
        Mail(to=MANAGERS, notice="breach", ref=LATE),
        Mail(to=MANAGERS, notice="delivery_failed", ref=BACK),
    ]
    return Seen(
        letters={letter.scene.name: _found(letter) for letter in LETTERS},
        mails=[*_of_each(), *managers],
        board=" ".join(REFS.values()),
    )


def _of_each() -> Iterator[Mail]:
    notices = {Fate.WAITS: "review", Fate.BREACHED: "breach", Fate.BOUNCED: "delivery_failed"}
    for letter in LETTERS:
        ref = REFS[letter.scene.name]
        if letter.scene.fate is Fate.FORWARDED:
            yield Mail(to=letter.scene.to, notice="forward", ref=ref, original=letter.sha256)
        elif letter.scene.fate in notices:
            yield Mail(to=TRIAGE, notice=notices[letter.scene.fate], ref=ref)


def _found(letter: Letter) -> Found:
    fate, ref = letter.scene.fate, REFS[letter.scene.name]
    if fate is Fate.FILED:
        return Found(filed=True)
    if fate is Fate.FORWARDED:
        return Found(ref=ref, status="forwarded", accepted=True, run="Forwarded")
    late = fate is Fate.BREACHED
    return Found(
        ref=ref,
        status="needs_review",
        reason=letter.scene.reason,
        breached=late,
        accepted=fate is Fate.BOUNCED,
        run="SLA breached" if late else "Needs review",
    )


def without(mail: Mail) -> Callable[[Seen], Seen]:
    assert mail in happened().mails
    return lambda seen: replace(seen, mails=[one for one in seen.mails if one != mail])


def also(mail: Mail) -> Callable[[Seen], Seen]:
    return lambda seen: replace(seen, mails=[*seen.mails, mail])


def changed(name: str, **what: object) -> Callable[[Seen], Seen]:
    return lambda seen: replace(seen, letters={**seen.letters, name: replace(seen.letters[name], **what)})


def digest(name: str) -> str:
    return next(letter.sha256 for letter in LETTERS if letter.scene.name == name)


PRIYA = "priya.raman@larkfield-optical.example"


def test_a_story_that_happened_holds() -> None:
    assert [check for check in judge(LETTERS, happened()) if check.wrong] == []


@pytest.mark.parametrize(
    ("spoilt", "claim", "wrong"),
    [
        (without(Mail(to=PRIYA, notice="forward", ref=SENT, original=digest("plain"))), "British", PRIYA),
        (also(Mail(to=PRIYA, notice="forward", ref=SENT, original=digest("plain"))), "British", PRIYA),
        (
            also(Mail(to=PRIYA, notice="forward", ref=TWO, original=digest("two"))),
            "names two",
            "it was sent to",
        ),
        (also(Mail(to=PRIYA, notice="warning", ref=TWO)), "no customer", PRIYA),
        (without(Mail(to=MANAGERS, notice="breach", ref=LATE)), "yesterday", f"{MANAGERS} got it 0 times"),
        (also(Mail(to=MANAGERS, notice="breach", ref=LATE)), "yesterday", f"{MANAGERS} got it 2 times"),
        (without(Mail(to=TRIAGE, notice="delivery_failed", ref=BACK)), "came back", "got it 0 times"),
        (changed("overdue", breached=False), "yesterday", "no breach is recorded"),
        (changed("overdue", run="Needs review"), "yesterday", "Needs review"),
        (changed("bounced", status="forwarded"), "came back", "forwarded"),
        (changed("bounced", accepted=False), "came back", "never took it"),
        (changed("forged", reason="unmatched"), "forged", "unmatched"),
        (changed("newsletter", filed=False), "newsletter", "not among the filed"),
        (changed("german", run=""), "German", "nothing"),
        (lambda seen: replace(seen, board=""), "board", "there is no board"),
        (lambda seen: replace(seen, board=seen.board.replace(TWO, "")), "board", TWO),
        (lambda seen: replace(seen, faults=["FW-1001: event 2 was changed"]), "history", "event 2"),
        (lambda seen: replace(seen, prefect="it does not answer"), "board", "it does not answer"),
        (lambda _: Seen(), "British", "nothing"),
    ],
)
def test_what_did_not_happen_is_found_and_named(
    spoilt: Callable[[Seen], Seen], claim: str, wrong: str
) -> None:
    checks = judge(LETTERS, spoilt(happened()))
    assert not all_hold(checks)
    assert any(claim in check.claim and wrong in check.wrong for check in checks)


def test_the_letter_in_a_forward_is_compared_byte_for_byte() -> None:
    carried = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n%s\r\n--b--\r\n'
    letter = LETTERS[0]
    assert original_in(carried % letter.raw) == letter.sha256
    assert original_in(carried % letter.raw.replace(b"Dear", b"dear", 1)) != letter.sha256


def test_every_letter_is_dated_in_its_own_language_and_passes_for_mail() -> None:
    at = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    for scene in SCENES:
        letter = write(scene, at, ZoneInfo("Europe/London"))
        assert letter.delivered_at == at - scene.lain
        assert b"$" not in letter.raw.partition(b"\r\n\r\n")[2].replace(b"=24", b"")
        assert b"\n" not in letter.raw.replace(b"\r\n", b"")


@contextmanager
def _made_by_somebody(folder: Path) -> Iterator[Path]:
    folder.mkdir(parents=True)
    (folder / "thesis.txt").write_text("mine")
    yield folder / "thesis.txt"


def test_a_folder_that_no_demo_made_is_left_alone(tmp_path: Path) -> None:
    with (
        _made_by_somebody(tmp_path / "var") as kept,
        pytest.raises(NotOurs, match="move it away"),
        fresh(tmp_path / "var"),
    ):
        pass
    assert kept.read_text() == "mine"


def test_a_link_to_another_folder_is_not_followed(tmp_path: Path) -> None:
    with _made_by_somebody(tmp_path / "elsewhere") as kept:
        (tmp_path / "demo").symlink_to(kept.parent)
        with pytest.raises(NotOurs), fresh(tmp_path / "demo"):
            pass
        assert kept.exists()


def test_a_second_start_wipes_what_the_first_left(tmp_path: Path) -> None:
    with fresh(tmp_path / "demo") as folder:
        (folder / "mail" / "somebody").mkdir(parents=True)
        (folder / "forthwith.log").write_text("old")
    with fresh(tmp_path / "demo") as folder:
        assert [path.name for path in folder.iterdir()] == [".forthwith-demo"]


def test_two_demos_never_share_a_folder(tmp_path: Path) -> None:
    with fresh(tmp_path / "demo") as folder:
        (folder / "forthwith.db").write_text("in use")
        with pytest.raises(NotOurs, match="another demo"), fresh(tmp_path / "demo"):
            pass
        assert (folder / "forthwith.db").exists()
