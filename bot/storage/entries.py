"""Rows of the live knowledge base and its revisions."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select

from bot.storage.database import Transaction, put
from bot.storage.tables import entries, revisions


@dataclass(frozen=True)
class LiveEntry:
    """An entry's document as it is live now."""

    id: str
    category: str
    document: str
    file_hash: str
    edited: bool
    revision: int


async def live(tx: Transaction) -> list[LiveEntry]:
    query = select(
        entries.c.id,
        entries.c.category,
        entries.c.document,
        entries.c.file_hash,
        entries.c.edited,
        entries.c.revision,
    )
    return [LiveEntry(*row) for row in await tx.execute(query.order_by(entries.c.id))]


async def stamp(tx: Transaction) -> tuple[int, int]:
    """Changes whenever an entry does."""
    row = (await tx.execute(select(func.count(), func.coalesce(func.sum(entries.c.revision), 0)))).one()
    return int(row[0]), int(row[1])


async def document(tx: Transaction, entry_id: str, revision: int) -> tuple[str, str] | None:
    """Category and document of an entry as it was at a revision."""
    query = select(revisions.c.category, revisions.c.document)
    query = query.where(revisions.c.entry_id == entry_id, revisions.c.revision == revision)
    row = (await tx.execute(query)).first()
    return (row[0], row[1]) if row else None


async def save(tx: Transaction, entry: LiveEntry, *, author: str, now: datetime) -> None:
    """Make this the live text and a revision of it."""
    await put(
        tx,
        entries,
        {
            "id": entry.id,
            "category": entry.category,
            "document": entry.document,
            "file_hash": entry.file_hash,
            "edited": entry.edited,
            "revision": entry.revision,
            "changed_at": now,
        },
    )
    await tx.execute(
        insert(revisions).values(
            entry_id=entry.id,
            revision=entry.revision,
            category=entry.category,
            document=entry.document,
            author=author,
            made_at=now,
        )
    )
