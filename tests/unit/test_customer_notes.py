"""What customers' people read: in six languages, whole, safe, and of nobody but them."""

import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from string import Formatter
from typing import Any

import pytest

from complaints.confirmation import Says, says
from complaints.customer_facts import INFORMED, MANAGER, STAND_IN, UNNAMED
from complaints.customer_place import LANGUAGES, language_of, zone_of_country
from complaints.inbox.mime import read_mail
from complaints.model import Customer
from complaints.outbox import Notice, NoticeKind
from notifiers.compose import compose
from notifiers.customer_note import CUSTOMER_KINDS
from notifiers.evidence import found
from notifiers.language import NoPhrase, language
from notifiers.sample import LETTER, sample, samples
from tests.judging import assessed, raw
from tests.unit.test_compose import VOICE, body, flat, read

KINDS = sorted(CUSTOMER_KINDS)
ENGLISH = language("en")
EACH = pytest.mark.parametrize("code", LANGUAGES)
OTHER_THAN_ENGLISH = pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])

# Numbers, names of formats and marks; and words that other languages spell alike.
_ALIKE = {"pair", "in_english", "quote", "original.file_of", "note.foot", "letter.bytes"}
_ALIKE |= {
    "both",
    "evidence.name",
    "evidence.domain",
    "subject.verified",
    "original.file",
    "where.body",
    "subject.by",
}


def forward(code: str, **facts: Any) -> Notice:
    whole = sample(NoticeKind.FORWARD, language=code)
    return replace(whole, facts={**whole.facts, **facts})


def fields(phrase: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(phrase) if name}


# --- the phrases -------------------------------------------------------------------------------


@EACH
def test_every_language_has_every_phrase_and_no_other(code: str) -> None:
    assert language(code).phrases.keys() == ENGLISH.phrases.keys()


@EACH
def test_no_phrase_is_empty_or_asks_for_what_it_is_not_given(code: str) -> None:
    for key, phrase in language(code).phrases.items():
        assert phrase.strip(), key
        assert fields(phrase) <= fields(ENGLISH.phrases[key]), key


@OTHER_THAN_ENGLISH
def test_no_phrase_was_left_in_english(code: str) -> None:
    phrases = language(code).phrases
    same = {key for key, phrase in phrases.items() if phrase.casefold() == ENGLISH.phrases[key].casefold()}
    assert same <= _ALIKE


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", "supervisory authority, controller, processor, Complaint"),
        ("de", "Aufsichtsbehörde, Verantwortliche, Auftragsverarbeiter, Beschwerde, Art. 28 DSGVO"),
        (
            "fr",
            "autorité de contrôle, responsable du traitement, sous-traitant, réclamation, article 28 du RGPD",
        ),
        (
            "es",
            "autoridad de control, responsable del tratamiento, encargado del tratamiento, reclamación, RGPD",
        ),
        (
            "it",
            "autorità di controllo, titolare del trattamento, responsabile del trattamento, reclamo, GDPR",
        ),
        ("nl", "toezichthoudende autoriteit, verwerkingsverantwoordelijke, verwerker, klacht, AVG"),
    ],
)
def test_a_forward_uses_the_law_s_own_words(code: str, words: str) -> None:
    message = compose(forward(code), VOICE, LETTER)
    said = f"{read(message)['Subject']} {flat(body(message))}".casefold()
    assert [word for word in words.split(", ") if word.casefold() not in said] == []


def test_a_phrase_that_is_not_there_is_named() -> None:
    with pytest.raises(NoPhrase, match=r"forward\.wroat"):
        ENGLISH.say("forward.wroat")
    with pytest.raises(NoPhrase, match=r"letter\.our_case without ref"):
        ENGLISH.say("letter.our_case")


# --- the notes ---------------------------------------------------------------------------------


