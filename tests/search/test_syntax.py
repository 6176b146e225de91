"""What the query language makes of what people type: the tree, and what it sets aside."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import LimitExceeded
from search import Engine, SearchRequest
from search.parser import parse
from search.syntax import (
    MAX_DISTANCE,
    MAX_QUERY_DEPTH,
    MAX_QUERY_LENGTH,
    MAX_QUERY_TERMS,
    MAX_SLOP,
    Both,
    Clauses,
    Either,
    Form,
    Fuzzy,
    InField,
    Node,
    Period,
    Phrase,
    Prefix,
    Without,
    Words,
)


def told(node: Node | None) -> str:
    """Write a tree the way the tables below do."""
    match node:
        case None:
            return ""
        case Words(text):
            return text
        case Form(text):
            return f"form<{text}>"
        case Prefix(text):
            return f"prefix<{text}>"
        case Fuzzy(text, distance):
            return f"fuzzy<{text},{distance}>"
        case Phrase(text, slop):
            return f"phrase<{text}>" if slop is None else f"phrase<{text},{slop}>"
        case Period(_, low, high):
            return f"period<{low}-{high}>"
        case InField(field, inner):
            return f"{field}<{told(inner)}>"
        case Clauses(required, wanted, excluded):
            signed = [f"+[{told(part)}]" for part in required]
            signed += [f"[{told(part)}]" for part in wanted]
            signed += [f"-[{told(part)}]" for part in excluded]
            return f"({' '.join(signed)})"
        case Both(nodes):
            return f"({' ET '.join(map(told, nodes))})"
        case Either(nodes):
            return f"({' OU '.join(map(told, nodes))})"
        case Without(kept, excluded):
            return f"({told(kept)} SAUF {told(excluded)})".replace("( ", "(")
    raise AssertionError(node)


PLAIN = [
    ("", ""),
    ("   ", ""),
    ("\n\t", ""),
    ("paix", "paix"),
    ("  paix  ", "paix"),
    ("paix en Ukraine", "paix en Ukraine"),
    ("7 500 kilomètres", "7 500 kilomètres"),
    ("l’État d'urgence", "l’État d'urgence"),
    ("porte-parole", "porte-parole"),
    ("C++", "C++"),
    ("R&D", "phrase<R&D>"),
    ("et ou sauf", "et ou sauf"),  # operators are capitals
    ("Et Ou Sauf not", "Et Ou Sauf not"),
    ("ETat OUest SAUFconduit", "ETat OUest SAUFconduit"),
    ("14:30", "14:30"),
    ("http://exemple.fr/a:b", "http://exemple.fr/a:b"),
    ("l'indice: 3", "l'indice: 3"),
    ("réforme : le vote", "réforme : le vote"),
    ("titre : paix", "titre : paix"),  # a space before the colon is French punctuation
    ("titre: paix", "titre: paix"),
    ("A-t-il dit", "A-t-il dit"),
    ("mot-clé", "mot-clé"),
    ("Yahoo!", "Yahoo!"),
    ("50 % d’hommes", "50 % d’hommes"),
    ("a/b", "a/b"),
    ("a=b", "a=b"),
    ("a~b", "a~b"),
]

PHRASES = [
    ('"chef de l’État"', "phrase<chef de l’État>"),
    ("« chef de l’État »", "phrase< chef de l’État >"),
    ("“chef d'État”", "phrase<chef d'État>"),
    ('"a b"~5', "phrase<a b,5>"),
    ('"a b"~00005', "phrase<a b,5>"),
    ("«a b»~0", "phrase<a b,0>"),
    ("“a b”~12", "phrase<a b,12>"),
    ('"a b" ~5', "([phrase<a b>] [~5])"),
    ('"a (b) -c OU d"', "phrase<a (b) -c OU d>"),
    ('"dit « oui » hier"', "phrase<dit « oui » hier>"),
    ('le "chef de l’État" parle', "([le] [phrase<chef de l’État>] [parle])"),
    ('mot"chef"mot', "([mot] [phrase<chef>] [mot])"),
    ('"un""deux"', "([phrase<un>] [phrase<deux>])"),
    ('-"a b" c', "([c] -[phrase<a b>])"),
    ('+"a b"', "(+[phrase<a b>])"),
    ('titre:"a b"', "title<phrase<a b>>"),
]

WORD_SIGNS = [
    ("=marché", "form<marché>"),
    ("+=marché", "(+[form<marché>])"),
    ("-=marché", "(-[form<marché>])"),
    ("titre:=marché", "title<form<marché>>"),
    ("march*", "prefix<march>"),
    ("ma*", "prefix<ma>"),
    ("march**", "prefix<march>"),
    ("-march*", "(-[prefix<march>])"),
    ("tokayev~", "fuzzy<tokayev,None>"),
    ("tokayev~1", "fuzzy<tokayev,1>"),
    ("tokayev~0", "fuzzy<tokayev,0>"),
    ("un march* deux", "([un] [prefix<march>] [deux])"),
    ("paix -guerre", "([paix] -[guerre])"),
    ("paix +durable", "(+[durable] [paix])"),
    ("+paix +durable", "(+[paix] +[durable])"),
    ("-guerre", "(-[guerre])"),
    ("paix -guerre froide", "([paix] [froide] -[guerre])"),
    ("(-guerre) paix", "([(-[guerre])] [paix])"),
    ("-(a b) c", "([c] -[a b])"),
    ("-titre:paix", "(-[title<paix>])"),
    ("paix −guerre", "([paix] -[guerre])"),  # a minus, and a dash
    ("paix –guerre", "([paix] -[guerre])"),
    ("paix --guerre", "([paix] -[guerre])"),
    ("paix +-guerre", "([paix] -[guerre])"),
    ("paix ++guerre", "(+[guerre] [paix])"),
    ("titre:–paix un", "([un] -[title<paix>])"),
    ("–Non", "–Non"),  # said by somebody
    ("paix -2,3 %", "paix -2,3 %"),  # the sign of a number
    ("paix -5 %", "paix -5 %"),
    ("paix +5 points", "paix +5 points"),
    ("paix -2022", "([paix] -[2022])"),
    ("paix -49.3", "([paix] -[49.3])"),
    ("candidat(e)s maire", "candidat(e)s maire"),
    ("DIRECTEUR(TRICE)", "DIRECTEUR(TRICE)"),
    ("candidat (e)", "([candidat] [e])"),
    ("l(e) maire", "([l] [e] [maire])"),
    ("R & D", "phrase<R & D>"),
    ("pr&eacute;sident &laquo;de la&raquo;", "([président] [phrase<de la>])"),
    ("OR", "OR"),
    ("PRIX OR", "PRIX OR"),
    ("OR NOIR", "OR NOIR"),
    ("titre:OR", "title<OR>"),
    ("+OR prix", "(+[OR] [prix])"),
    ("candidat(mairie)", "([candidat] [mairie])"),
    ("de\u0301pute\u0301(e)s infirmier(e\u0300re)s", "de\u0301pute\u0301(e)s infirmier(e\u0300re)s"),
    ("E\u0301&D", "phrase<E\u0301&D>"),
    ("R&notaire; d&eacute;put&eacute;", "R&notaire; député"),
    ("14–18 Paris–Nice", "14–18 Paris–Nice"),
]

OPERATORS = [
    ("argent OU OR", "(argent OU OR)"),
    ("prix SAUF OR", "(prix SAUF OR)"),
    ("a ET b", "(a ET b)"),
    ("a AND b", "(a ET b)"),
    ("a OU b", "(a OU b)"),
    ("a OR b", "(a OU b)"),
    ("a SAUF b", "(a SAUF b)"),
    ("a NOT b", "(a SAUF b)"),
    ("SAUF b", "(SAUF b)"),
    ("a ET b ET c", "(a ET b ET c)"),
    ("a OU b OU c", "(a OU b OU c)"),
    ("a OU b ET c", "(a OU (b ET c))"),
    ("a ET b OU c", "((a ET b) OU c)"),
    ("(a OU b) ET c", "((a OU b) ET c)"),
    ("a ET (b OU c)", "(a ET (b OU c))"),
    ("a SAUF b SAUF c", "((a SAUF b) SAUF c)"),
    ("a SAUF b ET c", "((a SAUF b) ET c)"),
    ("a SAUF (b OU c)", "(a SAUF (b OU c))"),
    ("a OU SAUF b", "(a OU (SAUF b))"),
    ("a b ET c d", "(a b ET c d)"),
    ("a ET SAUF b", "(a SAUF b)"),
    ("a AND NOT b", "(a SAUF b)"),
    ("a ET NON b", "(a SAUF b)"),
    ("a NON b", "a NON b"),
    ("((a))", "a"),
    ("()", ""),
    ("(a)(b)", "([a] [b])"),
    ("a (b c) d", "([a] [b c] [d])"),
]

FIELDS = [
    ("titre:paix", "title<paix>"),
    ("TITRE:paix", "title<paix>"),
    ("title:paix", "title<paix>"),
    ("texte:paix", "text<paix>"),
    ("text:paix", "text<paix>"),
    ("source:AFP", "source<AFP>"),
    ("auteur:Dupré", "author<Dupré>"),
    ("author:Dupré", "author<Dupré>"),
    ("hors:publicité", "boilerplate<publicité>"),
    ("outside:publicité", "boilerplate<publicité>"),
    ("titre:paix durable", "([title<paix>] [durable])"),
    ("titre:(paix durable)", "title<paix durable>"),
    ("titre:(a OU b)", "title<(a OU b)>"),
    ("titre:paix*", "title<prefix<paix>>"),
    ("titre:date:2023", "title<date:2023>"),
    ("date:2023", "period<202300000000-202399999999>"),
    ("date:2023-02", "period<202302000000-202302999999>"),
    ("date:2023-02-28", "period<202302280000-202302289999>"),
    ("date:[2022 à 2023-03]", "period<202200000000-202303999999>"),
    ("date:[2022 to 2023]", "period<202200000000-202399999999>"),
    ("date:[2022 TO 2023]", "period<202200000000-202399999999>"),
    ("date:[2022 au 2023]", "period<202200000000-202399999999>"),
    ("date:[2022..2023]", "period<202200000000-202399999999>"),
    ("date:[2022 - 2023]", "period<202200000000-202399999999>"),
    ("date:[ 2022 ]", "period<202200000000-202299999999>"),
    ('date:"2022"', "period<202200000000-202299999999>"),
    ("date:2022-2", "period<202202000000-202202999999>"),
    ('date:"1er Février 2022"', "period<202202010000-202202019999>"),
    ("date:«déc. 2022»", "period<202212000000-202212999999>"),
    ("date:février 2022", "period<202202000000-202202999999>"),
    ("date:28 février 2022 paix", "([period<202202280000-202202289999>] [paix])"),
    ("paix date:1er mars 2022", "([paix] [period<202203010000-202203019999>])"),
    ("date:2022 à Paris", "([period<202200000000-202299999999>] [à Paris])"),
    ("date:[mars 2022 à 3 avril 2022]", "period<202203000000-202204039999>"),
    ("date:2022..", "period<202200000000-999999999999>"),
    ("date:..2022", "period<0-202299999999>"),
    ("date:[2022 à *]", "period<202200000000-999999999999>"),
    ("date:[2022 à]", "period<202200000000-999999999999>"),
    ("date:[à 2022]", "period<0-202299999999>"),
    ("date:20220301", "period<202203010000-202203019999>"),
    ("date:2022/03", "period<202203000000-202203999999>"),
    ("date:2022/3/1", "period<202203010000-202203019999>"),
    ("date:[* - 2022]", "period<0-202299999999>"),
    ("date:>2022", "period<202300000000-999999999999>"),
    ("date:>=2022-03", "period<202203000000-999999999999>"),
    ("date:<2022", "period<0-202199999999>"),
    ("date:<=2022", "period<0-202299999999>"),
    ("paix date:2023", "([paix] [period<202300000000-202399999999>])"),
    ("-date:2023", "(-[period<202300000000-202399999999>])"),
    ("budget R&D", "([budget] [phrase<R&D>])"),
    ("-H&M", "(-[phrase<H&M>])"),
    ("titre:S&P", "title<phrase<S&P>>"),
    ("Dupont&Fils", "Dupont&Fils"),
    ("date:-2023", "(-[period<202300000000-202399999999>])"),
    ("titre:-paix", "(-[title<paix>])"),
    ("titre:+paix", "(+[title<paix>])"),
    ('source:-"Le Monde"', "(-[source<phrase<Le Monde>>])"),
    ("l’indice:-3", "l’indice:-3"),
    ("(date:2023)", "period<202300000000-202399999999>"),
]


@pytest.mark.parametrize(("typed", "tree"), [*PLAIN, *PHRASES, *WORD_SIGNS, *OPERATORS, *FIELDS])
def test_what_is_understood(typed: str, tree: str) -> None:
    understood = parse(typed)
    assert told(understood.tree) == tree
    assert understood.ignored == ()


# what was typed, the tree, and the pieces set aside with the start of the reason
SET_ASIDE = [
    ("(", "", [("(", "parenthèse ouvrante")]),
    (")", "", [(")", "parenthèse fermante")]),
    ("(a", "a", [("(", "parenthèse ouvrante")]),
    ("a)", "a", [(")", "parenthèse fermante")]),
    ("a) b", "([a] [b])", [(")", "parenthèse fermante")]),
    ("((a)", "a", [("(", "parenthèse ouvrante")]),
    (")(", "", [(")", "parenthèse fermante"), ("(", "parenthèse ouvrante")]),
    ('"', "", [('"', "guillemet")]),
    ('"acc* de paix"', "phrase<acc de paix>", [('"acc* de paix"', "« * » et « ~ » ne valent rien")]),
    ("«paix~ guerre»~3", "phrase<paix guerre,3>", [("«paix~ guerre»~3", "« * » et « ~ » ne valent rien")]),
    ('"a b', "a b", [('"', "guillemet")]),
    ('a b"', "a b", [('"', "guillemet")]),
    ('"a" "b', "([phrase<a>] [b])", [('"', "guillemet")]),
    ("« a", "a", [("«", "guillemet")]),
    ("a » b", "([a] [b])", [("»", "guillemet")]),
    ('""', "", [('""', "guillemets sans mot")]),
    ('"…"', "", [('"…"', "guillemets sans mot")]),
    ("OU", "", [("OU", "opérateur")]),
    ("a OU", "a", [("OU", "opérateur")]),
    ("OU a", "a", [("OU", "opérateur")]),
    ("a ET", "a", [("ET", "opérateur")]),
    ("ET a", "a", [("ET", "opérateur")]),
    ("a SAUF", "a", [("SAUF", "opérateur")]),
    ("a ET ET b", "(a ET b)", [("ET", "opérateur")]),
    ("a OU OU b", "(a OU b)", [("OU", "opérateur")]),
    ("a OU ET b", "(a OU b)", [("ET", "opérateur")]),
    ("a ET OU b", "(a OU b)", [("ET", "opérateur")]),
    ("() OU b", "b", [("OU", "opérateur")]),
    ("-", "", [("-", "signe sans mot")]),
    ("+", "", [("+", "signe sans mot")]),
    ("*", "", [("*", "signe sans mot")]),
    ("~", "", [("~", "signe sans mot")]),
    ("=", "", [("=", "signe sans mot")]),
    ("…", "", [("…", "signe sans mot")]),
    ("+OU b", "b", [("+", "signe sans mot"), ("OU", "opérateur")]),
    ("-) a", "a", [("-", "signe sans mot"), (")", "parenthèse")]),
    ("a*", "a*", [("a*", "il faut au moins 2 lettres")]),
    ("é*", "é*", [("é*", "il faut au moins 2 lettres")]),
    ("a* b*", "([a*] [b*])", [("a*", "il faut au moins 2 lettres"), ("b*", "il faut au moins 2 lettres")]),
    ("*eur*", "*eur*", [("*eur*", "« * » seulement à la fin")]),
    ("*eur", "*eur", [("*eur", "« * » seulement à la fin")]),
    ("a*b", "a*b", [("a*b", "« * » seulement à la fin")]),
    ("mot~7", "fuzzy<mot,2>", [("mot~7", "2 lettres d’écart au plus")]),
    ("mot~12", "fuzzy<mot,2>", [("mot~12", "2 lettres d’écart au plus")]),
    ('"a b"~5000000', "phrase<a b,100>", [('"a b"~5000000', "100 mots d’écart au plus")]),
    ("titre:)", "", [("titre:", "champ sans mot"), (")", "parenthèse")]),
    ("(titre:)", "", [("titre:", "champ sans mot")]),
    ('titre:"a', "a", [("titre:", "champ sans mot"), ('"', "guillemet")]),
    ("date:()", "", [("date:", "champ sans date")]),
    ("titre:[a b]", "title<a b>", [("[a b]", "crochets sans « date: »")]),
    ("titre:[]", "", [("[]", "crochets sans « date: »")]),
    ("date:hier", "hier", [("date:hier", "date incomprise")]),
    ("date:2023-13", "2023-13", [("date:2023-13", "date incomprise")]),
    ("date:2023-02-45", "2023-02-45", [("date:2023-02-45", "date incomprise")]),
    ("date:[2023 à 2022]", "[2023 à 2022]", [("date:[2023 à 2022]", "date de fin avant celle de début")]),
    ("date:[2023", "[2023", [("date:[2023", "date incomprise")]),
    ("date:[à]", "[à]", [("date:[à]", "date incomprise")]),
]


@pytest.mark.parametrize(("typed", "tree", "set_aside"), SET_ASIDE)
def test_what_is_set_aside_is_said(typed: str, tree: str, set_aside: list[tuple[str, str]]) -> None:
    understood = parse(typed)
    assert told(understood.tree) == tree
    said = [(ignored.text, ignored.reason) for ignored in understood.ignored]
    assert len(said) == len(set_aside), said
    for (text, reason), (expected, start) in zip(sorted(said), sorted(set_aside), strict=True):
        assert text == expected
        assert reason.startswith(start)


@pytest.mark.parametrize(
    ("typed", "explicit"),
    [
        ("a b", False),
        ("a -b", False),
        ("a OU", False),
        ("ET a", False),
        ("a OU b", True),
        ("a ET b", True),
        ("a SAUF b", True),
        ("(a OU b) c", True),
    ],
)
def test_operators_make_a_query_explicit(typed: str, explicit: bool) -> None:
    assert parse(typed).explicit is explicit


def test_lone_surrogates_become_a_character_that_can_be_sent() -> None:
    understood = parse("\ud800ab* -\udfff \udcffcd")
    for ignored in understood.ignored:
        ignored.text.encode()
    assert told(understood.tree) == "([prefix<\ufffdab>] [\ufffdcd])"
    assert [ignored.text for ignored in understood.ignored] == ["\ufffd"]


LIMITS: list[tuple[str, str, str]] = [  # the limit, a query at it, a query past it
    ("max_query_length", "a" * MAX_QUERY_LENGTH, "a" * (MAX_QUERY_LENGTH + 1)),
    ("max_query_terms", "mot " * MAX_QUERY_TERMS, "mot " * (MAX_QUERY_TERMS + 1)),
    ("max_query_terms", "/".join(["mot"] * MAX_QUERY_TERMS), "/".join(["mot"] * (MAX_QUERY_TERMS + 1))),
    ("max_query_terms", '"un mot" ' * MAX_QUERY_TERMS, '"un mot" ' * (MAX_QUERY_TERMS + 1)),
    ("max_query_depth", *("(" * n + "mot" + ")" * n for n in (MAX_QUERY_DEPTH, MAX_QUERY_DEPTH + 1))),
    ("max_query_depth", "(" * MAX_QUERY_DEPTH, "(" * 500),
    ("max_query_depth", *("titre:(" * n + "mot" + ")" * n for n in (MAX_QUERY_DEPTH, MAX_QUERY_DEPTH + 1))),
]


@pytest.mark.parametrize(("limit", "allowed", "refused"), LIMITS)
def test_limits(limit: str, allowed: str, refused: str) -> None:
    parse(allowed)
    with pytest.raises(LimitExceeded) as caught:
        parse(refused)
    assert caught.value.limit == limit
    assert "\n" not in str(caught.value)


def test_brackets_side_by_side_are_not_deep() -> None:
    assert len(told(parse("(a) " * (MAX_QUERY_TERMS - 1)).tree)) > MAX_QUERY_TERMS


def test_capped_numbers_are_those_that_are_documented() -> None:
    assert (MAX_SLOP, MAX_DISTANCE) == (100, 2)


# --- anything at all ---------------------------------------------------------------------------------

SIGNS = "\"()*~+-=:[]« »“”’'.,/"
ODD = "\x00\x01\x1b\x7f\u200b\u200f\u202e\ufeff\u0301👍🏽שלום日本éÉœŒﬁ²½\ud800\udcff\udfff\n\t\u00a0\u202f"
OPERATOR_WORDS = ("ET", "OU", "SAUF", "AND", "OR", "NOT", "titre:", "source:", "auteur:", "date:", "hors:")
SEEN = (
    '"secrétaire d’État" -presse',
    "titre:(paix OU guerre) date:[2022 à 2023-03]",
    "march* tokayev~2 =marché",
    "+le source:AFP SAUF auteur:dupré",
    '(a ET (b OU "c d"~5)) -x',
)
PIECE = st.one_of(
    st.sampled_from(SIGNS),
    st.sampled_from(ODD),
    st.sampled_from(OPERATOR_WORDS),
    st.sampled_from((" ", "  ", "marché", "marche", "l’État", "7 500", "2023", "2023-02", "le", "de", "a")),
    st.characters(),
)
TYPED = st.lists(PIECE, max_size=40).map("".join)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A sensible query with a few characters put in, taken out or moved."""
    text = list(draw(st.sampled_from(SEEN)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(text)))
        text[at : at + draw(st.integers(0, 3))] = draw(PIECE)
    return "".join(text)


