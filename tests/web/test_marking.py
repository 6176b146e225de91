"""Marks around the words found: everything else escaped, nothing lost."""

from __future__ import annotations

import random
import re
from html import unescape

import pytest

from search.results import Span
from web.marking import count_marks, mark, paragraphs


@pytest.mark.parametrize(
    ("text", "spans", "expected"),
    [
        ("", (), ""),
        ("réélu", (), "réélu"),
        ("Il est réélu.", ((7, 12),), "Il est <mark>réélu</mark>."),
        ("réélu", ((0, 5),), "<mark>réélu</mark>"),
        ("a & b", ((2, 3),), "a <mark>&amp;</mark> b"),
        ("<b>x</b>", ((3, 4),), "&lt;b&gt;<mark>x</mark>&lt;/b&gt;"),
        ("<mark>", (), "&lt;mark&gt;"),
        ("un \"deux\" 'trois'", (), "un &quot;deux&quot; &#x27;trois&#x27;"),
        ("deux mots", ((0, 4), (5, 9)), "<mark>deux</mark> <mark>mots</mark>"),
        ("collés", ((0, 3), (3, 6)), "<mark>col</mark><mark>lés</mark>"),
        ("𝒜 hors du plan", ((2, 6),), "𝒜 <mark>hors</mark> du plan"),
        ("court", ((2, 99),), "co<mark>urt</mark>"),
        ("court", ((9, 12),), "court"),
        ("vide", ((2, 2),), "vide"),
    ],
)
def test_marks(text: str, spans: tuple[Span, ...], expected: str) -> None:
    assert mark(text, spans) == expected


def test_a_mark_may_say_why() -> None:
    html = mark("a <b> c", ((0, 1), (2, 5), (6, 7)), ("", 'de "b" & <c>', "autre"))
    assert html == (
        '<mark>a</mark> <mark title="de &quot;b&quot; &amp; &lt;c&gt;">&lt;b&gt;</mark> '
        '<mark title="autre">c</mark>'
    )


def test_a_reason_stays_with_its_range_where_another_is_cut_away() -> None:
    assert mark("un", ((0, 0), (0, 2)), ("rien", "tout")) == '<mark title="tout">un</mark>'


def test_whatever_is_marked_the_text_stays(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(300):
        text = "".join(chance.choices("aé<>&\"' \n’", k=chance.randrange(40)))
        cuts = sorted(chance.sample(range(len(text) + 1), k=min(len(text), 2 * chance.randrange(4))))
        spans = tuple(zip(cuts[::2], cuts[1::2], strict=False))
        html = str(mark(text, spans))
        assert unescape(re.sub("</?mark>", "", html)) == text
        assert [unescape(found) for found in re.findall("<mark>(.*?)</mark>", html, re.S)] == [
            text[start:end] for start, end in spans
        ]
        lines = paragraphs(text, spans, 1)
        assert ["".join(part.text for part in line.parts) for line in lines] == [
            line for line in text.split("\n") if line.strip()
        ]


@pytest.mark.parametrize(
    ("text", "spans", "expected"),
    [
        ("un\ndeux", ((3, 7),), [[("un", 0)], [("deux", 5)]]),
        ("un\n\ndeux", ((0, 2), (4, 8)), [[("un", 5)], [("deux", 6)]]),
        ("un deux\ntrois", ((3, 13),), [[("un ", 0), ("deux", 5)], [("trois", 6)]]),
        ("un deux un", ((0, 2), (8, 10)), [[("un", 5), (" deux ", 0), ("un", 6)]]),
    ],
)
def test_paragraphs_number_their_marks(
    text: str, spans: tuple[Span, ...], expected: list[list[tuple[str, int]]]
) -> None:
    found = paragraphs(text, spans, 5)
    assert [[(part.text, part.number) for part in line.parts] for line in found] == expected
    assert count_marks(found) == sum(number > 0 for line in expected for _, number in line)
