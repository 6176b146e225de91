"""How does a query become ranked documents?

`evaluate` walks a tree of Whoosh query objects and works out each node as a whole array: the
documents it selects, ascending, and what each is worth.
Boolean nodes are exact set operations; leaves are scored by search.ranking. Whoosh's own matchers are
not used: they are slow here, and wrong where `NOT` meets `AND` and `OR`.

A new kind of query object is a function in `_EVALUATORS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from whoosh import query
from whoosh.query.positional import Sequence as WhooshSequence

from index.dates import UNKNOWN
from search import ranking
from search.queries import AnyWord, OneTerm
from search.snapshot import Documents, Postings, Snapshot

MAX_EXPANSIONS = 1_000  # terms that a prefix may stand for; interpretation announces a cut


@dataclass(frozen=True, slots=True)
class Matches:
    """What a query selects: two aligned arrays, by ascending document."""

    documents: Documents
    scores: ranking.Floats

    def __len__(self) -> int:
        return len(self.documents)

    def keep(self, mask: npt.NDArray[np.bool_]) -> Matches:
        """Keep the documents where the mask, (n,), is set."""
        return Matches(self.documents[mask], self.scores[mask])


def evaluate(snapshot: Snapshot, node: query.Query) -> Matches:
    """Work out a query tree over one generation."""
    evaluator = _EVALUATORS.get(type(node))
    if evaluator is None:
        raise TypeError(f"no evaluator for {type(node).__name__}: add one to search.evaluation._EVALUATORS")
    return evaluator(snapshot, node)


def rank(
    matches: Matches, keys: Sequence[npt.NDArray[np.generic]], first: int, count: int
) -> npt.NDArray[np.intp]:
    """Give the places in `matches` of the hits `first` to `first + count`.

    `keys` are aligned with the matches, the most significant one first, and the largest value comes
    first; documents equal in all of them keep the order of the index.
    """
    if first >= len(matches) or not count:
        return np.empty(0, dtype=np.intp)
    places = np.arange(len(matches))
    if first + count < len(matches) // 4:  # no need to sort what cannot be on the page
        leading = keys[0]
        least = np.partition(leading, len(leading) - first - count)[len(leading) - first - count]
        places = np.flatnonzero(leading >= least)
    order = np.lexsort([-places, *(key[places] for key in reversed(keys))])[::-1]
    return places[order[first : first + count]]


def _term(snapshot: Snapshot, node: query.Term) -> Matches:
    return _one_term(snapshot, OneTerm([node], boost=node.boost))


def _one_term(snapshot: Snapshot, node: OneTerm) -> Matches:
    """Score several terms, prefixes and phrases as if they were one term (BM25F)."""
    by_field: dict[str, list[Postings]] = {}
    for leaf in node.subqueries:
        by_field.setdefault(_field_of(leaf), []).extend(_leaf_postings(snapshot, leaf))
    fields = {field: _add_up(found) for field, found in by_field.items()}
    documents = _union(postings.documents for postings in fields.values())
    tf = np.zeros(len(documents))
    for field, postings in fields.items():
        lengths = snapshot.lengths(field)
        part = ranking.field_part(field, postings.tf, lengths.values[postings.documents], lengths.mean)
        tf[np.searchsorted(documents, postings.documents)] += part
    scores = ranking.idf(snapshot.documents, len(documents)) * ranking.saturate(tf) * node.boost
    return Matches(documents, scores)


def _leaf_postings(snapshot: Snapshot, leaf: query.Query) -> Iterable[Postings]:
    if isinstance(leaf, query.Term):
        yield snapshot.postings(leaf.fieldname, leaf.text)
    elif isinstance(leaf, query.Prefix):
        for term in snapshot.terms(leaf.fieldname, leaf.text, MAX_EXPANSIONS):
            yield snapshot.postings(leaf.fieldname, term)
    elif isinstance(leaf, WhooshSequence):
        yield phrase_postings(snapshot, leaf)
    else:
        raise TypeError(f"{type(leaf).__name__} cannot be scored as a term")


def _field_of(leaf: query.Query) -> str:
    while isinstance(leaf, query.Or | WhooshSequence):
        leaf = leaf.subqueries[0]
    return str(leaf.field())


def phrase_postings(snapshot: Snapshot, node: WhooshSequence) -> Postings:
    """Find a sequence of words: its documents and how often it stands in each.

    Each place of the sequence is an `Or` of the terms that may stand there. Ordered, the words
    follow each other; unordered, at most `slop` other words stand between them, and a word that was
    given twice stands there twice. It is counted once for each position that such a stretch starts at.
    """
    places = [_occurrences(snapshot, place) for place in node.subqueries]
    if node.ordered:
        starts = places[0]
        for offset, occurrences in enumerate(places[1:], start=1):
            starts = np.intersect1d(starts, occurrences - offset, assume_unique=True)
    else:
        given_before = [node.subqueries[:i].count(place) for i, place in enumerate(node.subqueries)]
        starts = _windows(places, given_before, node.slop + len(places) - 1)
    documents, tf = np.unique(starts >> 32, return_counts=True)
    return Postings(documents.astype(np.int32), tf.astype(np.int32))


def _windows(
    places: Sequence[npt.NDArray[np.int64]], given_before: Sequence[int], width: int
) -> npt.NDArray[np.int64]:
    """Give where a stretch starts that has an occurrence of each place at most `width` positions on.

    `given_before` says, of each place, how many places before it are the same word.
    """
    if not all(len(place) for place in places):
        return np.empty(0, dtype=np.int64)
    starts = np.unique(np.concatenate(places))
    last = np.zeros(len(starts), dtype=np.int64)
    complete = np.ones(len(starts), dtype=bool)
    for place, before in zip(places, given_before, strict=True):
        following = np.searchsorted(place, starts) + before
        complete &= following < len(place)
        last = np.maximum(last, place[np.minimum(following, len(place) - 1)])
    return starts[complete & (last - starts <= width)]


def _occurrences(snapshot: Snapshot, place: query.Or) -> npt.NDArray[np.int64]:
    found = [snapshot.positions(term.fieldname, term.text) for term in place.subqueries]
    return found[0] if len(found) == 1 else np.unique(np.concatenate(found))


def _any_word(snapshot: Snapshot, node: AnyWord) -> Matches:
    """Add up the words side by side; documents that have every word are lifted above the others.

    A word that the index does not have cannot be asked of anybody.
    """
    parts = [part for word in node.subqueries if len(part := evaluate(snapshot, word))]
    matches = _sum(parts)
    if len(parts) < 2:
        return Matches(matches.documents, matches.scores * node.boost)
    words = np.zeros(len(matches), dtype=np.int16)
    for part in parts:
        words[np.searchsorted(matches.documents, part.documents)] += 1
    scores = matches.scores + ranking.WORD_BONUS * words
    complete = words == len(parts)
    if complete.any() and not complete.all():
        scores[complete] += scores[~complete].max()
    return Matches(matches.documents, scores * node.boost)


def _or(snapshot: Snapshot, node: query.Or) -> Matches:
    matches = _sum([evaluate(snapshot, part) for part in node.subqueries])
    return Matches(matches.documents, matches.scores * node.boost)


def _sum(parts: Sequence[Matches]) -> Matches:
    documents = _union(part.documents for part in parts)
    scores = np.zeros(len(documents))
    for part in parts:
        scores[np.searchsorted(documents, part.documents)] += part.scores
    return Matches(documents, scores)


def _and(snapshot: Snapshot, node: query.And) -> Matches:
    first, *others = sorted((evaluate(snapshot, part) for part in node.subqueries), key=len)
    for other in others:
        shared, left, right = np.intersect1d(
            first.documents, other.documents, assume_unique=True, return_indices=True
        )
        first = Matches(shared, first.scores[left] + other.scores[right])
    return first


def _best(snapshot: Snapshot, node: query.DisjunctionMax) -> Matches:
    """Give each document the best of its scores: ways to write one word, which must not add up."""
    parts = [evaluate(snapshot, part) for part in node.subqueries]
    documents = _union(part.documents for part in parts)
    scores = np.zeros(len(documents))
    for part in parts:
        places = np.searchsorted(documents, part.documents)
        scores[places] = np.maximum(scores[places], part.scores)
    return Matches(documents, scores * node.boost)


def _and_not(snapshot: Snapshot, node: query.AndNot) -> Matches:
    matches = evaluate(snapshot, node.a)
    excluded = evaluate(snapshot, node.b).documents
    return matches.keep(np.isin(matches.documents, excluded, assume_unique=True, invert=True))


def _and_maybe(snapshot: Snapshot, node: query.AndMaybe) -> Matches:
    matches = evaluate(snapshot, node.a)
    bonus = evaluate(snapshot, node.b)
    _, left, right = np.intersect1d(
        matches.documents, bonus.documents, assume_unique=True, return_indices=True
    )
    scores = matches.scores.copy()
    scores[left] += bonus.scores[right]
    return Matches(matches.documents, scores)


def _every(snapshot: Snapshot, node: query.Every) -> Matches:
    return _unscored(np.flatnonzero(snapshot.live))


def _nothing(snapshot: Snapshot, node: query.Query) -> Matches:
    return _unscored(np.empty(0, dtype=np.int32))


def _date_range(snapshot: Snapshot, node: query.NumericRange) -> Matches:
    dates = snapshot.dates
    dated = snapshot.live & (dates != UNKNOWN)  # a period from the year 0 takes in no undated article
    return _unscored(np.flatnonzero(dated & (dates >= node.start) & (dates <= node.end)))


def _unscored(documents: npt.NDArray[np.integer]) -> Matches:
    return Matches(documents.astype(np.int32), np.zeros(len(documents)))


def _add_up(postings: Sequence[Postings]) -> Postings:
    """Merge the postings of terms that count as one: the union, with the frequencies added."""
    if len(postings) == 1:
        return postings[0]
    documents = _union(found.documents for found in postings)
    tf = np.zeros(len(documents), dtype=np.int32)
    for found in postings:
        tf[np.searchsorted(documents, found.documents)] += found.tf
    return Postings(documents, tf)


def _union(arrays: Iterable[Documents]) -> Documents:
    several = list(arrays)
    if len(several) == 1:
        return several[0]
    return np.unique(np.concatenate(several)) if several else np.empty(0, dtype=np.int32)


_EVALUATORS: Mapping[type[query.Query], Callable[[Snapshot, query.Query], Matches]] = {
    query.Term: _term,
    query.And: _and,
    query.Or: _or,
    query.AndNot: _and_not,
    query.DisjunctionMax: _best,
    query.AndMaybe: _and_maybe,
    query.Every: _every,
    query.NumericRange: _date_range,
    type(query.NullQuery): _nothing,
    OneTerm: _one_term,
    AnyWord: _any_word,
}
