"""Are the figures of relevance and of stems those that can be worked out by hand?"""

from __future__ import annotations

import gzip
import json
import math
import subprocess
import sys
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from index.articles.article import Article
from web.commands.evaluating import Query

ROOT = Path(__file__).parents[2]
SECOND = 1 / math.log2(3)  # nDCG of the one good article where it comes second

PARTS = (("bol", "mir", "tag"), "aou", "bdfglmnr")
FILLING = " ".join(f"{one}{two}{three}" for one, two, three in product(*PARTS))
ARTICLES = {
    "greve": ("Grève", f"Les trains roulent. {FILLING}."),
    "trains": ("Trains", f"Une grève à Lyon. {FILLING[: len(FILLING) // 2]}."),
    "musee": ("Musée", "Une exposition ouvre."),
    "long": ("Divers", f"Une grève. {FILLING}. Un musée. {FILLING}."),
}
# q1: plain BM25 prefers the shorter article, ours the one that has it in its title. q3: only "long" has every
# word, but it is about something else; read as keywords, it comes first.
QUERIES = "q1\tgrève\nq2\tmusée\nq3\tQuel musée en grève ?\nq4\tsans jugement\n"
TYPOS = "q1\tgrrève\nq2\tmusée\nq3\tQuel musée en grève ?\n"
QRELS = "q1\t0\tgreve\t1\nq2\t0\tmusee\t1\nq3\t0\tmusee\t1\n"


