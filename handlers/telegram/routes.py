"""Every update we listen to, in order, on one screen: the first route that fits takes it."""

import re

from telegram import Update
from telegram.ext import (
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.model import Role
from handlers.telegram import announcing, asking, desk, handing, holding, start
from handlers.telegram.context import App
from handlers.telegram.unit import STAFF, Handle, Prepare, Unit

PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
GROUP = filters.ChatType.GROUPS & filters.UpdateType.MESSAGE
EDITED = filters.UpdateType.EDITED_MESSAGE & (filters.TEXT | filters.CAPTION) & ~filters.COMMAND
MOVED = filters.StatusUpdate.MIGRATE
SERVICE = filters.StatusUpdate.ALL
# What the poller asks Telegram for.
KINDS = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]


def add_routes(app: App) -> None:
    def command(
        names: str, handle: Handle, prepare: Prepare | None = None, role: tuple[Role, ...] = ()
    ) -> None:
        app.add_handler(CommandHandler(names.split(), Unit(handle, prepare, role), filters=PRIVATE))

    def button(
        action: str, handle: Handle, prepare: Prepare | None = None, role: tuple[Role, ...] = ()
    ) -> None:
        pattern = re.compile(f"^{action}:")
        app.add_handler(CallbackQueryHandler(Unit(handle, prepare, role), pattern=pattern))

    def message(fits: filters.BaseFilter, handle: Handle, prepare: Prepare | None = None) -> None:
        app.add_handler(MessageHandler(fits, Unit(handle, prepare)))

    # First contact, menu, language
    command("start", start.begin)
    command("menu help", start.menu)
    command("language", start.languages)
    button("menu", start.menu)
    button("languages", start.languages)
    button("language", start.set_language, prepare=start.find_waiting)

    # Asking
    button("browse", asking.browse)
    button("category", asking.category)
    button("suggest", asking.suggested)
    button("more", asking.more)
    button("helped", asking.helped)
    button("none", asking.none_of_these)
    command("gaps", asking.gaps, role=STAFF)

    # Handing over
    command("human", handing.human)
    button("human", handing.human)
    button("ask", handing.ask_bot)
    button("belongs", handing.belongs)
    button("region", handing.region)
    button("municipality", handing.municipality)
    button("skip", handing.skip)
    button("confirm", handing.confirm)
    button("withhold", handing.withhold)

    # Announcements
    command("topics", announcing.topics)
    command("stop", announcing.stop)
    button("topics", announcing.topics)
    button("follow", announcing.follow)
    button("stop", announcing.stop)
    button("going", announcing.going)
    button("waitlist", announcing.waitlist)
    button("cancel", announcing.cancel)

    # What is held
    command("mydata", holding.show)
    command("forget", holding.forget)
    button("mydata", holding.show)
    button("forget", holding.forget)

    # The desk
    app.add_handler(CommandHandler("desk", Unit(desk.accept, desk.find_rights), filters=GROUP))
    button("take", desk.take, role=STAFF)
    button("release", desk.release, role=STAFF)
    button("resolve", desk.resolve, role=STAFF)
    app.add_handler(ChatMemberHandler(Unit(desk.membership), ChatMemberHandler.MY_CHAT_MEMBER))
    message(GROUP & MOVED, desk.moved)
    message(GROUP & ~SERVICE, desk.written)

    # Whatever else a person sends; edited messages of both sides
    message(PRIVATE & filters.COMMAND, start.unknown_command)
    message(PRIVATE & filters.TEXT, asking.hear, prepare=asking.search)
    message(PRIVATE & filters.CONTACT, handing.contact)
    message(PRIVATE & ~SERVICE, asking.hear_other, prepare=asking.search)
    message(EDITED & filters.ChatType.PRIVATE, asking.hear_edited, prepare=asking.search)
    message(EDITED & filters.ChatType.GROUPS, desk.edited)
    app.add_handler(CallbackQueryHandler(Unit(start.old_button)))
