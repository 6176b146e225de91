"""Are dates of every precision put in order, and is nothing else taken for a date?"""

from __future__ import annotations

import pytest

from index.dates import UNITS_PER_YEAR, UNKNOWN, period, sort_key

# Each is later than the one above it; what is known to the year comes before its months.
IN_ORDER = (
    "1631",
    "1999-12-31T23:59",
    "2022",
    "2022-01",
    "2022-01-01",
    "2022-01-01T00:01",
    "2022-01-01T10:12:59",
    "2022-01-01T10:13",
    "2022-01-01T23:59+01:00",
    "2022-01-02",
    "2022-12-31",
    "2023",
    "2023-02-28T10:12:30Z",
    "2023-02-28 10:13:30.25-05:00",
)

NO_DATES = (
    "",
    "hier",
    "23",
    "20233",
    "0000",
    "0000-01-01",
    "2023-",
    "2023-1",
    "2023-00",
    "2023-13",
    "2023-02-00",
    "2023-02-32",
    "2023-02-28T",
    "2023-02-28T24:00",
    "2023-02-28T10:60",
    "2023-02-28T10:12 ou plus tard",
    "28/02/2023",
    " 2023",
    "2023\n",
    "٢٠٢٣",
)

PERIODS = {
    "2023": (202300000000, 202399999999),
    "2023-02": (202302000000, 202302999999),
    "2023-02-28": (202302280000, 202302289999),
    "2023-02-28T10:12": (202302281012, 202302281012),
    "2023-02-28T10:12:30+01:00": (202302281012, 202302281012),
}


def test_dates_sort_by_time() -> None:
    keys = [sort_key(date) for date in IN_ORDER]
    assert keys == sorted(set(keys))
    assert keys[0] > UNKNOWN


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_is_unknown_and_no_period(text: str) -> None:
    assert sort_key(text) == UNKNOWN
    assert period(text) is None


@pytest.mark.parametrize("text", ["2023-02-29", "2023-02-31", "2023-04-31", "2023-02-30T10:12"])
def test_a_day_that_its_month_does_not_have_is_no_period(text: str) -> None:
    assert period(text) is None
    assert period("2024-02-29") == (202402290000, 202402299999)


def test_an_article_without_a_date_is_unknown() -> None:
    assert sort_key(None) == UNKNOWN


@pytest.mark.parametrize(("text", "ends"), PERIODS.items())
def test_a_period_has_two_ends(text: str, ends: tuple[int, int]) -> None:
    assert period(text) == ends


@pytest.mark.parametrize("date", IN_ORDER)
def test_a_date_is_inside_every_period_that_names_it_and_inside_no_other(date: str) -> None:
    key = sort_key(date)
    for length in (len("2023"), len("2023-02"), len("2023-02-28")):
        if length <= len(date):
            found = period(date[:length])
            assert found
            assert found[0] <= key <= found[1]
    for other in ("1630", "1999-11", "2021", "2022-06", "2023-02-27", "2023-03", "2024"):
        found = period(other)
        assert found
        assert not found[0] <= key <= found[1]


def test_no_period_holds_the_articles_without_a_date() -> None:
    assert all(low > UNKNOWN for low, _ in (period(date) or (0, 0) for date in IN_ORDER))


@pytest.mark.parametrize(("date", "year"), [("1631", 1631), ("2023-02-28T10:12", 2023), (None, 0)])
def test_the_year_of_a_key(date: str | None, year: int) -> None:
    assert sort_key(date) // UNITS_PER_YEAR == (year or 0)
