"""What can go wrong, sorted by what the reader of the message has to do about it.

Every error that Dépêche raises on purpose is a `DepecheError`. A subclass exists only where a
caller acts differently: the command line picks its exit status and the HTTP layer its status code
from the class alone. A message says what was attempted, on what, what was found, what was expected,
and the next step; it fits on one line.
"""

from __future__ import annotations


class DepecheError(Exception):
    """Root of every error raised on purpose."""


# The next step for someone with a damaged index: the end of every message about one.
TO_REBUILD = "reconstruisez l’index : depeche rebuild"
WAY_BACK = "revenez à la génération précédente (depeche rollback) ou reconstruisez (depeche rebuild)"


class InvalidInput(DepecheError):
    """What was given cannot be used: mend it and try again."""


class LimitExceeded(InvalidInput):
    """A query is larger than a stated limit.

    `limit` is the limit's name as the documentation and the API give it, for example
    `max_query_length`.
    """

    def __init__(self, limit: str, message: str) -> None:
        super().__init__(message)
        self.limit = limit


class IndexMissing(DepecheError):
    """There is no index at this place yet: build one."""


class IndexOutdated(DepecheError):
    """The index was written with another format, schema or analysis: rebuild it."""


class IndexDamaged(DepecheError):
    """The index's files are not what its manifest says: roll back or rebuild."""


class IndexUnreadable(DepecheError):
    """The index's files are there, but not for this process to read: give its user the right to."""


class IndexBusy(DepecheError):
    """Another process is writing to the index: try again when it has finished."""