class Balanced(HTMLParser):
    """Counts on every element being closed in order."""

    VOID = frozenset({"meta", "br", "img", "hr", "link", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(html: str) -> Balanced:
    parser = Balanced()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser


@EACH
@pytest.mark.parametrize("kind", KINDS)
def test_every_note_can_be_written_in_every_language(kind: NoticeKind, code: str) -> None:
    for notice in samples(kind, code):
        message = compose(notice, VOICE, LETTER)
        text, html = body(message), body(message, "html")
        assert max(map(len, text.splitlines())) <= 76
        assert "None" not in text
        assert not re.search(r"[{}]", text)
        assert parsed(html)
        assert f'<html lang="{code}">' in html
        assert read(message)["Subject"].startswith("[FW-1002] ")
        assert "FW-1002" in read(message)["Reply-To"].addresses[0].display_name
        assert read(message).defects == []


@OTHER_THAN_ENGLISH
@pytest.mark.parametrize("kind", KINDS)
def test_no_english_sentence_stands_in_another_language_s_note(kind: NoticeKind, code: str) -> None:
    known = [phrase for phrase in ENGLISH.phrases.values() if len(phrase) > 25 and not fields(phrase)]
    for notice in samples(kind, code):
        text = flat(body(compose(notice, VOICE, LETTER)))
        assert [phrase for phrase in known if phrase in text] == []


@EACH
@pytest.mark.parametrize("kind", KINDS)
def test_a_retry_is_the_same_bytes_in_every_language(kind: NoticeKind, code: str) -> None:
    for notice in samples(kind, code):
        assert compose(notice, VOICE, LETTER) == compose(notice, VOICE, LETTER)


@EACH
@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_that_repeats_the_note_unmarked_is_read_and_does_not_send_it_back(
    kind: NoticeKind, code: str
) -> None:
    for notice in samples(kind, code):
        text = body(compose(notice, VOICE, LETTER))
        assert says(read_mail(raw("Ada <ada@acme.example>", "Re: x", f"Ok.\n\n{text}"))) in (
            Says.MORE,
            Says.ASKS,
        )


@EACH
@pytest.mark.parametrize("kind", [NoticeKind.BREACH, NoticeKind.UNACKNOWLEDGED, NoticeKind.ANSWER_DUE])
def test_so_does_one_that_repeats_what_a_reader_is_told_of_their_own_part(
    kind: NoticeKind, code: str
) -> None:
    for reader in (MANAGER, STAND_IN, INFORMED):
        for stopped in ("", "key", "lost", "nobody", "big", "sent_back", "person"):
            part = {"reader": reader, "stopped_by": stopped, "read_by": "ada@acme.example", **UNNAMED}
            one = sample(kind, language=code, late=True)
            text = body(compose(replace(one, facts={**one.facts, **part}), VOICE, None))
            assert max(map(len, text.splitlines())) <= 76
            said = says(read_mail(raw("Ada <ada@acme.example>", "Re: x", f"Ok.\n\n{text}")))
            assert said in (Says.MORE, Says.ASKS)


@EACH
def test_the_html_fetches_nothing_and_knows_light_and_dark(code: str) -> None:
    html = body(compose(forward(code), VOICE, LETTER), "html")
    assert not re.search(r"https?:|url\(|@import|src=", html)
    assert parsed(html).tags.isdisjoint({"img", "script", "link", "iframe", "a"})
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "prefers-color-scheme: dark" in html


def test_a_customer_s_person_is_never_shown_our_commands() -> None:
    for kind in KINDS:
        for notice in samples(kind, "en"):
            assert "forthwith " not in body(compose(notice, VOICE, LETTER))


@EACH
def test_hostile_words_are_shown_as_words(code: str) -> None:
    nasty = '</td><script>alert("x")</script><img src=http://evil.example/p.png>**[a](http://evil.example)**\u202e'
    piece = [{"what": "full name", "found": nasty, "where": f"attachment:{nasty}"}]
    names = ("authority", "customer", "reference", "subject", "sender", "sender_name", "reply_to", "mailbox")
    names += (
        "manager_name",
        "respond_by_quote",
        "terms",
        "reckoned",
        "problem",
        "follows",
        "letter_language",
    )
    hostile = forward(
        code,
        **dict.fromkeys(names, nasty),
        standing_in="",
        references=[nasty],
        attachments=[{"name": nasty, "content_type": nasty, "size": 1}],
        evidence={"recognition": piece, "match": piece},
    )
    message = compose(hostile, VOICE, LETTER)
    text, html = body(message), body(message, "html")
    assert parsed(html).tags.isdisjoint({"img", "script", "a"})
    assert "&lt;script&gt;" in html
    assert "\u202e" not in text + html
    assert max(map(len, text.splitlines())) <= 76


@pytest.mark.parametrize("kind", KINDS)
def test_no_line_of_a_french_note_begins_with_a_sign(kind: NoticeKind) -> None:
    # However the words before it break: every width that a name can push it to.
    for width in range(1, 60, 4):
        for notice in samples(kind, "fr"):
            facts = {**notice.facts, "customer": "M" * width, "authority": "N" * width}
            text = body(compose(replace(notice, facts=facts), VOICE, LETTER))
            assert [line for line in text.splitlines() if re.match(r" *[:;?»]", line)] == []
            assert [line for line in text.splitlines() if line.rstrip(" ").endswith("«")] == []


# --- what it tells -----------------------------------------------------------------------------


def test_a_german_reads_days_hours_and_sizes_as_germans_write_them() -> None:
    text = flat(body(compose(forward("de", timezone="Europe/Berlin"), VOICE, LETTER)))
    for expected in (
        "Antwort bis 24. Juli 2026 (noch 20 Tage, als dies geschrieben wurde)",
        "Samstag, 4. Juli 2026, 01:40 CEST (Europe/Berlin; 3. Juli 2026, 23:40 UTC)",
        "24 Stunden, bis Sonntag, 5. Juli 2026, 01:40 CEST",
        "6 Minuten nach dem Eingang",
        "ja; noch 23 Stunden 54 Minuten",
        "letter.pdf, application/pdf, 150 kB",
        "Sprache Englisch",
        "Domain des Absenders: authority.example (From)",
        "voller Name: Hibernia Credit Union (Text)",
    ):
        assert expected in text


def test_the_first_of_a_month_is_an_ordinal_in_french() -> None:
    assert language("fr").day("2026-08-01") == "1er août 2026"
    assert language("fr").day("2026-08-11") == "11 août 2026"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("24h", "24 Stunden"),
        ("90m", "90 Minuten"),
        ("4 business hours", "4 Stunden Arbeitszeit"),
        ("2 business days", "2 Arbeitstage"),
        ("1 business day", "1 Arbeitstag"),
        ("without undue delay", "unverzüglich"),
        ("2 business days by 17:00", "2 business days by 17:00 (auf Englisch)"),
        ("", ""),
    ],
)
def test_common_terms_are_told_in_the_customer_s_language(line: str, shown: str) -> None:
    assert language("de").terms(line) == shown


