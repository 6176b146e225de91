"""How does a .txt file become an article?

One scraped page each, or what an archive exported (index.articles.archives): title, credits and text on lines
of their own, as `zoning` finds them, or what the file declares before them (index.articles.front_matter). The
article's id is the file's name without its suffix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from index.articles.archives import MAY_BE_CODED, part_articles
from index.articles.article import Article, Content
from index.articles.composing import compose
from index.articles.encoding import clean, decode
from index.articles.front_matter import read_front_matter
from index.articles.line_ends import joined_lines
from index.articles.source_file import SourceFile, exported_id, name_without_suffix, read_whole
from index.articles.twice_encoded import as_meant


def read_text_file(source: SourceFile, on_bytes: Callable[[int], None]) -> Iterator[Content]:
    """Yield what a text file holds. Raises: InvalidInput, OSError."""
    data = read_whole(source)
    on_bytes(len(data))
    exported = part_articles(_written(data)) if MAY_BE_CODED.search(data) else []
    for number, article in enumerate(exported, start=1):
        yield Content(f"{source.name}#{number}", article.encode(), _read_exported)
    if not exported:
        yield Content(source.name, data, _read)


def _read(data: bytes, name: str) -> tuple[Article, tuple[str, ...]]:
    return _composed(data, name_without_suffix(name))


def _read_exported(data: bytes, place: str) -> tuple[Article, tuple[str, ...]]:
    return _composed(data, exported_id(place))


def _written(data: bytes) -> str:
    written = clean(decode(data))
    meant = as_meant(written)
    return meant if meant is written else clean(meant)


def _composed(data: bytes, article_id: str) -> tuple[Article, tuple[str, ...]]:
    declared, taken, text = read_front_matter(_written(data))
    article = compose(article_id, joined_lines(text), declared)
    if taken:
        article = article._replace(boilerplate="\n".join(filter(None, (taken, article.boilerplate))))
    return article, ()
