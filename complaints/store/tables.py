"""The declared schema. ``migrations/`` must arrive at exactly this (a test compares them)."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from complaints.store.types import CanonicalJson, CleanText, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

mail = Table(
    "mail",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("size", Integer, nullable=False),
    Column("oversized", Boolean, nullable=False),
    Column("problem", Text, nullable=False),
    Column("mailbox", Text, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("server_at", UtcDateTime, nullable=False),
    Column("header_at", UtcDateTime),
    Column("stored_at", UtcDateTime, nullable=False),
    # received -> complaint | copy (of a complaint's letter) | filed
    Column("state", String(16), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("sender", CleanText, nullable=False),
    Column("subject", CleanText, nullable=False),
    Column("message_id", CleanText, nullable=False),
    Column("why", CleanText, nullable=False),
    Column("evidence", CanonicalJson, nullable=False),
    # Counted before a mail is read, so that one which kills its reader is met with care next time.
    Column("attempts", Integer, nullable=False),
    Column("claimed_by", Text, nullable=False),
    Column("claimed_until", UtcDateTime),
    Index("ix_mail_state_received_at", "state", "received_at"),
)

# Apart from the rows that queries scan: a queue of 100,000 letters must not drag their bytes along.
mail_raw = Table(
    "mail_raw",
    metadata,
    Column("mail_id", ForeignKey("mail.id"), primary_key=True),
    Column("raw", LargeBinary, nullable=False),
)

# The ledger: every mail that was ever seen in a mailbox. Without mail_id it was older than the watermark.
arrival = Table(
    "arrival",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("mailbox", Text, nullable=False),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("uid", BigInteger),
    Column("place", CleanText),
    Column("mail_id", ForeignKey("mail.id")),
    Column("server_at", UtcDateTime),
    Column("stored_at", UtcDateTime, nullable=False),
    UniqueConstraint("mailbox", "uidvalidity", "uid"),
    UniqueConstraint("mailbox", "place"),
    Index("ix_arrival_mail_id", "mail_id"),
)

folder = Table(
    "folder",
    metadata,
    Column("mailbox", String(400), primary_key=True),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("start_from", UtcDateTime),
    Column("read_at", UtcDateTime),
    Column("failing_since", UtcDateTime),
    Column("blind_since", UtcDateTime),
    Column("problem", Text, nullable=False),
)

# Only ever added to: a row that is changed is retired and written anew, so that what was on file at any
# instant can be told. In force are those not retired, within their days.
customer = Table(
    "customer",
    metadata,
    Column("serial", Integer, primary_key=True),
    Column("id", String(200), nullable=False),
    Column("name", Text, nullable=False),
    Column("aliases", CanonicalJson, nullable=False),
    Column("domains", CanonicalJson, nullable=False),
    Column("identifiers", CanonicalJson, nullable=False),
    Column("supplier_manager_name", Text, nullable=False),
    Column("supplier_manager_email", Text, nullable=False),
    Column("deputies", CanonicalJson, nullable=False),
    Column("fallback_email", Text, nullable=False),
    Column("sla", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("language", String(16), nullable=False),
    Column("calendar", String(64), nullable=False),
    Column("encryption", String(16), nullable=False),
    Column("valid_from", Date),
    Column("valid_until", Date),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("retired_at", UtcDateTime),
    Index("ix_customer_id", "id"),
)

# Who cannot be written to for some days, and who reads their letters instead.
absence = Table(
    "absence",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(320), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("stand_in", String(320), nullable=False),
    Column("noted_at", UtcDateTime, nullable=False),
    Column("noted_by", CleanText, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Index("ix_absence_email", "email"),
)

# One row that climbs with every change of the register, so that a running desk knows to read it again.
register = Table(
    "register",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("source_sha256", String(64), nullable=False),
    # New with every change, and never twice: what was made of the register tells by it what it was made of.
    Column("edition", String(32), nullable=False),
    # Of the ladders: from when on those of this version are climbed.
    Column("changed_at", UtcDateTime),
)

complaint = Table(
    "complaint",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("mail_id", ForeignKey("mail.id"), nullable=False),
    Column("part", Integer, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("status", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("body_id", String(200), nullable=False),
    Column("party", String(320), nullable=False),
    Column("body_name", CleanText, nullable=False),
    Column("body_verified", Boolean, nullable=False),
    Column("reference", CleanText, nullable=False),
    Column("subject", CleanText, nullable=False),
    Column("language", String(16), nullable=False),
    Column("follows", String(24), nullable=False),
    Column("customer_id", String(200), nullable=False),
    Column("customer_name", Text, nullable=False),
    Column("customer_language", String(16), nullable=False),
    Column("customer_timezone", String(64), nullable=False),
    Column("manager_name", Text, nullable=False),
    Column("manager_email", Text, nullable=False),
    Column("deputy_email", Text, nullable=False),
    Column("recipient_email", Text, nullable=False),
    Column("standing_in", Text, nullable=False),
    Column("encryption", String(16), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("server_at", UtcDateTime, nullable=False),
    Column("header_at", UtcDateTime),
    Column("stored_at", UtcDateTime, nullable=False),
    Column("terms", Text, nullable=False),
    Column("house_number", Text, nullable=False),
    Column("calendar", String(80), nullable=False),
    Column("calendar_version", String(16), nullable=False),
    Column("urgent", Text, nullable=False),
    Column("until", String(16), nullable=False),
    Column("held_up", Boolean, nullable=False),
    Column("delivery", String(16), nullable=False),
    Column("reckoned", Text, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("deadline_version", Integer, nullable=False),
    Column("next_rung_at", UtcDateTime),
    Column("climbs", CanonicalJson, nullable=False),
    Column("paused_until", UtcDateTime),
    Column("breached_at", UtcDateTime),
    Column("breach_cause", Text, nullable=False),
    Column("respond_by", Date),
    Column("respond_by_quote", CleanText, nullable=False),
    Column("held_at", UtcDateTime),
    Column("hold_reason", CleanText, nullable=False),
    Column("review_reason", Text, nullable=False),
    Column("why", CleanText, nullable=False),
    Column("evidence", CanonicalJson, nullable=False),
    Column("forwarded_at", UtcDateTime),
    Column("acknowledged_at", UtcDateTime),
    Column("answered_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    UniqueConstraint("mail_id", "part"),
    Index("ix_complaint_next_rung_at", "next_rung_at"),
    Index("ix_complaint_status_due_at", "status", "due_at"),
    Index("ix_complaint_received_at", "received_at"),
)

# What calendars said when deadlines were counted in them, by a digest of just that.
calendar = Table(
    "calendar",
    metadata,
    Column("version", String(16), primary_key=True),
    Column("content", CanonicalJson, nullable=False),
)

# By what later letters find their case: a party's own numbers, normalised, and Message-IDs.
thread = Table(
    "thread",
    metadata,
    Column("complaint_id", ForeignKey("complaint.id"), primary_key=True),
    Column("party", String(320), primary_key=True),
    Column("mark", String(400), primary_key=True),
    Column("main", Boolean, nullable=False),
    Index("ix_thread_party_mark", "party", "mark"),
)

# Every mail that belongs to a complaint: the one that opened it, and further copies of the same letter.
letter = Table(
    "letter",
    metadata,
    Column("mail_id", ForeignKey("mail.id"), primary_key=True),
    Column("complaint_id", ForeignKey("complaint.id"), nullable=False),
    Column("print", CanonicalJson, nullable=False),
    Index("ix_letter_complaint_id", "complaint_id"),
)

# What a letter called the customer a person gave it to, where the register does not know it: offered, never
# taken up by itself.
lesson = Table(
    "lesson",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("complaint_id", ForeignKey("complaint.id"), nullable=False),
    Column("customer_id", String(200), nullable=False),
    Column("what", String(16), nullable=False),  # alias | domain
    Column("value", String(200), nullable=False),
    Column("words", String(200), nullable=False),  # the value as it is compared
    # offered -> taken | declined
    Column("state", String(12), nullable=False),
    Column("noted_at", UtcDateTime, nullable=False),
    Column("noted_by", CleanText, nullable=False),
    Column("settled_at", UtcDateTime),
    Column("settled_by", CleanText, nullable=False),
    UniqueConstraint("customer_id", "what", "words"),
    Index("ix_lesson_words", "words"),
    Index("ix_lesson_complaint_id", "complaint_id"),
)

event = Table(
    "event",
    metadata,
    Column("complaint_id", ForeignKey("complaint.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("name", String(32), nullable=False),
    Column("actor", CleanText, nullable=False),
    Column("data", CanonicalJson, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

notice = Table(
    "notice",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("complaint_id", ForeignKey("complaint.id")),
    Column("recipient", Text, nullable=False),
    Column("message_id", String(200), nullable=False, unique=True),
    # Of the return path, so that what comes back tells by itself what it is about; nobody can guess it.
    Column("bounce_token", String(40), nullable=False),
    # "Never twice" inside our database is this index (I6, I7); the code just tries.
    Column("dedupe_key", String(700), nullable=False, unique=True),
    Column("facts", CanonicalJson, nullable=False),
    Column("mail_id", ForeignKey("mail.id")),
    Column("state", String(12), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
    Column("next_attempt_at", UtcDateTime, nullable=False),
    Column("claimed_by", Text, nullable=False),
    Column("claimed_until", UtcDateTime),
    Column("sent_at", UtcDateTime),
    Column("reply", CleanText, nullable=False),
    Column("queue_id", CleanText, nullable=False),
    Column("receipt", CanonicalJson, nullable=False),
    Index("ix_notice_state_next_attempt_at", "state", "next_attempt_at"),
    Index("ix_notice_complaint_id", "complaint_id"),
    Index("ix_notice_bounce_token", "bounce_token"),
)

# When a part of the desk that works by itself last showed that it is alive; each row has one owner at a time.
sign = Table(
    "sign",
    metadata,
    Column("name", String(400), primary_key=True),
    Column("token", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("problem", Text, nullable=False),
)

# What the auditor found, once a difference; it is told when the row is new.
finding = Table(
    "finding",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(400), nullable=False, unique=True),
    Column("complaint_id", ForeignKey("complaint.id")),
    Column("what", String(40), nullable=False),
    Column("words", CleanText, nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
    # It was looked for again and is not so any more.
    Column("gone_at", UtcDateTime),
    Index("ix_finding_complaint_id", "complaint_id"),
)

# Made-up letters that go the whole way; when each came by its stations.
synthetic = Table(
    "synthetic",
    metadata,
    Column("id", Integer, primary_key=True),
    # Of the timetable, so that of several daemons one alone sends it.
    Column("slot", String(80), nullable=False, unique=True),
    # Known to nobody before it is sent, and spent once it has come in.
    Column("token", String(64), nullable=False, unique=True),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("received_at", UtcDateTime),
    Column("opened_at", UtcDateTime),
    Column("returned_at", UtcDateTime),
    Column("alarmed_at", UtcDateTime),
    Column("problem", CleanText, nullable=False),
    Column("complaint_id", ForeignKey("complaint.id"), unique=True),
    Index("ix_synthetic_begun_at", "begun_at"),
)

mirror = Table(
    "mirror",
    metadata,
    Column("complaint_id", ForeignKey("complaint.id"), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("flow_run_id", String(40), nullable=False),
)
