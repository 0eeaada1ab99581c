"""Time by size as lines in a picture, in light and in dark: a small writer of SVG.

Both axes are logarithmic, so that what grows evenly is a straight line. Each line is named where it
ends; names that would meet are moved apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10
from typing import Final

Points = Sequence[tuple[float, float]]

WIDTH: Final = 760
HEIGHT: Final = 460
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 216, 44, 48
_NAME_HEIGHT: Final = 15
# Told apart also without colour vision; each for light and for dark ground
_COLOURS: Final = (
    ("#0b5fce", "#6db3ff"), ("#b3420a", "#ff9f5a"), ("#0d7a53", "#5fd3a4"), ("#8a3ab9", "#cf9bf5"),
    ("#8f6a00", "#e3c04b"), ("#b0246a", "#ff8fc0"), ("#44606e", "#a9c3d0"), ("#5a5a5a", "#c4c4c4"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Axis:
    """Powers of ten from one to another, over so many pixels from a place on."""

    least: int
    most: int
    start: float
    length: float

    def at(self, value: float) -> float:
        """Return the pixel of a value."""
        return self.start + self.length * (log10(value) - self.least) / (self.most - self.least)

    def powers(self) -> range:
        """Return the powers of ten that are marked."""
        return range(self.least, self.most + 1)


def _axis(values: Sequence[float], start: float, length: float) -> _Axis:
    least, most = floor(log10(min(values))), ceil(log10(max(values)))
    return _Axis(least, max(most, least + 1), start, length)


def chart(title: str, lines: Mapping[str, Points], *, across: str, up: str) -> str:
    """Return a picture of lines by name; the first one is the one that matters, and drawn bold.

    Every line has points, of positive numbers.
    """
    found = {name: sorted(points) for name, points in lines.items() if points}
    everything = [point for points in found.values() for point in points]
    width, height = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM
    x = _axis([point[0] for point in everything], _LEFT, width)
    y = _axis([point[1] for point in everything], HEIGHT - _BOTTOM, -height)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="{escape(title)}">',
        f"<style>{_style(len(found))}</style>",
        f'<rect class="ground" width="{WIDTH}" height="{HEIGHT}" rx="6"/>',
        f'<text class="title" x="{_LEFT}" y="26">{escape(title)}</text>',
        *_grid(x, y, across, up),
        *_lines(found, x, y),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _style(count: int) -> str:
    common = (
        "text{font:12px system-ui,sans-serif;fill:#333}.title{font-size:15px;font-weight:600}"
        ".name{font-weight:600}.ground{fill:#fff}.grid{stroke:#ddd}"
        ".line{fill:none;stroke-width:1.75}.first{stroke-width:3.5}"
    )
    dark = "text{fill:#ddd}.ground{fill:#16191d}.grid{stroke:#3a4048}"
    for place in range(count):
        light_colour, dark_colour = _COLOURS[place % len(_COLOURS)]
        common += _coloured(place, light_colour)
        dark += _coloured(place, dark_colour)
    return f"{common}@media(prefers-color-scheme:dark){{{dark}}}"


def _coloured(place: int, colour: str) -> str:
    return f".l{place}{{stroke:{colour}}}.d{place}{{fill:{colour}}}text.d{place}{{fill:{colour}}}"


def _grid(x: _Axis, y: _Axis, across: str, up: str) -> Iterator[str]:
    top, bottom = y.at(10**y.most), y.start
    left, right = x.start, x.at(10**x.most)
    for power in x.powers():
        at = x.at(10**power)
        yield f'<path class="grid" d="M{at:.1f} {top:.1f}V{bottom:.1f}"/>'
        yield _text(at, bottom + 18, "middle", _written(power))
    for power in y.powers():
        at = y.at(10**power)
        yield f'<path class="grid" d="M{left:.1f} {at:.1f}H{right:.1f}"/>'
        yield _text(left - 8, at + 4, "end", _written(power))
    yield _text(right, bottom + 36, "end", across)
    yield _text(left - 8, top - 14, "end", up)


def _text(across: float, up: float, anchor: str, text: str) -> str:
    return f'<text x="{across:.1f}" y="{up:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _written(power: int) -> str:
    """Return a power of ten as people read it.

    >>> [_written(power) for power in (-3, 0, 3, 7)]
    ['0.001', '1', '1,000', '10 M']
    """
    if power >= 6:
        return f"{10 ** (power - 6):,} M"
    return f"{10**power:,}" if power >= 0 else f"{10.0**power:.{-power}f}"


def _lines(found: Mapping[str, Points], x: _Axis, y: _Axis) -> Iterator[str]:
    ends = {name: y.at(points[-1][1]) for name, points in found.items()}
    names = _apart(ends, y.at(10**y.most), y.start)
    for place, (name, points) in enumerate(found.items()):
        pixels = [(x.at(across), y.at(up)) for across, up in points]
        way = "L".join(f"{across:.1f} {up:.1f}" for across, up in pixels)
        bold = " first" if place == 0 else ""
        yield f'<path class="line l{place}{bold}" d="M{way}"/>'
        for across, up in pixels:
            radius = 4 if place == 0 else 2.5
            yield f'<circle class="d{place}" cx="{across:.1f}" cy="{up:.1f}" r="{radius}"/>'
        last = pixels[-1]
        edge = x.at(10**x.most) + 12
        yield (
            f'<path class="line l{place}" stroke-dasharray="2 3" opacity=".6"'
            f' d="M{last[0] + 5:.1f} {last[1]:.1f}L{edge - 3:.1f} {names[name]:.1f}"/>'
        )
        yield (
            f'<text class="name d{place}" x="{edge:.1f}" y="{names[name] + 4:.1f}">'
            f"{escape(name)}</text>"
        )


def _apart(wanted: Mapping[str, float], top: float, bottom: float) -> dict[str, float]:
    """Return heights near those wanted, in their order, where no two names meet.

    >>> _apart({"a": 10.0, "b": 12.0, "c": 80.0}, 0, 100)
    {'a': 10.0, 'b': 25.0, 'c': 80.0}
    """
    order = sorted(wanted, key=lambda name: wanted[name])
    heights = [max(top, wanted[name]) for name in order]
    for place in range(1, len(heights)):
        heights[place] = max(heights[place], heights[place - 1] + _NAME_HEIGHT)
    limit = bottom
    for place in range(len(heights) - 1, -1, -1):
        heights[place] = min(heights[place], limit)
        limit = heights[place] - _NAME_HEIGHT
    return dict(zip(order, heights, strict=True))
