"""How is tantivy asked? Twice: over the shared tokens, and over the text with its own French analysis.

The shared tokens are split at blanks and give answers that can be compared. Its own analysis is what
someone who takes tantivy would use; `page` is measured there, because its snippets need the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from peers.engine import CLASSES, PAGE, PAGE_LENGTH, Answer, Engine, Formula, Query, lucene_idf
from peers.lines import read_lines, whole_text

_HEAP_BYTES = 512_000_000  # for all threads; the more, the fewer segments
_DISTANCE = 1  # edits of a fuzzy word
_SNIPPET_CHARS = 240  # as long as Dépêche's


def build_shared(corpus: Path, folder: Path, threads: int) -> None:
    """Index the shared tokens; the text is stored beside them."""
    _build(((record, record["tokens"]) for record in read_lines(corpus)), folder, threads)


def build_french(corpus: Path, folder: Path, threads: int) -> None:
    """Index and store the text, with tantivy's French stemmer."""
    _build(((record, None) for record in read_lines(corpus)), folder, threads)


def _build(records: Iterator[tuple[dict[str, Any], str | None]], folder: Path, threads: int) -> None:
    from tantivy import Document, Index

    folder.mkdir(parents=True)
    index = Index(_schema(), path=str(folder))
    _register(index)
    writer = index.writer(_HEAP_BYTES, threads)
    for record, tokens in records:
        document = Document()
        document.add_unsigned("number", int(record["id"]))
        document.add_text("source", record["source"])
        document.add_integer("date", date.fromisoformat(record["date"]).toordinal())
        document.add_bytes("title", record["title"].encode())
        if tokens is None:
            document.add_text("french", whole_text(record))
        else:
            document.add_bytes("stored", record["text"].encode())
            document.add_text("tokens", tokens)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def _schema() -> Any:
    """Describe the fields; what a document does not have costs nothing."""
    from tantivy import SchemaBuilder

    builder = SchemaBuilder()
    builder.add_unsigned_field("number", stored=True, fast=True)
    builder.add_integer_field("date", stored=True, fast=True)
    builder.add_text_field("source", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("title", stored=True)  # a field of text cannot be stored without being indexed
    builder.add_bytes_field("stored", stored=True)
    builder.add_text_field("tokens", tokenizer_name="blanks", index_option="position")
    builder.add_text_field("french", stored=True, tokenizer_name="french", index_option="position")
    return builder.build()


def _register(index: Any) -> None:
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    blanks = TextAnalyzerBuilder(Tokenizer.whitespace())
    french = TextAnalyzerBuilder(Tokenizer.simple())
    # Stemmed before the accents are taken off: its French is best so.
    for each in (
        Filter.lowercase(),
        Filter.stopword("french"),
        Filter.stemmer("french"),
        Filter.ascii_fold(),
    ):
        french = french.filter(each)
    index.register_tokenizer("blanks", blanks.build())
    index.register_tokenizer("french", french.build())


class Searcher:
    """A tantivy index, open."""

    def __init__(self, folder: Path) -> None:
        from tantivy import Index, Occur, SnippetGenerator
        from tantivy import Query as Tree

        # Imported once, not at each query: that takes as long as a rare word does.
        self._trees, self._must, self._should = Tree, Occur.Must, Occur.Should
        self._snippets = SnippetGenerator
        self._index = Index.open(str(folder))
        _register(self._index)
        self._index.reload()
        self._schema = self._index.schema
        self._searcher = self._index.searcher()

    def ask(self, query: Query) -> Any:
        """Search, with the exact count."""
        order = "date" if query.newest else None
        return self._searcher.search(
            self._tree(query), PAGE_LENGTH, offset=query.offset, order_by_field=order
        )

    def _tree(self, query: Query) -> Any:
        trees = self._trees
        match query.kind:
            case "term":
                tree = self._term("tokens", query.terms[0])
            case "phrase":
                tree = trees.phrase_query(self._schema, "tokens", list(query.terms))
            case "prefix":
                tree = trees.regex_query(self._schema, "tokens", f"{query.terms[0]}.*")
            case "fuzzy":
                tree = trees.fuzzy_term_query(self._schema, "tokens", query.terms[0], _DISTANCE)
            case "and" | "or":
                occur = self._must if query.kind == "and" else self._should
                tree = trees.boolean_query([(occur, self._term("tokens", term)) for term in query.terms])
            case _:
                raise ValueError(query.kind)
        if query.source is None:
            return tree
        source = self._term("source", query.source)
        return trees.boolean_query([(self._must, tree), (self._must, source)])

    def _term(self, field: str, term: str) -> Any:
        return self._trees.term_query(self._schema, field, term, "freq" if field == "tokens" else "basic")

    def read(self, query: Query, asked: Any) -> Answer:
        """Load the numbers of the hits."""
        hits = tuple(self._searcher.doc(address)["number"][0] for _, address in asked.hits)
        return Answer(hits, asked.count)

    def page(self, typed: str) -> int:
        """Parse, search, load and cut snippets, each with its marks."""
        _, shown = self._shown(typed)
        return sum(
            bool(document["title"] and snippet.fragment() and snippet.highlighted())
            for document, snippet in shown
        )

    def hits(self, typed: str) -> tuple[int, list[dict[str, str]]]:
        """Give how many articles are found, and the first with their titles and snippets."""
        found, shown = self._shown(typed.replace("'", " "))  # which it takes for a quotation mark
        return found, [
            {"title": document["title"][0].decode(), "html": snippet.to_html()} for document, snippet in shown
        ]

    def _shown(self, typed: str) -> tuple[int, Iterator[tuple[Any, Any]]]:
        tree = self._index.parse_query(typed, ["french"])
        generator = self._snippets.create(self._searcher, tree, self._schema, "french")
        generator.set_max_num_chars(_SNIPPET_CHARS)
        asked = self._searcher.search(tree, PAGE_LENGTH)
        documents = (self._searcher.doc(address) for _, address in asked.hits)
        return asked.count, ((document, generator.snippet_from_doc(document)) for document in documents)

    def close(self) -> None:
        """Nothing has to be closed."""


ENGINE = Engine(
    name="tantivy",
    distributions=("tantivy",),
    modules=("tantivy",),
    tokens="shared",
    classes=frozenset(CLASSES) - {PAGE},
    build=build_shared,
    open=Searcher,
    # A length is kept as one of 256, of which eight lie between a power of two and the next.
    formula=Formula(lucene_idf, length_error=1 / 8, expansion="unscored"),
    threads=(1, 2),
)
FRENCH = Engine(
    name="tantivy-french",
    distributions=("tantivy",),
    modules=("tantivy",),
    tokens="own",
    classes=frozenset({PAGE}),
    build=build_french,
    open=Searcher,
    formula=None,
    threads=(1, 2),
    corpus="articles",
)
