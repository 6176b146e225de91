"""Saved web pages."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.articles import Article, Reject

Reading = Callable[[], list[Article | Reject]]

FIRST = "Le président a annoncé mardi une série de mesures destinées à renforcer l'hôpital public."
SECOND = "Les syndicats ont répondu qu'ils attendaient des moyens avant de se prononcer sur la réforme."
PAGE = f"""<!DOCTYPE html><html lang="fr"><head><meta charset="{{charset}}">
<title>L'été à l'hôpital - Le Site</title>
<meta property="og:title" content="L'été à l'hôpital"><meta property="og:site_name" content="Le Site">
<meta property="og:url" content="https://exemple.fr/a"><meta name="author" content="Jeanne Martin">
<meta property="article:published_time" content="2023-02-28T10:12:00+01:00"></head><body>
<nav><a href="/">Accueil</a></nav><article><h1>L'été à l'hôpital</h1><p>Partager cet article</p><p>{FIRST}</p>
<p>PUBLICITÉ</p><p>{SECOND}</p><p>Le 3 mai 2019, ils avaient dit le contraire, et elle s'en souvient.</p>
</article><footer>© Le Site</footer></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
@pytest.mark.parametrize("name", ["a.html", "a.htm", "A.HTML"])
def test_a_page_becomes_an_article(name: str, charset: str, tmp_path: Path, read: Reading) -> None:
    (tmp_path / name).write_bytes(PAGE.format(charset=charset).encode(charset))
    (article,) = read()
    assert isinstance(article, Article)
    assert article.article_id == name.rpartition(".")[0]
    assert article.title == "L'été à l'hôpital"
    assert article.lead == FIRST
    assert article.text.startswith(SECOND)
    assert "Partager cet article" in article.boilerplate.split("\n")
    assert "PUBLICITÉ" in article.boilerplate.split("\n")
    assert (article.source, article.author, article.url) == (
        "Le Site",
        "Jeanne Martin",
        "https://exemple.fr/a",
    )
    assert (article.date, article.date_confidence) == ("2023-02-28T10:12:00+01:00", "declared")
    assert article.date_evidence == "2023-02-28T10:12:00+01:00"


def test_the_words_of_a_time_are_read_and_note_calls_stand_apart(tmp_path: Path, read: Reading) -> None:
    dated = 'Le rapport<sup>1</sup> du <time datetime="2023-02-27">27 février</time>, de 12 m<sup>2</sup>.'
    page = PAGE.replace(FIRST, f"{FIRST} {dated}").format(charset="utf-8")
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    (article,) = read()
    assert isinstance(article, Article)
    assert article.lead == f"{FIRST} Le rapport 1 du 27 février, de 12 m2."


@pytest.mark.parametrize(
    "linked",
    [
        '{"@type": "NewsArticle", "url": "https://exemple.fr/b", "publisher": {"name": "le site"}}',
        '{"@type": "NewsArticle", "mainEntityOfPage": {"@id": "https://exemple.fr/b"}, '
        '"publisher": {"name": "le site"}}',
        '[{"@type": "Organization", "url": "https://exemple.fr"}, '
        '{"@type": "Report", "mainEntityOfPage": "https://exemple.fr/b", "publisher": {"name": "le site"}}]',
    ],
)
def test_linked_data_name_the_address_and_the_publication(linked: str, tmp_path: Path, read: Reading) -> None:
    page = PAGE.format(charset="utf-8").replace('<meta property="og:site_name" content="Le Site">', "")
    page = page.replace(
        '<meta property="og:url" content="https://exemple.fr/a">',
        f'<script type="application/ld+json">{linked}</script>',
    )
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    (article,) = read()
    assert isinstance(article, Article)
    assert (article.url, article.source) == ("https://exemple.fr/b", "le site")


