"""Does stock Whoosh read from our segments what it reads from its own?

The same articles are indexed twice, in the same segments and with the same ones deleted: by `index.building`,
and by Whoosh 2.7.4 with the codec it comes with. Whoosh's own reader and searcher must then give the same
answers on both. What Whoosh's searcher gets wrong (`NOT` within `OR`, say) it must get wrong alike.
"""

from __future__ import annotations

import json
import random
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from whoosh import query
from whoosh.filedb.filestore import FileStorage
from whoosh.index import open_dir
from whoosh.query.positional import Sequence as WhooshSequence
from whoosh.reading import TermNotFound

from index import batches, building, store, tiers
from index.articles import SourceFile
from index.articles.article import CHECKSUM_BYTES, Article, Read
from index.articles.formats import Recognise
from index.building import rebuild, update
from index.codec.segment import Segment
from index.codec.whoosh_codec import ArraySegment
from index.dates import sort_key
from index.schema import (
    NAME_FIELDS,
    ZONES,
    content_hash,
    forms_field,
    schema,
    stored_article,
    stored_form,
    text_bytes,
)

QUERIES = 210  # of each layout, with the compiled loops and without
WORDS = (
    "maire",
    "maires",
    "mère",
    "mer",
    "élu",
    "côte",
    "côté",
    "cote",
    "porte-parole",
    "l’État",
    "7 500",
    "le",
)
WORDS += (
    "œuvre",
    "a",
    "à",
    "москва",
    "ελλάδα",
    "漢字",
    "ｗｉｄｅ",
    "𝔘𝔫",
    "𐍈𐌰",
    "𠀀𠀁",
    "𰀀",
    "🙂",
    "\U000e0041",
    "\U0010fffd",
)
PLANES = "".join(chr(plane << 16 | 0x3042) for plane in range(17))
FIELDS = (*ZONES, *map(forms_field, (*ZONES, *NAME_FIELDS)))
FORMS = tuple(map(forms_field, ZONES))


# --- the same articles, twice ---------------------------------------------------------------------------


def random_article(chance: random.Random, article_id: str) -> Article:
    def text(least: int, most: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(least, most)))

    return Article(
        article_id=article_id,
        title=text(0, 4),
        text=text(1, 3) if chance.random() < 0.3 else text(10, 60),
        lead=text(0, 6),
        boilerplate=text(1, 4) if chance.random() < 0.2 else "",
        source=chance.choice((None, "Le Progrès", "Euronews FR", "москва")),
        agency=chance.choice((None, None, "AFP")),
        author=chance.choice((None, "Zoé Nuñez", "Jean Martin")),
        date=chance.choice((None, "2022", "2023-02", "2023-02-28T14:30")),
    )


def enormous_article(chance: random.Random) -> Article:
    """Make one article past 65,535 tokens, with a word that stands in it more than 65,535 times."""
    words = ["maire"] * 66_000 + [f"mot{number}" for number in range(3_000)] + ["élu"] * 300 + ["mer"] * 256
    chance.shuffle(words)
    return Article("enorme", "Le maire élu", " ".join(words), lead="mer " * 255)


