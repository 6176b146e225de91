"""How is a term found among the sorted terms of a field?

Terms lie one after the other as bytes, in byte order (which for UTF-8 is the order of code points), with
one array that says where each ends. They are found by bisection; in memory is one term of each block only.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from index.codec.sections import Array

_BLOCK = 64  # terms between two that are held in memory


class Terms(Sequence[bytes]):
    """The sorted terms of one field: a sequence that is searched."""

    def __init__(self, blob: Array, ends: Array) -> None:
        self.blob = blob
        self.ends = ends
        self._blob = memoryview(blob.data)
        starts = [0, *ends[_BLOCK - 1 :: _BLOCK].tolist()]
        self._sampled = [
            bytes(self._blob[start:end]) for start, end in zip(starts, ends[::_BLOCK].tolist(), strict=False)
        ]

    def __len__(self) -> int:
        """Count the terms."""
        return len(self.ends)

    def __getitem__(self, number: int) -> bytes:  # type: ignore[override]  # slices are given by `span`
        """Give a term by its number."""
        if not 0 <= number < len(self.ends):
            raise IndexError(number)
        start = int(self.ends[number - 1]) if number else 0
        return bytes(self._blob[start : int(self.ends[number])])

    def __iter__(self) -> Iterator[bytes]:
        """Give all terms, in order."""
        return iter(self.span(0, len(self)))

    def span(self, first: int, last: int) -> list[bytes]:
        """Give the terms from number `first` up to `last`, which is left out."""
        if first >= last:
            return []
        start = int(self.ends[first - 1]) if first else 0
        ends = self.ends[first:last].tolist()
        held = bytes(self._blob[start : ends[-1]])
        terms = []
        at = 0
        for end in ends:
            terms.append(held[at : end - start])
            at = end - start
        return terms

    def lower_bound(self, term: bytes) -> int:
        """Give the number of the first term that is not below `term`."""
        block = bisect_left(self._sampled, term)
        low = max(0, (block - 1) * _BLOCK)
        return self._bisect(term, low, min(block * _BLOCK, len(self)))

    def _bisect(self, term: bytes, low: int, high: int) -> int:
        while low < high:
            middle = (low + high) // 2
            if self[middle] < term:
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, term: bytes) -> int | None:
        """Give the number of a term, or None where there is no such term."""
        number = self.lower_bound(term)
        return number if number < len(self) and self[number] == term else None

    def starting_with(self, prefix: bytes) -> range:
        """Give the numbers of the terms that start so."""
        first = self.lower_bound(prefix)
        if first + _BLOCK < len(self) and self[first + _BLOCK].startswith(prefix):
            following = _successor(prefix)
            return range(first, self.lower_bound(following) if following else len(self))
        last = first
        while last < len(self) and self[last].startswith(prefix):
            last += 1
        return range(first, last)


def _successor(prefix: bytes) -> bytes:
    """Give the least bytes above all that start with `prefix`, or nothing where there are none."""
    kept = prefix.rstrip(b"\xff")
    return kept[:-1] + bytes([kept[-1] + 1]) if kept else b""
