"""The assembly: settings in, a working desk out. Everything else receives what it needs."""

import shlex
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import structlog

from complaints.agreed import Facts, Urgency
from complaints.assessor import Assessor
from complaints.attendance import Attendance
from complaints.auditor.auditor import Auditor
from complaints.clock import Clock, system_clock
from complaints.customers import CustomerRegister
from complaints.errors import InboxUnavailable, StoreUnavailable
from complaints.inbox.dns_keys import DnsKeys
from complaints.inbox.imap import ImapAccount, ImapInbox
from complaints.inbox.maildir import MaildirInbox
from complaints.inbox.mime import DkimCheck, opened_pieces
from complaints.inbox.papers.reader import Ocr, PaperReader
from complaints.inbox.port import Inbox
from complaints.inbox.sealed.opener import KeyOpener
from complaints.inbox.signatures import SignatureCheck
from complaints.mailroom import Mailroom
from complaints.model import Kind
from complaints.policy import HOUSE, Policy
from complaints.recognition import House
from complaints.records import Records
from complaints.routing import Routed, Router
from complaints.service import ComplaintDesk
from complaints.store.database import Database
from complaints.store.upgrade import current, newest, upgrade
from complaints.synthetic import SyntheticDesk
from config.calendars import house_calendar, load_calendars
from config.keys import KeyCheck, our_keys
from config.ladder import load_ladder
from config.people import load_people
from config.registers import load_bodies
from config.roster_calendar import RosterUnavailable, calendars_of
from config.settings import Settings
from notifiers.channels import Channels
from notifiers.compose import Voice
from notifiers.dispatcher import ALARM_SLOTS, Dispatcher
from notifiers.own_check import read_own_templates
from notifiers.relays import Relays
from notifiers.sealing.keyring import Keyring
from notifiers.sealing.sealer import Sealer
from notifiers.smtp import MaildirRelay, Relay, SmtpRelay

log = structlog.get_logger()

ROUTE_AT_ONCE = 200
"""Mails that one routing settles together: enough to make its fixed cost small, few enough to keep memory low."""


