"""Bylines, datelines and notices → author, source, agency, or nothing."""

from __future__ import annotations

import pytest

from index.articles.bylines import (
    read_archive_notice,
    read_author,
    read_byline,
    read_closing_agency,
    read_dateline,
)
from index.articles.composing import Declared, compose

TEXT = "Le président a annoncé mardi une série de mesures destinées à renforcer l'hôpital public."


@pytest.mark.parametrize(
    ("line", "author", "source", "agency"),
    [
        ("AFP", None, None, "AFP"),
        ("(Avec AFP)", None, None, "AFP"),
        ("Avec Reuters", None, None, "Reuters"),
        ("Agence France-Presse", None, None, "AFP"),
        ("AFP et Reuters", None, None, "AFP"),
        ("La Presse Canadienne", None, None, "La Presse canadienne"),
        ("Par Euronews avec AFP", None, "Euronews", "AFP"),
        ("Par Le Figaro avec AFP", None, "Le Figaro", "AFP"),
        ("L’Express avec AFP", None, "L’Express", "AFP"),
        ("Par La rédaction avec Belga", None, None, "Belga"),
        ("Par Jeanne Martin", "Jeanne Martin", None, None),
        ("PAR Jeanne Martin et Paul Roy", "Jeanne Martin et Paul Roy", None, None),
        ("Par Jean-Pierre de La Tour", "Jean-Pierre de La Tour", None, None),
        ("Par Jeanne Martin, à Moscou", "Jeanne Martin", None, None),
        ("Par Jeanne Martin avec AFP", "Jeanne Martin", None, "AFP"),
        ("Par Jeanne Martin, avec AFP", "Jeanne Martin", None, "AFP"),
        ("Par Jeanne Martin et Paul Roy, avec AFP et Reuters", "Jeanne Martin et Paul Roy", None, "AFP"),
        ("Par Le Parisien, avec AFP", None, "Le Parisien", "AFP"),
        ("Par Sacha Œuvrard", "Sacha Œuvrard", None, None),
        ("Par Łukasz Nowak", "Łukasz Nowak", None, None),
        ("Par Service Politique", None, None, None),
        ("par Jeanne Martin", "Jeanne Martin", None, None),
        ("By Jeanne Martin", "Jeanne Martin", None, None),
        ("Rédigé par Jeanne Martin", "Jeanne Martin", None, None),
        ("Publié par Jeanne Martin", "Jeanne Martin", None, None),
        ("Propos recueillis par Jeanne Martin et Paul Roy", "Jeanne Martin et Paul Roy", None, None),
        ("(Propos recueillis par Jeanne Martin)", "Jeanne Martin", None, None),
        ("Entretien réalisé par Jeanne Martin", "Jeanne Martin", None, None),
        ("Par Jeanne Martin.", "Jeanne Martin", None, None),
        ("Par Jeanne M.", "Jeanne M.", None, None),
        ("De notre correspondante à Berlin, Jeanne Martin", "Jeanne Martin", None, None),
        ("De notre envoyé spécial à Kiev Paul Roy", "Paul Roy", None, None),
        ("OUEST-FRANCE", None, "Ouest-France", None),
        ("LE MONDE", None, "Le Monde", None),
        ("lemonde.fr", None, "Le Monde", None),
        ("www.LeParisien.fr", None, "Le Parisien", None),
        ("liberation.fr", None, "Libération", None),
    ],
)
def test_bylines(line: str, author: str | None, source: str | None, agency: str | None) -> None:
    byline = read_byline(line)
    assert byline is not None
    assert (byline.author, byline.source, byline.agency) == (author, source, agency)


@pytest.mark.parametrize(
    "line",
    [
        "Par ici la sortie",
        "Par Toutatis !",
        "Olivier Douliery/AP",
        "ap",
        "Une dépêche de l'AFP",
        "Jeanne Martin",
        "Par Jeanne Martin, qui a suivi toute l'affaire depuis ses débuts.",
        "© AFP",
        "Macron avec Biden",
        "par Jeanne Martin.",
        "par le maire de Lyon",
        "Propos recueillis par téléphone",
        "Publié par Gallimard",
        "By Night",
        "MARIANNE",
        "exemple.fr",
    ],
)
def test_what_is_no_byline(line: str) -> None:
    assert read_byline(line) is None


@pytest.mark.parametrize(
    ("paragraph", "agency", "story"),
    [
        ("ASTANA, 28 février (Reuters) – Le ministre parle.", "Reuters", "Le ministre parle."),
        ("Paris (AFP) - Le ministre parle.", "AFP", "Le ministre parle."),
        ("SAINT-DENIS DE LA RÉUNION (AFP) — Le ministre parle.", "AFP", "Le ministre parle."),
        ("MOSCOU/KYIV, 3 mars 2023 (Reuters) - Le ministre parle.", "Reuters", "Le ministre parle."),
        ("Genève (ats) Le ministre parle.", "Keystone-ATS", "Le ministre parle."),
        ("(AFP) - Le ministre parle.", "AFP", "Le ministre parle."),
        ("Pau - (AFP) - Le ministre parle.", "AFP", "Le ministre parle."),
        ("Genève (awp/afp) - Le ministre parle.", "AFP", "Le ministre parle."),
        ("Berne (ats/afp) - Le ministre parle.", "Keystone-ATS", "Le ministre parle."),
        ("Saint-Étienne-du-Rouvray (AFP) - Le ministre parle.", "AFP", "Le ministre parle."),
        ("L’Isle-sur-la-Sorgue (AFP) - Le ministre parle.", "AFP", "Le ministre parle."),
        ("Villeneuve-d'Ascq (Reuters) - Le ministre parle.", "Reuters", "Le ministre parle."),
        ("Port-au-Prince (Haïti), 8 sept. 2021 (AFP) — Le ministre parle.", "AFP", "Le ministre parle."),
        ("À bord du Charles-de-Gaulle (AFP) - Le ministre parle.", "AFP", "Le ministre parle."),
    ],
)
def test_datelines(paragraph: str, agency: str, story: str) -> None:
    dateline = read_dateline(paragraph)
    assert dateline is not None
    assert dateline.agency == agency
    assert paragraph[dateline.length :] == story


