"""What a person or a desk must not lose, even where things happen at the same time."""

from bot.model import Role
from bot.sandbox import ALL_RIGHTS
from tests.story import Story
from tests.test_handover import QUESTION, open_ticket


async def test_message_that_belongs_to_a_ticket_of_a_lost_desk_reaches_the_new_one(hotline: Story) -> None:
    await open_ticket(hotline)
    thread = await hotline.thread(1)
    await hotline.desk_sees(thread, "card")
    await hotline.levan.person.taps("resolve:1", group=hotline.desk)
    await hotline.nino.sees("ticket_resolved")
    await hotline.desk.removes_bot(by=hotline.giorgi.person)
    await hotline.giorgi.sees("admin_desk_lost", ever=True)
    other = hotline.sandbox.group("Other", forum=True, owner=hotline.giorgi.person)
    await other.adds_bot(by=hotline.giorgi.person, rights=ALL_RIGHTS)
    await hotline.giorgi.person.says("/desk", other)
    await hotline.nino.says("კიდევ ერთი რამ მომივიდა თავში მეზობელზე")
    await hotline.nino.taps("belongs:1:")
    await hotline.nino.sees("ticket_reopened")
    await other.sees("მომივიდა თავში")
    await other.sees(QUESTION)


async def test_who_writes_while_the_farewell_is_on_its_way_is_answered(hotline: Story) -> None:
    await hotline.speak(hotline.nino)
    await hotline.nino.says("/forget")
    await hotline.nino.sees("forget_ask")
    stall = hotline.sandbox.faults.stall(30, method="sendMessage", chat=hotline.nino.person.id)
    await hotline.nino.taps("forget:yes")
    await stall.arrived.wait()
    await hotline.nino.says("granti ibegreba?")
    while not any(row["call"] == "answer" for row in await hotline.rows("outbox")):
        await hotline.database.changed(0.2)
    stall.release()
    await hotline.nino.sees_entry("grant-tax")
    assert len(await hotline.rows("people")) == 4


async def test_person_has_one_open_ticket_also_when_a_consultant_writes_after_resolving(
    hotline: Story,
) -> None:
    await open_ticket(hotline)
    first = await hotline.thread(1)
    await hotline.desk_sees(first, "card")
    await hotline.levan.person.taps("resolve:1", group=hotline.desk)
    await hotline.nino.sees("ticket_resolved")
    await hotline.nino.says("სხვა საკითხზე მაქვს კითხვა, xqzw blorb")
    await hotline.nino.sees_words("")
    await hotline.nino.says("/human")
    await hotline.nino.sees("receipt", number=2)
    await hotline.levan.person.says("კიდევ რაღაც გავიხსენე", hotline.desk, thread=first.id)
    await hotline.nino.sees_words("გავიხსენე")
    states = [row["state"] for row in await hotline.rows("tickets")]
    assert states == ["resolved", "new"]


async def test_all_questions_that_waited_for_a_language_are_answered(hotline: Story) -> None:
    await hotline.ani.says("как зарегистрировать нпо")
    await hotline.ani.sees_words("Choose a language")
    await hotline.ani.says("облагается ли грант налогом")
    await hotline.ani.sees_words("Choose a language")
    await hotline.ani.taps("language:hy")
    await hotline.ani.sees_entry("register-ngo")
    await hotline.ani.sees_entry("grant-tax")


async def test_album_without_a_ticket_is_offered_once_and_reaches_the_desk_whole(hotline: Story) -> None:
    await hotline.speak(hotline.nino)
    await hotline.nino.person.sends_album(["photo", "photo", "photo"])
    while len(await hotline.rows("questions")) < 3:
        await hotline.database.changed(0.2)
    await hotline.nino.taps("human:")
    await hotline.nino.sees("receipt")
    thread = await hotline.thread(1)
    await hotline.desk.sees(lambda message: message.kind == "photo", thread=thread.id)
    kinds = [message.kind for message in hotline.desk.in_thread(thread) if not message.is_service]
    assert kinds == ["text", "photo", "photo", "photo"]
    assert len([each for each in hotline.nino.chat if each.button("human::")]) <= 2


async def test_who_blocks_or_edits_after_being_erased_is_not_met_again(hotline: Story) -> None:
    await hotline.speak(hotline.nino)
    said = await hotline.nino.says("granti ibegreba?")
    await hotline.nino.sees_entry("grant-tax")
    await hotline.nino.says("/forget")
    await hotline.nino.taps("forget:yes")
    await hotline.nino.sees("farewell")
    while len(await hotline.rows("people")) > 3:
        await hotline.database.changed(0.2)
    await hotline.nino.person.edits(said, "granti daibegreba?")
    await hotline.nino.person.blocks()
    while any(row["done_at"] is None for row in await hotline.rows("inbox")):
        await hotline.database.changed(0.2)
    await hotline.levan.says("/menu")
    await hotline.levan.sees("menu")
    assert len(await hotline.rows("people")) == 3


async def test_erased_question_goes_from_the_ticket_and_its_card(hotline: Story) -> None:
    await open_ticket(hotline)
    thread = await hotline.thread(1)
    card = await hotline.desk_sees(thread, "card")
    assert QUESTION in card.text
    await hotline.nino.says("/forget")
    await hotline.nino.taps("forget:yes")
    await hotline.nino.sees("farewell")
    await hotline.desk.sees(lambda message: message.id == card.id and QUESTION not in message.text)
    [ticket] = await hotline.rows("tickets")
    assert (ticket["question"], ticket["requester_id"], ticket["state"]) == (None, None, "resolved")


async def test_contact_without_a_ticket_opens_one_only_after_confirmation_and_once(hotline: Story) -> None:
    await hotline.speak(hotline.nino)
    await hotline.nino.says("granti ibegreba?")
    await hotline.nino.sees_entry("grant-tax")
    await hotline.nino.sends("contact")
    asked = await hotline.nino.sees("confirm_contact")
    assert await hotline.rows("tickets") == []
    await hotline.nino.taps("confirm:", on=asked)
    await hotline.nino.sees("receipt", number=1)
    thread = await hotline.thread(1)
    await hotline.desk.sees(lambda message: message.kind == "contact", thread=thread.id)
    tap = await hotline.nino.taps("confirm:", on=asked)
    await tap.answer()
    await hotline.nino.says("კიდევ")
    await hotline.desk.sees("კიდევ", thread=thread.id)
    assert [message.kind for message in hotline.desk.in_thread(thread)].count("contact") == 1


async def test_stop_calls_back_what_is_on_its_way(hotline: Story) -> None:
    from tests.test_announcing import TITLE, forum, publish

    await hotline.speak(hotline.nino)
    await hotline.nino.says("/start follow-forums")
    await hotline.nino.sees("followed")
    hold = hotline.sandbox.faults.too_many_requests(1, method="sendMessage", chat=hotline.nino.person.id)
    await publish(hotline, forum(hotline))
    while not hold.hits:
        await hotline.database.changed(0.2)
    await hotline.nino.says("/stop")
    await hotline.nino.sees("stopped_all")
    assert not hotline.nino.saw(TITLE["ka"])


async def test_admin_who_accepts_another_invitation_stays_admin(hotline: Story) -> None:
    from bot import people

    payload = await hotline.database.write(lambda tx: people.invite(tx, Role.CONSULTANT, now=hotline.clock()))
    await hotline.giorgi.says(f"/start {payload}")
    await hotline.giorgi.sees("invite_accepted")
    roles = [row["role"] for row in await hotline.rows("people")]
    assert roles.count("admin") == 1
