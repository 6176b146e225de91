"""How are articles kept, and given back in microseconds?

Each article is stored by itself, compressed with zstandard and a dictionary of what articles have in
common: as small as blocks of thirty articles would be, and one can be read without the others. All
segments of an index share the dictionary, so that merging moves compressed bytes.

Source: RFC 8878 (frames) and zstandard's dictionary builder; docs/decisions/index-codec.md has the figures.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import zstandard

from index.codec.sections import Array
from index.errors import WAY_BACK, IndexDamaged

DICTIONARY_BYTES = 256 << 10  # larger ones hardly help, and every reading thread holds one
SAMPLES = 4_000  # articles to learn from; more take longer and teach little
_SHARE = 32  # a dictionary that is a larger part of what it compresses costs more than it saves
_SMALLEST = 1024
_LEVEL = 3  # twice this level is a tenth smaller and three times as slow


def learn_dictionary(articles: Sequence[bytes]) -> bytes:
    """Find what articles have in common; nothing where there are too few of them."""
    samples: list[bytes | bytearray | memoryview] = list(articles[:SAMPLES])
    size = min(DICTIONARY_BYTES, sum(map(len, samples)) // _SHARE)
    if size < _SMALLEST:
        return b""
    try:
        return bytes(zstandard.train_dictionary(size, samples).as_bytes())
    except zstandard.ZstdError:  # "Src size is incorrect": a handful of articles
        return b""


class Compressor:
    """Compresses articles with one dictionary."""

    def __init__(self, dictionary: bytes) -> None:
        self._zstd = zstandard.ZstdCompressor(
            level=_LEVEL, dict_data=_dictionary(dictionary), write_dict_id=False, write_checksum=True
        )

    def compress(self, article: bytes) -> bytes:
        """Compress one article."""
        return self._zstd.compress(article)


class StoredArticles:
    """The articles of one segment; any number of threads may read them."""

    def __init__(self, blob: Array, ends: Array, dictionary: Array) -> None:
        self.dictionary = dictionary.tobytes()
        self._blob = memoryview(blob.data)
        self._ends = ends
        self._threads = threading.local()

    def compressed(self, document: int) -> memoryview:
        """Give an article as it lies in the file."""
        start = int(self._ends[document - 1]) if document else 0
        return self._blob[start : int(self._ends[document])]

    def __getitem__(self, document: int) -> bytes:
        """Give an article. Raises: IndexDamaged."""
        try:
            return bytes(self._decompressor().decompress(self.compressed(document)))
        except (zstandard.ZstdError, MemoryError) as error:  # a damaged frame may claim any size
            raise IndexDamaged(
                f"article {document} : illisible ; vérifiez l’index (depeche check), {WAY_BACK}"
            ) from error

    def _decompressor(self) -> zstandard.ZstdDecompressor:
        found = getattr(self._threads, "zstd", None)
        if found is None:
            found = self._threads.zstd = zstandard.ZstdDecompressor(dict_data=_dictionary(self.dictionary))
        return found


def _dictionary(content: bytes) -> zstandard.ZstdCompressionDict | None:
    return zstandard.ZstdCompressionDict(content) if content else None
