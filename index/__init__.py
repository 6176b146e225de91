"""How do articles become an index that can be searched while it is replaced?

    folders ─ articles ─▶ Article ─ batches ─▶ pieces, inversion ─▶ terms, postings ─ codec ─▶ segments
                                                                                                  │
                             store ◀─ a new generation, verified ◀─ few, large segments ◀─ tiers ─┘

- `index.building` rebuilds and updates: it runs all of this, and `index.store` swaps the generations.
- `index.articles` reads files and puts their lines into zones.
- `index.batches` has several processes turn batches of articles into segments (`index.codec`).
- `index.analysis` turns a text into tokens, by what `index.french` knows of the language; builds analyse
  each different piece of text once (`index.pieces`, `index.inversion`).
- `index.schema` says which fields a document has.

This package knows nothing of queries.
"""