@pytest.mark.parametrize(
    ("written", "days", "key"),
    [("2026-07-23", 1, "answer.left"), ("2026-07-24", 0, "answer.today"), ("2026-07-27", 3, "answer.passed")],
)
def test_the_days_left_are_counted_in_the_reader_s_zone(written: str, days: int, key: str) -> None:
    notice = forward("en", timezone="Europe/Dublin")
    at = notice.created_at.replace(month=7, day=int(written[-2:]), hour=22, minute=30)
    text = flat(body(compose(replace(notice, created_at=at), VOICE, LETTER)))
    assert ENGLISH.say(key, days=ENGLISH.days(days)) in text


def test_a_late_forward_says_by_how_much() -> None:
    notice = forward("nl")
    late = replace(notice, created_at=notice.created_at + timedelta(days=2))
    assert "nee; dit is 1 dag 6 minuten na de afgesproken tijd geschreven" in flat(
        body(compose(late, VOICE, LETTER))
    )


def test_where_the_confirmation_ends_the_time_the_note_says_so() -> None:
    text = flat(body(compose(forward("es", counts_until="acknowledged"), VOICE, LETTER)))
    assert "corre hasta que usted confirme" in text


def test_the_reason_for_a_stand_in_is_told_in_the_language() -> None:
    reason = "the supplier manager is away until 2026-08-03"
    text = flat(body(compose(forward("it", standing_in=reason), VOICE, LETTER)))
    assert "al posto di Aoife Ní Bhriain: la persona incaricata è assente fino al 3 agosto 2026" in text
    assert text.startswith("Buongiorno, ")


