"""What a URL asks for, as tables."""

from __future__ import annotations

import pytest

from web.parameters import (
    MAX_OFFSET,
    SearchParameters,
    read_page_search,
    read_search,
    read_single,
    to_request,
)

Given = dict[str, list[str]]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"q": ["réélu"]}, SearchParameters("réélu")),
        ({"q": ["  réélu "]}, SearchParameters("réélu")),
        ({"q": ["x"], "page": ["3"], "per_page": ["100"]}, SearchParameters("x", page=3, per_page=100)),
        ({"q": ["x"], "page": ["007"]}, SearchParameters("x", page=7)),
        ({"q": ["x"], "sort": ["oldest"]}, SearchParameters("x", sort="oldest")),
        ({"q": ["x"], "source": ["A", "B", "A"]}, SearchParameters("x", sources=("A", "B"))),
        ({"q": ["x"], "author": ["M"]}, SearchParameters("x", authors=("M",))),
        (
            {"q": ["x"], "from": ["2023"], "to": ["2023-02-28"]},
            SearchParameters("x", 1, 10, "relevance", (), (), "2023", "2023-02-28"),
        ),
        ({"q": ["x"], "facets": ["year,source"]}, SearchParameters("x", facets=("source", "year"))),
        ({"q": ["x"], "facets": ["year,year"]}, SearchParameters("x", facets=("year",))),
    ],
)
def test_well_formed(given: Given, expected: SearchParameters) -> None:
    assert read_search(given) == (expected, ())


@pytest.mark.parametrize(
    ("given", "blamed"),
    [
        ({}, ["q"]),
        ({"q": [""]}, ["q"]),
        ({"q": [" \t"]}, ["q"]),
        ({"q": ["a", "b"]}, ["q"]),
        ({"q": ["a"], "limit": ["5"]}, ["limit"]),
        ({"q": ["a"], "Page": ["5"]}, ["Page"]),
        ({"q": ["a"], "page": ["0"]}, ["page"]),
        ({"q": ["a"], "page": ["-1"]}, ["page"]),
        ({"q": ["a"], "page": ["1.5"]}, ["page"]),
        ({"q": ["a"], "page": [""]}, ["page"]),
        ({"q": ["a"], "page": ["٣"]}, ["page"]),
        ({"q": ["a"], "page": ["1_0"]}, ["page"]),
        ({"q": ["a"], "page": [" 1"]}, ["page"]),
        ({"q": ["a"], "page": ["1", "1"]}, ["page"]),
        ({"q": ["a"], "page": ["9" * 5000]}, ["page"]),
        ({"q": ["a"], "per_page": ["101"]}, ["per_page"]),
        ({"q": ["a"], "per_page": ["0"]}, ["per_page"]),
        ({"q": ["a"], "sort": ["date"]}, ["sort"]),
        ({"q": ["a"], "sort": [""]}, ["sort"]),
        ({"q": ["a"], "source": [""]}, ["source"]),
        ({"q": ["a"], "author": ["M", " "]}, ["author"]),
        ({"q": ["a"], "from": ["hier"]}, ["from"]),
        ({"q": ["a"], "from": ["28/02/2023"]}, ["from"]),
        ({"q": ["a"], "from": ["0000"]}, ["from"]),
        ({"q": ["a"], "to": ["2023-13"]}, ["to"]),
        ({"q": ["a"], "to": ["2023-02-30"]}, ["to"]),
        ({"q": ["a"], "to": ["2023-2"]}, ["to"]),
        ({"q": ["a"], "to": ["2023-02-28T10:00"]}, ["to"]),
        ({"q": ["a"], "from": ["2024"], "to": ["2023-12"]}, ["from"]),
        ({"q": ["a"], "from": ["2023-03"], "to": ["2023-02-28"]}, ["from"]),
        ({"q": ["a"], "facets": ["author"]}, ["facets"]),
        ({"q": ["a"], "facets": ["source,"]}, ["facets"]),
        ({"q": ["a"], "facets": [""]}, ["facets"]),
        ({"page": ["x"], "sort": ["y"], "z": [""]}, ["q", "z", "page", "sort"]),
    ],
)
def test_each_wrong_parameter_is_named(given: Given, blamed: list[str]) -> None:
    _, problems = read_search(given)
    assert [problem.param for problem in problems] == blamed
    assert all(problem.detail.endswith(".") for problem in problems)


