"""Which passages of an article does a hit show?

Passages are made of whole sentences. They are ranked by the number of different query words that are not
shown yet, then by that of all their query words, then by how often these occur. The best are shown in the
order of the article, joined if they are neighbours. A sentence that is too long is cut between words around
what is marked, which "…" shows; other marked parts of it may become passages, too. If nothing of the text is
marked, the article's opening is shown.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from index.articles.article import Article, Zone
from search.marking import Marked, PreparedMarks, find_marks
from search.results import Snippet, Span
from search.sentences import sentences, sentences_at

MAX_SNIPPETS = 3
_GOAL_CHARS = 240  # two lines on a wide screen, four on a phone
_MAX_READ_CHARS = 200_000  # of one zone; a longer one is a book, and its opening serves as well
_CONSIDERED = 30  # of the best passages, for those that say something new
_SENTENCE_CHARS = 40  # what is shorter is a heading, or an exclamation, and says little
_FEWEST_WORDS = 8  # shorter passages may well be nearly alike
_SAME_WORDS = 0.8  # of two passages: the second says nothing new
_OPENING = " «“(\u00a0\u202f"  # an excerpt does not end with these
_ELLIPSIS = "…"


class _Passage(NamedTuple):
    """A range of a zone and what is marked in it; `whole` is the range of the sentences it was cut from."""

    zone: Zone
    start: int
    end: int
    marks: tuple[Marked, ...]
    whole: Span


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
    return tuple(_snippet(getattr(article, passage.zone), passage) for passage in _best(article, passages))


def _best(article: Article, passages: Sequence[_Passage]) -> list[_Passage]:
    """Choose the passages that show most words of the query and say something new, in their order."""
    candidates = sorted(passages, key=_passage_worth, reverse=True)[:_CONSIDERED]
    best: list[_Passage] = []
    shown: set[int] = set()
    said: list[set[str]] = []
    while candidates and len(best) < MAX_SNIPPETS:
        # The first of those that are worth most: they are sorted.
        passage = max(candidates, key=lambda each: len({mark.rule for mark in each.marks} - shown))
        candidates.remove(passage)
        text = getattr(article, passage.zone)
        excerpt, rest = _cut(text, passage)
        words = set(text[excerpt.start : excerpt.end].split())
        rules = {mark.rule for mark in excerpt.marks}
        if rules <= shown and any(_is_said(words, others) for others in said):
            continue
        best.append(excerpt)
        said.append(words)
        shown |= rules
        candidates += rest
    zones: list[Zone] = [passage.zone for passage in passages]
    return sorted(best, key=lambda passage: (zones.index(passage.zone), passage.start))


def _passage_worth(passage: _Passage) -> tuple[int, bool, int]:
    words, marks = _worth(passage.marks)
    return words, passage.end - passage.start >= _SENTENCE_CHARS, marks


def _worth(marks: Sequence[Marked]) -> tuple[int, int]:
    """Count the different words of the query, then all marks."""
    return len({mark.rule for mark in marks}) if len(marks) > 1 else 1, len(marks)


def _is_said(words: set[str], others: set[str]) -> bool:
    """Say whether a passage adds nothing, or nearly nothing, to another, as a repeated lead does."""
    fewest, shared = min(len(words), len(others)), len(words & others)
    return shared == len(words) or (fewest >= _FEWEST_WORDS and shared > _SAME_WORDS * fewest)


def _readable(text: str) -> str:
    """Return the part of a zone that is read, cut between words."""
    if len(text) <= _MAX_READ_CHARS:
        return text
    space = text.rfind(" ", 0, _MAX_READ_CHARS)
    return text[: space if space > 0 else _MAX_READ_CHARS]


def _passages(zone: Zone, text: str, found: Sequence[Marked]) -> list[_Passage]:
    """Join neighbouring sentences with marks into passages of about _GOAL_CHARS."""
    passages: list[_Passage] = []
    first = last_start = last_end = 0
    for start, end in sentences_at(text, [mark.start for mark in found]):
        at = first + 1
        while at < len(found) and found[at].start < end:
            at += 1
        # A phrase may run over the end of its sentence: the passage then does so too.
        end = max(end, found[at - 1].end)
        marks = found[first:at]
        if (
            passages
            and start - last_end < 3
            and end - last_start <= _GOAL_CHARS
            and "\n" not in text[last_end:start]
        ):
            start, marks = last_start, (*passages.pop().marks, *marks)
        passages.append(_Passage(zone, start, end, tuple(marks), (start, end)))
        first, last_start, last_end = at, start, end
    return passages


def _snippet(text: str, passage: _Passage) -> Snippet:
    zone, start, end, marks, whole = passage
    head = _ELLIPSIS if start > whole[0] else ""
    tail = _ELLIPSIS if end < whole[1] else ""
    shift = len(head) - start
    highlights = tuple([(mark.start + shift, mark.end + shift) for mark in marks])
    return Snippet(head + text[start:end] + tail, highlights, zone, tuple([mark.reason for mark in marks]))


def _cut(text: str, passage: _Passage) -> tuple[_Passage, list[_Passage]]:
    """Cut an excerpt out of a passage that is too long; return it, and the marked rests on both sides."""
    if passage.end - passage.start <= _GOAL_CHARS * 3 // 2:
        return passage, []
    start, end = _window(text, passage)
    inside = tuple(mark for mark in passage.marks if start <= mark.start and mark.end <= end)
    before = tuple(mark for mark in passage.marks if mark.end < start)
    after = tuple(mark for mark in passage.marks if mark.start > end)
    rest = [
        *([passage._replace(end=len(text[:start].rstrip()), marks=before)] if before else []),
        *([passage._replace(start=end + 1, marks=after)] if after else []),
    ]
    return passage._replace(start=start, end=end, marks=inside), rest


def _window(text: str, passage: _Passage) -> tuple[int, int]:
    """Cut _GOAL_CHARS out of a long sentence where most different words are marked, between words."""
    marks = passage.marks
    ends = [mark.end for mark in marks]

    def worth(first: int) -> tuple[int, int]:
        return _worth(marks[first : bisect_right(ends, marks[first].start + _GOAL_CHARS // 2)])

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
        while end > marks[first].end and text[end - 1] in _OPENING:
            end -= 1
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
