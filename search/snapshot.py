"""What can be read from one generation of the index?

A `Snapshot` is one generation, opened: postings, positions and lengths as numpy arrays, the columns
that filters, facets and dates need, and the stored articles. Evaluation works on nothing else, so
this is the seam behind which the way postings are kept can change.

Document numbers are those of the Whoosh index and never leave `search`. Every array that is given
holds live documents only, ascending. A snapshot may be used by any number of threads: a Whoosh reader
may not, so one lock stands before it, and what was decoded is kept in a cache of bounded size.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache
from whoosh.reading import TermNotFound

from index.articles.article import Article
from index.dates import UNKNOWN
from index.errors import IndexDamaged
from index.manifest import identity
from index.schema import ARTICLE_ZONES, forms_field, split_form_term, stored_article
from index.store import Generation, open_whoosh

Documents = npt.NDArray[np.int32]
_CACHE_BYTES = 64 << 20
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Postings:
    """Where one term stands in one field: documents ascending and its frequency in each, both (n,)."""

    documents: Documents
    tf: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Lengths:
    """The length of a field in each document, (all documents,) in tokens, and its mean where there is one.

    Whoosh keeps a length in one byte: it is exact up to 10 tokens, at most a tenth off
    beyond, and never more than 106,374.
    """

    values: npt.NDArray[np.float32]
    mean: float


@dataclass(frozen=True, slots=True)
class Categories:
    """A column of names: the distinct ones, sorted, and for each document an index into them, or -1."""

    names: tuple[str, ...]
    codes: npt.NDArray[np.int32]


class Snapshot:
    """One generation of the index, open for reading; close it when nobody searches it any more.

    Raises: IndexDamaged when its files cannot be opened.
    """

    def __init__(self, generation: Generation) -> None:
        self.name = generation.name
        self.manifest = generation.manifest
        self.edition = f"{generation.name} {identity(generation.manifest)}"
        self._lock = threading.RLock()
        self._cache: LRUCache[tuple[str, ...], object] = LRUCache(_CACHE_BYTES, getsizeof=_size_bytes)
        self._kept: dict[tuple[str, ...], object] = {}
        self._index = open_whoosh(generation.path)
        try:
            self._reader = self._index.reader()
        except Exception as error:  # Whoosh unpickles and unpacks: damaged bytes may raise anything
            raise IndexDamaged(
                f"{generation.path} : index illisible ; revenez à la génération précédente "
                "(depeche rollback) ou reconstruisez (depeche rebuild)"
            ) from error
        self.all_documents = int(self._reader.doc_count_all())  # deleted ones included
        self.live = np.zeros(self.all_documents, dtype=bool)
        self.live[np.fromiter(self._reader.all_doc_ids(), dtype=np.int32)] = True
        self.documents = int(self.live.sum())

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            self._reader.close()
            self._index.close()
            # Whoosh leaves its memory maps to whoever still holds a view of them, as the reader does.
            del self._reader, self._index

    def postings(self, field: str, term: str) -> Postings:
        """Give where a term stands; empty where the index does not have it."""
        return self.remember(("postings", field, term), lambda: self._read_postings(field, term))

    def positions(self, field: str, term: str) -> npt.NDArray[np.int64]:
        """Give every occurrence of a term as `document << 32 | position`, ascending, (n,)."""
        return self.remember(("positions", field, term), lambda: self._read_positions(field, term))

    def terms(self, field: str, prefix: str, limit: int) -> tuple[str, ...]:
        """Give the first `limit` terms of a field that start with `prefix`, in order."""
        with self._lock:
            return tuple(term.decode() for term in islice(self._reader.expand_prefix(field, prefix), limit))

    def has_term(self, field: str, term: str) -> bool:
        """Say whether a field has a term."""
        with self._lock:
            return (field, term) in self._reader

    def folds(self, field: str) -> tuple[str, ...]:
        """Give every distinct fold of a forms field, in order."""
        return self.keep(("folds", field), lambda: self._read_folds(field))

    def document_frequency(self, field: str, term: str) -> int:
        """Count the documents with a term, from the lexicon alone; deleted ones may still count."""
        with self._lock:
            return int(self._reader.doc_frequency(field, term))

    def lengths(self, field: str) -> Lengths:
        """Give the lengths of a field."""
        return self.keep(("lengths", field), lambda: self._read_lengths(field))

    @cached_property
    def dates(self) -> npt.NDArray[np.int64]:
        """The date of every document as a sort key of index.dates, (all documents,)."""
        return np.fromiter(self._read_column("date", UNKNOWN), dtype=np.int64, count=self.all_documents)

    @cached_property
    def sources(self) -> Categories:
        """The source of every document."""
        return self._read_categories("source")

    @cached_property
    def authors(self) -> Categories:
        """The author of every document."""
        return self._read_categories("author")

    def count_forms(self) -> int:
        """Count the different forms that the articles hold; reads the whole lexicon."""
        with self._lock:
            return len({term for zone in ARTICLE_ZONES for term in self._reader.lexicon(forms_field(zone))})

    def article(self, document: int) -> Article:
        """Give the stored article of a document."""
        with self._lock:
            stored = self._reader.stored_fields(int(document))
        return stored_article(stored["article"])

    def document_of(self, article_id: str) -> int | None:
        """Find the document of an article, or None where the index has none of that name."""
        found = self.postings("article_id", article_id).documents
        return int(found[0]) if len(found) else None

    def remember(self, key: tuple[str, ...], read: Callable[[], _T]) -> _T:
        """Give what `read` gives, and keep it for the next time while there is room.

        `read` must depend on the key and this generation only: two threads may both call it at once.
        """
        with self._lock:
            found = self._cache.get(key)
        if found is None:
            found = read()
            with self._lock:
                if _size_bytes(found) <= self._cache.maxsize:
                    self._cache[key] = found
        return found  # type: ignore[return-value]

    def keep(self, key: tuple[str, ...], read: Callable[[], _T]) -> _T:
        """Give what `read` gives, once for the whole generation; for the few large things of a field."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = read()
            return self._kept[key]  # type: ignore[return-value]

    def _read_postings(self, field: str, term: str) -> Postings:
        documents: list[int] = []
        tf: list[float] = []
        with self._lock:
            for matcher in self._matchers(field, term):
                documents.append(matcher.id())
                tf.append(matcher.weight())
        return Postings(np.array(documents, dtype=np.int32), np.array(tf, dtype=np.int32))

    def _read_positions(self, field: str, term: str) -> npt.NDArray[np.int64]:
        keys: list[int] = []
        with self._lock:
            for matcher in self._matchers(field, term):
                document = matcher.id() << 32
                keys.extend(document | position for position in matcher.value_as("positions"))
        return np.array(keys, dtype=np.int64)

    def _matchers(self, field: str, term: str):  # type: ignore[no-untyped-def]  # Whoosh is not typed
        try:
            matcher = self._reader.postings(field, term)
        except (TermNotFound, UnicodeEncodeError):  # what UTF-8 cannot hold is in no index
            return
        while matcher.is_active():
            yield matcher
            matcher.next()

    def _read_folds(self, field: str) -> tuple[str, ...]:
        terms = (split_form_term(term.decode())[0] for term in self._reader.lexicon(field))
        return tuple(dict.fromkeys(terms))

    def _read_lengths(self, field: str) -> Lengths:
        length = self._reader.doc_field_length
        values = np.fromiter(
            (length(number, field) or 0 for number in range(self.all_documents)),
            dtype=np.float32,
            count=self.all_documents,
        )
        with_field = values[self.live & (values > 0)]
        return Lengths(values, float(with_field.mean(dtype=np.float64)) if len(with_field) else 1.0)

    def _read_column(self, name: str, missing: object) -> list[Any]:
        """Give a column's value for every document.

        Segment by segment: Whoosh's reader of several segments passes over those that do not have the
        column, and then gives one document the value of another.
        """
        values: list[Any] = []
        with self._lock:
            for segment, _ in self._reader.leaf_readers():
                count = segment.doc_count_all()
                column = segment.column_reader(name) if segment.has_column(name) else None
                values.extend(column[number] if column else missing for number in range(count))
        return values

    def _read_categories(self, column_name: str) -> Categories:
        values = [bytes(value).decode() for value in self._read_column(column_name, b"")]
        names = sorted({value for value in values if value})
        code_of = {name: code for code, name in enumerate(names)}
        codes = np.array([code_of.get(value, -1) for value in values], dtype=np.int32)
        return Categories(tuple(names), codes)


def _size_bytes(value: object) -> int:
    if isinstance(value, np.ndarray):
        return int(value.nbytes) + 200
    if isinstance(value, Postings):
        return int(value.documents.nbytes + value.tf.nbytes) + 400
    if isinstance(value, tuple):
        return 80 * len(value)
    return 200
