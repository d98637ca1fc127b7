"""What a row of a 更正公告 changes in the published list: 增加, 删除, or a column's old words → its new ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from incubxl.blanks import says_nothing

ADDED, REMOVED, CHANGED = "增加", "删除", "变更"
ITEMS = ("单位名称", "类型", "所在地", "结果")  # the columns of a published list
_ENDS = "。；;，, 　"
_BETWEEN = re.compile(r"\s*(?:→|—>|-+>|更正为|改为)\s*")
_ITEM = re.compile(rf"({'|'.join(ITEMS)})\s*[：:]\s*(.*)\Z")
_QUOTES = (("「", "」"), ("“", "”"), ("《", "》"))
HOW = f"「{ADDED}」「{REMOVED}」，或者「单位名称：原来的 → 更正后的」（栏目可以是{'、'.join(ITEMS)}），各占一行"


@dataclass(frozen=True, slots=True)
class Changes:
    """``change``: ADDED, REMOVED, CHANGED, or empty where the row names none; ``items``: (column, old, new).

    ``particulars``: the other lines. ``wrong``: what cannot be read, as Chinese clauses.
    """

    change: str
    items: tuple[tuple[str, str, str], ...]
    particulars: tuple[str, ...]
    wrong: tuple[str, ...]


def read(details: str) -> Changes:
    """Read the 具体事项 of one row. Nothing is guessed: a line that only looks like a change is told as wrong."""
    named: list[str] = []
    items: list[tuple[str, str, str]] = []
    rest: list[str] = []
    wrong: list[str] = []
    for line in filter(None, (line.strip() for line in details.splitlines())):
        bare = line.strip(_ENDS)
        if bare in (ADDED, REMOVED):
            named.append(bare)
        elif found := _ITEM.match(bare):
            sides = [_unquoted(side) for side in _BETWEEN.split(found.group(2))]
            if len(sides) == 2 and all(sides):
                items.append((found.group(1), *sides))  # type: ignore[arg-type]
            else:
                wrong.append(f"「{line}」看不出原来是什么、更正为什么")
        elif bare.startswith((ADDED, REMOVED)):
            wrong.append(f"「{line}」里的「{bare[:2]}」应单独写一行，原因写在理由一栏")
        elif says_nothing(bare):
            wrong.append(f"「{line}」没有说什么，请写明或者删去这一行")
        else:
            rest.append(line)
    kinds = dict.fromkeys([*named, *([CHANGED] if items else [])])
    wrong += _odd(list(kinds), items)
    if not kinds and not wrong:
        wrong.append(f"具体事项没有写更正什么；请写{HOW}")
    return Changes(next(iter(kinds), ""), tuple(items), tuple(rest), tuple(wrong))


def _odd(kinds: list[str], items: list[tuple[str, str, str]]) -> Iterator[str]:
    if len(kinds) > 1:
        yield f"同一行写了{'、'.join(f'「{kind}」' for kind in kinds)}，只能是一种"
    seen: set[str] = set()
    for item, old, new in items:
        if item in seen:
            yield f"「{item}」写了不止一次"
        seen.add(item)
        if old == new:
            yield f"「{item}」更正前后相同"


def _unquoted(text: str) -> str:
    text = text.strip(_ENDS)
    for left, right in _QUOTES:
        if text.startswith(left) and text.endswith(right):
            return text[1:-1].strip()
    return text
