"""What does a text say that is written in HTML, as exports of publishing systems are?

A text is HTML if it ends a block or has a "<br>": then only its words remain, each block on a line of its
own. If only words are marked up, as in "<b>", somebody may be writing about HTML, or "<" may mean less than:
the text is HTML only if every such sign belongs to an element that HTML has, every element ends, and the text
does not talk of HTML; otherwise it stays as it is written. But an entity stands for its character everywhere.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from index.articles.entities import without_entities
from index.articles.notes import calls_note

_BLOCK_NAMES = (
    "address|article|aside|blockquote|br|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr|li|main|ol|p|"
    "pre|section|table|td|th|tr|ul"
)
_MARKS_WORDS = re.compile(
    "a|abbr|acronym|b|big|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|s|small|span|strike|strong|su[bp]|time|tt|u|"
    "var",
    re.IGNORECASE,
)
_ATTRIBUTE = r"""\s+[\w:-]+(?:\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>=]+))?"""
_TAG = re.compile(rf"<(/?)([a-zA-Z]+)(?:{_ATTRIBUTE})*\s*>")
_TALKS_OF_HTML = re.compile(r"\b(?:balise|html|xml|css|javascript|markdown)", re.IGNORECASE)
_UNREAD = frozenset(("script", "style", "template"))
_BLOCK_NAME = re.compile(_BLOCK_NAMES)
_BLOCK_END = re.compile(rf"</(?:{_BLOCK_NAMES})\s*>|<br\s*/?>", re.IGNORECASE)
_LINE_END = re.compile(r"(?<!\n)\n(?![ \t\f]*\n)")  # one, between blocks; several part paragraphs


def as_text(written: str) -> str:
    """Give the words of a text that is written in HTML, and any other text as it is."""
    if "<" in written and _BLOCK_END.search(written):
        return _words(_LINE_END.sub(" ", written)) or written
    if "</" in written and _marks_words_only(written):
        return _words(written) or written
    return without_entities(written)


def _words(written: str) -> str:
    """Give the words of HTML, "" where it cannot be read or has none."""
    reader = _Reader()
    try:
        reader.feed(written)
        reader.close()
    except AssertionError:  # "<![x]>", which the parser says it cannot read
        return ""
    lines = map(_one_line, "".join(reader.pieces).split("\n"))
    return "" if reader.unread else "\n".join(filter(None, lines))


def _marks_words_only(written: str) -> bool:
    """Say whether every "<" and ">" of a text belongs to HTML that marks words up."""
    begun: list[tuple[str, int]] = []
    for tag in _TAG.finditer(written):
        name = tag[2]
        if not _MARKS_WORDS.fullmatch(name):
            return False
        if not tag[1]:
            begun.append((name, tag.end()))
            continue
        opened, start = begun.pop() if begun else ("", 0)
        marked = written[start : tag.start()]
        if opened != name or (marked[:1].isspace() and marked[-1:].isspace()):  # "between <b> and </b>"
            return False
    rest = _TAG.sub("", written)
    return not begun and not ("<" in rest or ">" in rest or _TALKS_OF_HTML.search(rest))


def _one_line(words: str) -> str:
    return " ".join(words.split())


class _Reader(HTMLParser):
    """Gathers the words, and a line end for each block."""

    def __init__(self) -> None:
        super().__init__()  # it puts characters for entities
        self.pieces: list[str] = []
        self.raised = 0  # <sup> begun
        self.unread = 0  # elements begun, of which the content is not for readers

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Begin a line where a block does."""
        self.unread += tag in _UNREAD
        if _BLOCK_NAME.fullmatch(tag):
            self.pieces.append("\n")
        self.raised += tag == "sup"

    def handle_endtag(self, tag: str) -> None:
        """End the line of a block."""
        self.unread -= tag in _UNREAD and self.unread > 0
        self.raised -= tag == "sup" and self.raised > 0
        if _BLOCK_NAME.fullmatch(tag):
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        if self.unread:
            return
        if self.raised and calls_note("".join(self.pieces[-1:]), data):
            self.pieces.append(" ")
        self.pieces.append(data)
