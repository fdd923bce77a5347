"""What the library learns from beside the entries: phrasings, negatives, synonyms, words of crisis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge_base.questions import Question

SMALL_TALK = ("greeting", "thanks", "goodbye", "insult", "chat")
"""Kinds of small talk, each with its own short reply."""

NEAR, FAR = "near", "far"

TALK = "smalltalk"
"""The form of trials that are small talk, of whatever kind."""

NEGATIVE = "-"
"""Before a kind of negatives, where kinds stand beside entries: no id begins with it."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A further phrasing of an entry, beside those in its document."""

    entry: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Negative:
    """What no entry answers. `kind`: one of `SMALL_TALK`, or `near` our field, or `far` from it."""

    kind: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class UrgentRule:
    """Words of crisis that bring up an entry at once.

    A string of `words` (by language) holds beginnings of words, separated by spaces; each of them must begin
    some word of the message, in any order. A string of `unless`, in any language, stops the rule.
    """

    entry: str
    words: Mapping[str, tuple[str, ...]]
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Crisis:
    """What somebody in a crisis wrote, and the entry to show; without one it only looks like a crisis."""

    entry: str | None
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Beginnings of words that mean the same in one language; in comparisons the first stands for all."""

    language: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stock:
    utterances: tuple[Utterance, ...] = ()
    negatives: tuple[Negative, ...] = ()
    glossary: tuple[Synonyms, ...] = ()
    urgent: tuple[UrgentRule, ...] = ()
    crises: tuple[Crisis, ...] = ()
    trials: tuple[Question, ...] = ()
    """By people who had not seen the phrasings: learned from, and the numbers are fitted to them."""


@dataclass(frozen=True, slots=True)
class Category:
    """A shelf of entries, with its name and one line about it in each language.

    `entries` is the order in which people see them; those that it does not name come last.
    """

    id: str
    name: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)
    entries: tuple[str, ...] = ()
