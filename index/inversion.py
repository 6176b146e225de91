"""How do texts become postings?

An `Inversion` takes the texts of a batch of documents and turns them round: from "the words of each document"
to "the documents of each word". A text is cut into pieces (index.pieces), each *different* piece is analysed
once (`Lexicon`), and the text becomes an array of piece numbers. Then each piece is replaced by its readings,
which are gathered by their terms (index.codec.packing).

Each text fills two fields (index.schema): the stems with their frequencies, and the forms with their
positions. Memory is bounded because batches are (index.batches).
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from index.analysis import fold_and_stem
from index.codec.kernels import Int32s
from index.codec.numbers import Ints
from index.codec.packing import Inverted, gather, sorted_places
from index.french.cutting import cut_word, find_words, plain_form
from index.french.stems import expect_articles
from index.pieces import Readings, no_pieces, spread
from index.schema import form_term

_NUMBER_BYTES = 4  # of a piece
_PIECES_OF_ARTICLES = 10_000  # with as many different ones, loading the table of stems into memory pays


@dataclass(frozen=True, slots=True)
class InvertedField:
    """One field of a batch of documents: its terms, sorted, their postings, and the tokens of each document.

    `lengths` is (documents,), or None for a field whose length is not used.
    """

    terms: Sequence[bytes]
    inverted: Inverted
    lengths: Ints | None


class Inversion:
    """The texts of a batch of documents, field by field, until they are turned round."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._texts: defaultdict[str, _Texts] = defaultdict(_Texts)

    def add(self, field: str, document: int, text: str) -> None:
        """Add the text that a document has in a field; documents come in ascending order."""
        texts = self._texts[field]
        pieces = self._lexicon.cut(text)
        texts.pieces.append(pieces)
        texts.documents.append(document)
        texts.counts.append(len(pieces) // _NUMBER_BYTES)

    def fields(self, documents: int) -> Iterator[tuple[str, InvertedField, InvertedField]]:
        """Yield each field with its stems and its forms, for a batch of so many documents."""
        readings = self._lexicon.readings()
        for field, texts in self._texts.items():
            yield field, *_invert_both(self._lexicon, readings, texts, documents)


class Lexicon:
    """The readings of every different piece met so far.

    `stems` and `forms` are the terms in the order in which they came. A lexicon may serve many batches, each
    of which analyses only the pieces that are new.
    """

    def __init__(self) -> None:
        self._pieces = no_pieces()
        self.stems: list[bytes] = []
        self.forms: list[bytes] = []
        self._stem_numbers: dict[str, int] = {"": -1}
        self._form_numbers: dict[str, int] = {}
        self._stem_of_form, self._form_of, self._places, self._words = (array("i") for _ in range(4))
        self._starts = array("i", [0])  # where the readings of each piece start

    def __len__(self) -> int:
        """Count the different pieces."""
        return len(self._pieces)

    def cut(self, text: str) -> bytes:
        """Give the numbers of the pieces of a text."""
        return self._pieces.cut(text)

    @property
    def stem_of_form(self) -> Int32s:
        """The number of the stem of each form, or -1, (forms,)."""
        return np.array(self._stem_of_form, dtype=np.int32)

    def readings(self) -> Readings:
        """Analyse the new pieces, and return the readings of all."""
        new = self._pieces.take_new()
        if len(self) >= _PIECES_OF_ARTICLES:
            expect_articles()
        for piece in new:
            self._read(piece)
        return Readings(
            *(
                np.array(each, dtype=np.int32)
                for each in (self._form_of, self._places, self._starts, self._words)
            )
        )

    def _read(self, piece: str) -> None:
        words = 0
        if (plain := plain_form(piece)) is not None:
            self._add(plain, 0)
            words = 1
        else:
            for word in find_words(piece):
                joined_readings = 0
                cuts = cut_word(word)
                for form, index, _, _, joined in cuts:
                    self._add(form, words + index)
                    joined_readings += joined
                words += len(cuts) - joined_readings
        self._starts.append(len(self._form_of))
        self._words.append(words)

    def _add(self, form: str, place: int) -> None:
        """Add a reading to the piece that is being read: its form, and which word it is."""
        number = self._form_numbers.get(form)
        self._form_of.append(self._new_form(form) if number is None else number)
        self._places.append(place)

    def _new_form(self, form: str) -> int:
        fold, stem = fold_and_stem(form)
        stem_number = self._stem_numbers.get(stem)
        if stem_number is None:
            stem_number = self._stem_numbers[stem] = len(self.stems)
            self.stems.append(stem.encode())
        number = self._form_numbers[form] = len(self.forms)
        self.forms.append(form_term(fold, form).encode())
        self._stem_of_form.append(stem_number)
        return number


class _Texts:
    """The texts of one field: their pieces, and the document and number of pieces of each."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.documents = array("i")
        self.counts = array("i")


def _invert_both(
    lexicon: Lexicon, readings: Readings, texts: _Texts, documents: int
) -> tuple[InvertedField, InvertedField]:
    """Turn the texts of one field round: their stems, and their forms."""
    pieces = np.frombuffer(b"".join(texts.pieces), dtype=np.int32)
    counts, holders = (np.frombuffer(each, dtype=np.int32) for each in (texts.counts, texts.documents))
    forms, document, position = spread(pieces, counts, holders, readings)
    return (
        _invert(lexicon.stems, lexicon.stem_of_form[forms], document, None, documents),
        _invert(lexicon.forms, forms, document, position, documents),
    )


def _invert(
    names: Sequence[bytes], terms: Int32s, document: Int32s, position: Int32s | None, documents: int
) -> InvertedField:
    """Put the tokens of a field in the order of their terms; those without a term, -1, are left out."""
    used, sorted_names = _in_order(names, np.flatnonzero(np.bincount(terms + 1)[1:]))
    rank = np.full(len(names) + 1, -1, dtype=np.int32)  # the last one is that of -1
    rank[used] = np.arange(len(used), dtype=np.int32)
    inverted = gather(rank[terms], document, None, position, len(used))
    lengths = np.bincount(document[terms >= 0], minlength=documents)
    return InvertedField(sorted_names, inverted, lengths)


def _in_order(names: Sequence[bytes], used: Ints) -> tuple[Ints, list[bytes]]:
    """Give the terms that occur, sorted, with their numbers."""
    terms = [names[number] for number in used.tolist()]
    order = sorted_places(terms)
    return used[order], [terms[at] for at in order.tolist()]
