"""What a .txt file declares, its right margin, and what happened to it on the way."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from index.articles import Article, Reject
from index.articles.encoding import clean
from index.articles.front_matter import read_front_matter
from index.articles.line_ends import joined_lines
from index.articles.twice_encoded import as_meant

Reading = Callable[[], list[Article | Reject]]

FIRST = "Le musée a préempté pour 870 000 euros un portrait que l’on croyait perdu depuis 1804, a-t-il dit."
SECOND = (
    "L’œuvre dormait dans un grenier du Perche, sous deux couches de vernis, près d’un vieux porte-manteau."
)
THIRD = "La restauration, achevée en août, a révélé un chardonneret que nul n’avait vu depuis deux siècles."

DECLARED = [  # how a text begins, what is declared, what is left
    (
        '---\ntitle: "Un titre"\nauthor: Jeanne Martin\ndate: 2023-03-07\n---\n',
        "Un titre",
        "Jeanne Martin",
        "2023-03-07",
    ),
    (
        "---\ntitle: Un titre\nauthors:\n  - Jeanne Martin\n  - 'Paul Roy'\ntags: [a, b]\n---\n",
        "Un titre",
        "Jeanne Martin, Paul Roy",
        "",
    ),
    (
        "---\ntitle: Un titre\nauthor: [Jeanne Martin, Paul Roy]\nlayout: post\n---\n\n# Un titre\n",
        "Un titre",
        "Jeanne Martin, Paul Roy",
        "",
    ),
    (
        "Titre : Un titre\nAuteur : Jeanne Martin\nDate : 21 juin 2022\n",
        "Un titre",
        "Jeanne Martin",
        "21 juin 2022",
    ),
    ("Title: Un titre\n", "Un titre", "", ""),
    ("# Un titre\n", "Un titre", "", ""),
    ("\n## Un titre ##\n", "Un titre", "", ""),
]


@pytest.mark.parametrize(("opening", "title", "author", "date"), DECLARED)
def test_what_a_text_declares_was_taken_for_its_lines(
    opening: str, title: str, author: str, date: str
) -> None:
    declared, lines, text = read_front_matter(f"{opening}\n{FIRST}\n")
    assert (declared.title, declared.author, declared.date) == (title, author, date)
    assert lines.split() == opening.split()
    assert text.strip() == FIRST


@pytest.mark.parametrize(
    "opening",
    [
        "---\n",
        "---\nUn titre\n---\n",
        "---\nauthor: Jeanne Martin\n---\n",
        "Titre de séjour : ce qui change\n",
        "Titre :\n",
        "Date : 21 juin 2022\n",
        "#MeToo, cinq ans après\n",
        "### Un intertitre\n",
        "Un titre\n# Une note\n",
    ],
)
def test_another_beginning_declares_nothing(opening: str) -> None:
    text = f"{opening}\n{FIRST}\n"
    declared, lines, left = read_front_matter(text)
    assert (any(declared), lines, left) == (False, "", text)


def test_what_declares_is_kept_beside_the_article(tmp_path: Path, read: Reading) -> None:
    (tmp_path / "a.txt").write_text(
        f"---\ntitle: Un titre\ntags: [x]\n---\n\n# Un titre\n\n{FIRST}\n\n{SECOND}\n", "utf-8"
    )
    (article,) = read()
    assert isinstance(article, Article)
    assert (article.title, article.lead, article.text) == ("Un titre", FIRST, SECOND)
    assert article.boilerplate == "---\ntitle: Un titre\ntags: [x]\n---\n# Un titre"


def wrapped(width: int, *paragraphs: str) -> str:
    return "\n\n".join("\n".join(textwrap.wrap(paragraph, width)) for paragraph in paragraphs)


@pytest.mark.parametrize("width", [60, 68, 72, 76])
def test_a_right_margin_cut_phrases(width: int) -> None:
    paragraphs = [FIRST + " " + SECOND, SECOND + " " + THIRD, THIRD + " " + FIRST, SECOND]
    text = f"Un titre\nPar Jeanne Martin\n\n{wrapped(width, *paragraphs)}\n\nUn\nDeux\nTrois"
    assert joined_lines(text) == "\n\n".join(["Un titre\nPar Jeanne Martin", *paragraphs, "Un\nDeux\nTrois"])


VERSES = "Quand la brume descend sur le causse endormi\nLe berger seul entend\nLe pas de l’ennemi"
UNWRAPPED = [
    "\n".join([FIRST, SECOND, THIRD]),
    "\n\n".join([FIRST, SECOND, THIRD] * 4),
    "\n\n".join([VERSES] * 6),
    "\n\n".join(
        [
            "\n".join(
                f"{place}. Équipe de la ville numéro {place}, {90 - place} points" for place in range(1, 13)
            )
        ]
        * 2
    ),
    "\n\n".join([f"{FIRST}\n{SECOND}", f"{SECOND}\n{THIRD}"] * 6),
    wrapped(72, FIRST, SECOND),
    "\n".join(textwrap.wrap(" ".join([FIRST, SECOND, THIRD] * 3), 72)),
    "",
]


@pytest.mark.parametrize("text", UNWRAPPED)
def test_other_line_ends_stay(text: str) -> None:
    assert joined_lines(text) == text


def test_a_wrapped_file_has_whole_paragraphs(tmp_path: Path, read: Reading) -> None:
    body = wrapped(68, FIRST + " " + SECOND, SECOND + " " + THIRD, THIRD + " " + FIRST)
    (tmp_path / "a.txt").write_text(f"Un titre\n\n{body}\n", "utf-8")
    (article,) = read()
    assert isinstance(article, Article)
    assert (article.lead, article.text) == (f"{FIRST} {SECOND}", f"{SECOND} {THIRD}\n{THIRD} {FIRST}")


TWICE = "\n".join([FIRST, SECOND, THIRD])


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_a_text_that_was_encoded_twice_is_read_as_it_was(encoding: str) -> None:
    assert as_meant(clean(TWICE.encode().decode(encoding))) == TWICE


def test_a_text_whose_accents_stayed_entities_is_read_as_it_was() -> None:
    entities = "".join(
        f"&{html.entities.codepoint2name[ord(c)]};" if ord(c) in html.entities.codepoint2name else c
        for c in TWICE
    )
    assert entities.count("&eacute;") > 2
    assert as_meant(entities) == TWICE


@pytest.mark.parametrize(
    "text",
    [
        TWICE,
        "Les signes Ã©, Ã¨ et Ã§ trahissent un texte codé deux fois.",
        "Les signes Ã© et Ã¨ sont courts.",
        "SÃO PAULO, MAÇÃ, AVIÃO, PÃO, NÃO",
        "L’entité &eacute; donne é, &eacute;&eacute; donne éé.",
        "R&D, AT&T; et &eacute;",
        "â€ Ã Ã Ã",
        "Ã©Ã©Ã© \ufffd",
    ],
)
def test_a_text_that_is_right_stays(text: str) -> None:
    assert as_meant(text) == text


CODED = f"""HD  Les forêts meurent de soif
BY  Jeanne Martin
WC  512 mots
PD  15 octobre 2022
SN  Sud Ouest
LA  Français
LP  {FIRST}
TD  {SECOND}

