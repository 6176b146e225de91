"""Which words are shortened, and how?

"St-Denis" is "Saint-Denis", "Mme Dupont" madame Dupont, "12 km" twelve kilometres: tables/short-forms.tsv.
They stand for each other in a compound, in a quotation and alone; but a letter alone is an initial.
"""

from __future__ import annotations

from functools import cache

from search.word_lists import rows_of


def short_or_whole(folded: str) -> tuple[str, ...]:
    """Give the short form of a word, or what a short form stands for, without accents: "st", "saint"."""
    return _table().get(folded, ())


def short_or_whole_alone(folded: str) -> tuple[str, ...]:
    """Give the same for a word that is searched alone."""
    others = short_or_whole(folded) if len(folded) > 1 else ()
    return tuple(other for other in others if len(other) > 1)


@cache
def _table() -> dict[str, tuple[str, ...]]:
    rows = list(rows_of("short-forms.tsv"))
    return {short: tuple(whole) for short, *whole in rows} | {
        each: (short,) for short, *whole in rows for each in whole
    }
