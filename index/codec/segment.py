"""What is in a segment, and how is it written and read?

A segment is a file of sections (index.codec.sections) about a number of documents that never changes:

    F/terms, F/ends             the sorted terms of field F, as bytes, and where each ends
    F/df, F/starts, F/records   for each term: how many documents, and where its record starts in the records
    F/lengths                   the length of F in each document as one byte (index.codec.lengths)
    column/C                    a value a document; of a column of names, a number into the names
    column/C/names, …/ends      the names, sorted, and where each ends
    articles, articles/ends     the stored articles, and where each ends
    dictionary                  what they were compressed with

A field that no document has, has no sections. `meta` holds the number of documents, the number of tokens of
each field that has lengths, and which fields have positions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np

from index.codec.documents import Compressed, StoredArticles
from index.codec.lengths import length_bytes
from index.codec.numbers import Ints
from index.codec.packing import Inverted, pack_records
from index.codec.postings import FieldPostings
from index.codec.sections import Array, Sections, SectionsWriter, smallest
from index.codec.terms import Terms


class Names(NamedTuple):
    """A column of names: the distinct ones, sorted, and an index into them for each document, (n,)."""

    names: tuple[bytes, ...]
    codes: Array


def names_column(values: Sequence[bytes]) -> Names:
    """Make a column of one name a document."""
    names = sorted(set(values))
    code_of = {name: code for code, name in enumerate(names)}
    return Names(tuple(names), np.fromiter(map(code_of.__getitem__, values), np.int64, len(values)))


class Segment:
    """One segment, open for reading; immutable, and safe between threads.

    Raises: IndexDamaged when the file is not one of a segment.
    """

    def __init__(self, path: Path) -> None:
        self.sections = Sections(path)
        self.documents = int(self.sections.meta["documents"])
        self.field_lengths: Mapping[str, int] = self.sections.meta["lengths"]
        self._fields: dict[str, FieldPostings] = {}
        self._lengths: dict[str, Array | None] = {}

    @property
    def field_names(self) -> tuple[str, ...]:
        """The fields that any document of the segment has, sorted."""
        return tuple(sorted(name.removesuffix("/df") for name in self.sections if name.endswith("/df")))

    def field(self, name: str) -> FieldPostings | None:
        """Give the postings of a field, or None where no document has it."""
        found = self._fields.get(name)
        if found is None and f"{name}/df" in self.sections:
            sections = [f"{name}/{part}" for part in ("terms", "ends", "df", "starts", "records")]
            self.sections.require_sound(sections[:-1])  # records are checked as they are read
            terms, ends, df, starts, records = (self.sections[section] for section in sections)
            positions = name in self.sections.meta["positions"]
            path = self.sections.path
            found = FieldPostings(path, Terms(terms, ends), df, starts, records, self.documents, positions)
            self._fields[name] = found
        return found

    def lengths(self, field: str) -> Array | None:
        """Give the length of a field in each document as one byte, (documents,), or None without any.

        Raises: IndexDamaged.
        """
        if field not in self._lengths:
            name = f"{field}/lengths"
            if name in self.sections:
                self.sections.require_sound((name,))
            self._lengths[field] = self.sections.get(name)
        return self._lengths[field]

    def column(self, name: str) -> Array:
        """Give a column of numbers or of bytes, (documents,). Raises: IndexDamaged."""
        self.sections.require_sound([f"column/{name}"])
        return self.sections[f"column/{name}"]

    def names(self, name: str) -> Names:
        """Give a column of names. Raises: IndexDamaged."""
        sections = [f"column/{name}/{part}" for part in ("names", "ends")]
        self.sections.require_sound(sections)
        terms = Terms(*(self.sections[section] for section in sections))
        return Names(tuple(terms), self.column(name))

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns, sorted."""
        parts = (section.split("/") for section in self.sections if section.startswith("column/"))
        return tuple(sorted({part[1] for part in parts}))

    def is_names(self, name: str) -> bool:
        """Say whether a column is one of names."""
        return f"column/{name}/names" in self.sections

    @cached_property
    def articles(self) -> StoredArticles:
        """The stored articles."""
        sections = self.sections
        stored = (sections[name] for name in ("articles", "articles/ends", "dictionary"))
        return StoredArticles(sections.path, *stored)


def write_field(
    out: SectionsWriter, name: str, pieces: Iterable[tuple[Sequence[bytes], Inverted]], positions: bool
) -> None:
    """Write a field: its terms, sorted, and their postings, piece by piece; without terms nothing."""
    with_terms = (piece for piece in pieces if piece[0])
    first = next(with_terms, None)
    if first is None:
        return
    terms: list[bytes] = []
    starts: list[Ints] = []
    df: list[Ints] = []
    written = 0

    def records() -> Iterator[Array]:
        nonlocal written
        for piece, inverted in chain([first], with_terms):
            terms.extend(piece)
            df.append(inverted.df)
            for packed in pack_records(inverted):
                starts.append(packed.starts + written)
                written += len(packed.blob)
                yield packed.blob

    out.write_pieces(f"{name}/records", np.uint8, records())
    out.write(f"{name}/starts", smallest(np.concatenate(starts), written))
    out.write(f"{name}/df", smallest(np.concatenate(df)))
    _write_strings(out, f"{name}/terms", f"{name}/ends", terms)
    if positions:
        out.meta["positions"].append(name)


def write_lengths(out: SectionsWriter, name: str, counts: Ints) -> None:
    """Write the tokens that each document has in a field."""
    write_length_bytes(out, name, length_bytes(counts), int(counts.sum()))


def write_length_bytes(out: SectionsWriter, name: str, codes: Array, tokens: int) -> None:
    """Write the length of each document in a field as bytes, and the tokens of all; if any has it."""
    if not codes.any():
        return
    out.write(f"{name}/lengths", codes)
    out.meta["lengths"][name] = tokens


def write_column(out: SectionsWriter, name: str, column: Array | Names) -> None:
    """Write a column."""
    if isinstance(column, Names):
        out.write(f"column/{name}", smallest(column.codes, len(column.names)))
        _write_strings(out, f"column/{name}/names", f"column/{name}/ends", column.names)
    else:
        out.write(f"column/{name}", column)


def write_articles(out: SectionsWriter, pieces: Iterable[Compressed], dictionary: bytes) -> None:
    """Write compressed articles, in order, some at a time, with the dictionary that they need."""
    sizes: list[Ints] = []

    def blobs() -> Iterator[Array]:
        for piece in pieces:
            sizes.append(piece.sizes)
            yield piece.blob

    out.write_pieces("articles", np.uint8, blobs())
    out.write("articles/ends", smallest(np.cumsum(np.concatenate(sizes))))
    out.write("dictionary", np.frombuffer(dictionary, dtype=np.uint8))


def begin(out: SectionsWriter, documents: int) -> None:
    """Begin a segment of so many documents: write its `meta`."""
    out.meta.update(documents=documents, lengths={}, positions=[])


def _write_strings(out: SectionsWriter, blob: str, ends: str, strings: Sequence[bytes]) -> None:
    out.write_pieces(blob, np.uint8, (b"".join(strings),))
    out.write(ends, smallest(np.cumsum([len(string) for string in strings], dtype=np.int64)))
