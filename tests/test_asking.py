from dataclasses import replace
from pathlib import Path

from bot import entries, questions
from bot.config import load
from bot.model import Utterance
from bot.storage import Transaction, people
from knowledge_base import ENTRIES, Answered, Folder, Match, Reading, Suggested
from tests.story import FOLDER, Story, story


async def test_language_is_asked_in_all_languages_and_remembered(hotline: Story) -> None:
    await hotline.aysel.says("/start")
    asked = await hotline.aysel.sees_words("Dil")
    languages = ["language:ka", "language:az", "language:hy", "language:en"]
    assert [button.data for button in asked.buttons] == languages
    for words in ("აირჩიეთ", "Ընտրեք", "Choose"):
        assert words in asked.text
    await hotline.aysel.taps("language:az")
    await hotline.aysel.sees("welcome")
    await hotline.aysel.says("/menu")
    await hotline.aysel.sees("menu")


async def test_language_can_be_changed_at_any_time(hotline: Story) -> None:
    await hotline.speak(hotline.aysel)
    await hotline.aysel.says("/language")
    await hotline.aysel.taps("language:hy")
    hotline.aysel.language = "hy"
    await hotline.aysel.sees("language_set")
    await hotline.aysel.says("/menu")
    await hotline.aysel.sees("menu")


async def test_question_is_answered_with_its_entry(hotline: Story) -> None:
    await hotline.speak(hotline.nino)
    await hotline.nino.says("როგორ დავარეგისტრირო არასამთავრობო ორგანიზაცია?")
    answer = await hotline.nino.sees_entry("register-ngo")
    assert answer.button("more:register-ngo")
    assert answer.button("helped:yes:register-ngo:1")
    assert answer.button("human:")
    await hotline.nino.taps("more:register-ngo")
    await hotline.nino.sees_entry("register-ngo")
    await hotline.nino.taps("helped:yes:register-ngo:")
    await hotline.nino.sees("helped_yes")


async def test_what_an_answer_rests_on_is_named_in_the_language_of_the_person(hotline: Story) -> None:
    law = "Civil Code of Georgia, art. 24, 25 and 27"
    assert law in {source.title for source in FOLDER.entries["register-ngo"].sources}
    for actor, language in ((hotline.nino, "ka"), (hotline.aysel, "az"), (hotline.ani, "hy")):
        await hotline.speak(actor)
        await actor.taps("browse:")
        await actor.taps("category:registration")
        await actor.taps("suggest:register-ngo")
        answer = await actor.sees_entry("register-ngo")
        assert FOLDER.sources[law][language] in answer.text
        assert law not in answer.text


async def test_question_typed_before_choosing_is_answered_in_its_language(hotline: Story) -> None:
    for actor, typed, entry in (
        (hotline.nino, "granti ibegreba?", "grant-tax"),
        (hotline.aysel, "QHT-ni nece qeydiyyatdan kecirmek olar", "register-ngo"),
        (hotline.ani, "ինչպես գրանցել հկ", "register-ngo"),
    ):
        await actor.says(typed)
        await actor.sees_entry(entry)
        assert (await actor.sees_words("Choose a language")).button("language:ka")


async def test_russian_gets_the_language_buttons_and_is_answered_on_the_tap(hotline: Story) -> None:
    await hotline.ani.says("как создать общественную организацию, пошагово")
    await hotline.ani.sees_words("Choose a language")
    assert len(hotline.ani.chat) == 2
    await hotline.ani.taps("language:hy")
    await hotline.ani.sees_entry("register-ngo")


async def test_crisis_brings_numbers_before_a_language_is_chosen(hotline: Story) -> None:
    await hotline.aysel.says("ərim məni döyür")
    await hotline.aysel.sees_entry("domestic-violence")
    await hotline.zaza.says("помогите, муж бьет меня")
    numbers = await hotline.zaza.sees_words("112")
    assert "116 006" in numbers.text


async def test_small_talk_is_neither_a_question_nor_a_ticket(hotline: Story) -> None:
    await hotline.speak(hotline.nino)
    await hotline.nino.says("გამარჯობა")
    await hotline.nino.sees("smalltalk_greeting")
    await hotline.nino.says("დიდი მადლობა")
    await hotline.nino.sees("smalltalk_thanks")
    assert await hotline.rows("questions") == []


async def test_no_and_none_of_these_lead_to_a_consultant_with_the_question_in_hand(hotline: Story) -> None:
    await hotline.speak(hotline.nino, hotline.ani)
    await hotline.nino.says("როგორ დავარეგისტრირო არასამთავრობო ორგანიზაცია?")
    await hotline.nino.taps("helped:no:")
    await hotline.nino.sees("offer_human")
    await hotline.nino.taps("human:")
    await hotline.nino.sees("receipt", number=1)
    assert [row["gap"] for row in await hotline.rows("questions")] == [True]


