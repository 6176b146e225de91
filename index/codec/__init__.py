"""How does an index lie on the disk, and how is it read an array at a time?

    sections    named arrays in one file, mapped into memory
     ├─ numbers, postings    where each term stands, in few bytes       kernels: the loops of a search,
     │                                                                  packing: those of a build, C or numpy
     ├─ terms                the sorted terms of a field
     ├─ lengths              the length of a text, in one byte
     └─ documents            the stored articles
    segment     all of this about some documents: a file that never changes
    merging     several segments become one
    whoosh_codec, whoosh_terms   the same for Whoosh: `whoosh.index.open_dir` opens it, its searchers read it

Nothing here knows French or what an article says: a stored article is opaque bytes. Nor is anything known of
the query language; but `kernels` also holds loops that only searches run, such as adding up scores, choosing
the best hits and comparing words. docs/index-format.md describes the bytes.
"""
