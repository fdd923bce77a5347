"""What a person or a desk must not lose, even where things happen at the same time."""

from bot.model import Role
from bot.sandbox import ALL_RIGHTS, Message, Thread
from bot.texts import text as text_of
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
    await hotline.ani.says("как создать общественную организацию, пошагово")
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
    await hotline.nino.says("და კიდევ ერთი რამ")
    await hotline.desk.sees("და კიდევ ერთი რამ", thread=thread.id)
    while not await hotline.rows("deliveries"):
        await hotline.database.changed(0.2)
    await hotline.nino.says("/forget")
    await hotline.nino.taps("forget:yes")
    await hotline.nino.sees("farewell")
    await hotline.desk.sees(lambda message: message.id == card.id and QUESTION not in message.text)
    [ticket] = await hotline.rows("tickets")
    assert (ticket["question"], ticket["requester_id"], ticket["state"]) == (None, None, "resolved")
    assert await hotline.rows("deliveries") == []


def long_question(letter: str) -> str:
    """A card holds 3000 letters of it; the other 500 follow."""
    return letter * 3500


async def open_long_ticket(hotline: Story) -> tuple[Message, Thread, int]:
    """Nino asks what no card holds; her message, the thread, and the id of what follows the card."""
    await hotline.speak(hotline.nino)
    await hotline.nino.taps("human:")
    await hotline.nino.sees("ask_for_ticket")
    asked = await hotline.nino.says(long_question("ა"))
    await hotline.nino.sees("receipt", number=1)
    thread = await hotline.thread(1)
    rest = await hotline.desk.sees(lambda message: message.text == "ა" * 500, thread=thread.id)
    return asked, thread, rest.id


async def test_edited_question_is_edited_also_where_the_card_cannot_hold_it(hotline: Story) -> None:
    asked, thread, rest = await open_long_ticket(hotline)
    for text, head, tail in (
        (long_question("ბ"), "ბ" * 3000, "ბ" * 500),
        ("მოკლე", "მოკლე", text_of("card_erased", "ka")),
        (long_question("გ"), "გ" * 3000, "გ" * 500),
    ):
        await hotline.nino.person.edits(asked, text)
        await hotline.desk.sees(lambda message, part=head: part in message.text, thread=thread.id)
        await hotline.desk.sees(lambda message, part=tail: (message.id, message.text) == (rest, part))
    assert not any("ააა" in message.text for message in hotline.desk.messages)


async def test_question_that_outgrows_its_card_by_an_edit_is_shown_whole(hotline: Story) -> None:
    await open_ticket(hotline)
    thread = await hotline.thread(1)
    await hotline.desk_sees(thread, "card")
    asked = next(message for message in hotline.nino.chat if message.text == QUESTION)
    for letter in "აბ":
        await hotline.nino.person.edits(asked, long_question(letter))
        await hotline.desk.sees(lambda message, each=letter: message.text == each * 500, thread=thread.id)
    assert sum(len(message.text) == 500 for message in hotline.desk.in_thread(thread)) == 1


async def test_edit_while_a_desk_is_lost_reaches_the_next_one_whole(hotline: Story) -> None:
    asked, _, _ = await open_long_ticket(hotline)
    await hotline.desk.removes_bot(by=hotline.giorgi.person)
    await hotline.giorgi.sees("admin_desk_lost", ever=True)
    await hotline.nino.person.edits(asked, long_question("ბ"))
    other = hotline.sandbox.group("Other", forum=True, owner=hotline.giorgi.person)
    await other.adds_bot(by=hotline.giorgi.person, rights=ALL_RIGHTS)
    await hotline.giorgi.person.says("/desk", other)
    thread = await other.thread("#1 ")
    await other.sees(lambda message: "ბ" * 3000 in message.text, thread=thread.id)
    rest = await other.sees(lambda message: message.text == "ბ" * 500, thread=thread.id)
    await hotline.nino.person.edits(asked, long_question("გ"))
    await other.sees(lambda message: (message.id, message.text) == (rest.id, "გ" * 500))


async def test_erased_question_goes_whole_from_the_desk_and_from_what_was_sent(hotline: Story) -> None:
    _, thread, rest = await open_long_ticket(hotline)
    await hotline.nino.says("/forget")
    await hotline.nino.taps("forget:yes")
    await hotline.nino.sees("farewell")
    erased = text_of("card_erased", "ka")
    await hotline.desk.sees(lambda message: (message.id, message.text) == (rest, erased), thread=thread.id)
    beginning, _, _ = thread.name.rpartition(" · ")
    named = await hotline.desk.thread(f"{beginning} · {text_of('state_resolved', 'ka')}")
    assert named.id == thread.id
    assert not any("ააა" in message.text for message in hotline.desk.messages)
    assert not any("ააა" in str(row["body"]) for row in await hotline.rows("outbox"))
    [ticket] = await hotline.rows("tickets")
    assert (ticket["nearest"], ticket["region"], ticket["municipality"]) == ("", None, None)


async def test_question_erased_while_its_card_is_on_its_way_goes_from_the_card(hotline: Story) -> None:
    stall = hotline.sandbox.faults.stall(30, method="sendMessage", chat=hotline.desk.id)
    await open_ticket(hotline)
    await stall.arrived.wait()
    await hotline.nino.says("/forget")
    await hotline.nino.taps("forget:yes")
    await hotline.nino.sees("farewell")
    stall.release()
    thread = await hotline.thread(1)
    await hotline.desk.sees(lambda message: text_of("card_erased", "ka") in message.text, thread=thread.id)
    assert not any(QUESTION in message.text for message in hotline.desk.messages)


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
