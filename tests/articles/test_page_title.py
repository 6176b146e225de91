"""The title of the article on a web page, and the name of the publication beside it."""

from __future__ import annotations

import pytest

from index.articles.pages.reader import _read

TITLE = "Réforme des retraites : le Sénat adopte l’article 7"
TEXT = (
    "<p>Les sénateurs ont adopté mercredi soir la disposition la plus contestée du projet de loi.</p>"
    "<p>Les syndicats appellent à une nouvelle journée de grèves et de manifestations samedi.</p>"
)
SITE = '<meta property="og:site_name" content="Le Soir">'
LINKED = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "%s"}</script>'

TITLES = [  # what the head says, what stands above the text, the title
    (f"<title>{TITLE}</title>", "", TITLE),
    (f"<title>{TITLE} - Le Monde</title>", "", TITLE),
    (f"<title>{TITLE} | Le Monde</title>", f"<h1>{TITLE}</h1>", TITLE),
    ("<title>« On ne lâchera rien », dit le maire</title>", "", "« On ne lâchera rien », dit le maire"),
    ("<title>Anne Durand - Jean Martin : le duel</title>", "", "Anne Durand - Jean Martin : le duel"),
    (f'<title>x</title><meta property="og:title" content="{TITLE} | Le Monde">', f"<h1>{TITLE}</h1>", TITLE),
    (
        f'{SITE}<meta property="og:title" content="{TITLE} - Le Soir">',
        "",
        TITLE,
    ),
    (f'<meta property="og:title" content="{TITLE} – Libération">{LINKED % TITLE}', "", TITLE),
    (f"<title>{TITLE} - Le Monde</title>", f"<h1><span>Politique</span>{TITLE}</h1>", TITLE),
    (f"<title>{TITLE}</title>", f"<h1>{TITLE}<br><small>Par Jean Dupont</small></h1>", TITLE),
    (f"<title>{TITLE}</title>", f'<h1 class="logo">Le Monde</h1><h2>{TITLE}</h2>', TITLE),
    (f"<title>Blog de Jo: {TITLE}</title>", f"<h1>Blog de Jo</h1><h3>{TITLE}</h3>", TITLE),
    (f"<title>Le Dauphiné - {TITLE}</title>", f"<font size=5><b>{TITLE}</b></font>", TITLE),
    ("<title>Export</title>", f'<p class="titreArticle">{TITLE}</p>', TITLE),
    ("", f"<h1>{TITLE}</h1>", TITLE),
    (
        '<meta property="og:title" content="Retraites : le Sénat adopte la mesure">',
        f"<h1>{TITLE}</h1>",
        TITLE,
    ),
    (f'<meta property="og:title" content="{TITLE}">', "<h1>Le quotidien de toute la Bretagne</h1>", TITLE),
]


@pytest.mark.parametrize(("head", "above", "title"), TITLES)
def test_the_title_is_that_of_the_article(head: str, above: str, title: str) -> None:
    page = f"<html><head>{head}</head><body><div>{above}<div>{TEXT}</div></div></body></html>"
    article = _read(page.encode(), "a.html")[0]
    assert article.title == title
    assert article.lead.startswith("Les sénateurs")


@pytest.mark.parametrize(
    ("title", "heading", "source"),
    [
        (f"{TITLE} - Carnets du Sénat", "Carnets du Sénat", "Carnets du Sénat"),
        (f"{TITLE} - Politique", "Carnets du Sénat", None),
        (TITLE, "Carnets du Sénat", None),
    ],
)
def test_a_first_heading_names_the_publication_where_the_title_of_the_page_does(
    title: str, heading: str, source: str | None
) -> None:
    body = f"<h1>{heading}</h1><div><h2>{TITLE}</h2>{TEXT}</div>"
    page = f"<html><head><title>{title}</title></head><body>{body}</body></html>"
    article = _read(page.encode(), "a.html")[0]
    assert (article.title, article.source) == (TITLE, source)
