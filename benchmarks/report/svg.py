"""Draws bars and lines as SVG."""

import math
from collections.abc import Mapping, Sequence
from html import escape

_COLOURS = ("#0f766e", "#b45309", "#7c3aed", "#0369a1", "#be185d", "#475569")
_WIDTH, _ROW, _LEFT, _TOP = 760, 22, 210, 44
_HEIGHT = 360


def bars(title: str, unit: str, groups: Mapping[str, Mapping[str, float]]) -> str:
    """Return groups of horizontal bars: in each, a value for every server."""
    most = max((value for group in groups.values() for value in group.values()), default=1)
    names = list(dict.fromkeys(name for group in groups.values() for name in group))
    parts, y = [], _TOP
    for label, group in groups.items():
        parts.append(_text(10, y + 14, label, weight="bold"))
        y += _ROW
        for name, value in group.items():
            width = (_WIDTH - _LEFT - 80) * value / most
            colour = _COLOURS[names.index(name) % len(_COLOURS)]
            parts.append(_text(_LEFT - 8, y + 14, name, anchor="end"))
            parts.append(_bar(_LEFT, y, width, colour))
            parts.append(_text(_LEFT + width + 6, y + 14, f"{value:.3g} {unit}"))
            y += _ROW
        y += 8
    return _page(title, y + 10, parts)


def lines(
    title: str, axes: tuple[str, str], series: Mapping[str, Sequence[tuple[float, float]]]
) -> str:
    """Return lines over a logarithmic axis; axes: what stands along x and y."""
    points = [point for line in series.values() for point in line]
    least, widest = min(x for x, _ in points), max(x for x, _ in points)
    most = max(y for _, y in points) * 1.1
    bottom, right = _HEIGHT - 50, _WIDTH - 190

    def place(point: tuple[float, float]) -> tuple[float, float]:
        span = math.log(widest / least) or 1
        x = 70 + (right - 70) * math.log(point[0] / least) / span
        return x, bottom - (bottom - _TOP) * point[1] / most

    parts = [_line(70, bottom, right, bottom), _line(70, _TOP, 70, bottom)]
    for x in sorted({x for x, _ in points}):
        parts.append(_text(place((x, 0))[0], bottom + 18, f"{x:g}", anchor="middle"))
    for step in range(5):
        value = most * step / 4
        parts.append(_text(62, place((least, value))[1] + 4, f"{value:.3g}", anchor="end"))
    parts.append(_text((70 + right) / 2, _HEIGHT - 10, axes[0], anchor="middle"))
    parts.append(_text(10, _TOP - 8, axes[1]))
    for number, (name, line) in enumerate(series.items()):
        parts += _curve(name, [place(point) for point in line], number)
    return _page(title, _HEIGHT, parts)


def _curve(name: str, places: Sequence[tuple[float, float]], number: int) -> list[str]:
    colour = _COLOURS[number % len(_COLOURS)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in places]
    drawn = f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
    x, y = places[-1]
    return [drawn, *dots, _text(x + 10, y + 4, name, colour=colour)]


def _page(title: str, height: float, parts: Sequence[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:g}" '
        f'font-family="sans-serif" font-size="12"><title>{escape(title)}</title>'
        f'<rect width="{_WIDTH}" height="{height:g}" fill="white"/>'
    )
    return "\n".join([head, _text(10, 22, title, weight="bold"), *parts, "</svg>"]) + "\n"


def _bar(x: float, y: float, width: float, colour: str) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{width:.1f}" height="{_ROW - 5}" fill="{colour}"/>'


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="#94a3b8"/>'


def _text(x: float, y: float, text: str, anchor: str = "start", **style: str) -> str:
    weight, colour = style.get("weight", "normal"), style.get("colour", "#0f172a")
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" '
        f'fill="{colour}">{escape(text)}</text>'
    )
