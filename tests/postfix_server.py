"""A real Postfix of our own on loopback ports: its configuration, queue and mailboxes in one folder, gone afterwards."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flows.embedded import free_port
from tests.integration.smtp_server import make_certificate

PROGRAM = Path("/usr/sbin/postfix")
NOBODY = 65534
_PATIENCE = 30.0  # seconds for a command of Postfix's, and for a mail to arrive
_SERVICES = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup   unix  n - n -     0 cleanup
qmgr      unix  n - n 300   1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n -     - trivial-rewrite
bounce    unix  - - n -     0 bounce
defer     unix  - - n -     0 bounce
trace     unix  - - n -     0 bounce
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n -     - proxymap
error     unix  - - n -     - error
retry     unix  - - n -     - error
virtual   unix  - n n -     - virtual
anvil     unix  - - n -     1 anvil
postlog   unix-dgram n - n - 1 postlogd
"""
# It takes every address of its domains and finds out later who is there, as relays of large houses do.
_SETTINGS = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = mx.msp.example
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
disable_dns_lookups = yes
smtpd_peername_lookup = no
mydestination =
alias_maps =
local_transport = error:nobody is local here
recipient_delimiter = +
virtual_mailbox_domains = {domains}
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = texthash:{folder}/etc/boxes
virtual_minimum_uid = 1
virtual_uid_maps = static:{nobody}
virtual_gid_maps = static:{nobody}
smtpd_reject_unlisted_recipient = no
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_tls_security_level = may
smtpd_tls_chain_files = {folder}/key.pem, {folder}/ca.pem
smtpd_tls_loglevel = 0
"""


def why_not() -> str:
    """Why there can be none here; empty: there can."""
    if not PROGRAM.exists():
        return "Postfix is not installed (Debian: apt-get install postfix)"
    if os.geteuid() != 0:
        return "only root may start Postfix"
    return ""


@dataclass(frozen=True, kw_only=True)
class PostfixServer:
    """Where it is, and what it has delivered."""

    folder: Path
    port: int
    ca_file: Path

    def maildir(self, address: str) -> Path:
        return self.folder / "mail" / address

    def mailbox(self, address: str) -> list[bytes]:
        """What lies in this mailbox, in the order of arrival."""
        files = [*self.maildir(address).glob("new/*"), *self.maildir(address).glob("cur/*")]
        return [file.read_bytes() for file in sorted(files, key=lambda file: file.stat().st_mtime_ns)]

    async def arrived(self, address: str, count: int) -> list[bytes]:
        """The mailbox once it holds so many mails.

        Raises:
            TimeoutError: they did not come; the log says why.
        """
        try:
            async with asyncio.timeout(_PATIENCE):
                while len(found := self.mailbox(address)) < count:  # noqa: ASYNC110  other processes deliver
                    await asyncio.sleep(0.05)
        except TimeoutError:
            log = (self.folder / "log").read_text()
            raise TimeoutError(f"{len(found)} of {count} mails for {address}\n{log}") from None
        return found


@contextmanager
def postfix_server(addresses: Sequence[str]) -> Iterator[PostfixServer]:
    """Run it for these mailboxes; of their domains it takes all addresses, and bounces the others."""
    # Its processes give up root's rights, and pytest's own folders are root's alone.
    folder = Path(tempfile.mkdtemp(prefix="forthwith-postfix-"))
    try:
        server = _set_up(folder, addresses)
        try:
            _postfix(folder, "start")
            yield server
        finally:
            _postfix(folder, "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _set_up(folder: Path, addresses: Sequence[str]) -> PostfixServer:
    folder.chmod(0o755)
    for name in ("etc", "queue", "data", "mail"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    ca_file, _ = make_certificate(folder)
    server = PostfixServer(folder=folder, port=free_port(), ca_file=ca_file)
    domains = ", ".join(sorted({one.rpartition("@")[2] for one in addresses}))
    (folder / "etc/main.cf").write_text(_SETTINGS.format(folder=folder, domains=domains, nobody=NOBODY))
    (folder / "etc/master.cf").write_text(_SERVICES.format(port=server.port))
    (folder / "etc/boxes").write_text("".join(f"{one} {one}/\n" for one in addresses))
    for one in addresses:
        for part in ("", "tmp", "new", "cur"):
            path = server.maildir(one) / part
            path.mkdir()
            os.chown(path, NOBODY, NOBODY)
    return server


def _postfix(folder: Path, command: str) -> None:
    # The master keeps what it was started with open: it must not be a pipe that somebody waits for.
    with (folder / "commands").open("ab") as said:
        done = subprocess.run(
            [PROGRAM, "-c", folder / "etc", command],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            timeout=_PATIENCE,
            check=False,
        )
    assert done.returncode == 0, (folder / "commands").read_text()
