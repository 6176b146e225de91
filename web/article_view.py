"""What does an article's page print?

Takes the article with the ranges that the query marks, and returns its paragraphs cut at their marks.
Marks are numbered down the page, title first and what surrounded the article last, so that each one can
be linked to, and links to its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

from index.articles.article import Zone
from search.results import ArticleView
from web.links import article_path, page_path
from web.marking import Paragraph, count_marks, paragraphs
from web.parameters import SearchParameters
from web.wording import count_in_french, date_in_french


@dataclass(frozen=True, slots=True)
class ShownArticle:
    """An article, ready to print. `marks` counts the marks of the whole page."""

    article_id: str
    title: Paragraph | None
    lead: tuple[Paragraph, ...]
    text: tuple[Paragraph, ...]
    outside: tuple[Paragraph, ...]
    marks: int
    outside_marks: int
    marks_counted: str
    plain_title: str
    source: str | None
    agency: str | None
    author: str | None
    date: str | None
    date_iso: str | None
    date_evidence: str | None
    url: str | None
    back: str | None
    unmarked: str | None


def article_view(view: ArticleView, parameters: SearchParameters) -> ShownArticle:
    """Prepare an article's page; `parameters` are those of the search that led to it."""
    article = view.article
    numbered: dict[Zone, tuple[Paragraph, ...]] = {}
    marks = 0
    zones: tuple[tuple[Zone, str], ...] = (
        ("title", article.title),
        ("lead", article.lead),
        ("text", article.text),
        ("boilerplate", article.boilerplate),
    )
    for zone, text in zones:
        numbered[zone] = paragraphs(text, view.highlights.get(zone, ()), marks + 1)
        marks += count_marks(numbered[zone])
    parts = tuple(part for line in numbered["title"] for part in line.parts)
    return ShownArticle(
        article_id=article.article_id,
        title=Paragraph(parts) if parts else None,
        lead=numbered["lead"],
        text=numbered["text"],
        outside=numbered["boilerplate"],
        marks=marks,
        outside_marks=count_marks(numbered["boilerplate"]),
        marks_counted=count_in_french(marks, "passage marqué", "passages marqués"),
        plain_title=article.title or "Sans titre",
        source=article.source,
        agency=article.agency if article.agency != article.source else None,
        author=article.author,
        date=date_in_french(article.date) if article.date else None,
        date_iso=article.date,
        date_evidence=article.date_evidence if article.date_confidence == "stated" else None,
        url=_web_address(article.url),
        back=page_path(parameters) if parameters.q or parameters.is_filtered else None,
        unmarked=article_path(article.article_id) if parameters.q and marks else None,
    )


def _web_address(url: str | None) -> str | None:
    """Keep only an address that is safe to link to: an article may say "javascript:…"."""
    return url if url and url.startswith(("http://", "https://")) else None
