"""How is it written in which documents a term stands, how often and where?

Each term of a field has one *record* in the field's blob, three lists (index.codec.numbers) long:

    documents   one number for each document: the distance from the one before, doubled, plus one if the term
                occurs there more than once
    repeats     one number for each document where it does: its frequency less two
    positions   if the field has them, one number for each occurrence: the distance from the one before in the
                same document

The lexicon gives a record's start and its first count, the document frequency; every other count follows
from what was read. Documents count from 0 and ascend; positions never decrease. Equal positions are accepted
on reading, although the analysis never produces them.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.codec.kernels import (
    add_records,
    stretches,
    unpack_positions,
    unpack_postings,
)
from index.codec.numbers import Bytes, Ints
from index.codec.packing import Inverted, read_records
from index.codec.sections import Array
from index.codec.terms import Terms
from index.errors import WAY_BACK, IndexDamaged


class Postings(NamedTuple):
    """One term: its documents, ascending, and how often it stands in each, both (n,)."""

    documents: npt.NDArray[np.int32]
    tf: npt.NDArray[np.int32]


class Record(NamedTuple):
    """One term as its record says: its documents, how often it stands in each, where its positions start."""

    documents: npt.NDArray[np.int32]
    tf: npt.NDArray[np.int32]
    positions: int


class FieldPostings:
    """The terms of one field of a segment and their records, ready to be read.

    Methods that read records raise IndexDamaged if these cannot have been written so.
    """

    def __init__(
        self, path: Path, terms: Terms, df: Array, starts: Array, blob: Bytes, documents: int, positions: bool
    ) -> None:
        self.terms = terms
        self.df = df
        self.has_positions = positions
        self._starts = starts
        self._blob = blob
        self._documents = documents
        self._reading = _Reading(path)

    @property
    def record_bytes(self) -> Ints:
        """The size of each record in bytes, (terms,): about as many as it has numbers."""
        return np.asarray(np.diff(self._starts.astype(np.int64), append=len(self._blob)), dtype=np.int64)

    def postings(self, number: int) -> Postings:
        """Read the documents and frequencies of a term by its number."""
        found = self.record(number)
        return Postings(found.documents, found.tf)

    def positions(self, number: int) -> tuple[Postings, npt.NDArray[np.int32]]:
        """Read the postings of a term and its positions, `tf` of them a posting."""
        found = self.record(number)
        with self._reading:
            positions = unpack_positions(self._blob, found.positions, found.tf)
        return Postings(found.documents, found.tf), positions

    def record(self, number: int) -> Record:
        """Read a record as far as its positions."""
        with self._reading:
            start, df = int(self._starts[number]), int(self.df[number])
            return Record(*unpack_postings(self._blob, start, df, self._documents))

    def stretches(
        self, places: Sequence[tuple[Sequence[Record], int]], ordered: bool, width: int
    ) -> Postings:
        """Find where terms stand together, and how often, as `index.codec.kernels.stretches` says.

        Positions are read only in documents that have a term of every place.
        """
        ways = [([(one.documents, one.tf, one.positions) for one in terms], step) for terms, step in places]
        with self._reading:
            return Postings(*stretches(self._blob, ways, ordered, width))

    def documents(self, numbers: range) -> Array:
        """Read the documents of neighbouring terms, one term after the other."""
        with self._reading:
            return read_records(self._blob, *self._records(numbers), False).documents

    def totals(self, numbers: range) -> Postings:
        """Read neighbouring terms as if they were one: their frequencies in each document added up."""
        with self._reading:
            counts = add_records(self._blob, *self._records(numbers), self._documents)
        documents = np.flatnonzero(counts > 0).astype(np.int32)
        return Postings(documents, counts[documents])

    def inverted(self, numbers: range) -> Inverted:
        """Read everything about neighbouring terms."""
        with self._reading:
            return read_records(self._blob, *self._records(numbers), self.has_positions)

    def _records(self, numbers: range) -> tuple[Ints, Ints]:
        """Give the starts of the records of neighbouring terms, and df."""
        at = slice(numbers.start, numbers.stop)
        return self._starts[at].astype(np.int64), self.df[at].astype(np.int64)


class _Reading(AbstractContextManager[None]):
    """Turn the failure to read a record into IndexDamaged, which names the file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ValueError | IndexError | MemoryError):
            raise IndexDamaged(
                f"{self._path} : une liste d’occurrences est illisible ; "
                f"vérifiez l’index (depeche check), {WAY_BACK}"
            ) from error
