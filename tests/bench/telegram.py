"""Telegram and its people in a process of their own, so that their work is not the bot's.

Speaks lines of JSON: an order `{"do": …}` on stdin, its outcome on stdout.
"""

import asyncio
import json
import random
import sys
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox import Person, Sandbox
from bot.sandbox.messages import Message
from bot.sandbox.world import Bot, Chat
from knowledge_base import LANGUAGES
from tests.known import Known, answered

Json = dict[str, Any]
PATIENCE = 300.0  # seconds for a whole round


class People:
    """People who write to one bot, and the moments at which it replied."""

    def __init__(self, sandbox: Sandbox, token: str, count: int, known: dict[str, list[Known]]) -> None:
        self.bot: Bot = sandbox.bot_of(token)
        self._questions: dict[int, deque[str]] = {}
        self.persons: list[Person] = []
        for number in range(count):
            language = LANGUAGES[number % len(LANGUAGES)]
            person = sandbox.person(f"Person {number}", language_code=language)
            self.persons.append(person)
            self._questions[person.id] = deque(question.text for question in known[language])
            self._questions[person.id].rotate(number)
        self._wanted = 0
        self._done = asyncio.Event()
        self._replied: dict[int, Callable[[float], object]] = {}
        sandbox.world.on_change.append(self._on_change)

    def _on_change(self, what: str, chat: Chat, thing: Any) -> None:
        if what != "message" or chat.bot_id != self.bot.id:
            return
        if isinstance(thing, Message) and thing.sender_id == self.bot.id:
            self._wanted -= 1
            if self._wanted == 0:
                self._done.set()
            replied = self._replied.pop(chat.id, None)
            if replied is not None:
                replied(time.perf_counter())

    async def ask(self, person: Person) -> None:
        questions = self._questions[person.id]
        questions.rotate(1)
        await person.says(questions[0], bot=self.bot)

    async def asks_and_waits(self, person: Person) -> float:
        """Seconds from the question to its reply."""
        reply = asyncio.get_running_loop().create_future()
        self._replied[person.id] = lambda at: reply.done() or reply.set_result(at)
        asked = time.perf_counter()
        await self.ask(person)
        return float(await reply) - asked

    async def choose_languages(self) -> None:
        """Everybody chooses a language, as people do once."""

        async def choose(person: Person) -> None:
            await person.says("/start", bot=self.bot)
            await person.taps(
                f"language:{person.user.json['language_code']}", bot=self.bot, patience=PATIENCE
            )
            await person.sees(
                lambda message: bool(message.button("browse:")), bot=self.bot, patience=PATIENCE
            )

        await asyncio.gather(*(choose(person) for person in self.persons))

    async def flood(self, updates: int) -> float:
        """Seconds from the first of so many questions at once to the last reply."""
        self._wanted, self._done = updates, asyncio.Event()
        began = time.perf_counter()
        for number in range(updates):
            await self.ask(self.persons[number % len(self.persons)])
        await self._done.wait()
        return time.perf_counter() - began

    async def pace(self, updates: int, per_second: float) -> list[float]:
        """Seconds that each reply took, with questions evenly spread over time."""
        began = time.perf_counter()
        waiting = []
        for number in range(updates):
            await asyncio.sleep(began + number / per_second - time.perf_counter())
            waiting.append(asyncio.create_task(self.asks_and_waits(self.persons[number % len(self.persons)])))
        return list(await asyncio.gather(*waiting))


class Telegram:
    """Carries out orders."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._people: dict[str, People] = {}
        chance = random.Random(1)
        self._known = {language: list(answered(language, chance, each=12)) for language in LANGUAGES}
        for questions in self._known.values():
            chance.shuffle(questions)

    async def people(self, token: str, count: int, *, choose: bool) -> Json:
        self._people[token] = People(self._sandbox, token, count, self._known)
        if choose:
            await self._people[token].choose_languages()
        return {}

    async def flood(self, token: str, updates: int) -> Json:
        return {"seconds": await self._people[token].flood(updates)}

    async def pace(self, token: str, updates: int, per_second: float) -> Json:
        return {"times": await self._people[token].pace(updates, per_second)}

    async def stall(self, token: str, seconds: float, questions: int) -> Json:
        """One chat's reply stalls; how long do another's take meanwhile?"""
        people = self._people[token]
        slow, quick = people.persons[0], people.persons[1]
        fault = self._sandbox.faults.stall(seconds, method="sendMessage", chat=slow.id)
        stalled = asyncio.create_task(people.asks_and_waits(slow))
        await fault.arrived.wait()
        times = [await people.asks_and_waits(quick) for _ in range(questions)]
        return {"times": times, "stalled": await stalled}

    async def polled(self, token: str) -> Json:
        """When a bot that starts now first asks for updates, by the clock that all processes share."""
        bot = self._sandbox.bot_of(token)
        self._sandbox.journal.clear()
        began = time.monotonic()
        await self._sandbox.person("Early").says("/start", bot=bot)  # or the call would be answered late
        call = await self._sandbox.journal.wait_for(
            lambda call: call.bot_id == bot.id and call.method == "getUpdates" and call.time > began,
            timeout=PATIENCE,
        )
        return {"at": call.time}

    async def sample(self, token: str) -> Json:
        """The reply of middling length among those that the bot gave."""
        bot = self._sandbox.bot_of(token).id
        calls = [call for call in self._sandbox.journal.calls("sendMessage") if call.bot_id == bot]
        answers = [call.parameters for call in calls if "helped:" in str(call.parameters.get("reply_markup"))]
        return sorted(answers, key=lambda each: len(each["text"]))[len(answers) // 2]


async def main() -> None:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with Sandbox() as sandbox:
        telegram = Telegram(sandbox)
        _print({"url": sandbox.url})
        async for line in reader:
            order = json.loads(line)
            work: Callable[..., Awaitable[Json]] = getattr(telegram, order.pop("do"))
            _print(await work(**order))


def _print(outcome: Json) -> None:
    sys.stdout.write(json.dumps(outcome) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
