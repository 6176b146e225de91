"""How do texts become postings?

An `Inversion` takes the texts of a batch of documents and turns them round: from "the words of each
document" to "the documents of each word". A text is cut at white space, each *different* piece is analysed
once (`Lexicon`), and what a text keeps of it is a number in an array. Putting the tokens in order is one
sort of packed numbers a field.

It fills two fields a text (index.schema): the stems with their frequencies, and the forms with their
positions. A batch is bounded (`MAX_DOCUMENTS`, and whoever fills it bounds its bytes), so memory is, too.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from index.analysis import find_pieces, find_words, readings
from index.codec.numbers import Ints, firsts, ragged, running_sums
from index.codec.postings import Inverted
from index.schema import form_term

MAX_DOCUMENTS = 1 << 18
_DOCUMENT_BITS = 18
# A text of 10 MiB has fewer words. The 23 bits left are more terms than a batch can have.
_POSITION_BITS = 23


@dataclass(frozen=True, slots=True)
class InvertedField:
    """One field of a batch of documents: its terms, sorted, their postings, and the tokens of each document.

    `lengths` is (documents,), or None for a field of which nobody asks how long it is.
    """

    terms: Sequence[bytes]
    inverted: Inverted
    lengths: Ints | None


class Inversion:
    """The texts of a batch of documents, field by field, until they are turned round."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._texts: dict[str, _Texts] = {}

    def add(self, field: str, document: int, text: str) -> None:
        """Add the text that a document has in a field; documents come in ascending order."""
        texts = self._texts.setdefault(field, _Texts())
        before = len(texts.pieces)
        texts.pieces.extend(map(self._lexicon.__getitem__, find_pieces(text)))
        texts.documents.append(document)
        texts.counts.append(len(texts.pieces) - before)

    def fields(self, documents: int) -> Iterator[tuple[str, InvertedField, InvertedField]]:
        """Yield each field with its stems and its forms, for a batch of so many documents."""
        readings_of = self._lexicon.arrays()
        for field, texts in self._texts.items():
            yield field, *_invert_both(self._lexicon, readings_of, texts, documents)


class Lexicon(dict[str, int]):
    """What was read of every different piece: a number for each, given when it is first asked for.

    `stems` and `forms` are the terms in the order in which they came. A lexicon may serve many batches: what
    one has taught it, the next does not read again.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stems: dict[str, int] = {}
        self.forms: dict[str, int] = {}
        self._stem_of, self._form_of, self._place, self._counts, self._words = (array("i") for _ in range(5))

    def __missing__(self, piece: str) -> int:
        """Read a piece."""
        words = 0
        before = len(self._form_of)
        for word in find_words(piece):
            found = readings(word)
            for reading in found:
                form = form_term(reading.fold, reading.form)
                self._form_of.append(self.forms.setdefault(form, len(self.forms)))
                stem = reading.stem
                self._stem_of.append(self.stems.setdefault(stem, len(self.stems)) if stem else -1)
                self._place.append(words + reading.index)
            words += sum(not reading.joined for reading in found)
        self._counts.append(len(self._form_of) - before)
        self._words.append(words)
        number = self[piece] = len(self)
        return number

    def arrays(self) -> _Readings:
        """Give the readings of all pieces."""
        return _Readings(
            *(
                np.array(each, dtype=np.int64)
                for each in (self._stem_of, self._form_of, self._place, self._counts, self._words)
            )
        )


class _Texts:
    """The texts of one field: the pieces of all of them, and how many are each document's."""

    def __init__(self) -> None:
        self.pieces = array("I")
        self.documents = array("I")
        self.counts = array("I")


@dataclass(frozen=True, slots=True)
class _Readings:
    """The readings of pieces, those of a piece side by side.

    Of each reading, (readings,): the numbers of its stem (-1 for none) and its form, and which word of the
    piece it is. Of each piece, (pieces,): how many readings and how many words it has.
    """

    stems: Ints
    forms: Ints
    place: Ints
    counts: Ints
    words: Ints


def _invert_both(
    lexicon: Lexicon, found: _Readings, texts: _Texts, documents: int
) -> tuple[InvertedField, InvertedField]:
    """Turn the texts of one field round: their stems, and their forms."""
    pieces = np.frombuffer(texts.pieces, dtype=np.uint32)
    counts = np.frombuffer(texts.counts, dtype=np.uint32).astype(np.int64)
    documents_of = np.frombuffer(texts.documents, dtype=np.uint32).astype(np.int64)
    words = found.words[pieces]
    piece_position = running_sums(words, counts) - words
    per_piece = found.counts[pieces]
    chosen = ragged(firsts(found.counts)[pieces], per_piece)
    document = np.repeat(np.repeat(documents_of, counts), per_piece)
    position = np.repeat(piece_position, per_piece) + found.place[chosen]
    stems, forms = found.stems[chosen], found.forms[chosen]
    stemmed = stems >= 0
    return (
        _invert(lexicon.stems, stems[stemmed], document[stemmed], None, documents),
        _invert(lexicon.forms, forms, document, position, documents),
    )


def _invert(
    names: Iterable[str], terms: Ints, document: Ints, position: Ints | None, documents: int
) -> InvertedField:
    """Sort the tokens of a field by term, document and position."""
    used, sorted_terms = _in_order([*names], np.flatnonzero(np.bincount(terms)))
    rank = np.zeros(int(used.max()) + 1 if len(used) else 0, dtype=np.uint64)
    rank[used] = np.arange(len(used), dtype=np.uint64)
    keys = rank[terms] << np.uint64(_DOCUMENT_BITS) | document.astype(np.uint64)
    if position is not None:
        keys = keys << np.uint64(_POSITION_BITS) | position.astype(np.uint64)
    keys.sort()
    positions = None
    if position is not None:
        positions = (keys & np.uint64((1 << _POSITION_BITS) - 1)).astype(np.int64)
        keys >>= np.uint64(_POSITION_BITS)
    starts = np.flatnonzero(np.diff(keys, prepend=np.uint64(0) if not len(keys) else ~keys[0]))
    tf = np.diff(starts, append=len(keys))
    postings = keys[starts]
    df = np.bincount((postings >> np.uint64(_DOCUMENT_BITS)).astype(np.int64), minlength=len(used))
    holders = (postings & np.uint64(MAX_DOCUMENTS - 1)).astype(np.int64)
    lengths = np.bincount(document, minlength=documents)
    return InvertedField(sorted_terms, Inverted(df, holders, tf, positions), lengths)


def _in_order(names: Sequence[str], used: Ints) -> tuple[Ints, list[bytes]]:
    """Give the terms that occur, sorted, with their numbers."""
    terms = [names[number].encode() for number in used.tolist()]
    order = sorted(range(len(terms)), key=terms.__getitem__)
    return used[order], [terms[at] for at in order]
