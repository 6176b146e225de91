"""Which engines are compared?

An engine is a module of this package with one or two of them; it imports its library inside functions, so
that this list can be read where nothing is installed.
"""

from __future__ import annotations

from collections.abc import Mapping

from peers import bm25s, depeche, kernel, sqlite_fts5, stock_whoosh, tantivy, xapian
from peers.engine import Engine

ENGINES: Mapping[str, Engine] = {
    engine.name: engine
    for engine in (
        depeche.ENGINE,
        kernel.ENGINE,
        tantivy.ENGINE,
        tantivy.FRENCH,
        sqlite_fts5.ENGINE,
        stock_whoosh.ENGINE,
        bm25s.ENGINE,
        xapian.ENGINE,
    )
}
