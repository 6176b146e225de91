"""Lines of articles that look like credits, dates, key words, signatures or furniture, and are none."""

from __future__ import annotations

import pytest

from index.articles.composing import Declared, compose

FIRST = "Le président a annoncé mardi une série de mesures destinées à renforcer l'hôpital public."
SECOND = "Les syndicats ont répondu qu'ils attendaient des moyens avant de se prononcer sur la réforme."

ANYWHERE = """
Par Toutatis, s'est écrié le maire en découvrant les dégâts.
par Jean Valjean, condamné pour un pain, commence le roman.
par le maire de Lyon et ses adjoints
par temps de pluie
Par Jeanne d'Arc, la ville fut délivrée le 8 mai 1429.
Rédigé par ses soins, le rapport fait 300 pages.
Rédigé par une commission
Publié par Gallimard en 1957, le roman a été traduit en vingt langues.
Écrit par un inconnu, joué par tous
Propos recueillis par téléphone
Publié le 14 mars, le décret s'applique aussitôt.
Publié le 12 mars 2021 par Gallimard, le roman est un succès.
Mis à jour à 11h20, le bilan s'élève à douze morts.
Modifié à plusieurs reprises depuis 2012, le texte sera voté.
Article publié, scandale assuré.
Le 8 septembre 2021, p. 7 du dossier, le juge note un doute.
Le 12/10/21 restera dans les mémoires.
La loi du 29 juillet 1881 reste en vigueur
By Night, le club de la rue, ferme ses portes.
Signé Jean Dupont, le contrat court jusqu'en 2030.
De notre correspondance, il ne reste que trois lettres.
De notre envoyé spécial on n'a plus de nouvelles.
Le Monde du 8 septembre 2021 titrait sur la crise.
Selon lemonde.fr, la mesure coûtera dix millions.
Le site lemonde.fr
OUEST-FRANCE a révélé l'affaire.
LES FAITS
LA LOI DU PLUS FORT
Interview du maire : ce qu'il faut retenir
Reportage à Millau, sur les traces du loup
Portrait de l'artiste en jeune homme
Une enquête de gendarmerie a été ouverte.
Écouter, c'est déjà comprendre
Écouter les enfants
Partager les terres
Partager : un verbe qui se conjugue à plusieurs.
Lire plus tard que prévu la décision du tribunal
Relire : le mot revient dix fois dans la lettre du ministre.
Relire Proust
Sur le même sujet, le ministre est resté évasif.
Sur le même sujet : le ministre est resté évasif.
À lire. À relire. À méditer.
À lire aussi. C'est ce que dit la quatrième de couverture.
Pour aller plus loin, il faudra des moyens.
Pour aller plus loin : le ministre promet dix lits
Suivez toute la rivière jusqu'au moulin.
Suivez l'actualité, disait-il à ses élèves.
La suite est réservée aux jeunes mariés.
La suite royale est réservée aux abonnés de l'opéra.
Nos standards : le jazz revisité par trois pianistes
Nos standards téléphoniques sont saturés.
Votre e-mail a été lu par le juge.
Certificat émis par la mairie, le document fait foi.
Le présent document est un faux.
Document classé secret
Document 12 : la lettre du préfet
Page 3 du rapport, on lit le contraire.
Annuler la réponse du préfet, voilà le but.
Publicité mensongère
Sponsorisé par la région, le club change de nom.
Continue reading, dit l'institutrice.
Vous avez un scoop, vous le gardez.
Écrivez-nous une autre fin, demande l'éditeur.
Adresse de cet article du code : l'article 12.
(Photo de famille)
Photo : le gagnant de 1950 vivait encore, dit-il.
Emportez l'actualité au vestiaire
Section : le mot désigne une part du village.
3 minutes de silence
Des 4x4, 5x5
1 sur 10 échoue
12 sur 20, c'est la moyenne
etc
fin de partie/début de siècle
Mali-Burkina
Saint-Jean-de-Luz
Vice-champion-olympique
(AFP) et (Reuters) sont des sigles.
(AFP) Le sigle date de 1944.
AFP - c'est ainsi qu'on signe.
""".strip().splitlines()


@pytest.mark.parametrize("line", ANYWHERE)
def test_a_line_of_an_article_stays_in_its_text(line: str) -> None:
    between = compose("a", "\n".join(["Un titre du jour", FIRST, SECOND, line, SECOND, FIRST]), Declared())
    assert line in between.text.split("\n")
    below_lead = compose("a", "\n".join(["Un titre du jour", FIRST, line, SECOND]), Declared())
    assert line in below_lead.text.split("\n")
    assert (below_lead.author, below_lead.date, below_lead.agency) == (None, None, None)
    last = compose("a", "\n".join(["Un titre du jour", FIRST, SECOND, line]), Declared())
    assert line in last.text.split("\n")
    assert (last.author, last.date) == (None, None)
    above = compose("a", "\n".join(["Un titre du jour", line, FIRST, SECOND]), Declared())
    assert line in (*above.lead.split("\n"), *above.text.split("\n"))


@pytest.mark.parametrize(
    "first",
    [
        "Madeleine",
        "LA LOI DU PLUS FORT",
        "Saint-Jean-de-Luz",
        "Interview du maire",
        "1984",
        "Portrait d'un inconnu",
        "Loups-agriculture-Aveyron",
        "Faut-il-le-dire ?",
        "#MeToo",
        "Titre de séjour : ce qui change",
        "Le site lemonde.fr",
        "MARIANNE",
        "Document 12",
    ],
)
def test_a_first_line_that_is_the_title_stays_so(first: str) -> None:
    assert compose("a", f"{first}\n{FIRST}\n{SECOND}", Declared()).title == first
