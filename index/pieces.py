"""Which different pieces are texts made of, and in what order?

A *piece* is what stands between two white spaces, or more of the text where a space may group digits ("7
500"): no word goes on past its end, so the words of the pieces of a text are those of the text
(index.french.cutting). Nearly all pieces of a text have been met before. So each different piece gets a
number and is analysed once, and a text becomes an array of numbers.

`Pieces` and `spread` are compiled (`_pieces.c`) if that was possible at installation; a dictionary and numpy
stand in for them. The compiled `Pieces` takes off elisions ("l'"), capitals and what no word can begin or end
with, so that fewer pieces have to be analysed; their tokens are the same.
"""

from __future__ import annotations

from array import array
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

import numpy as np

from index.codec.kernels import Int32s
from index.codec.numbers import ragged, running_sums
from index.french.cutting import find_pieces
from index.french.known_words import plain_elisions

_LONGEST_ELISION = 8  # more than "quoiqu"; the compiled `Pieces` has no room for longer ones, nor needs them
_compiled: Any = None
with suppress(ImportError):  # no compiler when this was installed
    _compiled = import_module("index._pieces")


class Pieces(Protocol):
    """The different pieces of the texts that were cut."""

    def cut(self, text: str) -> bytes:
        """Give the numbers of the pieces of a text, in order: four bytes each, as the machine writes them."""

    def take_new(self) -> list[str]:
        """Give the pieces that were numbered since this was last called, in the order of their numbers."""

    def __len__(self) -> int:
        """Count the pieces."""


class PiecesInPython(dict[str, int]):
    """What stands in for the compiled `Pieces`."""

    def __init__(self) -> None:
        super().__init__()
        self._new: list[str] = []

    def __missing__(self, piece: str) -> int:
        """Give a new piece its number."""
        self._new.append(piece)
        number = self[piece] = len(self)
        return number

    def cut(self, text: str) -> bytes:
        """Cut a text."""
        return array("I", map(self.__getitem__, find_pieces(text))).tobytes()

    def take_new(self) -> list[str]:
        """Give what is new."""
        taken, self._new = self._new, []
        return taken


def no_pieces() -> Pieces:
    """Return an empty piece table, compiled where possible."""
    if not _compiled:
        return PiecesInPython()
    short = tuple(elision for elision in plain_elisions() if len(elision) <= _LONGEST_ELISION)
    pieces: Pieces = _compiled.Pieces(short)
    return pieces


@dataclass(frozen=True, slots=True)
class Readings:
    """The readings of every piece, one piece after the other.

    `forms` and `places`, (readings,), give the number of each reading's form, and which word of the piece it
    is. `starts`, (pieces + 1,), says where each piece's readings start; `words`, (pieces,), how many words it
    has.
    """

    forms: Int32s
    places: Int32s
    starts: Int32s
    words: Int32s


def spread(
    pieces: Int32s, texts: Int32s, documents: Int32s, readings: Readings
) -> tuple[Int32s, Int32s, Int32s]:
    """Expand pieces into tokens: return the form, the document and the position of each, (tokens,).

    `pieces` holds all texts end to end; `texts` and `documents`, (texts,), give each text's number of pieces
    and its document.
    """
    size = np.diff(readings.starts)[pieces]
    if _compiled:
        forms, holders, positions = np.empty((3, int(size.sum(dtype=np.int64))), dtype=np.int32)
        _compiled.spread(
            pieces, texts, documents, readings.starts, readings.words, readings.forms, readings.places,
            forms, holders, positions,
        )  # fmt: skip
        return forms, holders, positions
    words = readings.words[pieces]
    before = running_sums(words, texts) - words
    chosen = ragged(readings.starts[pieces], size)
    positions = (np.repeat(before, size) + readings.places[chosen]).astype(np.int32)
    return readings.forms[chosen], np.repeat(np.repeat(documents, texts), size), positions


def is_compiled() -> bool:
    """Say whether the compiled `Pieces` and `spread` are used."""
    return _compiled is not None
