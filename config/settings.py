"""What an operator can set: every field with its unit, its meaning and its default.

Read, later ones winning: ``forthwith.toml`` in the working directory (or the file that
``FORTHWITH_CONFIG`` names), ``.env``, the environment (``FORTHWITH_*``).
"""

import difflib
import os
import re
import shlex
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import EmailStr, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from complaints.clock import require_aware
from complaints.errors import BadSetting
from complaints.model import Kind
from config.relay_settings import RelaySettings

CONFIG_VARIABLE = "FORTHWITH_CONFIG"
"""Names the TOML file; no setting itself."""

Words = Annotated[tuple[str, ...], NoDecode]
"""A list; in the environment it is written with commas or semicolons between the entries."""


class Settings(BaseSettings):
    """All that can be set. See ``docs/operators-guide.md`` for the same list with examples."""

    model_config = SettingsConfigDict(
        env_prefix="FORTHWITH_", env_file=".env", extra="forbid", frozen=True, validate_default=True
    )

    # --- who we are
    organisation: str = Field(
        "Forthwith", description="The processor's name, as forwards and alerts show it."
    )
    address: EmailStr = Field(
        "complaints@localhost.example",
        description="Mail address that Forthwith writes from; replies to it must reach the inbox.",
    )
    privacy_addresses: Words = Field(
        (), description="Further addresses of ours that letters are sent to (never a sign of a customer)."
    )
    authserv_id: Words = Field(
        (),
        description="Host names that your own mail servers write first in Authentication-Results; "
        "results of any other host count for nothing. Empty: no result is trusted.",
    )
    dkim_check: Literal["off", "on"] = Field(
        "off",
        description="on: Forthwith checks DKIM signatures itself, of each mail and of those it wraps, "
        "by keys from the DNS. An aligned valid one verifies a sender as a result of your server does.",
    )
    dkim_dns_servers: Words = Field(
        (), description="IP addresses of the resolvers that dkim_check asks. Empty: those of this machine."
    )
    dkim_timeout_seconds: float = Field(
        4,
        gt=0,
        le=5,
        description="Seconds that dkim_check waits for a key. No answer means not known, never forged.",
    )
    timezone: str = Field("Europe/London", description="IANA time zone in which people are shown times.")

    # --- the store
    data_dir: Path = Field(
        Path("var"), description="Folder for the database, Prefect's files and local mail."
    )
    database_url: str = Field(
        "",
        description="sqlite:///FILE or postgresql://USER:PASSWORD@HOST:PORT/NAME. "
        "Empty: forthwith.db in data_dir.",
    )

    # --- the inbox
    imap_host: str = Field("", description="Host of the mailbox. Empty: no IMAP mailbox is read.")
    imap_port: int = Field(993, ge=1, le=65535, description="TCP port of the IMAP server.")
    imap_tls: Literal["tls", "starttls", "none"] = Field(
        "tls",
        description="tls from the first byte, starttls (required, never skipped), or none (loopback only).",
    )
    imap_ca_file: Path | None = Field(
        None, description="PEM file of the authority that signed the server's certificate."
    )
    imap_user: str = Field("", description="Login name of the mailbox.")
    imap_password: SecretStr = Field(SecretStr(""), description="Password of the mailbox.")
    imap_token_command: str = Field(
        "",
        description="Command that prints an OAuth 2 access token; set, XOAUTH2 is used instead of the password.",
    )
    imap_folders: Words = Field(
        ("INBOX",), description="Folders to read, junk too: INBOX,Junk. The first is watched with IDLE."
    )
    imap_start_from: datetime | None = Field(
        None,
        description="Mail delivered before this instant (ISO 8601 with offset) is noted but not acted on. "
        "Empty: the moment the mailbox was first connected.",
    )
    imap_done_folder: str = Field(
        "", description="Folder that read mail is moved to. Empty: it stays where it is."
    )
    imap_done_flag: str = Field(
        "", description="Keyword set on read mail, e.g. Forthwith. Empty: nothing is marked."
    )
    maildirs: Words = Field((), description="Maildir folders to read beside or instead of IMAP.")
    poll_seconds: float = Field(
        60, gt=0, le=3600, description="Seconds between two looks at every mailbox, IDLE or not."
    )
    blind_after_minutes: float = Field(
        15, gt=0, description="Minutes without a successful look after which the managers are alerted."
    )
    max_mail_mb: float = Field(
        50,
        gt=0,
        description="Megabytes above which a mail is not fetched: its headers go to a person, the clock running.",
    )

    ocr_command: str = Field(
        "",
        description="Command that reads a PDF or an image on standard input and prints its text (UTF-8). "
        "Empty: letters that are images go to a person.",
    )
    ocr_seconds: float = Field(
        20,
        gt=0,
        le=40,
        description="Seconds after which that command is killed; the letter goes to a person.",
    )

    # --- the registers
    customers_file: Path | None = Field(
        None, description="Customers register (CSV or YAML) that `up` imports at start when it changed."
    )
    authorities_file: Path | None = Field(
        None, description="YAML that adds to or overrides config/authorities.yaml."
    )
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
    holidays: str = Field(
        "GB-ENG", description="Public holidays that business terms skip: country or country-region."
    )
    holidays_of: Literal["house", "customer"] = Field(
        "house",
        description="Whose public holidays count where a customer names no calendar: `holidays` for all, or those of "
        "the customer's `country` (without one, or where they are not known, `holidays`).",
    )
    calendars_file: Path | None = Field(
        None, description="YAML with calendars that customers name in their column `calendar`."
    )
    urgent_within_days: int = Field(
        7,
        ge=0,
        le=365,
        description="Days from receipt within which a body wants its answer for its letter to be urgent, "
        "where a contract has a time for urgent letters.",
    )
    urgent_kinds: Words = Field(
        (), description="Kinds of letter that are always urgent for such contracts, e.g. notice-to-processor."
    )
    ladder_file: Path | None = Field(
        None, description="Ladder of escalation. Empty: config/ladder.yaml as delivered."
    )
    people_file: Path | None = Field(
        None, description="YAML of people, their quiet hours, and groups such as who is on duty. Empty: none."
    )
    roster_minutes: float = Field(
        15, ge=1, le=1440, description="Minutes between two looks at the calendars of duty rosters."
    )
    pause_minutes: float = Field(
        60,
        ge=1,
        le=1440,
        description="Minutes for which an answer to an alert holds the next one up; no deadline waits with it.",
    )
    triage_team: Words = Field(
        (), description="Who decides what the engine cannot: mail addresses or apprise URLs."
    )
    managers: Words = Field((), description="Who hears of breaches: mail addresses or apprise URLs.")

    # --- the relay
    smtp_host: str = Field(
        "", description="Host of the relay. Empty: mail is written to data_dir/outgoing, a Maildir."
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="TCP port of the relay.")
    smtp_tls: Literal["tls", "starttls", "none"] = Field(
        "starttls",
        description="tls from the first byte, starttls (required, never skipped), or none (loopback only).",
    )
    smtp_ca_file: Path | None = Field(
        None, description="PEM file of the authority that signed the relay's certificate."
    )
    smtp_user: str = Field("", description="Login name at the relay. Empty: no login.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password at the relay.")
    smtp_token_command: str = Field(
        "",
        description="Command that prints an OAuth 2 access token; set, XOAUTH2 is used instead of the password.",
    )
    smtp_connections: int = Field(
        8, ge=1, le=100, description="Connections to the relay at once; alerts may open two more."
    )
    smtp_messages_per_connection: int = Field(
        100, ge=1, description="Messages after which a connection is closed."
    )
    smtp_messages_per_minute: int = Field(
        0,
        ge=0,
        description="Letters that the relay takes in a minute from this daemon; alerts are not counted and never wait. "
        "0: any number.",
    )
    smtp_max_mb: float = Field(
        0,
        ge=0,
        description="Megabytes of the largest message, for a relay that announces more than it takes. 0: as announced.",
    )
    smtp_relays: tuple[RelaySettings, ...] = Field(
        (),
        description="Several relays in order, in place of smtp_host: a table [[smtp_relays]] each, with host, port, tls, "
        "ca_file, user, password or password_file, token_command, connections, messages_per_connection, "
        "messages_per_minute and max_mb.",
    )
    bounce_addresses: Literal["plain", "verp"] = Field(
        "plain",
        description="Return path of what is sent: plain is `address` itself; verp is an address of its own for each "
        "message (name+bounce-TOKEN@domain), where your mail server delivers such sub-addresses to the inbox.",
    )
    smtp_timeout_seconds: float = Field(30, gt=0, description="Seconds to wait for any answer of the relay.")

    templates_dir: Path | None = Field(
        None,
        description="Folder with templates of your own, such as forward/de/body.txt. Of one that is broken `up` and "
        "`doctor` tell, and ours stands in for it. Empty: ours alone.",
    )
    # --- the keys
    keys_dir: Path | None = Field(
        None,
        description="Folder of the certificates and keys of those who are written to, each file named after the "
        "address: ada@customer.example.pem (S/MIME) or .asc (OpenPGP). Empty: nothing is encrypted.",
    )
    key_warning_days: int = Field(
        30, ge=0, le=365, description="Days before a key expires from which `check` and `doctor` tell of it."
    )
    smime_key_files: Words = Field(
        (),
        description="Files with a private key of ours and its certificate (PEM or PKCS #12): all of them open mail "
        "that comes encrypted, the first signs what we encrypt.",
    )
    smime_key_password: SecretStr = Field(SecretStr(""), description="Password of these files.")
    pgp_key_files: Words = Field(
        (),
        description="Files with an OpenPGP secret key of ours: all of them open mail, the first signs.",
    )
    pgp_key_password: SecretStr = Field(SecretStr(""), description="Password of these keys.")

    # --- the sign of life
    second_clock: bool = Field(
        True,
        description="`up` also starts the second clock, a process that raises alarms when the daemon does not.",
    )
    heartbeat_url: str = Field(
        "",
        description="Address (https) of a watch outside, such as healthchecks.io, that is asked for with GET while "
        "all is well. Empty: none.",
    )
    heartbeat_seconds: float = Field(60, ge=5, le=86400, description="Seconds between two signs of life.")
    audit_minutes: float = Field(
        5,
        ge=1,
        le=1440,
        description="Minutes between two audits, which reckon anew what should have been told and compare it with what was.",
    )
    audit_tolerance_seconds: float = Field(
        120,
        ge=10,
        le=86400,
        description="Seconds by which an alarm may be late before the audit calls it so.",
    )
    synthetic_every_hours: float = Field(
        0, ge=0, le=720, description="Hours between two made-up complaints that go the whole way. 0: none."
    )
    synthetic_minutes: float = Field(
        15, gt=0, le=1440, description="Minutes after which a made-up complaint that is not back is an alarm."
    )
    synthetic_to: EmailStr | Literal[""] = Field(
        "",
        description="Mail address that made-up complaints are forwarded to. Empty: `address`, and back again.",
    )

    # --- Prefect
    prefect_api_url: str = Field(
        "", description="API of your own Prefect server. Empty: `up` starts one on 127.0.0.1."
    )
    prefect_port: int = Field(
        4200, ge=1, le=65535, description="TCP port of the Prefect server that `up` starts."
    )
    prefect_auth_string: SecretStr = Field(
        SecretStr(""), description="user:password of the Prefect API, where it has one."
    )
    prefect_public_url: str = Field(
        "", description="Address under which people reach the Prefect UI. Empty: the API's own."
    )

    prefect_database_url: SecretStr = Field(
        SecretStr(""),
        description="PostgreSQL address, with the extension pg_trgm, for the Prefect server that `up` starts: postgresql://USER:PASSWORD@HOST:PORT/NAME. Empty: SQLite in data_dir/prefect.",
    )
    prefect_work_pool: str = Field(
        "",
        pattern=r"^([a-z0-9][a-z0-9-]{0,60})?$",
        description="Prefect work pool whose workers (`forthwith worker`) do what forms ask for. Empty: `up` does it.",
    )
    prefect_keep_days: int = Field(
        400,
        ge=1,
        le=4000,
        description="Days after its end for which the Prefect server that `up` starts keeps a run with its page and log.",
    )
    prefect_keep_events_days: int = Field(
        30, ge=1, le=4000, description="Days for which that server keeps the event feed."
    )

    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged.")
    log_json: bool = Field(False, description="Log lines as JSON objects, for machines.")

    @field_validator(
        "privacy_addresses",
        "authserv_id",
        "dkim_dns_servers",
        "imap_folders",
        "maildirs",
        "triage_team",
        "managers",
        "urgent_kinds",
        "smime_key_files",
        "pgp_key_files",
        mode="before",
    )
    @classmethod
    def _split(cls, value: object) -> object:
        return words_in(value) if isinstance(value, str) else value

    @field_validator("urgent_kinds")
    @classmethod
    def _kinds(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        known = [kind.value for kind in Kind]
        strange = next((kind for kind in value if kind not in known), None)
        if strange is not None:
            raise ValueError(f"{strange[:60]!r} is no kind of letter; there are {', '.join(known)}")
        return value

    @field_validator("authserv_id")
    @classmethod
    def _hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        strange = next((host for host in value if not re.fullmatch(r"[\w.:-]{1,255}", host, re.ASCII)), None)
        if strange is not None:
            raise ValueError(f"{strange[:60]!r} is no host name such as mx.example.org")
        return tuple(host.lower() for host in value)

    @field_validator("dkim_dns_servers")
    @classmethod
    def _addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for address in value:
            try:
                ip_address(address)
            except ValueError:
                raise ValueError(f"{address[:60]!r} is no IP address") from None
        return value

    @field_validator("imap_start_from")
    @classmethod
    def _aware(cls, value: datetime | None) -> datetime | None:
        return None if value is None else require_aware(value)

    @field_validator("heartbeat_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("https", "http") or not parts.hostname):
            raise ValueError("it is no web address such as https://hc-ping.com/...")
        return value

    @field_validator("smtp_relays")
    @classmethod
    def _one_way(cls, value: tuple[RelaySettings, ...], info: ValidationInfo) -> tuple[RelaySettings, ...]:
        if value and info.data.get("smtp_host"):
            raise ValueError("smtp_host is set too; write that relay as a table [[smtp_relays]] in its place")
        return value

    @field_validator("prefect_database_url")
    @classmethod
    def _postgres(cls, value: SecretStr) -> SecretStr:
        address = value.get_secret_value()
        if address and not address.startswith(("postgresql://", "postgres://")):
            raise ValueError("it is no address such as postgresql://USER:PASSWORD@HOST:PORT/NAME")
        return value

    @field_validator("ocr_command")
    @classmethod
    def _command_line(cls, value: str) -> str:
        try:
            shlex.split(value)
        except ValueError as error:
            raise ValueError(f"it is no command line: {error}") from None
        return value

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            return ZoneInfo(value).key
        except (OSError, ValueError, KeyError):
            raise ValueError("it is no IANA time zone such as Europe/London") from None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  pydantic-settings' signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the TOML file below the environment."""
        toml = TomlConfigSettingsSource(settings_cls, os.environ.get(CONFIG_VARIABLE, "forthwith.toml"))
        return init_settings, env_settings, dotenv_settings, toml

    @property
    def database(self) -> str:
        """The store's URL, the default filled in."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'forthwith.db').resolve()}"

    @property
    def relays(self) -> tuple[RelaySettings, ...]:
        """The relays in order; empty: there is none."""
        if self.smtp_relays or not self.smtp_host:
            return self.smtp_relays
        ours = {name.removeprefix("smtp_"): name for name in type(self).model_fields}
        names = RelaySettings.model_fields.keys() & ours.keys()
        return (RelaySettings(**{name: getattr(self, ours[name]) for name in names}),)

    @property
    def mails_at_once(self) -> int:
        """Letters that may be under way at once."""
        return max((relay.connections for relay in self.relays), default=self.smtp_connections)

    @property
    def synthetic_wait(self) -> timedelta:
        """How long a made-up complaint may take."""
        return timedelta(minutes=self.synthetic_minutes)

    @property
    def own_addresses(self) -> frozenset[str]:
        """Every address of ours, lower case."""
        return frozenset(a.lower() for a in (self.address, *self.privacy_addresses))


def words_in(text: str) -> tuple[str, ...]:
    """The entries of a list that is written with commas or semicolons between them."""
    return tuple(word.strip() for word in text.replace(";", ",").split(",") if word.strip())


def load_settings(**overrides: Any) -> Settings:
    """Read the settings from file and environment.

    Raises:
        BadSetting: one line naming the setting, its value and what would be right.
    """
    named = os.environ.get(CONFIG_VARIABLE)
    if named and not Path(named).is_file():
        raise BadSetting(f"the settings file {named} is not there; `forthwith settings --example` prints one")
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise BadSetting(_in_one_line(error)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"the settings file {named or 'forthwith.toml'} is no TOML: {error}") from None
    except OSError as error:
        raise BadSetting(f"the settings file cannot be read: {error}") from None


def unknown_variables() -> tuple[str, ...]:
    """Names in the environment that look like settings of ours and are none: slips of the pen, mostly."""
    known = {variable_of(name) for name in Settings.model_fields} | {CONFIG_VARIABLE}
    return tuple(sorted(name for name in os.environ if name.startswith("FORTHWITH_") and name not in known))


def variable_of(name: str) -> str:
    """The environment variable of a setting."""
    return f"FORTHWITH_{name.upper()}"


def _in_one_line(error: ValidationError) -> str:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known: Iterable[str] = RelaySettings.model_fields if len(first["loc"]) > 1 else Settings.model_fields
        last = str(first["loc"][-1]).removeprefix("forthwith_")
        near = difflib.get_close_matches(last, known, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        return f"there is no setting {name[:80]!r}; {hint}`forthwith settings` lists those there are"
    given = repr(first.get("input"))
    # Of a relay's table the whole may be shown, and a password stands in it.
    value = "(hidden)" if _is_secret(name) or name.startswith("smtp_relays") else given[:80]
    wrong = first["msg"].removeprefix("Value error, ")
    return (
        f"setting {name} ({variable_of(name.partition('.')[0])}) is {value}: {wrong[:1].lower()}{wrong[1:]}"
    )


# --- the list of settings ----------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Described:
    """One setting, for people. What is secret is hidden."""

    name: str
    variable: str  # of the environment
    group: str  # what it belongs to, e.g. "the inbox"
    takes: str  # unit or form of its value
    description: str
    default: str
    value: str  # in force now
    is_default: bool


# The first setting of each group.
_GROUPS = {
    "organisation": "who we are",
    "data_dir": "the store",
    "imap_host": "the inbox",
    "customers_file": "the registers",
    "default_terms": "the clock",
    "smtp_host": "the relay",
    "keys_dir": "the keys",
    "second_clock": "the sign of life",
    "prefect_api_url": "Prefect",
    "log_level": "the log",
}
_UNITS = {
    "seconds": "seconds",
    "key_warning_days": "days",
    "minutes": "minutes",
    "synthetic_every_hours": "hours",
    "mb": "megabytes",
    "port": "TCP port",
    "connections": "count",
    "smtp_messages_per_connection": "count",
    "smtp_messages_per_minute": "count a minute",
    "smtp_relays": "tables",
}
_SECRET_WORDS = ("password", "auth_string", "token_command", "heartbeat_url")
_HIDDEN = "(hidden)"


def describe(settings: Settings) -> Iterator[Described]:
    """Every setting in the order of the settings file, with what is in force."""
    group = ""
    for name, field in Settings.model_fields.items():
        group = _GROUPS.get(name, group)
        value, default = getattr(settings, name), field.default
        yield Described(
            name=name,
            variable=variable_of(name),
            group=group,
            takes=_takes(name, field.annotation),
            description=field.description or "",
            default=_shown(name, default),
            value=_shown(name, value),
            is_default=value == default,
        )


def _takes(name: str, annotation: Any) -> str:
    unit = "secret" if _is_secret(name) else _UNITS.get(name) or _UNITS.get(name.rpartition("_")[2])
    if unit:
        return unit
    if get_origin(annotation) is Literal:
        return " | ".join(get_args(annotation))
    kinds = get_args(annotation) or (annotation,)
    for kind, words in ((bool, "true | false"), (datetime, "instant"), (Path, "path"), (str, "list")):
        if kind in kinds:
            return words if kind is not str or get_args(annotation) else "text"
    return "text"


def _shown(name: str, value: object) -> str:
    if _is_secret(name):
        return _HIDDEN if _plain(value) else ""
    if name == "smtp_relays" and isinstance(value, tuple):
        return ", ".join(f"{one.host}:{one.port}" for one in value)
    if isinstance(value, tuple):
        # An apprise URL carries the key to a channel.
        return ", ".join(
            f"{word.partition('://')[0]}://{_HIDDEN}" if "://" in word else word for word in value
        )
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else _without_password(str(value))


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def _without_password(text: str) -> str:
    scheme, found, rest = text.partition("://")
    login, at, place = rest.rpartition("@")
    user, colon, _ = login.partition(":")
    return f"{scheme}://{user}:{_HIDDEN}@{place}" if found and at and colon else text


def _is_secret(name: str) -> bool:
    return any(word in name for word in _SECRET_WORDS)
