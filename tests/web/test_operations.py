"""Health, metrics, and a server that starts before its index."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from index.building import rebuild
from index.errors import (
    DepecheError,
    IndexBusy,
    IndexDamaged,
    IndexMissing,
    IndexOutdated,
    IndexUnreadable,
    InvalidInput,
    LimitExceeded,
)
from web import Config, create_app
from web.engines import EngineOpener
from web.failures import problem_of

PROBLEM = "application/problem+json"


def test_alive_and_ready(seeds: FlaskClient) -> None:
    for prefix in ("", "/api/v1"):
        assert seeds.get(f"{prefix}/health/live").json == {"status": "ok"}
        ready = seeds.get(f"{prefix}/health/ready").json
        assert ready == {"status": "ok", "generation": seeds.get("/api/v1/search?q=a").json["generation"]}


def test_without_an_index_everything_says_what_to_do_and_one_that_appears_is_served(
    tmp_path: Path, seeds_folder: Path
) -> None:
    app = create_app(Config(tmp_path / "index"))
    client = app.test_client()
    assert client.get("/health/live").status_code == 200
    for address in (
        "/api/v1/search?q=reelu",
        "/api/v1/articles/001_5340395a9b0d3750",
        "/api/v1/suggest?q=re",
        "/health/ready",
    ):
        answer = client.get(address)
        assert (answer.status_code, answer.content_type) == (503, PROBLEM)
        assert answer.json["type"] == "/aide/api#index-missing"
        assert int(answer.headers["Retry-After"]) > 0
    for address in ("/", "/?q=reelu", "/articles/x", "/feed.atom?q=reelu"):
        answer = client.get(address)
        assert (answer.status_code, answer.mimetype) == (503, "text/html")
        assert "depeche rebuild" in answer.text
    assert client.get("/aide").status_code == 200
    assert "depeche_index_ready 0.0" in client.get("/metrics").text

    rebuild(tmp_path / "index", [seeds_folder])

    assert client.get("/health/ready").json["generation"]
    assert client.get("/api/v1/search?q=reelu").json["total"] == 2

    shutil.rmtree(tmp_path / "index")

    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/live").status_code == 200
    app.extensions["depeche_engines"].close()


def test_a_new_generation_changes_answers_and_tags(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "un.txt").write_text("Le premier article\n\nIl parle de brocante.\n", encoding="utf-8")
    rebuild(tmp_path / "index", [folder])
    app = create_app(Config(tmp_path / "index"))
    client = app.test_client()
    before = client.get("/api/v1/search?q=brocante")
    (folder / "deux.txt").write_text("Le second article\n\nEncore une brocante.\n", encoding="utf-8")
    rebuild(tmp_path / "index", [folder])
    after = client.get("/api/v1/search?q=brocante", headers={"If-None-Match": before.headers["ETag"]})
    assert (before.json["total"], after.status_code, after.json["total"]) == (1, 200, 2)
    assert before.json["generation"] != after.json["generation"]
    app.extensions["depeche_engines"].close()


def test_an_index_built_anew_under_the_same_name_is_not_taken_for_the_old_one(tmp_path: Path) -> None:
    folder, index_path = tmp_path / "articles", tmp_path / "index"
    folder.mkdir()
    tags, generations = set(), set()
    for word in ("brocante", "collection"):
        (folder / "un.txt").write_text(f"Un article\n\nIl parle de {word}.\n", encoding="utf-8")
        shutil.rmtree(index_path, ignore_errors=True)
        rebuild(index_path, [folder])
        app = create_app(Config(index_path))
        answer = app.test_client().get("/api/v1/search?q=article")
        tags.add(answer.headers["ETag"])
        generations.add(answer.json["generation"])
        app.extensions["depeche_engines"].close()
    assert len(generations) == 1
    assert len(tags) == 2


@pytest.mark.parametrize(
    ("error", "status", "slug"),
    [
        (InvalidInput("x"), 400, "invalid-parameters"),
        (LimitExceeded("max_terms", "x"), 400, "limit-exceeded"),
        (IndexMissing("x"), 503, "index-missing"),
        (IndexOutdated("x"), 503, "index-outdated"),
        (IndexDamaged("x"), 503, "index-damaged"),
        (IndexUnreadable("x"), 503, "index-unreadable"),
        (IndexBusy("x"), 503, "index-busy"),
    ],
)
def test_every_error_has_its_status(error: DepecheError, status: int, slug: str) -> None:
    problem = problem_of(error)
    assert (problem.status, problem.slug) == (status, slug)
    assert (problem.detail == "x") is (status < 500)  # a server does not tell visitors where its files are
    assert ("Retry-After" in problem.headers) == (status == 503)


def test_a_defect_is_answered_without_its_text_and_logged_with_it(
    seeds_index: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(Config(seeds_index))

    @app.get("/api/v1/defaut")
    @app.get("/defaut")
    def defect() -> str:
        raise RuntimeError("un secret")

    for address, content_type in (("/api/v1/defaut", PROBLEM), ("/defaut", "text/html; charset=utf-8")):
        caplog.clear()
        answer = app.test_client().get(address)
        assert (answer.status_code, answer.content_type) == (500, content_type)
        assert "secret" not in answer.text
        assert "un secret" in caplog.text


def test_requests_are_counted_by_route_and_status(seeds_index: Path) -> None:
    app = create_app(Config(seeds_index))
    client = app.test_client()
    for address in ("/api/v1/search?q=reelu", "/api/v1/search?q=asie", "/api/v1/search", "/a", "/b"):
        client.get(address)
    client.open("/", method="PROPFIND")
    client.get("/api/v1/articles/001_5340395a9b0d3750")
    text = client.get("/metrics").text
    for line in (
        'depeche_requests_total{method="GET",route="/api/v1/search",status="200"} 2.0',
        'depeche_requests_total{method="GET",route="/api/v1/search",status="400"} 1.0',
        'depeche_requests_total{method="GET",route="none",status="404"} 2.0',
        'depeche_requests_total{method="other",route="none",status="405"} 1.0',
        'depeche_request_seconds_count{route="/api/v1/search"} 3.0',
        'depeche_requests_total{method="GET",route="/api/v1/articles/{article_id}",status="200"} 1.0',
        "depeche_index_ready 1.0",
        "depeche_index_articles 5.0",
        'depeche_metrics_scope{processes="one"} 1.0',
    ):
        assert line in text.splitlines(), line
    assert re.search(r'^depeche_index_generation\{generation="\w+"\} 1\.0$', text, re.M)


def test_two_applications_share_nothing(seeds_index: Path) -> None:
    first, second = create_app(Config(seeds_index)), create_app(Config(seeds_index))
    first.test_client().get("/aide")
    assert 'route="/aide"' in first.test_client().get("/metrics").text
    assert 'route="/aide"' not in second.test_client().get("/metrics").text


def test_threads_that_come_at_once_share_one_engine(seeds_index: Path) -> None:
    with EngineOpener(seeds_index) as opener, ThreadPoolExecutor(16) as threads:
        start = threading.Barrier(16)

        def get(_: int) -> int:
            start.wait(timeout=30)
            return id(opener.get())

        assert len(set(threads.map(get, range(16)))) == 1


@pytest.mark.parametrize("host", ['a"><script>', "a b", "évil.example", "[::1", ""])
def test_a_host_that_is_none_breaks_nothing(seeds: FlaskClient, host: str) -> None:
    for address in ("/opensearch.xml", "/feed.atom?q=asie", "/aide/api", "/?q=asie"):
        answer = seeds.get(address, environ_overrides={"HTTP_HOST": host})
        assert answer.status_code in (200, 400)
        assert "<script>" not in answer.text


_WORKER = """
import sys
from pathlib import Path
from web import Config, create_app
client = create_app(Config(Path(sys.argv[1]))).test_client()
for _ in range(int(sys.argv[2])):
    client.get("/aide")
sys.stdout.write(client.get("/metrics").text)
"""


def test_workers_that_share_a_folder_add_up(tmp_path: Path) -> None:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    texts = [
        subprocess.run(
            [sys.executable, "-c", _WORKER, str(tmp_path / "index"), requests],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        ).stdout
        for requests in ("2", "3")
    ]
    line = 'depeche_requests_total{method="GET",route="/aide",status="200"} '
    assert line + "2.0" in texts[0]
    assert line + "5.0" in texts[1]
    assert 'depeche_metrics_scope{processes="all"} 1.0' in texts[1]


def test_importing_the_shapes_does_not_import_flask() -> None:
    code = "import sys, web.responses; print('flask' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "False"


def test_headers_of_every_answer(seeds_app: Flask) -> None:
    client = seeds_app.test_client()
    for address in (
        "/",
        "/?q=reelu",
        "/api/v1/search?q=reelu",
        "/nulle-part",
        "/static/depeche.css",
        "/metrics",
    ):
        with client.get(address) as answer:
            headers = answer.headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self';")
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert "Set-Cookie" not in headers
