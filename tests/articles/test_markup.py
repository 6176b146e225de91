"""Texts of exports that are written in HTML."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index.articles import Article, Reject
from index.articles.markup import as_text

Reading = Callable[[], list[Article | Reject]]

WRITTEN = [
    ("<p>Le <strong>maire</strong> a gagn&eacute;.</p><p>Fin.</p>", "Le maire a gagné.\nFin."),
    ("L&#8217;&eacute;lection, R&amp;D", "L’élection, R&D"),
    ("Un<br>deux<br />trois", "Un\ndeux\ntrois"),
    ("<ul><li>un</li>\n<li>deux</li></ul>", "un\ndeux"),
    ("<p>un\ndeux</p>\n\n<p>trois</p>", "un deux\ntrois"),
    ("Un <i>mot</i>\nla suite\n\nUn autre\n<h2>Titre</h2>", "Un mot la suite\nUn autre\nTitre"),
    ("<script>var a = '<p>';</script><style>p {}</style><p>Bonjour</p>", "Bonjour"),
    ("<p>Le rapport<sup>1</sup>, 12 m<sup>2</sup> au XIX<sup>e</sup></p>", "Le rapport 1, 12 m2 au XIXe"),
    (
        "<p>Le rapport<sup><a href='#n'>1, 2</a></sup> publie\u0301<sup>[3]</sup></p>",
        "Le rapport 1, 2 publie\u0301 [3]",
    ),
    ("<!-- vide --><p>x &lt; y</p>", "x < y"),
    # only words are marked up
    ('<i><span lang="en">Scream</span></i>, un retour', "Scream, un retour"),
    ("Le <em>maire</em>\na gagn&eacute;", "Le maire\na gagné"),
    ("Au XIX<sup>e</sup>, le rapport<sup>1</sup>", "Au XIXe, le rapport 1"),
    ('Voir <a href="https://exemple.fr/?a=1&amp;b=2" title="x">le site</a>.', "Voir le site."),
    ("<STRONG>Un</STRONG> <b>gras <i>et penché</i></b>", "Un gras et penché"),
    ("H<sub>2</sub>O &lt; 3", "H2O < 3"),
    # these are no HTML
    ("Si a <b et c> d, alors", "Si a <b et c> d, alors"),
    ("x<i && j>y</i>", "x<i && j>y</i>"),
    ("Un <b>mot", "Un <b>mot"),
    ("Un mot</b>", "Un mot</b>"),
    ("Un <b>mot <i>ou</b> deux</i>", "Un <b>mot <i>ou</b> deux</i>"),
    ("Entre <b> et </b>, le mot est gras", "Entre <b> et </b>, le mot est gras"),
    ("La balise <b>gras</b> met en gras", "La balise <b>gras</b> met en gras"),
    ("En HTML, on écrit <i>mot</i>", "En HTML, on écrit <i>mot</i>"),
    ("Le <nom>Martin</nom> du fichier", "Le <nom>Martin</nom> du fichier"),
    ("Moins de 3 % (<3) et <b>gras</b>", "Moins de 3 % (<3) et <b>gras</b>"),
    ("<b></b>", "<b></b>"),
    ("Écris-moi </3", "Écris-moi </3"),
    ("a < b et c > d", "a < b et c > d"),
    ("AT&T; R&D & Cie", "AT&T; R&D & Cie"),
    ("La balise <p> ouvre un paragraphe.", "La balise <p> ouvre un paragraphe."),
    ("Une ligne\nune autre", "Une ligne\nune autre"),
    ("Un <b>mot</b>\nun <script>alert(1)</script>", "Un <b>mot</b>\nun <script>alert(1)</script>"),
    # nothing is lost
    ("<p></p>", "<p></p>"),
    ("Un<br>La balise <script> sert à tout.", "Un<br>La balise <script> sert à tout."),
    ("<p>Le maire</p><![foo]><p>Fin</p>", "<p>Le maire</p><![foo]><p>Fin</p>"),
    ("<p>Le maire</p><![<", "<p>Le maire</p><![<"),
]


@pytest.mark.parametrize(("written", "text"), WRITTEN)
def test_the_words_of_html_are_read(written: str, text: str) -> None:
    assert as_text(written) == text


def test_a_title_in_which_only_words_are_marked_kept_its_tags(tmp_path: Path, read: Reading) -> None:
    record = {"title": '<i><span lang="en">Scream</span></i>', "text": "Un <b>film</b> sort."}
    (tmp_path / "a.jsonl").write_text(json.dumps(record), encoding="utf-8")
    (article,) = read()
    assert isinstance(article, Article)
    assert (article.title, article.text) == ("Scream", "Un film sort.")


def test_an_export_in_html_is_read_as_what_it_says(tmp_path: Path, read: Reading) -> None:
    record = {
        "id": "1",
        "title": "L&#8217;&eacute;lection de la semaine",
        "lead": "<p>Un chapô.</p>",
        "text": "<p>Le <b>maire</b> a été réélu dimanche soir.</p><p>Il a remercié ses électeurs hier.</p>",
    }
    (tmp_path / "a.jsonl").write_text(json.dumps(record), encoding="utf-8")
    (article,) = read()
    assert isinstance(article, Article)
    assert article.title == "L’élection de la semaine"
    assert article.lead == "Un chapô."
    assert article.text == "Le maire a été réélu dimanche soir.\nIl a remercié ses électeurs hier."


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<a ",
        "<!--",
        "</p",
        "<a b='",
        "&",
        "<![CDATA[",
        "<![",
        "<p>",
        "<a b=c d=e ",
        "\n ",
        "\n",
        "<script>",
        "<b>",
        "<i></i>",
    ],
)
def test_no_text_takes_more_than_its_share(piece: str) -> None:
    def seconds(times: int) -> float:
        def once() -> float:
            started = time.thread_time()
            as_text(piece * times + "</p>")
            as_text(piece * times + "</b>")
            return time.thread_time() - started

        return min(once() for _ in range(3))

    assert seconds(80_000) < 12 * max(seconds(20_000), 0.005)  # squared would be 16 times
