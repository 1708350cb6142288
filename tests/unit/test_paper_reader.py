"""The process that opens papers is killed, replaced and reused; a PDF is read as a person reads it."""

import os
import shlex
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from complaints.inbox.papers.kinds import IMAGE, PDF
from complaints.inbox.papers.reader import MAX_BYTES, Ocr, PaperReader
from tests.papers.outlook_files import png
from tests.papers.pdfs import pdf_of, pdf_with, placed, scanned

# A stand-in worker that answers at once, hangs or dies, as the file's first word says.
STAND_IN = """
import sys, time, json
def frame():
    return sys.stdin.buffer.read(int.from_bytes(sys.stdin.buffer.read(8), "big"))
while frame():
    data = frame()
    if data.startswith(b"HANG"): time.sleep(600)
    if data.startswith(b"DIE"): sys.exit(3)
    if data.startswith(b"LIE"): sys.stdout.buffer.write(b"\\xff" * 64); sys.stdout.flush(); continue
    if data.startswith(b"LIST"): out = b"[1]"
    else: out = json.dumps({"text": data.decode(), "pages": 1, "problem": "", "pictures": False,
                            "incomplete": False, "members": []}).encode()
    sys.stdout.buffer.write(len(out).to_bytes(8, "big") + out); sys.stdout.flush()
"""


@pytest.fixture(scope="module")
def reader() -> Iterator[PaperReader]:
    reader = PaperReader()
    yield reader
    reader.close()


@pytest.fixture
def stand_in() -> Iterator[PaperReader]:
    reader = PaperReader(seconds=2, worker=[sys.executable, "-S", "-c", STAND_IN])
    yield reader
    reader.close()


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


# --- the process -----------------------------------------------------------------------------


def test_an_oversized_file_is_not_even_sent_to_the_worker(stand_in: PaperReader) -> None:
    assert stand_in(PDF, b"x" * (MAX_BYTES + 1)).problem == "is larger than 25 MB and was not read"


def test_a_worker_is_reused(stand_in: PaperReader) -> None:
    stand_in(PDF, b"one")
    first = stand_in._process
    stand_in(PDF, b"two")
    assert first is not None
    assert stand_in._process is first


def test_a_file_that_hangs_costs_its_worker_and_not_the_next_file(stand_in: PaperReader) -> None:
    stand_in(PDF, b"warm")
    hung = stand_in._process
    result = stand_in(PDF, b"HANG")
    assert (result.problem, result.timed_out, result.unread) == ("could not be read within 2 s", True, True)
    assert hung is not None
    assert hung.returncode == -9
    assert stand_in(PDF, b"next").text == "next"


def test_no_more_is_spent_than_the_mail_has_left(stand_in: PaperReader) -> None:
    stand_in(PDF, b"warm")
    began = time.monotonic()
    result = stand_in(PDF, b"HANG", 0.3)
    assert result.timed_out
    assert 0.3 <= result.seconds <= time.monotonic() - began < 1.5


def test_a_pdf_built_to_keep_the_library_busy_is_given_up() -> None:
    reader = PaperReader(seconds=0.4)
    reader(PDF, pdf_with("warm"))
    result = reader(PDF, pdf_with("\n".join(["a" * 80] * 400_000)))
    assert (result.timed_out, result.problem) == (True, "could not be read within 0.4 s")
    assert "still here" in reader(PDF, pdf_with("still here"), 5).text or reader(PDF, pdf_with("x")).text
    reader.close()


def test_a_file_larger_than_the_pipe_cannot_block_past_the_time() -> None:
    reader = PaperReader(seconds=0.5, worker=[sys.executable, "-S", "-c", "import time; time.sleep(600)"])
    assert reader(PDF, b"x" * 5_000_000).timed_out
    reader.close()


@pytest.mark.parametrize("data", [b"DIE", b"LIE", b"LIST"])
def test_a_worker_that_dies_or_lies_is_replaced(stand_in: PaperReader, data: bytes) -> None:
    assert stand_in(PDF, data).problem == "is damaged and could not be read"
    assert stand_in(PDF, b"next").text == "next"


def test_a_reader_that_cannot_start_says_so() -> None:
    assert "did not start" in PaperReader(worker=["/nonexistent/worker"])(PDF, b"x").problem


