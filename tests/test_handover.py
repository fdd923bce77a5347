from tests.story import Story

QUESTION = "ჩემი მეზობელი ღამით ხმამაღლა უსმენს მუსიკას და ძაღლიც ჰყავს, რა ვქნა?"


async def open_ticket(hotline: Story) -> None:
    await hotline.speak(hotline.nino)
    await hotline.nino.taps("human:")
    await hotline.nino.sees("ask_for_ticket")
    await hotline.nino.says(QUESTION)
    await hotline.nino.sees("receipt", number=1)


async def test_question_in_hand_reaches_the_desk_and_its_answer_comes_back(hotline: Story) -> None:
    await open_ticket(hotline)
    thread = await hotline.thread(1)
    card = await hotline.desk_sees(thread, "card", number=1)
    assert QUESTION in card.text
    assert card.button("take:1")
    said = await hotline.levan.person.says("გამარჯობა, მიმართეთ მერიას.", hotline.desk, thread=thread.id)
    await hotline.nino.sees_words("მიმართეთ მერიას")
    await hotline.desk.sees(lambda message: message.id == said.id and message.emoji == ["👌"])
    assert not hotline.nino.saw("Levan")
    assert not any("Nino" in message.text for message in hotline.desk.messages)
    assert not hotline.sandbox.journal.calls("forwardMessage")


async def test_place_is_asked_once_and_shown_on_the_card(hotline: Story) -> None:
    await open_ticket(hotline)
    await hotline.nino.sees("ask_region")
    await hotline.nino.taps("region:kvemo-kartli")
    await hotline.nino.sees("ask_municipality")
    await hotline.nino.taps("municipality:marneuli")
    await hotline.nino.sees("place_kept")
    thread = await hotline.thread(1)
    await hotline.desk.sees(lambda message: "მარნეული" in message.text, thread=thread.id)


async def test_every_kind_of_message_is_carried_both_ways(hotline: Story) -> None:
    await open_ticket(hotline)
    thread = await hotline.thread(1)
    await hotline.desk_sees(thread, "card")
    for kind in ("photo", "document", "voice", "location", "sticker"):
        await hotline.nino.person.sends(kind)
        await hotline.desk.sees(lambda message, each=kind: message.kind == each, thread=thread.id)
        await hotline.levan.person.sends(kind, hotline.desk, thread=thread.id)
        await hotline.nino.person.sees(lambda message, each=kind: message.kind == each and message.from_bot)


async def test_album_arrives_as_one(hotline: Story) -> None:
    await open_ticket(hotline)
    thread = await hotline.thread(1)
    await hotline.desk_sees(thread, "card")
    await hotline.nino.person.sends_album(["photo", "photo", "photo"])
    await hotline.nino.person.says("ეს ფოტოებია")
    await hotline.desk.sees("ეს ფოტოებია", thread=thread.id)
    assert len(hotline.sandbox.journal.calls("copyMessages")) == 1
    kinds = [message.kind for message in hotline.desk.in_thread(thread) if not message.is_service]
    assert kinds == ["text", "photo", "photo", "photo", "text"]


async def test_contact_is_carried_only_after_confirmation(hotline: Story) -> None:
    await open_ticket(hotline)
    thread = await hotline.thread(1)
    await hotline.desk_sees(thread, "card")
    await hotline.nino.sends("contact")
    await hotline.nino.sees("confirm_contact")
    assert not any(message.kind == "contact" for message in hotline.desk.messages)
    await hotline.nino.taps("confirm:")
    await hotline.desk.sees(lambda message: message.kind == "contact", thread=thread.id)


async def test_strangers_and_anonymous_admins_are_not_carried_and_are_told(hotline: Story) -> None:
    await open_ticket(hotline)
    thread = await hotline.thread(1)
    await hotline.desk_sees(thread, "card")
    await hotline.zaza.person.says("ZAZA WAS HERE", hotline.desk, thread=thread.id)
    await hotline.desk_sees(thread, "not_staff")
    await hotline.giorgi.person.says("ANON WAS HERE", hotline.desk, thread=thread.id, anonymously=True)
    await hotline.desk_sees(thread, "anonymous_admin")
    tap = await hotline.zaza.person.taps("take:1", group=hotline.desk)
    assert (await tap.answer())["text"]
    assert not hotline.nino.saw("WAS HERE")
    assert (await hotline.rows("tickets"))[0]["state"] == "new"
    assert len(await hotline.rows("people")) == 4  # of Zaza, who wrote in the group only, nothing is held


