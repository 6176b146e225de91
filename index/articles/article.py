"""An article: what comes in, whatever file it came from, and where it stood there.

Every reader of `index.articles` yields these, and the index stores them whole, so that what the
search page shows is what was read. All offsets in Dépêche are half-open code-point ranges into one
of the four zones below.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

CHECKSUM_BYTES = 8
"""How long the checksum of a content is: that one of a million changed lines is missed is 1 in 18 million."""

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
    read in the text; `date_evidence` is then the very words. Where `date` is None the evidence is what the
    metadata gave for a date and nobody understood, if anything.
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
    """What holds one article, a file or a line of one, and its place.

    `place` names it as a person would look for it: "dossier/fichier.txt" or "dépêches.jsonl.gz#1204" (line
    numbers count from 1). `read` makes of both the article, and the keys of its record that nobody reads, or
    where there is none a reject; it may raise InvalidInput instead.
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

    `reason` is one line of French: what was found, what was expected, what to do. `unread` is set where
    more may be there than could be read, so that what is gone is not known. `passed_over` are keys of its
    record that nobody reads; `suffix` is that of a file of an unknown format, "" where its name has none.
    """

    place: str
    reason: str
    unread: bool = False
    passed_over: tuple[str, ...] = ()
    suffix: str | None = None
