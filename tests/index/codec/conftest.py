"""Both ways that the loops of the codec run: compiled, and in numpy."""

from __future__ import annotations

import pytest

from index.codec import kernels, packing


@pytest.fixture(params=["compiled", "numpy"])
def both_kernels(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test twice, with the compiled loops and with those that stand in for them."""
    if request.param == "numpy":
        monkeypatch.setattr(kernels, "_compiled", None)
        monkeypatch.setattr(packing, "_compiled", None)
    elif not kernels.is_compiled():
        pytest.skip("installed without a compiler")
    return str(request.param)
