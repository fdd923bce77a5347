from tests.story import Story


async def test_language_is_asked_in_all_languages_and_remembered(hotline: Story) -> None:
    await hotline.aysel.says("/start")
    asked = await hotline.aysel.sees_words("Dil")
    assert [button.data for button in asked.buttons] == [
        "language:ka",
        "language:az",
        "language:hy",
        "language:en",
    ]
    await hotline.aysel.taps("language:az")
    await hotline.aysel.sees("welcome")
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
