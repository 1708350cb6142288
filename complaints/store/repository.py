"""All rows of one transaction, by noun."""

from sqlalchemy.ext.asyncio import AsyncConnection

from complaints.store.absences import AbsenceRows
from complaints.store.audits import AuditRows
from complaints.store.calendars import CalendarRows
from complaints.store.complaints import ComplaintRows
from complaints.store.customers import CustomerRows
from complaints.store.folders import FolderRows
from complaints.store.lessons import LessonRows
from complaints.store.mails import MailRows
from complaints.store.mirror import MirrorRows
from complaints.store.notices import NoticeRows
from complaints.store.signs import SignRows
from complaints.store.synthetic import SyntheticRows
from complaints.store.threads import ThreadRows


class Repository:
    """What one transaction can read and write."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Bind every noun to the transaction's connection."""
        self.connection = connection
        self.mails = MailRows(connection)
        self.folders = FolderRows(connection)
        self.customers = CustomerRows(connection)
        self.absences = AbsenceRows(connection)
        self.lessons = LessonRows(connection)
        self.calendars = CalendarRows(connection)
        self.complaints = ComplaintRows(connection)
        self.notices = NoticeRows(connection)
        self.threads = ThreadRows(connection)
        self.mirror = MirrorRows(connection)
        self.audits = AuditRows(connection)
        self.signs = SignRows(connection)
        self.synthetic = SyntheticRows(connection)
