"""What browsers, feed readers and crawlers read."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

from flask.testing import FlaskClient

from index.building import rebuild
from web import Config, create_app

ATOM = "{http://www.w3.org/2005/Atom}"
SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def test_a_browser_can_add_the_search_engine(seeds: FlaskClient) -> None:
    answer = seeds.get("/opensearch.xml", headers={"Host": "depeche.example:8000"})
    assert answer.mimetype == "application/opensearchdescription+xml"
    root = ElementTree.fromstring(answer.data)
    assert root.findtext(f"{SEARCH}ShortName") == "Dépêche"
    templates = {url.get("type"): url.get("template", "") for url in root.findall(f"{SEARCH}Url")}
    for template in templates.values():
        assert template.startswith("http://depeche.example:8000/")
    for kind, expected in (
        ("text/html", "text/html"),
        ("application/atom+xml", "application/atom+xml"),
        ("application/x-suggestions+json", "application/x-suggestions+json"),
    ):
        address = templates[kind].removeprefix("http://depeche.example:8000")
        filled = address.replace("{searchTerms}", "reelu").replace("{startPage?}", "1")
        assert seeds.get(filled).mimetype == expected
    with seeds.get(root.findtext(f"{SEARCH}Image", "").removeprefix("http://depeche.example:8000")) as icon:
        assert icon.mimetype == "image/svg+xml"


def test_a_feed_is_the_search_with_its_newest_articles_first(press: FlaskClient) -> None:
    page = press.get("/?q=marche&source=Le+Courrier").text
    assert '<link rel="alternate" type="application/atom+xml"' in page
    answer = press.get("/feed.atom?q=marche&source=Le+Courrier&sort=oldest&page=3")
    assert answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.data)
    entries = feed.findall(f"{ATOM}entry")
    updated = [entry.findtext(f"{ATOM}updated", "") for entry in entries]
    assert len(entries) == 10
    assert updated == sorted(updated, reverse=True)
    assert updated[0] == "2022-07-03T00:00:00Z"
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 10
    assert feed.findtext(f"{SEARCH}totalResults") == "10"
    for element in (feed, *entries):
        assert all(element.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
    assert "<mark>marché</mark>" in entries[0].findtext(f"{ATOM}summary", "")
    for link in feed.iter(f"{ATOM}link"):
        address = link.get("href", "")
        assert address.startswith("http://localhost/")
        assert press.get(address.removeprefix("http://localhost")).status_code == 200


def test_the_same_article_has_the_same_identifier_in_every_feed(press: FlaskClient) -> None:
    identifiers = []
    for address, host in (("/feed.atom?q=marche", "a.example"), ("/feed.atom?q=village", "b.example")):
        feed = ElementTree.fromstring(press.get(address, headers={"Host": host}).data)
        identifiers.append({entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")})
    assert identifiers[0] == identifiers[1]


def test_a_feed_stays_xml_whatever_the_articles_and_the_query_hold(tmp_path: Path) -> None:
    article = {
        "id": "a\x01b",
        "title": "Un \x0btitre & \ufffe ]]> suivi",
        "text": "Une mandarine\ufffe mûre est tombée de l’arbre & personne ne l’a <b>ramassée</b>.",
    }
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jsonl").write_text(json.dumps(article), encoding="utf-8")
    rebuild(tmp_path / "index", [tmp_path / "in"])
    app = create_app(Config(tmp_path / "index"))
    answer = app.test_client().get("/feed.atom", query_string={"q": "mandarine \x00\x0c & <"})
    assert answer.status_code == 200
    feed = ElementTree.fromstring(answer.data)
    (entry,) = feed.findall(f"{ATOM}entry")
    # No article is new again because the index was built again.
    assert entry.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"
    app.extensions["depeche_engines"].close()


def test_crawlers_are_kept_to_articles(seeds: FlaskClient) -> None:
    answer = seeds.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    assert "Disallow: /?" in answer.text.splitlines()
    assert "Disallow: /articles" not in answer.text
    assert '<meta name="robots" content="noindex">' in seeds.get("/?q=reelu").text


def test_the_icon_is_found_where_browsers_look(seeds: FlaskClient) -> None:
    with seeds.get("/favicon.ico", follow_redirects=True) as answer:
        assert answer.mimetype == "image/svg+xml"
