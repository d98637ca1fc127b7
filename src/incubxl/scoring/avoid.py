"""回避: whom an expert must not score. Own organisation and everything declared; absolute, and each with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

import incubxl.scoring.findings  # noqa: F401  (registers this room's issues)
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.register.fold import nearest, squash
from incubxl.register.model import Register
from incubxl.scoring.model import Expert

_LIST = re.compile(r"[、，,；;\n/|]+")
_NOTE = re.compile(r"[（(][^（）()]*[）)]\s*$")
_NONE = frozenset(("无", "没有", "否", "不适用", "-", "—", "/"))
_SHORTEST = 4  # characters of a name that may stand for a longer one
_LEGAL = re.compile(r"(?:股份)?有限(?:责任)?公司$")
_SHARED = 5  # characters of a name that a sentence about it repeats


def listed(text: str) -> tuple[str, ...]:
    """The names in a cell: 、，； or line breaks between them; 「无」 is none."""
    names = (name.strip() for name in _LIST.split(text))
    return tuple(name for name in names if name and name not in _NONE)


def barred(
    experts: Sequence[Expert], register: Register, among: Sequence[int]
) -> tuple[list[tuple[str, str, str]], list[Issue]]:
    """(expert, applicant id, why) for the applicants at ``among``; and names that fit none.

    An organisation is the applicant's where it stands anywhere in its row of the register, or one name holds the other.
    A name that fits nobody but is nearly someone's is an error, and so is a sentence that holds a good part of one:
    回避 must not fail by a slip of the pen.
    """
    names = {i: _names(register, i) for i in range(register.size)}
    found: list[tuple[str, str, str]] = []
    issues: list[Issue] = []
    wanted = set(among)
    for expert in experts:
        declared = [(name, "声明回避") for name in expert.avoids] + [(name, "声明关系") for name in expert.ties]
        seen: set[int] = set()
        for written, why in [(expert.organisation, "本人单位"), *declared]:
            hits = [i for i in range(register.size) if _same(written, names[i])]
            if not hits and why != "本人单位":
                issues.append(_unknown(expert, written, register))
            for i in hits:
                if i in wanted and i not in seen:
                    seen.add(i)
                    found.append((expert.code, register.ids[i], f"{why}：{written}"))
    return found, issues


def _names(register: Register, i: int) -> set[str]:
    return {text for text in _texts(register, i) if text}


def _texts(register: Register, i: int) -> Iterator[str]:
    for column in register.columns.values():
        if column.spec.type in ("text", "uscc") and not column.spec.personal:
            yield squash(column.text(i))


def _same(written: str, names: set[str]) -> bool:
    forms = {squash(written), squash(_NOTE.sub("", written))}
    for form in forms:
        if form in names:
            return True
        if len(form) >= _SHORTEST and any(
            form in name or (len(core := _LEGAL.sub("", name)) >= _SHORTEST and core in form)
            for name in names
            if len(name) >= _SHORTEST
        ):
            return True
    return False


def _spoken_of(written: str, register: Register) -> str:
    """The applicant of whose name a sentence holds the longest part, if that is a good one."""
    text, longest, found = squash(written), _SHARED - 1, ""
    for name in register.names:
        core = _LEGAL.sub("", squash(name))
        size = SequenceMatcher(None, text, core, autojunk=False).find_longest_match().size
        if size > longest:
            longest, found = size, name
    return found


def _unknown(expert: Expert, written: str, register: Register) -> Issue:
    sheet, _, address = expert.cell.rpartition("!")
    near = nearest(_NOTE.sub("", written), [*register.names, *register.ids], 0.7) or _spoken_of(written, register)
    code = "scoring.tie_misspelt" if near else "scoring.tie_unknown"
    return issue(code, Place(sheet, address), expert=expert.code, name=written, near=near)
