"""The methods of the Bot API that the sandbox speaks, and the objects that go into them.

Names and types are those of https://core.telegram.org/bots/api; `!` marks what is required.
A test compares these tables with the published specification.
"""

from __future__ import annotations

Fields = dict[str, str]

_MARKUP = "InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply"
_CHAT = {"chat_id": "Integer|String!"}
_MESSAGE = _CHAT | {"message_id": "Integer!"}
_THREAD = _CHAT | {"message_thread_id": "Integer!"}
_QUIETLY = {"disable_notification": "Boolean", "protect_content": "Boolean"}
_ADDRESS = _CHAT | {"message_thread_id": "Integer", "direct_messages_topic_id": "Integer"}
_SEND = (
    _ADDRESS
    | _QUIETLY
    | {
        "allow_paid_broadcast": "Boolean",
        "message_effect_id": "String",
        "suggested_post_parameters": "SuggestedPostParameters",
        "reply_parameters": "ReplyParameters",
        "reply_markup": _MARKUP,
    }
)
_BUSINESS = {"business_connection_id": "String"}
_CAPTION = {"caption": "String", "parse_mode": "String", "caption_entities": "Array of MessageEntity"}
_TEXT = {
    "parse_mode": "String",
    "entities": "Array of MessageEntity",
    "link_preview_options": "LinkPreviewOptions",
}
_LANGUAGE = {"language_code": "String"}
_OWN_MESSAGE = _BUSINESS | {
    "chat_id": "Integer|String",
    "message_id": "Integer",
    "inline_message_id": "String",
    "reply_markup": "InlineKeyboardMarkup",
}

METHODS: dict[str, Fields] = {
    "getMe": {},
    "logOut": {},
    "close": {},
    "getUpdates": {
        "offset": "Integer",
        "limit": "Integer",
        "timeout": "Integer",
        "allowed_updates": "Array of String",
    },
    "setWebhook": {
        "url": "String!",
        "certificate": "InputFile",
        "ip_address": "String",
        "max_connections": "Integer",
        "allowed_updates": "Array of String",
        "drop_pending_updates": "Boolean",
        "secret_token": "String",
    },
    "deleteWebhook": {"drop_pending_updates": "Boolean"},
    "getWebhookInfo": {},
    "sendMessage": _BUSINESS | _SEND | _TEXT | {"text": "String!"},
    "sendPhoto": _BUSINESS
    | _SEND
    | _CAPTION
    | {"photo": "InputFile|String!", "show_caption_above_media": "Boolean", "has_spoiler": "Boolean"},
    "sendDocument": _BUSINESS
    | _SEND
    | _CAPTION
    | {
        "document": "InputFile|String!",
        "thumbnail": "InputFile|String",
        "disable_content_type_detection": "Boolean",
    },
    "sendVoice": _BUSINESS | _SEND | _CAPTION | {"voice": "InputFile|String!", "duration": "Integer"},
    "sendChatAction": _BUSINESS | _CHAT | {"message_thread_id": "Integer", "action": "String!"},
    "copyMessage": _SEND
    | _CAPTION
    | {
        "from_chat_id": "Integer|String!",
        "message_id": "Integer!",
        "video_start_timestamp": "Integer",
        "show_caption_above_media": "Boolean",
    },
    "copyMessages": _ADDRESS
    | _QUIETLY
    | {
        "from_chat_id": "Integer|String!",
        "message_ids": "Array of Integer!",
        "remove_caption": "Boolean",
    },
    "forwardMessage": _ADDRESS
    | _QUIETLY
    | {
        "from_chat_id": "Integer|String!",
        "message_id": "Integer!",
        "video_start_timestamp": "Integer",
        "message_effect_id": "String",
        "suggested_post_parameters": "SuggestedPostParameters",
    },
    "editMessageText": _OWN_MESSAGE | _TEXT | {"text": "String", "rich_message": "InputRichMessage"},
    "editMessageReplyMarkup": _OWN_MESSAGE,
    "deleteMessage": _MESSAGE,
    "deleteMessages": _CHAT | {"message_ids": "Array of Integer!"},
    "setMessageReaction": _MESSAGE | {"reaction": "Array of ReactionType", "is_big": "Boolean"},
    "pinChatMessage": _BUSINESS | _MESSAGE | {"disable_notification": "Boolean"},
    "unpinChatMessage": _BUSINESS | _CHAT | {"message_id": "Integer"},
    "createForumTopic": _CHAT
    | {"name": "String!", "icon_color": "Integer", "icon_custom_emoji_id": "String"},
    "editForumTopic": _THREAD | {"name": "String", "icon_custom_emoji_id": "String"},
    "closeForumTopic": _THREAD,
    "reopenForumTopic": _THREAD,
    "deleteForumTopic": _THREAD,
    "getChat": _CHAT,
    "getChatMember": _CHAT | {"user_id": "Integer!"},
    "getChatAdministrators": _CHAT | {"return_bots": "Boolean"},
    "getChatMemberCount": _CHAT,
    "leaveChat": _CHAT,
    "getFile": {"file_id": "String!"},
    "answerCallbackQuery": {
        "callback_query_id": "String!",
        "text": "String",
        "show_alert": "Boolean",
        "url": "String",
        "cache_time": "Integer",
    },
    "answerInlineQuery": {
        "inline_query_id": "String!",
        "results": "Array of InlineQueryResult!",
        "cache_time": "Integer",
        "is_personal": "Boolean",
        "next_offset": "String",
        "button": "InlineQueryResultsButton",
    },
    "setMyCommands": _LANGUAGE | {"commands": "Array of BotCommand!", "scope": "BotCommandScope"},
    "getMyCommands": _LANGUAGE | {"scope": "BotCommandScope"},
    "setMyName": _LANGUAGE | {"name": "String"},
    "setMyDescription": _LANGUAGE | {"description": "String"},
    "getMyDescription": _LANGUAGE,
    "setMyShortDescription": _LANGUAGE | {"short_description": "String"},
    "getMyShortDescription": _LANGUAGE,
}

