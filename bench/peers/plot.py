"""How does the cost of a query grow with the number of documents? Drawn as SVG, with nothing but text.

One little plot a class of queries, one line an engine; both axes are logarithmic, and alike in all of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from peers.engine import CLASSES
from peers.figures import by_size, engines, latency

_COLUMNS = 4
_SIDE = 190  # of one little plot, in pixels
_MARGIN = 44  # left of and below it, for its numbers
_HEAD = 26  # above it, for its name
_LINE = 20  # of the legend
_DECADES = {
    1: "1 µs",
    10: "10 µs",
    100: "100 µs",
    1_000: "1 ms",
    10_000: "10 ms",
    100_000: "100 ms",
    1_000_000: "1 s",
    10_000_000: "10 s",
}
# Colours that eyes of every kind tell apart. Source: Okabe and Ito, "Color Universal Design" (2008).
_COLOURS = ("#d55e00", "#e69f00", "#0072b2", "#56b4e9", "#009e73", "#999999", "#cc79a7", "#000000")

Points = list[tuple[float, float]]


def plot(runs: Sequence[Mapping[str, Any]]) -> str:
    """Draw the p50 of every class and engine against the number of documents."""
    sizes = by_size(runs)
    names = list(dict.fromkeys(name for size in sizes.values() for name in engines(size)))
    lines: dict[str, dict[str, Points]] = {
        kind: {
            name: [(n, found.p50) for n, size in sizes.items() if (found := latency(size, name, kind))]
            for name in names
        }
        for kind in CLASSES
    }
    costs = [cost for by_name in lines.values() for points in by_name.values() for _, cost in points]
    across = _Scale(min(sizes), max(sizes), _SIDE)
    up = _Scale(*_whole_decades(costs), _SIDE)
    rows = math.ceil((len(CLASSES) + 1) / _COLUMNS)  # the legend stands where one more plot would
    width, height = _COLUMNS * (_SIDE + _MARGIN) + _MARGIN, rows * (_SIDE + _HEAD + _MARGIN)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="11">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for place, (kind, by_name) in enumerate(lines.items()):
        parts += _moved(place, _little_plot(kind, by_name, names, list(sizes), across, up))
    parts += _moved(len(CLASSES), _legend(names))
    return "\n".join([*parts, "</svg>\n"])


class _Scale:
    """A logarithmic axis of so many pixels; a single value stands in its middle."""

    def __init__(self, low: float, high: float, pixels: int) -> None:
        self.low, self.high, self.pixels = low, high, pixels

    def at(self, value: float) -> float:
        """Give the pixel of a value."""
        if self.low == self.high:
            return self.pixels / 2
        part = math.log(value / self.low) / math.log(self.high / self.low)
        return round(part * self.pixels, 1)


def _whole_decades(costs: Iterable[float]) -> tuple[float, float]:
    logs = [math.log10(cost) for cost in costs] or [0.0, 1.0]
    low = math.floor(min(logs))
    return 10.0**low, 10.0 ** max(math.ceil(max(logs)), low + 1)


def _moved(place: int, parts: Iterable[str]) -> Iterator[str]:
    row, column = divmod(place, _COLUMNS)
    x, y = column * (_SIDE + _MARGIN) + _MARGIN, row * (_SIDE + _HEAD + _MARGIN) + _HEAD
    yield f'<g transform="translate({x} {y})">'
    yield from parts
    yield "</g>"


def _little_plot(
    kind: str,
    by_name: Mapping[str, Points],
    names: Sequence[str],
    sizes: Sequence[int],
    across: _Scale,
    up: _Scale,
) -> Iterator[str]:
    yield f'<text x="0" y="-8" font-weight="bold">{escape(kind)}</text>'
    for decade, label in _DECADES.items():
        if up.low <= decade <= up.high:
            level = round(_SIDE - up.at(decade), 1)
            yield f'<path d="M0 {level}H{_SIDE}" stroke="#ddd"/>'
            yield f'<text x="-4" y="{level + 4}" text-anchor="end" fill="#555">{label}</text>'
    for size in sizes:
        column = across.at(size)
        yield f'<path d="M{column} 0V{_SIDE}" stroke="#ddd"/>'
        label = f"{size // 1000}k" if size % 1000 == 0 else str(size)
        yield f'<text x="{column}" y="{_SIDE + 14}" text-anchor="middle" fill="#555">{label}</text>'
    for name, points in by_name.items():
        colour = _colour(names, name)
        drawn = [(across.at(documents), round(_SIDE - up.at(cost), 1)) for documents, cost in points]
        if len(drawn) > 1:
            path = " ".join(f"{x},{y}" for x, y in drawn)
            yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
        for (x, y), (documents, cost) in zip(drawn, points, strict=True):
            told = f"{name}, {documents:,} documents: {cost:,.0f} µs"
            yield f'<circle cx="{x}" cy="{y}" r="2.5" fill="{colour}"><title>{escape(told)}</title></circle>'


def _legend(names: Sequence[str]) -> Iterator[str]:
    yield '<text x="0" y="-8">p50 of a query, by number of documents</text>'
    for number, name in enumerate(names):
        y = number * _LINE + _LINE // 2
        yield f'<path d="M0 {y}h20" stroke="{_colour(names, name)}" stroke-width="3"/>'
        yield f'<text x="28" y="{y + 4}">{escape(name)}</text>'


def _colour(names: Sequence[str], name: str) -> str:
    return _COLOURS[names.index(name) % len(_COLOURS)]
