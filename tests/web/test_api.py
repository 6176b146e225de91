"""The JSON API against real indexes: shapes, links, caching, and what it refuses."""

from __future__ import annotations

import json
import random
from urllib.parse import quote

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from web.api import as_json
from web.conditional import Tag

PROBLEM = "application/problem+json"


@pytest.mark.parametrize("typed", ["reelu", "réélu", "Réélus", "RÉÉLU"])
def test_reelu_finds_and_marks_the_two_seeds_that_say_it(seeds: FlaskClient, typed: str) -> None:
    answer = seeds.get("/api/v1/search", query_string={"q": typed})
    assert answer.status_code == 200
    found = answer.json
    assert sorted(hit["id"][:3] for hit in found["hits"]) == ["001", "002"]
    for hit in found["hits"]:
        snippet = hit["snippets"][0]
        assert [snippet["text"][start:end] for start, end in snippet["highlights"]] == ["réélu"]
        assert "<mark>réélu</mark>" in snippet["html"]
        assert snippet["zone"] == "text"


def test_shape_of_an_answer(press: FlaskClient) -> None:
    found = press.get("/api/v1/search?q=marche&per_page=3&page=2&facets=source,year").json
    assert list(found) == [
        "query",
        "total",
        "total_relation",
        "page",
        "per_page",
        "took_ms",
        "generation",
        "hits",
        "facets",
        "suggestions",
        "links",
    ]
    assert (found["total"], found["total_relation"], found["page"], found["per_page"]) == (40, "eq", 2, 3)
    assert found["query"]["raw"] == "marche"
    assert len(found["hits"]) == 3
    assert found["hits"][0]["title_html"].startswith("Le <mark>marché</mark> du village")
    assert found["facets"]["source"] == [
        {"value": "La Gazette du canton", "count": 30},
        {"value": "Le Courrier", "count": 10},
    ]
    assert sum(year["count"] for year in found["facets"]["year"]) == 40
    assert {year["value"] for year in found["facets"]["year"]} == {"2019", "2020", "2021", "2022"}


def test_a_correction_says_how_to_undo_it(seeds: FlaskClient) -> None:
    found = seeds.get("/api/v1/search", query_string={"q": "blinkne kazakstan"}).json
    assert found["total"] > 0
    assert found["query"]["expansions"] == [
        {"typed": "blinkne", "forms": ["blinken"], "kind": "typo", "undo": "+blinkne kazakstan"},
        {"typed": "kazakstan", "forms": ["kazakhstan"], "kind": "sound", "undo": "blinkne +kazakstan"},
    ]
    undone = seeds.get("/api/v1/search", query_string={"q": found["query"]["expansions"][0]["undo"]}).json
    assert [ignored["text"] for ignored in undone["query"]["ignored"]] == ["blinkne"]


def test_every_mark_has_its_reason_and_html_stays_bare(seeds: FlaskClient) -> None:
    reasons = set()
    for typed in ("reelu", "tokayev", "blinkne", "kazakstan", "kaza*", "blinkem~", "asiecentrale", "État"):
        found = seeds.get("/api/v1/search", query_string={"q": typed}).json
        assert found["hits"], typed
        for snippet in (snippet for hit in found["hits"] for snippet in hit["snippets"]):
            assert len(snippet["reasons"]) == len(snippet["highlights"])
            assert snippet["html"].count("<mark>") == len(snippet["highlights"])
            reasons |= set(snippet["reasons"])
    assert {"exact", "accent", "inflection", "prefix", "fuzzy", "typo", "sound", "variant"} <= reasons


def test_a_word_that_is_french_but_absent_is_offered_another(seeds: FlaskClient) -> None:
    found = seeds.get("/api/v1/search?q=relu").json
    assert (found["total"], found["query"]["expansions"]) == (0, [])
    assert "réélu" in found["suggestions"]


def test_facets_come_only_when_asked(press: FlaskClient) -> None:
    assert press.get("/api/v1/search?q=marche").json["facets"] == {}
    assert list(press.get("/api/v1/search?q=marche&facets=year").json["facets"]) == ["year"]


