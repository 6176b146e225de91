"""Which words of the index are spelt nearly like another one?

Comparing a word with every word of an index letter by letter is slow. So each word has a bit mask of its
letters, and of those that it has twice; one edit sets at most one bit and clears at most one. Two bit counts
therefore rule out nearly all words of similar length, all at once, and only the others are compared. No word
near enough is missed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.codec.kernels import BEYOND_ASCII, FOLD_BEFORE, edits, letters
from index.codec.numbers import Ints
from index.codec.terms import Terms
from index.schema import split_form_term


class Letters(NamedTuple):
    """The folds of a forms field, each known by its first term.

    `lengths`, (terms,), are those of ASCII folds, and less than 0 for other terms. `by_length` lists the
    ASCII folds, the shortest first, and `letters` has the letters of each, in this order; those of n letters
    end at `last[n]`. The `others`, which are few, are not ASCII.
    """

    terms: Terms
    lengths: npt.NDArray[np.int16]
    by_length: npt.NDArray[np.int64]
    letters: npt.NDArray[np.uint64]
    last: npt.NDArray[np.int64]
    others: npt.NDArray[np.int64]

    def near(self, folded: str, distance: int, wanted: npt.NDArray[np.bool_] | None = None) -> dict[str, int]:
        """Give the folds at most `distance` edits from one, and how many edits.

        Only those that are `wanted`, (terms,), where that is given.
        """
        if not folded.isascii():
            every = self.lengths != FOLD_BEFORE if wanted is None else wanted
            return self._near_by_letters(np.flatnonzero(every), folded, distance)
        compared, others = self._compared(folded, distance), self.others
        if wanted is not None:
            compared, others = compared[wanted[compared]], others[wanted[others]]
        starts = np.where(compared, self.terms.ends[compared - 1], 0).astype(np.int64)
        counts = edits(self.terms.blob, starts, starts + self.lengths[compared], folded, distance)
        near = counts <= distance
        found = dict(zip(map(self._fold, compared[near].tolist()), counts[near].tolist(), strict=True))
        return found | self._near_by_letters(others, folded, distance)

    def articles(self, df: Ints) -> Ints:
        """Add up `df`, (terms,), for all the forms of each fold, (terms,).

        The sum stands at the first term of the fold; 0 where a term has the fold of the one before.
        """
        folds = np.flatnonzero(self.lengths != FOLD_BEFORE)
        counts = np.zeros(len(df), dtype=np.int64)
        counts[folds] = np.add.reduceat(df.astype(np.int64), folds)
        return counts

    def _near_by_letters(
        self, numbers: npt.NDArray[np.integer], folded: str, distance: int
    ) -> dict[str, int]:
        """Compare with the folds of some terms letter by letter, where bytes are not letters."""
        others = [
            other
            for other in map(self._fold, numbers.tolist())
            if abs(len(other) - len(folded)) <= distance
            and sum(letter not in folded for letter in other) <= distance
        ]
        if not others:
            return {}
        from rapidfuzz.distance import OSA  # rarely needed, and a tenth of a search from a shell

        counts = {other: OSA.distance(folded, other, score_cutoff=distance) for other in others}
        return {other: count for other, count in counts.items() if count <= distance}

    def _compared(self, folded: str, distance: int) -> npt.NDArray[np.int64]:
        """Give the folds that may be near enough, by their length and their letters."""
        word = np.frombuffer(folded.encode(), dtype=np.uint8)
        _, (own,) = letters(word, np.array([len(word)], dtype=np.uint32))
        longest = len(self.last) - 1
        shorter, longer = len(folded) - distance - 1, min(len(folded) + distance, longest)
        first = int(self.last[min(shorter, longest)]) if shorter >= 0 else 0
        within = slice(first, int(self.last[longer]))
        held = self.letters[within]
        close = np.bitwise_count(held & ~own) <= distance
        close &= np.bitwise_count(own & ~held) <= distance
        return np.compress(close, self.by_length[within])

    def _fold(self, number: int) -> str:
        return split_form_term(self.terms[number].decode())[0]


def letters_of(terms: Terms) -> Letters:
    """Read the letters of every fold of a forms field."""
    lengths, held = letters(terms.blob, terms.ends)
    numbers = np.flatnonzero(lengths >= 0)
    by_length = numbers[np.argsort(lengths[numbers], kind="stable")]
    last = np.cumsum(np.bincount(lengths[numbers], minlength=1))
    return Letters(terms, lengths, by_length, held[by_length], last, np.flatnonzero(lengths == BEYOND_ASCII))
