"""The hotline as a process of its own: started, stopped, killed."""

import asyncio
import base64
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

from bot.config import ROOT
from bot.sandbox.world import Pulse

KEY = bytes(range(32))
READY = "The hotline answers"


def environment(database: Path, *, token: str, api_url: str, **more: str) -> dict[str, str]:
    """Variables of a hotline on this machine, without limits on sending."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
    return kept | {
        "HOTLINE_TELEGRAM_TOKEN": token,
        "HOTLINE_TELEGRAM_API_URL": api_url,
        "HOTLINE_DATABASE_URL": f"sqlite+aiosqlite:///{database}",
        "HOTLINE_SECRET_KEY": base64.b64encode(KEY).decode(),
        "HOTLINE_SENDING_BULK_PER_SECOND": "0",
        "HOTLINE_SENDING_CHAT_PER_SECOND": "0",
        "HOTLINE_SENDING_GROUP_PER_MINUTE": "0",
        **more,
    }


class Process:
    """One run of `python -m …`, whose lines on stderr are kept as they come."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._pulse = Pulse()
        self._reading = asyncio.create_task(self._read())
        self.lines: list[str] = []

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.returncode is None

    async def _read(self) -> None:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            self.lines.append(line.decode().rstrip())
            self._pulse.beat()
        self._pulse.beat()

    async def says(self, words: str, patience: float = 60.0) -> str:
        """The first line on stderr with these words, written already or yet to come."""
        return await self._line(lambda line: words in line, f"{words!r} was not said", patience)

    async def _line(self, fits: Callable[[str], bool], otherwise: str, patience: float) -> str:
        try:
            async with asyncio.timeout(patience):
                while True:
                    for line in self.lines:
                        if fits(line):
                            return line
                    if self._reading.done():
                        break
                    await self._pulse.wait()
        except TimeoutError:
            pass
        raise AssertionError("\n".join([f"{otherwise}. The process said:", *self.lines[-30:]]))

    async def ready(self) -> None:
        await self.says(READY)

    async def ends(self, patience: float = 30.0) -> int:
        """Its exit status; negative: ended by that signal."""
        async with asyncio.timeout(patience):
            status = await self._process.wait()
            await asyncio.shield(self._reading)
        return status

    async def stop(self, patience: float = 30.0) -> int:
        self._process.send_signal(signal.SIGTERM)
        return await self.ends(patience)

    async def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        assert await self.ends() == -signal.SIGKILL, "\n".join(self.lines)


async def start(*arguments: str, env: Mapping[str, str]) -> Process:
    """`python -m <arguments>` in the project's root; its stdout is dropped."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *arguments,
        env=env,
        cwd=ROOT,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    return Process(process)


@contextlib.asynccontextmanager
async def running(*arguments: str, env: Mapping[str, str]) -> AsyncIterator[Process]:
    """A process that is killed at the end, if it still runs then."""
    process = await start(*arguments, env=env)
    try:
        yield process
    finally:
        if process.running:
            await process.kill()


async def output(*arguments: str, env: Mapping[str, str]) -> list[str]:
    """The lines that a command prints; it must succeed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *arguments, env=env, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0
    return printed.decode().splitlines()
