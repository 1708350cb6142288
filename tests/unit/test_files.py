"""Mail named on the command line: where it is found, and when it was delivered."""

import mailbox
import os
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.errors import ForthwithError
from complaints.inbox.files import from_line_date, read_paths, split_mbox
from complaints.inbox.stamps import header_section, topmost_received
from complaints.model import Arrival

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
MTIME = datetime(2026, 5, 1, 8, tzinfo=UTC)
LETTER = b"From: a@ico.example\r\nSubject: IC-1\r\n\r\nDear sirs\r\n"
RECEIVED = b"Received: from ico.example by mx.msp.example;\r\n\tMon, 4 May 2026 11:00:00 +0200\r\n"


def read(
    *paths: str | Path, received_at: datetime | None = None, stdin: bytes = b"", max_bytes: int = 10**7
) -> list[Arrival]:
    return list(read_paths(paths, received_at=received_at, stdin=stdin, now=NOW, max_bytes=max_bytes))


def write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (MTIME.timestamp(), MTIME.timestamp()))
    return path


class TestWhereMailIsFound:
    def test_a_single_file_byte_for_byte(self, tmp_path: Path) -> None:
        path = write(tmp_path / "letter.eml", LETTER + b"\x80\xff\r\n")
        (arrival,) = read(path)
        assert arrival.raw == path.read_bytes()
        assert (arrival.mailbox, arrival.place, arrival.size) == ("file", str(path), len(arrival.raw))

    def test_every_eml_below_a_folder_in_order_of_name(self, tmp_path: Path) -> None:
        for name in ("b.eml", "a.EML", "notes.txt", "deep/c.eml"):
            write(tmp_path / name, LETTER)
        assert [Path(a.place).name for a in read(tmp_path)] == ["a.EML", "b.eml", "c.eml"]

    def test_a_maildir_with_what_was_read_and_what_was_not(self, tmp_path: Path) -> None:
        box = mailbox.Maildir(tmp_path / "mail")
        box.add(mailbox.MaildirMessage(EmailMessage()))
        seen = mailbox.MaildirMessage(EmailMessage())
        seen.set_subdir("cur")
        box.add(seen)
        (tmp_path / "mail" / "tmp" / "half").write_bytes(LETTER)
        assert len(read(tmp_path / "mail")) == 2

    def test_an_mbox_as_the_standard_library_writes_it(self, tmp_path: Path) -> None:
        box = mailbox.mbox(tmp_path / "box")
        for text in (
            b"Subject: one\n\nHello\n\nFrom here on it is ours\n",
            b"Subject: two\n\n>From the start\n",
        ):
            box.add(text)
        box.close()
        arrivals = read(tmp_path / "box")
        assert [a.raw for a in arrivals] == [
            b"Subject: one\n\nHello\n\nFrom here on it is ours\n",
            b"Subject: two\n\nFrom the start\n",
        ]
        assert [a.place for a in arrivals] == [f"{tmp_path / 'box'}#1", f"{tmp_path / 'box'}#2"]

    def test_standard_input_as_a_letter_or_an_mbox(self) -> None:
        assert [a.raw for a in read("-", stdin=LETTER)] == [LETTER]
        two = b"From a@b Mon May  4 10:00:00 2026\nSubject: 1\n\n\nFrom c@d Mon May  4 11:00:00 2026\nSubject: 2\n\n"
        assert [a.raw[:10] for a in read("-", stdin=two)] == [b"Subject: 1", b"Subject: 2"]

    def test_several_paths_in_the_order_given(self, tmp_path: Path) -> None:
        second, first = (
            write(tmp_path / "2.eml", b"Subject: 2\n\n"),
            write(tmp_path / "1.eml", b"Subject: 1\n\n"),
        )
        assert [a.raw for a in read(second, "-", first, stdin=LETTER)] == [
            b"Subject: 2\n\n",
            LETTER,
            b"Subject: 1\n\n",
        ]

    def test_a_letter_too_large_comes_with_its_header_alone(self, tmp_path: Path) -> None:
        big = LETTER + b"x" * 5000
        box = (
            b"From a@b Mon May  4 10:00:00 2026\n" + big + b"\n\nFrom a@b Mon May  4 10:00:00 2026\n" + LETTER
        )
        for arrival in (
            *read(write(tmp_path / "big.eml", big), max_bytes=1000),
            *read("-", stdin=big, max_bytes=1000),
            read(write(tmp_path / "box", box), max_bytes=1000)[0],
        ):
            assert arrival.oversized
            assert arrival.raw == header_section(LETTER)
            assert arrival.size >= len(big)


