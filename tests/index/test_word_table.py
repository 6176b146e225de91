"""Is a word found in a mapped table if and only if it is there?"""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index import word_table
from index.word_table import WordTable

LINES = "# Ce que dit la table\n# en deux lignes\nmer\tmer\nmers\tmer\nmère\tmèr mer_\nmètre\noeil\tyeu\n"

# word → what the table says of it
SAID = [
    ("mer", "mer"),
    ("mers", "mer"),
    ("mère", "mèr mer_"),
    ("mètre", ""),
    ("oeil", "yeu"),
    *((absent, None) for absent in ("", "m", "me", "merc", "mersa", "mè", "mèr", "oei", "oeils", "a", "z")),
    *((absent, None) for absent in ("#", "# Ce que dit la table", "\ud800", "漢字", "\U0010ffff", "mer\n")),
]


@pytest.fixture(autouse=True, params=["compiled", "python"])
def _both_ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "python":
        monkeypatch.setattr(word_table, "_compiled", None)
    elif word_table._compiled is None:
        pytest.skip("installed without a compiler")


def written(folder: Path, text: str) -> WordTable:
    path = folder / f"{len(text)}.tsv"  # never one that is mapped already
    path.write_text(text, encoding="utf-8")
    return WordTable(path)


@pytest.mark.parametrize(("word", "said"), SAID)
def test_a_word_is_found_with_what_is_said_of_it(tmp_path: Path, word: str, said: str | None) -> None:
    table = written(tmp_path, LINES)
    assert table.find(word) == said
    assert (word in table) is (said is not None)
    table.hold()
    assert table.find(word) == said
    assert (word in table) is (said is not None)


@pytest.mark.parametrize("head", ["", "# Sans un mot\n"])
def test_a_table_of_one_word_and_of_none(tmp_path: Path, head: str) -> None:
    table = written(tmp_path, f"{head}mot\n")
    assert [word for word in ("", "mo", "mot", "mots", "a", "z") if word in table] == ["mot"]
    if head:
        assert "mot" not in written(tmp_path, head)


def test_words_are_given_in_order(tmp_path: Path) -> None:
    assert list(written(tmp_path, LINES)) == ["mer", "mers", "mère", "mètre", "oeil"]


@pytest.mark.parametrize("seed", range(20))
def test_any_table_is_as_a_dictionary(tmp_path: Path, seed: int) -> None:
    print(f"seed {seed}")
    chance = random.Random(seed)
    letters = "ab" if seed % 2 else "abcdeéœ漢𝄞'_"

    def word() -> str:
        return "".join(chance.choices(letters, k=chance.randint(1, 9)))

    said = {word(): chance.choice(("", word(), "mot " * 400)) for _ in range(chance.randint(1, 3_000))}
    text = "".join(f"{key}\t{value}\n" if value else f"{key}\n" for key, value in sorted(said.items()))
    table = written(tmp_path, f"# {seed}\n{text}")
    sought = [*said, *(word() for _ in range(2_000))]
    chance.shuffle(sought)
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(table.find, sought, chunksize=50)) == [said.get(word) for word in sought]
    assert list(table) == sorted(said)
