"""The knowledge base: documents that a lawyer can edit, and the library that checks and searches them."""

from knowledge_base.document import DocumentError, Mistake, parse, render
from knowledge_base.entry import LANGUAGES, UNDERSTOOD, Entry, Review, Source, Text
from knowledge_base.folder import ENTRIES, Finding, Folder
from knowledge_base.models import Lesson, Models, NotLearned
from knowledge_base.outcome import Answered, Match, Outcome, Reading, SmallTalk, Suggested, Unanswered
from knowledge_base.search import Explanation, Library
from knowledge_base.settings import SearchSettings, SettingsError
from knowledge_base.stock import Category, Negative, Stock, Synonyms, UrgentRule, Utterance

__all__ = [
    "ENTRIES",
    "LANGUAGES",
    "UNDERSTOOD",
    "Answered",
    "Category",
    "DocumentError",
    "Entry",
    "Explanation",
    "Finding",
    "Folder",
    "Lesson",
    "Library",
    "Match",
    "Mistake",
    "Models",
    "Negative",
    "NotLearned",
    "Outcome",
    "Reading",
    "Review",
    "SearchSettings",
    "SettingsError",
    "SmallTalk",
    "Source",
    "Stock",
    "Suggested",
    "Synonyms",
    "Text",
    "Unanswered",
    "UrgentRule",
    "Utterance",
    "parse",
    "render",
]