def test_an_address_is_no_name_of_a_publication(tmp_path: Path, read: Reading) -> None:
    address = 'property="article:publisher" content="https://www.facebook.com/lesite"'
    page = PAGE.format(charset="utf-8").replace('property="og:site_name" content="Le Site"', address)
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    (article,) = read()
    assert isinstance(article, Article)
    assert article.source is None


def test_a_day_in_the_text_does_not_date_a_page(tmp_path: Path, read: Reading) -> None:
    page = PAGE.replace("article:published_time", "autre").format(charset="utf-8").replace("2023-02-28", "")
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    (article,) = read()
    assert isinstance(article, Article)
    assert article.date is None


ARTICLE = '{"@type": "NewsArticle", "datePublished": "2022-05-06T08:00:00+02:00"}'
SITE = '{"@type": "WebSite", "datePublished": "2001-01-01"}'
OTHERS = '{"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "datePublished": "1999-01-01"}]}'
LINKED = '<script type="application/ld+json">%s</script>'
DATED = [  # what stands in the head, what at the top of the article, the date
    (LINKED % ARTICLE, "", "2022-05-06T08:00:00+02:00"),
    (LINKED % SITE + LINKED % ARTICLE, "", "2022-05-06T08:00:00+02:00"),
    (LINKED % f'{{"@graph": [{OTHERS}, {SITE}, {ARTICLE}]}}', "", "2022-05-06T08:00:00+02:00"),
    (LINKED % f"[{SITE}, {ARTICLE.replace('NewsArticle', 'WebPage')}]", "", "2022-05-06T08:00:00+02:00"),
    (LINKED % ARTICLE.replace('"NewsArticle"', '["Thing", "BlogPosting"]'), "", "2022-05-06T08:00:00+02:00"),
    (LINKED % ARTICLE.replace("+02:00", r"\u002B02:00"), "", "2022-05-06T08:00:00+02:00"),
    (LINKED % (ARTICLE[:-1] + ",}"), "", "2022-05-06T08:00:00+02:00"),  # one comma too many
    ((LINKED % ARTICLE).replace("+json", "+json; charset=utf-8"), "", "2022-05-06T08:00:00+02:00"),
    (
        LINKED % '{"@type": "WebPage", "datePublished": "2015"}' + LINKED % ARTICLE,
        "",
        "2022-05-06T08:00:00+02:00",
    ),
    (LINKED % f'{{"@type": "Thing", "mainEntityOfPage": {ARTICLE}}}', "", "2022-05-06T08:00:00+02:00"),
    (LINKED % '{"datePublished": "2022"}', "", "2022"),
    ("", '<aside><time datetime="2019"></time></aside><time datetime="2020"></time>', "2020"),
    (LINKED % SITE, "", None),
    (LINKED % OTHERS, "", None),
    (LINKED % ("[" * 5_000), "", None),
    (
        "",
        'Publié le <time datetime="2020-07-14T10:00:00+02:00">14 juillet 2020</time>',
        "2020-07-14T10:00:00+02:00",
    ),
    ("", '<time class="entry-date" datetime="2020-07-14">hier</time><time datetime="2021">', "2020-07-14"),
    (LINKED % ARTICLE, '<time datetime="2020-07-14">hier</time>', "2022-05-06T08:00:00+02:00"),
    ('<meta name="publication_date" content="2021-09-08">', "", "2021-09-08"),
    ('<meta name="DC.date.created" content="2021-09-08">', "", "2021-09-08"),
    ('<meta property="og:article:published_time" content="2021-09-08">', "", "2021-09-08"),
    ('<meta name="cXenseParse:recs:publishtime" content="2021-09-08">', "", "2021-09-08"),
    ('<meta name="sailthru.date" content="2021-09-08">', "", "2021-09-08"),
    ('<meta name="parsely-pub-date" content="2021-09-08">', "", "2021-09-08"),
    ('<meta name="citation_publication_date" content="2021/09/08">', "", "2021-09-08"),
    ('<meta name="date.release" content="2021/09/08">', "", "2021-09-08"),
    ('<meta property="article:modified_time" content="2021-09-09">', "", None),
    (LINKED % '{"@type": "NewsArticle", "dateCreated": "2021-09-08"}', "", "2021-09-08"),
    ("", '<abbr class="published" title="2021-09-08T06:00:00Z">mercredi</abbr>', "2021-09-08T06:00:00Z"),
    ("", '<span itemprop="datePublished" content="2021-09-08">8 sept.</span>', "2021-09-08"),
    ("", '<abbr itemprop="datePublished" title="2021-09-08T06:00">06:00</abbr>', "2021-09-08T06:00"),
    ("", 'Mis à jour le <time datetime="2021-09-09">9</time>', None),
]


