"""How do several segments become one, without what was deleted?

Documents keep their order: those of the first segment, then those of the next. The terms of a field are
merged first, as bytes; then their postings, about a million at a time, so that memory grows with the
vocabulary only. Each field is merged into a file of its own (`merge_field`), so that several processors can
work on one merge; `merge` puts the files together.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.codec.documents import Compressed, Compressor, best_dictionary
from index.codec.kernels import Int32s
from index.codec.lengths import LENGTH_OF_BYTE
from index.codec.numbers import Ints
from index.codec.packing import Inverted, gather, merge_terms, spans
from index.codec.postings import FieldPostings
from index.codec.sections import Array, Sections, SectionsWriter
from index.codec.segment import (
    Names,
    Segment,
    begin,
    names_column,
    write_articles,
    write_column,
    write_field,
    write_length_bytes,
)

_COMPRESSED_AT_ONCE = 1_000  # articles; some MB

RunMerges = Callable[[Sequence["FieldMerge"]], Iterable[Path]]


@dataclass(frozen=True, slots=True)
class Source:
    """A segment to merge, and which of its documents to keep, (documents,)."""

    path: Path
    kept: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class FieldMerge:
    """The work of merging one field of some segments into a file of its own."""

    field: str
    sources: tuple[Source, ...]
    path: Path


def merge(sources: Sequence[Source], path: Path, run: RunMerges) -> None:
    """Merge segments into a new one; `run` runs `merge_field` over all fields and gives the files."""
    segments = [Segment(source.path) for source in sources]
    fields = sorted({name for segment in segments for name in segment.field_names})
    work = [
        FieldMerge(name, tuple(sources), path.with_name(f"{path.name}.{number}"))
        for number, name in enumerate(fields)
    ]
    parts = run(work)  # on other processors, while the rest is merged here
    with SectionsWriter(path) as out:
        begin(out, sum(int(source.kept.sum()) for source in sources))
        kept = [np.flatnonzero(source.kept) for source in sources]
        _merge_articles(out, segments, kept)
        for name in segments[0].column_names:
            write_column(out, name, _merged_column(segments, kept, name))
        for name in sorted({name for segment in segments for name in segment.field_lengths}):
            _merge_lengths(out, segments, sources, name)
        for part in parts:
            _take(out, part)
            os.unlink(part)


def merge_field(work: FieldMerge) -> Path:
    """Merge one field, into the file that the work names."""
    fields: list[FieldPostings] = []
    documents_of: list[Int32s] = []
    base = 0
    for source in work.sources:
        field = Segment(source.path).field(work.field)
        numbers = np.cumsum(source.kept, dtype=np.int64) - 1 + base
        base = int(numbers[-1]) + 1 if len(numbers) else base
        if field:
            fields.append(field)
            documents_of.append(np.where(source.kept, numbers, -1).astype(np.int32))
    with SectionsWriter(work.path) as out:
        begin(out, base)
        write_field(out, work.field, _merged(fields, documents_of), fields[0].has_positions)
    return work.path


def _merged(
    fields: Sequence[FieldPostings], documents_of: Sequence[Int32s]
) -> Iterator[tuple[list[bytes], Inverted]]:
    """Merge the terms of some fields and their postings, piece by piece; drop terms without postings."""
    terms, ranks = merge_terms([field.terms for field in fields])
    held = np.zeros(len(terms), dtype=np.int64)
    for field, rank in zip(fields, ranks, strict=True):
        held[rank] += field.record_bytes
    for first, last in spans(held):
        merged = _merge_span(fields, ranks, documents_of, first, last)
        present = merged.df > 0
        yield (
            [terms[first + at] for at in np.flatnonzero(present).tolist()],
            Inverted(merged.df[present], merged.documents, merged.tf, merged.positions),
        )


def _merge_span(
    fields: Sequence[FieldPostings],
    ranks: Sequence[Int32s],
    documents_of: Sequence[Int32s],
    first: int,
    last: int,
) -> Inverted:
    """Merge the postings of the terms from number `first` up to `last`."""
    terms: list[Int32s] = []
    documents: list[Int32s] = []
    tf: list[Array] = []
    positions: list[Array] = []
    for field, rank, new_number in zip(fields, ranks, documents_of, strict=True):
        begin_at, end_at = np.searchsorted(rank, (first, last)).tolist()
        part = field.inverted(range(begin_at, end_at))
        terms.append(np.repeat(rank[begin_at:end_at] - np.int32(first), part.df))
        documents.append(new_number[part.documents])
        tf.append(part.tf)
        if part.positions is not None:
            positions.append(part.positions)
    return gather(
        np.concatenate(terms),
        np.concatenate(documents),
        np.concatenate(tf),
        np.concatenate(positions) if positions else None,
        last - first,
    )


def _merge_articles(out: SectionsWriter, segments: Sequence[Segment], kept: Sequence[Ints]) -> None:
    """Move the articles that are kept as they are, or compress them anew where the dictionary differs."""
    dictionary = best_dictionary(segment.articles for segment in segments)

    def pieces() -> Iterator[Compressed]:
        compressor = Compressor(dictionary)
        for segment, numbers in zip(segments, kept, strict=True):
            stored = segment.articles
            for stretch in np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1):
                every = stretch.tolist()
                if every and stored.dictionary == dictionary:
                    yield stored.compressed(every[0], every[-1] + 1)
                    continue
                for first in range(0, len(every), _COMPRESSED_AT_ONCE):
                    some = every[first : first + _COMPRESSED_AT_ONCE]
                    yield compressor.compress(stored[number] for number in some)

    write_articles(out, pieces(), dictionary)


def _merge_lengths(
    out: SectionsWriter, segments: Sequence[Segment], sources: Sequence[Source], name: str
) -> None:
    """Merge the lengths of a field; where documents are dropped, the sum is that of the bytes left."""
    codes: list[Array] = []
    tokens = 0
    for segment, source in zip(segments, sources, strict=True):
        found = segment.lengths(name)
        found = np.zeros(segment.documents, dtype=np.uint8) if found is None else found
        codes.append(found[source.kept])
        if source.kept.all():
            tokens += segment.field_lengths.get(name, 0)
        else:
            tokens += int(LENGTH_OF_BYTE[found[source.kept]].sum())
    write_length_bytes(out, name, np.concatenate(codes), tokens)


def _merged_column(segments: Sequence[Segment], kept: Sequence[Ints], name: str) -> Array | Names:
    if not segments[0].is_names(name):
        return np.concatenate([s.column(name)[numbers] for s, numbers in zip(segments, kept, strict=True)])
    values: list[bytes] = []
    for segment, numbers in zip(segments, kept, strict=True):
        found = segment.names(name)
        values.extend(found.names[code] for code in found.codes[numbers].tolist())
    return names_column(values)


def _take(out: SectionsWriter, part: Path) -> None:
    """Copy the sections of a merged field."""
    sections = Sections(part)
    for name in sections:
        out.write(name, sections[name])
    out.meta["positions"] += sections.meta["positions"]
