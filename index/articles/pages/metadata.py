"""What does a web page declare of its article?

trafilatura reads most of its metadata. This module reads the date of publication, only from the page's own
declarations, so that the evidence is what the page says (trafilatura also dates a page by whatever day its
text mentions), what linked data (JSON-LD) say, and the name of the publication as it writes it itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from index.articles.dates import parse_date
from index.articles.encoding import clean
from index.articles.entities import without_entities
from index.articles.markup import as_text
from index.articles.pages.blocks import follows_update

Described = list[dict[str, Any]]
"""What linked data describe, each with its keys."""

_DATE_NAMES = (
    "|date|pubdate|dc.date|dc.date.issued|dc.date.created|dcterms.created|dcterms.issued|dcterms.date|"
    "publish-date|publish_date|publication_date|publication-date|date.release|sailthru.date|parsely-pub-date|"
    "citation_publication_date|citation_date|cxenseparse:recs:publishtime|og:article:published_time|"
    "article:published_time|"
)
_LOWER_CASE = "'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'"
_ELSEWHERE = "ancestor::aside or ancestor::nav or ancestor::li"
_PUBLISHED = (
    "//meta[@property='article:published_time' or @name='article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    f"//meta[contains('{_DATE_NAMES}', concat('|', translate(@name, {_LOWER_CASE}), '|'))]/@content",
    f"//meta[contains('{_DATE_NAMES}', concat('|', translate(@property, {_LOWER_CASE}), '|'))]/@content",
    "//*[@itemprop='datePublished']/@datetime",
    "//*[@itemprop='datePublished' and not(self::meta)]/@content",
    "//*[@itemprop='datePublished']/@title",
    "//article//time[@pubdate]/@datetime",
    f"(//abbr[contains(concat(' ', @class, ' '), ' published ')][not({_ELSEWHERE})]/@title)[1]",
)
# The first of an article, by custom: those at its head, not those of articles that it holds or points to.
_TIMES = (
    "(//time[@datetime and count(ancestor::article) = 1]"
    "[not(ancestor::aside or ancestor::nav)])[position() < 4]"
)
_TEXT_BEFORE = "string(preceding::text()[1])"
_LINKED_DATA = "//script[starts-with(normalize-space(@type), 'application/ld+json')]/text()"
_DATE_PUBLISHED = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')
_ARTICLE_TYPES = ("Article", "Posting", "Report", "Review", "WebPage")  # how their names end at schema.org
_SITE_NAMES = "//meta[@property='og:site_name']/@content"
_SUMMARIES = (
    "//meta[@name='description' or @property='og:description' or @name='twitter:description' or "
    "@itemprop='description']/@content"
)
_ARCHIVES = ("web.archive.org", "archive.org")
_HOST = re.compile(r"https?://(?:www\.)?([^/]+).*", re.DOTALL)
_ARCHIVED = re.compile(
    r"https?://web\.archive\.org/web/[0-9]{4,14}(?:[a-z]{2}_)?/(https?):/+"
)  # "//" may have become "/"


def declared_dates(tree: Any, linked: Described) -> list[str]:
    """Return the dates of publication that a page declares, as written there."""
    values = [str(value) for path in _PUBLISHED for value in tree.xpath(path)]
    values += [date for item in linked if isinstance(date := item.get("datePublished"), str)]
    times = (time for time in tree.xpath(_TIMES) if not follows_update(time.xpath(_TEXT_BEFORE)))
    return [*values, *(time.get("datetime") for time in times)]


def created_dates(linked: Described) -> list[str]:
    """Return the dates at which linked data say that the article was made."""
    return [date for item in linked if isinstance(date := item.get("dateCreated"), str)]


def first_date(values: Iterable[str]) -> str:
    """Return, of several dates for machines, the first that is read."""
    given = [cleaned for value in values if (cleaned := clean(value).strip())]
    return next((value for value in given if parse_date(value)), given[0] if given else "")


def declared_names(tree: Any, linked: Described) -> list[str]:
    """Give the names that a page declares for its site.

    An address ("https://www.facebook.com/…") is none.
    """
    written = [*map(str, tree.xpath(_SITE_NAMES)), *_publishers(linked)]
    return [name for each in written if (name := clean(each).strip()) and "://" not in name]


def publication_name(site: str, names: Iterable[str], address: str) -> str:
    """Return the name of a site, as the first of `names` writes it with its capitals ("franceinfo").

    `site` is what trafilatura found; of a page that an archive keeps, `address` is where it was.
    """
    site = clean(site).strip()
    if site in _ARCHIVES:
        site = _HOST.sub(r"\1", address)
    written = [name for name in (*names, site) if name and "://" not in name]
    same = re.compile(re.escape(site), re.IGNORECASE)
    return next(filter(same.fullmatch, written), written[0] if written else "")


def summaries(tree: Any, linked: Described) -> list[str]:
    """Return what a page sums its article up with."""
    told = [str(value) for value in tree.xpath(_SUMMARIES)]
    told += [value for item in linked if isinstance(value := item.get("description"), str)]
    return [clean(without_entities(value)) for value in dict.fromkeys(told)]


def headlines(linked: Described) -> list[str]:
    """Return the titles that linked data give the article."""
    told = (item.get("headline") for item in linked)
    return [clean(without_entities(title)).strip() for title in told if isinstance(title, str)]


def article_body(linked: Described) -> str:
    """Return the text that linked data give the article, for pages that do not show it."""
    told = (item.get("articleBody") for item in linked)
    return next((clean(as_text(body)) for body in told if isinstance(body, str)), "")


def original_address(address: str) -> str:
    """Return the original address of a page kept by an archive, and any other address as it is."""
    return _ARCHIVED.sub(r"\1://", address, count=1)


def linked_data(tree: Any) -> Described:
    """Give what linked data describe, of the article first, and of the page where they describe none."""
    found: dict[str, Described] = {}
    for script in map(str, tree.xpath(_LINKED_DATA)):
        try:
            items = list(_described(json.loads(script, strict=False)))
        except (ValueError, RecursionError):  # it is not well written, and may say it all the same
            items = [{"datePublished": date} for date in _DATE_PUBLISHED.findall(script)]
        for item in items:
            found.setdefault(_article_type(item), []).append(item)
    return [item for name in (*_ARTICLE_TYPES, "") for item in found.get(name, ())]


def addresses(linked: Described) -> Iterator[str]:
    """Give the addresses that linked data give of the article."""
    for item in linked:
        page = item.get("mainEntityOfPage")
        named = page.get("@id") if isinstance(page, dict) else page
        for address in (item.get("url"), named):
            if isinstance(address, str) and address.startswith(("https://", "http://")):
                yield address.partition("#")[0]


def _publishers(linked: Described) -> Iterator[str]:
    for item in linked:
        publisher = item.get("publisher")
        if isinstance(publisher, dict) and isinstance(name := publisher.get("name"), str):
            yield without_entities(name)


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
