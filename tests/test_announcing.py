from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import events
from bot.errors import CallerMistake
from bot.model import Event
from tests.story import Story

TITLE = {
    "ka": "ფორუმი მარნეულში",
    "az": "Marneulidə forum",
    "hy": "Ֆորում Մառնեուլիում",
    "en": "Forum in Marneuli",
}


def forum(
    hotline: Story, *, capacity: int | None = None, days: float = 5, regions: tuple[str, ...] = ()
) -> Event:
    starts = hotline.clock() + timedelta(days=days)
    return Event(
        id=0,
        topic="forums",
        starts_at=starts,
        ends_at=starts + timedelta(hours=4),
        capacity=capacity,
        taken=0,
        regions=regions,
        title=TITLE,
        text=TITLE,
        place=TITLE,
    )


async def publish(hotline: Story, event: Event) -> int:
    return await hotline.database.write(lambda tx: events.add(tx, event, publish=True, now=hotline.clock()))


async def test_subscribers_hear_of_a_forum_in_their_own_language(hotline: Story) -> None:
    await hotline.speak(hotline.nino, hotline.aysel, hotline.ani)
    for actor in (hotline.nino, hotline.aysel):
        await actor.says("/start follow-forums")
        await actor.sees("followed")
    await hotline.zaza.says("/start follow-trainings")
    event = await publish(hotline, forum(hotline, capacity=10))
    for actor in (hotline.nino, hotline.aysel):
        said = await actor.sees_words(TITLE[actor.language])
        assert said.button(f"going:{event}")
    await hotline.aysel.taps(f"going:{event}")
    await hotline.aysel.sees("rsvp_going")
    for actor in (hotline.ani, hotline.zaza):
        assert not any(actor.saw(title) for title in TITLE.values())


async def test_deep_link_subscribes_before_a_language_is_chosen(hotline: Story) -> None:
    await hotline.ani.says("/start follow-grants")
    await hotline.ani.taps("language:hy")
    await hotline.ani.sees("welcome")
    assert [row["topic"] for row in await hotline.rows("subscriptions")] == ["grants"]


async def test_regions_reach_who_named_them_and_who_named_none(hotline: Story) -> None:
    await hotline.speak(hotline.nino, hotline.aysel, hotline.ani)
    for actor in (hotline.nino, hotline.aysel, hotline.ani):
        await actor.says("/start follow-forums")
        await actor.sees("followed")
    from bot.storage import people

    async def settle(tx) -> None:
        for actor, region in ((hotline.nino, "imereti"), (hotline.aysel, "kvemo-kartli")):
            person = await people.by_telegram(tx, actor.person.id)
            await people.change(tx, person.id, region=region)

    await hotline.database.write(settle)
    await publish(hotline, forum(hotline, regions=("kvemo-kartli",)))
    await hotline.aysel.sees_words(TITLE["az"])
    await hotline.ani.sees_words(TITLE["hy"])
    assert not hotline.nino.saw(TITLE["ka"])


async def test_last_seat_goes_to_one_and_the_waiting_list_moves_up(hotline: Story) -> None:
    await hotline.speak(hotline.nino, hotline.aysel)
    for actor in (hotline.nino, hotline.aysel):
        await actor.says("/start follow-forums")
        await actor.sees("followed")
    event = await publish(hotline, forum(hotline, capacity=1))
    await hotline.nino.taps(f"going:{event}")
    await hotline.nino.sees("rsvp_going")
    await hotline.aysel.taps(f"going:{event}")
    await hotline.aysel.sees("rsvp_full")
    await hotline.aysel.taps(f"waitlist:{event}")
    await hotline.aysel.sees("rsvp_waitlisted")
    await hotline.nino.taps(f"cancel:{event}")
    await hotline.nino.sees("rsvp_cancelled")
    await hotline.aysel.sees("rsvp_promoted")
    assert (await hotline.rows("events"))[0]["taken"] == 1


async def test_reminder_comes_the_day_before_to_those_who_come(hotline: Story) -> None:
    await hotline.speak(hotline.nino, hotline.aysel)
    for actor in (hotline.nino, hotline.aysel):
        await actor.says("/start follow-forums")
        await actor.sees("followed")
    event = await publish(hotline, forum(hotline, days=3))
    await hotline.nino.taps(f"going:{event}")
    await hotline.nino.sees("rsvp_going")
    hotline.clock.passes(days=2, minutes=1)
    await hotline.nino.sees("reminder")
    await hotline.aysel.taps(f"going:{event}")
    await hotline.aysel.sees("rsvp_going")
    hotline.clock.passes(hours=2)
    await hotline.aysel.says("/menu")
    await hotline.aysel.sees("menu")
    reminders = [row for row in await hotline.rows("outbox") if row["class"] == 4]
    assert len(reminders) == 1


async def test_announcement_stops_in_one_tap(hotline: Story) -> None:
    await hotline.speak(hotline.nino)
    for topic in ("forums", "grants"):
        await hotline.nino.says(f"/start follow-{topic}")
        await hotline.nino.sees("followed")
    await hotline.nino.says("/stop")
    await hotline.nino.sees("stopped_all")
    assert await hotline.rows("subscriptions") == []


async def test_event_that_has_begun_takes_nobody(hotline: Story) -> None:
    await hotline.speak(hotline.nino)
    await hotline.nino.says("/start follow-forums")
    event = await publish(hotline, forum(hotline, days=1))
    await hotline.nino.sees_words(TITLE["ka"])
    hotline.clock.passes(days=2)
    await hotline.nino.taps(f"going:{event}")
    await hotline.nino.sees("event_over")
    assert await hotline.rows("rsvps") == []


def test_event_file_tells_all_mistakes_at_once(tmp_path: Path) -> None:
    path = tmp_path / "event.toml"
    path.write_text(
        'topic = "weddings"\nstarts = 2026-12-05T10:00:00\nends = 2026-12-04T10:00:00\ncolour = "red"\n'
        '[title]\nka = "ა"\naz = "b"\nhy = "գ"\n[text]\n[place]\nka = "ა"\naz = "b"\nhy = "գ"\nen = "d"\n'
    )
    with pytest.raises(CallerMistake) as refused:
        events.read(path)
    said = "\n".join(refused.value.lines)
    for part in (
        "topic must be",
        "colour is not known",
        "[title] en is missing",
        "[text] ka is missing",
        "ends is before",
    ):
        assert part in said


def test_event_file_is_read_in_tbilisi_time(tmp_path: Path) -> None:
    path = tmp_path / "event.toml"
    texts = 'ka = "ა"\naz = "b"\nhy = "գ"\nen = "d"\n'
    path.write_text(
        'topic = "forums"\nstarts = 2026-12-05T10:00:00\nends = "2026-12-05T14:00"\n'
        + "".join(f"[{table}]\n{texts}" for table in ("title", "text", "place"))
    )
    event = events.read(path)
    assert event.starts_at == datetime(2026, 12, 5, 6, tzinfo=UTC)
    assert event.ends_at == datetime(2026, 12, 5, 10, tzinfo=UTC)
