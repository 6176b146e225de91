"""What does the index hold already, and what of it need not be read again?

An update goes through its folders and takes from here the articles it finds again, one by one; those that are
left are gone. Articles are numbered through all segments of the generation that is being updated.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

import numpy as np

from index import store, tiers
from index.articles import SourceFile
from index.codec.documents import best_dictionary
from index.codec.whoosh_codec import ArraySegment
from index.schema import content_hash
from index.unchanged import FileContents, UnchangedFiles


class KnownArticles:
    """The articles of a generation, until they are taken."""

    def __init__(self, folder: Path, segments: Sequence[ArraySegment], files: UnchangedFiles) -> None:
        self._segments = segments
        self._files = files
        self._opened = [store.open_segment(folder, segment) for segment in segments]
        for opened in self._opened:  # not verified as they are read, or copied into new segments
            opened.sections.require_sound(("article_id/records", "dictionary"))
        self._bases = np.cumsum([0, *(segment.documents for segment in segments)])
        self._contents = np.concatenate([opened.column("content") for opened in self._opened])
        self._sizes = np.concatenate([opened.column("text_bytes") for opened in self._opened])
        self._origins: list[bytes] = []
        self._unseen: dict[str, int] = {}
        for base, segment, opened in zip(self._bases.tolist(), segments, self._opened, strict=False):
            origins = opened.names("origin")
            self._origins += [origins.names[code] for code in origins.codes.tolist()]
            identifiers = opened.field("article_id")
            if identifiers:
                every = range(len(identifiers.terms))
                numbers = identifiers.documents(every).tolist()
                for identifier, number in zip(identifiers.terms, numbers, strict=True):
                    if number not in segment.deleted:
                        self._unseen[identifier.decode()] = base + number

    @property
    def dictionary(self) -> bytes:
        """The best known dictionary to compress new articles with."""
        return best_dictionary(opened.articles for opened in self._opened)

    def taken(self, read_again: AbstractSet[bytes]) -> dict[str, str]:
        """Return the identifiers of the articles from folders not `read_again`, with their folders."""
        shown = {origin: os.fsdecode(origin) for origin in set(self._origins) - read_again}
        return {
            name: shown[self._origins[number]]
            for name, number in self._unseen.items()
            if self._origins[number] in shown
        }

    def take_unchanged(self, origin: bytes, source: SourceFile) -> FileContents | None:
        """Take the articles of a file that need not be read again, or give None.

        None if the file changed, or if one of its articles is missing or already taken.
        """
        contents = self._files.contents_of(origin, source)
        if contents is None or not all(self._is_of(origin, article_id) for article_id in contents.articles):
            return None
        for article_id in contents.articles:
            self._unseen.pop(article_id, None)
        return contents

    def recogniser(self, origin: bytes, source: SourceFile) -> Callable[[str, bytes], str | None]:
        """Return a function that takes the unchanged articles of a changed file.

        Given the place and the checksum of a content, it returns the identifier of its article, or None.
        """
        by_checksum = self._files.by_checksum(origin, source)
        named_by_line = f"{source.name}#"

        def recognise(place: str, checksum: bytes) -> str | None:
            article_id = by_checksum.get(checksum)
            if article_id is None or not self._is_of(origin, article_id):
                return None
            if article_id.startswith(named_by_line) and article_id != place:
                return None  # it is identified by its line, and now stands in another one
            del self._unseen[article_id]
            return article_id

        return recognise

    def _is_of(self, origin: bytes, article_id: str) -> bool:
        """Say whether an article is here that came from a folder, and was not taken yet."""
        number = self._unseen.get(article_id, -1)
        return number >= 0 and self._origins[number] == origin

    def take(self, article_id: str) -> int | None:
        """Give the number of an article, which is then no longer unseen, or None where there is none."""
        return self._unseen.pop(article_id, None)

    def left(self, read_again: AbstractSet[bytes]) -> list[int]:
        """Return the numbers of the articles from the folders `read_again` that were not taken."""
        return [number for number in self._unseen.values() if self._origins[number] in read_again]

    def is_same(self, number: int, stored: bytes, origin: bytes) -> bool:
        """Say whether an article has the content and the folder that it had."""
        content = self._contents[number].tobytes()
        return (content, self._origins[number]) == (content_hash(stored), origin)

    def text_bytes(self, numbers: Sequence[int]) -> int:
        """Add up the texts of some articles."""
        return int(self._sizes[numbers].sum(dtype=np.int64)) if numbers else 0

    def without(self, numbers: Sequence[int]) -> list[ArraySegment]:
        """Give the segments with some articles deleted."""
        gone = np.sort(np.array(numbers, dtype=np.int64))
        parts = np.split(gone, np.searchsorted(gone, self._bases[1:-1]))
        return [
            tiers.without(segment, (part - base).tolist())
            for segment, part, base in zip(self._segments, parts, self._bases.tolist(), strict=False)
        ]
