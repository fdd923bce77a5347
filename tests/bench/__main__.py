"""Measures the hotline beside a bare echo bot, and its search beside others; prints figures and their ratios.

`python -m tests.bench hotline` or `… search` measures one of the two.
"""

import asyncio
import contextlib
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psutil

from bot.config import ROOT
from tests.bench import search
from tests.process import Process, environment, running

HOTLINE = "7900000001:hotline"
ECHO = {"httpx": "7900000002:echo", "aiohttp": "7900000003:echo"}
PEOPLE = 300
UPDATES = 1500  # of one round
ROUNDS = 3
WARM_UP = 300
PACE = 20.0  # updates a second, when the time of one reply is measured
STALL = 2.0  # seconds
START = 60.0  # seconds that a bot may take


class Telegram:
    """Orders to the process that plays Telegram and its people."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def outcome(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"The process that plays Telegram ended: {await self._process.wait()}")
        outcome: dict[str, Any] = json.loads(line)
        return outcome

    async def __call__(self, do: str, **order: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **order}).encode() + b"\n")
        return await self.outcome()


@contextlib.asynccontextmanager
async def telegram() -> AsyncIterator[tuple[Telegram, str]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench.telegram",
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**24,
    )
    speak = Telegram(process)
    try:
        yield speak, (await speak.outcome())["url"]
    finally:
        process.kill()
        await process.wait()


@contextlib.asynccontextmanager
async def bot(
    ask: Telegram, token: str, *arguments: str, env: dict[str, str]
) -> AsyncIterator[tuple[Process, float]]:
    """A bot that is up, and the seconds from its start to its first getUpdates."""
    polling = asyncio.create_task(ask("polled", token=token))
    began = time.monotonic()
    async with running(*arguments, env=env) as process:
        ending = asyncio.create_task(process.ends(patience=START))
        await asyncio.wait((polling, ending), return_when=asyncio.FIRST_COMPLETED)
        if not polling.done():
            raise SystemExit("\n".join(["The bot ended or never asked for updates.", *process.lines]))
        ending.cancel()
        yield process, (await polling)["at"] - began
        await process.stop()


def rest(process: Process) -> float:
    """Memory in MB."""
    return float(psutil.Process(process.pid).memory_info().rss / 2**20)


def row(name: str, *columns: str) -> None:
    print(f"{name:<44}", *(f"{each:>16}" for each in columns), flush=True)


def per_second(rounds: list[float]) -> float:
    return statistics.median(UPDATES / seconds for seconds in rounds)


def milliseconds(times: list[float]) -> tuple[str, str]:
    return (
        f"{statistics.median(times) * 1000:.1f} ms",
        f"{statistics.quantiles(times, n=20)[-1] * 1000:.1f} ms",
    )


async def measure(folder: Path) -> None:
    async with telegram() as (ask, url):
        env = environment(folder / "hotline.db", token=HOTLINE, api_url=url, HOTLINE_LOGGING_LEVEL="WARNING")
        async with bot(ask, HOTLINE, "bot", "run", env=env) as (process, first_start):
            await ask("people", token=HOTLINE, count=PEOPLE, choose=True)
            await ask("flood", token=HOTLINE, updates=WARM_UP)
            reply = folder / "reply.json"
            reply.write_text(json.dumps(await ask("sample", token=HOTLINE)), encoding="utf-8")
        async with contextlib.AsyncExitStack() as stack:
            process, start = await stack.enter_async_context(bot(ask, HOTLINE, "bot", "run", env=env))
            hotline, memory = process, {}
            starts = {"hotline": start}
            for transport, token in ECHO.items():
                arguments = ("tests.bench.echo", token, url, transport, str(reply))
                process, starts[transport] = await stack.enter_async_context(
                    bot(ask, token, *arguments, env=dict(os.environ))
                )
                memory[transport] = rest(process)
                await ask("people", token=token, count=PEOPLE, choose=False)
                await ask("flood", token=token, updates=WARM_UP)
            memory["hotline"] = rest(hotline)  # by now its knowledge is open
            tokens = {"hotline": HOTLINE, **ECHO}
            rounds: dict[str, list[float]] = {name: [] for name in tokens}
            for _ in range(ROUNDS):
                for name, token in tokens.items():
                    rounds[name].append((await ask("flood", token=token, updates=UPDATES))["seconds"])
            paced = {
                name: (await ask("pace", token=token, updates=200, per_second=PACE))["times"]
                for name, token in tokens.items()
            }
            stalled = await ask("stall", token=HOTLINE, seconds=STALL, questions=40)

    row("", "hotline", "echo (httpx)", "ratio", "echo (aiohttp)", "ratio")
    speed = {name: per_second(times) for name, times in rounds.items()}
    compare("updates a second, end to end", speed, "{:.0f}")
    median = {name: statistics.median(times) * 1000 for name, times in paced.items()}
    late = {name: statistics.quantiles(times, n=20)[-1] * 1000 for name, times in paced.items()}
    compare(f"update to reply at {PACE:.0f}/s, median", median, "{:.1f} ms")
    compare(f"update to reply at {PACE:.0f}/s, p95", late, "{:.1f} ms")
    compare("start to first getUpdates", starts, "{:.2f} s")
    compare("memory at rest", memory, "{:.0f} MB")
    row("start on a new database", f"{first_start:.2f} s")
    times = stalled["times"]
    row(
        f"another chat's reply in a {STALL:.0f} s stall, median",
        f"{statistics.median(times) * 1000:.1f} ms",
        "ratio",
        f"{statistics.median(times) * 1000 / median['hotline']:.2f}",
    )
    row("  the slowest", f"{max(times) * 1000:.1f} ms")
    print("(Updates a second are to be at least 0.8 of the echo bot's with the library's own transport.)")


def compare(name: str, figures: dict[str, float], form: str) -> None:
    ours = figures["hotline"]
    columns = [form.format(ours)]
    for transport in ECHO:
        columns += [form.format(figures[transport]), f"{ours / figures[transport]:.2f}"]
    row(name, *columns)


if __name__ == "__main__":
    parts = sys.argv[1:] or ["hotline", "search"]
    if "hotline" in parts:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(measure(Path(folder)))
    if "search" in parts:
        for line in search.figures():
            print(line, flush=True)
