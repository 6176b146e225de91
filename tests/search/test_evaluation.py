"""Does the fast evaluation select and score what a slow and plain one does?

The oracle below is pure Python over the tokens of the stored articles: sets, loops and the formula of
search.ranking written out again; only its parameters are taken from there. It knows nothing of
postings, arrays or segments.
"""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from whoosh import query
from whoosh.query.positional import Sequence as WhooshSequence
from whoosh.util.numeric import byte_to_length, length_to_byte

from index import store, tiers
from index.analysis import analyze
from index.articles.article import Article
from index.building import rebuild, update
from index.codec import kernels
from index.codec.kernels import best
from index.dates import sort_key
from index.schema import ARTICLE_ZONES, form_term, forms_field
from search import ranking
from search.evaluation import evaluate
from search.queries import AnyWord, OneOf, OneTerm, OneWord
from search.snapshot import Snapshot

WORDS = (
    "paix",
    "guerre",
    "marché",
    "marche",
    "marchés",
    "État",
    "élu",
    "élue",
    "porte-parole",
    "Kiev",
    "le",
    "7 500",
)
ROUNDS = 300  # queries of each layout and each way that the loops run

Found = dict[str, float]
"""What a query selects: the score of each article."""


@dataclass(frozen=True)
class Oracle:
    """Answers queries by looking at every token of every article."""

    articles: dict[str, Article]
    words: dict[tuple[str, str], list[tuple[str, int]]]  # of an article and a field: terms and positions
    means: dict[str, float]  # of a field: the mean length of those that have it

    @classmethod
    def over(cls, articles: Sequence[Article]) -> Oracle:
        words: dict[tuple[str, str], list[tuple[str, int]]] = {}
        for article in articles:
            for zone in ARTICLE_ZONES:
                tokens = list(analyze(getattr(article, zone)))
                forms = [(form_term(token.fold, token.form), token.position) for token in tokens]
                words[article.article_id, forms_field(zone)] = forms
                stems = [(token.stem, token.position) for token in tokens if token.stem]
                words[article.article_id, zone] = stems
        oracle = cls({article.article_id: article for article in articles}, words, {})
        for field in {field for _, field in words}:
            lengths = [length for name in oracle.articles if (length := oracle.length(name, field))]
            oracle.means[field] = sum(lengths) / len(lengths) if lengths else 0.0
        return oracle

    def terms(self, name: str, field: str) -> list[tuple[str, int]]:
        """Give the terms of a field of an article, each with its position."""
        return self.words[name, field]

    def length(self, name: str, field: str) -> int:
        return int(byte_to_length(length_to_byte(len(self.terms(name, field)))))

    def frequency(self, name: str, leaf: query.Query) -> int:
        if isinstance(leaf, query.Term):
            return sum(term == leaf.text for term, _ in self.terms(name, leaf.fieldname))
        if isinstance(leaf, query.Prefix):
            return sum(term.startswith(leaf.text) for term, _ in self.terms(name, leaf.fieldname))
        return self.stretches(name, leaf)

    def stretches(self, name: str, leaf: WhooshSequence) -> int:
        """Count the positions that a stretch with a word of each place starts at."""
        wanted = [{term.text for term in place.subqueries} for place in leaf.subqueries]
        field = leaf.subqueries[0].subqueries[0].fieldname
        terms = self.terms(name, field)
        positions = sorted({position for term, position in terms if any(term in place for place in wanted)})
        at: dict[int, list[str]] = {}
        for term, position in terms:
            at.setdefault(position, []).append(term)
        found = 0
        for start in positions:
            if leaf.ordered:
                found += all(
                    any(term in place for term in at.get(start + offset, ()))
                    for offset, place in enumerate(wanted)
                )
                continue
            width = leaf.slop + len(wanted)
            inside = [term for position in range(start, start + width) for term in at.get(position, ())]
            needed = Counter(tuple(sorted(place)) for place in wanted)
            found += all(sum(term in place for term in inside) >= count for place, count in needed.items())
        return found

    def one_term(self, node: query.Query) -> Found:
        leaves = node.subqueries if isinstance(node, OneTerm) else [node]
        parts: dict[str, dict[str, int]] = {}  # article → field → frequency
        for name in self.articles:
            for leaf in leaves:
                frequency = self.frequency(name, leaf)
                if frequency:
                    by_field = parts.setdefault(name, {})
                    field = field_of(leaf)
                    by_field[field] = by_field.get(field, 0) + frequency
        idf = self.idf(len(parts))
        found: Found = {}
        for name, by_field in parts.items():
            tf = 0.0
            for field, frequency in by_field.items():
                given = ranking.FIELD_WEIGHTS[field.removesuffix("_forms")]
                length = self.length(name, field) / self.means[field]
                tf += given.weight * frequency / (1 - given.b + given.b * length)
            found[name] = idf * tf * (ranking.K1 + 1) / (ranking.K1 + tf) * node.boost
        return found

    def idf(self, df: int) -> float:
        return math.log(1 + (len(self.articles) - df + 0.5) / (df + 0.5))

    def answer(self, node: query.Query) -> Found:
        match node:
            case OneTerm() | query.Term():
                return self.one_term(node)
            case AnyWord():
                return self.any_word(node)
            case OneOf():
                parts = [self.answer(part) for part in node.subqueries]
                names = set().union(*parts)
                shares = [self.idf(len(names)) / self.idf(len(part)) for part in parts]
                scaled = [
                    {name: score * share for name, score in part.items()}
                    for part, share in zip(parts, shares, strict=True)
                ]
                return {name: node.boost * max(part.get(name, 0.0) for part in scaled) for name in names}
            case query.DisjunctionMax():
                parts = [self.answer(part) for part in node.subqueries]
                names = set().union(*parts)
                return {name: node.boost * max(part.get(name, 0.0) for part in parts) for name in names}
            case query.Or():
                parts = [self.answer(part) for part in node.subqueries]
                return {name: node.boost * total(parts, name) for name in set().union(*parts)}
            case query.And():
                parts = [self.answer(part) for part in node.subqueries]
                return {name: total(parts, name) for name in set(parts[0]).intersection(*parts[1:])}
            case query.AndNot():
                excluded = self.answer(node.b)
                return {name: score for name, score in self.answer(node.a).items() if name not in excluded}
            case query.AndMaybe():
                parts = [self.answer(node.a), self.answer(node.b)]
                return {name: total(parts, name) for name in parts[0]}
            case query.Every():
                return dict.fromkeys(self.articles, 0.0)
            case query.NumericRange():
                keys = {name: sort_key(article.date) for name, article in self.articles.items()}
                return {name: 0.0 for name, key in keys.items() if key and node.start <= key <= node.end}
        assert node == query.NullQuery
        return {}

    def any_word(self, node: AnyWord) -> Found:
        """Give a bonus for each word, and lift the articles with all known words above the others."""
        parts = [part for word in node.subqueries if (part := self.answer(word))]
        counts = Counter(name for part in parts for name in part)
        found = {name: total(parts, name) for name in counts}
        if len(parts) > 1:
            found = {name: score + ranking.WORD_BONUS * counts[name] for name, score in found.items()}
            lift = max((score for name, score in found.items() if counts[name] < len(parts)), default=0.0)
            found = {name: score + lift * (counts[name] == len(parts)) for name, score in found.items()}
        return {name: score * node.boost for name, score in found.items()}


