"""How is it written in which documents a term stands, how often and where?

Each term of a field has one *record* in the field's blob, three lists (index.codec.numbers) long:

    documents   a number a document: how much further it is than the one before, doubled, and one more where
                the term stands there more than once
    repeats     a number for each of the latter: its frequency less two
    positions   where the field has them, a number an occurrence: how much further it is than the one before
                in the same document

The lexicon gives a record's start and its first count, the document frequency; every other count follows
from what was read. Documents count from 0 and ascend; positions may stand still ("porte-parole" and its
joined reading) but never go back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.codec.kernels import add_records, unpack_many_postings, unpack_positions, unpack_postings
from index.codec.numbers import (
    Bytes,
    Ints,
    PackedLists,
    firsts,
    running_sums,
    sum_ranges,
    unpack_many,
)
from index.codec.sections import Array
from index.codec.terms import Terms
from index.errors import WAY_BACK, IndexDamaged

_AT_ONCE = 1 << 20  # postings or occurrences packed or merged together: some 200 MB while it lasts


@dataclass(frozen=True, slots=True)
class Postings:
    """One term: its documents, ascending, and how often it stands in each, both (n,)."""

    documents: npt.NDArray[np.int32]
    tf: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Inverted:
    """The postings of many terms, one term after the other.

    `df`, (terms,), is how many of `documents` and `tf`, (postings,), are each term's. `positions`,
    (occurrences,) or None, holds `tf` positions a posting.
    """

    df: Ints
    documents: Array
    tf: Array
    positions: Array | None


@dataclass(frozen=True, slots=True)
class Records:
    """The records of many terms: where each starts in the blob, (terms,), and the blob."""

    starts: Ints
    blob: Bytes


def pack_records(inverted: Inverted) -> Iterator[Records]:
    """Write the records of many terms, some at a time; starts count from the piece they are in."""
    occurrences = inverted.tf if inverted.positions is not None else np.ones_like(inverted.tf)
    per_term = sum_ranges(occurrences, inverted.df)
    last_posting, last_position = np.cumsum(inverted.df), np.cumsum(per_term)
    for first, last in spans(per_term):
        at = slice(int(last_posting[first - 1]) if first else 0, int(last_posting[last - 1]) if last else 0)
        positions = None
        if inverted.positions is not None:
            positions = inverted.positions[
                int(last_position[first - 1]) if first else 0 : int(last_position[last - 1])
            ]
        yield _pack(Inverted(inverted.df[first:last], inverted.documents[at], inverted.tf[at], positions))


def spans(sizes: Ints) -> Iterator[tuple[int, int]]:
    """Divide terms of these sizes into stretches that fit in memory together, of one term at least."""
    ends = np.cumsum(sizes)
    first = 0
    while first < len(sizes):
        before = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + _AT_ONCE, side="right")))
        yield first, last
        first = last


def _pack(inverted: Inverted) -> Records:
    df, tf = inverted.df, inverted.tf
    documents = inverted.documents.astype(np.int64)
    term_starts = firsts(df)
    gaps = np.diff(documents, prepend=0)
    gaps[term_starts[df > 0]] = documents[term_starts[df > 0]]
    repeated = tf > 1
    lists = [
        PackedLists(2 * gaps + repeated, df),
        PackedLists(tf[repeated].astype(np.int64) - 2, sum_ranges(repeated, df)),
    ]
    if inverted.positions is not None:
        positions = inverted.positions.astype(np.int64)
        posting_starts = firsts(tf)
        deltas = np.diff(positions, prepend=0)
        deltas[posting_starts] = positions[posting_starts]
        lists.append(PackedLists(deltas, sum_ranges(tf, df)))
    sizes = sum((packed.sizes for packed in lists), start=np.zeros(len(df), dtype=np.int64))
    starts = firsts(sizes)
    blob = np.empty(int(sizes.sum()), dtype=np.uint8)
    place = starts
    for packed in lists:
        packed.write(blob, place)
        place = place + packed.sizes
    return Records(starts, blob)


class FieldPostings:
    """The terms of one field of a segment and their records, ready to be read.

    What reads records raises IndexDamaged where they are not what can have been written.
    """

    def __init__(
        self, terms: Terms, df: Array, starts: Array, blob: Bytes, documents: int, positions: bool
    ) -> None:
        self.terms = terms
        self.df = df
        self.has_positions = positions
        self._starts = starts
        self._blob = blob
        self._documents = documents

    @property
    def record_bytes(self) -> Ints:
        """The bytes of each record, (terms,), which is about the numbers in it."""
        return np.asarray(np.diff(self._starts.astype(np.int64), append=len(self._blob)), dtype=np.int64)

    def postings(self, number: int) -> Postings:
        """Read the documents and frequencies of a term by its number."""
        with _reading():
            return Postings(*self._read(number)[:2])

    def positions(self, number: int) -> tuple[Postings, npt.NDArray[np.int32]]:
        """Read the postings of a term and its positions, `tf` of them a posting."""
        with _reading():
            documents, tf, start = self._read(number)
            return Postings(documents, tf), unpack_positions(self._blob, start, tf)

    def documents(self, numbers: range) -> Ints:
        """Read the documents of neighbouring terms, one term after the other."""
        with _reading():
            return unpack_many_postings(self._blob, *self._records(numbers))[0]

    def totals(self, numbers: range) -> Postings:
        """Read neighbouring terms as if they were one: their frequencies in each document added up."""
        with _reading():
            counts = add_records(self._blob, *self._records(numbers), self._documents)
        documents = np.flatnonzero(counts > 0).astype(np.int32)
        return Postings(documents, counts[documents])

    def inverted(self, numbers: range) -> Inverted:
        """Read everything about neighbouring terms."""
        with _reading():
            starts, df = self._records(numbers)
            documents, tf, starts = unpack_many_postings(self._blob, starts, df)
            positions = None
            if self.has_positions:
                deltas, _ = unpack_many(self._blob, starts, sum_ranges(tf, df))
                positions = running_sums(deltas, tf)
            return Inverted(df, documents, tf, positions)

    def _read(self, number: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], int]:
        start, df = int(self._starts[number]), int(self.df[number])
        return unpack_postings(self._blob, start, df, self._documents)

    def _records(self, numbers: range) -> tuple[Ints, Ints]:
        """Give the starts of the records of neighbouring terms, and df."""
        at = slice(numbers.start, numbers.stop)
        return self._starts[at].astype(np.int64), self.df[at].astype(np.int64)


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except (ValueError, IndexError, MemoryError) as error:
        raise IndexDamaged(
            f"index altéré : une liste d’occurrences est illisible ; vérifiez-le (depeche check), {WAY_BACK}"
        ) from error
