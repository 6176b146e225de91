"""How is the application put together? Routes, headers and limits, from one `Config`.

Everything is made here and handed down; two applications in one process share nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, Response, abort, request, url_for
from werkzeug.routing import PathConverter

from web.api import json_api
from web.conditional import EntityTags
from web.config import Config
from web.discovery import discovery
from web.engines import EngineOpener
from web.failures import handle_failures
from web.metrics import new_metrics
from web.operations import measure_requests, operations
from web.pages import pages
from web.wording import as_sentence, typeset

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MAX_URL_BYTES: Final = 64 * 1024
"""Five times the longest query there can be (1,000 characters of four bytes, each written %XX)."""

YEAR_S: Final = 365 * 24 * 3600

SECURITY_HEADERS: Final = (
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    # Articles link to their publications, which need not learn what was searched.
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)


Headers = list[tuple[str, str]]


class ArticleIdConverter(PathConverter):
    """Takes the rest of the path as an article id, which may hold slashes, even a first one, and newlines."""

    regex = r"[\s\S]+"
    part_isolating = False


def build(config: Config) -> Flask:
    """Make the application; the index is opened at the first request that needs it."""
    app = Flask(__name__)
    app.url_map.converters["article_id"] = ArticleIdConverter
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    engines = EngineOpener(config.index_path)
    app.extensions["depeche_engines"] = engines
    metrics = new_metrics()
    measure_requests(app, metrics)
    tags = EntityTags()
    for blueprint in (
        json_api(engines, tags),
        pages(engines, tags),
        discovery(engines, tags),
        operations(engines, metrics),
    ):
        app.register_blueprint(blueprint)
    handle_failures(app)
    _fingerprint_assets(app)
    _refuse_long_urls(app)
    _harden(app)
    return app


def _fingerprint_assets(app: Flask) -> None:
    """Give each static file an address that changes with it, so that browsers may keep it for good."""
    folder = Path(app.static_folder or "")
    digests = {
        path.name: hashlib.blake2b(path.read_bytes(), digest_size=6).hexdigest()
        for path in folder.iterdir()
        if path.is_file()
    }

    def asset(name: str) -> str:
        return url_for("static", filename=name, v=digests[name])

    app.jinja_env.globals["asset"] = asset
    app.jinja_env.filters.update(typeset=typeset, as_sentence=as_sentence)

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code in (200, 304):
            name = (request.view_args or {}).get("filename", "")
            is_current = request.args.get("v") == digests.get(name)
            response.headers["Cache-Control"] = (
                f"public, max-age={YEAR_S}, immutable" if is_current else "no-cache"
            )
        return response


def _refuse_long_urls(app: Flask) -> None:
    @app.before_request
    def refuse() -> None:
        size_bytes = len(request.query_string) + len(request.environ.get("PATH_INFO", ""))
        if size_bytes > MAX_URL_BYTES:
            abort(414)


def _harden(app: Flask) -> None:
    """Add the security headers to every answer on its way out; nothing else sets or reads them."""
    answer = app.wsgi_app

    def protected(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: Headers, error: Any = None) -> Callable[[bytes], object]:
            return start_response(status, [*headers, *SECURITY_HEADERS], error)

        return answer(environ, start)

    app.wsgi_app = protected  # type: ignore[method-assign]  # as Flask's documentation says to
