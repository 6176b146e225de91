"""What the engine answers: plain frozen data, without Whoosh, HTML or document numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple

from index.articles.article import Article, DateConfidence, Zone
from search.request import FacetName

ExpansionKind = Literal["accent", "prefix", "fuzzy", "typo", "sound", "split", "variant"]
IgnoredKind = Literal["absent", "absent here", "as typed", "function word", "other"]
MarkReason = Literal[
    "exact", "accent", "inflection", "prefix", "fuzzy", "typo", "sound", "split", "variant", "phrase"
]
Span = tuple[int, int]
"""A half-open range of code points."""


class Snippet(NamedTuple):
    """A passage of one zone of an article, with the words that matched.

    `highlights` are ascending, disjoint ranges into `text`; `reasons` says why each is marked.
    """

    text: str
    highlights: tuple[Span, ...]
    zone: Zone
    reasons: tuple[MarkReason, ...] = ()


class Hit(NamedTuple):
    """One article found.

    `title_highlights` are ranges into `title`; `title_reasons` says why each is marked.
    """

    article_id: str
    title: str
    score: float
    snippets: tuple[Snippet, ...]
    title_highlights: tuple[Span, ...] = ()
    title_reasons: tuple[MarkReason, ...] = ()
    url: str | None = None
    source: str | None = None
    agency: str | None = None
    author: str | None = None
    date: str | None = None
    date_confidence: DateConfidence | None = None


class Ignored(NamedTuple):
    """A piece of the query that was not used as it was typed, and why (one French phrase).

    `kind` lets the interface group pieces: all of one kind, except "other", can share a reason. It is not
    part of the JSON.
    """

    text: str
    reason: str
    kind: IgnoredKind = "other"


class Expansion(NamedTuple):
    """A typed word that also, or instead, stood for other forms of the index.

    `undo` is the whole query that searches the word as it was typed, where it was corrected.
    """

    typed: str
    forms: tuple[str, ...]
    kind: ExpansionKind
    undo: str | None = None


@dataclass(frozen=True, slots=True)  # a tuple has a `count` of its own
class FacetCount:
    """How many of the articles found have this value."""

    value: str
    count: int


class SearchResults(NamedTuple):
    """The answer to one `SearchRequest`.

    `total` counts every article found, not only `hits`; it is exact where `total_relation` is "eq"
    and a lower bound where it is "gte". `interpreted` says in plain French how the query was read.
    `generation` names the index generation that answered. `suggestions` are whole queries.
    """

    total: int
    hits: tuple[Hit, ...]
    interpreted: str
    generation: str
    took_ms: float
    total_relation: Literal["eq", "gte"] = "eq"
    ignored: tuple[Ignored, ...] = ()
    expansions: tuple[Expansion, ...] = ()
    facets: Mapping[FacetName, tuple[FacetCount, ...]] = MappingProxyType({})
    suggestions: tuple[str, ...] = ()


class ArticleView(NamedTuple):
    """An article and, for each of its zones, the ranges that the query marks."""

    article: Article
    highlights: Mapping[Zone, tuple[Span, ...]]
    generation: str


class IndexStats(NamedTuple):
    """What `depeche stats` and /metrics tell of the index being searched."""

    generation: str
    articles: int
    built_at: str
    size_bytes: int
    text_bytes: int
    distinct_forms: int
    sources: int
    oldest: str | None
    newest: str | None
