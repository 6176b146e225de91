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
        compared = self._compared(folded, distance) if folded.isascii() else np.arange(len(self.terms))
        found = {}
        if folded.isascii():
            counts = edits(self.terms.blob, self.starts, self.ends, compared, folded, distance)
            near_enough = counts <= distance
            for number, count in zip(
                compared[near_enough].tolist(), counts[near_enough].tolist(), strict=True
            ):
                found[self._fold(number)] = count
            compared = self.others
        from rapidfuzz.distance import OSA  # for words beyond ASCII only: 5 ms of a search from a shell

        for number in compared.tolist():
            other = self._fold(number)
            if (count := OSA.distance(folded, other, score_cutoff=distance)) <= distance:
                found[other] = count
        return found

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
