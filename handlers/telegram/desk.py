"""The consultants' group: made the desk, and its threads."""

import re
from datetime import timedelta
from typing import Final

from telegram import ChatMemberAdministrator, ChatMemberOwner, Message, Update
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import filters

from bot import desks, tickets
from bot.errors import TicketGone
from bot.model import Ticket, Utterance
from bot.storage import groups
from bot.storage import tickets as ticket_rows
from handlers.telegram.context import Context, press, utterance

# How long Telegram is asked for our rights while it does not answer; then whoever wants a desk is told.
ASK_FOR: Final = timedelta(minutes=5)
_NUMBER: Final = re.compile(r"#(\d{1,18})\b")  # a thread's name begins with its ticket's number


async def find_rights(update: Update, context: Context) -> tuple[str | None, tuple[str, ...] | None]:
    """Ask Telegram what the bot lacks here (a text key; none = nothing) and which reactions are allowed.

    Raises:
        TelegramError: it is out of reach; ask again.
    """
    chat, message = update.effective_chat, update.effective_message
    if chat is None or message is None or not chat.is_forum:
        return "desk_not_forum", None
    try:
        me = await context.bot.get_chat_member(chat.id, context.bot.id)
        # The library makes "all reactions" (no list) and "none" (an empty list) the same: ask plainly.
        full = await context.bot.do_api_request("getChat", api_kwargs={"chat_id": chat.id})
    except (BadRequest, Forbidden):
        return "right_administrator", None
    except TelegramError:
        if context.now - message.date < ASK_FOR:
            raise
        return "desk_not_asked", None
    allowed = full.get("available_reactions")
    emojis = None if allowed is None else tuple(each.get("emoji", "") for each in allowed)
    if isinstance(me, ChatMemberOwner):
        return None, emojis
    if not isinstance(me, ChatMemberAdministrator):
        return "right_administrator", emojis
    return None if me.can_manage_topics else "right_manage_topics", emojis


def _leave_after(context: Context) -> timedelta:
    return timedelta(minutes=context.hotline.config.desk.leave_after_minutes)


async def accept(update: Update, context: Context) -> None:
    """`/desk`."""
    chat = update.effective_chat
    if chat is None:
        return
    missing, reactions = context.found
    await desks.accept(
        context.tx,
        context.person,
        chat.id,
        missing=missing,
        reactions=reactions,
        leave_after=_leave_after(context),
        now=context.now,
    )


async def membership(update: Update, context: Context) -> None:
    """The bot was added to a group or removed from it. What persons and channels do with it says nothing."""
    changed = update.my_chat_member
    if changed is None or changed.chat.type not in (changed.chat.GROUP, changed.chat.SUPERGROUP):
        return
    gone = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)
    if changed.new_chat_member.status in gone:
        await desks.thrown_out(context.tx, changed.chat.id, now=context.now)
    elif changed.old_chat_member.status in gone:
        await desks.entered(context.tx, changed.chat.id, leave_after=_leave_after(context), now=context.now)


async def moved(update: Update, context: Context) -> None:
    """The group became a supergroup with another id."""
    message = update.effective_message
    if message and message.migrate_to_chat_id:
        await groups.move(context.tx, message.chat.id, message.migrate_to_chat_id)


async def _ticket_of(update: Update, context: Context) -> Ticket | None:
    """The ticket of the thread in which this was written; none in threads of the consultants' own."""
    message = update.effective_message
    if message is None or message.message_thread_id is None:
        return None
    group = await groups.by_chat(context.tx, message.chat.id)
    if group is None or not group.desk:
        return None
    ticket = await ticket_rows.by_thread(context.tx, group.id, message.message_thread_id)
    return ticket or await _ticket_named(message, group.id, context)


async def _ticket_named(message: Message, group_id: int, context: Context) -> Ticket | None:
    """The ticket in the name of a thread that we made and do not know.

    A consultant may be faster than the mark that the thread was made; or the process was killed before it,
    and the thread was made twice. Telegram shows what is written in a thread as a reply to its making.
    """
    made = message.reply_to_message
    if made is None or made.forum_topic_created is None or made.from_user is None:
        return None
    number = _NUMBER.match(made.forum_topic_created.name)
    if number is None or made.from_user.id != context.bot.id:
        return None
    ticket = await ticket_rows.by_number(context.tx, int(number[1]))
    return ticket if ticket and ticket.group_id == group_id else None


async def written(update: Update, context: Context) -> None:
    """A message in a thread: carried to the requester, if somebody on the staff wrote it.

    A command was meant for the bot, not for the requester: it is ignored.
    """
    message = update.effective_message
    ticket = await _ticket_of(update, context)
    if message is None or ticket is None or filters.COMMAND.filter(message):
        return
    if message.sender_chat is not None:
        await desks.refuse(
            context.tx, ticket, "anonymous_admin", reply_to=message.message_id, now=context.now
        )
    elif not context.person.staff:
        await desks.refuse(context.tx, ticket, "not_staff", reply_to=message.message_id, now=context.now)
    elif message.contact is not None:
        await desks.confirm_contact(context.tx, ticket, message.message_id, now=context.now)
    else:
        await tickets.answer(context.tx, ticket, context.person, utterance(update), now=context.now)


async def edited(update: Update, context: Context) -> None:
    """A consultant mended what they had written."""
    message = update.effective_message
    ticket = await _ticket_of(update, context)
    if message is None or ticket is None or not context.person.staff or message.text is None:
        return
    await tickets.mend_at_person(context.tx, ticket, message.message_id, message.text, now=context.now)


async def carry(update: Update, context: Context, card: Utterance) -> None:
    """A consultant confirmed that their contact card is to reach the requester."""
    ticket = await _ticket_of(update, context)
    if ticket is None:
        raise TicketGone
    await tickets.answer(context.tx, ticket, desks.staff(context.person), card, now=context.now, once=True)


def _number(update: Update) -> int:
    number = press(update).number(0)
    if number is None:
        raise TicketGone
    return number


async def take(update: Update, context: Context) -> None:
    await tickets.claim(context.tx, _number(update), context.person, now=context.now)


async def release(update: Update, context: Context) -> None:
    await tickets.release(context.tx, _number(update), now=context.now)


async def resolve(update: Update, context: Context) -> None:
    await tickets.resolve(context.tx, _number(update), now=context.now)
