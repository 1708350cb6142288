"""A store at the newest schema, on each database."""

from collections.abc import AsyncIterator

import pytest

from complaints.store.database import Database


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    store = Database(database_url)
    yield store
    await store.close()
