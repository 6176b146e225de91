"""How is a term found among the sorted terms of a field?

Terms lie one after the other as bytes, in byte order (which for UTF-8 is the order of code points), with
one array that says where each ends. They are found by bisection in the mapped file; none is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.codec.kernels import lower_bound
from index.codec.sections import Array


class Terms(Sequence[bytes]):
    """The sorted terms of one field: a sequence that is searched."""

    def __init__(self, blob: Array, ends: Array) -> None:
        self.blob = blob
        self.ends = ends
        self._blob = memoryview(blob.data)

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
        return lower_bound(self.blob, self.ends, term)

    def find(self, term: bytes) -> int | None:
        """Give the number of a term, or None where there is no such term."""
        number = self.lower_bound(term)
        return number if number < len(self) and self[number] == term else None

    def starting_with(self, prefix: bytes) -> range:
        """Give the numbers of the terms that start so."""
        following = _successor(prefix)
        return range(self.lower_bound(prefix), self.lower_bound(following) if following else len(self))


def _successor(prefix: bytes) -> bytes:
    """Return the least bytes above all that start with `prefix`, or b"" if there are none."""
    kept = prefix.rstrip(b"\xff")
    return kept[:-1] + bytes([kept[-1] + 1]) if kept else b""