class Edition:
    """A folder of articles and the index of it; the articles are read as they are written here."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder = folder / "articles"
        self.folder.mkdir(parents=True)
        self.index_path = folder / "index"
        self.chance = chance
        self.articles: dict[str, Article] = {}

    def add(self, count: int, *others: Article) -> None:
        """Add random articles."""
        for _ in range(count):
            article_id = f"{len(self.articles)}{self.chance.choice(PLANES)}{self.chance.random()}"
            self.articles[article_id] = random_article(self.chance, article_id)
        self.articles.update({article.article_id: article for article in others})

    def disturb(self, share: float) -> None:
        """Change some articles, and remove some."""
        for article_id in list(self.articles):
            if self.chance.random() < share:
                del self.articles[article_id]
            elif self.chance.random() < share:
                self.articles[article_id] = random_article(self.chance, article_id)

    def publish(self, build: Callable[[Path, Sequence[Path]], object]) -> None:
        """Index them."""
        lines = [json.dumps(article._asdict()) for article in self.articles.values()]
        (self.folder / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
        with pytest.MonkeyPatch.context() as monkeypatch:
            monkeypatch.setattr(building, "read_source", read_whole)
            build(self.index_path, [self.folder])


def read_whole(
    source: SourceFile, on_bytes: Callable[[int], None], recognise: Recognise | None
) -> Iterator[Read]:
    """Read articles without finding zones in them: what is indexed is what was made up."""
    on_bytes(source.size_bytes)
    for line in source.path.read_text(encoding="utf-8").split("\n"):
        yield Read(source.name, Article(**json.loads(line)), checksum=bytes(CHECKSUM_BYTES))


def one_segment(edition: Edition) -> None:
    edition.add(60)
    edition.publish(rebuild)


def several_segments(edition: Edition) -> None:
    for build in (rebuild, update, update, update):
        edition.add(18)
        edition.publish(build)


def with_deletions(edition: Edition) -> None:
    edition.add(40)
    edition.publish(rebuild)
    for _ in range(3):
        edition.disturb(0.05)
        edition.add(8)
        edition.publish(update)


def merged_by_updates(edition: Edition) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(tiers, "FANOUT", 3)
        monkeypatch.setattr(tiers, "_SMALLEST", 12)
        edition.add(30)
        edition.publish(rebuild)
        for _ in range(7):
            edition.disturb(0.06)
            edition.add(6)
            edition.publish(update)
        if len(store.read_segments(store.open_generation(edition.index_path))) == 1:
            edition.add(6)  # as chance had it, all were merged by the last update
            edition.publish(update)


def merged_from_batches(edition: Edition) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(batches, "BATCH_BYTES", 4_000)
        edition.add(60)
        edition.publish(rebuild)


def enormous(edition: Edition) -> None:
    edition.add(6, enormous_article(edition.chance))
    edition.publish(rebuild)


LAYOUTS = (one_segment, several_segments, with_deletions, merged_by_updates, merged_from_batches, enormous)


@dataclass(frozen=True)
class Pair:
    """The two indexes, with what reads and searches them."""

    layout: str
    stock: Any
    ours: Any
    segments: tuple[ArraySegment, ...]

    @property
    def readers(self) -> tuple[Any, Any]:
        return self.stock.reader(), self.ours.reader()

    @property
    def has_dropped(self) -> bool:
        """Say whether a merge may have left documents out."""
        return (
            any(segment.segid[-3] == "m" for segment in self.segments)
            and self.layout != "merged_from_batches"
        )

    def leaves(self) -> list[tuple[Any, Any]]:
        stock, ours = ([leaf for leaf, _ in reader.leaf_readers()] for reader in self.readers)
        return list(zip(stock, ours, strict=True))


@pytest.fixture(scope="session", params=LAYOUTS, ids=lambda layout: layout.__name__)
def pair(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> Iterator[Pair]:
    root = tmp_path_factory.mktemp("contract")
    edition = Edition(root, random.Random(f"{seed} {request.param.__name__}"))
    request.param(edition)
    generation = store.open_generation(edition.index_path)
    segments = store.read_segments(generation)
    (root / "stock").mkdir()
    with (
        closing(index_with_stock(root / "stock", generation.path, segments, edition)) as stock,
        closing(open_dir(str(generation.path))) as ours,
        closing(stock.searcher()) as of_stock,
        closing(ours.searcher()) as of_ours,
    ):
        yield Pair(request.param.__name__, of_stock, of_ours, tuple(segments))


def index_with_stock(folder: Path, ours: Path, segments: Sequence[ArraySegment], edition: Edition) -> Any:
    """Index the articles of our segments with Whoosh's own codec, segment by segment, and delete the same."""
    made = FileStorage(str(folder)).create_index(schema())
    live = {}
    for segment in segments:
        stored = Segment(tiers.path_of(ours, segment)).articles
        writer = made.writer()
        for document in range(segment.documents):
            article = stored_article(stored[document])
            if document not in segment.deleted:
                live[article.article_id] = article
            writer.add_document(**as_whoosh_wants(article, str(edition.folder.resolve()).encode()))
        writer.commit(merge=False)
    assert live == edition.articles
    writer = made.writer()
    base = 0
    for segment in segments:
        for document in segment.deleted:
            writer.delete_document(base + document)
        base += segment.documents
    writer.commit(merge=False)
    return made


