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


def test_a_slip_in_the_file_is_told_with_what_was_meant(tmp_path: Path) -> None:
    (tmp_path / "forthwith.toml").write_text('smtp_hots = "relay.example"\n')
    assert "'smtp_hots'; did you mean smtp_host?" in complaint_about()


def test_a_file_that_is_no_toml_is_told_with_the_line(tmp_path: Path) -> None:
    (tmp_path / "forthwith.toml").write_text("smtp_port = 25\nsmtp_tls = no\n")
    assert "forthwith.toml is no TOML: Invalid value (at line 2" in complaint_about()


def test_a_named_file_that_is_missing_is_no_silent_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORTHWITH_CONFIG", "elsewhere.toml")
    assert "elsewhere.toml is not there" in complaint_about()


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
