"""One line alone: furniture of the page, or words of the article."""

from __future__ import annotations

import re
import time

import pytest

from index.articles.furniture import (
    find_suspects,
    is_credit,
    is_edge_furniture,
    is_furniture,
    is_notice,
    opens_related,
)
from index.articles.patterns import _spelled_out, opening_with, table_sections
from index.articles.zoning import divide

ANYWHERE = """
Partager cet article
PARTAGER L’ARTICLE
Partager cet articleDiscussion
Partager cet articleClose Button
Facebook Twitter Partager cet article
12 commentaires | Partager cet article
3 Partager cet article
Copier/coller le lien embed de la vidéo de l'article :Copy to clipboardLien copié
Partager sur Facebook
Partager sur Facebook Partager sur Twitter Envoyer par e-mail
PUBLICITÉ
La suite après cette publicité
[ad_1]
[ad_2]
[embed]https://exemple.fr/video[/embed]
Source link -32
Source link
Close
Imprimer
Temps de lecture : 4 min
Lecture 5 min.
Réservé aux abonnés
Article réservé aux abonnés
Il vous reste 74.5% de cet article à lire. La suite est réservée aux abonnés.
Newsletter
Inscrivez-vous à la newsletter politique
Mots-clés : santé, hôpital
Voir 2 autres histoires
Nos normes : Principes de confiance de Thomson Reuters.
Crédit photo : Jeanne Martin
© AFP
© Jeanne Martin/AFP
Tous droits réservés Olivier Douliery/AP
• À lire aussi: Emprisonnée en Floride: elle utilise son foetus pour exiger sa libération
À lire aussi : la grève en trois questions
Lire aussi | Article réservé à nos abonnés Les hôpitaux de province
LIRE AUSSI > Les hôpitaux de province
Lire aussi Les hôpitaux de province
À LIRE ET À VOIR AUSSI : Les hôpitaux de province
À LIRE AUSSI. Les hôpitaux de province
→ À LIRE. Les hôpitaux de province
➡️ Lire aussi : Les hôpitaux de province
👉 À lire aussi : Les hôpitaux de province
Relire : Les hôpitaux de province
(Re)lire : Les hôpitaux de province
Sur le même sujet : Les hôpitaux de province
POUR ALLER PLUS LOIN. Les hôpitaux de province
Lire plus tard
Lire l’intégralité de l’article
Lire la suite sur exemple.fr
PUBLICITÉ - LIRE LA SUITE CI-DESSOUS
Copiez l’URL dans le presse-papiers
Laisser un commentaire Annuler la réponse
Vous avez déjà un compte ? Connectez-vous
Cliquez pour partager sur Twitter(ouvre dans une nouvelle fenêtre)
WordPress: J’aime chargement…
Partager :
Votre e-mail
S’inscrire à la newsletter
La suite est réservée aux abonnés.
Nos standards : Les principes de confiance de Thomson Reuters.
Thématiques associées : EDF
[Fermer]
(Photo : Jeanne Martin)
(©AFP / 07 mars 2023 20h05)
news·20230314·OF·2110077
Document LEMOND0020241203ekc300004
Page 1 sur 3
***
- - -
""".strip().splitlines()

NOTICES = """
Cet article fait partie des archives en ligne du HuffPost Québec, qui a fermé ses portes en 2021.
(Cette histoire a été réimprimée pour inclure le mot « Asiatique » omis dans le titre)
Ce site utilise des cookies pour mesurer son audience.
Toute reproduction interdite sans l’accord de l’éditeur.
Les commentaires sont fermés.
© 2023 Le Site. Tous droits réservés. Le présent document est protégé par les lois et les conventions.
Le présent document est protégé par les lois et conventions internationales sur le droit d'auteur.
Certificat émis le 16 mars 2023 à Université-de-Nantes à des fins de visualisation personnelle et temporaire.
Suivez toute l’actualité de vos villes et médias favoris en vous inscrivant.
Suivez l’actualité sur Google News
Cet article vous a été utile ? Sachez que vous pouvez suivre le site.
""".strip().splitlines()

ARTICLE = """
La publicité a augmenté
La publicité a augmenté de dix pour cent en un an.
Publicité mensongère : un fabricant condamné
Partager cet article de loi serait une erreur, a dit le ministre.
Partager cet article de loi serait une erreur
Close Combat est un film de 1998.
Lire aussi souvent que possible est un conseil de tous les médecins.
À lire les journaux, on croirait la guerre finie.
À découvrir également dans ce musée, une collection de timbres.
Copier le lien entre les deux affaires serait une faute.
Imprimer l'article a coûté trois francs.
Les commentaires du ministre ont surpris.
Cet article du code fait partie des plus anciens.
Nos normes sont les plus strictes d'Europe, dit Bruxelles.
Tous les droits réservés aux hommes leur furent ouverts en 1944.
Newsletter : comment la lettre d'information a sauvé la presse
[sic]
[1]
Le 28 février 2023, le président a été réélu.
Discussion
Facebook
Monde
AFP
""".strip().splitlines()