@pytest.mark.parametrize(
    "paragraph",
    [
        "Le ministre (AFP) parle.",
        "Le ministre parle.",
        "PARIS (Seine) – Il parle.",
        "(AFP) Le sigle date de 1944.",
        "(AFP)",
        "(Seine) - Il parle.",
        "le port-au-prince (AFP) - Il parle.",
    ],
)
def test_what_is_no_dateline(paragraph: str) -> None:
    assert read_dateline(paragraph) is None


@pytest.mark.parametrize(
    ("end", "agency"), [("(Belga)", "Belga"), ("(Avec AFP)", "AFP"), ("(Apple)", None), ("AFP.", None)]
)
def test_agencies_between_brackets_at_the_end(end: str, agency: str | None) -> None:
    assert read_closing_agency(f"{TEXT} {end}") == agency


def test_archive_notices_name_the_publication() -> None:
    notice = (
        "Cet article fait partie des archives en ligne du HuffPost Québec, qui a fermé ses portes en 2021."
    )
    assert read_archive_notice(notice) == "HuffPost Québec"


@pytest.mark.parametrize(
    ("declared", "author", "source", "agency"),
    [
        ("Jeanne Martin", "Jeanne Martin", None, None),
        ("Jeanne Martin, Paul Roy", "Jeanne Martin, Paul Roy", None, None),
        ("Jeanne Martin;Paul Roy", "Jeanne Martin, Paul Roy", None, None),
        ("Jeanne Martin, envoyée spéciale à Kiev", "Jeanne Martin", None, None),
        ("Jeanne Martin (à Lyon)", "Jeanne Martin", None, None),
        ("Jeanne Martin | Le Monde", "Jeanne Martin", "Le Monde", None),
        ("Jeanne Martin, avec AFP", "Jeanne Martin", None, "AFP"),
        ("Jeanne Martin, AFP", "Jeanne Martin", None, "AFP"),
        ("AFP", None, None, "AFP"),
        ("Le Figaro avec AFP", None, "Le Figaro", "AFP"),
        ("Par Jean Dupont, Publié le", "Jean Dupont", None, None),
        ("Jean Dupont, Le", "Jean Dupont", None, None),
        ("MA, Iuml, WENN Roy", "MAÏWENN Roy", None, None),
        ("https://www.facebook.com/jeanne", None, None, None),
        ("jmartin@exemple.fr", None, None, None),
        # what is no byline is a name
        ("J.M.", "J.M.", None, None),
        ("admin", "admin", None, None),
        ("La rédaction", "La rédaction", None, None),
        ("Boisgobey, Fortuné du", "Boisgobey, Fortuné du", None, None),
        ("Duan, Le", "Duan, Le", None, None),
        ("Marie, reine de Roumanie", "Marie, reine de Roumanie", None, None),
        ("Hugo (1802-1885)", "Hugo (1802-1885)", None, None),
    ],
)
def test_a_declared_author_is_read_as_a_byline(
    declared: str, author: str | None, source: str | None, agency: str | None
) -> None:
    assert read_author(declared) == (author, source, agency)


def test_a_page_states_its_origin() -> None:
    article = compose(
        "a", f"Un titre\nPar Jeanne Martin avec AFP | Publié le 28/02/2023 à 10h12\n{TEXT}", Declared()
    )
    assert (article.author, article.agency, article.source) == ("Jeanne Martin", "AFP", None)
    assert (article.date, article.date_confidence) == ("2023-02-28T10:12", "stated")
    assert article.date_evidence == "Publié le 28/02/2023 à 10h12"


def test_what_is_declared_goes_before_what_is_stated() -> None:
    declared = Declared(source="Le Site", agency="Reuters", author="Paul Roy", date="2020-01-02")
    article = compose("a", f"Un titre\nPar Euronews avec AFP\nPublié le 28/02/2023\n{TEXT}", declared)
    assert (article.source, article.agency, article.author) == ("Le Site", "Reuters", "Paul Roy")
    assert (article.date, article.date_confidence, article.date_evidence) == (
        "2020-01-02",
        "declared",
        "2020-01-02",
    )


def test_a_declared_date_that_is_none_leaves_the_stated_one() -> None:
    article = compose("a", f"Un titre\nPublié le 28/02/2023\n{TEXT}", Declared(date="bientôt"))
    assert (article.date, article.date_confidence) == ("2023-02-28", "stated")


def test_a_photographers_agency_is_not_the_articles() -> None:
    article = compose(
        "a", f"Un titre\nLa ministre à Rennes © Paul Roy/AFP\nPaul Roy / AFP\n{TEXT}", Declared()
    )
    assert (article.author, article.agency) == (None, None)
