"""The sending budget: Telegram's limits, kept by ourselves so that answers are never held up by 429."""

from collections import deque
from typing import Final

from bot.config import Sending

# Kind (person, group) and id: calls to one chat leave one after the other.
ChatKey = tuple[str, int]
# A chat that got 429 is paused; so many different ones within a second pause all.
FLOODED_CHATS: Final = 3
# In one chat, seconds over which its rate is kept: short bursts pass.
CHAT_SECONDS: Final = 3.0
MINUTE: Final = 60.0


class Window:
    """At most `limit` in any `seconds`; 0 = no limit."""

    def __init__(self, limit: float, seconds: float) -> None:
        self._limit, self._seconds = limit, seconds
        self._times: deque[float] = deque()

    def ready_at(self, now: float) -> float:
        """When one more fits in; not later than `now` if it does so at once."""
        while self._times and self._times[0] <= now - self._seconds:
            self._times.popleft()
        if not self._limit or len(self._times) < self._limit:
            return now
        return self._times[len(self._times) - max(int(self._limit), 1)] + self._seconds

    def use(self, now: float) -> None:
        if self._limit:
            self._times.append(now)

    def give_back(self) -> None:
        """The last one was refused."""
        if self._times:
            self._times.pop()

    @property
    def idle(self) -> bool:
        return not self._times


class Budget:
    """Says when a chat may get its next call. All times are of the monotonic clock, in seconds."""

    def __init__(self, sending: Sending) -> None:
        self._sending = sending
        self._bulk = Window(sending.bulk_per_second, 1.0)
        self._chats: dict[ChatKey, tuple[Window, ...]] = {}
        self._paused: dict[ChatKey, float] = {}
        self._all_paused = 0.0
        self._floods: deque[tuple[float, ChatKey]] = deque()

    def ready_at(self, chat: ChatKey, now: float, *, counts: bool = True) -> float:
        """When this chat may get a call. A reaction does not count: it waits for no window."""
        windows = self._chats.get(chat, ()) if counts else ()
        ready = (window.ready_at(now) for window in windows)
        return max(now, *ready, self._paused.get(chat, 0.0), self._all_paused)

    def bulk_ready_at(self, now: float) -> float:
        """Broadcasts and reminders fill what answers leave."""
        return max(self._bulk.ready_at(now), self._all_paused)

    def use(self, chat: ChatKey, *, group: bool, now: float, counts: bool = True) -> None:
        """A call leaves. Answers count in the bulk window too, but are not held back by it."""
        if not counts:
            return
        self._bulk.use(now)
        if chat not in self._chats:
            self._chats[chat] = self._windows(group=group)
        for window in self._chats[chat]:
            window.use(now)

    def _windows(self, *, group: bool) -> tuple[Window, ...]:
        """A group keeps to the rate of any chat, and to its own of a minute."""
        second = Window(self._sending.chat_per_second * CHAT_SECONDS, CHAT_SECONDS)
        return (second, Window(self._sending.group_per_minute, MINUTE)) if group else (second,)

    def pause(self, chat: ChatKey, seconds: float, *, flood: bool, now: float, counts: bool = True) -> None:
        """This chat waits; if several were told to slow down within a second, all wait.

        A call that was refused for it (`flood`) uses nothing up.
        """
        self._paused[chat] = now + seconds
        self._paused = {key: until for key, until in self._paused.items() if until > now}
        if not flood:
            return
        for window in self._chats.get(chat, ()) if counts else ():
            window.give_back()
        self._floods.append((now, chat))
        while self._floods and self._floods[0][0] < now - 1.0:
            self._floods.popleft()
        if len({key for _, key in self._floods}) >= FLOODED_CHATS:
            self._all_paused = max(self._all_paused, now + seconds)

    def paused(self, now: float, *, counts: bool = True) -> dict[ChatKey, float]:
        """Chats that may get nothing now (nothing that counts, or nothing at all), and until when."""
        held = {key: self.ready_at(key, now, counts=counts) for key in {*self._paused, *self._chats}}
        self._chats = {key: kept for key, kept in self._chats.items() if not all(each.idle for each in kept)}
        return {key: until for key, until in held.items() if until > now}
