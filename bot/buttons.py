"""The buttons of the hotline. Their data is a fixed interface (DESIGN.md): `action:field[:…]`."""

from collections.abc import Iterable

from bot import values
from bot.languages import LANGUAGES
from bot.model import TOPICS, Button, Buttons

Row = tuple[Button, ...]

# Buttons share a row only where their labels stay short: a phone shows some fourteen characters of each.
HUMAN = Button("button_human", "human")
MENU = Button("button_menu", "menu")
# Never a dead end: a person is one tap from the menu and one tap from a human.
EXITS: Buttons = ((HUMAN,), (MENU,))


def human(question_id: int | None) -> Button:
    """Ask a person; with the question in hand, where there is one."""
    return HUMAN if question_id is None else Button("button_human", "human", ("", str(question_id)))


def exits(question_id: int | None) -> Buttons:
    return ((human(question_id),), (MENU,))


def menu() -> Buttons:
    return (
        (Button("button_browse", "browse"),),
        (HUMAN,),
        (Button("button_topics", "topics"),),
        (Button("button_language", "languages"),),
        (Button("button_mydata", "mydata"),),
    )


def languages() -> Buttons:
    """Each names itself."""
    return tuple((Button(f"name_{code}", "language", (code,)),) for code in LANGUAGES)


def categories(ids: Iterable[str]) -> Buttons:
    rows = tuple(
        (Button("button_value", "category", (each,), {"value": values.category(each)}),) for each in ids
    )
    return (*rows, *EXITS)


def suggestions(entries: Iterable[str], *, question_id: int | None) -> Buttons:
    """One entry a row; `question_id` is the question that they are suggested for."""
    rows = _questions(entries, () if question_id is None else (str(question_id),))
    if question_id is None:
        return (*rows, (Button("button_back", "browse"),), *EXITS)
    return (*rows, (Button("button_none", "none", ("", str(question_id))),), (MENU,))


def numbered(rows: Buttons, number: int) -> Button | None:
    """The question of that number."""
    questions = (button for row in rows for button in row if button.label == "numbered_question")
    return next((button for button in questions if button.values["number"] == number), None)


def _questions(entries: Iterable[str], extra: tuple[str, ...] = ()) -> Buttons:
    """Numbered as the text above them numbers them (`values.questions`)."""
    return tuple(
        (
            Button(
                "numbered_question",
                "suggest",
                (each, *extra),
                {"number": number, "title": values.entry(each)},
            ),
        )
        for number, each in enumerate(entries, 1)
    )


def answer(entry: str, *, more: bool, question_id: int | None, belongs_to: int | None = None) -> Buttons:
    extra = () if question_id is None else (str(question_id),)
    rows: list[Row] = [
        *([(Button("button_more", "more", (entry,)),)] if more else []),
        (
            Button("button_yes", "helped", ("yes", entry, *extra)),
            Button("button_no", "helped", ("no", entry, *extra)),
        ),
    ]
    return (*rows, *belongs(belongs_to, question_id), *exits(question_id))


def after_more(related: Iterable[str]) -> Buttons:
    return (*_questions(related), *EXITS)


def crisis(entry: str, *, question_id: int | None) -> Buttons:
    return ((Button("button_more", "more", (entry,)),), *exits(question_id))


def belongs(number: int | None, question_id: int | None) -> Buttons:
    """After a ticket was resolved: this message belongs to it."""
    if number is None or question_id is None:
        return ()
    data = (str(number), str(question_id))
    return ((Button("button_belongs", "belongs", data, {"number": number}),),)


def in_ticket() -> Buttons:
    """The way out while a ticket is open."""
    return ((Button("button_ask_bot", "ask"),), (MENU,))


def regions(ids: Iterable[str]) -> Buttons:
    return (*_places("region", ids), (Button("button_skip", "skip"),))


def municipalities(ids: Iterable[str]) -> Buttons:
    return (*_places("municipality", ids), (Button("button_skip", "skip"),))


def _places(action: str, ids: Iterable[str]) -> Buttons:
    return tuple((Button("button_value", action, (each,), {"value": {"place": each}}),) for each in ids)


def contact(message_id: int) -> Buttons:
    return (
        (
            Button("button_confirm", "confirm", ("", str(message_id))),
            Button("button_do_not_send", "withhold"),
        ),
    )


def card(number: int, *, taken: bool) -> Buttons:
    first = Button("button_release", "release", (str(number),))
    if not taken:
        first = Button("button_take", "take", (str(number),))
    return ((first,), (Button("button_resolve", "resolve", (str(number),)),))


def topics(followed: Iterable[str]) -> Buttons:
    held = set(followed)
    rows = tuple(
        (
            Button("button_following", "stop", (topic,), {"topic": values.term(f"topic_{topic}")})
            if topic in held
            else Button("button_follow", "follow", (topic,), {"topic": values.term(f"topic_{topic}")}),
        )
        for topic in TOPICS
    )
    stop: Buttons = ((Button("button_stop_all", "stop", ("all",)),),) if held else ()
    return (*rows, *stop, *EXITS)


def announcement(event_id: int, topic: str) -> Buttons:
    going = Button("button_going", "going", (str(event_id),))
    cancel = Button("button_not_going", "cancel", (str(event_id),))
    stop = Button("button_stop_topic", "stop", (topic,), {"topic": values.term(f"topic_{topic}")})
    return ((going,), (cancel,), (stop,))


def rsvp_held(event_id: int) -> Buttons:
    return ((Button("button_not_going", "cancel", (str(event_id),)),), *EXITS)


def rsvp_full(event_id: int) -> Buttons:
    waitlist = Button("button_waitlist", "waitlist", (str(event_id),))
    cancel = Button("button_not_going", "cancel", (str(event_id),))
    return ((waitlist,), (cancel,), *EXITS)


FORGET = Button("button_forget", "forget")


def forget() -> Buttons:
    return ((Button("button_forget", "forget", ("yes",)),), (MENU,))