{THIRD}
AN  Document SUDOUE0020221015eaaf0003
"""


def test_the_codes_of_an_archive_declare(tmp_path: Path, read: Reading) -> None:
    (tmp_path / "a.txt").write_text(CODED, "utf-8")
    (article,) = read()
    assert isinstance(article, Article)
    assert (article.article_id, article.title, article.author) == (
        "a",
        "Les forêts meurent de soif",
        "Jeanne Martin",
    )
    assert (article.source, article.date, article.date_confidence) == ("Sud Ouest", "2022-10-15", "declared")
    assert (article.lead, article.text) == (FIRST, f"{SECOND}\n{THIRD}")
    assert "WC 512 mots" in article.boilerplate.split("\n")


def test_each_article_of_a_coded_export_is_one(tmp_path: Path, read: Reading) -> None:
    second = CODED.replace("Les forêts", "Les rivières").replace("HD  ", "SE\nSciences\nHD\t")
    (tmp_path / "a.txt").write_text(f"{CODED}\n\n{second}", "utf-8")
    articles = read()
    assert [(each.article_id, each.title) for each in articles if isinstance(each, Article)] == [
        ("a#1", "Les forêts meurent de soif"),
        ("a#2", "Les rivières meurent de soif"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        CODED.replace("HD  ", "Titre  "),
        CODED.replace("LP  ", "").replace("TD  ", ""),
        f"Un titre\n{CODED}",
        f"{CODED}\n{FIRST}",
    ],
)
def test_what_is_not_coded_throughout_is_one_article_and_loses_nothing(
    tmp_path: Path, read: Reading, text: str
) -> None:
    (tmp_path / "a.txt").write_text(text, "utf-8")
    (article,) = read()
    assert isinstance(article, Article)
    kept = " ".join((article.title, article.lead, article.text, article.boilerplate)).split()
    assert set(text.split()) <= {*kept, "HD", "LP", "TD"}


def test_short_lines_with_the_number_of_words_are_the_head_of_an_archive(
    tmp_path: Path, read: Reading
) -> None:
    head = "Jeanne Martin\n1 204 mots\n3 décembre 2024\nLe Monde\nLEMOND\n8\nFrançais"
    (tmp_path / "a.txt").write_text(f"Les forêts meurent de soif\n\n{head}\n\n{FIRST}\n\n{SECOND}\n", "utf-8")
    (article,) = read()
    assert isinstance(article, Article)
    assert (article.title, article.lead, article.text) == ("Les forêts meurent de soif", FIRST, SECOND)
    assert (article.author, article.source, article.date) == ("Jeanne Martin", "Le Monde", "2024-12-03")
    assert article.boilerplate == head
