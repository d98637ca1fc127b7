"""forms.yaml: the measure's printed forms, what each of their cells fills, and who fills which columns of the register.

A pack without the file has no printed form; its register can still be sent out in slices.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field as Key
from pydantic import model_validator

from incubxl.policy.fields import Id, Strict, Text


class FormCell(Strict):
    """One value of the form. ``quote``: the words printed beside it; ``label``: what tells it from its neighbours
    under the same words. ``given``: the office knows it; the cell is locked where the register holds a value."""

    fact: Id
    quote: Text
    label: str = ""
    given: bool = False

    @property
    def shown(self) -> str:
        """The words beside the cell."""
        return f"{self.quote}（{self.label}）" if self.label else self.quote


class FormColumn(Strict):
    """One column of a repeating row, under the words printed over it."""

    column: Id
    quote: Text


class Values(Strict):
    """Single values, each a fact of the register. ``note``: the form's own remark."""

    id: Id
    kind: Literal["values"]
    title: str = ""
    cells: tuple[FormCell, ...] = Key(min_length=1)
    note: str = ""


class Rows(Strict):
    """A repeating row, each a row of a detail sheet.

    ``fixed``: column → choice id that marks this form's rows on the sheet. ``year``: the column that holds the form's
    year. ``blank``: rows given to fill in; ``most``: how many the form has at most (0: as many as needed).
    """

    id: Id
    kind: Literal["rows"]
    quote: Text
    table: Id
    columns: tuple[FormColumn, ...] = Key(min_length=1)
    fixed: dict[Id, Id] = {}
    year: str = ""
    blank: int = 8
    most: int = 0


class Printed(Strict):
    """Words that the form prints and nobody types into: what to attach, and where to sign and seal."""

    id: Id
    kind: Literal["printed"]
    quote: Text
    lines: int = 1  # height, for a seal


Section = Annotated[Values | Rows | Printed, Key(discriminator="kind")]


class Needs(Strict):
    """Where ``fact`` is 是, ``then`` must be filled."""

    fact: Id
    then: Id
    quote: Text


class Form(Strict):
    """A form of the measure. ``filled_by``: a role id. ``reminder``: the letter for who has not returned it."""

    id: Id
    label: Text
    form: Text  # 附件1
    clause: Text
    quote: Text
    filled_by: Id = "applicant"
    tracks: tuple[Id, ...] = ()
    reminder: str = ""
    sections: tuple[Section, ...] = Key(min_length=1)
    needs: tuple[Needs, ...] = ()

    @model_validator(mode="after")
    def _unique(self) -> Form:
        ids = [s.id for s in self.sections]
        facts = [c.fact for s in self.sections if isinstance(s, Values) for c in s.cells]
        for what, seen in (("部分", ids), ("栏目", facts)):
            if len(set(seen)) < len(seen):
                raise ValueError(f"表「{self.label}」的{what}重复")
        return self

    @property
    def values(self) -> tuple[Values, ...]:
        return tuple(s for s in self.sections if isinstance(s, Values))

    @property
    def rows(self) -> tuple[Rows, ...]:
        return tuple(s for s in self.sections if isinstance(s, Rows))


class Keeper(Strict):
    """Whose columns of the register they are: ``facts`` and ``tables`` that the applicant does not fill."""

    facts: tuple[Id, ...] = ()
    tables: tuple[Id, ...] = ()


class FormPolicy(Strict):
    """``office``: what only the office fills, in no slice. ``district``: what the recommending office fills.

    ``applicant``: facts that record a step of somebody else's, and that the applicant fills all the same.
    """

    note: str = ""
    office: Keeper = Keeper()
    district: Keeper = Keeper()
    applicant: tuple[Id, ...] = ()
    forms: tuple[Form, ...] = ()

    @model_validator(mode="after")
    def _unique(self) -> FormPolicy:
        ids = [f.id for f in self.forms]
        if len(set(ids)) < len(ids):
            raise ValueError("表的标识重复")
        return self

    def form(self, id: str) -> Form | None:
        """The form with this id or printed number (附件1)."""
        return next((f for f in self.forms if id in (f.id, f.form, f.label)), None)
