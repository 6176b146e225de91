"""Dispatches as agencies send them: key words above, initials below."""

from __future__ import annotations

import pytest

from index.articles.composing import Declared, compose

TITLE = "Mali : trois casques bleus tués dans une explosion"
STORY = (
    "BAMAKO, 10 mai 2020 (AFP) - Trois casques bleus ont été tués dimanche, a annoncé la mission de l’ONU."
)
SECOND = "Les soldats circulaient sur une route du nord du pays, selon un communiqué de la mission."


@pytest.mark.parametrize(
    "above",
    [
        [TITLE, "Mali-conflit-ONU"],
        ["Mali-conflit-ONU", TITLE],
        ["Mali-conflit", TITLE],
        ["URGENT", "Mali-conflit-ONU-défense LEAD", TITLE],
        ["FRS0123 4 I 0345 MLI /AFP-XZ12", "Mali-conflit-ONU", TITLE],
        ["Côte-d’Ivoire-élections", TITLE],
    ],
)
def test_key_words_hid_the_dateline_or_became_the_title(above: list[str]) -> None:
    article = compose("a", "\n\n".join([*above, STORY, SECOND, "bur-ab/CD/ef"]), Declared())
    assert (article.title, article.agency, article.date) == (TITLE, "AFP", "2020-05-10")
    assert (article.lead, article.text) == (STORY, SECOND)


@pytest.mark.parametrize(
    ("lines", "title", "text"),
    [
        (["Saint-Étienne", STORY, SECOND], "Saint-Étienne", [STORY, SECOND]),
        (["Mali-conflit-ONU", SECOND], "Mali-conflit-ONU", [SECOND]),
        ([TITLE, "Porte-à-porte", SECOND, SECOND[:-1] + " de paix."], TITLE, None),
    ],
)
def test_such_a_line_without_a_dispatch_is_none_of_key_words(
    lines: list[str], title: str, text: list[str] | None
) -> None:
    article = compose("a", "\n".join(lines), Declared())
    assert article.title == title
    assert article.boilerplate == ""
    if text:
        assert "\n".join(filter(None, (article.lead, article.text))) == "\n".join(text)


@pytest.mark.parametrize(
    ("first", "last", "signs"),
    [
        (STORY, "vl", True),
        (STORY, "mad", True),
        (SECOND, "vl", False),
        (STORY, "Fin", False),
        (STORY, "à", False),
    ],
)
def test_initials_at_the_end_of_a_dispatch_stayed_in_it(first: str, last: str, signs: bool) -> None:
    article = compose("a", "\n".join([TITLE, first, SECOND + " Encore.", last]), Declared())
    assert (last in article.boilerplate.split("\n")) is signs
    assert (last in article.text.split("\n")) is not signs
