"""The street, on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.embedded import EmbeddedImap, EmbeddedSmtp
from tests.street import Street, settings_for


@pytest.fixture
def street(tmp_path: Path, database_url: str) -> Iterator[Street]:
    with EmbeddedImap(tmp_path / "imap") as imap, EmbeddedSmtp(tmp_path / "mail") as smtp:
        yield Street(tmp_path, imap, smtp, settings_for(tmp_path, imap, smtp, database_url))