def as_whoosh_wants(article: Article, origin: bytes) -> dict[str, Any]:
    stored = stored_form(article)
    given: dict[str, Any] = {
        "article_id": article.article_id,
        "article": stored,
        "content": content_hash(stored),
        "origin": origin,
        "date": sort_key(article.date),
        "text_bytes": text_bytes(article),
    }
    for name in (*ZONES, *NAME_FIELDS):
        text = getattr(article, name)
        if name in NAME_FIELDS:
            given[name] = (text or "").encode()
        elif text:
            given[name] = text
        if text:
            given[forms_field(name)] = text
    return given


def test_the_layouts_are_what_their_names_say(pair: Pair) -> None:
    deleted = sum(segment.deleted_count() for segment in pair.segments)
    merged = [segment.segid for segment in pair.segments if segment.segid[-3] == "m"]
    assert len(pair.leaves()) == len(pair.segments)
    match pair.layout:
        case "one_segment" | "enormous":
            assert (len(pair.segments), deleted, merged) == (1, 0, [])
        case "several_segments":
            assert (len(pair.segments), deleted, merged) == (4, 0, [])
        case "with_deletions":
            assert len(pair.segments) == 4
            assert deleted
        case "merged_by_updates":
            assert len(pair.segments) > 1
            assert merged
        case "merged_from_batches":
            assert (len(pair.segments), len(merged)) == (1, 1)
    if pair.layout == "enormous":
        assert max(pair.ours.reader().max_field_length(name) for name in FIELDS) > 65_535
        assert pair.ours.reader().term_info("text", "mair").max_weight() > 65_535


# --- what a reader says ---------------------------------------------------------------------------------


def test_counts_of_documents(pair: Pair) -> None:
    for stock, ours in (pair.readers, *pair.leaves()):
        assert ours.doc_count() == stock.doc_count()
        assert ours.doc_count_all() == stock.doc_count_all()
        assert ours.has_deletions() == stock.has_deletions()
        assert list(ours.all_doc_ids()) == list(stock.all_doc_ids())
        assert [ours.is_deleted(n) for n in range(stock.doc_count_all())] == [
            stock.is_deleted(n) for n in range(stock.doc_count_all())
        ]


