"""What a sheet's columns hold: fields, sheets of rows (tables), and counts derived from rows."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
FieldType = Literal[
    "text",
    "integer",
    "number",
    "money",
    "percent",
    "date",
    "year",
    "boolean",
    "choice",
    "uscc",
    "email",
    "phone",
]


class Strict(BaseModel):
    """Frozen; an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Choice(Strict):
    """One value of a coded column: ``label`` is what stands in the cell."""

    id: Id
    label: Text
    aliases: tuple[str, ...] = ()


class Field(Strict):
    """One column. Its cell is typed on reading; ``unit`` is the unit of a bare number in the cell."""

    id: Id
    label: Text
    aliases: tuple[str, ...] = ()
    type: FieldType
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    required: bool = False
    note: str = ""  # input prompt, at most 255 characters
    clause: str = ""
    form: str = ""  # the form of the measure that asks for it
    tracks: tuple[Id, ...] = ()  # empty: every track
    personal: bool = False  # names, phones, addresses of natural persons
    may_not_apply: bool = False  # 「不适用」 is an answer here, not an unreadable cell
    office: bool = False  # the office alone fills it: no form asks it of anybody (of facts also: forms.yaml, office)
    claim: Literal["", "address", "person", "number", "name"] = ""  # the same in two applications is a 疑点
    plausible_max: Decimal | None = None  # above: a 疑点 (万元 typed for 元 …), never a verdict

    @model_validator(mode="after")
    def _consistent(self) -> Field:
        if (self.type == "choice") != bool(self.choices):
            raise ValueError("choices 与 type: choice 必须同时出现")
        if self.type == "money" and self.unit not in ("元", "万元"):
            raise ValueError("金额字段须写明 unit: 元 或 万元")
        if self.type == "number" and not self.unit:
            raise ValueError("数值字段须写明 unit")
        return self

    def choice_label(self, choice: str) -> str:
        return next((c.label for c in self.choices if c.id == choice), choice)


class TableSpec(Strict):
    """A sheet of rows. ``owner`` is the column with the applicant's id (empty: rows belong to no applicant)."""

    id: Id
    sheet: Text
    aliases: tuple[str, ...] = ()
    owner: str = ""
    purpose: Text  # one line for 填写说明
    columns: tuple[Field, ...]
    identity: tuple[Id, ...] = ()  # columns that identify the thing: claimed by two applicants is a 疑点
    clause: str = ""

    def column(self, id: str) -> Field:
        return next(c for c in self.columns if c.id == id)


class Where(Strict):
    """A row filter. Exactly one test besides ``column``. A blank tested cell leaves it open whether the row counts."""

    column: Id
    one_of: tuple[str, ...] | None = None  # choice ids
    truthy: Literal[True] | None = None  # a boolean column says 是
    in_reference_year: Literal[True] | None = None  # date or year column within 统计年度

    @model_validator(mode="after")
    def _one(self) -> Where:
        if sum(x is not None for x in (self.one_of, self.truthy, self.in_reference_year)) != 1:
            raise ValueError("每个筛选条件只能有 one_of、truthy、in_reference_year 之一")
        return self


class Derived(Strict):
    """A number counted from a table's rows. ``total`` is the field with the typed total, used when no rows exist."""

    id: Id
    label: Text
    unit: Text
    clause: Text
    table: Id
    count: Literal["distinct", "rows", "sum"]
    key: tuple[Id, ...] = ()  # distinct: rows without a full key make the count an interval
    column: str = ""  # sum: the number added
    where: tuple[Where, ...] = ()
    total: str = ""
    compare_total: bool = True  # false where two readings share one typed total
    each_year_since: str = ""  # a date field: count per complete year after it and take the smallest
    year_column: str = ""  # with each_year_since: the date or year column of the rows

    @model_validator(mode="after")
    def _complete(self) -> Derived:
        if (self.count == "distinct") != bool(self.key):
            raise ValueError("count: distinct 与 key 必须同时出现")
        if (self.count == "sum") != bool(self.column):
            raise ValueError("count: sum 与 column 必须同时出现")
        if bool(self.each_year_since) != bool(self.year_column):
            raise ValueError("each_year_since 与 year_column 必须同时出现")
        return self
