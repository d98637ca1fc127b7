"""What lint finds: a place in ``macros/`` and a Chinese sentence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """``line`` counts from 1; 0 stands for the whole file."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}：{self.message}" if self.line else f"{self.file}：{self.message}"
