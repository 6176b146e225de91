"""What the engine promises: exact totals, whole pages, a steady order, and one generation an answer."""

from __future__ import annotations

import gc
import itertools
import json
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from index import store
from index.analysis import analyze
from index.errors import (
    DepecheError,
    IndexDamaged,
    IndexMissing,
    IndexOutdated,
    InvalidInput,
    LimitExceeded,
)
from search import Engine, SearchRequest, open_index

OpenArticles = Callable[[Iterable[Any]], Engine]

COUNT = 57
SOURCES = ("AFP", "Le Monde", "Libération", None)
DATES = ("2021", "2021-07", "2022-03-04", "2022-03-04T10:30", "2023-01-01", None)


def ids(engine: Engine, text: str, **wanted: Any) -> list[str]:
    return [hit.article_id for hit in engine.search(SearchRequest(text, **wanted)).hits]


@pytest.fixture(scope="module")
def engine(open_articles: OpenArticles) -> Engine:
    articles = []
    for number in range(COUNT):
        article: dict[str, Any] = {
            "title": f"Le marché du canton {number}",
            "text": "Le marché a réuni les exposants. " * (number % 5 + 1),
            "source": SOURCES[number % 4],
            "date": DATES[number % 6],
            "author": "Jeanne Dupré" if number % 2 else None,
        }
        articles.append({key: value for key, value in article.items() if value is not None})
    return open_articles([*articles, {"title": "Autre chose", "text": "Rien à voir avec le reste."}])


# --- totals and pages -----------------------------------------------------------------------------------


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
@pytest.mark.parametrize("size", [1, 7, 10, 57, 100])
def test_pages_partition_the_results(engine: Engine, sort: Any, size: int) -> None:
    whole = ids(engine, "marché", limit=1_000, sort=sort)
    paged: list[str] = []
    for offset in range(0, COUNT + 2 * size, size):
        results = engine.search(SearchRequest("marché", limit=size, offset=offset, sort=sort))
        assert results.total == COUNT
        assert results.total_relation == "eq"
        assert len(results.hits) == max(0, min(size, COUNT - offset))
        paged += [hit.article_id for hit in results.hits]
    assert paged == whole
    assert sorted(whole, key=int) == [str(number) for number in range(COUNT)]


@pytest.mark.parametrize(("limit", "offset"), [(0, 0), (0, 30), (10, COUNT), (10, 10**9)])
def test_an_empty_page_still_has_the_total(engine: Engine, limit: int, offset: int) -> None:
    results = engine.search(SearchRequest("marché", limit=limit, offset=offset))
    assert (results.total, results.hits) == (COUNT, ())


@pytest.mark.parametrize("text", ["", "   ", "licorne", "…", "()", "+licorne marché"])
def test_nothing_found(engine: Engine, text: str) -> None:
    results = engine.search(SearchRequest(text, facets=("source", "year")))
    assert (results.total, results.hits) == (0, ())
    assert dict(results.facets) == {"source": (), "year": ()}


@pytest.mark.parametrize(
    "request_",
    [
        SearchRequest("marché", limit=-1),
        SearchRequest("marché", offset=-1),
        SearchRequest("marché", date_from="hier"),
        SearchRequest("marché", date_to="2023-13"),
        SearchRequest("marché", date_from="0000"),
        SearchRequest("marché", sort="date"),  # type: ignore[arg-type]
        SearchRequest("marché", facets=("author",)),  # type: ignore[arg-type]
        SearchRequest("marché", sources="AFP"),  # type: ignore[arg-type]
        SearchRequest("marché", authors="Jeanne Dupré"),  # type: ignore[arg-type]
    ],
    ids=str,
)
def test_a_request_without_sense_is_refused(engine: Engine, request_: SearchRequest) -> None:
    with pytest.raises(InvalidInput) as caught:
        engine.search(request_)
    assert "\n" not in str(caught.value)


def test_filters_alone_find_all_that_they_let_pass_the_newest_first(open_articles: OpenArticles) -> None:
    engine = open_articles(
        [
            {"id": "a", "text": "La pluie tombe.", "source": "AFP", "date": "2022"},
            {"id": "b", "text": "Le vent souffle.", "source": "Le Monde", "agency": "AFP", "date": "2023"},
            {"id": "c", "text": "La neige fond.", "source": "AFP", "date": "2024"},
            {"id": "d", "text": "Il gèle.", "source": "Le Monde diplomatique"},
        ]
    )

    def found(**filters: Any) -> list[str]:
        return ids(engine, "", **filters)

    assert found() == []
    assert found(sources=("AFP",)) == ["c", "a"]  # and not what the agency wrote for others
    assert found(sources=("AFP",), sort="oldest") == ["a", "c"]
    assert found(sources=("Le Monde",)) == ["b"]
    assert found(sources=("monde",)) == ["b", "d"]  # no publication is written so
    assert found(date_from="2023") == ["c", "b"]


