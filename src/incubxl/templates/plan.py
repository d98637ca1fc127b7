"""Which sheets a pack's workbook has, in order, and what stands on each. Nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from incubxl.policy.criteria import Interpretation
from incubxl.policy.fields import Field, TableSpec
from incubxl.policy.pack import Pack
from incubxl.templates.content import CellInput, Row, WorkbookContent
from incubxl.templates.shown import references, shown

REGISTER = "register"
REGISTER_SHEET = "申报登记"
REGISTER_PURPOSE = "每个申报单位一行。没有的数据空着，空着不是零；空着的条件按「资料不足」处理。"
BLANK_ROWS = 40  # in a template
SPARE_ROWS = 10  # under given rows
_SCORING = ("indicators", "score_bands", "scores", "grade_rules")
_OFFICE = (
    "judgements", "overrides", "interpretations", "indicators", "score_bands", "scores", "grade_rules", "history",
    "ledger",
    "conclusions", "settings",
)  # fmt: skip


@dataclass(frozen=True)
class SheetPlan:
    """One input sheet. ``rows`` hold what is shown, by column id.

    ``row_specs``: for sheets whose ``row_column`` means something else on each row (设置, 口径), the row's own field.
    ``fixed``: columns filled by the template. ``frozen``: columns that stay when scrolling.
    """

    id: str
    sheet: str
    purpose: str
    columns: tuple[Field, ...]
    rows: tuple[Row, ...] = ()
    blank: int = BLANK_ROWS
    row_column: str = ""
    row_specs: Mapping[int, Field] = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()
    frozen: int = 1
    clause: str = ""

    @property
    def table(self) -> str:
        """The Excel Table's name."""
        return "tbl_" + self.id.replace("-", "_")

    def index(self, column: str) -> int:
        return next(i for i, f in enumerate(self.columns) if f.id == column)

    def filled_by_template(self, row: int, column: Field) -> bool:
        """Whether people leave the cell alone."""
        return column.id in self.fixed or (column.id == self.row_column and self.spec(row, column).id == "pack")

    def spec(self, row: int, column: Field) -> Field:
        """The field that the cell answers to."""
        return self.row_specs.get(row, column) if column.id == self.row_column else column


def plans(pack: Pack, year: int | None, content: WorkbookContent) -> list[SheetPlan]:
    """Every input sheet in the order that people fill them."""
    names = references(pack)
    out = [_register(pack, content)]
    own = [t for t in pack.tables if t.id not in _OFFICE]
    office = [pack.table[id] for id in _OFFICE if id in pack.table and _makes_sense(pack, id, content)]
    for spec in (*own, *office):
        if spec.id == "interpretations":
            out.append(_interpretations(pack, spec, content))
        elif spec.id == "settings":
            out.append(_settings(pack, spec, year, content))
        else:
            rows = content.tables.get(spec.id, ())
            if spec.id == "grade_rules" and not rows:
                rows = tuple({"grade": g.label} for g in pack.evaluation.grades)
            none: dict[str, str] = {}
            written = tuple(
                {c.id: shown(c, row[c.id], names.get((spec.id, c.id), none)) for c in spec.columns if c.id in row}
                for row in rows
            )
            out.append(_detail(spec, written))
    return out


def _makes_sense(pack: Pack, table: str, content: WorkbookContent) -> bool:
    if content.tables.get(table):
        return True
    if table in _SCORING:
        return pack.evaluation.kind == "score"
    if table == "judgements":
        return bool(pack.judgements)
    if table == "overrides":
        return bool(pack.criteria)
    if table == "ledger":
        return bool(pack.funding.items)
    return True


