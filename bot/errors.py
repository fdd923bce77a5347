"""What a person can be refused. Everything else that goes wrong is a bug."""

from collections.abc import Mapping
from typing import Any


class HotlineError(Exception):
    """A refusal, shown by the edge in the person's language: `key` names its text."""

    key: str = "nothing_here"

    def __init__(self, **values: Any) -> None:
        super().__init__(self.key)
        self.values: Mapping[str, Any] = values


class StaffOnly(HotlineError):
    """Only the hotline's staff may do this."""

    key = "staff_only"


class InvitationInvalid(HotlineError):
    """The invitation has been used or has expired."""

    key = "invite_invalid"


class TicketGone(HotlineError):
    """No such ticket is open (any more)."""

    key = "ticket_gone"


class TakenAlready(HotlineError):
    """Another consultant was first."""

    key = "taken_already"


class EventUnknown(HotlineError):
    """The event was never published or is no longer listed."""

    key = "event_unknown"


class EventOver(HotlineError):
    """The event has begun; `title` says which."""

    key = "event_over"


class NothingHere(HotlineError):
    """What the button spoke of is no longer there."""

    key = "nothing_here"


class CallerMistake(Exception):
    """The caller of a command made mistakes: one plain line for each, exit status 2."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class Findings(Exception):
    """A command looked for what is wrong and found it: one plain line for each, exit status 1."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines
