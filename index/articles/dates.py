"""When was an article published, and which words say so?

`parse_date` reads the date of a file's metadata; `read_date_line` a line of the page that does
nothing but date the article ("Publié le 28 février 2023 à 10h12"); `dateline_date` the date of a
dateline that gives its year. A date inside a sentence is what the article talks about, and is
never read; a day without a year is not a date; what cannot be read is left out.

Invariants: a date returned exists in the calendar and is ISO 8601, as precise as what was written:
"2023", "2023-02", "2023-02-28", "2023-02-28T10:12", with seconds and an offset only where given.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timezone
from email.utils import parsedate_to_datetime
from functools import cache
from typing import NamedTuple

from index.articles.patterns import any_name
from index.dates import as_iso, period
from index.word_lists import month_spellings

_FIRST_YEAR, _LAST_YEAR = 1600, 2199  # the first gazette is of 1631; beyond, it is a typing error

_ISO = re.compile(
    r"(?P<y>\d{4})(?:[-/](?P<m>\d{1,2})(?:[-/](?P<d>\d{1,2})"
    r"(?:(?:T|\s+)(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2})(?:[.,]\d+)?)?"
    r"\s?(?P<tz>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?)?)?"
)
_YEAR = re.compile(r"(?:1[6-9]|2[01])\d\d")
_SHORT_YEAR = re.compile(r"\d[/.]\d\d[/.]\d\d")
_LONGEST_SHORT = 100  # of a line that gives no year in full: a label, two dates and their times
_CENTURY_TURNS = 70  # "Publié le 08/09/21": pages were first dated so in the 1990s
_SENTENCE_ENDS = (".", "!", "?", "…", "»", "”", '"')
_BEFORE_DATE = re.compile(r"[\s(|•·–—-]*")
_BETWEEN_DATES = re.compile(r"[\s,;|()/•·–—-]*(?:et\s+)?")
_SINCE_1970 = re.compile(r"[1-9]\d{9}(?:\d{3}|\.\d*)?", re.ASCII)  # in seconds or milliseconds, from 2001 on
_CENTURIES = ("19", "20")  # of days written as below; a number of seconds that begins so is of 2030 or later
_COMPACT = re.compile(
    r"(?P<y>\d{4})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])"
    r"(?:T(?P<h>\d{2})(?P<min>\d{2})(?P<s>\d{2})?(?P<tz>Z|[+-]\d{2}(?::?\d{2})?)?)?"
)
_TIME = (
    r"(?P<h>\d{1,2})\s?[hH:]\s?(?P<min>\d{2})?(?::(?P<s>\d{2}))?"
    r"(?:\s?(?:min|HE|HNE|HAE|CET|CEST|\([^()]{2,30}\)|UTC\s?(?P<tz>[+-]\d{2}:\d{2})))?"
)
_WEEKDAY = r"(?:(?:lun|mar|mercre|jeu|vendre|same)di|dimanche)\.?,?\s+"
_UPDATE = r"(?:mise?s?\s+à\s+jour|modifié(?:e)?|actualisé(?:e)?|dernière\s+(?:mise\s+à\s+jour|modification))"
_LABEL = (
    r"(?P<label>(?:article\s+|première\s+)?publi(?:é|ée|cation)|post(?:é|ée)|mise?s?\s+en\s+ligne|paru(?:e)?|créée?|date|"
    rf"(?P<updated>{_UPDATE}))"
)
_SAME_DAY = re.compile(rf"{_UPDATE}(?:\s*:)?\s*(?:à\s+)?{_TIME}", re.IGNORECASE)
# "p. 7", "843 mots, p. ECO4", "412 mots": where a printed paper had it, and how long an archive says it is.
_PAGE = re.compile(
    r"[\s,]*(?:\d{1,3}\s?\d{1,3}\s+mots(?:\s*,\s*|$))?(?:p(?:\.|ages?)\s?\w{1,8}(?:[\s,–-]+\w{1,6}){0,3})?",
    re.IGNORECASE,
)
_BY = re.compile(r"[\s,]*(?=par\s)", re.IGNORECASE)


class StatedDate(NamedTuple):
    """A date read in the page, by the `words` that give it.

    `labelled` where they say besides that they date the article, `updated` where it is a later version of it,
    `printed` where the page of a paper, or its number of words, stands behind them.
    """

    iso: str
    words: str
    labelled: bool
    updated: bool
    printed: bool = False


def parse_date(value: str) -> str | None:
    """Return a date of a file's metadata in ISO 8601, or None where it is not understood.

    "28/02/2023" is read as in French, the day first; a number of ten digits as seconds since 1970, one of
    thirteen as milliseconds.
    """
    value = value.strip()
    for pattern in _metadata_patterns():
        found = pattern.fullmatch(value)
        if found:
            return _iso(found)
    day = _COMPACT.match(value)  # "2023022810" is 10 o'clock; from 2030 on seconds look so, too
    if _SINCE_1970.fullmatch(value) and not (day and value[:2] in _CENTURIES):
        moment = datetime.fromtimestamp(int(value[:10]), timezone.utc)
        return f"{moment:%Y-%m-%dT%H:%M:%S}Z" if moment.year <= _LAST_YEAR else None
    iso = as_iso(value)  # "02/2023"
    if period(iso):
        return iso if _FIRST_YEAR <= int(iso[:4]) <= _LAST_YEAR else None
    return _parse_mail_date(value)


def read_date_line(line: str) -> StatedDate | None:
    """Return the date of a line that is made of dates only; the first publication where it gives several."""
    if not may_end_with_date(line):
        return None
    dates = []
    page = None
    opening = _BEFORE_DATE.match(line)
    at = opening.end() if opening else 0
    while at < len(line):  # date after date, never back: no line can take long
        if found := _dated_words().match(line, at):
            dates.append(_stated(found))
        elif dates:  # what may stand behind a date
            page = _PAGE.fullmatch(line, at)
            found = page or _SAME_DAY.match(line, at)
        if not found:
            return None
        between = _BETWEEN_DATES.match(line, found.end())
        at = between.end() if between else found.end()
    read = [stated for stated in dates if stated]
    first = min(read, key=lambda stated: stated.updated, default=None)
    return first._replace(printed=True) if first and page else first


def split_date(line: str) -> tuple[str, StatedDate | None]:
    """Return a line without the date that ends it, and that date: "Par Jean Dupont, le 28/02/2023".

    "Publié le 28/02/2023 par Jean Dupont" is another way to write it.
    """
    if not may_end_with_date(line):
        return line, None
    for found in _dated_words().finditer(line):
        stated = read_date_line(line[found.start() :])
        if stated and found.start():
            return line[: found.start()].rstrip(" ,|-–—•·\xa0"), stated
        signed = _BY.match(line, found.end())
        if signed and not found.start() and (dated := _stated(found)) and dated.labelled:
            return line[signed.end() :], dated
    return line, None


def dateline_date(words: str) -> StatedDate | None:
    """Return the date of a dateline, "PARIS, 28 février 2023 (AFP)", where it gives the year."""
    found = _dated_words().search(words)
    return _stated(found) if found else None


def may_end_with_date(line: str) -> bool:
    """Say whether a line may be a date or end with one: cheap, and tells most lines.

    No date has the end of a sentence, and every date has a year, if only its last figures.
    """
    if line.endswith(_SENTENCE_ENDS):
        return False
    short = len(line) <= _LONGEST_SHORT and _SHORT_YEAR.search(line) is not None
    return short or _YEAR.search(line) is not None


def _stated(found: re.Match[str]) -> StatedDate | None:
    iso = _iso(found)
    if iso is None or len(iso) < len("2023-02-28") or (found["y4"] and not found["label"]):
        return None  # "08/09/21" by itself may be anything
    return StatedDate(iso, found[0].strip(" ,"), found["label"] is not None, found["updated"] is not None)


def _iso(found: re.Match[str]) -> str | None:
    # A group per way of writing: "d", "d2" and "d3" are the same part.
    parts = {name.rstrip("234"): written for name, written in found.groupdict().items() if written}
    year, month, day = int(parts["y"]), _month(parts.get("m")), int(parts.get("d", 1))
    if len(parts["y"]) == 2:
        year += 2000 if year < _CENTURY_TURNS else 1900
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        written = date(year, month, day).isoformat()
        if "h" not in parts:
            return written if "d" in parts else written[:7] if "m" in parts else written[:4]
        clock = time(int(parts["h"]), int(parts.get("min", 0)), int(parts.get("s", 0))).isoformat()
        return f"{written}T{clock if 's' in parts else clock[:5]}{_offset(parts.get('tz'))}"
    except ValueError:
        return None  # 30 February, 25 o'clock


def _month(written: str | None) -> int:
    if written is None:
        return 1
    if written.isdigit():
        return int(written)
    return next(number for number, spellings in _months() if spellings.fullmatch(written))


def _offset(written: str | None) -> str:
    if written is None:
        return ""
    if written in ("Z", "UTC", "GMT"):
        return "Z"
    digits = written[1:].replace(":", "")
    offset = time(int(digits[:2]), int(digits[2:] or 0)).isoformat("minutes")
    return f"{written[0]}{offset}"


def _parse_mail_date(value: str) -> str | None:
    """RFC 5322, "Tue, 28 Feb 2023 10:12:00 +0100", as feeds write it."""
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.isoformat() if _FIRST_YEAR <= moment.year <= _LAST_YEAR else None


@cache
def _months() -> tuple[tuple[int, re.Pattern[str]], ...]:
    """The number of each month and its spellings."""
    return tuple((number, re.compile(any_name(names), re.IGNORECASE)) for number, names in month_spellings())


@cache
def _month_names() -> str:
    return any_name(name for _, names in month_spellings() for name in names)


@cache
def _moment(further: str = "") -> str:
    """A regular expression for a day in words, in figures or in ISO 8601, with a time or without."""
    return (
        rf"(?:{_WEEKDAY})?(?:le\s+)?"
        rf"(?:(?P<d>\d{{1,2}})(?:\s?er)?\s+(?P<m>{_month_names()})\.?\s+(?P<y>\d{{4}})"
        r"|(?P<d2>\d{1,2})[/.-](?P<m2>\d{1,2})[/.-](?P<y2>\d{4})"
        rf"|(?P<y3>\d{{4}})-(?P<m3>\d{{2}})-(?P<d3>\d{{2}}){further})(?!\d)"
        rf"(?:(?:\s*[,à|/–-]\s*|\s+){_TIME})?"
    )


@cache
def _metadata_patterns() -> tuple[re.Pattern[str], ...]:
    month = rf"(?P<m>{_month_names()})\.?"
    sources = (_moment(), rf"{month}\s+(?P<d>\d{{1,2}}),?\s+(?P<y>\d{{4}})", rf"{month}\s+(?P<y>\d{{4}})")
    return (_ISO, _COMPACT, *(re.compile(source, re.IGNORECASE) for source in sources))


@cache
def _dated_words() -> re.Pattern[str]:
    """One date of a page, with the word that says what it dates; that may follow a time at once."""
    short = r"|(?P<d4>\d{1,2})[/.](?P<m4>\d{2})[/.](?P<y4>\d{2})"
    return re.compile(
        rf"(?:(?<!\w)|(?<=\d)(?=[mpa]))(?:{_LABEL}(?:\s*:)?\s*)?(?:le(?:\s*:)?\s+)?{_moment(short)}",
        re.IGNORECASE,
    )
