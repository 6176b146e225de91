"""What does a text file say of its article before it begins?

Exports and notes begin with it: YAML between two lines of dashes ("title: …"), labels ("Titre : …",
"Auteur : …"), a heading of Markdown ("# …"), the codes of an archive (index.articles.archives). What they say
counts as declared, like the keys of a JSON line.

Invariant: nothing else is taken from the text; without one of these at its very beginning it stays as it is.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from index.articles.archives import read_coded
from index.articles.composing import Declared

_FENCE = "---"
_LONGEST_BLOCK = 60  # lines; what stands between two rules that are further apart is a text
_KEY = re.compile(r"([A-Za-zÀ-ÿ]{3,12})[ \t]*:(?:[ \t]+(.*))?")
_ITEM = re.compile(r"[ \t]*-[ \t]+(.*)")
_FIELDS = {
    name: re.compile(spellings, re.IGNORECASE)
    for name, spellings in {
        "title": "titre|title",
        "author": "auteure?s?|authors?",
        "date": "date",
        "source": "source|journal",
        "lead": "lead|chapô|chapo",
        "url": "url",
    }.items()
}
_HEADING = re.compile(r"#{1,2}[ \t]+(\S.*?)[ \t#]*")
_QUOTES = "\"'"


class FrontMatter(NamedTuple):
    """What a text declares, the lines in which it does, and the text after them."""

    declared: Declared
    lines: str
    text: str


def read_front_matter(text: str) -> FrontMatter:
    """Take from a text what it declares at its beginning."""
    start = text.lstrip("\ufeff \t\n")
    if coded := read_coded(start):
        return FrontMatter(Declared(**coded.declared), coded.rest, coded.text)
    declared: dict[str, str] = {}
    taken: list[str] = []
    if start.startswith(_FENCE + "\n"):
        declared, taken = _yaml(start.split("\n", _LONGEST_BLOCK))
    elif _label(start.partition("\n")[0]) == "title":
        declared, taken = _labelled(start.split("\n", _LONGEST_BLOCK))
    rest = "\n".join(start.split("\n", len(taken))[len(taken) :]) if taken else start
    first, _, after = rest.lstrip("\n").partition("\n")
    heading = _HEADING.fullmatch(first.strip()) if first.startswith("#") else None
    if heading and declared.get("title", heading[1]) == heading[1]:
        declared["title"] = heading[1]
        taken, rest = [*taken, first], after
    return FrontMatter(Declared(**declared), "\n".join(taken), rest if taken else text)


def _yaml(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """Read a block between two lines of dashes: return what it declares, and its lines; both may be empty."""
    end = next((i for i, line in enumerate(lines) if i and line.rstrip() == _FENCE), 0)
    declared: dict[str, list[str]] = {}
    name = ""
    for line in lines[1:end]:
        key, item = _KEY.fullmatch(line.rstrip()), _ITEM.fullmatch(line)
        if key:
            name = _field(key[1])
        values = (
            (key[2] or "").strip("[]").split(", ") if key and name == "author" else [key[2] if key else ""]
        )
        found = [item[1]] if item else values
        if name:
            declared.setdefault(name, []).extend(filter(None, (_unquoted(each or "") for each in found)))
    said = {name: ", ".join(values) for name, values in declared.items() if values}
    return (said, lines[: end + 1]) if "title" in said else ({}, [])


def _labelled(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """Read consecutive lines such as "Auteur : Jeanne Martin".

    If nothing but labels stands above the first blank line, unknown ones are taken too ("Page : 12").
    """
    ends = next((i for i, line in enumerate(lines) if not line.strip()), len(lines))
    keys = [_KEY.fullmatch(" ".join(line.split())) for line in lines[:ends]]
    only_labels = all(key and key[2] for key in keys)
    declared: dict[str, str] = {}
    for number, key in enumerate(keys):
        name = _field(key[1]) if key and key[2] else ""
        if name and key and name not in declared:
            declared[name] = key[2]
        elif not only_labels:
            return declared, lines[:number]
    return declared, lines[:ends]


def _label(line: str) -> str:
    key = _KEY.fullmatch(" ".join(line.split()))
    return _field(key[1]) if key and key[2] else ""


def _field(written: str) -> str:
    return next((name for name, spellings in _FIELDS.items() if spellings.fullmatch(written)), "")


def _unquoted(value: str) -> str:
    value = value.strip()
    quoted = len(value) > 1 and value[0] in _QUOTES and value[-1] == value[0]
    return value[1:-1].strip() if quoted else value