def test_what_is_offered_finds_more_under_the_same_filters(open_articles: OpenArticles) -> None:
    engine = open_articles(
        [
            {"text": "La neige fond.", "source": "Le Monde"},
            {"text": "Le vent souffle.", "source": "AFP"},
        ]
    )
    assert engine.search(SearchRequest("titre:neige")).suggestions == ("neige",)
    assert engine.search(SearchRequest("titre:neige", sources=("AFP",))).suggestions == ()


def test_hits_say_what_the_article_says(open_articles: OpenArticles) -> None:
    article = {
        "id": "dépêches/2023#4",
        "title": "La paix signée",
        "text": "Les armes se taisent.",
        "date": "2023-02-28T14:30",
        "source": "AFP",
        "author": "Jeanne Dupré",
        "url": "https://exemple.fr/a?b=c",
    }
    (hit,) = open_articles([article]).search(SearchRequest("paix")).hits
    assert hit.article_id == article["id"]
    assert (hit.title, hit.date, hit.date_confidence) == (article["title"], article["date"], "declared")
    assert (hit.source, hit.author, hit.url) == (article["source"], article["author"], article["url"])
    assert hit.title_highlights == ((3, 7),)
    assert hit.score > 0


def test_hits_without_snippets_say_the_rest(seeds_engine: Engine) -> None:
    for _ in range(2):  # the second time, of what was kept
        bare = seeds_engine.search(SearchRequest("guerre Ukraine", snippets=False)).hits
        whole = seeds_engine.search(SearchRequest("guerre Ukraine")).hits
        assert bare
        unmarked = [hit._replace(snippets=(), title_highlights=(), title_reasons=()) for hit in whole]
        assert [*bare] == unmarked


# --- order ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("sort", "sign"), [("newest", -1), ("oldest", 1)])
def test_sorted_by_date_with_undated_last(engine: Engine, sort: Any, sign: int) -> None:
    hits = engine.search(SearchRequest("marché", limit=100, sort=sort)).hits
    dated = [hit.date for hit in hits if hit.date]
    assert [hit.date for hit in hits[: len(dated)]] == dated
    assert len(dated) == sum(DATES[number % 6] is not None for number in range(COUNT))
    order = [date for date in DATES if date]  # a year stands before its months, a day before its hours
    places = [sign * order.index(date) for date in dated]
    assert places == sorted(places)


def test_of_the_same_date_the_best_comes_first(open_articles: OpenArticles) -> None:
    articles = [
        {
            "title": "—",
            "text": "La paix, après bien des mois de guerre et de palabres.",
            "date": "2023-02-28",
        },
        {"title": "La paix", "text": "La paix enfin.", "date": "2023-02-28"},
        {"title": "—", "text": "La paix encore.", "date": "2022-02-28"},
    ]
    assert ids(open_articles(articles), "paix", sort="newest") == ["1", "0", "2"]
    assert ids(open_articles(articles), "paix", sort="oldest") == ["2", "1", "0"]


def test_ties_keep_the_order_of_the_index(open_articles: OpenArticles) -> None:
    engine = open_articles(["La paix est signée"] * 30)
    expected = [str(number) for number in range(30)]
    for _ in range(3):
        assert ids(engine, "paix", limit=30) == expected
        assert ids(engine, "paix", limit=3, offset=6) == expected[6:9]


TIERS = [  # more of the words first, whatever each is worth
    ("paix ukraine licorne", ["toutes", "deux", "une"]),
    ("licorne paix ukraine", ["toutes", "deux", "une"]),
    ("la paix en Ukraine, une licorne", ["toutes", "deux", "une"]),
]


@pytest.mark.parametrize(("query", "order"), TIERS)
def test_articles_with_all_words_come_first(
    open_articles: OpenArticles, query: str, order: list[str]
) -> None:
    filler = "Le vent souffle sur la plaine et la pluie tombe depuis hier. " * 20
    engine = open_articles(
        [
            {"id": "une", "title": "Licorne", "text": "Licorne, licorne, licorne."},
            {"id": "deux", "title": "La paix", "text": "La paix en Ukraine."},
            {"id": "toutes", "text": f"{filler} La paix, une licorne. {filler} En Ukraine. {filler}"},
            *["La plaine sous la pluie."] * 10,
        ]
    )
    results = engine.search(SearchRequest(query))
    assert [hit.article_id for hit in results.hits] == order
    assert results.interpreted.startswith("tous ces mots d’abord")


