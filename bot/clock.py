"""Now, as tests may move it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path


def clock(offset_file: Path | None) -> Callable[[], datetime]:
    """A clock in UTC. `offset_file` holds a number of seconds to add; a missing file is 0."""
    if offset_file is None:
        return lambda: datetime.now(UTC)

    def moved() -> datetime:
        try:
            seconds = float(offset_file.read_text().strip() or 0)
        except (FileNotFoundError, ValueError):
            seconds = 0.0
        return datetime.now(UTC) + timedelta(seconds=seconds)

    return moved