def test_terms_in_order(pair: Pair) -> None:
    for stock, ours in (pair.readers, *pair.leaves()):
        assert sorted(ours.indexed_field_names()) == sorted(stock.indexed_field_names())
        every = list(stock.all_terms())
        assert list(ours.all_terms()) == every
        for field in (*FIELDS, "article_id"):
            terms = list(stock.lexicon(field))
            assert list(ours.lexicon(field)) == terms
            for term in (b"", b"m", "é".encode(), b"\xf0", b"zzz", *terms[:: 1 + len(terms) // 20]):
                # not compared with Whoosh's own, which gives nothing from large files and from absent fields
                assert list(ours.terms_from(field, term)) == every[bisect_left(every, (field, term)) :]
                prefix = term[:2]
                assert list(ours.expand_prefix(field, prefix)) == list(stock.expand_prefix(field, prefix))
            assert ((field, b"absent") in ours) is ((field, b"absent") in stock) is False
            assert list(ours.field_terms(field)) == list(stock.field_terms(field))


INFO = ("weight", "doc_frequency", "min_length", "max_length", "max_weight", "min_id", "max_id")


def test_what_is_known_of_every_term(pair: Pair) -> None:
    for stock, ours in (pair.readers, *pair.leaves()):
        for field, term in stock.all_terms():
            known, told = stock.term_info(field, term), ours.term_info(field, term)
            for name in INFO:
                assert getattr(told, name)() == pytest.approx(getattr(known, name)()), (field, term, name)
            assert ours.doc_frequency(field, term) == stock.doc_frequency(field, term)
            assert ours.frequency(field, term) == pytest.approx(stock.frequency(field, term))
            assert (field, term) in ours
        assert ours.doc_frequency("text", "absent") == stock.doc_frequency("text", "absent") == 0
        assert ours.frequency("text", "absent") == stock.frequency("text", "absent") == 0
        with pytest.raises(TermNotFound):
            ours.term_info("text", "absent")
        with pytest.raises(TermNotFound):
            ours.postings("text", "absent")


def postings_of(reader: Any, field: str, term: bytes) -> list[tuple[Any, ...]]:
    found = []
    matcher = reader.postings(field, term)
    while matcher.is_active():
        values: list[Any] = [matcher.id(), matcher.weight()]
        if field != "article_id":
            values.append(matcher.value_as("frequency"))
            values.append(matcher.value())
        if field.endswith("_forms"):
            values.append(list(matcher.value_as("positions")))
        found.append(tuple(values))
        matcher.next()
    return found


@pytest.mark.usefixtures("both_kernels")
def test_every_posting_and_every_position(pair: Pair) -> None:
    for stock, ours in (pair.readers, *pair.leaves()):
        for field, term in stock.all_terms():
            expected = postings_of(stock, field, term)
            assert postings_of(ours, field, term) == expected, (field, term)


def test_skipping_copying_and_going_back(pair: Pair, seed: int) -> None:
    chance = random.Random(seed)
    for stock, ours in pair.leaves():
        for field, term in chance.sample(list(stock.all_terms()), 60):
            matchers = [reader.postings(field, term) for reader in (stock, ours)]
            if not matchers[0].is_active():  # of deleted documents only
                assert not matchers[1].is_active()
                continue
            every = list(matchers[0].all_ids())
            matchers[0] = stock.postings(field, term)
            copy = matchers[1].copy()
            assert list(matchers[1].all_ids()) == every
            wanted = chance.randrange(stock.doc_count_all() + 1)
            for matcher in matchers:
                if matcher.id() < wanted:
                    matcher.skip_to(wanted)
            assert matchers[1].is_active() == matchers[0].is_active()
            if matchers[0].is_active():
                assert matchers[1].id() == matchers[0].id()
                assert list(matchers[1].all_ids()) == list(matchers[0].all_ids())
            assert copy.id() == every[0]
            matchers[1].reset()
            assert matchers[1].id() == every[0]


def test_lengths_of_fields(pair: Pair) -> None:
    for stock, ours in (pair.readers, *pair.leaves()):
        for field in FIELDS:
            if field not in set(stock.indexed_field_names()):
                assert ours.field_length(field) == 0
                continue
            # a merge knows what it drops as its byte tells it: at most a tenth off
            assert ours.field_length(field) == pytest.approx(
                stock.field_length(field), rel=0.1 if pair.has_dropped else 0
            )
            if (
                stock,
                ours,
            ) in pair.leaves():  # of several segments Whoosh cannot say it where one lacks the field
                assert ours.min_field_length(field) == stock.min_field_length(field)
                assert ours.max_field_length(field) == stock.max_field_length(field)
            for document in range(stock.doc_count_all()):
                expected = stock.doc_field_length(document, field, 0) or 0  # Whoosh says None for no tokens
                assert ours.doc_field_length(document, field, 0) == expected


def test_stored_fields(pair: Pair) -> None:
    for stock, ours in (pair.readers, *pair.leaves()):
        assert list(ours.iter_docs()) == list(stock.iter_docs())
        for document in range(stock.doc_count_all()):
            assert ours.stored_fields(document) == stock.stored_fields(document)


def test_columns(pair: Pair) -> None:
    names = [name for name, field in schema().items() if field.column_type]
    assert len(names) >= 7
    for stock, ours in (pair.readers, *pair.leaves()):
        for name in names:
            assert ours.has_column(name)
            expected, found = stock.column_reader(name), ours.column_reader(name)
            every = range(stock.doc_count_all())
            assert [found[n] for n in every] == [expected[n] for n in every], name
            assert [found.sort_key(n) for n in every] == [expected.sort_key(n) for n in every], name
        assert not ours.has_column("article_id")


# --- what a searcher finds ------------------------------------------------------------------------------


class Queries:
    """Random trees of Whoosh's own query objects over the terms of an index."""

    def __init__(self, reader: Any, chance: random.Random) -> None:
        self.chance = chance
        self.terms = {field: [term.decode() for term in reader.lexicon(field)] for field in FIELDS}
        self.fields = [field for field in FIELDS if self.terms[field]]
        self.forms = [field for field in FORMS if self.terms[field]]
        self.positions = {field: self._sentences(reader, field) for field in self.forms}
        self.failed = 0

    def tree(self, depth: int) -> query.Query:
        """Make a query of at most so many levels below the first."""
        if depth == 0:
            return self._leaf()
        parts = [self.tree(self.chance.randrange(depth)) for _ in range(self.chance.randint(2, 4))]
        boost = self.chance.choice((1.0, 1.0, 2.5))
        match self.chance.randrange(8):
            case 0 | 1:
                return query.And(parts, boost=boost)
            case 2 | 3:
                return query.Or(parts, boost=boost)
            case 4:
                return query.AndNot(parts[0], self._term())
            case 5:
                return query.AndMaybe(parts[0], parts[1])
            case 6:
                return query.DisjunctionMax(parts, boost=boost)
        return query.And([parts[0], query.Not(self._term())])

    def answered_by(self, stock: Any, depth: int, **how: Any) -> tuple[query.Query, Any]:
        """Make a query that stock Whoosh can do, with its answer; those that it cannot are counted."""
        while self.failed < QUERIES:
            asked = self.tree(depth)
            try:
                return asked, search(stock, asked, **how)
            except IndexError:  # Whoosh's AndNot reads on where a list of documents has ended
                self.failed += 1
        raise AssertionError(f"stock Whoosh cannot do {self.failed} queries")

    def _leaf(self) -> query.Query:
        field = self.chance.choice(self.fields)
        text = self.chance.choice(self.terms[field])
        match self.chance.randrange(14):
            case 0:
                return query.Prefix(field, text[: self.chance.randint(1, 3)])
            case 1:
                at = self.chance.randrange(len(text))
                return query.Wildcard(field, text[:at] + self.chance.choice("?*") + text[at + 1 :])
            case 2:
                at = self.chance.randrange(len(text))
                return query.FuzzyTerm(
                    field, text[:at] + "a" + text[at + 1 :], maxdist=1, prefixlength=at // 2
                )
            case 3:
                low, high = sorted((text, self.chance.choice(self.terms[field])))
                ends = self.chance.random() < 0.5, self.chance.random() < 0.5
                return query.TermRange(field, low, high, *ends)
            case 4 | 5:
                field = self.chance.choice(self.forms)
                return query.Phrase(field, self._words(field), slop=self.chance.randint(1, 4))
            case 6:
                field = self.chance.choice(self.forms)
                words = [query.Term(field, word) for word in self._words(field)]
                return WhooshSequence(
                    words, slop=self.chance.randint(1, 4), ordered=self.chance.random() < 0.5
                )
            case 7:
                return query.Every(self.chance.choice((None, field)))
            case 8:
                return query.ConstantScoreQuery(self._term(), 1.5)
        return self._term()

    def _term(self) -> query.Term:
        field = self.chance.choice(self.fields)
        text = self.chance.choice(("absent", *self.terms[field] * 3))
        return query.Term(field, text, boost=self.chance.choice((1.0, 0.4)))

    def _words(self, field: str) -> list[str]:
        """Choose words that do stand one after the other somewhere, or nearly."""
        sentence = self.chance.choice(self.positions[field])
        first = self.chance.randrange(len(sentence))
        step = self.chance.choice((1, 1, 2))
        return sentence[first : first + 3 * step : step]

    def _sentences(self, reader: Any, field: str) -> list[list[str]]:
        """Read texts word by word, but for words that stand somewhere very often: Whoosh tries all pairs."""
        words: dict[int, dict[int, str]] = {}
        for term in reader.lexicon(field):
            found = postings_of(reader, field, term)
            if max((weight for _, weight, *_ in found), default=0) < 300:
                for document, *_, positions in found:
                    words.setdefault(document, {}).update(dict.fromkeys(positions, term.decode()))
        return [[text for _, text in sorted(text_of.items())] for text_of in words.values()]


def search(searcher: Any, asked: query.Query, **how: Any) -> Any:
    return searcher.search(asked, limit=None, optimize=False, **how)


def hits(results: Any) -> list[tuple[int, float]]:
    return [(document, score) for score, document in results.top_n]


@pytest.mark.usefixtures("both_kernels")
def test_random_queries_give_the_same_hits_and_scores(
    pair: Pair, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(f"{seed} {pair.layout}")
    queries = Queries(pair.stock.reader(), chance)
    if (
        pair.has_dropped
    ):  # scored with the mean lengths of ours: test_lengths_of_fields says how near they are
        monkeypatch.setattr(pair.stock.reader(), "field_length", pair.ours.reader().field_length)
    wanted = QUERIES if pair.layout != "enormous" else QUERIES // 5
    some = 0
    for _ in range(wanted):
        asked, of_stock = queries.answered_by(pair.stock, chance.randrange(4))
        expected, found = dict(hits(of_stock)), dict(hits(search(pair.ours, asked)))
        assert set(found) == set(expected), repr(asked)
        scores = [found[document] for document in expected]
        assert scores == pytest.approx([*expected.values()], rel=1e-6, abs=1e-9), repr(asked)
        some += 0 < len(expected) < pair.stock.doc_count_all()
    print(
        f"{pair.layout}: {wanted} queries compared, {some} selective; {queries.failed} that stock cannot do"
    )
    assert some > wanted / 3  # queries that find nothing, or all, show little
    assert queries.failed < wanted / 20


def test_sorted_and_grouped_by_a_column(pair: Pair, seed: int) -> None:
    chance = random.Random(f"{seed} {pair.layout}")
    queries = Queries(pair.stock.reader(), chance)
    for column in ("date", "source", "text_bytes"):
        for reverse in (False, True):
            asked, of_stock = queries.answered_by(pair.stock, 1, sortedby=column, reverse=reverse)
            found = search(pair.ours, asked, sortedby=column, reverse=reverse)
            assert [number for number, _ in hits(found)] == [number for number, _ in hits(of_stock)]
    for asked, of_stock in (
        (query.Every(), search(pair.stock, query.Every(), groupedby="source")),
        queries.answered_by(pair.stock, 2, groupedby="source"),
    ):
        groups = [of_stock.groups(), search(pair.ours, asked, groupedby="source").groups()]
        if pair.has_dropped:  # scores are nearly those of stock: what is nearly as good may come first
            groups = [{name: sorted(found) for name, found in each.items()} for each in groups]
        assert groups[1] == groups[0]


def test_an_article_is_found_by_its_identifier(pair: Pair) -> None:
    for _, stored in pair.stock.reader().iter_docs():
        article_id = stored_article(stored["article"]).article_id
        for searcher in (pair.stock, pair.ours):
            assert searcher.document(article_id=article_id) == stored
        numbers = [searcher.document_number(article_id=article_id) for searcher in (pair.stock, pair.ours)]
        assert numbers[0] == numbers[1]


def test_columns_of_numbers_are_arrays(pair: Pair) -> None:
    for segment, (_, leaf) in zip(pair.segments, pair.leaves(), strict=True):
        dates = np.array([leaf.column_reader("date")[number] for number in range(segment.documents)])
        assert dates.dtype == np.int64
