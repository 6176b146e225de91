"""Which period does what follows `date:` mean?

One date, however precise ("2023", "28/02/2023", "mars 2023"), the two ends of a period ("[2022 à 2023-03]",
"2022..2023"), of which one may be open ("2023..", ">2022"), or several of them in brackets.
"""

from __future__ import annotations

import re

from index.dates import FIRST_KEY, LAST_KEY, as_iso, period
from search.syntax import Clauses, Either, Node, Period, Words

_BETWEEN = re.compile(r"(.*?)\s*(?:\s(?:à|a|au|to|TO|À|-|–)\s|\.\.)\s*(.*)")
_YEARS = re.compile(r"(\d{4})[-–](\d{4})", re.ASCII)
_COMPARED = re.compile(r"([<>]=?)\s*(.+)")
_OPEN = ("", "*")


def read_period(text: str) -> Period | None:
    """Read a date, or two ends; None where one is no date, or the first is after the last."""
    typed = text.strip()
    ends = _ends(typed)
    return Period(typed, *ends) if ends and ends[0] <= ends[1] else None


def is_reversed(text: str) -> bool:
    """Say whether a text is two dates of which the first is after the last."""
    ends = _ends(text.strip())
    return ends is not None and ends[0] > ends[1]


def _ends(typed: str) -> tuple[int, int] | None:
    if compared := _COMPARED.fullmatch(typed):
        if not (within := _within(compared[2])):
            return None
        first, last = within
        return {
            ">": (last + 1, LAST_KEY),
            ">=": (first, LAST_KEY),
            "<": (FIRST_KEY, first - 1),
            "<=": (FIRST_KEY, last),
        }[compared[1]]
    found = _YEARS.fullmatch(typed) or _BETWEEN.fullmatch(f" {typed} ")  # "à 2023"
    ends = [end.strip() for end in found.groups()] if found else [typed, typed]
    if all(end in _OPEN for end in ends):
        return None
    low, high = ((FIRST_KEY, LAST_KEY) if end in _OPEN else _within(end) for end in ends)
    return (low[0], high[1]) if low and high else None


def _within(typed: str) -> tuple[int, int] | None:
    return period(as_iso(typed))


def dates_in(node: Node) -> Node | None:
    """Read the words of a bracket as dates; None where one of them is none."""
    match node:
        case Words(text):
            dates: list[Node | None] = [read_period(word) for word in text.split()]
        case Either(nodes) | Clauses((), nodes, ()):
            dates = [dates_in(part) for part in nodes]
        case _:
            return None
    known = [date for date in dates if date]
    if not known or len(known) < len(dates):
        return None
    return Either(tuple(known)) if len(known) > 1 else known[0]
