"""Ways to find the entry whose phrasing is nearest to a question: ours, and others as their users use them.

Packages are loaded by the methods that need them, so that one is measured without the others.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz, process, utils

from knowledge_base import Entry, Library, Models, SearchSettings, SmallTalk
from knowledge_base.stock import Stock

DEEP = 60
"""So many of the nearest phrasings are looked through for three different owners."""


class Found(NamedTuple):
    owner: str
    score: float


Find = Callable[[str], list[Found]]
"""From a question to the best three owners, the best first."""

Nearest = Callable[[str], Iterable[tuple[int, float]]]
"""From a question to the nearest phrasings' places and scores, the nearest first."""


def hotline(entries: Sequence[Entry], stock: Stock, models: Path) -> Find:
    library = Library.build(entries, stock, SearchSettings(), Models(models))

    def find(question: str) -> list[Found]:
        outcome = library.search(question)
        if isinstance(outcome, SmallTalk):
            return []
        return [Found(match.entry, match.probability) for match in outcome.reading.ranked]

    return find


def wratio(texts: Sequence[str]) -> Nearest:
    return _brute_force(texts, fuzz.WRatio)


def token_set_ratio(texts: Sequence[str]) -> Nearest:
    return _brute_force(texts, fuzz.token_set_ratio)


def _brute_force(texts: Sequence[str], scorer: Callable[..., float]) -> Nearest:
    prepared = [utils.default_process(text) for text in texts]

    def nearest(question: str) -> Iterable[tuple[int, float]]:
        found = process.extract(utils.default_process(question), prepared, scorer=scorer, limit=DEEP)
        return ((place, score) for _, score, place in found)

    return nearest


def fts5_trigram(texts: Sequence[str]) -> Nearest:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE phrasing USING fts5(text, tokenize='trigram')")
    database.executemany("INSERT INTO phrasing(rowid, text) VALUES (?, ?)", enumerate(texts))
    select = "SELECT rowid, -rank FROM phrasing WHERE phrasing MATCH ? ORDER BY rank LIMIT ?"

    def nearest(question: str) -> Iterable[tuple[int, float]]:
        trigrams = dict.fromkeys(question[start : start + 3] for start in range(len(question) - 2))
        quoted = ['"{}"'.format(trigram.replace('"', '""')) for trigram in trigrams]
        return database.execute(select, (" OR ".join(quoted), DEEP)) if quoted else ()

    return nearest


def bm25s(texts: Sequence[str]) -> Nearest:
    import bm25s as package

    def tokens(text: str | Sequence[str]) -> object:
        return package.tokenize(text, show_progress=False)

    retriever = package.BM25()
    retriever.index(tokens(texts), show_progress=False)

    def nearest(question: str) -> Iterable[tuple[int, float]]:
        places, scores = retriever.retrieve(
            tokens(question), k=min(DEEP, len(texts)), show_progress=False, n_threads=0
        )
        return zip(places[0].tolist(), scores[0].tolist(), strict=True)

    return nearest


def tf_idf(texts: Sequence[str]) -> Nearest:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4))
    by_gram = vectorizer.fit_transform(texts).T.tocsr()

    def nearest(question: str) -> Iterable[tuple[int, float]]:
        similarities = (vectorizer.transform([question]) @ by_gram).toarray()[0]
        places = np.argsort(-similarities, kind="stable")[:DEEP]
        return zip(places.tolist(), similarities[places].tolist(), strict=True)

    return nearest


OTHERS: dict[str, Callable[[Sequence[str]], Nearest]] = {
    "rapidfuzz WRatio": wratio,
    "rapidfuzz token_set_ratio": token_set_ratio,
    "SQLite FTS5 trigram": fts5_trigram,
    "bm25s": bm25s,
    "scikit-learn TF-IDF": tf_idf,
}
OURS = "hotline"


def by_owner(nearest: Nearest, owners: Sequence[str]) -> Find:
    """The owners of the nearest phrasings; `owners` are in the order of the phrasings."""

    def find(question: str) -> list[Found]:
        best: dict[str, float] = {}
        for place, score in nearest(question):
            best.setdefault(owners[place], score)
            if len(best) == 3:
                break
        return [Found(owner, score) for owner, score in best.items() if score > 0]

    return find
