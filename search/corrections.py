"""Which word was meant by one that the index does not have?

A word is corrected only as a last resort: the index has no form of it, and it is no French word ("relu" is
one, and not a misspelling of "réélu"). The words of the index that come near are compared by what it takes to
mistype or mishear one for the other:

- letters added, left out, replaced or swapped (the optimal string alignment distance), where
  swapping neighbours, doubling a letter and hitting the next key of an AZERTY keyboard cost less;
- spellings that sound alike to a French ear ("secretere", "fisique"), by tables/sounds.tsv, wherever
  tables/written-sounds.tsv finds them, or that write the same name ("Pushkin", "Pouchkine"), by
  tables/transcriptions.tsv;
- an elided article that lost its apostrophe ("letat");
- two words written as one ("portemonnaie").

The more articles a word stands in, the more it may differ: "retaite" stands for "retraite" rather than for
"refaite". Everything is compared without accents, so accents never cost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from math import inf, log10
from typing import Literal, NamedTuple

from index.french.known_words import is_elision, is_french, is_listed_name, may_be_stop_word
from index.french.stems import is_acronym, is_roman_number
from search.compounds import stand_together
from search.spellings import heard_as, is_feminine_of, other_names, respellings
from search.vocabulary import Vocabulary
from search.word_lists import lines_of, rows_of

_SHORTEST = 4  # a shorter word is one edit away from too many others
_SHORTEST_HALF = 2  # of two words written as one: "weekend", "lalune"
_SHORTEST_SOUND = 3  # of a word, as it sounds
_VOWELS = "aeiouy"
_MUTE = "aeiouyh"  # what a word starts with whose article is elided
_LONG = 8  # from here on two edits are believable
_SHORTLIST = 200  # words of the index looked at closely
_HALF = 0.5  # what a slip of the fingers costs, where another letter costs 1
_HARD_C = re.compile("c(?=[aou])")
_HEARD = 0.3  # what writing by ear costs, however many letters it changes
_TEN_TIMES = 0.25  # how much more a word may cost if it stands in ten times as many articles
_FIRST_LETTER = 0.4  # people rarely mistype the first letter
_LONG_ENOUGH = 5  # letters that tell what word has lost its first

CorrectionKind = Literal["typo", "sound", "split", "variant"]


class Correction(NamedTuple):
    """What a word may have meant: one word without accents, or two. `cost` is 0 for the same word."""

    folds: tuple[str, ...]
    cost: float
    kind: CorrectionKind


def corrections(vocabulary: Vocabulary, folded: str, fewest: int = 1) -> tuple[Correction, ...]:
    """Give what a word without accents may have meant, the most likely first.

    Each is one word that `frequency` finds in at least `fewest` articles, or two, which may be rarer.
    """
    if others := other_names(vocabulary, folded):
        return tuple(Correction((other,), 0, "variant") for other in others)
    as_typed = _is_initials(folded) or is_roman_number(folded)
    if len(folded) < _SHORTEST or any(character.isdigit() for character in folded) or as_typed:
        return ()
    return vocabulary.remember(
        ("corrections", folded, str(fewest)),
        lambda: _believable(folded, _search(vocabulary, folded, fewest)),
    )


def _believable(folded: str, found: tuple[Correction, ...]) -> tuple[Correction, ...]:
    """Keep only other spellings of a listed name: "Nanterre" is not "Nantes", nor "Simon" "Simone"."""
    if not is_listed_name(folded):
        return found
    return tuple(
        each
        for each in found
        if each.kind == "sound"
        and (each.cost <= _HALF or not is_french(each.folds[0]))
        and not is_feminine_of(folded, each.folds[0])
        and not is_listed_name(each.folds[0])
    )


def _is_initials(folded: str) -> bool:
    """Say whether a word can only be an acronym: a letter less is another body ("SNCF", "SNCM")."""
    return not any(letter in _VOWELS for letter in folded)


def _search(vocabulary: Vocabulary, folded: str, fewest: int) -> tuple[Correction, ...]:
    allowed = 1 if len(folded) < _LONG else 2
    sound = sound_key(folded)
    found: dict[str, Correction] = {}
    least = float(allowed)
    for word, edits in vocabulary.near(folded, allowed + 1, _SHORTLIST, fewest).items():
        if not edits or is_acronym(word):
            continue
        if len(sound) >= _SHORTEST_SOUND and _sounds_as(vocabulary, word, sound):
            found[word] = Correction((word,), min(edit_cost(folded, word), _HALF * edits), "sound")
        # Unless others are so much nearer.
        elif edits * _HALF <= least and (cost := _slip_cost(folded, word)) <= allowed:
            found[word] = Correction((word,), cost, "typo")
            least = min(least, cost)
    for word, kind in _respelt(vocabulary, folded):
        if vocabulary.is_known(word):
            found[word] = Correction((word,), _HEARD + edit_cost(folded, word) / 20, kind)  # the nearer first
    articles = {word: frequency(vocabulary, word) for word in found}
    believed = [each for each in found.values() if articles[each.folds[0]] >= fewest]
    slips = [each.cost for each in believed if may_be_stop_word(each.folds[0])]

    def unlikeliness(each: Correction) -> tuple[float, bool, tuple[str, ...]]:
        commoner = _TEN_TIMES * log10(articles[each.folds[0]])
        return each.cost - commoner, each.kind != "sound", each.folds

    best = sorted((each for each in believed if not may_be_stop_word(each.folds[0])), key=unlikeliness)
    nearest = min((each.cost for each in best), default=inf)
    if slips and min(slips) <= nearest:
        return ()  # "avce" is "avec", which says nothing, or "Dupuis", which is not "depuis"
    return tuple(best) if nearest < 1 else (*splits(vocabulary, folded), *best)


def _slip_cost(typed: str, meant: str) -> float:
    """Weigh a slip; a lost first letter, or the key beside it, costs no more than any other: "vhoisir"."""
    first, rest = meant[:1], meant[1:]
    beside = typed[1:] == rest and first in _neighbours().get(typed[0], "")
    if len(typed) >= _LONG_ENOUGH and (typed == rest or beside):
        return 1.0
    return edit_cost(typed, meant)


def _respelt(vocabulary: Vocabulary, folded: str) -> Iterator[tuple[str, CorrectionKind]]:
    """Yield words that differ in many letters, but by one slip: "Pouchkine", or "état" for "letat"."""
    for word in respellings(vocabulary, folded):
        if not is_french(word) and not is_acronym(word):  # which "Kurt" and "Truss" would be found as
            yield word, "sound"
    sound = sound_key(folded)
    for word in heard_as(vocabulary, folded) if len(sound) >= _SHORTEST_SOUND else ():
        if sound_key(word) == sound:
            yield word, "sound"
    for end in (1, 2):
        article, noun = folded[:end], folded[end:]
        if is_elision(article) and noun[:1] in _MUTE and len(noun) >= _SHORTEST:
            yield noun, "typo"


def written_apart(vocabulary: Vocabulary, folded: str) -> tuple[str, ...]:
    """Give the two words as which some article writes a word of the index ("week end"), if one does.

    The second is no function word. The first may be one only if the second is not French and the word no
    listed name ("Lepen"): "le long" does not explain "Lelong".
    """

    def look() -> tuple[str, ...]:
        pairs = (
            (first, second)
            for first, second in _halves(vocabulary, folded)
            if not may_be_stop_word(first) or not (is_french(second) or is_listed_name(folded))
        )
        return next((pair for pair in pairs if stand_together(vocabulary, pair)), ())

    return vocabulary.remember(("apart", folded), look)


def splits(vocabulary: Vocabulary, folded: str) -> Iterator[Correction]:
    """Give the two words of the index that are written here as one, if there are any.

    The commonest that an article has side by side; else two longer ones, wherever they stand. The second
    is no function word ("ditil"), nor is the first in a French word: "désaccords" are not "des accords".
    """
    french = is_french(folded)
    known = [pair for pair in _halves(vocabulary, folded) if not (french and may_be_stop_word(pair[0]))]
    together = [pair for pair in known if stand_together(vocabulary, pair)]
    apart = [] if french else [pair for pair in known if min(map(len, pair)) >= _SHORTEST]
    for pair in (together or apart)[:1]:
        yield Correction(pair, 1.0, "split")


def _halves(vocabulary: Vocabulary, folded: str) -> list[tuple[str, str]]:
    """Cut a word in two words of the index of which the second is no function word, the commonest first."""
    halves = ((folded[:at], folded[at:]) for at in range(_SHORTEST_HALF, len(folded) - _SHORTEST_HALF + 1))
    worth = {
        pair: min(frequency(vocabulary, half) for half in pair)
        for pair in halves
        if not may_be_stop_word(pair[1]) and all(vocabulary.is_known(half) for half in pair)
    }
    return sorted(worth, key=lambda pair: (-worth[pair], pair))


def frequency(vocabulary: Vocabulary, folded: str) -> int:
    """Count in how many articles a word stands, with any accents; an article counts once a zone."""
    return sum(vocabulary.form_frequencies(folded).values())


def sound_key(folded: str) -> str:
    """Write a word without accents the way it sounds."""
    for pattern, replacement in _sounds():
        folded = pattern.sub(replacement, folded)
    return folded


def _sounds_as(vocabulary: Vocabulary, folded: str, sound: str) -> bool:
    """Say whether a word of the index has this sound; a "c" that it writes "ç" sounds like "s"."""
    if sound_key(folded) == sound:
        return True
    soft = _HARD_C.sub("s", folded)
    return (
        soft != folded
        and sound_key(soft) == sound
        and any("ç" in form for form in vocabulary.forms_of(folded))
    )


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


@cache
def _neighbours() -> dict[str, str]:
    rows = list(lines_of("azerty.txt"))
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
    return tuple((re.compile(pattern), replacement) for pattern, replacement in rows_of("sounds.tsv"))
