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

from collections.abc import Iterable
from typing import NamedTuple

from whoosh import query

from index.schema import ARTICLE_ZONES, NAME_FIELDS
from search import leaves, syntax
from search.guesses import ABSENT
from search.marking import Mark
from search.parser import parse, readable
from search.queries import AnyWord
from search.questions import ASKING_WEIGHT, asking, is_question
from search.reader import Reader, Zones
from search.results import Expansion, Ignored
from search.snapshot import Snapshot
from search.terms import one_or
from search.units import Unit, units

_SPELLINGS = syntax.Prefix | syntax.Fuzzy  # a word, but for its spelling: they select as words do


class Interpretation(NamedTuple):
    """A query, understood. `query` selects nothing where nothing is left to search."""

    query: query.Query
    marks: tuple[Mark, ...]
    described: str
    ignored: tuple[Ignored, ...]
    expansions: tuple[Expansion, ...]


def interpret(snapshot: Snapshot, text: str) -> Interpretation:
    """Understand what was typed.

    Raises:
        LimitExceeded: see search.parser.parse.
    """
    text = readable(text)
    parsed = parse(text)
    reader = Reader(snapshot, parsed.tree, list(parsed.ignored))
    tree = _Tree(reader, parsed.explicit, is_question(text))
    understood = tree.node(parsed.tree, ARTICLE_ZONES) if parsed.tree else None
    return Interpretation(
        understood.query if understood else query.NullQuery,
        tuple(reader.marks),
        understood.described if understood else "",
        tuple(reader.ignored),
        tuple(dict.fromkeys(reader.expansions)),
    )


class _Understood(NamedTuple):
    """A part of a query: what it selects, how it is told.

    `loose` where it is told in several pieces, which have to be held together by brackets inside another.
    """

    query: query.Query
    described: str
    loose: bool = False

    @property
    def inside(self) -> str:
        """How it is told as a part of something else."""
        return f"({self.described})" if self.loose else self.described


