"""A page of several articles, as press archives export what one has chosen: each is read by itself.

The markup is that of two archives used in France, as it was found described; names and texts are made up.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from index.articles import Article, Read, SourceFile, read_source
from index.building import rebuild, update
from search import open_index
from search.request import SearchRequest

FOREST = (
    "Trois étés sans pluie ont suffi. Dans le massif des Vosges, un épicéa sur quatre est mort, et les "
    "forestiers ne savent plus quelle essence planter à sa place, tant les modèles se contredisent.",
    "« On coupe du bois sec depuis deux ans », raconte un bûcheron de Gérardmer, qui a vu les scolytes "
    "descendre de la crête jusqu’aux premières maisons du village en une seule saison.",
)
STRIKE = (
    "Le trafic ferroviaire sera fortement perturbé jeudi en Île-de-France, où deux trains sur trois "
    "seulement circuleront, a annoncé la direction de la compagnie mercredi soir à la presse.",
    "Les syndicats dénoncent la suppression de deux mille postes d’aiguilleurs et réclament l’ouverture de "
    "négociations sur les salaires avant la fin de l’année, faute de quoi la grève sera reconduite.",
)
BRIEF = (
    "Un homme de 54 ans a été renversé par une voiture, hier vers 18 h. Il a été transporté à l’hôpital.",
)


def paragraphs(texts: tuple[str, ...]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def page(body: str, head: str = "<title>Documents choisis</title>") -> str:
    return f'<html lang="fr"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


def with_header(source: str, dated: str, title: str, signed: str, texts: tuple[str, ...]) -> str:
    return f"""<article><header>
    <div class="rdp__DocPublicationName"><span class="DocPublicationName">{source}</span></div>
    <div><span class="DocHeader">{dated}</span></div>
    <div class="titreArticle"><p class="titreArticleVisu rdp__articletitle">{title}</p></div>
    {signed}</header>
    <section><div class="DocText clearfix"><div>{paragraphs(texts)}</div></div></section>
    <footer><div>© 2024 {source}. Tous droits réservés.</div><div>news·20240911·AB·1</div></footer>
    </article>"""


def with_lines(title: str, signed: str, words: str, dated: str, source: str, texts: tuple[str, ...]) -> str:
    lines = "".join(f"<div>{line}</div>" for line in (words, dated, source, "ABCDEF", "7", "Français"))
    return f"""<div class="article frArticle"><div id="hd"><span class="frHeadline">{title} </span></div>
    <div class="author">{signed}</div>{lines}{paragraphs(texts)}
    <p>Document ABCDEF0020240911ek9b0000g</p></div><hr>"""


def with_labels(title: str, signed: str, dated: str, source: str, texts: tuple[str, ...]) -> str:
    told = {"HD": title, "BY": signed, "WC": "780 mots", "PD": dated, "SN": source, "LA": "Français"}
    told |= {"LP": paragraphs(texts[:1]), "TD": paragraphs(texts[1:])}
    rows = "".join(f"<tr><td><b>{label}</b></td><td>{value}</td></tr>" for label, value in told.items())
    return f'<div class="article frArticle"><table>{rows}</table></div>'


EXPORT = page(
    with_header(
        "La Croix, no. 43018",
        "France, mercredi 11 septembre 2024 780 mots, p. 7",
        "Les forêts de l’Est meurent de soif",
        '<p class="sm-margin-bottomNews">Jeanne Martin</p>',
        FOREST,
    )
    + with_header(
        "Le Figaro (site web)",
        "jeudi 12 septembre 2024 - 10:52 UTC +02:00 412 mots",
        "Grève à la SNCF",
        '<div class="docAuthors">Par Paul Durand</div>',
        STRIKE,
    )
    + with_header(
        "Ouest-France", "Quimper, vendredi 13 septembre 2024 95 mots", "Un piéton blessé", "", BRIEF
    )
)


def read(folder: Path, written: str) -> list[Article]:
    path = folder / "choix.html"
    path.write_text(written, encoding="utf-8")
    found = list(read_source(SourceFile(path, path.name, path.stat().st_size), lambda _: None))
    assert all(isinstance(each, Read) for each in found), found
    return [each.article for each in found if isinstance(each, Read)]


def told(article: Article) -> tuple[str | None, ...]:
    return article.title, article.source, article.author, article.date


def test_each_article_of_an_export_is_read_by_itself(tmp_path: Path) -> None:
    found = read(tmp_path, EXPORT)
    assert [article.article_id for article in found] == ["choix#1", "choix#2", "choix#3"]
    assert list(map(told, found)) == [
        ("Les forêts de l’Est meurent de soif", "La Croix", "Jeanne Martin", "2024-09-11"),
        ("Grève à la SNCF", "Le Figaro", "Paul Durand", "2024-09-12T10:52+02:00"),
        ("Un piéton blessé", "Ouest-France", None, "2024-09-13"),
    ]
    assert [(article.lead, article.text) for article in found] == [FOREST, STRIKE, ("", BRIEF[0])]
    assert "© 2024 Ouest-France. Tous droits réservés." in found[2].boilerplate


def test_lines_between_title_and_text_are_none_of_the_text(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        page(
            with_lines("Les forêts", "Jeanne Martin", "780 mots", "11 septembre 2024", "La Croix", FOREST)
            + with_lines(
                "Grève à la SNCF", "", "1 412 mots", "12 septembre 2024", "La Gazette picarde", STRIKE
            )
        ),
    )
    assert list(map(told, found)) == [
        ("Les forêts", "La Croix", "Jeanne Martin", "2024-09-11"),
        ("Grève à la SNCF", None, None, "2024-09-12"),
    ]
    assert [(article.lead, article.text) for article in found] == [FOREST, STRIKE]
    for line in ("780 mots", "ABCDEF", "Français", "Document ABCDEF0020240911ek9b0000g"):
        assert line in found[0].boilerplate.split("\n")


def test_labels_say_what_follows_them(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        page(
            with_labels("Les forêts", "Jeanne Martin", "11 septembre 2024", "La Croix", FOREST)
            + with_labels("Grève à la SNCF", "Paul Durand", "12 septembre 2024", "La Gazette picarde", STRIKE)
        ),
    )
    assert list(map(told, found)) == [
        ("Les forêts", "La Croix", "Jeanne Martin", "2024-09-11"),
        ("Grève à la SNCF", "La Gazette picarde", "Paul Durand", "2024-09-12"),
    ]
    assert [(article.lead, article.text) for article in found] == [FOREST, STRIKE]


def test_headings_are_titles_where_nothing_is_called_so(tmp_path: Path) -> None:
    parts = [
        f"<article><h2>{title}</h2>{paragraphs(texts)}</article>"
        for title, texts in (("Un", FOREST), ("Deux", STRIKE))
    ]
    found = read(tmp_path, page("<h1>Revue de presse</h1>" + "".join(parts)))
    assert [(article.title, article.lead, article.text) for article in found] == [
        ("Un", *FOREST),
        ("Deux", *STRIKE),
    ]


ARTICLE = f"<article><h1>Les forêts de l’Est meurent de soif</h1>{paragraphs(FOREST)}</article>"
OTHER = f"<article><h2>Grève à la SNCF</h2>{paragraphs(STRIKE)}</article>"
TEASER = f"<article><h3>Un piéton blessé</h3>{paragraphs(BRIEF)}</article>"
NO_EXPORT = {
    "one": page(ARTICLE),
    "titled": page(ARTICLE + OTHER, "<title>Les forêts de l’Est meurent de soif | La Gazette</title>"),
    "declared": page(ARTICLE + OTHER, '<meta property="og:title" content="Les forêts">'),
    "linked data": page(ARTICLE + OTHER, '<script type="application/ld+json">{"@type": "Article"}</script>'),
    "teasers": page(ARTICLE + TEASER * 9),
    "links": page(ARTICLE + OTHER.replace("<h2>", '<h2><a href="/b">').replace("</h2>", "</a></h2>")),
    "comments": page(ARTICLE + OTHER.replace("<article>", '<article class="comment">')),
    "in comments": page(ARTICLE + f'<div class="comments">{OTHER}</div>'),
    "one in another": page(ARTICLE.replace("</article>", f"{OTHER}</article>")),
    "most text elsewhere": page(paragraphs(FOREST * 9) + ARTICLE + OTHER),
}


@pytest.mark.parametrize("written", NO_EXPORT.values(), ids=NO_EXPORT.keys())
def test_a_page_of_one_article_is_one(tmp_path: Path, written: str) -> None:
    found = read(tmp_path, written)
    assert [article.article_id for article in found] == ["choix"]


def test_two_such_articles_are_an_export(tmp_path: Path) -> None:
    assert len(read(tmp_path, page(ARTICLE + OTHER))) == 2
    assert len(read(tmp_path, page(ARTICLE + OTHER + TEASER * 2))) == 4


def test_an_export_is_searched_and_updated_article_by_article(tmp_path: Path) -> None:
    folder, index = tmp_path / "articles", tmp_path / "index"
    folder.mkdir()
    (folder / "choix.html").write_text(EXPORT, encoding="utf-8")
    assert rebuild(index, [folder]).articles == 3
    (folder / "choix.html").write_text(EXPORT.replace("Un piéton", "Un passant"), encoding="utf-8")
    report = update(index, [folder])
    assert (report.articles, report.changed, report.unchanged, report.rejected) == (3, 1, 2, 0)
    with open_index(index) as engine:
        assert [hit.article_id for hit in engine.search(SearchRequest("aiguilleurs")).hits] == ["choix#2"]
        assert [hit.title for hit in engine.search(SearchRequest("titre:passant")).hits] == [
            "Un passant blessé"
        ]
