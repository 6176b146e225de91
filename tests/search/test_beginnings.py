"""That a stem tells how its forms begin, whatever the rules and exceptions of French inflection."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.french.folding import fold
from index.french.known_words import _french_folds
from index.french.stems import _stem_exceptions, stem
from search.beginnings import _find_pieces, beginnings, find_pieces

pytestmark = pytest.mark.usefixtures("both_ways")

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
    return bool(find_pieces(form, beginnings(stems=[stem(form)])))


@pytest.mark.parametrize("first", ["", *LETTERS])
def test_a_stem_tells_how_its_forms_begin(first: str) -> None:
    endings = ENDINGS.split()
    before = ["", *endings, *LETTERS]
    forms = {first + one + ending for one, ending in itertools.product(before, endings)}
    assert [form for form in sorted(forms) if not is_found(form)] == []


def test_so_it_does_of_french_words() -> None:
    words = [*_stem_exceptions(), *sorted(_french_folds())[::10]]
    assert [word for word in words if not is_found(word)] == []


PIECES = [  # a text, how what is wanted begins, where it may stand
    ("La paix", "paix", [(3, "paix")]),
    ("PAIX, paie, pâ", "paix", [(0, "PAIX,")]),
    ("Paixhans, apaix", "paix", [(0, "Paixhans,")]),
    ("La p", "paix", []),
    ("L’élu d'Élée", "ele", [(6, "d'Élée")]),
    ("À l’œuvre de l’homme", "oeuvre", [(2, "l’œuvre")]),
    ("U.R.S.S.", "urss", [(0, "U.R.S.S.")]),
    ("e\u0301lu", "elu", [(0, "e\u0301lu")]),
    ("Le Путин", "putin", [(3, "Путин")]),
    ("Dès 7 500, 75", "7500", [(4, "7 500,"), (11, "75")]),
    ("12 7\n7 x7 7", "7", [(0, "12 7"), (5, "7"), (7, "x7 7")]),
    ("por-te porte-parole", "porteparole", [(7, "porte-parole")]),
    ("s’est S.O.U.V. s-ouvert", "souverain", [(15, "s-ouvert")]),
    ("Où ? Là !", "la", [(5, "Là")]),
    ("Un #GiletsJaunes", "jaunes", [(3, "#GiletsJaunes")]),
    ("Où ?\u2028Là !", "la", [(3, "?\u2028Là")]),
    ("paix paix\npaix", "paix", [(0, "paix"), (5, "paix"), (10, "paix")]),
    ("", "la", []),
]


@pytest.mark.parametrize(("text", "folded", "pieces"), PIECES)
def test_where_a_word_may_stand(text: str, folded: str, pieces: list[tuple[int, str]]) -> None:
    assert find_pieces(text, beginnings([fold(folded)])) == pieces


def test_many_words_are_found_by_their_initials() -> None:
    words = ["".join(letters) for letters in itertools.product("abc", "aeiou", "dlmr", "ent")]
    text = ", ".join(words)
    found = [piece.rstrip(",") for _, piece in find_pieces(text, beginnings(words))]
    assert found == words
    assert find_pieces("un, deux, trois", beginnings(words)) == []


WANTED = st.frozensets(
    st.sampled_from(("a", "al", "ab", "elu", "paix", "porte", "urss", "7", "3")), max_size=5
)
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(
            ("paix", "Élu", "L’", "porte-parole", "U.R.S.S.", "7 500", "12", " ", " ", "\n", "? ")
        ),
        st.text(
            alphabet=st.sampled_from("aAlbéœßïʼ²٣日?#'’.-_/ \n\u0301\u00ad\u00a0\u202f\u2028712"),
            max_size=6,
        ),
        st.text(max_size=4),
    ),
    max_size=20,
).map("".join)


@settings(max_examples=2_000, deadline=None)
@given(TEXTS, WANTED)
def test_the_compiled_loop_finds_what_python_does(text: str, wanted: frozenset[str]) -> None:
    begin = beginnings(wanted)
    assert find_pieces(text, begin) == list(_find_pieces(text, begin))
