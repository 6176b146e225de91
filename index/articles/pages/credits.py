"""Which lines of a web page, beside the body of its article, sign and date it?

"Par Jeanne Martin", "Publié le 28 février 2023", a day alone under the title, `<time>`: around the title, on
the way to the body, and below it. `composing` reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import takewhile

from index.articles.dates import read_date_line
from index.articles.furniture import Edge, is_bare_date, is_credit
from index.articles.pages.blocks import Line, Page
from index.articles.pages.lines import SHORTEST_STANDFIRST, is_linked, is_timed
from index.articles.pages.lines import prose as prose_of
from index.articles.pages.names import Role

_BEFORE = 3  # lines above the title
_BEHIND = 6  # lines below the text
_MENU_STEPS = 4  # how deep a line may stand in a menu


def find_credits(page: Page, text: set[int], role: list[Role], title: int) -> tuple[set[int], set[int]]:
    """Give the lines that sign or date the article, those around its beginning and those behind its end."""
    prose = prose_of(page, text, SHORTEST_STANDFIRST)
    if not prose:
        return set(), set()
    starts = title if title >= 0 else prose[0]
    head = {
        i
        for i in range(max(0, starts - _BEFORE), prose[:2][-1])
        if role[page.lines[i].box] in ("", "page") and _is_credit(page, i, starts)
    }
    behind = range(prose[-1] + 1, min(len(page.lines), prose[-1] + 1 + _BEHIND))
    foot = {
        i for i in takewhile(lambda i: not _begins_another(page, i), behind) if _signs(page.lines[i], "foot")
    }
    return head, {i for i in foot if role[page.lines[i].box] in ("", "page")}


def _begins_another(page: Page, i: int) -> bool:
    """Say whether a line below a text begins something else, whose credits are not those of the text."""
    return page.is_heading(i) or is_linked(page.lines[i])


def _is_credit(page: Page, i: int, starts: int) -> bool:
    line = page.lines[i]
    if _in_menu(page, i):
        return False
    if _signs(line, "head"):
        return True
    if i >= starts:
        return is_timed(line) or is_bare_date(line.words)
    return i == starts - 1 and is_bare_date(line.words) and page.boxes[page.lines[starts].box].parent != 0


def _in_menu(page: Page, i: int) -> bool:
    """Say whether a line stands in a menu, or in one of its boxes."""
    number = page.lines[i].box
    for _ in range(_MENU_STEPS):
        if page.boxes[number].tag in ("nav", "aside"):
            return True
        number = page.boxes[number].parent
    return False


def _signs(line: Line, edge: Edge) -> bool:
    return is_credit(line.words, edge) or (bool(line.parts) and is_credit(line.parts, edge))


def credit_lines(page: Page, numbers: Iterable[int], edge: Edge) -> Iterator[str]:
    """Yield the credits that can be read, cut into parts if they can only be read so."""
    for i in numbers:
        line = page.lines[i]
        if is_credit(line.words, edge) or is_bare_date(line.words):
            yield line.words
        elif line.parts and is_credit(line.parts, edge):
            yield line.parts


def stamps(page: Page, numbers: Iterable[int]) -> Iterator[str]:
    """Give the dates that credits have for machines."""
    for i in numbers:
        line = page.lines[i]
        stated = read_date_line(line.words)
        if line.stamp and not (stated and stated.updated):
            yield line.stamp
