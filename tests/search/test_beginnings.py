"""That a stem tells how its forms begin, whatever the rules and exceptions of French inflection."""

from __future__ import annotations

import itertools

import pytest

from index.analysis import _french_folds, _stem_exceptions, fold, stem
from search.beginnings import beginnings, find_beginnings

# The endings that Snowball's French rules read, and what a form may have besides.
ENDINGS = """
    ance ique isme able iste eux ances iques ismes ables istes atrice ateur ation atrices ateurs ations logie
    logies usion ution usions utions ence ences ement ements ité ités if ive ifs ives eaux aux euse euses
    issement amment emment ment ments îmes ît îtes i ie ies ir ira iraient irez issant isse issent it ions
    é ée ées és èrent er era erai ez iez âmes ât âtes a ai aient ais ant ante as asse e s ion ier ière ë enne
    en on ette el eil icatrice icateur ivité abilité icité ys ye yer yeux oi lle nne tte ç ïe ïsme ail euil x
    z ul ou
"""
LETTERS = "abcdeéèêfghiïîjlmnopqrstuùvxyzçâàëôû"


def is_found(form: str) -> bool:
    return bool(find_beginnings(form, beginnings(stems=[stem(form)])))


@pytest.mark.parametrize("first", ["", *LETTERS])
def test_a_stem_tells_how_its_forms_begin(first: str) -> None:
    endings = ENDINGS.split()
    before = ["", *endings, *LETTERS]
    forms = {first + one + ending for one, ending in itertools.product(before, endings)}
    assert [form for form in sorted(forms) if not is_found(form)] == []


def test_so_it_does_of_french_words() -> None:
    words = [*_stem_exceptions(), *sorted(_french_folds())[::10]]
    assert [word for word in words if not is_found(word)] == []


PLACES = [  # a text, how what is wanted begins, where it may stand
    ("La paix", "paix", [3]),
    ("PAIX, paie, pâ", "paix", [0, 6]),
    ("La p", "paix", []),
    ("L’élu d'Élée", "ele", [8]),
    ("L’œuvre de l’homme", "oeuvre", [2]),
    ("U.R.S.S.", "urss", [0]),
    ("e\u0301lu", "elu", [1]),
    ("Le Путин", "putin", [3, 4, 5, 6, 7]),
    ("7 500, 75", "7500", [0, 7]),
    ("Où ? Là !", "la", [5]),
    ("", "la", []),
]


@pytest.mark.parametrize(("text", "folded", "places"), PLACES)
def test_where_a_word_may_stand(text: str, folded: str, places: list[int]) -> None:
    assert find_beginnings(text, beginnings([fold(folded)])) == places


def test_many_words_are_found_by_their_initials() -> None:
    words = ["".join(letters) for letters in itertools.product("abc", "aeiou", "dlmr", "ent")]
    text = ", ".join(words)
    starts = list(range(0, len(text), len(words[0]) + 2))
    assert find_beginnings(text, beginnings(words)) == starts
    assert find_beginnings("un, deux, trois", beginnings(words)) == []