@pytest.mark.parametrize(
    ("first", "last"),
    [("2023", "2023"), ("2023", "2023-02"), ("2023-02-28", "2023-02"), ("2022-12-31", "2023")],
)
def test_a_range_may_mix_precisions(first: str, last: str) -> None:
    assert read_search({"q": ["a"], "from": [first], "to": [last]})[1] == ()


def test_thousands_of_wrong_parameters_give_a_short_answer() -> None:
    _, problems = read_search({"q": ["a"], **{f"x{number}" * 99: [""] for number in range(5000)}})
    assert len(problems) == 20
    assert max(len(problem.param) for problem in problems) <= 100


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, SearchParameters("")),
        ({"q": [""], "page": [""], "from": [" "], "author": [""]}, SearchParameters("")),
        ({"q": ["x"], "utm_source": ["lettre"], "per_page": ["500"]}, SearchParameters("x")),
        ({"q": ["x"], "from": ["28/02/2023"]}, SearchParameters("x", date_from="2023-02-28")),
        ({"q": ["x"], "from": ["1.3.2023"]}, SearchParameters("x", date_from="2023-03-01")),
        ({"q": ["x"], "to": [" 2/2023 "]}, SearchParameters("x", date_to="2023-02")),
        ({"q": ["x"], "to": ["2023"]}, SearchParameters("x", date_to="2023")),
    ],
)
def test_a_page_is_lenient(given: Given, expected: SearchParameters) -> None:
    parameters, problems = read_page_search(given)
    assert problems == ()
    assert parameters.facets == ("source", "year")
    assert (parameters.q, parameters.date_from, parameters.date_to, parameters.per_page) == (
        expected.q,
        expected.date_from,
        expected.date_to,
        10,
    )


@pytest.mark.parametrize(
    ("given", "blamed"),
    [
        ({"q": ["x"], "from": ["hier"]}, ["from"]),
        ({"q": ["x"], "from": ["31/02/2023"]}, ["from"]),
        ({"from": ["hier"]}, ["from"]),
        ({"q": ["x"], "page": ["zéro"]}, ["page"]),
    ],
)
def test_a_page_still_names_what_it_cannot_use(given: Given, blamed: list[str]) -> None:
    parameters, problems = read_page_search(given)
    assert [problem.param for problem in problems] == blamed
    assert parameters.q == given.get("q", [""])[0]


def test_the_engine_is_asked_the_same() -> None:
    asked = to_request(SearchParameters("x", 3, 20, "newest", ("S",), ("A",), "2022", "2023", ("year",)))
    assert (asked.text, asked.limit, asked.offset, asked.sort) == ("x", 20, 40, "newest")
    assert (asked.sources, asked.authors, asked.date_from, asked.date_to) == (("S",), ("A",), "2022", "2023")
    assert asked.facets == ("year",)


def test_an_absurd_page_gives_an_offset_that_fits() -> None:
    assert to_request(SearchParameters("x", page=10**30)).offset == MAX_OFFSET


@pytest.mark.parametrize(
    ("given", "required", "expected"),
    [
        ({"q": [" a "]}, True, (" a ", [])),
        ({}, False, ("", [])),
        ({}, True, ("", ["q"])),
        ({"q": ["a", "b"]}, False, ("a", ["q"])),
        ({"q": ["a"], "page": ["1"]}, False, ("a", ["page"])),
    ],
)
def test_addresses_with_one_parameter(given: Given, required: bool, expected: tuple[str, list[str]]) -> None:
    text, problems = read_single(given, "q", required=required)
    assert (text, [problem.param for problem in problems]) == expected