OBJECTS: dict[str, Fields] = {
    "MessageEntity": {
        "type": "String!",
        "offset": "Integer!",
        "length": "Integer!",
        "url": "String",
        "user": "User",
        "language": "String",
        "custom_emoji_id": "String",
        "unix_time": "Integer",
        "date_time_format": "String",
    },
    "LinkPreviewOptions": {
        "is_disabled": "Boolean",
        "url": "String",
        "prefer_small_media": "Boolean",
        "prefer_large_media": "Boolean",
        "show_above_text": "Boolean",
    },
    "ReplyParameters": {
        "message_id": "Integer!",
        "chat_id": "Integer|String",
        "allow_sending_without_reply": "Boolean",
        "quote": "String",
        "quote_parse_mode": "String",
        "quote_entities": "Array of MessageEntity",
        "quote_position": "Integer",
        "checklist_task_id": "Integer",
        "poll_option_id": "String",
    },
    "InlineKeyboardMarkup": {"inline_keyboard": "Array of Array of InlineKeyboardButton!"},
    "InlineKeyboardButton": {
        "text": "String!",
        "icon_custom_emoji_id": "String",
        "style": "String",
        "url": "String",
        "callback_data": "String",
        "web_app": "WebAppInfo",
        "login_url": "LoginUrl",
        "switch_inline_query": "String",
        "switch_inline_query_current_chat": "String",
        "switch_inline_query_chosen_chat": "SwitchInlineQueryChosenChat",
        "copy_text": "CopyTextButton",
        "callback_game": "CallbackGame",
        "pay": "Boolean",
    },
    "CopyTextButton": {"text": "String!"},
    "ReplyKeyboardMarkup": {
        "keyboard": "Array of Array of KeyboardButton!",
        "is_persistent": "Boolean",
        "resize_keyboard": "Boolean",
        "one_time_keyboard": "Boolean",
        "input_field_placeholder": "String",
        "selective": "Boolean",
    },
    "KeyboardButton": {
        "text": "String!",
        "icon_custom_emoji_id": "String",
        "style": "String",
        "request_users": "KeyboardButtonRequestUsers",
        "request_chat": "KeyboardButtonRequestChat",
        "request_managed_bot": "KeyboardButtonRequestManagedBot",
        "request_contact": "Boolean",
        "request_location": "Boolean",
        "request_poll": "KeyboardButtonPollType",
        "web_app": "WebAppInfo",
    },
    "ReplyKeyboardRemove": {"remove_keyboard": "Boolean!", "selective": "Boolean"},
    "ForceReply": {"force_reply": "Boolean!", "input_field_placeholder": "String", "selective": "Boolean"},
    "ReactionTypeEmoji": {"type": "String!", "emoji": "String!"},
    "ReactionTypeCustomEmoji": {"type": "String!", "custom_emoji_id": "String!"},
    "ReactionTypePaid": {"type": "String!"},
    "BotCommand": {"command": "String!", "description": "String!"},
    "BotCommandScopeDefault": {"type": "String!"},
    "BotCommandScopeAllPrivateChats": {"type": "String!"},
    "BotCommandScopeAllGroupChats": {"type": "String!"},
    "BotCommandScopeAllChatAdministrators": {"type": "String!"},
    "BotCommandScopeChat": {"type": "String!", "chat_id": "Integer|String!"},
    "BotCommandScopeChatAdministrators": {"type": "String!", "chat_id": "Integer|String!"},
    "BotCommandScopeChatMember": {"type": "String!", "chat_id": "Integer|String!", "user_id": "Integer!"},
    "InlineQueryResultArticle": {
        "type": "String!",
        "id": "String!",
        "title": "String!",
        "input_message_content": "InputMessageContent!",
        "reply_markup": "InlineKeyboardMarkup",
        "url": "String",
        "description": "String",
        "thumbnail_url": "String",
        "thumbnail_width": "Integer",
        "thumbnail_height": "Integer",
    },
    "InputTextMessageContent": {
        "message_text": "String!",
        "parse_mode": "String",
        "entities": "Array of MessageEntity",
        "link_preview_options": "LinkPreviewOptions",
    },
    "InlineQueryResultsButton": {"text": "String!", "web_app": "WebAppInfo", "start_parameter": "String"},
}

