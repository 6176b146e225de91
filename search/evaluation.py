"""How does a query become scored documents?

`evaluate` walks a tree of Whoosh query objects and works out each node as a whole array: the
documents it selects, ascending, and what each is worth.
Boolean nodes are exact set operations; leaves are scored by search.ranking. Whoosh's own matchers are
not used: they are slow here, and wrong where `NOT` meets `AND` and `OR`. The matches of a word are kept for
the next query that has it, so no array of a `Matches` is ever changed.

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
from index.codec.lengths import LENGTH_OF_BYTE, length_bytes
from index.codec.postings import Postings
from index.dates import UNKNOWN
from search import ranking
from search.queries import AnyWord, OneOf, OneTerm, OneWord, Whole, field_of, key_of_term
from search.snapshot import Documents, Snapshot
from search.time_budget import require_time


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
    """Work out a query tree over one generation. Raises: LimitExceeded where there is no time left."""
    require_time()
    evaluator = _EVALUATORS.get(type(node))
    if evaluator is None:
        raise TypeError(f"no evaluator for {type(node).__name__}: add one to search.evaluation._EVALUATORS")
    return evaluator(snapshot, node)


def _term(snapshot: Snapshot, node: query.Term) -> Matches:
    key = key_of_term((node,), node.boost)
    return snapshot.remember_arrays(key, lambda: _score(snapshot, (node,), node.boost))


def _one_term(snapshot: Snapshot, node: OneTerm) -> Matches:
    return snapshot.remember_arrays(node.key, lambda: _score(snapshot, node.subqueries, node.boost))


def _one_word(snapshot: Snapshot, node: OneWord) -> Matches:
    def score() -> Matches:
        return _with_bonus(*(_score(snapshot, one.subqueries, one.boost) for one in (node.a, node.b)))

    return snapshot.remember_arrays(node.key, score)


def _score(snapshot: Snapshot, leaves: Sequence[query.Query], boost: float) -> Matches:
    """Score several terms, prefixes and phrases as if they were one term (BM25F)."""
    parts: list[kernels.Part] = []
    for leaf in leaves:
        postings = _leaf_postings(snapshot, leaf)
        if len(postings.documents):
            parts.append((postings.documents, postings.tf, *_norms(snapshot, field_of(leaf))))
    documents, tf, _ = _add_up(snapshot, parts)
    weight = ranking.idf(snapshot.documents, len(documents)) * boost
    return Matches(documents, ranking.saturate(tf, weight))


def _norms(snapshot: Snapshot, field: str) -> tuple[npt.NDArray[np.uint8], ranking.Floats]:
    """Return the length byte of a field in each document, and the weight of one token by length byte."""
    lengths = snapshot.lengths(field)
    norms = snapshot.keep(("norms", field), lambda: ranking.field_norms(field, LENGTH_OF_BYTE, lengths.mean))
    return lengths.codes, norms


def _leaf_postings(snapshot: Snapshot, leaf: query.Query) -> Postings:
    if isinstance(leaf, query.Term):
        return snapshot.postings(leaf.fieldname, leaf.text)
    if isinstance(leaf, query.Prefix):
        return snapshot.prefix_postings(leaf.fieldname, leaf.text)
    if isinstance(leaf, WhooshSequence):
        return phrase_postings(snapshot, leaf)
    if isinstance(leaf, Whole):
        return _whole_postings(snapshot, leaf)
    raise TypeError(f"{type(leaf).__name__} cannot be scored as a term")


def _whole_postings(snapshot: Snapshot, node: Whole) -> Postings:
    """Find the documents in which a zone is nothing but a word or a phrase."""
    found = _leaf_postings(snapshot, node.leaf)
    codes = snapshot.lengths(node.zone).codes[found.documents]
    whole = codes == length_bytes(np.array([node.stems]))
    return Postings(found.documents[whole], found.tf[whole])


def phrase_postings(snapshot: Snapshot, node: WhooshSequence) -> Postings:
    """Find a sequence of words: its documents and how often it stands in each.

    Each place of the sequence is an `Or` of the terms that may stand there. Ordered, the words
    follow each other; unordered, at most `slop` other words stand between them, and a word that was
    given twice stands there twice. Each position at which such a stretch starts counts once.
    """
    field = field_of(node)
    places = [
        ([term.text for term in place.subqueries], at if node.ordered else node.subqueries[:at].count(place))
        for at, place in enumerate(node.subqueries)
    ]
    return snapshot.stretches(field, places, node.ordered, node.slop + len(places) - 1)


def _any_word(snapshot: Snapshot, node: AnyWord) -> Matches:
    """Add up the words side by side; documents that have every word are lifted above the others.

    A word that finds nothing is left out: no document could have it.
    """
    parts = [part for word in node.subqueries if len(part := evaluate(snapshot, word))]
    if len(parts) < 2:
        return _boosted(parts[0] if parts else _nothing(snapshot, node), node)
    documents, scores, counts = _add_up(snapshot, [(part.documents, part.scores) for part in parts])
    kernels.lift(scores, counts, len(parts), ranking.WORD_BONUS)
    return _boosted(Matches(documents, scores), node)


def _or(snapshot: Snapshot, node: query.Or) -> Matches:
    parts = [evaluate(snapshot, part) for part in node.subqueries]
    documents, scores, _ = _add_up(snapshot, [(part.documents, part.scores) for part in parts])
    return _boosted(Matches(documents, scores), node)


def _and(snapshot: Snapshot, node: query.And) -> Matches:
    first, *others = sorted((evaluate(snapshot, part) for part in node.subqueries), key=len)
    for other in others:
        first = Matches(*kernels.shared(first.documents, first.scores, other.documents, other.scores))
    return first


def _best(snapshot: Snapshot, node: query.DisjunctionMax) -> Matches:
    """Give each document the best of its scores: ways to write one word, which must not add up."""
    return _boosted(_maximum(snapshot, [evaluate(snapshot, part) for part in node.subqueries]), node)


def _one_of(snapshot: Snapshot, node: OneOf) -> Matches:
    """Give each document the best of its scores, each way as rare as all of them together."""
    parts = [evaluate(snapshot, part) for part in node.subqueries]
    shares = shared_rarity(snapshot, parts)
    scaled = [Matches(part.documents, part.scores * share) for part, share in zip(parts, shares, strict=True)]
    return _boosted(_maximum(snapshot, scaled), node)


def shared_rarity(snapshot: Snapshot, parts: Sequence[Matches]) -> list[float]:
    """Give what makes each of several ways to write one thing as rare as all together: factors of scores."""
    together = kernels.union([part.documents for part in parts], snapshot.all_documents)
    rarity = ranking.idf(snapshot.documents, len(together))
    return [rarity / ranking.idf(snapshot.documents, len(part)) for part in parts]


def _maximum(snapshot: Snapshot, parts: Sequence[Matches]) -> Matches:
    documents = kernels.union([part.documents for part in parts], snapshot.all_documents)
    scores = np.zeros(len(documents))
    for part in parts:
        places = kernels.find(documents, part.documents)
        scores[places] = np.maximum(scores[places], part.scores)
    return Matches(documents, scores)


def _boosted(matches: Matches, node: query.Query) -> Matches:
    return matches if node.boost == 1 else Matches(matches.documents, matches.scores * node.boost)


def _and_not(snapshot: Snapshot, node: query.AndNot) -> Matches:
    matches = evaluate(snapshot, node.a)
    excluded = evaluate(snapshot, node.b).documents
    return matches.keep(kernels.find(excluded, matches.documents) < 0)


def _and_maybe(snapshot: Snapshot, node: query.AndMaybe) -> Matches:
    return _with_bonus(evaluate(snapshot, node.a), evaluate(snapshot, node.b))


def _with_bonus(matches: Matches, bonus: Matches) -> Matches:
    """Add the scores of others, which select nothing."""
    scores = kernels.add_found(matches.documents, matches.scores, bonus.documents, bonus.scores)
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


def _add_up(
    snapshot: Snapshot, parts: Sequence[kernels.Part]
) -> tuple[Documents, ranking.Floats, npt.NDArray[np.uint8]]:
    """Add up what each document is worth in several parts, and count in how many it is."""
    parts = [part for part in parts if len(part[0])]
    if not parts:
        return np.empty(0, dtype=np.int32), np.zeros(0), np.empty(0, dtype=np.uint8)
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
    OneWord: _one_word,
    OneOf: _one_of,
    AnyWord: _any_word,
}
