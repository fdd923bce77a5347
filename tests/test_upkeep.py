"""Commands for whoever keeps the hotline running."""

from pathlib import Path

import pytest

from bot.errors import CallerMistake
from bot.storage.backup import back_up
from bot.storage.migrate import open_database
from bot.storage.seal import Vault
from handlers.telegram.doctor import examine
from tests.story import KEY, Story, story
from tests.test_handover import QUESTION, open_ticket


async def test_backup_is_whole_and_tells_nothing_without_the_key(hotline: Story, tmp_path: Path) -> None:
    await open_ticket(hotline)
    target = tmp_path / "copy.db"
    await back_up(hotline.database.url, target)
    assert QUESTION.encode() not in target.read_bytes()
    assert target.stat().st_mode & 0o077 == 0
    async with open_database(f"sqlite+aiosqlite:///{target}", Vault(KEY)) as copy, copy.read() as tx:
        from bot.storage import tickets

        ticket = await tickets.by_number(tx, 1)
        assert ticket is not None
        assert ticket.question == QUESTION
    with pytest.raises(CallerMistake):
        await back_up(hotline.database.url, target)


async def test_doctor_finds_nothing_where_all_is_in_place(hotline: Story) -> None:
    assert await examine(hotline.sandbox.token, hotline.sandbox.url, hotline.database) == []
    await hotline.desk.gives_bot_rights([], by=hotline.giorgi.person)
    assert len(await examine(hotline.sandbox.token, hotline.sandbox.url, hotline.database)) == 1


async def test_doctor_says_what_is_missing(tmp_path: Path) -> None:
    async with story(tmp_path, staffed=False) as hotline:
        assert len(await examine(hotline.sandbox.token, hotline.sandbox.url, hotline.database)) == 2
        hotline.sandbox.refused_tokens.add("1:wrong")
        assert len(await examine("1:wrong", hotline.sandbox.url, hotline.database)) == 1
