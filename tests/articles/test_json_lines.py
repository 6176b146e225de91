""".jsonl and .ndjson, plain and compressed."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from index.articles import Article, Read, Reject, SourceFile, read_source
from index.articles.source_file import MAX_ARTICLE_BYTES

Reading = Callable[[], list[Article | Reject]]

GOOD = {"id": "a1", "title": "Un titre", "text": "Le président a été réélu."}


def line(**changes: object) -> str:
    return json.dumps({**GOOD, **changes}, ensure_ascii=False) + "\n"


def reasons(found: list[Article | Reject]) -> list[tuple[str, str]]:
    return [(item.place, item.reason) for item in found if isinstance(item, Reject)]


def ids(found: list[Article | Reject]) -> list[str]:
    return [item.article_id for item in found if isinstance(item, Article)]


SIGNED = [  # the author declared, the author, the agency
    ("Jeanne Martin", "Jeanne Martin", None),
    ("Par Jeanne Martin", "Jeanne Martin", None),
    ("Jeanne Martin avec AFP", "Jeanne Martin", "AFP"),
    ("Par Jeanne Martin, Publié le", "Jeanne Martin", None),
    ("<a href='/jm'>Jeanne Martin</a>", "Jeanne Martin", None),
    ("AFP", None, "AFP"),
    ("La rédaction", "La rédaction", None),
]


@pytest.mark.parametrize(("declared", "author", "agency"), SIGNED)
def test_an_author_is_read_as_a_byline_is(
    declared: str, author: str, agency: str | None, tmp_path: Path, read: Reading
) -> None:
    (tmp_path / "a.jsonl").write_text(line(author=declared), encoding="utf-8")
    (article,) = read()
    assert isinstance(article, Article)
    assert (article.author, article.agency) == (author, agency)


def test_all_keys_are_read(tmp_path: Path, read: Reading) -> None:
    record = line(
        date="28/02/2023",
        source="Le Site",
        author=["Jeanne Martin", "Paul Roy"],
        url="https://exemple.fr/",
        lead="Le chapô.",
        agency="AFP",
        inconnu={"a": 1},
    )
    (tmp_path / "a.jsonl").write_text(record, encoding="utf-8")
    assert read() == [
        Article(
            "a1",
            "Un titre",
            "Le président a été réélu.",
            lead="Le chapô.",
            source="Le Site",
            agency="AFP",
            author="Jeanne Martin, Paul Roy",
            date="2023-02-28",
            date_confidence="declared",
            date_evidence="28/02/2023",
            url="https://exemple.fr/",
        )
    ]


@pytest.mark.parametrize(
    ("name", "encode"),
    [
        ("a.jsonl", str.encode),
        ("a.ndjson", str.encode),
        ("A.JSONL", str.encode),
        ("a.jsonl.gz", lambda text: gzip.compress(text.encode())),
        ("a.ndjson.gz", lambda text: gzip.compress(text.encode()[:20]) + gzip.compress(text.encode()[20:])),
        ("a.jsonl", lambda text: text.encode("utf-16")),
        ("a.jsonl", lambda text: text.encode("utf-8-sig")),
        ("a.jsonl", lambda text: text.encode("cp1252")),
        ("a.jsonl", lambda text: text.replace("\n", "\r\n").encode()),
        ("a.jsonl", lambda text: text.rstrip("\n").encode()),
    ],
)
def test_all_ways_to_store_lines(name: str, encode: object, tmp_path: Path, read: Reading) -> None:
    text = line() + "\n" + line(id="a2", text="L’été est là.")
    (tmp_path / name).write_bytes(encode(text))  # type: ignore[operator]
    first, second = read()
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.article_id, first.text) == ("a1", "Le président a été réélu.")
    assert (second.article_id, second.text) == ("a2", "L’été est là.")


@pytest.mark.parametrize(
    ("changes", "article_id"),
    [({"id": 7}, "7"), ({"id": None}, "a.jsonl#1"), ({"id": " "}, "a.jsonl#1"), ({"id": "a\nb"}, "a b")],
)
def test_ids(changes: dict[str, object], article_id: str, tmp_path: Path, read: Reading) -> None:
    (tmp_path / "a.jsonl").write_text(line(**changes), encoding="utf-8")
    assert ids(read()) == [article_id]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ('{"id": "b", "text": \n', 'n’est pas du JSON : « {"id": "b", "text": »'),
        ('["a"]\n', "n’est pas un objet JSON"),
        ("3\n", "n’est pas un objet JSON"),
        ("[" * 100_000 + "\n", "n’est pas du JSON"),
        ('{"id": ' + "9" * 5000 + "}\n", "n’est pas du JSON"),
        (line(text=""), "clé « text » vide"),
        (line(text=None), "clé « text » vide"),
        (line(text=7), "clé « text » : « 7 » au lieu d’un texte"),
        (line(text={"fr": "Un"}), 'clé « text » : « {"fr": "Un"} » au lieu d’un texte'),
        ('{"text": "a\\u0000b", "id": "\x00"}\n', "contient des octets nuls"),
    ],
)
def test_a_line_that_is_no_article_costs_itself_only(
    broken: str, reason: str, tmp_path: Path, read: Reading
) -> None:
    (tmp_path / "a.jsonl").write_text(line() + broken + line(id="a3"), encoding="utf-8")
    found = read()
    assert ids(found) == ["a1", "a3"]
    ((place, said),) = reasons(found)
    assert place == "a.jsonl#2"
    assert said.startswith(reason)
    assert "\n" not in said


def test_a_title_may_be_missing(tmp_path: Path, read: Reading) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "Il est élu. Il est content."}), encoding="utf-8")
    (article,) = read()
    assert isinstance(article, Article)
    assert (article.title, article.text) == ("Il est élu", "Il est élu. Il est content.")


@pytest.mark.parametrize("title", [None, "Une mandarine", "Une mandarine ]]> <b>mûre</b>."])
@pytest.mark.parametrize("text", ["Une mandarine ]]> <b>mûre</b>.", "Société", "AFP"])
def test_a_line_of_text_is_never_mistaken_for_the_page_around_it(
    title: str | None, text: str, tmp_path: Path, read: Reading
) -> None:
    (tmp_path / "a.jsonl").write_text(line(title=title, text=text), encoding="utf-8")
    (article,) = read()
    assert isinstance(article, Article)
    assert (article.text, article.boilerplate) == (text, "")
    assert article.title


def test_lone_surrogates_and_control_characters_are_replaced(tmp_path: Path, read: Reading) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"id": "\\ud800", "title": "\\udc00", "text": "a\\u0007b \\ud83d\\ude00"}'
    )
    (article,) = read()
    assert isinstance(article, Article)
    assert (article.article_id, article.title, article.text) == ("\ufffd", "\ufffd", "a b \U0001f600")


def test_an_article_is_given_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(line() + "\n" + "broken\n" + line(id="a4"), encoding="utf-8")
    found = read_source(SourceFile(path, "archives/a.jsonl", path.stat().st_size), lambda read_bytes: None)
    assert [item.place for item in found] == [
        "archives/a.jsonl#1",
        "archives/a.jsonl#3",
        "archives/a.jsonl#4",
    ]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ('"7"', "7"),
        ("-7", "-7"),
        ("9223372036854775807", "9223372036854775807"),
        ("18446744073709551615", "18446744073709551615"),
        ("18446744073709551616", "18446744073709551616"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("-9223372036854775809", "-9223372036854775809"),
        ("1.50", "1.5"),
        ("1e400", "inf"),
        ("NaN", "nan"),
        ('"\\ud800"', "\ufffd"),
        ('"\\ud83d\\ude00"', "\U0001f600"),
    ],
)
def test_an_id_is_what_was_written(written: str, kept: str, tmp_path: Path, read: Reading) -> None:
    """Whichever parser reads the line, no number loses its digits in silence."""
    (tmp_path / "a.jsonl").write_text(f'{{"id": {written}, "title": "Un titre", "text": "Un mot."}}\n')
    assert ids(read()) == [kept]


@pytest.mark.parametrize(
    "sent", ["\ud800".encode("utf-8", "surrogatepass"), b"\xe9", b"\xc3", b"\xf5\x80\x80\x80"]
)
def test_bytes_that_are_not_utf8_are_read_as_another_encoding(
    sent: bytes, tmp_path: Path, read: Reading
) -> None:
    (tmp_path / "a.jsonl").write_bytes(
        b'{"id": "a", "title": "T", "text": "\xe9t\xe9 ' + sent + b' pass\xe9"}'
    )
    (article,) = read()
    assert isinstance(article, Article)
    assert article.text.startswith("été ")


def test_an_empty_file_is_reported(tmp_path: Path, read: Reading) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"")
    assert reasons(read()) == [("a.jsonl", "fichier vide")]


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda data: data[:-20], "archive .gz tronquée"),
        (lambda data: data[:-8] + b"\0" * 8, "archive .gz endommagée"),
        (lambda data: data + b"suite", "archive .gz endommagée"),
    ],
)
def test_a_damaged_archive_keeps_what_was_read_before(
    damage: object, reason: str, tmp_path: Path, read: Reading
) -> None:
    data = gzip.compress("".join(line(id=f"a{i}") for i in range(3000)).encode())
    (tmp_path / "a.jsonl.gz").write_bytes(damage(data))  # type: ignore[operator]
    found = read()
    read_ids = ids(found)
    assert read_ids == [f"a{i}" for i in range(len(read_ids))]
    ((place, said),) = reasons(found)
    assert place == f"a.jsonl.gz#{len(read_ids) + 1}"
    assert said.startswith(reason)
    if data[:100] == (tmp_path / "a.jsonl.gz").read_bytes()[:100]:
        assert len(read_ids) > 2000


def test_a_file_that_is_no_gzip_was_said_to_be_damaged(tmp_path: Path, read: Reading) -> None:
    (tmp_path / "a.jsonl.gz").write_text(line(), encoding="utf-8")
    (reject,) = read()
    assert isinstance(reject, Reject)
    assert (reject.place, reject.unread) == ("a.jsonl.gz", True)
    assert reject.reason.startswith("n’est pas un fichier gzip")


SIDE_KEYS = [  # what a key other than the text holds, what of it is read, and what is said to be passed over
    ({"author": {"@type": "Person", "name": "Jeanne Martin"}}, {"author": "Jeanne Martin"}, ()),
    (
        {"author": [{"name": "Jeanne Martin"}, {"name": "Paul Roy"}]},
        {"author": "Jeanne Martin, Paul Roy"},
        (),
    ),
    ({"author": ["Jeanne Martin", None]}, {"author": "Jeanne Martin"}, ()),
    ({"author": {"id": 3}}, {"author": None}, ("author (objet)",)),
    ({"source": {"id": "rfi", "name": "RFI"}}, {"source": "RFI"}, ()),
    ({"source": {"id": None, "name": None}}, {"source": None}, ()),
    ({"source": ["RFI"]}, {"source": "RFI"}, ()),
    ({"title": 1984}, {"title": "1984"}, ()),
    ({"title": {"rendered": "L&rsquo;été", "protected": False}}, {"title": "L’été"}, ()),
    ({"title": {}}, {"title": "Le président a été réélu"}, ("title (objet)",)),
    ({"url": ["https://exemple.fr/"]}, {"url": "https://exemple.fr/"}, ()),
    ({"url": True, "x": 1}, {"url": None}, ("url (booléen)", "x")),
    ({"lead": ["Un chapô.", "Deux lignes."]}, {"lead": "Un chapô.\nDeux lignes."}, ()),
    ({"date": {"$date": "2023-02-28"}}, {"date": "2023-02-28"}, ()),
    ({"date": {"$date": {"$numberLong": "1677578400000"}}}, {"date": "2023-02-28T10:00:00Z"}, ()),
    ({"date": ["2023-02-28", "2023-03-01"]}, {"date": "2023-02-28"}, ()),
    ({"date": {"jour": 3}}, {"date": None}, ("date (objet)",)),
    ({"id": {"$oid": "63fe"}}, {"article_id": "63fe"}, ()),
    ({"id": True}, {"article_id": "a.jsonl#1"}, ("id (booléen)",)),
    ({"text": ["Un paragraphe.", "Un autre."]}, {"text": "Un paragraphe.\nUn autre."}, ()),
    ({"agency": [[[[["AFP"]]]]]}, {"agency": None}, ("agency (liste)",)),
]


@pytest.mark.parametrize(("changes", "expected", "passed_over"), SIDE_KEYS)
def test_a_side_key_of_another_type_cost_the_whole_article(
    changes: dict[str, object], expected: dict[str, object], passed_over: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(line(**changes), encoding="utf-8")
    (found,) = read_source(SourceFile(path, "a.jsonl", path.stat().st_size), lambda read_bytes: None)
    assert isinstance(found, Read)
    zones = {**found.article._asdict()}
    if "lead" not in expected:
        zones["text"] = "\n".join(filter(None, (found.article.lead, found.article.text)))
    assert {key: zones[key] for key in expected} == expected
    assert found.passed_over == passed_over


@pytest.mark.parametrize(
    ("record", "reason", "passed_over"),
    [
        (
            {"titre": "Un titre", "contenu": "Un mot."},
            "clé « text » absente ; clés trouvées : titre, contenu ; attendu : text",
            ("contenu", "titre"),
        ),
        ({}, "clé « text » absente ; clés trouvées : aucune ; attendu : text", ()),
        (
            {f"k{i}": "" for i in range(9)},
            "clé « text » absente ; clés trouvées : k0, k1, k2, k3, k4, k5, k6, k7… ; attendu : text",
            tuple(f"k{i}" for i in range(9)),
        ),
        (
            {"a\nb": 1, "c" * 50: 2},
            f"clé « text » absente ; clés trouvées : a b, {'c' * 40}… ; attendu : text",
            ("a\nb", "c" * 50),
        ),
        ({"text": " ", "titre": "Un titre"}, "clé « text » vide", ("titre",)),
    ],
)
def test_a_line_without_text_did_not_say_which_keys_it_has(
    record: dict[str, object], reason: str, passed_over: tuple[str, ...], tmp_path: Path, read: Reading
) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(record), encoding="utf-8")
    (reject,) = read()
    assert isinstance(reject, Reject)
    assert (reject.reason, reject.passed_over) == (reason, passed_over)


RECORDS = [json.loads(line(id=f"a{i}")) for i in range(50)]
ARRAYS = [
    json.dumps(RECORDS, indent=1),
    json.dumps(RECORDS, indent=4).replace("[\n", "[", 1).replace("    {\n", "{\n", 1),
    "\ufeff" + json.dumps(RECORDS, indent=1),
    "[\r\n" + ",\r\n".join(map(json.dumps, RECORDS)) + "\r\n]",
    "[" + ",\n".join(map(json.dumps, RECORDS)) + "]",
    json.dumps(RECORDS),
]


@pytest.mark.parametrize("written", ARRAYS)
def test_an_array_gave_a_reject_for_each_of_its_lines(written: str, tmp_path: Path, read: Reading) -> None:
    (tmp_path / "a.jsonl").write_text(written, encoding="utf-8")
    (reject,) = read()
    assert isinstance(reject, Reject)
    assert reject.place.partition("#")[0] == "a.jsonl"
    assert reject.reason.startswith("est un tableau JSON ; attendu : un objet par ligne (jq -c '.[]' ")


@pytest.mark.parametrize("first", ["[1, 2]", '["a"', "[[", "rien", '[{"a": 1}]'])
def test_a_first_line_that_is_no_array_of_articles_costs_itself_only(
    first: str, tmp_path: Path, read: Reading
) -> None:
    (tmp_path / "a.jsonl").write_text(f"{first}\n{line(id='a2')}", encoding="utf-8")
    found = read()
    assert ids(found) == ["a2"]
    assert [place for place, _ in reasons(found)] == ["a.jsonl#1"]


def test_the_limit_of_a_line_is_exact(tmp_path: Path, read: Reading) -> None:
    empty = len(line(text="").rstrip("\n"))
    for size, end in [(0, ""), (0, "\n"), (0, "\r\n"), (1, ""), (1, "\n"), (1, "\r\n")]:
        text = "a" * (MAX_ARTICLE_BYTES - empty + size)
        (tmp_path / "a.jsonl").write_bytes((line(text=text).rstrip("\n") + end).encode())
        (found,) = read()
        assert isinstance(found, Reject) == bool(size), (size, end)


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """Neither 18 MB of lines nor one line of 60 MB is held; of the line, a little over 10 MiB."""
    many, one = tmp_path / "many.jsonl.gz", tmp_path / "one.jsonl.gz"
    paragraph = "Le président a été réélu hier soir à Paris. " * 20 + "\n"
    paragraphs = line(text=paragraph * 10).encode() * 100
    with gzip.open(many, "wb", compresslevel=1) as file:
        for _ in range(20):
            file.write(paragraphs)
    with gzip.open(one, "wb", compresslevel=1) as file:
        file.write(b'{"text": "')
        for _ in range(60):
            file.write(b"a " * 500_000)
        file.write(b'"}\n' + line().encode())

    def peak(path: Path) -> tuple[int, int, int]:
        source = SourceFile(path, path.name, path.stat().st_size)
        articles = rejects = 0
        tracemalloc.start()
        for item in read_source(source, lambda read_bytes: None):
            articles += isinstance(item, Read)
            rejects += isinstance(item, Reject)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return articles, rejects, used

    peak(many)  # loads whatever is loaded once
    articles, rejects, used = peak(many)
    assert (articles, rejects) == (2000, 0)
    assert used < 4 << 20
    articles, rejects, used = peak(one)
    assert (articles, rejects) == (1, 1)
    assert used < 3 * MAX_ARTICLE_BYTES
