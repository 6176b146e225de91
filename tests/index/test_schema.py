"""Is a document what its article says, and is the index one that stock Whoosh can read?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from whoosh import columns
from whoosh import fields as whoosh_fields
from whoosh.index import open_dir
from whoosh.qparser import MultifieldParser, QueryParser

from index import schema as schemas
from index import store
from index.analysis import analyze
from index.articles.article import Article
from index.batches import Batch, write_batch
from index.building import rebuild
from index.codec.segment import Segment
from index.french.folding import fold
from index.inversion import Lexicon
from index.schema import (
    ARTICLE_ZONES,
    NAME_FIELDS,
    ZONES,
    content_hash,
    fold_prefix,
    form_term,
    forms_field,
    schema,
    schema_fingerprint,
    split_form_term,
    stored_article,
    stored_form,
    text_bytes,
)

ARTICLE = Article(
    article_id="monde/réélu",
    title="Le maire réélu à Saint-Étienne",
    lead="Le maire a été réélu dimanche.",
    text="Il l’emporte avec 54,3 % des voix.\nSes élus porte-parole s’en félicitent.",
    boilerplate="Partager cet article",
    source="Le Progrès",
    agency="AFP",
    author="Zoé Nuñez",
    date="2023-02-28T10:12",
    date_confidence="declared",
    date_evidence="2023-02-28T10:12",
    url="https://exemple.fr/réélu",
)


# Terms of a forms field


@pytest.mark.parametrize("form", ["réélu", "a", "aujourd'hui", "7500", "3,5", "œuvre", "москва"])
def test_a_form_term_is_read_back(form: str) -> None:
    assert split_form_term(form_term(fold(form), form)) == (fold(form), form)


def test_forms_that_differ_by_accents_stand_together() -> None:
    words = ["cote", "coteau", "coté", "côte", "côté", "cotes", "cot", "cote d"]
    terms = sorted(form_term(fold(word), word).encode() for word in words)
    assert [split_form_term(term.decode())[1] for term in terms] == [
        "cot",
        "cote",
        "coté",
        "côte",
        "côté",
        "coteau",
        "cote d",
        "cotes",
    ]


def test_the_prefix_of_a_fold_is_that_of_no_other() -> None:
    folds = ["cote", "coteau", "cot", "cote,5", "cote5"]
    terms = [form_term(folded, "é") for folded in folds]
    for folded in folds:
        assert [t for t in terms if t.startswith(fold_prefix(folded))] == [form_term(folded, "é")]


# Documents


def segment_of(folder: Path, *articles: Article, origin: bytes = b"/articles") -> Segment:
    batch = Batch(list(map(stored_form, articles)), [origin] * len(articles))
    write_batch(folder, "lot", batch, b"", Lexicon())
    return Segment(folder / "MAIN_lot.depeche")


def name_in(segment: Segment, column: str, document: int = 0) -> bytes:
    found = segment.names(column)
    return found.names[int(found.codes[document])]


def test_a_document_has_the_columns_of_its_article(tmp_path: Path) -> None:
    segment = segment_of(tmp_path, ARTICLE)
    assert name_in(segment, "origin") == b"/articles"
    assert segment.column("date").tolist() == [202302281012]
    assert name_in(segment, "source") == "Le Progrès".encode()
    assert name_in(segment, "author") == "Zoé Nuñez".encode()
    assert name_in(segment, "agency") == b"AFP"
    assert segment.column("content")[0].tobytes() == content_hash(stored_form(ARTICLE))
    assert len(content_hash(b"")) == 16
    assert segment.column("text_bytes").tolist() == [text_bytes(ARTICLE)]
    identifiers = segment.field("article_id")
    assert identifiers
    assert [*identifiers.terms] == ["monde/réélu".encode()]


def test_text_bytes_are_those_of_the_zones_in_utf8() -> None:
    article = Article("a", title="été", text="œ\n’", lead="", boilerplate="€")
    assert text_bytes(article) == 5 + 6 + 0 + 3


def test_every_zone_and_name_is_analysed(tmp_path: Path) -> None:
    segment = segment_of(tmp_path, ARTICLE)
    for name in (*ZONES, *NAME_FIELDS):
        tokens = list(analyze(getattr(ARTICLE, name)))
        forms = segment.field(forms_field(name))
        assert tokens
        assert forms
        found = [
            (term.decode(), position)
            for number, term in enumerate(forms.terms)
            for position in forms.positions(number)[1].tolist()
        ]
        assert found == sorted((form_term(token.fold, token.form), token.position) for token in tokens)
        stems = segment.field(name)
        assert (stems is not None) == (name in ZONES)
        if stems:
            counted = {
                term.decode(): int(stems.postings(number).tf[0]) for number, term in enumerate(stems.terms)
            }
            assert counted == Counter(token.stem for token in tokens if token.stem)


def test_every_document_has_every_column_and_no_field_of_what_it_lacks(tmp_path: Path) -> None:
    segment = segment_of(tmp_path, Article("a", title="Titre", text=""))
    assert set(segment.column_names) == {name for name, field in schema().items() if field.column_type}
    assert segment.field_names == ("article_id", "title", "title_forms")
    assert (name_in(segment, "source"), name_in(segment, "author"), segment.column("date")[0]) == (
        b"",
        b"",
        0,
    )


def test_the_folder_of_an_article_may_have_a_name_that_is_no_text(tmp_path: Path) -> None:
    origin = "archives/été".encode("latin-1")
    assert name_in(segment_of(tmp_path, ARTICLE, origin=origin), "origin") == origin


@pytest.mark.parametrize("article", [ARTICLE, Article("a", title="", text="x")], ids=["full", "bare"])
def test_the_stored_article_is_the_article(tmp_path: Path, article: Article) -> None:
    stored = segment_of(tmp_path, article).articles[0]
    assert stored == stored_form(article)
    assert stored_article(stored) == article
    required = {"article_id", "title", "text"}
    assert json.loads(stored) == {
        name: value for name, value in article._asdict().items() if value or name in required
    }


@pytest.mark.parametrize("name", Article._fields)
def test_a_change_of_any_part_of_an_article_changes_its_hash(name: str) -> None:
    changed: dict[str, Any] = {name: "autre"}
    before = content_hash(stored_form(ARTICLE))
    assert content_hash(stored_form(ARTICLE._replace(**changed))) != before
    assert content_hash(stored_form(ARTICLE._replace())) == before


def test_text_that_moves_to_another_zone_changes_the_hash() -> None:
    one, other = Article("a", title="b", text=""), Article("a", title="", text="b")
    assert content_hash(stored_form(one)) != content_hash(stored_form(other))


# What is indexed


def postings(field: str, text: str) -> dict[str, tuple[int, float, bytes]]:
    indexed = schema()[field].index(text)
    return {term.decode(): (frequency, weight, value) for term, frequency, weight, value in indexed}


def test_stems_are_counted_and_stop_words_are_not_there() -> None:
    found = postings("text", "Le maire, les maires et le MAIRE de la ville")
    counted = {term: (frequency, weight) for term, (frequency, weight, _) in found.items()}
    (maire,) = {token.stem for token in analyze("maire")}
    (ville,) = {token.stem for token in analyze("ville")}
    assert counted == {maire: (3, 3.0), ville: (1, 1.0)}


def test_forms_have_their_positions_and_stop_words_too() -> None:
    found = postings("text_forms", "Le porte-parole et le porte-parole du maire")
    decode = schema()["text_forms"].format.decode_positions
    assert {split_form_term(term): list(decode(value)) for term, (_, _, value) in found.items()} == {
        ("le", "le"): [0, 4],
        ("porte", "porte"): [1, 5],
        ("parole", "parole"): [2, 6],
        ("porteparole", "porteparole"): [1, 5],
        ("et", "et"): [3],
        ("du", "du"): [7],
        ("maire", "maire"): [8],
    }


# Fingerprint


def test_the_fingerprint_is_the_same_in_every_process() -> None:
    command = [sys.executable, "-c", "from index.schema import schema_fingerprint as f; print(f(), end='')"]
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        printed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
        assert printed == schema_fingerprint()


def with_field(name: str, field: whoosh_fields.FieldType) -> whoosh_fields.Schema:
    changed = schema()
    if name in changed:
        changed.remove(name)
    changed.add(name, field)
    return changed


CHANGED_SCHEMAS = {
    "a field more": lambda: with_field("section", whoosh_fields.COLUMN(columns.RefBytesColumn())),
    "another kind of field": lambda: with_field("text_forms", schemas.StemsField()),
    "another kind of column": lambda: with_field("author", whoosh_fields.COLUMN(columns.VarBytesColumn())),
    "a wider column": lambda: with_field("content", whoosh_fields.COLUMN(columns.FixedBytesColumn(32))),
    "another default": lambda: with_field(
        "date", whoosh_fields.COLUMN(columns.NumericColumn("q", default=-1))
    ),
}


@pytest.mark.parametrize("changed", CHANGED_SCHEMAS.values(), ids=CHANGED_SCHEMAS)
def test_a_change_of_the_schema_changes_the_fingerprint(
    monkeypatch: pytest.MonkeyPatch, changed: Any
) -> None:
    before = schema_fingerprint()
    other = changed()
    monkeypatch.setattr(schemas, "schema", lambda: other)
    assert schema_fingerprint() != before


def test_a_change_of_version_changes_the_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = schema_fingerprint()
    monkeypatch.setattr(schemas, "SCHEMA_VERSION", schemas.SCHEMA_VERSION + 1)
    assert schema_fingerprint() != before


def test_a_change_of_what_is_stored_changes_the_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = schema_fingerprint()
    monkeypatch.setattr(schemas, "_ARTICLE_FIELDS", schemas._ARTICLE_FIELDS[:-1])
    assert schema_fingerprint() != before


# Stock Whoosh


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A stock searcher on an index, opened the way any Whoosh index is."""
    root = tmp_path_factory.mktemp("stock")
    (root / "articles").mkdir()
    for name, text in {
        "reelus": "Les maires réélus\n\nLes maires sortants ont été réélus dans sept villes dimanche soir.\n",
        "marche": "Le marché de Noël\n\nLe marché a ouvert ; la mairie s’en félicite, le marché vit.\n",
        "greve": "La grève continue\n\nLes cheminots poursuivent la grève dans les gares de la région.\n",
    }.items():
        (root / "articles" / f"{name}.txt").write_text(text, encoding="utf-8")
    rebuild(root / "index", [root / "articles"])
    opened = open_dir(str(store.open_generation(root / "index").path))
    searcher = opened.searcher()
    yield searcher
    searcher.close()
    opened.close()


