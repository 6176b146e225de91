"""How does Whoosh go through the terms and postings of a segment?

Term by term and posting by posting, as its searchers want them; each term's record is read whole when it is
first asked for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

import numpy as np
from whoosh import formats
from whoosh.codec import base
from whoosh.matching import LeafMatcher, ReadTooFar
from whoosh.reading import TermInfo, TermNotFound
from whoosh.system import pack_uint

from index.codec.lengths import LENGTH_OF_BYTE
from index.codec.postings import FieldPostings
from index.codec.segment import Segment

_BEHIND_ALL = 2**31 - 1


class TermsReader(base.TermsReader):  # type: ignore[misc]
    """Terms and postings, term by term."""

    def __init__(self, arrays: Segment) -> None:
        self._arrays = arrays

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        """Say whether a field has a term."""
        return self._find(*term) is not None

    def close(self) -> None:
        """Nothing to close: a mapped file goes when nobody holds an array of it."""

    def indexed_field_names(self) -> list[str]:
        """Name the fields."""
        return list(self._arrays.field_names)

    def cursor(self, fieldname: str, fieldobj: Any) -> base.FieldCursor:
        """Stand at the first term of a field."""
        field = self._arrays.field(fieldname)
        return Cursor(field, fieldobj) if field else base.EmptyCursor()

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Give every term of every field, in order."""
        return self.terms_from("", b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Give the terms from one on, in order, through all the fields that follow."""
        for name in self._arrays.field_names:
            field = self._arrays.field(name)
            if name < fieldname or field is None:
                continue
            first = field.terms.lower_bound(prefix) if name == fieldname else 0
            yield from ((name, term) for term in field.terms.span(first, len(field.terms)))

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Give every term with what is known of it."""
        return self.items_from("", b"")

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Give the terms from one on with what is known of them."""
        for name, term in self.terms_from(fieldname, prefix):
            yield (name, term), self.term_info(name, term)

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Sum a term up. Raises: TermNotFound."""
        field, number = self._required(fieldname, text)
        found = field.postings(number)
        codes = self._arrays.lengths(fieldname)
        lengths = [0] if codes is None else LENGTH_OF_BYTE[codes[found.documents]]
        return TermInfo(
            weight=float(found.tf.sum()),
            df=len(found.documents),
            minlength=int(np.min(lengths)),
            maxlength=int(np.max(lengths)),
            maxweight=float(found.tf.max()),
            minid=int(found.documents[0]),
            maxid=int(found.documents[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        """Count the occurrences of a term."""
        found = self._find(fieldname, text)
        return float(found[0].postings(found[1]).tf.sum()) if found else 0.0

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Count the documents with a term, deleted ones included."""
        found = self._find(fieldname, text)
        return int(found[0].df[found[1]]) if found else 0

    def matcher(
        self, fieldname: str, text: bytes, format_: formats.Format, scorer: Any = None
    ) -> PostingsMatcher:
        """Go through the postings of a term. Raises: TermNotFound."""
        field, number = self._required(fieldname, text)
        return PostingsMatcher(field, number, (fieldname, text), format_, scorer)

    def _find(self, fieldname: str, text: bytes) -> tuple[FieldPostings, int] | None:
        field = self._arrays.field(fieldname)
        number = field.terms.find(text) if field else None
        return None if field is None or number is None else (field, number)

    def _required(self, fieldname: str, text: bytes) -> tuple[FieldPostings, int]:
        found = self._find(fieldname, text)
        if not found:
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        return found


class Cursor(base.FieldCursor):  # type: ignore[misc]
    """A place among the terms of a field."""

    def __init__(self, field: FieldPostings, fieldobj: Any) -> None:
        self._terms = field.terms
        self._field = fieldobj
        self._number = 0

    def first(self) -> str | None:
        """Go to the first term."""
        self._number = 0
        return self.text()

    def find(self, term: str | bytes) -> str | None:
        """Go to the first term that is not below one."""
        self._number = self._terms.lower_bound(
            term if isinstance(term, bytes) else self._field.to_bytes(term)
        )
        return self.text()

    def next(self) -> str | None:
        """Go to the next term."""
        self._number += 1
        return self.text()

    def text(self) -> str | None:
        """Give the term of this place, or None behind the last one."""
        return self._field.from_bytes(self._terms[self._number]) if self.is_valid() else None

    def is_valid(self) -> bool:
        """Say whether there is a term at this place."""
        return self._number < len(self._terms)


class PostingsMatcher(LeafMatcher):  # type: ignore[misc]
    """The postings of one term, one after the other."""

    def __init__(
        self,
        field: FieldPostings,
        number: int,
        term: tuple[str, bytes],
        format_: formats.Format,
        scorer: Any = None,
    ) -> None:
        self.format = format_
        self.scorer = scorer
        self._term = term
        self._source = field, number
        self._at = 0
        if field.has_positions:
            found, positions = field.positions(number)
            ends = np.cumsum(found.tf).tolist()
            flat = positions.tolist()
            self._positions = [flat[a:b] for a, b in zip([0, *ends], ends, strict=False)]
        else:
            found = field.postings(number)
            self._positions = []
        self._documents: list[int] = found.documents.tolist()
        self._tf: list[int] = found.tf.tolist()

    def is_active(self) -> bool:
        """Say whether there is a posting at this place."""
        return self._at < len(self._documents)

    def copy(self) -> PostingsMatcher:
        """Give another matcher at the same place."""
        field, number = self._source
        other = PostingsMatcher(field, number, self._term, self.format, self.scorer)
        other._at = self._at
        return other

    def reset(self) -> None:
        """Go back to the first posting."""
        self._at = 0

    def id(self) -> int:
        """Give the document of this posting; past the last, where `AndNot` asks too, a number above all."""
        return self._documents[self._at] if self._at < len(self._documents) else _BEHIND_ALL

    def all_ids(self) -> Iterator[int]:
        """Give the documents from here on."""
        return iter(self._documents[self._at :])

    def next(self) -> bool:
        """Go to the next posting."""
        if not self.is_active():
            raise ReadTooFar
        self._at += 1
        return False

    def skip_to(self, docnum: int) -> bool:
        """Go to the first posting, from here on, whose document is `docnum` or later."""
        if not self.is_active():
            raise ReadTooFar
        self._at = bisect_left(self._documents, docnum, self._at)
        return False

    def weight(self) -> float:
        """Give the frequency of the term in this document."""
        return float(self._tf[self._at])

    def value(self) -> bytes:
        """Give this posting as the field's format writes it."""
        if self._positions:
            return bytes(self.format.encode(self._positions[self._at]))
        return bytes(pack_uint(self._tf[self._at]))

    def value_as(self, astype: str) -> Any:
        """Give this posting as positions, or as whatever else the format can tell."""
        if astype == "positions" and self._positions:
            return self._positions[self._at]
        return super().value_as(astype)

    def supports_block_quality(self) -> bool:
        """Say that no block can be passed over: all postings are at hand."""
        return False
