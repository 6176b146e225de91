"""Which lines of a web page are its article's, and where the others are."""

from __future__ import annotations

import pytest

from index.articles import Article
from index.articles.pages.reader import _read

TITLE = "La laiterie de Guingamp ferme, deux cents éleveurs sans débouché"
LEAD = "Le tribunal de Saint-Brieuc a prononcé jeudi la liquidation de l’entreprise, faute de repreneur."
BODY = [
    "La nouvelle est tombée à dix heures, dans une salle d’audience trop petite pour les familles.",
    "Depuis trois ans, la coopérative perdait de l’argent sur chaque litre, du fait du prix de l’énergie.",
    "« J’ai livré mon lait ici pendant quarante ans », soupire Yvon Le Guilcher, installé à Pédernec.",
    "Le préfet promet une cellule de crise et des solutions de collecte, sans convaincre les syndicats.",
    "Deux industriels de la Manche auraient fait connaître leur intérêt, selon une source proche du dossier.",
    "Le site emploie encore cent douze personnes, dont beaucoup ont passé la cinquantaine depuis longtemps.",
]
OTHER = "Porc : les cours remontent timidement au marché de Plérin, et les abattoirs restent prudents."
COMMENT = "Bravo les politiques, encore une usine qui part, et l’on nous dira que tout va bien dans ce pays."
PHOTO = "Devant la laiterie, jeudi matin, les salariés attendaient la décision du tribunal."


def paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


ALL = paragraphs(BODY)


def article(body: str, head: str = "") -> Article:
    """Read a page with this body."""
    page = f'<html lang="fr"><head><title>{TITLE} - Le Trégor</title>{head}</head><body>{body}</body></html>'
    return _read(page.encode(), "a.html")[0]


def lines(zone: str) -> list[str]:
    return zone.split("\n") if zone else []


def test_an_article_that_a_script_shows_is_read() -> None:
    """The page was rejected: all of its text was hidden until it was loaded."""
    for hidden in ("style='display: none'", "hidden", "aria-hidden='true'"):
        read = article(f"<h1>{TITLE}</h1><div id='content' {hidden}>{ALL}</div>")
        assert (read.title, [read.lead, *lines(read.text)]) == (TITLE, BODY)


STANDFIRSTS = [  # all there is between the title and the body
    f'<main><header><h1>{TITLE}</h1><p class="chapo">{LEAD}</p></header><article>{ALL}</article></main>',
    f'<main><h1>{TITLE}</h1><div class="sapo">{LEAD}</div><div class="article-body">{ALL}</div></main>',
    f'<article><h1>{TITLE}</h1><h2 class="hat">{LEAD}</h2><div itemprop="articleBody">{ALL}</div></article>',
    f'<div><h1>{TITLE}</h1><div><span>{LEAD}</span></div></div><div class="entry-content">{ALL}</div>',
    f"<h1>{TITLE}</h1><figure><figcaption>{PHOTO}</figcaption></figure><p>{LEAD}</p><article>{ALL}</article>",
    f'<div class="promo-open"><h1>{TITLE}</h1><div>{LEAD}</div><div class="texte">{ALL}</div></div>',
]


@pytest.mark.parametrize("body", STANDFIRSTS)
def test_a_standfirst_beside_the_body_was_lost(body: str) -> None:
    read = article(body)
    assert read.title == TITLE
    assert read.lead == LEAD
    assert lines(read.text) == BODY


def test_a_standfirst_without_a_full_stop_is_known_by_the_description_of_the_page() -> None:
    lead = LEAD.removesuffix(".")
    head = f'<meta name="description" content="{lead[:60]}…">'
    body = f'<h1>{TITLE}</h1><div class="x">{lead}</div><div class="entry-content">{ALL}</div>'
    assert article(body, head).lead == lead
    assert article(body).lead == BODY[0]


