"""Corrections, remarks and tooltips: what the engine did with a word → what a reader is told."""

from __future__ import annotations

import pytest

from search.results import Expansion, Ignored, MarkReason, SearchResults, Snippet
from web.other_words import corrections, mark_reasons, remarks
from web.parameters import SearchParameters

PARAMETERS = SearchParameters(q="mot", page=3, sources=("La Gazette",))


def results(*expansions: Expansion, total: int = 5, ignored: tuple[Ignored, ...] = ()) -> SearchResults:
    return SearchResults(total, (), "", "000001", 0.1, expansions=expansions, ignored=ignored)


def told(found: SearchResults) -> list[str]:
    return [
        f"{one.opening} **{one.words}**{one.closing} {one.undo}".replace("\u00a0", " ")
        for one in corrections(PARAMETERS, found)
    ]


@pytest.mark.parametrize(
    ("expansion", "said"),
    [
        (
            Expansion("blinkne", ("blinken",), "typo", "+blinkne"),
            "Résultats pour **blinken** (« blinkne » est absent de l’index). "
            "Chercher plutôt « blinkne » tel quel",
        ),
        (
            Expansion("kazakstan", ("kazakhstan",), "sound", "+kazakstan"),
            "Résultats pour **kazakhstan**, qui se prononce comme « kazakstan » (absent de l’index). "
            "Chercher plutôt « kazakstan » tel quel",
        ),
        (
            Expansion("asiecentrale", ("asie centrale",), "split", "+asiecentrale"),
            "Résultats pour **asie centrale**, en deux mots (« asiecentrale » est absent de l’index). "
            "Chercher plutôt « asiecentrale » tel quel",
        ),
        (
            Expansion("tokayev", ("tokaïev",), "variant", "+tokayev"),
            "Aussi : **tokaïev**, autre graphie de « tokayev ». Chercher seulement « tokayev »",
        ),
        (
            Expansion("tokayev", ("tokaïev", "tokaev"), "variant", "+tokayev"),
            "Aussi : **tokaïev, tokaev**, autres graphies de « tokayev ». Chercher seulement « tokayev »",
        ),
    ],
)
def test_a_correction_says_what_was_searched_and_the_way_back(expansion: Expansion, said: str) -> None:
    found = results(expansion)
    assert told(found) == [said]
    assert list(remarks(found)) == []
    [correction] = corrections(PARAMETERS, found)
    assert correction.undo_href == f"/?q=%2B{expansion.typed}&source=La+Gazette"


def test_words_replaced_come_before_other_spellings_and_read_on() -> None:
    found = results(
        Expansion("tokayev", ("tokaïev",), "variant", "+tokayev blinkne kazakstan"),
        Expansion("blinkne", ("blinken",), "typo", "tokayev +blinkne kazakstan"),
        Expansion("kazakstan", ("kazakhstan",), "sound", "tokayev blinkne +kazakstan"),
    )
    openings = [correction.opening for correction in corrections(PARAMETERS, found)]
    assert openings == ["Résultats pour", "Et pour", "Aussi\u00a0:"]


def test_no_results_are_not_called_results() -> None:
    typo = Expansion("blinkne", ("blinken",), "typo", "+blinkne")
    assert told(results(typo, total=0))[0].startswith("Recherche faite avec **blinken**")


@pytest.mark.parametrize(
    ("expansion", "said"),
    [
        (Expansion("reelu", ("réélu",), "accent"), ("reelu", "aussi réélu")),
        (Expansion("marche", ("marche", "marché"), "accent"), ("marche", "aussi marche, marché")),
        (Expansion("kaza*", ("kazakh", "kazakhs"), "prefix"), ("kaza*", "kazakh, kazakhs")),
        (
            Expansion("a*", tuple("abcdefghi"), "prefix"),
            ("a*", "a, b, c, d, e, f, g, h et 1 autre"),
        ),
        (
            Expansion("a~", tuple("abcdefghij"), "fuzzy"),
            ("a~", "a, b, c, d, e, f, g, h et 2 autres"),
        ),
    ],
)
def test_forms_of_a_word_are_a_remark(expansion: Expansion, said: tuple[str, str]) -> None:
    found = results(expansion, ignored=(Ignored("le", "mot-outil"),))
    assert [(remark.text.replace("\u00a0", " "), remark.detail) for remark in remarks(found)] == [
        ("« le »", "mot-outil"),
        said,
    ]
    assert told(found) == []


def absent(text: str) -> Ignored:
    return Ignored(text, "absent de l’index", "absent")


def function_word(text: str) -> Ignored:
    insist = f"mot-outil : cherchez « +{text} » ou une expression entre guillemets"
    return Ignored(text, insist, "function word")


