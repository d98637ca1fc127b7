"""A printed page, measured in millimetres from its left and upper edge: lines of text, red lines, ink."""

from __future__ import annotations

import subprocess
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pdfplumber
from PIL import Image

MM = 25.4 / 72
_DPI = 300


@dataclass(frozen=True)
class Line:
    """Characters on one baseline. ``size`` in points, of the first one."""

    text: str
    left: float
    right: float
    baseline: float
    size: float

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class Red:
    """A red line: its middle from the page's top, its ends, its weight in points."""

    y: float
    left: float
    right: float
    weight: float

    @property
    def upper(self) -> float:
        return self.y - self.weight * MM / 2

    @property
    def lower(self) -> float:
        return self.y + self.weight * MM / 2


@dataclass
class Page:
    """One page of a PDF."""

    path: Path
    number: int
    width: float
    height: float
    lines: list[Line]
    reds: list[Red]
    _raster: list[Image.Image] = field(default_factory=list)

    def line(self, starts: str) -> Line:
        """The first line that starts so."""
        return next(line for line in self.lines if line.text.startswith(starts))

    def has(self, starts: str) -> bool:
        return any(line.text.startswith(starts) for line in self.lines)

    @cached_property
    def _image(self) -> Image.Image:
        target = self.path.with_name(f"{self.path.stem}-{self.number}")
        words = ["pdftoppm", "-r", str(_DPI), "-gray", "-f", str(self.number), "-l", str(self.number), "-singlefile"]
        subprocess.run([*words, str(self.path), str(target)], check=True, timeout=120)
        return Image.open(target.with_suffix(".pgm")).point(lambda v: 255 if v < 200 else 0)

    def ink(self, line: Line, left: float | None = None, right: float | None = None) -> tuple[float, ...]:
        """The ink of a line of text: left, upper, right, lower edge."""
        size = line.size * MM
        box = (
            (line.left if left is None else left) - 0.3,
            line.baseline - size * 0.95,
            (line.right if right is None else right) + 0.3,
            line.baseline + size * 0.25,
        )
        dots = [round(edge / 25.4 * _DPI) for edge in box]
        found = self._image.crop((dots[0], dots[1], dots[2], dots[3])).getbbox()
        assert found, f"no ink at {line.text}"
        return tuple((dots[n % 2] + edge) / _DPI * 25.4 for n, edge in enumerate(found))


def pages(path: Path) -> list[Page]:
    """Every page of a PDF."""
    with pdfplumber.open(path) as pdf:
        return [_page(path, page) for page in pdf.pages]


def _page(path: Path, page: Any) -> Page:
    rows: dict[float, list[Any]] = defaultdict(list)
    for char in page.chars:
        rows[round(char["matrix"][5], 1)].append(char)
    lines = []
    for y in sorted(rows, reverse=True):
        chars = sorted(rows[y], key=lambda c: c["x0"])
        text = "".join(c["text"] for c in chars)
        lines.append(
            Line(
                text,
                chars[0]["x0"] * MM,
                chars[-1]["x1"] * MM,
                (float(page.height) - y) * MM,
                round(chars[0]["size"], 2),
            )
        )
    reds = {
        Red(round(line["top"] * MM, 2), round(line["x0"] * MM, 2), round(line["x1"] * MM, 2), line["linewidth"])
        for line in page.lines
        if tuple(line["stroking_color"] or ()) == (1.0, 0.0, 0.0)
    }
    size = float(page.width) * MM, float(page.height) * MM
    return Page(path, page.page_number, *size, lines, sorted(reds, key=lambda r: r.y))


Print = Callable[[dict[str, bytes]], dict[str, list[Page]]]
