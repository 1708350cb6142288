"""What the desk remembers: the only place that knows SQLAlchemy."""

from complaints.store.database import Database
from complaints.store.repository import Repository

__all__ = ["Database", "Repository"]