@pytest.mark.parametrize(
    "name", ["article-body", "entry-content", "post-content", "text", "rich-text", "_x7b"]
)
@pytest.mark.parametrize("outer", ["main", "article", "div"])
def test_a_body_in_several_boxes_was_cut_after_the_first(name: str, outer: str) -> None:
    blocks = [[LEAD, *BODY[:3]], BODY[3:4], BODY[4:]]
    boxes = '<div class="ad">Publicité</div>'.join(
        f'<div class="{name}">{paragraphs(block)}</div>' for block in blocks
    )
    read = article(f"<{outer}><h1>{TITLE}</h1>{boxes}</{outer}>")
    assert [read.lead, *lines(read.text)] == [LEAD, *BODY]


def test_all_posts_of_a_live_page_are_read() -> None:
    posts = "".join(
        f'<article class="post"><h2>1{i} h</h2>{paragraphs(BODY[i : i + 2])}</article>' for i in (0, 2, 4)
    )
    read = article(f"<main><h1>{TITLE}</h1><p>{LEAD}</p>{posts}</main>")
    assert read.lead == LEAD
    assert set(BODY) <= set(lines(read.text))


def test_the_articles_of_an_export_are_all_read() -> None:
    one = '<article><div><p class="titre">{}</p></div><section><div class="d">{}</div></section></article>'
    several = [one.format(f"Le titre numéro {i}", paragraphs(BODY[i : i + 2])) for i in (0, 2, 4)]
    page = f"<html><head><title>Export</title></head><body>{''.join(several)}</body></html>"
    read = _read(page.encode(), "a.html")[0]
    assert set(BODY) <= {read.lead, *lines(read.text)}


def test_an_article_that_follows_is_another_one() -> None:
    one = '<article class="full"><h1>{}</h1><div class="c">{}</div></article>'
    read = article(one.format(TITLE, ALL) + one.format("Porc : les cours remontent", f"<p>{OTHER}</p>"))
    assert [read.lead, *lines(read.text)] == BODY
    assert OTHER in lines(read.boilerplate)


SUBHEADING = "Une décision contestée par tous"


def test_subheadings_stay_among_their_paragraphs() -> None:
    body = paragraphs(BODY[:3]) + f"<h2>{SUBHEADING}</h2>" + paragraphs(BODY[3:])
    read = article(f'<main><h1>{TITLE}</h1><div class="txt">{body}</div></main>')
    assert lines(read.text) == [*BODY[1:3], SUBHEADING, *BODY[3:]]


BESIDE = [  # what stands in the article, and the line of it that is not of the text
    (f"<figure><img><figcaption>{PHOTO}</figcaption></figure>", PHOTO),
    (f'<div class="wp-caption"><img><p class="wp-caption-text">{PHOTO}</p></div>', PHOTO),
    (f'<div class="legende">{PHOTO}</div>', PHOTO),
    (f"<aside><h3>Repères</h3><p>{OTHER}</p></aside>", OTHER),
    (f'<div class="newsletter-box"><p>{OTHER}</p></div>', OTHER),
    (f'<div class="vu"><h3>Vidéo du jour</h3><a href="/v">{OTHER}</a></div>', "Vidéo du jour"),
    (f'<div class="vu"><h3>Vidéo du jour</h3><a href="/v">{OTHER}</a></div>', OTHER),
    (f'<div class="box" hidden><p>{OTHER}</p></div>', OTHER),
    (f'<div style="display: none"><p>{OTHER}</p></div>', OTHER),
    (f'<section class="fig-comments"><p>{COMMENT}</p></section>', COMMENT),
    (f'<section class="field--name-comment"><p>{COMMENT}</p></section>', COMMENT),
    (f'<section class="wp-block-comments"><p>{COMMENT}</p></section>', COMMENT),
    (f'<div class="x"><h2>3 commentaires</h2><div><p>Untel</p><p>{COMMENT}</p></div></div>', COMMENT),
    (f'<div class="x"><h3>Réagir à cet article</h3><ul><li><p>{COMMENT}</p></li></ul></div>', COMMENT),
]


