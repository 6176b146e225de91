"""Is it up, is it ready, how is it doing? /health and /metrics, for those who run the server."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from functools import cache

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import Counter, Histogram

from web.api import as_json
from web.engines import EngineOpener
from web.links import API
from web.metrics import CONTENT_TYPE, Metrics, exposition

_PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>")
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


def operations(engines: EngineOpener, metrics: Metrics) -> Blueprint:
    """Make the endpoints that supervisors and Prometheus ask."""
    site = Blueprint("operations", __name__)

    @site.get("/health/live")
    @site.get(f"{API}/health/live")
    def live() -> Response:
        return _fresh(as_json({"status": "ok"}))

    @site.get("/health/ready")
    @site.get(f"{API}/health/ready")
    def ready() -> Response:
        return _fresh(as_json({"status": "ok", "generation": engines.get_ready().generation}))

    @site.get("/metrics")
    def scrape() -> Response:
        return _fresh(Response(exposition(metrics, engines), content_type=CONTENT_TYPE))

    return site


def measure_requests(app: Flask, metrics: Metrics) -> None:
    """Count every request of `app` and time it."""

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    # Labels come from a closed set: what a caller makes up must not fill the memory of the server.
    @cache
    def counted(method: str, rule: str, status: int) -> tuple[Counter, Histogram]:
        route = _PLACEHOLDER.sub(r"{\1}", rule)
        return metrics.requests.labels(method, route, str(status)), metrics.seconds.labels(route)

    @app.after_request
    def count(response: Response) -> Response:
        method = request.method if request.method in METHODS else "other"
        rule = request.url_rule.rule if request.url_rule else "none"
        with suppress(OSError):  # the counters' folder is gone: no reason to lose an answer
            requests, seconds = counted(method, rule, response.status_code)
            requests.inc()
            seconds.observe(time.perf_counter() - g.started)
        return response


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