def total(parts: Sequence[Found], name: str) -> float:
    return sum(part.get(name, 0.0) for part in parts)


def field_of(leaf: query.Query) -> str:
    while isinstance(leaf, query.Or | WhooshSequence):
        leaf = leaf.subqueries[0]
    return str(leaf.fieldname)


# --- a corpus of several segments with deletions -----------------------------------------------------


def random_articles(chance: random.Random, count: int) -> list[dict[str, str]]:
    def text(least: int, most: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(least, most)))

    articles = []
    for number in range(count):
        article = {"id": str(number), "title": text(1, 4), "lead": text(0, 8), "text": text(1, 40)}
        if number == 7:
            article["text"] = f"{text(300, 400)} " + "paix " * 300
        if chance.random() < 0.7:
            article["date"] = chance.choice(
                ("2022", "2022-03", "2023-02-28", "2023-02-28T14:30", "2024-01-01")
            )
        articles.append(article)
    return articles


@pytest.fixture(scope="module")
def chance(seed: int) -> random.Random:
    return random.Random(seed)


def publish(folder: Path, articles: Sequence[dict[str, str]], build: Callable[..., object]) -> None:
    (folder / "articles").mkdir(exist_ok=True)
    lines = "\n".join(json.dumps(article) for article in articles)
    (folder / "articles" / "presse.jsonl").write_text(lines, encoding="utf-8")
    build(folder / "index", [folder / "articles"])


