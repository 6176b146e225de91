"""Real indexes and real applications for the tests of `web`: nothing here imitates the engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from index.building import rebuild
from web import Config, create_app

SEEDS = Path(__file__).parents[2] / "seeds"

ODD_IDS = (
    "dossier/sous dossier/article été",
    "ancre#1204",
    "question?q=1&r=2",
    "cent%20pour%cent",
    "/absolu",
    "double//barre",
    "../remonte",
    "fin/",
    "journal 🗞 du soir",
    "日本",
    "point-virgule;a,b",
    "a+b",
    "guillemet\"et<balise>'",
)
"""Ids that a URL could lose or change on its way: each must come back as it was."""


def made_articles() -> Iterator[dict[str, str]]:
    """Articles written for these tests: forty of one gazette to page through, and some odd ones."""
    for number in range(40):
        yield {
            "id": f"gazette/{number:02d}",
            "title": f"Le marché du village, semaine {number}",
            "text": f"Le marché du village a réuni {number + 20} exposants dimanche. "
            "Les visiteurs ont surtout acheté des légumes et du fromage.\n"
            "La mairie parle d’une belle saison pour les producteurs de la vallée.",
            "date": f"{2019 + number // 10}-{number % 10 + 1:02d}-03",
            "source": "La Gazette du canton" if number % 4 else "Le Courrier",
            "author": "Jeanne Dupré" if number % 2 else "Paul Lenoir",
        }
    for article_id in ODD_IDS:
        yield {
            "id": article_id,
            "title": "Une étrangeté <b>rangée & retrouvée",
            "text": "Cette étrangeté porte un identifiant que les adresses aiment peu. "
            "Un <script>alert(1)</script> s’y est glissé, & bien d’autres étrangetés encore.",
            "url": "javascript:alert(1)",
        }


@pytest.fixture(scope="session")
def seeds_folder() -> Path:
    return SEEDS


@pytest.fixture(scope="session")
def odd_ids() -> tuple[str, ...]:
    return ODD_IDS


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the sample articles."""
    index_path = tmp_path_factory.mktemp("seeds") / "index"
    rebuild(index_path, [SEEDS])
    return index_path


@pytest.fixture(scope="session")
def press_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the made articles."""
    folder = tmp_path_factory.mktemp("press")
    lines = [json.dumps(article, ensure_ascii=False) for article in made_articles()]
    (folder / "presse.jsonl").write_text("\n".join(lines), encoding="utf-8")
    index_path = folder / "index"
    rebuild(index_path, [folder])
    return index_path


def serve(index_path: Path) -> Iterator[Flask]:
    app = create_app(Config(index_path))

    yield app
    app.extensions["depeche_engines"].close()


@pytest.fixture(scope="session")
def seeds_app(seeds_index: Path) -> Iterator[Flask]:
    yield from serve(seeds_index)


@pytest.fixture(scope="session")
def press_app(press_index: Path) -> Iterator[Flask]:
    yield from serve(press_index)


@pytest.fixture
def seeds(seeds_app: Flask) -> FlaskClient:
    """Ask an application that serves the sample articles."""
    return seeds_app.test_client()


@pytest.fixture
def press(press_app: Flask) -> FlaskClient:
    """Ask an application that serves the made articles."""
    return press_app.test_client()
