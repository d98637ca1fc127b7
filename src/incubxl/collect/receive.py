"""incubxl collect read: a folder of returned workbooks in any state, held against the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from incubxl.collect.book import TITLE
from incubxl.collect.compare import compare
from incubxl.collect.found import Comparison
from incubxl.collect.known import DISTRICTS, Recipient
from incubxl.collect.marks import Stamp
from incubxl.collect.model import BY_WORDS, Returned, read_stamp
from incubxl.collect.plans import BACK, CHECK, OUT, PARTLY, UNUSABLE, Status
from incubxl.collect.recognise import Desk, Key, Wanted, by_content, other_unit
from incubxl.collect.returned import Reader
from incubxl.collect.shape import as_once_given, printed_form, register_slice
from incubxl.collect.units import cover
from incubxl.files.ours import is_ours, title_as_written
from incubxl.files.read import read_grid
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.register.fold import squash
from incubxl.register.model import Register
from incubxl.templates.lists import SHEET as LISTS

define(
    "collect.not_a_form", "error",
    "「{file}」不是本程序发出的填报表，也认不出是哪张表、哪个单位的。",
    "请核对文件；是照着填的请把内容直接填在登记表里。",
    "把一份通知混在退回的表里",
)  # fmt: skip
define(
    "collect.other", "error",
    "「{file}」是{found}的表，不是{wanted}的，没有合并。",
    "请核对是不是放错了文件夹；要读那一批，请用那一批的登记表或选项再运行一次。",
    "去年的表混在今年退回的表里",
)  # fmt: skip
define(
    "collect.stranger", "error",
    "「{file}」是「{who}」的表，登记表里没有这个单位，或者它现在不填这张表，没有合并。",
    "请核对登记表的申报编号和申报类型。",
    "发出以后改过申报编号",
)  # fmt: skip
define(
    "collect.wrong_unit", "error",
    "「{file}」发给「{who}」，退回时写的却是「{seen}」，没有合并。",
    "请核对是谁填的：一个单位可能用了另一个单位的表。",
    "甲单位填了乙单位的表",
)  # fmt: skip
define(
    "collect.old_version", "warning",
    "「{file}」是按旧版的表填的，表的栏目后来改过。",
    "认得出的栏目已经列出；请核对有没有漏项。",
    "发出以后换了新版的政策包",
)  # fmt: skip
define(
    "collect.by_content", "warning",
    "「{file}」的隐藏标识已经没有了，按表里的文字认出是「{who}」的「{form}」。",
    "请核对是不是这个单位的；登记表已有内容的栏目都列为冲突，由人决定。",
    "填报单位把内容抄到了自己新建的表里",
)  # fmt: skip
define(
    "collect.untouched", "info",
    "「{file}」发出以后没有保存过，算作没有退回。",
    "确认已经填报的，请填报单位保存后再交。",
    "发出的表还留在文件夹里",
)  # fmt: skip
define(
    "collect.copy", "info",
    "「{file}」与「{first}」完全相同，只读了一份。",
    "不用处理。",
    "同一份表收了两次",
)  # fmt: skip

SUFFIXES = frozenset((".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ods", ".csv"))
_NOT_FILLED = frozenset((LISTS,))
_TITLES = frozenset(("回收汇总", "发放清单"))


@dataclass
class Received:
    """What came of a folder. ``files``: how many were looked at."""

    register: Register
    statuses: list[Status]
    found: Comparison
    issues: list[Issue]
    files: int
    merged: list[str] = field(default_factory=list)


def returned_files(folder: Path, register: Path | None) -> list[Path]:
    """Workbooks below ``folder``, without the register, lock files, hidden files and our own lists."""
    mine = register.resolve() if register is not None else None
    return [
        path for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in SUFFIXES and not path.name.startswith(("~$", ".")) and path.is_file()
        and path.resolve() != mine and title_as_written(path) not in _TITLES
    ]  # fmt: skip


def receive(
    files: Sequence[Path], register: Register, wanted: Wanted, advanced: Callable[[], bool] = lambda: True
) -> Received | Issue:
    """Read and compare every file. ``advanced`` is called after each; False ends it. Raises OSError."""
    desk = Desk(register, wanted)
    only: Key | None = None
    if wanted.form or wanted.slices:
        pack, districts = register.pack, wanted.to == DISTRICTS
        asked = (
            printed_form(pack, wanted.form, districts=districts)
            if wanted.form
            else register_slice(pack, wanted.slices, districts=districts)
        )
        if isinstance(asked, Issue):
            return asked
        only = (asked.id, districts)
        desk.shapes[only] = desk.active[only] = asked
    issues: list[Issue] = []
    taken: dict[Key, list[tuple[Returned, Recipient]]] = {}
    refused: dict[tuple[Key, str], list[str]] = {}
    seen: dict[str, str] = {}
    untouched: dict[tuple[Key, str], str] = {}
    for path in files:
        one = _one(path, desk, only, issues, seen, refused, untouched)
        if one is not None:
            key, returned, recipient = one
            taken.setdefault(key, []).append((returned, recipient))
            issues += returned.issues
        if not advanced():
            break
    found = Comparison()
    statuses: list[Status] = []
    for key, shape in desk.active.items():
        came = taken.get(key, [])
        part = compare(register, shape, [(r, who.applicants) for r, who in came])
        for name in ("updates", "conflicts", "rows", "row_conflicts", "twice"):
            getattr(found, name).extend(getattr(part, name))
        found.same += part.same
        issues += part.issues
        statuses += _statuses(desk, key, came, refused, untouched)
    return Received(register, statuses, found, issues, len(files))


def _one(
    path: Path, desk: Desk, only: Key | None, issues: list[Issue], seen: dict[str, str],
    refused: dict[tuple[Key, str], list[str]], untouched: dict[tuple[Key, str], str],
) -> tuple[Key, Returned, Recipient] | None:  # fmt: skip
    """One file: recognised, and read. What is wrong with it goes to ``issues``."""
    grid, found = read_grid(path, _NOT_FILLED)
    place = Place(file=path.name)
    if grid is None:
        issues += found
        return None
    if grid.sha256 in seen:
        issues.append(issue("collect.copy", place, file=path.name, first=seen[grid.sha256]))
        return None
    seen[grid.sha256] = path.name
    stamp, given = read_stamp(grid)
    when = dt.datetime.fromtimestamp(path.stat().st_mtime)  # noqa: DTZ006  (officials read local time)
    returned = Returned(path.name, when, stamp, grid.sha256)
    if stamp is None:
        known = by_content(grid, desk)
        if known is None:
            issues.append(issue("collect.not_a_form", place, file=path.name))
            return None
        key, recipient = known
        returned.by = BY_WORDS
        told = {"file": path.name, "who": recipient.name, "form": desk.shapes[key].label}
        returned.issues.append(issue("collect.by_content", place, **told))
    else:
        accepted = _accepted(desk, stamp, path.name, refused)
        if isinstance(accepted, Issue):
            issues.append(accepted)
            return None
        key, recipient = accepted
        if is_ours(path, TITLE):
            untouched[key, squash(recipient.key)] = path.name
            if only in (None, key):
                desk.active[key] = desk.shapes[key]
            issues.append(issue("collect.untouched", place, file=path.name))
            return None
        if stamp.version != desk.shapes[key].version:
            returned.issues.append(issue("collect.old_version", place, file=path.name))
    if only is not None and key != only:
        told = {"file": path.name, "found": f"「{desk.shapes[key].label}」", "wanted": f"「{desk.shapes[only].label}」"}
        issues.append(issue("collect.other", place, **told))
        return None
    desk.active[key] = desk.shapes[key]
    returned.issues += found
    shape = as_once_given(desk.shapes[key], desk.register.pack, ((part, id) for part, _, id in given))
    Reader(grid, shape, given, returned).read()
    if wrong := other_unit(desk.register, recipient, grid):
        issues.append(issue("collect.wrong_unit", place, file=path.name, who=recipient.name, seen=wrong))
        refused.setdefault((key, squash(recipient.key)), []).append(path.name)
        return None
    cover(desk.register, shape, returned, recipient.applicants)
    return key, returned, recipient


def _accepted(
    desk: Desk, stamp: Stamp, file: str, refused: dict[tuple[Key, str], list[str]]
) -> tuple[Key, Recipient] | Issue:
    """Whether a stamped workbook belongs to this register, year and round, and to somebody in it."""
    register, place = desk.register, Place(file=file)
    year = str(register.settings.year)
    for mine, theirs, words in (
        (register.pack.id, stamp.pack, "办法「{}」"),
        (year, stamp.year, "{}年度"),
        (desk.wanted.round, stamp.round, "批次「{}」"),
    ):
        if mine != theirs:
            told = {"found": words.format(theirs or "（没有写）"), "wanted": words.format(mine or "（没有写）")}
            return issue("collect.other", place, file=file, **told)
    key = (stamp.form, stamp.districts)
    shape = desk.shape(key)
    if isinstance(shape, Issue):
        return shape
    recipient = desk.people(key).get(squash(stamp.recipient))
    if recipient is None:
        return issue("collect.stranger", place, file=file, who=stamp.recipient)
    return key, recipient


def _statuses(
    desk: Desk, key: Key, came: list[tuple[Returned, Recipient]], refused: dict[tuple[Key, str], list[str]],
    untouched: dict[tuple[Key, str], str],
) -> list[Status]:  # fmt: skip
    shape = desk.shapes[key]
    found = []
    for word, person in desk.people(key).items():
        mine = [r for r, who in came if who.key == person.key]
        bad = refused.get((key, word), [])
        missing = set[str].intersection(*(r.missing for r in mine)) if mine else set()
        unsure = set[str].intersection(*(r.missing | r.unmarked for r in mine)) - missing if mine else set()
        state = (PARTLY if missing else CHECK if unsure else BACK) if mine else UNUSABLE if bad else OUT
        notes = ["退回了不止一份，请核对以哪份为准"] if len(mine) > 1 else []
        notes += [f"{sum(i.severity == 'error' for r in mine for i in r.issues)} 处问题见「回收问题」"] if any(
            i.severity == "error" for r in mine for i in r.issues) else []  # fmt: skip
        notes += [f"缺{'、'.join(sorted(missing))}"] if missing else []
        notes += ["行标识没有了，没有合并，请核实或请重交"] if unsure else []
        notes += ["退回的是别的单位填的"] if bad else []
        notes += ["发出的表原样还在，没有填"] if not mine and (key, word) in untouched else []
        found.append(
            Status(
                shape.label, person.key, person.name, state, tuple(r.name for r in mine) or tuple(bad),
                f"{max(r.when for r in mine):%Y-%m-%d %H:%M}" if mine else "", mine[0].by if mine else "",
                "；".join(notes), person.applicants, shape,
            )
        )  # fmt: skip
    return found
