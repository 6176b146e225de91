"""Who wrote an article, for which publication, with which agency?

Read from the lines of the page that say nothing else ("Par Euronews avec AFP", "AFP", "Par Jeanne
Martin, à Moscou"), from the dateline that opens a paragraph ("ASTANA, 28 février (Reuters) –") and
from the mark that closes one ("(Belga)"). Names of agencies and publications are tables; a person is
two capitalised words or more after "Par". Whatever is not certain is left out.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from index.articles.patterns import any_name
from index.word_lists import lines_of, rows_of

_CAPITALS = "A-ZÀ-ÖØ-ÞȘȚ" + "".join(letter for letter in map(chr, range(0x100, 0x180)) if letter.isupper())
_CAPITALISED = rf"[{_CAPITALS}][\w'’.-]*"
_PARTICLE = r"(?:d['’]|(?:de|du|des|la|le|van|von|der|den|el|al|ben|bin|da|dos|di)\s)"
_PERSON = rf"{_CAPITALISED}(?:\s{_PARTICLE}{{0,2}}{_CAPITALISED}){{1,3}}"
_PEOPLE = rf"{_PERSON}(?:(?:,\s|\set\s|\s&\s){_PERSON}){{0,4}}"
# A desk or an outlet that the table does not know: a name, but nobody's.
_NOBODY = re.compile(
    r"\b(?:R[ée]daction|Service|Agence|Bureau|Correspondan\w*|Envoy\w*|Journal|Presse|Matin|Soir|Radio|Télé\w*|TV|"
    r"News|Infos?|Actu\w*|Magazine|Médias?|France|Québec|Canada|Équipe|Desk|Staff|Web|Groupe|AFP)\b",
    re.IGNORECASE,
)
_ARCHIVE = re.compile(rf"archives(?:\s+en\s+ligne)?\s+d(?:u|e)\s+({_CAPITALISED}(?:\s{_CAPITALISED}){{0,3}})")
_LONGEST_BYLINE = 160


class Byline(NamedTuple):
    """What a line says of an article's origin. `source` is a publication, `author` one or more people."""

    author: str | None = None
    source: str | None = None
    agency: str | None = None


class Dateline(NamedTuple):
    """The place and agency that open a wire story. `length` is where the story itself begins."""

    words: str
    agency: str | None
    length: int


def read_byline(line: str) -> Byline | None:
    """Return what a line that is only a byline says, or None where it is anything else."""
    if len(line) > _LONGEST_BYLINE:
        return None
    if line in _publications():
        return Byline(source=line)
    for pattern in _byline_patterns():
        found = pattern.fullmatch(line)
        if found:
            parts = found.groupdict()
            agency = _agency(parts.get("agency"))
            return _signed(parts["who"], agency) if parts.get("who") else Byline(agency=agency)
    return None


def read_archive_notice(line: str) -> str | None:
    """Return the publication whose archives a notice says the article comes from."""
    found = _ARCHIVE.search(line)
    return found[1] if found else None


def read_dateline(paragraph: str) -> Dateline | None:
    """Return the dateline that opens a paragraph: a place, perhaps a day, and an agency between brackets."""
    opening = paragraph[:_LONGEST_BYLINE]
    found = _dateline().match(opening) if "(" in opening else None
    return Dateline(found["words"], _agency(found["agency"]), found.end()) if found else None


def read_closing_agency(paragraph: str) -> str | None:
    """Return the agency that a last paragraph names between brackets at its end."""
    if not paragraph.endswith((")", ").")):
        return None
    found = _closing().search(paragraph, max(0, len(paragraph) - _LONGEST_BYLINE))
    return _agency(found["agency"]) if found else None


def _signed(written: str, agency: str | None) -> Byline | None:
    who = written.rstrip(",")
    if who in _publications():
        return Byline(source=who, agency=agency)
    if re.fullmatch(_PEOPLE, who) and not _NOBODY.search(who):
        return Byline(author=who, agency=agency)
    return Byline(agency=agency) if agency or _NOBODY.search(who) else None


def _agency(spelling: str | None) -> str | None:
    return _agencies()[re.sub(r"\s+", " ", spelling).replace("’", "'")] if spelling else None


@cache
def _agencies() -> dict[str, str]:
    """Spelling → the name that is kept."""
    rows = rows_of("agencies.txt")
    return {spelling: name for name, spellings in rows for spelling in spellings.split("|")}


@cache
def _publications() -> frozenset[str]:
    names = list(lines_of("publications.txt"))
    return frozenset(names) | frozenset(name.replace("'", "’") for name in names)


@cache
def _byline_patterns() -> tuple[re.Pattern[str], ...]:
    name = any_name(_agencies())
    further = rf"(?:,\s|\s?[/&+-]\s?|\s(?:et|avec)\s(?:l['’])?){name}"
    agencies = rf"(?:l['’])?(?P<agency>{name})(?:{further}){{0,3}}"
    joined = r",?\s\(?(?:avec|et)\s"
    # Never after a bare name: "Olivier Douliery/AP" is the credit of a photograph.
    slashed = r"\s*(?:,?\s\(?(?:avec|et)\s|[/,|–-])\s*"
    role = (
        r"(?:,\s(?:à|en|au|aux|correspondante?|envoyée?s?|journaliste|rédact|chef|chroniqueu|grand|notre|spécial)"
        r"[^.]{0,80})?"
    )
    title_page = r"[\w'’.-]+(?:\s[\w'’.,&-]+){0,9}?"
    return (
        re.compile(rf"\(?(?:(?:[Aa]vec|[Pp]ar|[Ss]ource\s?:)\s)?{agencies}\)?\.?"),
        re.compile(rf"(?:P(?:ar|AR)|par)\s?:?\s(?P<who>{title_page}){slashed}{agencies}\)?"),
        re.compile(rf"(?P<who>(?:[Ll]a\s)?[Rr]édaction|{any_name(_publications())}){slashed}{agencies}\)?"),
        re.compile(rf"(?P<who>{_PEOPLE}){joined}{agencies}\)?"),
        re.compile(
            rf"P(?:ar|AR)\s?:?\s"
            rf"(?P<who>{any_name(_publications())}|{_PEOPLE}|(?:[Ll]a\s|[Nn]otre\s)?[Rr]édaction)"
            rf"(?:\s\([^()]{{2,60}}\))?{role}"
        ),
    )


@cache
def _dateline() -> re.Pattern[str]:
    # Each word without its hyphen, so that there is one way only to read "Saint-Jean-sur-Richelieu".
    capitalised = rf"[{_CAPITALS}][\w'’.]*"
    town = rf"{capitalised}(?:[\s-](?:{_PARTICLE}|(?:sur|sous|en|lès)-)?{capitalised}){{0,4}}"
    place = rf"{town}(?:/{town})?"  # "MOSCOU/KYIV": a story put together from two bureaus
    return re.compile(
        rf"(?P<words>{place}(?:,?\s\([\w' ’-]{{3,30}}\))?(?:,\s[^()]{{2,60}})?)"
        rf"\s?\((?P<agency>{any_name(_agencies())})(?:[\s/,-]+[^()]{{2,40}})?\)\s*[-–—.:]*\s*"
    )


@cache
def _closing() -> re.Pattern[str]:
    agency = rf"(?:l['’])?(?P<agency>{any_name(_agencies())})"
    return re.compile(rf"\((?:[Aa]vec\s|[Ss]ource\s?:\s)?{agency}(?:[\s,/&-][^()]{{0,30}})?\)\.?$")
