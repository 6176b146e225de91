"""How do articles become an index that can be searched while it is replaced?

    folders ─ index.articles ─▶ Article ─ index.analysis ─▶ tokens ─ index.schema ─▶ Whoosh document
                                                                                          │
                              index.store ◀─ a new generation, verified ─ index.building ◀┘

- `index.articles` reads files and puts their lines into zones.
- `index.analysis` turns a text into tokens, by what `index.french` knows of the language.
- `index.schema` says which fields a document has.
- `index.building` rebuilds and updates; `index.store` keeps the generations and swaps them.

This package knows nothing of queries.
"""
