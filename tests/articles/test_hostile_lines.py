"""No line, however it was made, keeps a pattern busy: a line of a hostile file must not hang a build."""

from __future__ import annotations

import random
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest

from index.articles import bylines, dates, furniture, zoning
from index.articles.patterns import table_sections, written_forms

try:
    from re import _constants as codes  # type: ignore[attr-defined]
    from re import _parser as parser
except ImportError:  # before Python 3.11
    import sre_constants as codes  # type: ignore[no-redef]
    import sre_parse as parser  # type: ignore[no-redef]

SEED = 20230228
LINES = 60
CPU_S = 5.0  # a hundred times what the lines of the slowest pattern take together; a trap takes years
SPOILERS = ["=", "é", " =", ".", "", " a"]
CATEGORIES = {"SPACE": " ", "WORD": "aZé9_", "DIGIT": "0129"}

Try = Callable[[str], object]


def judged() -> Iterator[tuple[str, re.Pattern[str], int]]:
    """Give every pattern that lines of a file meet, with the longest line that it meets."""
    for section, rows in table_sections("boilerplate.txt").items():
        ending = furniture._ENDINGS.get(section, furniture._ENDING)
        longest = furniture.LONGEST_JUDGED if section == "notice" else furniture._LONGEST_LABEL
        for row in rows:
            yield f"{section}: {row}", re.compile(written_forms(row) + ending, re.IGNORECASE), longest
    of_bylines = [*bylines._byline_patterns(), bylines._author_pattern(), bylines._dateline()]
    of_bylines += [bylines._bare_dateline(), bylines._closing(), bylines._NOBODY, bylines._DOMAIN]
    for pattern in [*of_bylines, re.compile(bylines._PEOPLE)]:
        yield f"bylines: {pattern.pattern}", pattern, bylines._LONGEST_BYLINE
    of_dates = [*dates._metadata_patterns(), dates._dated_words(), dates._BEFORE_DATE, dates._BETWEEN_DATES]
    of_dates += [dates._SAME_DAY, dates._PAGE, dates._BY, bylines._CUT_OFF, bylines._LETTER_NAME]
    of_dates += [bylines._PARTS, bylines._NO_NAME]
    of_lines = [
        bylines._ARCHIVE,
        zoning._CAPTION_END,
        zoning._SITE_NAME,
        zoning._CAPITAL_PLACE,
        zoning._SENTENCE,
    ]
    for pattern in [*of_dates, *of_lines, furniture._BETWEEN_PARTS]:
        yield f"lines: {pattern.pattern}", pattern, furniture.LONGEST_JUDGED


@contextmanager
def at_most(cpu_s: float) -> Iterator[None]:
    """Fail where the block takes more of the processor; `re` looks for signals as it goes."""

    def late(number: int, frame: FrameType | None) -> None:
        raise AssertionError(f"took more than {cpu_s} s")

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, cpu_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def written(tree: Any, chance: random.Random, most: int) -> str:
    """Write what a parsed pattern may match, with up to `most` repetitions more than it must have."""
    parts = []
    for code, value in tree:
        if code is codes.LITERAL:
            parts.append(chr(value))
        elif code in (codes.ANY, codes.NOT_LITERAL):
            parts.append(chance.choice("aé. X-"))
        elif code is codes.IN:
            parts.append(one_of(value, chance))
        elif code is codes.BRANCH:
            parts.append(written(chance.choice(value[1]), chance, most))
        elif code is codes.SUBPATTERN:
            parts.append(written(value[3], chance, most))
        elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
            least, greatest, repeated = value
            times = chance.randint(least, min(int(greatest), least + most))
            parts += [written(repeated, chance, most) for _ in range(times)]
        else:
            assert code in (codes.AT, codes.ASSERT, codes.ASSERT_NOT), code
    return "".join(parts)


def one_of(items: Any, chance: random.Random) -> str:
    """Give one character of a class, or where it is negated one outside it."""
    members = ""
    for code, value in items:
        if code is codes.LITERAL:
            members += chr(value)
        elif code is codes.RANGE:
            members += chr(value[0]) + chr(value[1])
        elif code is codes.CATEGORY:
            members += next(
                (some for name, some in CATEGORIES.items() if str(value).endswith(f"_{name}")), "!"
            )
    if items[0][0] is codes.NEGATE:
        return chance.choice([character for character in "aéZ .-9,/|" if character not in members])
    return chance.choice(members)


def hostile_lines(pattern: re.Pattern[str], longest: int, chance: random.Random) -> Iterator[str]:
    """Give lines that a pattern nearly matches in very many ways."""
    tree = parser.parse(pattern.pattern, pattern.flags)
    for _ in range(LINES):
        line = written(tree, chance, most=chance.choice([1, 2, 4, 10, 40]))
        for _ in range(chance.randrange(4)):
            start = chance.randrange(len(line) + 1)
            end = start + chance.choice([1, 1, 2, 3, 5, 9])
            line = line[:start] + line[start:end] * chance.choice([2, 5, 20, longest]) + line[end:]
            line = line[:longest]
        spoiler = chance.choice(SPOILERS)
        yield line[: longest - 2] + spoiler
        yield " ".join(line.split())[: longest - 2] + spoiler  # as zoning gives it


@pytest.mark.parametrize(
    ("pattern", "longest"),
    [pytest.param(pattern, longest, id=name[:60]) for name, pattern, longest in judged()],
)
def test_no_line_keeps_a_pattern_busy(pattern: re.Pattern[str], longest: int) -> None:
    chance = random.Random(SEED)
    print("seed", SEED)
    tries: list[Try] = [pattern.match, pattern.fullmatch, pattern.search]
    for line in hostile_lines(pattern, longest, chance):
        print(line)
        with at_most(CPU_S):
            for attempt in tries:
                attempt(line)


def test_a_pattern_that_keeps_the_processor_busy_is_caught() -> None:
    """The menu of a site at its foot, as it was once written: a hang for a line of 250 characters."""
    trap = re.compile(r"contact(?:\s*[|·•–-]\s*[\w'\s]{3,40}){1,10}[\s:]*")
    chance = random.Random(SEED)
    lines = list(hostile_lines(trap, 250, chance))
    with pytest.raises(AssertionError, match="took more than"), at_most(0.5):
        list(map(trap.fullmatch, lines))
