"""Column types that refuse what must never be stored."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from complaints.clock import require_aware


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware at the door, UTC in the column, aware when it comes back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive datetime; SQLite stores the UTC wall clock."""
        if value is None:
            return None
        instant = require_aware(value)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  the signature is SQLAlchemy's
        """Give the instant back aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def canonical_json(value: Any) -> str:
    """One spelling for one value, so that a hash over it can be computed again on any database."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)


class CanonicalJson(TypeDecorator[Any]):
    """JSON kept as text in its canonical spelling."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002  the signature is SQLAlchemy's
        """Spell the value; PostgreSQL's text holds no NUL, and no fact of ours needs one."""
        return None if value is None else canonical_json(value).replace("\\u0000", "")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002  the signature is SQLAlchemy's
        """Read it back."""
        return None if value is None else json.loads(value)


class CleanText(TypeDecorator[str]):
    """Text that came by mail: PostgreSQL refuses NUL and lone surrogates, a mail may hold both."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002  the signature is SQLAlchemy's
        """Drop what no database column can hold."""
        if value is None:
            return None
        return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
