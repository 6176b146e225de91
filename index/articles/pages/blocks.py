"""Which lines does a web page show, and in which boxes do they stand?

A box is an element that begins a line of its own; a line is what stands in a box between the beginnings and
ends of boxes, or "<br>". `text` finds the article among these lines. What no reader of the page sees
(scripts, templates) is no line.

Invariants: lines and boxes are in the order of the page, and a box precedes those it holds, so that one pass
over them tells what each of them inherits. One pass over the page, whatever its depth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from index.articles.encoding import clean
from index.articles.pages.names import Role, is_hidden, own_role

_BOX_NAMES = (
    "address|article|aside|blockquote|body|button|caption|center|dd|details|dialog|dir|div|dl|dt|fieldset|"
    "figcaption|figure|footer|form|frameset|h1|h2|h3|h4|h5|h6|header|hgroup|hr|iframe|label|legend|li|main|menu|"
    "nav|noscript|object|ol|optgroup|option|p|pre|search|section|select|summary|table|tbody|td|textarea|tfoot|"
    "th|thead|title|tr|ul|video"
)
_BOXES = frozenset(_BOX_NAMES.split("|"))
_UNSEEN = frozenset(("script", "style", "template", "head", "svg", "audio", "link", "meta", "base"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_PARTS = frozenset(("span", "time", "small", "abbr", "em", "strong", "b", "i"))
_CREDITS_AT_MOST = 250  # a longer line is no credit, whatever its parts
_NEAR = 4  # pieces of a line that are read before a date
_UPDATED = re.compile(
    r"(?:mise?s? à jour|modifiée?|actualisée?|modification)[\s:]*(?:le[\s:]*)?$", re.IGNORECASE
)
# Elements side by side, "Publié le 8<span>" and "Mis à jour", which a style sheet keeps apart.
_ABUTTING = re.compile(r"(?<=[a-zà-öø-ÿœ0-9])[\0\1]+(?=[A-ZÀ-ÖØ-Þ])")
_SEAMS = re.compile("[\0\1]+")


@dataclass(slots=True)
class Box:
    """An element that begins a line, and the lines in it: from `first`, up to `end` and without it."""

    element: Any
    tag: str
    name: str  # its classes, as the page writes them
    parent: int
    role: Role  # of itself, whatever it stands in
    first: int
    end: int = 0


class Line(NamedTuple):
    """What a page shows on a line, and the box that it stands in.

    `node` is the element in whose text the words begin or, with `behind`, after whose end they begin.
    `linked` counts the line's characters in links, `dated` those in a date (`<time>`), and `stamp` is that
    date as machines read it. `parts` is a short line with "|" where elements separate its words
    ("Publié le 8/9/2021 | Par Jean Dupont"), or "".
    """

    words: str
    box: int
    node: Any
    behind: bool
    linked: int = 0
    dated: int = 0
    stamp: str = ""
    parts: str = ""


class Page(NamedTuple):
    """All that a page shows."""

    lines: list[Line]
    boxes: list[Box]

    def tag(self, line: int) -> str:
        """Give the element that a line stands in."""
        return self.boxes[self.lines[line].box].tag

    def is_heading(self, line: int) -> bool:
        """Say whether a line is marked up as a heading."""
        return self.tag(line) in _HEADINGS


def build(page: Page, line: int) -> tuple[str, ...]:
    """Give the elements, with their classes, of the box of a line and of the box around it."""
    box = page.boxes[page.lines[line].box]
    around = page.boxes[box.parent]
    return box.tag, box.name, around.tag, around.name


def follows_update(words: str) -> bool:
    """Say whether the date behind these words is that of a later version."""
    return _UPDATED.search(_SEAMS.sub("", words[-_CREDITS_AT_MOST:])) is not None


def read_blocks(root: Any) -> Page:
    """Read a page, given its body, as lines and boxes."""
    walk = _Walk()
    walk.begin(root)
    begun = [(root, iter(root))]
    while begun:
        element, children = begun[-1]
        child = next(children, None)
        if child is None:
            begun.pop()
            walk.finish(element)
            if begun:
                walk.take(element.tail, element, behind=True)
        elif isinstance(child.tag, str) and walk.begin(child):
            begun.append((child, iter(child)))
        else:  # a comment, or what is not shown
            walk.take(child.tail, child, behind=True)
    return Page(walk.lines, walk.boxes)


class _Walk:
    """Gathers the lines."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.boxes: list[Box] = []
        self.open: list[int] = []
        self.pieces: list[str] = []
        self.node: Any = None
        self.behind = False
        self.linked = self.dated = 0
        self.stamp = ""
        self.links = self.dates = self.inline = self.verbatim = 0  # elements begun

    def begin(self, element: Any) -> bool:
        """Begin an element; False where nothing of it is shown."""
        tag = element.tag
        if tag in _BOXES or not self.boxes:
            self.end_line()
            self._open_box(element, tag)
        elif tag == "br":
            self.end_line()
        elif tag in _UNSEEN or is_hidden(element):
            return False
        else:
            self._begin_inline(element, tag)
        self.take(element.text, element, behind=False)
        return True

    def _open_box(self, element: Any, tag: str) -> None:
        name = element.get("class") or ""
        self.boxes.append(
            Box(
                element,
                tag,
                name,
                self.open[-1] if self.open else 0,
                own_role(element, tag, name),
                len(self.lines),
            )
        )
        self.open.append(len(self.boxes) - 1)
        self.verbatim += tag == "pre"

    def _begin_inline(self, element: Any, tag: str) -> None:
        self._seam(tag)
        self.inline += 1
        self.links += tag == "a"
        if tag == "time" or (tag == "abbr" and element.get("title")):
            self.dates += 1
            if not self.stamp and not follows_update("".join(self.pieces[-_NEAR:])):
                self.stamp = element.get("datetime") or element.get("title") or ""

    def _seam(self, tag: str) -> None:
        if self.pieces:
            self.pieces.append("\1" if tag in _PARTS and not self.inline else "\0")

    def finish(self, element: Any) -> None:
        """End an element, the last begun."""
        tag = element.tag
        if self.open and self.boxes[self.open[-1]].element is element:
            self.end_line()
            self.boxes[self.open.pop()].end = len(self.lines)
            self.verbatim -= tag == "pre"
        elif tag != "br":
            self.inline -= 1
            self.links -= tag == "a"
            self.dates -= tag == "time" or (tag == "abbr" and bool(element.get("title")))
            self._seam(tag)

    def take(self, words: str | None, node: Any, *, behind: bool) -> None:
        """Take the words that stand in a node, or behind it."""
        if not words:
            return
        if self.node is None and not words.isspace():
            self.node, self.behind = node, behind
        self.pieces.append(words)
        if self.links or self.dates:
            self.linked += len(words.strip()) if self.links else 0
            self.dated += len(words.strip()) if self.dates else 0

    def end_line(self) -> None:
        """End the line begun, where there is one."""
        if self.node is not None:
            self._keep("".join(self.pieces))
        self.pieces.clear()
        self.node = None
        self.linked = self.dated = 0
        self.stamp = ""

    def _keep(self, written: str) -> None:
        words = clean(_SEAMS.sub("", _ABUTTING.sub(" ", written)) if len(self.pieces) > 1 else written)
        rows = words.split("\n") if self.verbatim else [words]
        words = "\n".join(row for line in rows if (row := " ".join(line.split())))
        if words:  # a control character is none
            parts = _parts(written) if "\1" in written and len(words) <= _CREDITS_AT_MOST else ""
            counts = (self.linked, self.dated, self.stamp, parts)
            self.lines.append(Line(words, self.open[-1], self.node, self.behind, *counts))


def _parts(written: str) -> str:
    parts = (" ".join(clean(part.replace("\0", "")).split()) for part in written.split("\1"))
    return " | ".join(part for part in parts if part.strip(" |•·,;–—-"))
