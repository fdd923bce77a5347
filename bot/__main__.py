"""The command line, which puts the parts together."""

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sys
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from telegram.warnings import PTBUserWarning

from bot import entries, events, people
from bot.clock import clock
from bot.config import HOW_TO_MAKE_A_KEY, Config, Secrets, load
from bot.entries import Shelf
from bot.errors import CallerMistake, Findings
from bot.model import Role
from bot.storage import Database, Unavailable
from bot.storage.backup import back_up
from bot.storage.migrate import open_database, sole_run
from bot.storage.seal import Vault
from handlers.clock import start_ticks
from handlers.telegram.application import edge
from handlers.telegram.doctor import examine
from knowledge_base import ENTRIES
from knowledge_base.check import check

if TYPE_CHECKING:
    from bot.sandbox import Sandbox

DATABASE = "sqlite+aiosqlite:///var/hotline.db"
SANDBOX = Path("var") / "sandbox"  # commands run in the project's root
log = logging.getLogger("bot")
SANDBOX_DATABASE = f"sqlite+aiosqlite:///{SANDBOX / 'hotline.db'}"


@dataclass(frozen=True)
class Installation:
    """Where a command works: the database, its key and the time."""

    config: Config
    secrets: Secrets
    url: str
    vault: Vault
    now: Callable[[], datetime]

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[Database]:
        async with open_database(self.url, self.vault) as database:
            yield database


def installation() -> Installation:
    """Read the configuration and find the database.

    Raises:
        CallerMistake: the configuration is wrong, or there is no secret key.
    """
    config, secrets = load()
    if secrets.sandboxed:
        key, url = secrets.key or sandbox_key(), SANDBOX_DATABASE
    else:
        if secrets.key is None:
            raise CallerMistake(f"HOTLINE_SECRET_KEY is not set. {HOW_TO_MAKE_A_KEY}")
        key, url = secrets.key, secrets.database_url or DATABASE
    return Installation(config, secrets, url, Vault(key), clock(secrets.clock_file))


async def run(at: Installation, token: str, api_url: str, opened: asyncio.Event | None = None) -> None:
    """The hotline itself, until it is stopped; `opened` is set once the database is made and filled."""
    folder = entries.read_folder(ENTRIES)
    async with at.open() as database:
        imported = await database.write(lambda tx: entries.import_folder(tx, folder, now=at.now()))
        for kept in imported.kept:
            log.warning("Entry %s was edited live and its file changed too: the live text stays.", kept)
        if opened is not None:
            opened.set()
        shelf = Shelf(database, at.config.search, folder)  # a tick opens it; updates are taken in meanwhile
        async with edge(
            token, api_url, database=database, shelf=shelf, config=at.config, now=at.now
        ) as telegram:
            queue = telegram.application.job_queue
            if queue is None:
                raise RuntimeError("the library came without its job queue")
            start_ticks(queue, database, shelf, at.config, at.now)
            try:
                await telegram.poll()
            finally:
                shelf.close()


async def run_command(at: Installation) -> None:
    token = at.secrets.token
    if token is None:
        raise CallerMistake(
            "HOTLINE_TELEGRAM_TOKEN is not set: @BotFather gives one; `make run` works without."
        )
    if not token.partition(":")[0].isdecimal():
        raise CallerMistake("HOTLINE_TELEGRAM_TOKEN does not look like a token (digits, a colon, letters).")
    with sole_run(at.url):
        await run(at, token, at.secrets.api_url)


async def sandbox_command(at: Installation, port: int | None) -> None:
    """The hotline on this machine alone, with a page to try it in the browser."""
    SANDBOX.mkdir(parents=True, exist_ok=True)
    chosen = at.config.sandbox.port if port is None else port
    with sole_run(at.url):
        await sandboxed(at, chosen)