def one_segment(folder: Path, chance: random.Random) -> None:
    publish(folder, random_articles(chance, 45), rebuild)


def several_segments(folder: Path, chance: random.Random) -> None:
    articles = random_articles(chance, 60)
    for end, build in ((20, rebuild), (35, update), (36, update), (60, update)):
        publish(folder, articles[:end], build)


def with_deletions(folder: Path, chance: random.Random) -> None:
    articles = random_articles(chance, 36)
    publish(folder, articles, rebuild)
    for _ in range(3):  # each time, some change, some go and some come: more segments, and deletions
        kept = [article for article in articles if chance.random() < 0.93]
        fresh = random_articles(chance, 40)
        changed = {str(chance.randrange(40)) for _ in range(2)}
        known = {article["id"] for article in kept}
        articles = [fresh[int(a["id"])] if a["id"] in changed else a for a in kept]
        articles += [article for article in fresh if article["id"] not in known][:6]
        publish(folder, articles, update)


def merged(folder: Path, chance: random.Random) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(tiers, "FANOUT", 2)
        monkeypatch.setattr(tiers, "_SMALLEST", 12)
        with_deletions(folder, chance)


LAYOUTS = (one_segment, several_segments, with_deletions, merged)


@pytest.fixture(scope="module", params=LAYOUTS, ids=lambda layout: layout.__name__)
def index_path(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, chance: random.Random
) -> Path:
    folder = tmp_path_factory.mktemp("presse")
    request.param(folder, chance)
    generation = store.open_generation(folder / "index")
    segments = store.read_segments(generation)
    deleted = sum(segment.deleted_count() for segment in segments)
    was_merged = any(segment.segid[-3] == "m" for segment in segments)
    expected = {
        one_segment: len(segments) == 1,
        several_segments: len(segments) == 4 and not deleted,
        with_deletions: len(segments) > 1 and deleted,
        merged: was_merged,
    }
    assert expected[request.param]
    return folder / "index"


@pytest.fixture(params=["compiled", "numpy"])
def snapshot(
    request: pytest.FixtureRequest, index_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Snapshot]:
    """A generation, searched with the compiled loops and with those that stand in for them."""
    if request.param == "numpy":
        monkeypatch.setattr(kernels, "_compiled", None)
    elif not kernels.is_compiled():
        pytest.skip("installed without a compiler")
    opened = Snapshot(store.open_generation(index_path))
    yield opened
    opened.close()


@pytest.fixture
def oracle(snapshot: Snapshot) -> Oracle:
    return Oracle.over([snapshot.article(document) for document in np.flatnonzero(snapshot.live)])


def random_query(chance: random.Random, oracle: Oracle, depth: int) -> query.Query:
    def vocabulary(field: str) -> list[str]:
        names = oracle.articles
        return [*sorted({term for name in names for term, _ in oracle.terms(name, field)}), "absent"]

    def term(field: str) -> query.Term:
        return query.Term(field, chance.choice(vocabulary(field)), boost=chance.choice((1.0, 1.0, 0.5)))

    def phrase() -> WhooshSequence:
        field = forms_field(chance.choice(ARTICLE_ZONES))
        folds = [chance.choice(vocabulary(field)).partition("\0")[0] for _ in range(chance.randint(2, 3))]
        places = [
            query.Or(
                [query.Term(field, known) for known in vocabulary(field) if known.partition("\0")[0] == fold]
            )
            for fold in folds
        ]
        ordered = chance.random() < 0.5
        return WhooshSequence(places, slop=chance.randint(0, 4), ordered=ordered)

    def leaf() -> query.Query:
        match chance.randrange(10):
            case 9:
                word = [OneTerm([term(zone) for zone in ARTICLE_ZONES], boost=boost) for boost in (1.0, 0.3)]
                return OneWord(*word)
            case 0:
                return term(chance.choice(ARTICLE_ZONES))
            case 1:
                low = sort_key(chance.choice(("2022", "2022-03", "2023")))
                return query.NumericRange("date", low, low + chance.choice((0, 99_999_999, 10**9)))
            case 2:
                return query.Every()
            case 3:
                return term(forms_field(chance.choice(ARTICLE_ZONES)))
            case 4:
                return OneTerm([phrase() for _ in range(chance.randint(1, 2))])
            case 5:
                return OneTerm(
                    [query.Prefix(forms_field(zone), chance.choice("mpeg7l")) for zone in ARTICLE_ZONES]
                )
        leaves = [term(chance.choice(ARTICLE_ZONES)) for _ in range(chance.randint(1, 4))]
        leaves = list({(leaf.fieldname, leaf.text): leaf for leaf in leaves}.values())
        return OneTerm(leaves, boost=chance.choice((1.0, 0.3)))

    if depth == 0:
        return leaf()
    parts = [random_query(chance, oracle, chance.randrange(depth)) for _ in range(chance.randint(2, 4))]
    boost = chance.choice((1.0, 2.0))
    match chance.randrange(9):
        case 6:
            return OneOf(parts, boost=boost)
        case 0:
            return query.And(parts)
        case 1:
            return query.Or(parts, boost=boost)
        case 2:
            return query.AndNot(parts[0], parts[1])
        case 3:
            return query.AndMaybe(parts[0], parts[1])
        case 4:
            return query.DisjunctionMax(parts, boost=boost)
        case 5:
            return query.Or([*parts, query.NullQuery])
    return AnyWord(parts, boost=boost)


