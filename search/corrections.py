"""Which word was meant by one that the index does not have?

A word is corrected only where nothing else can be done: the index has no form of it, and it is no
French word ("relu" is one, and not a misspelling of "réélu"). The words of the index that come near are
compared by what it takes to mistype or mishear one for the other:

- letters added, left out, replaced or swapped (the optimal string alignment distance), where
  swapping neighbours, doubling a letter and hitting the next key of an AZERTY keyboard cost less;
- spellings that sound alike ("Loukatchenko", "Loukachenko"), by tables/sounds.tsv;
- two words written as one ("portemonnaie").

Of equally near words the commonest wins. Everything is compared without accents, so accents never cost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.analysis import fold, is_french
from search import vocabulary
from search.snapshot import Snapshot
from search.syntax import FIELDS

_TABLES = Path(__file__).parent / "tables"
_SHORTEST = 4  # a shorter word is one edit away from too many others
_SHORTEST_NAME = 5  # "Ali" and "Aly" may be two people
_LONG = 8  # from here on two edits are believable
_SHORTLIST = 200  # words of the index looked at closely
_HALF = 0.5  # what a slip of the fingers costs, where another letter costs 1
_FIRST_LETTER = 0.4  # people rarely mistype the first letter
_MARKS = "\u0300-\u036f"  # combining accents, which follow the letter that they belong to
_PIECE = re.compile(r'"[^"]*"|«[^»]*»|“[^”“]*”|[^\s()"«»“”]+')
_SIGNED = re.compile(r'["«“+=-]')  # quoted, demanded or excluded, and never corrected
_DECORATED = re.compile(r".*(?:\*|~\d{0,3})$")
_RUN = re.compile(r"\w[^/,;:!?…&|+*~=\[\]]*")  # an elided article and a hyphen belong to their word


CorrectionKind = Literal["typo", "sound", "split"]


@dataclass(frozen=True, slots=True)
class Correction:
    """What a word may have meant: one word without accents, or two. `cost` is 0 for the same word."""

    folds: tuple[str, ...]
    cost: float
    kind: CorrectionKind


def corrections(snapshot: Snapshot, zones: Sequence[str], folded: str) -> tuple[Correction, ...]:
    """Give what a word without accents may have meant, the most likely first."""
    if len(folded) < _SHORTEST or any(character.isdigit() for character in folded):
        return ()
    return snapshot.remember(("corrections", *zones, folded), lambda: _search(snapshot, zones, folded))


def variants(snapshot: Snapshot, zones: Sequence[str], folded: str) -> tuple[str, ...]:
    """Give the other spellings in the index of a word that it has and that is no French word: a name.

    "tokayev" gives "tokaiev": they sound alike. In long names one letter may differ as well.
    """
    if len(folded) < _SHORTEST_NAME or is_french(folded):
        return ()
    return tuple(
        found.folds[0]
        for found in corrections(snapshot, zones, folded)
        if found.kind != "split"
        and (found.kind == "sound" or (found.cost < 1 and len(folded) >= _LONG))
        and not is_french(found.folds[0])
    )


def _search(snapshot: Snapshot, zones: Sequence[str], folded: str) -> tuple[Correction, ...]:
    allowed = 1 if len(folded) < _LONG else 2
    known = [word for word in vocabulary.known_folds(snapshot, zones) if word != folded]
    sound = sound_key(folded)
    found: dict[str, Correction] = {}
    for word, _, _ in process.extract(
        folded, known, scorer=OSA.distance, score_cutoff=allowed + 1, limit=_SHORTLIST
    ):
        cost = edit_cost(folded, word)
        if len(sound) > 2 and sound_key(word) == sound:
            found[word] = Correction((word,), min(cost, _HALF), "sound")
        elif cost <= allowed:
            found[word] = Correction((word,), cost, "typo")
    best = sorted(
        found.values(), key=lambda each: (each.cost, -frequency(snapshot, zones, each.folds[0]), each.folds)
    )
    if best and best[0].cost < 1:
        return tuple(best)
    return (*_splits(snapshot, zones, folded), *best)


def as_typed(text: str, typed: str) -> str:
    """Give the query that searches a corrected word as it was typed: with a `+`, wherever it was read.

    "l'astnaa" gives "+l'astnaa", "texte:astnaa" gives "texte:(+astnaa)".
    """
    alone = re.compile(rf"(?<![\w{_MARKS}]){re.escape(typed)}(?![\w{_MARKS}])")

    def insist(found: re.Match[str]) -> str:
        run = found.group()
        if not alone.search(run):
            return run
        return f"{' ' if found.start() else ''}+{run}{' ' if found.end() < len(found.string) else ''}"

    def rewrite(found: re.Match[str]) -> str:
        piece = found.group()
        name, colon, value = piece.partition(":")
        field = FIELDS.get(fold(name)) if colon else None
        if not alone.search(value if field else piece):
            return piece
        glued = text[: found.start()][-1:].strip(" (") != ""  # to a quotation: then a sign is none
        if (_SIGNED.match(piece) and not glued) or _DECORATED.match(piece):
            return piece
        if field:
            return piece if _SIGNED.match(value) else f"{name}:({_RUN.sub(insist, value)})"
        return (" " if glued else "") + _RUN.sub(insist, piece)

    return _PIECE.sub(rewrite, text)


def frequency(snapshot: Snapshot, zones: Iterable[str], folded: str) -> int:
    """Count in how many articles a word stands, with any accents; an article counts once a zone."""
    return sum(vocabulary.form_frequencies(snapshot, zones, folded).values())


def sound_key(folded: str) -> str:
    """Write a word without accents the way it sounds."""
    for pattern, replacement in _sounds():
        folded = pattern.sub(replacement, folded)
    return folded


def edit_cost(typed: str, meant: str) -> float:
    """Weigh what turns one word into the other: 1 a letter, less for a slip of the fingers.

    Source: the optimal string alignment distance (Damerau 1964), with weights.
    """
    two_back: list[float] = []
    back = [0.9 * column for column in range(len(meant) + 1)]
    for row, lost in enumerate(typed, start=1):
        line = [0.9 * row]
        for column, gained in enumerate(meant, start=1):
            cheapest = min(
                back[column - 1] + _replaced(lost, gained),
                back[column] + (_HALF if lost in (typed[row - 2 : row - 1], typed[row : row + 1]) else 0.9),
                line[-1]
                + (_HALF if gained in (meant[column - 2 : column - 1], meant[column : column + 1]) else 0.9),
            )
            if row > 1 and column > 1 and (lost, typed[row - 2]) == (meant[column - 2], gained):
                cheapest = min(cheapest, two_back[column - 2] + _HALF)
            line.append(cheapest)
        two_back, back = back, line
    swapped = sorted(typed[:2]) == sorted(meant[:2])
    return back[-1] + (_FIRST_LETTER if typed[:1] != meant[:1] and not swapped else 0)


def _replaced(lost: str, gained: str) -> float:
    if lost == gained:
        return 0.0
    return 0.75 if gained in _neighbours().get(lost, "") else 1.0


def _splits(snapshot: Snapshot, zones: Sequence[str], folded: str) -> Iterator[Correction]:
    best: tuple[int, tuple[str, str]] | None = None
    for at in range(_SHORTEST, len(folded) - _SHORTEST + 1):
        halves = (folded[:at], folded[at:])
        worth = min(frequency(snapshot, zones, half) for half in halves)
        if worth and (best is None or worth > best[0]):
            best = (worth, halves)
    if best:
        yield Correction(best[1], 1.0, "split")


@cache
def _neighbours() -> dict[str, str]:
    rows = _lines("azerty.txt")
    neighbours = {}
    for y, row in enumerate(rows):
        for x, letter in enumerate(row):
            around = [(x - 1, y), (x + 1, y), (x, y - 1), (x + 1, y - 1), (x, y + 1), (x - 1, y + 1)]
            neighbours[letter] = "".join(
                rows[row_y][row_x]
                for row_x, row_y in around
                if 0 <= row_y < len(rows) and 0 <= row_x < len(rows[row_y])
            )
    return neighbours


@cache
def _sounds() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = (line.partition("\t") for line in _lines("sounds.tsv"))
    return tuple((re.compile(pattern), replacement) for pattern, _, replacement in rows)


def _lines(table: str) -> list[str]:
    text = (_TABLES / table).read_text(encoding="utf-8")
    return [line for line in text.split("\n") if line and not line.startswith("#")]
