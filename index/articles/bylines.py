"""Who wrote an article, for which publication, with which agency?

Read from the lines of the page that say nothing else ("Par Euronews avec AFP", "AFP", "Par Jeanne
Martin, à Moscou"), from the dateline that opens a paragraph ("ASTANA, 28 février (Reuters) –") and
from the mark that closes one ("(Belga)"). Names of agencies and publications are tables; a person is
two capitalised words or more after "Par". Whatever is not certain is left out.

What a file declares as its author is read by the same rules, but what they do not understand is kept.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from index.articles.entities import without_entities
from index.articles.patterns import any_name
from index.french.folding import fold
from index.word_lists import lines_of, rows_of

_CAPITALS = "A-ZÀ-ÖØ-ÞȘȚ" + "".join(letter for letter in map(chr, range(0x100, 0x180)) if letter.isupper())
_CAPITALISED = rf"[{_CAPITALS}][\w'’.-]*"
_PARTICLE = r"(?:d['’]|(?:de|du|des|la|le|van|von|der|den|el|al|ben|bin|da|dos|di)\s)"
_PERSON = rf"{_CAPITALISED}(?:\s{_PARTICLE}{{0,2}}{_CAPITALISED}){{1,3}}"
_PEOPLE = rf"{_PERSON}(?:(?:,\s|\set\s|\s&\s){_PERSON}){{0,4}}"
_ROLE = (
    r"(?:\s\([^()]{2,60}\))?"
    r"(?:,\s(?:à|en|au|aux|correspondante?|envoyée?s?|journaliste|rédact|chef|chroniqueu|grand|notre|spécial)"
    r"[^.]{0,80})?"
)
_WRITTEN_BY = (
    r"(?:[Rr]édigée?|[ÉEé]crite?|[Pp]ubliée?|[Pp]ostée?|[Mm]ise? en ligne|[Pp]ropos recueillis|"
    r"PROPOS RECUEILLIS|[Ee]ntretien réalisé|[Ii]nterview réalisée)\s(?:par|PAR)"
)
_CORRESPONDENT = (
    r"(?:[Dd]e|[Pp]ar)\snotre\s(?:correspondante?|envoyée?\sspéciale?)"
    rf"(?:\s(?:à|en|au|aux|dans)\s(?:[^,]{{2,40}},|{_CAPITALISED}))?,?"
)
# A desk or an outlet that the table does not know: a name, but nobody's.
_NOBODY = re.compile(
    r"\b(?:R[ée]daction|Service|Agence|Bureau|Correspondan\w*|Envoy\w*|Journal|Presse|Matin|Soir|Radio|Télé\w*|TV|"
    r"News|Infos?|Actu\w*|Magazine|Médias?|France|Québec|Canada|Équipe|Desk|Staff|Web|Groupe|AFP)\b",
    re.IGNORECASE,
)
_ARCHIVE = re.compile(rf"archives(?:\s+en\s+ligne)?\s+d(?:u|e)\s+({_CAPITALISED}(?:\s{_CAPITALISED}){{0,3}})")
_DOMAIN = re.compile(r"(?:www\.)?([\w-]+)\.[a-z]{2,6}", re.IGNORECASE)
_FULL_STOP = re.compile(r"(?<=\w{3})\.$")  # not that of "Jean D."
_LONGEST_BYLINE = 160

# Of what a file declares as its author.
_NO_NAME = re.compile(r"https?://\S+|\S+@\S+\.\w+")  # where to write to somebody is nobody's name
_PARTS = re.compile(r"\s*[,;|]\s*")
# "Jean Dupont, Le" and "Jean Dupont, Publié le": what is left of a byline whose date was cut off
_CUT_OFF = re.compile(
    r"(?:(?:publi|modifi|actualis|post)é|mis (?:à jour|en ligne))?(?: ?le)?(?: ?:)?", re.IGNORECASE
)
# "Ma; iuml; wenn": an entity, whose "&" and ";" were taken for the ends of names
_LETTER_NAME = re.compile(
    r"[,;]\s([A-Za-z]{1,2}(?:acute|grave|circ|uml|cedil|tilde|ring|lig|slash|caron))[,;]\s"
)


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
    publication = _publication(line)
    if publication:
        return Byline(source=publication)
    for pattern in _byline_patterns():
        found = pattern.fullmatch(line)
        if found:
            parts = found.groupdict()
            agency = _agency(parts.get("agency"))
            return _signed(parts["who"], agency) if parts.get("who") else Byline(agency=agency)
    return None


def read_author(declared: str) -> Byline:
    """Return what a declared author says; what is not understood is taken for an author's name."""
    line = _LETTER_NAME.sub(lambda name: without_entities(f"&{name[1]};"), " ".join(declared.split()))
    byline = read_byline(line)
    if byline and any(byline):
        return byline
    alone = _author_pattern().fullmatch(line)
    if alone:
        return Byline(author=alone["who"])
    authors: list[str] = []
    agency = source = None
    for part in filter(None, _PARTS.split(line)):
        said = read_byline(part) or Byline()
        agency, source = agency or said.agency, source or said.source
        if said.author:
            authors.append(said.author)
        elif not (said.agency or said.source or _NO_NAME.fullmatch(part) or _is_cut_off(part, authors)):
            authors.append(part)
    return Byline(", ".join(authors) or None, source, agency)


