"""What does a query mean over this index?

The tree of search.syntax says how a query is built; `interpret` resolves its words in the vocabulary
of one generation and gives the query to evaluate, the rules that mark words in a text, and what
people are told about it: how the query was read, what was left out, what else a word stood for.

How words side by side are read:
- plain words select together: articles that have all of them first, then the others, and the more
  words the better; in a question each counts for what it is worth, and no article has to have all;
- quotation marks, `=`, `+`, brackets and `titre:` are demands, and plain words beside them only rank;
- `source:`, `auteur:` and `date:` are filters;
- once `ET`, `OU` or `SAUF` was used, all neighbouring words are demands, as they are in what is left out;
- function words are left out, unless a `+` insists; alone they are searched as they are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from whoosh import query

from index.schema import ARTICLE_ZONES
from search import leaves, phrases, syntax
from search.marking import Mark
from search.notes import Notes
from search.parser import parse, readable
from search.queries import AnyWord
from search.questions import ASKING_WEIGHT, asking, is_question
from search.results import Expansion, Ignored
from search.snapshot import Snapshot
from search.terms import combine
from search.units import Unit, units
from search.vocabulary import Vocabulary

_Typed = tuple[Unit, Unit | None]  # a word, and the compound of the index that it is typed apart from
_SPELLINGS = syntax.Prefix | syntax.Fuzzy  # these stand for words, and select as words do


class Interpretation(NamedTuple):
    """A query, understood. `query` selects nothing where nothing is left to search."""

    query: query.Query
    marks: tuple[Mark, ...]
    described: str
    ignored: tuple[Ignored, ...]
    expansions: tuple[Expansion, ...]


EVERYTHING = Interpretation(query.Every(), (), "tous les articles", (), ())


def interpret(snapshot: Snapshot, text: str) -> Interpretation:
    """Understand what was typed.

    Raises:
        LimitExceeded: see search.parser.parse.
    """
    text = readable(text)
    parsed = parse(text)
    notes = Notes(parsed.tree, list(parsed.ignored))
    tree = _Tree(notes, Vocabulary(snapshot, ARTICLE_ZONES), parsed.explicit, is_question(text))
    understood = tree.node(parsed.tree) if parsed.tree else None
    return Interpretation(
        understood.query if understood else query.NullQuery,
        tuple(notes.marks),
        understood.described if understood else "",
        tuple(notes.ignored),
        tuple(dict.fromkeys(notes.expansions)),
    )


class _Understood(NamedTuple):
    """A part of a query: what it selects, and how that is described.

    `loose` if its description has several parts and needs brackets inside another.
    """

    query: query.Query
    described: str
    loose: bool = False

    @property
    def inside(self) -> str:
        """Its description as a part of another."""
        return f"({self.described})" if self.loose else self.described


class _Tree(NamedTuple):
    """The nodes of one query.

    If `explicit`, words side by side are all demands; in a `question`, articles with all words do not come
    first.
    """

    notes: Notes
    vocabulary: Vocabulary
    explicit: bool
    question: bool

    def node(self, node: syntax.Node) -> _Understood | None:
        """Understand one node; None where nothing of it can be searched."""
        match node:
            case syntax.Words(text):
                return self._words([text], alone=True)
            case syntax.Form(text):
                return _told(
                    leaves.form_query(self.notes, self.vocabulary, text), f"exactement « {text.strip()} »"
                )
            case syntax.Prefix(text):
                return _told(leaves.prefix_query(self.notes, self.vocabulary, text), f"mots en « {text}… »")
            case syntax.Fuzzy(text, distance):
                fuzzy = leaves.fuzzy_query(self.notes, self.vocabulary, text, distance)
                return _told(fuzzy, f"mots proches de « {text} »")
            case syntax.Phrase(text, slop):
                near = f" à {slop} mots près" if slop is not None else ""
                phrase = phrases.phrase_query(self.notes, self.vocabulary, text, slop)
                return _told(phrase, f"« {text.strip()} »{near}")
            case syntax.Period(text, low, high):
                return _Understood(query.NumericRange("date", low, high), f"date : {text}")
            case syntax.InField(name, inner):
                return self._in_field(syntax.FIELDS[name], inner)
            case syntax.Clauses():
                return self._sequence(node)
            case syntax.Both(nodes):
                return self._join(nodes, query.And, " et ")
            case syntax.Either(nodes):
                return self._join(nodes, query.Or, " ou ")
            case syntax.Without(inner, excluded):
                kept = self.node(inner) if inner else None
                return None if inner and not kept else self._without(kept, [excluded])

    def _words(self, texts: Sequence[str], *, alone: bool = False) -> _Understood | None:
        """Read plain words: the content words select, and a doubtful function word at most ranks.

        Where they are `alone`, with nothing else to search, function words are searched as written: "la une".
        """
        words = [pair for text in texts for pair in leaves.words_of(self.notes, self.vocabulary, text)]
        content, doubtful = self._content(words)
        compounds = list(dict.fromkeys(compound for _, compound in words if compound))
        if not content and not compounds:
            return self._function_words([word for word, _ in words], alone)
        whole = {
            compound: leaves.compound_query(self.notes, self.vocabulary, compound) for compound in compounds
        }
        selecting = self._selecting(content, whole)
        searched = {word for word, _ in content}
        named = [compound or word for word, compound in words if compound or word in searched]
        told = list(dict.fromkeys(word.typed for word in named))
        if self.explicit:
            held = [compound for _, compound in content]
            apart = [found for compound, found in whole.items() if all(compound is not each for each in held)]
            demanded = combine(query.And, [*selecting, *apart])
            return _Understood(demanded, " et ".join(told), loose=len(told) > 1)
        if self.question:
            selecting = _weighted(selecting, [word for word, _ in words], [word for word, _ in content])
        as_typed = phrases.as_typed_query(self.vocabulary, " ".join(texts))
        ranked = self._ranked(selecting, [word for word, _ in content], doubtful, as_typed)
        selected, listed = [*ranked, *whole.values()], ", ".join(told)
        if len(told) < 2:
            return _Understood(combine(AnyWord, selected), listed)
        if self.question:
            return _Understood(combine(query.Or, selected), f"question sur : {listed}", loose=True)
        return _Understood(combine(AnyWord, selected), f"tous ces mots d’abord : {listed}", loose=True)

    def _content(self, words: Sequence[_Typed]) -> tuple[list[_Typed], list[Unit]]:
        """Return the words that select, and those that may be function words and at most rank.

        If there are no others, the latter select: "sur" alone may be "sûr"; but "de la" says nothing, nor
        does "la" in "la ET guerre".
        """
        content = [pair for pair in words if leaves.is_content(self.vocabulary, *pair)]
        doubtful = [word for word, _ in words if word.may_be_function_word]
        if content or any(compound for _, compound in words):
            return content, doubtful
        weak = len(words) > 1 or self.explicit
        known = [word for word in doubtful if self.vocabulary.resolve(word.token.fold).stems]
        return [(word, None) for word in known if not (word.is_function_word and weak)], []

    def _function_words(self, words: Sequence[Unit], alone: bool) -> _Understood | None:
        """Search function words by themselves as they are written, or say why they are not searched."""
        plain = all(word.is_plain_function_word for word in words)
        if words and plain and alone and not (self.explicit or self.notes.silent):
            written = " ".join(word.typed for word in words)
            return _told(phrases.phrase_query(self.notes, self.vocabulary, written, None), f"« {written} »")
        for word in words:
            if word.is_plain_function_word:
                insist = f"mot-outil : cherchez « +{word.typed} » ou une expression entre guillemets"
                self.notes.ignore(word.typed, insist, "function word")
            else:
                self.notes.ignore_absent(word.typed)
        return None

    def _selecting(self, content: Sequence[_Typed], whole: Mapping[Unit, query.Query]) -> list[query.Query]:
        """Give what each word selects, by itself or in its compound."""
        alone = len(content) == 1
        found = [leaves.word_query(self.notes, self.vocabulary, word, alone=alone) for word, _ in content]
        return [
            self._either(each, whole[compound]) if compound else each
            for each, (_, compound) in zip(found, content, strict=True)
        ]

    def _either(self, part: query.Query, whole: query.Query) -> query.Query:
        """Let a compound stand for its part; among demands, articles with the compound come first."""
        either = query.DisjunctionMax([part, whole])
        return AnyWord([either, whole]) if self.explicit else either

    def _ranked(
        self,
        selecting: Sequence[query.Query],
        words: Sequence[Unit],
        doubtful: Sequence[Unit],
        as_typed: Sequence[query.Query],
    ) -> list[query.Query]:
        """Add what only ranks: words near each other, all as typed, and what may be function words ("sûr").

        It is added to each word, not to their sum, so that no article with some of the words outranks one
        with all. So each word gets an equal share of the doubtful ones; all words as typed go to the first.
        """
        share = 1 / max(len(words), 1)
        beside = [
            query.Or([leaves.word_query(self.notes, self.vocabulary, word)], boost=share)
            for word in doubtful
            if not word.is_function_word and self.vocabulary.resolve(word.token.fold).stems
        ]
        near = phrases.near_queries(self.vocabulary, list(words))
        for first in near[:1]:
            first.extend(as_typed)
        return [
            query.AndMaybe(found, combine(query.Or, [*beside, *after])) if beside or after else found
            for found, after in zip(selecting, near, strict=True)
        ]

    def _in_field(self, field: syntax.Field, inner: syntax.Node) -> _Understood | None:
        inside = self._replace(vocabulary=self.vocabulary.in_zones(field.zones))
        if field.of_names and isinstance(inner, syntax.Words):
            names = [leaves.name_query(inside.vocabulary, word) for word in units(inner.text)]
            everyone = combine(query.And, names) if names else None
            return _told(everyone, f"{field.label} : {inner.text.strip()}")
        understood = inside.node(inner)
        return understood and _Understood(understood.query, f"{field.label} : {understood.inside}")

    def _sequence(self, node: syntax.Clauses) -> _Understood | None:
        """Read clauses side by side: filters narrow, demands select, the rest selects or ranks."""
        filters = [self.node(part) for part in node.wanted if _is_filter(part)]
        demands = [self._required(part) for part in node.required]
        demands += [self.node(part) for part in node.wanted if is_demand(part)]
        texts = [part.text for part in node.wanted if isinstance(part, syntax.Words)]
        spelt = [part for part in node.wanted if isinstance(part, _SPELLINGS)]
        wanted = [self._words(texts, alone=not (demands or spelt)) if texts else None]
        wanted += [self.node(part) for part in spelt]
        if self.explicit:
            demands, wanted = [*demands, *wanted], []
        selected = _all_of(demands)
        preferred = _any_of(wanted)
        if selected and preferred:
            selected = _Understood(
                query.AndMaybe(selected.query, preferred.query),
                f"{selected.inside}, de préférence {preferred.inside}",
                loose=True,
            )
        kept = _all_of([selected or preferred, *filters])
        if not node.excluded or (kept is None and (node.required or node.wanted)):
            return kept
        return self._without(kept, node.excluded)

    def _required(self, node: syntax.Node) -> _Understood | None:
        if isinstance(node, syntax.Words):
            demanded = leaves.as_written_query(self.notes, self.vocabulary, node.text)
            words = [unit.typed for unit in units(node.text)]
            return demanded and _Understood(demanded, " et ".join(words), loose=len(words) > 1)
        if isinstance(node, syntax.InField):  # "+titre:mot" is "titre:(+mot)"
            return self._in_field(syntax.FIELDS[node.field], syntax.Clauses((node.node,), (), ()))
        return self.node(node)

    def _without(self, kept: _Understood | None, nodes: Iterable[syntax.Node]) -> _Understood | None:
        before, self.notes.silent = self.notes.silent, True
        strict = self._replace(explicit=True)  # "-(coupe du monde)" leaves other cups in, and the world
        excluded = [part for node in nodes if (part := strict.node(node))]
        self.notes.silent = before
        if not excluded:
            return kept
        base = kept or _Understood(EVERYTHING.query, EVERYTHING.described)
        told = " ni ".join(part.inside for part in excluded)
        without = combine(query.Or, [part.query for part in excluded])
        return _Understood(query.AndNot(base.query, without), f"{base.inside}, sauf {told}", loose=True)

    def _join(self, nodes: Iterable[syntax.Node], kind: type[query.Query], told: str) -> _Understood | None:
        parts = [part for node in nodes if (part := self.node(node))]
        if len(parts) < 2:
            return parts[0] if parts else None
        return _Understood(
            kind([part.query for part in parts]), told.join(part.inside for part in parts), True
        )


def _weighted(
    selecting: Sequence[query.Query], words: Sequence[Unit], content: Sequence[Unit]
) -> list[query.Query]:
    """Let the words of a question that ask ("quel est le nom") count for less."""
    asks = asking(words)
    return [
        query.Or([found], boost=ASKING_WEIGHT) if word in asks else found
        for found, word in zip(selecting, content, strict=True)
    ]


def _told(understood: query.Query | None, described: str) -> _Understood | None:
    return None if understood is None else _Understood(understood, described)


def _is_filter(node: syntax.Node) -> bool:
    in_names = isinstance(node, syntax.InField) and syntax.FIELDS[node.field].of_names
    return in_names or isinstance(node, syntax.Period)


def is_demand(node: syntax.Node) -> bool:
    """Say whether a clause has to be there, without a sign before it."""
    return not (isinstance(node, syntax.Words | _SPELLINGS) or _is_filter(node))


def _all_of(parts: Iterable[_Understood | None]) -> _Understood | None:
    found = [part for part in parts if part]
    if len(found) < 2:
        return found[0] if found else None
    return _Understood(
        query.And([part.query for part in found]), " et ".join(part.inside for part in found), loose=True
    )


def _any_of(parts: Iterable[_Understood | None]) -> _Understood | None:
    """Let parts select together, as words side by side do."""
    found = [part for part in parts if part]
    if len(found) < 2:
        return found[0] if found else None
    flat: list[query.Query] = []
    for part in found:
        flat.extend(part.query.subqueries if isinstance(part.query, AnyWord) else [part.query])
    return _Understood(AnyWord(flat), ", ".join(part.described for part in found), loose=True)
