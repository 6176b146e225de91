"""How are many small numbers written in few bytes, and read back an array at a time?

Nearly all numbers of an index are small: from one document to the next, from one position to the next.
A *list* is written as one byte a number; 255 says that the rest (the number less 255) is among the 16-bit
numbers that follow the bytes, and there 65,535 says that the rest is among the 32-bit numbers at the end.

    3 4 300 70000    ->    03 04 ff ff | 2d00 ffff | 72100000

The reader of a list knows how many numbers it has, and counts those that go on. Neither direction looks at
one number at a time: many lists are packed at once; one list, or many at once, are unpacked.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.codec.sections import Array

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

_LIMITS = (0xFF, 0xFFFF)
_KINDS = ("<u1", "<u2", "<u4")


def ragged(starts: Array, counts: Array) -> Ints:
    """Return the indices of many ranges as one array: for each i, `counts[i]` indices from `starts[i]` on."""
    ends = np.cumsum(counts, dtype=np.int64)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(starts - (ends - counts), counts) + np.arange(total, dtype=np.int64)


def firsts(counts: Array) -> Ints:
    """Give where each range starts when they lie one after the other, (n,)."""
    ends = np.cumsum(counts, dtype=np.int64)
    return ends - counts


def sum_ranges(values: Array, counts: Array) -> Ints:
    """Return the sum of each range, (n,), where `values` is made of ranges of `counts` items."""
    total = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(values, out=total[1:])
    starts = firsts(counts)
    return np.asarray(total[starts + counts] - total[starts], dtype=np.int64)


def running_sums(values: Array, counts: Array) -> Ints:
    """Return the running sums within each range, (values,), where `values` is ranges of `counts` items."""
    sums = np.cumsum(values, dtype=np.int64)
    filled = counts > 0
    starts = firsts(counts)[filled]
    return np.asarray(sums - np.repeat(sums[starts] - values[starts], counts[filled]), dtype=np.int64)


class PackedLists:
    """Many lists, sized and ready to be written: `sizes` is the bytes of each, (n,)."""

    def __init__(self, values: Array, counts: Array) -> None:
        self._levels: list[tuple[Array, Array]] = []
        for limit in _LIMITS:
            goes_on = values >= limit
            self._levels.append((np.minimum(values, limit), counts))
            counts = sum_ranges(goes_on, counts)
            values = values[goes_on] - limit
        self._levels.append((values, counts))
        self.sizes: Ints = sum(
            (
                counts * np.dtype(kind).itemsize
                for kind, (_, counts) in zip(_KINDS, self._levels, strict=True)
            ),
            start=np.zeros(len(counts), dtype=np.int64),
        )

    def write(self, blob: Bytes, starts: Array) -> None:
        """Write each list into a blob from its start on."""
        for kind, (values, counts) in zip(_KINDS, self._levels, strict=True):
            width = np.dtype(kind).itemsize
            if len(values):
                places = ragged(starts, counts * width)
                blob[places] = values.astype(kind).view(np.uint8)
            starts = starts + counts * width


def unpack(blob: Bytes, start: int, count: int) -> tuple[npt.NDArray[np.integer], int]:
    """Read one list of `count` numbers; give it, (count,), and where the next one starts.

    Raises: ValueError where it leaves the blob.
    """
    low = _bytes_of(blob, start, count)
    start += count
    wide = np.flatnonzero(low == 0xFF)
    if not len(wide):
        return low, start
    middle = _bytes_of(blob, start, 2 * len(wide)).view("<u2")
    start += 2 * len(wide)
    values = low.astype(np.uint32)
    values[wide] += middle
    huge = np.flatnonzero(middle == 0xFFFF)
    if len(huge):
        values[wide[huge]] += _bytes_of(blob, start, 4 * len(huge)).view("<u4")
        start += 4 * len(huge)
    return values, start


def _bytes_of(blob: Bytes, start: int, count: int) -> Bytes:
    found = blob[start : start + count]
    if len(found) < count:
        raise ValueError("a list of numbers leaves the blob")
    return found


def unpack_many(blob: Bytes, starts: Array, counts: Array) -> tuple[npt.NDArray[np.uint32], Ints]:
    """Read many lists; return their numbers end to end, and where the list after each one starts, (n,)."""
    values = blob[ragged(starts, counts)].astype(np.uint32)
    starts = starts + counts
    chosen = np.arange(len(values))
    found: Array = values
    for limit, kind in zip(_LIMITS, _KINDS[1:], strict=True):
        goes_on = found == limit
        counts = sum_ranges(goes_on, counts)
        chosen = chosen[goes_on]
        width = np.dtype(kind).itemsize
        found = blob[ragged(starts, counts * width)].view(kind)
        values[chosen] += found
        starts = starts + counts * width
    return values, starts
