"""Whose letter a text is: the names of a register's applicants that stand in it, each whole."""

from __future__ import annotations

from collections.abc import Iterable

from incubxl.register.fold import squash

_SHORTEST = 4  # characters of a name that is looked for in other letters: 「示例」 alone would be everywhere


class Names:
    """The names that a letter may hold. A name within a longer one is not another applicant."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._shown = {key: name for name in names if len(key := squash(name)) >= _SHORTEST}
        self._lengths = {len(key) for key in self._shown}
        self._heads = {key[:_SHORTEST] for key in self._shown}

    def __contains__(self, name: str) -> bool:
        return squash(name) in self._shown

    def others(self, lines: Iterable[str], own: Iterable[str]) -> tuple[bool, list[str]]:
        """Whether every one of ``own`` stands in the lines; and the other names that do, as the register has them."""
        mine = {squash(name) for name in own} - {""}
        lengths = sorted({*self._lengths, *map(len, mine)}, reverse=True)
        heads = self._heads | {key[:_SHORTEST] for key in mine}
        short = any(len(key) < _SHORTEST for key in mine)
        found: dict[str, None] = {}
        for line in lines:
            text, at = squash(line), 0
            while at < len(text):
                if not short and text[at : at + _SHORTEST] not in heads:
                    at += 1
                    continue
                hit = next((n for n in lengths if (part := text[at : at + n]) in mine or part in self._shown), 0)
                if hit:
                    found[text[at : at + hit]] = None
                at += hit or 1
        return mine <= found.keys(), [self._shown[name] for name in found if name not in mine]
