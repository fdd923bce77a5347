"""A copy of the database while the hotline runs; sealed columns stay sealed."""

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.errors import CallerMistake


async def back_up(url: str, target: Path) -> None:
    """Write a whole and consistent copy (readable by the owner only).

    Raises:
        CallerMistake: the target exists, or the database is PostgreSQL, which has tools of its own.
    """
    if not url.startswith("sqlite"):
        raise CallerMistake("On PostgreSQL use pg_dump: it copies while the hotline runs.")
    _make(target)
    engine = create_async_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            await connection.execute(text("VACUUM INTO :target"), {"target": str(target)})
    finally:
        await engine.dispose()


def _make(target: Path) -> None:
    try:
        target.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise CallerMistake(f"{target} exists already: name a new file.") from None
    except OSError as error:
        raise CallerMistake(f"{target} cannot be written: {error.strerror}.") from error
