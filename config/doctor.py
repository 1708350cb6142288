"""Tries each part for real and says what to do about each failure. Knows no terminal."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import structlog

from complaints.clock import Clock, system_clock
from complaints.confidential import Encryption
from complaints.customers import CustomerRegister
from complaints.errors import ForthwithError
from complaints.inbox.imap_session import Session
from complaints.inbox.maildir import is_maildir
from complaints.inbox.signatures import KeyUnknown
from complaints.model import Customer
from complaints.signs import signs_of
from complaints.store.database import Database
from complaints.store.probe import Soundness, probe
from complaints.store.signs import Sign
from complaints.store.upgrade import newest
from complaints.wellbeing import HEARTBEAT
from config.bootstrap import account_of, keys_of, policy_of, relays_of, voice_of
from config.calendars import load_calendars
from config.customers import check_customers, read_customers
from config.keys import KeyCheck
from config.ladder import unreachable
from config.registers import check_bodies, load_bodies
from config.roster_calendar import RosterUnavailable, calendars_of
from config.settings import Settings, unknown_variables
from notifiers.smtp import SmtpRelay

log = structlog.get_logger()

_LEAST_FREE = 1_000_000_000  # bytes: some weeks of letters with attachments
_CLOCKS_MAY_DIFFER = timedelta(seconds=5)
_PATIENCE_SECONDS = 60.0
_RENEWED_BEFORE = timedelta(days=14)


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What came of trying one thing."""

    part: str  # settings, database, inbox, relay, prefect, registers, ladder, clock, disk
    ok: bool
    what: str  # was found; one line
    do_next: str = ""  # about a failure; or, where all is well, about a weakness

    @property
    def warns(self) -> bool:
        """Works, and could be better."""
        return self.ok and bool(self.do_next)


async def examine(settings: Settings, clock: Clock = system_clock) -> AsyncIterator[Finding]:
    """Try everything, each part whether or not the one before works.

    Args:
        settings: checked settings.
        clock: tells the present instant.

    Yields:
        One finding or more for each part, as soon as it is known.
    """
    parts: tuple[tuple[str, Callable[[], AsyncIterator[Finding]]], ...] = (
        ("settings", lambda: _told(_settings(settings))),
        ("data folder", lambda: _told(_folder(settings.data_dir))),
        ("database", lambda: _database(settings, clock)),
        ("inbox", lambda: _inboxes(settings)),
        ("signatures", lambda: _told(_signatures(settings))),
        ("relay", lambda: _relays(settings, clock)),
        ("templates", lambda: _told(_templates(settings))),
        ("heartbeat", lambda: _heartbeat(settings, clock)),
        ("prefect", lambda: _prefect(settings, clock)),
        ("bodies", lambda: _told(_bodies(settings))),
        ("customers", lambda: _customers(settings, clock)),
        ("keys", lambda: _keys(settings, clock)),
        ("people", lambda: _people(settings, clock)),
        ("ladder", lambda: _told(_ladder(settings, clock))),
    )
    for part, look in parts:
        async for finding in _guarded(part, look):
            yield finding


async def _guarded(part: str, look: Callable[[], AsyncIterator[Finding]]) -> AsyncIterator[Finding]:
    """What one part says; a failure nobody foresaw is a finding too."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            async for finding in look():
                yield finding
    except ForthwithError as error:
        yield Finding(part=part, ok=False, what=_flat(str(error)), do_next="Put right what the line names")
    except TimeoutError:
        what = f"no end after {_PATIENCE_SECONDS:.0f} s"
        yield Finding(part=part, ok=False, what=what, do_next="See whether its server hangs")
    except Exception as error:
        log.debug("examination_failed", part=part, exc_info=error)
        what = f"{type(error).__name__}: {_flat(str(error))}"
        yield Finding(
            part=part, ok=False, what=what, do_next="`forthwith --debug doctor` shows where it arose"
        )


async def _told(findings: Iterator[Finding]) -> AsyncIterator[Finding]:
    for finding in findings:
        yield finding


# --- settings, folder ------------------------------------------------------------------------


def _settings(settings: Settings) -> Iterator[Finding]:
    yield Finding(part="settings", ok=True, what=f"can be read; times are shown in {settings.timezone}")
    for name in unknown_variables():
        yield Finding(
            part="settings",
            ok=True,
            what=f"{name} is in the environment and is no setting, so it does nothing",
            do_next="`forthwith settings` lists those there are",
        )
    yield from _verifying(settings)
    if str(settings.address).endswith("@localhost.example"):
        yield Finding(
            part="settings",
            ok=not settings.relays,
            what=f"address is {settings.address}, where no reply and no bounce can arrive",
            do_next="Set address to the mailbox that Forthwith reads",
        )


def _templates(settings: Settings) -> Iterator[Finding]:
    """Those of one's own; a broken one holds nothing up, but nobody sees its words."""
    if settings.templates_dir is None:
        return
    templates = voice_of(settings).templates
    for problem in templates.problems:
        yield Finding(
            part="templates",
            ok=False,
            what=problem,
            do_next="Mend it and start again; ours is used meanwhile",
        )
    if not templates.problems:
        what = (
            f"{len(templates)} of your own in {settings.templates_dir}; each was tried with made-up letters"
        )
        yield Finding(part="templates", ok=True, what=what)