async def test_suggestion_leads_to_its_entry(hotline: Story) -> None:
    from bot.model import Utterance
    from bot.questions import hear

    await hotline.speak(hotline.ani)
    reading = Reading("hy", (Match("petition", 0.4),), 0.4)
    outcome = Suggested(("petition", "information-request"), reading)

    async def ask(tx) -> None:
        person = await people.by_telegram(tx, hotline.ani.person.id)
        await hear(
            tx,
            person,
            Utterance("?", 1),
            outcome,
            knowledge=hotline.shelf.knowledge,
            hours=hotline.edge.application.bot_data["hotline"].config.hours,
            now=hotline.clock(),
        )

    await hotline.database.write(ask)
    await hotline.ani.sees("suggested")
    await hotline.ani.says("2")
    await hotline.ani.sees_entry("information-request")
    assert [(row["outcome"], row["entry_id"]) for row in await hotline.rows("questions")] == [
        ("answered", "information-request")
    ]
    await hotline.database.write(ask)
    shown = await hotline.ani.sees("suggested")
    assert [button.data for button in shown.buttons][:3] == [
        "suggest:petition:2",
        "suggest:information-request:2",
        "none::2",
    ]
    await hotline.ani.taps("none:")
    await hotline.ani.sees("offer_human")
    await hotline.ani.taps("suggest:petition:")
    await hotline.ani.sees_entry("petition")


async def test_browsing_needs_no_typing(hotline: Story) -> None:
    await hotline.speak(hotline.aysel)
    await hotline.aysel.taps("browse:")
    await hotline.aysel.sees("browse")
    await hotline.aysel.taps("category:registration")
    listed = await hotline.aysel.sees("category")
    order = next(each for each in FOLDER.categories if each.id == "registration").entries
    shown = [button.data for button in listed.buttons]
    assert [data.split(":")[1] for data in shown if data.startswith("suggest:")] == list(order)
    assert order[0] == "register-ngo"
    await hotline.aysel.taps("suggest:registration-documents")
    await hotline.aysel.sees_entry("registration-documents")


async def test_number_that_is_typed_is_as_good_as_a_tap(hotline: Story) -> None:
    await hotline.speak(hotline.nino)
    await hotline.nino.taps("browse:")
    await hotline.nino.taps("category:rights-and-social-services")
    second = next(each for each in FOLDER.categories if each.id == "rights-and-social-services").entries[1]
    await hotline.nino.says("2.")
    await hotline.nino.sees_entry(second)
    await hotline.nino.taps(f"more:{second}")
    related = FOLDER.entries[second].related[0]
    await hotline.nino.sees_words(f"1. {FOLDER.entries[related].texts['ka'].title}")
    await hotline.nino.says(" 1 ")
    await hotline.nino.sees_entry(related)
    assert await hotline.rows("questions") == []


async def test_number_without_a_list_is_a_question(hotline: Story) -> None:
    await hotline.speak(hotline.nino)
    await hotline.nino.taps("browse:")
    await hotline.nino.taps("category:about-hotline")
    await hotline.nino.says("40")
    await hotline.nino.sees("unanswered")
    await hotline.nino.says("1")
    await hotline.nino.sees("unanswered")
    assert len(await hotline.rows("questions")) == 2


async def test_entry_missing_in_a_language_is_shown_in_another_and_says_so(hotline: Story) -> None:
    await hotline.speak(hotline.ani)
    entry = FOLDER.entries["petition"]
    texts = {language: text for language, text in entry.texts.items() if language != "hy"}
    folder = replace(FOLDER, entries={"petition": replace(entry, texts=texts)})
    await hotline.database.write(lambda tx: entries.import_folder(tx, folder, now=hotline.clock()))
    while "hy" in hotline.shelf.knowledge.library.entries["petition"].texts:
        await hotline.database.changed(0.2)
    await hotline.ani.taps("browse:")
    await hotline.ani.taps("category:civic-participation")
    await hotline.ani.taps("suggest:petition")
    answer = await hotline.ani.sees_entry("petition", "ka")
    from bot.texts import text

    assert text("answer_other_language", "hy") in answer.text


async def test_restart_keeps_what_was_edited_live(tmp_path: Path) -> None:
    async with story(tmp_path, staffed=False) as hotline:
        again = await hotline.database.write(
            lambda tx: entries.import_folder(tx, Folder.read(ENTRIES), now=hotline.clock())
        )
        assert again == entries.Imported((), (), ())


async def test_numbers_come_first_and_what_else_was_asked_is_answered(hotline: Story) -> None:
    await hotline.speak(hotline.aysel)
    both = Answered("free-legal-aid", Reading("az", (Match("free-legal-aid", 0.9),), 0.9, urgent="detained"))

    async def hear(tx: Transaction) -> None:
        person = await people.by_telegram(tx, hotline.aysel.person.id)
        assert person is not None
        said = Utterance(message_id=1, text="Qardaşımı tutublar, pulsuz vəkil necə tapım?")
        hours = load({})[0].hours
        knowledge = hotline.shelf.knowledge
        await questions.hear(tx, person, said, both, knowledge=knowledge, hours=hours, now=hotline.clock())

    await hotline.database.write(hear)
    numbers = await hotline.aysel.sees_entry("detained")
    answer = await hotline.aysel.sees_entry("free-legal-aid")
    assert numbers.id < answer.id
