"""Which other spellings has a name?

"Пушкин" is "Pouchkine" in French and "Pushkin" in English, "Müller" is "Mueller" where there is no "ü". Each
line of tables/transcriptions.tsv has the spellings of one sound. A word is read from its start, and any
spelling in it may be replaced by another one of its line. That can make thousands of words, but a beginning
that no word of the index has is dropped at once: few are looked at, however many words the index has.

No rule tells what a place or a person is called elsewhere ("Pékin", "Beijing"): tables/other-names.tsv does.
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
    """Return the other spellings in the index of a name, that is, of a folded word that is not French.

    Listed names that look alike are different ones ("Christine", "Christiane").
    """
    others = other_names(vocabulary, folded)
    if not is_name(folded):
        return others
    alike = respellings(vocabulary, folded)
    return tuple(dict.fromkeys((*others, *(word for word in alike if _may_be(folded, word)))))


def _may_be(folded: str, word: str) -> bool:
    """Say whether a word written like a name may be the same one: two listed names never are."""
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

    In the singular and in the plural ("houthis", "huthi"), except listed names: "Nicolas" is not "Nikola".
    """
    table = "transcriptions.tsv"
    return vocabulary.remember(("respelt", folded), lambda: _written(vocabulary, folded, table))


def heard_as(vocabulary: Vocabulary, folded: str) -> tuple[str, ...]:
    """Give the words of the index, without accents, that may be written as this one is by ear."""
    table = "written-sounds.tsv"
    return vocabulary.remember(("heard", folded), lambda: _written(vocabulary, folded, table))


def _written(vocabulary: Vocabulary, folded: str, table: str) -> tuple[str, ...]:
    """Replace spellings by others of a table wherever they fit, while words of the index begin so."""
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
    """Return what may be read at a place, as (number of letters, what may be written for them)."""
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
