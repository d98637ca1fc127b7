"""Before any batch: every letter's text against the register, and nobody's letter at somebody else's address.

The letters are made as a run would make them, read back as text, and held against the register's own cells, not
against what they were made from. Nothing is published and no number is noted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from incubxl.assess.model import Assessment, Determination, LetterView
from incubxl.batch.desk import Desk
from incubxl.batch.letters import letters
from incubxl.files.packs import LoadedPack
from incubxl.grid import CellKind, Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.letters.outcome import payable
from incubxl.letters.recipient import WORDS
from incubxl.letters.rows import figures
from incubxl.letters.said import said
from incubxl.letters.whose import Names
from incubxl.money import capital
from incubxl.policy.letters import LetterKind
from incubxl.register.fold import squash

_EMAIL, _CODE = "contact_email", "uscc"

define(
    "preflight.lacks",
    "error",
    "{name}的「{label}」里没有{what}「{seen}」，与登记表不一致",
    "请核对登记表和模板后重新检查，不要发出这份通知书",
    "模板里删去了金额一栏",
)
define(
    "preflight.names_another",
    "error",
    "{name}的「{label}」里出现了另一家单位「{other}」",
    "请核对具体事项、理由和单位名称，改正后重新检查，不要发出这份通知书",
    "具体事项是从另一家单位的行里抄来的",
)
define(
    "preflight.shared",
    "error",
    "{name}与{others}的{what}相同（{seen}）",
    "请核对登记表：同一个收件地址或者代码不能属于两家单位",
    "两家单位填了同一个电子邮箱",
)
define(
    "preflight.held",
    "warning",
    "{name}的「{label}」有结论，但只出草稿：{why}",
    "补齐后重新检查；草稿不能发出",
    "发文字号写成 示科函[2026]5号",
)
define(
    "preflight.blank",
    "warning",
    "{name}有要发给本单位的正式通知书，登记表没有可用的{what}",
    "请在登记表补填；没有电子邮箱的只能书面送达",
    "电子邮箱空着",
)


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many letters of a kind there are; ``to`` says to whom, in Chinese."""

    kind: str
    label: str
    to: str
    final: int
    draft: int
    none: int


@dataclass(frozen=True, slots=True)
class Line:
    """One letter of the list, as an official compares it with the register."""

    applicant: str
    name: str
    code: str
    kind: str
    label: str
    state: str
    number: str
    amount: str
    grade: str
    email: str
    file: str


@dataclass(frozen=True)
class Preflight:
    """``lines``: every letter that would be written, in the register's order."""

    counts: tuple[KindCount, ...]
    lines: tuple[Line, ...]
    findings: tuple[Issue, ...]

    @property
    def errors(self) -> int:
        return sum(i.severity == "error" for i in self.findings)


def preflight(assessment: Assessment, loaded: LoadedPack, desk: Desk) -> Preflight:
    """Make the letters of a workbook in memory and look at them."""
    made = letters(assessment, loaded, desk, publish=False)
    views, files, found = made.views, made.files, made.issues
    ones = {one.applicant: one for one in assessment.determinations}
    written = [view for view in views if view.file]
    findings = [i for i in found if i.severity != "info"]
    findings += _texts(assessment, ones, written, files)
    findings += _shared(assessment, ones)
    findings += _held(assessment, ones, written)
    findings += _unreachable(assessment, ones, written)
    lines = tuple(_line(assessment, ones[view.applicant], view) for view in written)
    return Preflight(_counts(assessment, views), lines, tuple(findings))


def _counts(assessment: Assessment, views: Sequence[LetterView]) -> tuple[KindCount, ...]:
    documents = dict.fromkeys((view.kind, view.state, view.file or n) for n, view in enumerate(views))
    tally = Counter((kind, state) for kind, state, _ in documents)
    return tuple(
        KindCount(k.id, k.label, WORDS[k.recipient], *(tally[k.id, state] for state in ("final", "draft", "none")))
        for k in assessment.pack.letters.kinds
        if any(tally[k.id, state] for state in ("final", "draft", "none"))
    )


def _texts(
    assessment: Assessment,
    ones: Mapping[str, Determination],
    views: Sequence[LetterView],
    files: Mapping[str, bytes],
) -> Iterator[Issue]:
    """What each letter must say of the register, and whom it may not name."""
    everybody = Names(one.name for one in ones.values())
    first = {view.file: view for view in reversed(views)}
    members: dict[str, list[Determination]] = {}
    for view in views:
        members.setdefault(view.file, []).append(ones[view.applicant])
    for file, group in members.items():
        view = first[file]
        kind = assessment.pack.letters.kind(view.kind)
        if kind is None:
            continue
        lines, rest = said(files[file])
        text = "\n".join(lines)
        for one in group:
            for what, seen in _expected(assessment, one, kind, view):
                if seen not in text:
                    yield _found("preflight.lacks", one, label=view.label, what=what, seen=seen)
        for other in everybody.others([*lines, *rest], [one.name for one in group])[1]:
            yield _found("preflight.names_another", group[0], label=view.label, other=other)


