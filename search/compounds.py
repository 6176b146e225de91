"""Which words typed apart does the index write as one?

Many type "sous préfet" for "sous-préfet", and "week end" for "weekend". Only the index can tell these from
words that merely follow each other. Words form a compound if articles write them with a hyphen or as one
word, which a search for the separate words would not find; unless that is rare beside the separate words:
then it is a lost space or a different expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from index.french.cutting import cut_word, raw_words
from index.french.known_words import is_french, may_be_stop_word
from index.schema import form_term, forms_field
from search.numerals import other_hours
from search.units import Unit, typed_apart
from search.vocabulary import Vocabulary

_MANY_APART = 4  # if words stand side by side more than so many times as often as in one, that is a slip
_SHORTEST_PREPOSITION = 4  # that begins a compound: "sous", "avant", "contre"; articles are shorter


def compounds(vocabulary: Vocabulary, text: str) -> Iterator[Unit]:
    """Give the compounds of the index that a text holds in pieces, in order and disjoint."""
    end = -1
    for unit in typed_apart(text, lambda folded: any(map(vocabulary.is_known, _in_one(folded)))):
        if unit.token.start >= end and _is_compound(vocabulary, unit):
            end = unit.token.end
            yield unit


def stand_together(vocabulary: Vocabulary, folds: Iterable[str]) -> bool:
    """Say whether an article has these words one after the other."""
    return any_stand_together(vocabulary, [(folded,) for folded in folds])


def any_stand_together(vocabulary: Vocabulary, places: Sequence[Sequence[str]]) -> bool:
    """Say whether an article has words one after the other, each of them one of several."""
    words = [*zip(places, range(len(places)), strict=True)]
    return any(_count(vocabulary, zone, words) for zone in vocabulary.zones)


def as_written(vocabulary: Vocabulary, folded: str) -> str:
    """Give a word of the index the way an article writes it: "sous-préfet", not "souspréfet"."""
    return vocabulary.remember(("as written", folded), lambda: _read_as_written(vocabulary, folded))


def _read_as_written(vocabulary: Vocabulary, folded: str) -> str:
    snapshot, form = vocabulary.snapshot, vocabulary.usual_form(folded)
    if is_french(folded):
        return form  # no word of the list is a compound: spare reading an article
    for zone in vocabulary.zones:
        documents = snapshot.postings(forms_field(zone), form_term(folded, form)).documents
        if len(documents):
            shortest = documents[snapshot.lengths(zone).codes[documents].argmin()]
            text = getattr(snapshot.article(int(shortest)), zone)
            if re.search(rf"\b{re.escape(form)}\b", text, re.IGNORECASE):
                return form
            for _, word in raw_words(text):
                if len(word) <= len(form) or word.isalpha():
                    continue  # nothing stands between its parts
                for cut, _, start, end, joined in cut_word(word):
                    if joined and cut == form:
                        return _hyphened(word[start:end], form)
    return form


def _is_compound(vocabulary: Vocabulary, unit: Unit) -> bool:
    folded = unit.token.fold
    function_words = [may_be_stop_word(part.fold) for part in unit.parts]
    if all(function_words):
        return False
    whole = (_in_one(folded), 0)
    pieces = [((part.fold,), at) for at, part in enumerate(unit.parts)]
    hyphened = apart = in_one = 0
    for zone in vocabulary.zones:
        with_hyphen = _count(vocabulary, zone, [whole, *pieces])
        hyphened += with_hyphen
        in_one += _count(vocabulary, zone, [whole]) - with_hyphen
        apart += _count(vocabulary, zone, pieces) - with_hyphen
    if hyphened or not any(function_words) or _is_numbered_name(unit):
        many = 1 if is_french(folded) else _MANY_APART  # "bienfait" is another word than "bien fait"
        return hyphened + in_one >= max(apart, 1) or in_one * many >= max(apart, 1)
    # "avant garde" may be an "avantgarde", but "du pont" is no "Dupont", and "des accords" no "désaccords"
    particles = any(
        may_be_stop_word(part.fold) and len(part.fold) < _SHORTEST_PREPOSITION for part in unit.parts
    )
    return not apart and not particles and not is_french(folded)


def _in_one(folded: str) -> tuple[str, ...]:
    """Give the ways to write as one word what was typed apart: several for an hour, "8h", "8h00"."""
    return (folded, *other_hours(folded))


def _is_numbered_name(unit: Unit) -> bool:
    """Say whether a word is a letter and a number, "a 320" or "m 6"; but "à 320" is none."""
    letter, *numbers = unit.parts
    return (
        letter.form.isalpha()
        and letter.form.isascii()
        and len(letter.form) == 1
        and (len(numbers) == 1 and numbers[0].form.isdigit())
    )


def _count(vocabulary: Vocabulary, zone: str, words: Iterable[tuple[Sequence[str], int]]) -> int:
    """Count how often words stand together; each is (its folds, its distance in positions from the first)."""
    places = [
        ([term for folded in folds for term in vocabulary.form_terms(zone, folded)], step)
        for folds, step in words
    ]
    return int(vocabulary.snapshot.stretches(forms_field(zone), places, True, 0).tf.sum())


def _hyphened(written: str, form: str) -> str:
    """Give a joined form the hyphens and apostrophes that it was written with."""
    if sum(map(str.isalnum, written)) != sum(map(str.isalnum, form)):
        return form  # full stops, combining accents: rare, and the form says enough
    letters = filter(str.isalnum, form)
    return "".join(next(letters) if character.isalnum() else character for character in written)
