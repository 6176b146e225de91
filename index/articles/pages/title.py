"""What is the title of the article on a web page?

Pages give it several times, and each time with something else around it: "Titre - Le Site", "Le Blog: Titre",
a heading with the section before the title, a heading that is the name of the newspaper. What several of them
agree on is the title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from index.articles.encoding import clean
from index.articles.pages.blocks import Page
from index.articles.pages.lines import letters

_DECLARED = (
    "//meta[@property='og:title']/@content",
    "//meta[@name='twitter:title' or @name='dc.title' or @name='DC.title' or @name='title']/@content",
    "//*[@itemprop='headline']/@content",
)
_SEPARATOR = re.compile(r"\s+[|–—·•-]\s+|\s*\|\s*")
_LONGEST_NAME = 35  # of a site, if only its place behind the title reveals it
_MOST_WORDS = 5
_SHORTEST_HEADING = 8  # letters; a shorter one may be in a title by chance
_LONGEST_TITLE = 300
_FEWEST_WORDS = 4  # of a title; "Document sans titre" is none
_TITLE_NAME = re.compile(r"(?<![A-Za-z])[Tt]it(?:le|re)(?![a-z])")
_LONG_WORD = re.compile(r"\w{4,}")
_LEAST_SHARED = (
    0.3  # the share of the words of four letters or more that two titles of one article have in common
)
_NAME_MARKS = re.compile(r"[:,;.!?«»]\s|[.!?»:]$")


def find_headline(tree: Any, page: Page, told: Iterable[str], names: Iterable[str], guessed: str) -> str:
    """Return the title of the article of a page.

    `told` are titles of linked data, `names` those of the publication; `guessed` is what trafilatura takes
    for the title.
    """
    sites = frozenset(map(letters, names))
    headings = list(_headings(page))
    whole = _one_line(tree.findtext(".//title") or "")
    declared = [title for path in _DECLARED for value in tree.xpath(path) if (title := _one_line(str(value)))]
    told = [title for title in told if title]
    stated = [title for title in (*declared, *told) if letters(title) not in sites]
    if stated:
        title = _without_more(stated[0], [*headings, *told, *declared, whole], sites)
        return _shown_otherwise(title, page, headings) or title
    return (
        _confirmed(whole, headings, page)
        or _of_heading(page)
        or _named(page, whole)
        or _without_name(whole, sites)
        or guessed
    )


def _one_line(words: str) -> str:
    return " ".join(clean(words).split())


def _headings(page: Page) -> Iterator[str]:
    for i, line in enumerate(page.lines):
        if page.is_heading(i) and len(line.words) <= _LONGEST_TITLE:
            yield line.words


def _first_headings(page: Page) -> list[str]:
    return [line.words for i, line in enumerate(page.lines) if page.tag(i) == "h1"]


def _without_more(title: str, others: Iterable[str], sites: frozenset[str]) -> str:
    """Return a title without the site's name around it, if another version of it has none."""
    parts = [part for _, part in _parts(title)]
    written = {letters(other) for other in others}
    for part in sorted(parts, key=len, reverse=True):
        if part != title and len(letters(part)) >= _SHORTEST_HEADING and letters(part) in written:
            return part
    return _without_name(title, sites, known_only=True)


def _shown_otherwise(title: str, page: Page, headings: list[str]) -> str:
    """Return the main heading of a page, if it says the same as the title in other words; "" otherwise.

    Titles for search engines and for social media are not what stands above the article.
    """
    wanted = letters(title)
    first = [heading for heading in _first_headings(page) if heading in headings]
    if any(wanted in letters(heading) for heading in headings):
        return ""
    words = set(_LONG_WORD.findall(title))
    for heading in first:
        shared = words.intersection(_LONG_WORD.findall(heading))
        if len(heading.split()) >= _FEWEST_WORDS and len(shared) >= _LEAST_SHARED * len(words) > 0:
            return heading
    return ""


def _parts(title: str) -> Iterator[tuple[int, str]]:
    """Give what stands before and behind each separator of a title."""
    for found in _SEPARATOR.finditer(title) if len(title) <= _LONGEST_TITLE else ():
        yield 0, title[: found.start()]
        yield found.end(), title[found.end() :]


def _confirmed(whole: str, headings: list[str], page: Page) -> str:
    """Return the longest heading that the title of the page contains."""
    full = letters(whole)
    within = [each for each in headings if len(found := letters(each)) >= _SHORTEST_HEADING and found in full]
    best = max(within, key=len, default="")
    if best:
        return best
    # A heading may have a label before the title, and old pages have no headings: "<b>Titre</b>".
    wanted = {letters(part): part for part in (*(part for _, part in _parts(whole)), whole)}
    wanted = {found: part for found, part in wanted.items() if len(found) >= 2 * _SHORTEST_HEADING}
    lines = (
        {letters(line.words) for line in page.lines if len(line.words) <= _LONGEST_TITLE} if wanted else ()
    )
    return max(
        (
            part
            for found, part in wanted.items()
            if found in lines or any(letters(each).endswith(found) for each in headings)
        ),
        key=len,
        default="",
    )


def _of_heading(page: Page) -> str:
    """Return the `<h1>` of a page, if it has only one."""
    first = _first_headings(page)
    return first[0] if len(first) == 1 and len(first[0]) <= _LONGEST_TITLE else ""


def _named(page: Page, whole: str) -> str:
    """Return the first line of a box that is named a title, if the page itself has no usable title."""
    if len(whole.split()) >= _FEWEST_WORDS:
        return ""
    for line in page.lines:
        name = page.boxes[line.box].name
        if _TITLE_NAME.search(name) and len(line.words.split()) >= _FEWEST_WORDS:
            return line.words if len(line.words) <= _LONGEST_TITLE else ""
    return ""


def _without_name(title: str, sites: frozenset[str], *, known_only: bool = False) -> str:
    """Return a title without the name of the site behind it."""
    separators = list(_SEPARATOR.finditer(title))
    if not separators:
        return title
    last = separators[-1]
    name = title[last.end() :]
    known = letters(name) in sites
    short = len(name) <= _LONGEST_NAME and len(name.split()) <= _MOST_WORDS and name[:1].isupper()
    if known or (not known_only and short and not _NAME_MARKS.search(name)):
        return title[: last.start()].rstrip()
    return title


def find_site_name(tree: Any, page: Page, title: str) -> str:
    """Return what the page's title says besides the article's title, if an `<h1>` says just that."""
    whole = _one_line(tree.findtext(".//title") or "")
    if letters(title) == letters(whole):
        return ""
    first = _first_headings(page)
    rest = letters(whole).replace(letters(title), "", 1)
    return next((name for name in first if letters(name) == rest), "")