@dataclass(kw_only=True)
class App:
    """The desk and all that works for it."""

    settings: Settings
    clock: Clock
    database: Database
    policy: Policy
    desk: ComplaintDesk
    mailroom: Mailroom
    router: Router
    synthetic: SyntheticDesk
    customers: CustomerRegister
    records: Records
    dispatcher: Dispatcher
    auditor: Auditor
    relay: Relay
    voice: Voice
    inboxes: Sequence[Inbox] = field(default_factory=list)
    keys_looked_at: date | None = None  # in the house's time zone

    async def tick(self) -> None:
        """Do everything that is due, once, without Prefect: ingest, route, deliver, escalate, tell.

        A duty that fails is logged and cannot stop the next.
        """
        for name, duty in self.duties():
            try:
                await duty()
            except Exception:
                log.exception("duty_failed", duty=name)

    def duties(self) -> tuple[tuple[str, Callable[[], Awaitable[object]]], ...]:
        """What a tick does, in order. Alarms that the ladder raised go out at the end of the same tick."""
        return (
            ("ingest", self.ingest),
            ("route", self.route_all),
            ("deliver", self.deliver),
            ("escalate", self.escalate_all),
            ("tell", self.deliver),
        )

    async def ingest(self) -> int:
        """Take in whatever the inboxes hold; returns how many mails were new."""
        new = 0
        for inbox in self.inboxes:
            new += await self.ingest_from(inbox) or 0
        await self.mailroom.watch()
        return new

    async def ingest_from(self, inbox: Inbox, came: Callable[[], None] = lambda: None) -> int | None:
        """Read one inbox to its end; an inbox that cannot be read is noted, never raised.

        Args:
            inbox: where to look.
            came: called after each batch that is safely stored.

        Returns:
            How many mails were new; None when the inbox could not be read.
        """
        new = 0
        try:
            async for batch in inbox.fetch():
                receipts = await self.mailroom.receive(batch)
                new += sum(receipt.new for receipt in receipts)
                came()
                await inbox.done(batch)
            await self.mailroom.looked(inbox.name)
        except InboxUnavailable as error:
            log.warning("inbox_unavailable", mailbox=inbox.name, problem=str(error))
            await self.mailroom.failed(inbox.name, str(error))
            return None
        return new

    async def route(self) -> list[Routed]:
        """Settle the next lot of stored mail."""
        return await self.router.route(ROUTE_AT_ONCE)

    async def route_all(self) -> None:
        """Settle all stored mail."""
        while await self.route():
            pass

    async def deliver(self) -> int:
        """Send all that can be sent now, what waited for a key among it."""
        if self.settings.keys_dir is not None:
            await self.desk.outbox.take_up_keys()
        return await self.dispatcher.drain()

    async def refresh_rosters(self) -> None:
        """Read the calendars of duty rosters anew; of one that cannot be read the managers hear, once a day."""
        for roster in calendars_of(self.policy.people):
            try:
                await roster.refresh(self.clock())
            except RosterUnavailable as error:
                log.warning("roster_unavailable", group=roster.name)
                await self.desk.outbox.raise_alarm(
                    f"roster:{roster.name}", f"{error}; what was read last is used on"
                )

    async def watch_keys(self) -> None:
        """Look once a day at the keys that contracts ask for; the managers hear of those to see to."""
        now = self.clock()
        today = self.policy.day(now)
        if self.keys_looked_at == today:
            return
        check = KeyCheck(self.settings, now)
        rows = [row for row in await self.customers.all() if (row.valid_until or today) >= today]
        stand_ins = Attendance(self.desk.database, self.policy, self.clock)
        words = [
            *(one.words for one in (*check.of_folder(), *check.of_ours())),
            *(line for row in rows for line in check.lines(row)),
            *(one.words for pair in await stand_ins.stand_ins() if (one := check.of_person(*pair))),
        ]
        self.keys_looked_at = today
        if words:
            log.warning("keys_to_see_to", keys=len(words))
            more = f"; and {len(words) - 1} more" if len(words) > 1 else ""
            await self.desk.outbox.raise_alarm("keys", f"{words[0]}{more}")

    async def escalate(self) -> list[str]:
        """Fire the rungs that are due; returns the complaints concerned."""
        return await self.desk.escalate()

    async def escalate_all(self) -> None:
        """Fire every rung that is due."""
        while await self.escalate():
            pass


@asynccontextmanager
async def open_app(
    settings: Settings, clock: Clock = system_clock, *, migrate: bool = True, relay: Relay | None = None
) -> AsyncIterator[App]:
    """Assemble the desk, and take it apart cleanly.

    Args:
        settings: checked settings.
        clock: tells the present instant.
        migrate: bring the store's schema up to date; without it an old schema is refused.
        relay: instead of the one the settings name.

    Raises:
        StoreUnavailable: when the database does not answer, or its schema is another version's.
        BadRegister, BadSetting, BadTerms: what is wrong with registers, ladder or settings.
    """
    policy = policy_of(settings)
    bodies = load_bodies(settings.authorities_file, settings.bodies_file)
    database = Database(settings.database)
    papers = PaperReader(ocr=ocr_of(settings))
    inboxes: list[Inbox] = []
    try:
        await _require_schema(database, migrate=migrate)
        desk = ComplaintDesk(database, policy, clock, name=instance_of(settings))
        mailroom = Mailroom(
            database, policy, clock, blind_after=timedelta(minutes=settings.blind_after_minutes)
        )
        customers = CustomerRegister(database, clock, kept_at=settings.data_dir / "customers.index")
        opener = opener_of(settings)
        assessor = Assessor(bodies, house_of(settings), papers=papers, dkim=dkim_of(settings), opener=opener)
        synthetic = synthetic_of(settings, desk)
        router = Router(database, desk, assessor, customers, clock, ocr=papers.ocr, synthetic=synthetic)
        relay = relay or relay_of(settings, clock)
        channels = Channels()
        voice = voice_of(settings)
        inboxes += inboxes_of(settings, mailroom, clock)
        mailroom.watching = frozenset(inbox.name for inbox in inboxes)
        yield App(
            settings=settings,
            clock=clock,
            database=database,
            policy=policy,
            desk=desk,
            mailroom=mailroom,
            router=router,
            synthetic=synthetic,
            customers=customers,
            records=Records(database),
            dispatcher=Dispatcher(
                desk.outbox,
                relay,
                channels,
                voice,
                concurrency=settings.mails_at_once,
                sealer=sealer_of(settings, clock),
                opened=partial(opened_pieces, opener=opener),
            ),
            auditor=auditor_of(settings, desk),
            relay=relay,
            voice=voice,
            inboxes=inboxes,
        )
        router.close()
        await channels.close()
        await relay.close()
    finally:
        for inbox in inboxes:
            await inbox.close()
        papers.close()
        await database.close()


