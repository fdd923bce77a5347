from datetime import timedelta

from tests.story import Story
from tests.test_handover import QUESTION, open_ticket


async def test_mydata_shows_and_forget_erases(hotline: Story) -> None:
    await open_ticket(hotline)
    thread = await hotline.thread(1)
    await hotline.desk_sees(thread, "card")
    await hotline.nino.says("/start follow-forums")
    await hotline.nino.sees("followed")
    await hotline.nino.says("/mydata")
    shown = await hotline.nino.sees("mydata", questions=1, ticket="#1")
    assert "ფორუმები" in shown.text
    await hotline.nino.taps("forget:")
    await hotline.nino.taps("forget:yes")
    await hotline.nino.sees("farewell")
    await hotline.levan.person.says("პასუხი", hotline.desk, thread=thread.id)
    await hotline.desk_sees(thread, "not_delivered_erased")
    fingerprints = [row["telegram"] for row in await hotline.rows("people")]
    assert hotline.nino.person.id not in fingerprints
    assert await hotline.rows("questions") == []
    assert await hotline.rows("subscriptions") == []
    assert (await hotline.rows("tickets"))[0]["requester_id"] is None


async def test_texts_expire(hotline: Story) -> None:
    await open_ticket(hotline)
    thread = await hotline.thread(1)
    await hotline.desk_sees(thread, "card")
    await hotline.levan.person.taps("resolve:1", group=hotline.desk)
    await hotline.nino.sees("ticket_resolved")
    hotline.clock.passes(days=91)
    await hotline.nino.says("/menu")
    await hotline.nino.sees("menu")
    while any(row["question"] for row in await hotline.rows("tickets")):
        await hotline.database.changed(0.2)
    assert await hotline.rows("questions") == []
    assert await hotline.rows("deliveries") == []
    assert all(
        row["sent_at"] is None or row["sent_at"] > hotline.clock() - timedelta(days=7)
        for row in await hotline.rows("outbox")
    )


async def test_copied_database_tells_nothing(hotline: Story, tmp_path) -> None:
    await open_ticket(hotline)
    thread = await hotline.thread(1)
    await hotline.desk_sees(thread, "card")
    await hotline.nino.says("ჩემი ნომერია 599123456")
    await hotline.desk.sees("599123456", thread=thread.id)
    held = b"".join(path.read_bytes() for path in tmp_path.glob("hotline.db*"))
    for secret in (
        QUESTION,
        "599123456",
        str(hotline.nino.person.id),
        str(hotline.desk.id),
        hotline.nino.person.name,
    ):
        assert secret.encode() not in held


async def test_gaps_are_listed_for_staff_without_identity(hotline: Story) -> None:
    await hotline.speak(hotline.aysel)
    await hotline.aysel.says("qonşumun iti hürür zəng edin 599 12 34 56 aysel@example.com @aysel99")
    seen = await hotline.aysel.sees_words("")
    if seen.button("none:"):
        await hotline.aysel.taps("none:")
        await hotline.aysel.sees("offer_human")
    await hotline.levan.says("/gaps")
    listed = await hotline.levan.sees_words("qonşumun iti hürür")
    for secret in ("599", "example.com", "aysel99"):
        assert secret not in listed.text
    await hotline.zaza.says("/gaps")
    await hotline.zaza.person.sees(lambda message: message.from_bot)
    assert not hotline.zaza.saw("qonşumun")
