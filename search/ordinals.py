"""In which other ways is an ordinal written, and the day of a month?

"18e", "18ème", "XVIIIe": tables/ordinals.tsv has the endings, after digits and Roman numerals. "1er mars"
is "1 mars" to many, and "4 mars" "04 mars".
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
_DAY = re.compile("0?([1-9])|(1)er|([12][0-9]|3[01])")
_MOST_ROMAN = 39  # centuries, kings and districts go no further


def other_ordinals(folded: str) -> tuple[str, ...]:
    """Give the other ways to write an ordinal: "18e", "XVIIIe"; no French word ("6e" is no "vie")."""
    found = _ORDINAL.fullmatch(folded)
    if not found or is_french(folded):
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
    found = _DAY.fullmatch(folded) if after in _months() else None
    if not found:
        return ()
    day = found[found.lastindex or 0]
    written = (day, f"0{day}" if len(day) < 2 else day, "1er" if day == "1" else day)
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
def _ordinals() -> tuple[tuple[re.Pattern[str], list[str], list[str]], ...]:
    return tuple(
        (re.compile(number), arabic.split(" "), roman.split(" "))
        for number, arabic, roman in rows_of("ordinals.tsv")
    )