@asynccontextmanager
async def open_desk(
    settings: Settings, clock: Clock = system_clock, *, name: str = ""
) -> AsyncIterator[ComplaintDesk]:
    """The desk's verbs alone: no inbox, no relay, no registers of bodies.

    Args:
        settings: checked settings.
        clock: tells the present instant.
        name: of this desk among several on one database; empty: the daemon's of this data folder.

    Raises:
        StoreUnavailable: when the database does not answer, or its schema is another version's.
    """
    database = Database(settings.database)
    try:
        await _require_schema(database, migrate=False)
        yield ComplaintDesk(database, policy_of(settings), clock, name=name or instance_of(settings))
    finally:
        await database.close()


def auditor_of(settings: Settings, desk: ComplaintDesk) -> Auditor:
    """What compares the desk's records with what they should be."""
    return Auditor(
        desk.database,
        desk.policy,
        desk.clock,
        tolerance=timedelta(seconds=settings.audit_tolerance_seconds),
        place=desk.name,
    )


def synthetic_of(settings: Settings, desk: ComplaintDesk) -> SyntheticDesk:
    """What knows the made-up complaints. Their forwards come back where a relay carries them to our inbox."""
    to = settings.synthetic_to.lower() or str(settings.address)
    return SyntheticDesk(
        desk,
        wait=settings.synthetic_wait,
        address=str(settings.address),
        to=to,
        returns=bool(settings.relays) and to.lower() in settings.own_addresses,
    )


def policy_of(settings: Settings) -> Policy:
    """The house's rules.

    Raises:
        BadSetting, BadRegister, BadTerms: what is wrong with calendar, ladder or default terms.
    """
    people = load_people(settings.people_file, settings.timezone, settings.data_dir / "rosters")
    policy = Policy(
        organisation=settings.organisation,
        mail_domain=str(settings.address).rpartition("@")[2],
        timezone=settings.timezone,
        calendar=house_calendar(settings),
        calendars=load_calendars(settings.calendars_file),
        holidays_of_customers=settings.holidays_of == "customer",
        urgency=Urgency(days=settings.urgent_within_days, kinds=frozenset(settings.urgent_kinds)),
        ladder=load_ladder(settings.ladder_file, people.names),
        people=people,
        pause_after_reply=timedelta(minutes=settings.pause_minutes),
        default_terms=settings.default_terms,
        vague_terms=settings.vague_terms,
        triage=settings.triage_team,
        managers=settings.managers,
        dashboard_url=_board(settings.prefect_public_url),
        keys=Keyring(settings.keys_dir),
    )
    now = Facts(received_at=system_clock(), kind=Kind.COMPLAINT, respond_by=None)
    policy.by_terms(settings.default_terms, HOUSE, now)
    return policy


def _board(public_url: str) -> str:
    """The board's address for people, where the settings say how they reach it."""
    return f"{public_url.rstrip('/')}/v2/artifacts/key/complaints" if public_url else ""


def house_of(settings: Settings) -> House:
    """How the house is known in letters."""
    return House(
        organisation=settings.organisation,
        own_addresses=settings.own_addresses,
        authserv_ids=frozenset(settings.authserv_id),
        timezone=settings.timezone,
    )


def ocr_of(settings: Settings) -> Ocr | None:
    """The command that recognises text in images, where one is set."""
    command = tuple(shlex.split(settings.ocr_command))
    return Ocr(command=command, seconds=settings.ocr_seconds) if command else None


def dkim_of(settings: Settings) -> DkimCheck | None:
    """Our own check of signatures, where the settings want one."""
    if settings.dkim_check == "off":
        return None
    return SignatureCheck(look_up=keys_of(settings))


