"""How are the words found made visible? The only place where `<mark>` is written.

Takes a text and the ranges the engine found in it, and returns HTML: the text escaped, each range inside
a `<mark>`, which may say why in a tooltip. Ranges are half-open code-point offsets, ascending and
disjoint, as `search.results` promises; one that reaches outside the text is cut to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from search.results import Span

Piece = tuple[str, int]
"""A stretch of text, and which range it is, from 1; 0 where it is not marked."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a paragraph; `number` counts the marks of the page from 1, 0 where not marked."""

    text: str
    number: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an article, cut at its marks."""

    parts: tuple[Part, ...]


def mark(text: str, spans: Sequence[Span], reasons: Sequence[str] = ()) -> Markup:
    """Escape `text` and put each of `spans` inside a `<mark>`.

    `reasons` is empty, or has the tooltip of each of `spans`, "" for no tooltip.
    """
    written: list[str] = []
    for piece, place in _pieces(text, spans):
        safe = escape(piece)
        if place:
            reason = reasons[place - 1] if reasons else ""
            tooltip = f' title="{escape(reason)}"' if reason else ""
            safe = f"<mark{tooltip}>{safe}</mark>"
        written.append(safe)
    return Markup("".join(written))  # every piece of it has been escaped


def paragraphs(text: str, spans: Sequence[Span], first_number: int) -> tuple[Paragraph, ...]:
    """Cut `text` into its paragraphs (lines) and number its marks from `first_number`.

    A range that crosses the end of a line is marked on both lines and counts twice.
    """
    number = first_number
    found: list[Paragraph] = []
    waiting = list(reversed(spans))
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        within: list[Span] = []
        while waiting and waiting[-1][0] < end:
            span_start, span_end = waiting.pop()
            within.append((span_start - start, span_end - start))
            if span_end > end + 1:
                waiting.append((end + 1, span_end))
        parts: list[Part] = []
        for piece, place in _pieces(line, within):
            parts.append(Part(piece, number if place else 0))
            number += place > 0
        if line.strip():
            found.append(Paragraph(tuple(parts)))
        start = end + 1
    return tuple(found)


def count_marks(found: Iterable[Paragraph]) -> int:
    """Count the marks of some paragraphs."""
    return sum(part.number > 0 for paragraph in found for part in paragraph.parts)


def _pieces(text: str, spans: Sequence[Span]) -> Iterator[Piece]:
    done = 0
    for place, (span_start, span_end) in enumerate(spans, start=1):
        start, end = max(span_start, done), min(span_end, len(text))
        if start >= end:
            continue
        if start > done:
            yield text[done:start], 0
        yield text[start:end], place
        done = end
    if done < len(text):
        yield text[done:], 0