QUERIES = st.one_of(TYPED, mutated())
THOROUGH = settings(
    max_examples=2_500, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)


@THOROUGH
@given(QUERIES)
def test_nothing_typed_breaks_the_parser(typed: str) -> None:
    try:
        understood = parse(typed)
    except LimitExceeded:
        return
    for ignored in understood.ignored:
        assert ignored.reason
        ignored.text.encode()


@pytest.fixture(scope="module")
def engine(open_articles: Callable[..., Engine]) -> Iterator[Engine]:
    return open_articles(
        [
            {
                "title": "La paix et le marché",
                "text": "Le secrétaire d’État a quitté le marché. Quelque 7 500 personnes marchent.",
                "date": f"202{number}-02-03",
                "source": "AFP",
                "author": "Jeanne Dupré",
            }
            for number in range(4)
        ]
    )


@THOROUGH
@given(typed=QUERIES)
def test_nothing_typed_breaks_the_engine(engine: Engine, typed: str) -> None:
    try:
        results = engine.search(SearchRequest(typed))
    except LimitExceeded:
        return
    assert results.total >= len(results.hits)
    assert len(results.hits) == min(results.total, 10)
    results.interpreted.encode()
    view = engine.view("0", typed)
    assert view is not None
    for zone, spans in view.highlights.items():
        text = getattr(view.article, zone)
        assert all(0 <= start < end <= len(text) for start, end in spans)


@settings(max_examples=300, deadline=None)
@given(typed=QUERIES)
def test_nothing_typed_breaks_suggestions_and_explanations(engine: Engine, typed: str) -> None:
    for suggestion in engine.suggest(typed):
        suggestion.encode()
    try:
        explanation = engine.explain(typed, "1")
    except LimitExceeded:
        return
    assert explanation is not None
    found = engine.search(SearchRequest(typed, limit=10)).hits
    assert explanation.matched is ("1" in {hit.article_id for hit in found})