# Which object of a family is meant: by its `type`, or by the field that only it has.
BY_TYPE: dict[str, dict[str, str]] = {
    "ReactionType": {
        "emoji": "ReactionTypeEmoji",
        "custom_emoji": "ReactionTypeCustomEmoji",
        "paid": "ReactionTypePaid",
    },
    "BotCommandScope": {
        "default": "BotCommandScopeDefault",
        "all_private_chats": "BotCommandScopeAllPrivateChats",
        "all_group_chats": "BotCommandScopeAllGroupChats",
        "all_chat_administrators": "BotCommandScopeAllChatAdministrators",
        "chat": "BotCommandScopeChat",
        "chat_administrators": "BotCommandScopeChatAdministrators",
        "chat_member": "BotCommandScopeChatMember",
    },
    "InlineQueryResult": {"article": "InlineQueryResultArticle"},
}
BY_FIELD: dict[str, dict[str, str]] = {
    _MARKUP: {
        "inline_keyboard": "InlineKeyboardMarkup",
        "keyboard": "ReplyKeyboardMarkup",
        "remove_keyboard": "ReplyKeyboardRemove",
        "force_reply": "ForceReply",
    },
    "InputMessageContent": {"message_text": "InputTextMessageContent"},
}

# Parts of Telegram that the sandbox does not play: refused, lest a test believes in an effect.
NOT_PLAYED = frozenset(
    {
        "business_connection_id",
        "direct_messages_topic_id",
        "suggested_post_parameters",
        "message_effect_id",
        "inline_message_id",
        "rich_message",
        "certificate",
    }
)