HOMOGRAPHS = [
    ("marché", "marche"),
    ("pêcheur", "pécheur"),
    ("côte", "cote"),
    ("côté", "cote"),
    ("côte", "côté"),
    ("tâche", "tache"),
    ("forêt", "foret"),
    ("pâte", "pâté"),
    ("mûr", "mur"),
    ("jeûne", "jeune"),
    ("congrès", "congres"),
    ("boîte", "boite"),
    ("élevé", "élève"),
]


@pytest.mark.parametrize(("one", "other"), [*HOMOGRAPHS, *[(b, a) for a, b in HOMOGRAPHS]])
def test_the_form_typed_ranks_first(open_articles: OpenArticles, one: str, other: str) -> None:
    written = [f"Voici un {other} de plus", f"Voici un {one} de plus", "Tout autre chose", "Rien encore"]
    assert ids(open_articles(written), one) == ["1", "0"]


def test_sur_is_a_function_word_and_sûr_is_not(open_articles: OpenArticles) -> None:
    engine = open_articles(["Un abri sûr", "Un débat sur Paris", "Paris est sûr"])
    assert ids(engine, "sûr") == ["0", "2"] or ids(engine, "sûr") == ["2", "0"]
    assert sorted(ids(engine, "sur")) == ["0", "2"]
    assert sorted(ids(engine, "sur Paris")) == ["1", "2"]
    assert ids(engine, "sûr Paris")[0] == "2"


# --- filters and facets ---------------------------------------------------------------------------------


def test_filters(engine: Engine) -> None:
    def numbers(**wanted: Any) -> set[int]:
        return {int(found) for found in ids(engine, "marché", limit=1_000, **wanted)}

    everything = range(COUNT)
    assert numbers(sources=("AFP",)) == {n for n in everything if n % 4 == 0}
    assert numbers(sources=("AFP", "Le Monde")) == {n for n in everything if n % 4 < 2}
    assert numbers(sources=("afp",)) == numbers(sources=("AFP",))
    assert numbers(authors=("jeanne DUPRE",)) == numbers(authors=("Jeanne Dupré",))
    assert numbers(authors=("dupre",)) == numbers(authors=("Jeanne Dupré",))
    assert numbers(authors=("",)) == numbers(authors=("Dup",)) == set()
    assert numbers(sources=("Inconnue",)) == set()
    assert numbers(authors=("Jeanne Dupré",)) == {n for n in everything if n % 2}
    assert numbers(sources=("AFP",), authors=("Jeanne Dupré",)) == set()
    assert numbers(date_from="2022") == {n for n in everything if n % 6 in (2, 3, 4)}
    assert numbers(date_to="2021") == {n for n in everything if n % 6 in (0, 1)}
    assert numbers(date_from="2021-07", date_to="2022-03-04") == {n for n in everything if n % 6 in (1, 2, 3)}
    assert numbers(date_from="2024") == set()
    assert numbers(date_from="2023", date_to="2022") == set()


def test_facets_count_all_articles_found(engine: Engine) -> None:
    results = engine.search(SearchRequest("marché", limit=3, facets=("source", "year")))
    sources = Counter(SOURCES[number % 4] for number in range(COUNT))
    expected = sorted(((name, count) for name, count in sources.items() if name), key=lambda p: (-p[1], p[0]))
    assert [(facet.value, facet.count) for facet in results.facets["source"]] == expected
    years = Counter((DATES[number % 6] or "")[:4] for number in range(COUNT))
    assert [(facet.value, facet.count) for facet in results.facets["year"]] == [
        (year, years[year]) for year in ("2023", "2022", "2021")
    ]
    filtered = engine.search(SearchRequest("marché", sources=("AFP",), facets=("source",)))
    assert [(facet.value, facet.count) for facet in filtered.facets["source"]] == [("AFP", sources["AFP"])]
    assert engine.search(SearchRequest("marché")).facets == {}


def test_a_facet_is_the_search_it_offers(engine: Engine) -> None:
    facets = engine.search(SearchRequest("marché", facets=("source", "year"))).facets
    assert all(facets.values())
    for source in facets["source"]:
        assert engine.search(SearchRequest("marché", sources=(source.value,))).total == source.count
    for year in facets["year"]:
        wanted = SearchRequest("marché", date_from=year.value, date_to=year.value)
        assert engine.search(wanted).total == year.count


