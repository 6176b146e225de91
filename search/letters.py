"""Which words of the index are spelt nearly as another one?

To compare a word with every word of an index letter by letter takes long. Which letters a word has, whatever
their order, is one bit a letter; an edit adds at most one kind of letter and takes at most one away. So
nearly all words are ruled out by two counts of bits and their length, all at once, and only the others
have to be compared. None that is near enough is missed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.codec.kernels import edits
from index.codec.terms import Terms
from index.schema import split_form_term

_BIT_OF_BYTE = np.array([1 << (code % 32) for code in range(256)], dtype=np.uint32)


@dataclass(frozen=True, slots=True)
class Letters:
    """The folds of a forms field, as bytes: where each starts and ends, and its letters, all (terms,).

    Of a fold that is not ASCII the bytes are not the letters; those are few, `others` names their terms.
    """

    terms: Terms
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int16]
    letters: npt.NDArray[np.uint32]
    others: npt.NDArray[np.int64]

    def near(self, folded: str, distance: int) -> dict[str, int]:
        """Give the folds at most `distance` edits from one, and how many edits."""
        if not folded.isascii():
            return self._near_by_letters(np.arange(len(self.terms)), folded, distance)
        compared = self._compared(folded, distance)
        counts = edits(self.terms.blob, self.starts, self.ends, compared, folded, distance)
        near = counts <= distance
        found = dict(zip(map(self._fold, compared[near].tolist()), counts[near].tolist(), strict=True))
        return found | self._near_by_letters(self.others, folded, distance)

    def _near_by_letters(
        self, numbers: npt.NDArray[np.integer], folded: str, distance: int
    ) -> dict[str, int]:
        """Compare with the folds of some terms letter by letter, where bytes are not letters."""
        if not len(numbers):
            return {}
        from rapidfuzz.distance import OSA  # rarely needed, and 5 ms of a search from a shell

        counts = {
            other: OSA.distance(folded, other, score_cutoff=distance)
            for other in map(self._fold, numbers.tolist())
        }
        return {other: count for other, count in counts.items() if count <= distance}

    def _compared(self, folded: str, distance: int) -> npt.NDArray[np.int64]:
        """Give the terms whose fold may be near enough, by its length and its letters."""
        own = np.bitwise_or.reduce(_BIT_OF_BYTE[np.frombuffer(folded.encode(), dtype=np.uint8)])
        close = np.abs(self.lengths - len(folded)) <= distance
        close &= np.bitwise_count(self.letters & ~own) <= distance
        close &= np.bitwise_count(own & ~self.letters) <= distance
        return np.flatnonzero(close).astype(np.int64)

    def _fold(self, number: int) -> str:
        return split_form_term(self.terms[number].decode())[0]


def letters_of(terms: Terms) -> Letters:
    """Read the letters of every fold of a forms field."""
    nothing = np.empty(0, dtype=np.int64)
    if not len(terms):
        return Letters(terms, nothing, nothing, nothing.astype(np.int16), nothing.astype(np.uint32), nothing)
    starts = np.concatenate(([0], terms.ends[:-1])).astype(np.int64)
    ends = np.flatnonzero(terms.blob == 0).astype(np.int64)  # one in each term, between fold and form
    spans = np.ravel([starts, ends], order="F")
    letters = np.bitwise_or.reduceat(_BIT_OF_BYTE[terms.blob], spans)[::2]
    is_ascii = np.maximum.reduceat(terms.blob, spans)[::2] < 128
    lengths = np.where(is_ascii, np.minimum(ends - starts, 1 << 14), -1 << 14).astype(np.int16)
    return Letters(terms, starts, ends, lengths, letters, np.flatnonzero(~is_ascii))
