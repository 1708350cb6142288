"""A wrong setting is one line that says what would be right; the list of settings gives no secret away."""

import tomllib
from pathlib import Path

import pytest

from complaints.errors import BadSetting
from config.settings import Settings, describe, load_settings, unknown_variables
from flows.settings_example import example


@pytest.fixture(autouse=True)
def an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def complaint_about(**settings: object) -> str:
    with pytest.raises(BadSetting) as caught:
        load_settings(**settings)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "right"),
    [
        ("smtp_tls", "ssl", "'tls', 'starttls' or 'none'"),
        ("imap_port", 70000, "less than or equal to 65535"),
        ("poll_seconds", 0, "greater than 0"),
        ("timezone", "Mars/Olympus", "Europe/London"),
        ("ocr_command", "tesseract 'deu", "no command line"),
        ("ocr_seconds", 60, "less than or equal to 40"),
        ("address", "nobody", "@-sign"),
        ("authserv_id", "mx one", "host name such as mx.example.org"),
        ("dkim_check", "yes", "'off' or 'on'"),
        ("dkim_dns_servers", "dns.example", "no IP address"),
        ("dkim_timeout_seconds", 60, "less than or equal to 5"),
        ("imap_start_from", "2026-11-23T00:00:00", "no time zone"),
    ],
)
def test_a_wrong_setting_names_field_value_and_what_would_be_right(
    name: str, value: object, right: str
) -> None:
    line = complaint_about(**{name: value})
    assert f"setting {name} (FORTHWITH_{name.upper()})" in line
    assert str(value) in line
    assert right in line


def test_a_wrong_password_is_not_repeated() -> None:
    assert "12345" not in complaint_about(smtp_password=[12345])


TWO_RELAYS = """
[[smtp_relays]]
host = "first.example"
user = "desk"
password_file = "secret"
[[smtp_relays]]
host = "second.example"
port = 465
tls = "tls"
password = "hush-8"
messages_per_minute = 30
"""


def test_several_relays_are_read_in_their_order_each_with_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "forthwith.toml").write_text(TWO_RELAYS)
    (tmp_path / "secret").write_text("hush-7\n")
    settings = load_settings()
    told = [(one.host, one.port, one.tls, one.secret, one.messages_per_minute) for one in settings.relays]
    assert told == [
        ("first.example", 587, "starttls", "hush-7", 0),
        ("second.example", 465, "tls", "hush-8", 30),
    ]
    [shown] = [one.value for one in describe(settings) if one.name == "smtp_relays"]
    assert shown == "first.example:587, second.example:465"
    (tmp_path / "forthwith.toml").unlink()
    monkeypatch.setenv("FORTHWITH_SMTP_RELAYS", '[{"host": "third.example", "connections": 20}]')
    assert [one.host for one in load_settings().relays] == ["third.example"]
    assert load_settings().mails_at_once == 20


def test_one_relay_is_what_the_settings_of_one_say() -> None:
    assert load_settings().relays == ()
    settings = load_settings(
        smtp_host="relay.example",
        smtp_port=25,
        smtp_tls="tls",
        smtp_ca_file="ca.pem",
        smtp_user="us",
        smtp_password="hush-9",
        smtp_token_command="print token",
        smtp_connections=5,
        smtp_messages_per_connection=7,
        smtp_messages_per_minute=30,
        smtp_max_mb=10,
    )
    [relay] = settings.relays
    assert relay.model_dump(exclude={"password", "password_file"}) == {
        "host": "relay.example",
        "port": 25,
        "tls": "tls",
        "ca_file": Path("ca.pem"),
        "user": "us",
        "token_command": "print token",
        "connections": 5,
        "messages_per_connection": 7,
        "messages_per_minute": 30,
        "max_mb": 10,
    }
    assert relay.secret == "hush-9"
    assert settings.mails_at_once == 5


@pytest.mark.parametrize(
    ("table", "right"),
    [
        ({"host": "a.example", "hots": 1, "password": "hush"}, "'smtp_relays.0.hots'; did you mean host?"),
        (
            {"host": "a.example", "port": 70000, "password": "hush"},
            "(FORTHWITH_SMTP_RELAYS) is (hidden): input should be",
        ),
        ({"port": 25, "password": "hush"}, "setting smtp_relays.0.host"),
    ],
)
def test_what_is_wrong_with_a_relay_is_told_without_its_password(
    table: dict[str, object], right: str
) -> None:
    line = complaint_about(smtp_relays=[table])
    assert right in line
    assert "hush" not in line


