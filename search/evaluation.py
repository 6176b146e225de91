"""How does a query become ranked documents?

`evaluate` walks a tree of Whoosh query objects and works out each node as a whole array: the
documents it selects, ascending, and what each is worth.
Boolean nodes are exact set operations; leaves are scored by search.ranking. Whoosh's own matchers are
not used: they are slow here, and wrong where `NOT` meets `AND` and `OR`.

A new kind of query object is a function in `_EVALUATORS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from whoosh import query
from whoosh.query.positional import Sequence as WhooshSequence

from index.codec import kernels
from index.codec.postings import Postings
from index.dates import UNKNOWN
from search import ranking
from search.queries import AnyWord, OneTerm
from search.snapshot import Documents, Snapshot

_STRETCH = 128  # scores whose largest is looked at first when the best are looked for

Numbers = npt.NDArray[np.int64] | npt.NDArray[np.float64]


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


def rank(matches: Matches, keys: Sequence[Numbers], first: int, count: int) -> npt.NDArray[np.intp]:
    """Give the places in `matches` of the hits `first` to `first + count`.

    `keys` are aligned with the matches, the most significant one first, and the largest value comes
    first; documents equal in all of them keep the order of the index.
    """
    if first >= len(matches) or not count:
        return np.empty(0, dtype=np.intp)
    leading = keys[0]
    places = np.flatnonzero(leading >= _least(leading, first + count))
    order = np.lexsort([-places, *(key[places] for key in reversed(keys))])[::-1]
    return places[order[first : first + count]]


def _least(values: Numbers, count: int) -> float:
    """Give a value that at least `count` of the values reach, if there are so many, and few more do.

    `count` stretches whose largest values reach it are enough, and far fewer than the values themselves.
    """
    stretches = len(values) // _STRETCH
    if count <= stretches:
        values = values[: stretches * _STRETCH].reshape(stretches, _STRETCH).max(axis=1)
    elif count * 4 > len(values):
        return float(values.min())
    return float(np.partition(values, len(values) - count)[len(values) - count])


def _term(snapshot: Snapshot, node: query.Term) -> Matches:
    return _one_term(snapshot, OneTerm([node], boost=node.boost))


def _one_term(snapshot: Snapshot, node: OneTerm) -> Matches:
    """Score several terms, prefixes and phrases as if they were one term (BM25F)."""
    parts: list[kernels.Part] = []
    for leaf in node.subqueries:
        postings = _leaf_postings(snapshot, leaf)
        if len(postings.documents):
            parts.append((postings.documents, postings.tf, _norms(snapshot, _field_of(leaf))))
    documents, tf = _add_up(snapshot, parts)
    weight = ranking.idf(snapshot.documents, len(documents)) * node.boost
    return Matches(documents, ranking.saturate(tf, weight))


def _norms(snapshot: Snapshot, field: str) -> ranking.Floats:
    """Give what one occurrence in a field counts in each document, (all documents,)."""

    def work_out() -> ranking.Floats:
        lengths = snapshot.lengths(field)
        return ranking.field_norms(field, lengths.values, lengths.mean)

    return snapshot.keep(("norms", field), work_out)


def _leaf_postings(snapshot: Snapshot, leaf: query.Query) -> Postings:
    if isinstance(leaf, query.Term):
        return snapshot.postings(leaf.fieldname, leaf.text)
    if isinstance(leaf, query.Prefix):
        return snapshot.prefix_postings(leaf.fieldname, leaf.text)
    if isinstance(leaf, WhooshSequence):
        return phrase_postings(snapshot, leaf)
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
    places = []
    for at, place in enumerate(node.subqueries):
        several = [snapshot.occurrences(term.fieldname, term.text) for term in place.subqueries]
        ways = [(found.documents, found.ends, found.positions) for found in several]
        places.append((ways, node.subqueries[:at].count(place)))
    return Postings(*kernels.stretches(places, node.ordered, node.slop + len(places) - 1))


def _any_word(snapshot: Snapshot, node: AnyWord) -> Matches:
    """Add up the words side by side; documents that have every word are lifted above the others.

    A word that the index does not have cannot be asked of anybody.
    """
    parts = [part for word in node.subqueries if len(part := evaluate(snapshot, word))]
    if len(parts) < 2:
        matches = parts[0] if parts else _nothing(snapshot, node)
        return Matches(matches.documents, matches.scores * node.boost)
    documents, scores = _add_up(
        snapshot, [(part.documents, part.scores + ranking.WORD_BONUS) for part in parts]
    )
    complete = min(parts, key=len).documents
    for part in parts:
        complete = complete[kernels.find(part.documents, complete) >= 0]
    if 0 < len(complete) < len(documents):
        has_all = kernels.find(documents, complete)
        others = np.ones(len(documents), dtype=bool)
        others[has_all] = False
        scores[has_all] += scores[others].max()
    return Matches(documents, scores * node.boost)


def _or(snapshot: Snapshot, node: query.Or) -> Matches:
    parts = [evaluate(snapshot, part) for part in node.subqueries]
    documents, scores = _add_up(snapshot, [(part.documents, part.scores) for part in parts])
    return Matches(documents, scores * node.boost)


def _and(snapshot: Snapshot, node: query.And) -> Matches:
    first, *others = sorted((evaluate(snapshot, part) for part in node.subqueries), key=len)
    for other in others:
        at = kernels.find(other.documents, first.documents)
        shared = at >= 0
        first = Matches(first.documents[shared], first.scores[shared] + other.scores[at[shared]])
    return first


def _best(snapshot: Snapshot, node: query.DisjunctionMax) -> Matches:
    """Give each document the best of its scores: ways to write one word, which must not add up."""
    parts = [evaluate(snapshot, part) for part in node.subqueries]
    documents = kernels.union([part.documents for part in parts], snapshot.all_documents)
    scores = np.zeros(len(documents))
    for part in parts:
        places = kernels.find(documents, part.documents)
        scores[places] = np.maximum(scores[places], part.scores)
    return Matches(documents, scores * node.boost)


def _and_not(snapshot: Snapshot, node: query.AndNot) -> Matches:
    matches = evaluate(snapshot, node.a)
    excluded = evaluate(snapshot, node.b).documents
    return matches.keep(kernels.find(excluded, matches.documents) < 0)


def _and_maybe(snapshot: Snapshot, node: query.AndMaybe) -> Matches:
    matches = evaluate(snapshot, node.a)
    bonus = evaluate(snapshot, node.b)
    places = kernels.find(matches.documents, bonus.documents)
    found = places >= 0
    scores = matches.scores.copy()
    scores[places[found]] += bonus.scores[found]
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


def _add_up(snapshot: Snapshot, parts: Sequence[kernels.Part]) -> tuple[Documents, ranking.Floats]:
    """Add up what each document is worth in several parts."""
    parts = [part for part in parts if len(part[0])]
    if not parts:
        return np.empty(0, dtype=np.int32), np.zeros(0)
    return kernels.add_up(parts, snapshot.all_documents)


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
