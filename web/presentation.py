"""What does a page of results print? Everything the template needs, decided before it is rendered.

Takes the parameters of a search and the engine's results, and returns frozen values whose texts are
French and whose addresses are final: templates hold layout and no decisions. A link that changes the search
keeps the rest of it and goes back to the first page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from search.request import FacetName, Sort
from search.results import FacetCount, Hit, SearchResults, Snippet
from web.links import article_path, page_path
from web.marking import mark
from web.other_words import Correction, Remark, corrections, mark_reasons, remarks
from web.parameters import SearchParameters
from web.responses import last_page
from web.wording import count_in_french, date_in_french, number_in_french, range_in_french

_SORT_NAMES: Final[dict[Sort, str]] = {
    "relevance": "Pertinence",
    "newest": "Plus récents",
    "oldest": "Plus anciens",
}
_FACET_NAMES: Final[dict[FacetName, str]] = {"source": "Source", "year": "Année"}


@dataclass(frozen=True, slots=True)
class Link:
    """A link, or the current place if `href` is None."""

    text: str
    href: str | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FacetLink:
    """A value to narrow the search by; `share` is its percentage of the largest count."""

    text: str
    href: str | None
    count: str
    share: int


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """The values of one facet."""

    name: str
    title: str
    links: tuple[FacetLink, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A snippet, marked. `is_outside` tells that it comes from what surrounded the article."""

    html: Markup
    is_outside: bool


@dataclass(frozen=True, slots=True)
class ShownHit:
    """One article of the list."""

    title: Markup
    href: str
    passages: tuple[Passage, ...]
    source: str | None
    agency: str | None
    author: str | None
    date: str | None
    date_iso: str | None
    date_is_stated: bool


@dataclass(frozen=True, slots=True)
class ResultsView:
    """A page of results."""

    count: str
    took: str
    hits: tuple[ShownHit, ...]
    corrections: tuple[Correction, ...]
    interpreted: str
    remarks: tuple[Remark, ...]
    chips: tuple[Link, ...]
    sorts: tuple[Link, ...]
    facets: tuple[FacetGroup, ...]
    suggestions: tuple[Link, ...]
    previous: str | None
    next: str | None
    position: str
    last: str | None
    without_filters: str | None
    feed: str


def results_view(parameters: SearchParameters, results: SearchResults) -> ResultsView:
    """Prepare a page of results."""
    last = last_page(parameters, results)
    first_page = parameters._replace(page=1)
    before = min(parameters.page - 1, last)
    return ResultsView(
        count=_count(results),
        took=_took(results.took_ms),
        hits=tuple(_shown(hit, parameters, results) for hit in results.hits),
        corrections=tuple(corrections(parameters, results)),
        interpreted=_understood(parameters, results),
        remarks=tuple(remarks(results)),
        chips=tuple(_chips(first_page)),
        sorts=tuple(_sorts(first_page)),
        facets=tuple(_facets(first_page, results)),
        suggestions=tuple(Link(text, page_path(first_page, q=text)) for text in results.suggestions),
        previous=page_path(parameters, page=before) if before >= 1 else None,
        next=page_path(parameters, page=parameters.page + 1) if parameters.page < last else None,
        position=_position(parameters.page, last),
        last=page_path(parameters, page=last) if parameters.page > last and results.total else None,
        without_filters=_without_filters(first_page) if parameters.is_filtered else None,
        feed=feed_path(first_page),
    )


def feed_path(parameters: SearchParameters) -> str:
    """Give the address of the Atom feed of a search."""
    return "/feed.atom" + page_path(parameters, page=1, sort="relevance").removeprefix("/")


def _without_filters(parameters: SearchParameters) -> str:
    return page_path(parameters, sources=(), authors=(), date_from=None, date_to=None)


def _count(results: SearchResults) -> str:
    return count_in_french(results.total, "article trouvé", "articles trouvés")


