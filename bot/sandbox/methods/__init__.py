"""What each method of the Bot API does. All are plain functions (world, bot, parameters) -> result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.methods import answering, changing, chats, profile, sending, threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.world import Bot, Json, World

EFFECTS: dict[str, Callable[[World, Bot, Json], Any]] = {
    "getMe": profile.get_me,
    "logOut": profile.agree,
    "close": profile.agree,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "setMyName": profile.set_my_name,
    "setMyDescription": profile.set_my_description,
    "getMyDescription": profile.get_my_description,
    "setMyShortDescription": profile.set_my_short_description,
    "getMyShortDescription": profile.get_my_short_description,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "sendVoice": sending.send_voice,
    "sendChatAction": sending.send_chat_action,
    "copyMessage": sending.copy_message,
    "copyMessages": sending.copy_messages,
    "forwardMessage": sending.forward_message,
    "editMessageText": changing.edit_message_text,
    "editMessageReplyMarkup": changing.edit_message_reply_markup,
    "deleteMessage": changing.delete_message,
    "deleteMessages": changing.delete_messages,
    "setMessageReaction": changing.set_message_reaction,
    "pinChatMessage": changing.pin_chat_message,
    "unpinChatMessage": changing.unpin_chat_message,
    "createForumTopic": threads.create_forum_topic,
    "editForumTopic": threads.edit_forum_topic,
    "closeForumTopic": threads.close_forum_topic,
    "reopenForumTopic": threads.reopen_forum_topic,
    "deleteForumTopic": threads.delete_forum_topic,
    "getChat": chats.get_chat,
    "getChatMember": chats.get_chat_member,
    "getChatAdministrators": chats.get_chat_administrators,
    "getChatMemberCount": chats.get_chat_member_count,
    "leaveChat": chats.leave_chat,
    "getFile": chats.get_file,
    "answerCallbackQuery": answering.answer_callback_query,
    "answerInlineQuery": answering.answer_inline_query,
}
