"""What does the analysis know of French?

    folding       Which characters make a word, and when are two of them the same letter?
    known_words   Which words only join others, which are French, which are names?
    inclusive     What does "élu·e·s" stand for?
    cutting       Where does a word begin and end, and which parts has it?
    stems         Which forms are of one word?

Each rests on those above it, and `index.analysis` calls them in turn. Word lists stand under index/tables;
those that `index.lexicon` makes are large, and are looked up in place (index.word_table).

Invariants: how a word is read depends on nothing beside it; whether it is cut, joined or dropped never
depends on its accents. `index.fingerprint` covers this whole package: an index belongs to one of its states.
"""
