"""What every test relies on, wherever the suite is started from.

Chance is the same in every run, so that what fails is what was changed; `DEPECHE_TEST_SEED=random` looks
further, and `DEPECHE_TEST_SEED=N`, which is said where a test fails, looks there again.
"""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Generator

import pytest
from hypothesis import settings

# A shell starts what runs in its background with Ctrl-C ignored, and so would run all that a test starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

looks_further = os.environ.setdefault("DEPECHE_TEST_SEED", "20230228") == "random"
if looks_further:
    os.environ["DEPECHE_TEST_SEED"] = str(random.randrange(2**32))  # the processes of the suite inherit it
settings.register_profile("the same every time", derandomize=True)
settings.load_profile("default" if looks_further else "the same every time")


@pytest.fixture(scope="session")
def seed() -> int:
    """Where the chance of a test begins."""
    return int(os.environ["DEPECHE_TEST_SEED"])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say the seed where a test fails."""
    report = yield
    if report.failed:
        report.sections.append(("seed", f"DEPECHE_TEST_SEED={os.environ['DEPECHE_TEST_SEED']}"))
    return report
