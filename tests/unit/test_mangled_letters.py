"""Letters damaged at random: always a result, always bounded. FORTHWITH_MANGLED_LETTERS says how many are tried."""

import os
import time
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from complaints.assessor import Assessor
from complaints.matching import CustomerIndex
from complaints.model import Decision
from complaints.recognition import House
from config.registers import load_bodies
from tests.desks import ACME, SWIFT
from tests.stored import stored

LETTERS = [
    path.read_bytes() for path in sorted((Path(__file__).parents[1] / "corpus" / "letters").glob("*.eml"))
]
TRIED = int(os.environ.get("FORTHWITH_MANGLED_LETTERS", "400"))
INDEX = CustomerIndex.build([ACME, SWIFT])
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

PLACE = st.floats(min_value=0, max_value=1)
PIECE = st.binary(min_size=1, max_size=8) | st.sampled_from(
    [
        b"\0",
        b"\r",
        b"\n\n",
        b"\xff",
        b"=?utf-8?B?",
        b"?=",
        b'"',
        b"<",
        b"(",
        b"--",
        b"\x1b$B",
        b"Content-Type: ",
        b"=\n",
    ]
)
EDIT = st.one_of(
    st.tuples(st.just("flip"), PLACE, st.integers(min_value=0, max_value=7)),
    st.tuples(st.just("delete"), PLACE, st.integers(min_value=1, max_value=400)),
    st.tuples(st.just("insert"), PLACE, PIECE),
    st.tuples(st.just("swap"), PLACE, PLACE),
    st.tuples(st.just("truncate"), PLACE, st.just(0)),
    st.tuples(st.just("double a header"), PLACE, st.just(0)),
    st.tuples(st.just("another boundary"), PLACE, PIECE),
    st.tuples(st.just("other line ends"), PLACE, st.sampled_from([b"\r\n", b"\r", b"\n\r"])),
    st.tuples(st.just("repeat"), PLACE, st.integers(min_value=2, max_value=30)),
)
Edit = tuple[str, float, int | float | bytes]


def mangled(raw: bytes, edits: list[Edit]) -> bytes:
    for edit, place, how in edits:
        raw = _edited(raw, edit, int(place * len(raw)), how)
    return raw


def _edited(raw: bytes, edit: str, at: int, how: float | bytes) -> bytes:
    before, after = raw[:at], raw[at:]
    match edit, how:
        case "flip", int():
            made = before + bytes([after[0] ^ (1 << how)]) + after[1:] if after else raw
        case "delete", int():
            made = before + after[how:]
        case "insert", bytes():
            made = before + how + after
        case "swap", float():
            other = int(how * len(after))
            made = before + after[other : other + 300] + after[:other] + after[other + 300 :]
        case "truncate", _:
            made = before
        case "double a header", _:
            start = raw.rfind(b"\n", 0, at) + 1
            made = raw[:start] + raw[start : raw.find(b"\n", at) + 1] * 2 + raw[start:]
        case "another boundary", bytes():
            made = raw.replace(b"boundary=", b"boundary=" + how, 1)
        case "other line ends", bytes():
            made = before + after[:2_000].replace(b"\n", how) + after[2_000:]
        case _:
            assert isinstance(how, int)
            made = before + after[:100] * how + after[100:]
    return made


@lru_cache(maxsize=1)
def assessor() -> Assessor:
    house = House(
        organisation="Northgate",
        own_addresses=frozenset({"privacy@msp.example"}),
        authserv_ids=frozenset({"mx.msp.example"}),
    )
    return Assessor(load_bodies(None, None), house)


@settings(
    max_examples=TRIED,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
)
@given(letter=st.sampled_from(LETTERS), edits=st.lists(EDIT, min_size=1, max_size=12))
def test_a_damaged_letter_is_read_and_judged(letter: bytes, edits: list[Edit]) -> None:
    raw = mangled(letter, edits)
    began = time.process_time()
    reading = assessor().read(raw, stored(received_at=NOON))
    assessment = assessor().judge(reading, INDEX, None)
    assert time.process_time() - began < 3
    assert not any("could not be parsed" in problem for problem in reading.mail.problems)
    assert assessment.decision in Decision
    assert assessment.why