def opener_of(settings: Settings) -> KeyOpener:
    """What opens mail that comes encrypted and checks S/MIME and OpenPGP signatures.

    Raises:
        BadSetting: a key file of ours cannot be read.
    """
    return KeyOpener(ours=our_keys(settings), folder=settings.keys_dir)


def sealer_of(settings: Settings, clock: Clock) -> Sealer:
    """What encrypts and signs.

    Raises:
        BadSetting: a key file of ours cannot be used.
    """
    return Sealer(Keyring(settings.keys_dir), our_keys(settings), clock)


def keys_of(settings: Settings) -> DnsKeys:
    """Where the keys of signatures are looked up."""
    return DnsKeys(settings.dkim_dns_servers, seconds=settings.dkim_timeout_seconds)


def voice_of(settings: Settings) -> Voice:
    """Who writes, and by which templates; of those of our own that are broken the log tells."""
    voice = Voice(
        organisation=settings.organisation,
        address=str(settings.address),
        timezone=settings.timezone,
        own_return_paths=settings.bounce_addresses == "verp",
    )
    templates = read_own_templates(settings.templates_dir, voice)
    for problem in templates.problems:
        log.warning("template_broken", problem=problem)
    return replace(voice, templates=templates)


def relay_of(settings: Settings, clock: Clock = system_clock) -> Relay:
    """The relays the settings name, or the local Maildir that stands in for one."""
    if not settings.relays:
        return MaildirRelay(settings.data_dir / "outgoing")
    return Relays(relays_of(settings, clock), clock)


def relays_of(settings: Settings, clock: Clock = system_clock) -> list[SmtpRelay]:
    """Each relay that the settings name, in order.

    Raises:
        BadSetting: mail would cross a network in the clear, or a file that is named cannot be read.
    """
    return [
        SmtpRelay(
            host=one.host,
            port=one.port,
            tls=one.tls,
            ca_file=one.ca_file,
            user=one.user,
            password=one.secret,
            token_command=one.token_command,
            timeout=settings.smtp_timeout_seconds,
            connections=one.connections,
            spare=ALARM_SLOTS,
            each=one.messages_per_connection,
            a_minute=one.messages_per_minute,
            max_bytes=int(one.max_mb * 1_000_000),
            clock=clock,
        )
        for one in settings.relays
    ]


def inboxes_of(settings: Settings, mailroom: Mailroom, clock: Clock) -> list[Inbox]:
    """Every folder and Maildir the settings name.

    Without ``imap_start_from`` the first connection is the watermark: what lay there before is old.
    The mail room remembers it, so a later start does not move it.
    """
    max_bytes = int(settings.max_mail_mb * 1_000_000)
    start_from = settings.imap_start_from
    found: list[Inbox] = []
    if settings.imap_host:
        account = account_of(settings)
        found += [
            ImapInbox(
                account,
                folder,
                mailroom,
                clock=clock,
                max_bytes=max_bytes,
                start_from=start_from,
                done_folder=settings.imap_done_folder,
                done_flag=settings.imap_done_flag,
            )
            for folder in settings.imap_folders
        ]
    found += [
        MaildirInbox(Path(path), mailroom, clock=clock, max_bytes=max_bytes, start_from=start_from)
        for path in settings.maildirs
    ]
    return found


def account_of(settings: Settings) -> ImapAccount:
    """How to reach the mailbox.

    Raises:
        BadSetting: mail would cross a network in the clear.
    """
    return ImapAccount(
        host=settings.imap_host,
        port=settings.imap_port,
        tls=settings.imap_tls,
        ca_file=settings.imap_ca_file,
        user=settings.imap_user,
        password=settings.imap_password.get_secret_value(),
        token_command=settings.imap_token_command,
    )


def instance_of(settings: Settings) -> str:
    """This daemon's name among several on one database: one a machine and data folder."""
    return f"{socket.gethostname()}:{settings.data_dir.resolve()}"


async def _require_schema(database: Database, *, migrate: bool) -> None:
    if migrate:
        if await upgrade(database):
            log.info("store_upgraded", revision=newest())
        return
    found = await current(database)
    if found != newest():
        raise StoreUnavailable(
            f"the store is at schema {found or 'none'} and this version needs {newest()}; run `forthwith migrate`"
        )