def elsewhere(text: str) -> Ignored:
    return Ignored(text, f"absent des articles, mais « source:{text} » en trouve")


LEFT_OUT: list[tuple[list[Ignored], list[tuple[str, str]]]] = [  # what was left out, what is said
    ([], []),
    ([absent("a")], [("« a »", "absent de l’index")]),
    ([absent("a"), absent("b")], [("« a » et « b »", "absents de l’index")]),
    (
        [absent("a"), function_word("le"), absent("b"), absent("c")],
        [("« a », « b » et « c »", "absents de l’index"), ("« le »", function_word("le").reason)],
    ),
    (
        [function_word("le"), function_word("de")],
        [("« le » et « de »", "mots-outils : cherchez « +mot » ou une expression entre guillemets")],
    ),
    (
        [
            Ignored("a", "absent de ce champ", "absent here"),
            Ignored("b", "absent de ce champ", "absent here"),
        ],
        [("« a » et « b »", "absents de ce champ")],
    ),
    (
        [elsewhere("a"), absent("b"), elsewhere("c")],
        [
            ("« a »", elsewhere("a").reason),
            ("« b »", "absent de l’index"),
            ("« c »", elsewhere("c").reason),
        ],
    ),
    ([Ignored("a*", "trop court"), Ignored("b*", "trop court")], [("« a* » et « b* »", "trop court")]),
    ([absent("a"), absent("a")], [("« a »", "absent de l’index")]),
]


@pytest.mark.parametrize(("ignored", "said"), LEFT_OUT)
def test_words_left_out_for_one_reason_share_a_sentence(
    ignored: list[Ignored], said: list[tuple[str, str]]
) -> None:
    found = results(ignored=tuple(ignored))
    assert [(remark.text.replace("\u00a0", " "), remark.detail) for remark in remarks(found)] == said


TYPO = Expansion("blinkne", ("blinken",), "typo", "+blinkne")
OTHER_TYPO = Expansion("astnaa", ("astana",), "typo", "+astnaa")
ACCENT = Expansion("etats", ("états",), "accent")


@pytest.mark.parametrize(
    ("query", "marked", "reason", "expansions", "said"),
    [
        ("réélu", "réélu", "exact", (), ""),
        ("réélu", "réélus", "inflection", (), "autre forme de « réélu »"),
        ("réélu président", "réélus", "inflection", (), "autre forme d’un mot cherché"),
        ("titre:réélu", "réélus", "inflection", (), "autre forme d’un mot cherché"),
        ("etats", "États", "accent", (ACCENT,), "autre accentuation de « etats »"),
        ("etats unis", "états", "accent", (ACCENT,), "autre accentuation de « etats »"),
        # Whose accents these are cannot be told without folding: "+etats" announces nothing.
        ("etats unis", "Réélu", "accent", (ACCENT,), "autre accentuation d’un mot cherché"),
        ("kaza* asie", "kazakh", "prefix", (), "mot trouvé par son début"),
        (
            "kaza* asie",
            "kazakh",
            "prefix",
            (Expansion("kaza*", ("kazakh",), "prefix"),),
            "mot trouvé par « kaza* »",
        ),
        ("mot~ asie", "mots", "fuzzy", (), "mot proche d’un mot cherché"),
        ("blinkne asie", "Blinken", "typo", (TYPO,), "faute de frappe corrigée (« blinkne »)"),
        ("blinkne astnaa", "astana", "typo", (TYPO, OTHER_TYPO), "faute de frappe corrigée (« astnaa »)"),
        ("blinkne astnaa", "Astana", "typo", (TYPO, OTHER_TYPO), "faute de frappe corrigée"),
        (
            "kazakstan asie",
            "Kazakhstan",
            "sound",
            (Expansion("kazakstan", ("kazakhstan",), "sound", "+kazakstan asie"), TYPO),
            "se prononce comme « kazakstan »",
        ),
        ("tokayev", "Tokaïev", "variant", (), "autre graphie de « tokayev »"),
        ("asiecentrale", "Asie centrale", "split", (), "en deux mots (« asiecentrale »)"),
        ('"asie centrale"', "Asie centrale", "phrase", (), "mots cherchés ensemble"),
        ("porte-parole", "porte-paroles", "inflection", (), "autre forme de « porte-parole »"),
        ("{0} x", "y", "inflection", (), "autre forme d’un mot cherché"),
    ],
)
def test_a_mark_says_why(
    query: str, marked: str, reason: MarkReason, expansions: tuple[Expansion, ...], said: str
) -> None:
    snippet = Snippet(f"Il y a {marked} ici.", ((7, 7 + len(marked)),), "text", (reason,))
    [tooltip] = mark_reasons(query, snippet, expansions)
    assert tooltip.replace("\u00a0", " ") == said
