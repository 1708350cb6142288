"""The parts the story plays on: a mailbox, a relay and a settings file that joins the desk to them."""

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import resources
from pathlib import Path

from complaints.clock import system_clock
from config.settings import CONFIG_VARIABLE, Settings, load_settings
from flows.demo.letters import AUTHSERV, INBOX, MANAGERS, ORGANISATION, SCENES, TRIAGE, Fate
from flows.embedded import EmbeddedImap, EmbeddedSmtp, free_port

_USUAL_PORT = 4200
_MOVED = "550 5.1.1 this mailbox does not exist any longer"


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """The parts at work."""

    folder: Path
    imap: EmbeddedImap
    smtp: EmbeddedSmtp
    settings: Settings
    reports: "asyncio.Queue[bytes]" = field(default_factory=asyncio.Queue)  # of non-delivery, not yet sent

    @property
    def config(self) -> Path:
        """The settings file, for commands beside the demo."""
        return self.folder / "forthwith.toml"


@asynccontextmanager
async def set_up(folder: Path) -> AsyncIterator[Stage]:
    """Start mailbox and relay below an empty folder, and read the settings written for them."""
    async with AsyncExitStack() as stack:
        imap = await stack.enter_async_context(EmbeddedImap(folder / "inbox", user=INBOX))
        smtp = await stack.enter_async_context(EmbeddedSmtp(folder / "mail"))
        stage = Stage(folder=folder, imap=imap, smtp=smtp, settings=_settings(folder, imap, smtp))
        _lose_mailboxes(stage)
        yield stage


def _lose_mailboxes(stage: Stage) -> None:
    """Mail to those who have left is taken, then given back; the story hands the report in."""
    loop = asyncio.get_running_loop()

    def give_back(report: bytes) -> None:
        loop.call_soon_threadsafe(stage.reports.put_nowait, report)

    for scene in SCENES:
        if scene.fate is Fate.BOUNCED:
            stage.smtp.bounce(scene.to, give_back, _MOVED)


def _settings(folder: Path, imap: EmbeddedImap, smtp: EmbeddedSmtp) -> Settings:
    """Written to a file first, so that every command can work on the demo while it runs."""
    register = folder / "customers.csv"
    register.write_bytes((resources.files(__package__) / "customers.csv").read_bytes())
    file = folder / "forthwith.toml"
    file.write_text(_toml(_values(folder.resolve(), imap, smtp)), encoding="utf-8")
    # The settings of a real desk have no business here.
    for name in [name for name in os.environ if name.startswith("FORTHWITH_")]:
        del os.environ[name]
    os.environ[CONFIG_VARIABLE] = str(file)
    return load_settings(_env_file=None)


def _values(folder: Path, imap: EmbeddedImap, smtp: EmbeddedSmtp) -> dict[str, object]:
    port = _prefect_port()
    return {
        "organisation": ORGANISATION,
        "address": INBOX,
        "authserv_id": AUTHSERV,
        "data_dir": str(folder),
        "imap_host": imap.host,
        "imap_port": imap.port,
        "imap_tls": "none",
        "imap_user": imap.user,
        "imap_password": imap.password,
        # One letter arrived yesterday.
        "imap_start_from": (system_clock() - timedelta(days=2)).isoformat(),
        "poll_seconds": 2,
        "customers_file": str(folder / "customers.csv"),
        "triage_team": [TRIAGE],
        "managers": [MANAGERS],
        "smtp_host": smtp.host,
        "smtp_port": smtp.port,
        "smtp_tls": "none",
        "prefect_port": port,
        "prefect_public_url": f"http://127.0.0.1:{port}",
    }


def _toml(values: Mapping[str, object]) -> str:
    # A string, number or list of strings reads the same in JSON and in TOML.
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    return "\n".join(["# The settings of the demo; it writes them anew at every start.", *lines, ""])


def _prefect_port() -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", _USUAL_PORT))
        except OSError:
            return free_port()
    return _USUAL_PORT
