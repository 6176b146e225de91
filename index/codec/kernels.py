"""Which loops are compiled, and what stands in for them?

A few steps are where searches spend their time and where numpy needs many passes: reading records, weighing
and adding up postings, finding documents among others and words that stand together, and comparing words.
Each is here twice: in C (`_kernels.c`, an extension that is optional at installation) and in numpy. Both give
the same arrays, and the same tests run both; docs/decisions/index-codec.md says why.

Arrays of documents are int32 and ascend; frequencies and positions are int32.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from index.codec.numbers import Bytes, Ints, ragged, running_sums, sum_ranges, unpack, unpack_many

_compiled: Any = None
with suppress(ImportError):  # no compiler when this was installed
    _compiled = import_module("index.codec._kernels")

_MOST = 0x3FFFFFFF  # occurrences of a word in a text, less two: far more than any text has
Int32s = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Part = tuple[Int32s, Floats] | tuple[Int32s, Int32s, Floats]
Way = tuple[Int32s, Int32s, Int32s]
Place = tuple[list[Way], int]
_scratch = threading.local()  # one array a thread, of a number a document, that is never cleared


def is_compiled() -> bool:
    """Say whether the compiled loops are used."""
    return _compiled is not None


def unpack_postings(blob: Bytes, start: int, df: int, limit: int) -> tuple[Int32s, Int32s, int]:
    """Read two lists of a record (index.codec.postings): documents, frequencies; and where positions start.

    Raises: ValueError where the record leaves the blob, or its documents are not ascending below `limit`.
    """
    if _compiled:
        documents, tf = np.empty(df, dtype=np.int32), np.empty(df, dtype=np.int32)
        return documents, tf, _compiled.unpack_postings(blob, start, df, limit, documents, tf)
    doubled, start = unpack(blob, start, df)
    sums = np.cumsum(doubled >> 1, dtype=np.int64)
    if len(doubled) < df or (df and sums[-1] >= limit) or (doubled[1:] < 2).any():
        raise ValueError("the documents of a record are none of the segment")
    documents = sums.astype(np.int32)
    repeated = np.flatnonzero(doubled & 1)
    tf = np.ones(len(documents), dtype=np.int32)
    if len(repeated):
        extra, start = unpack(blob, start, len(repeated))
        if len(extra) < len(repeated) or extra.max() > _MOST:
            raise ValueError("the frequencies of a record are none of a text")
        tf[repeated] = extra
        tf[repeated] += 2
    return documents, tf, start


def add_records(blob: Bytes, starts: Ints, df: Ints, all_documents: int) -> Int32s:
    """Read the first two lists of many records; give the sum of the frequencies of each document, (all,)."""
    if _compiled:
        counts = np.zeros(all_documents, dtype=np.int32)
        _compiled.add_records(blob, starts, df, counts)
        return counts
    documents, tf, _ = unpack_many_postings(blob, starts, df)
    if len(documents) and documents.max() >= all_documents:
        raise ValueError("the documents of a record are none of the segment")
    return np.bincount(documents, weights=tf, minlength=all_documents).astype(np.int32)


def unpack_many_postings(blob: Bytes, starts: Ints, df: Ints) -> tuple[Ints, Ints, Ints]:
    """Read the first two lists of many records: documents, frequencies, where the positions of each start.

    Raises: ValueError where a record leaves the blob.
    """
    doubled, starts = unpack_many(blob, starts, df)
    repeated = (doubled & 1).astype(bool)
    extra, starts = unpack_many(blob, starts, sum_ranges(repeated, df))
    tf = np.ones(len(doubled), dtype=np.int64)
    tf[repeated] = extra.astype(np.int64) + 2
    return running_sums(doubled >> 1, df), tf, starts


def unpack_positions(blob: Bytes, start: int, tf: Int32s) -> Int32s:
    """Read the positions of a record, `tf` of them a document.

    Raises: ValueError where they leave the blob.
    """
    total = int(tf.sum(dtype=np.int64))
    if total > len(blob):
        raise ValueError("the positions of a record leave the blob")
    if _compiled:
        positions = np.empty(total, dtype=np.int32)
        _compiled.unpack_positions(blob, start, tf, positions)
        return positions
    return running_sums(unpack(blob, start, total)[0], tf).astype(np.int32)


def add_up(parts: Sequence[Part], all_documents: int) -> tuple[Int32s, Floats]:
    """Give every document that is in any part, and the sum of what it is worth in each.

    A part is documents with their values, or with frequencies and what one occurrence counts in any document,
    (all documents,).
    """
    if len(parts) == 1 and len(parts[0]) == 2:
        return parts[0]
    if _compiled:
        documents = np.empty(min(sum(len(part[0]) for part in parts), all_documents), dtype=np.int32)
        sums = np.empty(len(documents))
        seen = np.zeros((all_documents >> 6) + 1, dtype=np.uint64)
        count = _compiled.add_up(list(parts), _numbers(all_documents), seen, documents, sums)
        return documents[:count], sums[:count]
    documents = union([part[0] for part in parts], all_documents)
    sums = np.zeros(len(documents))
    for found, values, *norms in parts:
        sums[np.searchsorted(documents, found)] += values * norms[0][found] if norms else values
    return documents, sums


def union(several: Sequence[Int32s], all_documents: int) -> Int32s:
    """Give every document that is in any of some arrays."""
    if len(several) == 1:
        return several[0]
    found = np.zeros(all_documents, dtype=bool)
    for documents in several:
        found[documents] = True
    return np.flatnonzero(found).astype(np.int32)


def find(values: Int32s, wanted: Int32s) -> Int32s:
    """Give where each of the wanted documents is among `values`, or -1."""
    if _compiled:
        places = np.empty(len(wanted), dtype=np.int32)
        _compiled.find(values, wanted, places)
        return places
    if not len(values):
        return np.full(len(wanted), -1, dtype=np.int32)
    at = np.searchsorted(values, wanted)
    return np.where(values[np.minimum(at, len(values) - 1)] == wanted, at, -1).astype(np.int32)


def stretches(places: Sequence[Place], ordered: bool, width: int) -> tuple[Int32s, Int32s]:
    """Give the documents in which some words stand together, and how often.

    Each place is the words that may stand there (documents, where the positions of each end, positions),
    and how many places before it are the same. Ordered, the places follow each other; otherwise all stand at
    most `width` positions after the first of them. What is counted are the positions that such a stretch
    starts at.
    """
    if _compiled:
        room = min(sum(len(way[0]) for way in ways) for ways, _ in places)
        documents, counts = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int32)
        count = _compiled.stretches(list(places), ordered, width, documents, counts)
        return documents[:count], counts[:count]
    several = [[way[0] for way in ways] for ways, _ in places]
    several = [[np.unique(np.concatenate(each))] if len(each) > 1 else each for each in several]
    common = min((each[0] for each in several), key=len)
    for (held,) in several:
        common = common[find(held, common) >= 0]
    keys = [_keys(ways, common) for ways, _ in places]
    starts = _in_order(keys) if ordered else _near(keys, [before for _, before in places], width)
    holders = (starts >> 32).astype(np.int32)
    first = np.flatnonzero(np.diff(holders, prepend=-1))
    return holders[first], np.diff(first, append=len(holders)).astype(np.int32)


def _keys(ways: Sequence[Way], documents: Int32s) -> Ints:
    """Write the occurrences in some documents as `document << 32 | position`, ascending."""
    found = []
    for held, ends, positions in ways:
        at = find(held, documents)
        has = at >= 0
        at = at[has]
        counts = np.diff(ends, prepend=0)[at]
        chosen = positions[ragged(ends[at] - counts, counts)]
        found.append(np.repeat(documents[has].astype(np.int64) << 32, counts) | chosen)
    return found[0] if len(found) == 1 else np.unique(np.concatenate(found))


def edits(
    blob: Bytes, starts: Ints, ends: Ints, numbers: Ints, word: str, limit: int
) -> npt.NDArray[np.uint8]:
    """Count the edits between a word and some words of a blob, (numbers,); above `limit` any more will do.

    All are ASCII. An edit is a letter added, removed or replaced, or two neighbours swapped: the optimal
    string alignment distance.
    """
    distances = np.empty(len(numbers), dtype=np.uint8)
    if _compiled:
        _compiled.edits(blob, starts, ends, numbers, word.encode(), limit, distances)
        return distances
    from rapidfuzz.distance import OSA  # where nothing is compiled only: 5 ms of a search from a shell

    for at, number in enumerate(numbers.tolist()):
        other = blob[starts[number] : ends[number]].tobytes().decode()
        distances[at] = OSA.distance(word, other, score_cutoff=limit)
    return distances


def _in_order(keys: Sequence[Ints]) -> Ints:
    starts = keys[0]
    for offset, others in enumerate(keys[1:], start=1):
        starts = starts[np.isin(starts + offset, others, assume_unique=True)]
    return starts


def _near(keys: Sequence[Ints], given_before: Sequence[int], width: int) -> Ints:
    found = []
    for starter, starts in enumerate(keys):
        if given_before[starter]:
            continue  # the same word again
        for others, before in zip(keys, given_before, strict=True):
            following = np.searchsorted(others, starts) + before
            inside = following < len(others)
            starts, following = starts[inside], following[inside]
            starts = starts[others[following] - starts <= width]
        found.append(starts)
    return np.unique(np.concatenate(found))


def _numbers(count: int) -> Floats:
    """Give an array to write numbers to, one a document; what it holds is of no meaning."""
    held: Floats | None = getattr(_scratch, "numbers", None)
    if held is None or len(held) < count:
        held = _scratch.numbers = np.empty(count)
    return held