def test_articles_without_source_nor_date(open_articles: OpenArticles) -> None:
    engine = open_articles(["La paix est signée", "La paix est rompue"])
    results = engine.search(SearchRequest("paix", sort="newest", facets=("source", "year")))
    assert results.total == 2
    assert dict(results.facets) == {"source": (), "year": ()}
    assert ids(engine, "paix", date_from="1900") == []
    assert ids(engine, "date:[0001 à 9999]") == []


# --- accents --------------------------------------------------------------------------------------------


def without_accents(word: str) -> str:
    for ligature, letters in (("œ", "oe"), ("æ", "ae"), ("ß", "ss")):
        word = word.replace(ligature, letters)
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def test_accents_never_change_what_is_found(seeds_engine: Engine, open_articles: OpenArticles) -> None:
    """Every word of the sample articles and of the golden rows, typed with its accents and without."""
    golden = Path(__file__).parents[1] / "data" / "golden"
    lines = [line for path in sorted(golden.glob("*.tsv")) for line in path.read_text("utf-8").split("\n")]
    texts = [line.split("\t")[2] for line in lines if line and not line.startswith("#")]
    texts = [text for text in texts if not text.startswith("{")]
    asked = 0
    for engine, read in (
        (seeds_engine, [seed_text(seeds_engine, name) for name in ids(seeds_engine, "-licorne", limit=99)]),
        (open_articles(texts), texts),
    ):
        accented = {token.form for text in read for token in analyze(text) if token.form != token.fold}
        for form in sorted(accented):
            plain = without_accents(form)
            assert set(ids(engine, form, limit=9_999)) == set(ids(engine, plain, limit=9_999)), (form, plain)
            asked += 1
    assert asked > 400


def seed_text(engine: Engine, name: str) -> str:
    view = engine.view(name)
    assert view is not None
    return f"{view.article.title}\n{view.article.lead}\n{view.article.text}"


# --- views, suggestions, explanations, statistics ---------------------------------------------------------


def test_view_marks_every_zone(open_articles: OpenArticles) -> None:
    article = {"title": "L’élu réélu", "lead": "Réélus, ils fêtent.", "text": "Il a été réélu.\nDeux élus."}
    view = open_articles([article]).view("0", "reelu")
    assert view is not None
    marked = {
        zone: [getattr(view.article, zone)[start:end] for start, end in spans]
        for zone, spans in view.highlights.items()
    }
    assert marked == {"title": ["réélu"], "lead": ["Réélus"], "text": ["réélu"], "boilerplate": []}


@pytest.mark.parametrize("article_id", ["", "inconnu", "\0", "\ud800", "x" * 100_000, "0 ", "00"])
def test_an_unknown_article_is_none(engine: Engine, article_id: str) -> None:
    assert engine.view(article_id, "marché") is None
    assert engine.explain("marché", article_id) is None


def test_view_without_a_query_marks_nothing(engine: Engine) -> None:
    view = engine.view("3", "  ")
    assert view is not None
    assert set(view.highlights.values()) == {()}
    assert view.generation == engine.generation


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("elec", ("élection", "électeurs")),
        ("élec", ("élection", "électeurs")),
        ("ÉLECTI", ("élection",)),
        ("vote des elect", ("vote des élection", "vote des électeurs")),
        ("électeurs", ("électeurs",)),
        ("e", ()),
        ("", ()),
        ("xylo", ()),
        ("vote ", ()),
        ("ell", ()),  # a function word finds nothing beside other words
    ],
)
def test_suggestions_have_their_accents_back(
    open_articles: OpenArticles, typed: str, completed: tuple[str, ...]
) -> None:
    engine = open_articles(["Une élection", "L’élection", "Une election", "Les électeurs", "Elle vote"])
    assert engine.suggest(typed) == completed
    assert engine.suggest(typed, limit=1) == completed[:1]


