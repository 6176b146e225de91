"""Which period does what follows `date:` mean?

One date, however precise ("2023", "28/02/2023"), the two ends of a period ("[2022 à 2023-03]", "2022..2023"),
or several of them in brackets.
"""

from __future__ import annotations

import re

from index.dates import as_iso, period
from search.syntax import Either, Node, Period, Sequence, Words

_PERIOD_ENDS = re.compile(
    r"\s*(\S+)\s+(?:à|a|au|to|TO|À|-|–|\.\.)\s+(\S+)\s*|\s*(\S+?)\.\.(\S+)\s*|\s*(\d{4})[-–](\d{4})\s*"
)


def read_period(text: str) -> Period | None:
    """Read a date, or two ends; None where one is no date, or the first is after the last."""
    ends = [text, text]
    if found := _PERIOD_ENDS.fullmatch(text):
        ends = [end for end in found.groups() if end]
    low, high = (period(as_iso(end.strip())) for end in ends)
    return Period(text.strip(), low[0], high[1]) if low and high and low[0] <= high[1] else None


def dates_in(node: Node) -> Node | None:
    """Read the words of a bracket as dates; None where one of them is none."""
    match node:
        case Words(text):
            dates: list[Node | None] = [read_period(word) for word in text.split()]
        case Either(nodes) | Sequence((), nodes, ()):
            dates = [dates_in(part) for part in nodes]
        case _:
            return None
    known = [date for date in dates if date]
    if not known or len(known) < len(dates):
        return None
    return Either(tuple(known)) if len(known) > 1 else known[0]
