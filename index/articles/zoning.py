"""Which lines of a page are the article's title, its lead, its text, and which are not the article?

`divide` takes the lines of a scraped page, or a text whose title is known, and puts each into one of
the four zones. A page is read as people build them:

    head    section, title, byline, date, captions     up to the first paragraph
    body    paragraphs, with pointers and advertisements between them
    foot    agency, signature, buttons, other articles' titles    after the last paragraph

Labels that mean something else inside a text ("Monde", "AFP", a bare date) are furniture only in the
head or the foot. `furniture` judges a line alone; what a line's neighbours tell is decided here.

Invariants: every line that is not blank is in exactly one zone, its words unchanged, in reading order (a line
end inside a word does not count); the one exception is a title that had to be made from a first sentence,
which also stays in its paragraph. In doubt a line is text, and the places of its lines never leave an article
without text: if none would be left, they are its text after all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Literal, NamedTuple

from index.articles.archives import find_head
from index.articles.bylines import read_byline, read_dateline
from index.articles.characters import COMPOSING, SPACING, kinds_of
from index.articles.furniture import (
    LONGEST_JUDGED,
    find_labels,
    find_suspects,
    is_bare_date,
    is_credit,
    is_edge_furniture,
    is_furniture,
    is_notice,
    looks_like_headline,
    offers_sharing,
    opens_related,
)
from index.articles.wire import is_initials, is_key_words

Kind = Literal["title", "body", "caption", "boilerplate", "credit"]
_TEXT: frozenset[Kind] = frozenset(("body", "caption"))
_PAGE: frozenset[Kind] = frozenset(("boilerplate", "credit"))

_LONGEST_LEAD = 600
_LONGEST_TITLE = 200
_LONGEST_SENTENCE_TITLE = 120  # a title that ends with a full stop, and a title made from a sentence
_LONGEST_SITE_NAME = 45
_LONGEST_CREDIT = 110
_SHORTEST_SENTENCE = 40  # below, a line without a full stop is a heading or a name, and no lead
_SHORTEST_PARAGRAPH = 80  # below, a line may be a caption or a heading even with a full stop
_SHORTEST_REPEATED = 20  # a shorter line may come twice by chance
LONGEST_UNFINISHED = 200  # a longer line is a paragraph whatever its end: captions and headings are shorter
_EDGE_LINES = 25  # how far a head or a foot without paragraphs may reach
_FEWEST_SPACES = 3  # in a title that stands below a single word (`_is_kicker`)
_PUNCTUATED = (".", "!", "?", "…", "»", ",", ";", ":")
_CREDITS_BELOW = 4  # lines: who, when, and what asks to share it
_ADDRESS = re.compile(r"https?://\S+")
_ONE_WORD = re.compile(r"[A-ZÀ-Þ][\w'’-]{2,29}")
_BROKEN_WORD = re.compile(r"(?<=[\w\u0300-\u036f][-\u00ad])[ \t]*\n[ \t]*(?=[a-zà-öø-ÿœ])")
SENTENCE_ENDS = tuple('.!?…»"”)')

# One class first, so that a search runs from one such character to the next.
_CAPTION_END = re.compile(
    r"[©/(cCpPtT](?i:(?<=©)|(?<=\()c\)|(?<=t)ous droits réservés|(?<=c)rédits?(?: photos?)?\s?:|"
    r"(?<=p)hoto\s?:|(?<=/)\s?(?:AFP|AP|REUTERS|EPA|Getty|Sipa|Belga|Keystone)\b).{0,60}$"
)
_SITE_NAME = re.compile(r"\s*(?:\s[|–—-]\s|\|)\s*.{2,40}")
_CAPITAL_PLACE = re.compile(r"[A-ZÀ-Þ][A-ZÀ-Þ'’ -]{2,40}\s[—–-]\s(?=\S)")  # "OTTAWA — "
_SENTENCE = re.compile(  # "M. Burns" and "J.-P. Dupont" do not end one
    r"(?<!\b[A-ZÀ-Þ])(?<!\bMM)(?<!\bMme)(?<!\bMgr)(?<!\bDr)[.!?…]+[\s»\"”)]*\s(?=[\s«\"“(]*[A-ZÀ-Þ0-9])"
)


class Zones(NamedTuple):
    """A page, divided.

    `paragraphs` are the lines of the article itself, lead included; `credits` the boilerplate lines
    that may say who wrote it, and when.
    """

    title: str
    lead: str
    text: str
    boilerplate: str
    paragraphs: tuple[str, ...]
    credits: tuple[str, ...]


def divide(text: str, title: str = "") -> Zones:
    """Put each line of a text into its zone. With a `title`, none is looked for in the lines."""
    lines = [stripped for line in _whole_words(text).split("\n") if (stripped := line.strip())]
    # Patterns are composed (NFC) and expect one space between words; what is kept is what was written.
    shapes, kinds_there = lines, kinds_of(text)
    if kinds_there & COMPOSING and not unicodedata.is_normalized("NFC", text):
        shapes = [unicodedata.normalize("NFC", line) for line in lines]
    if kinds_there & SPACING:
        shapes = [" ".join(line.split()) if len(line) <= LONGEST_JUDGED else line for line in shapes]
    kinds: list[Kind] = ["body"] * len(lines)
    suspects = find_suspects(shapes)
    if suspects:
        _mark_alone(shapes, kinds, suspects)
    labels = find_labels(shapes)
    if labels:
        # The first line may be a title, whatever it is ("Telegram").
        _mark_labels(shapes, kinds, [i for i in labels if i or title or offers_sharing(shapes[i])])
    found_title, head_end = _mark_head(shapes, kinds, title)
    _mark_archive_head(shapes, kinds, head_end, titled=bool(title))
    _mark_credits_below(shapes, kinds, head_end)
    _mark_foot(shapes, kinds, head_end)
    _mark_captions(shapes, kinds, head_end)
    credit_lines = [line for line, kind in zip(shapes, kinds, strict=True) if kind == "credit"]
    if _PAGE.issuperset(kinds):
        found_title = _keep_some_text(shapes, kinds, title) or found_title
    return _assemble(lines, kinds, title or found_title, tuple(credit_lines))


def _whole_words(text: str) -> str:
    """Put a word together again that a line end breaks ("gouver-", "nement"); its hyphen stays."""
    return _BROKEN_WORD.sub("", text) if "-\n" in text or "\u00ad\n" in text else text


def _mark_labels(lines: list[str], kinds: list[Kind], labels: list[int]) -> None:
    """Mark labels too short to judge alone ("Facebook"), a line each.

    They count only if one of them, or the furniture above or below, says what they are for ("Partager cet
    article").
    """
    for run in _runs(i for i in labels if kinds[i] == "body"):
        around = [i for i in (run[0] - 1, run[-1] + 1) if 0 <= i < len(lines) and kinds[i] == "boilerplate"]
        told = [i for i in (*around, *run) if offers_sharing(lines[i])]
        if told and told != run:  # one by itself may be a heading
            for i in run:
                kinds[i] = "boilerplate"


def _runs(numbers: Iterable[int]) -> Iterator[list[int]]:
    """Yield the stretches of consecutive numbers."""
    for _, run in groupby(enumerate(numbers), key=lambda placed: placed[1] - placed[0]):
        yield [number for _, number in run]


def _mark_alone(lines: list[str], kinds: list[Kind], suspects: list[int]) -> None:
    """Mark what is furniture wherever it stands."""
    for i in suspects:
        kinds[i] = _kind_alone(lines[i])
    headings = {i for i in suspects if opens_related(lines[i])}
    if headings:
        _mark_related(lines, kinds, headings)


def _kind_alone(line: str) -> Kind:
    if is_notice(line):
        return "credit"  # a notice of archives names the publication
    return "boilerplate" if is_furniture(line) else "body"


def _mark_related(lines: list[str], kinds: list[Kind], headings: set[int]) -> None:
    """Mark lists of other articles, each from its heading to the next sentence."""
    inside = begun = False
    for i, line in enumerate(lines):
        if i in headings:
            kinds[i] = "boilerplate"
            inside = begun  # before anything else a heading is only a label, and a title may follow
        elif inside:
            inside = kinds[i] != "body" or looks_like_headline(line)
            if inside:
                kinds[i] = "boilerplate"
        begun = begun or kinds[i] == "body"


def _mark_head(lines: list[str], kinds: list[Kind], given_title: str) -> tuple[str, int]:
    """Mark what comes before the first paragraph; return the title and the number of lines before it."""
    title, title_at = given_title, -1
    for i, line in enumerate(lines[:_EDGE_LINES]):
        if kinds[i] != "body":
            continue
        if title and _repeats(line, title):
            if title_at < 0:  # a title that was given stands here: what precedes is the site's menu
                kinds[:i] = ["boilerplate" if kind == "body" else kind for kind in kinds[:i]]
            kinds[i] = "boilerplate"
        elif title_at >= 0 and len(line) >= _SHORTEST_REPEATED and _repeats(title, line):
            kinds[title_at], kinds[i] = "boilerplate", "title"  # "Titre | Le Site", then "Titre"
            title, title_at = line, i
        elif is_credit(line, "head") or (
            is_bare_date(line) and "body" not in kinds[:i] and not _starts_dates(lines, i)
        ):
            kinds[i] = "credit"  # a day alone dates the article at the top of a page only
        elif (
            is_edge_furniture(line, "head")
            or is_key_words(lines, i, titled=bool(title))
            or (not title and _ADDRESS.fullmatch(line))
        ):
            kinds[i] = "boilerplate"
        elif not title and _is_kicker(lines, kinds, i):
            continue
        elif not title and _is_title(line, only=kinds.count("body") == 1):
            kinds[i], title, title_at = "title", line, i
        elif not title or _is_paragraph(line):
            return title or _title_from(line), i
    return title, min(len(lines), _EDGE_LINES)


def _mark_archive_head(lines: list[str], kinds: list[Kind], head_end: int, *, titled: bool) -> None:
    """Mark the short lines between title and first paragraph that an archive has put there."""
    first = 0 if titled else next((i + 1 for i in range(head_end) if kinds[i] == "title"), head_end)
    for i in find_head(lines[first:head_end]):
        kinds[first + i] = "credit"


def _mark_credits_below(lines: list[str], kinds: list[Kind], head_end: int) -> None:
    """Mark the credits that stand between the lead and the text rather than above both."""
    signed = False
    for i in range(head_end + 1, min(len(lines), head_end + 1 + _CREDITS_BELOW)):
        if kinds[i] == "body":
            if lines[i].endswith(_PUNCTUATED):
                return  # nearly all of them
            byline = read_byline(lines[i])
            alone = byline is not None and not byline.author  # "AFP" may be a heading here
            if alone or not (is_credit(lines[i], "head") or (signed and is_bare_date(lines[i]))):
                return
            kinds[i], signed = "credit", True


def _is_kicker(lines: list[str], kinds: list[Kind], i: int) -> bool:
    """Say whether a line is the one word above a title, a town or a section: "Millau"."""
    if not _ONE_WORD.fullmatch(lines[i]) or "body" in kinds[:i]:
        return False
    below = [j for j in range(i + 1, min(len(lines), i + _EDGE_LINES)) if kinds[j] == "body"][:2]
    if len(below) < 2:
        return False
    title, after = lines[below[0]], lines[below[1]]
    return (
        _SHORTEST_REPEATED <= len(title) <= _LONGEST_TITLE
        and title.count(" ") >= _FEWEST_SPACES
        and title[:1].isupper()
        and looks_like_headline(title)
        and not _SENTENCE.search(title)
        and not is_credit(title, "head")
        and (_is_paragraph(after) or is_credit(after, "head"))
    )


def _starts_dates(lines: list[str], i: int) -> bool:
    """Say whether a list of days begins here: a calendar, rather than the day of publication."""
    return i + 1 < len(lines) and is_bare_date(lines[i + 1])


def _mark_foot(lines: list[str], kinds: list[Kind], head_end: int) -> None:
    """Mark what comes after the last paragraph."""
    for i in range(len(lines) - 1, max(head_end, len(lines) - _EDGE_LINES) - 1, -1):
        if kinds[i] != "body":
            continue
        if is_credit(lines[i], "foot"):
            kinds[i] = "credit"
        elif is_edge_furniture(lines[i], "foot") or (
            i == len(lines) - 1 and is_initials(lines[i], lines[head_end])
        ):
            kinds[i] = "boilerplate"
        elif _is_paragraph(lines[i]):
            return


def _mark_captions(lines: list[str], kinds: list[Kind], head_end: int) -> None:
    """Mark captions, which are text but no paragraph.

    One that is written twice, once with the credit of its photograph, is the page's and not the
    article's. Of two that are the same, the first stays.
    """
    for i in range(head_end):
        if kinds[i] == "body" and _is_credited(lines[i]):
            kinds[i] = "caption"
    if len({line[:_SHORTEST_REPEATED] for line in lines}) == len(lines):
        return  # most articles: no line begins as another does
    starts = [line[:_SHORTEST_REPEATED] for line in lines]
    for i, line in enumerate(lines):
        if kinds[i] not in _TEXT:
            continue
        for j in range(max(0, i - 2), i):
            if starts[j] != starts[i] or kinds[j] not in _TEXT:
                continue
            if _is_same_caption(lines[j], line, in_head=i < head_end):
                kinds[j] = "caption" if lines[j] == line else "boilerplate"
                kinds[i] = "boilerplate"


def _keep_some_text(lines: list[str], kinds: list[Kind], title: str) -> str:
    """Turn lines back into text when no text was left; return a title made of the first, "" without any.

    An article whose title was given is believed to have a text, so all its lines come back. Otherwise buttons
    and notices stay what they are: alone they are no article.
    """
    kept = [i for i, line in enumerate(lines) if title or _kind_alone(line) == "body"]
    for i in kept:
        kinds[i] = "body"
    return _title_from(lines[kept[0]]) if kept else ""


def _is_credited(line: str) -> bool:
    """Say whether a line ends with the credit of a photograph."""
    return _CAPTION_END.search(line, max(0, len(line) - _LONGEST_CREDIT)) is not None


def _is_same_caption(first: str, second: str, *, in_head: bool) -> bool:
    shorter, longer = sorted((first, second), key=len)
    if len(shorter) < _SHORTEST_REPEATED or not longer.startswith(shorter):
        return False
    if first.startswith(("–", "—")) or first.endswith((",", ";")):
        return False  # dialogue and verse repeat themselves
    credit = longer[len(shorter) :]
    # The credit and nothing else may follow, for both lines leave the text.
    return len(credit) <= _LONGEST_CREDIT and _is_credited(credit) if credit else in_head


def _assemble(lines: list[str], kinds: list[Kind], title: str, credit_lines: tuple[str, ...]) -> Zones:
    places = [i for i, kind in enumerate(kinds) if kind in _TEXT]
    lead = _lead(lines, kinds, places)
    return Zones(
        title=" ".join(title.split()),
        lead="\n".join([lines[i] for i in lead]),
        text="\n".join([lines[i] for i in places if i not in lead]),
        boilerplate="\n".join([line for line, kind in zip(lines, kinds, strict=True) if kind in _PAGE]),
        paragraphs=tuple([lines[i] for i in places]),
        credits=credit_lines,
    )


def _lead(lines: list[str], kinds: list[Kind], places: list[int]) -> list[int]:
    """Return the indices of the lines up to the first sentence, headings included and captions left out.

    None if no other lines follow, or if they are too long for a lead.
    """
    body = [i for i in places if kinds[i] == "body"]
    first = next((n for n, i in enumerate(body) if _reads_as_sentence(lines[i])), 0)
    lead = body[: first + 1]
    short = sum(len(lines[i]) for i in lead) <= _LONGEST_LEAD
    return lead if short and len(lead) < len(places) else []


def _reads_as_sentence(line: str) -> bool:
    return len(line) >= _SHORTEST_SENTENCE or line.endswith(SENTENCE_ENDS)


def _is_paragraph(line: str) -> bool:
    if len(line) < _SHORTEST_PARAGRAPH:
        return False
    return len(line) >= LONGEST_UNFINISHED or (line.endswith(SENTENCE_ENDS) and not _is_credited(line))


def _is_title(line: str, *, only: bool) -> bool:
    if len(line) > _LONGEST_TITLE or line.startswith(("–", "—")) or read_dateline(line):
        return False
    full_stop = line.endswith(".") and not line.endswith("...")
    return not full_stop or (len(line) <= _LONGEST_SENTENCE_TITLE and not only)


def _repeats(line: str, title: str) -> bool:
    """Say whether a line is the title again, perhaps with the site's name after it."""
    if abs(len(line) - len(title)) > _LONGEST_SITE_NAME:
        return False
    whole, start = _comparable(line), _comparable(title)
    return whole == start or (whole.startswith(start) and _SITE_NAME.fullmatch(whole, len(start)) is not None)


def _comparable(line: str) -> str:
    """Write a line so that two versions of it compare equal. Not an analysis: the result is not kept."""
    return " ".join(line.replace("’", "'").split()).casefold()


def _title_from(paragraph: str) -> str:
    """Make a title of a paragraph: its first sentence, without a dateline, cut between words."""
    dateline = read_dateline(paragraph)
    story = paragraph[dateline.length if dateline else 0 :][:_LONGEST_LEAD]
    story = story[found.end() :] if (found := _CAPITAL_PLACE.match(story)) else story
    story = story.lstrip("–—-•* \xa0") or paragraph
    end = _SENTENCE.search(story)
    sentence = story[: end.end()].rstrip() if end else story
    if len(sentence) > _LONGEST_SENTENCE_TITLE:
        cut = sentence.rfind(" ", 0, _LONGEST_SENTENCE_TITLE)
        kept = sentence[: cut if cut > 0 else _LONGEST_SENTENCE_TITLE - 1]
        return kept.rstrip(" ,;:.–—-«“\xa0") + "…"
    return sentence if sentence.endswith("...") else sentence.removesuffix(".")