def test_however_much_stands_before_it_is_kept(open_articles: OpenArticles) -> None:
    engine = open_articles([{"text": "La grève des cheminots", "source": "Le Progrès"}])
    before = "premier " + "mot " * 100
    assert engine.suggest(before + "chemi") == (before + "cheminots",)
    assert engine.suggest(before + "source:prog") == (f'{before}source:"Le Progrès"',)


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("source:le", ('source:"Le Monde"', 'source:"Le Temps"', 'source:"Courrier de Lémy"')),
        ('source:"le m', ('source:"Le Monde"',)),
        ("élection SOURCE:mon", ('élection SOURCE:"Le Monde"',)),
        ("élection -source:euro", ('élection -source:"Euronews"',)),
        ("(source:EURO", ('(source:"Euronews"',)),
        ("auteur:jeann", ('auteur:"Jeanne Dupré-Roy"',)),
        ('author:"jeanne dupr', ('author:"Jeanne Dupré-Roy"',)),
        ("auteur:« jeanne d", ('auteur:"Jeanne Dupré-Roy"',)),
        ("source:e", ('source:"ET"', 'source:"Euronews"')),  # it is no operator
        ("l’auteur:jeann", ()),  # no field
        ("source:obs", ('source:"L’Obs"',)),
        ("source:l'o", ('source:"L’Obs"',)),
        ("source:xylo", ()),
        ("source:", ()),
        ('source:"Le Monde"', ()),  # it is whole
        ("titre:élec", ()),  # a word, but of texts
        ("texte:élec", ("texte:élection",)),
        ("texte:l'élec", ("texte:l'élection",)),
        ("titre:l'élec", ()),
        ("titre:(une élec", ()),
        ("-texte:élec", ("-texte:élection",)),
        ("date:20", ()),
        ("ressource:élec", ("ressource:élection",)),  # no field
    ],
)
def test_names_are_completed_behind_their_fields(
    open_articles: OpenArticles, typed: str, completed: tuple[str, ...]
) -> None:
    names = ["Le Temps", "Le Monde", "Le Monde", "Euronews", "Courrier de Lémy", "ET", 'Le "Canard"', "L’Obs"]
    engine = open_articles(
        {"text": "Une élection", "source": name, "author": "Jeanne Dupré-Roy"} for name in names
    )
    assert engine.suggest(typed) == completed
    for query in completed:
        if not query.startswith("-"):
            assert engine.search(SearchRequest(query)).total, query


NAMED = (
    {"id": "m6", "text": "La grève continue", "source": "M6", "author": "X2"},
    {"id": "f24", "text": "La grève finit", "source": "France 24", "author": "Anne Martin"},
    {"id": "fr24", "text": "La grève finira", "source": "France24", "author": "Jean-Luc Durand"},
    {"id": "lm", "text": "La grève est finie", "source": "Le Monde", "author": "Anne Martin, Paul Lenoir"},
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("source:M6", {"m6"}),
        ("grève -source:m6", {"f24", "fr24", "lm"}),
        ("grève SAUF source:M6", {"f24", "fr24", "lm"}),
        ("auteur:x2", {"m6"}),
        ("source:france24", {"f24", "fr24"}),
        ('source:"France 24"', {"f24"}),
        ("auteur:jean-luc", {"fr24"}),
        ("auteur:jeanluc", {"fr24"}),
        ("source:M7", set()),
    ],
)
def test_names_with_digits_and_hyphens_are_searched_whole_and_in_parts(
    open_articles: OpenArticles, query: str, expected: set[str]
) -> None:
    found = open_articles(NAMED).search(SearchRequest(query))
    assert {hit.article_id for hit in found.hits} == expected


def test_a_name_with_digits_that_is_in_no_text_is_offered_in_its_field(open_articles: OpenArticles) -> None:
    assert open_articles(NAMED).search(SearchRequest("x2")).suggestions == ("auteur:x2",)


@pytest.mark.parametrize(
    ("query", "offered"),
    [
        ("source:le monde", 'source:"le monde"'),
        ("source:le monde finie", None),  # it finds the article already, by its words
        ("source:le monde -paix", 'source:"le monde" -paix'),
        ("auteur:jean luc durand", 'auteur:"jean luc durand"'),
        ("auteur:paul lenoir finie", None),
        ("source:le temps", None),
    ],
)
def test_a_name_typed_apart_behind_its_field_is_offered_whole(
    open_articles: OpenArticles, query: str, offered: str | None
) -> None:
    engine = open_articles(NAMED)
    suggestions = engine.search(SearchRequest(query)).suggestions
    assert suggestions[:1] == ((offered,) if offered else ())
    for suggestion in suggestions:
        assert engine.search(SearchRequest(suggestion)).total > engine.search(SearchRequest(query)).total


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("Anne Martin", {"f24", "lm"}),
        ("paul lenoir", {"lm"}),
        ("Anne Martin, Paul Lenoir", {"lm"}),
        ("Martin", {"f24", "lm"}),
        ("Martin Lenoir", set()),
    ],
)
def test_one_of_several_authors_is_enough_for_the_filter(
    open_articles: OpenArticles, author: str, expected: set[str]
) -> None:
    found = open_articles(NAMED).search(SearchRequest("grève", authors=(author,)))
    assert {hit.article_id for hit in found.hits} == expected


