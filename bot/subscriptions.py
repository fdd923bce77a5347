"""What a person wants to hear of."""

from datetime import datetime

from bot import buttons, outbox, values
from bot.model import TOPICS, Person
from bot.storage import Transaction
from bot.storage import events as rows
from bot.storage import outbox as outbox_rows


async def show(tx: Transaction, person: Person, *, now: datetime, text: str = "topics") -> None:
    followed = await rows.topics(tx, person.id)
    await outbox.say(tx, person.id, text, now=now, buttons=buttons.topics(followed))


async def follow(tx: Transaction, person: Person, topic: str, *, now: datetime) -> None:
    """Subscribe at once; an unknown topic shows those that there are."""
    if topic not in TOPICS:
        await show(tx, person, now=now, text="topic_unknown")
        return
    await rows.follow(tx, person.id, topic, now)
    followed = await rows.topics(tx, person.id)
    name = values.term(f"topic_{topic}")
    await outbox.say(tx, person.id, "followed", now=now, buttons=buttons.topics(followed), topic=name)


async def stop(tx: Transaction, person: Person, topic: str, *, now: datetime) -> None:
    """Stop one topic, or `all`."""
    if topic == "all":
        await rows.stop(tx, person.id, None)
        await _call_back(tx, person, None)
        await outbox.say(tx, person.id, "stopped_all", now=now, buttons=buttons.EXITS)
        return
    if topic not in TOPICS:
        await show(tx, person, now=now, text="topic_unknown")
        return
    await rows.stop(tx, person.id, topic)
    await _call_back(tx, person, topic)
    followed = await rows.topics(tx, person.id)
    name = values.term(f"topic_{topic}")
    await outbox.say(tx, person.id, "stopped", now=now, buttons=buttons.topics(followed), topic=name)


async def _call_back(tx: Transaction, person: Person, topic: str | None) -> None:
    """Announcements that are on their way do not leave any more; of one topic, or of all."""
    for row_id, event_id in await outbox_rows.announcements(tx, person.id):
        event = await rows.by_id(tx, event_id)
        if topic is None or event is None or event.topic == topic:
            await outbox_rows.remove(tx, row_id)
