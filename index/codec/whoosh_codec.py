"""How does Whoosh read our segments?

Whoosh's table of contents, which `whoosh.index.open_dir` reads, lists segments of the class below; they name
this codec, which answers Whoosh's readers and searchers one posting at a time, from the same arrays that
search.evaluation reads whole. It only reads: segments are written whole, by index.batches and
index.codec.merging, and never through Whoosh's writers.

Every table of contents holds the names of modules and classes here: moving one is a new format.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

from whoosh import columns, fields
from whoosh.codec import base
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from index.codec.lengths import LENGTH_OF_BYTE
from index.codec.segment import Segment
from index.codec.whoosh_terms import TermsReader

EXTENSION = ".depeche"
INDEX_NAME = "MAIN"


class ArraySegment(base.Segment):  # type: ignore[misc]
    """One segment as the table of contents knows it: its file, its documents, and which are deleted."""

    def __init__(self, name: str, documents: int, deleted: frozenset[int] = frozenset()) -> None:
        self.indexname = INDEX_NAME
        self.segid = name
        self.compound = False
        self.documents = documents
        self.deleted = deleted

    def codec(self) -> ArrayCodec:
        """Give what reads this segment."""
        return ArrayCodec()

    def file_name(self) -> str:
        """Name the file of the segment."""
        return str(self.make_filename(EXTENSION))

    def doc_count_all(self) -> int:
        """Count the documents, deleted ones included."""
        return self.documents

    def deleted_count(self) -> int:
        """Count the deleted documents."""
        return len(self.deleted)

    def deleted_docs(self) -> Iterator[int]:
        """Give the deleted documents."""
        return iter(self.deleted)

    def is_deleted(self, docnum: int) -> bool:
        """Say whether a document is deleted."""
        return docnum in self.deleted


class ArrayCodec(base.Codec):  # type: ignore[misc]
    """Reads segments of arrays for Whoosh."""

    def terms_reader(self, storage: FileStorage, segment: ArraySegment) -> TermsReader:
        """Open the terms and postings of a segment."""
        return TermsReader(_opened(storage, segment))

    def per_document_reader(self, storage: FileStorage, segment: ArraySegment) -> PerDocumentReader:
        """Open the lengths, columns and stored articles of a segment."""
        return PerDocumentReader(_opened(storage, segment), segment)

    def per_document_writer(self, storage: FileStorage, segment: ArraySegment) -> NoReturn:
        """Refuse: Whoosh's writers work document by document."""
        raise NotImplementedError("segments of arrays are written by index.building, not through Whoosh")

    field_writer = per_document_writer


def write_toc(folder: Path, schema: fields.Schema, segments: Sequence[ArraySegment]) -> None:
    """Write Whoosh's table of contents of an index of these segments, in place of one that is there."""
    (folder / f"_{INDEX_NAME}_1.toc").unlink(missing_ok=True)
    TOC(schema, list(segments), 1).write(FileStorage(str(folder)), INDEX_NAME)


def read_toc(folder: Path, schema: fields.Schema) -> list[ArraySegment]:
    """Read which segments an index has. Raises: whatever unpickling damaged bytes raises."""
    return list(TOC.read(FileStorage(str(folder)), INDEX_NAME, schema=schema).segments)


def _opened(storage: FileStorage, segment: ArraySegment) -> Segment:
    return Segment(Path(storage.folder) / segment.file_name())


class PerDocumentReader(base.PerDocumentReader):  # type: ignore[misc]
    """Lengths, columns and stored articles, document by document."""

    def __init__(self, arrays: Segment, segment: ArraySegment) -> None:
        self._arrays = arrays
        self._segment = segment

    def close(self) -> None:
        """Nothing to close: a mapped file goes when nobody holds an array of it."""

    def doc_count(self) -> int:
        """Count the live documents."""
        return self._segment.doc_count_all() - self._segment.deleted_count()

    def doc_count_all(self) -> int:
        """Count all documents."""
        return self._segment.doc_count_all()

    def has_deletions(self) -> bool:
        """Say whether any document is deleted."""
        return self._segment.deleted_count() > 0

    def is_deleted(self, docnum: int) -> bool:
        """Say whether a document is deleted."""
        return self._segment.is_deleted(docnum)

    def deleted_docs(self) -> Iterator[int]:
        """Give the deleted documents."""
        return self._segment.deleted_docs()

    def supports_columns(self) -> bool:
        """Say that there are columns."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Say whether the segment has a column."""
        return fieldname in self._arrays.column_names

    def column_reader(self, fieldname: str, column: columns.Column) -> ColumnReader:
        """Open a column."""
        if self._arrays.is_names(fieldname):
            names = self._arrays.names(fieldname)
            return ColumnReader([names.names[code] for code in names.codes.tolist()])
        return ColumnReader(self._arrays.column(fieldname).tolist())

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Give the length of a field of a document."""
        codes = self._arrays.lengths(fieldname)
        return default if codes is None else int(LENGTH_OF_BYTE[codes[docnum]])

    def field_length(self, fieldname: str) -> int:
        """Give the length of a field in all documents."""
        return self._arrays.field_lengths.get(fieldname, 0)

    def min_field_length(self, fieldname: str) -> int:
        """Give the length of the shortest field."""
        codes = self._arrays.lengths(fieldname)
        return 0 if codes is None else int(LENGTH_OF_BYTE[codes.min()])

    def max_field_length(self, fieldname: str) -> int:
        """Give the length of the longest field."""
        codes = self._arrays.lengths(fieldname)
        return 0 if codes is None else int(LENGTH_OF_BYTE[codes.max()])

    def has_vector(self, docnum: int, fieldname: str) -> bool:
        """Say that there are no term vectors."""
        return False

    def stored_fields(self, docnum: int) -> dict[str, bytes]:
        """Give what is stored of a document."""
        return {"article": self._arrays.articles[docnum]}


class ColumnReader(columns.ColumnReader):  # type: ignore[misc]
    """A column that was read whole."""

    def __init__(self, values: list[Any]) -> None:
        self._values = values

    def __getitem__(self, docnum: int) -> Any:
        """Give the value of a document."""
        return self._values[docnum]

    def __len__(self) -> int:
        """Count the documents."""
        return len(self._values)

    def __iter__(self) -> Iterator[Any]:
        """Give every value."""
        return iter(self._values)

    def sort_key(self, docnum: int) -> Any:
        """Give what a document is sorted by."""
        return self._values[docnum]
