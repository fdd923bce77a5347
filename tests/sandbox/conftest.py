"""A sandbox with its people, and a bare client of the Bot API that checks every answer."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox import ALL_RIGHTS, Sandbox

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("HOTLINE_TEST_SHARED", ROOT.parent / "shared"))


class Specification:
    """The published Bot API as data, and what does not conform to it."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.methods = data["methods"]
        self.types = data["types"]

    def faults(self, value: Any, kinds: list[str], where: str = "") -> list[str]:
        """In which points the value is none of these types."""
        tried = [self._faults(value, kind, where) for kind in kinds]
        return [] if [] in tried else min(tried, key=len)

    def _faults(self, value: Any, kind: str, where: str) -> list[str]:
        simple = {"Integer": int, "String": str, "Boolean": bool, "Float": (int, float), "True": bool}
        if kind in simple:
            right = isinstance(value, simple[kind]) and (kind != "Integer" or not isinstance(value, bool))
            return [] if right else [f"{where}: {value!r} is no {kind}"]
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                return [f"{where}: {value!r} is no array"]
            inner = kind.removeprefix("Array of ")
            return [fault for item in value for fault in self._faults(item, inner, where)]
        described = self.types[kind]
        if described.get("subtypes"):
            return self.faults(value, described["subtypes"], where)
        if not isinstance(value, dict):
            return [f"{where}: {value!r} is no {kind}"]
        fields = {field["name"]: field for field in described.get("fields", [])}
        found = [f"{where}.{name} is unknown in {kind}" for name in value if name not in fields]
        found += [
            f"{where}.{name} is missing" for name, f in fields.items() if f["required"] and name not in value
        ]
        for name in value.keys() & fields.keys():
            found += self.faults(value[name], fields[name]["types"], f"{where}.{name}")
        return found


@pytest.fixture(scope="session")
def specification() -> Specification:
    path = SHARED / "reference" / "botapi-10.1.json"
    if not path.exists():
        pytest.skip(
            f"the specification of the Bot API is not at {path} (HOTLINE_TEST_SHARED names its folder)"
        )
    return Specification(json.loads(path.read_text("utf-8")))


class Api:
    """Calls methods over HTTP; `refusal` gives the words of an error."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session = session
        self.base = base

    async def raw(self, method: str, **parameters: Any) -> tuple[int, dict[str, Any]]:
        async with self._session.post(f"{self.base}/{method}", json=parameters) as response:
            return response.status, await response.json()

    async def __call__(self, method: str, **parameters: Any) -> Any:
        status, answer = await self.raw(method, **parameters)
        assert (status, answer["ok"]) == (200, True), answer
        return answer["result"]

    async def refusal(self, method: str, **parameters: Any) -> str:
        status, answer = await self.raw(method, **parameters)
        assert not answer["ok"], answer
        assert status == answer["error_code"]
        return f"{status} {answer['description']}"


@pytest.fixture
async def sandbox():
    async with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def api(sandbox, session):
    return Api(session, f"{sandbox.url}/bot{sandbox.token}")


@pytest.fixture
async def nino(sandbox):
    """Has written to the bot, and the bot has read it."""
    nino = sandbox.person("ნინო", language_code="ka")
    await nino.says("/start")
    sandbox.bot.updates.waiting.clear()
    return nino


@pytest.fixture
async def levan(sandbox):
    return sandbox.person("ლევანი", language_code="ka")


@pytest.fixture
async def desk(sandbox, levan):
    desk = sandbox.group("Desk", forum=True, owner=levan)
    await desk.adds_bot(by=levan, rights=ALL_RIGHTS)
    sandbox.bot.updates.waiting.clear()
    return desk