def ids(searcher: Any, query: Any) -> list[str]:
    return [stored_article(hit["article"]).article_id for hit in searcher.search(query)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("réélu", {"reelus"}),
        ("RÉÉLUS", {"reelus"}),
        ("marchés", {"marche"}),
        ("grève cheminot", {"greve"}),
        ("grève OR marché", {"greve", "marche"}),
        ("ville NOT grève", {"reelus"}),
        ("l’aviation", set()),
    ],
)
def test_stock_query_parser_and_searcher_find_articles(stock: Any, text: str, expected: set[str]) -> None:
    parser = MultifieldParser(list(ARTICLE_ZONES), stock.schema)
    assert set(ids(stock, parser.parse(text))) == expected


def test_stock_scoring_knows_frequencies_and_lengths(stock: Any) -> None:
    query = QueryParser("lead", stock.schema).parse("marché")
    if not ids(stock, query):
        query = QueryParser("text", stock.schema).parse("marché")
    field, stem = next(iter(query.iter_all_terms()))
    matcher = stock.reader().postings(field, stem)
    assert matcher.weight() == 2.0
    assert matcher.value_as("frequency") == 2
    assert stock.reader().doc_field_length(matcher.id(), field) > 2
    assert stock.search(query).score(0) > 0


def test_stock_reader_finds_an_article_by_its_identifier(stock: Any) -> None:
    assert stored_article(stock.document(article_id="reelus")["article"]).title == "Les maires réélus"


def test_stock_prefix_and_positions_work_on_forms(stock: Any) -> None:
    reader = stock.reader()
    terms = {
        split_form_term(term.decode())[1]
        for zone in ARTICLE_ZONES
        for term in reader.expand_prefix(forms_field(zone), fold_prefix("reelus"))
    }
    assert terms == {"réélus"}
    matcher = reader.postings("title_forms", form_term("reelus", "réélus"))
    assert matcher.value_as("positions") == [2]
