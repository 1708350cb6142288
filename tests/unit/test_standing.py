from collections.abc import Sequence
from datetime import timedelta

from complaints.lifecycle import Status
from complaints.model import Complaint
from flows.standing import Standing
from tests.desk_fake import NOON, FakeDesk, a_complaint

A_YEAR_AGO = NOON - timedelta(days=365)


class CountingDesk(FakeDesk):
    asked: list[int]

    async def by_id(self, ids: Sequence[int]) -> list[Complaint]:
        self.asked = [*ids]
        return await super().by_id(ids)


async def test_only_what_has_changed_is_read_again() -> None:
    desk = CountingDesk()
    for number in range(1, 4):
        desk.has(a_complaint(number), "received")
    standing = Standing(desk)
    await standing.read(A_YEAR_AGO)
    assert desk.asked == [1, 2, 3]

    desk.moves(2, "forwarded", status=Status.FORWARDED, forwarded_at=NOON)
    desk.asked = []
    await standing.read(A_YEAR_AGO)

    assert desk.asked == [2]
    assert [one.status for one in standing.received_since(A_YEAR_AGO)][1] is Status.FORWARDED


async def test_open_ones_come_by_deadline_and_those_off_the_clock_last() -> None:
    desk = FakeDesk()
    desk.has(a_complaint(1, status=Status.FORWARDED, forwarded_at=NOON), "received")
    desk.has(a_complaint(2), "received")
    desk.has(a_complaint(3, due_at=NOON), "received")
    desk.has(a_complaint(4, status=Status.CLOSED), "received")
    standing = Standing(desk)
    await standing.read(A_YEAR_AGO)

    assert [one.id for one in standing.open_ones()] == [3, 2, 1]


async def test_what_is_settled_and_old_is_forgotten() -> None:
    desk = FakeDesk()
    old = a_complaint(1, received_at=NOON - timedelta(days=400))
    desk.has(old, "received")
    standing = Standing(desk)
    await standing.read(A_YEAR_AGO)
    assert len(standing.open_ones()) == 1

    desk.moves(1, "closed", status=Status.CLOSED)
    await standing.read(A_YEAR_AGO)

    assert standing.open_ones() == []
    assert standing.received_since(NOON - timedelta(days=500)) == []


async def test_the_letters_evidence_is_not_kept_but_for_the_candidates_names() -> None:
    evidence = {
        "mail": {"sender": "jane@roe.example"},
        "candidates": [
            {"id": str(n), "name": f"Customer {n}", "score": 1.0, "evidence": []} for n in range(9)
        ],
    }
    desk = FakeDesk()
    desk.has(a_complaint(1, evidence=evidence), "received")
    standing = Standing(desk)
    await standing.read(A_YEAR_AGO)

    [one] = standing.open_ones()
    assert one.evidence == {"candidates": [{"id": str(n), "name": f"Customer {n}"} for n in range(3)]}


async def test_the_dismissed_of_the_year_are_known_the_newest_first() -> None:
    desk = FakeDesk()
    for number in (1, 2, 3):
        desk.has(a_complaint(number, status=Status.DISMISSED if number > 1 else Status.CLOSED), "received")
    standing = Standing(desk)
    await standing.read(A_YEAR_AGO)

    assert [one.id for one in standing.dismissed()] == [3, 2]


async def test_forwards_that_came_back_or_were_refused_are_counted_whatever_became_of_them() -> None:
    desk = FakeDesk()
    for number, names in enumerate((("bounced", "assigned"), ("forwarded",), ("bounced", "bounced")), 1):
        desk.has(a_complaint(number), *names)
    desk.has(a_complaint(4), "delivery_failed", reply="550 5.1.1 no such user")
    desk.has(a_complaint(5), "delivery_failed", reply="not sent: encryption key missing")
    desk.has(a_complaint(6), "undelivered", how="delivery_failed", reply="554 no")
    standing = Standing(desk)
    await standing.read(A_YEAR_AGO)

    assert standing.lost_since(A_YEAR_AGO) == 5
    assert standing.lost_since(NOON) == 0

    desk.moves(2, "bounced")
    await standing.read(A_YEAR_AGO)
    assert standing.lost_since(A_YEAR_AGO) == 6
