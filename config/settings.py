"""What an operator can set: every field with its unit, its meaning and its default.

Read, later ones winning: ``forthwith.toml`` in the working directory (or the file that
``FORTHWITH_CONFIG`` names), ``.env``, the environment (``FORTHWITH_*``).
"""

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import EmailStr, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from complaints.clock import require_aware
from complaints.errors import BadSetting

Words = Annotated[tuple[str, ...], NoDecode]
"""A list; in the environment it is written with commas or semicolons between the entries."""


class Settings(BaseSettings):
    """All that can be set. See ``docs/operators-guide.md`` for the same list with examples."""

    model_config = SettingsConfigDict(
        env_prefix="FORTHWITH_", env_file=".env", extra="forbid", frozen=True, validate_default=True
    )

    # --- who we are
    organisation: str = Field("Forthwith", description="The processor's name, as forwards and alerts show it.")
    address: EmailStr = Field(
        "complaints@localhost.example",
        description="Mail address that Forthwith writes from; replies to it must reach the inbox.",
    )
    privacy_addresses: Words = Field(
        (), description="Further addresses of ours that letters are sent to (never a sign of a customer)."
    )
    authserv_id: str = Field(
        "",
        description="Host name that your own mail server writes first in Authentication-Results; "
        "results of any other host count for nothing. Empty: no result is trusted.",
    )
    timezone: str = Field("Europe/London", description="IANA time zone in which people are shown times.")

    # --- the store
    data_dir: Path = Field(Path("var"), description="Folder for the database, Prefect's files and local mail.")
    database_url: str = Field(
        "",
        description="sqlite:///FILE or postgresql://USER:PASSWORD@HOST:PORT/NAME. "
        "Empty: forthwith.db in data_dir.",
    )

    # --- the inbox
    imap_host: str = Field("", description="Host of the mailbox. Empty: no IMAP mailbox is read.")
    imap_port: int = Field(993, ge=1, le=65535, description="TCP port of the IMAP server.")
    imap_tls: Literal["tls", "starttls", "none"] = Field(
        "tls", description="tls from the first byte, starttls (required, never skipped), or none (loopback only)."
    )
    imap_ca_file: Path | None = Field(None, description="PEM file of the authority that signed the server's certificate.")
    imap_user: str = Field("", description="Login name of the mailbox.")
    imap_password: SecretStr = Field(SecretStr(""), description="Password of the mailbox.")
    imap_token_command: str = Field(
        "", description="Command that prints an OAuth 2 access token; set, XOAUTH2 is used instead of the password."
    )
    imap_folders: Words = Field(
        ("INBOX",), description="Folders to read, junk too: INBOX,Junk. The first is watched with IDLE."
    )
    imap_start_from: datetime | None = Field(
        None,
        description="Mail delivered before this instant (ISO 8601 with offset) is noted but not acted on. "
        "Empty: the moment the mailbox was first connected.",
    )
    imap_done_folder: str = Field("", description="Folder that read mail is moved to. Empty: it stays where it is.")
    imap_done_flag: str = Field("", description="Keyword set on read mail, e.g. Forthwith. Empty: nothing is marked.")
    maildirs: Words = Field((), description="Maildir folders to read beside or instead of IMAP.")
    poll_seconds: float = Field(60, gt=0, le=3600, description="Seconds between two looks at every mailbox, IDLE or not.")
    blind_after_minutes: float = Field(
        15, gt=0, description="Minutes without a successful look after which the managers are alerted."
    )
    max_mail_mb: float = Field(
        50, gt=0, description="Megabytes above which a mail is not fetched: its headers go to a person, the clock running."
    )

    # --- the registers
    customers_file: Path | None = Field(
        None, description="Customers register (CSV or YAML) that `up` imports at start when it changed."
    )
    authorities_file: Path | None = Field(None, description="YAML that adds to or overrides config/authorities.yaml.")
    bodies_file: Path | None = Field(
        None, description="YAML that adds to or overrides config/public_interest_bodies.yaml."
    )

    # --- the clock
    default_terms: str = Field("24h", description="Time to forward where a contract says nothing.")
    vague_terms: str = Field(
        "24h", description="House number for 'immediately', 'promptly' and 'without undue delay'."
    )
    business_hours: str = Field(
        "mon-fri 09:00-17:30", description="Working hours (in `timezone`) that business terms count."
    )
    holidays: str = Field("GB-ENG", description="Public holidays that business terms skip: country or country-region.")
    ladder_file: Path | None = Field(None, description="Ladder of escalation. Empty: config/ladder.yaml as delivered.")
    triage_team: Words = Field((), description="Who decides what the engine cannot: mail addresses or apprise URLs.")
    managers: Words = Field((), description="Who hears of breaches: mail addresses or apprise URLs.")

    # --- the relay
    smtp_host: str = Field("", description="Host of the relay. Empty: mail is written to data_dir/outgoing, a Maildir.")
    smtp_port: int = Field(587, ge=1, le=65535, description="TCP port of the relay.")
    smtp_tls: Literal["tls", "starttls", "none"] = Field(
        "starttls", description="tls from the first byte, starttls (required, never skipped), or none (loopback only)."
    )
    smtp_ca_file: Path | None = Field(None, description="PEM file of the authority that signed the relay's certificate.")
    smtp_user: str = Field("", description="Login name at the relay. Empty: no login.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password at the relay.")
    smtp_connections: int = Field(8, ge=1, le=100, description="Connections to the relay at once.")
    smtp_timeout_seconds: float = Field(30, gt=0, description="Seconds to wait for any answer of the relay.")

    # --- Prefect
    prefect_api_url: str = Field(
        "", description="API of your own Prefect server. Empty: `up` starts one on 127.0.0.1."
    )
    prefect_port: int = Field(4200, ge=1, le=65535, description="TCP port of the Prefect server that `up` starts.")
    prefect_auth_string: SecretStr = Field(SecretStr(""), description="user:password of the Prefect API, where it has one.")
    prefect_public_url: str = Field("", description="Address under which people reach the Prefect UI. Empty: the API's own.")

    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged.")
    log_json: bool = Field(False, description="Log lines as JSON objects, for machines.")

    @field_validator("privacy_addresses", "imap_folders", "maildirs", "triage_team", "managers", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(word.strip() for word in value.replace(";", ",").split(",") if word.strip())
        return value

    @field_validator("imap_start_from")
    @classmethod
    def _aware(cls, value: datetime | None) -> datetime | None:
        return None if value is None else require_aware(value)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the TOML file below the environment."""
        toml = TomlConfigSettingsSource(settings_cls, os.environ.get("FORTHWITH_CONFIG", "forthwith.toml"))
        return init_settings, env_settings, dotenv_settings, toml

    @property
    def database(self) -> str:
        """The store's URL, the default filled in."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'forthwith.db').resolve()}"

    @property
    def own_addresses(self) -> frozenset[str]:
        """Every address of ours, lower case."""
        return frozenset(a.lower() for a in (self.address, *self.privacy_addresses))


def load_settings(**overrides: Any) -> Settings:
    """Read the settings from file and environment.

    Raises:
        BadSetting: one line naming the setting, its value and what would be right.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise BadSetting(_in_one_line(error)) from None


def _in_one_line(error: ValidationError) -> str:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    secret = any(word in name for word in ("password", "auth_string"))
    value = "(hidden)" if secret else repr(first.get("input"))
    if first["type"] == "extra_forbidden":
        return f"there is no setting {name}; `forthwith settings` lists those there are"
    return f"setting {name} (FORTHWITH_{name.upper()}) is {value}: {first['msg'].lower()}"
