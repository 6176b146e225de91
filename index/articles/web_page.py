"""How does a saved web page become an article?

trafilatura finds the main text and what the page says of itself; the text's lines then go through the
same zoning as any other, because it keeps captions and pointers to other articles. The date is read
here from the page's own declarations, so that the evidence is what the page says: trafilatura
also dates a page by whatever day its text mentions.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from index.articles.article import Article, Content
from index.articles.composing import Declared, compose
from index.articles.dates import parse_date
from index.articles.encoding import clean, decode
from index.articles.entities import without_entities
from index.articles.notes import calls_note
from index.articles.source_file import SourceFile, name_without_suffix, read_whole
from index.errors import InvalidInput

_DECLARED_ENCODING = re.compile(rb"""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?([\w-]+)""", re.I)
_DECLARATIONS_BYTES = 4096  # where a page must declare its encoding: 1024 by the standard, more in practice
_PUBLISHED = (
    "//meta[@property='article:published_time' or @name='article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//meta[contains('|date|pubdate|dc.date|dc.date.issued|dcterms.created|publish-date|', "
    "concat('|', translate(@name, 'ABCDEIMPRSTUX', 'abcdeimprstux'), '|'))]/@content",
    "//*[@itemprop='datePublished']/@datetime",
    "//article//time[@pubdate]/@datetime",
)
# The first one of an article, by custom: at its head, and of none that it holds or points to.
_TIME = "(//time[count(ancestor::article) = 1 and not(ancestor::aside or ancestor::nav)]/@datetime)[1]"
_LINKED_DATA = "//script[starts-with(normalize-space(@type), 'application/ld+json')]/text()"
_DATE_PUBLISHED = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')
_SITE_NAMES = "//meta[@property='og:site_name']/@content"
_NO_TEXT = "aucun texte d’article trouvé dans cette page"
_Described = list[dict[str, Any]]
_ARTICLE_TYPES = ("Article", "Posting", "Report", "Review", "WebPage")  # how their names end at schema.org


def read_web_page(source: SourceFile, on_bytes: Callable[[int], None]) -> Iterator[Content]:
    """Yield what the file of a web page holds. Raises: InvalidInput, OSError."""
    data = read_whole(source)
    on_bytes(len(data))
    yield Content(source.name, data, _read)


def _read(data: bytes, name: str) -> tuple[Article, tuple[str, ...]]:
    encoding = _DECLARED_ENCODING.search(data[:_DECLARATIONS_BYTES])
    page = decode(data, encoding[1].decode("ascii") if encoding else None)
    text, declared = _extract(page)
    return compose(name_without_suffix(name), text, declared), ()


def _extract(page: str) -> tuple[str, Declared]:
    import trafilatura  # a second to import: only where there are web pages

    # It reports on its logger what is a reject here; without a handler that would reach stderr.
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    try:
        tree = trafilatura.load_html(page)
        if tree is None:
            raise InvalidInput(_NO_TEXT)
        linked = _linked_data(tree)
        date = _published(tree, linked)
        names = [*tree.xpath(_SITE_NAMES), *_publishers(linked)]
        for time in list(tree.iter("time")):
            time.drop_tag()  # trafilatura leaves its words out
        for call in tree.iter("sup"):
            _part_note_call(call)
        found: Any = trafilatura.bare_extraction(
            tree,
            with_metadata=True,
            include_comments=False,
            date_extraction_params={"extensive_search": False},
        )
    except InvalidInput:
        raise
    except Exception as error:  # whatever a hostile page makes a parser do, it costs this page only
        raise InvalidInput(f"page illisible ({type(error).__name__})") from error
    if found is None or not (found.text or "").strip():
        raise InvalidInput(_NO_TEXT)
    return clean(found.text), Declared(
        title=clean(found.title or ""),
        source=_name(clean(found.sitename or ""), names),
        author=clean(found.author or "").replace("; ", ", "),
        date=date,
        url=clean(found.url or next(_addresses(linked), "")),
    )


def _part_note_call(call: Any) -> None:
    """Put a space before the number of a note."""
    if calls_note(call.xpath("string(preceding::text()[1])"), call.text_content()):
        first = next(each for each in call.iter() if (each.text or "").strip())
        first.text = f" {first.text}"


def _name(site: str, written: Iterable[str]) -> str:
    """Return the name of a site, with the capitals that the page gives it ("franceinfo").

    An address ("https://www.facebook.com/…") is none.
    """
    names = [name for each in (*written, site) if (name := clean(str(each)).strip()) and "://" not in name]
    same = re.compile(re.escape(site.strip()), re.IGNORECASE)
    return next(filter(same.fullmatch, names), names[0] if names else "")


def _published(tree: Any, linked: _Described) -> str:
    """Return the date of publication that a page declares, as written there; of several, one that is read."""
    values = [str(value) for path in _PUBLISHED for value in tree.xpath(path)]
    values += [date for item in linked if isinstance(date := item.get("datePublished"), str)]
    values += tree.xpath(_TIME)
    given = [cleaned for value in values if (cleaned := clean(value).strip())]
    return next((value for value in given if parse_date(value)), given[0] if given else "")


def _linked_data(tree: Any) -> _Described:
    """Give what linked data describe, of the article first, and of the page where they describe none."""
    found: dict[str, _Described] = {}
    for script in map(str, tree.xpath(_LINKED_DATA)):
        try:
            items = list(_described(json.loads(script, strict=False)))
        except (ValueError, RecursionError):  # it is not well written, and may say it all the same
            items = [{"datePublished": date} for date in _DATE_PUBLISHED.findall(script)]
        for item in items:
            found.setdefault(_article_type(item), []).append(item)
    return [item for name in (*_ARTICLE_TYPES, "") for item in found.get(name, ())]


def _publishers(linked: _Described) -> Iterator[str]:
    for item in linked:
        publisher = item.get("publisher")
        if isinstance(publisher, dict) and isinstance(name := publisher.get("name"), str):
            yield without_entities(name)


def _addresses(linked: _Described) -> Iterator[str]:
    """Give the addresses that linked data give of the article."""
    for item in linked:
        page = item.get("mainEntityOfPage")
        named = page.get("@id") if isinstance(page, dict) else page
        for address in (item.get("url"), named):
            if isinstance(address, str) and address.startswith(("https://", "http://")):
                yield address.partition("#")[0]


def _article_type(item: Mapping[str, Any]) -> str:
    """Give the type of what may be the article, "" where it does not say, and "other" for all else."""
    kinds = item.get("@type")
    if not kinds:
        return ""
    stated = list(map(str, kinds if isinstance(kinds, list) else [kinds]))
    return next((name for name in _ARTICLE_TYPES for kind in stated if kind.endswith(name)), "other")


def _described(data: Any) -> Iterator[dict[str, Any]]:
    """Give what linked data describe as the page's own; lists of other articles are not."""
    if isinstance(data, list):
        for each in data:
            yield from _described(each)
    elif isinstance(data, dict):
        yield data
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _described(data.get(key))