def _understood(parameters: SearchParameters, results: SearchResults) -> str:
    """Say how the query was read, if that is worth a line.

    If articles were found it is not when the reading is just what was typed, nor when words were corrected:
    the correction says more, and the reading repeats the words typed. If none were found, it is left out only
    when both hold.
    """
    as_typed = results.interpreted == parameters.q
    corrected = any(found.undo and found.kind != "variant" for found in results.expansions)
    is_needed = not (as_typed or corrected) if results.hits else not (as_typed and corrected)
    return results.interpreted if is_needed else ""


def _took(took_ms: float) -> str:
    return "en moins d’une milliseconde" if took_ms < 1 else f"en {number_in_french(round(took_ms))}\u00a0ms"


def _position(page: int, last: int) -> str:
    return f"Page {number_in_french(page)} sur {number_in_french(last)}"


def _shown(hit: Hit, parameters: SearchParameters, results: SearchResults) -> ShownHit:
    def marked(shown: Snippet) -> Markup:
        reasons = mark_reasons(parameters.q, shown, results.expansions)
        return mark(shown.text, shown.highlights, reasons)

    title = Snippet(hit.title, hit.title_highlights, "title", hit.title_reasons)
    return ShownHit(
        title=marked(title) or Markup("Sans titre"),
        href=article_path(hit.article_id, parameters),
        passages=tuple(Passage(marked(snippet), snippet.zone == "boilerplate") for snippet in hit.snippets),
        source=hit.source,
        agency=hit.agency if hit.agency != hit.source else None,
        author=hit.author,
        date=date_in_french(hit.date) if hit.date else None,
        date_iso=hit.date,
        date_is_stated=hit.date_confidence == "stated",
    )


def _chips(parameters: SearchParameters) -> Iterator[Link]:
    for source in parameters.sources:
        rest = tuple(other for other in parameters.sources if other != source)
        yield Link(source, page_path(parameters, sources=rest), "Source")
    for author in parameters.authors:
        rest = tuple(other for other in parameters.authors if other != author)
        yield Link(author, page_path(parameters, authors=rest), "Auteur")
    if parameters.date_from or parameters.date_to:
        dates = range_in_french(parameters.date_from, parameters.date_to)
        yield Link(dates, page_path(parameters, date_from=None, date_to=None), "Date")


def _sorts(parameters: SearchParameters) -> Iterator[Link]:
    by_words = bool(parameters.q)  # without any, the newest come first anyhow
    chosen = parameters.sort if by_words or parameters.sort != "relevance" else "newest"
    for sort, name in _SORT_NAMES.items():
        if by_words or sort != "relevance":
            yield Link(name, None if sort == chosen else page_path(parameters, sort=sort))


def _facets(parameters: SearchParameters, results: SearchResults) -> Iterator[FacetGroup]:
    for name, counts in results.facets.items():
        if counts:
            largest = max(found.count for found in counts)
            links = tuple(_facet_link(name, found, largest, parameters) for found in counts)
            yield FacetGroup(name, _FACET_NAMES[name], links)


def _facet_link(name: FacetName, found: FacetCount, largest: int, parameters: SearchParameters) -> FacetLink:
    match name:
        case "source":
            chosen = found.value in parameters.sources
            href = page_path(parameters, sources=(*parameters.sources, found.value))
        case "year":
            first, last = _within(found.value, parameters)
            chosen = (first, last) == (parameters.date_from, parameters.date_to)
            href = page_path(parameters, date_from=first, date_to=last)
    share = max(1, round(100 * found.count / max(largest, 1)))
    return FacetLink(found.value, None if chosen else href, number_in_french(found.count), share)


def _within(year: str, parameters: SearchParameters) -> tuple[str, str]:
    """Give the first and the last day of a year, no earlier and no later than the search asks for."""
    first, last = parameters.date_from or year, parameters.date_to or year
    return first if first.startswith(year) else year, last if last.startswith(year) else year
