"""Does docs/query-language.md tell the truth? Every example of it is asked of a real index."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from index.errors import LimitExceeded
from search import Engine, SearchRequest, SearchResults, syntax

DOC = Path(__file__).parents[2] / "docs" / "query-language.md"
LIMITS = {
    "max_query_length": syntax.MAX_QUERY_LENGTH,
    "max_query_terms": syntax.MAX_QUERY_TERMS,
    "max_query_depth": syntax.MAX_QUERY_DEPTH,
    "max_query_expansions": syntax.MAX_QUERY_EXPANSIONS,
    "max_query_seconds": syntax.MAX_QUERY_SECONDS,
    "min_prefix_length": syntax.MIN_PREFIX_LENGTH,
    "max_spellings": syntax.MAX_SPELLINGS,
    "max_guessed_words": syntax.MAX_GUESSED_WORDS,
    "max_distance": syntax.MAX_DISTANCE,
    "max_slop": syntax.MAX_SLOP,
}
BEYOND = {  # a query beyond each limit that refuses, in the order of the page
    "max_query_length": "a" * (syntax.MAX_QUERY_LENGTH + 1),
    "max_query_terms": "mot " * (syntax.MAX_QUERY_TERMS + 1),
    "max_query_depth": "(" * (syntax.MAX_QUERY_DEPTH + 1) + "mot",
    "max_query_expansions": "mot* " * (syntax.MAX_QUERY_EXPANSIONS + 1),
}


def tables() -> Iterator[list[dict[str, str]]]:
    """Give each table of the page as its rows, by the names of the columns."""
    for block in re.findall(r"(?:^\|.*\|\n)+", DOC.read_text(encoding="utf-8"), re.MULTILINE):
        head, _, *rows = [
            [cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()
        ]
        yield [dict(zip(head, row, strict=True)) for row in rows]


def table_of(column: str) -> list[dict[str, str]]:
    return [row for table in tables() for row in table if column in row]


ARTICLES = table_of("Article")
FOUND = [row for row in table_of("It finds") if len(row) == 2]
ORDERED = table_of("It finds, in this order")
SET_ASIDE = table_of("Set aside")
CORRECTED = table_of("It searches")
SPELLINGS = table_of("Other spellings")
NOT_GUESSED = table_of("Not guessed")
OFFERED = table_of("Offered")
GUESSES = {"typo", "sound", "split", "variant"}


def code(cell: str) -> str:
    (inside,) = re.findall(r"^`(.*)`$", cell)
    return str(inside)


def typed(row: dict[str, str]) -> str:
    return code(row["You type"])


def names(cell: str) -> list[str]:
    return [] if cell == "–" else cell.split(", ")


@pytest.fixture(scope="module")
def engine(open_articles: Callable[[Iterable[Any]], Engine]) -> Engine:
    keys = {"id": "Article", "title": "Title", "source": "Source", "author": "Author", "date": "Date"}
    return open_articles(
        [
            {"text": row["Text"].replace("<br>", "\n")}
            | {key: row[name] for key, name in keys.items() if row[name]}
            for row in ARTICLES
        ]
    )


def found(engine: Engine, query: str) -> list[str]:
    return [hit.article_id for hit in engine.search(SearchRequest(query)).hits]


def test_the_page_has_examples() -> None:
    assert (len(ARTICLES), len(ORDERED) > 6, len(SET_ASIDE) > 8, len(FOUND) > 60) == (8, True, True, True)
    assert min(len(CORRECTED), len(NOT_GUESSED), len(OFFERED)) > 5
    assert len(SPELLINGS) > 2


@pytest.mark.parametrize("row", FOUND, ids=typed)
def test_what_the_page_says_is_found(engine: Engine, row: dict[str, str]) -> None:
    assert sorted(found(engine, typed(row))) == names(row["It finds"])
    assert row["It finds"] == "–" or not engine.search(SearchRequest(typed(row))).ignored


@pytest.mark.parametrize("row", ORDERED, ids=typed)
def test_the_order_that_the_page_gives(engine: Engine, row: dict[str, str]) -> None:
    assert found(engine, typed(row)) == names(row["It finds, in this order"])


@pytest.mark.parametrize("row", SET_ASIDE, ids=typed)
def test_what_the_page_says_is_set_aside(engine: Engine, row: dict[str, str]) -> None:
    results = engine.search(SearchRequest(typed(row)))
    said = {(ignored.text, ignored.reason) for ignored in results.ignored}
    assert (row["Set aside"].strip("`"), row["Because"]) in said
    assert sorted(hit.article_id for hit in results.hits) == names(row["It finds"])


def search(engine: Engine, query: str) -> SearchResults:
    return engine.search(SearchRequest(query))


def guesses(results: SearchResults) -> list[tuple[str, str, str | None]]:
    return [(", ".join(one.forms), one.kind, one.undo) for one in results.expansions if one.kind in GUESSES]


@pytest.mark.parametrize("row", CORRECTED, ids=typed)
def test_what_the_page_says_was_meant(engine: Engine, row: dict[str, str]) -> None:
    results = search(engine, typed(row))
    assert sorted(hit.article_id for hit in results.hits) == names(row["It finds"])
    undo = code(row["As it was typed"])
    assert guesses(results) == [(row["It searches"], row["Kind"], undo)]
    assert guesses(search(engine, undo)) == []


def test_the_page_shows_every_kind_of_correction() -> None:
    assert {row["Kind"] for row in CORRECTED} == GUESSES - {"variant"}


@pytest.mark.parametrize("row", SPELLINGS, ids=typed)
def test_the_other_spellings_that_the_page_gives(engine: Engine, row: dict[str, str]) -> None:
    undo = code(row["As it was typed"])
    assert guesses(search(engine, typed(row))) == [(row["Other spellings"], "variant", undo)]
    assert guesses(search(engine, undo)) == []


@pytest.mark.parametrize("row", NOT_GUESSED, ids=typed)
def test_what_the_page_says_is_not_guessed(engine: Engine, row: dict[str, str]) -> None:
    results = search(engine, typed(row))
    assert guesses(results) == []
    assert sorted(hit.article_id for hit in results.hits) == names(row["It finds"])
    there = f"{row['Not guessed']} OU auteur:{row['Not guessed']}"
    assert search(engine, there).total, "the index has no such word to guess"


@pytest.mark.parametrize("row", OFFERED, ids=typed)
def test_what_the_page_says_is_offered(engine: Engine, row: dict[str, str]) -> None:
    results = search(engine, typed(row))
    assert sorted(hit.article_id for hit in results.hits) == names(row["It finds"])
    assert list(results.suggestions) == [code(cell) for cell in names(row["Offered"])]


def test_every_field_is_on_the_page() -> None:
    rows = table_of("Field")
    listed = {name.strip("`:") for row in rows for name in (row["Field"], row["Also"]) if name}
    assert listed == set(syntax.FIELD_CALLED)
    for row in rows:
        if row["Also"]:
            called = syntax.FIELD_CALLED
            assert called[row["Field"].strip("`:")] == called[row["Also"].strip("`:")]


def test_every_limit_is_on_the_page() -> None:
    assert {row["Limit"].strip("`"): int(row["Value"]) for row in table_of("Limit")} == LIMITS
    refusing = [row["Limit"].strip("`") for row in table_of("Limit")][: len(BEYOND)]
    assert refusing == [*BEYOND]


@pytest.mark.parametrize("limit", BEYOND)
def test_a_query_beyond_a_limit_is_refused_with_its_name(engine: Engine, limit: str) -> None:
    with pytest.raises(LimitExceeded) as caught:
        search(engine, BEYOND[limit])
    assert caught.value.limit == limit
