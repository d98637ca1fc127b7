"""The vocabulary of letter layouts: paragraphs, tables, loops and conditions as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class P:
    """A paragraph: text in one run, a style of page.py."""

    text: str
    style: str = "正文缩进"


@dataclass(frozen=True, slots=True)
class T:
    """A table: a repeated header row, and one row for each item of a list of the context."""

    over: str
    columns: tuple[tuple[str, str, int], ...]  # header, text with tags, width in per cent
    single: bool = False  # one row from plain fields instead


Block = P | T


def each(item: str, over: str, text: str, style: str = "正文缩进") -> list[Block]:
    """One paragraph for each item of a list."""
    return [P(f"{{%p for {item} in {over} %}}"), P(text, style), P("{%p endfor %}")]


def when(test: str, blocks: Sequence[Block]) -> list[Block]:
    """Blocks that stand only where the field is filled."""
    return [P(f"{{%p if {test} %}}"), *blocks, P("{%p endif %}")]


def h(text: str) -> P:
    """A heading of the first level (一、 in 黑体)."""
    return P(text, "一级标题")
