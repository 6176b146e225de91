"""How are articles kept, and given back in microseconds?

Each article is stored by itself, compressed with zstandard and a dictionary of what articles have in
common: as small as blocks of thirty articles would be, and one can be read without the others. Segments that
share a dictionary, as nearly all of an index do, are merged by moving compressed bytes.

Source: RFC 8878 (frames) and zstandard's dictionary builder; docs/decisions/index-codec.md has the figures.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import zstandard

from index.codec.numbers import Bytes, Ints
from index.codec.sections import Array
from index.errors import WAY_BACK, IndexDamaged

DICTIONARY_BYTES = 256 << 10  # larger ones hardly help, and a thread holds one for each segment it reads
SAMPLES = 2_000  # articles to learn from; twice as many take twice as long and save a hundredth
_SHARE = 32  # a dictionary of more than 1/32 of its samples costs more than it saves
_SMALLEST = 1024
_LEVEL = 3  # twice this level is a tenth smaller and three times as slow


def learn_dictionary(articles: Sequence[bytes], known: bytes = b"") -> bytes:
    """Train a compression dictionary on articles; keep `known` unless the new one would be twice as large.

    The size of a new one is a share of its samples; with very few articles none can be trained.
    """
    samples: list[bytes | bytearray | memoryview] = list(articles[:SAMPLES])
    size = min(DICTIONARY_BYTES, sum(map(len, samples)) // _SHARE)
    if size < max(_SMALLEST, 2 * len(known)):
        return known
    try:
        return bytes(zstandard.train_dictionary(size, samples).as_bytes())
    except zstandard.ZstdError:  # "Src size is incorrect": a handful of articles
        return known


class Compressed(NamedTuple):
    """Articles as they lie in a file, end to end, and the size of each in bytes, (articles,)."""

    blob: Bytes
    sizes: Ints


class Compressor:
    """Compresses articles with one dictionary."""

    def __init__(self, dictionary: bytes) -> None:
        self._zstd = zstandard.ZstdCompressor(
            level=_LEVEL, dict_data=_dictionary(dictionary), write_dict_id=False, write_checksum=True
        )

    def compress(self, articles: Iterable[bytes]) -> Compressed:
        """Compress articles, each by itself."""
        frames = [self._zstd.compress(article) for article in articles]
        sizes = np.fromiter(map(len, frames), np.int64, len(frames))
        return Compressed(np.frombuffer(b"".join(frames), dtype=np.uint8), sizes)


class StoredArticles:
    """The articles of one segment; any number of threads may read them."""

    def __init__(self, path: Path, blob: Bytes, ends: Array, dictionary: Array) -> None:
        self._path = path
        self.dictionary = dictionary.tobytes()
        self._blob = blob
        self._ends = ends
        self._threads = threading.local()

    def compressed(self, first: int, last: int) -> Compressed:
        """Give the articles from number `first` up to `last` as they lie in the file."""
        ends = self._ends[first:last].astype(np.int64)
        start = int(self._ends[first - 1]) if first else 0
        end = int(ends[-1]) if len(ends) else start
        return Compressed(self._blob[start:end], np.diff(ends, prepend=start))

    def __getitem__(self, document: int) -> bytes:
        """Give an article. Raises: IndexDamaged."""
        try:
            start = int(self._ends[document - 1]) if document else 0
            frame = self._blob.data[start : int(self._ends[document])]
            return bytes(self._decompressor().decompress(frame))
        except (zstandard.ZstdError, MemoryError) as error:  # a damaged frame may claim any size
            raise IndexDamaged(
                f"{self._path} : un article est illisible ; vérifiez l’index (depeche check), {WAY_BACK}"
            ) from error

    def _decompressor(self) -> zstandard.ZstdDecompressor:
        found = getattr(self._threads, "zstd", None)
        if found is None:
            found = self._threads.zstd = zstandard.ZstdDecompressor(dict_data=_dictionary(self.dictionary))
        return found


def best_dictionary(several: Iterable[StoredArticles]) -> bytes:
    """Return the longest dictionary: it was trained on most text."""
    return max((articles.dictionary for articles in several), key=len)


def _dictionary(content: bytes) -> zstandard.ZstdCompressionDict | None:
    return zstandard.ZstdCompressionDict(content) if content else None
