"""What do several words search that follow each other, or stand near?

A quotation selects; plain words in the order in which they were typed, and pairs of them near each other,
only rank the articles that the words select.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from whoosh import query

from index.analysis import Token, analyze
from index.schema import NAME_FIELDS, form_term, forms_field, split_form_term
from search.marking import Mark, PhraseMark, WordMark
from search.notes import Notes
from search.numerals import other_days, other_numerals
from search.queries import OneTerm, Whole, field_of
from search.short_forms import short_or_whole
from search.terms import forms_terms, in_a_row, one_term, sequences
from search.units import Unit, typed_in_a_row, units, words_of_phrase
from search.vocabulary import Vocabulary, same_but_for_capital

ACCENTS_BOOST = 2.0  # what a quotation with the very accents typed adds: péché is not pêche
NEAR_BOOST = 0.3  # what two words of the query near each other add, as a part of what a phrase is worth
NEAR_SLOP = 2  # "guerre en Ukraine", "ministre français des Affaires": an article, an adjective between
IN_A_ROW_BOOST = 1.0  # all words of the query in a row: what a quotation of them is worth
WHOLE_TITLE_BOOST = 1.0  # a title that says what was typed, and no more: that article is looked for
_MAX_NEAR_WORDS = 16  # a query of more is a text, and its pairs are many


def phrase_query(notes: Notes, vocabulary: Vocabulary, text: str, slop: int | None) -> query.Query | None:
    """Search words as they are written, accents aside: in this order, or near each other.

    Numbers are found however they are written: "2e" and "2ème", "20h30" and "20 h 30", "49.3" and "49-3".
    """
    if not units(text):
        return None
    key = ("phrase", str(slop), text)
    found, *marks = vocabulary.remember(key, lambda: _read_phrase(vocabulary, text, slop))
    for mark in marks:
        notes.mark(mark)
    return found


def _read_phrase(vocabulary: Vocabulary, text: str, slop: int | None) -> tuple[Any, ...]:
    """Return what searches a phrase and what marks it, in one tuple, of which the cache counts the parts.

    The accents typed add to its score where the index has others.
    """
    leaves: list[query.Query] = []
    marks: list[Mark] = []
    for words in words_of_phrase(text):
        places = _places(words)
        if len(places) == 1:
            marks.append(_written_mark(vocabulary, places[0]))
            leaves += [term for folded in places[0] for term in forms_terms(vocabulary, folded)]
        else:
            marks.append(PhraseMark(frozenset(vocabulary.zones), tuple(map(frozenset, places)), slop))
            leaves += sequences(vocabulary, places, slop)
    found, typed = one_term(leaves), typed_in_a_row(text)
    if slop is None and (titles := _whole_titles(leaves, text)):
        found = query.AndMaybe(found, titles)
    exact = list(_with_accents(vocabulary, typed, slop, bare=True)) if leaves else []
    if exact and _has_other_accents(vocabulary, typed):
        found = query.AndMaybe(found, OneTerm(exact, boost=ACCENTS_BOOST))
    return (found, *marks)


def _places(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Give what may stand for each of some words, without accents, that follow each other."""
    return [
        (folded, *other_numerals(folded), *other_days(folded, after), *short_or_whole(folded))
        for folded, after in zip(words, (*words[1:], ""), strict=True)
    ]


def as_typed_query(vocabulary: Vocabulary, text: str) -> tuple[query.Query, ...]:
    """Search plain words as they were typed, function words included: in a row, and as a whole title.

    They rank and select nothing. Of "à qui de droit" one word selects.
    """
    words = typed_in_a_row(text)
    if vocabulary.zones[0] in NAME_FIELDS or not 0 < len(words) <= _MAX_NEAR_WORDS:
        return ()

    def read() -> tuple[query.Query, ...]:
        leaves = list(_with_accents(vocabulary, words, None, bare=False))
        in_a_row = OneTerm(leaves, boost=IN_A_ROW_BOOST) if leaves and len(words) > 1 else None
        return tuple(filter(None, (in_a_row, _whole_titles(leaves, text))))

    return vocabulary.remember(("in a row", text), read)


def _whole_titles(leaves: Iterable[query.Query], text: str) -> query.Query | None:
    """Search the titles that say what was typed and no more; None where titles are not looked into."""
    stems = sum(token.stem != "" for token in analyze(text))
    titles = [Whole(leaf, "title", stems) for leaf in leaves if field_of(leaf) == forms_field("title")]
    return OneTerm(titles, boost=WHOLE_TITLE_BOOST) if titles and stems else None


def _with_accents(
    vocabulary: Vocabulary, words: Sequence[Token], slop: int | None, *, bare: bool
) -> Iterator[query.Query]:
    """Search words in a row with the accents typed, where the index has the word with them.

    A word typed without any may have some; not where it is `bare` in the index, too, if that is asked for.
    """
    for zone in vocabulary.zones:
        places: list[list[query.Query]] = []
        for word, folds in zip(words, _places([word.fold for word in words]), strict=True):
            forms = [split_form_term(term) for one in folds for term in vocabulary.form_terms(zone, one)]
            typed = [one for one in forms if same_but_for_capital(one[1], word.form)]
            chosen = typed if typed and (bare or word.form != word.fold) else forms
            places.append([query.Term(forms_field(zone), form_term(*one)) for one in chosen])
        if all(places):
            yield from [in_a_row(places, slop)] if len(places) > 1 else places[0]


def _has_other_accents(vocabulary: Vocabulary, words: Iterable[Token]) -> bool:
    """Say whether one of some words is also in the index with other accents than were typed."""
    for word in words:
        forms = vocabulary.forms_of(word.fold)
        if 0 < sum(same_but_for_capital(form, word.form) for form in forms) < len(forms):
            return True
    return False


def near_queries(vocabulary: Vocabulary, words: Sequence[Unit]) -> list[list[query.Query]]:
    """Search each word near the one typed after it, (words,): it ranks, it selects nothing.

    Words far apart say less of each other than words side by side ("guerre" and "Ukraine").
    """
    near: list[list[query.Query]] = [[] for _ in words]
    if vocabulary.zones[0] in NAME_FIELDS or len(words) > _MAX_NEAR_WORDS:
        return near
    for found, (first, second) in zip(near, pairwise(words), strict=False):  # the last word has none after it
        pair = (first.token.fold, second.token.fold)
        found.extend(vocabulary.remember(("pair", *pair), partial(_pair, vocabulary, pair)))
    return near


def _pair(vocabulary: Vocabulary, folds: tuple[str, str]) -> tuple[query.Query, ...]:
    near = list(sequences(vocabulary, [(folded,) for folded in folds], NEAR_SLOP))
    return (OneTerm(near, boost=NEAR_BOOST),) if near else ()


def any_accent(notes: Notes, vocabulary: Vocabulary, folded: str) -> query.Query:
    """Search one word as it is written, accents aside."""
    notes.mark(_written_mark(vocabulary, (folded,)))
    return one_term(forms_terms(vocabulary, folded))


def _written_mark(vocabulary: Vocabulary, folds: Sequence[str]) -> WordMark:
    return WordMark(frozenset(vocabulary.zones), folds=frozenset(folds), typed=folds[0])
