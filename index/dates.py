"""How are dates of different precision compared?

A date is known to the year, the month, the day or the minute. In the index it is one integer that
sorts: `YYYYMMDDhhmm`, with zeros for what is not known, so that a year comes before its months.
A period, such as "2023-02", is the first and the last key that it covers.

A time counts as it was written, whatever its offset from UTC: an article of 23:30 in Montréal is of
that day, as its reader would say. What is not in the calendar ("2023-13") is no date.
"""

from __future__ import annotations

import re
from datetime import date as calendar_date
from functools import cache

from index.french.folding import fold
from index.word_lists import month_spellings

_DATE = re.compile(
    r"(?!0000)(?P<year>\d{4})(?:-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>0[1-9]|[12]\d|3[01])"
    r"(?:[T ](?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?)?)?",
    re.ASCII,
)
_TYPED_DATES = (
    re.compile(r"(?:(?:(?P<day>\d{1,2})[/.-])?(?P<month>\d{1,2})[/.-])?(?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<year>\d{4})[/-](?P<month>\d{1,2})(?:[/-](?P<day>\d{1,2}))?", re.ASCII),
    re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})", re.ASCII),
    re.compile(r"(?:(?P<day>[0-9]{1,2})(?:er)?\s+)?(?P<month>[^\W\d_]+)\.?\s+(?P<year>[0-9]{4})"),
)
UNKNOWN = 0  # no date has this key, because none is of the year 0
FIRST_KEY, LAST_KEY = 0, 9999_99_99_99_99  # ends of a period that is open: no date is before, or after
UNITS_PER_YEAR = 100_000_000  # of a sort key


def sort_key(date: str | None) -> int:
    """Return the sort key of an ISO 8601 date; UNKNOWN for None and for what is no date."""
    found = _DATE.fullmatch(date) if date else None
    if not found:
        return UNKNOWN
    year, month, day, hour, minute = (int(part or 0) for part in found.groups())
    return (((year * 100 + month) * 100 + day) * 100 + hour) * 100 + minute


def as_iso(typed: str) -> str:
    """Rewrite 28/02/2023, 02/2023 or "mars 2023", as people type dates, as ISO 8601; leave the rest alone.

    >>> as_iso("6/2/2023")
    '2023-02-06'
    """
    found = next((found for pattern in _TYPED_DATES if (found := pattern.fullmatch(typed))), None)
    if not found:
        return typed
    year, month, day = found.group("year", "month", "day")
    if month and not month.isdigit() and not (month := _months().get(fold(month))):
        return typed
    return "-".join(part.zfill(2) for part in (year, month, day) if part)


@cache
def _months() -> dict[str, str]:
    """Give the number of each month by its names, without accents."""
    return {fold(name): str(number) for number, names in month_spellings() for name in names}


def period(text: str) -> tuple[int, int] | None:
    """Give the first and the last sort key inside a period, or None where the text is no date.

    >>> period("2023-02")
    (202302000000, 202302999999)
    """
    found = _DATE.fullmatch(text)
    if not found:
        return None
    if found["day"]:
        try:
            calendar_date(int(found["year"]), int(found["month"]), int(found["day"]))
        except ValueError:  # 31 February
            return None
    low = sort_key(text)
    unknown_digits = 0 if found["hour"] else 4 if found["day"] else 6 if found["month"] else 8
    return low, low + 10**unknown_digits - 1
