"""What can be read from one generation of the index?

A `Snapshot` is one generation, opened: postings, positions and lengths as numpy arrays, the columns
that filters, facets and dates need, and the stored articles. Evaluation works on nothing else, so
this is the seam behind which the way postings are kept can change.

The documents of all segments are numbered through, and never leave `search`. Postings hold live documents
only, ascending; columns and lengths, (all documents,), hold those that were deleted, too. Segments are mapped
read-only and never change, so any number of threads may read at once; what was decoded is kept in caches of
bounded size.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cached_property, partial
from itertools import groupby, islice
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from index.articles.article import Article
from index.codec.lengths import LENGTH_OF_BYTE
from index.codec.postings import FieldPostings, Postings, Record
from index.codec.segment import Segment
from index.dates import UNITS_PER_YEAR
from index.manifest import edition
from index.schema import ARTICLE_ZONES, fold_prefix, forms_field, stored_article
from index.store import Generation, open_segment, read_segments
from search.cache import RecentlyUsed
from search.letters import letters_of
from search.time_budget import require_time

Documents = npt.NDArray[np.int32]
_ARRAYS_BYTES = 56 << 20  # of what words find, and of records that phrases are found in
_ARTICLES_BYTES = 8 << 20  # of the articles last shown: people look at the same ones, page after page
_WORDS_BYTES = 8 << 20  # of what is known of words: small things, which large ones must not push out
_TREE_BYTES = 4_000  # of the query objects of a word, or of two near each other
_T = TypeVar("_T")


class Lengths(NamedTuple):
    """The length of a field in each document, (all documents,), and its mean in tokens where there is one.

    The index keeps a length in one byte, of which index.codec.lengths says how many tokens it stands for: it
    is exact up to 10 tokens, at most a tenth off beyond, and never more than 106,374.
    """

    codes: npt.NDArray[np.uint8]
    mean: float


class Categories(NamedTuple):
    """A column of names: the distinct ones, sorted, and for each document an index into them, or -1."""

    names: tuple[str, ...]
    codes: npt.NDArray[np.int32]


class _Part(NamedTuple):
    """One segment, the number of its first document, and which of its documents are live, if not all."""

    segment: Segment
    base: int
    live: npt.NDArray[np.bool_] | None
    deleted: int = 0

    def holds(self, postings: FieldPostings, number: int) -> bool:
        """Say whether a live document has a term, given by its number."""
        if self.live is None or postings.df[number] > self.deleted:
            return True
        return bool(self.live[postings.postings(number).documents].any())


class Snapshot:
    """One generation of the index, open for reading; close it when nobody searches it any more.

    Raises: IndexDamaged when its files cannot be opened.
    """

    def __init__(self, generation: Generation) -> None:
        self.name = generation.name
        self.manifest = generation.manifest
        self.edition = edition(generation.name, generation.manifest)
        self._lock = threading.RLock()
        self._arrays: RecentlyUsed[object] = RecentlyUsed(_ARRAYS_BYTES, _size_bytes)
        self._articles = RecentlyUsed(_ARTICLES_BYTES, _article_bytes)
        self._words: RecentlyUsed[object] = RecentlyUsed(_WORDS_BYTES, _size_bytes)
        self._kept: dict[tuple[str, ...], object] = {}
        self._parts: list[_Part] = []
        self.all_documents = 0  # deleted ones included
        for segment in read_segments(generation):
            live = None
            if segment.deleted:
                live = np.ones(segment.documents, dtype=bool)
                live[list(segment.deleted)] = False
            opened = open_segment(generation.path, segment)
            self._parts.append(_Part(opened, self.all_documents, live, segment.deleted_count()))
            self.all_documents += segment.documents
        self.live = self._gathered(
            lambda part: np.ones(part.segment.documents, dtype=bool) if part.live is None else part.live
        )
        self.documents = int(np.count_nonzero(self.live))

    def close(self) -> None:
        """Let go of the files; an array that somebody still holds keeps its pages until it is gone."""
        with self._lock:
            self._parts = []
            self._arrays = self._words = RecentlyUsed(0, _size_bytes)
            self._articles = RecentlyUsed(0, _article_bytes)
            self._kept.clear()

    def postings(self, field: str, term: str) -> Postings:
        """Give where a term stands; empty where the index does not have it."""
        return _concatenated(
            [_live(part, postings.postings(number)) for part, postings, number in self._find(field, term)]
        )

    def prefix_postings(self, field: str, prefix: str) -> Postings:
        """Give where all the terms that start so stand, as if they were one term."""
        written = _encoded(prefix)
        found = []
        for part in self._parts:
            postings = part.segment.field(field)
            if postings and written is not None:
                numbers = postings.terms.starting_with(written)
                found.append(_live(part, postings.totals(numbers)))
        return _concatenated(found)

    def stretches(
        self, field: str, places: Sequence[tuple[Sequence[str], int]], ordered: bool, width: int
    ) -> Postings:
        """Give where words stand together, and how often, as index.codec.kernels.stretches says.

        Each place is the terms that may stand there, and its step.
        """
        found = []
        for part in self._parts:
            postings = part.segment.field(field)
            if postings:
                read = partial(self._record, part, postings, field)
                ways = [([one for one in map(read, terms) if one], step) for terms, step in places]
                if all(records for records, _ in ways):
                    found.append(_live(part, postings.stretches(ways, ordered, width)))
        return _concatenated(found)

    def terms(self, field: str, prefix: str, limit: int) -> tuple[str, ...]:
        """Give the first `limit` terms of a field that start with `prefix`, in order."""
        return tuple(term for term, _ in self.document_frequencies(field, prefix, limit))

    def document_frequencies(self, field: str, prefix: str, limit: int) -> tuple[tuple[str, int], ...]:
        """Give the first `limit` terms that start so, and how many documents (deleted ones too) have each."""
        key = ("terms", field, prefix, str(limit))
        return self.remember(key, lambda: tuple(self._terms(field, prefix, limit)))

    def has_term(self, field: str, term: str) -> bool:
        """Say whether a field has a term."""
        return any(True for _ in self._find(field, term))

    def has_prefix(self, field: str, prefix: str) -> bool:
        """Say whether a field has a term that starts so."""
        written = _encoded(prefix)
        for part in self._parts:
            postings = part.segment.field(field)
            if postings is None or written is None:
                continue
            number = postings.terms.lower_bound(written)
            while number < len(postings.terms) and postings.terms[number].startswith(written):
                if part.holds(postings, number):
                    return True
                number += 1
        return False

    def folds_near(self, field: str, folded: str, distance: int, fewest: int = 1) -> dict[str, int]:
        """Give the folds at most `distance` edits from one, with the edits; of fewer articles not all."""
        found: dict[str, int] = {}
        for part in self._parts:
            postings = part.segment.field(field)
            if postings:
                name, wanted = (field, str(part.base)), None
                letters = self.keep(("letters", *name), partial(letters_of, postings.terms))
                if fewest > 1:
                    articles = self.keep(("articles", *name), partial(letters.articles, postings.df))
                    wanted = articles >= max(fewest // len(self._parts), 1)
                found |= letters.near(folded, distance, wanted)
        if any(part.deleted for part in self._parts):
            found = {fold: found[fold] for fold in found if self.has_prefix(field, fold_prefix(fold))}
        return found

    def lengths(self, field: str) -> Lengths:
        """Give the lengths of a field."""
        return self.keep(("lengths", field), lambda: self._read_lengths(field))

    @cached_property
    def dates(self) -> npt.NDArray[np.int64]:
        """The date of every document as a sort key of index.dates, (all documents,)."""
        return self._gathered(lambda part: part.segment.column("date"))

    @cached_property
    def date_ranks(self) -> npt.NDArray[np.float64]:
        """The same as scores: the newest is the highest, those without a date are 0."""
        return self.dates.astype(np.float64)

    @cached_property
    def years(self) -> npt.NDArray[np.int16]:
        """The year of every document, (all documents,), or 0 where it is not known."""
        return (self.dates // UNITS_PER_YEAR).astype(np.int16)

    def categories(self, column: str) -> Categories:
        """Give the names of a column, sources or authors, and which of them every document has."""
        return self.keep(("categories", column), lambda: self._read_categories(column))

    def count_forms(self) -> int:
        """Count the different forms that the articles hold; reads the whole lexicon."""
        fields = [forms_field(zone) for zone in ARTICLE_ZONES]
        return len({term for field in fields for term, _ in self._terms(field, "", None)})

    def article(self, document: int) -> Article:
        """Give the stored article of a document. Raises: LimitExceeded where there is no time left."""
        if (found := self._articles.get(document)) is None:
            found = self._read_article(document)
            self._articles.put(document, found)
        return found

    def head(self, document: int) -> Article:
        """Give a stored article without its texts but the title: what a list shows of it."""
        return self.remember(
            ("head", str(document)),
            lambda: self._read_article(document)._replace(lead="", text="", boilerplate=""),
        )

    def document_of(self, article_id: str) -> int | None:
        """Find the document of an article, or None where the index has none of that name."""
        found = self.postings("article_id", article_id).documents
        return int(found[0]) if len(found) else None

    def remember(self, key: tuple[Hashable, ...], read: Callable[[], _T]) -> _T:
        """Give what `read` gives, a small thing, and keep it for the next time while there is room.

        `read` must depend on the key and this generation only: two threads may both call it at once.

        Raises: LimitExceeded where it has to be read and there is no time left.
        """
        return _remembered(self._words, key, read)

    def remember_arrays(self, key: tuple[Hashable, ...], read: Callable[[], _T]) -> _T:
        """Do the same for what holds arrays."""
        return _remembered(self._arrays, key, read)

    def keep(self, key: tuple[str, ...], read: Callable[[], _T]) -> _T:
        """Give what `read` gives, once for the whole generation; for the few large things of a field."""
        found = self._kept.get(key)
        if found is None:
            with self._lock:
                found = self._kept.get(key)
                if found is None:
                    found = self._kept[key] = read()
        return found  # type: ignore[return-value]

    def _read_article(self, document: int) -> Article:
        require_time()
        part = next(part for part in reversed(self._parts) if part.base <= document)
        return stored_article(part.segment.articles[document - part.base])

    def _find(self, field: str, term: str) -> Iterator[tuple[_Part, FieldPostings, int]]:
        """Give the segments that have a term, and where."""
        written = _encoded(term)
        for part in self._parts:
            postings = part.segment.field(field)
            number = None if written is None or postings is None else postings.terms.find(written)
            if postings is not None and number is not None and part.holds(postings, number):
                yield part, postings, number

    def _record(self, part: _Part, postings: FieldPostings, field: str, term: str) -> Record | None:
        """Give the record of a term in a segment, or None where it does not have the term."""
        written = _encoded(term)
        number = None if written is None else postings.terms.find(written)
        if number is None:
            return None
        key = (str(part.base), field, term)
        return self.remember_arrays(key, partial(postings.record, number))

    def _terms(self, field: str, prefix: str, limit: int | None) -> Iterator[tuple[str, int]]:
        """Give the terms that start so, in order, and in how many documents each stands."""
        written = _encoded(prefix)
        if written is None:
            return
        several: list[Sequence[tuple[bytes, int]]] = []
        for part in self._parts:
            postings = part.segment.field(field)
            if postings:
                numbers = postings.terms.starting_with(written)
                if part.deleted:
                    held = (number for number in numbers if part.holds(postings, number))
                    several.append([(postings.terms[n], int(postings.df[n])) for n in islice(held, limit)])
                    continue
                last = numbers.stop if limit is None else min(numbers.stop, numbers.start + limit)
                terms = postings.terms.span(numbers.start, last)
                several.append(list(zip(terms, postings.df[numbers.start : last].tolist(), strict=True)))
        if len(several) == 1:
            yield from ((term.decode(), df) for term, df in several[0])
        elif several:
            merged = groupby(heapq.merge(*several), key=lambda each: each[0])
            for term, group in islice(merged, limit):
                yield term.decode(), sum(df for _, df in group)

    def _read_lengths(self, field: str) -> Lengths:
        codes = self._gathered(
            lambda part: (
                found
                if (found := part.segment.lengths(field)) is not None
                else np.zeros(part.segment.documents, dtype=np.uint8)
            )
        )
        counts = np.bincount(codes[self.live], minlength=256)
        counts[0] = 0  # of those without the field
        return Lengths(codes, float(counts @ LENGTH_OF_BYTE / counts.sum()) if counts.any() else 1.0)

    def _read_categories(self, column_name: str) -> Categories:
        columns = [part.segment.names(column_name) for part in self._parts]
        written = sorted(
            {
                column.names[code]
                for part, column in zip(self._parts, columns, strict=True)
                for code in np.unique(column.codes if part.live is None else column.codes[part.live]).tolist()
                if column.names[code]
            }
        )
        code_of = {name: code for code, name in enumerate(written)}
        codes = [
            np.array([code_of.get(name, -1) for name in column.names], dtype=np.int32)[column.codes]
            for column in columns
        ]
        return Categories(tuple(name.decode() for name in written), _joined(codes))

    def _gathered(self, read: Callable[[_Part], npt.NDArray[_Scalar]]) -> npt.NDArray[_Scalar]:
        """Give a value of every document, segment after segment."""
        return np.concatenate([read(part) for part in self._parts])


_Scalar = TypeVar("_Scalar", bound=np.generic)


def _encoded(term: str) -> bytes | None:
    """Write a term as the index does; what UTF-8 cannot hold is in no index."""
    try:
        return term.encode()
    except UnicodeEncodeError:
        return None


def _live(part: _Part, read: Postings) -> Postings:
    """Number the postings of a segment through, and leave out those of deleted documents."""
    documents, tf = read.documents, read.tf
    if part.live is not None:
        kept = part.live[documents]
        documents, tf = documents[kept], tf[kept]
    return Postings(documents + np.int32(part.base) if part.base else documents, tf)


def _concatenated(found: Sequence[Postings]) -> Postings:
    if len(found) == 1:
        return found[0]
    return Postings(_joined([each.documents for each in found]), _joined([each.tf for each in found]))


def _joined(arrays: Sequence[npt.NDArray[np.int32]]) -> npt.NDArray[np.int32]:
    if len(arrays) == 1:
        return arrays[0]
    return np.concatenate([np.empty(0, dtype=np.int32), *arrays])


def _remembered(recent: RecentlyUsed[object], key: Hashable, read: Callable[[], _T]) -> _T:
    found = recent.get(key)
    if found is None:
        require_time()
        found = read()
        recent.put(key, found)
    return found  # type: ignore[return-value]


def _size_bytes(value: object) -> int:
    """Estimate what a value takes, with its key and what holds the two."""
    if type(value) is tuple:  # of one kind of thing
        return 400 + len(value) * (_TREE_BYTES if value and hasattr(value[0], "__dict__") else 150)
    if type(value) is dict:
        return 400 + 150 * len(value)
    slots = getattr(value, "_fields", getattr(type(value), "__slots__", ()))
    if not slots:
        return _TREE_BYTES
    return 1_000 + sum(getattr(getattr(value, name), "nbytes", 0) for name in slots)  # a few names and words


def _article_bytes(article: Article) -> int:
    """Estimate what an article takes: its texts, two bytes a letter, and all the rest."""
    return 2_000 + 2 * (len(article.lead) + len(article.text) + len(article.boilerplate))