def found_by(snapshot: Snapshot, node: query.Query) -> Found:
    matches = evaluate(snapshot, node)
    assert np.all(np.diff(matches.documents) > 0)
    return {
        snapshot.article(int(document)).article_id: float(score)
        for document, score in zip(matches.documents, matches.scores, strict=True)
    }


def test_random_queries_select_and_score_what_the_oracle_does(
    snapshot: Snapshot, oracle: Oracle, chance: random.Random
) -> None:
    selecting = 0
    for _ in range(ROUNDS):
        node = random_query(chance, oracle, chance.randrange(4))
        expected, found = oracle.answer(node), found_by(snapshot, node)
        assert set(found) == set(expected), repr(node)
        for name, score in expected.items():
            assert found[name] == pytest.approx(score, rel=1e-9, abs=1e-9), f"{node!r}, {name}"
        selecting += 0 < len(expected) < len(oracle.articles)
    print(f"{ROUNDS} queries compared with the oracle, {selecting} selective")
    assert selecting > ROUNDS / 4  # queries that find nothing, or all, show little


# --- by hand ----------------------------------------------------------------------------------------


def test_idf_by_hand() -> None:
    # 10 articles, 2 of which have the word: ln(1 + 8.5 / 2.5) = ln 4.4
    assert ranking.idf(10, 2) == pytest.approx(1.4816045409242156, abs=1e-12)
    # a word of every article is worth little, but never less than nothing: ln(1 + 0.5 / 10.5)
    assert ranking.idf(10, 10) == pytest.approx(0.046520015634892907, abs=1e-12)


def test_field_norms_and_saturation_by_hand() -> None:
    lengths = np.array([10, 40], dtype=np.int32)
    # text, mean length 20: 1 / (0.35 + 0.65 · 0.5) = 1.481481…; 1 / (0.35 + 0.65 · 2) = 0.606060…
    assert ranking.field_norms("text", lengths, 20.0) == pytest.approx([40 / 27, 20 / 33], abs=1e-12)
    # title: 2.5 / (0.7 + 0.3 · 0.5) = 2.941176…
    assert ranking.field_norms("title", lengths, 20.0)[0] == pytest.approx(2.5 / 0.85, abs=1e-12)
    assert ranking.field_norms("title_forms", lengths, 20.0)[0] == pytest.approx(2.5 / 0.85, abs=1e-12)
    # 3.6: 3.6 · 1.9 / (0.9 + 3.6) = 1.52; no frequency is worth more than k1 + 1 = 1.9
    assert ranking.saturate(np.array([3.6, 1e9])) == pytest.approx([1.52, 1.9], abs=1e-6)