def test_links_lead_through_all_hits_and_back(press: FlaskClient) -> None:
    address, seen, pages = "/api/v1/search?q=marche&per_page=7&sort=newest", [], []
    while address:
        answer = press.get(address)
        links = answer.json["links"]
        assert links["self"] == address
        header = answer.headers.get("Link", "")
        assert (f'<{links["next"]}>; rel="next"' in header) == (links["next"] is not None)
        assert (f'<{links["prev"]}>; rel="prev"' in header) == (links["prev"] is not None)
        assert links["prev"] == (pages[-1] if pages else None)
        seen += [hit["id"] for hit in answer.json["hits"]]
        pages.append(address)
        address = links["next"]
    assert len(pages) == 6
    assert len(seen) == len(set(seen)) == 40


@pytest.mark.parametrize("page", [6, 1000, 10**30])
def test_past_the_last_page_there_is_nothing_and_a_way_back(press: FlaskClient, page: int) -> None:
    answer = press.get(f"/api/v1/search?q=marche&page={page}")
    assert answer.status_code == 200
    assert (answer.json["hits"], answer.json["total"], answer.json["page"]) == ([], 40, page)
    assert answer.json["links"]["next"] is None
    assert answer.json["links"]["prev"].endswith("q=marche&page=4")


def test_an_address_in_latin_letters_of_old_is_read(press: FlaskClient) -> None:
    """As pages in windows-1252 write it; of UTF-8 nothing changes."""
    old, new = (press.get(f"/api/v1/search?source=Le+Courrier&q=march%{byte}") for byte in ("E9", "C3%A9"))
    assert old.json["query"]["raw"] == new.json["query"]["raw"] == "marché"
    assert old.json["total"] == new.json["total"] == 10


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("q=marche&source=Le+Courrier", 10),
        ("q=marche&source=Le+Courrier&source=La+Gazette+du+canton", 40),
        ("q=marche&source=le+courrier", 10),
        ("q=marche&author=Paul+Lenoir", 20),
        ("q=marche&author=Paul+Lenoir&source=Le+Courrier", 10),
        ("q=marche&from=2022", 10),
        ("q=marche&to=2019", 10),
        ("q=marche&from=2019-10&to=2020-01", 2),
        ("q=marche&from=2019-10-03&to=2019-10-03", 1),
        ("q=marche&from=2019-10-04&to=2019-10", 0),
        ("q=introuvable", 0),
    ],
)
def test_filters(press: FlaskClient, query: str, total: int) -> None:
    assert press.get(f"/api/v1/search?{query}").json["total"] == total


def test_sorted_by_date(press: FlaskClient) -> None:
    newest = [
        hit["date"] for hit in press.get("/api/v1/search?q=marche&sort=newest&per_page=40").json["hits"]
    ]
    oldest = [
        hit["date"] for hit in press.get("/api/v1/search?q=marche&sort=oldest&per_page=40").json["hits"]
    ]
    assert newest == sorted(newest, reverse=True)
    assert oldest == sorted(newest)


def test_html_is_escaped(press: FlaskClient) -> None:
    found = press.get("/api/v1/search?q=etrangete&per_page=1").json["hits"][0]
    assert found["title_html"] == "Une <mark>étrangeté</mark> &lt;b&gt;rangée &amp; retrouvée"
    for snippet in found["snippets"]:
        assert "<script" not in snippet["html"]


def test_an_article_of_any_id_can_be_read(press: FlaskClient, odd_ids: tuple[str, ...]) -> None:
    found = press.get("/api/v1/search?q=etrangete&per_page=50").json["hits"]
    assert {hit["id"] for hit in found} == set(odd_ids)
    for article_id in odd_ids:
        answer = press.get("/api/v1/articles/" + quote(article_id, safe=""), query_string={"q": "etrangete"})
        assert answer.status_code == 200, article_id
        assert answer.json["id"] == article_id
        assert press.get(answer.json["links"]["self"]).json["id"] == article_id
        assert press.get(answer.json["links"]["html"]).status_code == 200


def test_an_article_has_its_zones_and_highlights(seeds: FlaskClient) -> None:
    article = seeds.get("/api/v1/articles/001_5340395a9b0d3750?q=reelu").json
    assert "Partager cet article" in article["boilerplate"]
    assert "Partager cet article" not in article["text"]
    [[start, end]] = article["highlights"]["text"]
    assert article["text"][start:end] == "réélu"
    assert article["highlights"]["boilerplate"] == []
    unmarked = seeds.get("/api/v1/articles/001_5340395a9b0d3750").json
    assert set(map(tuple, unmarked["highlights"].values())) == {()}


