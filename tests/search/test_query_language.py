"""Does docs/query-language.md tell the truth? Every example of it is asked of a real index."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from search import Engine, SearchRequest, evaluation, syntax

DOC = Path(__file__).parents[2] / "docs" / "query-language.md"
LIMITS = {
    "max_query_length": syntax.MAX_QUERY_LENGTH,
    "max_query_terms": syntax.MAX_QUERY_TERMS,
    "max_query_depth": syntax.MAX_QUERY_DEPTH,
    "min_prefix_length": syntax.MIN_PREFIX_LENGTH,
    "max_expansions": evaluation.MAX_EXPANSIONS,
    "max_distance": syntax.MAX_DISTANCE,
    "max_slop": syntax.MAX_SLOP,
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
FOUND = [row for row in table_of("It finds") if "Set aside" not in row]
ORDERED = table_of("It finds, in this order")
SET_ASIDE = table_of("Set aside")


def typed(row: dict[str, str]) -> str:
    (query,) = re.findall(r"^`(.*)`$", row["You type"])
    return str(query)


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
    assert (len(ARTICLES), len(ORDERED) > 4, len(SET_ASIDE) > 8, len(FOUND) > 60) == (6, True, True, True)


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


def test_every_field_is_on_the_page() -> None:
    rows = table_of("Field")
    listed = {name.strip("`:") for row in rows for name in (row["Field"], row["Also"]) if name}
    assert listed == set(syntax.FIELDS)
    for row in rows:
        if row["Also"]:
            assert syntax.FIELDS[row["Field"].strip("`:")] == syntax.FIELDS[row["Also"].strip("`:")]


def test_every_limit_is_on_the_page() -> None:
    assert {row["Limit"].strip("`"): int(row["Value"]) for row in table_of("Limit")} == LIMITS
