"""How does French write it? Dates, numbers, counts and lists in the words that a page shows.

Dates come in as ISO 8601, as precise as they are known, and go out no more precise than that.
Spaces inside numbers and before signs do not break (U+202F, U+00A0), as French typography asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from search.results import Ignored, IgnoredKind

MONTHS: Final = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_BEFORE_SIGN: Final = re.compile(r" (?=[;:!?»](?!\S))|(?<=«) ")
_OF_SEVERAL: Final[dict[IgnoredKind, str]] = {
    "absent": "absents de l’index",
    "absent here": "absents de ce champ",
    "as typed": "cherchés tels quels : trop de mots à corriger ou à rapprocher",
    "function word": "mots-outils : cherchez « +mot » ou une expression entre guillemets",
}
"""The plurals of the reasons that the engine gives for one word."""


def number_in_french(number: int) -> str:
    """Write 7500 as 7 500, with a thin no-break space."""
    return f"{number:,}".replace(",", "\u202f")


def count_in_french(number: int, singular: str, plural: str, none: str = "Aucun") -> str:
    """Write a count with its noun: "Aucun article", "1 article", "7 500 articles"."""
    if number == 0:
        return f"{none} {singular}"
    return f"{number_in_french(number)}\u00a0{singular if number == 1 else plural}"


def typeset(text: str) -> str:
    """Keep signs on the line of the word that they belong to: « mot », pourquoi ? parce que : ceci ; cela.

    The engine writes plain spaces, which suit a terminal.
    """
    return _BEFORE_SIGN.sub("\u00a0", text)


def as_sentence(text: str) -> str:
    """Make a sentence of what the engine says in a line: a capital letter, and a full stop."""
    return typeset(text[:1].upper() + text[1:]) + ("" if text.endswith((".", "!", "?")) else ".")


def left_out_in_french(ignored: Iterable[Ignored]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield what was left out of a query and why; words that share a reason come together."""
    by_reason: dict[str, dict[str, str]] = {}
    for text, reason, kind in ignored:
        by_reason.setdefault(_OF_SEVERAL.get(kind, reason), {})[text] = reason
    for shared, pieces in by_reason.items():
        yield tuple(pieces), shared if len(pieces) > 1 else next(iter(pieces.values()))


def date_in_french(iso: str) -> str:
    """Write "2023-02-28" as "28 février 2023"; give back what is not ISO 8601 as it is."""
    day, _, time = iso.replace(" ", "T", 1).partition("T")
    parts = day.split("-")
    if not 1 <= len(parts) <= 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return iso
    try:
        found = date(int(parts[0]), *(int(part) for part in (*parts[1:], "1", "1")[:2]))
    except ValueError:
        return iso
    if len(parts) == 1:
        return f"{found.year}"
    month = f"{MONTHS[found.month - 1]} {found.year}"
    if len(parts) == 2:
        return month
    written = f"{'1er' if found.day == 1 else found.day}\u00a0{month}"
    return f"{written} à {_time_in_french(time)}" if time else written


def as_timestamp(iso: str) -> str | None:
    """Complete a date into the RFC 3339 timestamp of its first second; None where it is no date.

    A time without a zone is taken as UTC, because Atom requires a zone.
    """
    padded = iso + "-01-01"[len(iso) - 4 :] if len(iso) in (4, 7) else iso
    try:
        moment = datetime.fromisoformat(padded.replace("Z", "+00:00"))
    except ValueError:
        return None
    written = moment.isoformat(timespec="seconds")
    return written.replace("+00:00", "Z") if moment.tzinfo else written + "Z"


def range_in_french(first: str | None, last: str | None) -> str:
    """Write a range of dates, both ends included, either of them open."""
    if first and last:
        if first == last:
            return date_in_french(first)
        return f"{_after('de', first)} {_after('à', last)}"
    if first:
        return f"depuis {'le ' if _is_day(first) else ''}{date_in_french(first)}"
    if last:
        return _after("jusqu’à", last) if _is_day(last) else f"jusqu’en {date_in_french(last)}"
    return ""


def _is_day(iso: str) -> bool:
    return len(iso) > len("2023-02")


def _after(preposition: str, iso: str) -> str:
    """Join "de" or "à" to a date as French contracts them: du 28 février, d’avril 2023, au 1er mai."""
    written = date_in_french(iso)
    if _is_day(iso):
        return f"{preposition.replace('de', 'du').replace('à', 'au')} {written}"
    if preposition == "de" and written[0] in "ao":
        return f"d’{written}"
    return f"{preposition} {written}"


def _time_in_french(time: str) -> str:
    hour, _, rest = time.partition(":")
    return f"{hour.lstrip('0') or '0'}\u00a0h\u00a0{rest[:2]}" if rest else time