@pytest.mark.parametrize(("head", "opening", "date"), DATED)
def test_a_page_is_dated_by_what_it_says_of_its_own_article(
    head: str, opening: str, date: str | None, tmp_path: Path, read: Reading
) -> None:
    page = PAGE.replace("article:published_time", "autre").format(charset="utf-8").replace("2023-02-28", "")
    page = page.replace("</head>", f"{head}</head>").replace("</h1>", f"</h1><p>{opening}</p>")
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    (article,) = read()
    assert isinstance(article, Article)
    assert article.date == date


@pytest.mark.parametrize(
    "page", ["<html><body></body></html>", "<div>" * 20_000 + "texte", "<html>\x01</html>", "   "]
)
def test_a_page_without_an_article_is_reported(page: str, tmp_path: Path, read: Reading) -> None:
    (tmp_path / "a.html").write_text(page)
    assert [type(item) for item in read()] == [Reject]


def test_a_short_page_is_read(tmp_path: Path, read: Reading) -> None:
    (tmp_path / "a.html").write_text(
        "<html><title>Brève</title><body><p>Trois morts dans un accident.</p></body></html>"
    )
    (article,) = read()
    assert isinstance(article, Article)
    assert (article.title, article.text) == ("Brève", "Trois morts dans un accident.")


def test_trafilatura_is_loaded_for_web_pages_only() -> None:
    code = "import sys, index.articles; print({'trafilatura', 'charset_normalizer'} & set(sys.modules))"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "set()\n"
    )


WORDS = "Le préfet a annoncé mardi des mesures pour le lait, que les syndicats attendaient depuis longtemps. "
HOSTILE = {  # each took minutes in some version of the readers, or would
    "separators": "<title>" + "a b - " * 20_000 + f"</title><h1>Un titre</h1><p>{WORDS * 3}</p>",
    "headings": "".join(f"<h2>Titre {i}</h2><p>{WORDS}{i}</p>" for i in range(300)),
    "boxes": "".join(f'<div class="c{i}"><p>{WORDS}{i}</p>' for i in range(150)),
    "comments": "<article>" + f"<p>{WORDS}</p>" + f'<div class="comment"><h2>3 avis</h2><p>{WORDS}' * 200,
    "names": f'<div class="{"aB-" * 100_000}"><p>{WORDS}</p></div>',
    "one line": f"<p>{WORDS * 5_000}</p>",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_page_is_read(body: str, tmp_path: Path, read: Reading) -> None:
    (tmp_path / "a.html").write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    (article,) = read()
    assert isinstance(article, Article)
    assert WORDS.strip() in article.lead + article.text


@pytest.mark.parametrize("error", [ImportError("trafilatura"), MemoryError()])
def test_a_page_that_the_machine_cannot_read_is_no_reject(
    error: Exception, tmp_path: Path, read: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was one, so that an update with a broken library removed the articles of all pages."""

    def broken(_: object) -> None:
        raise error

    (tmp_path / "a.html").write_text(PAGE.format(charset="utf-8"), "utf-8")
    monkeypatch.setattr("index.articles.pages.reader._divide", broken)
    with pytest.raises(type(error)):
        read()