class _Tree(NamedTuple):
    """The nodes of one query.

    Words side by side are all demands where it is `explicit`; in a `question` none comes before the others.
    """

    reader: Reader
    explicit: bool
    question: bool

    def node(self, node: syntax.Node, zones: Zones) -> _Understood | None:
        """Understand one node; None where nothing of it can be searched."""
        match node:
            case syntax.Words(text):
                return self._words([text], zones, alone=True)
            case syntax.Form(text):
                return _told(leaves.form_query(self.reader, text, zones), f"exactement « {text.strip()} »")
            case syntax.Prefix(text):
                return _told(leaves.prefix_query(self.reader, text, zones), f"mots en « {text}… »")
            case syntax.Fuzzy(text, distance):
                fuzzy = leaves.fuzzy_query(self.reader, text, distance, zones)
                return _told(fuzzy, f"mots proches de « {text} »")
            case syntax.Phrase(text, slop):
                near = f" à {slop} mots près" if slop is not None else ""
                phrase = leaves.phrase_query(self.reader, text, slop, zones)
                return _told(phrase, f"« {text.strip()} »{near}")
            case syntax.Period(text, low, high):
                return _Understood(query.NumericRange("date", low, high), f"date : {text}")
            case syntax.InField(name, inner):
                return self._in_field(name, inner)
            case syntax.Sequence():
                return self._sequence(node, zones)
            case syntax.Both(nodes):
                return self._join(nodes, zones, query.And, " et ")
            case syntax.Either(nodes):
                return self._join(nodes, zones, query.Or, " ou ")
            case syntax.Without(inner, excluded):
                kept = self.node(inner, zones) if inner else None
                return None if inner and not kept else self._without(kept, [excluded], zones)

    def _words(self, texts: Iterable[str], zones: Zones, *, alone: bool = False) -> _Understood | None:
        """Read plain words: the content words select, and a doubtful function word at most ranks.

        Where they are `alone`, with nothing else to search, function words are searched as written: "la une".
        """
        reader = self.reader
        words = [pair for text in texts for pair in leaves.words_of(reader, text, zones)]
        content = [pair for pair in words if leaves.is_content(reader, *pair, zones)]
        doubtful = [word for word, _ in words if word.may_be_function_word]
        compounds = list(dict.fromkeys(compound for _, compound in words if compound))
        if not content and not compounds:
            content = [
                (word, None)
                for word in doubtful
                if reader.resolve(word, zones).stems
                and not (word.is_function_word and (len(words) > 1 or self.explicit))
            ]  # "sur" alone may be "sûr"; "de la" says nothing, nor does "la" in "la ET guerre"
            doubtful = []
        quoted = alone and not (self.explicit or reader.silent or content or compounds)
        if quoted and words and all(word.is_plain_function_word for word, _ in words):
            written = " ".join(word.typed for word, _ in words)
            return _told(leaves.phrase_query(reader, written, None, zones), f"« {written} »")
        if not content and not compounds:
            for word, _ in words:
                insist = f"mot-outil : cherchez « +{word.typed} » ou une expression entre guillemets"
                reader.ignore(word.typed, insist if word.is_plain_function_word else ABSENT)
            return None
        whole = {compound: leaves.compound_query(reader, compound, zones) for compound in compounds}
        selecting = [leaves.word_query(reader, word, zones, alone=len(content) == 1) for word, _ in content]
        selecting = [
            self._either(found, whole[compound]) if compound else found
            for found, (_, compound) in zip(selecting, content, strict=True)
        ]
        if self.question:
            asks = asking([word for word, _ in words])
            selecting = [
                query.Or([found], boost=ASKING_WEIGHT) if word in asks else found
                for found, (word, _) in zip(selecting, content, strict=True)
            ]
        searched = {word for word, _ in content}
        told = list(
            dict.fromkeys((pair[1] or pair[0]).typed for pair in words if pair[1] or pair[0] in searched)
        )
        if self.explicit:
            selecting += [
                whole[compound] for compound in compounds if not any(c is compound for _, c in content)
            ]
            return _Understood(one_or(query.And, selecting), " et ".join(told), loose=len(told) > 1)
        # What only ranks is added to the words, not to their sum: there it could lift an article that
        # has some of the words above one that has them all.
        beside = self._ranking(doubtful, 1 / max(len(content), 1), zones)
        near = leaves.near_queries(reader, [word for word, _ in content], zones)
        ranked = [
            query.AndMaybe(found, one_or(query.Or, [*beside, *after])) if beside or after else found
            for found, after in zip(selecting, near, strict=True)
        ]
        listed = ", ".join(told)
        selected = [*ranked, *whole.values()]
        if len(told) < 2:
            return _Understood(one_or(AnyWord, selected), listed)
        if self.question:
            return _Understood(one_or(query.Or, selected), f"question sur : {listed}", loose=True)
        return _Understood(one_or(AnyWord, selected), f"tous ces mots d’abord : {listed}", loose=True)

    def _either(self, part: query.Query, whole: query.Query) -> query.Query:
        """Let a compound stand for a part of it; among demands, what has the compound comes first."""
        either = query.DisjunctionMax([part, whole])
        return AnyWord([either, whole]) if self.explicit else either

    def _ranking(self, doubtful: Iterable[Unit], share: float, zones: Zones) -> list[query.Query]:
        """Let "sûr" rank: beside other words a word that may be a function word selects nothing.

        `share` of what it is worth falls to each of those words.
        """
        return [
            query.Or([leaves.word_query(self.reader, word, zones)], boost=share)
            for word in doubtful
            if not word.is_function_word and self.reader.resolve(word, zones).stems
        ]

    def _in_field(self, name: syntax.FieldName, inner: syntax.Node) -> _Understood | None:
        zones = syntax.FIELD_ZONES[name]
        if name in NAME_FIELDS and isinstance(inner, syntax.Words):
            names = [leaves.name_query(self.reader, word, zones) for word in units(inner.text)]
            if not names:
                return None
            whole = one_or(query.And, names)
            return _Understood(whole, f"{syntax.FIELD_LABELS[name]} : {inner.text.strip()}")
        understood = self.node(inner, zones)
        return understood and _Understood(
            understood.query, f"{syntax.FIELD_LABELS[name]} : {understood.inside}"
        )

    def _sequence(self, node: syntax.Sequence, zones: Zones) -> _Understood | None:
        """Read clauses side by side: filters narrow, demands select, the rest selects or ranks."""
        filters = [self.node(part, zones) for part in node.wanted if _is_filter(part)]
        demands = [self._required(part, zones) for part in node.required]
        demands += [self.node(part, zones) for part in node.wanted if is_demand(part)]
        texts = [part.text for part in node.wanted if isinstance(part, syntax.Words)]
        spelt = [part for part in node.wanted if isinstance(part, _SPELLINGS)]
        wanted = [self._words(texts, zones, alone=not (demands or spelt)) if texts else None]
        wanted += [self.node(part, zones) for part in spelt]
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
        return self._without(kept, node.excluded, zones)

    def _required(self, node: syntax.Node, zones: Zones) -> _Understood | None:
        if isinstance(node, syntax.Words):
            demanded = leaves.as_written_query(self.reader, node.text, zones)
            words = [unit.typed for unit in units(node.text)]
            return demanded and _Understood(demanded, " et ".join(words), loose=len(words) > 1)
        if isinstance(node, syntax.InField):  # "+titre:mot" is "titre:(+mot)"
            return self._in_field(node.field, syntax.Sequence((node.node,), (), ()))
        return self.node(node, zones)

    def _without(
        self, kept: _Understood | None, nodes: Iterable[syntax.Node], zones: Zones
    ) -> _Understood | None:
        before, self.reader.silent = self.reader.silent, True
        strict = self._replace(explicit=True)  # "-(coupe du monde)" leaves other cups in, and the world
        excluded = [part for node in nodes if (part := strict.node(node, zones))]
        self.reader.silent = before
        if not excluded:
            return kept
        base = kept or _Understood(query.Every(), "tous les articles")
        told = " ni ".join(part.inside for part in excluded)
        without = one_or(query.Or, [part.query for part in excluded])
        return _Understood(query.AndNot(base.query, without), f"{base.inside}, sauf {told}", loose=True)

    def _join(
        self, nodes: Iterable[syntax.Node], zones: Zones, kind: type[query.Query], told: str
    ) -> _Understood | None:
        parts = [part for node in nodes if (part := self.node(node, zones))]
        if len(parts) < 2:
            return parts[0] if parts else None
        return _Understood(
            kind([part.query for part in parts]), told.join(part.inside for part in parts), True
        )


def _told(understood: query.Query | None, described: str) -> _Understood | None:
    return None if understood is None else _Understood(understood, described)


def _is_filter(node: syntax.Node) -> bool:
    return isinstance(node, syntax.Period) or (isinstance(node, syntax.InField) and node.field in NAME_FIELDS)


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
