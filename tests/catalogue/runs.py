"""One bad input for every code of a whole run: workbooks, packs, folders, letters."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import incubxl.policies
from incubxl.assess.engine import assess
from incubxl.assess.scenarios import scenario_grid
from incubxl.batch import job
from incubxl.batch.job import open_assessment, process
from incubxl.batch.manifest import CannotStart
from incubxl.batch.model import Done, Options, Task
from incubxl.batch.new_year import new_workbook
from incubxl.crosscheck.claims import claims
from incubxl.files.packs import PackStore, store
from incubxl.files.read import read_bytes
from incubxl.grid import Place
from incubxl.issues import Issue
from incubxl.letters.choose import letters_for
from incubxl.letters.engine import LetterEngine
from incubxl.letters.shelf import shared_layouts
from incubxl.letters.write import write
from incubxl.policy.pack import Case, ScenarioGroup
from incubxl.register.read import read_register
from incubxl.templates.build import build_workbook
from incubxl.templates.content import WorkbookContent
from tests.batch.build import RAN_AT, concluded, damaged, data, filled, go, set_setting
from tests.bench.inputs import PACK
from tests.catalogue.bad import Bad, bare
from tests.letters.case import assessment
from tests.letters.case import concluded as concluded_by
from tests.letters.test_engine import changed

NAME = "登记.xlsx"
_CODE = "91650100MA0000001U"
_AS_OF = dt.date(2026, 5, 31)
_SIGNED = {"reason": "示例理由", "signer": "示例甲", "signed_on": "2026-05-20"}


def _put(folder: Path, content: bytes, name: str = NAME) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def _opened(place: str, content: Callable[[], bytes], also: tuple[str, ...] = ()) -> Bad:
    """The issues of reading and assessing; those of the rows themselves left aside."""

    def made(folder: Path) -> list[Issue]:
        path = _put(folder, content())
        found, issues = open_assessment(path, None, RAN_AT.date(), None)
        return [i for i in (found.issues if found else issues) if i.severity != "info" or i.code == "as_of.assumed"]

    return Bad(place, made, frozenset(also))


def _issues(done: Done) -> list[Issue]:
    """Of a workbook's JSON; those of the rows themselves (提示) left aside."""
    shown = done.task.shown
    return [
        Issue(i["severity"], i["code"], Place(i["sheet"], i["cell"], shown), i["message"], i["remedy"])
        for i in done.json["issues"]
        if i["severity"] != "info"
    ]


def _options(folder: Path, **more: Any) -> Options:
    return Options(folder / "out", _AS_OF, RAN_AT.date(), RAN_AT, json=True, **more)


def _processed(folder: Path, content: bytes = b"", **more: Any) -> list[Issue]:
    path = _put(folder, content or data())
    return _issues(process(Task(path, NAME, "登记"), _options(folder, **more)))


def _bug(folder: Path) -> list[Issue]:
    with mock.patch.object(job, "letters", side_effect=KeyError("x")):
        return _processed(folder)


def _halted(folder: Path) -> list[Issue]:
    stop = _put(folder, b"", "停止")
    return _processed(folder, halt=stop)


def _lost(folder: Path) -> list[Issue]:
    return _issues(job.lost(Task(folder / NAME, NAME, "登记"), _options(folder)))


def _full(folder: Path) -> list[Issue]:
    with mock.patch.object(job, "publish", side_effect=OSError(28, "No space left on device")):
        return _processed(folder)


def _cannot_start(folder: Path, name: str) -> list[Issue]:
    try:
        go(_put(folder / "out", data(), name), out=folder / "out")
    except CannotStart as error:
        return [bare(error.issue, folder)]
    return []


def _is_input(folder: Path) -> list[Issue]:
    (folder / "out").mkdir()
    return _cannot_start(folder, "批量汇总.xlsx")


def _record(folder: Path) -> list[Issue]:
    (folder / "out").mkdir()
    _put(folder / "out", b"{", "运行清单.json")
    return _cannot_start(folder, NAME)


def _copies(folder: Path) -> list[Issue]:
    content = data()
    paths = [_put(folder, content, name) for name in ("甲.xlsx", "乙.xlsx")]
    return [bare(i, folder) for i in go(*paths, out=folder / "out").repeated.issues]


def _applies_twice(folder: Path) -> list[Issue]:
    facts: tuple[dict[str, Any], ...] = ({}, {"contact_name": "示例乙"})
    names = ("甲.xlsx", "乙.xlsx")
    made = [_put(folder, data(filled(1, **more)), name) for name, more in zip(names, facts, strict=True)]
    done = go(*made, out=folder / "out")
    return [i for i in _issues(done.done[0]) if i.code == "applicant.repeated"]


def _two_rows(_: Path) -> list[Issue]:
    one = {"name": "示例空间", "uscc": _CODE}
    content = WorkbookContent(register=tuple({"applicant_id": f"X-{n}", **one} for n in (1, 2)))
    grid, _ = read_bytes(build_workbook(store().pack(PACK), year=2026, content=content), NAME)
    assert grid is not None
    issues = assess(read_register(grid, store().pack(PACK)), _AS_OF).issues
    return [i for i in issues if i.code == "applicant.two_rows" and i.applicant == "X-2"]  # told in each row


