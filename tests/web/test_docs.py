"""docs/api.md says what is so: its examples are asked, its fields looked for in real answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from flask import Flask
from flask.testing import FlaskClient

from search.results import ExpansionKind, MarkReason
from web.failures import known_kinds
from web.parameters import read_search

GUIDE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", GUIDE, re.M | re.S))
EXAMPLES = re.findall(r"```http\nGET (\S+)\n```(?:\n\n```json\n(.*?)```)?", GUIDE, re.S)
VARYING = {"took_ms", "score", "generation", "text", "html", "highlights"}


def leaves(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Name every value inside a JSON value: "hits[].title"."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{at}.{name}" if at else name)
    elif isinstance(value, list):
        yield at, None
        for inner in value:
            yield from leaves(inner, f"{at}[]")
    else:
        yield at, value


def documented(section: str) -> set[str]:
    tables = re.findall(r"\| Field \|.*?\n\n", SECTIONS[section] + "\n", re.S)
    cells = [row.split("|")[1] for table in tables for row in table.splitlines()[2:] if row]
    return {name for cell in cells for name in re.findall("`([^`]+)`", cell)}


@pytest.mark.parametrize(("address", "expected"), EXAMPLES)
def test_every_example_is_answered_as_shown(seeds: FlaskClient, address: str, expected: str) -> None:
    answer = seeds.get(address)
    if not expected:
        assert answer.status_code == 200
        return
    shown = json.loads(expected)
    real = json.loads(answer.data.decode().replace("\u00a0", " "))

    def stable(value: Any) -> list[tuple[str, Any]]:
        return [
            (name, None if name.rpartition(".")[2].rstrip("[]") in VARYING else found)
            for name, found in leaves(value)
        ]

    assert stable(shown) == stable(real)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 8


def test_every_field_of_a_search_is_documented_and_the_reverse(
    press: FlaskClient, seeds: FlaskClient
) -> None:
    answers = [
        press.get("/api/v1/search?q=marche+xyzxyz&facets=source,year").json,
        seeds.get("/api/v1/search?q=reelu").json,
    ]
    real = {name for answer in answers for name, _ in leaves(answer)}
    containers = {
        "hits",
        "hits[].snippets",
        "query.ignored",
        "query.expansions",
        "facets.source",
        "facets.year",
    }
    containers |= {
        "query.expansions[].forms",
        "hits[].snippets[].highlights",
        "hits[].snippets[].highlights[]",
        "hits[].snippets[].reasons",
    }
    assert documented("Search") == real - containers


def test_every_reason_is_documented_and_the_reverse() -> None:
    [table] = re.findall(r"\| Reason \|.*?\n\n", SECTIONS["Search"], re.S)
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in table.splitlines()[2:] if row]
    assert {name.strip("`") for name, *_ in rows} == set(get_args(MarkReason))
    expansions = {name.strip("`"): expansion for name, _, expansion, _ in rows if expansion}
    assert set(expansions) == set(get_args(ExpansionKind))


@pytest.mark.parametrize(
    ("reason", "typed", "found"),
    re.findall(r"^\| `(\w+)` \|[^|]*\(`([^`]+)`: \*([^*]+)\*\)", SECTIONS["Search"], re.M),
)
def test_every_reason_is_given_where_its_example_says(
    seeds: FlaskClient, reason: str, typed: str, found: str
) -> None:
    answer = seeds.get("/api/v1/search", query_string={"q": typed}).json
    kinds = {expansion["kind"] for expansion in answer["query"]["expansions"]}
    marks = {
        (snippet["text"][start:end], given)
        for hit in answer["hits"]
        for snippet in hit["snippets"]
        for (start, end), given in zip(snippet["highlights"], snippet["reasons"], strict=True)
    }
    assert (found, reason) in marks
    assert reason == "inflection" or reason in kinds


def test_every_field_of_an_article_is_documented_and_the_reverse(seeds: FlaskClient) -> None:
    answer = seeds.get("/api/v1/articles/001_5340395a9b0d3750?q=reelu").json
    assert documented("Read an article") == {name for name, _ in leaves(answer) if not name.endswith("]")}


def test_every_parameter_is_documented_and_the_reverse() -> None:
    [table] = re.findall(r"\| Parameter \|.*?\n\n", SECTIONS["Search"], re.S)
    named = {
        name for row in table.splitlines()[2:] if row for name in re.findall("`(\\w+)`", row.split("|")[1])
    }
    _, problems = read_search({"q": ["a"], "inconnu": ["1"]})
    known = problems[0].detail.partition("\u00a0: ")[2].rstrip(".").split(", ")
    assert named == set(known)


def test_every_kind_of_problem_is_documented() -> None:
    rows = re.findall(r"\| (\d+) \| `/aide/api#([\w-]+)`", SECTIONS["Errors"])
    assert {(int(status), slug) for status, slug in rows} == {
        (kind.status, kind.slug) for kind in known_kinds()
    }


def test_every_metric_named_is_exposed(seeds_app: Flask) -> None:
    client = seeds_app.test_client()
    client.get("/api/v1/search?q=reelu")
    exposed = client.get("/metrics").text
    named = set(re.findall(r"`(depeche_\w+)`", GUIDE))
    assert len(named) == 7
    for metric in named:
        assert re.search(rf"^# TYPE {metric.removesuffix('_total')}", exposed, re.M), metric