@pytest.mark.parametrize(
    "query",
    [
        "paix",
        "paix ukraine",
        "traité guerre ukraine",
        "paix licorne",
        '"la paix" ukraine',
        "paix -guerre",
        "trai*",
        "sign~",
    ],
)
def test_an_explanation_adds_up_to_the_score(open_articles: OpenArticles, query: str) -> None:
    engine = open_articles(
        [
            {"title": "La paix", "text": "La paix en Ukraine est signée : le traité tient."},
            {"title": "—", "text": "La guerre et la paix selon l’Ukraine, sans aucun traité ni signe."},
            "Rien de tout cela",
        ]
    )
    for hit in engine.search(SearchRequest(query)).hits:
        explanation = engine.explain(query, hit.article_id)
        assert explanation is not None
        assert explanation.matched
        assert explanation.score == explanation.parts[0].score == pytest.approx(hit.score, abs=1e-6)
        given = sum(part.score for part in explanation.parts if part.detail)
        assert given == pytest.approx(hit.score, abs=1e-6)
    absent = engine.explain(query, "2")
    assert absent is not None
    assert (absent.matched, absent.score) == (False, 0.0)


@pytest.mark.parametrize("query", ["weekend", "week-end", "week end", "porte-parole"])
def test_of_several_ways_to_write_one_thing_the_best_is_what_ranked(
    open_articles: OpenArticles, query: str
) -> None:
    """Each way was shown with a rarity of its own, and none gave the score of the article."""
    engine = open_articles(
        [
            "Un week-end à la mer, un weekend calme.",
            "Le weekend commence avec le porte-parole.",
            "Le porteparole aime le week end.",
            *["Rien de tout cela"] * 5,
        ]
    )
    best_of = 0
    for hit in engine.search(SearchRequest(query)).hits:
        explanation = engine.explain(query, hit.article_id)
        assert explanation is not None
        for at, part in enumerate(explanation.parts):
            if part.label.startswith("la meilleure") and part.matched:
                after = explanation.parts[at + 1 :]
                inside = list(itertools.takewhile(lambda each: each.depth > part.depth, after))  # noqa: B023
                ways = [each.score for each in inside if each.depth == part.depth + 1]
                assert max(ways) == pytest.approx(part.score, abs=1e-6)
                best_of += len(ways) > 1
    assert best_of


def test_stats_agree_with_the_articles(engine: Engine) -> None:
    stats = engine.stats()
    assert (stats.articles, stats.sources) == (COUNT + 1, 3)
    assert stats.oldest == "2021"
    assert stats.newest == "2023-01-01"
    assert stats.generation == engine.generation == "000001"
    assert stats.size_bytes > 0
    assert stats.text_bytes > COUNT * len("Le marché a réuni les exposants.")
    words = {"le", "marché", "du", "canton", "a", "réuni", "les", "exposants", "autre", "chose", "rien", "à"}
    words |= {"voir", "avec", "reste"} | {str(number) for number in range(COUNT)}
    assert stats.distinct_forms == len(words)


# --- generations ----------------------------------------------------------------------------------------


def edition(number: int) -> list[dict[str, str]]:
    """Articles that say which generation they are of, and one more of them each time."""
    return [
        {
            "id": f"{number}/{place}",
            "title": f"Édition {number}",
            "text": f"Édition {number}.",
            "source": str(number),
        }
        for place in range(20 + number)
    ]


def held_files(folder: Path) -> list[str]:
    """Files of a folder, removed ones included, that this process has open or mapped."""
    held = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            held.append(str(descriptor.readlink()))
        except FileNotFoundError:  # the descriptor that listed the folder
            continue
    held += [
        line.split(maxsplit=5)[5] for line in Path("/proc/self/maps").read_text().splitlines() if "/" in line
    ]
    return sorted({path for path in held if path.startswith(str(folder))})


needs_proc = pytest.mark.skipif(
    not Path("/proc/self/maps").exists(), reason="open files are read from /proc, which is not here"
)


