"""How do the occurrences of words become records, and records occurrences again, many terms at once?

This is for builds and merges; a search reads one term at a time (index.codec.postings, which says what a
record is). `sorted_places` sorts the terms; `gather` sorts the occurrences, which come in the order of the
texts, by their terms; `pack_records` writes them. A merge reads them with `read_records` and gathers them
again by the terms that `merge_terms` returns.

Each of them is compiled (`_packing.c`) if that was possible at installation; Python stands in for it, and the
same tests run both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

from index.codec.kernels import Int32s, unpack_many_postings
from index.codec.numbers import (
    Bytes,
    Ints,
    PackedLists,
    firsts,
    ragged,
    running_sums,
    sum_ranges,
    unpack_many,
)
from index.codec.sections import Array
from index.codec.terms import Terms

_compiled: Any = None
with suppress(ImportError):  # no compiler when this was installed
    _compiled = import_module("index.codec._packing")

_AT_ONCE = 1 << 20  # postings or occurrences packed or merged together: some 200 MB in numpy while it lasts


class Inverted(NamedTuple):
    """The postings of many terms, one term after the other.

    `df`, (terms,), is how many of `documents` and `tf`, (postings,), are each term's. `positions`,
    (occurrences,) or None, holds `tf` positions a posting.
    """

    df: Array
    documents: Array
    tf: Array
    positions: Array | None


class Records(NamedTuple):
    """The records of many terms: where each starts in the blob, (terms,), and the blob."""

    starts: Ints
    blob: Bytes


def sorted_places(terms: list[bytes]) -> Ints:
    """Return the indices that sort some different terms by their bytes."""
    if _compiled:
        places = np.empty(len(terms), dtype=np.int64)
        _compiled.sorted_places(terms, places)
        return places
    return np.array(sorted(range(len(terms)), key=terms.__getitem__), dtype=np.int64)


def gather(
    terms: Int32s, documents: Int32s, tf: Int32s | None, positions: Int32s | None, count: int
) -> Inverted:
    """Put postings in the order of their terms, which are numbers below `count`.

    Those of a term come with ascending documents; if a document comes again, its frequencies are added up and
    its positions sorted. Without `tf` each is 1. A posting whose term or document is negative is left out.
    """
    if _compiled:
        df, held = np.empty(count, dtype=np.int32), np.empty((2, len(terms)), dtype=np.int32)
        placed = np.empty(0 if positions is None else len(positions), dtype=np.int32)
        postings, occurrences = _compiled.gather(
            terms, documents, tf, positions, df, held[0], held[1], placed
        )
        found = placed[:occurrences] if positions is not None else None
        return Inverted(df, held[0, :postings], held[1, :postings], found)
    tf = np.ones(len(terms), dtype=np.int32) if tf is None else tf
    order = np.argsort(terms, kind="stable")
    order = order[(terms[order] >= 0) & (documents[order] >= 0)]
    terms, documents, starts, tf = terms[order], documents[order], firsts(tf)[order], tf[order]
    new = np.ones(len(terms), dtype=bool)
    new[1:] = (np.diff(terms) != 0) | (np.diff(documents) != 0)
    summed = sum_ranges(tf, np.diff(np.flatnonzero(new), append=len(new)))
    if positions is not None:
        of_posting = np.repeat(np.cumsum(new) - 1, tf) << 32
        positions = (np.sort(of_posting | positions[ragged(starts, tf)]) & 0xFFFFFFFF).astype(np.int32)
    return Inverted(np.bincount(terms[new], minlength=count), documents[new], summed, positions)


def pack_records(inverted: Inverted) -> Iterator[Records]:
    """Yield the records of many terms, a stretch at a time; starts count from the start of the stretch."""
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
    """Divide terms of these sizes into stretches of at least one term that fit in memory."""
    ends = np.cumsum(sizes)
    first = 0
    while first < len(sizes):
        before = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + _AT_ONCE, side="right")))
        yield first, last
        first = last


def read_records(blob: Bytes, starts: Ints, df: Ints, with_positions: bool) -> Inverted:
    """Read the records of many terms. Raises: ValueError or IndexError where one leaves the blob."""
    if _compiled:
        if (df < 0).any() or df.sum() > len(blob):
            raise ValueError("a record leaves the blob")
        documents, tf = np.empty((2, int(df.sum())), dtype=np.int32)
        ends = np.empty(len(df), dtype=np.int64)
        occurrences = _compiled.unpack_records(blob, starts, df, documents, tf, ends)
        if not with_positions:
            return Inverted(df, documents, tf, None)
        if occurrences > len(blob):
            raise ValueError("the positions of a record leave the blob")
        positions = np.empty(occurrences, dtype=np.int32)
        _compiled.unpack_places(blob, ends, df, tf, positions)
        return Inverted(df, documents, tf, positions)
    documents, tf, starts = unpack_many_postings(blob, starts, df)
    if not with_positions:
        return Inverted(df, documents, tf, None)
    deltas, _ = unpack_many(blob, starts, sum_ranges(tf, df))
    return Inverted(df, documents, tf, running_sums(deltas, tf).astype(np.int32))


def merge_terms(several: Sequence[Terms]) -> tuple[list[bytes], list[Int32s]]:
    """Merge sorted term lists; return the merged list and, for each input, the rank of its terms in it."""
    if _compiled:
        ranks = [np.empty(len(terms), dtype=np.int32) for terms in several]
        given = [
            (terms.blob, terms.ends.astype(np.uint64), rank)
            for terms, rank in zip(several, ranks, strict=True)
        ]
        return _compiled.merge_terms(given), ranks
    lists = [list(terms) for terms in several]
    merged = sorted(set().union(*lists))
    rank_of = {term: at for at, term in enumerate(merged)}
    return merged, [np.fromiter(map(rank_of.__getitem__, terms), np.int32, len(terms)) for terms in lists]


def _pack(inverted: Inverted) -> Records:
    if _compiled:
        df, documents, tf = (_int32(each) for each in (inverted.df, inverted.documents, inverted.tf))
        starts = np.empty(len(df), dtype=np.int64)
        positions = None if inverted.positions is None else _int32(inverted.positions)
        return Records(
            starts, np.frombuffer(_compiled.pack(df, documents, tf, positions, starts), dtype=np.uint8)
        )
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


def _int32(numbers: Array) -> Int32s:
    return np.ascontiguousarray(numbers, dtype=np.int32)