class TestWhatIsWrong:
    def test_a_missing_path_is_named_before_anything_is_handed_over(self, tmp_path: Path) -> None:
        good = write(tmp_path / "a.eml", LETTER)
        arrivals = read_paths([good, tmp_path / "gone.eml"], received_at=None, stdin=b"", now=NOW)
        with pytest.raises(ForthwithError, match=r"gone\.eml: there is no such file or folder"):
            next(arrivals)

    @pytest.mark.parametrize("name", ["empty.eml", "folder/notes.txt"])
    def test_a_path_without_mail_is_said_to_hold_none(self, tmp_path: Path, name: str) -> None:
        path = write(tmp_path / name, b"")
        with pytest.raises(ForthwithError, match="holds no mail"):
            read(path.parent if "/" in name else path)

    def test_an_empty_standard_input_is_said_to_hold_none(self) -> None:
        with pytest.raises(ForthwithError, match="standard input: holds no mail"):
            read("-", stdin=b"\n")


class TestWhenItWasDelivered:
    def test_what_the_caller_says_wins(self, tmp_path: Path) -> None:
        at = datetime(2026, 5, 2, 9, tzinfo=timezone(timedelta(hours=2)))
        (arrival,) = read(write(tmp_path / "a.eml", RECEIVED + LETTER), received_at=at)
        assert arrival.server_at == at
        assert arrival.server_at.tzinfo is UTC

    def test_then_our_own_servers_stamp_and_never_the_date_header(self, tmp_path: Path) -> None:
        older = b"Received: by elsewhere; Mon, 4 May 2026 01:00:00 +0000\r\nDate: Fri, 1 May 2020 00:00:00 +0000\r\n"
        (arrival,) = read(write(tmp_path / "a.eml", RECEIVED + older + LETTER))
        assert arrival.server_at == datetime(2026, 5, 4, 9, tzinfo=UTC)

    def test_then_the_line_that_an_mbox_puts_before_it(self, tmp_path: Path) -> None:
        (arrival,) = read(write(tmp_path / "box", b"From a@b Sat May  2 10:30:00 2026\n" + LETTER))
        assert arrival.server_at == datetime(2026, 5, 2, 10, 30, tzinfo=UTC)

    def test_then_the_files_time_of_change(self, tmp_path: Path) -> None:
        (arrival,) = read(write(tmp_path / "a.eml", b"Date: Fri, 1 May 2020 00:00:00 +0000\r\n" + LETTER))
        assert arrival.server_at == MTIME

    def test_standard_input_without_any_stamp_came_now(self) -> None:
        assert read("-", stdin=LETTER)[0].server_at == NOW

    def test_nothing_comes_from_the_future(self) -> None:
        late = b"Received: by mx.msp.example; Mon, 4 May 2099 11:00:00 +0200\r\n" + LETTER
        assert read("-", stdin=late)[0].server_at == NOW

    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            (b"From MAILER-DAEMON Fri Jul  8 12:08:34 2011", datetime(2011, 7, 8, 12, 8, 34, tzinfo=UTC)),
            (b"From - Sat May  2 10:30:00 2026 +0200", datetime(2026, 5, 2, 8, 30, tzinfo=UTC)),
            (b"From 1@xxx Mon Mar 30 01:02:03 +0100 2026", datetime(2026, 3, 30, 0, 2, 3, tzinfo=UTC)),
            (b"From a@b sometime", None),
            (b"From a@b Sat May 99 10:30:00 2026", None),
        ],
    )
    def test_the_date_of_an_mboxs_line(self, line: bytes, expected: datetime | None) -> None:
        assert from_line_date(line) == expected

    @pytest.mark.parametrize(
        "head",
        [
            b"Received: nonsense\r\n" + RECEIVED,  # what stands below our own stamp was written by others
            b"Received: by x; Mon, 99 May 2026 99:00:00 +9999\r\n",
            b"Subject: Received: by x; Mon, 4 May 2026 11:00:00 +0200\r\n",
            b"Subject: x\r\n\r\nReceived: by x; Mon, 4 May 2026 11:00:00 +0200\r\n",
        ],
    )
    def test_a_stamp_that_says_nothing_is_no_stamp(self, head: bytes) -> None:
        assert topmost_received(head + LETTER) is None


@given(st.binary(max_size=300))
def test_no_bytes_whatever_make_reading_a_stamp_fail(raw: bytes) -> None:
    stamp = topmost_received(b"Received: by x; " + raw)
    assert stamp is None or stamp.utcoffset() == timedelta(0)


@given(
    st.lists(
        st.lists(st.sampled_from([b"hello", b"From me", b">From me", b"From x 10:00 yes", b""]), max_size=6),
        min_size=1,
        max_size=4,
    )
)
def test_an_mbox_gives_back_every_message_that_was_put_in(bodies: list[list[bytes]]) -> None:
    messages = [b"Subject: x\n\n" + b"".join(line + b"\n" for line in body) for body in bodies]
    quoted = [
        b"".join(
            b">" + line if line.lstrip(b">").startswith(b"From ") else line
            for line in message.splitlines(keepends=True)
        )
        for message in messages
    ]
    box = b"".join(b"From a@b Mon May  4 10:00:00 2026\n" + message + b"\n" for message in quoted)
    assert [raw for _, raw, _ in split_mbox(BytesIO(box), 10**6)] == messages
