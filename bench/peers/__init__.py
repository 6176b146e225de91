"""How does Dépêche stand beside the search engines that its users could take instead?

    CORPUS.jsonl.gz ─ corpus ─▶ the same articles and the same tokens for everybody
                                     │
         queries ◀───────────────────┼──────────────▶ oracle: the right answers, by brute force
            │                        ▼                    │
            └──▶ worker: one process builds, one searches │
                     (an engine module each)              ▼
                              └──────── answers, then times ──▶ judging ─▶ one run, as JSON

`bench/compare.py` is the command, `bench/report.py` reads what it stored. Each engine is one module that
offers an `ENGINE` (peers.engine); `peers.engines` lists them. Answers are compared before times: a time
of an engine that answers something else is not kept.
"""
