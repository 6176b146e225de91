"""Which words of a text does a query mark?

The marks of a query are rules over tokens: interpretation collects one for each typed word, `prepare`
makes them ready once for all the texts of a search, and `find_marks` applies them to a text through the
same analysis that indexed it. So a word is marked exactly when it is one of those that made the article
match, whatever form it has.

Only those pieces of a text are analysed in which a word may begin like a wanted one (search.beginnings), and
each different piece only once while the same marks are wanted again: page after page of a search.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from index.analysis import Reading, readings
from index.articles.article import Zone
from index.french.cutting import raw_words
from index.french.folding import fold
from search.beginnings import Beginnings, beginnings, find_pieces, piece_end, piece_start
from search.results import MarkReason

_LETTER = re.compile(r"[^\W\d_ʼ]")  # a piece with one has a token of its own
_KEPT_QUERIES = 64  # whose marks are kept ready
_KEPT_PIECES = 500  # for each of them; most need some dozens
_LONGEST_KEPT = 200  # letters of a piece; beyond, it is base64 or a text without spaces, and large
_NO_RULE = sys.maxsize
_MANY = 50  # places of a phrase in a text: beyond, reading all of it costs less


class WordMark(NamedTuple):
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

    def reason(self, token: Reading) -> MarkReason:
        """Say why a token that the rule marks is marked."""
        if self.kind != "inflection":
            return self.kind
        if token.form == self.typed:
            return "exact"
        return "accent" if token.fold == fold(self.typed) else "inflection"


class PhraseMark(NamedTuple):
    """Mark words that stand together in some zones: in this order, or within `slop` other words.

    Each of `places` is the folds that may stand there; `kind` says why they are marked.
    """

    zones: frozenset[str]
    places: tuple[frozenset[str], ...]
    slop: int | None = None
    kind: MarkReason = "phrase"


Mark = WordMark | PhraseMark


class Marked(NamedTuple):
    """A marked range of a text; `rule` is the place of the rule in the list given."""

    start: int
    end: int
    rule: int
    reason: MarkReason


class _Words:
    """The rules over single words of one zone; `known` is what they mark in each piece read so far."""

    def __init__(self, rules: Sequence[tuple[int, WordMark]]) -> None:
        folds = [folded for _, mark in rules for folded in (*mark.folds, *map(fold, mark.forms))]
        folds += [mark.prefix for _, mark in rules if mark.prefix is not None]
        self.wanted = beginnings(folds, [stem for _, mark in rules for stem in mark.stems])
        self.known: dict[str, list[Marked]] = {}
        self._marks = dict(rules)
        self._prefixes = [(mark.prefix, rule) for rule, mark in rules if mark.prefix is not None]
        # If several rules mark a token, the first one counts: it is written last.
        self._of_stem = {stem: rule for rule, mark in reversed(rules) for stem in mark.stems}
        self._of_fold = {folded: rule for rule, mark in reversed(rules) for folded in mark.folds}
        self._of_form = {form: rule for rule, mark in reversed(rules) for form in mark.forms}

    def judge(self, piece: str) -> list[Marked]:
        """Mark the words of one piece, with offsets into it."""
        found: list[Marked] = []
        for start, word in raw_words(piece):
            for reading in readings(word):
                rule = self._first_rule(reading)
                if rule in self._marks:
                    reason = self._marks[rule].reason(reading)
                    found.append(Marked(start + reading.start, start + reading.end, rule, reason))
        return _disjoint(found)

    def _first_rule(self, token: Reading) -> int:
        """Give the first rule that marks a token, or _NO_RULE."""
        first = min(
            self._of_stem.get(token.stem, _NO_RULE),
            self._of_fold.get(token.fold, _NO_RULE),
            self._of_form.get(token.form, _NO_RULE),
        )
        for prefix, rule in self._prefixes:
            if rule < first and token.fold.startswith(prefix):
                first = rule
        return first


class _Phrase(NamedTuple):
    """A phrase of one zone, and how the rarest of its words begins.

    `around` is how many words on either side of that one may belong to the phrase.
    """

    rule: int
    mark: PhraseMark
    rarest: frozenset[str]
    wanted: Beginnings
    around: int


class _Part(NamedTuple):
    """A word of a text as phrases read it; the first part of a compound is all of it, too."""

    fold: str
    start: int
    end: int
    whole: str = ""
    whole_end: int = 0

    def end_in(self, place: frozenset[str]) -> int:
        """Give where it ends as one of these words; 0 where it is none."""
        return self.end if self.fold in place else self.whole_end if self.whole in place else 0


class PreparedMarks(NamedTuple):
    """The marks of one query, ready for the texts of one search; `outside` where boilerplate is marked."""

    words: dict[str, _Words]
    phrases: dict[str, tuple[_Phrase, ...]]

    @property
    def outside(self) -> bool:
        """Whether anything is marked in boilerplate."""
        return "boilerplate" in self.words or "boilerplate" in self.phrases


def prepare(marks: Sequence[Mark]) -> PreparedMarks:
    """Make the marks of a query ready, once for all the texts of a search, and of the next ones like it."""
    return _prepare(tuple(marks))


@lru_cache(_KEPT_QUERIES)
def _prepare(marks: tuple[Mark, ...]) -> PreparedMarks:
    rules: dict[int, WordMark] = {}
    of_zone: dict[str, list[int]] = {}
    phrases: dict[str, list[_Phrase]] = {}
    for rule, mark in enumerate(marks):
        if isinstance(mark, WordMark):
            rules[rule] = mark
            for zone in mark.zones:
                of_zone.setdefault(zone, []).append(rule)
        else:
            phrase = _prepare_phrase(rule, mark)
            for zone in mark.zones:
                phrases.setdefault(zone, []).append(phrase)
    words: dict[tuple[int, ...], _Words] = {}  # often the same for all zones
    for numbers in map(tuple, of_zone.values()):
        if numbers not in words:
            words[numbers] = _Words([(number, rules[number]) for number in numbers])
    return PreparedMarks(
        {zone: words[tuple(numbers)] for zone, numbers in of_zone.items()},
        {zone: tuple(found) for zone, found in phrases.items()},
    )


def _prepare_phrase(rule: int, mark: PhraseMark) -> _Phrase:
    # Long words are rare.
    rarest = max(mark.places, key=lambda place: min(map(len, place), default=0), default=frozenset())
    around = len(mark.places) - 1 + (mark.slop or 0)
    return _Phrase(rule, mark, rarest, beginnings(rarest), around)


def find_marks(text: str, zone: Zone, marks: PreparedMarks) -> tuple[Marked, ...]:
    """Find what a query marks in the text of one zone: whole words, ascending and disjoint."""
    words = marks.words.get(zone)
    found = _mark_words(text, words) if words else []
    if phrases := marks.phrases.get(zone):
        for phrase in phrases:
            for parts in _around(text, phrase):
                found.extend(
                    Marked(start, end, phrase.rule, phrase.mark.kind)
                    for start, end in _mark_phrase(parts, phrase.mark)
                )
        found = _disjoint(found)
    return tuple(found)


def _mark_words(text: str, words: _Words) -> list[Marked]:
    known = words.known
    marked: list[Marked] = []
    for at, piece in find_pieces(text, words.wanted):
        found = known.get(piece)
        if found is None:
            found = words.judge(piece)
            if len(piece) <= _LONGEST_KEPT:
                if len(known) >= _KEPT_PIECES:  # "con*"
                    known.clear()
                known[piece] = found
        for start, end, rule, reason in found:
            marked.append(Marked(at + start, at + end, rule, reason))
    return marked


def _around(text: str, phrase: _Phrase) -> Iterator[list[_Part]]:
    """Yield, for each place where the rarest word of a phrase stands, the words that may belong to it."""
    rarest = phrase.rarest
    places = [
        (start, start + len(piece))
        for start, piece in find_pieces(text, phrase.wanted)
        if any(part.end_in(rarest) for part in _read(piece))
    ]
    if len(places) > _MANY:
        yield _read(text)
        return
    last_start = last_end = 0
    for start, end in places:
        start, end = _before(text, start, phrase.around), _after(text, end, phrase.around)
        if start > last_end:
            if last_end:
                yield _read(text[last_start:last_end], last_start)
            last_start = start
        last_end = end
    if last_end:
        yield _read(text[last_start:last_end], last_start)


def _read(text: str, start: int = 0) -> list[_Part]:
    """Read the words of an extract that begins at `start` in its text."""
    parts: list[_Part] = []
    for at, word in raw_words(text):
        found, first = readings(word), len(parts)
        for reading in found:
            if not reading.joined:
                parts.append(_Part(reading.fold, start + at + reading.start, start + at + reading.end))
        if found and found[-1].joined:
            parts[first] = parts[first]._replace(whole=found[-1].fold, whole_end=start + at + found[-1].end)
    return parts


def _before(text: str, start: int, words: int) -> int:
    """Go back from the start of a piece, far enough to pass this many words."""
    while words > 0 and start > 0:
        end, start = start, piece_start(text, start - 1)
        words -= _LETTER.search(text, start, end) is not None
    return start


def _after(text: str, end: int, words: int) -> int:
    """Go on from the end of a piece, far enough to pass this many words."""
    while words > 0 and end < len(text):
        start, end = end, piece_end(text, end + 1)
        words -= _LETTER.search(text, start, end) is not None
    return end


def _mark_phrase(tokens: Sequence[_Part], phrase: PhraseMark) -> Iterator[tuple[int, int]]:
    if phrase.slop is None:
        size = len(phrase.places)
        for at in range(len(tokens) - size + 1):
            ends = [tokens[at + offset].end_in(place) for offset, place in enumerate(phrase.places)]
            if all(ends):
                yield tokens[at].start, ends[-1]
        return
    place_of = {folded: place for place in phrase.places for folded in place}
    wanted: Counter[frozenset[str] | None] = Counter(
        phrase.places
    )  # a place may be filled by any of its folds
    width = phrase.slop + len(phrase.places)
    placed = [place_of.get(token.fold) or place_of.get(token.whole) for token in tokens]
    places = [at for at, place in enumerate(placed) if place]
    held: Counter[frozenset[str] | None] = Counter()  # by the window, which slides so that no text takes long
    marked = 0
    last = 0
    for first, at in enumerate(places):
        while last < len(places) and places[last] - at < width:
            held[placed[places[last]]] += 1
            last += 1
        if held >= wanted:
            for place in places[max(marked, first) : last]:
                yield tokens[place].start, tokens[place].end_in(placed[place] or frozenset())
            marked = last
        held[placed[at]] -= 1


def _disjoint(found: list[Marked]) -> list[Marked]:
    """Merge marks that overlap into one, under the rule of the first."""
    if len(found) < 2:
        return found
    kept: list[Marked] = []
    for mark in sorted(found, key=lambda mark: (mark.start, -mark.end)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
        elif mark.end > kept[-1].end:
            kept[-1] = Marked(kept[-1].start, mark.end, kept[-1].rule, kept[-1].reason)
    return kept
