"""One unit in two rows of a register: told in each row, and kept from final letters until somebody has looked.

A unit may stand in several rows, one for each track that it applies in (several titles, as 通辽 awards them): one code,
one name, another track. Two rows of one track are one application written twice, or a mistake in one of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.register.fold import squash
from incubxl.register.model import Register

TWO_ROWS = "applicant.two_rows"
define(
    TWO_ROWS,
    "error",
    "「{name}」申报编号{id}与{others}{why}，像是同一单位登记了两行，这些行的通知书只出草稿。",
    "请核对：同一单位重复登记的，只保留一行；名称、信用代码或申报类型抄错的，改正后重新运行。",
    "复制了一行，只改了申报编号",
)
_TOLD = 3  # other rows named in an issue


def doubled(register: Register) -> dict[int, dict[int, str]]:
    """Row → the first other rows that are, or may be, the same application of the same unit → in words, why."""
    codes = register.columns.get("uscc")
    code = [codes.text(n) if codes else "" for n in range(register.size)]
    name = [squash(one) for one in register.names]
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n in range(register.size):
        for mark in (("code", code[n]), ("name", name[n])):
            if mark[1]:
                groups[mark].append(n)
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for (by, _), rows in groups.items():
        for n in rows if len(rows) > 1 else ():
            for other in rows:
                if len(found[n]) > _TOLD:  # a whole column of one code: enough is known
                    break
                if other == n or (why := _why(by, (code[n], code[other]), name[n] == name[other])) is None:
                    continue
                tracks = register.tracks[n], register.tracks[other]
                if name[n] != name[other] or tracks[0] == tracks[1] or not all(tracks):
                    found[n].setdefault(other, why)
    return {n: others for n, others in found.items() if others}


def _why(by: str, codes: tuple[str, str], same_name: bool) -> str | None:
    """What two rows have in common, in words; None where their codes tell them apart."""
    if by == "code":
        return "名称、信用代码、申报类型都相同" if same_name else "信用代码相同而名称不同"
    return None if all(codes) else "名称、申报类型相同，又没有信用代码可分"


def row_in_words(register: Register, n: int, beside: int) -> str:
    """A row as people find it; its name only where row ``beside`` has another one."""
    cell = register.columns["applicant_id"].cell(n)
    place = f"申报编号{register.ids[n]}（{cell}）"
    return place if register.names[n] == register.names[beside] else f"「{register.names[n]}」{place}"


def two_rows(register: Register) -> Iterator[Issue]:
    """An issue for every row of ``doubled``, at the cell of its id."""
    for n, others in sorted(doubled(register).items()):
        first = [row_in_words(register, other, n) for other in list(others)[:_TOLD]]
        words = "、".join(first) + ("等" if len(others) > _TOLD else "")
        place = Place(*register.columns["applicant_id"].cell(n).split("!", 1))
        seen = {"name": register.names[n], "id": register.ids[n], "others": words, "why": next(iter(others.values()))}
        yield issue(TWO_ROWS, place, applicant=register.ids[n], **seen)