@pytest.mark.parametrize(("box", "line"), BESIDE)
def test_what_is_not_of_the_text_is_around_it(box: str, line: str) -> None:
    read = article(f"<main><article><h1>{TITLE}</h1><p>{LEAD}</p>{ALL}{box}</article></main>")
    assert [read.lead, *lines(read.text)] == [LEAD, *BODY]
    assert line in lines(read.boilerplate)


def test_every_line_of_a_page_is_in_one_zone_in_its_order() -> None:
    page = (
        f"<nav><a>Accueil</a><a>Sports</a></nav><p>Économie</p><h1>{TITLE}</h1><p>{LEAD}</p>"
        f"<div class='share'>Partager</div><div class='entry-content'>{ALL}<p>Publicité</p></div>"
        "<footer>Mentions légales</footer>"
    )
    read = article(page)
    assert [read.title, read.lead, *lines(read.text)] == [TITLE, LEAD, *BODY]
    assert lines(read.boilerplate) == [
        "Accueil Sports",
        "Économie",
        "Partager",
        "Publicité",
        "Mentions légales",
    ]


def test_what_no_reader_sees_is_nowhere() -> None:
    unseen = "<template><p>Gabarit</p></template><script>var Gabarit</script><style>.Gabarit{}</style>"
    read = article(f"{unseen}<article><h1>{TITLE}</h1>{ALL}</article>")
    assert "Gabarit" not in "".join((read.text, read.boilerplate))


def test_a_text_told_twice_for_two_sizes_of_screen_is_read_once() -> None:
    read = article(f'<article><h1>{TITLE}</h1><div class="s">{ALL}</div><div class="l">{ALL}</div></article>')
    assert [read.lead, *lines(read.text)] == BODY


def test_teasers_below_an_article_are_not_of_it() -> None:
    teasers = "".join(
        f"<div><h3><a href=/{i}>Un autre titre {i}</a></h3><p>{OTHER}</p></div>" for i in range(3)
    )
    read = article(f"<div><div><h1>{TITLE}</h1><p>{LEAD}</p>{ALL}</div><div>{teasers}</div></div>")
    assert [read.lead, *lines(read.text)] == [LEAD, *BODY]
    assert OTHER in lines(read.boilerplate)


def test_a_title_written_below_the_text_is_not_its_head() -> None:
    read = article(f"<div><p>{LEAD}</p>{ALL}</div><div><h4>{TITLE}</h4><p>{OTHER}</p></div>")
    assert read.lead == LEAD
    assert set(BODY) <= set(lines(read.text))


def test_a_page_of_links_only_is_still_an_article() -> None:
    links = "".join(f'<li><a href="/{i}">{sentence}</a></li>' for i, sentence in enumerate(BODY))
    read = article(f"<article><h1>{TITLE}</h1><ul>{links}</ul></article>")
    assert set(BODY) <= {read.lead, *lines(read.text), *lines(read.boilerplate)}


def test_a_commentary_is_not_a_comment() -> None:
    read = article(
        f'<section class="commentaire"><h1>{TITLE}</h1><div class="commentaire">{ALL}</div></section>'
    )
    assert [read.lead, *lines(read.text)] == BODY


def test_captions_are_the_text_of_a_series_of_photographs() -> None:
    figures = "".join(f"<figure><img><figcaption>{caption}</figcaption></figure>" for caption in BODY)
    read = article(f'<main><h1>{TITLE}</h1><div class="diaporama">{figures}</div></main>')
    assert set(BODY) <= {read.lead, *lines(read.text)}


TABLE = (
    '<table width="760"><tr><td><a href="/">A la une</a><br><a href="/m">Météo</a></td><td>{}</td>'
    "<td>Sondage<br>Etes-vous favorable à la semaine des quatre jeudis ?</td></tr></table>"
)


