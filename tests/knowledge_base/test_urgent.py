import pytest

from knowledge_base import Folder, Library, SearchSettings, Stock, UrgentRule
from tests.knowledge_base import examples


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = Folder.read(examples.folder(tmp_path_factory.mktemp("kb")))
    return Library.build(folder.entries.values(), folder.stock, SearchSettings())


@pytest.mark.parametrize(
    ("message", "entry"),
    [
        ("სახლს ცეცხლი უკიდია!!", "emergency"),
        ("cecxli ukidia saxls", "emergency"),
        ("უკიდია ბოსელს ცეცხლი", "emergency"),
        ("qonşunun evi YANIR", "emergency"),
        ("qonsunun evi yanir", "emergency"),
        ("fire in our house", "emergency"),
        ("a house fire safety training", None),
        ("housing", None),
        ("there is an earthquake", None),
        ("გრანტი იბეგრება?", None),
    ],
)
def test_words_of_crisis_bring_up_their_entry(small: Library, message: str, entry: str | None) -> None:
    assert small.search(message).reading.urgent == entry


def test_a_crisis_at_the_end_of_a_long_story_is_heard() -> None:
    rule = UrgentRule("emergency", {"en": ("house fire",)})
    library = Library.build(examples.entries(), Stock(urgent=(rule,)), SearchSettings())
    assert library.search("we talked for a long time " * 100 + "and now the house is on fire").reading.urgent


def test_shipped_rules_are_for_shipped_entries(shipped: Folder) -> None:
    assert {rule.entry for rule in shipped.stock.urgent} <= shipped.entries.keys()


def test_shipped_entries_that_are_no_crisis_do_not_alarm(shipped: Folder, library: Library) -> None:
    calm = [
        phrasing
        for entry in shipped.entries.values()
        if not entry.urgent
        for text in entry.texts.values()
        for phrasing in text.phrasings
    ]
    alarms = [phrasing for phrasing in calm if library.search(phrasing).reading.urgent]
    assert len(alarms) <= len(calm) * 0.01, alarms