def run_script(name: str, *arguments: str | Path) -> Any:
    """Run a script of bench/ and give what it stored."""
    out = Path(arguments[-1])
    done = subprocess.run(
        [sys.executable, ROOT / "bench" / name, *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout
    return json.loads(out.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def relevance_run(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("questions")
    with gzip.open(folder / "corpus.jsonl.gz", "wt", encoding="utf-8") as file:
        for article_id, (title, text) in ARTICLES.items():
            file.write(json.dumps({"id": article_id, "title": title, "text": text}) + "\n")
    for name, content in (("queries.tsv", QUERIES), ("queries-typo.tsv", TYPOS), ("qrels.tsv", QRELS)):
        (folder / name).write_text(content, encoding="utf-8")
    arguments = (folder, "--queries", "queries.tsv", "queries-typo.tsv", "--out", folder / "run.json")
    return run_script("relevance.py", *arguments)


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The scripts, as modules."""
    monkeypatch.syspath_prepend(str(ROOT / "bench"))
    import relevance
    import stems

    return SimpleNamespace(relevance=relevance, stems=stems)


def test_values_are_kept_of_every_query(relevance_run: Any) -> None:
    plain, typos = relevance_run["queries"]
    assert plain["qids"] == ["q1", "q2", "q3"]
    assert {name: found["nDCG@10"] for name, found in plain["values"].items()} == {
        "depeche": [1, 1, 1],
        "plain": [0.6309, 1, 1],
        "keywords": [1, 1, 0.6309],
    }
    assert {name: found["R@100"] for name, found in typos["values"].items()} == {
        "depeche": [1, 1, 1],
        "plain": [0, 1, 1],
        "keywords": [1, 1, 1],
    }


def test_queries_won_are_counted_and_told(relevance_run: Any) -> None:
    beside = relevance_run["queries"][0]["beside"]
    for name, qid, text in (("plain", "q1", "grève"), ("keywords", "q3", "Quel musée en grève ?")):
        found = beside[name]
        assert (found["won"], found["lost"], found["equal"]) == (1, 0, 2)
        assert found["most_won"] == [{"qid": qid, "text": text, "values": [1, 0.6309]}]
        assert found["most_lost"] == []
        assert found["gain"] == pytest.approx((1 - SECOND) / 3)
        assert found["relative_gain"] == pytest.approx((1 - SECOND) / (2 + SECOND))


def test_what_a_typo_costs_is_won_back(relevance_run: Any) -> None:
    found = relevance_run["queries"][1]["beside_first"]
    assert found["change"] == pytest.approx({"depeche": 0, "plain": -SECOND / 3, "keywords": 0})
    assert found["won_back"] == pytest.approx(1)
    assert found["made_up"] == pytest.approx(1 / SECOND)


def test_a_run_names_its_corpus_and_no_folder_of_the_machine(relevance_run: Any) -> None:
    assert relevance_run["articles"] == len(ARTICLES)
    assert relevance_run["corpus"]["name"] == "corpus.jsonl.gz"
    assert len(relevance_run["corpus"]["sha256"]) == 64
    assert "/" not in relevance_run["command"].replace("bench/relevance.py", "")


def test_plain_bm25_ranks_as_worked_by_hand(bench: SimpleNamespace) -> None:
    # Stems: a has 2 (train, grève), b 4 (train twice, grève, lyon), "c" 6 (train, and five others);
    # mean 4. idf of train, in all three, is ln(1 + 0.5 / 3.5), of grève ln(1 + 1.5 / 2.5).
    # train: a 2.2 / (1 + 0.75) = 1.257, b 4.4 / (2 + 1.2) = 1.375, c 2.2 / (1 + 1.65) = 0.830.
    # Both words: a 1.257 · (0.134 + 0.470) = 0.759, b 1.375 · 0.134 + 1 · 0.470 = 0.654.
    texts = {"a": "train grève", "b": "train, train, grève, Lyon", "c": "train musée vélo piano jardin Nice"}
    field = bench.relevance.one_field(Article(name, "", text) for name, text in texts.items())
    assert field.penalties == pytest.approx([0.75, 1.2, 1.65])
    assert bench.relevance.find(field, "les trains") == ["b", "a", "c"]
    assert bench.relevance.find(field, "train et grève") == ["a", "b", "c"]
    assert bench.relevance.find(field, "inconnu") == []


def test_gains_are_compared_in_pairs(bench: SimpleNamespace) -> None:
    queries = [Query("", qid, qid) for qid in "abcd"]
    found = bench.relevance.compare(queries, [1, 0.5, 0.2, 0], [0.5, 0.25, 0.2, 0.75])
    assert (found["won"], found["lost"], found["equal"]) == (2, 1, 1)
    assert [told["qid"] for told in found["most_won"]] == ["a", "b"]
    assert [told["qid"] for told in found["most_lost"]] == ["d"]
    assert found["gain"] == 0
    # gains 0.5, 0.25, 0, -0.75: squares add up to 0.875; over 3, over 4, and the root of it
    assert found["gain_error"] == pytest.approx(math.sqrt(0.875 / 3 / 4))


@pytest.mark.parametrize(
    ("won", "lost", "chance"),
    [
        (0, 0, 1.0),
        (2, 2, 1.0),
        (3, 0, 2 / 8),
        (0, 3, 2 / 8),
        (5, 1, 2 * (1 + 6) / 64),
        (3000, 0, 0.0),
    ],
)
def test_the_sign_test_throws_a_coin(won: int, lost: int, chance: float, bench: SimpleNamespace) -> None:
    assert bench.relevance.sign_test(won, lost) == chance


def test_stems_meet_as_counted_by_hand(tmp_path: Path) -> None:
    # Four pairs, two of travail and two of importance; importation has but one form.
    rows = [("travail", "travail"), ("travaux", "travail")]
    rows += [("importance", "importance"), ("importances", "importance"), ("importation", "importation")]
    path = tmp_path / "inflections.tsv"
    path.write_text("".join(f"{form}\t{lemma}\tNOM\t1\n" for form, lemma in rows), encoding="utf-8")
    run = run_script("stems.py", path, "--out", tmp_path / "run.json")
    assert (run["forms"], run["lemmas"]) == (5, 3)
    ours, snowball = run["stems"]["depeche"], run["stems"]["snowball"]
    assert ours == {"pairs": 4, "missed": 0, "met": 1, "found": 4, "false": 0, "right": 1}
    # Snowball keeps travaux apart, and gives importation the stem of importance and its plural: of six found,
    # these two are right for each other.
    assert snowball == {"pairs": 4, "missed": 2, "met": 0.5, "found": 6, "false": 4, "right": 0.333333}
    assert run["corpus"]["name"] == "inflections.tsv"


def test_a_fold_finds_what_all_its_words_find(bench: SimpleNamespace) -> None:
    # "cote" may be typed for côte or côté, "cotes" only for côtes; "rue" is another word.
    lemmas = {"côte": {"côte"}, "côtes": {"côte"}, "côté": {"côté"}, "rue": {"rue"}}
    stem_of = {"côte": "cot", "côtes": "cot", "côté": "cote", "rue": "cote"}.__getitem__
    both = {"cote": {"cot", "cote"}, "cotes": {"cot"}, "rue": {"cote"}}
    # côte finds côtes, côté and rue; côtes finds côte; côté finds côte, côtes and rue; rue finds côté.
    found = bench.stems.measure(lemmas, stem_of, both.__getitem__)
    assert found == {"pairs": 2, "missed": 0, "met": 1, "found": 8, "false": 3, "right": 0.625}
    alone = {"cote": {"cote"}, "cotes": {"cot"}, "rue": {"cote"}}
    # côte finds côté and rue, but not côtes; côtes finds côte; côté finds rue, and rue finds côté.
    found = bench.stems.measure(lemmas, stem_of, alone.__getitem__)
    assert found == {"pairs": 2, "missed": 1, "met": 0.5, "found": 5, "false": 3, "right": 0.4}