def names_people(line: str) -> bool:
    """Say whether a line is nothing but one or more names of people, as far as can be told."""
    found = len(line) <= _LONGEST_BYLINE and _people().fullmatch(line)
    return bool(found) and not _publication(line) and not _NOBODY.search(line)


def read_archive_notice(line: str) -> str | None:
    """Return the publication whose archives a notice says the article comes from."""
    found = _ARCHIVE.search(line)
    return found[1] if found else None


def read_dateline(paragraph: str) -> Dateline | None:
    """Return the dateline that opens a paragraph: a place, perhaps a day, and an agency between brackets."""
    opening = paragraph[:_LONGEST_BYLINE]
    if "(" not in opening:
        return None
    found = (_bare_dateline() if opening[0] == "(" else _dateline()).match(opening)
    return Dateline(found["words"], _agency(found["agency"]), found.end()) if found else None


def read_closing_agency(paragraph: str) -> str | None:
    """Return the agency that a last paragraph names between brackets at its end."""
    if not paragraph.endswith((")", ").")):
        return None
    found = _closing().search(paragraph, max(0, len(paragraph) - _LONGEST_BYLINE))
    return _agency(found["agency"]) if found else None


def _is_cut_off(part: str, authors: list[str]) -> bool:
    """Say whether a part is the rest of a date, after a name of two words: "Duan, Le" may be a person."""
    return _CUT_OFF.fullmatch(part) is not None and (" " in part or " " in "".join(authors[-1:]))


def _signed(written: str, agency: str | None) -> Byline | None:
    who = _FULL_STOP.sub("", written.rstrip(","))
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


def _publication(line: str) -> str | None:
    """Return the publication that a line names, perhaps in capitals (OUEST-FRANCE) or by its site."""
    if line in _publications():
        return line
    site = _DOMAIN.fullmatch(line) if "." in line and " " not in line else None
    if site or (line.isupper() and ("-" in line or " " in line)):  # "MARIANNE" may speak in a play
        return _by_letters().get(_letters(site[1] if site else line))
    return None


@cache
def _by_letters() -> dict[str, str]:
    # Of two spellings the last one counts: that of the table.
    return {_letters(name): name for name in sorted(_publications(), key=lambda name: "’" not in name)}


def _letters(name: str) -> str:
    """Give what capitals and addresses keep of a name."""
    return "".join(filter(str.isalnum, fold(name)))


