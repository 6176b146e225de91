"""Does a page hold several articles, each with its title, as press archives export a selection?

A page of one article has others around it, too: teasers, comments, what an endless page loads below. In an
export no article is that of the page: the page declares none, its title is that of none of them, and together
they hold nearly all of its text. The names of boxes and labels ("HD", "SN") tell the author, date and source
of each: [export …] of index/tables/page-boxes.txt. Each is then read as a page of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Any

from index.articles.bylines import names_people
from index.articles.pages.blocks import Box, Page, read_blocks
from index.articles.pages.lines import SHORTEST_STANDFIRST, is_linked, is_prose, letters
from index.articles.pages.names import is_named
from index.articles.pages.roles import roles

_MAY_HOLD_SEVERAL = re.compile(rb"<article[\s>]|class\s*=\s*[\"'](?:[^\"']*\s)?article[\s\"']", re.IGNORECASE)
_DECLARES_ONE = (
    "//meta[@property='og:title' or @property='og:type' or @name='twitter:title']"
    " | //script[starts-with(normalize-space(@type), 'application/ld+json')]"
)
_CALLED_ARTICLE = re.compile(r"(?<!\S)article(?!\S)", re.IGNORECASE)
_SHORTEST = 300  # characters of sentences, which at least two articles have, and no teaser
_FEWEST = 2
_NEARLY_ALL = 0.8  # of the sentences of the page
_LABEL = re.compile("[A-Z]{2}")
_ISSUE = re.compile(r",\s*(?:no|n°|nº|num[ée]ro)\.?\s.*|\s*\(site web\).*", re.IGNORECASE)


def may_hold_several(data: bytes) -> bool:
    """Say whether a page may be an export: a cheap test that rules out nearly all others."""
    found = _MAY_HOLD_SEVERAL.finditer(data)
    return all(next(found, None) for _ in range(_FEWEST))


def part_articles(tree: Any) -> list[str]:
    """Give the articles of an export, each as a page of its own; none where the page is no export."""
    body = tree.find("body") if tree.tag == "html" else tree
    if body is None or tree.xpath(_DECLARES_ONE):
        return []
    page = read_blocks(body)
    articles = list(_articles(page))
    prose = [_prose(page, box) for box in articles]
    whole = sum(len(line.words) for line in page.lines if is_prose(line))
    if sum(each >= _SHORTEST for each in prose) < _FEWEST or sum(prose) < _NEARLY_ALL * whole:
        return []
    titles = [_title(page, box) for box in articles]
    own = letters(tree.findtext(".//title") or "")
    if any(title >= 0 and _is_of_page(page, title, own) for title in titles):
        return []
    return [_as_page(page, box, title) for box, title in zip(articles, titles, strict=True)]


def _articles(page: Page) -> Iterator[Box]:
    """Give the boxes that call themselves articles and stand in no other."""
    role = roles(page, -1)
    end = 0
    for number, box in enumerate(page.boxes):
        called = box.tag == "article" or _CALLED_ARTICLE.search(box.name)
        if called and not role[number] and end <= box.first < box.end:
            end = box.end
            yield box


def _prose(page: Page, box: Box) -> int:
    """Count the characters of the sentences in a box."""
    return sum(len(line.words) for line in page.lines[box.first : box.end] if is_prose(line))


def _title(page: Page, box: Box) -> int:
    """Return the line of an article's title, by its name or as the first heading; -1 if there is none."""
    named = _first_named(page, box, "export title")
    if named < 0:
        named = next((i for i in range(box.first, box.end) if page.is_heading(i)), -1)
    return named


def _first_named(page: Page, box: Box, section: str) -> int:
    """Give the first line of an article that its box or a label before it names; -1 without one."""
    for i in range(box.first, box.end):
        if i > box.first and _LABEL.fullmatch(label := page.lines[i - 1].words) and is_named(section, label):
            return i
        inside = page.boxes[page.lines[i].box]
        while inside is not box:
            if is_named(section, f"{inside.name} {inside.element.get('id') or ''}"):
                return i
            inside = page.boxes[inside.parent]
    return -1


def _is_of_page(page: Page, title: int, own: str) -> bool:
    """Say whether the title of an article is that of the page, or a link to where the article is."""
    return letters(page.lines[title].words) in own or is_linked(page.lines[title])


def _as_page(page: Page, box: Box, title: int) -> str:
    """Write an article as a page that declares what is said of it above its text."""
    from lxml.html import tostring  # type: ignore[import-untyped]

    begins = next((i for i in range(box.first, box.end) if is_prose(page.lines[i])), box.first)
    head = range(max(title + 1, box.first), begins)
    author = _first_named(page, box, "export author")
    if author < 0:
        author = next((i for i in head[:1] if names_people(page.lines[i].words)), -1)
    said = {
        "og:site_name": _ISSUE.sub("", _words(page, _first_named(page, box, "export source"))),
        "author": _words(page, author),
        "date": _words(page, _first_named(page, box, "export date")),
    }
    _set_apart(page, head)
    declared = "".join(
        f'<meta name="{name}" property="{name}" content="{escape(value)}">'
        for name, value in said.items()
        if value
    )
    article = tostring(box.element, encoding="unicode", with_tail=False)
    title_of_page = f'<meta charset="utf-8"><title>{escape(_words(page, title))}</title>'
    return f"<html><head>{title_of_page}{declared}</head><body>{article}</body></html>"


def _words(page: Page, line: int) -> str:
    return page.lines[line].words if line >= 0 else ""


def _set_apart(page: Page, head: range) -> None:
    """Mark the short lines between title and text as no text: "Français", "780 mots"."""
    for i in head:
        box = page.boxes[page.lines[i].box]
        if box.first in head and box.end - 1 in head and len(page.lines[i].words) < SHORTEST_STANDFIRST:
            box.element.set("role", "complementary")