def _register(pack: Pack, content: WorkbookContent) -> SheetPlan:
    first, last = ["applicant_id", "name", "uscc", "track"], ["status"]  # whose it is; what the office keeps beside it
    columns = sorted(pack.facts, key=lambda f: first.index(f.id) if f.id in first else len(first) + (f.id in last))
    rows = tuple({f.id: shown(f, row[f.id], {}) for f in columns if f.id in row} for row in content.register)
    return SheetPlan(
        REGISTER, REGISTER_SHEET, REGISTER_PURPOSE, tuple(columns), rows, blank=_blank(rows), frozen=2
    )  # fmt: skip


def _detail(spec: TableSpec, rows: tuple[Row, ...]) -> SheetPlan:
    frozen = 2 if spec.owner and len(spec.columns) > 6 and spec.columns[1].type in ("text", "choice") else 1
    blank = _blank(rows, SPARE_ROWS if spec.id == "grade_rules" else BLANK_ROWS)
    return SheetPlan(
        spec.id, spec.sheet, spec.purpose, spec.columns, rows, blank=blank, frozen=frozen, clause=spec.clause
    )  # fmt: skip


def _blank(rows: tuple[Row, ...], most: int = BLANK_ROWS) -> int:
    return max(SPARE_ROWS, most - len(rows))


def options_text(question: Interpretation) -> str:
    """The options of an open question, one a line."""
    return "\n".join(f"{n}．{o.label}" for n, o in enumerate(question.options, start=1))


def _interpretations(pack: Pack, spec: TableSpec, content: WorkbookContent) -> SheetPlan:
    rows: list[Row] = []
    specs: dict[int, Field] = {}
    answer_column = spec.column("answer")
    for n, question in enumerate(pack.interpretations):
        row: dict[str, CellInput] = {
            "interpretation": question.id,
            "clause": question.clause,
            "question": asked_text(question),
            "options": options_text(question),
        }
        given = content.answers.get(question.id)
        if given:
            row |= {
                "answer": question.option_label(given.option),
                "reason": given.reason or None,
                "signer": given.signer or None,
                "signed_on": given.signed_on,
            }
        rows.append(row)
        asked = [{"id": o.id, "label": o.label} for o in question.options]
        specs[n] = Field.model_validate(
            {
                "id": "answer", "label": answer_column.label, "type": "choice", "choices": asked,
                "note": f"影响：{question.effect}", "clause": question.clause,
            }
        )  # fmt: skip
    known = {c.id for c in spec.columns}
    rows = [{k: v for k, v in row.items() if k in known} for row in rows]
    fixed = frozenset({"interpretation", "clause", "question", "options"} & known)
    return SheetPlan(
        spec.id, spec.sheet, spec.purpose, spec.columns, tuple(rows), 0, "answer", specs, fixed, frozen=1
    )  # fmt: skip


def asked_text(question: Interpretation) -> str:
    """An open question, with the answer that general law gives where nobody gives one."""
    if question.default is None:
        return question.question
    taken = question.option_label(question.default.option)
    return f"{question.question}\n（没有选定时按「{taken}」，依据{question.default.source}）"


def _settings(pack: Pack, spec: TableSpec, year: int | None, content: WorkbookContent) -> SheetPlan:
    given: dict[str, CellInput] = {"pack": pack.id}
    if year is not None:
        given |= {"year": year, "reference_year": year - 1}
    given |= content.settings
    rows: list[Row] = []
    for setting in pack.settings:
        note = "；".join(x for x in (content.setting_notes.get(setting.id, ""), _setting_note(setting)) if x)
        value = shown(setting, given.get(setting.id), {})
        rows.append({"setting": setting.label, "value": value, "note": note or None, "key": setting.id})
    specs = dict(enumerate(pack.settings))
    fixed = frozenset({"setting", "note", "key"})
    return SheetPlan(spec.id, spec.sheet, spec.purpose, spec.columns, tuple(rows), 0, "value", specs, fixed, frozen=1)


def _setting_note(setting: Field) -> str:
    unit = f"单位：{setting.unit}" if setting.unit else ""
    return "；".join(x for x in (setting.note.rstrip("。"), unit) if x)