def test_one_word_over_three_articles_by_hand(press: Any) -> None:
    press.publish(
        [
            {"title": "Kiev", "text": "Kiev tient"},  # lengths 1 and 2
            {
                "title": "Odessa",
                "text": "Kiev résiste encore, toujours",
            },  # 1 and 4, "encore" and "toujours" too
            {"title": "Lviv", "text": "calme plat"},
        ]
    )
    snapshot = Snapshot(store.open_generation(press.index_path))
    node = OneTerm([query.Term("title", "kiev"), query.Term("text", "kiev")])
    found = found_by(snapshot, node)
    snapshot.close()
    # idf: ln(1 + 1.5 / 2.5) = 0.47000362924573563; mean lengths: title 1, text (2 + 4 + 2) / 3
    # article 0: tf' = 2.5 + 1 / (0.35 + 0.65 · 2 / (8 / 3)) = 2.5 + 1.194029… = 3.694029…
    #            0.470003… · 3.694029… · 1.9 / 4.594029… = 0.718061…
    # article 1: tf' = 1 / (0.35 + 0.65 · 4 / (8 / 3)) = 0.754716…
    #            0.470003… · 0.754716… · 1.9 / 1.654716… = 0.407300…
    assert found == {
        "0": pytest.approx(0.7180611002365405, abs=1e-9),
        "1": pytest.approx(0.4073007505436249, abs=1e-9),
    }


# --- phrases ----------------------------------------------------------------------------------------

LONG = " ".join(f"mot{number}" for number in range(200))
PLACES = [  # words, slop (None: in this order, side by side), text, how many starts
    ("paix guerre", None, "paix guerre paix guerre", 2),
    ("paix guerre", None, "guerre paix", 0),
    ("paix guerre", None, "paix et guerre", 0),
    ("paix paix", None, "paix paix paix", 2),
    ("paix guerre", 0, "guerre paix", 1),
    ("paix guerre", 0, "paix et guerre", 0),
    ("paix guerre", 1, "paix et guerre", 1),
    ("paix guerre", 1, "guerre et paix", 1),
    ("paix guerre", 1, "paix et la guerre", 0),
    ("paix guerre", 1, "paix guerre paix", 2),
    ("paix guerre kiev", 0, "kiev paix guerre", 1),
    ("paix guerre kiev", 1, "kiev paix et guerre", 1),
    ("paix guerre kiev", 0, "kiev paix et guerre", 0),
    ("paix paix", 5, "paix durable", 0),
    ("paix paix", 5, "paix durable, paix", 1),
    ("paix paix", 0, "paix durable, paix", 0),
    ("paix guerre paix", 9, "guerre et paix", 0),
    ("paix guerre paix", 9, "paix, guerre et paix", 1),
    pytest.param(LONG, None, f"{LONG} {LONG}", 2, id="a page, quoted"),
    pytest.param(LONG, 3, LONG, 1, id="a page, quoted, some words apart"),
]


@pytest.mark.parametrize(("words", "slop", "text", "starts"), PLACES)
def test_phrases(press: Any, words: str, slop: int | None, text: str, starts: int) -> None:
    press.publish([{"text": text}, {"text": "une paix sans guerre ni paix"}])
    places = [query.Or([query.Term("text_forms", form_term(word, word))]) for word in words.split()]
    node = WhooshSequence(places, slop=slop or 0, ordered=slop is None)
    snapshot = Snapshot(store.open_generation(press.index_path))
    found = found_by(snapshot, OneTerm([node]))
    counted = Oracle.over([snapshot.article(0)]).stretches("0", node)
    snapshot.close()
    assert counted == starts
    assert ("0" in found) is (starts > 0)


# --- ranking order ----------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 5, 40, 400])
def test_a_page_is_a_slice_of_the_whole_order(count: int, chance: random.Random) -> None:
    values = np.array([float(chance.randrange(6)) for _ in range(count)])
    second = np.array([float(chance.randrange(3)) for _ in range(count)])
    whole = sorted(range(count), key=lambda place: (-values[place], -second[place], place))
    for first in (0, 1, 7, count, count + 3):
        for size in (0, 1, 3, 10, count, 1_000):
            page = best([values, second], first, first + size)
            assert list(page) == whole[first : first + size], f"{first}, {size}"


def test_an_unknown_kind_of_query_is_said(press: Any) -> None:
    press.publish(["La paix est signée"])
    snapshot = Snapshot(store.open_generation(press.index_path))
    with pytest.raises(TypeError, match="Wildcard"):
        evaluate(snapshot, query.Wildcard("text", "pa?x"))
    snapshot.close()
