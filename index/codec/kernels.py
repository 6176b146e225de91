"""Which loops are compiled, and what stands in for them?

These are the hot loops of a search, where numpy needs many passes: finding terms, reading records, weighing
and adding up postings, finding documents among others, the best hits, words that stand together, words spelt
alike. Each is here in C (`_kernels.c`, an extension that is optional at installation) and in Python, mostly
numpy, except `union` and `unpack_many_postings`, which are in numpy only. Both give the same results and pass
the same tests; docs/decisions/index-codec.md says why.

Arrays of documents are int32 and ascend; frequencies and positions are int32.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from index.codec.numbers import Bytes, Ints, firsts, ragged, running_sums, sum_ranges, unpack, unpack_many

_compiled: Any = None
with suppress(ImportError):  # no compiler when this was installed
    _compiled = import_module("index.codec._kernels")

BEYOND_ASCII, FOLD_BEFORE = -1, -2  # instead of the length of a fold
_MOST = 0x3FFFFFFF  # the highest frequency in a record, as written (less two): no text comes near it
Int32s = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Part = tuple[Int32s, Floats] | tuple[Int32s, Int32s, Bytes, Floats]
Way = tuple[Int32s, Int32s, int]
Place = tuple[list[Way], int]
_LETTERS = 64  # the longest word that the compiled loop compares with others: a bit for each letter
_ASCII = 127  # its last byte
_STRETCH = 128  # values; to find the best, only the largest of each stretch is looked at first


def is_compiled() -> bool:
    """Say whether the compiled loops are used."""
    return _compiled is not None


def lower_bound(blob: Bytes, ends: npt.NDArray[np.unsignedinteger], wanted: bytes) -> int:
    """Return the number of the first of some sorted terms that is not below `wanted`.

    The terms lie in the blob one after the other, and `ends` says where each ends.
    """
    if _compiled:
        number: int = _compiled.lower_bound(blob, ends, ends.itemsize, wanted)
        return number
    low, high = 0, len(ends)
    while low < high:
        middle = (low + high) // 2
        start = int(ends[middle - 1]) if middle else 0
        if blob[start : int(ends[middle])].tobytes() < wanted:
            low = middle + 1
        else:
            high = middle
    return low


def unpack_postings(blob: Bytes, start: int, df: int, limit: int) -> tuple[Int32s, Int32s, int]:
    """Read a record (index.codec.postings): return its documents, frequencies and where its positions start.

    Raises: ValueError where the record leaves the blob, or its documents are not ascending below `limit`.
    """
    if _compiled:
        documents, tf = np.empty(df, dtype=np.int32), np.empty(df, dtype=np.int32)
        return documents, tf, _compiled.unpack_postings(blob, start, df, limit, documents, tf)
    doubled, start = unpack(blob, start, df)
    sums = np.cumsum(doubled >> 1, dtype=np.int64)
    if (df and sums[-1] >= limit) or (doubled[1:] < 2).any():
        raise ValueError("the documents of a record are none of the segment")
    documents = sums.astype(np.int32)
    repeated = np.flatnonzero(doubled & 1)
    tf = np.ones(len(documents), dtype=np.int32)
    if len(repeated):
        extra, start = unpack(blob, start, len(repeated))
        if extra.max() > _MOST:
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


def unpack_many_postings(blob: Bytes, starts: Ints, df: Ints) -> tuple[Int32s, Int32s, Ints]:
    """Read the first two lists of many records: documents, frequencies, where the positions of each start.

    Raises: ValueError or IndexError where a record leaves the blob, or is none that can have been written.
    """
    doubled, starts = unpack_many(blob, starts, df)
    after = np.ones(len(doubled), dtype=bool)  # another document of the same record
    after[firsts(df)[df > 0]] = False
    repeated = (doubled & 1).astype(bool)
    extra, starts = unpack_many(blob, starts, sum_ranges(repeated, df))
    if (doubled[after] < 2).any() or extra.max(initial=0) > _MOST:
        raise ValueError("the documents or frequencies of a record are none of a segment")
    tf = np.ones(len(doubled), dtype=np.int32)
    tf[repeated] = extra.astype(np.int64) + 2
    return running_sums(doubled >> 1, df).astype(np.int32), tf, starts


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


def add_up(parts: Sequence[Part], all_documents: int) -> tuple[Int32s, Floats, Bytes]:
    """Return the documents of all parts, the sum of each one's scores, and the number of parts it is in.

    That number is at most 255. A part is (documents, scores), or (documents, tf, length byte of every
    document, (all documents,), and weight of one occurrence by length byte, (256,)).
    """
    if len(parts) == 1 and len(parts[0]) == 2:
        return *parts[0], np.ones(len(parts[0][0]), dtype=np.uint8)
    if _compiled:
        room = min(sum(len(part[0]) for part in parts), all_documents)
        documents, sums = np.empty(room, dtype=np.int32), np.empty(room)
        counts = np.empty(room, dtype=np.uint8)
        count = _compiled.add_up(list(parts), documents, sums, counts)
        return documents[:count], sums[:count], counts[:count]
    documents = union([part[0] for part in parts], all_documents)
    sums, counts = np.zeros(len(documents)), np.zeros(len(documents), dtype=np.uint8)
    for found, values, *norms in parts:
        places = np.searchsorted(documents, found)
        sums[places] += values * norms[1][norms[0][found]] if norms else values  # type: ignore[index]
        counts[places] += counts[places] < 255
    return documents, sums, counts


def lift(scores: Floats, counts: Bytes, all_parts: int, bonus: float) -> None:
    """Add `bonus` for each part a document is in, and lift documents in every part above the rest.

    They are lifted by the best score among the rest. Scores are not negative, and are changed in place.
    """
    if _compiled:
        _compiled.lift(scores, counts, all_parts, bonus)
        return
    scores += bonus * counts
    complete = counts == all_parts
    scores[complete] += np.where(complete, 0, scores).max(initial=0)


def union(several: Sequence[Int32s], all_documents: int) -> Int32s:
    """Return every document that is in any of the arrays."""
    if len(several) == 1:
        return several[0]
    found = np.zeros(all_documents, dtype=bool)
    for documents in several:
        found[documents] = True
    return np.flatnonzero(found).astype(np.int32)


def find(values: Int32s, wanted: Int32s) -> Int32s:
    """Return the index in `values` of each wanted document, or -1, (wanted,)."""
    if _compiled:
        places = np.empty(len(wanted), dtype=np.int32)
        _compiled.find(values, wanted, places)
        return places
    if not len(values):
        return np.full(len(wanted), -1, dtype=np.int32)
    at = np.searchsorted(values, wanted)
    return np.where(values[np.minimum(at, len(values) - 1)] == wanted, at, -1).astype(np.int32)


def shared(documents: Int32s, scores: Floats, others: Int32s, other_scores: Floats) -> tuple[Int32s, Floats]:
    """Return the documents that are in both, and the sums of their scores; `documents` are the fewer."""
    if _compiled:
        both, sums = np.empty(len(documents), dtype=np.int32), np.empty(len(documents))
        count = _compiled.shared(documents, scores, others, other_scores, both, sums)
        return both[:count], sums[:count]
    at = find(others, documents)
    found = at >= 0
    return documents[found], scores[found] + other_scores[at[found]]


def add_found(documents: Int32s, scores: Floats, others: Int32s, other_scores: Floats) -> Floats:
    """Return the scores of documents, each plus its score among `others`, if it is there, (documents,)."""
    sums = scores.copy()
    if _compiled:
        _compiled.add_found(documents, sums, others, other_scores)
        return sums
    at = find(documents, others)
    sums[at[at >= 0]] += other_scores[at >= 0]
    return sums


def best(keys: list[Floats], first: int, last: int) -> Ints:
    """Return the indices of the hits from `first` up to `last`, exclusive, sorted by these keys.

    The largest values of the first key come first, equal ones by the next key, then in the order given.
    Indices are int64, numpy's own index type: converting them would cost more than finding the best of few.
    """
    last = min(last, len(keys[0]))
    if first >= last:
        return np.empty(0, dtype=np.int64)
    if _compiled:
        places = np.empty(last - first, dtype=np.int64)
        _compiled.best(keys, first, last, places)
        return places
    chosen = np.flatnonzero(keys[0] >= _least(keys[0], last))
    order = np.lexsort([-chosen, *(key[chosen] for key in reversed(keys))])[::-1]
    return chosen[order[first:last]]


def _least(values: Floats, count: int) -> float:
    """Return a threshold that at least `count` of the values reach, if there are so many, and few more.

    It is enough that the largest values of `count` stretches reach it: there are far fewer of these to sort.
    """
    stretches = len(values) // _STRETCH
    if count <= stretches:
        values = values[: stretches * _STRETCH].reshape(stretches, _STRETCH).max(axis=1)
    elif count * 4 > len(values):
        return float(values.min())
    return float(np.partition(values, len(values) - count)[len(values) - count])


def stretches(blob: Bytes, places: Sequence[Place], ordered: bool, width: int) -> tuple[Int32s, Int32s]:
    """Find phrase or proximity matches: return the documents and the number of match starts in each.

    Each place is (records of the terms allowed there, step); a record is (documents, frequencies, start of
    its positions in the blob). Ordered: the place's word stands `step` positions after that of the first
    place. Unordered: all words stand at most `width` positions after the first to come, and `step` counts the
    earlier places with the same word.

    Raises: ValueError where positions leave the blob.
    """
    if _compiled:
        room = min(sum(len(way[0]) for way in ways) for ways, _ in places) + 1
        documents, counts = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int32)
        count = _compiled.stretches(blob, list(places), ordered, width, documents, counts)
        return documents[:count], counts[:count]
    several = [[way[0] for way in ways] for ways, _ in places]
    several = [[np.unique(np.concatenate(each))] if len(each) > 1 else each for each in several]
    common = min((each[0] for each in several), key=len)
    for (held,) in several:
        common = common[find(held, common) >= 0]
    keys = [_keys(blob, ways, common) for ways, _ in places]
    steps = [step for _, step in places]
    starts = _in_order(keys, steps) if ordered else _near(keys, steps, width)
    holders = (starts >> 32).astype(np.int32)
    first = np.flatnonzero(np.diff(holders, prepend=-1))
    return holders[first], np.diff(first, append=len(holders)).astype(np.int32)


def _keys(blob: Bytes, ways: Sequence[Way], documents: Int32s) -> Ints:
    """Return the occurrences in some documents as `document << 32 | position`, ascending."""
    found = []
    for held, tf, start in ways:
        at = find(held, documents)
        has = at >= 0
        at = at[has]
        chosen = unpack_positions(blob, start, tf)[ragged(firsts(tf)[at], tf[at])]
        found.append(np.repeat(documents[has].astype(np.int64) << 32, tf[at]) | chosen)
    return found[0] if len(found) == 1 else np.unique(np.concatenate(found))


def letters(
    blob: Bytes, ends: npt.NDArray[np.unsignedinteger]
) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.uint64]]:
    """Return, for the fold of each term of a forms field, its length and a bit mask of its letters.

    Both (terms,). A length is BEYOND_ASCII if the fold is not ASCII, and FOLD_BEFORE if the term before has
    the same fold. A letter sets one of the lower 32 bits (its code modulo 32), and the same one of the upper
    32 if it comes twice or more.
    """
    lengths, found = np.empty(len(ends), dtype=np.int16), np.empty(len(ends), dtype=np.uint64)
    if _compiled:
        _compiled.letters(blob, ends, ends.itemsize, lengths, found)
        return lengths, found
    starts = np.concatenate(([0], ends)).astype(np.int64)[:-1]
    separators = np.append(np.flatnonzero(blob == 0), len(blob))
    ends = np.minimum(separators[np.searchsorted(separators, starts)], ends.astype(np.int64))
    beyond = np.append(0, np.cumsum(blob > _ASCII))
    long = ends - starts > np.iinfo(np.int16).max
    lengths[:] = np.where((beyond[ends] > beyond[starts]) | long, BEYOND_ASCII, ends - starts)
    folds = [blob[start:end].tobytes() for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    lengths[1:][[one == other for one, other in pairwise(folds)]] = FOLD_BEFORE
    once, twice = np.zeros(len(starts), dtype=np.uint64), np.zeros(len(starts), dtype=np.uint64)
    longer, at = np.arange(len(starts)), 0
    while len(longer := longer[starts[longer] + at < ends[longer]]):
        bit = np.uint64(1) << (blob[starts[longer] + at] & 31).astype(np.uint64)
        twice[longer] |= once[longer] & bit
        once[longer] |= bit
        at += 1
    return lengths, once | twice << np.uint64(32)


def edits(blob: Bytes, starts: Ints, ends: Ints, word: str, limit: int) -> npt.NDArray[np.uint8]:
    """Count the edits between a word and some words of a blob, (starts,); counts above `limit` are inexact.

    All are ASCII. An edit is a letter added, removed or replaced, or two neighbours swapped: the optimal
    string alignment distance.
    """
    distances = np.empty(len(starts), dtype=np.uint8)
    if _compiled and len(word) <= _LETTERS:
        _compiled.edits(blob, starts, ends, word.encode(), distances)
        return distances
    from rapidfuzz.distance import OSA  # rarely needed, and a tenth of a search from a shell

    for at, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        other = blob[start:end].tobytes().decode()
        distances[at] = min(OSA.distance(word, other, score_cutoff=limit), 255)
    return distances


def _in_order(keys: Sequence[Ints], steps: Sequence[int]) -> Ints:
    starts = keys[0]
    for others, step in zip(keys[1:], steps[1:], strict=True):
        starts = starts[np.isin(starts + step, others)]
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
