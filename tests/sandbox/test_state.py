"""The world outlives a restart."""

from __future__ import annotations

import aiohttp

from bot.sandbox import Sandbox, prepare_demo

from .conftest import Api


async def test_everything_is_there_after_a_restart(tmp_path):
    path = tmp_path / "sandbox" / "telegram.json"
    async with aiohttp.ClientSession() as session:
        async with Sandbox(state=path) as sandbox:
            assert sandbox.is_new
            demo = await prepare_demo(sandbox)
            api = Api(session, f"{sandbox.url}/bot{sandbox.token}")
            await demo.nino.says("კითხვა")
            photo = await demo.nino.sends("photo", data=b"pixels")
            await api("setMessageReaction", chat_id=demo.nino.id, message_id=photo.id, reaction=[])
            topic = await api("createForumTopic", chat_id=demo.desk.id, name="#1 ka")
            await api("closeForumTopic", chat_id=demo.desk.id, message_thread_id=topic["message_thread_id"])
            await demo.nino.reacts(photo, "👍")
            await demo.ani.says("/start")
            await demo.ani.blocks()
            waiting = list(sandbox.bot.updates.waiting)
        async with Sandbox(state=path) as sandbox:
            assert not sandbox.is_new
            again = await prepare_demo(sandbox)
            api = Api(session, f"{sandbox.url}/bot{sandbox.token}")
            assert (again.nino.id, again.desk.id) == (demo.nino.id, demo.desk.id)
            assert [message.content for message in again.nino.chat] == [one.content for one in demo.nino.chat]
            assert again.nino.chat[-1].emoji == ["👍"]
            assert [(one.name, one.closed) for one in again.desk.threads] == [("#1 ka", True)]
            assert await api("getUpdates") == waiting
            assert "blocked" in await api.refusal("sendMessage", chat_id=demo.ani.id, text="x")
            file = await api("getFile", file_id=photo.content["photo"][0]["file_id"])
            async with session.get(f"{sandbox.url}/file/bot{sandbox.token}/{file['file_path']}") as response:
                assert await response.read() == b"pixels"
            assert (await again.nino.says("next")).id == photo.id + 1


async def test_a_damaged_file_is_put_aside(tmp_path, caplog):
    path = tmp_path / "telegram.json"
    path.write_text("{", "utf-8")
    async with Sandbox(state=path) as sandbox:
        assert sandbox.is_new
    assert path.with_suffix(".unreadable").read_text("utf-8") == "{"
    assert "begins anew" in caplog.text


async def test_the_cast_is_complete(sandbox):
    demo = await prepare_demo(sandbox)
    assert demo.desk.has(demo.zaza)
    assert sandbox.bot.updates.waiting[0]["my_chat_member"]["new_chat_member"]["can_manage_topics"]
    assert (await prepare_demo(sandbox)).giorgi.id == demo.giorgi.id


async def test_who_only_looked_leaves_the_file_alone(tmp_path):
    path = tmp_path / "telegram.json"
    async with Sandbox(state=path) as sandbox:
        await sandbox.person("ნინო").says("/start")
    async with Sandbox(state=path):
        path.write_text("written by another", "utf-8")
    assert path.read_text("utf-8") == "written by another"
