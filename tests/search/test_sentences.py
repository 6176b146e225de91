"""Where sentences begin and end, as a French reader sees it."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.sentences import _sentences_at, sentences, sentences_at

pytestmark = pytest.mark.usefixtures("both_ways")

CUTS = [  # a text; "|" stands between its sentences
    "",
    "   ",
    "Une phrase",
    "Une phrase.",
    "Il part. | Elle reste.",
    "Il part ! | Elle reste ?",
    "Il part !? | Elle reste…",
    "Il part... | Elle reste.",
    "Il part… | Elle reste.",
    "Il hésite… puis part.",
    "Il hésite... puis part.",
    "Selon M. Burns, la CIA savait. | Il l’a dit.",
    "MM. Poutine et Xi se voient.",
    "Mme Le Pen et Mme. Dati.",
    "Le Dr. House et Mgr. Aupetit.",
    "Voir p. 12 du rapport.",
    "Voir art. 49 de la Constitution.",
    "Le vol. 2 et le chap. IV.",
    "En 52 av. J.-C. Alésia tombe.",
    "J. Chirac et J.-P. Raffarin.",
    "Le livre de G. H. W. Bush.",
    "Elle a battu S. Williams. | Le match a duré.",
    "É. Philippe part. | Il revient.",
    "Le gén. De Gaulle parle. | Il se tait.",
    "Il a cité Cf. Marx. | Puis rien.",
    "Yahoo! a annoncé la vente.",
    "« Pourquoi ? » demande-t-il.",
    "« Non ! » crie-t-elle. | Il part.",
    "« Oui. » | Il signe.",
    "« Oui. »  | Il signe.",
    "Il dit : « Oui. » | Elle part.",
    "Il dit “Oui.” | Elle part.",
    'Il dit "Oui." | Elle part.',
    "(Il part.) | Elle reste.",
    "[Il part.] | Elle reste.",
    "« (Il part.) » | Elle reste.",
    "« Il part. | Elle reste. » | Fin.",
    "– Tu viens ? | – Non. | – Dommage.",
    "— Tu viens ? | — Non.",
    "Un total de 7 500 km. | La suite.",
    "Un taux de 3.5 % et de 3,5 %. | La suite.",
    "En 2023. | La suite.",
    "La version 2.0 arrive. | Elle plaît.",
    "Le 49.3 est dégainé. | Tollé.",
    "Le site lemonde.fr publie. | On lit.",
    "L’U.R.S.S. existait.",
    "La fin de l’U.R.S.S. Gorbatchev part.",  # an initial ends no sentence: two are joined, none is torn
    "Il mesure 3 m. de haut.",
    "Il a dit (etc. Voir plus loin). | Fin.",
    "Titre\n|Premier paragraphe. | Suite.\n|Deuxième.",
    "Pas de point\n|Autre ligne",
    "\n\n  Vide autour. \n | \n Encore.  \n",
    "Fin . | Autre.",
    "Fin. 3 morts. | Autre.".replace(". 3", ". | 3"),
    "Quoi ?! | Rien.",
    "Œuvre complète. | Œuvre seule.",
    "Il part. | « Elle reste. »",
    "Il part. | À demain.",
    "Il part. à demain.",
    "…",
    "... ... ...".replace(" ", " | "),
    "日本. | Tokyo.",
]


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize("marked", CUTS)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_where_sentences_end(marked: str, form: str) -> None:
    marked = unicodedata.normalize(form, marked)  # type: ignore[arg-type]
    text = marked.replace(" | ", " ").replace("|", "")
    assert cut(text) == [part.strip() for part in marked.replace("\n", "|").split("|") if part.strip()]


TEXT = st.text(alphabet=st.sampled_from("aÉz.!?…»«\"') \n\u00a0\u202f–-3M\u0301"), max_size=80)


@settings(max_examples=1_000, deadline=None)
@given(TEXT)
def test_sentences_cover_all_that_is_written(text: str) -> None:
    end = 0
    for start, stop in sentences(text):
        assert end <= start < stop <= len(text)
        assert not text[end:start].strip()
        assert text[start:stop] == text[start:stop].strip()
        assert "\n" not in text[start:stop]
        end = stop
    assert not text[end:].strip()


@settings(max_examples=2_000, deadline=None)
@given(st.one_of(TEXT, st.lists(st.sampled_from(CUTS), max_size=4).map(" ".join)), st.data())
def test_those_that_hold_a_place_are_those_of_the_whole_text(text: str, data: st.DataObject) -> None:
    words = [match.start() for match in re.finditer(r"\w+", text)]
    places = sorted(data.draw(st.sets(st.sampled_from(words)))) if words else []
    whole = [span for span in sentences(text) if any(span[0] <= place < span[1] for place in places)]
    assert sentences_at(text, places) == whole


@settings(max_examples=2_000, deadline=None)
@given(st.one_of(TEXT, st.text(), st.lists(st.sampled_from(CUTS), max_size=4).map(" ".join)))
def test_the_compiled_loop_cuts_as_python_does(text: str) -> None:
    words = [match.start() for match in re.finditer(r"\w+", text)]
    assert sentences_at(text, words) == list(_sentences_at(text, words))


HARD = [  # texts that took time beyond all measure, or might
    "." + ")" * 20_000 + "x",
    "!" + '"' * 20_000 + "x",
    "." * 20_000 + "x",
    ". " * 10_000,
    "M. " * 10_000,
    "a. " * 10_000,
    " " * 20_000 + ".",
    "- " * 10_000,
    "x" * 20_000 + ".",
    "." + " »" * 10_000 + "x",
    ".a" * 10_000,
    "J.-" * 7_000,
]


def sentences_of_all_words(text: str) -> Iterator[tuple[int, int]]:
    return iter(sentences_at(text, [match.start() for match in re.finditer(r"\w+", text)]))


@pytest.mark.parametrize("read", [sentences, sentences_of_all_words])
@pytest.mark.parametrize("text", HARD, ids=[repr(text[:6]) for text in HARD])
def test_no_text_takes_long(text: str, read: Callable[[str], Iterator[tuple[int, int]]]) -> None:
    """Ten times the text takes about ten times as long: a square would take a hundred."""

    def seconds(size: int) -> float:
        best = float("inf")
        for _ in range(5):
            started = time.thread_time()
            list(read(text[:size] + text[-1]))
            best = min(best, time.thread_time() - started)
        return best

    assert seconds(len(text)) < 40 * seconds(len(text) // 10) + 0.001
