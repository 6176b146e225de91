"""In which other ways are the parts of a compound written?

The stem of "aide-soignante" only covers changes at its end. So a compound is also looked for as its parts,
one after the other, each in the singular, in the plural and, if the last part has one, in the other gender:
"aides-soignants". Some parts have several spellings: "al-Sissi", "el-Sissi". Combinations that the index does
not have find nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from index.analysis import Token
from index.french.cutting import join_parts
from index.french.known_words import is_listed_name
from search.short_forms import short_or_whole
from search.spellings import other_names
from search.vocabulary import Vocabulary
from search.word_lists import groups_of, rows_of

_SHORTEST_INFLECTED = 2  # letters: "né"


def ways_to_write(vocabulary: Vocabulary, parts: Sequence[Token]) -> list[tuple[str, ...]]:
    """Give the words without accents that each part of a compound may be, (parts,)."""
    places = [(*_in_spelling(_in_number(part.fold)), *other_names(vocabulary, part.fold)) for part in parts]
    # If it has none, as in "Grand-Place", the last part is no person, and "grande place" is another thing.
    if others := _of_other_gender(vocabulary, parts[-1].fold):
        genders = [_of_other_gender(vocabulary, part.fold) for part in parts[:-1]]
        places = [(*place, *more) for place, more in zip(places, (*genders, others), strict=True)]
    return places


def in_one_word(parts: Sequence[Token]) -> str:
    """Write a compound without accents as one word, only its last part in the plural: "plates-formes"."""
    return join_parts([*(_singular(part.fold) for part in parts[:-1]), parts[-1].fold])


def _in_spelling(folds: Iterable[str]) -> Iterator[str]:
    return (spelt for folded in folds for spelt in (folded, *_spellings().get(folded, ())))


@cache
def _spellings() -> dict[str, tuple[str, ...]]:
    """Give each part of search/tables/part-spellings.tsv the others of its line."""
    return groups_of("part-spellings.tsv")


def _in_number(folded: str) -> Iterator[str]:
    """Yield a part in the singular and in the plural, as far as spelling shows, and shortened or in full."""
    yield folded
    if folded[-1] not in "sxz":
        yield from (folded + "s", folded + "x") if len(folded) >= _SHORTEST_INFLECTED else ()
    elif len(folded) > _SHORTEST_INFLECTED:
        yield folded[:-1]
    if folded.endswith("al"):
        yield folded[:-1] + "ux"
    elif folded.endswith("aux"):
        yield folded[:-2] + "l"
    yield from short_or_whole(folded)


def _of_other_gender(vocabulary: Vocabulary, folded: str) -> tuple[str, ...]:
    """Give a part in the other gender, singular and plural, where the index has it as a form of that word."""
    if len(folded) < _SHORTEST_INFLECTED or not folded.isalpha() or is_listed_name(folded):
        return ()
    key = ("other gender", folded)
    return vocabulary.remember(key, lambda: _read_other_gender(vocabulary, folded))


def _read_other_gender(vocabulary: Vocabulary, folded: str) -> tuple[str, ...]:
    numbers = list(_in_number(folded))
    stems = vocabulary.stems_of(numbers)
    others = {other for one in numbers for other in _swapped(one)}
    forms = sorted({form for other in others for form in _in_number(other)})
    known = [form for form in forms if vocabulary.is_known(form)]
    return tuple(form for form in known if stems & vocabulary.stems_of([form]))


def _swapped(folded: str) -> Iterator[str]:
    """Give what may be the feminine of a masculine word, and the other way round."""
    for ending, other in _gender_endings():
        if folded.endswith(ending) and (swapped := folded.removesuffix(ending) + other):
            yield swapped


@cache
def _gender_endings() -> tuple[tuple[str, str], ...]:
    """Give the endings of search/tables/gender-endings.tsv, each with the one that may stand in its place."""
    rows = list(rows_of("gender-endings.tsv"))
    return tuple((one, other) for row in rows for one, other in (row, reversed(row)))


def _singular(folded: str) -> str:
    return folded[:-1] if len(folded) > _SHORTEST_INFLECTED and folded[-1] in "sx" else folded
