"""Which lines of a web page are its article?

trafilatura says which, but it takes only one box of a body that lies in several, and misses what stands
beside the body, above all the standfirst between title and body. So its choice is marked in the page
(`marks`) and then extended, by the structure of the page and never by the name of a site:

    title … body        sentences on the way from the title to the body: the standfirst
    body … body         sentences in boxes built as those of the body are, unless they hold another article
    title … end         what signs or dates the article beside its body: its credits

and shortened by what comes before the title and by what is not of it (`surplus`). All else is the page.

Invariants: every line is either the article's or the page's. Lines of menus, asides, captions, comments are
never added to an article. One pass or a few over the lines: no page takes long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from index.articles.furniture import opens_related
from index.articles.pages.blocks import Box, Page, build
from index.articles.pages.credits import find_credits
from index.articles.pages.lines import SHORTEST_STANDFIRST, is_link_list, is_prose, letters
from index.articles.pages.lines import prose as prose_of
from index.articles.pages.names import Role
from index.articles.pages.surplus import labels, link_lists, repeated, without_surplus

_SHORTEST_PARAGRAPH = 120  # in a box without a name, which only its sentences show to be part of the text
_STEPS = 12  # how far up two boxes are compared; pages are 10 to 20 boxes deep


class Parted(NamedTuple):
    """The numbers of the lines that are the article's, and its credits, which are not.

    `title` is the number of the line of the title, -1 where none is.
    """

    title: int
    text: list[int]
    credits: list[int]
    late_credits: list[int]


def part(page: Page, kept: set[int], title: int, role: list[Role], described: Iterable[str]) -> Parted:
    """Separate the article's lines from the rest of the page, starting from those that trafilatura `kept`.

    `described` is how the page sums itself up, which is often its standfirst.
    """
    free = [not role[line.box] for line in page.lines]
    if _is_below(page, kept, title):
        title = -1
    text = {i for i in kept if i > title} or set(kept)
    text = without_surplus(page, text - {title}, title, role)
    standfirst = set(_standfirst(page, text, free, title, described))
    text |= standfirst
    text |= _like_body(page, text, free, title)
    text |= _subheadings(page, text, free)
    text = text - link_lists(page, text) or text
    text -= labels(page, text, title, standfirst)
    text -= repeated(page, text)
    head, foot = find_credits(page, text, role, title)
    return Parted(title, sorted(text - head - foot), sorted(head), sorted(foot))


def _is_below(page: Page, kept: set[int], title: int) -> bool:
    """Say whether a title stands below most of the text: then it is a repetition, and not at the head."""
    lengths = {i: len(page.lines[i].words) for i in prose_of(page, kept)}
    return 2 * sum(length for i, length in lengths.items() if i < title) > sum(lengths.values())


def _standfirst(
    page: Page, text: set[int], free: list[bool], title: int, described: Iterable[str]
) -> Iterator[int]:
    """Give the sentences between the title and the body."""
    body = next(iter(prose_of(page, text)), -1)
    if title >= 0:
        for i in range(title + 1, body):
            if free[i] and is_prose(page.lines[i], SHORTEST_STANDFIRST):
                yield i
    summaries = [summary for each in described if len(summary := letters(each)) >= SHORTEST_STANDFIRST]
    if summaries:
        for i in range(max(title + 1, 0), body):
            if free[i] and _sums_up(letters(page.lines[i].words), summaries):
                yield i


def _sums_up(written: str, summaries: list[str]) -> bool:
    return len(written) >= SHORTEST_STANDFIRST and any(
        written.startswith(each) or each.startswith(written) for each in summaries
    )


def _like_body(page: Page, text: set[int], free: list[bool], title: int) -> set[int]:
    """Give the lines of boxes that are built as those of the body are."""
    models: dict[tuple[str, ...], int] = {}
    for i in prose_of(page, text):
        models[build(page, i)] = i
    found: set[int] = set()
    judged: dict[int, bool] = {}
    for i in range(title + 1, len(page.lines)):
        if i in text or i in found or not free[i] or not is_prose(page.lines[i]):
            continue
        model = models.get(build(page, i))
        tops = _parallel(page.boxes, page.lines[i].box, page.lines[model].box) if model is not None else None
        if not tops:
            continue
        top, beside = tops
        if top not in judged:
            judged[top] = _continues(page, page.boxes[top], page.boxes[beside], title)
        if judged[top]:
            box = page.boxes[top]
            found |= {j for j in range(box.first, box.end) if free[j] and j != title}
    return found - text


def _parallel(boxes: list[Box], one: int, other: int) -> tuple[int, int] | None:
    """Go up from two boxes, while they are of one kind, until they meet; return the last two, or None."""
    for _ in range(_STEPS):
        if (boxes[one].tag, boxes[one].name) != (boxes[other].tag, boxes[other].name):
            return None
        if one == other or boxes[one].parent == boxes[other].parent:
            return one, other
        one, other = boxes[one].parent, boxes[other].parent
    return None


def _continues(page: Page, box: Box, model: Box, title: int) -> bool:
    """Say whether a box holds more of the article that its model holds, rather than another article."""
    if box is model:
        return True
    lines = page.lines[box.first : box.end]
    if is_link_list(lines):
        return False
    if len(lines) > 1 and page.is_heading(box.first):
        if opens_related(lines[0].words) or lines[0].linked:
            return False
        if model.first <= title < model.end and (
            box.tag == "article" or page.tag(title) == page.tag(box.first)
        ):
            return False
    named = bool(box.name) or box.tag in ("p", "article")
    return named or sum(is_prose(line, _SHORTEST_PARAGRAPH) for line in lines) > 1


def _subheadings(page: Page, text: set[int], free: list[bool]) -> set[int]:
    """Give the headings that stand among the paragraphs of the text."""
    prose = prose_of(page, text)
    homes = {page.boxes[page.lines[i].box].parent for i in prose}
    among = range(prose[0], prose[-1]) if prose else ()
    return {
        i
        for i in among
        if free[i]
        and page.is_heading(i)
        and not page.lines[i].linked
        and page.boxes[page.lines[i].box].parent in homes
        and not opens_related(page.lines[i].words)
    }