def test_an_unknown_article(seeds: FlaskClient) -> None:
    for article_id in ("nulle part", "\x00", "a" * 5000, "%FF"):
        answer = seeds.get("/api/v1/articles/" + quote(article_id))
        assert (answer.status_code, answer.content_type) == (404, PROBLEM)
        assert answer.json["type"] == "/aide/api#article-not-found"


@pytest.mark.parametrize(
    ("typed", "completion"), [("souv", "souveraineté"), ("SOUVERAINETE", "souveraineté")]
)
def test_completions(seeds: FlaskClient, typed: str, completion: str) -> None:
    answer = seeds.get("/api/v1/suggest", query_string={"q": typed})
    assert answer.content_type == "application/x-suggestions+json"
    assert answer.json[0] == typed
    assert completion in answer.json[1]


def test_nothing_typed_has_no_completion(seeds: FlaskClient) -> None:
    assert seeds.get("/api/v1/suggest?q=").json == ["", []]


@pytest.mark.parametrize(
    ("address", "blamed"),
    [
        ("/api/v1/search", ["q"]),
        ("/api/v1/search?q=", ["q"]),
        ("/api/v1/search?q=a&page=x&sort=y", ["page", "sort"]),
        ("/api/v1/search?q=a&q=b", ["q"]),
        ("/api/v1/search?q=a&limit=3", ["limit"]),
        ("/api/v1/suggest", ["q"]),
        ("/api/v1/suggest?q=a&limit=3", ["limit"]),
        ("/api/v1/articles/001_5340395a9b0d3750?q=a&q=b", ["q"]),
    ],
)
def test_wrong_parameters(seeds: FlaskClient, address: str, blamed: list[str]) -> None:
    answer = seeds.get(address)
    assert (answer.status_code, answer.content_type) == (400, PROBLEM)
    assert [error["param"] for error in answer.json["errors"]] == blamed
    assert answer.json["type"] == "/aide/api#invalid-parameters"
    assert answer.json["instance"] == address.partition("?")[0]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_limit_is_named(seeds: FlaskClient) -> None:
    for path in ("/api/v1/search", "/api/v1/articles/001_5340395a9b0d3750"):
        answer = seeds.get(path, query_string={"q": "mot " * 300})
        assert (answer.status_code, answer.content_type) == (400, PROBLEM)
        assert answer.json["type"] == "/aide/api#limit-exceeded"
        assert answer.json["limit"] == "max_query_length"


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/api/v1/nulle-part", 404),
        ("GET", "/api/v2/search?q=a", 404),
        ("GET", "/health/nulle-part", 404),
        ("POST", "/api/v1/search?q=a", 405),
        ("DELETE", "/api/v1/articles/001_5340395a9b0d3750", 405),
        ("PUT", "/health/ready", 405),
        ("POST", "/metrics", 405),
        ("GET", "/api/v1/search?q=" + "a" * 70_000, 414),
        ("GET", "/api/v1/search?q=a&" + "x=1&" * 300_000, 414),
        ("GET", "/api/v1/articles/" + "a/" * 40_000, 414),
    ],
)
def test_every_refusal_is_a_problem_document(
    seeds: FlaskClient, method: str, address: str, status: int
) -> None:
    answer = seeds.open(address, method=method)
    assert (answer.status_code, answer.content_type) == (status, PROBLEM)
    assert answer.json["status"] == status
    assert {"type", "title", "status", "detail", "instance"} <= set(answer.json)
    if status == 405:
        assert "GET" in answer.headers["Allow"]