@pytest.mark.parametrize(
    "cell",
    [
        f'<font size="5"><b>{TITLE}</b></font><p><b>{LEAD}</b><p>{"<br><br>".join(BODY)}',
        f"<h1>{TITLE}</h1><p>{LEAD}</p>{ALL}",
    ],
)
def test_a_page_laid_out_by_a_table_was_one_line(cell: str) -> None:
    read = article(TABLE.format(cell))
    assert (read.title, read.lead) == (TITLE, LEAD)
    assert lines(read.text) == BODY
    assert lines(read.boilerplate)[0] == "A la une"
    assert "Sondage" in lines(read.boilerplate)


def test_a_table_of_figures_stays_in_the_text() -> None:
    table = "<table><tr><th>Année</th><th>Litres</th></tr><tr><td>2019</td><td>61 millions</td></tr></table>"
    read = article(f"<article><h1>{TITLE}</h1><p>{LEAD}</p>{ALL}{table}</article>")
    assert lines(read.text) == [*BODY, "Année", "Litres", "2019", "61 millions"]


def test_the_toolbar_of_an_archive_is_not_of_the_page() -> None:
    told = "The Archive Team is a collective that saves copies of pages which are going to disappear."
    bar = f'<div id="wm-ipp-base"><div id="wm-ipp"><p>{told}</p></div></div>'
    address = "https://web.archive.org/web/20200511000000/http://www.letregor.example/a.html"
    read = article(f"{bar}<div><h1>{TITLE}</h1>{ALL}</div>", f'<link rel="canonical" href="{address}">')
    assert (read.lead, read.source, read.url) == (
        BODY[0],
        "letregor.example",
        "http://www.letregor.example/a.html",
    )
    assert told in lines(read.boilerplate)


def test_a_text_that_only_linked_data_tell_is_read_by_its_paragraphs() -> None:
    text = "\\n\\n".join([LEAD, *BODY])
    told = f'{{"@type": "NewsArticle", "articleBody": "{text}"}}'
    read = article(f"<h1>{TITLE}</h1><p>Chargement…</p><script type='application/ld+json'>{told}</script>")
    assert [read.lead, *lines(read.text)] == [LEAD, *BODY]


LATER = "Mis à jour le <time datetime='2021-09-09'>9 septembre 2021</time>"
FIRST = "Publié le <time datetime='2021-09-08'>8 septembre 2021</time>"
BYLINE = "<div class='byline'><span>Publié le 08/09/2021</span><span>Par <a>Anne Le Gall</a></span></div>"
ITEMS = "<ul class='meta'><li>Par Anne Le Gall</li><li>8 septembre 2021</li></ul>"
CREDITS = [  # what stands beside the body, the author, the date
    ("<time datetime='2021-09-08T06:00'>8 sept.</time>", None, "2021-09-08T06:00"),
    ("<p class='date'>Publié le 8 septembre 2021</p>", None, "2021-09-08"),
    (BYLINE, "Anne Le Gall", "2021-09-08"),
    (ITEMS, "Anne Le Gall", "2021-09-08"),
    (f"<p>{LATER} - {FIRST}</p>", None, "2021-09-08"),
]


@pytest.mark.parametrize(("credit", "author", "date"), CREDITS)
@pytest.mark.parametrize("outer", ["main", "article", "div"])
def test_credits_beside_the_body_were_not_read(
    credit: str, author: str | None, date: str, outer: str
) -> None:
    body = f"<{outer}><h1>{TITLE}</h1>{credit}<p>{LEAD}</p><div class='entry-content'>{ALL}</div></{outer}>"
    read = article(body)
    assert (read.author, read.date) == (author, date)
    assert [read.lead, *lines(read.text)] == [LEAD, *BODY]


def test_the_day_of_a_menu_does_not_date_an_article() -> None:
    today = "<div class='top'><span>mercredi 25 novembre 2026</span></div><div><a>Une</a><a>Sports</a></div>"
    assert article(f"{today}<div><h1>{TITLE}</h1>{ALL}</div>").date is None
