"""How is a reader told that other words than the ones typed were searched and marked?

The engine says what each word of a query stood for (`Expansion`) and why each range of a snippet is marked
(`Snippet.reasons`); here both become French. Three ways, from loud to quiet:

- a correction, above the results: another word was searched, and a link searches the one typed;
- a remark, in small print: the word was searched, and its other forms too;
- a tooltip on a mark: why this word, here.

A tooltip names the typed word only if there is no doubt which one it was: words are compared as they
stand, because only `index.french.folding` may fold them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from search.results import Expansion, MarkReason, SearchResults, Snippet
from web.links import page_path
from web.parameters import SearchParameters
from web.wording import left_out_in_french, number_in_french

SHOWN_FORMS: Final = 8
"""A prefix may stand for hundreds of words: a line of examples is enough to judge it."""

_ONE_WORD: Final = re.compile(r"\w+(?:[’'-]\w+)*")

_CORRECTED: Final[frozenset[MarkReason]] = frozenset({"typo", "sound", "split", "variant"})
"""Every mark of these kinds comes from a word that the results announce; others may not."""

_CLOSINGS: Final = {
    "typo": " ({} est absent de l’index).",
    "sound": ", qui se prononce comme {} (absent de l’index).",
    "split": ", en deux mots ({} est absent de l’index).",
    "variant": ", autre graphie de {}.",
    "variants": ", autres graphies de {}.",
}

# reason → where the typed word is known, where it is not. An exact word needs no explanation.
_TOOLTIPS: Final[dict[MarkReason, tuple[str, str]]] = {
    "accent": ("autre accentuation de {}", "autre accentuation d’un mot cherché"),
    "inflection": ("autre forme de {}", "autre forme d’un mot cherché"),
    "prefix": ("mot trouvé par {}", "mot trouvé par son début"),
    "fuzzy": ("mot trouvé par {}", "mot proche d’un mot cherché"),
    "typo": ("faute de frappe corrigée ({})", "faute de frappe corrigée"),
    "sound": ("se prononce comme {}", "se prononce comme un mot cherché"),
    "split": ("en deux mots ({})", "un mot cherché, en deux mots"),
    "variant": ("autre graphie de {}", "autre graphie d’un mot cherché"),
    "phrase": ("mots cherchés ensemble", "mots cherchés ensemble"),
}


@dataclass(frozen=True, slots=True)
class Correction:
    """A word searched instead of the one typed, or beside it.

    A page writes `opening`, `words` in bold and `closing`, then a link that searches the word as typed.
    """

    opening: str
    words: str
    closing: str
    undo: str
    undo_href: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A piece of the query, and what became of it."""

    text: str
    detail: str


def corrections(parameters: SearchParameters, results: SearchResults) -> Iterator[Correction]:
    """Tell which words were replaced by others, then which were searched under other spellings too."""
    with_undo = [found for found in results.expansions if found.undo]
    replaced = [found for found in with_undo if found.kind != "variant"]
    first, other = ("Résultats pour", "Et pour") if results.total else ("Recherche faite avec", "Et avec")
    for place, expansion in enumerate(replaced):
        yield _correction(other if place else first, expansion, parameters)
    for expansion in with_undo:
        if expansion.kind == "variant":
            yield _correction("Aussi\u00a0:", expansion, parameters)


def remarks(results: SearchResults) -> Iterator[Remark]:
    """Tell what was left out of a query, and which forms of its words were found."""
    for texts, reason in left_out_in_french(results.ignored):
        quoted = [_quoted(text) for text in texts]
        yield Remark(" et ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1]))), reason)
    for expansion in results.expansions:
        if expansion.forms and not expansion.undo:
            forms = _listed(expansion.forms)
            kept = expansion.kind in ("prefix", "fuzzy")
            yield Remark(expansion.typed, forms if kept else f"aussi {forms}")


def mark_reasons(text: str, snippet: Snippet, expansions: Sequence[Expansion]) -> tuple[str, ...]:
    """Return why each range of a snippet is marked, aligned with its highlights; "" for a word as typed.

    `text` is the query.
    """
    return tuple(
        _tooltip(reason, text, snippet.text[start:end], expansions)
        for (start, end), reason in zip(snippet.highlights, snippet.reasons, strict=True)
    )


def _correction(opening: str, expansion: Expansion, parameters: SearchParameters) -> Correction:
    typed = _quoted(expansion.typed)
    is_variant = expansion.kind == "variant"
    closing = _CLOSINGS["variants" if is_variant and len(expansion.forms) > 1 else expansion.kind]
    undo = f"Chercher seulement {typed}" if is_variant else f"Chercher plutôt {typed} tel quel"
    href = page_path(parameters, page=1, q=expansion.undo)
    return Correction(opening, _listed(expansion.forms), closing.format(typed), undo, href)


def _listed(forms: Sequence[str]) -> str:
    shown = ", ".join(forms[:SHOWN_FORMS])
    more = len(forms) - SHOWN_FORMS
    return f"{shown} et {number_in_french(more)} autre{'s' if more > 1 else ''}" if more > 0 else shown


def _tooltip(reason: MarkReason, text: str, marked: str, expansions: Sequence[Expansion]) -> str:
    if reason == "exact":
        return ""
    named, unnamed = _TOOLTIPS[reason]
    typed = _typed_for(reason, text, marked, expansions)
    return named.format(_quoted(typed)) if typed else unnamed


def _typed_for(reason: MarkReason, text: str, marked: str, expansions: Sequence[Expansion]) -> str:
    """Return the typed word that a marked one stands for, or "" if it could be one of several."""
    if _ONE_WORD.fullmatch(text):
        return text
    same_kind = [found for found in expansions if found.kind == reason]
    if len(same_kind) == 1 and reason in _CORRECTED:
        return same_kind[0].typed
    by_form = {found.typed for found in same_kind if marked in found.forms}
    return by_form.pop() if len(by_form) == 1 else ""


def _quoted(text: str) -> str:
    """Put a text between French quotation marks."""
    return f"«\u00a0{text}\u00a0»"