# --- the evidence ------------------------------------------------------------------------------

_LETTER = "Acme Retail Ltd has been complained of. Please send us your observations by 18 December 2026. Case IC-123456-A1B2."


@pytest.mark.parametrize(
    ("sender", "results", "headers"),
    [
        ("Case <casework@ico.org.uk>", "mx.msp.example; dmarc=pass header.from=ico.org.uk", ()),
        ("Case <casework@ico.org.uk>", "mx.msp.example; dmarc=fail header.from=ico.org.uk", ()),
        ("Case <casework@ico.org.uk>", "", ("Reply-To: x@elsewhere.example", "Sender: y@third.example")),
        ("Information Commissioner <ico@ico-office.example>", "", ()),
    ],
)
def test_whatever_the_engine_finds_has_a_name_in_every_language(
    sender: str, results: str, headers: tuple[str, ...]
) -> None:
    judged = assessed(raw(sender, "Complaint IC-123456-A1B2", _LETTER, results, headers))
    pieces = [*judged.recognition.evidence, *(e for c in judged.match.candidates for e in c.evidence)]
    told = [one.what.partition(", ")[0].partition(" (")[0] for one in pieces]
    named = [what for what in told if not what.startswith(("kind ", "answer by"))]
    assert named
    assert [what for what in named if not ENGLISH.says(f"evidence.{what}")] == []


def test_our_own_english_words_are_no_finding() -> None:
    pieces = [
        {"what": "authentication", "found": "no result of our own mail server", "where": ""},
        {"what": "own DKIM check", "found": "not valid for a.example (body hash differs)", "where": ""},
        {"what": "hidden characters", "found": "hidden characters in a name", "where": "From"},
        {"what": "runs on", "found": "to 2026-08-03, Regulation 1182/71, article 3(4)", "where": "body"},
        {"what": "kind complaint", "found": "words of ours", "where": "mail"},
        {"what": "number (siren), respondent", "found": "123 456 789", "where": "body"},
    ]
    assert [flat(line) for line in found(language("fr"), pieces)] == [
        "authentification : aucun résultat qui la prouve",
        "notre propre contrôle de la signature DKIM : non valable pour a.example",
        "caractères cachés dans le nom de l’expéditeur (From)",
        "le délai court jusqu’au 3 août 2026 (règlement (CEE, Euratom) n° 1182/71, article 3, paragraphe 4)",
        "numéro d’immatriculation (siren) : 123 456 789 (texte)",
    ]


# --- whose language and zone -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "written", "expected"),
    [
        ("DE", "", "de"),
        ("AT", "", "de"),
        ("FR", "", "fr"),
        ("MX", "", "es"),
        ("SM", "", "it"),
        ("NL", "", "nl"),
        ("GB", "", "en"),
        ("BE", "", "en"),
        ("CH", "", "en"),
        ("DK", "", "en"),
        ("", "", "en"),
        ("BE", "nl", "nl"),
        ("DE", "fr", "fr"),
    ],
)
def test_the_language_is_the_register_s_else_the_country_s_where_it_has_one(
    country: str, written: str, expected: str
) -> None:
    assert language_of(Customer(id="a", name="A", country=country, language=written)) == expected


@pytest.mark.parametrize(
    ("country", "zone"),
    [
        ("DE", "Europe/Berlin"),
        ("ES", "Europe/Madrid"),
        ("IE", "Europe/Dublin"),
        ("NL", "Europe/Amsterdam"),
        ("US", ""),
        ("", ""),
    ],
)
def test_the_zone_is_the_country_s_where_it_has_one(country: str, zone: str) -> None:
    assert zone_of_country(country) == zone
