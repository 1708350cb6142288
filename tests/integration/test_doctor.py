"""The doctor tries each part for real: good servers and broken ones."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from complaints.clock import system_clock
from complaints.inbox.dns_keys import DnsKeys
from complaints.inbox.signatures import KeyUnknown
from complaints.store.database import Database
from complaints.store.upgrade import upgrade
from config.doctor import Finding, examine
from config.settings import Settings, load_settings
from flows.embedded import EmbeddedImap, EmbeddedSmtp, free_port
from flows.prefect_server import PrefectServer
from tests.conftest import new_postgres_database

REGISTER = "id,name,supplier_manager_email\nC1,Acme Trading Ltd,ann@acme.example\n"
# Tests run alone in their process: nobody waits while they write a file.
# ruff: noqa: ASYNC240
PEOPLE = {"triage_team": ("triage@msp.example",), "managers": ("boss@msp.example",)}


@pytest.fixture(autouse=True)
def an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[EmbeddedImap]:
    with EmbeddedImap(tmp_path / "mailbox", tls="tls") as server:
        yield server


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[EmbeddedSmtp]:
    with EmbeddedSmtp(tmp_path / "relay", starttls=True, user="desk", password="secret") as server:
        yield server


def imap(server: EmbeddedImap, **other: Any) -> dict[str, Any]:
    settings = {
        "imap_host": server.host,
        "imap_port": server.port,
        "imap_tls": "tls",
        "imap_ca_file": server.ca_file,
        "imap_user": server.user,
        "imap_password": server.password,
        "imap_folders": ("INBOX", "Junk"),
    }
    return settings | other


def smtp(server: EmbeddedSmtp, **other: Any) -> dict[str, Any]:
    settings = {
        "smtp_host": server.host,
        "smtp_port": server.port,
        "smtp_tls": "starttls",
        "smtp_ca_file": server.ca_file,
        "smtp_user": "desk",
        "smtp_password": "secret",
        "address": "complaints@msp.example",
    }
    return settings | other


async def examined(**settings: Any) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    async for finding in examine(settings_of(**settings)):
        assert "\n" not in finding.what + finding.do_next
        assert finding.ok or finding.do_next, "what is wrong comes with what to do"
        found.setdefault(finding.part, []).append(finding)
    return found


def settings_of(**settings: Any) -> Settings:
    register = Path("customers.csv")
    register.write_text(REGISTER)
    ours = {"data_dir": Path("var"), "customers_file": register, "authserv_id": "mx.msp.example"}
    return load_settings(**(ours | settings))


def wrong(found: dict[str, list[Finding]]) -> list[str]:
    return [part for part, findings in found.items() if any(not one.ok for one in findings)]


async def test_a_desk_that_is_all_well_has_nothing_wrong(mailbox: EmbeddedImap, relay: EmbeddedSmtp) -> None:
    mailbox.deliver(b"Subject: IC-1\r\n\r\nDear Sirs\r\n")
    settings = {**imap(mailbox), **smtp(relay), **PEOPLE, "authserv_id": "mx.msp.example"}
    store = Database(settings_of(**settings).database)
    await upgrade(store)
    await store.close()
    found = await examined(**settings)
    assert wrong(found) == []
    assert not any(one.warns for findings in found.values() for one in findings)
    told = [one.what for one in found["inbox"]]
    assert "INBOX" in told[0]
    assert "1 messages" in told[0]
    assert "Junk" in told[1]
    assert "0 messages" in told[1]
    assert "accepted for desk" in found["relay"][0].what


async def test_a_desk_that_can_verify_nobody_is_told_so() -> None:
    found = await examined(authserv_id=())
    assert "settings" in wrong(found)
    assert any("NO sender is ever verified" in one.what for one in found["settings"])


async def test_keys_that_cannot_be_looked_up_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(keys: DnsKeys, name: str) -> bytes | None:
        raise KeyUnknown("the name server did not answer")

    monkeypatch.setattr(DnsKeys, "__call__", silent)
    found = await examined(authserv_id=(), dkim_check="on")
    assert "settings" not in wrong(found)
    assert "signatures" in wrong(found)
    monkeypatch.setattr(DnsKeys, "__call__", lambda keys, name: None)
    assert "signatures" not in wrong(await examined(authserv_id=(), dkim_check="on"))


async def test_nothing_is_left_behind_by_looking(mailbox: EmbeddedImap, relay: EmbeddedSmtp) -> None:
    await examined(**imap(mailbox), **smtp(relay))
    with sqlite3.connect("var/forthwith.db") as store:
        assert store.execute("select name from sqlite_master").fetchall() == []
    assert list((relay.directory).glob("*@*")) == []


@pytest.mark.parametrize(
    ("broken", "said", "advice"),
    [
        ({"imap_password": "wrong"}, "login failed", "imap_password"),
        ({"imap_folders": ("INBOX", "Nowhere")}, "Nowhere", "imap_folders"),
        ({"imap_ca_file": None}, "certificate", "imap_ca_file"),
        ({"imap_tls": "starttls", "imap_port": 1}, "cannot connect", "imap_port"),
    ],
)
async def test_a_mailbox_that_cannot_be_read_is_told_with_what_to_check(
    mailbox: EmbeddedImap, broken: dict[str, Any], said: str, advice: str
) -> None:
    found = await examined(**imap(mailbox, **broken))
    failed = [one for one in found["inbox"] if not one.ok]
    assert failed
    assert said in failed[0].what
    assert advice in failed[0].do_next


async def test_one_folder_that_is_missing_does_not_hide_the_other(mailbox: EmbeddedImap) -> None:
    found = await examined(**imap(mailbox, imap_folders=("Nowhere", "INBOX")))
    assert [one.ok for one in found["inbox"]] == [False, True]


async def test_a_mailbox_without_idle_is_a_warning(tmp_path: Path) -> None:
    with EmbeddedImap(tmp_path / "slow", without=("IDLE",)) as server:
        found = await examined(**imap(server, imap_tls="none"))
    assert [one.warns for one in found["inbox"]] == [True, True]


async def test_a_folder_that_is_no_maildir_is_told(tmp_path: Path) -> None:
    for part in ("new", "cur", "tmp"):
        (tmp_path / "mail" / part).mkdir(parents=True)
    found = await examined(maildirs=(str(tmp_path / "mail"), str(tmp_path / "nowhere")))
    assert [one.ok for one in found["inbox"]] == [True, False]


@pytest.mark.parametrize(
    ("broken", "advice"),
    [
        ({"smtp_password": "wrong"}, "smtp_password"),
        ({"smtp_ca_file": None}, "smtp_ca_file"),
        ({"smtp_port": 1}, "smtp_port"),
    ],
)
async def test_a_relay_that_cannot_be_used_is_told_with_what_to_check(
    relay: EmbeddedSmtp, broken: dict[str, Any], advice: str
) -> None:
    found = await examined(**smtp(relay, **broken))
    assert wrong(found) == ["relay", "ladder"]
    assert advice in found["relay"][0].do_next


async def test_each_of_several_relays_is_tried_by_itself(relay: EmbeddedSmtp) -> None:
    good = {
        name.removeprefix("smtp_"): value for name, value in smtp(relay).items() if name.startswith("smtp_")
    }
    gone = {"host": "127.0.0.1", "port": free_port()}
    found = await examined(smtp_relays=[gone, good], address="complaints@msp.example")
    assert [one.ok for one in found["relay"]] == [False, True]
    assert found["relay"][0].what.startswith(f"127.0.0.1:{gone['port']}: the relay cannot be used")
    assert found["relay"][1].what.startswith(f"{relay.host}:{relay.port}: greeting")


async def test_a_relay_in_the_clear_across_a_network_is_refused() -> None:
    found = await examined(smtp_host="relay.example", smtp_tls="none", address="c@msp.example")
    assert "smtp_tls" in found["relay"][0].what
    assert "relay" in wrong(found)


async def test_without_a_relay_it_says_that_mail_goes_nowhere() -> None:
    found = await examined(**PEOPLE)
    assert found["relay"][0].warns
    assert "smtp_host" in found["relay"][0].do_next


async def test_an_empty_database_is_a_warning_and_an_old_schema_is_wrong() -> None:
    settings = settings_of()
    store = Database(settings.database)
    await upgrade(store)
    await store.close()
    assert "database" not in wrong(await examined())
    with sqlite3.connect("var/forthwith.db") as connection:
        connection.execute("update alembic_version set version_num = '0000'")
    connection.close()
    found = await examined()
    assert "database" in wrong(found)
    assert any("forthwith migrate" in one.do_next for one in found["database"])


async def test_a_schema_changed_by_hand_is_wrong() -> None:
    store = Database(settings_of().database)
    await upgrade(store)
    await store.close()
    with sqlite3.connect("var/forthwith.db") as connection:
        connection.execute("alter table complaint add column note text")
    connection.close()
    found = await examined()
    assert any("note" in one.what for one in found["database"] if not one.ok)


async def test_a_database_that_cannot_be_reached_does_not_stop_the_examination() -> None:
    found = await examined(
        database_url=f"postgresql://desk:secret@127.0.0.1:{free_port()}/forthwith", customers_file=None
    )
    assert {"database", "customers"} <= set(wrong(found))
    assert "secret" not in " ".join(one.what for findings in found.values() for one in findings)
    assert found["ladder"]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
async def test_a_folder_that_cannot_be_written_is_wrong() -> None:
    Path("locked").mkdir(mode=0o500)
    found = await examined(data_dir=Path("locked"))
    assert {"data folder", "database"} <= set(wrong(found))


async def test_a_data_folder_that_is_a_file_is_wrong() -> None:
    Path("taken").write_text("")
    found = await examined(data_dir=Path("taken"))
    assert {"data folder", "database"} <= set(wrong(found))


@pytest.mark.postgres
async def test_postgresql_is_tried_too_and_its_clock_compared(postgres_server: str) -> None:
    url = await new_postgres_database(postgres_server)
    found = await examined(database_url=url)
    assert "database" not in wrong(found)
    assert "PostgreSQL" in found["database"][0].what
    assert found["clock"][0].ok


@pytest.mark.postgres
@pytest.mark.parametrize("with_tables", [False, True])
async def test_a_database_that_can_only_be_read_is_wrong(postgres_server: str, *, with_tables: bool) -> None:
    url = await new_postgres_database(postgres_server)
    if with_tables:
        store = Database(url)
        await upgrade(store)
        await store.close()
    connection = await asyncpg.connect(url)
    name = await connection.fetchval("select current_database()")
    await connection.execute(f"alter database {name} set default_transaction_read_only = on")
    await connection.close()
    found = await examined(database_url=url)
    assert "database" in wrong(found)
    assert "read-only" in found["database"][0].what


@pytest.mark.postgres
async def test_a_clock_that_is_off_is_wrong(postgres_server: str) -> None:
    url = await new_postgres_database(postgres_server)
    found = [
        one
        async for one in examine(settings_of(database_url=url), lambda: system_clock() + timedelta(minutes=3))
        if one.part == "clock"
    ]
    assert not found[0].ok
    assert "180 s" in found[0].what


async def test_every_rung_must_reach_a_person() -> None:
    found = await examined(triage_team=("triage@msp.example",))
    assert "ladder" in wrong(found)
    assert any("managers is empty" in one.what for one in found["ladder"])
    found = await examined(**PEOPLE)
    assert [one.ok for one in found["ladder"]] == [True]


async def test_a_rung_for_a_group_that_nobody_is_in_is_named() -> None:
    Path("ladder.yaml").write_text(
        "rungs:\n  - {name: early, at: 50%, tell: [managers]}\n  - {name: late, at: 100%, tell: [triage]}\n"
    )
    found = await examined(ladder_file=Path("ladder.yaml"), triage_team=("triage@msp.example",))
    assert any("early" in one.what and "late" not in one.what for one in found["ladder"])


async def test_gaps_in_rosters_and_calendars_that_cannot_be_read_are_told() -> None:
    Path("people.yaml").write_text(
        "people:\n  - {name: Ann, tell: ann@msp.example}\n"
        "groups:\n  - {name: oncall, calendar: missing.ics}\n"
        "  - {name: duty, turns: {from: 2020-01-06, every: 1w, people: [Ann]}}\n"
    )
    Path("ladder.yaml").write_text(
        "rungs:\n  - {name: early, at: 50%, tell: [oncall]}\n  - {name: late, at: 100%, tell: [duty]}\n"
    )
    found = await examined(people_file=Path("people.yaml"), ladder_file=Path("ladder.yaml"), **PEOPLE)
    assert [one.ok for one in found["people"]] == [False, False, True]
    assert "duty: Ann is on duty now" in found["people"][2].what
    assert any("early" in one.what and "late" not in one.what for one in found["ladder"])


async def test_a_broken_register_is_told_with_file_and_line() -> None:
    Path("ours.yaml").write_text("authorities:\n  - id: x\n    name: X\n    country: nowhere\n")
    found = await examined(authorities_file=Path("ours.yaml"))
    assert "ours.yaml, line 4" in found["bodies"][0].what


async def test_an_empty_customers_register_is_wrong() -> None:
    store = Database(settings_of().database)
    await upgrade(store)
    await store.close()
    found = await examined(customers_file=None)
    assert "customers" in wrong(found)
    assert "customers import" in found["customers"][0].do_next


async def test_a_slip_in_the_environment_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORTHWITH_SMTP_HOTS", "relay.example")
    found = await examined()
    assert any("FORTHWITH_SMTP_HOTS" in one.what and one.warns for one in found["settings"])


async def test_a_prefect_that_is_not_there_is_wrong() -> None:
    found = await examined(prefect_api_url=f"http://127.0.0.1:{free_port()}/api")
    assert "does not answer" in found["prefect"][0].what


@pytest.mark.prefect
async def test_a_prefect_server_is_tried_with_its_password(
    tmp_path: Path, prepared: Callable[[Path], Path]
) -> None:
    server = PrefectServer(prepared(tmp_path / "prefect"), free_port(), "desk:secret")
    await server.start()
    try:
        good = await examined(prefect_api_url=server.api_url, prefect_auth_string="desk:secret")
        bad = await examined(prefect_api_url=server.api_url, prefect_auth_string="desk:wrong")
        astray = await examined(prefect_api_url=server.api_url.removesuffix("/api"))
    finally:
        await server.stop()
    assert good["prefect"][0].ok
    assert good["clock"][0].ok
    assert "prefect" in wrong(bad)
    assert "prefect_auth_string" in bad["prefect"][0].do_next
    assert "prefect" in wrong(astray)


async def test_templates_of_one_s_own_are_tried_and_what_is_broken_is_told_with_its_line() -> None:
    sound, broken = Path("own/forward/de/subject.txt"), Path("own/forward/de/body.txt")
    sound.parent.mkdir(parents=True)
    sound.write_text("[{{ ref }}] Post")
    found = await examined(templates_dir=Path("own"), **PEOPLE)
    assert [(one.ok, one.what[:14]) for one in found["templates"]] == [(True, "1 of your own ")]
    broken.write_text("eins\n{% if %}")
    found = await examined(templates_dir=Path("own"), **PEOPLE)
    [finding] = found["templates"]
    assert not finding.ok
    assert "own/forward/de/body.txt, line 2" in finding.what
    assert "templates" not in await examined(**PEOPLE)
