"""What does a value of a JSON record say, where a text was expected?

Exports write an author as an object with a name, an address as a list of one, a title as a number: the
meaning of such a value is plain, and it is read. If it is not, the key is passed over like an unknown one.
"""

from __future__ import annotations

from index.articles.encoding import clean

_PLAIN = (str, int, float)
_NAMES = ("name", "rendered", "$date", "$oid", "$numberLong")
"""The keys that hold the words of an object: in linked data and news interfaces, in WordPress, in MongoDB."""
_DEEPEST = 3  # {"$date": {"$numberLong": "1677571200000"}}; a hostile value is nested without end
_KINDS = {bool: "booléen", dict: "objet", list: "liste"}


def said_by(value: object, joined_by: str = "", deepest: int = _DEEPEST) -> str | None:
    """Return the words that a value plainly stands for, "" for no value, and None if it stands for none.

    A list stands for all its items if `joined_by` is given, otherwise for the first.
    """
    if value is None:
        return ""
    if isinstance(value, _PLAIN) and not isinstance(value, bool):
        return clean(str(value)).strip()
    if isinstance(value, dict) and deepest:
        return next((said_by(value[name], joined_by, deepest - 1) for name in _NAMES if name in value), None)
    if isinstance(value, list) and deepest:
        items = [said for each in value if (said := said_by(each, joined_by, deepest - 1))]
        return None if value and not items else joined_by.join(items if joined_by else items[:1])
    return None


def kind_of(value: object) -> str:
    """Name what a value is, in French."""
    return _KINDS.get(type(value), "nombre")