async def sandboxed(at: Installation, port: int) -> None:
    """The stand-in for Telegram, and the hotline against it."""
    from bot.sandbox import TOKEN, Sandbox  # noqa: PLC0415 - only where it is used

    async with contextlib.AsyncExitStack() as stack:
        try:
            sandbox = await stack.enter_async_context(Sandbox(port=port, state=SANDBOX / "telegram.json"))
        except OSError as error:
            raise CallerMistake(
                f"Port {port} cannot be used ({error.strerror}): choose another by --port."
            ) from None
        opened = asyncio.Event()  # two that make a new database at once lock each other out
        running = asyncio.create_task(run(at, TOKEN, sandbox.url, opened))
        staffing = asyncio.create_task(staff_sandbox(at, sandbox, opened))
        print(f"\n  The hotline is here: {sandbox.url}/\n  Stop it with Ctrl-C.\n", flush=True)
        try:
            await running
        finally:
            for task in (staffing, running):
                task.cancel()
            await asyncio.gather(staffing, running, return_exceptions=True)


async def staff_sandbox(at: Installation, sandbox: "Sandbox", opened: asyncio.Event) -> None:
    """In a new sandbox: the staff accept their invitations and the admin makes the group the desk."""
    from bot.sandbox import prepare_demo  # noqa: PLC0415 - only where it is used

    new = sandbox.is_new
    demo = await prepare_demo(sandbox)
    if not new:
        return
    await opened.wait()
    staff = ((demo.giorgi, Role.ADMIN), (demo.levan, Role.CONSULTANT), (demo.tamar, Role.CONSULTANT))
    for person, role in staff:
        await person.says(f"/start {await invite(at, role)}")
        await person.taps("language:ka", patience=60)
    await demo.giorgi.says("/desk", demo.desk)


def sandbox_key() -> bytes:
    """The sandbox's own secret key, made at its first start."""
    path = SANDBOX / "key"
    if not path.exists():
        SANDBOX.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(os.urandom(32))
    return path.read_bytes()


async def invite(at: Installation, role: Role) -> str:
    async with at.open() as database:
        return await database.write(lambda tx: people.invite(tx, role, now=at.now()))


async def invite_command(at: Installation, role: str) -> None:
    payload = await invite(at, Role(role))
    print(f"Valid once, for {people.INVITE_HOLDS.days} days. Send to the bot: /start and this:")
    print(payload)


async def import_command(at: Installation, path: Path) -> None:
    folder = entries.read_folder(path)
    async with at.open() as database:
        imported = await database.write(lambda tx: entries.import_folder(tx, folder, now=at.now()))
    print(f"New: {len(imported.added)}, updated: {len(imported.updated)}, kept: {len(imported.kept)}")
    for entry in imported.kept:
        print(f"{entry}: was edited live and its file changed too; the live text stays.")


async def export_command(at: Installation, path: Path) -> None:
    async with at.open() as database, database.read() as tx:
        count = await entries.export_folder(tx, path)
    print(f"Written: {count}, to {path}")


async def event_command(at: Installation, path: Path, *, publish: bool) -> None:
    event = events.read(path)
    async with at.open() as database:
        event_id = await database.write(lambda tx: events.add(tx, event, publish=publish, now=at.now()))
    print(event_id)


async def doctor_command(at: Installation) -> None:
    """Say what is not in place.

    Raises:
        Findings: something is not.
    """
    findings = [str(each) for each in check(entries.read_folder(ENTRIES))]
    async with at.open() as database:
        if at.secrets.token is None:
            findings.append("HOTLINE_TELEGRAM_TOKEN is not set: only the sandbox can run.")
        else:
            findings += await examine(at.secrets.token, at.secrets.api_url, database)
    if findings:
        raise Findings(*findings)
    print("All is in place.")


async def backup_command(at: Installation, path: Path) -> None:
    async with at.open():  # brings it up to date first, and tells if it cannot be opened
        await back_up(at.url, path)
    print(f"Written: {path}. It is of use only together with the secret key.")


