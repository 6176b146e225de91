"""Which engine answers? The one place of `web` that opens the index.

The engine is opened when the first request needs it, so that a server can start before its index
exists, and so that worker processes each open their own. While there is none, every request looks
again: an index that appears is served without a restart. Once open, the engine follows new
generations by itself.
"""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType

from index.store import current_name
from search import Engine, open_index


class EngineOpener:
    """Hands out one engine, shared by all threads of the process."""

    def __init__(self, index_path: Path) -> None:
        self._index_path = index_path
        self._lock = threading.Lock()
        self._engine: Engine | None = None

    def get(self) -> Engine:
        """Give the open engine, opening it if need be.

        Raises:
            IndexMissing, IndexOutdated, IndexDamaged: as `search.open_index` does, at each call
                until the index can be opened.
        """
        engine = self._engine
        if engine is not None:
            return engine
        with self._lock:
            if self._engine is None:
                self._engine = open_index(self._index_path)
            return self._engine

    def get_ready(self) -> Engine:
        """Return the engine if its index is still there. Raises: as `get`, also if the index was removed."""
        current_name(self._index_path)
        return self.get()

    def close(self) -> None:
        """Close the engine, if one was opened. A later `get` opens another."""
        with self._lock:
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()

    def __enter__(self) -> EngineOpener:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
