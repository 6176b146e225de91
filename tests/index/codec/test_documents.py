"""Is every stored article given back as it was, to any thread, and is damage said to be damage?"""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from index.codec.documents import Compressor, StoredArticles, learn_dictionary
from index.errors import IndexDamaged

ODD = [b"", b"\0", b"\xff" * 300, "🙂 \U0010ffff".encode(), b"a" * 2_000_000, bytes(range(256)) * 40]

SEGMENT = Path("MAIN_lot.depeche")


def articles_of(count: int) -> list[bytes]:
    words = ["maire", "grève", "élection", "gouvernement", "dimanche", "selon", "ministre", "région"]
    chance = random.Random(4)
    return [
        json.dumps(
            {"article_id": f"a{number}", "title": "Titre", "text": " ".join(chance.choices(words, k=120))},
            ensure_ascii=False,
        ).encode()
        for number in range(count)
    ]


def bytes_of(content: bytes | bytearray) -> npt.NDArray[np.uint8]:
    return np.frombuffer(bytes(content), dtype=np.uint8)


def stored(articles: Sequence[bytes], dictionary: bytes) -> StoredArticles:
    compressed = Compressor(dictionary).compress(articles)
    ends = np.cumsum(compressed.sizes, dtype=np.uint64)
    return StoredArticles(SEGMENT, compressed.blob, ends, bytes_of(dictionary))


@pytest.fixture(scope="module")
def dictionary() -> bytes:
    learned = learn_dictionary(articles_of(3_000))
    assert learned
    return learned


@pytest.mark.parametrize("learned", [False, True], ids=["without a dictionary", "with one"])
def test_every_article_is_given_back(dictionary: bytes, learned: bool) -> None:
    articles = [*articles_of(40), *ODD, *articles_of(3)]
    found = stored(articles, dictionary if learned else b"")
    for number in (*range(len(articles)), 0, len(articles) - 1, 7):
        assert found[number] == articles[number]
    assert found.dictionary == (dictionary if learned else b"")


def test_articles_move_as_they_lie(dictionary: bytes) -> None:
    articles = articles_of(9)
    found = stored(articles, dictionary)
    for first, last in ((0, 9), (0, 1), (3, 7), (8, 9), (4, 4)):
        moved = found.compressed(first, last)
        assert len(moved.blob) == moved.sizes.sum()
        again = StoredArticles(SEGMENT, moved.blob, np.cumsum(moved.sizes), bytes_of(dictionary))
        assert [again[number] for number in range(last - first)] == articles[first:last]


def test_a_dictionary_makes_them_smaller(dictionary: bytes) -> None:
    articles = articles_of(20)
    sizes = [int(Compressor(used).compress(articles).sizes.sum()) for used in (b"", dictionary)]
    assert sizes[1] < 0.9 * sizes[0]


@pytest.mark.parametrize(
    "articles", [[], [b"x"], [b""] * 3, articles_of(2)], ids=["none", "one", "empty", "two"]
)
def test_of_too_few_articles_there_is_no_dictionary(articles: list[bytes]) -> None:
    assert learn_dictionary(articles) == b""


def test_what_is_known_is_kept_unless_articles_teach_twice_as_much() -> None:
    few, many = articles_of(60), articles_of(3_000)
    known = learn_dictionary(few)
    assert len(known) > 0
    assert learn_dictionary(few, known) == known
    assert learn_dictionary([], known) == known
    learned = learn_dictionary(many, known)
    assert len(learned) > 2 * len(known)
    assert learn_dictionary(few, learned) == learned


def test_a_dictionary_is_bounded(dictionary: bytes) -> None:
    assert len(dictionary) <= 256 << 10


def test_threads_share_the_articles(dictionary: bytes) -> None:
    articles = articles_of(60)
    found = stored(articles, dictionary)
    wrong: list[int] = []

    def read(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(300):
            number = chance.randrange(len(articles))
            if found[number] != articles[number]:
                wrong.append(number)

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []


@pytest.mark.parametrize("learned", [False, True], ids=["without a dictionary", "with one"])
def test_damaged_bytes_are_said_to_be_damage_or_go_unseen(
    dictionary: bytes, learned: bool, seed: int
) -> None:
    chance = random.Random(seed)
    used = dictionary if learned else b""
    articles = articles_of(3)
    compressed = Compressor(used).compress(articles)
    whole = compressed.blob.tobytes()
    ends = np.cumsum(compressed.sizes, dtype=np.uint64)
    said = 0
    for at in (*range(20), *chance.sample(range(len(whole)), 100)):
        for bit in range(8):
            damaged = bytearray(whole)
            damaged[at] ^= 1 << bit
            found = StoredArticles(
                SEGMENT,
                bytes_of(damaged),
                ends,
                bytes_of(used),
            )
            for number in range(3):
                try:
                    found[number]
                except IndexDamaged as error:
                    said += 1
                    message = str(error)
                    if "depeche check" not in message or "\n" in message:
                        pytest.fail(message)
    assert said
