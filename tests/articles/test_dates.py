"""Dates of metadata and of pages → ISO 8601, or nothing."""

from __future__ import annotations

import pytest

from index.articles.dates import dateline_date, parse_date, read_date_line, split_date


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2023", "2023"),
        ("2023-02", "2023-02"),
        ("2023-02-28", "2023-02-28"),
        ("2023/02/28", "2023-02-28"),
        ("20230228", "2023-02-28"),
        ("2023-02-28T10:12:30Z", "2023-02-28T10:12:30Z"),
        ("2023-02-28T10:12:30.123+0100", "2023-02-28T10:12:30+01:00"),
        ("2023-02-28 10:12", "2023-02-28T10:12"),
        ("2023-02-28T10:12-09:30", "2023-02-28T10:12-09:30"),
        ("2023-02-28T10:12+99:99", None),  # no offset
        ("2023-02-28T10:12+01:75", None),
        ("28/02/2023", "2023-02-28"),
        ("1677578400", "2023-02-28T10:00:00Z"),
        ("1677578400123", "2023-02-28T10:00:00Z"),
        ("1677578400.5", "2023-02-28T10:00:00Z"),
        ("02/2023", "2023-02"),
        ("13/2023", None),
        ("02/1066", None),
        ("12/9999", None),
        ("9999999999", None),
        ("2023022810", None),
        ("1675060980", "2023-01-30T06:43:00Z"),  # and no day of 1675
        ("167757840012", None),
        ("03/04/2023", "2023-04-03"),
        ("28.02.2023 à 10h12", "2023-02-28T10:12"),
        ("28 février 2023", "2023-02-28"),
        ("1er mars 2023", "2023-03-01"),
        ("mardi 28 fevrier 2023 à 10 h", "2023-02-28T10:00"),
        ("28 févr. 2023", "2023-02-28"),
        ("février 2023", "2023-02"),
        ("Feb 28, 2023", "2023-02-28"),
        ("Tue, 28 Feb 2023 10:12:00 +0100", "2023-02-28T10:12:00+01:00"),
        ("2023-02-30", None),
        ("31/04/2023", None),
        ("02/28/2023", None),
        ("28 février 2023 à 25h12", None),
        ("0000-00-00", None),
        ("28 février", None),
        ("28/02/23", None),
        ("20230228T101230Z", "2023-02-28T10:12:30Z"),
        ("20230228T1012", "2023-02-28T10:12"),
        ("20230228T2512", None),
        ("hier", None),
        ("le 28 février 2023, jour de pluie", None),
        ("", None),
    ],
)
def test_dates_of_metadata(value: str, expected: str | None) -> None:
    assert parse_date(value) == expected


@pytest.mark.parametrize(
    ("line", "iso", "words"),
    [
        ("Publié le 28 février 2023 à 10h12", "2023-02-28T10:12", "Publié le 28 février 2023 à 10h12"),
        ("Publié le 28/02/2023", "2023-02-28", "Publié le 28/02/2023"),
        ("PUBLIÉ LE MARDI 28 FÉVRIER 2023", "2023-02-28", "PUBLIÉ LE MARDI 28 FÉVRIER 2023"),
        ("Mis à jour le 2 mars 2023, publié le 28 février 2023", "2023-02-28", "publié le 28 février 2023"),
        ("28 février 2023", "2023-02-28", "28 février 2023"),
        ("2023-02-28", "2023-02-28", "2023-02-28"),
        ("Le 3 mars 2024 à 6 h 30 HNE", "2024-03-03T06:30", "Le 3 mars 2024 à 6 h 30 HNE"),
        (
            "Publié le 28/02/2023 à 6:00, mis à jour à 11:20",
            "2023-02-28T06:00",
            "Publié le 28/02/2023 à 6:00",
        ),
        ("Publié le 28 février 2023, modifié à 11h20", "2023-02-28", "Publié le 28 février 2023"),
        (
            "Publié le 28/02/2023 à 06:00Modifié le 01/03/2023",
            "2023-02-28T06:00",
            "Publié le 28/02/2023 à 06:00",
        ),
        ("28 février 2023 / 17:00 / Actualisé le 01/03/2023", "2023-02-28T17:00", "28 février 2023 / 17:00"),
        ("Publié le 28/02/23 à 6h00", "2023-02-28T06:00", "Publié le 28/02/23 à 6h00"),
        ("Mis en ligne le 28.02.98", "1998-02-28", "Mis en ligne le 28.02.98"),
        ("Article publié le 28.02.2023", "2023-02-28", "Article publié le 28.02.2023"),
        ("mardi 28 février 2023, p. 7", "2023-02-28", "mardi 28 février 2023"),
        ("28 février 2023 843 mots, p. ECO4", "2023-02-28", "28 février 2023"),
        ("28/02/23", None, None),
        ("Mis à jour à 11:20", None, None),
        ("p. 7", None, None),
        ("28 février 2023, p. 7 du dossier", None, None),
        ("28 février 2023, modifié à plusieurs reprises", None, None),
        ("Publié le 28 février", None, None),
        ("Publié le 31 février 2023", None, None),
        ("Le 28 février 2023, le président a été réélu.", None, None),
        ("« 20 février 1877. »", None, None),
        ("En 2023", None, None),
    ],
)
def test_lines_that_date_an_article(line: str, iso: str | None, words: str | None) -> None:
    stated = read_date_line(line)
    assert (stated and stated.iso, stated and stated.words) == (iso, words)


def test_a_date_after_a_name_is_cut_off() -> None:
    rest, stated = split_date("Par Jeanne Martin, le 28/02/2023 à 10h12")
    assert rest == "Par Jeanne Martin"
    assert stated is not None
    assert stated.iso == "2023-02-28T10:12"
    assert split_date("Par Jeanne Martin") == ("Par Jeanne Martin", None)


@pytest.mark.parametrize(
    ("line", "rest", "iso"),
    [
        ("Publié le 28 février 2023 par Jeanne Martin", "par Jeanne Martin", "2023-02-28"),
        ("Posté le 28/02/2023 à 6h00, par Jeanne Martin", "par Jeanne Martin", "2023-02-28T06:00"),
        ("Rédigé par Jeanne Martin le 28 février 2023", "Rédigé par Jeanne Martin", "2023-02-28"),
        ("Le Monde, mardi 28 février 2023, p. 7", "Le Monde", "2023-02-28"),
        ("Le 28 février 2023 par Jeanne Martin", "Le 28 février 2023 par Jeanne Martin", None),
        ("Publié le 28 février 2023 parmi", "Publié le 28 février 2023 parmi", None),
    ],
)
def test_a_date_at_either_end_is_cut_off(line: str, rest: str, iso: str | None) -> None:
    left, stated = split_date(line)
    assert (left, stated and stated.iso) == (rest, iso)


@pytest.mark.parametrize(
    ("words", "iso"), [("PARIS, 28 février 2023", "2023-02-28"), ("ASTANA, 28 février", None)]
)
def test_a_dateline_dates_an_article_only_with_its_year(words: str, iso: str | None) -> None:
    stated = dateline_date(words)
    assert (stated and stated.iso) == iso