class Parser(argparse.ArgumentParser):
    """Wrong arguments are told like any other mistake: in one line."""

    def error(self, message: str) -> NoReturn:
        raise CallerMistake(f"{message}. See: {self.prog} --help")


def parser() -> argparse.ArgumentParser:
    root = Parser(prog="python -m bot", description="The hotline.")
    commands = root.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("run", help="answer on Telegram, by long polling")
    sandbox = commands.add_parser("sandbox", help="try it in the browser, without Telegram")
    sandbox.add_argument("--port", type=int)
    invited = commands.add_parser("invite", help="make a one-time invitation to the staff")
    invited.add_argument("--role", required=True, choices=[each.value for each in Role])
    entry = commands.add_parser("entries", help="bring the knowledge base in or out").add_subparsers(
        dest="action", required=True
    )
    for action in ("import", "export"):
        entry.add_parser(action).add_argument("dir", type=Path)
    event = commands.add_parser("event", help="announce a forum, a training, a call").add_subparsers(
        dest="action", required=True
    )
    added = event.add_parser("add")
    added.add_argument("file", type=Path)
    added.add_argument("--publish", action="store_true", help="announce it to its subscribers")
    commands.add_parser("doctor", help="say what is not in place")
    backup = commands.add_parser("backup", help="copy the database while the hotline runs")
    backup.add_argument("file", type=Path)
    return root


def work(chosen: argparse.Namespace, at: Installation) -> Coroutine[Any, Any, None]:
    command = chosen.command or ("run" if at.secrets.token else "sandbox")
    match command, getattr(chosen, "action", None):
        case "run", _:
            return run_command(at)
        case "sandbox", _:
            return sandbox_command(at, getattr(chosen, "port", None))
        case "invite", _:
            return invite_command(at, chosen.role)
        case "entries", "import":
            return import_command(at, chosen.dir)
        case "entries", _:
            return export_command(at, chosen.dir)
        case "doctor", _:
            return doctor_command(at)
        case "backup", _:
            return backup_command(at, chosen.file)
        case _:
            return event_command(at, chosen.file, publish=chosen.publish)


async def until_stopped(task: Coroutine[Any, Any, None]) -> None:
    """Do the work until it is done, or SIGTERM or SIGINT asks to stop: both are success."""
    loop = asyncio.get_running_loop()
    working = asyncio.create_task(task)
    stopped = False

    def stop() -> None:
        nonlocal stopped
        stopped = True
        working.cancel()

    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stop)
    try:
        await working
    except asyncio.CancelledError:
        if not stopped:
            raise


def main(arguments: Sequence[str] | None = None) -> int:
    # The library warns that getUpdates is better called by its own method: that one loses updates.
    warnings.filterwarnings("ignore", message=".*do_api_request", category=PTBUserWarning)
    try:
        chosen = parser().parse_args(arguments)
        at = installation()
        set_up_logging(at.config)
        with asyncio.Runner(loop_factory=event_loop) as runner:
            runner.run(until_stopped(work(chosen, at)))
    except CallerMistake as mistake:
        for line in mistake.lines:
            print(line, file=sys.stderr)
        return 2
    except Unavailable as error:
        print(f"The database is out of reach: {error}", file=sys.stderr)
        return 1
    except Findings as found:
        for line in found.lines:
            print(line)
        return 1
    return 0


def event_loop() -> asyncio.AbstractEventLoop:
    """A tenth faster than Python's own; there is none for Windows."""
    try:
        import uvloop  # noqa: PLC0415 - it may not be there
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def set_up_logging(config: Config) -> None:
    logging.basicConfig(level=config.logging.level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # Some of these would log what people wrote.
    for chatty in ("telegram", "httpx", "apscheduler", "alembic", "aiosqlite", "aiohttp", "sqlalchemy"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL)  # it logs answers it cannot read


if __name__ == "__main__":
    sys.exit(main())
