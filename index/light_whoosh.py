"""How is Whoosh imported by a command that ends a tenth of a second later?

Whoosh 2.7.4 imports a client for the web (urllib.request, and with it http, email and ssl) for a function
that it never calls, rules of English inflection for a query that Dépêche does not have, and the names of all
HTML characters for snippets that it does not make: together they take longer than the search. While `load`
imports Whoosh, stand-ins take their place.

Call it only while the process has one thread: no other code may import these modules meanwhile.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

_UNUSED = {"urllib.request": "urlretrieve", "whoosh.lang.morph_en": "variations", "html": "escape"}


def load() -> None:
    """Import the part of Whoosh that a search needs; what was imported before stays as it is."""
    stand_ins = [name for name in _UNUSED if name not in sys.modules]
    for name in stand_ins:
        stand_in = ModuleType(name)
        setattr(stand_in, _UNUSED[name], _refuse)
        sys.modules[name] = stand_in
    try:
        import_module("whoosh.query")
    finally:
        for name in stand_ins:
            del sys.modules[name]


def _refuse(*_: object, **__: object) -> None:
    raise RuntimeError("Whoosh was imported without this: see index/light_whoosh.py")
