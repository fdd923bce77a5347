import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base import (
    Answered,
    Entry,
    Library,
    Negative,
    Outcome,
    SearchSettings,
    SmallTalk,
    Stock,
    Suggested,
    Synonyms,
    Text,
    Unanswered,
    Utterance,
)
from tests.knowledge_base import examples

WIDE = ["who pays the fee for", "who pays the fee of", "who pays the fee on"]
SMALL = Library.build(examples.entries(), Stock(), SearchSettings())


def first(outcome: Outcome) -> str:
    return outcome.reading.ranked[0].entry


def with_negatives(*negatives: Negative) -> Library:
    return Library.build(examples.entries(), Stock(negatives=negatives), SearchSettings())


def test_every_phrasing_is_answered_by_its_entry(library: Library) -> None:
    for entry in library.entries.values():
        for text in entry.texts.values():
            for phrasing in text.phrasings:
                outcome = library.search(phrasing)
                assert isinstance(outcome, Answered), phrasing
                assert outcome.entry == entry.id, phrasing


@pytest.mark.parametrize(
    ("utterance", "entry"),
    [
        ("rogor davaregistriro organizacia?", "register-ngo"),
        ("როგორ დავარეგისტრირო ორგნიზაცია", "register-ngo"),
        ("ROGOR DAVAREGISTRIRO ORGANIZACIA", "register-ngo"),
        ("teskilati nece qeydiyyatdan kecirim", "register-ngo"),
        ("тәшкилаты неҹә гејдијјатдан кечирим", "register-ngo"),
        ("ერთი კითხვა: გრანტი იბეგრება თუ არა", "grant-tax"),
        ("inchpes nerkayacnel hanragir", "petition"),
        ("инчпес гранцел казмакерпутюн", "register-ngo"),
        ("как зарегистрировать организацию?", "register-ngo"),
    ],
)
def test_any_way_of_typing_finds_the_entry(utterance: str, entry: str) -> None:
    assert first(SMALL.search(utterance)) == entry


def test_what_is_known_word_for_word_is_known_before_all_else() -> None:
    entries = [
        Entry("exact", "all", texts={"en": Text.of(phrasings=["who pays the fee"])}),
        Entry("wide", "all", texts={"en": Text.of(phrasings=WIDE)}),
    ]
    outcome = Library.build(entries, Stock(), SearchSettings()).search("Who pays the fee?")
    assert isinstance(outcome, Answered)
    assert outcome.entry == "exact"


def test_thresholds_decide_between_answer_suggestions_and_silence() -> None:
    def outcome(**thresholds: float) -> Outcome:
        return Library.build(examples.entries(), Stock(), SearchSettings(**thresholds)).search(
            "petition signatures"
        )

    probability = outcome().reading.score
    assert 0 < probability < 1
    assert isinstance(outcome(answer_at=probability, suggest_at=0), Answered)
    suggested = outcome(answer_at=1, suggest_at=probability)
    assert isinstance(suggested, Suggested)
    assert suggested.entries[0] == "petition"
    assert len(suggested.entries) <= 3
    assert isinstance(outcome(answer_at=1, suggest_at=1), Unanswered)


def test_matches_are_the_best_three_in_order() -> None:
    reading = SMALL.search("open a petition about tax on an emergency grant").reading
    chances = [match.probability for match in reading.ranked]
    assert len(chances) == 3
    assert chances == sorted(chances, reverse=True)
    assert reading.score == chances[0]


def test_small_talk_is_told_by_its_kind() -> None:
    library = with_negatives(
        Negative("greeting", "გამარჯობა", "ka"),
        Negative("insult", "axmaq bot", "az"),
        Negative("thanks", "🙏", "ka"),
    )
    for utterance, kind in [("gamarjoba!!", "greeting"), ("axmaq bot", "insult"), ("🙏🙏", "thanks")]:
        outcome = library.search(utterance)
        assert isinstance(outcome, SmallTalk)
        assert outcome.kind == kind


