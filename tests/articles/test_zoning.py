"""Lines of a page → title, lead, text, boilerplate."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles.zoning import divide

FIRST = "Le président a annoncé mardi une série de mesures destinées à renforcer l'hôpital public."
SECOND = "Les syndicats ont répondu qu'ils attendaient des moyens avant de se prononcer sur la réforme."
CAPTION = "Le président et la ministre à l'hôpital de Rennes"

# name, lines of the page, given title, then the expected title, lead, text, boilerplate
PAGES: list[tuple[str, list[str], str, str, str, list[str], list[str]]] = [
    ("title, lead, text", ["Un titre", FIRST, SECOND], "", "Un titre", FIRST, [SECOND], []),
    ("one paragraph has no lead", ["Un titre", FIRST], "", "Un titre", "", [FIRST], []),
    (
        "a long first paragraph is no lead",
        ["Un titre", FIRST * 8, SECOND],
        "",
        "Un titre",
        "",
        [FIRST * 8, SECOND],
        [],
    ),
    ("the title twice", ["Un titre", "Un titre", FIRST], "", "Un titre", "", [FIRST], ["Un titre"]),
    ("the title in capitals", ["L'été", "L’ÉTÉ", FIRST], "", "L'été", "", [FIRST], ["L’ÉTÉ"]),
    (
        "the title, then with the site's name",
        ["Un titre", "Un titre | Le Site", FIRST],
        "",
        "Un titre",
        "",
        [FIRST],
        ["Un titre | Le Site"],
    ),
    (
        "the site's name with the title first",
        ["Un titre bien assez long | Le Site", "Un titre bien assez long", FIRST],
        "",
        "Un titre bien assez long",
        "",
        [FIRST],
        ["Un titre bien assez long | Le Site"],
    ),
    (
        "a given title in the lines",
        ["Accueil", "Menu du jour", "Un titre", FIRST, SECOND],
        "Un titre",
        "Un titre",
        FIRST,
        [SECOND],
        ["Accueil", "Menu du jour", "Un titre"],
    ),
    (
        "a given title that is not there",
        ["Un intertitre", FIRST, SECOND],
        "Un titre",
        "Un titre",
        f"Un intertitre\n{FIRST}",
        [SECOND],
        [],
    ),
    (
        "a notice before the title",
        ["Cet article fait partie des archives du Site.", "Un titre", FIRST],
        "",
        "Un titre",
        "",
        [FIRST],
        ["Cet article fait partie des archives du Site."],
    ),
    (
        "sections and breadcrumbs before the title",
        ["Accueil > Politique", "Société", "Un titre", FIRST],
        "",
        "Un titre",
        "",
        [FIRST],
        ["Accueil > Politique", "Société"],
    ),
    (
        "a question is a title",
        ["Faut-il réformer l'hôpital ?", FIRST],
        "",
        "Faut-il réformer l'hôpital ?",
        "",
        [FIRST],
        [],
    ),
    (
        "a section in the middle is text",
        ["Un titre", FIRST, "Société", SECOND],
        "",
        "Un titre",
        FIRST,
        ["Société", SECOND],
        [],
    ),
    (
        "a dateline is no title",
        [f"PARIS, 3 mars (Reuters) – {FIRST}", SECOND],
        "",
        FIRST[:-1],
        f"PARIS, 3 mars (Reuters) – {FIRST}",
        [SECOND],
        [],
    ),
    (
        "a place in capitals is left out of a title",
        [f"OTTAWA — {FIRST} {SECOND}", SECOND],
        "",
        FIRST[:-1],
        f"OTTAWA — {FIRST} {SECOND}",
        [SECOND],
        [],
    ),
    (
        "a single sentence stays text",
        ["Il pleut à Paris."],
        "",
        "Il pleut à Paris",
        "",
        ["Il pleut à Paris."],
        [],
    ),
    ("a single title", ["Il pleut à Paris"], "", "Il pleut à Paris", "", [], []),
    (
        "a caption and the same with its credit",
        ["Un titre", CAPTION, f"{CAPTION} © AFP", "© AFP", FIRST, SECOND],
        "",
        "Un titre",
        FIRST,
        [SECOND],
        [CAPTION, f"{CAPTION} © AFP", "© AFP"],
    ),
    (
        "a caption with its credit and the same without",
        ["Un titre", FIRST, f"{CAPTION} Tous droits réservés Jeanne Martin/AP", CAPTION, SECOND],
        "",
        "Un titre",
        FIRST,
        [SECOND],
        [f"{CAPTION} Tous droits réservés Jeanne Martin/AP", CAPTION],
    ),
    (
        "captions are text, but no lead",
        ["Un titre", f"{CAPTION} © AFP", FIRST, SECOND],
        "",
        "Un titre",
        FIRST,
        [f"{CAPTION} © AFP", SECOND],
        [],
    ),
    (
        "a sentence that the next line takes up is text",
        ["Un titre", CAPTION, f"{CAPTION} ont visité les urgences", FIRST],
        "",
        "Un titre",
        CAPTION,
        [f"{CAPTION} ont visité les urgences", FIRST],
        [],
    ),
    (
        "a paragraph with a credit at its end is text, whatever line it takes up",
        ["Un titre", CAPTION, f"{CAPTION}. {FIRST} {SECOND} © AFP", SECOND],
        "",
        "Un titre",
        CAPTION,
        [f"{CAPTION}. {FIRST} {SECOND} © AFP", SECOND],
        [],
    ),
    (
        "a caption twice",
        ["Un titre", CAPTION, CAPTION, FIRST, SECOND],
        "",
        "Un titre",
        FIRST,
        [CAPTION, SECOND],
        [CAPTION],
    ),
    (
        "repeated dialogue is text",
        ["Un titre", "– Vous n'y êtes pour rien.", "– Vous n'y êtes pour rien."],
        "",
        "Un titre",
        "– Vous n'y êtes pour rien.",
        ["– Vous n'y êtes pour rien."],
        [],
    ),
    (
        "other articles at the foot",
        ["Un titre", FIRST, "Sur le même sujet", "Une grève à Nantes", "Et demain ?"],
        "",
        "Un titre",
        "",
        [FIRST],
        ["Sur le même sujet", "Une grève à Nantes", "Et demain ?"],
    ),
    (
        "other articles in the middle",
        ["Un titre", FIRST, "À lire aussi", "Une grève à Nantes", SECOND],
        "",
        "Un titre",
        FIRST,
        [SECOND],
        ["À lire aussi", "Une grève à Nantes"],
    ),
    (
        "what others signed is not this article's",
        ["Un titre", FIRST, "À lire aussi", "Un autre", "Par Paul Roy"],
        "",
        "Un titre",
        "",
        [FIRST],
        ["À lire aussi", "Un autre", "Par Paul Roy"],
    ),
    (
        "a heading above everything is only a label",
        ["À lire aussi", "Un titre", FIRST],
        "",
        "Un titre",
        "",
        [FIRST],
        ["À lire aussi"],
    ),
    (
        "agency and signature at the foot",
        ["Un titre", FIRST, SECOND, "AFP", "pop/lpt/ml"],
        "",
        "Un titre",
        FIRST,
        [SECOND],
        ["AFP", "pop/lpt/ml"],
    ),
    (
        "an agency in the middle is text",
        ["Un titre", FIRST, "AFP", SECOND],
        "",
        "Un titre",
        FIRST,
        ["AFP", SECOND],
        [],
    ),
    (
        "a list of days is text",
        ["Mardi 14 juillet 2020", "Samedi 15 août 2020", FIRST],
        "Jours fériés",
        "Jours fériés",
        "",
        ["Mardi 14 juillet 2020", "Samedi 15 août 2020", FIRST],
        [],
    ),
    (
        "nothing but furniture",
        ["Partager cet article", "PUBLICITÉ"],
        "",
        "",
        "",
        [],
        ["Partager cet article", "PUBLICITÉ"],
    ),
    (
        "nothing but furniture under a given title is a text all the same",
        ["PUBLICITÉ", "AFP"],
        "Un titre",
        "Un titre",
        "PUBLICITÉ",
        ["AFP"],
        [],
    ),
    (
        "a text that only repeats its given title",
        ["La mandarine est mûre."],
        "La mandarine est mûre.",
        "La mandarine est mûre.",
        "",
        ["La mandarine est mûre."],
        [],
    ),
    (
        "lines that only their place would make furniture",
        ["Santé", "AFP", "***"],
        "",
        "Santé",
        "Santé",
        ["AFP"],
        ["***"],
    ),
    (
        "markup is no breadcrumb",
        ["Une mandarine ]]> <b>mûre</b>.", FIRST],
        "Un titre",
        "Un titre",
        "Une mandarine ]]> <b>mûre</b>.",
        [FIRST],
        [],
    ),
    (
        "blank lines and spaces",
        ["", "  Un titre ", "\xa0", f"\t{FIRST}", ""],
        "",
        "Un titre",
        "",
        [FIRST],
        [],
    ),
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page[0])
def test_lines_go_to_their_zones(page: tuple[str, list[str], str, str, str, list[str], list[str]]) -> None:
    _, lines, given, title, lead, text, boilerplate = page
    zones = divide("\n".join(lines), given)
    assert zones.title == title
    assert zones.lead == lead
    assert zones.text == "\n".join(text)
    assert zones.boilerplate == "\n".join(boilerplate)


@pytest.mark.parametrize(
    ("lines", "boilerplate"),
    [
        (["Partager", "Facebook", "Twitter", FIRST, SECOND], ["Partager", "Facebook", "Twitter"]),
        ([FIRST, "Partager cet article", "Facebook", "X", SECOND], ["Partager cet article", "Facebook", "X"]),
        ([FIRST, "Facebook", SECOND], []),  # a heading, perhaps
        ([FIRST, "12", "15", "33", SECOND], []),  # a table
        ([FIRST, "Facebook", "12", "YouTube", "9", SECOND], []),
        ([FIRST, "Partager", SECOND], []),
        ([FIRST, "Facebook", "Publicité", SECOND], ["Publicité"]),
        (
            [FIRST, "Nous et nos 1 467 partenaires stockons et/ou accédons à des informations"],
            ["Nous et nos"],
        ),
    ],
)
def test_labels_one_a_line(lines: list[str], boilerplate: list[str]) -> None:
    found = divide("\n".join(lines), "Un titre").boilerplate
    assert [
        line[: len(start)] for line, start in zip(found.split("\n"), boilerplate or [""], strict=True)
    ] == (boilerplate or [""])


def test_a_label_may_be_a_title() -> None:
    assert divide(f"Telegram\nPublicité\n{FIRST}").title == "Telegram"
    assert divide(f"Partager\nFacebook\nUn titre\n{FIRST}").title == "Un titre"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Les asso-\nciations du vil\u00ad\n lage.", "Les asso-ciations du vil\u00adlage."),
        ("Il a dit :\n- un\n- deux", "Il a dit :\n- un\n- deux"),
        ("Le Paris-\nNice", "Le Paris-\nNice"),
        ("La libe\u0301-\nration", "La libe\u0301-ration"),
    ],
)
def test_a_word_goes_on_past_the_end_of_its_line(written: str, read: str) -> None:
    zones = divide(f"{FIRST}\n{written}", "Un titre")
    assert zones.text == read


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_patterns_recognise_both_normal_forms_and_keep_what_was_written(form: str) -> None:
    line = unicodedata.normalize(form, "PUBLICITÉ")  # type: ignore[arg-type]
    assert divide(f"Un titre\n{FIRST}\n{line}\n{SECOND}").boilerplate == line


@pytest.mark.parametrize("space", [" ", "\xa0", "\u202f", "  "])
def test_patterns_recognise_all_spaces(space: str) -> None:
    line = f"À{space}lire aussi{space}: la grève"
    assert divide(f"Un titre\n{FIRST}\n{line}").boilerplate == line


def test_a_title_made_of_a_sentence_is_cut_between_words() -> None:
    title = divide(f"PARIS (AFP) - {'Le ministre parle longuement et ' * 10}puis se tait.\n{SECOND}").title
    assert title.endswith("…")
    assert len(title) <= 120
    assert title.removesuffix("…").split()[-1] in {"Le", "ministre", "parle", "longuement", "et"}


@pytest.mark.parametrize(
    ("opening", "title"),
    [
        ("M. Burns a rencontré M. Nazarbaïev. Il est reparti.", "M. Burns a rencontré M. Nazarbaïev"),
        ("Est-ce fini ? Non.", "Est-ce fini ?"),
        ("Il en faut 7.500 au moins. Pas moins.", "Il en faut 7.500 au moins"),
        ("Longtemps...", "Longtemps..."),
    ],
)
def test_a_title_made_of_a_paragraph_is_its_first_sentence(opening: str, title: str) -> None:
    assert divide(f"(AFP) {opening}" if opening.startswith("(") else f"– {opening}").title == title


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "Un titre",
                FIRST,
                SECOND,
                CAPTION,
                f"{CAPTION} © AFP",
                "AFP",
                "PUBLICITÉ",
                "À lire aussi",
                "Un autre titre",
                "28 février 2023",
                "Par Jeanne Martin",
                "pop/lpt/ml",
                "Partager cet articleDiscussion",
                "***",
                "PARIS, 3 mars (AFP) – Une dépêche.",
                "Société",
                "Close",
                "– Oui.",
                "",
            ]
        ),
        st.text(
            st.characters(codec="utf-8", exclude_characters="\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"),
            max_size=90,
        ),
    ),
    max_size=14,
)


@settings(deadline=None, print_blob=True)  # the first example reads the tables
@given(lines=LINES, title=st.sampled_from(["", "Un titre", "Autre chose"]))
def test_nothing_is_lost_and_nothing_comes_twice(lines: list[str], title: str) -> None:
    zones = divide("\n".join(lines), title)
    written = sorted(stripped for line in "\n".join(lines).split("\n") if (stripped := line.strip()))
    kept = [line for zone in (zones.lead, zones.text, zones.boilerplate) for line in zone.split("\n") if line]
    if len(kept) < len(written):  # the title is one of the lines, spaces evened out, letters composed
        assert not title
        composed = {unicodedata.normalize("NFC", " ".join(line.split())): line for line in written}
        kept.append(composed[zones.title])
    assert sorted(kept) == written
    assert "\n" not in zones.title
    assert zones.title or not zones.paragraphs