def _verifying(settings: Settings) -> Iterator[Finding]:
    """Without any proof of senders nothing is forwarded without a person: the promise hangs on somebody being there."""
    if settings.authserv_id:
        return
    if settings.dkim_check == "on":
        yield Finding(
            part="settings",
            ok=True,
            what="authserv_id is empty, so senders are verified by dkim_check alone",
            do_next="Set it to the host name that your mail server writes first in Authentication-Results",
        )
        return
    yield Finding(
        part="settings",
        ok=False,
        what="authserv_id is empty and dkim_check is off: NO sender is ever verified, every letter waits for a person",
        do_next="Set authserv_id to the host name that your mail server writes first in Authentication-Results, "
        "or dkim_check to on",
    )


def _signatures(settings: Settings) -> Iterator[Finding]:
    if settings.dkim_check == "off":
        return
    domain = str(settings.address).rpartition("@")[2]
    try:
        keys_of(settings)(f"forthwith._domainkey.{domain}")
    except KeyUnknown as error:
        yield Finding(
            part="signatures",
            ok=False,
            what=f"dkim_check is on, and keys cannot be looked up: {_flat(str(error))}",
            do_next="Check dkim_dns_servers; until then no signature verifies anybody",
        )
        return
    yield Finding(part="signatures", ok=True, what="keys of DKIM signatures can be looked up")


def _folder(folder: Path) -> Iterator[Finding]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"forthwith")
            os.fsync(file.fileno())
        free = shutil.disk_usage(folder).free
    except OSError as error:
        what = f"{folder.resolve()} cannot be written: {error.strerror or error}"
        yield Finding(
            part="data folder",
            ok=False,
            what=what,
            do_next="Set data_dir to a folder of this user, or free space",
        )
        return
    what = f"{folder.resolve()} can be written, {free / 1e9:.1f} GB are free"
    tight = "Free space or move data_dir: letters are kept for good" if free < _LEAST_FREE else ""
    yield Finding(part="data folder", ok=True, what=what, do_next=tight)


# --- database --------------------------------------------------------------------------------


