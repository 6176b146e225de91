"""How does a .txt file become an article?

One scraped page each: title, credits and text on lines of their own, as `zoning` finds them. The
article's id is the file's name without its suffix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from index.articles.article import Article, Content
from index.articles.composing import Declared, compose
from index.articles.encoding import clean, decode
from index.articles.source_file import SourceFile, name_without_suffix, read_whole


def read_text_file(source: SourceFile, on_bytes: Callable[[int], None]) -> Iterator[Content]:
    """Yield what a text file holds. Raises: InvalidInput, OSError."""
    data = read_whole(source)
    on_bytes(len(data))
    yield Content(source.name, data, _read)


def _read(data: bytes, name: str) -> tuple[Article, tuple[str, ...]]:
    return compose(name_without_suffix(name), clean(decode(data)), Declared()), ()
