"""What is not held cannot be taken: texts expire after the days set in config.toml."""

from datetime import datetime, timedelta
from typing import Final

from bot.config import Retention
from bot.storage import Database, Transaction, inbox, outbox, questions, tickets

# Marks of handled updates, which hold no content, guard against a repeated one.
INBOX: Final = timedelta(days=2)


async def expire(database: Database, retention: Retention, *, now: datetime) -> None:
    """Erase what is due."""

    async def work(tx: Transaction) -> None:
        await inbox.remove_before(tx, now - INBOX)
        await questions.remove_before(tx, now - timedelta(days=retention.question_days))
        await tickets.expire(tx, now - timedelta(days=retention.ticket_days))
        await outbox.remove_before(tx, now - timedelta(days=retention.sent_days))

    await database.write(work)
