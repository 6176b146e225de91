"""The description of the API against the API: neither may say what the other does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, assume, given, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

import web
from search.results import ExpansionKind, MarkReason

DESCRIPTION: dict[str, Any] = json.loads(
    (Path(web.__file__).parent / "openapi.json").read_text(encoding="utf-8")
)


CASES = [(path, GenerationMode.POSITIVE) for path in DESCRIPTION["paths"]] + [
    (path, GenerationMode.NEGATIVE)
    for path, item in DESCRIPTION["paths"].items()
    if any(parameter.get("in") in ("query", "path") for parameter in item["get"].get("parameters", []))
]


@pytest.mark.parametrize(("path", "mode"), CASES)
def test_real_answers_are_as_described(seeds_app: Flask, path: str, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", seeds_app)
    operation = schema[path]["GET"]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=40,
        deadline=None,
        database=None,
        print_blob=True,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    def check(case: schemathesis.Case) -> None:
        # An object has no form of its own in an address: what it becomes there may be a text like any other.
        assume(not any(isinstance(value, dict) for value in (case.query or {}).values()))
        # A well-formed request may be refused all the same: a limit exceeded, dates in the wrong order.
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    check()


def test_it_is_openapi() -> None:
    assert DESCRIPTION["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(DESCRIPTION).iter_errors()) == []


def test_it_is_served_in_both_places(seeds: FlaskClient) -> None:
    for address in ("/openapi.json", "/api/v1/openapi.json"):
        answer = seeds.get(address)
        assert (answer.mimetype, answer.json) == ("application/json", DESCRIPTION)


def test_every_address_for_programs_is_described(seeds_app: Flask) -> None:
    routes = {
        rule.rule.replace("<article_id:article_id>", "{id}")
        for rule in seeds_app.url_map.iter_rules()
        if rule.rule.startswith(("/api/", "/health/", "/metrics"))
    }
    aliases = {"/api/v1/health/live", "/api/v1/health/ready"}
    assert routes - aliases == set(DESCRIPTION["paths"])


def test_every_field_described_is_in_a_real_answer(seeds: FlaskClient, press: FlaskClient) -> None:
    answers = [
        ("SearchAnswer", press.get("/api/v1/search?q=marche+xyzxyz&facets=source,year&per_page=3").json),
        ("SearchAnswer", seeds.get("/api/v1/search?q=reelu").json),
        ("ArticleAnswer", seeds.get("/api/v1/articles/001_5340395a9b0d3750?q=reelu").json),
        ("Problem", seeds.get("/api/v1/search").json),
        ("Problem", seeds.get("/api/v1/search", query_string={"q": "mot " * 300}).json),
    ]
    seen = {(name, path) for name, answer in answers for path in paths_of(answer)}
    described = {
        (name, path)
        for name in ("SearchAnswer", "ArticleAnswer", "Problem")
        for path in described_paths({"$ref": f"#/components/schemas/{name}"})
    }
    assert described - seen == set()
    assert seen - described == set()


def test_every_kind_and_reason_of_the_engine_is_described() -> None:
    schemas = DESCRIPTION["components"]["schemas"]
    expansion = schemas["Query"]["properties"]["expansions"]["items"]["properties"]
    assert expansion["kind"]["enum"] == list(get_args(ExpansionKind))
    assert schemas["Snippet"]["properties"]["reasons"]["items"]["enum"] == list(get_args(MarkReason))


def test_examples_in_the_description_are_answered(seeds: FlaskClient) -> None:
    for path, item in DESCRIPTION["paths"].items():
        query, address = {}, path
        for parameter in item["get"].get("parameters", []):
            if parameter.get("in") == "path":
                address = address.replace(f"{{{parameter['name']}}}", parameter["example"])
            elif "example" in parameter:
                value = parameter["example"]
                query[parameter["name"]] = ",".join(value) if isinstance(value, list) else value
        assert seeds.get(address, query_string=query).status_code == 200, path


def paths_of(value: Any, at: str = "") -> Iterator[str]:
    """Name every field of a JSON value: "hits[].title"."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield f"{at}.{name}"
            yield from paths_of(inner, f"{at}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from paths_of(inner, f"{at}[]")


def described_paths(schema: Any, at: str = "") -> Iterator[str]:
    """Name every field that a schema describes, the same way."""
    if "$ref" in schema:
        schema = DESCRIPTION["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for name, inner in schema.get("properties", {}).items():
        yield f"{at}.{name}"
        yield from described_paths(inner, f"{at}.{name}")
    if isinstance(schema.get("items"), dict):
        yield from described_paths(schema["items"], f"{at}[]")