def test_types_of_problems_are_explained(seeds: FlaskClient) -> None:
    page = seeds.get("/aide/api").text
    for address in ("/api/v1/search", "/api/v1/articles/rien"):
        kind = seeds.get(address).json["type"]
        path, _, anchor = kind.partition("#")
        assert path == "/aide/api"
        assert f'id="{anchor}"' in page


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/search?q=souverainete&facets=year",
        "/api/v1/articles/001_5340395a9b0d3750?q=reelu",
        "/api/v1/suggest?q=souv",
        "/api/v1/openapi.json",
        "/openapi.json",
        "/",
        "/?q=reelu",
        "/articles/001_5340395a9b0d3750",
        "/aide",
        "/aide/api",
        "/feed.atom?q=reelu",
    ],
)
def test_an_answer_already_held_is_not_sent_again(seeds: FlaskClient, address: str) -> None:
    first = seeds.get(address)
    tag = first.headers["ETag"]
    assert first.status_code == 200
    assert first.headers["Cache-Control"] == "no-cache"
    for condition in (tag, f'"autre", {tag}', "*", tag.removeprefix("W/")):
        again = seeds.get(address, headers={"If-None-Match": condition})
        assert (again.status_code, again.data) == (304, b""), condition
        assert again.headers["ETag"] == tag
        assert again.headers["Cache-Control"] == "no-cache"
    assert seeds.get(address, headers={"If-None-Match": 'W/"autre"'}).status_code == 200


def test_a_star_stands_for_an_answer_only_where_there_is_one(seeds: FlaskClient) -> None:
    star = {"If-None-Match": "*"}
    assert seeds.get("/api/v1/search", query_string={"q": "mot " * 300}, headers=star).status_code == 400
    assert seeds.get("/api/v1/articles/nulle-part", headers=star).status_code == 404
    assert seeds.get("/articles/nulle-part", headers=star).status_code == 404


def test_a_tag_belongs_to_one_request(seeds: FlaskClient) -> None:
    queries = ["q=reelu", "q=réélu", "q=reelu&page=2", "q=reelu&sort=newest", "q=reelu&facets=year"]
    tags = {seeds.get(f"/api/v1/search?{query}").headers["ETag"] for query in queries}
    assert len(tags) == len(queries)
    same = seeds.get("/api/v1/search?sort=relevance&page=01&q=+reelu").headers["ETag"]
    assert same == seeds.get("/api/v1/search?q=reelu").headers["ETag"]


@pytest.mark.parametrize(
    ("edition", "labelled"), [("000001 0a1b", True), ("000001 2c3d", False), ("000002 0a1b", False)]
)
def test_an_answer_of_an_edition_that_came_meanwhile_has_no_tag(edition: str, labelled: bool) -> None:
    with Flask("test").test_request_context():
        answer = Tag("tag", "000001 0a1b").on(Response("…"), edition)
    assert answer.headers["Cache-Control"] == "no-cache"
    assert ("ETag" in answer.headers) is labelled


@pytest.mark.parametrize("body", [{"a": [1, "é", None, (2.5, 0.0001)], "b": "\u2028<\x1f"}, {"page": 10**30}])
def test_json_is_written_as_the_standard_library_does(body: object) -> None:
    written = as_json(body).data
    assert written == json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def test_head_is_get_without_a_body(seeds: FlaskClient) -> None:
    answer = seeds.head("/api/v1/search?q=reelu")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["ETag"] == seeds.get("/api/v1/search?q=reelu").headers["ETag"]


def test_no_bytes_bring_it_down(seeds: FlaskClient, seed: int) -> None:
    chance = random.Random(seed)
    raw = [
        "%FF%FE",
        "%00",
        "%ED%A0%80",
        "%",
        "%zz",
        "é".encode().decode("latin-1"),
        "%F0%9F%98%80",
        "((((",
        "~*",
        '"',
    ] + ["".join(f"%{chance.randrange(256):02X}" for _ in range(chance.randrange(1, 30))) for _ in range(60)]
    for piece in raw:
        for address in (
            f"/api/v1/search?q={piece}",
            f"/api/v1/search?q=a&source={piece}&author={piece}",
            f"/api/v1/search?q=a&{piece}={piece}",
            f"/api/v1/suggest?q={piece}",
            f"/api/v1/articles/{piece.replace('?', '')}x",
            f"/?q={piece}&from={piece}",
            f"/articles/x{piece}?q={piece}",
            f"/feed.atom?q={piece}",
        ):
            answer = seeds.get(address)
            assert answer.status_code in (200, 302, 400, 404), (address, answer.status_code)
            answer.data.decode("utf-8")