@pytest.mark.parametrize("line", ANYWHERE)
def test_furniture_is_recognised(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize("line", NOTICES)
def test_notices_are_recognised(line: str) -> None:
    assert is_notice(line)


@pytest.mark.parametrize("opening", ["", "(", "« "])
@pytest.mark.parametrize("line", ANYWHERE + NOTICES + ARTICLE)
def test_no_line_of_furniture_is_passed_over(line: str, opening: str) -> None:
    """The cheap test by the first letter may take text for furniture, never the reverse."""
    for written in (line, line.upper(), line.lower(), "ı" + line[1:], "ſ" + line[1:]):
        said = opening + written
        assert find_suspects([said]) or not (is_notice(said) or is_furniture(said))


@pytest.mark.parametrize("section", ["button", "companion"])
def test_every_label_begins_with_a_letter_or_a_digit(section: str) -> None:
    """By this a line is passed over whose first label is followed by something else."""
    for label in table_sections("boilerplate.txt")[section]:
        assert all(re.match(r"\w|\\d", opening) for opening in _spelled_out(label)), label


@pytest.mark.parametrize(
    ("letter", "patterns"),
    [
        ("l", ["la suite", "lire plus", r"\(ce texte", r"\d+ vues"]),
        ("s", ["suite", "sms?", r"\(ce texte", r"\d+ vues"]),
        ("c", ["cet article réservé", r"\(ce texte", "ce texte", r"\d+ vues"]),
        ("a", ["article réservé", r"\(ce texte", r"\d+ vues"]),
        ("-", [r"\(ce texte", r"\d+ vues"]),
    ],
)
def test_patterns_are_chosen_by_the_letter_they_open_with(letter: str, patterns: list[str]) -> None:
    table = [
        "(?:la )?suite",
        "(?:voir|lire) plus",
        "sms?",
        "(?:(?:cet )?article )réservé",
        r"\(?ce texte",
        r"\d+ vues",
    ]
    assert opening_with(table, letter) == patterns


@pytest.mark.parametrize("line", ARTICLE)
def test_words_of_an_article_are_not_furniture(line: str) -> None:
    assert not is_furniture(line)
    assert not is_notice(line)
    assert not opens_related(line)


@pytest.mark.parametrize(
    "line",
    [
        "À découvrir également",
        "À lire aussi :",
        "Sur le même sujet",
        "Articles similaires",
        "Les plus lus",
        "DERNIÈRES MISES À JOUR",
        "Vous aimerez aussi",
    ],
)
def test_headings_of_other_articles_are_recognised(line: str) -> None:
    assert opens_related(line)


@pytest.mark.parametrize(
    ("line", "head", "foot"),
    [
        ("pop/lpt/ml", False, True),
        ("bur-abc/def", False, True),
        ("ab/CD/ef", False, True),
        ("Paris (AFP) - ls-tq/mpm/dch", False, True),
        ("km/h", False, False),
        ("vl", False, False),
        ("Reportage", True, False),
        ("Entretien", True, False),
        ("Partager", True, True),
        ("Écouter", True, True),
        ("exemple.com", True, False),
        ("1 of 1 DOCUMENT", True, False),
        ("Document 1 de 25", True, False),
        ("1 204 mots", True, False),
        ("⏱ 3 min", True, False),
        ("LOAD-DATE: November 27, 2019", True, True),
        ("Load-bearing : un mot", False, False),
        ("FRS0123 4 I 0345 MLI /AFP-XZ12", True, False),
        ("Classé sous : Énergie", False, True),
        ("et", False, False),
        ("Accueil > Politique > Santé", True, False),
        ("International", True, False),
        ("Salaire moyen de référence > 2 Smic", False, False),
        ("» C'est comme ça qu'on a su la chose.", False, False),
        ("Commentaires (12)", False, True),
        ("#Cinéma #Rennes", False, True),
        ("Rapport de Simon Lewis ; Montage par Michael Perry et Mark Heinrich", False, True),
        ("(Reportage de Jeanne Martin, édité par Paul Roy)", False, True),
        ("Rapport de force", False, False),
    ],
)
def test_labels_that_depend_on_their_place(line: str, head: bool, foot: bool) -> None:
    assert is_edge_furniture(line, "head") is head
    assert is_edge_furniture(line, "foot") is foot


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Par Jeanne Martin | Publié le 28/02/2023 | Lecture 3 min", True),
        ("Publié le 28 février 2023 à 10h12, mis à jour le 01/03/2023", True),
        ("Par Euronews avec AFP", True),
        ("Publié le 28/02/2023 par Jeanne Martin", True),
        ("Rédigé par Jeanne Martin le 28 février 2023", True),
        ("Le Monde, mardi 28 février 2023, p. 7", True),
        ("Nantes, mardi 28 février 2023, p. 7", True),
        ("Publié le 28/02/2023 par Gallimard", False),
        ("Nantes, mardi 28 février 2023", False),
        ("Par ici la sortie - 28 février 2023", False),
        ("28 février 2023", False),
    ],
)
def test_credits_are_recognised(line: str, expected: bool) -> None:
    assert is_credit(line, "head") is expected


def test_a_book_and_its_page_in_the_foot_are_no_credit() -> None:
    assert not is_credit("Histoire de la Loire, 12 mars 2020, p. 7", "foot")


@pytest.mark.parametrize(
    "piece",
    [
        "A-",
        "1 mars 2023 ",
        "Par A ",
        "Jean Dupont, ",
        "Accueil > ",
        "ab/",
        "a mots clés ",
        "Partager cet article",
        "« ",
        "AFP avec ",
        "publié le ",
        ". ",
        "\xa0 ",
    ],
)
def test_no_line_takes_long(piece: str) -> None:
    """Lines made to confuse a backtracking pattern: a date list once took minutes."""
    divide("1 mars 2023")  # the tables are read once
    for length in (160, 250, 600, 100_000):
        line = (piece * length)[: length - 1] + "!"
        started = time.process_time()
        divide(f"{line}\n(A\n{line}")
        assert time.process_time() - started < 1.0  # a thousand times what it takes; the defect took for ever
