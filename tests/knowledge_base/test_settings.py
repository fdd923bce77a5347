from pathlib import Path

import pytest

from knowledge_base import SearchSettings, SettingsError


def test_settings_come_from_the_table_and_keep_defaults() -> None:
    assert SearchSettings.of({"answer_at": 0.9}) == SearchSettings(0.9, SearchSettings().suggest_at)


def test_a_trade_off_sets_both_and_what_is_set_exactly_wins() -> None:
    cautious = SearchSettings.of({"trade_off": "cautious"})
    assert cautious.answer_at > SearchSettings().answer_at
    assert cautious.suggest_at > SearchSettings().suggest_at
    exact = SearchSettings.of({"trade_off": "cautious", "answer_at": 0.8})
    assert exact == SearchSettings(0.8, cautious.suggest_at)


@pytest.mark.parametrize(
    ("table", "mistakes"),
    [
        (
            {"anser_at": 0.9},
            ["[search] anser_at is not known; the keys are trade_off, answer_at, suggest_at"],
        ),
        (
            {"answer_at": "high", "suggest_at": 2},
            [
                "[search] answer_at is a number from 0 to 1, such as 0.5, not 'high'",
                "[search] suggest_at is a number from 0 to 1, such as 0.5, not 2",
            ],
        ),
        (
            {"trade_off": "bold"},
            ["[search] trade_off is one of balanced, cautious, not 'bold'"],
        ),
        ({"answer_at": True}, ["[search] answer_at is a number from 0 to 1, such as 0.5, not True"]),
        (
            {"answer_at": 0.2, "suggest_at": 0.4},
            ["[search] suggest_at is above answer_at; set it to the same or less"],
        ),
    ],
)
def test_wrong_settings_are_refused_with_all_mistakes(table: dict[str, object], mistakes: list[str]) -> None:
    with pytest.raises(SettingsError) as raised:
        SearchSettings.of(table)
    assert list(raised.value.mistakes) == mistakes


def test_the_command_line_reads_config_and_overrides(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[sending]\nbulk_per_second = 28\n[search]\nanswer_at = 0.9\nsuggest_at = 0.4\n")
    assert SearchSettings.read({}, tmp_path) == SearchSettings(0.9, 0.4)
    overrides = {"HOTLINE_SEARCH_ANSWER_AT": "0.8", "HOTLINE_SENDING_BULK_PER_SECOND": "0"}
    assert SearchSettings.read(overrides, tmp_path) == SearchSettings(0.8, 0.4)
    other = tmp_path / "other.toml"
    other.write_text("[search]\nsuggest_at = 0.1\n")
    assert SearchSettings.read({"HOTLINE_CONFIG": str(other)}, tmp_path).suggest_at == 0.1


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        (
            {"HOTLINE_SEARCH_ANSWER_AT": "often"},
            "[search] answer_at is a number from 0 to 1, such as 0.5, not 'often'",
        ),
        (
            {"HOTLINE_SEARCH_SPEED": "1"},
            "[search] speed is not known; the keys are trade_off, answer_at, suggest_at",
        ),
        (
            {"HOTLINE_CONFIG": "no/such.toml"},
            "no/such.toml: [Errno 2] No such file or directory: 'no/such.toml'",
        ),
    ],
)
def test_wrong_overrides_are_refused(environment: dict[str, str], words: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        SearchSettings.read(environment, tmp_path)
    assert str(raised.value) == words


def test_no_config_means_defaults(tmp_path: Path) -> None:
    assert SearchSettings.read({}, tmp_path) == SearchSettings()