def test_several_threads_share_one_worker_without_mixing_answers(stand_in: PaperReader) -> None:
    answers: dict[int, str] = {}

    def read(number: int) -> None:
        answers[number] = stand_in(PDF, f"file {number}".encode()).text

    threads = [threading.Thread(target=read, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {n: f"file {n}" for n in range(20)}


def test_the_process_holds_nothing_of_the_product(reader: PaperReader) -> None:
    reader(PDF, pdf_with("x"))
    assert reader._process is not None
    maps = Path(f"/proc/{reader._process.pid}/maps").read_text()
    assert "pdfium" in maps
    assert "sqlalchemy" not in maps
    assert "lexbor" not in maps


# --- PDF -------------------------------------------------------------------------------------


def test_a_pdf_gives_its_text_page_by_page(reader: PaperReader) -> None:
    result = reader(PDF, pdf_with("Trustpilot A/S\nIC-372500-S1A1", "second page"))
    assert lines(result.text) == ["Trustpilot A/S", "IC-372500-S1A1", "second page"]
    assert (result.pages, result.problem, result.unread) == (2, "", False)


def test_a_pdf_without_text_is_said_to_hold_none(reader: PaperReader) -> None:
    result = reader(PDF, pdf_with("", ""))
    assert (result.problem, result.unread) == ("holds no text layer", True)


@pytest.mark.parametrize("mark", ["", "Scanned with CamScanner"])
def test_a_pdf_of_images_is_said_to_be_one(reader: PaperReader, mark: str) -> None:
    result = reader(PDF, scanned("", mark, ""))
    assert result.problem == "holds no text layer; it is an image of 3 pages"
    assert result.pictures
    assert result.unread


def test_pages_that_are_images_amid_others_are_told(reader: PaperReader) -> None:
    page = (
        "A page of which the text says enough to be one that somebody wrote, not a scanner's own mark on it."
    )
    result = reader(PDF, scanned(page, "", ""))
    assert (result.problem, result.pictures) == ("shows images without text on 2 of 3 pages", False)
    assert result.unread


def test_a_logo_makes_no_page_an_image(reader: PaperReader) -> None:
    result = reader(PDF, scanned("Short, but not scanned.", scale=60))
    assert (result.problem, result.unread) == ("", False)


def test_pages_beyond_the_thirtieth_are_not_read_and_said_so(reader: PaperReader) -> None:
    result = reader(PDF, pdf_with(*(f"page {n}" for n in range(1, 41))))
    assert "page 30" in result.text
    assert "page 31" not in result.text
    assert result.problem == "was read up to page 30 of 40"


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"\0" * 10_000, pdf_with("x")[:300]])
def test_a_damaged_pdf_is_a_problem_and_the_next_one_is_read(reader: PaperReader, data: bytes) -> None:
    result = reader(PDF, data)
    assert result.problem in {"is damaged and could not be read", "holds no text layer"}
    assert result.unread
    assert "still here" in reader(PDF, pdf_with("still here")).text


LEFT = ("Swift Logistics GmbH", "Datenschutzabteilung", "20457 Hamburg")
RIGHT = ("Datum: 3. November 2026", "Durchwahl: 0711/615541-12", "Aktenzeichen: 5.3-2100-40/26")
BODY = ("Sehr geehrte Damen und Herren,", "bei uns ist eine Beschwerde eingegangen.")
FOOT = ("Lautenschlagerstr. 20", "70173 Stuttgart")


def column(x: float, y: float, texts: tuple[str, ...]) -> list[tuple[float, float, str]]:
    return [(x, y - 14 * number, text) for number, text in enumerate(texts)]


LEFT_AT, RIGHT_AT = column(50, 700, LEFT), column(350, 700, RIGHT)
BODY_AT, FOOT_AT = column(50, 600, BODY), column(50, 60, FOOT)
ACROSS = [place for pair in zip(LEFT_AT, RIGHT_AT, strict=True) for place in pair]


@pytest.mark.parametrize(
    "painted",
    [
        [*LEFT_AT, *RIGHT_AT, *BODY_AT, *FOOT_AT],
        [*FOOT_AT, *LEFT_AT, *RIGHT_AT, *BODY_AT],
        [*FOOT_AT, *BODY_AT, *RIGHT_AT, *LEFT_AT],
        [*ACROSS, *BODY_AT, *FOOT_AT],
        [*BODY_AT, *FOOT_AT, *ACROSS],
    ],
    ids=["as read", "foot first", "backwards", "line by line", "letterhead last"],
)
def test_a_letterhead_in_two_columns_is_read_column_by_column(
    reader: PaperReader, painted: list[tuple[float, float, str]]
) -> None:
    text = reader(PDF, placed(*painted)).text
    assert lines(text) == [*LEFT, *RIGHT, *BODY, *FOOT]
    assert f"{LEFT[-1]}\n\n{RIGHT[0]}" in text
    assert f"{RIGHT[-1]}\n\n{BODY[0]}" in text


def test_labels_stay_beside_their_values(reader: PaperReader) -> None:
    rows = [("Controller", "Acme Retail Ltd"), ("Our reference", "IC-372500-S1A1")]
    painted = [(x, 700 - 14 * n, row[i]) for n, row in enumerate(rows) for i, x in enumerate((50, 250))]
    assert lines(reader(PDF, placed(*painted)).text) == ["\t".join(row) for row in rows]


def test_words_that_a_line_end_parted_are_whole_again(reader: PaperReader) -> None:
    letter = "Es geht um die Daten-\nschutzerklärung der Swift-\nGruppe, Zeichen IC-3725-\n4711, und um mehr."
    text = " ".join(reader(PDF, pdf_with(letter)).text.split())
    assert "Datenschutzerklärung" in text
    assert "Swift-Gruppe" in text
    assert "IC-3725-4711" in text


