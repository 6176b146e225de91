"""What does the home page offer someone who does not know what to look for?

Says what the index holds and proposes searches made from the index itself: its own completions lead
to some articles, whose titles give words and a name, and whose metadata give a publication and a
year. Each search was run and finds something. No search is hard-coded, so that they fit any index.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from index.errors import InvalidInput
from search import Engine
from search.request import SearchRequest
from search.results import Hit, IndexStats, SearchResults
from web.links import page_path
from web.parameters import SearchParameters
from web.presentation import Link
from web.wording import count_in_french, date_in_french, range_in_french

BEGINNINGS: Final = ("pr", "co", "re", "in", "pa", "so", "dé", "mi", "ch", "tr", "ma", "vi", "fr", "an")
"""Letters that many French words begin with; the index completes them with words of its own."""

MIN_WORD_LENGTH: Final = 7
"""Shorter words of a title are often grammar."""

MIN_NAME_LENGTH: Final = 4
"""Two capitalised words are a name, unless the first is an article that begins the title."""

BEGINNING_LENGTH: Final = 5

WORDS_SHOWN: Final = 3
TITLES_READ: Final = 12

_WORD = re.compile(rf"\b[a-zà-öø-ÿœ]{{{MIN_WORD_LENGTH},}}\b")
_NAME = re.compile(r"\b[^\W\d_a-zà-ÿ][\w'’-]+ [^\W\d_a-zà-ÿ][\w'’-]+")


@dataclass(frozen=True, slots=True)
class Examples:
    """Searches of one kind, and what they show."""

    shows: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class HomeView:
    """What the home page prints, for one generation of the index."""

    articles: str
    is_empty: bool
    sources: str | None
    period: str | None
    built: str
    examples: tuple[Examples, ...]


def home_view(engine: Engine) -> HomeView:
    """Describe the index and make examples from it."""
    stats = engine.stats()
    return HomeView(
        articles=count_in_french(stats.articles, "article", "articles"),
        is_empty=stats.articles == 0,
        sources=count_in_french(stats.sources, "source", "sources", none="Aucune") if stats.sources else None,
        period=_period(stats),
        built=date_in_french(stats.built_at[:10]),
        examples=tuple(_examples(engine)) if stats.articles else (),
    )


def _period(stats: IndexStats) -> str | None:
    if not stats.oldest or not stats.newest:
        return None
    return range_in_french(stats.oldest[:10], stats.newest[:10])


def _examples(engine: Engine) -> Iterator[Examples]:
    hits = _some_articles(engine)
    words: list[Link] = []
    for text in _words(hits):
        found = _try(engine, text)
        if found is not None and found.total:
            words.append(_link(text, found))
        if len(words) == WORDS_SHOWN:
            break
    if not words:
        return
    yield Examples("un mot, sous toutes ses formes", tuple(words))
    word = words[0].text
    yield from _tried(engine, f"{word[:BEGINNING_LENGTH]}*", "tous les mots qui commencent ainsi")
    name = next((name for hit in hits for name in _names(hit.title)), None)
    if name:
        yield from _tried(engine, f'"{name}"', "ces mots, tels quels et dans cet ordre")
    source = next((hit.source for hit in hits if hit.source and '"' not in hit.source), None)
    if source:
        yield from _tried(engine, f'{word} source:"{source}"', "d’une publication")
    year = next((hit.date[:4] for hit in hits if hit.date), None)
    if year:
        yield from _tried(engine, f"{word} date:{year}", "d’une année")


def _some_articles(engine: Engine) -> list[Hit]:
    hits: dict[str, Hit] = {}
    for beginning in BEGINNINGS:
        for text in engine.suggest(beginning, limit=1):
            found = _try(engine, text)
            if found is not None:
                hits.update((hit.article_id, hit) for hit in found.hits)
        if len(hits) >= TITLES_READ:
            break
    return list(hits.values())


def _words(hits: Sequence[Hit]) -> Iterator[str]:
    """Yield the longest word of each title, then the second longest: long words say most about a subject."""
    by_title = [sorted(_WORD.findall(hit.title), key=len, reverse=True) for hit in hits]
    rounds = zip_longest(*by_title)
    yield from dict.fromkeys(word for words in rounds for word in words if word)


def _names(title: str) -> Iterator[str]:
    for found in _NAME.finditer(title):
        if len(found.group().split()[0]) >= MIN_NAME_LENGTH:
            yield found.group()


def _tried(engine: Engine, text: str, shows: str) -> Iterator[Examples]:
    found = _try(engine, text)
    if found is not None and found.total and not found.ignored:
        yield Examples(shows, (_link(text, found),))


def _try(engine: Engine, text: str) -> SearchResults | None:
    try:
        return engine.search(SearchRequest(text, limit=3, snippets=False))
    except InvalidInput:
        return None  # an odd title can make an odd search, which is then no example


def _link(text: str, found: SearchResults) -> Link:
    counted = count_in_french(found.total, "article", "articles")
    return Link(text, page_path(SearchParameters(q=text)), counted)