@needs_proc
def test_searches_go_on_while_generations_change(press: Any) -> None:
    press.publish(edition(1))
    done = threading.Event()
    with open_index(press.index_path) as engine:

        def search_on() -> Counter[str]:
            seen: Counter[str] = Counter()
            while not done.is_set() or seen.total() < 50:
                wanted = SearchRequest("édition", limit=100, facets=("source",))
                results = engine.search(wanted)
                number = int(results.generation)
                assert results.total == len(results.hits) == 20 + number
                assert {hit.title for hit in results.hits} == {f"Édition {number}"}
                assert [(f.value, f.count) for f in results.facets["source"]] == [(str(number), 20 + number)]
                assert all(
                    snippet.text == f"Édition {number}." for hit in results.hits for snippet in hit.snippets
                )
                seen[results.generation] += 1
            return seen

        with ThreadPoolExecutor(8) as threads:
            running = [threads.submit(search_on) for _ in range(8)]
            try:
                for number in range(2, 7):
                    press.publish(edition(number))
            finally:
                done.set()
            seen = sum((future.result() for future in running), Counter())
        assert seen.total() >= 8 * 50
        assert len(seen) > 1, "no search saw a generation change"
        assert engine.search(SearchRequest("édition")).generation == "000006"
        generations = {Path(path).parent.name for path in held_files(press.index_path)}
        assert generations == {"000006"}
    assert held_files(press.index_path) == []


def test_an_engine_follows_updates_and_rollbacks(press: Any) -> None:
    press.publish(["La paix est signée", "La guerre continue"])
    with open_index(press.index_path) as engine:
        assert (engine.generation, ids(engine, "paix")) == ("000001", ["0"])
        press.amend(["La paix est rompue", "La guerre continue", "La paix renaît"])
        assert (engine.generation, sorted(ids(engine, "paix"))) == ("000002", ["0", "2"])
        assert ids(engine, "signée") == []
        assert engine.stats().articles == 3
        store.rollback(press.index_path)
        assert (engine.generation, ids(engine, "signée")) == ("000001", ["0"])
        press.amend(["La guerre continue"])
        assert ids(engine, "paix signée rompue guerre") == ["0"]


def test_sources_are_not_mixed_up_where_a_segment_has_none(press: Any) -> None:
    bare = [{"id": f"nu{n}", "text": f"La paix numéro {n}"} for n in range(5)]
    signed = [{"id": f"afp{n}", "text": "La paix", "source": "AFP", "author": "Jeanne"} for n in range(3)]
    press.publish(bare)
    with open_index(press.index_path) as engine:
        for edited in ([*bare, *signed], [*bare, *signed, {"id": "seul", "text": "La paix"}]):
            press.amend(edited)
            results = engine.search(SearchRequest("paix", facets=("source",)))
            assert results.total == len(edited)
            assert [(facet.value, facet.count) for facet in results.facets["source"]] == [("AFP", 3)]
            for wanted in ({"sources": ("AFP",)}, {"authors": ("Jeanne",)}):
                assert sorted(ids(engine, "paix", **wanted)) == ["afp0", "afp1", "afp2"]


def test_a_damaged_new_generation_is_said_and_can_be_left(press: Any) -> None:
    press.publish(["La paix est signée"])
    with open_index(press.index_path) as engine:
        pointer = press.index_path / "CURRENT"
        pointer.unlink()
        pointer.write_text("000009\n")
        with pytest.raises(IndexDamaged):
            engine.search(SearchRequest("paix"))
        press.publish(["La paix est rompue"])
        assert ids(engine, "rompue") == ["0"]


def test_a_generation_of_another_version_leaves_the_open_one_in_service(press: Any) -> None:
    press.publish(["La paix est signée"])
    with open_index(press.index_path) as engine:
        press.publish(["La paix est rompue"])
        manifest = press.index_path / "generations" / "000002" / "manifest.json"
        manifest.write_text(manifest.read_text(encoding="utf-8").replace('"format": ', '"format": 9'))
        for _ in range(2):
            assert ids(engine, "signée") == ["0"]
        with pytest.raises(IndexOutdated):
            open_index(press.index_path)


def test_words_that_only_deleted_articles_have_are_not_in_the_index(press: Any) -> None:
    others = [{"id": f"n{n}", "text": f"Le gouvernement parle, fois {n}"} for n in range(9)]
    press.publish([*others, {"id": "faute", "text": "Le gouvernemant parle", "source": "Ailleurs"}])
    press.amend(others)
    asked = ("gouvernemant", "gouvernemanr", "gouvernemant~", "gouv*")
    with open_index(press.index_path) as engine:
        updated = {text: (sorted(ids(engine, text, limit=99)), engine.suggest("gouver")) for text in asked}
        stats = engine.stats()
    press.publish(others)
    with open_index(press.index_path) as engine:
        rebuilt = {text: (sorted(ids(engine, text, limit=99)), engine.suggest("gouver")) for text in asked}
        assert (stats.sources, stats.distinct_forms) == (0, engine.stats().distinct_forms)
    assert updated == rebuilt
    assert len(rebuilt["gouvernemant"][0]) == len(others)


