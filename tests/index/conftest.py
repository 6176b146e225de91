"""Small folders of articles, and the indexes that are made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from whoosh.index import open_dir

from index.building import rebuild
from index.schema import stored_article
from index.store import open_generation

ARTICLES = {
    "greve": (
        "La grève des cheminots se poursuit\n\n"
        "Les cheminots ont voté mardi la poursuite de la grève dans toutes les gares.\n\n"
        "Le trafic restera perturbé jusqu’à vendredi, a annoncé la compagnie.\n"
    ),
    "reelu": (
        "Le maire est réélu\n\n"
        "Le maire sortant a été réélu dimanche avec 54,3 % des voix.\n\n"
        "Son adversaire a reconnu sa défaite dans la soirée, devant ses partisans.\n"
    ),
    "dossier/marche": (
        "Un marché de Noël sous la pluie\n\n"
        "Le marché de Noël a ouvert samedi malgré la pluie et le vent.\n\n"
        "Les commerçants espèrent une éclaircie avant les fêtes de fin d’année.\n"
    ),
}

WriteArticles = Callable[[Path, Mapping[str, str]], Path]
ReadTitles = Callable[[Path], dict[str, str]]


def _write_articles(folder: Path, articles: Mapping[str, str]) -> Path:
    for article_id, text in articles.items():
        path = folder / f"{article_id}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def _read_titles(index_path: Path) -> dict[str, str]:
    opened = open_dir(str(open_generation(index_path).path))
    reader = opened.reader()
    try:
        stored = (stored_article(fields["article"]) for _, fields in reader.iter_docs())
        return {article.article_id: article.title for article in stored}
    finally:
        reader.close()
        opened.close()


@pytest.fixture(scope="session")
def write_articles() -> WriteArticles:
    """Write articles, id → text, to a folder as .txt files."""
    return _write_articles


@pytest.fixture(scope="session")
def read_titles() -> ReadTitles:
    """Read the title of every article in the generation in service, by id."""
    return _read_titles


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of three articles."""
    return _write_articles(tmp_path / "articles", ARTICLES)


@pytest.fixture
def index_path(tmp_path: Path, folder: Path) -> Path:
    """An index of these articles: one generation, 000001."""
    path = tmp_path / "index"
    rebuild(path, [folder])
    return path
