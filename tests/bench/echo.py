"""A bare echo bot of the library, which replies with a text and a keyboard of the hotline's size.

Arguments: token, address of the API, transport (httpx: the library's own; aiohttp: ours), file of the reply.
"""

import json
import sys
from pathlib import Path

from telegram import InlineKeyboardMarkup, Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from handlers.telegram.request import AiohttpRequest


def main(token: str, api_url: str, transport: str, reply: Path) -> None:
    sample = json.loads(reply.read_text(encoding="utf-8"))
    markup = InlineKeyboardMarkup.de_json(sample["reply_markup"])

    async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(sample["text"], parse_mode="HTML", reply_markup=markup)

    builder = Application.builder().token(token).base_url(f"{api_url}/bot")
    if transport == "aiohttp":
        builder = builder.request(AiohttpRequest()).get_updates_request(AiohttpRequest())
    application = builder.build()
    application.add_handler(MessageHandler(filters.ALL, echo))
    application.run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:4], Path(sys.argv[4]))
