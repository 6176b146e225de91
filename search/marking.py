"""Which words of a text does a query mark?

The marks of a query are rules over tokens: interpretation collects one for each typed word, and
`find_marks` applies them to a text through the same analysis that indexed it. So a word is marked
exactly when it is one of those that made the article match, whatever form it has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.analysis import Reading, Token, analyze, distinct_words, fold, raw_words, readings
from index.articles.article import Zone
from search.results import MarkReason


@dataclass(frozen=True, slots=True)
class WordMark:
    """Mark a token in some zones if its stem, fold or form is listed, or its fold starts so.

    `typed` is the form of the word that was typed; `kind` says how the others come from it.
    """

    zones: frozenset[str]
    stems: frozenset[str] = frozenset()
    folds: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    prefix: str | None = None
    typed: str = ""
    kind: MarkReason = "inflection"

    def matches(self, token: Reading) -> bool:
        """Say whether the rule marks this token."""
        return (
            token.stem in self.stems
            or token.fold in self.folds
            or token.form in self.forms
            or (self.prefix is not None and token.fold.startswith(self.prefix))
        )

    def reason(self, token: Reading) -> MarkReason:
        """Say why a token that the rule marks is marked."""
        if self.kind != "inflection":
            return self.kind
        if token.form == self.typed:
            return "exact"
        return "accent" if token.fold == fold(self.typed) else "inflection"


@dataclass(frozen=True, slots=True)
class PhraseMark:
    """Mark words that stand together in some zones: in this order, or within `slop` other words.

    Each of `places` is the folds that may stand there.
    """

    zones: frozenset[str]
    places: tuple[frozenset[str], ...]
    slop: int | None = None


Mark = WordMark | PhraseMark


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked range of a text; `rule` is the place of the rule in the list given."""

    start: int
    end: int
    rule: int
    reason: MarkReason


def find_marks(text: str, zone: Zone, marks: Sequence[Mark]) -> tuple[Marked, ...]:
    """Find what a query marks in the text of one zone: whole words, ascending and disjoint."""
    words = [
        (rule, mark) for rule, mark in enumerate(marks) if isinstance(mark, WordMark) and zone in mark.zones
    ]
    phrases = [
        (rule, mark) for rule, mark in enumerate(marks) if isinstance(mark, PhraseMark) and zone in mark.zones
    ]
    found = [*_mark_words(text, words)] if words else []
    if phrases:
        tokens = [token for token in analyze(text) if not token.joined]
        for rule, phrase in phrases:
            found.extend(Marked(start, end, rule, "phrase") for start, end in _mark_phrase(tokens, phrase))
    return _disjoint(found)


def _mark_words(text: str, marks: Sequence[tuple[int, WordMark]]) -> Iterator[Marked]:
    marked = {word: found for word in distinct_words(text) if (found := _judge(word, marks))}
    if not marked:
        return
    for start, word in raw_words(text):
        for mark in marked.get(word, ()):
            yield Marked(start + mark.start, start + mark.end, mark.rule, mark.reason)


def _judge(word: str, marks: Sequence[tuple[int, WordMark]]) -> list[Marked]:
    """Mark one word, with offsets into it."""
    return [
        Marked(reading.start, reading.end, rule, mark.reason(reading))
        for reading in readings(word)
        for rule, mark in marks
        if mark.matches(reading)
    ]


def _mark_phrase(tokens: Sequence[Token], phrase: PhraseMark) -> Iterator[tuple[int, int]]:
    if phrase.slop is None:
        size = len(phrase.places)
        for at in range(len(tokens) - size + 1):
            if all(tokens[at + offset].fold in place for offset, place in enumerate(phrase.places)):
                yield tokens[at].start, tokens[at + size - 1].end
        return
    wanted = Counter(fold for place in phrase.places for fold in place)
    width = phrase.slop + len(phrase.places)
    places = [at for at, token in enumerate(tokens) if token.fold in wanted]
    held: Counter[str] = Counter()  # by the window, which slides so that no text takes long
    marked = 0
    last = 0
    for first, at in enumerate(places):
        while last < len(places) and places[last] - at < width:
            held[tokens[places[last]].fold] += 1
            last += 1
        if held >= wanted:
            for place in places[max(marked, first) : last]:
                yield tokens[place].start, tokens[place].end
            marked = last
        held[tokens[at].fold] -= 1


def _disjoint(found: list[Marked]) -> tuple[Marked, ...]:
    """Make one mark, under the rule that begins first, of those that overlap."""
    kept: list[Marked] = []
    for mark in sorted(found, key=lambda mark: (mark.start, -mark.end)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
        elif mark.end > kept[-1].end:
            kept[-1] = Marked(kept[-1].start, mark.end, kept[-1].rule, kept[-1].reason)
    return tuple(kept)
