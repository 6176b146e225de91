"""Addresses: every id comes back as it was, every search has one address."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from web.links import api_article_path, article_path, page_path, quote_id, search_path, suggest_path
from web.parameters import SearchParameters, read_search


@pytest.mark.parametrize(
    ("article_id", "expected"),
    [
        ("simple", "simple"),
        ("dossier/été", "dossier/%C3%A9t%C3%A9"),
        ("a b#c?d%e", "a%20b%23c%3Fd%25e"),
        ("/absolu", "%2Fabsolu"),
        ("a//b", "a%2F%2Fb"),
        ("../b", "..%2Fb"),
        ("a/../b", "a%2F..%2Fb"),
        ("a/./b", "a%2F.%2Fb"),
        ("a/..b", "a/..b"),
        ("fin/", "fin%2F"),
    ],
)
def test_ids_become_paths(article_id: str, expected: str) -> None:
    assert quote_id(article_id) == expected
    assert unquote(expected) == article_id


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        (SearchParameters("réélu"), "/s?q=r%C3%A9%C3%A9lu"),
        (SearchParameters("a b+c&d"), "/s?q=a+b%2Bc%26d"),
        (
            SearchParameters("x", 2, 20, "newest", ("A", "B"), ("C",), "2022", "2023", ("source", "year")),
            "/s?q=x&page=2&per_page=20&sort=newest&source=A&source=B&author=C&from=2022&to=2023&facets=source%2Cyear",
        ),
        (SearchParameters(""), "/s"),
    ],
)
def test_a_search_has_one_address(parameters: SearchParameters, expected: str) -> None:
    assert search_path("/s", parameters) == expected
    if parameters.q:
        again, problems = read_search(parse_qs(urlsplit(expected).query))
        assert (again, problems) == (parameters, ())


def test_addresses_are_ascii() -> None:
    odd = "été\n\ud800 ’\x00"
    parameters = SearchParameters(odd, sources=(odd,))
    for address in (
        page_path(parameters),
        article_path(odd, parameters),
        api_article_path(odd, odd),
        suggest_path(odd),
    ):
        assert address.isascii()
        assert "\n" not in address


def test_a_page_keeps_its_own_size_and_facets() -> None:
    parameters = SearchParameters("x", per_page=50, facets=("year",))
    assert page_path(parameters) == "/?q=x"
    assert page_path(parameters, page=3, sources=("S",)) == "/?q=x&page=3&source=S"
