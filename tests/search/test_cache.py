"""What is kept is what was used last, in bounded room, whoever asks at once."""

from __future__ import annotations

import random
import threading
from typing import Any

from search.cache import RecentlyUsed
from search.queries import OneTerm


def cache_of(limit_bytes: int) -> RecentlyUsed[str]:
    return RecentlyUsed(limit_bytes, len)


def test_what_is_asked_for_again_stays() -> None:
    cache = cache_of(8)
    cache.put("a", "aa")
    for key in "bcdefgh":
        assert cache.get("a") == "aa"
        cache.put(key, key * 2)
    assert cache.get("b") is None
    assert cache.get("h") == "hh"


def test_what_is_too_large_is_not_kept() -> None:
    cache = cache_of(8)
    cache.put("large", "x" * 5)
    assert cache.get("large") is None
    cache.put("half", "x" * 4)
    assert cache.get("half") == "xxxx"


def test_a_value_put_twice_counts_once() -> None:
    cache = cache_of(8)
    for _ in range(10):
        cache.put("a", "aa")
    cache.put("b", "bb")
    assert (cache.get("a"), cache.get("b")) == ("aa", "bb")


def test_a_value_that_two_threads_read_pushes_nothing_out() -> None:
    """Put again into a full half, it made all others old, and then forgotten."""
    cache = cache_of(4)
    for key in "abb":
        cache.put(key, key * 2)
    assert (cache.get("a"), cache.get("b")) == ("aa", "bb")


def test_entries_without_contents_count_too(open_articles: Any) -> None:
    snapshot = open_articles(["La paix"])._snapshot
    for number in range(100_000):
        snapshot.remember(("nothing", str(number)), tuple)
    assert len(snapshot._words._young) + len(snapshot._words._old) < 30_000


def test_a_tree_in_a_tuple_counts_as_a_tree(open_articles: Any) -> None:
    snapshot = open_articles(["La paix"])._snapshot
    for number in range(20_000):
        snapshot.remember(("pair", str(number)), lambda: (OneTerm([]),))
    assert len(snapshot._words._young) + len(snapshot._words._old) < 3_000


def test_never_more_than_the_limit_is_held_by_many_threads(seed: int) -> None:
    cache = cache_of(200)
    wrong: list[str] = []

    def work(chance: random.Random) -> None:
        for _ in range(3_000):
            key = str(chance.randrange(100))
            found = cache.get(key)
            if found is None:
                cache.put(key, key * 5)
            elif found != key * 5:
                wrong.append(found)
            if sum(map(len, [*cache._young.values(), *cache._old.values()])) > 200:
                wrong.append("too much")

    threads = [threading.Thread(target=work, args=(random.Random(seed + at),)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
