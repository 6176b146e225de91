"""Which passages of an article does a hit show?

Passages are made of whole sentences. Each sentence is worth the different words of the query that it
has, and a little for saying them again; the best ones are shown in the order of the article,
joined where they are neighbours. A sentence that is too long is cut between words around what is marked,
and says so with "…". Where nothing of the text is marked, the article's opening stands for it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from index.articles.article import Article, Zone
from search.marking import Marked, PreparedMarks, find_marks
from search.results import Snippet
from search.sentences import sentences, sentences_at

MAX_SNIPPETS = 3
_GOAL_CHARS = 240  # two lines on a wide screen, four on a phone
_MAX_READ_CHARS = 200_000  # of one zone; a longer one is a book, and its opening serves as well
_CONSIDERED = 30  # of the best passages, for those that say something new
_FEWEST_WORDS = 8  # shorter passages may well be alike
_SAME_WORDS = 0.8  # of two passages: the second says nothing new
_ELLIPSIS = "…"


class _Passage(NamedTuple):
    """A range of a zone and what is marked in it."""

    zone: Zone
    start: int
    end: int
    marks: tuple[Marked, ...]


def make_snippets(article: Article, marks: PreparedMarks) -> tuple[Snippet, ...]:
    """Choose the passages to show of an article; at least one, unless it has no text at all.

    Boilerplate is shown only where it was searched.
    """
    zones: tuple[Zone, ...] = ("lead", "text", "boilerplate") if marks.outside else ("lead", "text")
    passages: list[_Passage] = []
    for zone in zones:
        text = _readable(getattr(article, zone))
        if text and (found := find_marks(text, zone, marks)):
            passages.extend(_passages(zone, text, found))
    if not passages:
        return _opening(article)
    chosen = _best(article, passages) if len(passages) > 1 else passages
    return tuple(_snippet(getattr(article, passage.zone), passage) for passage in chosen)


def _best(article: Article, passages: Sequence[_Passage]) -> list[_Passage]:
    """Choose the passages that are worth most and say something new, in the order of the article."""
    best: list[int] = []
    said: list[set[str]] = []
    ranked = sorted(range(len(passages)), key=lambda at: _worth(passages[at]), reverse=True)
    for at in ranked[:_CONSIDERED]:
        passage = passages[at]
        words = set(getattr(article, passage.zone)[passage.start : passage.end].split())
        if not any(_is_said(words, others) for others in said):
            best.append(at)
            said.append(words)
            if len(best) == MAX_SNIPPETS:
                break
    return [passages[at] for at in sorted(best)]


def _worth(passage: _Passage) -> tuple[int, int]:
    """Count the different words of the query, then all marks."""
    return len({mark.rule for mark in passage.marks}), len(passage.marks)


def _is_said(words: set[str], others: set[str]) -> bool:
    """Say whether nearly all words of the shorter passage stand in the other: a lead that is said again."""
    fewest = min(len(words), len(others))
    return fewest >= _FEWEST_WORDS and len(words & others) > _SAME_WORDS * fewest


def _readable(text: str) -> str:
    """Give what of a zone is read, cut between words."""
    if len(text) <= _MAX_READ_CHARS:
        return text
    space = text.rfind(" ", 0, _MAX_READ_CHARS)
    return text[: space if space > 0 else _MAX_READ_CHARS]


def _passages(zone: Zone, text: str, found: Sequence[Marked]) -> list[_Passage]:
    """Join neighbouring sentences with marks into passages of about _GOAL_CHARS."""
    passages: list[_Passage] = []
    at = 0
    for start, end in sentences_at(text, [mark.start for mark in found]):
        first = at
        while at < len(found) and found[at].start < end:
            at += 1
        # A phrase may run over the end of its sentence: the passage then does so too.
        end = max(end, found[at - 1].end)
        last = passages[-1] if passages else None
        if (
            last
            and "\n" not in text[last.end : start]
            and start - last.end < 3
            and end - last.start <= _GOAL_CHARS
        ):
            passages[-1] = _Passage(zone, last.start, end, (*last.marks, *found[first:at]))
        else:
            passages.append(_Passage(zone, start, end, tuple(found[first:at])))
    return passages


def _snippet(text: str, passage: _Passage) -> Snippet:
    start, end = passage.start, passage.end
    if end - start > _GOAL_CHARS * 3 // 2:
        start, end = _window(text, passage)
    head = _ELLIPSIS if start > passage.start else ""
    tail = _ELLIPSIS if end < passage.end else ""
    shift = len(head) - start
    shown = [mark for mark in passage.marks if start <= mark.start and mark.end <= end]
    return Snippet(
        f"{head}{text[start:end]}{tail}",
        tuple((mark.start + shift, mark.end + shift) for mark in shown),
        passage.zone,
        tuple(mark.reason for mark in shown),
    )


def _window(text: str, passage: _Passage) -> tuple[int, int]:
    """Cut _GOAL_CHARS out of a long sentence where most different words are marked, between words."""
    marks = passage.marks
    ends = [mark.end for mark in marks]

    def worth(first: int) -> tuple[int, int]:
        inside = marks[first : bisect_right(ends, marks[first].start + _GOAL_CHARS // 2)]
        return len({mark.rule for mark in inside}), len(inside)

    first = max(range(len(marks)), key=lambda at: (*worth(at), -at))
    start = max(passage.start, marks[first].start - _GOAL_CHARS // 3)
    end = min(passage.end, max(start + _GOAL_CHARS, marks[first].end))
    start = max(passage.start, min(start, end - _GOAL_CHARS))
    if start > passage.start:
        space = text.find(" ", start, marks[first].start)
        start = space + 1 if space >= 0 else marks[first].start
    if end < passage.end:
        space = text.rfind(" ", marks[first].end, end)
        end = space if space >= 0 else marks[first].end
    return start, end


def _opening(article: Article) -> tuple[Snippet, ...]:
    zone: Zone = "lead" if article.lead else "text"
    text = getattr(article, zone)
    start = end = 0
    for sentence_start, sentence_end in sentences(text[: _GOAL_CHARS * 8]):
        if end and sentence_end - start > _GOAL_CHARS:
            break
        start, end = (start, sentence_end) if end else (sentence_start, sentence_end)
    if not end:
        return ()
    if end - start > _GOAL_CHARS * 3 // 2:
        space = text.rfind(" ", start, start + _GOAL_CHARS)
        cut = space if space > start else start + _GOAL_CHARS
        return (Snippet(text[start:cut] + _ELLIPSIS, (), zone),)
    return (Snippet(text[start:end], (), zone),)