def test_a_relay_is_named_in_one_way_only() -> None:
    line = complaint_about(smtp_host="a.example", smtp_relays=[{"host": "b.example", "password": "hush"}])
    assert "write that relay as a table [[smtp_relays]] in its place" in line
    assert "hush" not in line


def test_a_password_file_that_cannot_be_read_is_named() -> None:
    [relay] = load_settings(smtp_relays=[{"host": "a.example", "password_file": "missing"}]).relays
    with pytest.raises(BadSetting, match=r"password_file of a\.example is 'missing', which cannot be read"):
        _ = relay.secret


def test_a_slip_in_the_file_is_told_with_what_was_meant(tmp_path: Path) -> None:
    (tmp_path / "forthwith.toml").write_text('smtp_hots = "relay.example"\n')
    assert "'smtp_hots'; did you mean smtp_host?" in complaint_about()


def test_a_file_that_is_no_toml_is_told_with_the_line(tmp_path: Path) -> None:
    (tmp_path / "forthwith.toml").write_text("smtp_port = 25\nsmtp_tls = no\n")
    assert "forthwith.toml is no TOML: Invalid value (at line 2" in complaint_about()


def test_a_named_file_that_is_missing_is_no_silent_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORTHWITH_CONFIG", "elsewhere.toml")
    assert "elsewhere.toml is not there" in complaint_about()


def test_several_servers_of_ours_may_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "forthwith.toml").write_text('authserv_id = "MX.msp.example"\n')
    assert load_settings().authserv_id == ("mx.msp.example",)
    (tmp_path / "forthwith.toml").write_text('authserv_id = ["mx.msp.example", "mx2.msp.example"]\n')
    assert load_settings().authserv_id == ("mx.msp.example", "mx2.msp.example")
    monkeypatch.setenv("FORTHWITH_AUTHSERV_ID", "mx.msp.example, MX2.msp.example")
    assert load_settings().authserv_id == ("mx.msp.example", "mx2.msp.example")


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "forthwith.toml").write_text('smtp_host = "file.example"\nimap_host = "file.example"\n')
    monkeypatch.setenv("FORTHWITH_SMTP_HOST", "environment.example")
    settings = load_settings()
    assert (settings.smtp_host, settings.imap_host) == ("environment.example", "file.example")


def test_a_variable_that_is_no_setting_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORTHWITH_SMTP_HOTS", "relay.example")
    monkeypatch.setenv("FORTHWITH_SMTP_HOST", "relay.example")
    assert unknown_variables() == ("FORTHWITH_SMTP_HOTS",)


def test_every_setting_is_described_with_what_it_takes() -> None:
    described = list(describe(load_settings()))
    assert [one.name for one in described] == list(Settings.model_fields)
    assert all(one.description and one.takes and one.group for one in described)
    takes = {one.name: one.takes for one in described}
    assert takes["poll_seconds"] == "seconds"
    assert takes["max_mail_mb"] == "megabytes"
    assert takes["smtp_tls"] == "tls | starttls | none"
    assert takes["managers"] == "list"
    assert takes["imap_password"] == "secret"


def test_no_secret_is_shown() -> None:
    settings = load_settings(
        imap_password="hush-1",
        smtp_password="hush-2",
        prefect_auth_string="admin:hush-3",
        imap_token_command="get-token --key hush-4",
        database_url="postgresql://desk:hush-5@db.example/forthwith",
        triage_team=("team@msp.example", "slack://hush-6/channel"),
    )
    shown = {one.name: one.value for one in describe(settings)}
    assert "hush" not in " ".join(shown.values())
    assert shown["imap_password"] == "(hidden)"
    assert shown["database_url"] == "postgresql://desk:(hidden)@db.example/forthwith"
    assert shown["triage_team"] == "team@msp.example, slack://(hidden)"


def test_the_example_file_with_every_line_switched_on_gives_the_defaults(tmp_path: Path) -> None:
    switched_on = "\n".join(
        line.removeprefix("# ")
        for line in example().splitlines()
        if line.startswith("# ") and line.removeprefix("# ").partition(" = ")[0] in Settings.model_fields
    )
    assert set(tomllib.loads(switched_on)) == set(Settings.model_fields)
    (tmp_path / "forthwith.toml").write_text(switched_on)
    read, default = load_settings(), Settings.model_construct()
    for name in Settings.model_fields:
        if Settings.model_fields[name].default is not None:
            assert getattr(read, name) == getattr(default, name), name