def test_a_greeting_does_not_hide_the_question() -> None:
    library = with_negatives(Negative("greeting", "გამარჯობა", "ka"), Negative("thanks", "გმადლობთ", "ka"))
    outcome = library.search("გამარჯობა, გრანტი იბეგრება? გმადლობთ")
    assert isinstance(outcome, Answered)
    assert outcome.entry == "grant-tax"


def test_what_is_marked_as_not_for_us_is_not_answered() -> None:
    question = "how do i register a car"
    assert not isinstance(SMALL.search(question), Unanswered)
    assert isinstance(with_negatives(Negative("near", question, "en")).search(question), Unanswered)


def test_utterances_are_learned_from_and_unknown_entries_left_out() -> None:
    stock = Stock(
        utterances=(Utterance("petition", "მერიას წერილი", "ka"), Utterance("gone", "მერიას ბინა", "ka"))
    )
    outcome = Library.build(examples.entries(), stock, SearchSettings()).search("meriis werili")
    assert first(outcome) == "petition"


def test_synonyms_stand_for_each_other() -> None:
    stock = Stock(glossary=(Synonyms("en", ("petition", "appeal")),))
    library = Library.build(examples.entries(), stock, SearchSettings())
    assert first(library.search("how do we file an appeal")) == "petition"
    assert library.search("appeals").reading.score > SMALL.search("appeals").reading.score


def test_short_answers_and_titles_are_found_too() -> None:
    entry = Entry("one", "all", texts={"en": Text.of("Where is the bank?", (), "Ask at the cashier.")})
    library = Library.build([entry, *examples.entries()], Stock(), SearchSettings())
    assert first(library.search("where is the bank")) == "one"
    assert first(library.search("cashier")) == "one"


@pytest.mark.parametrize(
    "utterance",
    [
        "",
        " ",
        "ა",
        "7",
        "😀😀😀",
        "\u200f\u200b\u202e",
        "漢字かな",
        "ᲠᲝᲒᲝᲠ",
        "\ud800",
        "ъ",
        "@",
        "ngo ngо",
        "a" * 4096,
        "% _ \\ <b>",
    ],
)
def test_any_text_has_an_outcome(library: Library, utterance: str) -> None:
    outcome = library.search(utterance)
    assert 0 <= outcome.reading.score <= 1
    assert outcome == library.search(utterance)


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_search_never_raises_and_is_deterministic(utterance: str) -> None:
    assert SMALL.search(utterance) == SMALL.search(utterance)


def test_a_library_without_entries_is_silent() -> None:
    outcome = Library.build([], Stock(), SearchSettings()).search("how do i register")
    assert isinstance(outcome, Unanswered)
    assert outcome.reading.ranked == ()
    assert outcome.reading.score == 0


@pytest.mark.parametrize("text", ["what about volunteers", "გვინდა მოხალისეები", "open an ngo", "x"])
def test_a_new_phrasing_never_lowers_its_own_entry_for_that_text(text: str) -> None:
    def place(library: Library) -> int:
        names = [each.owner for each in library.explain(text).candidates if each.owner in library.entries]
        return names.index("petition") if "petition" in names else len(library.entries)

    stock = Stock(utterances=(Utterance("petition", text, "ka"), Utterance("petition", text, "en")))
    assert place(Library.build(examples.entries(), stock, SearchSettings())) <= place(SMALL)


def test_an_explanation_shows_the_candidates_and_the_evidence() -> None:
    why = SMALL.explain("organizaciis registracia")
    assert why.outcome == SMALL.search("organizaciis registracia")
    assert why.candidates[0].owner == "register-ngo"
    assert why.candidates[0].language == "ka"
    assert why.folded["ka"] == "organizacis registracia"
    assert why.evidence is not None
    assert why.evidence.score == why.candidates[0].score


def test_ten_thousand_entries_are_searched() -> None:
    entries = [
        Entry(f"entry-{n}", "all", texts={"en": Text.of(phrasings=[f"word{n % 97} thing{n % 101} place{n}"])})
        for n in range(10_000)
    ]
    library = Library.build(entries, Stock(), SearchSettings())
    assert first(library.search(f"word{4321 % 97} thing{4321 % 101} place4321")) == "entry-4321"
