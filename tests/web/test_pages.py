"""The pages as a browser without JavaScript gets them."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from lxml import html
from lxml.html import HtmlElement

from index.building import rebuild
from web import Config, create_app


def parse(client: FlaskClient, address: str, status: int = 200) -> HtmlElement:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    page = html.fromstring(answer.text)
    assert page.get("lang") == "fr"
    assert len(page.xpath("//h1")) == 1
    assert len(page.xpath("//main")) == 1
    identifiers = page.xpath("//@id")
    assert len(identifiers) == len(set(identifiers))
    assert not page.xpath("//@style | //style | //script[not(@src)] | //*[starts-with(name(@*), 'on')]")
    return page


def words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split()).replace("\u202f", " ")


def links(page: HtmlElement, path: str) -> dict[str, str]:
    return {words(link): link.get("href") for link in page.xpath(path)}


def test_home_says_what_the_index_holds_and_every_example_finds_something(press: FlaskClient) -> None:
    page = parse(press, "/")
    [holdings] = page.find_class("holdings")
    assert words(holdings).startswith("53 articles, 2 sources, du 3 janvier 2019 au 3 octobre 2022.")
    examples = page.xpath("//section[@class='examples']//a")
    assert len(examples) >= 4
    for example in examples:
        found = parse(press, example.get("href"))
        assert found.find_class("hits"), example.text
        assert not found.xpath("//ul[@class='remarks']/li/b[starts-with(., '«')]"), example.text


def test_home_of_an_empty_query_is_home(press: FlaskClient) -> None:
    for address in ("/?q=", "/?q=+&page=&sort=&from="):
        answer = press.get(address)
        assert (answer.status_code, answer.location) == (302, "/")


@pytest.mark.parametrize(
    ("filters", "total"),
    [
        ("author=Paul+Lenoir", 20),
        ("author=paul+lenoir&source=Le+Courrier", 10),
        ("source=Le+Courrier&source=La+Gazette+du+canton&from=2022", 10),
        ("from=2019-10&to=2020-01", 2),
        ("to=2019", 10),
    ],
)
def test_filters_alone_are_a_search(press: FlaskClient, filters: str, total: int) -> None:
    answer = press.get(f"/?q=&{filters}")
    assert answer.status_code == 302
    while answer.status_code == 302:
        answer = press.get(answer.location)
    page = html.fromstring(answer.text)
    assert int(words(page.xpath("//*[@role='status']")[0]).split()[0]) >= total
    assert [words(sort) for sort in page.xpath("//*[@class='sorts']//li")] == ["Plus récents", "Plus anciens"]
    assert words(page.xpath("//*[@class='sorts']//*[@aria-current]")[0]) == "Plus récents"


def test_results_say_how_many_and_mark_the_words(seeds: FlaskClient) -> None:
    page = parse(seeds, "/?q=reelu")
    assert words(page.xpath("//*[@role='status']")[0]) == "2 articles trouvés"
    assert page.xpath("//title/text()")[0].startswith("reelu\u00a0: 2\u00a0articles trouvés")
    assert page.xpath("//input[@id='q']/@value") == ["reelu"]
    hits = page.xpath("//ol[@class='hits']/li")
    assert len(hits) == 2
    for hit in hits:
        assert [mark.text for mark in hit.xpath(".//p[@class='passage'][1]//mark")] == ["réélu"]
    [remark] = page.xpath("//ul[@class='remarks']/li")
    assert words(remark) == "reelu : aussi réélu"


def test_a_correction_is_said_above_the_results_and_can_be_undone(seeds: FlaskClient) -> None:
    page = parse(seeds, "/?q=blinkne+kazakstan&sort=newest")
    first, second = page.xpath("//ul[@class='corrections']/li")
    assert words(first) == (
        "Résultats pour blinken (« blinkne » est absent de l’index). Chercher plutôt « blinkne » tel quel"
    )
    assert words(second).startswith("Et pour kazakhstan, qui se prononce comme « kazakstan »")
    assert [link.get("href") for link in (*first.iter("a"), *second.iter("a"))] == [
        "/?q=%2Bblinkne+kazakstan&sort=newest",
        "/?q=blinkne+%2Bkazakstan&sort=newest",
    ]
    assert not page.find_class("remarks")
    assert not page.find_class("understood")

    undone = parse(seeds, first.find("a").get("href"))
    assert words(undone.xpath("//*[@role='status']")[0]) == "Aucun article trouvé"
    [correction] = undone.xpath("//ul[@class='corrections']/li/b")
    assert correction.text == "kazakhstan"
    others = undone.xpath("//p[@class='suggestions']/a")
    assert others
    assert all(parse(seeds, other.get("href")).find_class("hits") for other in others)


def test_other_spellings_of_a_name_are_said_and_can_be_left_out(seeds: FlaskClient) -> None:
    page = parse(seeds, "/?q=tokayev")
    [correction] = page.xpath("//ul[@class='corrections']/li")
    assert (
        words(correction) == "Aussi : tokaïev, autre graphie de « tokayev ». Chercher seulement « tokayev »"
    )
    marked = {mark.text for mark in page.xpath("//p[@class='passage']//mark")}
    assert marked == {"Tokayev", "Tokaïev"}
    only = parse(seeds, correction.find("a").get("href"))
    assert {mark.text for mark in only.xpath("//p[@class='passage']//mark")} == {"Tokayev"}


@pytest.mark.parametrize(
    ("query", "marked", "why"),
    [
        ("tokayev", "Tokayev", None),
        ("tokayev", "Tokaïev", "autre graphie de « tokayev »"),
        ("reelu", "réélu", "autre accentuation de « reelu »"),
        ("reelus+visite", "réélu", "autre forme d’un mot cherché"),
        ("reelus", "réélu", "autre forme de « reelus »"),
        ("blinkne+kazakstan", "Blinken", "faute de frappe corrigée (« blinkne »)"),
        ("kaza*", "kazakhe", "mot trouvé par « kaza* »"),
    ],
)
def test_marks_in_passages_say_why(seeds: FlaskClient, query: str, marked: str, why: str | None) -> None:
    page = parse(seeds, f"/?q={query}")
    titles = {mark.get("title") for mark in page.xpath("//p[@class='passage']//mark") if mark.text == marked}
    assert {title and title.replace("\u00a0", " ") for title in titles} == {why}


def test_marks_in_titles_say_why_too(seeds: FlaskClient) -> None:
    page = parse(seeds, "/?q=blinkne")
    told = {words(mark): mark.get("title") for mark in page.xpath("//h2//mark")}
    assert set(told) == {"Blinken"}
    assert "blinkne" in told["Blinken"]
    assert not parse(seeds, "/?q=Blinken").xpath("//h2//mark/@title")


def test_titles_and_snippets_are_text_and_never_markup(press: FlaskClient) -> None:
    page = parse(press, "/?q=etrangete")
    assert not page.xpath("//ol//b[.='rangée'] | //ol//script")
    assert words(page.xpath("//ol//h2")[0]) == "Une étrangeté <b>rangée & retrouvée"
    odd = '"><script>alert(1)</script>'
    page = parse(press, "/?q=" + quote(odd))
    assert page.xpath("//input[@id='q']/@value") == [odd]


def test_pages_are_linked_both_ways(press: FlaskClient) -> None:
    page = parse(press, "/?q=marche&sort=newest&page=2")
    assert page.xpath("//a[@rel='next']/@href") == ["/?q=marche&page=3&sort=newest"]
    assert page.xpath("//a[@rel='prev']/@href") == ["/?q=marche&sort=newest"]
    assert page.xpath("//link[@rel='next']/@href") == ["/?q=marche&page=3&sort=newest"]
    assert "Page 2 sur 4" in words(page.find_class("pager")[0])
    assert page.findtext(".//title") == "marche\u00a0: 40\u00a0articles trouvés, page 2 sur 4 – Dépêche"
    assert page.find_class("hits")[0].get("start") == "11"
    assert not parse(press, "/?q=marche&page=4").xpath("//*[@rel='next']")
    assert not parse(press, "/?q=marche").xpath("//*[@rel='prev']")


def test_a_page_past_the_last_leads_back(press: FlaskClient) -> None:
    page = parse(press, "/?q=marche&page=99999999999999999999")
    assert words(page.xpath("//*[@role='status']")[0]) == "40 articles trouvés"
    assert "/?q=marche&page=4" in page.xpath("//main//a/@href")


def test_facets_narrow_and_chips_undo(press: FlaskClient) -> None:
    page = parse(press, "/?q=marche&page=2")
    sources = links(page, "//section[@aria-labelledby='facet-source']//a")
    assert sources["Le Courrier 10"] == "/?q=marche&source=Le+Courrier"
    years = links(page, "//section[@aria-labelledby='facet-year']//a")
    assert years["2021 10"] == "/?q=marche&from=2021&to=2021"
    page = parse(press, "/?q=marche&from=2020-04&to=2022-02-03")
    years = links(page, "//section[@aria-labelledby='facet-year']//a")
    assert years["2020 7"] == "/?q=marche&from=2020-04&to=2020"
    assert years["2021 10"] == "/?q=marche&from=2021&to=2021"
    assert years["2022 2"] == "/?q=marche&from=2022&to=2022-02-03"

    page = parse(press, "/?q=marche&source=Le+Courrier&author=Paul+Lenoir&from=2019&to=2021")
    chips = links(page, "//ul[@class='chips']//a")
    assert {name.removeprefix("Retirer le filtre ").rstrip("×"): href for name, href in chips.items()} == {
        "Source : Le Courrier": "/?q=marche&author=Paul+Lenoir&from=2019&to=2021",
        "Auteur : Paul Lenoir": "/?q=marche&source=Le+Courrier&from=2019&to=2021",
        "Date : de 2019 à 2021": "/?q=marche&source=Le+Courrier&author=Paul+Lenoir",
    }
    current = page.xpath("//section[@aria-labelledby='facet-source']//a[@aria-current='true']")
    assert [words(one) for one in current] == ["Le Courrier 8"]


def test_sorts_keep_the_search(press: FlaskClient) -> None:
    page = parse(press, "/?q=marche&source=Le+Courrier&sort=oldest&page=1")
    sorts = links(page, "//nav[@class='sorts']//a")
    assert sorts == {
        "Pertinence": "/?q=marche&source=Le+Courrier",
        "Plus récents": "/?q=marche&sort=newest&source=Le+Courrier",
        "Plus anciens": None,
    }


def test_the_form_sends_back_every_filter(press: FlaskClient) -> None:
    filters = "source=Le+Courrier&source=La+Gazette+du+canton&author=A&author=B&from=2019&to=2021"
    address = f"/?q=marche&sort=newest&{filters}"
    form = parse(press, address).forms[0]
    assert sorted(form.form_values()) == sorted(
        [
            ("q", "marche"),
            ("sort", "newest"),
            ("source", "Le Courrier"),
            ("source", "La Gazette du canton"),
            ("author", "A"),
            ("author", "B"),
            ("from", "2019"),
            ("to", "2021"),
        ]
    )


def test_a_form_with_blank_fields_gets_a_clean_address(press: FlaskClient) -> None:
    answer = press.get("/?q=march%C3%A9&from=&to=02%2F2020&author=")
    assert (answer.status_code, answer.location) == (302, "/?q=march%C3%A9&to=2020-02")


def test_no_result_says_what_was_understood_and_what_to_try(press: FlaskClient) -> None:
    page = parse(press, "/?q=marche+introuvable&from=2031")
    assert words(page.xpath("//*[@role='status']")[0]) == "Aucun article trouvé"
    assert page.find_class("understood")
    assert "introuvable" in words(page.find_class("remarks")[0])
    assert "/?q=marche+introuvable" in page.xpath("//section[@class='nothing']//a/@href")
    assert "/aide" in page.xpath("//section[@class='nothing']//a/@href")


def test_a_page_without_results_offers_other_queries_and_a_way_out_of_each_filter(
    seeds: FlaskClient,
) -> None:
    page = parse(seeds, "/?q=relu")
    assert words(page.find_class("suggestions")[0]) == "Vouliez-vous dire réélu ?"
    [link] = page.xpath("//p[@class='suggestions']/a/@href")
    assert parse(seeds, link).find_class("hits")

    page = parse(seeds, "/?q=blinkne&source=Euronews&author=Personne&from=2031")
    assert words(page.xpath("//ul[@class='corrections']/li")[0]).startswith("Recherche faite avec blinken")
    ways = links(page, "//section[@class='nothing']//a")
    assert ways["Retirer le filtre Source : Euronews"] == "/?q=blinkne&author=Personne&from=2031"
    assert ways["Retirer le filtre Auteur : Personne"] == "/?q=blinkne&source=Euronews&from=2031"
    assert ways["Retirer le filtre Date : depuis 2031"] == "/?q=blinkne&source=Euronews&author=Personne"
    assert ways["Chercher sans aucun filtre"] == "/?q=blinkne"


def test_few_results_may_come_with_another_query(tmp_path: Path) -> None:
    texts = ["Le manuscrit a été relu.", *(f"Le maire de la ville {n} a été réélu." for n in range(20))]
    lines = [
        json.dumps({"id": str(n), "title": "Une nouvelle", "text": text}) for n, text in enumerate(texts)
    ]
    (tmp_path / "presse.jsonl").write_text("\n".join(lines), encoding="utf-8")
    rebuild(tmp_path / "index", [tmp_path])
    app = create_app(Config(tmp_path / "index"))
    page = parse(app.test_client(), "/?q=relu")
    app.extensions["depeche_engines"].close()
    assert words(page.xpath("//*[@role='status']")[0]) == "1 article trouvé"
    assert words(page.find_class("suggestions")[0]) == "Vouliez-vous dire réélu ?"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=marche&from=hier", "hier"),
        ("q=marche&to=31/02/2020", "31/02/2020"),
        ("q=marche&page=z%C3%A9ro", "zéro"),
        ("q=marche&from=2023&to=2022", "2023 vient après"),
        ("q=" + "mot+" * 300, "caractères"),
    ],
)
def test_what_cannot_be_used_is_said_beside_the_form(press: FlaskClient, query: str, said: str) -> None:
    page = parse(press, f"/?{query}", 400)
    assert said in words(page.xpath("//*[@role='alert']")[0])
    if "from=" in query:
        [field] = page.xpath("//input[@name='from']")
        assert field.get("value") in ("hier", "2023")
        assert page.get_element_by_id(field.get("aria-describedby").split()[0]) is not None
    assert page.xpath("//input[@id='q']/@value")[0].strip()


def test_an_article_is_marked_and_its_marks_are_linked(seeds: FlaskClient) -> None:
    page = parse(seeds, "/articles/001_5340395a9b0d3750?q=souverainete+kazakhstan")
    hits = page.find_class("hit")
    marks = [hit.xpath("./mark")[0].text for hit in hits]
    assert set(marks) == {"souveraineté", "Kazakhstan"}
    assert [hit.get("id") for hit in hits] == [f"p{number}" for number in range(1, len(hits) + 1)]
    assert page.xpath("//a[@class='first']/@href") == ["#p1"]
    targets = [hit.xpath(".//a/@href") for hit in hits]
    assert targets[0] == ["#p2", "#article"]
    assert targets[1] == ["#p1", "#p3", "#article"]
    assert targets[-1] == [f"#p{len(hits) - 1}", "#article"]
    assert f"{len(hits)} passages marqués" in words(page.find_class("marks")[0])


def test_marks_do_not_change_the_text(seeds: FlaskClient) -> None:
    article = seeds.get("/api/v1/articles/001_5340395a9b0d3750").json
    page = parse(seeds, "/articles/001_5340395a9b0d3750?q=kazakhstan+russie+diplomatie+soutien")
    for hop in page.find_class("hop"):
        assert "hidden" in hop.attrib, "without the style sheet it is no part of the text"
        hop.drop_tree()
    shown = [
        line.text_content()
        for line in page.xpath("//article/p[not(@class='back' or contains(@class, 'identity'))]")
    ]
    assert shown == article["lead"].split("\n") + article["text"].split("\n")
    assert page.xpath("//h1")[0].text_content() == article["title"]


def test_what_surrounded_an_article_is_kept_apart(seeds: FlaskClient) -> None:
    page = parse(seeds, "/articles/001_5340395a9b0d3750?q=kazakhstan")
    [outside] = page.find_class("outside")
    assert outside.tag == "details"
    assert "Partager cet article" in outside.text_content()
    body = "".join(line.text_content() for line in page.xpath("//article/p"))
    assert "Partager cet article" not in body


def test_an_article_remembers_the_search_it_was_found_by(press: FlaskClient) -> None:
    page = parse(press, "/?q=marche&page=2&sort=newest&source=Le+Courrier&source=La+Gazette+du+canton")
    address = page.xpath("//ol[@class='hits']//h2/a/@href")[0]
    article = parse(press, address)
    back = article.xpath("//p[@class='back']/a/@href")
    assert back == ["/?q=marche&page=2&sort=newest&source=Le+Courrier&source=La+Gazette+du+canton"]
    assert not parse(press, address.partition("?")[0]).find_class("back")


def test_metadata_of_an_article_in_french(press: FlaskClient) -> None:
    page = parse(press, "/articles/gazette/08")
    assert words(page.find_class("kicker")[0]) == "Le Courrier"
    assert words(page.find_class("byline")[0]) == "Par Paul Lenoir 3 septembre 2019"
    assert page.xpath("//article//time/@datetime") == ["2019-09-03"]


def test_articles_of_any_id_are_reached_from_the_results(
    press: FlaskClient, odd_ids: tuple[str, ...]
) -> None:
    reached = set()
    for number in (1, 2):
        for address in parse(press, f"/?q=etrangete&page={number}").xpath("//ol[@class='hits']//h2/a/@href"):
            page = parse(press, address)
            reached.add(page.xpath("//p[contains(@class, 'identity')]/code")[0].text_content())
    assert reached == set(odd_ids)


def test_an_address_that_is_not_of_the_web_is_no_link(press: FlaskClient) -> None:
    for address in parse(press, "/?q=etrangete").xpath("//ol[@class='hits']//h2/a/@href"):
        assert not [href for href in parse(press, address).xpath("//@href") if "javascript" in href]


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/nulle-part", 404, "Page introuvable"),
        ("/articles/nulle-part", 404, "Article introuvable"),
        ("/static/nulle-part.css", 404, "Page introuvable"),
        ("/feed.atom", 400, "Demande incorrecte"),
        ("/?q=" + "a" * 70_000, 414, "Adresse trop longue"),
    ],
)
def test_error_pages(seeds: FlaskClient, address: str, status: int, said: str) -> None:
    page = parse(seeds, address, status)
    assert words(page.xpath("//h1")[0]) == said


def test_a_form_posted_is_refused_in_french(seeds: FlaskClient) -> None:
    answer = seeds.post("/", data={"q": "reelu"})
    assert (answer.status_code, answer.mimetype) == (405, "text/html")
    assert "GET" in answer.headers["Allow"]
    assert "Méthode refusée" in answer.text


def test_assets_are_kept_for_good_under_an_address_that_changes_with_them(seeds: FlaskClient) -> None:
    page = parse(seeds, "/aide")
    assets = page.xpath("//link[@rel='stylesheet' or @rel='icon']/@href | //script/@src")
    assert len(assets) == 3
    for address in assets:
        with seeds.get(address) as current, seeds.get(address.partition("?")[0] + "?v=ancien") as other:
            assert current.status_code == 200
            assert "immutable" in current.headers["Cache-Control"]
            assert other.headers["Cache-Control"] == "no-cache"
        with seeds.get(address, headers={"If-None-Match": current.headers["ETag"]}) as again:
            assert again.status_code == 304


@pytest.mark.parametrize(
    "address", ["/", "/?q=marche", "/articles/gazette/08", "/aide", "/aide/api", "/nulle-part"]
)
def test_every_address_on_a_page_answers(press: FlaskClient, address: str) -> None:
    page = html.fromstring(press.get(address).text)
    addresses = set(page.xpath("//a/@href | //link/@href | //script/@src | //form/@action"))
    assert addresses
    for href in addresses:
        path, _, anchor = href.partition("#")
        if not path:
            assert page.xpath(f"//*[@id='{anchor}']"), href
            continue
        with press.get(path) as answer:
            assert answer.status_code == 200, href
