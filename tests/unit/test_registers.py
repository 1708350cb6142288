"""The registers of authorities and public-interest bodies: what is delivered, and what a mistake in one says."""

import re
from pathlib import Path

import pytest

from complaints.errors import BadRegister
from complaints.model import Body
from config.registers import AUTHORITY, PUBLIC_INTEREST, check_bodies, load_bodies

ENTRY = """
authorities:
- id: xx-dpa
  name: Example Authority
  country: DE
  email_domains:
  - domain: dpa.example
  case_references:
  - pattern: '\\bXX-\\d{4}\\b'
    strength: strong
    examples: [XX-1234]
"""


def _by_id(bodies: tuple[Body, ...]) -> dict[str, Body]:
    return {body.id: body for body in bodies}


def _local(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "authorities.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_delivered_registers_hold_every_authority_and_every_body_but_the_decoy() -> None:
    bodies = load_bodies(None, None)
    kinds = [body.kind for body in bodies]
    assert (kinds.count(AUTHORITY), kinds.count(PUBLIC_INTEREST), len(kinds)) == (146, 115, 261)
    assert "awo" not in _by_id(bodies)


def test_every_delivered_pattern_finds_its_own_examples() -> None:
    references = [reference for body in load_bodies(None, None) for reference in body.references]
    assert len(references) == 58
    assert all(re.search(r.pattern, example) for r in references for example in r.examples)


def test_shared_domains_stand_apart_and_a_retired_one_is_gone() -> None:
    bodies = _by_id(load_bodies(None, None))
    assert (bodies["fi-tietosuoja"].domains, bodies["fi-tietosuoja"].shared_domains) == ((), ("om.fi",))
    assert bodies["gb-ico"].domains == ("ico.org.uk",)


def test_a_local_file_adds_an_entry(tmp_path: Path) -> None:
    added = _by_id(load_bodies(_local(tmp_path, ENTRY), None))["xx-dpa"]
    assert (added.kind, added.domain, added.references[0].strength) == (AUTHORITY, "dpa.example", "strong")


def test_a_local_file_changes_the_fields_it_names_and_no_others(tmp_path: Path) -> None:
    text = "authorities:\n- id: gb-ico\n  email_domains: [{domain: infocomm.example}]\n"
    changed = _by_id(load_bodies(_local(tmp_path, text), None))["gb-ico"]
    assert changed.domains == ("infocomm.example",)
    assert "ICO" in changed.aliases


@pytest.mark.parametrize(
    ("right", "wrong", "line", "words"),
    [
        ("strength: strong", "strength: mighty", 10, "authorities[1].case_references[1].strength"),
        ("\\bXX-\\d{4}\\b", "XX-(", 9, "does not compile"),
        ("[XX-1234]", "[YY-1234]", 11, "does not match its own pattern"),
        ("\\bXX-\\d{4}\\b", "x*", 9, "found everywhere"),
        ("dpa.example", "DPA_example", 7, "is no domain"),
        ("country: DE", "country: Germany", 5, "two capital letters"),
        ("name: Example Authority", "name: [a]", 4, "must be text"),
        ("country: DE", "languages: [no]", 5, "put it in quotes"),
        ("country: DE", "colour: red", 5, "there is no such field"),
        ("country: DE", "kind: club", 5, "must be supervisory-authority"),
        ("country: DE", "emails: [{address: nobody}]", 5, "is no mail address"),
        ("- id: xx-dpa", "- id: ''", 3, "needs an id"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_field(
    tmp_path: Path, right: str, wrong: str, line: int, words: str
) -> None:
    assert right in ENTRY
    with pytest.raises(BadRegister) as caught:
        load_bodies(_local(tmp_path, ENTRY.replace(right, wrong)), None)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path}/authorities.yaml, line {line}, field authorities[1]")
    assert words in message


def test_an_id_used_twice_is_told_at_its_second_place(tmp_path: Path) -> None:
    twice = ENTRY + "- id: xx-dpa\n  name: Another\n"
    with pytest.raises(BadRegister, match=r"line 12, field authorities\[2\]\.id: .*used twice"):
        load_bodies(_local(tmp_path, twice), None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: ]", "line 1: is no YAML"),
        ("- x", "must hold a list"),
        ("", "must hold a list"),
        ("a: \x01", "is no YAML"),
    ],
)
def test_a_file_that_is_no_register_is_told(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(BadRegister, match=words):
        load_bodies(_local(tmp_path, text), None)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadRegister, match="cannot be read"):
        load_bodies(None, tmp_path / "none.yaml")


def test_checking_warns_of_shared_domains_colliding_names_and_missing_domains() -> None:
    one = Body(id="a", name="Same Name", domains=("a.example",))
    two = Body(id="b", name="Other", aliases=("same name",), shared_domains=("gov.example",))
    three = Body(id="c", name="Third", domains=())
    assert len(check_bodies([one, two, three])) == 3
    assert not check_bodies([one])
