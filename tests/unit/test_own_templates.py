"""Templates of the operator's own: used, told when broken, and never in a letter's way."""

from dataclasses import replace
from pathlib import Path

import pytest

from complaints.outbox import NoticeKind
from notifiers.compose import Voice, compose
from notifiers.customer_note import CUSTOMERS_ALONE
from notifiers.own_check import read_own_templates, template_names
from notifiers.own_templates import OwnTemplateFailed
from notifiers.sample import LETTER, sample
from tests.unit.test_compose import VOICE, body, flat, notice, read


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def speaking(folder: Path) -> Voice:
    return replace(VOICE, templates=read_own_templates(folder, VOICE))


GERMAN = sample(NoticeKind.FORWARD, language="de")


def test_an_own_template_takes_the_place_of_ours_for_its_language_alone(tmp_path: Path) -> None:
    written(tmp_path, "forward/de/body.txt", "Hallo {{ manager_name }}: {{ respond_by | day }}, {{ ref }}.\n")
    written(tmp_path, "forward/de/subject.txt", "[{{ ref }}] {{ say('what.complaint') }}: {{ customer }}")
    voice = speaking(tmp_path)
    assert voice.templates.problems == ()
    message = compose(GERMAN, voice, LETTER)
    assert body(message).strip() == "Hallo Aoife Ní Bhriain: 24. Juli 2026, FW-1002."
    assert read(message)["Subject"] == "[FW-1002] Beschwerde: Hibernia Credit Union"
    assert "Was jetzt zu tun ist" in body(message, "html")
    french = sample(NoticeKind.FORWARD, language="fr")
    assert compose(french, voice, LETTER) == compose(french, VOICE, LETTER)
    assert compose(GERMAN, voice, LETTER) == message


def test_an_own_template_may_build_on_ours(tmp_path: Path) -> None:
    written(
        tmp_path,
        "forward/nl/body.html",
        '{% extends "customer/note.html" %}{% block foot %}<p>Huisadvocaat</p>{{ super() }}{% endblock %}',
    )
    voice = speaking(tmp_path)
    assert voice.templates.problems == ()
    html = body(compose(sample(NoticeKind.FORWARD, language="nl"), voice, LETTER), "html")
    assert "<p>Huisadvocaat</p>" in html
    assert "Wat u nu kunt doen" in html


def test_our_own_people_s_alerts_may_be_written_anew_too(tmp_path: Path) -> None:
    written(
        tmp_path, "breach/body.txt", "Late: {{ ref }}, due {{ due_at | when }}.\n{% include 'case.txt' %}"
    )
    voice = speaking(tmp_path)
    assert voice.templates.problems == ()
    assert body(compose(notice(NoticeKind.BREACH), voice, None)).startswith(
        "Late: FW-1001, due Sunday 5 July"
    )
    told = compose(sample(NoticeKind.BREACH, language="en"), voice, None)
    assert not body(told).startswith("Late")


def test_hostile_words_stay_words_in_an_own_html_template(tmp_path: Path) -> None:
    written(tmp_path, "forward/de/body.html", "<p>{{ subject }}</p>")
    hostile = replace(GERMAN, facts={**GERMAN.facts, "subject": "<img src=x>"})
    assert "<p>&lt;img src=x&gt;</p>" in body(compose(hostile, speaking(tmp_path), LETTER), "html")


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("forward/de/body.txt", "eins\nzwei {{ ref }\n", "line 2: unexpected '}'"),
        ("forward/de/body.txt", "eins\n{% if false %}\n{{ custmer }}{% endif %}", "line 3: there is no 'custmer'; did you mean customer?"),
        ("forward/de/body.txt", "eins\n\n{{ say('what.complant') }}", "line 3: there is no phrase 'what.complant'"),
        ("forward/de/body.txt", "{{ ref | shout }}", "line 1: No filter named 'shout'"),
        ("forward/de/body.txt", "\n{{ 1 / 0 }}", "line 2: ZeroDivisionError"),
        ("forward/de/body.html", "{% extends 'none.html' %}", "none.html"),
        ("breach/subject.txt", "{{ note.title }}", "line 1: there is no 'note'"),
        ("forward/de/subject.txt", " \n", "it says nothing"),
        ("forwrad/de/body.txt", "x", "there is no such template; did you mean forward/de/body.txt?"),
        ("forward/pl/body.txt", "x", "there is no such template; did you mean forward/"),
        ("notes.md", "x", "their names are KIND/LANGUAGE/PART"),
    ],
)  # fmt: skip
def test_a_broken_template_is_told_with_file_and_line_before_a_letter_needs_it(
    tmp_path: Path, name: str, text: str, told: str
) -> None:
    path = written(tmp_path, name, text)
    [problem] = read_own_templates(tmp_path, VOICE).problems
    assert problem.startswith(str(path))
    assert told in problem
    assert "\n" not in problem


def test_a_template_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "forward/de").mkdir(parents=True)
    (tmp_path / "forward/de/body.txt").write_bytes(b"\xff\xfe\x00")
    [problem] = read_own_templates(tmp_path, VOICE).problems
    assert "cannot be read as text" in problem


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    [problem] = read_own_templates(tmp_path / "none", VOICE).problems
    assert "is no folder" in problem


def test_a_broken_template_is_known_by_its_failure_and_not_sent(tmp_path: Path) -> None:
    written(tmp_path, "forward/de/body.txt", "{{ custmer }}")
    voice = speaking(tmp_path)
    with pytest.raises(OwnTemplateFailed, match=r"body\.txt, line 1"):
        compose(GERMAN, voice, LETTER)


def test_a_template_that_fails_on_one_letter_alone_tells_nothing_of_the_letter(tmp_path: Path) -> None:
    text = (
        "{% if customer == 'Only Ltd' %}{{ subject.no_such_thing }}{{ customer | int + 1 / 0 }}{% endif %}x"
    )
    written(tmp_path, "forward/de/body.txt", text)
    voice = speaking(tmp_path)
    assert voice.templates.problems == ()
    only = replace(GERMAN, facts={**GERMAN.facts, "customer": "Only Ltd", "subject": "Jane Roe"})
    with pytest.raises(OwnTemplateFailed) as failed:
        compose(only, voice, LETTER)
    assert "line 1" in str(failed.value)
    assert "Jane Roe" not in str(failed.value)


def test_a_template_reaches_nothing_but_its_facts(tmp_path: Path) -> None:
    written(tmp_path, "forward/de/body.txt", "{{ ref.__class__.__mro__ }}")
    assert len(read_own_templates(tmp_path, VOICE).problems) == 1


def test_every_template_of_ours_can_be_replaced() -> None:
    names = template_names()
    assert {f"forward/{code}/body.html" for code in ("en", "de", "fr", "es", "it", "nl")} <= names.keys()
    assert {f"{kind.value}/body.txt" for kind in NoticeKind if kind not in CUSTOMERS_ALONE} <= names.keys()
    assert {f"withheld/{code}/body.txt" for code in ("en", "nl")} <= names.keys()
    assert flat("forward/body.txt") not in names
