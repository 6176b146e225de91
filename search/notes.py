"""What does reading a query give besides the query?

What people are to be told on the way, and which words a text is to have marked, is collected in `Notes`,
one for each query; search.leaves reads the words with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from index.errors import LimitExceeded
from search.marking import Mark
from search.parser import parse
from search.results import Expansion, ExpansionKind, Ignored, IgnoredKind
from search.syntax import MAX_GUESSED_WORDS, Node
from search.writing import write


@dataclass(slots=True)
class Notes:
    """Marks and messages, collected while a query is read.

    In an exclusion (`silent`) nothing is marked or guessed; words that the index lacks are still reported.
    """

    tree: Node | None
    ignored: list[Ignored]
    marks: list[Mark] = field(default_factory=list)
    expansions: list[Expansion] = field(default_factory=list)
    silent: bool = False
    guessed: set[str] = field(default_factory=set)
    room: bool | None = None  # for signs more; None until somebody asks

    def mark(self, mark: Mark) -> None:
        """Have words marked in the texts found."""
        if not self.silent:
            self.marks.append(mark)

    def ignore_absent(self, text: str) -> None:
        """Say that the index does not have a word."""
        self.ignore(text, "absent de l’index", "absent")

    def ignore(self, text: str, reason: str, kind: IgnoredKind = "other") -> None:
        """Say that a piece of the query was not used as typed."""
        ignored = Ignored(text, reason, kind)
        if ignored not in self.ignored:
            self.ignored.append(ignored)

    def announce(self, typed: str, forms: Iterable[str], kind: ExpansionKind) -> None:
        """Say that other words than the one typed are searched too."""
        others = tuple(form for form in forms if form != typed)
        if others and not self.silent:
            self.expansions.append(Expansion(typed, others, kind))

    def announce_correction(self, typed: str, meant: Iterable[str], kind: ExpansionKind) -> None:
        """Say that other words are searched than what was typed, and how to insist on that."""
        self.expansions.append(Expansion(typed, tuple(meant), kind, self._insisting(typed)))

    def may_guess(self, typed: str) -> bool:
        """Say whether other words may be searched than the one typed.

        Not in an exclusion, where a guess would take articles away; not if the query is too long for the sign
        that undoes it; and only for so many words, for each is compared with the whole vocabulary.
        """
        if self.silent or not self._has_way_back():
            return False
        if typed not in self.guessed and len(self.guessed) >= MAX_GUESSED_WORDS:
            most = f"{MAX_GUESSED_WORDS} mots corrigés ou rapprochés au plus"
            self.ignore(typed, f"cherché tel quel : {most}", "as typed")
            return False
        self.guessed.add(typed)
        return True

    def _has_way_back(self) -> bool:
        if self.room is None:
            try:
                self.room = self.tree is not None and bool(parse(write(self.tree, insisted=None)))
            except LimitExceeded:
                self.room = False
        return self.room

    def _insisting(self, typed: str) -> str:
        return write(self.tree, typed) if self.tree else ""
