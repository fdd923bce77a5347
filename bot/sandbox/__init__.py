"""A stand-in for Telegram: the Bot API over HTTP, a page to look at, and persons to act in stories."""

from bot.sandbox.demo import Demo, prepare_demo
from bot.sandbox.driver import InlineQuery, Person, Tap
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.groups import ALL_RIGHTS, Channel, Group
from bot.sandbox.journal import Call, Journal
from bot.sandbox.limits import Limits
from bot.sandbox.messages import Button, Message
from bot.sandbox.sandbox import TOKEN, Sandbox
from bot.sandbox.world import Thread

__all__ = [
    "ALL_RIGHTS",
    "TOKEN",
    "Button",
    "Call",
    "Channel",
    "Demo",
    "Fault",
    "Faults",
    "Group",
    "InlineQuery",
    "Journal",
    "Limits",
    "Message",
    "Person",
    "Sandbox",
    "Tap",
    "Thread",
    "prepare_demo",
]
