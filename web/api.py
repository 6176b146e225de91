"""How does a script search? The JSON endpoints of /api/v1.

Each one reads its parameters, looks whether the caller has the answer already, asks the engine, and
shapes what it says with `web.responses`. Failures are raised or handed to `web.failures`.
"""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qsl, unquote_to_bytes

import orjson
from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from web.conditional import EntityTags
from web.engines import EngineOpener
from web.failures import answer, no_such_article, wrong_parameters
from web.links import API, api_article_path, search_path, suggest_path
from web.parameters import Values, read_search, read_single, to_request
from web.responses import article_answer, page_links, search_answer, suggest_answer

_ESCAPE = "%"  # left where bytes are not UTF-8, unless somebody typed it
_DESCRIPTION = Path(__file__).with_name("openapi.json")


def json_api(engines: EngineOpener, tags: EntityTags) -> Blueprint:
    """Make the JSON endpoints, which answer from `engines`."""
    api = Blueprint("api", __name__)
    description = _DESCRIPTION.read_bytes()

    @api.get(f"{API}/search")
    def search() -> Response:
        parameters, problems = read_search(url_values())
        if problems:
            return answer(wrong_parameters(problems))
        engine = engines.get()
        tag = tags.unless_held(search_path(f"{API}/search", parameters), engine.edition)
        results = engine.search(to_request(parameters))
        links = page_links(parameters, results)
        response = as_json(search_answer(parameters, results, links))
        if neighbours := [f'<{links[rel]}>; rel="{rel}"' for rel in ("next", "prev") if links[rel]]:
            response.headers["Link"] = ", ".join(neighbours)
        return tag.on(response, engine.edition)

    @api.get(f"{API}/articles/<article_id:article_id>")
    def article(article_id: str) -> Response:
        text, problems = read_single(url_values(), "q")
        if problems:
            return answer(wrong_parameters(problems))
        text = text.strip()
        engine = engines.get()
        tag = tags.unless_held(api_article_path(article_id, text), engine.edition)
        view = engine.view(article_id, text)
        if view is None:
            return answer(no_such_article(article_id))
        response = as_json(article_answer(view, text))
        return tag.on(response, engine.edition)

    @api.get(f"{API}/suggest")
    def suggest() -> Response:
        text, problems = read_single(url_values(), "q", required=True)
        if problems:
            return answer(wrong_parameters(problems))
        engine = engines.get()
        tag = tags.unless_held(suggest_path(text), engine.edition)
        completions = engine.suggest(text) if text.strip() else ()
        response = as_json(suggest_answer(text, completions), "application/x-suggestions+json")
        return tag.on(response, engine.edition)

    @api.get("/openapi.json")
    @api.get(f"{API}/openapi.json")
    def openapi() -> Response:
        tag = tags.unless_held("openapi")
        return tag.on(Response(description, content_type="application/json"))

    return api


def url_values() -> Values:
    """Give the parameters of the current URL.

    One that is not UTF-8 was written by an old page or program, as windows-1252 ("caf%E9").
    """
    values = dict(request.args.lists())
    if any(_ESCAPE in part for name, given in values.items() for part in (name, *given)):
        try:
            unquote_to_bytes(request.query_string).decode()
        except UnicodeDecodeError:
            written = request.query_string.decode("ascii", "replace")
            return dict(MultiDict(parse_qsl(written, True, encoding="cp1252")).lists())
    return values


def as_json(body: object, content_type: str = "application/json") -> Response:
    """Write `body` as UTF-8 JSON."""
    try:
        written = orjson.dumps(body)
    except TypeError:  # the number of a page may be larger than 64 bits hold
        written = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    return Response(written, content_type=content_type)
