"""Which results are kept in memory?

A cache of bounded bytes for one generation. It is two dictionaries: what is asked for goes into the young
one, and when that is full it becomes the old one, whose contents are forgotten unless they are asked for
again. So what is used stays and what is not goes, as in a cache that keeps an order, but a hit in the young
dictionary takes no lock; one in the old dictionary is moved, under the lock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_T = TypeVar("_T")


class RecentlyUsed(Generic[_T]):
    """Values of at most `limit_bytes` in all; any number of threads may use it."""

    def __init__(self, limit_bytes: int, size_bytes: Callable[[_T], int]) -> None:
        self._half = limit_bytes // 2
        self._size_bytes = size_bytes
        self._young: dict[Hashable, _T] = {}
        self._old: dict[Hashable, _T] = {}
        self._held = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> _T | None:
        """Give a value that is held, or None."""
        found = self._young.get(key)
        if found is None:
            found = self._old.get(key)
            if found is not None:
                self.put(key, found)
        return found

    def put(self, key: Hashable, value: _T) -> None:
        """Hold a value, if it is not larger than half the cache."""
        size = self._size_bytes(value)
        if size > self._half:
            return
        with self._lock:
            if key in self._young:
                return  # another thread read it at the same time
            if self._held + size > self._half:
                self._old, self._young, self._held = self._young, {}, 0
            self._young[key] = value
            self._held += size