async def test_second_consultant_is_told_that_the_ticket_is_taken(hotline: Story) -> None:
    await open_ticket(hotline)
    thread = await hotline.thread(1)
    card = await hotline.desk_sees(thread, "card")
    await hotline.levan.person.taps("take:1", group=hotline.desk)
    await hotline.nino.sees("ticket_taken", number=1)
    tap = await hotline.tamar.person.taps("take:1", on=card, group=hotline.desk, even_if_gone=True)
    from bot.texts import text

    assert (await tap.answer())["text"] == text("taken_already", "ka")


async def test_after_resolve_a_message_is_a_question_that_may_belong_to_the_ticket(hotline: Story) -> None:
    await open_ticket(hotline)
    thread = await hotline.thread(1)
    await hotline.desk_sees(thread, "card")
    await hotline.nino.says("დავამატებ: ძაღლი დიდია")
    await hotline.nino.sees("passed_on", number=1)
    await hotline.desk.sees("ძაღლი დიდია", thread=thread.id)
    await hotline.levan.person.taps("resolve:1", group=hotline.desk)
    await hotline.nino.sees("ticket_resolved", number=1)
    await hotline.nino.says("იცით, კიდევ ერთი რამ მომივიდა თავში მეზობელზე")
    await hotline.nino.taps("belongs:1:2")
    await hotline.nino.sees("ticket_reopened", number=1)
    await hotline.desk.sees("მომივიდა თავში", thread=thread.id)
    await hotline.nino.says("აქ ვარ")
    await hotline.desk.sees("აქ ვარ", thread=thread.id)


async def test_bot_can_be_asked_while_a_ticket_is_open(hotline: Story) -> None:
    await open_ticket(hotline)
    await hotline.nino.taps("ask:")
    await hotline.nino.sees("ask_bot", number=1)
    await hotline.nino.says("როგორ დავარეგისტრირო არასამთავრობო ორგანიზაცია?")
    await hotline.nino.sees_entry("register-ngo")


async def test_crisis_brings_numbers_at_once_while_a_ticket_is_open(hotline: Story) -> None:
    await open_ticket(hotline)
    thread = await hotline.thread(1)
    await hotline.nino.says("ქმარი მცემს, მიშველეთ")
    await hotline.nino.sees_entry("domestic-violence")
    await hotline.desk.sees("მიშველეთ", thread=thread.id)


async def test_consultant_is_told_when_the_person_has_stopped_the_bot(hotline: Story) -> None:
    await open_ticket(hotline)
    thread = await hotline.thread(1)
    await hotline.desk_sees(thread, "card")
    await hotline.nino.person.blocks()
    await hotline.levan.person.says("პასუხი", hotline.desk, thread=thread.id)
    await hotline.desk_sees(thread, "not_delivered")


async def test_edited_messages_are_edited_on_the_other_side(hotline: Story) -> None:
    await open_ticket(hotline)
    thread = await hotline.thread(1)
    await hotline.desk_sees(thread, "card")
    said = await hotline.levan.person.says("დარეკეთ 1485", hotline.desk, thread=thread.id)
    await hotline.nino.sees_words("დარეკეთ 1485")
    await hotline.levan.person.edits(said, "დარეკეთ 1481")
    await hotline.nino.sees_words("დარეკეთ 1481")
    assert not hotline.nino.saw("1485")


async def test_deleted_thread_is_made_again(hotline: Story) -> None:
    await open_ticket(hotline)
    thread = await hotline.thread(1)
    await hotline.desk_sees(thread, "card")
    await hotline.nino.says("პირველი დამატება")
    await hotline.desk.sees("პირველი დამატება", thread=thread.id)
    await hotline.desk.deletes_thread(thread)
    await hotline.nino.says("მეორე დამატება")
    found = await hotline.desk.sees("მეორე დამატება")
    again = found.thread_id
    assert again != thread.id
    await hotline.desk.sees(QUESTION, thread=again)
    await hotline.desk.sees("პირველი დამატება", thread=again)


async def test_ticket_waits_for_a_desk(tmp_path) -> None:
    from tests.story import story

    async with story(tmp_path, staffed=False) as hotline:
        await hotline.speak(hotline.ani)
        await hotline.ani.taps("human:")
        await hotline.ani.sees("ask_for_ticket")
        await hotline.ani.says("Ես հարց ունեմ խորհրդատուի համար")
        await hotline.ani.sees("receipt", number=1)
        await hotline.staffed()
        await hotline.thread(1)
        await hotline.desk.sees("Ես հարց ունեմ")


async def test_voice_message_becomes_a_ticket(hotline: Story) -> None:
    await hotline.speak(hotline.aysel)
    await hotline.aysel.sends("voice")
    await hotline.aysel.sees("not_text")
    await hotline.aysel.taps("human:")
    await hotline.aysel.sees("receipt", number=1)
    thread = await hotline.thread(1)
    await hotline.desk.sees(lambda message: message.kind == "voice", thread=thread.id)