def _claimed(_: Path) -> list[Issue]:
    pack = store().pack(PACK)
    content = WorkbookContent(
        register=tuple({"applicant_id": f"X-{n}", "name": f"示例空间{n}"} for n in (1, 2)),
        tables={
            "companies": tuple(
                {"applicant_id": f"X-{n}", "company_name": "示例企业", "company_uscc": _CODE} for n in (1, 2)
            )
        },
    )
    grid, _none = read_bytes(build_workbook(pack, year=2026, content=content), NAME)
    assert grid is not None
    return claims(read_register(grid, pack))


def _own_pack(folder: Path) -> Path:
    """The office's own packs: 「xinjiang-makerspace」 without its criteria."""
    own = folder / "packs" / PACK
    shutil.copytree(Path(incubxl.policies.__file__).parent / PACK, own)
    (own / "criteria.yaml").unlink()
    return own.parent


def _broken(folder: Path) -> list[Issue]:
    return open_assessment(_put(folder, data()), None, RAN_AT.date(), _own_pack(folder))[1]


def _new(id: str, make_store: Callable[[Path], PackStore], last: str = "") -> Bad:
    def made(folder: Path) -> Sequence[Issue]:
        grid = read_bytes(build_workbook(store().pack(last), year=2025), NAME)[0] if last else None
        found = new_workbook(id, 2026, make_store(folder), grid)
        return [found] if isinstance(found, Issue) else []

    return Bad("", made)


def _override(total: int, seen_at: int) -> Callable[[Path], list[Issue]]:
    """An override of 入驻数量 that was decided when ``seen_at`` was in the register, where ``total`` now is."""
    pack = store().pack(PACK)

    def assessed(tenants: int, **rows: Any) -> Any:
        case = Case(name="x", expect="", facts={"tenant_total": tenants}, **rows)
        group = ScenarioGroup(criterion="x", clause="x", as_of=_AS_OF, cases=(case,))
        return assess(read_register(scenario_grid(pack, group, case), pack), _AS_OF)

    def made(_: Path) -> list[Issue]:
        before = next(r for r in assessed(seen_at).determinations[0].results if r.criterion == "m6-5")
        row = {"criterion": "m6-5", "verdict": "met", "seen": before.code, **_SIGNED}
        return [i for i in assessed(total, rows={"overrides": (row,)}).issues if i.code.startswith("override.")]

    return made


def _letter(engine: Callable[[], LetterEngine], cell: str = "登记表!A3", **said: Any) -> Bad:
    def made(_: Path) -> list[Issue]:
        whole, one = assessment(store().pack(PACK), **said)
        found = write(engine(), whole, one, letters_for(whole, one)[0])
        return [found] if isinstance(found, Issue) else []

    return Bad(cell, made)


def _template(layout: str, old: str, new: str) -> Callable[[], LetterEngine]:
    def made() -> LetterEngine:
        template = changed(layout, lambda xml: xml.replace(old, new, 1))
        return LetterEngine({**shared_layouts(), layout: template})

    return made


BAD: dict[str, Bad] = {
    "as_of.assumed": _opened("设置", lambda: damaged(set_setting("as_of", None))),
    "as_of.unreadable": _opened(
        "设置!B8", lambda: damaged(set_setting("as_of", "2026年5月")), ("cell.unreadable_date",)
    ),
    "pack.unknown": _opened("设置", lambda: damaged(set_setting("pack", "urumqi"))),
    "pack.broken": Bad(NAME, _broken),
    "register.nobody": _opened(NAME, lambda: build_workbook(store().pack(PACK), year=2026), ("as_of.assumed",)),
    "job.bug": Bad(NAME, _bug),
    "job.halted": Bad(NAME, _halted),
    "job.lost": Bad(NAME, _lost),
    "output.failed": Bad(NAME, _full),
    "output.is_input": Bad(f"out{os.sep}批量汇总.xlsx", _is_input),
    "output.record_damaged": Bad(f"out{os.sep}运行清单.json", _record),
    "input.repeated": Bad("甲.xlsx", _copies),
    "applicant.repeated": Bad("申报登记!A6", _applies_twice),
    "applicant.two_rows": Bad("申报登记!A7", _two_rows),
    "claim.twice": Bad("新注册企业!C5", _claimed),
    "new.pack_unknown": _new("urumqi", lambda _: store()),
    "new.pack_broken": _new(PACK, lambda folder: PackStore(_own_pack(folder))),
    "new.other_measure": _new(PACK, lambda _: store(), "shanghai-hq"),
    "override.stale": Bad("改判!C2", _override(18, 19)),
    "override.idle": Bad("改判!C2", _override(20, 20)),
    "letter.conclusion_without": Bad(
        "结论!B5", lambda folder: _processed(folder, data(concluded(filled(1), "recognition")))
    ),
    "letter.template": _letter(_template("form-letter", "{{ opening }}", "{{ openin }}")),
    "letter.incomplete": _letter(
        _template("part-signature", "{{ date }}", "{% if is_draft %}{{ date }}{% endif %}"),
        conclusions=[concluded_by("备案")],
    ),
    "letter.unprintable": _letter(lambda: LetterEngine(shared_layouts()), "登记表!B3", name="甲\U0001ffff公司"),
}
