"""Which query objects look for stems, for forms, for words in a row?

What search.leaves and search.guesses build their queries of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from whoosh import query
from whoosh.query.positional import Sequence as WhooshSequence

from index.french.folding import fold_form
from index.schema import form_term, forms_field
from search.queries import OneTerm
from search.vocabulary import Vocabulary


def combine(kind: type[query.Query], parts: list[query.Query]) -> query.Query:
    """Join several queries; one needs no joining."""
    return kind(parts) if len(parts) > 1 else parts[0]


def one_term(terms: list[query.Query]) -> query.Query:
    """Look for some terms as if they were one; without any, for nothing."""
    return OneTerm(terms) if terms else query.NullQuery


def stem_terms(vocabulary: Vocabulary, stems: Iterable[str]) -> list[query.Query]:
    """Give the terms of some stems, in each zone."""
    return [query.Term(zone, stem) for zone in vocabulary.zones for stem in stems]


def forms_terms(vocabulary: Vocabulary, folded: str) -> list[query.Query]:
    """Give the terms of all the forms that a word without accents has in the index."""
    return [
        query.Term(forms_field(zone), term)
        for zone in vocabulary.zones
        for term in vocabulary.form_terms(zone, folded)
    ]


def exact_terms(vocabulary: Vocabulary, forms: Iterable[str]) -> list[query.Query]:
    """Give the terms of some forms and of no other spelling, in each zone."""
    terms = [form_term(fold_form(form), form) for form in forms]
    return [query.Term(forms_field(zone), term) for zone in vocabulary.zones for term in terms]


def sequences(
    vocabulary: Vocabulary, places: Sequence[tuple[str, ...]], slop: int | None
) -> Iterator[query.Query]:
    """Search words that follow each other, in each zone that has them; a place may have several folds."""
    for zone in vocabulary.zones:
        terms = [
            [
                query.Term(forms_field(zone), t)
                for folded in place
                for t in vocabulary.form_terms(zone, folded)
            ]
            for place in places
        ]
        if all(terms):
            yield in_a_row(terms, slop)


def in_a_row(places: Sequence[list[query.Query]], slop: int | None = None) -> query.Query:
    """Search terms of one field that follow each other, or stand near; a place may have several."""
    ordered = slop is None
    return WhooshSequence(
        [query.Or(place) for place in places], slop=1 if slop is None else slop, ordered=ordered
    )
