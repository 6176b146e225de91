"""Where on a web page is the title, and what is each box to the article: menu, comments, hidden?

A box shows its role by its element or its names (`names`), comments also by their heading ("3 réactions").
Names deceive: a box that holds the title holds the article, whatever it is called, and a box that holds its
first sentence is no comment on it.
"""

from __future__ import annotations

import re
from functools import cache

from index.articles.pages.blocks import Page
from index.articles.pages.lines import is_prose, letters
from index.articles.pages.names import Role
from index.articles.patterns import any_of, table_sections

_MUCH_LONGER = 80  # characters that a section or a label adds to a heading, at most


def find_title(page: Page, title: str) -> int:
    """Give the line that is the title, perhaps with a label before it; -1 where there is none."""
    wanted = letters(title)
    best, found = 0, -1
    for i, line in enumerate(page.lines):
        if len(line.words) > len(title) + _MUCH_LONGER or not wanted:
            continue
        written = letters(line.words)
        heading = page.is_heading(i)
        if written == wanted:
            rank = 3 if heading else 1
        elif heading and (written.endswith(wanted) or written.startswith(wanted)):
            rank = 2
        else:
            continue
        if rank > best:
            best, found = rank, i
    return found


def roles(page: Page, title: int) -> list[Role]:
    """Return the role of each box, its own or that of a box around it; "" where nothing tells.

    A box that holds the title holds the article, whatever it is called.
    """
    found: list[Role] = []
    headed = _headed_comments(page, title)
    begun = _first_sentence(page, title)
    for number, box in enumerate(page.boxes):
        inherited = found[box.parent] if number else ""
        own: Role = "" if box.first <= title < box.end else box.role
        if own == "comments" and box.first <= begun:
            own = ""  # a commentary
        if number in headed:
            own = "comments"
        found.append(inherited if inherited in ("hidden", "comments") else own or inherited)
    return found


def _first_sentence(page: Page, title: int) -> int:
    return next((i for i in range(title + 1, len(page.lines)) if is_prose(page.lines[i])), len(page.lines))


def _headed_comments(page: Page, title: int) -> set[int]:
    """Return the boxes of comments that only their heading reveals ("3 réactions")."""
    found: set[int] = set()
    for number, box in enumerate(page.boxes):
        parent = page.boxes[box.parent]
        if not number or box.first >= box.end or not page.is_heading(box.first) or parent.first == box.first:
            continue
        if (
            box.end - box.first > 1
            and title < box.first
            and _comments_heading().fullmatch(page.lines[box.first].words)
        ):
            found.add(number)
    return found


@cache
def _comments_heading() -> re.Pattern[str]:
    return re.compile(any_of(table_sections("page-boxes.txt")["comments heading"]), re.IGNORECASE)
