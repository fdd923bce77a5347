"""All tables on one page. Sealed columns are readable with the secret key only (`seal.py`).

Telegram ids of persons and chats are sealed, with a fingerprint beside them for look-ups; message, thread
and update ids are not. No names, user names or telephone numbers are held anywhere.
"""

from typing import Final

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
    SmallInteger,
    String,
    Table,
    Text,
)

from bot.storage.seal import Instant, Sealed, SealedJson, SealedNumber

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
# SQLite numbers rows by itself only in a column of type INTEGER.
Number = BigInteger().with_variant(Integer, "sqlite")


def _id() -> Column[int]:
    return Column("id", Number, primary_key=True, autoincrement=True)


def _person(name: str = "person_id", *, gone: str = "CASCADE", primary: bool = False) -> Column[int]:
    """Erasing a person erases what is theirs (CASCADE) or cuts the link to it (SET NULL)."""
    return Column(
        name, Number, ForeignKey("people.id", ondelete=gone), primary_key=primary, index=not primary
    )


# Whoever wrote to the bot. `prompt` is what the next message means.
people = Table(
    "people",
    metadata,
    _id(),
    Column("telegram", SealedNumber, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False, unique=True),
    Column("language", String),  # chosen by the person
    Column("guessed", String),  # language of what they last wrote, until they choose
    Column("region", String),
    Column("municipality", String),
    Column("place_asked", Boolean, nullable=False, default=False),  # asked once only
    Column("role", String),  # consultant, editor, admin; none for most
    Column("prompt", String),
    Column("joined_at", Instant, nullable=False),
    Column("unreachable_at", Instant),  # blocked the bot or vanished
    Column("leaving_at", Instant),  # erased as soon as the farewell is sent or has failed
    sqlite_autoincrement=True,  # an id is never given twice: old buttons and rows must not mean another
)

