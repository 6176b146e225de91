"""How long may an answer take?

The limits of search.syntax say how large a query may be; what it costs depends on the index and on the
machine, too. So an answer has a time budget. The engine opens it, and checks follow before each piece of
work: in search.snapshot before reading what is not cached, in search.evaluation before each part of a query.
A piece of work takes milliseconds, so no answer exceeds its budget by more than that.

The budget belongs to the call under way, in its thread. It is a context variable, so that functions between
the engine and the index need not pass it on as a parameter.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from index.errors import LimitExceeded
from search.syntax import MAX_QUERY_SECONDS

_deadline: ContextVar[float] = ContextVar("deadline", default=math.inf)


@contextmanager
def time_budget(seconds: float = MAX_QUERY_SECONDS) -> Iterator[None]:
    """Limit what is done inside to so many seconds."""
    before = _deadline.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(before)


def require_time() -> None:
    """Go on only while there is time. Raises: LimitExceeded."""
    if time.monotonic() > _deadline.get():
        raise LimitExceeded(
            "max_query_seconds",
            f"recherche interrompue : plus de {MAX_QUERY_SECONDS} secondes ; retirez-en quelques mots",
        )
