"""Which words did someone type?

The words of the analysis, as a query means them: a compound that the analysis joins is one word to
search ("porte-parole"), one that it does not is several ("dit-il"), and a word with an apostrophe in
it is whole without it, too ("aujourd hui"). A number and what is written next to it are one word that
others write as several: "MH370", "10h30", "49.3". Whether words typed apart ("sous préfet") are a
compound is for the index to say: `typed_apart` only gives what could be one, search.compounds asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from index.analysis import Token, Word, read_words
from index.french.cutting import join_parts
from index.french.folding import fold
from index.french.known_words import (
    is_elision,
    is_french,
    is_stop_word,
    may_be_stop_word,
    may_open_whole_word,
)
from index.french.stems import is_roman_number
from search.numerals import hour_of, other_days

_MOST_PARTS = 4  # of a compound; the analysis joins no more
_TEXTS = 256  # whose words are cached: each piece of a query is read several times
_ARTICLE_OF_LAW = re.compile(r"[LRDAlrda]\.\s*\*?\d|[LRDAlrd]\s+\*?\d+[-‐‑]\d")  # "à 14-18 ans" has none
_RUN = re.compile(r"[^\W\d_]+|\d+(?:,\d+)?")
_LONGEST_NUMBER = 3  # words: "20 heures 30"
_ELIDED_BEFORE = "aeiouyh"
_HOURS = ("heure", "heures")
_HOUR = re.compile("[0-9]{1,2}h")
_ORDINALS = ("e", "er", "re", "eme")
_MEASURE = re.compile(r"(\d+(?:,\d+)?)([cdhkm]?m[23])")  # "45m2"
_TWO_DIGITS = re.compile("[0-9]{2}")
_HYPHENED_NUMBER = re.compile(
    r"\d\d[-‐‑ ]\d"
)  # "49-3", "49 3"; but "3-2" is a score, and "14-18" are two years


class Unit(NamedTuple):
    """One word to search, and the piece of the query that it was.

    `others` are words without accents that stand for it where it stands: "1er" for "1" before "mars".
    """

    typed: str
    parts: tuple[Token, ...]
    joined: Token | None
    others: tuple[str, ...] = ()

    @property
    def token(self) -> Token:
        """The one reading that stands for the whole word."""
        return self.joined or self.parts[0]

    def holds(self, other: Unit) -> bool:
        """Say whether another word of the same text is a piece of this one."""
        return self.token.start <= other.token.start < self.token.end

    @property
    def is_of_french_words(self) -> bool:
        """Whether each of its parts is a French word: "au-dessous", but not "al-Assad"."""
        return all(is_french(part.fold) or may_be_stop_word(part.fold) for part in self.parts)

    @property
    def may_be_function_word(self) -> bool:
        """Whether a function word is written so, accents aside."""
        return not self.joined and may_be_stop_word(self.parts[0].fold)

    @property
    def is_function_word(self) -> bool:
        """Whether it is a function word, as typed."""
        return not self.joined and is_stop_word(self.parts[0].form)

    @property
    def is_plain_function_word(self) -> bool:
        """Whether it is one as typed, or without the accents that were left out: "etre", but not "dû"."""
        part = self.parts[0]
        return self.is_function_word or (self.may_be_function_word and part.form == part.fold)


@lru_cache(_TEXTS)
def units(text: str) -> tuple[Unit, ...]:
    """Read a text as words to search: a compound that is not joined ("dit-il") is several."""
    found: list[Unit] = []
    for word in _words(text):
        if word.joined:
            found.append(Unit(text[word.joined.start : word.joined.end], word.parts, word.joined))
        elif decimal := _decimal(text, word, word):
            found.append(decimal)
        else:
            found.extend(_unit(text, part) for part in word.parts)
    for at, (day, month) in enumerate(pairwise(found)):
        if others := other_days(day.token.fold, month.token.fold):
            found[at] = day._replace(others=others)
    return tuple(found)


def runs_of(unit: Unit) -> list[str]:
    """Give the runs of letters and of digits of a word without accents: "L1237-19" is "l", "1237", "19"."""
    return [run for part in unit.parts for run in _RUN.findall(part.fold) or [part.fold]]


def word_spans(text: str) -> list[tuple[int, int]]:
    """Give where each word of a query starts and ends: with its elided article, as it was typed."""
    return [(word.start, word.end) for word in _words(text)]


def typed_apart(text: str, is_known: Callable[[str], bool]) -> Iterator[Unit]:
    """Yield what would be a compound if it were typed with hyphens, the longest first from each word on.

    Also "49 3", which is "49.3", and "20 heures", which is "20h". Only those whose joined word, without
    accents, `is_known`. Tokens span the words in the text.
    """
    words = _words(text)
    for first, word in enumerate(words):
        for number in _numbers(text, words[first : first + _LONGEST_NUMBER]):
            if is_known(number.token.fold):
                yield number
        run = [word]
        for after in words[first + 1 : first + _MOST_PARTS]:
            if not text[run[-1].end : after.start].isspace():
                break
            run.append(after)
        for last in range(len(run), 1, -1):
            written = [text[one.start : one.end] for one in run[:last]]
            if not is_known(fold(join_parts([text[word.parts[0].start : word.end], *written[1:]]))):
                continue
            read = list(read_words("-".join(written)))
            if len(read) == 1 and (joined := read[0].joined):
                start, end = word.start + joined.start, run[last - 1].end
                yield Unit(text[start:end], read[0].parts, joined._replace(start=start, end=end))


def typed_in_a_row(text: str) -> list[Token]:
    """Return the words of a phrase as the index has them: "porte-parole" in parts, "aujourd'hui" whole."""
    return [part for unit in units(text) for part in _as_indexed(unit)]


@lru_cache(_TEXTS)
def words_of_phrase(text: str) -> tuple[tuple[str, ...], ...]:
    """Give the words of a phrase without accents: as typed, with numbers cut apart, and put together.

    "secretaire d etat", typed without the apostrophe, is as good as with it; a compound may be one word.
    """
    read = units(text)
    every = typed_in_a_row(text)
    lost = {part for part, after in pairwise(every) if _has_lost_apostrophe(text, part, after)}
    ways: list[tuple[str, ...]] = []
    for left_out in dict.fromkeys((frozenset[Token](), frozenset(lost))):
        apart = _folds(read, left_out, _numbers_apart)
        ways += [_folds(read, left_out, _as_indexed), apart]
        ways += map(tuple, (_numbers_together(apart), _initials_together(apart)))
        ways.append(_folds(read, left_out, _compounds_whole))
    ways.append(tuple(run for unit in read for run in runs_of(unit)))  # "L1237-19" is "L. 1237-19"
    return tuple(way for way in dict.fromkeys(ways) if way)


def _has_lost_apostrophe(text: str, part: Token, after: Token) -> bool:
    """Say whether a word is an elision typed apart ("d etat"), and neither a name ("M. Aubry") nor a law."""
    lower = text[part.start : part.end].islower() or text.isupper()
    between = text[part.end : after.start]
    beside = between[-1:].isspace() and not between.strip(" '’")
    return is_elision(part.fold) and lower and beside and after.fold[:1] in _ELIDED_BEFORE


def _folds(
    read: Sequence[Unit], left_out: AbstractSet[Token], parts_of: Callable[[Unit], tuple[Token, ...]]
) -> tuple[str, ...]:
    return tuple(part.fold for unit in read for part in parts_of(unit) if part not in left_out)


def _as_indexed(unit: Unit) -> tuple[Token, ...]:
    return (unit.joined,) if unit.joined and not unit.joined.joined else unit.parts


def _numbers_apart(unit: Unit) -> tuple[Token, ...]:
    return unit.parts if unit.joined and unit.joined.fold[0].isdigit() else _as_indexed(unit)


def _compounds_whole(unit: Unit) -> tuple[Token, ...]:
    return (unit.joined,) if unit.joined else unit.parts


def _numbers_together(folds: Sequence[str]) -> list[str]:
    """Write as one what stands apart among folded words: "20", "h", "30"; "49", "3"; "20", "heures"."""
    words: list[str] = []
    for folded in folds:
        if folded in (*_HOURS, "h") and words and words[-1].isdigit():
            words[-1] += "h"
        elif folded.isdigit() and words and _HOUR.fullmatch(words[-1]):
            words[-1] += folded
        elif len(folded) == 1 and folded.isdigit() and words and _TWO_DIGITS.fullmatch(words[-1]):
            words[-1] += f",{folded}"  # what the analysis makes of "49.3"
        else:
            words.append(folded)
    return words


def _initials_together(folds: Sequence[str]) -> list[str]:
    """Write as one a letter and the number behind it, "A", "380", and a number and its ending, "1", "er"."""
    words: list[str] = []
    for folded in folds:
        before = words[-1] if words else ""
        letter = len(before) == 1 and before.isalpha() and folded.isdigit()
        ordinal = folded in _ORDINALS and (before.isdigit() or is_roman_number(before))
        words[-1:] = [before + folded] if letter or ordinal else [*words[-1:], folded]
    return words


def _decimal(text: str, word: Word, last: Word) -> Unit | None:
    if not _HYPHENED_NUMBER.fullmatch(text, word.start, last.end):
        return None
    before, after = word.parts[0], last.parts[-1]
    return _number(text, (before, after), f"{before.fold},{after.fold}")  # what the analysis makes of "49.3"


def _numbers(text: str, words: Sequence[Word]) -> Iterator[Unit]:
    """Yield the numbers that others write as one word for the first of these words, the longest first."""
    for last in range(len(words), 1, -1):
        if number := _hour(text, words[:last]):
            yield number
    for after in words[1:2]:
        if decimal := _decimal(text, words[0], after):
            yield decimal


def _hour(text: str, words: Sequence[Word]) -> Unit | None:
    """Read "20 heures" as "20h", and "20 heures 30" as "20h30"."""
    parts = tuple(part for word in words for part in word.parts)
    apart = all(text[one.end : other.start].isspace() for one, other in pairwise(words))
    if not apart or len(parts) != len(words) or parts[1].fold not in _HOURS:
        return None
    figures = [part.fold for part in (parts[0], *parts[2:])]
    return _number(text, parts, "h".join([*figures, ""][:2])) if all(map(str.isdigit, figures)) else None


def _number(text: str, parts: tuple[Token, ...], written: str) -> Unit:
    first, last = parts[0], parts[-1]
    token = first._replace(form=written, fold=written, stem=written, end=last.end, joined=True)
    return Unit(text[first.start : last.end], parts, token)


@lru_cache(_TEXTS)
def _words(text: str) -> tuple[Word, ...]:
    """Read the words of a query; words that an apostrophe would make one are read together ("aujourd hui").

    So are the letter of an article of law and its number: "L. 1237-19".
    """
    found: list[Word] = []
    for word in read_words(text):
        before = found[-1] if found else None
        if before and _ARTICLE_OF_LAW.match(text, before.start) and before.end < word.start:
            found[-1] = _of_law(before.parts, word)
            continue
        if before and may_open_whole_word(before.parts[-1].fold) and text[before.end : word.start].isspace():
            whole = list(read_words(f"{text[before.start : before.end]}'{text[word.start : word.end]}"))
            if len(whole) == 1 and len(whole[0].parts) == 1 and "'" in whole[0].parts[0].form:
                (part,) = whole[0].parts
                token = part._replace(start=before.start + part.start, end=word.end)
                found[-1] = Word(before.start, word.end, (token,), None)
                continue
        found.append(word)
    return tuple(found)


def _of_law(letter: tuple[Token, ...], number: Word) -> Word:
    """Read the letter and the number of an article of law as one word."""
    parts = (*letter, *number.parts)
    whole = join_parts([part.fold for part in parts])
    start, end = parts[0].start, parts[-1].end
    joined = parts[0]._replace(form=whole, fold=whole, stem=whole, start=start, end=end, joined=True)
    return Word(start, end, parts, joined)


def _unit(text: str, token: Token) -> Unit:
    typed = text[token.start : token.end]
    pieces = _pieces(typed, token.form)
    if not 2 <= len(pieces) <= _MOST_PARTS:
        return Unit(typed, (token,), None)
    return Unit(typed, tuple(part for word in read_words(" ".join(pieces)) for part in word.parts), token)


def _pieces(typed: str, form: str) -> list[str]:
    """Cut a word where others write it apart: "aujourd hui", "MH 370", "10 h 30", "49-3"."""
    if form.isalpha() or form.isdigit():
        return [form]
    if "." in typed and form.replace(",", "").isdigit():  # "3,5" is a measure, and no two numbers
        return form.split(",")
    if hour := hour_of(form):
        return [part for part in (hour[0], "h", hour[1]) if part != "00"]  # "08h00" is "8 heures"
    if measure := _MEASURE.fullmatch(fold(form)):
        return [*measure.groups()]
    return form.split("'") if "'" in form else _RUN.findall(form)