def _expected(
    assessment: Assessment, one: Determination, kind: LetterKind, view: LetterView
) -> Iterator[tuple[str, str]]:
    """(what, text) that must stand in the letter, taken from the register and the determination."""
    if one.name.strip():
        yield "单位名称", one.name.strip()
    if kind.recipient == "public":
        return
    code = _cell(assessment, one, _CODE)
    if code and kind.recipient == "applicant" and kind.layout != "amendment":
        yield "统一社会信用代码", code
    if kind.layout == "payment":
        for line in payable(assessment, one, kind):
            if line.amount is not None:
                yield "金额", figures(line.amount)
                yield "大写金额", capital(line.amount)
    if kind.layout == "evaluation_result" and one.grade.grade:
        yield "评价等级", one.grade.grade
    number = _number(assessment, one, view)
    if number and view.state == "final":
        yield "发文字号", number


def _shared(assessment: Assessment, ones: Mapping[str, Determination]) -> Iterator[Issue]:
    """One e-mail address or code on two units: a letter would reach the wrong one. A unit may have several rows."""
    unit = {id: _cell(assessment, one, _CODE) or squash(one.name) for id, one in ones.items()}
    name = {id: squash(one.name) for id, one in ones.items()}
    for fact, what, same in ((_EMAIL, "电子邮箱", unit), (_CODE, "统一社会信用代码", name)):
        owners: dict[str, list[Determination]] = {}
        for one in ones.values():
            if value := _cell(assessment, one, fact).strip().casefold():
                owners.setdefault(value, []).append(one)
        for value, group in owners.items():
            for one in group:
                too = [f"{o.applicant}（{o.name}）" for o in group if same[o.applicant] != same[one.applicant]]
                if too:
                    more = f"等{len(too)}家" if len(too) > 2 else ""
                    yield _found("preflight.shared", one, what=what, others="、".join(too[:2]) + more, seen=value)


def _held(assessment: Assessment, ones: Mapping[str, Determination], views: Sequence[LetterView]) -> Iterator[Issue]:
    """Letters that an official concluded and that are drafts; an announcement once."""
    told: set[str] = set()
    for view in views:
        one = ones[view.applicant]
        asked = any(_is(assessment, c.letter, view.kind) for c in one.conclusions)
        if view.state == "draft" and asked and view.file not in told:
            told.add(view.file)
            yield _found("preflight.held", one, label=view.label, why=view.why)


def _unreachable(
    assessment: Assessment, ones: Mapping[str, Determination], views: Sequence[LetterView]
) -> Iterator[Issue]:
    finals = dict.fromkeys(
        view.applicant
        for view in views
        if view.state == "final" and (kind := assessment.pack.letters.kind(view.kind)) and kind.recipient == "applicant"
    )
    for applicant in finals:
        for fact, what in ((_EMAIL, "电子邮箱"), (_CODE, "统一社会信用代码")):
            if not _cell(assessment, ones[applicant], fact):
                yield _found("preflight.blank", ones[applicant], what=what)


def _line(assessment: Assessment, one: Determination, view: LetterView) -> Line:
    kind = assessment.pack.letters.kind(view.kind)
    paid = payable(assessment, one, kind) if kind and kind.layout == "payment" else ()
    total = sum((line.amount or Decimal(0) for line in paid), start=Decimal(0))
    return Line(
        one.applicant,
        one.name,
        _cell(assessment, one, _CODE),
        view.kind,
        view.label,
        view.state,
        _number(assessment, one, view),
        figures(total) if paid else "",
        one.grade.grade,
        _cell(assessment, one, _EMAIL),
        view.file,
    )


def _number(assessment: Assessment, one: Determination, view: LetterView) -> str:
    numbers = [c.document_number.strip() for c in one.conclusions if _is(assessment, c.letter, view.kind)]
    return numbers[0] if len(numbers) == 1 else ""


def _is(assessment: Assessment, letter: str, kind: str) -> bool:
    found = assessment.pack.letters.kind(letter)
    return found is not None and found.id == kind


def _cell(assessment: Assessment, one: Determination, fact: str) -> str:
    column = assessment.register.columns.get(fact)
    row = assessment.register.index[one.applicant]
    return column.text(row) if column and column.kinds[row] == CellKind.VALUE else ""


def _found(code: str, one: Determination, **seen: object) -> Issue:
    sheet, _, cell = one.cell.rpartition("!")
    return issue(code, Place(sheet, cell), applicant=one.applicant, name=one.name or one.applicant, **seen)