def test_what_was_typed_into_a_form_is_read(reader: PaperReader) -> None:
    fields = [
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(controller)/TU(Name of the controller)/V(Acme Retail Ltd)/Rect[0 0 9 9]>>",
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(empty)/V()/Rect[0 0 9 9]>>",
        b"<</Type/Annot/Subtype/FreeText/Contents(typed on top)/Rect[0 0 9 9]>>",
    ]
    form = pdf_of(
        [b""],
        more=fields,
        catalogue=b"/AcroForm<</Fields[5 0 R 6 0 R]>>",
        page=b"/Annots[5 0 R 6 0 R 7 0 R]",
    )
    assert lines(reader(PDF, form).text) == ["Name of the controller: Acme Retail Ltd", "typed on top"]


@pytest.mark.parametrize(
    "bomb",
    [
        pdf_of([b""] * 20_000),
        pdf_with("the one").replace(b"/Count 1/", b"/Count 99999999/"),
        pdf_with("the one").replace(b"[4 0 R", b"[2 0 R").replace(b"/Kids[", b"/Kids[2 0 R "),
    ],
    ids=["many", "claimed", "its own child"],
)
def test_pages_without_end_cost_bounded_time(reader: PaperReader, bomb: bytes) -> None:
    began = time.monotonic()
    reader(PDF, bomb, 5)
    assert time.monotonic() - began < 6
    assert "still here" in reader(PDF, pdf_with("still here")).text


def test_a_stream_that_unpacks_without_end_is_bounded(reader: PaperReader) -> None:
    result = reader(PDF, pdf_of([b"q " * 100_000_000]), 5)
    assert result.unread
    assert "still here" in reader(PDF, pdf_with("still here")).text


# --- OCR -------------------------------------------------------------------------------------

SCRIPT = """
import os, subprocess, sys, time
data = sys.stdin.buffer.read()
if b"HANG" in data: subprocess.run(["sleep", "600"])
if b"FAIL" in data: sys.exit(4)
print("Recognised", len(data), "bytes of", data[:4].decode("latin-1").strip(), "for Müller")
"""


@pytest.fixture(scope="module")
def ocr(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaperReader]:
    script = tmp_path_factory.mktemp("ocr") / "recognise.py"
    script.write_text(textwrap.dedent(SCRIPT), encoding="utf-8")
    command = shlex.split(f"{sys.executable} {script}")
    reader = PaperReader(ocr=Ocr(command=tuple(command), seconds=1.5))
    yield reader
    reader.close()


def test_a_scanned_letter_is_read_by_the_operator_s_command(ocr: PaperReader) -> None:
    data = scanned("", "")
    result = ocr(PDF, data)
    assert f"Recognised {len(data)} bytes of %PDF for Müller" in result.text
    assert (result.by_ocr, result.problem, result.unread) == (True, "was read by OCR", False)


def test_an_image_is_read_by_the_operator_s_command(ocr: PaperReader) -> None:
    assert "for Müller" in ocr(IMAGE, png()).text


def test_a_pdf_with_text_is_not_given_to_the_command(ocr: PaperReader) -> None:
    result = ocr(PDF, pdf_with("plain enough"))
    assert (result.text, result.by_ocr) == ("plain enough", False)


@pytest.mark.parametrize(
    ("mark", "told"), [("HANG", "not recognised within 1.5 s"), ("FAIL", "ended with 4")]
)
def test_a_command_that_fails_leaves_the_letter_to_a_person(ocr: PaperReader, mark: str, told: str) -> None:
    result = ocr(IMAGE, b"\x89PNG\r\n" + mark.encode())
    assert result.unread
    assert told in result.problem
    assert "for Müller" in ocr(IMAGE, png()).text


def test_a_command_that_is_not_there_is_told() -> None:
    reader = PaperReader(ocr=Ocr(command=("/nonexistent/ocr",)))
    assert "/nonexistent/ocr did not start" in reader(IMAGE, png()).problem
    reader.close()


def test_without_a_command_an_image_is_said_to_be_one(reader: PaperReader) -> None:
    result = reader(IMAGE, png())
    assert (result.problem, result.unread) == ("is an image and was not read", True)


def test_what_a_killed_reader_started_ends_with_it(tmp_path: Path) -> None:
    script = tmp_path / "slow.sh"
    script.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 600\n")
    script.chmod(0o755)
    reader = PaperReader(ocr=Ocr(command=(str(script),), seconds=30))
    thread = threading.Thread(target=reader, args=(IMAGE, png()))
    thread.start()
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text().strip():
        time.sleep(0.01)
    pid = int((tmp_path / "pid").read_text())
    assert reader._process is not None
    os.killpg(reader._process.pid, 9)
    thread.join(5)
    time.sleep(0.1)
    state = Path(f"/proc/{pid}/stat")
    assert not state.exists() or state.read_text().split()[2] == "Z"
    reader.close()
