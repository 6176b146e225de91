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
