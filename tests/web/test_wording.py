"""Dates and numbers as a French page writes them."""

from __future__ import annotations

import pytest

from web.wording import (
    as_sentence,
    as_timestamp,
    count_in_french,
    date_in_french,
    number_in_french,
    range_in_french,
    typeset,
)


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("mot-outil : cherchez « +mot »", "mot-outil\u00a0: cherchez «\u00a0+mot\u00a0»"),
        ("trop longue ; raccourcissez-la", "trop longue\u00a0; raccourcissez-la"),
        ("« a » ; « b » : quoi ?", "«\u00a0a\u00a0»\u00a0; «\u00a0b\u00a0»\u00a0: quoi\u00a0?"),
        ("auteur:Durand trouve :mot", "auteur:Durand trouve :mot"),
        ("", ""),
    ],
)
def test_signs_stay_on_the_line_of_their_word(told: str, shown: str) -> None:
    assert typeset(told) == shown


def test_a_line_of_the_engine_becomes_a_sentence() -> None:
    assert as_sentence("état : mot ; retirez-le") == "État\u00a0: mot\u00a0; retirez-le."
    assert as_sentence("Corrigez-le.") == "Corrigez-le."


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("iso", "expected"),
    [
        ("2023", "2023"),
        ("2023-02", "février 2023"),
        ("2023-02-28", "28 février 2023"),
        ("2023-08-01", "1er août 2023"),
        ("2023-02-28T09:05:00Z", "28 février 2023 à 9 h 05"),
        ("2023-02-28T00:30:00+01:00", "28 février 2023 à 0 h 30"),
        ("2023-02-28 18:00", "28 février 2023 à 18 h 00"),
        ("2023-02-30", "2023-02-30"),
        ("mardi", "mardi"),
        ("", ""),
    ],
)
def test_dates(iso: str, expected: str) -> None:
    assert plain(date_in_french(iso)) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2023", "2023", "2023"),
        ("2019", "2023", "de 2019 à 2023"),
        ("2019-04", "2023-08", "d’avril 2019 à août 2023"),
        ("2019-03", "2023", "de mars 2019 à 2023"),
        ("2015-03-25", "2023-05-01", "du 25 mars 2015 au 1er mai 2023"),
        ("2015", "2023-05-02", "de 2015 au 2 mai 2023"),
        ("2023", None, "depuis 2023"),
        ("2023-02-28", None, "depuis le 28 février 2023"),
        (None, "2023-02", "jusqu’en février 2023"),
        (None, "2023-02-28", "jusqu’au 28 février 2023"),
        (None, None, ""),
    ],
)
def test_ranges(first: str | None, last: str | None, expected: str) -> None:
    assert plain(range_in_french(first, last)) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "Aucun article"), (1, "1\u00a0article"), (7500, "7\u202f500\u00a0articles")],
)
def test_counts(number: int, expected: str) -> None:
    assert count_in_french(number, "article", "articles") == expected


def test_thousands_do_not_break() -> None:
    assert number_in_french(1234567) == "1\u202f234\u202f567"


@pytest.mark.parametrize(
    ("iso", "expected"),
    [
        ("2023", "2023-01-01T00:00:00Z"),
        ("2023-02", "2023-02-01T00:00:00Z"),
        ("2023-02-28", "2023-02-28T00:00:00Z"),
        ("2023-02-28T09:05:00Z", "2023-02-28T09:05:00Z"),
        ("2023-02-28T09:05:00+01:00", "2023-02-28T09:05:00+01:00"),
        ("2023-02-28T09:05", "2023-02-28T09:05:00Z"),
        ("mardi", None),
    ],
)
def test_timestamps(iso: str, expected: str | None) -> None:
    assert as_timestamp(iso) == expected