async def _database(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    try:
        database = Database(settings.database)
    except OSError as error:
        yield Finding(
            part="database",
            ok=False,
            what=_flat(str(error)),
            do_next="Set database_url or data_dir to a place of this user",
        )
        return
    try:
        sound = await probe(database)
    except (ForthwithError, PermissionError) as error:
        advice = (
            "Give this user the right to write the file and its folder, or free space"
            if database.is_sqlite
            else "Check database_url, that the server is up, and that this user may create tables"
        )
        yield Finding(part="database", ok=False, what=_flat(str(error)), do_next=advice)
        return
    finally:
        await database.close()
    yield Finding(part="database", ok=True, what=f"{sound.product} answers and can be written")
    yield _schema(sound)
    if sound.journal and sound.journal != "wal":
        yield Finding(
            part="database",
            ok=False,
            what=f"the journal mode is {sound.journal}: letters that arrive at once would lock each other out",
            do_next="Put the file on a local disk; WAL does not work on network shares",
        )
    if sound.its_time is not None:
        yield _clocks("database", "the database server", sound.its_time, clock())


def _schema(sound: Soundness) -> Finding:
    if not sound.revision:
        return Finding(
            part="database",
            ok=True,
            what="it has no tables yet",
            do_next="`forthwith migrate` makes them, and so does `forthwith up`",
        )
    if sound.revision != newest():
        return Finding(
            part="database",
            ok=False,
            what=f"its schema is {sound.revision} and this version needs {newest()}",
            do_next="Run `forthwith migrate`, or the newer version if the schema is ahead",
        )
    if sound.differs:
        return Finding(
            part="database",
            ok=False,
            what=f"the schema differs from the declared one: {_flat(sound.differs[0])}",
            do_next="Undo what was changed by hand",
        )
    return Finding(part="database", ok=True, what=f"the schema is the newest ({sound.revision})")


def _clocks(part: str, whose: str, its_time: datetime, now: datetime) -> Finding:
    off = abs(its_time.astimezone(UTC) - now)
    if off > _CLOCKS_MAY_DIFFER:
        what = f"{whose} and this machine disagree about the time by {off.total_seconds():.0f} s"
        return Finding(
            part="clock", ok=False, what=what, do_next="Keep both by NTP: deadlines are counted in seconds"
        )
    return Finding(part="clock", ok=True, what=f"this machine and the {part} agree about the time")


# --- inbox and relay -------------------------------------------------------------------------


async def _inboxes(settings: Settings) -> AsyncIterator[Finding]:
    if not settings.imap_host and not settings.maildirs:
        yield Finding(
            part="inbox",
            ok=True,
            what="no inbox is set: only what `forthwith ingest` brings is forwarded",
            do_next="Set imap_host, imap_user and imap_password, or maildirs",
        )
    for folder in settings.imap_folders if settings.imap_host else ():
        yield await _imap_folder(settings, folder)
    for path in settings.maildirs:
        yield _maildir(Path(path))


async def _imap_folder(settings: Settings, folder: str) -> Finding:
    name = f"{settings.imap_user}/{folder} on {settings.imap_host}:{settings.imap_port}"
    marks = bool(settings.imap_done_flag or settings.imap_done_folder)
    account = account_of(settings)
    try:
        count, idles = await asyncio.to_thread(lambda: _opened(Session(account, folder, marks=marks)))
    except ForthwithError as error:
        return Finding(part="inbox", ok=False, what=_flat(str(error)), do_next=_imap_advice(str(error)))
    what = f"{name} can be read: {count} messages, {settings.imap_tls}, {'IDLE' if idles else 'no IDLE'}"
    slow = (
        ""
        if idles
        else f"The server has no IDLE: mail waits for the next look, {settings.poll_seconds:g} s at most"
    )
    return Finding(part="inbox", ok=True, what=what, do_next=slow)


def _opened(session: Session) -> tuple[int, bool]:
    try:
        return len(session.uids()), session.can_idle
    finally:
        session.log_out()


def _imap_advice(error: str) -> str:
    if "login failed" in error:
        return "Check imap_user and imap_password (or imap_token_command)"
    if "folder" in error:
        return "Check imap_folders: each name as the server spells it"
    if "certificate" in error.lower():
        return "Set imap_ca_file to the authority that signed the server's certificate"
    return "Check imap_host, imap_port and imap_tls, the network, and that the server is up"


def _maildir(path: Path) -> Finding:
    if not is_maildir(path):
        what = f"{path} is no Maildir (no new and cur in it)"
        return Finding(
            part="inbox",
            ok=False,
            what=what,
            do_next="Check maildirs: name the folder that holds new and cur",
        )
    if not os.access(path / "new", os.R_OK | os.X_OK):
        return Finding(
            part="inbox",
            ok=False,
            what=f"{path} cannot be read",
            do_next="Give this user the right to read it",
        )
    return Finding(part="inbox", ok=True, what=f"{path} can be read")


async def _relays(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    """Each relay by itself."""
    if not settings.relays:
        yield Finding(
            part="relay",
            ok=True,
            what=f"no relay is configured: mail is written to {settings.data_dir / 'outgoing'}, one Maildir a recipient",
            do_next="Set smtp_host before you rely on it: nothing leaves this machine",
        )
    relays = relays_of(settings, clock)
    for finding in await asyncio.gather(*(_relay(relay, clock()) for relay in relays)):
        yield finding


async def _relay(relay: SmtpRelay, now: datetime) -> Finding:
    try:
        steps = await relay.check()
    except ForthwithError as error:
        what, _, advice = _flat(str(error)).rpartition(". ")
        return Finding(
            part="relay",
            ok=False,
            what=f"{relay.name}: {what or advice}",
            do_next=advice or "Check the smtp_ settings",
        )
    finally:
        await relay.close()
    what = f"{relay.name}: {'; '.join(_flat(step) for step in steps)}"
    left = relay.valid_until - now if relay.valid_until else None
    ends = (
        f"Have its certificate renewed: it ends in {left.days} days"
        if left and left < _RENEWED_BEFORE
        else ""
    )
    return Finding(part="relay", ok=True, what=what, do_next=ends)


async def _heartbeat(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    """What the daemon last told the watch outside: a sign of ours here would say that the daemon lives."""
    if not settings.heartbeat_url:
        return
    database = Database(settings.database)
    try:
        seen = await signs_of(database, HEARTBEAT) if (await probe(database)).revision == newest() else ()
    except (ForthwithError, OSError):
        seen = ()
    finally:
        await database.close()
    yield _last_heartbeat(seen, settings, clock())


def _last_heartbeat(seen: Sequence[Sign], settings: Settings, now: datetime) -> Finding:
    part = "heartbeat"
    if not seen:
        what = "no sign of life was sent to heartbeat_url yet"
        return Finding(part=part, ok=True, what=what, do_next="A running `forthwith up` sends them")
    last = seen[0]
    if last.problem:
        what = f"the last sign of life was not sent: {_flat(last.problem)}"
        return Finding(part=part, ok=False, what=what, do_next="Put right what it names; it is tried again")
    ago = now - last.at
    if ago > timedelta(seconds=3 * settings.heartbeat_seconds):
        what = f"no sign of life has been sent for {ago.total_seconds():.0f} s"
        return Finding(part=part, ok=False, what=what, do_next="See whether `forthwith up` runs")
    return Finding(part=part, ok=True, what=f"a sign of life was sent {ago.total_seconds():.0f} s ago")


# --- Prefect ---------------------------------------------------------------------------------


async def _prefect(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    url = settings.prefect_api_url.rstrip("/")
    if not url:
        what = f"`forthwith up` starts its own server on 127.0.0.1:{settings.prefect_port}"
        yield Finding(part="prefect", ok=True, what=what)
        return
    user, _, password = settings.prefect_auth_string.get_secret_value().partition(":")
    auth = httpx.BasicAuth(user, password) if user else None
    loopback = httpx.URL(url).host in {"127.0.0.1", "localhost", "::1"}
    try:
        async with httpx.AsyncClient(timeout=10, auth=auth, trust_env=not loopback) as client:
            health = await client.get(f"{url}/health")
            login = await client.post(f"{url}/flows/count", json={})
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        what = f"{url} does not answer: {_flat(str(error)) or type(error).__name__}"
        yield Finding(
            part="prefect",
            ok=False,
            what=what,
            do_next="Check prefect_api_url (it ends in /api) and that the server is up; complaints are forwarded meanwhile",
        )
        return
    yield _answered(url, health, login)
    if health.is_success and "date" in health.headers:
        yield _clocks(
            "Prefect server", "the Prefect server", parsedate_to_datetime(health.headers["date"]), clock()
        )


def _answered(url: str, health: httpx.Response, login: httpx.Response) -> Finding:
    if not health.is_success:
        what = f"{url}/health answers {health.status_code}"
        return Finding(part="prefect", ok=False, what=what, do_next="Check prefect_api_url: it ends in /api")
    if login.status_code in {401, 403}:
        what = f"{url} does not accept prefect_auth_string ({login.status_code})"
        return Finding(
            part="prefect",
            ok=False,
            what=what,
            do_next="Set prefect_auth_string to the server's user:password",
        )
    return Finding(part="prefect", ok=True, what=f"{url} answers")


# --- registers and ladder --------------------------------------------------------------------


def _bodies(settings: Settings) -> Iterator[Finding]:
    bodies = load_bodies(settings.authorities_file, settings.bodies_file)
    warnings = check_bodies(bodies)
    what = f"{len(bodies)} authorities and public-interest bodies, {len(warnings)} remarks"
    yield Finding(part="bodies", ok=True, what=what)


async def _keys(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    """Try our own keys, and those of everybody whose contract asks for encryption."""
    check, today = KeyCheck(settings, clock()), policy_of(settings).day(clock())
    try:
        found = await _register(settings, clock)
    except (ForthwithError, OSError):
        found = ()  # said already
    asking = [
        row for row in found if row.encryption != Encryption.NONE and (row.valid_until or today) >= today
    ]
    remarks = [
        *check.of_folder(),
        *check.of_ours(),
        *(one for row in asking for one in check.of_customer(row)),
    ]
    for one in remarks[:_MOST_KEYS_TOLD]:
        yield Finding(part="keys", ok=not one.wrong, what=one.words, do_next=_KEY_ADVICE)
    if len(remarks) > _MOST_KEYS_TOLD:
        what = f"{len(remarks) - _MOST_KEYS_TOLD} more keys want looking after"
        yield Finding(part="keys", ok=False, what=what, do_next="`forthwith customers check` tells of all")
    signs = bool(settings.smime_key_files or settings.pgp_key_files)
    if not remarks and (asking or signs):
        what = f"{len(asking)} contracts ask for encryption, and every key that is needed can be used"
        more = "" if signs else "Set smime_key_files or pgp_key_files: what is encrypted is not signed"
        yield Finding(part="keys", ok=True, what=what, do_next=more)


_MOST_KEYS_TOLD = 20
_KEY_ADVICE = "Put a valid key, named after the address, into keys_dir; what waits for it goes out then"


async def _register(settings: Settings, clock: Clock) -> Sequence[Customer]:
    if settings.customers_file is None:
        return await _stored_customers(settings, clock)
    return read_customers(settings.customers_file, calendars=load_calendars(settings.calendars_file))


async def _customers(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    if settings.customers_file is not None:
        found = read_customers(settings.customers_file, calendars=load_calendars(settings.calendars_file))
        where = f"in {settings.customers_file}"
    else:
        try:
            found, where = tuple(await _stored_customers(settings, clock)), "in the store"
        except (ForthwithError, OSError):
            what = "the register lies in the database, which cannot be used"
            yield Finding(part="customers", ok=False, what=what, do_next="Put the database right first")
            return
    if not found:
        yield Finding(
            part="customers",
            ok=False,
            what="the register is empty, so every complaint waits for a person",
            do_next="`forthwith customers import FILE`, or set customers_file",
        )
        return
    policy = policy_of(settings)
    warnings = check_customers(found, policy.day(clock()), calendars=policy.calendars)
    more = (
        f"`forthwith customers check` shows {len(warnings)} warnings, the first: {warnings[0]}"
        if warnings
        else ""
    )
    yield Finding(part="customers", ok=True, what=f"{len(found)} customers {where}", do_next=more)


async def _stored_customers(settings: Settings, clock: Clock) -> list[Customer]:
    database = Database(settings.database)
    try:
        if not (await probe(database)).revision:
            return []
        return await CustomerRegister(database, clock).all()
    finally:
        await database.close()


async def _people(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    """Read every duty calendar now, and say who is on duty."""
    people, now = policy_of(settings).people, clock()
    for roster in calendars_of(people):
        try:
            await roster.refresh(now)
        except RosterUnavailable as error:
            yield Finding(
                part="people",
                ok=False,
                what=f"{_flat(str(error))}; what was read last serves on",
                do_next="Check the calendar's address or file in the people file, and that its events name people",
            )
    for group in people.groups:
        if group.roster is None:
            continue
        names = ", ".join(group.roster.on_duty(now))
        yield Finding(
            part="people",
            ok=bool(names),
            what=f"{group.name}: {names or 'nobody'} is on duty now",
            do_next=""
            if names
            else "Fill the gap in the roster; the people of the next rung are told meanwhile",
        )


def _ladder(settings: Settings, clock: Clock) -> Iterator[Finding]:
    policy = policy_of(settings)
    people = policy.people.book(clock()) | {
        "triage": settings.triage_team,
        "managers": settings.managers,
        # A customer without a deputy is no fault of the ladder: a rung counts as heard when a deputy alone hears it.
        "deputy": ("deputy@customer.example",),
        "manager": ("manager@customer.example",),
    }
    rungs = sum(len(ladder.rungs) for _, ladder in policy.ladder.every_one)
    for name in ("triage_team", "managers"):
        if not getattr(settings, name):
            yield Finding(
                part="ladder",
                ok=False,
                what=f"{name} is empty, so nobody would hear of what waits or of a late complaint",
                do_next=f"Set {name} to one mail address or apprise URL at least",
            )
    unheard = unreachable(policy.ladder, people)
    if unheard:
        yield Finding(
            part="ladder",
            ok=False,
            what=f"{len(unheard)} of {rungs} rungs reach nobody: {', '.join(unheard)}",
            do_next="Set triage_team and managers, or name an address in the ladder file; meanwhile the next rung's people hear",
        )
    else:
        yield Finding(part="ladder", ok=True, what=f"each of {rungs} rungs reaches a person")


def _flat(text: str) -> str:
    return " ".join(text.split())[:400]
