"""No answer takes longer than its time budget, whatever was typed and however slow the machine is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from index.errors import LimitExceeded
from search import Engine, SearchRequest, engine, time_budget
from search.syntax import MAX_QUERY_SECONDS, MAX_QUERY_TERMS
from search.time_budget import require_time


class Clock:
    """A clock that goes on by some seconds whenever it is looked at."""

    def __init__(self, step: float) -> None:
        self.now = 0.0
        self.step = step
        self.looks = 0

    def monotonic(self) -> float:
        self.now += self.step
        self.looks += 1
        return self.now


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], Clock]:
    def set_clock(step: float) -> Clock:
        clock = Clock(step)
        monkeypatch.setattr(time_budget, "time", SimpleNamespace(monotonic=clock.monotonic))
        return clock

    return set_clock


@pytest.fixture
def press_engine(open_articles: Any) -> Engine:
    return open_articles(["La paix est signée à Kiev", "La guerre continue"])


MANY = " ".join(f"mot{chr(97 + at % 26)}{chr(97 + at // 26)}" for at in range(MAX_QUERY_TERMS - 2))
CALLS: dict[str, Callable[[Engine, str], object]] = {
    "search": lambda engine, text: engine.search(SearchRequest(text)),
    "view": lambda engine, text: engine.view("0", text),
    "explain": lambda engine, text: engine.explain(text, "0"),
    "suggest": lambda engine, text: engine.suggest(text.split()[-1]),
}


@pytest.mark.parametrize("name", CALLS)
def test_what_takes_too_long_is_given_up(
    press_engine: Engine, slow: Callable[[float], Clock], name: str
) -> None:
    clock = slow(MAX_QUERY_SECONDS / 2)
    with pytest.raises(LimitExceeded) as caught:
        CALLS[name](press_engine, f"{name} {MANY} pai")
    assert caught.value.limit == "max_query_seconds"
    assert str(MAX_QUERY_SECONDS) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert clock.looks <= 4  # at the start, twice in time, and once too late
    slow(0)
    CALLS[name](press_engine, f"{name} {MANY} pai")


def test_the_budget_is_that_of_one_answer(press_engine: Engine, slow: Callable[[float], Clock]) -> None:
    clock = slow(0)
    for _ in range(3):
        assert press_engine.search(SearchRequest("paix")).total == 1
        clock.now += MAX_QUERY_SECONDS


def test_an_answer_is_not_lost_for_want_of_suggestions(
    press_engine: Engine, slow: Callable[[float], Clock], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = slow(0)
    offer = engine.suggest_queries

    def late(*arguments: Any) -> tuple[str, ...]:
        clock.now += 2 * MAX_QUERY_SECONDS
        return offer(*arguments)

    monkeypatch.setattr(engine, "suggest_queries", late)
    found = press_engine.search(SearchRequest("paie Kiev"))
    assert (found.total, found.suggestions) == (1, ())


def test_the_budget_of_one_thread_is_not_that_of_another() -> None:
    raised: list[BaseException] = []

    def work() -> None:
        try:
            require_time()
        except LimitExceeded as error:
            raised.append(error)

    with time_budget.time_budget(-1):
        other = threading.Thread(target=work)
        other.start()
        other.join()
        with pytest.raises(LimitExceeded):
            require_time()
    require_time()
    assert raised == []
