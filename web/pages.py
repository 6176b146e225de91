"""How does a person search? The pages: search, article, help.

Everything is rendered on the server and the whole state is in the URL, so that Back, bookmarks and
a browser without JavaScript work. A search that cannot be run as asked shows its form again and says
what to correct.
"""

from __future__ import annotations

from functools import lru_cache

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from index.errors import InvalidInput
from web.api import url_values
from web.article_view import article_view
from web.conditional import EntityTags
from web.engines import EngineOpener
from web.examples import HomeView, home_view
from web.failures import Problem, answer, known_kinds, no_such_article, problem_of, wrong_parameters
from web.links import article_path, page_path
from web.parameters import (
    SearchParameters,
    has_blanks,
    read_page_search,
    to_request,
)
from web.presentation import results_view


def pages(engines: EngineOpener, tags: EntityTags) -> Blueprint:
    """Make the pages, which show what `engines` find."""
    site = Blueprint("pages", __name__)

    @lru_cache(maxsize=1)  # its examples cost a dozen searches, and change only with the index
    def home_of(_edition: str) -> HomeView:
        return home_view(engines.get())

    @site.get("/")
    def search() -> AnyResponse:
        values = url_values()
        parameters, problems = read_page_search(values)
        if problems:
            return _form_again(parameters, wrong_parameters(problems))
        if has_blanks(values):
            return redirect(page_path(parameters))  # a form sends its empty fields too
        engine = engines.get()
        tag = tags.unless_held(page_path(parameters), engine.edition)
        if not (parameters.q or parameters.is_filtered):  # a filter alone is a search, too
            home = home_of(tag.edition)
            page = render_template("home.html", parameters=parameters, home=home)
            return tag.on(Response(page), engine.edition)
        try:
            results = engine.search(to_request(parameters))
        except InvalidInput as error:
            return _form_again(parameters, problem_of(error))
        page = render_template("results.html", parameters=parameters, view=results_view(parameters, results))
        return tag.on(Response(page), engine.edition)

    @site.get("/articles/<article_id:article_id>")
    def article(article_id: str) -> Response:
        parameters, problems = read_page_search(url_values())
        if problems:
            return answer(wrong_parameters(problems))
        engine = engines.get()
        tag = tags.unless_held(article_path(article_id, parameters), engine.edition)
        found = engine.view(article_id, parameters.q)
        if found is None:
            return answer(no_such_article(article_id))
        page = render_template("article.html", parameters=parameters, view=article_view(found, parameters))
        return tag.on(Response(page), engine.edition)

    @site.get("/aide")
    def syntax_help() -> Response:
        tag = tags.unless_held("aide")
        return tag.on(Response(render_template("help.html", parameters=None)))

    @site.get("/aide/api")
    def api_help() -> Response:
        tag = tags.unless_held(f"{request.host_url}aide/api")
        page = render_template("help_api.html", parameters=None, kinds=known_kinds(), root=request.host_url)
        return tag.on(Response(page))

    return site


def _form_again(parameters: SearchParameters, problem: Problem) -> Response:
    page = render_template("unusable.html", parameters=parameters, problem=problem, typed=request.args)
    response = Response(page, problem.status)
    response.headers["Cache-Control"] = "no-store"
    return response
