"""In which other ways is a number of something written: an ordinal, the day of a month, the hour of a day?

"18e", "18ème", "XVIIIe", "dix-huitième": tables/ordinals.tsv has the endings, after digits and Roman
numerals, tables/ordinal-words.tsv the words. "1er mars" is "1 mars" to many, "4 mars" "04 mars", "8h" "8h00".
"""

from __future__ import annotations

import re
from functools import cache

from index.french.folding import fold
from index.french.known_words import is_french
from index.word_lists import month_spellings
from search.word_lists import rows_of

_ROMAN = {10: "x", 9: "ix", 5: "v", 4: "iv", 1: "i"}
_ORDINAL = re.compile("(\\d+|[ivx]+)([a-z]+)", re.ASCII)
_HOUR = re.compile("0?([0-9]|1[0-9]|2[0-4])h([0-5][0-9])?")
_DAY = re.compile("0?([1-9])|([12][0-9]|3[01])")
_FIRST = ("1er", "premier")  # day of a month
_MOST_ROMAN = 39  # centuries, kings and districts go no further


def other_numerals(folded: str) -> tuple[str, ...]:
    """Give the other ways to write an ordinal or an hour."""
    return other_ordinals(folded) or other_hours(folded)


def other_ordinals(folded: str) -> tuple[str, ...]:
    """Give the other ways to write an ordinal: "18e", "XVIIIe"; no French word ("6e" is no "vie")."""
    if figures := _figures().get(folded):
        return (figures, *_in_figures(figures))
    if is_french(folded):
        return ()
    written = _in_figures(folded)
    words = [word for one in (folded, *written) for word in _words().get(one, ())]
    return (*written, *words)


def other_hours(folded: str) -> tuple[str, ...]:
    """Give the other ways to write an hour: "8h", "08h", "8h00"."""
    if not (found := hour_of(folded)):
        return ()
    hour, minutes = found
    after = ("", "00") if minutes == "00" else (minutes,)
    written = [f"{figures}h{end}" for figures in (hour, hour.zfill(2)) for end in after]
    return tuple(other for other in dict.fromkeys(written) if other != folded)


def hour_of(written: str) -> tuple[str, str] | None:
    """Give the hour and the minutes of "8h", "08h00" or "20h30"; None for all that is no hour."""
    found = _HOUR.fullmatch(written)
    return (found[1], found[2] or "00") if found else None


def _in_figures(folded: str) -> tuple[str, ...]:
    """Give the other ways to write an ordinal with digits or Roman numerals."""
    found = _ORDINAL.fullmatch(folded)
    if not found:
        return ()
    number, ending = found.groups()
    arabic = _arabic().get(number, number)
    for pattern, after_arabic, after_roman in _ordinals():
        endings = after_arabic if number == arabic else after_roman
        if ending in endings and pattern.fullmatch(arabic):
            roman = _roman(int(arabic)) if len(arabic) < 3 else ""
            written = [arabic + end for end in after_arabic] + [roman + end for end in after_roman if roman]
            return tuple(other for other in written if other != folded and not is_french(other))
    return ()


def other_days(folded: str, after: str) -> tuple[str, ...]:
    """Give the other ways to write the day of a month, before its name: "1er" for "1", "04" for "4"."""
    found = _DAY.fullmatch("1" if folded in _FIRST else folded) if after in _months() else None
    if not found:
        return ()
    day = found[found.lastindex or 0]
    written = (day, day.zfill(2), *(_FIRST if day == "1" else ()))
    return tuple(other for other in dict.fromkeys(written) if other != folded)


@cache
def _months() -> frozenset[str]:
    return frozenset(fold(name) for _, names in month_spellings() for name in names)


def _roman(number: int) -> str:
    """Write a small number in Roman numerals; "" for a large one."""
    written = ""
    for value, numeral in _ROMAN.items() if number <= _MOST_ROMAN else ():
        written += numeral * (number // value)
        number %= value
    return written


@cache
def _arabic() -> dict[str, str]:
    return {_roman(number): str(number) for number in range(1, _MOST_ROMAN + 1)}


@cache
def _figures() -> dict[str, str]:
    """Give the figures of the ordinals in letters that are searched so."""
    return {word: figures for figures, word, *_ in rows_of("ordinal-words.tsv") if word}


@cache
def _words() -> dict[str, tuple[str, ...]]:
    """Give the ordinals in letters of those in figures."""
    return {figures: tuple(filter(None, words)) for figures, *words in rows_of("ordinal-words.tsv")}


@cache
def _ordinals() -> tuple[tuple[re.Pattern[str], list[str], list[str]], ...]:
    return tuple(
        (re.compile(number), arabic.split(" "), roman.split(" "))
        for number, arabic, roman in rows_of("ordinals.tsv")
    )
