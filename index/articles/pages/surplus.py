"""Which of the lines that trafilatura takes for an article are not of it?

Boxes of links among the paragraphs, columns beside them, teasers of other articles below them, boxes with
names such as "newsletter": each is recognised by the structure and the names of the page alone.

Invariant: an article is not left without a sentence; what would leave none is kept.
"""

from __future__ import annotations

from itertools import accumulate

from index.articles.furniture import opens_related
from index.articles.pages.blocks import Box, Page, build
from index.articles.pages.lines import (
    SHORTEST_SENTENCE,
    SHORTEST_STANDFIRST,
    is_linked,
    is_prose,
)
from index.articles.pages.lines import prose as prose_of
from index.articles.pages.names import Role
from index.articles.zoning import SENTENCE_ENDS

_LONGEST_HEADING = 90  # of a list of links
_SMALL = 0.2  # of a text; more of it in boxes called "promo" shows that the name means something else
_FEW_SENTENCES = 3  # a text of fewer may be nothing but short lines
_CELLS = frozenset(("td", "th"))
_SIDE_COLUMN = 0.25  # of the sentences of the widest column
_TEASER_LINES = 4
_TEASERS = frozenset(("article", "div", "li", "section"))
_LISTS = frozenset(("div", "section", "ul", "ol", "dl", "details", "center"))


def without_surplus(page: Page, text: set[int], title: int, role: list[Role]) -> set[int]:
    """Return the lines that are left of a text when what is not the article's is taken out."""
    for surplus in (
        _named_otherwise(page, text, role),
        link_lists(page, text),
        _side_cells(page, text),
        _teasers(page, text),
    ):
        if prose_of(page, text - surplus):
            text = text - surplus
    return text - _apart(page, text, title)


def _named_otherwise(page: Page, text: set[int], role: list[Role]) -> set[int]:
    """Return the lines in boxes that have a role (page, comments, hidden) and hold little of the text."""
    owner: list[int] = []  # the outermost of such boxes in which each box stands, or 0
    for number, box in enumerate(page.boxes):
        inherited = owner[box.parent] if number else 0
        owner.append(inherited or (number if role[number] else 0))
    held: dict[int, int] = {}
    for i in text:
        holder = owner[page.lines[i].box]
        held[holder] = held.get(holder, 0) + len(page.lines[i].words)
    whole = sum(held.values())
    if whole - held.get(0, 0) > whole / 2:
        return set()  # a series of photographs
    most = _SMALL * whole
    named = ((i, owner[page.lines[i].box]) for i in text)
    # A table may stand in a figure.
    return {i for i, holder in named if holder and held.get(holder, 0) <= most and page.tag(i) not in _CELLS}


def link_lists(page: Page, text: set[int]) -> set[int]:
    """Give the lines of boxes that hold only links, perhaps under a heading: pointers to other articles."""
    lines = page.lines
    linked = list(map(is_linked, lines))
    other = [
        not link
        and not (len(line.words) <= _LONGEST_HEADING and (page.is_heading(i) or opens_related(line.words)))
        for i, (line, link) in enumerate(zip(lines, linked, strict=True))
    ]
    links_before = [0, *accumulate(linked)]
    others_before = [0, *accumulate(other)]
    found: set[int] = set()
    end = 0
    for box in page.boxes:
        if box.tag not in _LISTS or box.first < end or box.first >= box.end:
            continue
        if (
            links_before[box.end] > links_before[box.first]
            and others_before[box.end] == others_before[box.first]
        ):
            found.update(range(box.first, box.end))
            end = box.end
    return found & text


def _side_cells(page: Page, text: set[int]) -> set[int]:
    """Give the lines of the cells beside those that hold the text, in tables that lay out a page."""
    so_far = [
        0,
        *accumulate(len(line.words) * (i in text and is_prose(line)) for i, line in enumerate(page.lines)),
    ]
    most: dict[int, int] = {}  # characters of sentences in a cell, by its table, then by its row
    cells = [(number, box) for number, box in enumerate(page.boxes) if box.tag in _CELLS]
    for _, box in cells:
        for holder in (box.parent, page.boxes[box.parent].parent):
            most[holder] = max(most.get(holder, 0), so_far[box.end] - so_far[box.first])
    found: set[int] = set()
    for _, box in cells:
        prose = so_far[box.end] - so_far[box.first]
        if (most[page.boxes[box.parent].parent] and not prose) or prose < _SIDE_COLUMN * most[box.parent]:
            found.update(range(box.first, box.end))
    return found & text


def _teasers(page: Page, text: set[int]) -> set[int]:
    """Return the lines of similar boxes that each point to an article: a linked title, and its subject."""
    boxes: dict[tuple[int, str, str], list[Box]] = {}
    for box in page.boxes:
        if 0 < box.end - box.first <= _TEASER_LINES and is_linked(page.lines[box.first]):
            boxes.setdefault((box.parent, box.tag, box.name), []).append(box)
    alike = (box for several in boxes.values() if len(several) > 1 for box in several)
    return {i for box in alike if box.tag in _TEASERS for i in range(box.first, box.end)} & text


def _apart(page: Page, text: set[int], title: int) -> set[int]:
    """Return the lines outside the box of the article, if they are few and in boxes built differently."""
    prose = prose_of(page, text)
    if title < 0 or not prose:
        return set()
    number = page.lines[title].box
    while number and page.boxes[number].end <= prose[0]:
        number = page.boxes[number].parent
    home = page.boxes[number]
    builds = {build(page, i) for i in prose if home.first <= i < home.end}
    outside = {i for i in text if not home.first <= i < home.end and build(page, i) not in builds}
    length = sum(len(page.lines[i].words) for i in prose if i in outside)
    return outside if length <= _SMALL * sum(len(page.lines[i].words) for i in prose) else set()


def labels(page: Page, text: set[int], title: int, standfirst: set[int]) -> set[int]:
    """Give the short lines between the title and the first sentence, or the standfirst and the body."""
    prose = prose_of(page, text, SHORTEST_STANDFIRST)
    if title < 0 or len(prose) < _FEW_SENTENCES:
        return set()
    begin = next((i for i in prose if i not in standfirst), prose[0])
    return {
        i
        for i in text
        if title < i < begin
        and i not in standfirst
        and not page.is_heading(i)
        and not page.lines[i].words.endswith(SENTENCE_ENDS)
        and len(page.lines[i].words) < SHORTEST_SENTENCE
    }


def repeated(page: Page, text: set[int]) -> set[int]:
    """Give the sentences that are the text's a second time: for small screens, or as a quotation."""
    seen: set[str] = set()
    found: set[int] = set()
    for i in prose_of(page, text):
        if page.lines[i].words in seen:
            found.add(i)
        seen.add(page.lines[i].words)
    return found
