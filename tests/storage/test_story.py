"""The main job on PostgreSQL, end to end."""

from tests.story import story
from tests.test_handover import QUESTION


async def test_question_answer_ticket_and_desk_on_postgresql(postgresql_empty_url: str, tmp_path) -> None:
    async with story(tmp_path, url=postgresql_empty_url) as hotline:
        await hotline.speak(hotline.nino)
        await hotline.nino.says("როგორ დავარეგისტრირო არასამთავრობო ორგანიზაცია?")
        await hotline.nino.sees_entry("register-ngo")
        await hotline.nino.taps("human:")
        await hotline.nino.sees("receipt", number=1)
        thread = await hotline.thread(1)
        await hotline.desk_sees(thread, "card", number=1)
        await hotline.levan.person.says("გამარჯობა, მიმართეთ რეესტრს.", hotline.desk, thread=thread.id)
        await hotline.nino.sees_words("მიმართეთ რეესტრს")
        await hotline.nino.says(QUESTION)
        await hotline.desk.sees(QUESTION, thread=thread.id)
        await hotline.levan.person.taps("resolve:1", group=hotline.desk)
        await hotline.nino.sees("ticket_resolved", number=1)
        [ticket] = await hotline.rows("tickets")
        assert (ticket["state"], ticket["resolved_at"] is not None) == ("resolved", True)
        assert not list(tmp_path.glob("*.db"))
