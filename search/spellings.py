"""Which other spellings has a name?

"Пушкин" is "Pouchkine" in French and "Pushkin" in English, "Müller" is "Mueller" where there is no "ü". A
line of tables/transcriptions.tsv has the spellings of one sound. A word is read from its start, and wherever
a spelling stands in it, another one may stand; of the words that this makes, thousands at times, only those
are gone on with which some word of the index starts as. So few are looked at, however many words it has.

What a place or a person is called elsewhere ("Pékin", "Beijing") no rule tells: tables/other-names.tsv does.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from index.french.known_words import is_listed_name
from index.schema import forms_field
from search.time_budget import require_time
from search.vocabulary import Vocabulary, is_name
from search.word_lists import groups_of, rows_of

_FEMININE_ENDINGS = ("e", "le", "ne")
_DOUBLED = re.compile(r"([^aeiouy])\1")
_AROUND = re.compile(r"\(\?[^)]*\)|[$^]")  # of a spelling: what is no letter of it
_VOWELS = "aeiouy"


class _Spelling(NamedTuple):
    """One way to write a sound: where it stands, how many letters it has, and the other ways."""

    pattern: re.Pattern[str]
    length: int
    others: tuple[str, ...]


def variants(vocabulary: Vocabulary, folded: str) -> tuple[str, ...]:
    """Give the other spellings in the index of a word without accents that no French word is: a name.

    What only looks like it may be another name ("Christine", "Christiane").
    """
    others = other_names(vocabulary, folded)
    if not is_name(folded):
        return others
    alike = respellings(vocabulary, folded)
    return tuple(dict.fromkeys((*others, *(word for word in alike if _may_be(folded, word)))))


def _may_be(folded: str, word: str) -> bool:
    """Say whether what is written like a name may be the same one: names that are listed are each its own."""
    are_listed = is_listed_name(folded) and is_listed_name(word)
    return is_name(word) and not are_listed and not is_feminine_of(folded, word)


def other_names(vocabulary: Vocabulary, folded: str) -> tuple[str, ...]:
    """Give the other names in the index of what has several: "kiev", "kyiv"."""
    return tuple(name for name in _names().get(folded, ()) if vocabulary.is_known(name))


def has_other_names(folded: str) -> bool:
    """Say whether a word without accents is a name of tables/other-names.tsv."""
    return folded in _names()


@cache
def _names() -> dict[str, tuple[str, ...]]:
    return groups_of("other-names.tsv")


def is_feminine_of(one: str, other: str) -> bool:
    """Say whether two first names are a man's and a woman's: "Simon" and "Simone" are two people.

    "Lénine" is no woman of the name of "Lenin".
    """
    masculine, feminine = sorted((_DOUBLED.sub(r"\1", one), _DOUBLED.sub(r"\1", other)), key=len)
    endings = feminine.startswith(masculine) and feminine[len(masculine) :] in _FEMININE_ENDINGS
    return endings and (is_listed_name(one) or is_listed_name(other))


def respellings(vocabulary: Vocabulary, folded: str) -> tuple[str, ...]:
    """Give the words of the index, without accents, that may be a word written in another way.

    In the singular and in the plural ("houthis", "huthi"), but for what is listed as a name: "Nicolas" is no
    "Nikola".
    """
    table = "transcriptions.tsv"
    return vocabulary.remember(("respelt", folded), lambda: _written(vocabulary, folded, table))


def heard_as(vocabulary: Vocabulary, folded: str) -> tuple[str, ...]:
    """Give the words of the index, without accents, that may be written as this one is by ear."""
    table = "written-sounds.tsv"
    return vocabulary.remember(("heard", folded), lambda: _written(vocabulary, folded, table))


def _written(vocabulary: Vocabulary, folded: str, table: str) -> tuple[str, ...]:
    """Put other spellings of a table wherever they fit, as long as words of the index begin so."""
    fields = [forms_field(zone) for zone in vocabulary.zones]
    has_number = not is_listed_name(folded) and not folded.endswith("ss")
    one = folded.removesuffix("s") if has_number else folded
    written: list[set[str]] = [{""}, *(set() for _ in one)]  # for what stands before each place
    for place, beginnings in enumerate(written[:-1]):
        require_time()
        ways = _ways(one, place, table)
        for beginning in beginnings:
            if any(vocabulary.snapshot.has_prefix(field, beginning) for field in fields):
                for length, way in ways:
                    written[place + length].add(beginning + way)
    others = written[-1] - {one}
    if has_number:
        others |= {f"{other}s" for other in others}
    return tuple(other for other in sorted(others) if vocabulary.is_known(other))


def _ways(folded: str, place: int, table: str) -> set[tuple[int, str]]:
    """Give how many letters may be read at a place, and what may be written for them: the same, too."""
    letter = folded[place]
    ways = {(1, letter)}
    for pattern, length, others in _spellings(table).get(letter, ()):
        if pattern.match(folded, place):
            ways.update((length, other) for other in others)
    if letter not in _VOWELS:
        if folded.startswith(letter, place + 1):
            ways.add((2, letter))
        elif not folded.endswith(letter, 0, place):
            ways.add((1, letter * 2))
    return ways


@cache
def _spellings(table: str) -> dict[str, tuple[_Spelling, ...]]:
    """Give the spellings of a table by their first letter."""
    by_letter: dict[str, tuple[_Spelling, ...]] = {}
    for row in rows_of(table):
        plain = [_AROUND.sub("", spelling) for spelling in row]
        for spelling, letters in zip(row, plain, strict=True):
            others = tuple(other for other in plain if other != letters)
            known = by_letter.get(letters[0], ())
            by_letter[letters[0]] = (*known, _Spelling(re.compile(spelling), len(letters), others))
    return by_letter
