"""An article: what comes in, whatever file it came from, and where it stood there.

Every reader of `index.articles` yields these, and the index stores them whole, so that what the
search page shows is what was read. All offsets in Dépêche are half-open code-point ranges into one
of the four zones below.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

CHECKSUM_BYTES = 8
"""The size of a content's checksum: the odds of missing one of a million changes are 1 in 18 million."""

Zone = Literal["title", "lead", "text", "boilerplate"]
DateConfidence = Literal["declared", "stated"]


class Article(NamedTuple):
    """One press article, its lines already put into zones.

    `article_id` is durable: it is the same at every rebuild. `title`, `lead`, `text` and
    `boilerplate` are the four zones and never share a line; `lead` is the opening paragraph, `text`
    what follows it, `boilerplate` what the page carried besides the article, in reading order.
    Paragraphs are separated by one newline.

    `date` is ISO 8601, as precise as is known: "2023", "2023-02", "2023-02-28" or a date and time.
    `date_confidence` is "declared" where the file's own metadata give it and "stated" where it was
    read in the text; `date_evidence` holds the raw value or the very words. If `date` is None, the evidence
    is what the metadata gave for a date and could not be read, if anything.
    """

    article_id: str
    title: str
    text: str
    lead: str = ""
    boilerplate: str = ""
    source: str | None = None
    agency: str | None = None
    author: str | None = None
    date: str | None = None
    date_confidence: DateConfidence | None = None
    date_evidence: str | None = None
    url: str | None = None


class Content(NamedTuple):
    """The content of one article (a file, a part or a line of one), and its place.

    `place` names it as a person would look for it: "dossier/fichier.txt" or "dépêches.jsonl.gz#1204" (line
    numbers count from 1). `read(data, place)` returns the article and the unused keys of its record, or a
    Reject; it may raise InvalidInput.
    """

    place: str
    data: bytes
    read: Callable[[bytes, str], tuple[Article, tuple[str, ...]] | Reject]


class Read(NamedTuple):
    """An article that was read, and the keys that were passed over; `checksum` is that of its content."""

    place: str
    article: Article
    passed_over: tuple[str, ...] = ()
    checksum: bytes = b""


class Recognised(NamedTuple):
    """An article that was not read, because its content is as it was."""

    place: str
    article_id: str
    checksum: bytes


class Reject(NamedTuple):
    """Something that could not be read as an article, its place, and why.

    `reason` is one line of French: what was found, what was expected, what to do. `unread` is set if the
    source could not be read whole, so that an update must not remove its articles. `passed_over` are the
    unused keys of its record; `suffix` is that of a file of an unknown format, "" if its name has none.
    """

    place: str
    reason: str
    unread: bool = False
    passed_over: tuple[str, ...] = ()
    suffix: str | None = None
