"""The passages shown of an article: whole sentences, the words that matched, nothing torn."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles.article import Article
from search import Engine, SearchRequest, Snippet
from search.marking import Mark, PhraseMark, WordMark, prepare
from search.snippets import MAX_SNIPPETS, make_snippets

OpenArticles = Callable[[Iterable[Any]], Engine]

ZONES = frozenset({"title", "lead", "text"})
LONG = 400  # beyond this no snippet goes, whatever the sentence


def word(*folds: str) -> WordMark:
    return WordMark(ZONES, folds=frozenset(folds))


def phrase(*folds: str, slop: int | None = None) -> PhraseMark:
    return PhraseMark(ZONES, tuple(frozenset({fold}) for fold in folds), slop)


def written(snippet: Snippet) -> str:
    text = snippet.text
    for start, end in reversed(snippet.highlights):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


def snippets_of(text: str, *folds: str, lead: str = "", title: str = "") -> list[str]:
    article = Article("a", title, text, lead)
    return [written(snippet) for snippet in make_snippets(article, prepare([word(fold) for fold in folds]))]


CASES = [  # text, words, the snippets
    ("La paix est là. Rien d’autre.", ["paix"], ["La [paix] est là."]),
    ("Rien d’autre. La paix est là.", ["paix"], ["La [paix] est là."]),
    ("Selon M. Burns, la paix attend. Il part.", ["paix"], ["Selon M. Burns, la [paix] attend."]),
    ("Il y a 7 500 soldats. Ils partent.", ["7500"], ["Il y a [7 500] soldats."]),
    ("En 52 av. J.-C. Alésia tombe. Rome gagne.", ["alesia"], ["En 52 av. J.-C. [Alésia] tombe."]),
    ("Voir p. 12 du rapport. Il est long.", ["rapport"], ["Voir p. 12 du [rapport]."]),
    ("Yahoo! a vendu. Le marché suit.", ["vendu"], ["Yahoo! a [vendu]."]),
    ("Il a dit : « La paix est là. » Puis il part.", ["paix"], ["Il a dit : « La [paix] est là. »"]),
    ("Il a dit : « La paix est là. »\nPuis il part.", ["paix"], ["Il a dit : « La [paix] est là. »"]),
    ("– Tu veux la paix ? – Non.", ["paix"], ["– Tu veux la [paix] ?"]),
    ("Il hésite… puis choisit la paix. Et part.", ["paix"], ["Il hésite… puis choisit la [paix]."]),
    (
        "La paix. La guerre. Le vent.",
        ["paix", "guerre"],
        ["La [paix]. La [guerre]."],
    ),  # neighbours are joined
    ("La paix.\nLa guerre.", ["paix", "guerre"], ["La [paix].", "La [guerre]."]),  # paragraphs are not
    ("La paix. Le vent. La paix.", ["paix"], ["La [paix]."]),  # said once
    ("La paix. Le vent.\nIls font la paix.", ["paix"], ["La [paix].", "Ils font la [paix]."]),
    (
        "Les Bleus !\nLes Bleus ont gagné la finale de la Coupe du monde.",
        ["bleus"],
        ["Les [Bleus] !", "Les [Bleus] ont gagné la finale de la Coupe du monde."],
    ),
    ("L’État veut.", ["etat"], ["L’[État] veut."]),
    ("Un porte-parole parle.", ["parole"], ["Un porte-[parole] parle."]),
    ("Sans ponctuation la paix", ["paix"], ["Sans ponctuation la [paix]"]),
    ("Le vent souffle. La mer monte.", ["paix"], ["Le vent souffle. La mer monte."]),  # the opening
    ("", ["paix"], []),
]


@pytest.mark.parametrize(("text", "words", "expected"), CASES)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_snippets(text: str, words: list[str], expected: list[str], form: Any) -> None:
    normal = [unicodedata.normalize(form, snippet) for snippet in expected]
    assert snippets_of(unicodedata.normalize(form, text), *words) == normal


def test_the_best_sentences_in_the_order_of_the_article() -> None:
    dull = "Le vent souffle sur la plaine."
    text = (
        f"La paix. {dull} La guerre. {dull} La paix, la guerre. {dull} Guerre. {dull} La paix et la guerre."
    )
    assert snippets_of(text, "paix", "guerre") == [
        "La [paix].",
        "La [paix], la [guerre].",
        "La [paix] et la [guerre].",
    ]


def test_the_lead_stands_for_an_article_of_which_only_the_title_matched() -> None:
    found = make_snippets(Article("a", "La paix", "Le vent.", "Le traité tient."), prepare([word("paix")]))
    assert [(snippet.text, snippet.highlights, snippet.zone) for snippet in found] == [
        ("Le traité tient.", (), "lead")
    ]


def test_an_article_of_a_title_alone_has_none() -> None:
    assert make_snippets(Article("a", "La paix", ""), prepare([word("paix")])) == ()


def test_zones_are_named_and_boilerplate_is_shown_only_where_it_is_searched() -> None:
    outside = WordMark(frozenset({"boilerplate"}), folds=frozenset({"paix"}))
    article = Article("a", "Titre", "Texte de paix.", "Paix en tête.", "Lire aussi : la paix")
    assert [snippet.zone for snippet in make_snippets(article, prepare([word("paix")]))] == ["lead", "text"]
    shown = make_snippets(article, prepare([word("paix"), outside]))
    assert [written(snippet) for snippet in shown] == [
        "[Paix] en tête.",
        "Texte de [paix].",
        "Lire aussi : la [paix]",
    ]


SENTENCE = "le vent du nord souffle sur la plaine grise et la pluie tombe sans fin sur les toits "


@pytest.mark.parametrize("before", [0, 1, 3, 30])
@pytest.mark.parametrize("after", [0, 1, 3, 30])
def test_long_sentences_are_cut_between_words(before: int, after: int) -> None:
    text = f"{SENTENCE * before}une paix durable {SENTENCE * after}demain.".strip()
    (snippet,) = make_snippets(Article("a", "", text), prepare([word("paix")]))
    assert [snippet.text[start:end] for start, end in snippet.highlights] == ["paix"]
    assert len(snippet.text) <= LONG
    shown = snippet.text.strip("…")
    assert shown in text
    assert set(shown.rstrip(".").split()) <= set(text.rstrip(".").split()), "a word was cut"
    assert snippet.text.startswith("…") is not text.startswith(shown)
    assert snippet.text.endswith("…") is not text.endswith(shown)


def test_a_window_is_where_most_words_are() -> None:
    text = f"{SENTENCE * 5}la paix {SENTENCE * 5}la paix et la guerre {SENTENCE * 5}fin."
    (snippet,) = make_snippets(Article("a", "", text), prepare([word("paix"), word("guerre")]))
    assert [snippet.text[start:end] for start, end in snippet.highlights] == ["paix", "guerre"]


def test_an_opening_is_whole_sentences_or_says_that_it_is_cut() -> None:
    short = "La mer monte. "
    (snippet,) = make_snippets(Article("a", "", short * 60), prepare([]))
    assert snippet.text.endswith("monte.")
    assert len(snippet.text) <= LONG
    (snippet,) = make_snippets(Article("a", "", SENTENCE * 60), prepare([]))
    assert snippet.text.endswith("…")
    assert SENTENCE.startswith(snippet.text.strip("…")[: len(SENTENCE)])
    assert snippet.text.strip("…").split()[-1] in SENTENCE.split()
    (snippet,) = make_snippets(Article("a", "", "x" * 5_000), prepare([]))
    assert len(snippet.text) <= LONG


def test_a_phrase_over_the_end_of_a_sentence_is_shown_whole() -> None:
    marks: list[Mark] = [phrase("paix", "la", "guerre")]
    text = "Ils veulent la paix. La guerre continue.\nLe vent."
    (snippet,) = make_snippets(Article("a", "", text), prepare(marks))
    assert "[paix. La guerre]" in written(snippet)


def test_a_phrase_is_one_highlight(open_articles: OpenArticles) -> None:
    engine = open_articles(["Le chef de l’État a parlé. Le chef cuisine."])
    (hit,) = engine.search(SearchRequest('"chef de l’état"')).hits
    assert [written(snippet) for snippet in hit.snippets] == ["Le [chef de l’État] a parlé."]


def test_no_snippets_where_none_are_wanted(open_articles: OpenArticles) -> None:
    (hit,) = open_articles(["La paix est là."]).search(SearchRequest("paix", snippets=False)).hits
    assert hit.snippets == ()


def test_searched_boilerplate_is_shown(open_articles: OpenArticles) -> None:
    text = "Les armes se taisent depuis hier soir dans toute la capitale du pays.\nPartager cet article"
    (hit,) = open_articles([text]).search(SearchRequest("hors:partager")).hits
    assert [(written(snippet), snippet.zone) for snippet in hit.snippets] == [
        ("[Partager] cet article", "boilerplate")
    ]


# --- anything at all ---------------------------------------------------------------------------------

PIECES = (
    "paix",
    "guerre",
    "L’État",
    "7 500",
    "M. ",
    "e\u0301lu",
    ". ",
    " ",
    " ",
    "… ",
    "\n",
    " « ",
    ". » ",
    "-",
    "x" * 90,
)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    def text() -> str:
        return "".join(draw(st.lists(st.sampled_from(PIECES), max_size=60))).strip()

    return Article("a", text(), text(), text())


RULES = st.lists(
    st.sampled_from(
        (
            word("paix"),
            word("guerre"),
            word("etat", "7500"),
            word("elu"),
            phrase("paix", "guerre", slop=2),
        )
    ),
    max_size=4,
)


@settings(max_examples=1_500, deadline=None)
@given(articles(), RULES)
def test_snippets_are_pieces_of_the_article(article: Article, rules: list[Mark]) -> None:
    snippets = make_snippets(article, prepare(rules))
    assert len(snippets) <= MAX_SNIPPETS
    assert bool(snippets) is bool((article.lead + article.text).strip())
    for snippet in snippets:
        zone = getattr(article, snippet.zone)
        shown = snippet.text
        assert any(shown[first : len(shown) - last] in zone for first in (0, 1) for last in (0, 1)), shown
        assert shown.strip()
        last_end = 0
        for start, end in snippet.highlights:
            assert last_end <= start < end <= len(shown)
            last_end = end


def test_a_very_long_article_costs_what_a_long_one_does() -> None:
    """5 MB against 250 kB: what is read of an article is bounded, so the time is as well."""
    paragraph = "Le vent souffle sur la plaine. La paix de {} tient encore, disent-ils.\n"

    def seconds(size: int) -> float:
        text = "".join(paragraph.format(year) for year in range(size // len(paragraph)))
        article = Article("a", "Titre", text)
        best = float("inf")
        for _ in range(3):
            started = time.thread_time()
            assert len(make_snippets(article, prepare([word("paix")]))) == MAX_SNIPPETS
            best = min(best, time.thread_time() - started)
        return best

    assert seconds(5_000_000) < 5 * seconds(250_000)


@pytest.mark.parametrize(
    "text", ["paix " * 40_000, "la paix, " * 20_000, "paix " + "x" * 150_000 + " paix"], ids=len
)
def test_one_endless_sentence_is_cut_in_time(text: str) -> None:
    """Ten times the text takes about ten times as long: a square would take a hundred."""

    def seconds(size: int) -> float:
        best = float("inf")
        for _ in range(3):
            started = time.thread_time()
            (snippet,) = make_snippets(Article("a", "", text[:size]), prepare([word("paix")]))
            best = min(best, time.thread_time() - started)
            assert len(snippet.text) <= LONG
            assert snippet.highlights
        return best

    assert seconds(len(text)) < 40 * seconds(len(text) // 10) + 0.01


def test_a_lead_that_the_body_says_again_is_shown_once() -> None:
    lead = "Le ministre américain a affiché mardi son soutien au pays lors d’une visite officielle."
    again = "Le ministre américain Blinken a affiché mardi son soutien au pays lors d’une visite officielle."
    article = Article("a", "Titre", f"{again}\nLe soutien du Parlement reste à obtenir.", lead=lead)
    shown = [snippet.text for snippet in make_snippets(article, prepare([word("soutien")]))]
    assert shown == [lead, "Le soutien du Parlement reste à obtenir."]


def test_what_is_shown_has_every_word_before_it_says_one_again() -> None:
    """An article full of "Lyon" with one sentence on bees showed Lyon three times."""
    text = "\n".join(
        [
            *(f"Lyon gagne, Lyon perd, Lyon recommence au match {n} de la saison." for n in range(6)),
            "Les abeilles des ruchers de la ville ont passé un hiver difficile, disent les apiculteurs.",
            *(f"Lyon encore, et Lyon toujours, pour la journée {n} du championnat." for n in range(6)),
        ]
    )
    shown = snippets_of(text, "abeilles", "lyon")
    assert len(shown) == MAX_SNIPPETS
    assert sum("[abeilles]" in snippet for snippet in shown) == 1


def test_a_long_sentence_shows_each_word_wherever_it_stands() -> None:
    """One passage was cut out of a sentence of a whole page, and had one of its words."""
    filling = "et puis la plaine, et le vent, et la mer, et la route qui va vers le nord, " * 6
    text = f"Le docteur Lachaume arrive {filling} avec la téléconsultation {filling} puis repart."
    shown = snippets_of(text, "lachaume", "teleconsultation")
    assert ["[Lachaume]" in snippet for snippet in shown] == [True, False]
    assert ["[téléconsultation]" in snippet for snippet in shown] == [False, True]
    assert [snippet.startswith("…") for snippet in shown] == [False, True]
    assert all(snippet.endswith("…") for snippet in shown)


def test_no_passage_is_cut_behind_an_opening_quotation_mark() -> None:
    filling = "et puis la plaine, et le vent, et la mer, et la route " * 4
    for shift in range(40):
        text = f"La paix {'x' * shift} {filling} « une citation longue » et puis {filling}"
        found = snippets_of(text, "paix")
        assert found
        for shown in found:
            assert not shown.rstrip("…").endswith(("«", " ", "«\u00a0")), shown


def test_a_heading_is_shown_after_the_sentences_that_say_as_much() -> None:
    sentences = [
        "Ils ont signé la [paix] dans une ville du nord, après des mois de guerre.",
        "Pour les voisins, qui attendaient depuis longtemps, la [paix] change tout.",
        "Reste que nul ne sait combien de temps une telle [paix] peut durer.",
    ]
    text = "La paix\n" + "\n".join(sentences).replace("[", "").replace("]", "")
    assert snippets_of(text, "paix") == sentences
