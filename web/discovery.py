"""How do other programs find and follow a search? OpenSearch, Atom, robots.txt, the icon.

A browser reads /opensearch.xml to add Dépêche to its search engines; a feed reader follows
/feed.atom?q=…, which is any search with its newest articles first. Both formats want absolute
addresses: they are those of the host that was asked.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

from flask import Blueprint, Response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from search.results import Hit
from web.api import url_values
from web.conditional import EntityTags
from web.engines import EngineOpener
from web.failures import answer, wrong_parameters
from web.links import article_path, page_path
from web.marking import mark
from web.parameters import ParameterProblem, read_page_search, to_request
from web.presentation import feed_path
from web.wording import as_timestamp

ENTRIES = 30
"""More than a page has: feed readers ask every hour or so, and a busy hour must not be lost."""

_UNDATED = "1970-01-01T00:00:00Z"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One article of a feed."""

    identifier: str
    title: str
    href: str
    updated: str
    author: str
    summary: Markup


def discovery(engines: EngineOpener, tags: EntityTags) -> Blueprint:
    """Make the addresses that browsers, feed readers and crawlers ask for by name."""
    site = Blueprint("discovery", __name__)

    @site.get("/feed.atom")
    def feed() -> Response:
        parameters, problems = read_page_search(url_values())
        if not parameters.q:
            problems = (ParameterProblem("q", "Paramètre obligatoire\u00a0: les mots à suivre."), *problems)
        if problems:
            return answer(wrong_parameters(problems))
        wanted = parameters._replace(page=1, per_page=ENTRIES, sort="newest", facets=())
        engine = engines.get()
        tag = tags.unless_held(request.host_url + feed_path(parameters), engine.edition)
        built_at = as_timestamp(engine.manifest.built_at) or _UNDATED
        results = engine.search(to_request(wanted))
        root = request.host_url.removesuffix("/")
        page = render_template(
            "feed.xml",
            parameters=parameters,
            built_at=built_at,
            total=results.total,
            entries=[_entry(hit, root) for hit in results.hits],
            self_href=root + feed_path(parameters),
            page_href=root + page_path(parameters, page=1, sort="newest"),
        )
        response = Response(_NOT_XML.sub("\ufffd", page), content_type="application/atom+xml; charset=utf-8")
        return tag.on(response, engine.edition)

    @site.get("/opensearch.xml")
    def opensearch() -> Response:
        tag = tags.unless_held(f"{request.host_url}opensearch.xml")
        page = render_template("opensearch.xml", root=request.host_url.removesuffix("/"))
        content_type = "application/opensearchdescription+xml; charset=utf-8"
        return tag.on(Response(page, content_type=content_type))

    @site.get("/robots.txt")
    def robots() -> Response:
        tag = tags.unless_held("robots.txt")
        # Pages of results are endless and hold nothing of their own: articles are what to crawl.
        rules = "User-agent: *\nDisallow: /?\nDisallow: /api/\nDisallow: /feed.atom\n"
        return tag.on(Response(rules, content_type="text/plain; charset=utf-8"))

    @site.get("/favicon.ico")
    def icon() -> AnyResponse:
        return redirect(url_for("static", filename="icon.svg"), code=301)

    return site


def _entry(hit: Hit, root: str) -> Entry:
    """Shape an article for a feed.

    Atom requires a date: undated articles get a fixed one, so that they do not seem new after each build.
    """
    passages = [mark(snippet.text, snippet.highlights) for snippet in hit.snippets]
    return Entry(
        identifier=uuid.uuid5(uuid.NAMESPACE_URL, f"depeche:{hit.article_id}").urn,
        title=hit.title or "Sans titre",
        href=root + article_path(hit.article_id),
        updated=(as_timestamp(hit.date) if hit.date else None) or _UNDATED,
        author=hit.author or hit.source or hit.agency or "Auteur inconnu",
        summary=Markup("").join(Markup("<p>{}</p>").format(passage) for passage in passages),
    )