@cache
def _byline_patterns() -> tuple[re.Pattern[str], ...]:
    name = any_name(_agencies())
    further = rf"(?:,\s|\s?[/&+-]\s?|\s(?:et|avec)\s(?:l['’])?){name}"
    agencies = rf"(?:l['’])?(?P<agency>{name})(?:{further}){{0,3}}"
    joined = r",?\s\(?(?:avec|et)\s"
    # Never after a bare name: "Olivier Douliery/AP" is the credit of a photograph.
    slashed = r"\s*(?:,?\s\(?(?:avec|et)\s|[/,|–-])\s*"
    title_page = r"[\w'’.-]+(?:\s[\w'’.,&-]+){0,9}?"
    return (
        re.compile(rf"\(?(?:(?:[Aa]vec|[Pp]ar|[Ss]ource\s?:)\s)?{agencies}\)?\.?"),
        re.compile(rf"(?:P(?:ar|AR)|par)\s?:?\s(?P<who>{title_page}){slashed}{agencies}\)?"),
        re.compile(rf"(?P<who>(?:[Ll]a\s)?[Rr]édaction|{any_name(_publications())}){slashed}{agencies}\)?"),
        re.compile(rf"(?P<who>{_PEOPLE}){joined}{agencies}\)?"),
        re.compile(
            rf"\(?(?:P(?:ar|AR)\s?:?|B[yY]|{_WRITTEN_BY})\s"
            rf"(?P<who>{any_name(_publications())}|{_PEOPLE}|(?:[Ll]a\s|[Nn]otre\s)?[Rr]édaction)"
            rf"{_ROLE}\)?"
        ),
        re.compile(rf"par\s(?P<who>{_PEOPLE}(?<!\.))(?:\s\([^()]{{2,60}}\))?"),
        re.compile(rf"{_CORRESPONDENT}\s(?P<who>{_PEOPLE})"),
    )


@cache
def _author_pattern() -> re.Pattern[str]:
    """One name or several, as a file declares them without "Par"."""
    return re.compile(rf"(?:{_CORRESPONDENT}\s)?(?P<who>{_PEOPLE}){_ROLE}")


@cache
def _people() -> re.Pattern[str]:
    return re.compile(_PEOPLE)


@cache
def _dateline() -> re.Pattern[str]:
    # Each word without its hyphen, so that there is only one way to read "Saint-Jean-sur-Richelieu".
    capitalised = rf"[{_CAPITALS}][\w'’.]*"
    joined = r"(?:(?:sur|sous|en|lès|lez|du|de|des|la|le|les|au|aux|et)-|[dl]['’]){0,2}"
    town = rf"{capitalised}(?:[\s-](?:{_PARTICLE}|{joined}){capitalised}){{0,4}}"
    aboard = r"[ÀA]\sbord\sd(?:u\s|e\sla\s|e\sl['’]|['’]|e\s)"
    place = rf"(?:{aboard})?{town}(?:/{town})?"  # "MOSCOU/KYIV": a story put together from two bureaus
    return re.compile(
        rf"(?P<words>{place}(?:,?\s\([\w' ’-]{{3,30}}\))?(?:,\s[^()]{{2,60}})?)"
        rf"\s?(?:[-–—]\s)?{_between_brackets()}\s*[-–—.:]*\s*"
    )


@cache
def _bare_dateline() -> re.Pattern[str]:
    """A dateline without a place, which only its dash tells from a remark: "(AFP) - "."""
    return re.compile(rf"(?P<words>){_between_brackets()}\s*[-–—]+\s+")


def _between_brackets() -> str:
    """An agency, perhaps with others: "(AFP/Reuters)", "(awp/afp)"."""
    return rf"\((?:\w{{2,10}}/)??(?P<agency>{any_name(_agencies())})(?:[\s/,-]+[^()]{{2,40}})?\)"


@cache
def _closing() -> re.Pattern[str]:
    agency = rf"(?:l['’])?(?P<agency>{any_name(_agencies())})"
    return re.compile(rf"\((?:[Aa]vec\s|[Ss]ource\s?:\s)?{agency}(?:[\s,/&-][^()]{{0,30}})?\)\.?$")
