"""How do a text and what its file says about it become an `Article`?

The last step of every reader. What a file declares (the keys of a JSON line, the metadata of a web
page) is kept as it is; what it does not declare is looked for in the page's own credits. A
declared date is "declared", with the raw value as evidence; one read on the page is "stated", with
its words. Where neither can be read, what was declared is kept as evidence of no date.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from index.articles.archives import find_head
from index.articles.article import Article, DateConfidence
from index.articles.bylines import (
    Byline,
    names_people,
    read_archive_notice,
    read_author,
    read_byline,
    read_closing_agency,
    read_dateline,
)
from index.articles.dates import StatedDate, dateline_date, parse_date, read_date_line, split_date
from index.articles.furniture import credit_parts
from index.articles.zoning import Zones, divide
from index.errors import InvalidInput

_LONGEST_EVIDENCE = 200  # of what is no date


class Declared(NamedTuple):
    """What a file says about its article. Empty strings stand for what it does not say."""

    title: str = ""
    lead: str = ""
    source: str = ""
    agency: str = ""
    author: str = ""
    date: str = ""
    url: str = ""


def compose(article_id: str, text: str, declared: Declared, page: Sequence[str] = ()) -> Article:
    """Return the article of this text, its lines in zones and its origin filled in where it is known.

    `page` has all the lines of the page that the text was taken from, in reading order: each line that is in
    no other zone goes once to the boilerplate.

    Raises: InvalidInput when there is nothing of an article in it.
    """
    zones = divide(text, declared.title)
    if not zones.title and not zones.paragraphs:
        raise InvalidInput("ni titre ni texte : seulement des mentions de page (boutons, avis, publicité)")
    lead, body = zones.lead, zones.text
    if declared.lead:
        lead = "\n".join(line for part in declared.lead.split("\n") if (line := part.strip()))
        body = "\n".join(line for line in zones.paragraphs if line != lead)
    stated = _credits(zones)
    signed = read_author(declared.author) if declared.author else Byline()
    date, confidence, evidence = _date(declared.date, stated.date)
    return Article(
        article_id=article_id,
        title=zones.title,
        text=body,
        lead=lead,
        boilerplate=_around(zones, page) if page else zones.boilerplate,
        source=_one_line(declared.source) or signed.source or stated.source,
        agency=_one_line(declared.agency) or signed.agency or stated.agency,
        author=signed.author or stated.author,
        date=date,
        date_confidence=confidence,
        date_evidence=evidence,
        url=_one_line(declared.url) or None,
    )


def _around(zones: Zones, page: Sequence[str]) -> str:
    article = {zones.title, *zones.paragraphs}
    return "\n".join([line for line in dict.fromkeys(page) if line not in article])


def _one_line(value: str) -> str:
    return " ".join(value.split())


class _Stated(NamedTuple):
    source: str | None = None
    agency: str | None = None
    author: str | None = None
    date: StatedDate | None = None


def _credits(zones: Zones) -> _Stated:
    """Read the credits of a page; the first one wins, but a date of publication before one of an update."""
    bylines: list[Byline] = []
    dates: list[StatedDate] = []
    if find_head(zones.credits) and names_people(zones.credits[0]):
        bylines.append(
            Byline(author=zones.credits[0])
        )  # an archive says by whom an article is, without "par"
    for line in zones.credits:
        for part in [line, *credit_parts(line)]:
            signature, trailing = split_date(part)
            dates += [stated for stated in (read_date_line(part), trailing) if stated]
            byline = read_byline(signature)
            if byline:
                bylines.append(byline)
        archive = read_archive_notice(line)
        if archive:
            bylines.append(Byline(source=archive))
    if zones.paragraphs:
        dateline = read_dateline(zones.paragraphs[0])
        if dateline:
            bylines.append(Byline(agency=dateline.agency))
            dates += [stated for stated in [dateline_date(dateline.words)] if stated]
        closing = read_closing_agency(zones.paragraphs[-1])
        if closing:
            bylines.append(Byline(agency=closing))
    if not bylines and not dates:
        return _Stated()  # most articles of an archive, which declare what they are
    return _Stated(
        source=next((byline.source for byline in bylines if byline.source), None),
        agency=next((byline.agency for byline in bylines if byline.agency), None),
        author=next((byline.author for byline in bylines if byline.author), None),
        date=min(dates, key=lambda stated: stated.updated, default=None),
    )


def _date(declared: str, stated: StatedDate | None) -> tuple[str | None, DateConfidence | None, str | None]:
    iso = parse_date(declared) if declared else None
    if iso:
        return iso, "declared", declared
    if stated:
        return stated.iso, "stated", stated.words
    return None, None, " ".join(declared.split())[:_LONGEST_EVIDENCE] or None
