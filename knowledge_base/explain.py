"""Why a message is answered as it is, in words for whoever tends the knowledge base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge_base.outcome import Answered, SmallTalk, Suggested, Unanswered

if TYPE_CHECKING:
    from knowledge_base.search import Explanation, Library

SHOWN = 5


def explained(library: Library, why: Explanation) -> str:
    """The outcome, the best candidates with what speaks for them, and what the probability rests on."""
    reading = why.outcome.reading
    lines = [_headline(library, why)]
    if reading.urgent:
        lines.append(f"urgent: {reading.urgent} is shown first")
    lines.append(f"language: {reading.language or 'unknown'}")
    lines += [f"read as {language}: {text}" for language, text in why.folded.items()]
    lines += [f"probability {match.probability:.2f}: {match.entry}" for match in reading.ranked]
    if why.evidence:
        lines.append("the best one's evidence: " + _numbers(why.evidence._asdict()))
    for candidate in why.candidates[:SHOWN]:
        lines.append(
            f"score {candidate.score:.3f}: {candidate.owner}, by {candidate.language} “{candidate.phrasing}”"
        )
        lines.append("    " + _numbers(candidate.features._asdict()))
    return "\n".join(lines)


def _headline(library: Library, why: Explanation) -> str:
    match why.outcome:
        case Answered(entry=entry):
            return f"answered: {_titled(library, entry)}"
        case Suggested(entries=entries):
            return "suggested: " + "; ".join(_titled(library, entry) for entry in entries)
        case SmallTalk(kind=kind):
            return f"small talk: {kind}"
        case Unanswered():
            return "unanswered"


def _titled(library: Library, entry: str) -> str:
    text = library.entries[entry].texts.get("en")
    return f"{entry} ({text.title})" if text and text.title else entry


def _numbers(values: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.3f}" for name, value in values.items())