@needs_proc
def test_a_closed_engine_lets_go_and_says_so(press: Any) -> None:
    press.publish(["La paix est signée"])
    engine = open_index(press.index_path)
    assert held_files(press.index_path)
    engine.close()
    engine.close()
    assert held_files(press.index_path) == []
    for call in (
        lambda: engine.search(SearchRequest("paix")),
        lambda: engine.view("0"),
        lambda: engine.suggest("paix"),
        lambda: engine.explain("paix", "0"),
        lambda: engine.stats(),
        lambda: engine.generation,
    ):
        with pytest.raises(DepecheError, match="fermé"):
            call()
    press.publish(["La paix est rompue"])
    with pytest.raises(DepecheError, match="fermé"):
        engine.search(SearchRequest("paix"))
    assert held_files(press.index_path) == []


@needs_proc
def test_calls_under_way_end_when_an_engine_is_closed(press: Any) -> None:
    press.publish(edition(1))
    engine = open_index(press.index_path)
    started = threading.Barrier(5)

    def search_on() -> int:
        answered = 0
        started.wait()
        while True:
            try:
                assert engine.search(SearchRequest("édition", limit=30)).total == len(edition(1))
            except DepecheError as error:
                if "fermé" not in str(error):
                    raise
                return answered
            answered += 1

    with ThreadPoolExecutor(4) as threads:
        running = [threads.submit(search_on) for _ in range(4)]
        started.wait()
        while engine.search(SearchRequest("édition")).total == 0:
            continue
        engine.close()
        for future in running:
            future.result()
    assert held_files(press.index_path) == []


def test_the_next_generation_is_opened_where_one_went_away_meanwhile(
    press: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.publish(["La paix est signée"])
    opening = store.open_generation
    overtaken = []

    def overtaken_once(index_path: Path, name: str | None = None) -> store.Generation:
        if not overtaken:
            overtaken.append(name)
            for _ in range(store.KEPT_GENERATIONS):
                press.publish(["La paix est rompue"])
        return opening(index_path, name)

    monkeypatch.setattr(store, "open_generation", overtaken_once)
    with open_index(press.index_path) as engine:
        assert overtaken == ["000001"]
        assert engine.generation == "000004"
        assert ids(engine, "rompue") == ["0"]


# --- opening --------------------------------------------------------------------------------------------


def test_no_index(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        open_index(tmp_path)
    with pytest.raises(IndexMissing):
        open_index(str(tmp_path / "nulle" / "part"))


@pytest.mark.parametrize("key", ["format", "schema", "analysis"])
def test_an_index_of_another_version(press: Any, key: str) -> None:
    press.publish(["La paix est signée"])
    path = press.index_path / "generations" / "000001" / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest[key] = 99 if key == "format" else "autre"
    path.write_text(json.dumps(manifest), "utf-8")
    with pytest.raises((IndexOutdated, IndexDamaged)) as caught:
        open_index(press.index_path)
    assert "depeche rebuild" in str(caught.value)


def damages(path: Path) -> Iterator[None]:
    whole = path.read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], b"\x7f" * len(whole), None):
        path.unlink()
        if damaged is not None:
            path.write_bytes(damaged)
        yield
    path.write_bytes(whole)


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # Whoosh leaves open what it cannot read
@pytest.mark.parametrize("pattern", ["*.depeche", "*.toc", "manifest.json"])
def test_damaged_files(press: Any, pattern: str) -> None:
    press.publish(["La paix est signée"])
    (path,) = (press.index_path / "generations" / "000001").glob(pattern)
    for _ in damages(path):
        with pytest.raises(IndexDamaged) as caught:
            open_index(press.index_path)
        assert "\n" not in str(caught.value)
        del caught
    gc.collect()  # while the warning is ignored
    with open_index(press.index_path) as engine:
        assert ids(engine, "paix") == ["0"]


def test_limits_reach_the_caller(engine: Engine) -> None:
    for call in (engine.search, lambda request: engine.view("0", request.text)):
        with pytest.raises(LimitExceeded) as caught:
            call(SearchRequest("a" * 1_001))
        assert caught.value.limit == "max_query_length"


def test_a_whole_passage_is_found_by_a_quotation_of_it(seeds_engine: Engine) -> None:
    article = seeds_engine.search(SearchRequest("réélu")).hits[0].article_id
    view = seeds_engine.view(article)
    assert view
    passage = " ".join(re.findall(r"\w+", view.article.text)[:75])
    for operator in ("", "~5"):
        found = seeds_engine.search(SearchRequest(f'"{passage}"{operator}'))
        assert [hit.article_id for hit in found.hits] == [article]