# One-time invitations to a role; only the fingerprint of the payload is held.
invites = Table(
    "invites",
    metadata,
    Column("fingerprint", LargeBinary, primary_key=True),
    Column("role", String, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

# Groups the bot is in; the one with `desk_at` is the consultants' desk.
groups = Table(
    "groups",
    metadata,
    _id(),
    Column("chat", SealedNumber, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False, unique=True),
    Column("reactions", Text),  # those the group allows, space between; none = all of Telegram's
    Column("desk_at", Instant),
    Column("leave_at", Instant),  # left then, unless an admin makes it the desk before
    Column("left_at", Instant),
)

# Raw updates, stored before Telegram is told that we have them; emptied by the done mark.
inbox = Table(
    "inbox",
    metadata,
    Column("bot_id", BigInteger, primary_key=True),
    Column("update_id", BigInteger, primary_key=True),
    Column("lane", BigInteger, nullable=False),
    Column("payload", Sealed),
    Column("failures", SmallInteger, nullable=False, default=0),
    Column("received_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("set_aside_at", Instant),
)
Index(
    "ix_inbox_waiting",
    inbox.c.bot_id,
    inbox.c.update_id,
    sqlite_where=inbox.c.done_at.is_(None),
    postgresql_where=inbox.c.done_at.is_(None),
)

Index("ix_inbox_done_at", inbox.c.done_at)

# What people asked. `text` is none for a voice message and the like: `message_id` lets it be copied.
questions = Table(
    "questions",
    metadata,
    _id(),
    _person(),
    Column("text", Sealed),
    Column("message_id", BigInteger, nullable=False),
    Column("album", String),  # messages of one album share it
    Column("language", String),
    Column("outcome", String, nullable=False),  # answered, suggested, unanswered, asked (a consultant)
    Column("entry_id", String),  # the entry shown, or the nearest
    Column("nearest", Text, nullable=False, default=""),  # best entries, space between
    Column("gap", Boolean, nullable=False, default=False),  # not answered well: listed for editors
    Column("ticket_id", Number, ForeignKey("tickets.id", ondelete="SET NULL"), index=True),
    Column("asked_at", Instant, nullable=False, index=True),
    sqlite_autoincrement=True,  # as for people
)

# A question in human hands. Its number is its id.
tickets = Table(
    "tickets",
    metadata,
    _id(),
    _person("requester_id", gone="SET NULL"),
    Column("language", String, nullable=False),
    Column("region", String),
    Column("municipality", String),
    Column("category", String),
    Column("nearest", Text, nullable=False, default=""),
    Column("question", Sealed),
    Column("state", String, nullable=False),  # new, open, resolved
    _person("assignee_id", gone="SET NULL"),
    Column("group_id", Number, ForeignKey("groups.id", ondelete="SET NULL"), index=True),
    Column("thread_id", BigInteger),
    Column("card_id", BigInteger),  # message id of its card
    Column("opened_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),  # promised in the receipt
    Column("claimed_at", Instant),
    Column("answered_at", Instant),  # first message of a consultant
    Column("resolved_at", Instant, index=True),
    Column("noted_at", Instant),  # when the requester was last told that a message was passed on
    sqlite_autoincrement=True,  # a number is never given twice
)
Index("ix_tickets_thread", tickets.c.group_id, tickets.c.thread_id)

# Both sides' ids of every carried message: replies, edits and a rebuilt thread need them.
deliveries = Table(
    "deliveries",
    metadata,
    _id(),
    Column("ticket_id", Number, ForeignKey("tickets.id", ondelete="CASCADE"), nullable=False),
    Column("to_desk", Boolean, nullable=False),
    Column("person_message_id", BigInteger, nullable=False),
    Column("desk_message_id", BigInteger, nullable=False),
    Column("delivered_at", Instant, nullable=False),
)
Index("ix_deliveries_person", deliveries.c.ticket_id, deliveries.c.person_message_id)
Index("ix_deliveries_desk", deliveries.c.ticket_id, deliveries.c.desk_message_id)

# Calls that a person could notice, each addressed to a person, a ticket or a group; sent by the courier.
outbox = Table(
    "outbox",
    metadata,
    _id(),
    Column("class", SmallInteger, nullable=False),  # a lower number overtakes
    _person(),
    Column("ticket_id", Number, ForeignKey("tickets.id", ondelete="CASCADE"), index=True),
    Column("group_id", Number, ForeignKey("groups.id", ondelete="CASCADE"), index=True),
    Column("call", String, nullable=False),
    Column("body", SealedJson),  # emptied after [retention] sent_days
    Column("batch_key", String),  # an album: leaves as one call
    Column("edit_key", String),  # an unsent row is replaced by a newer one with the same key
    Column("due_at", Instant, nullable=False),
    Column("attempts", SmallInteger, nullable=False, default=0),  # tries that were put off
    Column("sent_at", Instant),
    Column("failed_at", Instant),
    Column("error", String),
    Column("message_id", BigInteger),
    sqlite_autoincrement=True,  # rows keep their order for good
)
_pending = outbox.c.sent_at.is_(None) & outbox.c.failed_at.is_(None)
Index("ix_outbox_pending", outbox.c["class"], outbox.c.id, sqlite_where=_pending, postgresql_where=_pending)
Index("ix_outbox_sent_at", outbox.c.sent_at)
Index("ix_outbox_failed_at", outbox.c.failed_at)

# The live copy of the knowledge base and its history.
entries = Table(
    "entries",
    metadata,
    Column("id", String, primary_key=True),
    Column("category", String, nullable=False),
    Column("document", Text, nullable=False),
    Column("file_hash", String, nullable=False),  # of the file last imported
    Column("edited", Boolean, nullable=False, default=False),  # live text differs from that file
    Column("revision", Integer, nullable=False),
    Column("changed_at", Instant, nullable=False),
)
revisions = Table(
    "revisions",
    metadata,
    Column("entry_id", String, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("category", String, nullable=False),
    Column("document", Text, nullable=False),
    Column("author", String, nullable=False),
    Column("made_at", Instant, nullable=False),
)

# Forums, trainings, calls, news; texts are JSON with one key for each language.
events = Table(
    "events",
    metadata,
    _id(),
    Column("topic", String, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("capacity", Integer),
    Column("taken", Integer, nullable=False, default=0),  # seats; never more than capacity
    Column("regions", Text, nullable=False, default=""),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("published_at", Instant),
)
rsvps = Table(
    "rsvps",
    metadata,
    Column("event_id", Number, ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
    _person(primary=True),
    Column("state", String, nullable=False),  # going, waitlisted, cancelled
    Column("since", Instant, nullable=False),  # in this state; orders the waiting list
)
subscriptions = Table(
    "subscriptions",
    metadata,
    _person(primary=True),
    Column("topic", String, primary_key=True),
    Column("since", Instant, nullable=False),
)

# An announcement or a reminder on its way to many: rows are written in chunks, `cursor` is the last person.
broadcasts = Table(
    "broadcasts",
    metadata,
    _id(),
    Column("event_id", Number, ForeignKey("events.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String, nullable=False),  # announcement, reminder
    Column("due_at", Instant, nullable=False),
    Column("cursor", Number, nullable=False, default=0),
    Column("finished_at", Instant),
)

# Figures that survive the texts: how often what happened on a day, by language.
counters = Table(
    "counters",
    metadata,
    Column("day", Date, primary_key=True),
    Column("name", String, primary_key=True),
    Column("language", String, primary_key=True),
    Column("amount", Integer, nullable=False),
)
