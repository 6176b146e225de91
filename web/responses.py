"""What does the JSON look like? Every object that the API answers with is shaped here.

The command line prints the same shapes (`depeche search --json`), so this module needs no Flask.
docs/api.md and openapi.json describe these fields; tests hold the three together. Fields are
always present; what is not known is null.
"""

from __future__ import annotations

from search.results import ArticleView, Hit, SearchResults, Span
from web.links import API, api_article_path, article_path, search_path
from web.marking import mark
from web.parameters import MAX_PER_PAGE, SearchParameters

Json = dict[str, object]
Links = dict[str, str | None]


def search_answer(parameters: SearchParameters, results: SearchResults, links: Links | None = None) -> Json:
    """Shape one page of results; `links` are its `page_links`, if they have already been made."""
    return {
        "query": {
            "raw": parameters.q,
            "interpreted": results.interpreted,
            "ignored": [{"text": piece.text, "reason": piece.reason} for piece in results.ignored],
            "expansions": [
                {
                    "typed": expansion.typed,
                    "forms": list(expansion.forms),
                    "kind": expansion.kind,
                    "undo": expansion.undo,
                }
                for expansion in results.expansions
            ],
        },
        "total": results.total,
        "total_relation": results.total_relation,
        "page": parameters.page,
        "per_page": parameters.per_page,
        "took_ms": round(results.took_ms, 3),
        "generation": results.generation,
        "hits": [_hit(hit) for hit in results.hits],
        "facets": {
            name: [{"value": found.value, "count": found.count} for found in counts]
            for name, counts in results.facets.items()
        },
        "suggestions": list(results.suggestions),
        "links": links or page_links(parameters, results),
    }


def page_links(parameters: SearchParameters, results: SearchResults) -> Links:
    """Return the addresses of this page of results and of its neighbours, null if there is none.

    The command line may ask for more hits than the API allows; links are then made for the API's maximum.
    """
    parameters = parameters._replace(per_page=min(parameters.per_page, MAX_PER_PAGE))
    last = last_page(parameters, results)
    before = min(parameters.page - 1, last)
    path = f"{API}/search"
    return {
        "self": search_path(path, parameters),
        "next": search_path(path, parameters, page=parameters.page + 1) if parameters.page < last else None,
        "prev": search_path(path, parameters, page=before) if before >= 1 else None,
    }


def last_page(parameters: SearchParameters, results: SearchResults) -> int:
    """Give the number of the last page that has hits, at least 1."""
    return max(1, -(-results.total // parameters.per_page))


def article_answer(view: ArticleView, text: str) -> Json:
    """Shape one article, with the ranges that the words of `text` mark in each of its zones."""
    article = view.article
    return {
        "id": article.article_id,
        "title": article.title,
        "lead": article.lead,
        "text": article.text,
        "boilerplate": article.boilerplate,
        "url": article.url,
        "source": article.source,
        "agency": article.agency,
        "author": article.author,
        "date": article.date,
        "date_confidence": article.date_confidence,
        "date_evidence": article.date_evidence,
        "highlights": {
            zone: _ranges(view.highlights.get(zone, ())) for zone in ("title", "lead", "text", "boilerplate")
        },
        "generation": view.generation,
        "links": {
            "self": api_article_path(article.article_id, text),
            "html": article_path(article.article_id, SearchParameters(q=text)),
        },
    }


def suggest_answer(text: str, completions: tuple[str, ...]) -> list[object]:
    """Shape completions as OpenSearch suggestions 1.1 define them."""
    return [text, list(completions)]


def _hit(hit: Hit) -> Json:
    return {
        "id": hit.article_id,
        "title": hit.title,
        "title_html": mark(hit.title, hit.title_highlights),
        "url": hit.url,
        "source": hit.source,
        "agency": hit.agency,
        "author": hit.author,
        "date": hit.date,
        "date_confidence": hit.date_confidence,
        "score": round(hit.score, 4),
        "snippets": [
            {
                "text": snippet.text,
                "html": mark(snippet.text, snippet.highlights),
                "highlights": snippet.highlights,
                "reasons": snippet.reasons,
                "zone": snippet.zone,
            }
            for snippet in hit.snippets
        ],
    }


def _ranges(spans: tuple[Span, ...]) -> list[list[int]]:
    return [list(span) for span in spans]
